//! The form: the endpoint being edited. Moving, lists, undo, and what starts an edit.

mod commands;
pub mod copy;
pub mod edit_box;
pub mod edit_keys;
pub mod editing;
pub mod fields;
pub mod focus;
pub mod footer;
mod header;
mod panes;
pub mod pick;
pub mod rows;
pub mod state;
pub mod suggestion_list;
pub mod suggestions;
mod undo;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::details::Details;
use super::draft;
use super::external_editor;
use super::find::Find;
use super::history::HistoryView;
use super::import;
use super::leave::Leave;
use super::palette::Palette;
use super::path::{self, PathFor};
use super::quick_scale;
use super::review;
use crate::api::{ApiError, FailureHint};
use crate::endpoint::diff::{differences, few_names};
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::incoming::Taken;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, List, LoadedEndpoint, Number, Pane, Place};
use crate::session::NotSaved;
use crate::store::SendOutcome;
use crate::tui::canvas::Canvas;
use crate::tui::command::{Command, weight_in_filter};
use crate::tui::event::Effect;
use crate::tui::guard::Weight;
use crate::tui::hit_map::{Scrolls, Target, Window};
use crate::tui::keymap::{Action, Context, keymap, with_keys};
use crate::tui::model::{
    DraftState, EditorTarget, Focus, Form, Leaving, LimitsState, Model, PendingMerge, Screen, Sent, suggestions,
};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::views::conflict::merging::{Then, meet, merge_in};
use crate::tui::widgets::list_window::ListWindow;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// The form; what it shows is the model's [`Form`].
#[derive(Debug)]
pub struct FormView;

impl View<Model> for FormView {
    fn context(&self) -> Option<Context> {
        Some(Context::Form)
    }

    fn commands(&self, model: &Model) -> Vec<Command> {
        match &model.screen {
            Screen::Form(form) => commands::of(model, form),
            _ => Vec::new(),
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        Flow::stay().with(act(model, action))
    }

    fn takes(&self, model: &Model, key: &KeyEvent) -> Option<Weight> {
        let Screen::Form(form) = &model.screen else { return None };
        edit_keys::begins_a_number(form.focus, key).map(|_| Weight::Light)
    }

    fn stray(&mut self, model: &mut Model, press: &Press) -> Flow {
        let Screen::Form(form) = &mut model.screen else {
            return Flow::stay();
        };
        if press.key.code == KeyCode::Esc && form.filter.is_some() {
            form.unfilter();
        } else if press.key.code == KeyCode::Esc && form.reloading {
            form.reloading = false;
            model.next_request();
            model.say("Stopped reading; the form is as it was.");
            return Flow::stay().with([Effect::CancelRead]);
        } else if let Some(first) = edit_keys::begins_a_number(form.focus, &press.key) {
            edit_keys::start_with(model, &first);
        }
        Flow::stay()
    }

    fn is_editing(&self, model: &Model) -> bool {
        matches!(&model.screen, Screen::Form(form) if form.editing.is_some() || form.is_filter_typed())
    }

    fn text<'a>(&'a mut self, model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        let Screen::Form(form) = &mut model.screen else {
            return None;
        };
        form.text()
    }

    /// What is no key of the filter's text is one of the form.
    fn weight_of_typing(&self, model: &Model, key: &KeyEvent) -> Option<Weight> {
        match &model.screen {
            Screen::Form(form) if form.editing.is_none() => Some(weight_in_filter(Context::Form, key)),
            _ => None,
        }
    }

    fn edit(&mut self, model: &mut Model, press: &Press) -> Flow {
        let Screen::Form(form) = &model.screen else {
            return Flow::stay();
        };
        if form.editing.is_some() {
            edit_keys::key(model, &press.key);
            return Flow::stay();
        }
        if rows::filter_key(model, &press.key) {
            return Flow::stay();
        }
        match keymap().action(Context::Form, &press.key) {
            Some(action) => self.act(model, action, press),
            None => self.stray(model, press),
        }
    }

