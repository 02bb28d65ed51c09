//! A read of an endpoint that is edited already.

use std::sync::Arc;

use crate::endpoint::diff::{differences, few_names};
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::session::NotSaved;
use crate::store::SendOutcome;
use crate::tui::event::Effect;
use crate::tui::keymap::with_keys;
use crate::tui::model::{Form, Model, PendingMerge, Screen, Sent};
use crate::tui::views::conflict::merging::{Then, meet, merge_in};
use crate::tui::views::review;

/// What came of the send of which nobody knew, now that the server was read; `None` where there is none, or nothing can
/// be told of it. It is settled then.
fn settled(form: &mut Form, read: &EndpointConfig) -> Option<(Sent, Option<NotSaved>)> {
    let sent = form.unknown.take()?;
    let how = if differences(&sent, read).is_empty() {
        None
    } else {
        Some(NotSaved::of(&form.work.base().config, &sent, read))
    };
    Some((sent, how))
}

/// A read of the server on request, or by a save that found it changed: edits are never discarded. From a save it leads
/// back to the review.
pub fn reread(model: &mut Model, endpoint: LoadedEndpoint, at: String, from_save: bool) -> Vec<Effect> {
    let (bare, reviewing) = (model.is_bare(), review::is_in_front(model));
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    let mut stored = None;
    let after_send = form.unknown.is_some();
    match settled(form, &endpoint.config) {
        None => {}
        Some((sent, None)) => {
            form.read_at = at;
            form.with_focus_kept(|work| work.saved(endpoint, &sent));
            model.say(with_keys(if from_save {
                "The earlier send is stored after all. What you changed since then: {review} reviews it."
            } else {
                "Saved: the last send is stored after all; every sent field read back as sent."
            }));
            return vec![Effect::RecordOutcome(sent, SendOutcome::Stored)];
        }
        Some((sent, Some(NotSaved::Unchanged))) => {
            form.read_at = at;
            form.work.set_status(endpoint.status);
            model.complain(with_keys(
                "Not saved: the server still has the old values. Your edits stand; {review} sends them again.",
            ));
            return vec![Effect::RecordOutcome(sent, SendOutcome::NotStored)];
        }
        Some((sent, Some(NotSaved::ChangedSince))) => {
            effects.push(Effect::RecordOutcome(Arc::clone(&sent), SendOutcome::Stored));
            stored = Some(sent);
        }
        Some((sent, Some(NotSaved::Mixed))) => effects.push(Effect::RecordOutcome(sent, SendOutcome::NotStored)),
    }
    let theirs = differences(&form.work.base().config, &endpoint.config);
    // Keys are under way to something else: what they do may not change under them.
    let busy = form.editing.is_some() || !(bare || reviewing);
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
        sent: stored,
        after_send,
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
