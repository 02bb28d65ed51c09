//! A text being edited: tui-textarea's buffer and movements, the cursor on grapheme borders, our own drawing.
//!
//! The widget's key bindings and drawing are not used; `shared/terminal.md` says why.

use std::fmt;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use tui_textarea::{CursorMove, TextArea};
use zeroize::Zeroize;

use super::text_cells::{OneLine, Wrapped, short, under};

use crate::tui::theme;
use crate::tui::width::visible;

/// Longest text that is edited here, bytes; longer ones are refused with a sentence.
pub const MOST_BYTES: usize = 64 * 1024;

/// A text with a cursor.
#[derive(Clone)]
pub struct TextEdit {
    area: Box<TextArea<'static>>,
    /// All of it is selected: what is typed takes its place, a movement keeps it.
    selected: bool,
}

/// It may be a secret.
impl fmt::Debug for TextEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEdit")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}

/// Its lines are zeroed. What the widget keeps of deleted words, and lines that grew, are not: they are its own.
impl Drop for TextEdit {
    fn drop(&mut self) {
        let lines = std::mem::take(&mut *self.area).into_lines();
        lines.into_iter().for_each(|mut line| line.zeroize());
    }
}

impl TextEdit {
    /// Starts with a text, the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_max_histories(0);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self {
            area: Box::new(area),
            selected: false,
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
        self.clear_selected();
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

    /// Whether what is typed takes the place of all of it.
    pub fn is_selected(&self) -> bool {
        self.selected
    }

    /// What was selected goes; false where nothing was.
    fn clear_selected(&mut self) -> bool {
        let selected = self.selected;
        if selected {
            self.clear();
        }
        selected
    }

    /// Takes the cluster before the cursor away.
    pub fn backspace(&mut self) {
        if self.clear_selected() {
            return;
        }
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
        if self.clear_selected() {
            return;
        }
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
        if !self.clear_selected() {
            self.area.delete_word();
        }
    }

    /// One cluster to the left, over line borders.
    pub fn left(&mut self) {
        if std::mem::take(&mut self.selected) {
            return self.home();
        }
        let (row, column) = self.cursor();
        match borders(&self.area.lines()[row]).into_iter().rev().find(|b| *b < column) {
            Some(to) => self.jump(row, to),
            None => self.area.move_cursor(CursorMove::Back),
        }
    }

    /// One cluster to the right, over line borders.
    pub fn right(&mut self) {
        if std::mem::take(&mut self.selected) {
            return self.end();
        }
        let (row, column) = self.cursor();
        match borders(&self.area.lines()[row]).into_iter().find(|b| *b > column) {
            Some(to) => self.jump(row, to),
            None => self.area.move_cursor(CursorMove::Forward),
        }
    }

    /// One line up or down, on a cluster's border.
    pub fn vertical(&mut self, down: bool) {
        self.selected = false;
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
        self.selected = false;
        self.area.move_cursor(CursorMove::Head);
    }

    /// To the line's end.
    pub fn end(&mut self) {
        self.selected = false;
        self.area.move_cursor(CursorMove::End);
    }

    /// Line and character of the cursor, both from 0.
    pub fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    fn jump(&mut self, row: usize, column: usize) {
        self.selected = false;
        self.area.move_cursor(CursorMove::Jump(short(row), short(column)));
    }