    fn paste(&mut self, model: &mut Model, pasted: &Taken, last: bool) {
        let Screen::Form(form) = &mut model.screen else { return };
        if form.editing.is_some() {
            edit_keys::paste(model, pasted, last);
        } else if let Some(filter) = form.filter.as_mut().filter(|filter| filter.typing) {
            let _ = filter.text.insert(&pasted.text.reveal().replace('\n', " "));
            rows::filtered(form);
        } else {
            let pasted = pasted.text.reveal();
            let name = |count| format!("paste {count} into the environment");
            if !(import::takes(form) && import::preview(model, pasted, name)) {
                edit_keys::not_pasted(model, pasted);
            }
        }
    }

    fn click(&mut self, model: &mut Model, target: Target) {
        let Screen::Form(form) = &mut model.screen else { return };
        match target {
            Target::Part(part) => {
                form.pick = None;
                if let Some(editing) = &mut form.editing {
                    editing.go_to_part(part);
                }
                form.check_typed();
            }
            // It is focused; Enter takes it.
            Target::Suggestion(row) => {
                form.pick = suggestions(&model.lookups, form).and_then(|suggestions| suggestions.id_at(row))
            }
            Target::Focus(focus) => {
                if let Some(filter) = &mut form.filter {
                    filter.typing = false;
                }
                form.focus = focus;
                model.clicked = true;
            }
            _ => {}
        }
    }

    fn click_beside(&mut self, model: &mut Model) {
        if matches!(&model.screen, Screen::Form(form) if form.editing.is_some()) {
            model.say("Enter takes what is typed, Esc leaves it; then click.");
        }
    }

    fn double_click(&mut self, model: &mut Model) -> Flow {
        if self.is_editing(model) {
            return Flow::stay();
        }
        Flow::stay().with(act(model, Action::Edit))
    }

    fn hold(&mut self, model: &mut Model, window: Window) {
        if let (Scrolls::Form(part), Screen::Form(form)) = (window.what, &mut model.screen) {
            form.tops.insert(part, window.first);
        }
    }

    fn wheel(&mut self, model: &mut Model, rows: i64, window: Window) {
        let Screen::Form(form) = &mut model.screen else { return };
        let first = window.moved(rows);
        match window.what {
            Scrolls::Form(Some(pane)) => {
                let (low, high) =
                    ListWindow::new(Some(first), usize::from(window.area.height), window.count, None).free();
                form.tops.insert(Some(pane), first);
                let stops: Vec<Focus> = form.stops().into_iter().filter(|stop| stop.pane() == pane).collect();
                if let Some(at) = stops.iter().position(|stop| *stop == form.focus) {
                    form.focus = stops[at.clamp(low, high).min(stops.len() - 1)];
                }
            }
            Scrolls::Form(None) => {
                form.tops.insert(None, first);
                follow_window(model);
            }
            Scrolls::Front => {}
        }
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        if let Screen::Form(form) = &model.screen {
            panes::draw(model, form, canvas);
        }
    }
}

