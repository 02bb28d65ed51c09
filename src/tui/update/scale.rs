//! Quick scale: a small box with the numbers that are changed most; Enter goes to the review.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{editing, form, keeping};
use crate::endpoint::FieldId;
use crate::endpoint::edit::Edit;
use crate::endpoint::schema::Kind;
use crate::text::when;
use crate::tui::event::{Effect, Press};
use crate::tui::keymap::{Action, Context, form_key, keymap};
use crate::tui::model::{Focus, Form, Keeping, Leaving, Model, Opened, Overlay, SCALE_FIELDS, Scale, Screen};
use crate::tui::views::review;
use crate::tui::widgets::text_edit::is_alt;

/// How many keys wait for the box at most.
pub(super) const TYPED_AHEAD: usize = 64;

/// Opens the box over the form.
pub(super) fn open(model: &mut Model, from_picker: bool) {
    let Screen::Form(form) = &mut model.screen else { return };
    if !is_in_box(form.focus) {
        form.focus = Focus::Field(FieldId::MinWorkers);
    }
    form.work.mark();
    let scale = Scale {
        from_picker,
        saved: false,
    };
    form.scaling = Some(scale);
    model.overlay = Some(Overlay::Scale(scale));
}

/// The endpoint was opened from the list to change a number. It starts from the server's state, and unsaved edits of an
/// earlier session are left alone. What was typed while it was being read is for the box.
pub(super) fn opened(model: &mut Model, mut found: Opened, typed: Vec<Press>) -> Vec<Effect> {
    let waiting = found.draft.take();
    // They wait for the form as well.
    found.texts.clear();
    let mut effects = keeping::opened(model, found);
    let front = model.overlay.take();
    let asked = front.is_some() || !model.views.is_empty();
    let Screen::Form(form) = &mut model.screen else {
        return effects;
    };
    if let Some(draft) = waiting.filter(|_| form.keeping == Keeping::Ours) {
        let at = when(&draft.saved_at);
        let why = format!("unsaved edits of {at} wait and are left alone");
        form.not_kept = Some(why.clone());
        form.keeping = Keeping::Nowhere(why);
        effects.push(Effect::Disown);
        model.say(format!(
            "Unsaved edits of {at} wait: they are left alone. This starts from the server's state."
        ));
    }
    open(model, true);
    // What is asked or told first is in front of it.
    if asked {
        model.overlay = front;
        return effects;
    }
    let told = model.notice.take();
    for press in typed {
        // The review sends nothing that was typed before it was on the screen.
        if !(matches!(model.overlay, Some(Overlay::Scale(_))) || review::is_in_front(model)) {
            break;
        }
        effects.extend(super::key_pressed(model, press));
    }
    if model.notice.is_none() {
        model.notice = told;
    }
    effects
}

