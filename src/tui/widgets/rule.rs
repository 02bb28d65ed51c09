//! A line over the whole width with a title in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::paint;
use crate::tui::theme;

/// A line over the whole width of an area, in its first row.
#[derive(Clone, Copy, Debug)]
pub struct TitledRule<'a> {
    title: &'a str,
    style: Style,
}

impl<'a> TitledRule<'a> {
    /// With this title in this style; an empty one is left out.
    pub fn new(title: &'a str, style: Style) -> Self {
        Self { title, style }
    }
}

impl Widget for TitledRule<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let line = "─".repeat(usize::from(area.width));
        paint::row(buffer, area, &line, theme::frame());
        if !self.title.is_empty() {
            let title = format!(" {} ", self.title);
            paint::text(buffer, area.x + 2, area.y, area.width - 4, &title, self.style);
        }
    }
}
