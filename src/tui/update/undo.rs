//! Undo and redo: the step is named, and the focus goes to what it changed.

use super::form;
use crate::endpoint::edit::Edit;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Focus, Form, Model, Screen};

pub(super) fn undo(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let mut undone = None;
    form::with_focus_kept(form, |form| undone = form.work.undo());
    match undone {
        Some(edit) => {
            go_to(form, &edit.inverse());
            model.say(format!(
                "Undone: {}. {} makes it again.",
                edit.name(),
                form_key(Action::Redo)
            ));
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
            model.say(format!("Made again: {}.", edit.name()));
        }
        None => model.say("Nothing to redo."),
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
