//! The terminal's drawing attributes, and the cheapest way from one set of them to another.
//!
//! ECMA-48 SGR: the 16 ANSI colours as 30–37, 90–97, 40–47, 100–107, never as `38;5;n`, so that they are the user's
//! theme; other colours with semicolons, which is what terminals understand.

use std::io::Write;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What the next character is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    pub(super) fg: Color,
    pub(super) bg: Color,
    pub(super) modifier: Modifier,
}

/// What can be seen where nothing is drawn.
const ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT);

/// What goes on and off by its own numbers. Bold and dim share their off (22), the two blinks theirs (25).
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

impl Pen {
    pub(super) const DEFAULT: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    pub(super) fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// True when `cell` (in canonical form) looks right drawn with this pen.
    pub(super) fn paints(self, cell: &Cell) -> bool {
        let cell_pen = Self::of(cell);
        self == cell_pen || (cell.symbol() == " " && self.on_blank() == cell_pen)
    }

    /// True when erasing with this pen gives default blanks. Erasing takes the background, and in some terminals more.
    pub(super) fn erases_to_default(self) -> bool {
        self.on_blank() == Self::DEFAULT
    }

    /// What of it shows on a blank.
    fn on_blank(self) -> Self {
        let modifier = self.modifier & ON_BLANK;
        // Lines are drawn in the foreground's colour, and a reversed blank is filled with it.
        let fg = if modifier.is_empty() { Color::Reset } else { self.fg };
        Self {
            fg,
            bg: self.bg,
            modifier,
        }
    }

    /// Appends what turns `self` into `to`: the differences, or a reset and all of `to`, whichever is shorter.
    pub(super) fn change(self, to: Self, out: &mut Vec<u8>) {
        if self == to {
            return;
        }
        let mut step = Vec::new();
        self.differences(to, &mut step);
        // The number 0 may be left out where nothing follows it.
        let mut anew = Vec::new();
        if to != Self::DEFAULT {
            anew.push(b'0');
            Self::DEFAULT.differences(to, &mut anew);
        }
        let anew_is_better = anew.len() < step.len() || self.leaves_bright(to);
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(if anew_is_better { &anew } else { &step });
        out.push(b'm');
    }

    /// Whether it takes a bright foreground away, or boldness from one. The Linux console draws 90–97 as bold, and that
    /// stays after the colour has changed: only a reset is sure to end it.
    fn leaves_bright(self, to: Self) -> bool {
        let bright = |color| {
            matches!(
                color,
                Color::DarkGray
                    | Color::LightRed
                    | Color::LightGreen
                    | Color::LightYellow
                    | Color::LightBlue
                    | Color::LightMagenta
                    | Color::LightCyan
                    | Color::White
                    | Color::Indexed(8..=15)
            )
        };
        let weight = Modifier::BOLD | Modifier::DIM;
        bright(self.fg) && (self.fg != to.fg || (self.modifier - to.modifier).intersects(weight))
    }

    fn differences(self, to: Self, codes: &mut Vec<u8>) {
        let mut on = self.modifier;
        for (modifier, _, off) in MODIFIERS {
            if on.contains(modifier) && !to.modifier.contains(modifier) {
                code(codes, off);
                on -= MODIFIERS.iter().filter(|m| m.2 == off).map(|m| m.0).collect();
            }
        }
        for (modifier, set, _) in MODIFIERS {
            if to.modifier.contains(modifier) && !on.contains(modifier) {
                code(codes, set);
            }
        }
        if self.fg != to.fg {
            color(codes, to.fg, 30);
        }
        if self.bg != to.bg {
            color(codes, to.bg, 40);
        }
    }
}

/// Takes from a blank what doesn't show on it, so that blanks that look alike are alike.
pub(super) fn simplify_blank(cell: &mut Cell) {
    if cell.symbol() == " " {
        let Pen { fg, bg, modifier } = Pen::of(cell).on_blank();
        *cell = Cell::EMPTY;
        (cell.fg, cell.bg, cell.modifier) = (fg, bg, modifier);
    }
}

fn code(codes: &mut Vec<u8>, number: u8) {
    if !codes.is_empty() {
        codes.push(b';');
    }
    // Writing into a Vec can't fail.
    let _ = write!(codes, "{number}");
}

