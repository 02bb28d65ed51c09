//! `update(model, event) → effects`: a pure function, so that every behaviour is a plain test.

mod discarding;
mod draft_state;
mod front;
mod mask;
mod mouse;
mod paste;
mod reads;
mod rollout;
mod weight;

use crossterm::event::{KeyCode, KeyModifiers};

use super::event::{Effect, Event, Press};
use super::guard::Weight;
use super::keymap::{Action, Context, keymap};
use super::model::{Model, Screen};
use super::screen::SMALLEST;
use super::view::View;
use super::views::conflict::{Conflict, merging};
use super::views::draft::{self, DraftQuestion};
use super::views::form::{copy, rows};
use super::views::note::Note;
use super::views::occupied::Occupied;
use super::views::review::Review;
use super::views::{external_editor, history, leave, path, picker, quick_scale, save_result, saving};
use crate::store::SendOutcome;
use crate::tui::redacted;

/// Whether something is asked or told about the endpoint that comes before what an editor left.
fn is_asked_first(model: &Model) -> bool {
    model.views.find::<Note>().is_some()
        || model.views.find::<Occupied>().is_some()
        || model.views.find::<Conflict>().is_some()
        || model.views.find::<DraftQuestion>().is_some()
}

/// Takes an event over and says what is to be done outside.
pub fn update(model: &mut Model, event: Event) -> Vec<Effect> {
    let shown = mask::is_anything_shown(model);
    redacted::restore_from(model, &event);
    let by_hand = matches!(event, Event::Key(_) | Event::Paste(_) | Event::Click(..));
    let before = weight::Front::of(model);
    let mut effects = apply(model, event);
    effects.extend(external_editor::take_in_saved(model, is_asked_first(model)));
    effects.extend(quick_scale::come_back(model));
    if weight::Front::of(model) != before {
        model.guard.turned(!by_hand);
    }
    draft_state::tell_what_edits_are_worth(model);
    let shown_now = mask::is_anything_shown(model);
    if shown != shown_now {
        effects.push(Effect::WatchIdle(shown_now));
    }
    effects
}

fn apply(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Click(at, double, seen) if is_shown(model) => {
            let effects = mouse::click(model, at, double, seen);
            merging::meet_what_waits(model);
            return effects;
        }
        Event::Wheel(at, by, seen) if is_shown(model) => mouse::wheel(model, at, by, seen),
        Event::Click(..) | Event::Wheel(..) => {}
        Event::Idle => mask::mask(model),
        Event::Key(press) => {
            model.clicked = false;
            let filter = rows::filter_of(model);
            model.guard.pressed(&press);
            seen(model, press.seen);
            let effects = key_pressed(model, press);
            rows::tell_if_off(model, filter, &press.key);
            merging::meet_what_waits(model);
            return effects;
        }
        Event::Paste(piece) => paste::came(model, &piece),
        Event::Resize(size) => {
            model.size = size;
            mouse::forget_tops(model);
            front::forget_layout(model);
            // Other lines are on the screen now: what was seen has to be seen again.
            if let Some(review) = model.views.find_mut::<Review>() {
                review.restart();
            }
        }
        Event::Drawn(frame) => {
            model.drawn = frame;
            if is_shown(model) {
                model.guard.drawn(frame);
                let front = model.views.iter().count().saturating_sub(1);
                for (at, view) in model.views.iter_mut().enumerate() {
                    view.drawn((at == front).then_some(frame));
                }
            }
        }
        Event::Page(request, page) if request == model.request => picker::page(model, page),
        Event::ListEnd(request, end) if request == model.request => return picker::end(model, end),
        Event::Loaded(request, read, at) if request == model.request => return model.loaded(*read, at),
        Event::Opened(id, opened) => return draft_state::came(model, &id, opened),
        Event::HistoryRead(id, read) => history::came(model, &id, read),
        Event::Recent(recent) => picker::remembered(model, recent),
        Event::StoreOverview(overview) => {
            if let Screen::Picker(picker) = &mut model.screen {
                picker.set_overview(overview);
            }
        }
        Event::Kept(kept) => draft_state::kept(model, kept),
        Event::Flushed(written, leaving) => return leave::flushed(model, written, leaving),
        Event::Discarded(what, put) => return discarding::done(model, &what, put),
        Event::DiscardedRead(id, read) => draft::discarded::bring_back(model, &id, read),
        Event::NotRecorded(why) => model.complain(format!("The history could not be written: {why}.")),
        Event::Again(request, again) if request == model.request => {
            if let Screen::Picker(picker) = &mut model.screen {
                picker.restart();
            }
            model.again = Some(again);
        }
        Event::Page(..) | Event::ListEnd(..) | Event::Loaded(..) | Event::Again(..) => {}
        Event::Limits(limits) => model.limits_came(limits),
        Event::Lookup(answer) => reads::looked_up(model, answer),
        Event::Settled(settled) => {
            // What else there is to tell is told of the newest send, with what was read.
            if let Some(late) = settled.iter().find(|one| one.outcome == SendOutcome::LandedLate) {
                model.complain(late.in_words());
            }
        }
        Event::SaveStep(at) => saving::came_to(model, at),
        Event::SaveDone(outcome, at) => return save_result::done(model, outcome, at),
        Event::Rollout(id, news) => rollout::came(model, &id, news),
        Event::Edited(target, edited) => {
            external_editor::ended(model, target, edited);
            merging::meet_what_waits(model);
        }
        Event::FileRead(path, read) => path::read(model, &path, read),
        Event::FileWritten(path, written) => {
            path::wrote(model, &path, written);
            merging::meet_what_waits(model);
        }
        Event::Copied(what, copied) => copy::copied(model, &what, copied),
        Event::CopyWritten(written) => copy::written(model, written),
    }
    Vec::new()
}

