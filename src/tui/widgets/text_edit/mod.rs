//! A text being edited: one buffer, a cursor on the borders of what is seen, undo, and our own drawing.
//!
//! What each key does is in `keys.rs`, how the text lies on the screen in `cells.rs`, its drawing and clicks are in
//! `draw.rs`, undo is in `undo.rs`.

mod buffer;
mod cells;
mod draw;
mod keys;
#[cfg(test)]
mod tests;
mod undo;
mod words;

use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use self::buffer::TextBuffer;
use self::cells::Wrapped;
use self::undo::{Caret, TextChange, TextChanges};
use self::words::{begin_before, end_after, line_around};
use crate::text::width::visible;

pub use self::keys::{KeyEffect, TextKind, accepts, goes_by_rows, is_alt, is_close, is_leave, means_nothing};

/// Longest text that is edited here, bytes; longer ones are refused with a sentence.
pub const MOST_BYTES: usize = 64 * 1024;

/// A text with a cursor.
#[derive(Clone, Default)]
pub struct TextEdit {
    text: TextBuffer,
    /// Where the cursor is, in bytes; always on a border of what is seen.
    cursor: usize,
    /// All of it is selected: what is typed takes its place, a movement keeps it.
    selected: bool,
    /// The column that Up and Down go for, as long as nothing else is pressed.
    wanted: Option<usize>,
    changes: TextChanges,
    /// Counts the changes.
    version: u64,
    /// How it was drawn the last time: drawing notes it, and it changes no text.
    drawn: Cell<Drawn>,
}

/// How a text was drawn.
#[derive(Clone, Copy, Debug, Default)]
struct Drawn {
    shape: Option<Shape>,
    /// The first row that was shown.
    top: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// On one row.
    OneRow,
    /// Over several rows of so many columns.
    Rows(usize),
}

/// It may be a secret.
impl fmt::Debug for TextEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEdit")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}

impl TextEdit {
    /// Starts with a text, the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self {
            text: TextBuffer::new(text),
            cursor: text.len(),
            ..Self::default()
        }
    }

    /// The same with all of it selected: what is typed takes its place.
    pub fn selected(text: &str) -> Self {
        let mut edit = Self::new(text);
        edit.selected = !text.is_empty();
        edit
    }

    /// Starts with a text and the cursor at a line and character, both from 0, or as near as can be.
    pub fn at_cursor(text: &str, (line, character): (usize, usize)) -> Self {
        let mut edit = Self::new(text);
        let last = text.split('\n').count() - 1;
        let begin: usize = text.split('\n').take(line.min(last)).map(|line| line.len() + 1).sum();
        let line = line_around(text, begin);
        let mut borders = visible(&text[line.clone()]).map(|piece| piece.range.end).peekable();
        let (mut at, mut left) = (0, character);
        while let Some(border) = borders.next_if(|border| text[line.clone()][at..*border].chars().count() <= left) {
            left -= text[line.clone()][at..border].chars().count();
            at = border;
        }
        edit.cursor = begin + at;
        edit
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and character of the cursor, both from 0.
    pub fn cursor(&self) -> (usize, usize) {
        let before = &self.text[..self.cursor];
        let begin = line_around(&self.text, self.cursor).start;
        (before.matches('\n').count(), before[begin..].chars().count())
    }

    /// How often the text was changed: tells whether a key changed it.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether what is typed takes the place of all of it.
    pub fn is_selected(&self) -> bool {
        self.selected
    }

    /// Whether deleting to the line's begin leaves nothing.
    pub fn is_cleared_by_ctrl_u(&self) -> bool {
        self.selected || (self.cursor == self.text.len() && !self.text.contains('\n'))
    }
}

/// Changing the text.
impl TextEdit {
    /// Puts another text in place of a part, with the cursor behind it.
    fn replace(&mut self, part: Range<usize>, with: &str, typed: bool) {
        let before = Caret {
            at: self.cursor,
            selected: self.selected,
        };
        let (at, removed) = (part.start, self.text[part.clone()].to_owned());
        self.text.splice(part, with);
        self.version += 1;
        // What came together may have become one: the cursor goes on to its end.
        self.go_to(self.border_from(at + with.len()));
        let change = TextChange {
            at,
            removed,
            inserted: with.to_owned(),
            before,
            after: self.cursor,
        };
        self.changes.note(change, typed);
    }

