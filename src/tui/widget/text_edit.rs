//! A text being edited: tui-textarea's buffer and movements, the cursor on grapheme borders, our own drawing.
//!
//! The widget's key bindings and drawing are not used; `shared/terminal.md` says why.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_textarea::{CursorMove, TextArea};

use crate::tui::theme;
use crate::tui::width::visible;

/// Longest text that is edited here, bytes; longer ones are refused with a sentence.
pub const MOST_BYTES: usize = 64 * 1024;

/// A text with a cursor.
#[derive(Debug, Clone)]
pub struct TextEdit {
    area: Box<TextArea<'static>>,
}

impl TextEdit {
    /// Starts with a text, the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_max_histories(0);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area: Box::new(area) }
    }

    /// Starts with a text and the cursor at a line and character, both from 0, or as near as can be.
    pub fn at_cursor(text: &str, (line, character): (usize, usize)) -> Self {
        let mut edit = Self::new(text);
        let line = line.min(edit.area.lines().len() - 1);
        let character = borders(&edit.area.lines()[line])
            .into_iter()
            .rev()
            .find(|border| *border <= character)
            .unwrap_or(0);
        edit.jump(line, character);
        edit
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Empties it.
    pub fn clear(&mut self) {
        *self = Self::new("");
    }

    /// Puts text in at the cursor; false when it would grow too long.
    pub fn insert(&mut self, text: &str) -> bool {
        let size: usize = self.area.lines().iter().map(|l| l.len() + 1).sum();
        if size + text.len() > MOST_BYTES {
            return false;
        }
        self.area.insert_str(text);
        // What came in may join the cluster after it: the cursor goes on to its end.
        let (row, column) = self.cursor();
        let settled = borders(&self.area.lines()[row])
            .into_iter()
            .find(|b| *b >= column)
            .unwrap_or(column);
        self.jump(row, settled);
        true
    }

    /// Takes the cluster before the cursor away.
    pub fn backspace(&mut self) {
        let (row, column) = self.cursor();
        if column == 0 {
            self.area.delete_newline();
            return;
        }
        let from = borders(&self.area.lines()[row])
            .into_iter()
            .rev()
            .find(|b| *b < column)
            .unwrap_or(0);
        self.jump(row, from);
        self.area.delete_str(column - from);
    }

    /// Takes the cluster under the cursor away.
    pub fn delete(&mut self) {
        let (row, column) = self.cursor();
        let line = &self.area.lines()[row];
        match borders(line).into_iter().find(|b| *b > column) {
            Some(to) => {
                self.area.delete_str(to - column);
            }
            None if row + 1 < self.area.lines().len() => {
                self.area.delete_str(1);
            }
            None => {}
        }
    }

    /// Takes the word before the cursor away.
    pub fn delete_word(&mut self) {
        self.area.delete_word();
    }

    /// One cluster to the left, over line borders.
    pub fn left(&mut self) {
        let (row, column) = self.cursor();
        match borders(&self.area.lines()[row]).into_iter().rev().find(|b| *b < column) {
            Some(to) => self.jump(row, to),
            None => self.area.move_cursor(CursorMove::Back),
        }
    }

    /// One cluster to the right, over line borders.
    pub fn right(&mut self) {
        let (row, column) = self.cursor();
        match borders(&self.area.lines()[row]).into_iter().find(|b| *b > column) {
            Some(to) => self.jump(row, to),
            None => self.area.move_cursor(CursorMove::Forward),
        }
    }

    /// One line up or down, on a cluster's border.
    pub fn vertical(&mut self, down: bool) {
        self.area
            .move_cursor(if down { CursorMove::Down } else { CursorMove::Up });
        let (row, column) = self.cursor();
        let settled = borders(&self.area.lines()[row])
            .into_iter()
            .rev()
            .find(|b| *b <= column)
            .unwrap_or(0);
        self.jump(row, settled);
    }

    /// To the line's begin.
    pub fn home(&mut self) {
        self.area.move_cursor(CursorMove::Head);
    }

    /// To the line's end.
    pub fn end(&mut self) {
        self.area.move_cursor(CursorMove::End);
    }

    /// Line and character of the cursor, both from 0.
    pub fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    fn jump(&mut self, row: usize, column: usize) {
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(short(row), short(column)));
    }

    /// Draws on one row, line breaks as `␊`; scrolls by half its width. Returns where the cursor is.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect) -> Position {
        let (row, column) = self.cursor();
        let mut cells = Vec::new();
        let mut cursor = 0;
        for (at, line) in self.area.lines().iter().enumerate() {
            if at == row {
                cursor = columns(&cells) + columns_before(line, column);
            }
            cells.extend(visible(line).map(|p| (p.text.into_owned(), usize::from(p.width), p.substituted)));
            if at + 1 < self.area.lines().len() {
                cells.push(("␊".to_owned(), 1, true));
            }
        }
        let width = usize::from(area.width.max(1));
        let half = (width / 2).max(1);
        let offset = if cursor < width {
            0
        } else {
            (cursor - width) / half * half + half
        };
        let mut x = 0;
        for (text, wide, substituted) in &cells {
            if x >= offset && x + wide <= offset + width {
                let style = if *substituted {
                    theme::substitute()
                } else {
                    theme::plain()
                };
                let column = area.x + u16::try_from(x - offset).unwrap_or(0);
                buffer.set_stringn(column, area.y, text, *wide, style);
            }
            x += wide;
        }
        if offset > 0 {
            buffer.set_stringn(area.x, area.y, "…", 1, theme::dim());
        }
        if x > offset + width {
            buffer.set_stringn(area.right().saturating_sub(1), area.y, "…", 1, theme::dim());
        }
        Position::new(area.x + u16::try_from(cursor - offset).unwrap_or(0), area.y)
    }

    /// Draws over several rows, wrapped; scrolls so that the cursor is seen. Returns where the cursor is.
    pub fn draw_box(&self, buffer: &mut Buffer, area: Rect) -> Position {
        let width = usize::from(area.width.max(2));
        let (row, column) = self.cursor();
        let mut rows: Vec<Vec<(String, usize, bool)>> = Vec::new();
        let mut cursor = (0, 0);
        for (at, line) in self.area.lines().iter().enumerate() {
            let mut current = Vec::new();
            let mut used = 0;
            let mut chars = 0;
            for piece in visible(line) {
                let wide = usize::from(piece.width);
                if used + wide > width {
                    rows.push(std::mem::take(&mut current));
                    used = 0;
                }
                if at == row && chars <= column {
                    cursor = (rows.len(), used);
                }
                chars += line[piece.range.clone()].chars().count();
                used += wide;
                current.push((piece.text.into_owned(), wide, piece.substituted));
            }
            if at == row && chars <= column {
                if used >= width {
                    rows.push(std::mem::take(&mut current));
                    used = 0;
                }
                cursor = (rows.len(), used);
            }
            rows.push(current);
        }
        let height = usize::from(area.height.max(1));
        let first = (cursor.0 + 1).saturating_sub(height);
        for (y, row) in rows.iter().skip(first).take(height).enumerate() {
            let mut x = area.x;
            for (text, wide, substituted) in row {
                let style = if *substituted {
                    theme::substitute()
                } else {
                    theme::plain()
                };
                buffer.set_stringn(x, area.y + u16::try_from(y).unwrap_or(0), text, *wide, style);
                x += u16::try_from(*wide).unwrap_or(1);
            }
        }
        Position::new(
            area.x + u16::try_from(cursor.1).unwrap_or(0),
            area.y + u16::try_from(cursor.0 - first).unwrap_or(0),
        )
    }
}

