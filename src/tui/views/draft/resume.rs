//! What was being typed when a draft was written.

use crate::endpoint::edit::Row;
use crate::store::{Draft, Typing};
use crate::tui::model::{Editing, Focus, Form};

/// What was being typed, unless it was the value of an env and was not kept.
pub(super) fn kept_typing(draft: &Draft) -> Option<&Typing> {
    draft.typing.as_ref().filter(|typing| !typing.text.is_redacted())
}

/// Goes on typing where the draft left off: in the row of the same name, whatever that holds now. A row that isn't
/// there any more is a new one.
pub(super) fn resume(form: &mut Form, draft: &Draft, mut editing: Editing) {
    form.focus = match &mut editing {
        Editing::Field { field, .. } | Editing::Choice { field, .. } => Focus::Field(*field),
        Editing::Row(row) => {
            let list = row.row.list();
            let now = form.work.now();
            let named = |config, at, name: &str| Row::of(config, list, at).is_some_and(|row| row.name() == name);
            let found = row.old.as_ref().and_then(|old| {
                let ordinal = (0..row.at).filter(|at| named(&draft.edited, *at, old.name())).count();
                (0..list.len(now)).filter(|at| named(now, *at, old.name())).nth(ordinal)
            });
            row.at = found.unwrap_or(row.at.min(list.len(now)));
            row.old = found.and_then(|at| Row::of(now, list, at));
            Focus::Row(list, row.at)
        }
    };
    form.filter = None;
    if !matches!(&editing, Editing::Row(row) if row.old.is_none()) {
        form.settle();
    }
    form.editing = Some(editing);
    form.check_typed();
}