    /// Draws on one row, line breaks as `␊`; scrolls by half its width. Returns where the cursor is.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect) -> Position {
        let width = usize::from(area.width.max(1));
        let line = OneLine::new(self.area.lines(), self.cursor(), width);
        let mut x = 0;
        for cell in &line.cells {
            if x >= line.offset && x + cell.wide <= line.offset + width {
                cell.draw(buffer, area.x + short(x - line.offset), area.y);
            }
            x += cell.wide;
        }
        if self.selected {
            let wide = short(x.saturating_sub(line.offset).min(width));
            buffer.set_style(Rect::new(area.x, area.y, wide, 1), Modifier::REVERSED);
        }
        if line.offset > 0 {
            buffer.set_stringn(area.x, area.y, "…", 1, theme::dim());
        }
        if x > line.offset + width {
            buffer.set_stringn(area.right().saturating_sub(1), area.y, "…", 1, theme::dim());
        }
        Position::new(area.x + short(line.cursor - line.offset), area.y)
    }

    /// How many rows it takes in a box that is so wide, with the one that the cursor may need behind it.
    pub fn rows(&self, width: u16) -> usize {
        Wrapped::new(self.area.lines(), self.cursor(), Rect::new(0, 0, width, 1))
            .rows
            .len()
    }

    /// Draws over several rows, wrapped; scrolls so that the cursor is seen. Returns where the cursor is, and how many rows are
    /// hidden above and below.
    pub fn draw_box(&self, buffer: &mut Buffer, area: Rect) -> (Position, (usize, usize)) {
        let wrapped = Wrapped::new(self.area.lines(), self.cursor(), area);
        for (y, row) in wrapped
            .rows
            .iter()
            .skip(wrapped.first)
            .take(usize::from(area.height.max(1)))
            .enumerate()
        {
            let mut x = area.x;
            for cell in &row.cells {
                cell.draw(buffer, x, area.y + short(y));
                x += short(cell.wide);
            }
        }
        let (row, column) = wrapped.cursor;
        let below = wrapped
            .rows
            .len()
            .saturating_sub(wrapped.first + usize::from(area.height.max(1)));
        (
            Position::new(area.x + short(column), area.y + short(row - wrapped.first)),
            (wrapped.first, below),
        )
    }

    /// Puts the cursor on what stands at a place of the area that [`draw_line`](Self::draw_line) drew into, or behind all of it.
    pub fn click_line(&mut self, area: Rect, at: Position) {
        let line = OneLine::new(self.area.lines(), self.cursor(), usize::from(area.width.max(1)));
        let wanted = line.offset + usize::from(at.x.saturating_sub(area.x));
        let last = self.area.lines().len() - 1;
        let end = (last, self.area.lines()[last].chars().count());
        let (row, column) = under(&line.cells, wanted).unwrap_or(end);
        self.jump(row, column);
    }

    /// The same for [`draw_box`](Self::draw_box).
    pub fn click_box(&mut self, area: Rect, at: Position) {
        let wrapped = Wrapped::new(self.area.lines(), self.cursor(), area);
        let row = wrapped.first + usize::from(at.y.saturating_sub(area.y));
        let Some(row) = wrapped.rows.get(row).or(wrapped.rows.last()) else {
            return;
        };
        let (line, column) = under(&row.cells, usize::from(at.x.saturating_sub(area.x))).unwrap_or(row.end);
        self.jump(line, column);
    }
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

    /// What stands behind the cursor after a click.
    fn clicked(text: &str, size: (u16, u16), at: (u16, u16)) -> String {
        let area = Rect::new(3, 2, size.0, size.1);
        let at = Position::new(3 + at.0, 2 + at.1);
        let mut edit = TextEdit::new(text);
        edit.home();
        if size.1 > 1 {
            edit.click_box(area, at);
        } else {
            edit.click_line(area, at);
        }
        edit.insert("|");
        edit.text()
    }

    #[test]
    fn a_click_puts_the_cursor_on_what_stands_there() {
        assert_eq!(clicked("hello", (20, 1), (2, 0)), "he|llo");
        assert_eq!(clicked("hello", (20, 1), (15, 0)), "hello|");
        // Either half of a wide character is that character, and marks belong to theirs.
        for half in [2, 3] {
            assert_eq!(clicked("日本語", (20, 1), (half, 0)), "日|本語");
        }
        assert_eq!(clicked("xe\u{301}y", (20, 1), (1, 0)), "x|e\u{301}y");
        // What stands in for something that can't be seen is that.
        assert_eq!(clicked("a\u{200d}b", (20, 1), (3, 0)), "a|\u{200d}b");
        // A line break shown on one row is the end of its line.
        assert_eq!(clicked("a\nb", (20, 1), (1, 0)), "a|\nb");
        assert_eq!(clicked("a\nb", (20, 1), (2, 0)), "a\n|b");
    }

    #[test]
    fn a_click_into_a_scrolled_or_wrapped_text_hits_what_is_seen() {
        let area = Rect::new(0, 0, 10, 1);
        let mut edit = TextEdit::new("0123456789abcdefghij");
        let shown = |edit: &TextEdit| {
            let mut buffer = Buffer::empty(area);
            edit.draw_line(&mut buffer, area);
            (0..10).map(|x| buffer[(x, 0)].symbol().to_owned()).collect::<String>()
        };
        let before = shown(&edit);
        let letter = before.chars().nth(4).unwrap();
        edit.click_line(area, Position::new(4, 0));
        edit.insert("|");
        assert!(
            edit.text().contains(&format!("|{letter}")),
            "{before:?} → {}",
            edit.text()
        );
        assert_eq!(clicked("abcdefgh", (4, 3), (1, 1)), "abcde|fgh");
        assert_eq!(clicked("ab日本cd", (5, 4), (0, 1)), "ab日|本cd");
        assert_eq!(clicked("ab\ncd", (5, 4), (4, 0)), "ab|\ncd");
        assert_eq!(clicked("ab\ncd", (5, 4), (1, 3)), "ab\nc|d");
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
