//! A box with a question: what is asked, and under it the choices, each with its key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::areas::{Areas, cells};
use super::paint::{self, fitted};
use crate::tui::theme;

/// What a box says.
pub struct Question<'a> {
    /// Its title.
    pub title: &'a str,
    /// What is asked; empty: the choices say it.
    pub text: &'a str,
    /// Keys as they are shown, and what each does.
    pub choices: &'a [(String, String)],
    /// Columns that the box takes at most.
    pub width: u16,
    /// Columns that a key has.
    pub key: u16,
    /// A text that is too long has the empty row above the choices, too.
    pub takes_gap: bool,
}

impl Widget for &Question<'_> {
    /// In the middle of the screen. Where there is too little room its text is cut, never the choices.
    fn render(self, screen: Rect, buffer: &mut Buffer) {
        let width = self.width.min(screen.width);
        let above_keys = usize::from(screen.height.saturating_sub(3));
        let room = above_keys.saturating_sub(self.choices.len());
        let most = room.saturating_sub(usize::from(!self.takes_gap));
        let said = fitted(self.text, usize::from(width.saturating_sub(4)), most, "");
        let told = (said.len() + usize::from(!said.is_empty())).min(room);
        let rows = cells(told + self.choices.len() + 2);
        let inside = paint::window(buffer, screen.middle(width, rows), self.title).indented();
        paint::lines(buffer, inside, &said, theme::plain());
        let [_, choices] = inside.split_top(cells(told));
        for (row, (key, says)) in choices.rows().zip(self.choices) {
            let [left, right] = row.split_left(self.key);
            paint::row(buffer, left, key, theme::key());
            paint::row(buffer, right, says, theme::plain());
        }
    }
}
