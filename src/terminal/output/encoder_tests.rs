use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::super::frame::settle;
use super::*;

/// A terminal emulator behind an encoder, fed as the backend feeds it: by ratatui's differences between settled
/// buffers.
struct Rig {
    encoder: Encoder,
    emulator: vt100::Parser,
    frame: Frame,
    shown: Buffer,
    options: EncoderOptions,
}

impl Rig {
    fn new(width: u16, height: u16, options: EncoderOptions) -> Self {
        let mut encoder = Encoder::new(options);
        encoder.entered();
        let size = Size::new(width, height);
        let mut emulator = vt100::Parser::new(nonzero(height), nonzero(width), 0);
        emulator.process(b"\x1b[?25l");
        Self {
            encoder,
            emulator,
            frame: Frame::blank(size),
            shown: Buffer::empty(Rect::from(((0, 0).into(), size))),
            options,
        }
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.emulator.screen_mut().set_size(nonzero(height), nonzero(width));
        let size = Size::new(width, height);
        self.frame.reset(size);
        self.shown = Buffer::empty(Rect::from(((0, 0).into(), size)));
    }

    /// Shows `buffer`; returns the bytes that it took.
    fn draw(&mut self, mut buffer: Buffer, cursor: Option<(u16, u16)>) -> String {
        settle(&mut buffer);
        for (x, y, cell) in self.shown.diff_iter(&buffer) {
            self.frame.put(x, y, cell);
        }
        self.shown = buffer;
        self.frame.cursor = cursor.map(Position::from);
        let bytes = self.encoder.encode(&mut self.frame.clone());
        self.frame.clear = false;
        self.emulator.process(&bytes);
        String::from_utf8(bytes).unwrap()
    }

    /// Draws text lines in one style each.
    fn lines(&mut self, lines: &[(&str, Style)], cursor: Option<(u16, u16)>) -> String {
        let mut buffer = Buffer::empty(self.shown.area);
        for (y, (line, style)) in lines.iter().enumerate() {
            buffer.set_string(0, y as u16, line, *style);
        }
        self.draw(buffer, cursor)
    }

    /// What of the emulator's screen isn't as the buffer has it.
    fn difference(&self) -> Option<String> {
        let mut expected = Frame {
            size: self.frame.size,
            cells: self.shown.content.clone(),
            ..Frame::default()
        };
        canonical(&mut expected, self.options.charset, self.options.colors);
        let screen = self.emulator.screen();
        for (i, cell) in expected.cells.iter().enumerate() {
            let (x, y) = (
                (i % usize::from(expected.size.width)) as u16,
                (i / usize::from(expected.size.width)) as u16,
            );
            let real = screen.cell(y, x).unwrap();
            let text = if real.contents().is_empty() && !real.is_wide_continuation() {
                " "
            } else {
                real.contents()
            };
            if text != cell.symbol() {
                return Some(format!("({x},{y}): {text:?} for {:?}", cell.symbol()));
            }
            if cell.symbol().is_empty() {
                continue;
            }
            let blank = text == " ";
            let m = cell.modifier;
            let on_blank = m.intersects(Modifier::REVERSED | Modifier::UNDERLINED);
            let same = real.bgcolor() == color(cell.bg)
                && (real.fgcolor() == color(cell.fg) || blank && !on_blank)
                && real.underline() == m.contains(Modifier::UNDERLINED)
                && real.inverse() == m.contains(Modifier::REVERSED)
                && (blank || real.italic() == m.contains(Modifier::ITALIC))
                // The emulator has one intensity, so bold and dim together can't be told.
                && (blank
                    || m.contains(Modifier::BOLD | Modifier::DIM)
                    || (real.bold(), real.dim()) == (m.contains(Modifier::BOLD), m.contains(Modifier::DIM)));
            if !same {
                return Some(format!("({x},{y}) {text:?}: {real:?} for {cell:?}"));
            }
        }
        let cursor = self.frame.cursor.map(|p| clamp(p, expected.size));
        if screen.hide_cursor() != cursor.is_none() {
            return Some(format!("cursor hidden: {}", screen.hide_cursor()));
        }
        let (row, column) = screen.cursor_position();
        cursor
            .filter(|&p| p != Position::new(column, row))
            .map(|p| format!("cursor at {column},{row} for {p}"))
    }
}

