//! `KEY=value` lines into the environment: pasted or from a file, shown before they are taken; and out into a file.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{editing, is_close};
use crate::endpoint::dotenv;
use crate::endpoint::{List, ParseError};
use crate::secret::Secret;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{EditorTarget, Focus, Form, Import, Model, Overlay, PathBox, PathFor, Screen, Written};
use crate::tui::screen::lines;
use crate::tui::views::external_editor::text_of;
use crate::tui::widgets::text_edit::{TextEdit, TextKind, is_alt};

/// Whether a paste in the form goes into the list: the focus is in it.
pub(super) fn takes(form: &Form) -> bool {
    matches!(form.focus, Focus::Row(List::Envs, _) | Focus::Empty(List::Envs))
}

/// Shows what a text would bring in; false when there is no variable in it.
pub(super) fn preview(model: &mut Model, text: &str, name: impl Fn(usize) -> String) -> bool {
    let lines = dotenv::read(text);
    let Screen::Form(form) = &model.screen else {
        return false;
    };
    if lines.envs.is_empty() {
        return false;
    }
    // As many as there are keys: that is what is counted on the page.
    let keys = dotenv::incoming(form.work.now(), &lines.envs).len();
    model.show(Overlay::Import(Import {
        name: name(keys),
        lines,
        scroll: 0,
        reveal: false,
    }));
    true
}

/// A paste of which the end is missing: what stands in its last line is a part of a value, and no value.
pub(super) fn paste_cut(model: &mut Model, text: &str) {
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    editing::paste(model, &text[..whole]);
    if let Some(Overlay::Import(import)) = &mut model.overlay {
        let cut = ParseError::at(text, whole, "the paste is longer than 2 MiB and was cut in this line");
        import.lines.parse_errors.push(cut);
    }
}

/// What a key means to the preview.
pub(super) fn action(key: &KeyEvent) -> Option<Action> {
    Some(match key.code {
        KeyCode::Enter if key.modifiers == KeyModifiers::NONE => Action::Accept,
        KeyCode::Char('V' | 'v') => Action::RevealAll,
        KeyCode::Down | KeyCode::Char('j') => Action::Down,
        KeyCode::Up | KeyCode::Char('k') => Action::Up,
        KeyCode::PageDown | KeyCode::Char(' ') => Action::PageDown,
        KeyCode::PageUp => Action::PageUp,
        _ if is_close(key) => Action::Back,
        _ => return None,
    })
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let page = usize::from(model.size.height.saturating_sub(4)).max(1);
    let most = lines::of_overlay(model).len().saturating_sub(page);
    let Some(Overlay::Import(import)) = &mut model.overlay else {
        return Vec::new();
    };
    match action(key) {
        Some(Action::Accept) => take(model),
        Some(Action::RevealAll) => import.reveal = !import.reveal,
        Some(Action::Down) => import.scroll = (import.scroll + 1).min(most),
        Some(Action::Up) => import.scroll = import.scroll.saturating_sub(1),
        Some(Action::PageDown) => import.scroll = (import.scroll + page).min(most),
        Some(Action::PageUp) => import.scroll = import.scroll.saturating_sub(page),
        Some(Action::Back) => {
            model.overlay = None;
            model.say("Left; nothing is changed.");
        }
        _ => {}
    }
    Vec::new()
}

/// Takes what is shown, as one step.
fn take(model: &mut Model) {
    let Some(Overlay::Import(import)) = model.overlay.take() else {
        return;
    };
    let Screen::Form(form) = &mut model.screen else { return };
    let envs = &import.lines.envs;
    let counts = dotenv::counted(
        &dotenv::incoming(form.work.now(), envs),
        import.lines.parse_errors.len(),
    );
    match dotenv::import(form.work.now(), envs, import.name) {
        Some(edit) => {
            let name = edit.name();
            form.with_focus_kept(|work| work.apply(edit));
            let undo = form_key(Action::Undo);
            model.say(format!("Done: {name}: {counts}. {undo} takes it back."));
        }
        None => model.say(format!("All of it is there already: {counts}.")),
    }
}

