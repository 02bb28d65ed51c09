//! Drafts and owners: what is found on disk, what is asked about it, and what becomes of it.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::{editing, form};
use crate::endpoint::edit::Row;
use crate::session::differences;
use crate::store::{Draft, Kept, Record, SendOutcome};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context, form_key, keymap};
use crate::tui::model::{
    Between, Conflict, DraftQuestion, Editing, Focus, Form, Keeping, Model, Opened, Overlay, Screen,
};
use crate::tui::screen::{lines, owner_words, when};

/// What is on disk about an endpoint was found out; perhaps before the endpoint itself came.
pub(super) fn came(model: &mut Model, id: &str, found: Box<Opened>) -> Vec<Effect> {
    match &mut model.screen {
        Screen::Loading {
            id: waiting,
            opened: slot,
            ..
        } if waiting == id => {
            *slot = Some(found);
            Vec::new()
        }
        Screen::Form(form) if form.work.base().config.id == id && form.keeping != Keeping::Ours => {
            opened(model, *found)
        }
        _ => Vec::new(),
    }
}

/// The endpoint and what is on disk about it are both there.
pub(super) fn opened(model: &mut Model, found: Opened) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    form.keeping = found.keeping;
    form.not_kept = match &form.keeping {
        Keeping::Nowhere(why) => Some(why.clone()),
        _ => None,
    };
    if matches!(form.keeping, Keeping::Theirs(_)) {
        model.overlay = Some(Overlay::Occupied);
        return Vec::new();
    }
    let mut effects = Vec::new();
    let mut said = Vec::new();
    if let Some(draft) = found.draft {
        if is_there(form, &draft) {
            said.push(format!(
                "The unsaved edits of {} are what the server holds.",
                when(&draft.saved_at)
            ));
            effects.push(Effect::DiscardDraft);
        } else {
            model.overlay = Some(Overlay::Draft(DraftQuestion {
                draft,
                scroll: 0,
                reveal: false,
            }));
        }
    }
    if let Some(last) = found.last {
        let (sentence, effect) = since(form, &last);
        said.extend(sentence);
        effects.extend(effect);
    }
    // What can't be used is told before all else.
    if !found.notes.is_empty() {
        model.complain(found.notes.join(" "));
    } else if !said.is_empty() {
        model.say(said.join(" "));
    }
    effects
}

/// Whether restoring a draft would change nothing.
fn is_there(form: &Form, draft: &Draft) -> bool {
    let merge = form.work.merge_of(draft);
    let base = &form.work.base().config;
    let sent = draft
        .sent
        .as_ref()
        .is_none_or(|sent| differences(sent, base).is_empty());
    merge.clashes().is_empty() && merge.resolve(&[]) == *base && draft.typing.is_none() && sent
}

/// What there is to say of the newest send, now that the server was read, and what is to be noted about it.
fn since(form: &Form, last: &Record) -> (Option<String>, Option<Effect>) {
    let base = &form.work.base().config;
    let changed = differences(&last.after, base);
    let at = when(&last.at);
    let settle = |outcome| Some(Effect::RecordOutcome(Arc::new(last.after.clone()), outcome));
    match &last.outcome {
        SendOutcome::Unknown if changed.is_empty() => (
            Some(format!("The send of {at}, of which nothing was known, is stored.")),
            settle(SendOutcome::Stored),
        ),
        SendOutcome::Unknown if differences(&last.before.config, base).is_empty() => (
            Some(format!("The send of {at}, of which nothing was known, is not stored.")),
            settle(SendOutcome::NotStored),
        ),
        SendOutcome::Stored if !changed.is_empty() => (
            Some(format!(
                "Changed by somebody else since your save of {at}: {}. {} shows it.",
                form::names(&changed),
                form_key(Action::History)
            )),
            None,
        ),
        _ => (None, None),
    }
}

pub(super) fn draft_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let page = usize::from(model.size.height.saturating_sub(4)).max(1);
    let most = lines::of_overlay(model).len().saturating_sub(page);
    let Some(Overlay::Draft(question)) = &mut model.overlay else {
        return Vec::new();
    };
    match keymap().action(Context::Draft, key) {
        Some(Action::Restore) => restore(model),
        Some(Action::Discard) => {
            let at = when(&question.draft.saved_at);
            model.overlay = None;
            model.say(format!("The unsaved edits of {at} are discarded."));
            return vec![Effect::DiscardDraft];
        }
        Some(Action::Down) => question.scroll = (question.scroll + 1).min(most),
        Some(Action::Up) => question.scroll = question.scroll.saturating_sub(1),
        Some(Action::PageDown) => question.scroll = (question.scroll + page).min(most),
        Some(Action::PageUp) => question.scroll = question.scroll.saturating_sub(page),
        Some(Action::RevealAll) => question.reveal = !question.reveal,
        Some(Action::Picker) => return model.open_picker(),
        Some(Action::Quit) => return vec![Effect::Quit],
        _ => {}
    }
    Vec::new()
}

