//! What clicks and the wheel do. They move the focus and what is shown; they never send, take, leave or decide anything.

use ratatui::layout::Position;

use super::front::text_in_front;
use super::{form, picker};
use crate::tui::event::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Focus, Model, Screen, offers};
use crate::tui::screen::{Scrolls, Span, Target, Window, places};

/// Rows that a notch of the wheel moves.
const NOTCH: i64 = 3;

/// Turns the mouse on or off.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    model.mouse = !model.mouse;
    model.say(if model.mouse {
        "The mouse is on. To select text with the terminal, hold Shift (Option in some)."
    } else {
        "The mouse is off: it is the terminal's again."
    });
    vec![Effect::Mouse(model.mouse)]
}

/// Rows that were held in place are no longer where they were.
pub(super) fn forget_tops(model: &mut Model) {
    match &mut model.screen {
        Screen::Form(form) => form.tops.clear(),
        Screen::Picker(picker) => picker.top = None,
        Screen::Loading { .. } => {}
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
        return if clicked { edit(model) } else { Vec::new() };
    }
    // What is clicked is what was seen, not what is about to be drawn.
    if seen < model.drawn {
        return Vec::new();
    }
    super::seen(model, seen);
    let places = places(model);
    let Some(target) = places.target(at) else {
        if let Screen::Form(form) = &model.screen
            && form.editing.is_some()
            && model.is_bare()
        {
            model.say("Enter takes what is typed, Esc leaves it; then click.");
        }
        return Vec::new();
    };
    model.notice = None;
    if let Some(window) = places.under(at).filter(|_| model.is_bare()) {
        hold(model, window);
    }
    if let Target::Text(place) = target {
        if let Some(text) = text_in_front(model) {
            if place.wrapped {
                text.click_box(place.area, at);
            } else {
                text.click_line(place.area, at);
            }
        }
        return Vec::new();
    }
    if let Some(mut taken) = model.views.take_front() {
        taken.view.click(model, target);
        model.views.put_back(taken);
        return Vec::new();
    }
    match (target, &mut model.screen) {
        (Target::Part(part), Screen::Form(form)) => {
            form.pick = None;
            if let Some(editing) = &mut form.editing {
                editing.go_to_part(part);
            }
            form.check_typed();
        }
        // It is focused; Enter takes it.
        (Target::Offer(row), Screen::Form(form)) => {
            form.pick = offers(&model.lookups, form).and_then(|offers| offers.id_at(row));
        }
        (Target::Focus(focus), Screen::Form(form)) => {
            if let Some(filter) = &mut form.filter {
                filter.typing = false;
            }
            form.focus = focus;
            model.clicked = true;
        }
        (Target::Row(row), Screen::Picker(picker)) => {
            (picker.at, picker.moved) = (row, true);
            model.clicked = true;
        }
        _ => {}
    }
    Vec::new()
}

/// What Enter does in the form and in the list of endpoints; everywhere else Enter decides something.
fn edit(model: &mut Model) -> Vec<Effect> {
    match &model.screen {
        _ if !model.is_bare() => Vec::new(),
        Screen::Form(form) if form.editing.is_none() => form::act(model, Action::Edit),
        Screen::Picker(_) => picker::act(model, Action::Edit),
        _ => Vec::new(),
    }
}

/// A click doesn't move the rows that it is among.
fn hold(model: &mut Model, window: Window) {
    match (window.what, &mut model.screen) {
        (Scrolls::Form(part), Screen::Form(form)) => drop(form.tops.insert(part, window.first)),
        (Scrolls::Front, Screen::Picker(picker)) => picker.top = Some(window.first),
        _ => {}
    }
}

/// Scrolls what is under the pointer; a focus that would be left behind is taken along.
pub(super) fn wheel(model: &mut Model, at: Position, by: i32, seen: u64) {
    super::seen(model, seen);
    let Some(window) = places(model).under(at) else {
        return;
    };
    let by = i64::from(by) * NOTCH;
    if let Some(mut taken) = model.views.take_front() {
        taken.view.wheel(model, by, window.count);
        model.views.put_back(taken);
        return;
    }
    let height = usize::from(window.area.height);
    let most = window.count.saturating_sub(height);
    let first = moved(window.first, by, most);
    let (low, high) = Span::new(Some(first), height, window.count, None).free();
    match (window.what, &mut model.screen) {
        (Scrolls::Form(Some(pane)), Screen::Form(form)) => {
            form.tops.insert(Some(pane), first);
            let stops: Vec<Focus> = form.stops().into_iter().filter(|stop| stop.pane() == pane).collect();
            if let Some(at) = stops.iter().position(|stop| *stop == form.focus) {
                form.focus = stops[at.clamp(low, high).min(stops.len() - 1)];
            }
        }
        (Scrolls::Form(None), Screen::Form(form)) => {
            form.tops.insert(None, first);
            follow(model);
        }
        (Scrolls::Front, Screen::Picker(picker)) => {
            (picker.top, picker.moved) = (Some(first), true);
            picker.at = picker.at.clamp(low, high);
        }
        _ => {}
    }
}

/// In one column: the focus goes to the nearest stop that is still shown.
fn follow(model: &mut Model) {
    let Screen::Form(form) = &model.screen else { return };
    let (stops, focus, top) = (form.stops(), form.focus, form.tops.get(&None).copied());
    let Some(at) = stops.iter().position(|stop| *stop == focus) else {
        return;
    };
    // The view moves the rows to a focus that isn't among them: so it is asked with each candidate whether they stay.
    let stays = |model: &mut Model, focus: Focus| {
        if let Screen::Form(form) = &mut model.screen {
            form.focus = focus;
        }
        let places = places(model);
        let form = places.windows.iter().find(|window| window.what == Scrolls::Form(None));
        let shown = places.targets.iter().any(|(_, target)| *target == Target::Focus(focus));
        shown && form.map(|window| window.first) == top
    };
    for distance in 0..stops.len() {
        for near in [at.checked_sub(distance), Some(at + distance)].into_iter().flatten() {
            if near < stops.len() && stays(model, stops[near]) {
                return;
            }
        }
    }
    if let Screen::Form(form) = &mut model.screen {
        form.focus = focus;
    }
}

fn moved(at: usize, by: i64, most: usize) -> usize {
    let by = isize::try_from(by).unwrap_or(0);
    at.saturating_add_signed(by).min(most)
}
