//! Undo and redo: the step is named, and the focus goes to what it changed.

use super::form;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::words::worded;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Focus, Form, Model, Screen};
use crate::tui::width::cut_middle;

pub(super) fn undo(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let mut undone = None;
    form::with_focus_kept(form, |form| undone = form.work.undo());
    match undone {
        Some(edit) => {
            go_to(form, &edit.inverse());
            let said = said(form, &edit.inverse());
            model.say(format!("Undone: {said}. {} makes it again.", form_key(Action::Redo)));
        }
        None => model.say("Nothing to undo."),
    }
}

pub(super) fn redo(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let mut redone = None;
    form::with_focus_kept(form, |form| redone = form.work.redo());
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

/// A step as it was made or taken back just now: by its name, of a single field with what that was before and is now.
fn said(form: &Form, made: &Edit) -> String {
    let name = made.name();
    match made {
        Edit::Set { field, old, new } => {
            let words = |text: &str| {
                let words = worded(*field, text, form.work.now());
                cut_middle(&words, VALUE).into_owned()
            };
            format!("{name} {} → {}", words(old), words(new))
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

/// The focus goes to what a step changed, unless it is on a part of that already. Its row may be hidden by the filter: then
/// that goes.
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