/// Asks for a path.
pub(super) fn ask(model: &mut Model, what: PathFor) {
    model.overlay = Some(Overlay::Path(PathBox {
        what,
        text: TextEdit::new(""),
        waiting: false,
        exists: false,
        said: None,
    }));
}

/// What a key means to the box once a path was typed into it.
pub(super) fn path_action(asked: &PathBox, key: &KeyEvent) -> Option<Action> {
    match key.code {
        _ if is_close(key) => Some(Action::Back),
        KeyCode::Char('y') if key.modifiers == KeyModifiers::NONE && asked.exists && !asked.waiting => {
            Some(Action::Accept)
        }
        _ => None,
    }
}

pub(super) fn path_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Path(asked)) = &mut model.overlay else {
        return Vec::new();
    };
    match path_action(asked, key) {
        _ if is_alt(key) && asked.is_typed() => asked.said = asked.text.press(key, TextKind::PATH).err(),
        Some(Action::Back) if asked.exists => asked.exists = false,
        Some(Action::Back) => model.overlay = None,
        Some(Action::Accept) => return go(model, true),
        _ if asked.waiting || asked.exists => {}
        _ if key.code == KeyCode::Enter && key.modifiers == KeyModifiers::NONE => return go(model, false),
        _ => {
            asked.said = asked.text.press(key, TextKind::PATH).err();
        }
    }
    Vec::new()
}

fn go(model: &mut Model, over: bool) -> Vec<Effect> {
    let (Some(Overlay::Path(asked)), Screen::Form(form)) = (&mut model.overlay, &model.screen) else {
        return Vec::new();
    };
    let path = asked.path();
    (asked.exists, asked.said) = (false, None);
    if path.is_empty() {
        return Vec::new();
    }
    let effect = match asked.what {
        PathFor::Import => Effect::ReadFile(path),
        PathFor::Export => match text_of(&EditorTarget::Environment, form.work.now()) {
            Ok(text) => Effect::WriteFile(path, Secret::new(text), over),
            Err(why) => {
                asked.said = Some(why);
                return Vec::new();
            }
        },
    };
    asked.waiting = true;
    vec![effect]
}

/// The box that waits for this path; `None` when it was closed meanwhile.
fn waiting<'a>(model: &'a mut Model, path: &str) -> Option<&'a mut PathBox> {
    match &mut model.overlay {
        Some(Overlay::Path(asked)) if asked.waiting && asked.path() == path => {
            asked.waiting = false;
            Some(asked)
        }
        _ => None,
    }
}

/// A file was read, or could not be.
pub(super) fn read(model: &mut Model, path: &str, read: Result<Secret, String>) {
    let Some(asked) = waiting(model, path) else { return };
    match read {
        Err(why) => asked.said = Some(format!("Not read: {why}.")),
        Ok(text) => {
            let name = |count| format!("import {count} from {}", path.rsplit('/').next().unwrap_or(path));
            if !preview(model, text.reveal(), name)
                && let Some(Overlay::Path(asked)) = &mut model.overlay
            {
                let first = dotenv::read(text.reveal()).parse_errors.into_iter().next();
                asked.said = Some(match first {
                    Some(first) => format!("There is no KEY=value line in it; {first}."),
                    None => "There is no KEY=value line in it.".to_owned(),
                });
            }
        }
    }
}

/// A file was written, or not.
pub(super) fn wrote(model: &mut Model, path: &str, written: Written) {
    let still = waiting(model, path);
    match (written, still) {
        (Written::Exists, Some(asked)) => asked.exists = true,
        (Written::Failed(why), Some(asked)) => asked.said = Some(format!("Not written: {why}.")),
        (Written::Done(file), still) => {
            if still.is_some() {
                model.overlay = None;
            }
            model.say(format!("Written to {file}, values in clear; only you can read it."));
        }
        (Written::Exists, None) => {}
        (Written::Failed(why), None) => model.complain(format!("Not written: {why}.")),
    }
}