fn nonzero(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

fn color(color: Color) -> vt100::Color {
    let ansi = [
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
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        Color::Indexed(n) => vt100::Color::Idx(n),
        named => vt100::Color::Idx(ansi.iter().position(|&c| c == named).unwrap() as u8),
    }
}

const PLAIN: Style = Style::new();

#[test]
fn a_character_typed_where_the_cursor_is_costs_itself() {
    let mut rig = Rig::new(40, 4, EncoderOptions::default());
    rig.lines(&[("┌────┐", PLAIN), ("name", PLAIN.yellow())], Some((4, 1)));
    assert_eq!(
        rig.lines(&[("┌────┐", PLAIN), ("names", PLAIN.yellow())], Some((5, 1))),
        "s"
    );
    assert_eq!(
        rig.lines(&[("┌────┐", PLAIN), ("names ", PLAIN.yellow())], Some((6, 1))),
        "\x1b[C"
    );
    assert_eq!(
        rig.lines(&[("┌────┐", PLAIN), ("names", PLAIN.yellow())], Some((5, 1))),
        "\x08"
    );
    // Backspace over a character.
    assert_eq!(
        rig.lines(&[("┌────┐", PLAIN), ("name", PLAIN.yellow())], Some((4, 1))),
        "\x08 \x08"
    );
    assert_eq!(rig.difference(), None);
}

#[test]
fn a_character_typed_beside_a_mark_that_appears_costs_15_bytes_at_most() {
    let mut rig = Rig::new(40, 4, EncoderOptions::default());
    rig.lines(&[("Max workers   1", PLAIN)], Some((15, 0)));
    let bytes = rig.lines(&[("Max workers  *12", PLAIN)], Some((16, 0)));
    assert!(bytes.len() <= 15, "{bytes:?}");
    assert_eq!(rig.difference(), None);
}

#[test]
fn an_unchanged_frame_costs_nothing() {
    let mut rig = Rig::new(20, 3, EncoderOptions::default());
    let lines = [
        ("日本 text", PLAIN.red().on_blue()),
        ("", PLAIN),
        ("tail", PLAIN.bold()),
    ];
    assert_ne!(rig.lines(&lines, Some((3, 2))), "");
    assert_eq!(rig.lines(&lines, Some((3, 2))), "");
}

#[test]
fn the_first_frame_does_not_clear_again_nor_write_blanks() {
    let mut rig = Rig::new(80, 24, EncoderOptions::default());
    rig.frame.clear = true;
    assert_eq!(rig.lines(&[("", PLAIN), ("hi", PLAIN)], None), "\x1b[Bhi");
}

#[test]
fn what_follows_a_character_of_doubtful_width_is_addressed_anew() {
    let mut rig = Rig::new(20, 2, EncoderOptions::default());
    assert_eq!(rig.lines(&[("●a→b", PLAIN)], None), "●\x1b[2Ga→\x1b[4Gb");
    let mut rig = Rig::new(20, 2, EncoderOptions::default());
    assert_eq!(rig.lines(&[("é", PLAIN)], Some((1, 0))), "é\x1b[2G\x1b[?25h");
}

#[test]
fn nothing_is_assumed_after_the_last_column() {
    let mut rig = Rig::new(4, 2, EncoderOptions::default());
    assert_eq!(rig.lines(&[("abcd", PLAIN), ("ef", PLAIN)], None), "abcd\x1b[2Hef");
    assert_eq!(
        rig.lines(&[("abcX", PLAIN), ("ef", PLAIN)], Some((2, 0))),
        "\x1b[1;4HX\x1b[1;3H\x1b[?25h"
    );
    assert_eq!(rig.difference(), None);
}

#[test]
fn a_line_that_becomes_short_is_erased() {
    let mut rig = Rig::new(40, 2, EncoderOptions::default());
    rig.lines(&[("a long line of text", PLAIN.red())], None);
    let bytes = rig.lines(&[("a long", PLAIN.red())], None);
    assert_eq!(bytes, "\x1b[8G\x1b[K");
    assert_eq!(rig.difference(), None);
}

#[test]
fn erasing_never_spreads_a_background() {
    let mut rig = Rig::new(20, 2, EncoderOptions::default());
    rig.lines(&[("a long line of text", PLAIN.on_blue())], None);
    assert_eq!(rig.lines(&[("A", PLAIN.on_blue())], None), "\rA\x1b[m\x1b[K");
    assert_eq!(rig.difference(), None);
}

#[test]
fn short_gaps_are_rewritten_and_long_ones_jumped() {
    let mut rig = Rig::new(40, 2, EncoderOptions::default());
    rig.lines(&[("aXbXc                 X", PLAIN)], None);
    assert_eq!(
        rig.lines(&[("aYbYc                 Y", PLAIN)], None),
        "\x1b[2GYbY\x1b[23GY"
    );
    assert_eq!(rig.difference(), None);
}

#[test]
fn without_colours_reverse_bold_and_underline_stay_and_end() {
    let mut rig = Rig::new(
        20,
        2,
        EncoderOptions {
            colors: Colors::None,
            charset: Charset::Utf8,
        },
    );
    let bytes = rig.lines(
        &[
            ("focus", PLAIN.red().on_white().reversed().bold()),
            ("plain", PLAIN.yellow()),
        ],
        None,
    );
    assert_eq!(bytes, "\x1b[1;7mfocus\x1b[2H\x1b[mplain");
    assert_eq!(rig.difference(), None);
}

#[test]
fn ascii_mode_sends_ascii_only_and_keeps_the_columns() {
    let mut rig = Rig::new(
        20,
        2,
        EncoderOptions {
            colors: Colors::All,
            charset: Charset::Ascii,
        },
    );
    assert_eq!(rig.lines(&[("●…日本│é→x", PLAIN)], None), "o~????|?>x");
    assert_eq!(rig.difference(), None);
}

#[test]
fn only_frames_of_middle_size_are_synchronized() {
    let text = |n: usize| "x".repeat(n);
    let sent = |n: usize| Rig::new(2000, 1, EncoderOptions::default()).lines(&[(&text(n), PLAIN)], None);
    assert_eq!(sent(400), text(400));
    assert_eq!(sent(600), format!("\x1b[?2026h{}\x1b[?2026l", text(600)));
    assert!(sent(600).len() <= *SYNCHRONIZED.end());
    assert_eq!(sent(1500), text(1500));
}

#[test]
fn the_cursor_is_hidden_while_a_large_frame_is_painted() {
    let mut rig = Rig::new(2000, 1, EncoderOptions::default());
    rig.lines(&[("a", PLAIN)], Some((1, 0)));
    let bytes = rig.lines(&[(&"x".repeat(1500), PLAIN)], Some((3, 0)));
    assert!(bytes.starts_with("\x1b[?25l") && bytes.ends_with("\x1b[?25h"));
    assert_eq!(rig.difference(), None);
}

#[test]
fn after_somebody_else_wrote_everything_is_drawn_anew() {
    let mut rig = Rig::new(20, 2, EncoderOptions::default());
    rig.lines(&[("text", PLAIN.red())], None);
    rig.emulator.process(b"\x1b[Hgarbage\x1b[7m");
    rig.encoder.forget();
    rig.lines(&[("text", PLAIN.red())], None);
    assert_eq!(rig.difference(), None);
}

fn any_color() -> impl Strategy<Value = Color> {
    prop_oneof![
        4 => Just(Color::Reset),
        2 => (0u8..16).prop_map(Color::Indexed),
        2 => prop::sample::select(vec![Color::Black, Color::Yellow, Color::Gray, Color::DarkGray, Color::White, Color::LightBlue]),
        1 => (16u8..=255).prop_map(Color::Indexed),
        1 => any::<(u8, u8, u8)>().prop_map(|(r, g, b)| Color::Rgb(r, g, b)),
    ]
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let symbol = prop_oneof![
        6 => Just(" "),
        4 => prop::sample::select(vec!["a", "b", "~"]),
        3 => prop::sample::select(vec!["é", "─", "…", "e\u{301}", "●"]),
        3 => prop::sample::select(vec!["日", "👩", "한", "日\u{301}"]),
        1 => prop::sample::select(vec!["", "\u{301}", "\x1b", "\n"]),
    ];
    let modifier = prop_oneof![2 => Just(Modifier::empty()), 1 => any::<u16>().prop_map(Modifier::from_bits_truncate)];
    (symbol, any_color(), any_color(), modifier).prop_map(|(symbol, fg, bg, modifier)| {
        let mut cell = Cell::EMPTY;
        cell.set_symbol(symbol).set_fg(fg).set_bg(bg);
        cell.modifier = modifier;
        cell
    })
}

#[derive(Debug, Clone)]
enum Step {
    /// Cells put over what is there, from a place on.
    Put(u16, u16, Vec<Cell>),
    /// One style over a row.
    Fill(u16, Cell),
    Cursor(Option<(u16, u16)>),
    Resize(u16, u16),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0u16..14, 0u16..6, prop::collection::vec(any_cell(), 1..8)).prop_map(|(x, y, cells)| Step::Put(x, y, cells)),
        2 => (0u16..6, any_cell()).prop_map(|(y, cell)| Step::Fill(y, cell)),
        2 => prop::option::of((0u16..14, 0u16..6)).prop_map(Step::Cursor),
        1 => (1u16..14, 1u16..6).prop_map(|(w, h)| Step::Resize(w, h)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn any_frames_leave_the_wanted_screen(
        frames in prop::collection::vec(prop::collection::vec(any_step(), 0..6), 1..8),
        colors in prop::sample::select(vec![
            Colors::None,
            Colors::Eight,
            Colors::Sixteen,
            Colors::Palette,
            Colors::All,
        ]),
        charset in prop::sample::select(vec![Charset::Utf8, Charset::Ascii, Charset::LinuxConsole]),
    ) {
        let mut rig = Rig::new(12, 5, EncoderOptions { charset, colors });
        let mut wanted = rig.shown.clone();
        let mut cursor = None;
        for steps in frames {
            for step in steps {
                let area = wanted.area;
                match step {
                    Step::Put(x, y, cells) => for (i, cell) in cells.into_iter().enumerate() {
                        if let Some(place) = wanted.cell_mut((x + i as u16, y)) {
                            *place = cell;
                        }
                    },
                    Step::Fill(y, cell) if y < area.height => {
                        for x in 0..area.width {
                            wanted[(x, y)] = cell.clone();
                        }
                    }
                    Step::Fill(..) => {}
                    Step::Cursor(place) => cursor = place,
                    Step::Resize(width, height) => {
                        rig.resize(width, height);
                        wanted = rig.shown.clone();
                    }
                }
            }
            let bytes = rig.draw(wanted.clone(), cursor);
            prop_assert_eq!(rig.difference(), None, "{:?}", bytes);
            prop_assert!(charset != Charset::Ascii || bytes.is_ascii());
            prop_assert!(colors == Colors::All || !(bytes.contains("38;2;") || bytes.contains("48;2;")));
            prop_assert!(matches!(colors, Colors::All | Colors::Palette) || !(bytes.contains("38;5;") || bytes.contains("48;5;")));
            // The same frame again is nothing.
            prop_assert_eq!(rig.draw(wanted.clone(), cursor), "");
        }
    }
}

/// A terminal that draws every character beyond ASCII over two columns, as some do that are set up for East Asian
/// texts, and wraps nothing.
struct Wide {
    width: usize,
    rows: Vec<Vec<char>>,
    at: (usize, usize),
}

/// What is left of a character of two columns when the other half was overwritten, and its second half.
const HALF: char = '\u{0}';

impl Wide {
    fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            rows: vec![vec![' '; width]; height],
            at: (0, 0),
        }
    }

    fn process(&mut self, bytes: &str) {
        let mut rest = bytes.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\x1b' => {
                    assert_eq!(rest.next(), Some('['));
                    let mut parameters = String::new();
                    let last = loop {
                        match rest.next().unwrap() {
                            c @ ('0'..='9' | ';' | '?') => parameters.push(c),
                            last => break last,
                        }
                    };
                    self.sequence(&parameters, last);
                }
                '\r' => self.at.0 = 0,
                '\x08' => self.at.0 -= 1,
                c => self.put(c),
            }
        }
    }

    fn sequence(&mut self, parameters: &str, last: char) {
        let mut numbers = parameters.split(';').map(|n| n.parse::<usize>().unwrap_or(1));
        let first = numbers.next().unwrap_or(1);
        let (x, y) = self.at;
        self.at = match last {
            'H' => (numbers.next().unwrap_or(1) - 1, first - 1),
            'G' => (first - 1, y),
            'C' => ((x + first).min(self.width - 1), y),
            'D' => (x.saturating_sub(first), y),
            'A' => (x, y.saturating_sub(first)),
            'B' => (x, y + first),
            'K' => {
                for at in x..self.width {
                    self.set(at, ' ');
                }
                (x, y)
            }
            'J' => {
                let height = self.rows.len();
                self.rows = vec![vec![' '; self.width]; height];
                (x, y)
            }
            _ => (x, y),
        };
    }

    /// Puts something into a column; the other half of what stood there is blank then.
    fn set(&mut self, x: usize, c: char) {
        let row = &mut self.rows[self.at.1];
        if row[x] == HALF && x > 0 {
            row[x - 1] = ' ';
        }
        if row.get(x + 1) == Some(&HALF) {
            row[x + 1] = ' ';
        }
        row[x] = c;
    }

    fn put(&mut self, c: char) {
        let columns = if c.is_ascii() { 1 } else { 2 };
        // Nothing wraps: what doesn't fit lies in the last columns.
        let x = self.at.0.min(self.width - columns);
        self.set(x, c);
        if columns == 2 {
            self.set(x + 1, HALF);
            self.rows[self.at.1][x] = c;
        }
        self.at.0 = (x + columns).min(self.width - 1);
    }
}

