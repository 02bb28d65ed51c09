//! The screens: `view(model)` draws the whole state, and changes nothing.

mod details;
pub(super) mod edit_box;
mod fields;
mod footer;
mod form;
mod header;
mod offers;
mod picker;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::canvas::Canvas;
use super::command::Command;
pub use super::hit_map::{Places, Scrolls, Target, TextPlace, Window};
use super::model::{Model, Screen};
use super::theme;
use super::widgets::key_bar;
pub use super::widgets::list_window::Span;
use super::widgets::paint;
pub(super) use fields::range_note;
pub(super) use footer::hint_at_times;

/// The smallest terminal that a screen fits into.
pub const SMALLEST: Size = Size { width: 40, height: 12 };

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let cursor = paint_all(model, frame.buffer_mut(), area, &mut Places::default());
    if let Some(Position { x, y }) = cursor {
        frame.set_cursor_position(Position::new(x.min(area.right() - 1), y.min(area.bottom() - 1)));
    }
}

/// The window's title: `llama-3-8b* novita-edit` while the endpoint has unsaved edits.
pub fn title(model: &Model) -> String {
    match &model.screen {
        Screen::Picker(_) => "novita-edit".to_owned(),
        Screen::Loading { id, .. } => format!("{id} novita-edit"),
        Screen::Form(form) => {
            let config = &form.work.base().config;
            let name = if config.name.trim().is_empty() {
                &config.id
            } else {
                &config.name
            };
            let changed = if form.work.is_changed() { "*" } else { "" };
            format!("{name}{changed} novita-edit")
        }
    }
}

/// What stands where: the model is drawn once more, where nobody sees it.
pub fn places(model: &Model) -> Places {
    let area = Rect::from((Position::ORIGIN, model.size));
    let mut places = Places::default();
    paint_all(model, &mut Buffer::empty(area), area, &mut places);
    places
}

/// Draws the model and notes what stands where; where the cursor stands.
fn paint_all(model: &Model, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Option<Position> {
    buffer.set_style(area, theme::plain());
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        paint::text(buffer, 0, area.height / 2, area.width, "need 40×12", theme::plain());
        return None;
    }
    let mut cursor = match &model.screen {
        Screen::Picker(picker) => picker::draw(model, picker, buffer, area, places),
        Screen::Loading { id, error, .. } => {
            picker::draw_loading(id, error.as_ref(), model.again.as_ref(), buffer, area)
        }
        Screen::Form(form) => form::draw(model, form, buffer, area, places),
    };
    let mut covers_keys = false;
    for view in model.views.iter() {
        places.cover();
        let mut canvas = Canvas {
            buffer: &mut *buffer,
            area,
            places: &mut *places,
            cursor: None,
            covers_keys: false,
        };
        view.draw(model, &mut canvas);
        (cursor, covers_keys) = (canvas.cursor, canvas.covers_keys);
    }
    if let Some(view) = model.views.front().filter(|_| !covers_keys) {
        let hints: Vec<_> = view.commands(model).iter().filter_map(Command::hint).collect();
        key_bar::draw(&hints, buffer, area);
    }
    cursor
}

/// The rows of an area from one on.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect::new(area.x, area.y + rows, area.width, area.height - rows)
}