/// `base` is 30 for the foreground, 40 for the background.
fn color(codes: &mut Vec<u8>, color: Color, base: u8) {
    let bright = base + 60;
    match color {
        Color::Reset => code(codes, base + 9),
        Color::Black => code(codes, base),
        Color::Red => code(codes, base + 1),
        Color::Green => code(codes, base + 2),
        Color::Yellow => code(codes, base + 3),
        Color::Blue => code(codes, base + 4),
        Color::Magenta => code(codes, base + 5),
        Color::Cyan => code(codes, base + 6),
        Color::Gray => code(codes, base + 7),
        Color::DarkGray => code(codes, bright),
        Color::LightRed => code(codes, bright + 1),
        Color::LightGreen => code(codes, bright + 2),
        Color::LightYellow => code(codes, bright + 3),
        Color::LightBlue => code(codes, bright + 4),
        Color::LightMagenta => code(codes, bright + 5),
        Color::LightCyan => code(codes, bright + 6),
        Color::White => code(codes, bright + 7),
        // The first 16 of the palette are the ANSI colours, by another name.
        Color::Indexed(n @ 0..=7) => code(codes, base + n),
        Color::Indexed(n @ 8..=15) => code(codes, bright + n - 8),
        Color::Indexed(n) => [base + 8, 5, n].into_iter().for_each(|n| code(codes, n)),
        Color::Rgb(r, g, b) => [base + 8, 2, r, g, b].into_iter().for_each(|n| code(codes, n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: Pen, to: Pen) -> String {
        let mut out = Vec::new();
        from.change(to, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn fg(fg: Color) -> Pen {
        Pen { fg, ..Pen::DEFAULT }
    }

    fn with(modifier: Modifier) -> Pen {
        Pen {
            modifier,
            ..Pen::DEFAULT
        }
    }

    #[test]
    fn ansi_colours_go_out_as_ansi_colours() {
        assert_eq!(change(Pen::DEFAULT, fg(Color::Yellow)), "\x1b[33m");
        assert_eq!(change(Pen::DEFAULT, fg(Color::White)), "\x1b[97m");
        assert_eq!(change(Pen::DEFAULT, fg(Color::Indexed(3))), "\x1b[33m");
        assert_eq!(change(Pen::DEFAULT, fg(Color::Indexed(12))), "\x1b[94m");
        assert_eq!(
            change(
                Pen::DEFAULT,
                Pen {
                    bg: Color::DarkGray,
                    ..Pen::DEFAULT
                }
            ),
            "\x1b[100m"
        );
        assert_eq!(
            change(
                fg(Color::Yellow),
                Pen {
                    bg: Color::Red,
                    ..fg(Color::Blue)
                }
            ),
            "\x1b[34;41m"
        );
    }

    #[test]
    fn other_colours_use_semicolons() {
        assert_eq!(change(Pen::DEFAULT, fg(Color::Rgb(1, 20, 255))), "\x1b[38;2;1;20;255m");
        assert_eq!(
            change(
                Pen::DEFAULT,
                Pen {
                    bg: Color::Indexed(200),
                    ..Pen::DEFAULT
                }
            ),
            "\x1b[48;5;200m"
        );
    }

    #[test]
    fn the_way_back_to_default_is_the_shortest() {
        assert_eq!(
            change(
                Pen {
                    modifier: Modifier::BOLD,
                    ..fg(Color::Red)
                },
                Pen::DEFAULT
            ),
            "\x1b[m"
        );
        assert_eq!(change(with(Modifier::REVERSED), Pen::DEFAULT), "\x1b[m");
    }

    #[test]
    fn a_bright_colour_is_left_by_a_reset_since_the_linux_console_keeps_its_boldness() {
        assert_eq!(change(fg(Color::DarkGray), fg(Color::Red)), "\x1b[0;31m");
        assert_eq!(change(fg(Color::DarkGray), Pen::DEFAULT), "\x1b[m");
        assert_eq!(change(fg(Color::Red), fg(Color::DarkGray)), "\x1b[90m");
        let reversed = Pen {
            modifier: Modifier::REVERSED,
            ..fg(Color::DarkGray)
        };
        assert_eq!(change(fg(Color::DarkGray), reversed), "\x1b[7m");
    }

    #[test]
    fn what_shares_its_off_stays_on() {
        assert_eq!(
            change(
                with(Modifier::BOLD | Modifier::DIM | Modifier::ITALIC),
                with(Modifier::DIM | Modifier::ITALIC)
            ),
            "\x1b[22;2m"
        );
        let colored = |modifier| Pen {
            fg: Color::Rgb(1, 2, 3),
            bg: Color::Reset,
            modifier,
        };
        assert_eq!(
            change(colored(Modifier::UNDERLINED), colored(Modifier::empty())),
            "\x1b[24m"
        );
    }
}
