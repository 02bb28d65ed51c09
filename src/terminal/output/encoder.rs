//! What is on the terminal × the wanted frame → the bytes between them.
//!
//! Pure. The encoder remembers what it has told the terminal: cells, attributes, the cursor's place and visibility. It
//! writes only what differs, by the cheapest means that every terminal has: no scrolling, no repeating, no scroll
//! regions.
//!
//! Nothing is trusted about where a terminal puts the cursor after a character that isn't ASCII (its width may be
//! another one than we believe), nor after the last column (the wrap is pending): there it is addressed anew. Of the
//! same character many times over, as frames and masks have it, that would cost more than all else: it is written at a
//! stretch, and what a terminal that draws it at twice the width would have covered is written after it. The terminal
//! wraps nothing meanwhile (DECAWM is off).

use std::io::Write;

use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::colors::Colors;
use super::frame::{Frame, canonical};
use super::sgr::Pen;
use crate::text::Charset;

/// The smallest and the largest frame that is sent as synchronized output (DEC mode 2026), bytes.
///
/// A smaller one comes in one packet anyway (the least TCP segment is 536 bytes, less SSH's own), so it can't tear. A
/// larger one hides everything until its end, two seconds for 4 kB on a line of 2 kB/s, and is better seen as it comes.
const SYNCHRONIZED: std::ops::RangeInclusive<usize> = 480..=1024;
const SYNC_BEGIN: &[u8] = b"\x1b[?2026h";
const SYNC_END: &[u8] = b"\x1b[?2026l";

/// From so many on, equal characters beyond ASCII are written at a stretch.
const STRETCH: usize = 3;
/// About what it costs to address the cursor within a row, and to write a character again, bytes.
const ADDRESS: usize = 5;
const AGAIN: usize = 3;

const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";

/// A symbol that no canonical cell has: what the terminal shows there isn't known.
const UNKNOWN: &str = "\0";

/// How the terminal is to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncoderOptions {
    /// What it can draw.
    pub charset: Charset,
    /// Which colours it has; reverse, bold and underline stay in any case.
    pub colors: Colors,
}

/// The encoder of one terminal.
#[derive(Debug)]
pub struct Encoder {
    options: EncoderOptions,
    size: Size,
    /// What the terminal shows, in canonical form.
    screen: Vec<Cell>,
    /// `None`: not known, cleared before the next frame.
    known: bool,
    pen: Pen,
    at: Cursor,
    visible: bool,
}

/// Where the terminal's cursor is, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Unknown,
    /// The row is certain, the column isn't.
    Row(u16),
    At(u16, u16),
}

impl Encoder {
    /// An encoder for a terminal of which nothing is known: its first frame clears it.
    pub fn new(options: EncoderOptions) -> Self {
        Self {
            options,
            size: Size::default(),
            screen: Vec::new(),
            known: false,
            pen: Pen::DEFAULT,
            at: Cursor::Unknown,
            visible: true,
        }
    }

    /// The terminal was just entered: blank, default attributes, the cursor at home and hidden.
    pub fn entered(&mut self) {
        self.screen.clear();
        // The size is taken from the next frame.
        self.size = Size::default();
        self.known = true;
        self.pen = Pen::DEFAULT;
        self.at = Cursor::At(0, 0);
        self.visible = false;
    }

    /// Somebody else wrote to the terminal: nothing is known of it but that the cursor was just hidden.
    fn forget(&mut self) {
        *self = Self {
            visible: false,
            ..Self::new(self.options)
        };
    }

