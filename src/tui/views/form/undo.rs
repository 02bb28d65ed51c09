//! Undo and redo: the step is named, and the focus goes to what it changed.

use crate::endpoint::FieldId;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::format::worded_with;
use crate::text::width::cut_middle;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Focus, Form, Model, Screen};

pub fn undo(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let mut undone = None;
    form.with_focus_kept(|work| undone = work.undo());
    match undone {
        Some(edit) => {
            go_to(form, &edit.inverse());
            let said = match &edit {
                Edit::Set { field, old, .. } => format!("{}, back to {}", edit.name(), value(form, *field, old)),
                edit => said(form, edit),
            };
            model.say(format!("Undone: {said}. {} makes it again.", form_key(Action::Redo)));
        }
        None => model.say("Nothing to undo."),
    }
}

pub fn redo(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let mut redone = None;
    form.with_focus_kept(|work| redone = work.redo());
    match redone {
        Some(edit) => {
            go_to(form, &edit);
            let said = said(form, &edit);
            model.say(format!("Made again: {said}."));
        }
        None => model.say("Nothing to redo."),
    }
}

/// Columns that a value takes in a message at most.
const VALUE: usize = 24;

/// A value in the words of the form, so much of it as a message has room for.
fn value(form: &Form, field: FieldId, text: &str) -> String {
    let words = worded_with(field, text, form.work.now(), false);
    cut_middle(&words, VALUE).into_owned()
}

/// A step by its name, of a single field with what that was before and what it became.
fn said(form: &Form, made: &Edit) -> String {
    let name = made.name();
    match made {
        Edit::Set { field, old, new } => {
            format!("{name} {} → {}", value(form, *field, old), value(form, *field, new))
        }
        Edit::Replace { old, new, .. } if old.name() != new.name() => {
            format!("{} {} → {}", new.list().noun(), old.name(), new.name())
        }
        Edit::Replace {
            old: Row::Env(_),
            new: Row::Env(env),
            ..
        } => format!("value of env {}", env.key),
        _ => name,
    }
}

/// The focus goes to what a step changed, unless it is on a part of that already. Its row may be hidden by the filter:
/// then that goes.
fn go_to(form: &mut Form, made: &Edit) {
    let places: Vec<Focus> = made.places().into_iter().map(Focus::at).collect();
    if let Some(first) = places.first()
        && !places.contains(&form.focus)
    {
        form.focus = *first;
        if let Focus::Row(list, at) = *first {
            // Of a row that went, the place may be behind the last one.
            let last = list.len(form.work.now()).checked_sub(1);
            form.focus = last.map_or(Focus::Empty(list), |last| Focus::Row(list, at.min(last)));
        }
        form.go(form.focus);
        form.settle();
    }
}
