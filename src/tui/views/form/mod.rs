//! The form: the endpoint being edited. Moving, lists, undo, and what starts an edit.

pub mod aside;
mod commands;
pub mod copy;
pub mod edit_box;
pub mod edit_keys;
pub mod editing;
pub mod fields;
pub mod focus;
pub mod footer;
mod header;
mod kept;
pub mod moves;
mod panes;
pub mod pick;
pub mod reread;
pub mod rollout;
pub mod rows;
pub mod state;
pub mod suggestion_list;
pub mod suggestions;
mod undo;
pub mod values;

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
use crate::endpoint::incoming::Taken;
use crate::endpoint::{List, Pane};
use crate::tui::canvas::Canvas;
use crate::tui::command::{Command, weight_in_filter};
use crate::tui::event::Effect;
use crate::tui::guard::Weight;
use crate::tui::hit_map::{Scrolls, Target, Window};
use crate::tui::keymap::{Action, Context, keymap, with_keys};
use crate::tui::model::{DraftState, EditorTarget, Focus, Leaving, LimitsState, Model, Screen, suggestions};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::list_window::ListWindow;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// The form; what it shows is the model's [`Form`](state::Form).
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
        match action {
            // While a filter is typed.
            Action::Help => Flow::ask_for(action),
            _ => Flow::stay().with(act(model, action)),
        }
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
        Action::Down => moves::step(form, 1),
        Action::Up => moves::step(form, -1),
        Action::PageDown => moves::step(form, isize::try_from(page).unwrap_or(1)),
        Action::PageUp => moves::step(form, -isize::try_from(page).unwrap_or(1)),
        Action::First => moves::step(form, isize::MIN),
        Action::Last => moves::step(form, isize::MAX),
        Action::NextPane => moves::pane(form, 1),
        Action::PreviousPane => moves::pane(form, Pane::ALL.len() - 1),
        Action::Left if form.focus.pane() >= Pane::Image => moves::pane(form, 3),
        Action::Right if form.focus.pane() < Pane::Image => moves::pane(form, 3),
        Action::Edit => edit_keys::start(model),
        Action::Add => rows::add(model),
        Action::Delete => rows::delete(model),
        Action::MoveDown => rows::shift(model, 1),
        Action::MoveUp => rows::shift(model, -1),
        Action::SortRows => rows::sort(model),
        Action::Filter => rows::filter(model),
        Action::AllowMasked => return rows::allow_masked(model),
        Action::Review => review::open(model),
        Action::Find => {
            let find = Find::new(form);
            model.views.push(find);
        }
        Action::Palette => model.views.push(Palette::default()),
        Action::NextProblem => moves::problem(model, true),
        Action::PreviousProblem => moves::problem(model, false),
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
        Action::PutBack => aside::put_back(model),
        Action::Scale => quick_scale::open(model),
        Action::Picker if form.is_unsaved() => model.views.push(Leave(Leaving::Picker)),
        Action::Picker => return model.open_picker(),
        Action::Quit if form.is_unsaved() => model.views.push(Leave(Leaving::Quit)),
        Action::Quit => return vec![Effect::Quit],
        _ => drop(values::change(model, action)),
    }
    Vec::new()
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
