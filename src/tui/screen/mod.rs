//! The screens: `view(model)` draws the whole state, and changes nothing.

mod conflict;
mod edit_box;
mod form;
mod header;
pub mod lines;
mod picker;
mod popup;

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use super::model::{Model, Screen};
use super::theme;
use super::widget::paint;

/// The smallest terminal that a screen fits into.
pub const SMALLEST: Size = Size { width: 40, height: 12 };

/// Rows that the review has for its lines.
pub fn review_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(4)).max(1)
}

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        paint::text(
            frame.buffer_mut(),
            0,
            area.height / 2,
            area.width,
            "need 40×12",
            theme::PLAIN,
        );
        return;
    }
    let mut cursor = match &model.screen {
        Screen::Picker(picker) => picker::draw(model, picker, frame.buffer_mut(), area),
        Screen::Loading { id, error } => {
            picker::draw_loading(id, error.as_ref(), model.again.as_ref(), frame.buffer_mut(), area)
        }
        Screen::Form(form) => form::draw(model, form, frame.buffer_mut(), area),
    };
    if let Some(overlay) = &model.overlay {
        cursor = popup::draw(model, overlay, frame.buffer_mut(), area);
    }
    if let Some(Position { x, y }) = cursor {
        frame.set_cursor_position(Position::new(x.min(area.right() - 1), y.min(area.bottom() - 1)));
    }
}

/// The rows of an area from one on.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect::new(area.x, area.y + rows, area.width, area.height - rows)
}