    /// The bytes that make the terminal show `frame`, to be written whole; empty when it does already. The frame is
    /// left in the form in which it was sent (its covered cells empty, what the terminal can't draw replaced).
    pub fn encode(&mut self, frame: &mut Frame) -> Vec<u8> {
        canonical(frame, self.options.charset, self.options.colors);
        let mut out = Vec::new();
        if std::mem::take(&mut frame.forget) {
            self.forget();
        }
        self.prepare(frame, &mut out);
        let cursor = frame.cursor.map(|p| clamp(p, frame.size));
        let was_visible = self.visible;
        if was_visible && cursor.is_none() {
            out.extend_from_slice(HIDE_CURSOR);
            self.visible = false;
        }
        let begin = out.len();
        for y in 0..frame.size.height {
            self.row(y, frame, &mut out);
        }
        if let Some(Position { x, y }) = cursor {
            // Seen painting a frame of some size, the cursor would flicker over all of it.
            if self.visible && out.len() - begin > *SYNCHRONIZED.end() {
                out.splice(begin..begin, HIDE_CURSOR.iter().copied());
                self.visible = false;
            }
            self.go(x, y, &mut out);
            if !self.visible {
                out.extend_from_slice(SHOW_CURSOR);
                self.visible = true;
            }
        }
        if SYNCHRONIZED.contains(&(out.len() + SYNC_BEGIN.len() + SYNC_END.len())) {
            out.splice(0..0, SYNC_BEGIN.iter().copied());
            out.extend_from_slice(SYNC_END);
        }
        out
    }

    /// Clears the terminal if the frame asks for it, or if its size or contents aren't the ones that are remembered.
    fn prepare(&mut self, frame: &Frame, out: &mut Vec<u8>) {
        let area = usize::from(frame.size.width) * usize::from(frame.size.height);
        // Just entered: blank already, so that a request to clear has nothing to do.
        let entered = self.known && self.screen.is_empty();
        if entered {
            self.size = frame.size;
            self.screen = vec![Cell::EMPTY; area];
            return;
        }
        if frame.clear || !self.known || self.size != frame.size {
            // Erasing uses the background colour; an unknown one is reset as well.
            if self.known {
                self.pen.change(Pen::DEFAULT, out);
            } else {
                out.extend_from_slice(b"\x1b[m");
            }
            self.pen = Pen::DEFAULT;
            out.extend_from_slice(b"\x1b[2J");
            self.at = Cursor::Unknown;
            self.size = frame.size;
            self.screen.clear();
            self.screen.resize(area, Cell::EMPTY);
            self.known = true;
        }
    }

    fn row(&mut self, y: u16, frame: &Frame, out: &mut Vec<u8>) {
        let width = usize::from(self.size.width);
        let start = usize::from(y) * width;
        let wanted = &frame.cells[start..start + width];
        // Default blanks from here on to the end of the row.
        let blank_from = wanted
            .iter()
            .rposition(|c| *c != Cell::EMPTY)
            .map_or(0, |last| last + 1);
        let mut x = 0;
        while x < width {
            let columns = columns(&wanted[x..]);
            if self.screen[start + x..start + x + columns] == wanted[x..x + columns] {
                x += columns;
                continue;
            }
            if x >= blank_from {
                let last = (x..width)
                    .rev()
                    .find(|&i| self.screen[start + i] != wanted[i])
                    .unwrap_or(x);
                if self.erasing_is_cheaper(last - x + 1) {
                    self.reach(x, y, wanted, out);
                    self.erase_line(x, start, out);
                    return;
                }
            }
            self.reach(x, y, wanted, out);
            let count = self.stretch(x, start, wanted);
            if count > 1 {
                self.write_stretch(x, start, &wanted[x..x + count], out);
                x += count;
            } else {
                self.write(x, start, &wanted[x..x + columns], out);
                x += columns;
            }
        }
    }

    /// How many of the same characters, not ASCII and of one column each, are to be written from here on at a stretch;
    /// 1 where that isn't cheaper.
    fn stretch(&self, x: usize, start: usize, wanted: &[Cell]) -> usize {
        let first = &wanted[x];
        let mut chars = first.symbol().chars();
        // Of these it is known that terminals draw them over one column or two. Of others it may be none, or three.
        let is_known = matches!(
            (chars.next(), chars.next()),
            (Some('\u{2500}'..='\u{259f}' | '•' | '…' | '–'), None)
        );
        if !is_known || columns(&wanted[x..]) > 1 {
            return 1;
        }
        let same = wanted[x..].iter().zip(&self.screen[start + x..]);
        let count = same.take_while(|(cell, shown)| *cell == first && shown != cell).count();
        let covered = (x + count)..(x + 2 * count).min(wanted.len());
        let unchanged = covered.filter(|at| self.screen[start + at] == wanted[*at]).count();
        if count >= STRETCH && unchanged * AGAIN < (count - 1) * ADDRESS {
            count
        } else {
            1
        }
    }