fn key_pressed(model: &mut Model, press: Press) -> Vec<Effect> {
    let key = press.key;
    let bound = front::bound(model, &key);
    match (key.code, key.modifiers) {
        _ if bound == Some(Action::Redraw) => return vec![Effect::Redraw],
        _ if bound == Some(Action::Suspend) => return vec![Effect::Suspend],
        // These two work while text is typed, too.
        (KeyCode::Char('l'), KeyModifiers::CONTROL) => return vec![Effect::Redraw],
        (KeyCode::Char('z'), KeyModifiers::CONTROL) => return vec![Effect::Suspend],
        _ => {}
    }
    if let Some([esc, key]) = press.apart()
        && bound.is_none()
        && !front::is_typing(model)
    {
        let mut effects = key_pressed(model, esc);
        effects.extend(key_pressed(model, key));
        return effects;
    }
    if !is_shown(model) {
        let effects = unseen_key(model, &press);
        if key.code == KeyCode::Esc {
            model.guard.escaped();
        }
        return effects;
    }
    if model.guard.is_for_something_else(&press) {
        return Vec::new();
    }
    front::lay_out(model, &key);
    match model.notice.take() {
        None if model.views.front().is_some_and(View::tells_the_last_notice) => {}
        notice => model.noticed = notice,
    }
    let action = front::with(model, |view, model| front::action_of(view, model, &key, bound));
    let effects = if weight::counts(model, &press, action) {
        front::act(model, &press, action)
    } else {
        Vec::new()
    };
    match key.code {
        KeyCode::Esc => model.guard.escaped(),
        // It leaves what Esc leaves.
        KeyCode::Char('c') if key.modifiers == KeyModifiers::CONTROL => model.guard.escaped(),
        _ if press.after_esc => model.guard.alted(),
        _ => {}
    }
    effects
}

/// Somebody used a key or the mouse with this frame on the terminal.
fn seen(model: &mut Model, frame: u64) {
    if let Some(view) = model.views.front_mut() {
        view.seen(frame);
    }
}

/// Whether the terminal is large enough for anything to be drawn.
fn is_shown(model: &Model) -> bool {
    model.size.width >= SMALLEST.width && model.size.height >= SMALLEST.height
}

/// On a terminal that shows nothing, nothing is done blindly; leaving without a loss is possible.
fn unseen_key(model: &Model, press: &Press) -> Vec<Effect> {
    let quit = keymap().action(Context::Form, &press.key) == Some(Action::Quit);
    let quit = quit && model.guard.admits(press, Weight::Leaves).is_ok();
    let unsaved = matches!(&model.screen, Screen::Form(form) if form.is_unsaved() || form.editing.is_some());
    if quit && !unsaved && model.is_bare() {
        vec![Effect::Quit]
    } else {
        Vec::new()
    }
}
