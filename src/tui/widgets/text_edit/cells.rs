//! How a text being edited lies on the screen: in one row that scrolls, or over several rows that end at blanks.
//! Drawing, clicks and the keys that go by drawn rows all read it. Places in the text are bytes.

use std::borrow::Cow;

use ratatui::buffer::Buffer;

use crate::text::width::visible;
use crate::tui::theme;

/// One thing that is drawn.
pub(super) struct Cell<'a> {
    pub text: Cow<'a, str>,
    /// Columns.
    pub wide: usize,
    pub substituted: bool,
    /// Where in the text it begins.
    pub at: usize,
    /// A row may end behind it.
    is_blank: bool,
}

impl Cell<'_> {
    pub fn draw(&self, buffer: &mut Buffer, x: u16, y: u16) {
        let style = if self.substituted {
            theme::substitute()
        } else {
            theme::plain()
        };
        buffer.set_stringn(x, y, &self.text, self.wide, style);
    }
}

/// The lines of a text, each with where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split('\n').map(move |line| {
        let begin = next;
        next += line.len() + 1;
        (begin, line)
    })
}

/// What is drawn of a line that begins there.
fn cells_of(begin: usize, line: &str) -> impl Iterator<Item = Cell<'_>> {
    visible(line).map(move |piece| Cell {
        is_blank: matches!(&line[piece.range.clone()], " " | "\t"),
        text: piece.text,
        wide: usize::from(piece.width),
        substituted: piece.substituted,
        at: begin + piece.range.start,
    })
}

/// Where the cell at a column begins; `None` behind the last one.
fn under(cells: &[Cell<'_>], column: usize) -> Option<usize> {
    let mut x = 0;
    let cell = cells.iter().find(|cell| {
        x += cell.wide;
        column < x
    });
    cell.map(|cell| cell.at)
}

fn columns(cells: &[Cell<'_>]) -> usize {
    cells.iter().map(|cell| cell.wide).sum()
}

/// A text on one row, its line breaks as `␊`.
pub(super) struct OneLine<'a> {
    cells: Vec<Cell<'a>>,
    /// Columns that are scrolled out at the left.
    offset: usize,
    /// The column of the cursor, from the text's begin.
    cursor: usize,
    /// Columns of the whole text, and of what of it is shown.
    whole: usize,
    width: usize,
}

impl<'a> OneLine<'a> {
    pub fn new(text: &'a str, at: usize, width: usize) -> Self {
        let width = width.max(1);
        let mut all = Vec::new();
        for (begin, line) in lines(text) {
            all.extend(cells_of(begin, line));
            let end = begin + line.len();
            if end < text.len() {
                all.push(Cell {
                    text: Cow::Borrowed("␊"),
                    wide: 1,
                    substituted: true,
                    at: end,
                    is_blank: false,
                });
            }
        }
        let before = all.partition_point(|cell| cell.at < at);
        let cursor = columns(&all[..before]);
        let under = all.get(before).map(|cell| cell.wide);
        let whole = columns(&all);
        Self {
            offset: scrolled(cursor, under, whole, width),
            cells: all,
            cursor,
            whole,
            width,
        }
    }

    /// Whether something is hidden at the left, and at the right. Where there is hardly room for the cursor, nothing
    /// tells of it.
    pub fn hides(&self) -> (bool, bool) {
        let room = self.width >= 3;
        (room && self.offset > 0, room && self.whole > self.offset + self.width)
    }

    /// The column of the cursor on the screen.
    pub fn cursor(&self) -> usize {
        self.cursor - self.offset
    }

    /// Columns that the text takes on the screen.
    pub fn shown(&self) -> usize {
        (self.whole - self.offset).min(self.width)
    }

    /// What is drawn, each with its column; without what the marks of hidden text stand on.
    pub fn drawn(&self) -> impl Iterator<Item = (usize, &Cell<'a>)> {
        let (left, right) = self.hides();
        let first = self.offset + usize::from(left);
        let end = self.offset + self.width - usize::from(right);
        let mut next = 0;
        let placed = self.cells.iter().map(move |cell| {
            let x = next;
            next += cell.wide;
            (x, cell)
        });
        placed
            .filter(move |(x, cell)| *x >= first && x + cell.wide <= end)
            .map(|(x, cell)| (x - self.offset, cell))
    }

    /// What stands at a column of the screen; `None` behind the text.
    pub fn under(&self, column: usize) -> Option<usize> {
        under(&self.cells, self.offset + column)
    }
}

/// Columns that are scrolled out so that the cursor, and what it is on (`None`: the text's end), are seen beside the
/// marks of what is hidden. It jumps by half the width: moving on costs nothing most of the time.
fn scrolled(cursor: usize, under: Option<usize>, whole: usize, width: usize) -> usize {
    if whole < width || (whole == width && under.is_some()) {
        return 0;
    }
    let half = (width / 2).max(1);
    let needed = match under {
        None => cursor + 1,
        // The last column is for the mark. What is wider than the field can't be seen whole.
        Some(wide) => cursor + wide.min((width - half).saturating_sub(2).max(1)) + 1,
    };
    (needed.saturating_sub(width).div_ceil(half) * half).min(cursor)
}

/// A row of a wrapped text.
pub(super) struct TextRow<'a> {
    pub cells: Vec<Cell<'a>>,
    /// Where in the text it begins.
    pub begin: usize,
    /// The last place in it where the cursor may stand: the line's end, or its last cell where the line goes on below.
    pub end: usize,
    /// Only for the cursor, behind a row that is full.
    only_cursor: bool,
}

