//! How a text being edited lies on the screen: in one row that scrolls, or wrapped over several. Drawing and clicks both read it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::theme;
use crate::tui::width::visible;

/// One thing that is drawn.
pub(super) struct Cell {
    pub text: String,
    pub wide: usize,
    pub substituted: bool,
    /// The line and the character that it stands for.
    pub at: (usize, usize),
}

impl Cell {
    pub fn draw(&self, buffer: &mut Buffer, x: u16, y: u16) {
        let style = if self.substituted {
            theme::substitute()
        } else {
            theme::plain()
        };
        buffer.set_stringn(x, y, &self.text, self.wide, style);
    }
}

/// What is drawn of a line.
fn cells(number: usize, line: &str) -> impl Iterator<Item = Cell> + '_ {
    let mut character = 0;
    visible(line).map(move |piece| {
        let at = (number, character);
        character += line[piece.range.clone()].chars().count();
        Cell {
            text: piece.text.into_owned(),
            wide: usize::from(piece.width),
            substituted: piece.substituted,
            at,
        }
    })
}

/// What the cell at a column stands for; `None` behind the last one.
pub(super) fn under(cells: &[Cell], column: usize) -> Option<(usize, usize)> {
    let mut x = 0;
    let cell = cells.iter().find(|cell| {
        x += cell.wide;
        column < x
    });
    cell.map(|cell| cell.at)
}

/// A text on one row.
pub(super) struct OneLine {
    pub cells: Vec<Cell>,
    /// Columns that are scrolled out at the left.
    pub offset: usize,
    /// The column of the cursor, from the text's begin.
    pub cursor: usize,
}

impl OneLine {
    pub fn new(lines: &[String], at: (usize, usize), width: usize) -> Self {
        let mut all: Vec<Cell> = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            all.extend(cells(number, line));
            if number + 1 < lines.len() {
                all.push(Cell {
                    text: "␊".to_owned(),
                    wide: 1,
                    substituted: true,
                    at: (number, line.chars().count()),
                });
            }
        }
        let cursor = all.iter().take_while(|cell| cell.at < at).map(|cell| cell.wide).sum();
        let half = (width / 2).max(1);
        let offset = if cursor < width {
            0
        } else {
            (cursor - width) / half * half + half
        };
        Self {
            cells: all,
            offset,
            cursor,
        }
    }
}

/// A row of a wrapped text.
pub(super) struct WrappedRow {
    pub cells: Vec<Cell>,
    /// The line, and the character behind the row's last one.
    pub end: (usize, usize),
}

/// A text over several rows.
pub(super) struct Wrapped {
    pub rows: Vec<WrappedRow>,
    /// Row and column of the cursor.
    pub cursor: (usize, usize),
    /// The first row that is shown.
    pub first: usize,
}

impl Wrapped {
    pub fn new(lines: &[String], at: (usize, usize), area: Rect) -> Self {
        let width = usize::from(area.width.max(2));
        let mut rows: Vec<WrappedRow> = Vec::new();
        let mut cursor = (0, 0);
        for (number, line) in lines.iter().enumerate() {
            let end = (number, line.chars().count());
            let mut row = WrappedRow { cells: Vec::new(), end };
            let mut used = 0;
            for cell in cells(number, line) {
                if used + cell.wide > width {
                    let full = WrappedRow {
                        cells: std::mem::take(&mut row.cells),
                        end: cell.at,
                    };
                    rows.push(full);
                    used = 0;
                }
                if number == at.0 && cell.at <= at {
                    cursor = (rows.len(), used);
                }
                used += cell.wide;
                row.cells.push(cell);
            }
            if number == at.0 && end <= at {
                // Behind the last one, in a row of its own where this one is full.
                if used >= width {
                    rows.push(std::mem::replace(&mut row, WrappedRow { cells: Vec::new(), end }));
                    used = 0;
                }
                cursor = (rows.len(), used);
            }
            rows.push(row);
        }
        let height = usize::from(area.height.max(1));
        Self {
            rows,
            cursor,
            first: (cursor.0 + 1).saturating_sub(height),
        }
    }
}

pub(super) fn short(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
