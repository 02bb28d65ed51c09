//! The rows of the lists: adding, deleting, moving, sorting, and the filter of the environment.

use crossterm::event::{KeyCode, KeyEvent};

use super::edit_keys;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::{FieldId, List, Pane};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Focus, Form, Model, RowEdit, RowFilter, Screen, new_row};
use crate::tui::widgets::text_edit::{KeyEffect, TextEdit, TextKind, is_alt, is_close, is_leave};

/// Moving a row among those that are shown would move it past others that nobody sees.
const FILTERED: &str = "Rows are not moved while the list is filtered: Esc takes the filter off.";

/// Adds a row to the list that the focus is in.
pub fn add(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let (list, at) = match form.focus {
        Focus::Row(list, row) => (list, row + 1),
        // Empty, or empty but for what the filter hides.
        Focus::Empty(list) => (list, list.len(form.work.now())),
        Focus::Field(_) => {
            model.say(with_keys(
                "{add} adds a row to a list: go to Volumes or Environment first.",
            ));
            return;
        }
    };
    let part = if list == List::Envs {
        FieldId::EnvKey
    } else {
        FieldId::VolumeType
    };
    edit_keys::start_row(form, RowEdit::new(at, None, new_row(list), part));
}

/// Deletes the focused row.
pub fn delete(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let Focus::Row(list, at) = form.focus else {
        model.say(with_keys("{delete} deletes a row of a list."));
        return;
    };
    if let Some(row) = Row::of(form.work.now(), list, at) {
        let edit = Edit::Remove { at, row };
        let name = edit.name();
        form.work.apply(edit);
        form.revealed.clear();
        form.settle();
        model.say(format!("Done: {name}. {} brings it back.", form_key(Action::Undo)));
    }
}

/// Moves the focused row by so many places.
pub fn shift(model: &mut Model, by: isize) {
    let Screen::Form(form) = &mut model.screen else { return };
    let Focus::Row(list, from) = form.focus else { return };
    if is_filtered(form, list) {
        model.say(FILTERED);
        return;
    }
    let Some(to) = from.checked_add_signed(by).filter(|to| *to < list.len(form.work.now())) else {
        return;
    };
    let row = Row::of(form.work.now(), list, from);
    let row = row.as_ref().map_or("", Row::name);
    let name = format!("move {} {row}", list.noun()).trim_end().to_owned();
    form.work.apply(Edit::Many(name, vec![Edit::Move { list, from, to }]));
    form.revealed.clear();
    form.focus = Focus::Row(list, to);
}

/// Sorts the focused list by key, byte by byte as `env | sort` does; rows of the same key stay in their order, since
/// the last one may be the one that counts.
pub fn sort(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let list = match form.focus {
        Focus::Row(list, _) | Focus::Empty(list) => list,
        Focus::Field(_) => {
            model.say(with_keys(
                "{sort-rows} sorts a list: go to Volumes or Environment first.",
            ));
            return;
        }
    };
    if is_filtered(form, list) {
        model.say(FILTERED);
        return;
    }
    let (old, mut new) = (form.work.now().clone(), form.work.now().clone());
    let what = match list {
        List::Envs => {
            new.envs.sort_by(|a, b| a.key.cmp(&b.key));
            "environment"
        }
        List::Volumes => {
            new.volumes.sort_by(|a, b| a.mount_path.cmp(&b.mount_path));
            "volumes"
        }
    };
    let by = list.key();
    if new == old {
        model.say(format!("Already sorted by {by}: nothing is changed."));
        return;
    }
    let edit = Edit::Whole {
        name: format!("sort {what} by {by}"),
        old: Box::new(old),
        new: Box::new(new),
    };
    let name = edit.name();
    form.with_focus_kept(|work| work.apply(edit));
    model.say(format!("Done: {name}. {} takes that back.", form_key(Action::Undo)));
}

