//! The picker's keys: letters act, `/` filters.

use crossterm::event::{KeyCode, KeyEvent};

use super::editing::is_leave;
use crate::api::ApiError;
use crate::endpoint::Summary;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Model, Picker, Screen};
use crate::tui::views::palette::Palette;
use crate::tui::widgets::text_edit::{KeyEffect, is_alt};

/// Characters of a name that is repeated in a message, at most.
const NAMED: usize = 60;

pub(super) fn page(model: &mut Model, page: Vec<Summary>) {
    model.again = None;
    if let Screen::Picker(picker) = &mut model.screen {
        picker.take(page);
    }
}

/// What was opened before is known.
pub(super) fn remembered(model: &mut Model, recent: Vec<String>) {
    model.recent.clone_from(&recent);
    if let Screen::Picker(picker) = &mut model.screen {
        picker.remember(recent);
    }
}

pub(super) fn end(model: &mut Model, end: Result<(), ApiError>) -> Vec<Effect> {
    model.again = None;
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    picker.end(end.err());
    let all = picker.error.is_none();
    match picker.named.take_if(|_| all) {
        Some((name, error)) => named(model, &name, error),
        None => Vec::new(),
    }
}

/// The program was started with a name: all endpoints are known now. Opens the only one of that name, unless the person goes
/// another way already.
fn named(model: &mut Model, name: &str, error: ApiError) -> Vec<Effect> {
    let is_bare = model.is_bare();
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    // Nothing is taken from under the hands of somebody who is choosing already.
    let waits = !picker.moved && !picker.filtering && picker.filter().is_empty() && is_bare;
    match &picker.ids_of(name)[..] {
        [id] if waits => {
            let id = id.clone();
            return model.open(id);
        }
        [_] => {}
        // It is an id all the same: why it can't be read is what there is to tell.
        [] if picker.has_id(name) && waits => model.could_not_open(name.to_owned(), error),
        [] if picker.has_id(name) => model.complain(error.to_string()),
        [] => {
            // Those that come near are a better beginning than all.
            if waits {
                picker.set_filter(name);
                if picker.shown_count() == 0 {
                    picker.set_filter("");
                }
            }
            let begins: String = name.chars().take(NAMED).collect();
            model.complain(format!("No endpoint has the id or the name {begins}. Choose one:"));
        }
        several => {
            let count = several.len();
            if waits {
                picker.set_filter(name);
            }
            model.complain(format!("{count} endpoints have this name. Choose one:"));
        }
    }
    Vec::new()
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    if picker.filtering {
        match typed(picker, key) {
            Ok(Some(())) => return Vec::new(),
            Ok(None) => {}
            Err(why) => {
                model.complain(why);
                return Vec::new();
            }
        }
    }
    match keymap().action(Context::Picker, key) {
        Some(action) => act(model, action),
        None if key.code == KeyCode::Esc => escape(model),
        None => Vec::new(),
    }
}

/// Esc: the filter goes, else the reading stops.
fn escape(model: &mut Model) -> Vec<Effect> {
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    if !picker.filter().is_empty() {
        picker.set_filter("");
    } else if picker.loading {
        picker.loading = false;
        model.next_request();
        let key = keymap().word(Context::Picker, Action::Reload);
        model.say(format!("Stopped reading; {key} reads the list again."));
        return vec![Effect::CancelRead];
    }
    Vec::new()
}

/// Does what a key or the palette asks for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(model.size.height.saturating_sub(6)).max(1);
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    let last = picker.shown_count().saturating_sub(1);
    picker.moved |= matches!(
        action,
        Action::Down | Action::Up | Action::First | Action::Last | Action::PageDown | Action::PageUp
    );
    match action {
        Action::Down => picker.at = (picker.at + 1).min(last),
        Action::Up => picker.at = picker.at.saturating_sub(1),
        Action::First => picker.at = 0,
        Action::Last => picker.at = last,
        Action::PageDown => picker.at = (picker.at + page).min(last),
        Action::PageUp => picker.at = picker.at.saturating_sub(page),
        Action::SortList => picker.sort_next(),
        Action::Find => picker.filtering = true,
        Action::Reload => {
            let mut effects = model.open_picker();
            effects.push(Effect::LoadLimits);
            return effects;
        }
        Action::Palette => model.views.push(Palette::default()),
        Action::Mouse => return super::mouse::toggle(model),
        Action::Help => super::help(model),
        Action::Quit => return vec![Effect::Quit],
        Action::Scale => {
            if let Some(id) = picker.focused().map(|s| s.id.clone()) {
                return model.open_to_scale(id);
            }
        }
        Action::Edit => {
            if let Some(id) = picker.focused().map(|s| s.id.clone()) {
                return model.open(id);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// A key while the filter is typed; `None` when it is not for the filter.
///
/// # Errors
/// A sentence when the key can't be taken.
fn typed(picker: &mut Picker, key: &KeyEvent) -> Result<Option<()>, String> {
    match key.code {
        _ if is_leave(key) => {
            picker.filtering = false;
            picker.set_filter("");
        }
        // However many are left, and whatever is still to come: the next Enter opens.
        KeyCode::Enter if !is_alt(key) => picker.end_filter(),
        KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown if !is_alt(key) => return Ok(None),
        _ => return Ok((picker.press_filter(key)? != KeyEffect::Ignored).then_some(())),
    }
    Ok(Some(()))
}
