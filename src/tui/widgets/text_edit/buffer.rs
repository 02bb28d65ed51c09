//! The buffer of a text being edited: tui-textarea's, by the bytes of the whole text.
//!
//! Of the widget only the buffer serves; `shared/terminal.md` says why. What a text is elsewhere (words, rows, undo)
//! counts in bytes of one text, so that is derived from the buffer's lines when it is asked for.

use std::cell::OnceCell;
use std::ops::{Deref, Range};

use tui_textarea::{CursorMove, TextArea};
use zeroize::{Zeroize, Zeroizing};

use crate::tui::widgets::areas::cells;

/// A text that parts can be put into. Its lines are zeroed when it goes; what the widget keeps of the part that was
/// deleted last is its own, and is replaced at once.
#[derive(Clone)]
pub(super) struct TextBuffer {
    area: Box<TextArea<'static>>,
    /// The lines joined, until they change.
    whole: OnceCell<Zeroizing<String>>,
}

impl TextBuffer {
    /// With a text in it.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_max_histories(0);
        Self {
            area: Box::new(area),
            whole: OnceCell::new(),
        }
    }

    /// Puts a text in place of a part, both borders of which are borders of characters.
    pub fn splice(&mut self, part: Range<usize>, with: &str) {
        let removed = self[part.clone()].chars().count();
        let before = &self[..part.start];
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let (row, column) = (before.matches('\n').count(), before[line..].chars().count());
        self.whole.take();
        self.go_to(row, column);
        if self.area.delete_str(removed) {
            self.area.set_yank_text("");
        }
        for (number, piece) in with.split('\n').enumerate() {
            if number > 0 {
                self.area.insert_newline();
            }
            self.insert_piece(piece);
        }
    }

    /// Puts in what has no line break. The widget drops a CR at the end of what it is given, so it is given one more
    /// character.
    fn insert_piece(&mut self, piece: &str) {
        if piece.ends_with('\r') {
            let guarded = Zeroizing::new([piece, " "].concat());
            self.area.insert_str(&*guarded);
            self.area.delete_char();
        } else if !piece.is_empty() {
            self.area.insert_str(piece);
        }
    }

    /// The widget's jumps end at 65,535.
    fn go_to(&mut self, row: usize, column: usize) {
        self.area.move_cursor(CursorMove::Jump(cells(row), cells(column)));
        for _ in usize::from(u16::MAX)..row {
            self.area.move_cursor(CursorMove::Down);
        }
        for _ in usize::from(u16::MAX)..column {
            self.area.move_cursor(CursorMove::Forward);
        }
    }
}

impl Default for TextBuffer {
    fn default() -> Self {
        Self::new("")
    }
}

/// The whole text.
impl Deref for TextBuffer {
    type Target = str;

    fn deref(&self) -> &str {
        self.whole.get_or_init(|| Zeroizing::new(self.area.lines().join("\n")))
    }
}

impl Drop for TextBuffer {
    fn drop(&mut self) {
        let lines = std::mem::take(&mut *self.area).into_lines();
        lines.into_iter().for_each(|mut line| line.zeroize());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn carriage_returns_stay_wherever_they_come_in() {
        let mut buffer = TextBuffer::new("a\r\nb");
        buffer.splice(1..1, "\r\nx\r");
        assert_eq!(&*buffer, "a\r\nx\r\r\nb");
    }

    #[test]
    fn a_line_may_be_longer_than_the_widget_can_jump() {
        let mut buffer = TextBuffer::new(&"x".repeat(70_000));
        buffer.splice(69_999..70_000, "end");
        assert!(buffer.ends_with("xend") && buffer.len() == 70_002);
    }

    proptest! {
        #[test]
        fn it_is_the_text_that_a_string_would_be(
            text in "[a\\r\\né日👩\t]{0,12}",
            steps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[b\\r\\n語]{0,4}"), 0..6),
        ) {
            let (mut buffer, mut expected) = (TextBuffer::new(&text), text);
            for (from, to, with) in steps {
                let borders: Vec<usize> = (0..=expected.len()).filter(|at| expected.is_char_boundary(*at)).collect();
                let (a, b) = (borders[from.index(borders.len())], borders[to.index(borders.len())]);
                let part = a.min(b)..a.max(b);
                buffer.splice(part.clone(), &with);
                expected.replace_range(part, &with);
                prop_assert_eq!(&*buffer, &expected);
            }
        }
    }
}