    /// What is typed goes there: all of what is selected, else where the cursor is.
    fn place(&self) -> Range<usize> {
        if self.selected {
            0..self.text.len()
        } else {
            self.cursor..self.cursor
        }
    }

    fn put(&mut self, text: &str, typed: bool) -> Result<(), String> {
        let place = self.place();
        if self.text.len() - place.len() + text.len() > MOST_BYTES {
            return Err("Not taken: the text would be longer than the 64 KiB that can be edited here.".to_owned());
        }
        if !text.is_empty() {
            self.replace(place, text, typed);
        }
        Ok(())
    }

    /// Puts text in at the cursor, as one step.
    ///
    /// # Errors
    /// A sentence when it would grow too long; then nothing is changed.
    pub fn insert(&mut self, text: &str) -> Result<(), String> {
        self.put(text, false)
    }

    /// Types a character. Those that follow each other are one step.
    pub(super) fn type_char(&mut self, c: char) -> Result<(), String> {
        self.put(c.encode_utf8(&mut [0; 4]), true)
    }

    /// Deletes a part, or all of what is selected.
    fn remove(&mut self, part: Range<usize>) {
        let part = if self.selected { 0..self.text.len() } else { part };
        if !part.is_empty() {
            self.replace(part, "", false);
        }
    }

    /// Deletes what is before the cursor: a character as it is seen, or a line break.
    pub fn backspace(&mut self) {
        self.remove(self.border_before(self.cursor)..self.cursor);
    }

    /// Deletes what is under the cursor.
    pub fn delete(&mut self) {
        self.remove(self.cursor..self.border_after(self.cursor));
    }

    /// Deletes back to where a word begins, at most to the line's begin; from there only the line break.
    pub(super) fn delete_word_before(&mut self, joints: bool) {
        let line = line_around(&self.text, self.cursor);
        let from = if self.cursor == line.start {
            self.border_before(self.cursor)
        } else {
            begin_before(&self.text, self.cursor, joints).max(line.start)
        };
        self.remove(from..self.cursor);
    }

    /// Deletes up to where a word ends, at most to the line's end; from there only the line break.
    pub(super) fn delete_word_after(&mut self, joints: bool) {
        let line = line_around(&self.text, self.cursor);
        let to = if self.cursor == line.end {
            self.border_after(self.cursor)
        } else {
            end_after(&self.text, self.cursor, joints).min(line.end)
        };
        self.remove(self.cursor..to);
    }

    /// Deletes to the begin of the text's line, however it is drawn. Lines are never joined by it.
    pub(super) fn delete_to_line_begin(&mut self) {
        self.remove(line_around(&self.text, self.cursor).start..self.cursor);
    }

    /// Deletes to the end of the text's line.
    pub(super) fn delete_to_line_end(&mut self) {
        self.remove(self.cursor..line_around(&self.text, self.cursor).end);
    }

    /// Takes the newest step back.
    pub(super) fn undo(&mut self) {
        if let Some(change) = self.changes.undo() {
            let came = change.at..change.at + change.inserted.len();
            self.text.splice(came, &change.removed);
            let before = change.before;
            self.go_to(before.at);
            self.selected = before.selected;
            self.version += 1;
        }
    }

    /// Makes it again.
    pub(super) fn redo(&mut self) {
        if let Some(change) = self.changes.redo() {
            let goes = change.at..change.at + change.removed.len();
            self.text.splice(goes, &change.inserted);
            let after = change.after;
            self.go_to(after);
            self.version += 1;
        }
    }

    /// What is typed next is a step of its own.
    pub(super) fn end_typing(&mut self) {
        self.changes.end_typing();
    }
}

/// Moving the cursor.
impl TextEdit {
    fn go_to(&mut self, at: usize) {
        self.cursor = at;
        (self.selected, self.wanted) = (false, None);
    }