/// Says that the focused value is meant though it looks masked, or takes that back. It is remembered.
pub fn allow_masked(model: &mut Model) -> Vec<Effect> {
    let is_recorded = !model.is_read_only();
    let redactor = model.around.redactor.clone();
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let row = match form.focus {
        Focus::Row(List::Envs, row) => row,
        _ => usize::MAX,
    };
    let env = form.work.now().envs.get(row).cloned();
    let Some((env, is_meant)) = env.and_then(|env| Some((env, form.work.toggle_meant(row)?))) else {
        model.say(with_keys(
            "{allow-masked} says that an environment value is meant that looks masked.",
        ));
        return Vec::new();
    };
    let id = form.work.base().config.id.clone();
    let answer = redactor.meant_answer(&env);
    let (key, name) = (form_key(Action::AllowMasked), env.key);
    let answer = if is_meant {
        model.say(format!("The value of {name} is meant as it is; {key} takes that back."));
        answer
    } else {
        model.say(format!("The value of {name} is not called meant any more."));
        answer.taken_back()
    };
    let effect = Effect::RecordAnswers(id, vec![answer]);
    is_recorded.then_some(effect).into_iter().collect()
}

fn is_filtered(form: &Form, list: List) -> bool {
    list == List::Envs && form.filter.is_some()
}

/// Begins to type the filter of the environment, or goes on with the one that there is.
pub fn filter(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    if form.work.now().envs.is_empty() {
        model.say("There is no environment to filter.");
        return;
    }
    let filter = form.filter.get_or_insert_with(|| RowFilter {
        text: TextEdit::new(""),
        typing: true,
    });
    filter.typing = true;
    if !matches!(form.focus, Focus::Row(List::Envs, _) | Focus::Empty(List::Envs)) {
        form.focus = Focus::Row(List::Envs, 0);
    }
    form.settle();
}

/// What the environment is filtered by; empty: nothing.
pub fn filter_of(model: &Model) -> String {
    match &model.screen {
        Screen::Form(form) => form
            .filter
            .as_ref()
            .map_or_else(String::new, |filter| filter.text.text().to_owned()),
        _ => String::new(),
    }
}

/// After a key: a filter that gave way to what would have been hidden is told, unless the key was to take it off.
pub fn tell_if_off(model: &mut Model, before: String, key: &KeyEvent) {
    let Screen::Form(form) = &model.screen else { return };
    if before.trim().is_empty() || form.filter.is_some() || is_close(key) {
        return;
    }
    let Focus::Row(list, at) = form.focus else { return };
    let row = Row::of(form.work.now(), list, at);
    let name = row.as_ref().map_or("", Row::name);
    let said = format!("The filter /{before} is off: it would hide {name}.");
    match &mut model.notice {
        Some(notice) => notice.text = format!("{} {said}", notice.text),
        None => model.say(said),
    }
}

/// A key while the filter is typed; false when it isn't for it: then it does what it does in the form.
pub fn filter_key(model: &mut Model, key: &KeyEvent) -> bool {
    let Screen::Form(form) = &mut model.screen else {
        return true;
    };
    let Some(filter) = &mut form.filter else {
        return true;
    };
    match key.code {
        _ if is_leave(key) => form.unfilter(),
        KeyCode::Enter if !is_alt(key) && filter.text.text().trim().is_empty() => form.unfilter(),
        KeyCode::Enter if !is_alt(key) => filter.typing = false,
        KeyCode::Up | KeyCode::Down if !is_alt(key) => return false,
        KeyCode::PageUp | KeyCode::PageDown if !is_alt(key) => {
            filter.typing = false;
            return false;
        }
        _ => match filter.text.press(key, TextKind::WORDS) {
            Ok(KeyEffect::Changed) => filtered(form),
            Ok(KeyEffect::Kept) => {}
            // It ends the typing.
            Ok(KeyEffect::Ignored) => {
                filter.typing = false;
                return false;
            }
            Err(why) => model.complain(why),
        },
    }
    true
}

/// The filter's text is another one: the first row that it shows has the focus, unless the focused one still shows.
pub fn filtered(form: &mut Form) {
    form.tops.remove(&Some(Pane::Environment));
    form.settle();
}
