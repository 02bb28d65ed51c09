//! What a view draws on.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::widgets::Widget;

use super::hit_map::HitMap;
use super::widgets::areas::{Areas, SIDES};
use super::widgets::notice::Notice;
use super::widgets::paint;

/// The cells of a frame, what a click into them hits, and where the cursor stands.
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// All of the screen.
    pub area: Rect,
    /// What stands where, for the mouse.
    pub hit_map: &'a mut HitMap,
    /// Where the cursor stands; `None` hides it.
    pub cursor: Option<Position>,
    /// Something is told where the key bar would be.
    pub covers_keys: bool,
}

impl<'a> Canvas<'a> {
    /// On these cells.
    pub fn new(buffer: &'a mut Buffer, area: Rect, hit_map: &'a mut HitMap) -> Self {
        Self {
            buffer,
            area,
            hit_map,
            cursor: None,
            covers_keys: false,
        }
    }
}

impl Canvas<'_> {
    /// What stands where after something is drawn where nobody sees it.
    pub fn unseen(size: Size, draw: impl FnOnce(&mut Canvas<'_>)) -> HitMap {
        let area = Rect::from((Position::ORIGIN, size));
        let mut hit_map = HitMap::default();
        draw(&mut Canvas::new(&mut Buffer::empty(area), area, &mut hit_map));
        hit_map
    }

    /// What comes next lies over all of it.
    pub fn cover(&mut self) {
        self.hit_map.cover();
        self.cursor = None;
        self.covers_keys = false;
    }

    /// All but the last row, which is the key bar's.
    pub fn above_keys(&self) -> Rect {
        let [above, _] = self.area.split_bottom(1);
        above
    }

    /// The last row, which is the key bar's.
    pub fn key_row(&self) -> Rect {
        let [_, row] = self.area.split_bottom(1);
        row
    }

    /// Tells something in the last row, in the place of the key bar.
    pub fn tell_over_keys(&mut self, notice: &Notice) {
        let row = self.key_row();
        paint::clear(self.buffer, row);
        notice.render(row.inner(SIDES), self.buffer);
        self.covers_keys = true;
    }
}