    /// Writes equal characters one after the other. Drawn at twice our width they would have covered as many columns
    /// again.
    fn write_stretch(&mut self, x: usize, start: usize, cells: &[Cell], out: &mut Vec<u8>) {
        let row = match self.at {
            Cursor::At(_, row) | Cursor::Row(row) => Some(row),
            Cursor::Unknown => None,
        };
        let width = usize::from(self.size.width);
        for (at, cell) in cells.iter().enumerate() {
            // Where it is doesn't matter to the next one.
            self.write(x + at, start, std::slice::from_ref(cell), out);
        }
        let end = x + cells.len();
        self.covered(end, cells.len(), start);
        self.at = match row {
            Some(row) if end + cells.len() < width => Cursor::Row(row),
            _ => Cursor::Unknown,
        };
    }

    /// `ESC [ K` against `blanks` spaces, both from the same place.
    fn erasing_is_cheaper(&self, blanks: usize) -> bool {
        const ERASE: usize = 3;
        // Spaces need a pen that shows nothing on blanks just as erasing does, so its cost is the same on both sides.
        blanks > ERASE
    }

    fn erase_line(&mut self, x: usize, start: usize, out: &mut Vec<u8>) {
        if !self.pen.erases_to_default() {
            self.pen.change(Pen::DEFAULT, out);
            self.pen = Pen::DEFAULT;
        }
        out.extend_from_slice(b"\x1b[K");
        let end = start + usize::from(self.size.width);
        self.screen[start + x..end].fill(Cell::EMPTY);
    }

    /// Writes one character, `cells` being its first and the ones that it covers.
    fn write(&mut self, x: usize, start: usize, cells: &[Cell], out: &mut Vec<u8>) {
        let cell = &cells[0];
        if !self.pen.paints(cell) {
            let pen = Pen::of(cell);
            self.pen.change(pen, out);
            self.pen = pen;
        }
        out.extend_from_slice(cell.symbol().as_bytes());
        self.overwrite(start + x, start + usize::from(self.size.width), cells);
        // Over a blank the other half of a wide one does no harm; written again, the blank would halve it.
        let next = self.screen.get(start + x + 1);
        if cells.len() == 1 && !cell.symbol().is_ascii() && next.is_some_and(|next| next.symbol() != " ") {
            self.covered(x + 1, 1, start);
        }
        self.at = self.after(x, cell.symbol(), cells.len());
    }

    /// So many columns may lie under a character that is drawn at twice its width: what they show is written again.
    fn covered(&mut self, x: usize, count: usize, start: usize) {
        let end = (x + count).min(usize::from(self.size.width));
        if x < end {
            self.screen[start + x..start + end].fill(Cell::new(UNKNOWN));
        }
    }

    /// Remembers `cells` at `at`. What is left of a wide character of which a half was overwritten depends on the
    /// terminal, so it is unknown, and written if it isn't anyway.
    fn overwrite(&mut self, at: usize, row_end: usize, cells: &[Cell]) {
        let end = at + cells.len();
        let unknown = Cell::new(UNKNOWN);
        // A row is written from left to right, and the first half differed as well: that one's rewriting made this
        // unknown.
        debug_assert!(
            !self.screen[at].symbol().is_empty(),
            "half a character overwritten before its first cell"
        );
        let mut rest = end;
        while rest < row_end && self.screen[rest].symbol().is_empty() {
            self.screen[rest] = unknown.clone();
            rest += 1;
        }
        self.screen[at..end].clone_from_slice(cells);
    }

    /// Where the cursor is after a character of `columns` at column `x` was written.
    fn after(&self, x: usize, symbol: &str, columns: usize) -> Cursor {
        let width = usize::from(self.size.width);
        let Cursor::At(_, y) = self.at else {
            return Cursor::Unknown;
        };
        if symbol.is_ascii() {
            // Within the width, which is a u16.
            if x + columns < width {
                Cursor::At((x + columns) as u16, y)
            } else {
                Cursor::Unknown
            }
        } else if x + 2 * columns < width {
            // Even drawn at twice our width it didn't wrap.
            Cursor::Row(y)
        } else {
            Cursor::Unknown
        }
    }