/// Does what a key or the palette asks for.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let read_only = model.around.read_only;
    let page = usize::from(model.size.height.saturating_sub(8)).max(1);
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    match action {
        Action::Down => step(form, 1),
        Action::Up => step(form, -1),
        Action::PageDown => step(form, isize::try_from(page).unwrap_or(1)),
        Action::PageUp => step(form, -isize::try_from(page).unwrap_or(1)),
        Action::First => step(form, isize::MIN),
        Action::Last => step(form, isize::MAX),
        Action::NextPane => pane(form, 1),
        Action::PreviousPane => pane(form, Pane::ALL.len() - 1),
        Action::Left if form.focus.pane() >= Pane::Image => pane(form, 3),
        Action::Right if form.focus.pane() < Pane::Image => pane(form, 3),
        Action::Edit => edit_keys::start(model),
        Action::Increase => change_by(model, 1),
        Action::Decrease => change_by(model, -1),
        Action::IncreaseTen => change_by(model, 10),
        Action::DecreaseTen => change_by(model, -10),
        Action::Undo => undo::undo(model),
        Action::Redo => undo::redo(model),
        Action::RestoreField => restore(model),
        Action::Add => rows::add(model),
        Action::Delete => rows::delete(model),
        Action::MoveDown => rows::shift(model, 1),
        Action::MoveUp => rows::shift(model, -1),
        Action::SortRows => rows::sort(model),
        Action::Filter => rows::filter(model),
        Action::Review => review::open(model),
        Action::Find => {
            let find = Find::new(form);
            model.views.push(find);
        }
        Action::Palette => model.views.push(Palette::default()),
        Action::RestoreAll => restore_all(model),
        Action::NextProblem => problem(model, true),
        Action::PreviousProblem => problem(model, false),
        Action::Details => model.views.push(Details::default()),
        Action::Reveal => {
            if let Focus::Row(List::Envs, row) = form.focus {
                if !form.revealed.remove(&row) {
                    form.revealed.insert(row);
                }
            } else {
                model.say(with_keys(
                    "Only environment values are masked; {reveal} on one of them shows it.",
                ));
            }
        }
        Action::RevealAll => {
            form.reveal_all = !form.reveal_all;
            form.revealed.clear();
        }
        Action::Editor => return external_editor::open_focused(model),
        Action::EditEnvironment => return external_editor::open(model, EditorTarget::Environment),
        Action::EditBody => return external_editor::open(model, EditorTarget::Body),
        Action::ImportEnv => path::ask(model, PathFor::Import),
        Action::ExportEnv => path::ask(model, PathFor::Export),
        Action::Copy => {
            let (what, text) = copy::focused(form);
            return copy::copy(model, what, text);
        }
        Action::CopyBody => return copy::body(model),
        Action::Mouse => return model.toggle_mouse(),
        Action::Reload => {
            form.reloading = true;
            let id = form.work.base().config.id.clone();
            let mut effects = Vec::new();
            // What kept the edits from the disk may have passed.
            if matches!(form.draft_state, DraftState::Nowhere(_)) && !read_only {
                effects.push(Effect::OpenEndpoint(id.clone()));
            }
            effects.push(Effect::Load(model.next_request(), id));
            if !matches!(model.limits, LimitsState::Known(_)) {
                model.limits = LimitsState::Loading;
                effects.push(Effect::LoadLimits);
            }
            if model.lookups.ask() {
                effects.push(Effect::LoadLookups);
            }
            return effects;
        }
        Action::History => {
            let id = form.work.base().config.id.clone();
            model.views.push(HistoryView::default());
            return vec![Effect::LoadHistory(id)];
        }
        Action::RestoreDiscarded => return draft::discarded::load(model),
        Action::Scale => quick_scale::open(model),
        Action::Picker if form.is_unsaved() => model.views.push(Leave(Leaving::Picker)),
        Action::Picker => return model.open_picker(),
        Action::Quit if form.is_unsaved() => model.views.push(Leave(Leaving::Quit)),
        Action::Quit => return vec![Effect::Quit],
        _ => {}
    }
    Vec::new()
}

/// What came of the send of which nobody knew, now that the server was read; `None` where there is none, or nothing can be
/// told of it. It is settled then.
pub(super) fn settled(form: &mut Form, read: &EndpointConfig) -> Option<(Sent, Option<NotSaved>)> {
    let sent = form.unknown.take()?;
    let how = if differences(&sent, read).is_empty() {
        None
    } else {
        Some(NotSaved::of(&form.work.base().config, &sent, read))
    };
    Some((sent, how))
}

