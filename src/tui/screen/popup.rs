//! What lies over a screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Places, Scrolls};
use crate::tui::model::{Model, Overlay};

/// Draws an overlay; where the cursor stands.
pub fn draw(
    model: &Model,
    overlay: &Overlay,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Option<Position> {
    if is_page(overlay) {
        let whole = Rect::new(area.x, area.y, area.width, area.height - 1);
        places.window(whole, Scrolls::Front, 0, 0);
    }
    match overlay {
        Overlay::Import(import) => super::outside::draw_import(model, import, buffer, area),
        Overlay::Path(asked) => return Some(super::outside::draw_path(asked, buffer, area, places)),
    }
    None
}

/// Whether it is a page of lines that the wheel moves; lists say themselves which rows they show.
fn is_page(overlay: &Overlay) -> bool {
    matches!(overlay, Overlay::Import(_))
}
