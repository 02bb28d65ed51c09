//! A read of an endpoint that is edited already.

use std::sync::Arc;

use crate::endpoint::diff::{differences, few_names};
use crate::endpoint::respelled::deviations;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::session::{EditsStored, OpenSend, SendAnswer, as_before_own, time_of_day};
use crate::store::{OutcomeNote, SendOutcome, Snapshot};
use crate::text::capital;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Form, Model, PendingMerge, Screen};
use crate::tui::views::conflict::merging::{Then, meet, merge_in};
use crate::tui::views::review;

/// What a read tells of a send of which nobody knew what came of it.
enum Told {
    /// Every sent field read back as sent.
    Stored,
    /// A sent field reads back otherwise.
    Differently(EditsStored),
    /// What was there before, and it can't arrive any more.
    NotStored,
    /// What was there before, and the server had refused it.
    Refused,
    /// What was there before: it may still come.
    StillOpen,
    /// Something else, and nothing of what was edited: it may still come.
    OpenBesideOthers,
}

impl Told {
    fn of(open: &OpenSend, form: &Form, read: &LoadedEndpoint) -> Self {
        let base = &form.work.base().config;
        let found = deviations(base, &open.sent, &read.config);
        if found.is_empty() {
            return Self::Stored;
        }
        let is_former = differences(base, &read.config).is_empty();
        let edits = EditsStored::of(base, &open.sent, &found);
        let is_acceptance = open.answer.is_acceptance();
        let is_refused = matches!(&open.answer, SendAnswer::Accepted(accepted) if accepted.refuses);
        match (is_former, open.is_over) {
            (true, _) if is_refused => Self::NotStored,
            (true, _) if open.answer.is_refusal() => Self::Refused,
            (true, true) => Self::NotStored,
            (true, false) => Self::StillOpen,
            (false, false) if edits == EditsStored::None && !is_acceptance => Self::OpenBesideOthers,
            (false, true) if edits == EditsStored::None && !is_acceptance => Self::NotStored,
            (false, _) => Self::Differently(edits),
        }
    }
}

/// A read of the server on request, or by a save that found it changed: edits are never discarded. From a save it leads
/// back to the review. `as_before`: it is just what was there before this machine's own save of that time (RFC 3339).
pub fn reread(
    model: &mut Model,
    endpoint: LoadedEndpoint,
    at: String,
    from_save: bool,
    as_before: Option<String>,
) -> Vec<Effect> {
    let (bare, reviewing) = (model.is_bare(), review::is_in_front(model));
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    let after_send = form.unknown.is_some();
    if let Some(open) = form.unknown.clone() {
        let told = Told::of(&open, form, &endpoint);
        let record = |outcome: SendOutcome| Effect::RecordOutcome(Arc::clone(&open.sent), Box::new(outcome.into()));
        if !matches!(told, Told::StillOpen | Told::OpenBesideOthers) {
            form.unknown = None;
        }
        match told {
            Told::Stored => {
                form.read_at = at;
                form.with_focus_kept(|work| work.saved(endpoint, &open.sent));
                model.say(with_keys(if from_save {
                    "The earlier send is stored after all. What you changed since then: {review} reviews it."
                } else {
                    "Saved: the last send is stored after all; every sent field read back as sent."
                }));
                return vec![record(SendOutcome::Stored)];
            }
            Told::Differently(edits) => {
                let note = OutcomeNote {
                    read: Some(Snapshot::from(&endpoint)),
                    ..SendOutcome::StoredDifferently.into()
                };
                form.read_at = at;
                stored_differently(form, endpoint, &open.sent);
                let said = match edits {
                    EditsStored::All => {
                        "Stored differently: what you edited is stored, and something else isn't as sent."
                    }
                    _ => "Stored differently: what you edited is not all stored as sent; it stays an edit.",
                };
                let back = match form.aside {
                    Some(_) => format!(" {} puts back what you hadn't touched.", form_key(Action::PutBack)),
                    None => String::new(),
                };
                model.complain(format!("{said}{back}"));
                return vec![Effect::RecordOutcome(open.sent, Box::new(note))];
            }
            Told::NotStored if differences(&form.work.base().config, &endpoint.config).is_empty() => {
                form.read_at = at;
                form.work.set_status(endpoint.status);
                model.complain(with_keys(
                    "Not saved: the server still has the old values. Your edits stand; {review} sends them again.",
                ));
                return vec![record(SendOutcome::NotStored)];
            }
            Told::NotStored => effects.push(record(SendOutcome::NotStored)),
            Told::Refused => {
                form.read_at = at;
                form.work.set_status(endpoint.status);
                model.complain(with_keys(
                    "Refused: the server said no, and has the old values. Your edits stand; {review} opens the review.",
                ));
                let why = open.answer.error().map(ToString::to_string).unwrap_or_default();
                return vec![record(SendOutcome::Refused(why))];
            }
            Told::StillOpen => {
                form.read_at = at;
                form.work.set_status(endpoint.status);
                model.complain(still_open(&open));
                return Vec::new();
            }
            Told::OpenBesideOthers => {}
        }
    }
    let Screen::Form(form) = &mut model.screen else {
        return effects;
    };
    let theirs = differences(&form.work.base().config, &endpoint.config);
    // Keys are under way to something else: what they do may not change under them.
    let busy = form.editing.is_some() || !(bare || reviewing);
    if let (true, Some(save)) = (theirs.is_empty() && from_save, &as_before) {
        let review = form_key(Action::Review);
        let why = as_before_own(save, "nothing was sent");
        model.complain(format!(
            "{} {review} and the send again take it as true.",
            capital(&why)
        ));
        return effects;
    }
    if theirs.is_empty() {
        form.read_at = at;
        form.work.set_status(endpoint.status);
        let edits = if form.work.is_changed() {
            "; your edits stand."
        } else {
            "."
        };
        model.say(format!("Read again: nothing changed on the server{edits}"));
        return effects;
    }
    let words = few_names(&theirs);
    let count = theirs.len();
    let pending = PendingMerge {
        theirs: Box::new(endpoint),
        read_at: at,
        after_send,
        as_before,
    };
    if from_save {
        meet(model, pending, Then::Review);
    } else if busy {
        form.pending_merge = Some(pending);
        model.complain(format!(
            "Changed on the server meanwhile: {words}. It is merged when you are done here."
        ));
    } else if form.work.is_changed() {
        let then = if reviewing { Then::Review } else { Then::Stay };
        meet(model, pending, then);
    } else {
        merge_in(form, pending, &[]);
        model.say(format!("Read again: {count} changed on the server ({words})."));
    }
    effects
}

/// What was sent reads back otherwise: that is the base now. What was edited and isn't there stays an edit, and what
/// was not edited waits aside.
pub fn stored_differently(form: &mut Form, endpoint: LoadedEndpoint, sent: &EndpointConfig) {
    let mut spelled = None;
    form.with_focus_kept(|work| spelled = Some(work.stored_differently(endpoint, sent)));
    if let Some(spelled) = spelled {
        form.put_aside(spelled);
    }
}

fn still_open(open: &OpenSend) -> String {
    let again = form_key(Action::Reload);
    if matches!(open.answer, SendAnswer::Accepted(_)) {
        return format!("Accepted, not shown yet: the server still shows the old values. {again} looks again.");
    }
    let until = open.until.map(|until| format!(" until {}", time_of_day(until)));
    format!(
        "Not known yet: the server has the old values, and the update may still arrive{}. {again} looks again.",
        until.unwrap_or_default()
    )
}