/// A read of the server on request, or by a save that found it changed: edits are never discarded. From a save it leads back
/// to the review.
pub(in crate::tui) fn reread(model: &mut Model, endpoint: LoadedEndpoint, at: String, from_save: bool) -> Vec<Effect> {
    let (bare, reviewing) = (model.is_bare(), review::is_in_front(model));
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    let mut stored = None;
    let after_send = form.unknown.is_some();
    match settled(form, &endpoint.config) {
        None => {}
        Some((sent, None)) => {
            form.read_at = at;
            form.with_focus_kept(|work| work.saved(endpoint, &sent));
            model.say(with_keys(if from_save {
                "The earlier send is stored after all. What you changed since then: {review} reviews it."
            } else {
                "Saved: the last send is stored after all; every sent field read back as sent."
            }));
            return vec![Effect::RecordOutcome(sent, SendOutcome::Stored)];
        }
        Some((sent, Some(NotSaved::Unchanged))) => {
            form.read_at = at;
            form.work.set_status(endpoint.status);
            model.complain(with_keys(
                "Not saved: the server still has the old values. Your edits stand; {review} sends them again.",
            ));
            return vec![Effect::RecordOutcome(sent, SendOutcome::NotStored)];
        }
        Some((sent, Some(NotSaved::ChangedSince))) => {
            effects.push(Effect::RecordOutcome(Arc::clone(&sent), SendOutcome::Stored));
            stored = Some(sent);
        }
        Some((sent, Some(NotSaved::Mixed))) => effects.push(Effect::RecordOutcome(sent, SendOutcome::NotStored)),
    }
    let theirs = differences(&form.work.base().config, &endpoint.config);
    // Keys are under way to something else: what they do may not change under them.
    let busy = form.editing.is_some() || !(bare || reviewing);
    if theirs.is_empty() {
        form.read_at = at;
        form.work.set_status(endpoint.status);
        let edits = if form.work.is_changed() {
            "; your edits stand."
        } else {
            "."
        };
        model.say(format!("Read again: nothing changed on the server{edits}"));
        return effects;
    }
    let words = few_names(&theirs);
    let count = theirs.len();
    let pending = PendingMerge {
        theirs: Box::new(endpoint),
        read_at: at,
        sent: stored,
        after_send,
    };
    if from_save {
        meet(model, pending, Then::Review);
    } else if busy {
        form.pending_merge = Some(pending);
        model.complain(format!(
            "Changed on the server meanwhile: {words}. It is merged when you are done here."
        ));
    } else if form.work.is_changed() {
        let then = if reviewing { Then::Review } else { Then::Stay };
        meet(model, pending, then);
    } else {
        merge_in(form, pending, &[]);
        model.say(format!("Read again: {count} changed on the server ({words})."));
    }
    effects
}

fn step(form: &mut Form, by: isize) {
    let stops = form.stops();
    let at = stops.iter().position(|s| *s == form.focus).unwrap_or(0);
    form.focus = stops[at.saturating_add_signed(by).min(stops.len() - 1)];
}

fn pane(form: &mut Form, by: usize) {
    let at = Pane::ALL.iter().position(|p| *p == form.focus.pane()).unwrap_or(0);
    go_to_pane(form, Pane::ALL[(at + by) % Pane::ALL.len()]);
}

fn go_to_pane(form: &mut Form, pane: Pane) {
    if let Some(stop) = form.stops().into_iter().find(|s| s.pane() == pane) {
        form.focus = stop;
    }
}

fn problem(model: &mut Model, forward: bool) {
    let Screen::Form(form) = &mut model.screen else { return };
    let stops = form.all_stops();
    let mut places: Vec<Focus> = form.problems().iter().map(|p| Focus::at(p.place)).collect();
    let problems = !places.is_empty();
    if !problems {
        places = changed_places(form);
    }
    // Rows of a pane stand in a row: their place follows from the pane's first one.
    let order = |focus: &Focus| {
        let first = stops.iter().position(|s| s.pane() == focus.pane()).unwrap_or(0);
        match focus {
            Focus::Row(_, row) => first + row,
            Focus::Empty(_) => first,
            Focus::Field(_) => stops.iter().position(|s| s == focus).unwrap_or(0),
        }
    };
    let mut at: Vec<usize> = places.iter().map(order).collect();
    at.sort_unstable();
    at.dedup();
    let here = order(&form.focus);
    let next = if forward {
        at.iter().find(|p| **p > here).or(at.first())
    } else {
        at.iter().rev().find(|p| **p < here).or(at.last())
    };
    match next {
        Some(next) => form.go(stops[*next]),
        None => model.say("No problems and no changes."),
    }
}

/// Where something differs from what was loaded, in the order of the form.
fn changed_places(form: &Form) -> Vec<Focus> {
    let marks = form.work.marks();
    form.all_stops()
        .into_iter()
        .filter(|stop| match stop {
            Focus::Field(field) => form.work.is_field_changed(*field),
            Focus::Row(List::Volumes, row) => marks.volumes.get(*row).copied().unwrap_or(false),
            Focus::Row(List::Envs, row) => marks.envs.get(*row).copied().unwrap_or(false),
            Focus::Empty(_) => false,
        })
        .collect()
}