fn boxes() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![
        (1usize..30).prop_map(|n| "─".repeat(n)),
        (1usize..9).prop_map(|n| "•".repeat(n)),
        Just("│".to_owned()),
        Just("┐┌".to_owned()),
        (1usize..9).prop_map(|n| " ".repeat(n)),
        "[a-d]{1,6}",
    ];
    let line = prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    prop::collection::vec(line, 1..5)
}

proptest! {
    #[test]
    fn where_lines_are_drawn_at_twice_their_width_all_that_is_ascii_is_in_its_place(
        frames in prop::collection::vec(boxes(), 1..5),
    ) {
        let mut rig = Rig::new(40, 5, EncoderOptions::default());
        let mut wide = Wide::new(40, 5);
        for lines in frames {
            let lines: Vec<(&str, Style)> = lines.iter().map(|line| (line.as_str(), Style::new())).collect();
            let bytes = rig.lines(&lines, None);
            wide.process(&bytes);
            prop_assert_eq!(rig.difference(), None);
            for (y, row) in wide.rows.iter().enumerate() {
                for (x, c) in row.iter().enumerate() {
                    let wanted = rig.shown[(x as u16, y as u16)].symbol();
                    // The second half of a line may lie over a blank, nowhere else.
                    let covered = *c == HALF || x > 0 && !row[x - 1].is_ascii();
                    // One in the last column has to lie in the one before, too.
                    if x == 38 && !rig.shown[(39, y as u16)].symbol().is_ascii() {
                        continue;
                    }
                    if wanted.is_ascii() && !(wanted == " " && covered) {
                        prop_assert_eq!(c.to_string(), wanted, "({}, {}) of {:?}", x, y, row);
                    }
                }
            }
        }
    }
}

#[test]
fn equal_lines_are_written_at_a_stretch() {
    let mut rig = Rig::new(80, 2, EncoderOptions::default());
    let title = format!("┌ General {}┐┌ Image {}┐", "─".repeat(29), "─".repeat(31));
    let bytes = rig.lines(&[(&title, Style::new())], None);
    assert_eq!(rig.difference(), None);
    assert!(
        bytes.contains(&"─".repeat(29)) && bytes.len() < 280,
        "{} {bytes:?}",
        bytes.len()
    );
    // In front of something that stays it isn't worth it, or what stays is written again.
    let mut rig = Rig::new(80, 1, EncoderOptions::default());
    rig.lines(&[("      abc", Style::new())], None);
    let bytes = rig.lines(&[("••••••abc", Style::new())], None);
    assert_eq!(rig.difference(), None);
    assert!(
        bytes.trim_end().ends_with("abc") || bytes.matches("G•").count() == 5,
        "{bytes:?}"
    );
}