    /// Brings the cursor to column `x` of row `y`, rewriting the unchanged cells in between when that is not longer.
    fn reach(&mut self, x: usize, y: u16, wanted: &[Cell], out: &mut Vec<u8>) {
        // Columns come from a width, which is a u16.
        let to = x as u16;
        if let Cursor::At(from, row) = self.at
            && row == y
            && from < to
        {
            let gap = &wanted[usize::from(from)..x];
            let writable = |cell: &Cell| cell.symbol().len() == 1 && self.pen.paints(cell);
            if gap.len() <= self.cheapest(to, y).len() && gap.iter().all(writable) {
                out.extend(gap.iter().flat_map(|cell| cell.symbol().bytes()));
                self.at = Cursor::At(to, y);
                return;
            }
        }
        self.go(to, y, out);
    }

    fn go(&mut self, x: u16, y: u16, out: &mut Vec<u8>) {
        out.extend(self.cheapest(x, y));
        self.at = Cursor::At(x, y);
    }

    /// The shortest way to a place from where the cursor is; empty when it is there.
    fn cheapest(&self, x: u16, y: u16) -> Vec<u8> {
        let absolute = match (x, y) {
            (0, 0) => sequence("", b'H'),
            (0, _) => sequence(&(y + 1).to_string(), b'H'),
            _ => sequence(&format!("{};{}", y + 1, x + 1), b'H'),
        };
        let mut ways = vec![absolute];
        match self.at {
            Cursor::Unknown => {}
            Cursor::Row(row) if row == y => ways.extend(along_row(x)),
            Cursor::Row(_) => {}
            Cursor::At(at, row) if row == y => {
                ways.extend(along_row(x));
                if x >= at {
                    ways.push(step(x - at, b'C'));
                } else {
                    ways.push(step(at - x, b'D'));
                    if at - x < 4 {
                        ways.push(vec![0x08; usize::from(at - x)]);
                    }
                }
            }
            Cursor::At(at, row) => {
                let vertical = if y > row {
                    step(y - row, b'B')
                } else {
                    step(row - y, b'A')
                };
                if x == at {
                    ways.push(vertical);
                } else if x == 0 {
                    ways.push([b"\r", &vertical[..]].concat());
                }
            }
        }
        ways.into_iter().min_by_key(Vec::len).unwrap_or_default()
    }
}

/// Ways within a row of which the column isn't known.
fn along_row(x: u16) -> Vec<Vec<u8>> {
    let mut ways = vec![sequence(&(x + 1).to_string(), b'G')];
    if x == 0 {
        ways.push(b"\r".to_vec());
    } else {
        ways.push([b"\r", &step(x, b'C')[..]].concat());
    }
    ways
}

/// A relative movement; nothing for 0.
fn step(n: u16, last: u8) -> Vec<u8> {
    match n {
        0 => Vec::new(),
        1 => sequence("", last),
        _ => sequence(&n.to_string(), last),
    }
}

fn sequence(parameters: &str, last: u8) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parameters.len() + 3);
    // Writing into a Vec can't fail.
    let _ = write!(bytes, "\x1b[{parameters}");
    bytes.push(last);
    bytes
}

/// Columns of the character in the first cell of a canonical row.
fn columns(row: &[Cell]) -> usize {
    1 + row[1..].iter().take_while(|c| c.symbol().is_empty()).count()
}

fn clamp(p: Position, size: Size) -> Position {
    Position {
        x: p.x.min(size.width.saturating_sub(1)),
        y: p.y.min(size.height.saturating_sub(1)),
    }
}

impl Default for EncoderOptions {
    fn default() -> Self {
        Self {
            charset: Charset::Utf8,
            colors: Colors::All,
        }
    }
}

#[cfg(test)]
#[path = "encoder_tests.rs"]
mod tests;
