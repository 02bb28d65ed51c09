//! What changes a value without typing: by one, by ten, undo, redo, as loaded again.

use super::undo;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::schema::Kind;
use crate::endpoint::{List, Number};
use crate::tui::keymap::{Action, with_keys};
use crate::tui::model::{Focus, Form, Model, Screen};

/// Changes what is focused; false when an action means something else.
pub fn change(model: &mut Model, action: Action) -> bool {
    match action {
        Action::Increase => change_by(model, 1),
        Action::Decrease => change_by(model, -1),
        Action::IncreaseTen => change_by(model, 10),
        Action::DecreaseTen => change_by(model, -10),
        Action::Undo => undo::undo(model),
        Action::Redo => undo::redo(model),
        Action::RestoreField => restore(model),
        Action::RestoreAll => restore_all(model),
        _ => return false,
    }
    true
}

fn change_by(model: &mut Model, by: i64) {
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
