//! What clicks and the wheel do. They move the focus and what is shown; they never send, take, leave or decide
//! anything.

use ratatui::layout::Position;

use super::front;
use crate::tui::event::Effect;
use crate::tui::hit_map::Target;
use crate::tui::model::{Model, Screen};
use crate::tui::screen::hit_map;
use crate::tui::view::View;

/// Rows that a notch of the wheel moves.
const NOTCH: i64 = 3;

/// Rows that were held in place are no longer where they were.
pub(super) fn forget_tops(model: &mut Model) {
    match &mut model.screen {
        Screen::Form(form) => form.tops.clear(),
        Screen::Picker(picker) => picker.top = None,
        Screen::Loading(_) => {}
    }
}

/// A click focuses; the second one of a double click edits what the first one focused.
pub(super) fn click(model: &mut Model, at: Position, double: bool, seen: u64) -> Vec<Effect> {
    // Something may have come under the finger.
    if !model.guard.is_shown_in(seen) {
        return Vec::new();
    }
    // Not looked up once more: the first click may have moved what stood here.
    let clicked = std::mem::take(&mut model.clicked);
    if double {
        return if clicked {
            front::with(model, View::double_click).effects
        } else {
            Vec::new()
        };
    }
    // What is clicked is what was seen, not what is about to be drawn.
    if seen < model.drawn {
        return Vec::new();
    }
    super::seen(model, seen);
    let hit_map = hit_map(model);
    let Some(target) = hit_map.target(at) else {
        front::with(model, |view, model| view.click_beside(model));
        return Vec::new();
    };
    model.notice = None;
    if let Some(window) = hit_map.under(at) {
        front::with(model, |view, model| view.hold(model, window));
    }
    match target {
        Target::Text(place) if place.wrapped => {
            front::with_text(model, |text| text.click_box(place.area, at));
        }
        Target::Text(place) => {
            front::with_text(model, |text| text.click_line(place.area, at));
        }
        target => front::with(model, |view, model| view.click(model, target)),
    }
    Vec::new()
}

/// Scrolls what is under the pointer; a focus that would be left behind is taken along.
pub(super) fn wheel(model: &mut Model, at: Position, by: i32, seen: u64) {
    super::seen(model, seen);
    if let Some(window) = hit_map(model).under(at) {
        let rows = i64::from(by) * NOTCH;
        front::with(model, |view, model| view.wheel(model, rows, window));
    }
}