impl<'a> TextRow<'a> {
    /// A row that goes on below. It isn't empty.
    fn going_on(cells: Vec<Cell<'a>>) -> Self {
        let place = |cell: Option<&Cell<'a>>| cell.map_or(0, |cell| cell.at);
        Self {
            begin: place(cells.first()),
            end: place(cells.last()),
            cells,
            only_cursor: false,
        }
    }

    /// The place at a column, or the last one.
    pub fn at(&self, column: usize) -> usize {
        under(&self.cells, column).unwrap_or(self.end)
    }
}

/// A text over several rows.
pub(super) struct Wrapped<'a> {
    pub rows: Vec<TextRow<'a>>,
    /// Row and column of the cursor.
    pub cursor: (usize, usize),
}

impl<'a> Wrapped<'a> {
    /// In so many columns, at least two. A line ends behind a blank; only a word that is longer than a row is broken.
    pub fn new(text: &'a str, at: usize, width: usize) -> Self {
        let width = width.max(2);
        let mut wrapped = Self {
            rows: Vec::new(),
            cursor: (0, 0),
        };
        for (begin, line) in lines(text) {
            let first = wrapped.rows.len();
            wrapped.add(begin, line, width);
            if (begin..=begin + line.len()).contains(&at) {
                wrapped.place_cursor(first, at, width);
            }
        }
        wrapped
    }

    fn add(&mut self, begin: usize, line: &'a str, width: usize) {
        let mut row: Vec<Cell<'a>> = Vec::new();
        // Columns of the row, and how many of its cells stay in it when it is broken at a blank.
        let (mut used, mut whole_words) = (0, 0);
        for cell in cells_of(begin, line) {
            while used + cell.wide > width && !row.is_empty() {
                let stays = if whole_words > 0 { whole_words } else { row.len() };
                let rest = row.split_off(stays);
                self.rows.push(TextRow::going_on(std::mem::replace(&mut row, rest)));
                (used, whole_words) = (columns(&row), 0);
            }
            used += cell.wide;
            let is_blank = cell.is_blank;
            row.push(cell);
            if is_blank {
                whole_words = row.len();
            }
        }
        self.rows.push(TextRow {
            begin: row.first().map_or(begin, |cell| cell.at),
            end: begin + line.len(),
            cells: row,
            only_cursor: false,
        });
    }

    /// The cursor is in the newest line, whose rows begin at `first`.
    fn place_cursor(&mut self, first: usize, at: usize, width: usize) {
        let row = first + self.rows[first..].partition_point(|row| row.begin <= at) - 1;
        let before = self.rows[row].cells.partition_point(|cell| cell.at < at);
        let column = columns(&self.rows[row].cells[..before]);
        self.cursor = (row, column);
        let Some(full) = self.rows.last_mut().filter(|full| column >= width && full.end == at) else {
            return;
        };
        // Behind the last one there is no room: it has a row of its own.
        full.end = full.cells.last().map_or(full.end, |cell| cell.at);
        self.cursor = (row + 1, 0);
        self.rows.push(TextRow {
            cells: Vec::new(),
            begin: at,
            end: at,
            only_cursor: true,
        });
    }

    /// Where the row of the cursor begins; of a row that only the cursor needs, the one before it.
    pub fn row_begin(&self) -> usize {
        let row = self.cursor.0;
        let row = row - usize::from(self.rows[row].only_cursor);
        self.rows[row].begin
    }

    /// The last place of the cursor's row.
    pub fn row_end(&self) -> usize {
        self.rows[self.cursor.0].end
    }
}
