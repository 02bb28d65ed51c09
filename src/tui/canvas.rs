//! What a view draws on.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::hit_map::Places;

/// The cells of a frame, what a click into them hits, and where the cursor stands.
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// All of the screen.
    pub area: Rect,
    /// What stands where, for the mouse.
    pub places: &'a mut Places,
    /// Where the cursor stands; `None` hides it.
    pub cursor: Option<Position>,
}

impl Canvas<'_> {
    /// All but the last row, which is the key bar's.
    pub fn above_keys(&self) -> Rect {
        Rect {
            height: self.area.height.saturating_sub(1),
            ..self.area
        }
    }
}