    /// The borders in the line around a place, in bytes: begin, end, and between clusters as they are shown.
    fn borders(&self, at: usize) -> impl Iterator<Item = usize> {
        let line = line_around(&self.text, at);
        let begin = line.start;
        let ends = visible(&self.text[line]).map(move |piece| begin + piece.range.end);
        std::iter::once(begin).chain(ends)
    }

    /// The first border from a place on.
    fn border_from(&self, at: usize) -> usize {
        if self.is_among_plain(at) {
            return at;
        }
        self.borders(at).find(|border| *border >= at).unwrap_or(at)
    }

    /// The border before one, over line breaks; the text's begin is its own.
    fn border_before(&self, at: usize) -> usize {
        if at > 0 && self.is_among_plain(at - 1) {
            return at - 1;
        }
        let before = self.borders(at).take_while(|border| *border < at).last();
        before.unwrap_or_else(|| at.saturating_sub(1))
    }

    /// The border after one, over line breaks; the text's end is its own.
    fn border_after(&self, at: usize) -> usize {
        if self.is_among_plain(at + 1) {
            return at + 1;
        }
        let after = self.borders(at).find(|border| *border > at);
        after.unwrap_or_else(|| (at + 1).min(self.text.len()))
    }

    /// Whether a place is between two characters that join with nothing: then nothing has to be looked up.
    fn is_among_plain(&self, at: usize) -> bool {
        let around = at
            .checked_sub(1)
            .and_then(|before| self.text.as_bytes().get(before..at + 1));
        around.is_some_and(|two| two.iter().all(|byte| matches!(byte, b' '..=b'~')))
    }

    /// To the left, over line borders; from what is selected to its begin.
    pub fn left(&mut self) {
        if self.selected {
            return self.home();
        }
        self.go_to(self.border_before(self.cursor));
    }

    /// To the right, over line borders; from what is selected to its end.
    pub fn right(&mut self) {
        if self.selected {
            return self.end();
        }
        self.go_to(self.border_after(self.cursor));
    }

    pub(super) fn word_left(&mut self, joints: bool) {
        self.go_to(begin_before(&self.text, self.cursor, joints));
    }

    pub(super) fn word_right(&mut self, joints: bool) {
        self.go_to(end_after(&self.text, self.cursor, joints));
    }

    /// Begin and end of the row that the cursor is on; of the line, where nothing was drawn so far.
    fn row(&self) -> (usize, usize) {
        match self.drawn.get().shape {
            Some(Shape::OneRow) => (0, self.text.len()),
            Some(Shape::Rows(width)) => {
                let wrapped = Wrapped::new(&self.text, self.cursor, width);
                (wrapped.row_begin(), wrapped.row_end())
            }
            None => {
                let line = line_around(&self.text, self.cursor);
                (line.start, line.end)
            }
        }
    }

    /// To the begin of the drawn row; from there to the text's.
    pub fn home(&mut self) {
        let begin = self.row().0;
        self.go_to(if begin == self.cursor { 0 } else { begin });
    }

    /// To the end of the drawn row; from there to the text's.
    pub fn end(&mut self) {
        let end = self.row().1;
        self.go_to(if end == self.cursor { self.text.len() } else { end });
    }

    /// So many drawn rows down, or up if negative, at the wanted column as far as the rows have it. What is drawn on
    /// one row has its lines for rows.
    pub fn vertical(&mut self, by: isize) {
        let width = match self.drawn.get().shape {
            Some(Shape::Rows(width)) => width,
            _ => usize::MAX / 2,
        };
        let wrapped = Wrapped::new(&self.text, self.cursor, width);
        let (row, column) = wrapped.cursor;
        let to = row.saturating_add_signed(by).min(wrapped.rows.len() - 1);
        let wanted = self.wanted.unwrap_or(column);
        let at = if to == row {
            self.cursor
        } else {
            wrapped.rows[to].at(wanted)
        };
        drop(wrapped);
        self.go_to(at);
        self.wanted = Some(wanted);
    }
}
