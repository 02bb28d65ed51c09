//! A page of lines in a frame over the whole screen.

use ratatui::widgets::Widget;

use super::areas::Areas;
use super::notice::Notice;
use super::page::{LinesFrom, Page};
use super::paint;
use super::scroll::Scroll;
use crate::tui::canvas::Canvas;
use crate::tui::hit_map::Scrolls;

/// From this width on the lines of a page keep a column's distance from its frame.
const ROOMY: u16 = 60;

/// A page that has the whole screen but the row of the key bar.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    title: &'a str,
    scroll: &'a Scroll,
    notice: Option<&'a Notice>,
}

impl<'a> Sheet<'a> {
    /// With this title in its frame, scrolled so far. A notice has its last rows, since it covers the form's message
    /// area.
    pub fn new(title: &'a str, scroll: &'a Scroll, notice: Option<&'a Notice>) -> Self {
        Self { title, scroll, notice }
    }

    /// Draws as much of its lines as there is room for; `write` adds them.
    pub fn draw(self, canvas: &mut Canvas<'_>, write: impl FnOnce(&mut Page)) {
        let place = canvas.above_keys();
        let width = place.width.saturating_sub(if place.width >= ROOMY { 3 } else { 2 });
        let mut page = Page::new(width);
        write(&mut page);
        let lines = &page.lines;
        canvas.hit_map.window(place, Scrolls::Front, 0, 0);
        let inside = paint::window(canvas.buffer, place, self.title);
        let [_, inside] = inside.split_right(width);
        let told = self.notice.map_or(0, |notice| notice.rows(width, canvas.area.height));
        let [above, foot] = inside.split_bottom(told);
        let [height, shown] = [inside.height, above.height].map(usize::from);
        let first = self.scroll.first_of(lines.len(), height.max(1), shown);
        LinesFrom::new(lines, first).render(above, canvas.buffer);
        if let Some(notice) = self.notice {
            notice.render(foot, canvas.buffer);
            paint::marks(canvas.buffer, inside, 0, lines.len().saturating_sub(first + shown));
        }
    }
}
