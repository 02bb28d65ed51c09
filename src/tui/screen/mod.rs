//! The screens: `view(model)` draws the whole state, and changes nothing.

mod conflict;
mod edit_box;
mod form;
mod header;
mod keeping;
pub mod lines;
mod offers;
mod outside;
mod past;
mod picker;
mod popup;
mod scale;

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use super::model::{Model, Screen};
use super::theme;
use super::widget::paint;
use crate::store::Owner;

/// The smallest terminal that a screen fits into.
pub const SMALLEST: Size = Size { width: 40, height: 12 };

/// Rows that the review has for its lines.
pub fn review_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(4)).max(1)
}

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, theme::plain());
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        paint::text(
            frame.buffer_mut(),
            0,
            area.height / 2,
            area.width,
            "need 40×12",
            theme::plain(),
        );
        return;
    }
    let mut cursor = match &model.screen {
        Screen::Picker(picker) => picker::draw(model, picker, frame.buffer_mut(), area),
        Screen::Loading { id, error, .. } => {
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

/// A time of a file, RFC 3339, as people say it: `23 Nov 13:58`. What isn't one stays as it is.
pub fn when(time: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = time.get(5..7).and_then(|month| month.parse::<usize>().ok());
    match (month, time.get(8..10), time.get(11..16)) {
        (Some(month @ 1..=12), Some(day), Some(clock)) => {
            format!("{} {} {clock}", day.trim_start_matches('0'), MONTHS[month - 1])
        }
        _ => time.to_owned(),
    }
}

/// An editor, and since when it has the endpoint: `process 123 on host since 23 Nov 13:58`.
pub fn owner_words(owner: &Owner) -> String {
    format!("process {} on {} since {}", owner.pid, owner.host, when(&owner.since))
}

/// The rows of an area from one on.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect::new(area.x, area.y + rows, area.width, area.height - rows)
}
