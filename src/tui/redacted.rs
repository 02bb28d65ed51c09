//! Values that our files don't hold (`keep_secrets = false`): put back from what the server has, and told where they
//! are lost.

use std::sync::Arc;

use crate::endpoint::EndpointConfig;
use crate::session::Outcome;
use crate::store::{Draft, History, Record};
use crate::tui::event::Event;
use crate::tui::model::{Model, Opened, Screen};

/// Something was read of the server: what it has is put in its places before anything is compared.
pub(super) fn restore_from(model: &mut Model, event: &Event) {
    let server = match event {
        Event::Loaded(_, read, _) => read.as_ref().as_ref().ok(),
        Event::SaveDone(outcome, _) => match &**outcome {
            Outcome::ServerChanged { theirs, .. } => Some(&**theirs),
            outcome => outcome.read_back(),
        },
        _ => None,
    };
    if let (Some(server), Screen::Form(form)) = (server, &mut model.screen) {
        let redactor = &model.around.redactor;
        form.work.restore_values(redactor, &server.config);
        if let Some(open) = &mut form.unknown
            && open.sent.redacted().next().is_some()
        {
            redactor.restore([Arc::make_mut(&mut open.sent)], &server.config);
        }
    }
}

/// What was found on disk about the endpoint of the form, with what the server has, and what this session had before.
pub(super) fn restore_found(model: &mut Model, found: &mut Opened) {
    let Screen::Form(form) = &model.screen else { return };
    let (redactor, server) = (&model.around.redactor, &form.work.base().config);
    if let Some(draft) = found.draft.as_mut().filter(|_| found.is_of_other_key) {
        take_for_unchanged(draft, server);
    }
    if let Some(draft) = &mut found.draft {
        redactor.restore_draft(draft, server);
        if let Some(carried) = &form.carried {
            redactor.restore_draft(draft, &carried.edited);
        }
    }
    if let Some(last) = &mut found.last {
        redactor.restore(last.configs_mut(), server);
    }
}

/// A draft of another key, whose fingerprints say nothing under this one: what was loaded then is taken for what the server
/// has, so that only what was edited is asked for again.
fn take_for_unchanged(draft: &mut Draft, server: &EndpointConfig) {
    for loaded in draft.loaded.config.envs.iter_mut() {
        let (Some(was), Some(there)) = (
            loaded.value.fingerprint(),
            server.envs.iter().find(|there| there.key == loaded.key),
        ) else {
            continue;
        };
        let mut edited = draft.edited.envs.iter_mut();
        if let Some(same) = edited.find(|env| env.key == loaded.key && env.value.fingerprint() == Some(was)) {
            same.value = there.value.clone();
        }
        loaded.value = there.value.clone();
    }
}

/// Drafts that were read while the form was open, with what the server has.
pub(super) fn restore_drafts(model: &Model, drafts: &mut [Draft]) {
    if let Screen::Form(form) = &model.screen {
        let (redactor, server) = (&model.around.redactor, &form.work.base().config);
        drafts
            .iter_mut()
            .for_each(|draft| redactor.restore_draft(draft, server));
    }
}

/// What was sent before, with what the server has.
pub(super) fn restore_history(model: &Model, history: &mut History) {
    if let Screen::Form(form) = &model.screen {
        let configs = history.records.iter_mut().flat_map(Record::configs_mut);
        model.around.redactor.restore(configs, &form.work.base().config);
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
    let keys: Vec<&str> = config.redacted().collect();
    match keys.len() {
        0 => None,
        1..4 => Some(keys.join(", ")),
        count => Some(format!("{count} variables")),
    }
}