fn restore(model: &mut Model) {
    let Some(Overlay::Draft(question)) = model.overlay.take() else {
        return;
    };
    let Screen::Form(form) = &mut model.screen else { return };
    let merge = form.work.merge_of(&question.draft);
    if merge.clashes().is_empty() {
        form.work.restore(&question.draft, &[]);
        restored(model, &question.draft);
    } else {
        let between = Between::DraftAndServer(question.draft);
        model.overlay = Some(Overlay::Conflict(Box::new(Conflict::new(merge, between))));
    }
}

/// The edits of a draft are in the form: what belongs to them follows.
pub(super) fn restored(model: &mut Model, draft: &Draft) {
    let Screen::Form(form) = &mut model.screen else { return };
    form.unknown = draft.sent.clone().map(Arc::new);
    form::look_again(form);
    if let Some(typing) = &draft.typing {
        resume(form, Editing::of(typing));
    }
    let meanwhile = form::names(form.work.others());
    let at = when(&draft.saved_at);
    model.say(if meanwhile.is_empty() {
        format!("Restored the unsaved edits of {at}; u takes them back.")
    } else {
        format!("Restored the unsaved edits of {at}, merged with what changed on the server: {meanwhile}.")
    });
}

/// Goes on typing where the draft left off. A row that isn't there any more is a new one.
fn resume(form: &mut Form, mut editing: Editing) {
    form.focus = match &mut editing {
        Editing::Field { field, .. } | Editing::Choice { field, .. } => Focus::Field(*field),
        Editing::Row(row) => {
            let list = row.row.list();
            let count = list.len(form.work.now());
            let here = |at: &usize| Row::of(form.work.now(), list, *at) == row.old && row.old.is_some();
            let found = std::iter::once(row.at).chain(0..count).find(here);
            row.at = found.unwrap_or(row.at.min(count));
            if found.is_none() {
                row.old = None;
            }
            Focus::Row(list, row.at)
        }
    };
    if !matches!(&editing, Editing::Row(row) if row.old.is_none()) {
        form.settle();
    }
    form.editing = Some(editing);
    editing::check_typed(form);
}

pub(super) fn occupied_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let id = match &model.screen {
        Screen::Form(form) => form.work.base().config.id.clone(),
        _ => return Vec::new(),
    };
    match keymap().action(Context::Occupied, key) {
        Some(Action::LookOnly) => {
            model.overlay = None;
            model.say("Read-only: another editor has this endpoint. w and Enter offer to take over.");
            Vec::new()
        }
        Some(Action::TakeOver) => {
            model.overlay = None;
            vec![Effect::TakeOver(id)]
        }
        Some(Action::Picker) => model.open_picker(),
        Some(Action::Quit) => vec![Effect::Quit],
        _ => Vec::new(),
    }
}

/// What became of the draft.
pub(super) fn kept(model: &mut Model, kept: Kept) {
    let Screen::Form(form) = &mut model.screen else { return };
    let theirs = match kept {
        Kept::Written | Kept::Removed => {
            form.not_kept = None;
            return;
        }
        Kept::Failed(why) => {
            form.not_kept = Some(why);
            return;
        }
        Kept::TakenOver(owner) => format!("taken over by {}", owner_words(&owner)),
        Kept::Gone(why) => why,
    };
    let said =
        format!("This one is read-only now: {theirs}. Your edits are still here; w and Enter offer to take over.");
    form.keeping = Keeping::Theirs(theirs);
    model.complain(said);
}

/// Whether this editor may send, and if not, why; opens the question where it can be answered.
pub(super) fn may_send(model: &mut Model) -> bool {
    if model.around.read_only {
        model.complain("Read-only: this session can't send anything.");
        return false;
    }
    let Screen::Form(form) = &model.screen else {
        return false;
    };
    match &form.keeping {
        Keeping::Ours | Keeping::Nowhere(_) => true,
        Keeping::Opening => {
            model.say("Whether another editor has this endpoint is being found out; try again in a moment.");
            false
        }
        Keeping::Theirs(_) => {
            model.overlay = Some(Overlay::Occupied);
            false
        }
    }
}

/// Back from the conflict of a draft to the question about it.
pub(super) fn ask_again(model: &mut Model, draft: Box<Draft>) {
    model.overlay = Some(Overlay::Draft(DraftQuestion {
        draft,
        scroll: 0,
        reveal: false,
    }));
}
