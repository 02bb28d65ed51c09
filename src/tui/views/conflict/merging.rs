//! Meeting what somebody else changed: merged by itself where that is plain, else decided clash by clash.

use super::{Between, Conflict, Ways};
use crate::endpoint::diff::differences;
use crate::endpoint::diff::few_names;
use crate::endpoint::merge::Resolution;
use crate::fs::when;
use crate::tui::keymap::{Action, Context, form_key, keymap};
use crate::tui::model::{Form, Model, PendingMerge, Screen};
use crate::tui::views::review;

/// Where a merge leads to when nothing has to be decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The review, which has to be seen anew.
    Review,
    /// No other view: the person stays in the one in front.
    Stay,
}

/// The server holds something else than the base. Merges it, or opens the conflict screen. Nothing is ever sent by it.
pub fn meet(model: &mut Model, pending: PendingMerge, then: Then) {
    let Screen::Form(form) = &mut model.screen else { return };
    let merge = form.work.merge_with(&pending.theirs.config);
    if !merge.clashes().is_empty() {
        let conflict = Conflict::new(merge, Between::FormAndServer(pending), WAYS);
        model.show_view(conflict);
        return;
    }
    let before = form.work.now().clone();
    let (after_send, as_before) = (pending.after_send, pending.as_before.clone());
    merge_in(form, pending, &[]);
    // What others took back themselves is no change of theirs any more, and still it is another value in the form.
    let just_now = differences(&before, form.work.now());
    let mut changed = form.work.others().to_vec();
    changed.extend(
        just_now
            .into_iter()
            .filter(|c| form.work.others().iter().all(|o| o.name() != c.name())),
    );
    let changed = few_names(&changed);
    let left = form.work.is_changed();
    if then == Then::Review {
        review::open(model);
    }
    model.say(match then {
        _ if !left => format!("Nothing of yours is left to send; taken over: {changed}."),
        Then::Review if as_before.is_some() => {
            let at = as_before.map(|at| when(&at)).unwrap_or_default();
            format!(
                "Nothing was sent. The server shows {changed} as before your save of {at}: it was taken back, or the answer \
                 is an old one. Merged, look again."
            )
        }
        Then::Review if after_send => format!("The server holds something else by now: {changed}. Merged, look again."),
        Then::Review => format!("Nothing was sent. Somebody else changed {changed}: merged, look again."),
        Then::Stay => format!("Changed on the server, and merged: {changed}. Your edits stand."),
    });
}

/// What the server has becomes the base, with one's own edits over it as decided.
pub fn merge_in(form: &mut Form, pending: PendingMerge, choices: &[Option<Resolution>]) {
    form.with_focus_kept(|work| {
        work.merge(*pending.theirs, choices);
    });
    form.read_at = pending.read_at;
}

/// Once nothing is edited any more, what the server was found to have meanwhile is merged.
pub fn meet_what_waits(model: &mut Model) {
    let then = if model.is_bare() {
        Then::Stay
    } else if review::is_in_front(model) {
        Then::Review
    } else {
        return;
    };
    let Screen::Form(form) = &mut model.screen else { return };
    if form.editing.is_none()
        && let Some(pending) = form.pending_merge.take()
    {
        meet(model, pending, then);
    }
}

/// Where the conflict leads that it may come to.
const WAYS: Ways = Ways { decided, left };

/// Merged, and to the review, which has to be seen anew.
fn decided(model: &mut Model, between: &Between, choices: &[Option<Resolution>]) {
    let (Between::FormAndServer(pending), Screen::Form(form)) = (between, &mut model.screen) else {
        return;
    };
    merge_in(form, pending.clone(), choices);
    let (left, errors) = (form.work.is_changed(), form.work.error_count() > 0);
    review::open(model);
    let send = keymap().word(Context::Review, Action::Send);
    model.say(if errors {
        "Decided. Nothing was sent, and what is marked ✗ has to be mended first.".to_owned()
    } else if left {
        format!("Decided. Nothing was sent yet: look at what goes, then {send} sends.")
    } else {
        "Decided as the server has it: nothing of yours is left to send.".to_owned()
    });
}

/// Nothing is merged.
fn left(model: &mut Model, between: &Between) {
    let Between::FormAndServer(pending) = between else {
        return;
    };
    let sent = if pending.after_send {
        ""
    } else {
        " and nothing was sent"
    };
    let review = form_key(Action::Review);
    model.say(format!(
        "Nothing was merged{sent}. Your edits stand; {review} meets the same again."
    ));
}