/// When nothing lies over the form any more: back to the box, or to where it was opened once all is done.
pub(super) fn come_back(model: &mut Model) -> Vec<Effect> {
    if !model.is_bare() {
        return Vec::new();
    }
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let Some(scale) = form.scaling else {
        return Vec::new();
    };
    if scale.saved {
        form.scaling = None;
        return model.open_picker();
    }
    if is_in_box(form.focus) {
        model.overlay = Some(Overlay::Scale(scale));
    } else {
        // What has to be mended lies elsewhere in the form.
        form.scaling = None;
    }
    Vec::new()
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let typing = form.editing.is_some();
    let action = keymap().action(Context::Form, key);
    match (key.code, key.modifiers) {
        _ if typing && is_alt(key) => return editing::key(model, key),
        (KeyCode::Enter, KeyModifiers::NONE) => {
            editing::take(form);
            review::open(model);
        }
        (KeyCode::Char('s'), KeyModifiers::CONTROL) => {
            editing::take(form);
            review::open(model);
        }
        (KeyCode::Tab | KeyCode::Down, _) => step(model, 1),
        (KeyCode::BackTab | KeyCode::Up, _) => step(model, SCALE_FIELDS.len() - 1),
        (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL) if !typing => return leave(model),
        _ if typing => return editing::key(model, key),
        (KeyCode::Char('j'), KeyModifiers::NONE) => step(model, 1),
        (KeyCode::Char('k'), KeyModifiers::NONE) => step(model, SCALE_FIELDS.len() - 1),
        (KeyCode::Char('0'..='9'), KeyModifiers::NONE) => {
            if let Some(first) = editing::begins_a_number(form.focus, key) {
                editing::start_with(model, &first);
            }
        }
        (KeyCode::Char(' '), KeyModifiers::NONE) => other_word(model),
        _ => match action {
            Some(Action::Increase | Action::Decrease) if is_choice(form.focus) => other_word(model),
            Some(Action::Increase) => form::change_by(model, 1),
            Some(Action::Decrease) => form::change_by(model, -1),
            Some(Action::IncreaseTen) => form::change_by(model, 10),
            Some(Action::DecreaseTen) => form::change_by(model, -10),
            // What was changed before the box was opened is not in it.
            Some(Action::Undo) if form.work.since_mark() == 0 => model.say("Nothing was changed here."),
            Some(Action::Redo) if !redo_is_in_box(form) => model.say("Nothing to redo here."),
            Some(action @ (Action::Undo | Action::Redo | Action::RestoreField)) => return form::act(model, action),
            // The changes stay, as edits of the form.
            Some(Action::Scale) if !form.scaling.is_some_and(|scale| scale.from_picker) => {
                form.scaling = None;
                model.overlay = None;
            }
            Some(Action::Help) => super::help(model),
            None => {
                if let Some(first) = editing::begins_a_number(form.focus, key) {
                    editing::start_with(model, &first);
                }
            }
            _ => {}
        },
    }
    Vec::new()
}

/// Esc: what was changed in the box is taken back; on the way to the list it is asked about, since there it would be gone.
fn leave(model: &mut Model) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    if form.scaling.is_some_and(|scale| scale.from_picker) {
        if form.work.is_changed() {
            model.overlay = Some(Overlay::Leave(Leaving::Picker));
            return Vec::new();
        }
        return model.open_picker();
    }
    form.scaling = None;
    model.overlay = None;
    let steps = form.work.since_mark();
    for _ in 0..steps {
        form.work.undo();
    }
    form.look_again();
    if steps > 0 {
        let redo = form_key(Action::Redo);
        model.say(format!(
            "What was changed in the box is taken back; {redo} makes it again."
        ));
    }
    Vec::new()
}

fn is_in_box(focus: Focus) -> bool {
    matches!(focus, Focus::Field(field) if SCALE_FIELDS.contains(&field))
}

fn redo_is_in_box(form: &Form) -> bool {
    let places = form.work.next_redo().map(Edit::places).unwrap_or_default();
    !places.is_empty() && places.into_iter().all(|place| is_in_box(Focus::at(place)))
}

fn is_choice(focus: Focus) -> bool {
    matches!(focus, Focus::Field(field) if matches!(field.spec().kind, Kind::Choice(_)))
}

/// The next word of a choice.
fn other_word(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let Focus::Field(field) = form.focus else { return };
    let Kind::Choice(words) = field.spec().kind else { return };
    let now = form.work.now().text(field);
    let next = words
        .iter()
        .position(|(word, _)| *word == now)
        .map_or(0, |at| (at + 1) % words.len());
    let edit = Edit::set(form.work.now(), field, words[next].0);
    form.work.apply(edit);
}

/// To another field of the box; what is typed is taken.
fn step(model: &mut Model, by: usize) {
    let Screen::Form(form) = &mut model.screen else { return };
    editing::take(form);
    let at = SCALE_FIELDS.iter().position(|field| form.focus == Focus::Field(*field));
    form.focus = Focus::Field(SCALE_FIELDS[(at.unwrap_or(0) + by) % SCALE_FIELDS.len()]);
}
