//! Which colours the terminal has, and what stands for the others.

use ratatui::style::Color;

/// The colours that may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colors {
    /// None: attributes only.
    None,
    /// The eight of ECMA-48.
    Eight,
    /// These and their bright versions, which aixterm brought (90–97).
    Sixteen,
    /// The palette of 256 (`38;5;n`).
    Palette,
    /// Any (`38;2;r;g;b`).
    #[default]
    All,
}

impl Colors {
    /// Chooses by the environment: `variable` gives a variable's value, or `None` when it is unset.
    ///
    /// A terminal that isn't known has all colours: who chooses a theme of such colours has a reason to. It is only
    /// where a sequence would be misread that less is sent: a terminal that doesn't know `38;2;1;5;7` may well blink
    /// and reverse.
    /// - `NO_COLOR` that isn't empty: none (<https://no-color.org>).
    /// - DEC's own terminals (`vt100`, `vt220`: what serial consoles are called) and the monochrome variants of others:
    ///   none.
    /// - GNU screen knows the palette where its name says so, else the sixteen; `COLORTERM` comes from outside of it
    ///   and tells nothing. Inside tmux, which may have the same name, all: tmux translates them for the terminal
    ///   around it.
    /// - The Linux console: its sixteen. It would choose the nearest one itself, but with a brightness that stays.
    /// - Terminals of eight colours, by their names; the plain `xterm` of PuTTY and others: the palette.
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        if set("NO_COLOR") {
            return Self::None;
        }
        let term = variable("TERM").unwrap_or_default();
        let after_vt = term.strip_prefix("vt").and_then(|rest| rest.chars().next());
        if after_vt.is_some_and(|digit| digit.is_ascii_digit()) || term.ends_with("-m") || term.ends_with("-mono") {
            return Self::None;
        }
        if set("TMUX") {
            return Self::All;
        }
        let many = term.ends_with("-256color");
        if is_gnu_screen(&variable) {
            return if many { Self::Palette } else { Self::Sixteen };
        }
        let true_color = variable("COLORTERM").is_some_and(|value| matches!(value.as_str(), "truecolor" | "24bit"));
        match term.as_str() {
            _ if true_color || many => Self::All,
            "linux" => Self::Sixteen,
            "xterm" | "xterm-88color" | "rxvt-88color" => Self::Palette,
            "ansi" | "pcansi" | "cons25" | "cygwin" | "rxvt" | "Eterm" | "xterm-color" => Self::Eight,
            _ if term.ends_with("-16color") || term.starts_with("linux-") => Self::Sixteen,
            _ if term.ends_with("-8color") => Self::Eight,
            _ => Self::All,
        }
    }

    /// What is sent for the colours of a cell: foreground and background.
    pub(super) fn of(self, fg: Color, bg: Color) -> (Color, Color) {
        match self {
            Self::All => (fg, bg),
            Self::None => (Color::Reset, Color::Reset),
            Self::Palette => (palette(fg), palette(bg)),
            Self::Sixteen => apart(fg, (ansi(fg), ansi(bg))),
            Self::Eight => {
                let (front, back) = (ansi(fg), ansi(bg));
                // Grey is black here: on the terminal's own background its own foreground is better.
                let front = match (front, back) {
                    (Color::DarkGray, Color::Reset) => Color::Reset,
                    (Color::DarkGray, _) => Color::Gray,
                    (front, _) => plain(front),
                };
                apart(fg, (front, plain(back)))
            }
        }
    }
}

/// Whether the terminal is GNU screen. tmux may have the same name, and says more.
pub fn is_gnu_screen(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let term = variable("TERM").unwrap_or_default();
    !set("TMUX") && (set("STY") || term.split(['-', '.']).next() == Some("screen"))
}

/// Two colours that became one can't be read: the text takes the other end.
fn apart(wanted: Color, (fg, bg): (Color, Color)) -> (Color, Color) {
    if fg != bg || fg == Color::Reset || wanted == bg {
        return (fg, bg);
    }
    let light = matches!(
        bg,
        Color::Gray | Color::White | Color::LightYellow | Color::LightCyan | Color::LightGreen
    );
    (if light { Color::Black } else { Color::Gray }, bg)
}

/// The bright ones as their plain ones.
fn plain(color: Color) -> Color {
    match color {
        Color::DarkGray => Color::Black,
        Color::LightRed => Color::Red,
        Color::LightGreen => Color::Green,
        Color::LightYellow => Color::Yellow,
        Color::LightBlue => Color::Blue,
        Color::LightMagenta => Color::Magenta,
        Color::LightCyan => Color::Cyan,
        Color::White => Color::Gray,
        other => other,
    }
}

/// The nearest of the 256. The first sixteen are the user's own, whose looks nobody knows: none of them is taken.
fn palette(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    let nearest = (16..=255).min_by_key(|&n| distance((r, g, b), of_palette(n)));
    Color::Indexed(nearest.unwrap_or(16))
}

/// The one of the sixteen that means the same. Not the nearest: a soft red is nearer to grey than to any red of these.
fn ansi(color: Color) -> Color {
    let (r, g, b) = match color {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(n @ 16..) => of_palette(n),
        Color::Indexed(n) => return ANSI[usize::from(n)],
        other => return other,
    };
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    if most - least < 48 {
        return match most {
            0..64 => Color::Black,
            64..176 => Color::DarkGray,
            176..240 => Color::Gray,
            240.. => Color::White,
        };
    }
    // What of red, green and blue is more than half there.
    let middle = least + (most - least) / 2;
    let bit = |level: u8, bit: usize| if level > middle { bit } else { 0 };
    let bright = if most >= 216 { 8 } else { 0 };
    ANSI[bit(r, 1) + bit(g, 2) + bit(b, 4) + bright]
}

