//! Values that our files don't hold (`keep_secrets = false`): put back from what the server has, and told where they are lost.

use std::sync::Arc;

use crate::endpoint::EndpointConfig;
use crate::session::Outcome;
use crate::store::Draft;
use crate::tui::event::Event;
use crate::tui::model::{Model, Opened, Screen};

/// Something was read of the server: what it has is put in its places before anything is compared.
pub(super) fn recall_from(model: &mut Model, event: &Event) {
    let server = match event {
        Event::Loaded(_, read, _) => read.as_ref().as_ref().ok(),
        Event::SaveDone(outcome, _) => match &**outcome {
            Outcome::ServerChanged { theirs, .. } => Some(&**theirs),
            Outcome::Saved { fresh, .. } | Outcome::NotSaved { fresh, .. } => Some(&**fresh),
            _ => None,
        },
        _ => None,
    };
    if let (Some(server), Screen::Form(form), Some(fingerprints)) =
        (server, &mut model.screen, &model.around.fingerprints)
    {
        form.work.recall(fingerprints, &server.config);
        if let Some(sent) = &mut form.unknown
            && sent.not_kept().next().is_some()
        {
            fingerprints.recall(Arc::make_mut(sent), &server.config);
        }
    }
}

/// What was found on disk about the endpoint of the form, with what the server has, and what this session had before.
pub(super) fn recall_found(model: &mut Model, found: &mut Opened) {
    let (Screen::Form(form), Some(fingerprints)) = (&model.screen, &model.around.fingerprints) else {
        return;
    };
    let server = &form.work.base().config;
    if let Some(draft) = &mut found.draft {
        fingerprints.recall_draft(draft, server);
        if let Some(carried) = &form.carried {
            fingerprints.recall_draft(draft, &carried.edited);
        }
    }
    if let Some(last) = &mut found.last {
        fingerprints.recall_records([&mut **last], server);
    }
}

/// Drafts that were read while the form was open, with what the server has.
pub(super) fn recall_drafts(model: &Model, drafts: &mut [Draft]) {
    if let (Screen::Form(form), Some(fingerprints)) = (&model.screen, &model.around.fingerprints) {
        let server = &form.work.base().config;
        drafts
            .iter_mut()
            .for_each(|draft| fingerprints.recall_draft(draft, server));
    }
}

/// Which values are lost, as a sentence behind others; nothing if none are.
pub(super) fn to_be_entered(config: &EndpointConfig) -> String {
    match named(config) {
        None => String::new(),
        Some(names) => format!(" Not kept, so enter again: {names}."),
    }
}

/// Why a text with all values in it can't be made: some are lost.
pub(super) fn refusal(config: &EndpointConfig) -> Option<String> {
    let names = named(config)?;
    Some(format!(
        "The value of {names} was not kept (keep_secrets = false): enter it first."
    ))
}

/// `A, B`, or how many there are; `None`: none.
fn named(config: &EndpointConfig) -> Option<String> {
    let keys: Vec<&str> = config.not_kept().collect();
    match keys.len() {
        0 => None,
        1..4 => Some(keys.join(", ")),
        count => Some(format!("{count} variables")),
    }
}
