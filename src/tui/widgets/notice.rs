//! A sentence for the message area.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::areas::cells;
use super::paint::{self, wrap};
use crate::tui::theme;

/// A sentence for the message area. It is drawn over a whole area, which is emptied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

impl Notice {
    /// Rows that it takes at the bottom of an area: one at least, and at most half of the area.
    pub fn rows(&self, width: u16, height: u16) -> u16 {
        cells(wrap(&self.text, usize::from(width)).len()).min(height / 2).max(1)
    }
}

impl Widget for &Notice {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        paint::clear(buffer, area);
        let style = if self.bad { theme::error() } else { theme::strong() };
        paint::wrapped(buffer, area, &self.text, style);
    }
}