type Rgb = (u8, u8, u8);

/// The sixteen, by their numbers: red, green and blue are the bits of each, bright is 8.
const ANSI: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// The cube of 6×6×6 and the 24 greys of the palette, 16 to 255.
fn of_palette(n: u8) -> Rgb {
    if n >= 232 {
        let grey = 8 + (n - 232) * 10;
        return (grey, grey, grey);
    }
    let level = |n: u8| if n == 0 { 0 } else { 55 + n * 40 };
    let n = n.saturating_sub(16);
    (level(n / 36), level(n / 6 % 6), level(n % 6))
}

/// How far two colours are apart for an eye, which sees green best and blue worst.
fn distance(a: Rgb, b: Rgb) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    3 * square(a.0, b.0) + 6 * square(a.1, b.1) + square(a.2, b.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)]) -> Colors {
        Colors::from_env(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn the_terminals_name_decides_unless_no_color_does() {
        for (term, colors) in [
            ("xterm-256color", Colors::All),
            ("tmux-256color", Colors::All),
            ("alacritty", Colors::All),
            ("xterm-kitty", Colors::All),
            ("", Colors::All),
            ("xterm", Colors::Palette),
            ("screen-256color", Colors::Palette),
            ("screen.xterm-256color", Colors::Palette),
            ("screen", Colors::Sixteen),
            ("screen.linux", Colors::Sixteen),
            ("linux", Colors::Sixteen),
            ("linux-16color", Colors::Sixteen),
            ("rxvt-16color", Colors::Sixteen),
            ("ansi", Colors::Eight),
            ("xterm-color", Colors::Eight),
            ("vt100", Colors::None),
            ("vt220-8bit", Colors::None),
            ("xterm-mono", Colors::None),
            ("linux-m", Colors::None),
            ("vte-256color", Colors::All),
        ] {
            assert_eq!(chosen(&[("TERM", term)]), colors, "{term}");
            assert_eq!(chosen(&[("TERM", term), ("NO_COLOR", "1")]), Colors::None, "{term}");
        }
        assert_eq!(chosen(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]), Colors::All);
    }

    #[test]
    fn colorterm_counts_but_not_inside_gnu_screen_and_tmux_translates_everything() {
        let with = |term, name, value| chosen(&[("TERM", term), ("COLORTERM", "truecolor"), (name, value)]);
        assert_eq!(with("xterm", "", ""), Colors::All);
        assert_eq!(with("screen", "STY", "12.pts-0"), Colors::Sixteen);
        assert_eq!(with("screen-256color", "STY", "12.pts-0"), Colors::Palette);
        assert_eq!(with("xterm-256color", "STY", "12.pts-0"), Colors::Palette);
        assert_eq!(with("screen", "TMUX", "/tmp/tmux-0/default,1,0"), Colors::All);
    }

    #[test]
    fn what_there_is_not_becomes_the_nearest_there_is() {
        let fg = |colors: Colors, color| colors.of(color, Color::Reset).0;
        assert_eq!(fg(Colors::All, Color::Rgb(1, 2, 3)), Color::Rgb(1, 2, 3));
        assert_eq!(fg(Colors::Palette, Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(fg(Colors::Palette, Color::Rgb(128, 128, 128)), Color::Indexed(244));
        assert_eq!(fg(Colors::Palette, Color::Red), Color::Red);
        assert_eq!(fg(Colors::Sixteen, Color::Rgb(250, 10, 10)), Color::LightRed);
        // Those of the theme `dark`: a soft red stays a red.
        assert_eq!(fg(Colors::Sixteen, Color::Rgb(0xff, 0x7b, 0x72)), Color::LightRed);
        assert_eq!(fg(Colors::Sixteen, Color::Rgb(0xe8, 0xb6, 0x4c)), Color::LightYellow);
        assert_eq!(fg(Colors::Sixteen, Color::Rgb(0x6f, 0xd3, 0xe3)), Color::LightCyan);
        assert_eq!(fg(Colors::Sixteen, Color::Rgb(0x8b, 0x93, 0xa1)), Color::DarkGray);
        assert_eq!(fg(Colors::Sixteen, Color::Rgb(0x16, 0x19, 0x1f)), Color::Black);
        assert_eq!(fg(Colors::Sixteen, Color::Indexed(196)), Color::LightRed);
        assert_eq!(fg(Colors::Sixteen, Color::Indexed(3)), Color::Yellow);
        assert_eq!(fg(Colors::Sixteen, Color::DarkGray), Color::DarkGray);
        assert_eq!(fg(Colors::Eight, Color::LightCyan), Color::Cyan);
        assert_eq!(fg(Colors::Eight, Color::DarkGray), Color::Reset);
        assert_eq!(fg(Colors::None, Color::Red), Color::Reset);
        for colors in [
            Colors::None,
            Colors::Eight,
            Colors::Sixteen,
            Colors::Palette,
            Colors::All,
        ] {
            assert_eq!(colors.of(Color::Reset, Color::Reset), (Color::Reset, Color::Reset));
        }
    }

    #[test]
    fn text_never_gets_the_colour_of_its_background() {
        let grey = |n| Color::Rgb(n, n, n);
        for colors in [Colors::Eight, Colors::Sixteen] {
            for (fg, bg) in [
                (grey(40), grey(10)),
                (grey(230), grey(250)),
                (Color::DarkGray, Color::Black),
            ] {
                let (front, back) = colors.of(fg, bg);
                assert_ne!(front, back, "{colors:?} {fg} on {bg}");
            }
        }
        // Where that is what the theme says, it stays.
        assert_eq!(
            Colors::Sixteen.of(Color::Black, Color::Black),
            (Color::Black, Color::Black)
        );
    }
}