fn columns(cells: &[(String, usize, bool)]) -> usize {
    cells.iter().map(|c| c.1).sum()
}

/// The places, in characters, where the cursor may stand in a line: begin, end, and between clusters as they are shown.
fn borders(line: &str) -> Vec<usize> {
    let mut borders = vec![0];
    let mut at = 0;
    for piece in visible(line) {
        at += line[piece.range].chars().count();
        borders.push(at);
    }
    borders
}

fn columns_before(line: &str, column: usize) -> usize {
    let mut chars = 0;
    let mut columns = 0;
    for piece in visible(line) {
        if chars >= column {
            break;
        }
        chars += line[piece.range].chars().count();
        columns += usize::from(piece.width);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_goes_by_what_is_seen() {
        let mut edit = TextEdit::new("ab한e\u{301}x");
        edit.left();
        edit.backspace();
        assert_eq!(edit.text(), "ab한x", "the e and its accent go together");
        edit.left();
        edit.delete();
        assert_eq!(edit.text(), "abx");
        edit.insert("👍🏽");
        edit.right();
        edit.backspace();
        assert_eq!(edit.text(), "ab👍🏽");
    }

    #[test]
    fn the_drawn_cursor_stands_where_the_next_character_will() {
        let area = Rect::new(0, 0, 10, 1);
        let mut buffer = Buffer::empty(area);
        assert_eq!(
            TextEdit::new("日本e\u{301}").draw_line(&mut buffer, area),
            Position::new(5, 0)
        );
        let mut long = TextEdit::new("");
        for n in 0..40 {
            long.insert(&(n % 10).to_string());
            let at = long.draw_line(&mut Buffer::empty(area), area);
            assert!(at.x < 10, "the cursor left the field at {n}");
        }
    }

    #[test]
    fn a_loaded_line_break_is_kept_and_shown() {
        let area = Rect::new(0, 0, 10, 1);
        let mut buffer = Buffer::empty(area);
        let edit = TextEdit::new("a\nb");
        assert_eq!(edit.draw_line(&mut buffer, area), Position::new(3, 0));
        assert_eq!(buffer.cell((1, 0)).map(|c| c.symbol().to_owned()), Some("␊".to_owned()));
        assert_eq!(edit.text(), "a\nb");
    }
}
