//! One whole picture of the screen, as the view wants it.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};
use ratatui::style::Color;

use super::colors::Colors;
use crate::text::Charset;
use crate::text::width::cluster_width;

/// A whole frame. Always all of it: a newer one can take its place at any time, and nothing is missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// Columns and rows.
    pub size: Size,
    /// Row by row; the cells that a wide character covers beside its first have an arbitrary content.
    pub cells: Vec<Cell>,
    /// Where the cursor is shown; `None` hides it.
    pub cursor: Option<Position>,
    /// Clear the terminal first, whatever it is believed to show.
    pub clear: bool,
    /// Somebody else wrote to the terminal: what it shows and how it draws is not what it is believed to be.
    pub forget: bool,
    /// Counts the frames from 1.
    pub number: u64,
}

impl Frame {
    /// A blank frame without a cursor.
    pub fn blank(size: Size) -> Self {
        Self {
            size,
            cells: vec![Cell::EMPTY; area(size)],
            ..Self::default()
        }
    }

    /// Puts one cell; positions outside are ignored, as they are by a terminal that has just become smaller.
    pub fn put(&mut self, x: u16, y: u16, cell: &Cell) {
        if x < self.size.width && y < self.size.height {
            let at = usize::from(y) * usize::from(self.size.width) + usize::from(x);
            self.cells[at].clone_from(cell);
            // ratatui doesn't mention the covered cells; they look like their character, and so they must here for its
            // next differences to fit.
            let row_end = usize::from(y + 1) * usize::from(self.size.width);
            let end = (at + usize::from(cluster_width(cell.symbol()))).min(row_end);
            for covered in at + 1..end {
                self.cells[covered] = blank_like(cell);
            }
        }
    }

    /// Makes it blank and asks for the terminal to be cleared.
    pub fn reset(&mut self, size: Size) {
        self.size = size;
        self.cells.clear();
        self.cells.resize(area(size), Cell::EMPTY);
        self.clear = true;
    }
}

fn area(size: Size) -> usize {
    usize::from(size.width) * usize::from(size.height)
}

fn blank_like(cell: &Cell) -> Cell {
    let mut blank = cell.clone();
    blank.set_symbol(" ");
    blank
}

/// Makes a drawn buffer one that a terminal can show, before ratatui takes its differences.
///
/// A wide character of which something else covers a half (a popup's border, the window's edge) becomes a blank, so
/// that the border is seen: ratatui would skip the covering cell. Covered cells take the style of their character.
/// Cells without a width become blanks, and control characters, which must never reach a terminal, `?`.
pub fn settle(buffer: &mut Buffer) {
    let width = usize::from(buffer.area.width);
    if width == 0 {
        return;
    }
    for row in buffer.content.chunks_mut(width) {
        let mut x = 0;
        while x < row.len() {
            x += settle_cell(&mut row[x..]);
        }
    }
}

/// Settles the first cell of `row`; returns the columns that it takes.
fn settle_cell(row: &mut [Cell]) -> usize {
    let symbol = row[0].symbol();
    if let [byte] = symbol.as_bytes() {
        if byte.is_ascii_control() {
            row[0].set_symbol("?");
        }
        return 1;
    }
    if symbol.chars().any(char::is_control) {
        row[0].set_symbol("?");
        return 1;
    }
    let width = usize::from(cluster_width(symbol));
    let covered_by_others = width > row.len() || row[1..width.max(1)].iter().any(|c| !matches!(c.symbol(), " " | ""));
    if width == 0 || covered_by_others {
        row[0].set_symbol(" ");
        return 1;
    }
    let blank = blank_like(&row[0]);
    row[1..width].fill(blank);
    width
}

/// Brings a frame into the one form in which equal looks are equal cells: what the terminal will really be told.
///
/// Covered cells get an empty symbol and the style of their character. `charset` replaces what the terminal can't draw,
/// `colors` replaces the colours that it doesn't have; then blanks keep only what shows on a blank.
pub(super) fn canonical(frame: &mut Frame, charset: Charset, colors: Colors) {
    let width = usize::from(frame.size.width);
    if width == 0 {
        return;
    }
    // Neighbours mostly have the same colours, and finding the nearest ones takes a while.
    let mut known = ((Color::Reset, Color::Reset), (Color::Reset, Color::Reset));
    for row in frame.cells.chunks_mut(width) {
        let mut x = 0;
        while x < row.len() {
            if charset != Charset::Utf8 && !row[x].symbol().is_ascii() {
                to_charset(&mut row[x..], charset);
            }
            let columns = settle_cell(&mut row[x..]);
            for (i, cell) in row[x..x + columns].iter_mut().enumerate() {
                if colors != Colors::All {
                    if known.0 != (cell.fg, cell.bg) {
                        known = ((cell.fg, cell.bg), colors.of(cell.fg, cell.bg));
                    }
                    (cell.fg, cell.bg) = known.1;
                }
                cell.diff_option = ratatui::buffer::CellDiffOption::None;
                if i > 0 {
                    cell.set_symbol("");
                }
            }
            if columns == 1 {
                super::sgr::simplify_blank(&mut row[x]);
            }
            x += columns;
        }
    }
}

/// Replaces the first cell of `row`, and the cells that it covers.
fn to_charset(row: &mut [Cell], charset: Charset) {
    let Some(glyph) = charset.replacement(row[0].symbol()) else {
        return;
    };
    let columns = usize::from(cluster_width(row[0].symbol())).clamp(1, row.len());
    let style = row[0].style();
    for cell in &mut row[..columns] {
        cell.set_symbol(glyph);
        cell.set_style(style);
        cell.modifier = style.add_modifier;
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn row(buffer: &Buffer) -> Vec<&str> {
        buffer.content.iter().map(Cell::symbol).collect()
    }

    #[test]
    fn a_border_over_half_a_wide_character_is_seen() {
        let mut buffer = Buffer::with_lines(["日本"]);
        buffer[(1, 0)].set_symbol("│");
        settle(&mut buffer);
        assert_eq!(row(&buffer), [" ", "│", "本", " "]);
    }

    #[test]
    fn a_wide_character_at_the_edge_becomes_a_blank() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer[(1, 0)].set_symbol("日");
        settle(&mut buffer);
        assert_eq!(row(&buffer), [" ", " "]);
    }

    #[test]
    fn control_characters_never_pass() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        for (x, symbol) in ["\x1b", "a\x1b[2J", "\u{9b}", ""].into_iter().enumerate() {
            buffer[(x as u16, 0)].set_symbol(symbol);
        }
        settle(&mut buffer);
        assert_eq!(row(&buffer), ["?", "?", "?", " "]);
    }

    #[test]
    fn covered_cells_look_like_their_character() {
        let mut buffer = Buffer::with_lines(["日"]);
        buffer[(0, 0)].set_style(Style::new().reversed());
        settle(&mut buffer);
        assert_eq!(buffer[(1, 0)].modifier, ratatui::style::Modifier::REVERSED);
    }
}
