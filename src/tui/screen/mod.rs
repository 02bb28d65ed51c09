//! The screens: `view(model)` draws the whole state, and changes nothing.

mod changes;
mod conflict;
mod details;
mod edit_box;
mod excerpt;
mod fields;
mod footer;
mod form;
mod header;
mod keeping;
pub mod lines;
mod offers;
mod outside;
mod past;
mod picker;
mod popup;
mod questions;
mod result;
mod review;
mod scale;
mod search;
mod sheet;

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
use super::widgets::notice;
use super::widgets::notice::Notice;
use super::widgets::paint;
use crate::store::Owner;
use crate::text::one_line;
use crate::text::width::shown_text;

/// The smallest terminal that a screen fits into.
pub const SMALLEST: Size = Size { width: 40, height: 12 };

/// Rows that the review has for its lines; a notice takes those that it needs.
pub fn review_height(size: Size, notice: Option<&Notice>) -> usize {
    let Size { width, height } = size;
    let notice = notice::rows(notice, width.saturating_sub(2), height, 1);
    usize::from(height.saturating_sub(3 + notice)).max(1)
}

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
    if let Some(overlay) = &model.overlay {
        places.cover();
        cursor = popup::draw(model, overlay, buffer, area, places);
    }
    for view in model.views.iter() {
        places.cover();
        let mut canvas = Canvas {
            buffer: &mut *buffer,
            area,
            places: &mut *places,
            cursor: None,
        };
        view.draw(model, &mut canvas);
        cursor = canvas.cursor;
    }
    if let Some(view) = model.views.front() {
        let hints: Vec<_> = view.commands(model).iter().filter_map(Command::hint).collect();
        key_bar::draw(&hints, buffer, area);
    }
    cursor
}

/// A time of a file, RFC 3339, as people say it: `23 Nov 13:58`. What isn't one is shown as it is, made visible.
pub fn when(time: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = time.get(5..7).and_then(|month| month.parse::<usize>().ok());
    match (month, time.get(8..10), time.get(11..16)) {
        (Some(month @ 1..=12), Some(day), Some(clock)) if is_numeric(day) && is_numeric(clock) => {
            format!("{} {} {clock}", day.trim_start_matches('0'), MONTHS[month - 1])
        }
        _ => shown_text(time).into_owned(),
    }
}

/// The day of such a time: `7 Dec`.
pub fn day(time: &str) -> String {
    let when = when(time);
    when.rsplit_once(' ').map_or(when.clone(), |(day, _)| day.to_owned())
}

fn is_numeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}

/// An editor, and since when it has the endpoint: `process 123 on host since 23 Nov 13:58`.
pub fn owner_words(owner: &Owner) -> String {
    let host = one_line(&owner.host);
    format!("process {} on {host} since {}", owner.pid, when(&owner.since))
}

/// A text that begins a sentence.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// The rows of an area from one on.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect::new(area.x, area.y + rows, area.width, area.height - rows)
}
