//! A sentence for the message area.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::theme;
use crate::tui::widgets::paint::{self, fitted, wrap};

/// A sentence for the message area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// Rows at the bottom of an area that a notice takes there, at least `least` and at most half of the area.
pub fn rows(notice: Option<&Notice>, width: u16, height: u16, least: u16) -> u16 {
    let lines = notice.map_or(0, |notice| wrap(&notice.text, usize::from(width)).len());
    u16::try_from(lines).unwrap_or(u16::MAX).min(height / 2).max(least)
}

/// Draws a notice over a whole area, which is emptied.
pub fn draw(notice: &Notice, buffer: &mut Buffer, area: Rect) {
    paint::clear(buffer, area);
    let style = if notice.bad { theme::error() } else { theme::strong() };
    let lines = fitted(&notice.text, usize::from(area.width), usize::from(area.height), "");
    for (row, line) in lines.iter().enumerate() {
        let y = area.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, area.x, y, area.width, line, style);
    }
}