pub(super) fn change_by(model: &mut Model, by: i64) {
    let Screen::Form(form) = &mut model.screen else { return };
    let Focus::Field(field) = form.focus else { return };
    if field.spec().kind != Kind::Integer {
        return;
    }
    let Ok(value) = Number::typed(form.work.now().text(field)).value() else {
        model.complain(with_keys("There is no number to step from; press {edit} and type one."));
        return;
    };
    let (low, high) = match field.range(form.work.now(), form.work.limits()) {
        Some(Ok(range)) => *range,
        _ => (0, i64::MAX),
    };
    // A value outside the range may come back into it, not go further out.
    let new = value.saturating_add(by);
    let new = if by > 0 {
        new.min(high.max(value)).max(low)
    } else {
        new.max(low.min(value)).min(high)
    };
    if new != value {
        let edit = Edit::set(form.work.now(), field, new.to_string());
        form.work.apply(edit);
    } else {
        model.say(format!("{} is at the end of its range.", field.label()));
    }
}

fn restore(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    match form.focus {
        Focus::Field(field) if form.work.is_field_changed(field) => {
            let loaded = form.work.base().config.text(field).to_owned();
            let edit = Edit::set(form.work.now(), field, loaded);
            form.work.apply(edit);
            model.say(format!("{} is as loaded again.", field.label()));
        }
        Focus::Row(list, row) => {
            let now = Row::of(form.work.now(), list, row);
            let loaded = now.as_ref().and_then(|now| loaded_row(form, list, row, now));
            match (now, loaded) {
                (Some(old), Some(new)) if old != new => {
                    form.work.apply(Edit::Replace { at: row, old, new });
                    model.say("The row is as loaded again.");
                }
                _ => model.say("There is nothing to put back here."),
            }
        }
        _ => model.say("There is nothing to put back here."),
    }
}

/// Everything as loaded again, as one step.
fn restore_all(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    if !form.work.is_changed() {
        model.say("Nothing is changed.");
        return;
    }
    let edit = Edit::Whole {
        name: "everything as loaded".to_owned(),
        old: Box::new(form.work.now().clone()),
        new: Box::new(form.work.base().config.clone()),
    };
    form.work.apply(edit);
    form.look_again();
    model.say(with_keys("Everything is as loaded again; {undo} takes that back."));
}

/// The loaded row of the same name, and of the same ordinal among rows of that name.
fn loaded_row(form: &Form, list: List, at: usize, row: &Row) -> Option<Row> {
    let (base, now) = (&form.work.base().config, form.work.now());
    let same = |config, at| Row::of(config, list, at).filter(|other: &Row| other.name() == row.name());
    let ordinal = (0..at).filter_map(|at| same(now, at)).count();
    (0..list.len(base)).filter_map(|at| same(base, at)).nth(ordinal)
}

/// Goes to the place that a refusal names, or to the pane that it points at.
pub(in crate::tui) fn follow(form: &mut Form, error: &ApiError) {
    match (error.place(), error.hint()) {
        (Some(place), _) => form.go(Focus::at(place)),
        (None, FailureHint::Field(field)) => form.go(Focus::at(Place::of(field))),
        (None, FailureHint::Pane(pane)) => go_to_pane(form, pane),
        (None, _) => {}
    }
    form.settle();
}

/// In one column: the focus goes to the nearest stop that is still shown.
fn follow_window(model: &mut Model) {
    let Screen::Form(form) = &model.screen else { return };
    let (stops, focus, top) = (form.stops(), form.focus, form.tops.get(&None).copied());
    let Some(at) = stops.iter().position(|stop| *stop == focus) else {
        return;
    };
    // The form moves the rows to a focus that isn't among them: so it is asked with each candidate whether they stay.
    let stays = |model: &mut Model, focus: Focus| {
        if let Screen::Form(form) = &mut model.screen {
            form.focus = focus;
        }
        let hit_map = Canvas::unseen(model.size, |canvas| FormView.draw(model, canvas));
        let form = hit_map.windows.iter().find(|window| window.what == Scrolls::Form(None));
        let shown = hit_map
            .targets
            .iter()
            .any(|(_, target)| *target == Target::Focus(focus));
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
