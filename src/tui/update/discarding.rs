//! Discarding: Ctrl-X and nothing else, wherever something is thrown away. It is put aside before it goes, and where
//! that fails it is told, and the same key once more throws it away for good.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::form;
use crate::fs::KEPT_DAYS;
use crate::store::{Snapshot, Unread, UnreadOf, Unsaved};
use crate::tui::event::Effect;
use crate::tui::model::{Discard, Discarding, DraftQuestion, Form, Keeping, Leaving, Model, Overlay, Screen};

/// Whether a key discards, in a question that has no table of its own.
pub(super) fn is_key(key: &KeyEvent) -> bool {
    key.code == KeyCode::Char('x') && key.modifiers == KeyModifiers::CONTROL
}

/// Whether something is just being put aside: until the disk has answered no key does anything.
pub(super) fn is_asked(model: &Model) -> bool {
    matches!(&model.screen, Screen::Form(form) if form.discarding == Discarding::Asked)
}

/// Whether it was told that this can't be put aside.
fn is_for_good(form: &Form) -> bool {
    matches!(form.discarding, Discarding::Failed(_))
}

/// Another key than the one that discards: it is not meant any more.
pub(super) fn stay(model: &mut Model) {
    if let Screen::Form(form) = &mut model.screen {
        form.discarding = Discarding::No;
    }
}

/// The letter that did it once.
pub(super) fn is_old_key(key: &KeyEvent) -> bool {
    key.code == KeyCode::Char('d') && key.modifiers == KeyModifiers::NONE
}

/// Tells who pressed that which key it is now.
pub(super) fn name_key(model: &mut Model) {
    model.say("Ctrl-X discards.");
}

fn ask(form: &mut Form, what: Discard) -> Vec<Effect> {
    form.discarding = Discarding::Asked;
    vec![Effect::Discard(what)]
}

/// The form's edits, to leave it.
pub(super) fn edits(model: &mut Model, leaving: Leaving) -> Vec<Effect> {
    let read_only = model.around.read_only;
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let unsaved = model.unsaved_in(form).filter(|_| !read_only && !is_for_good(form));
    let Some(unsaved) = unsaved else {
        return left(model, leaving);
    };
    if model.loses_values(&unsaved.edited, unsaved.typing.as_ref(), texts(&unsaved)) && !withheld(model, NEW_VALUES) {
        return Vec::new();
    }
    match &mut model.screen {
        Screen::Form(form) => ask(form, Discard::Edits(leaving, Box::new(unsaved))),
        _ => Vec::new(),
    }
}

/// The draft of an earlier run that is asked about: `None`, it is to go for good now, since it can't be put aside.
pub(super) fn draft(model: &mut Model) -> Option<Vec<Effect>> {
    if let Screen::Form(form) = &mut model.screen
        && is_for_good(form)
    {
        form.discarding = Discarding::No;
        return None;
    }
    if draft_loses(model) && !withheld(model, NEW_VALUES) {
        model.complain(NEW_VALUES);
        return Some(Vec::new());
    }
    match &mut model.screen {
        Screen::Form(form) => Some(ask(form, Discard::Draft)),
        _ => None,
    }
}

/// Whether the draft that is asked about has values that may not be put aside.
fn draft_loses(model: &Model) -> bool {
    match &model.overlay {
        Some(Overlay::Draft(DraftQuestion { draft, .. })) => {
            model.loses_values(&draft.edited, draft.typing.as_ref(), &draft.unread)
        }
        _ => false,
    }
}

fn texts(unsaved: &Unsaved) -> impl Iterator<Item = &Unread> {
    unsaved.unread.iter().map(|unread| &**unread)
}

/// What is told before values are thrown away that may not be put aside.
const NEW_VALUES: &str = "New values and texts from the editor can't be kept aside (keep_secrets = false). Ctrl-X once \
                          more throws them away for good.";
const TEXT: &str = "This text can't be kept aside (keep_secrets = false). Ctrl-X once more throws it away for good.";

/// Whether that was told already; if not, it is from now on.
fn withheld(model: &mut Model, said: &'static str) -> bool {
    let Screen::Form(form) = &mut model.screen else {
        return true;
    };
    let told = form.discarding.withheld().is_some();
    if !told {
        form.discarding = Discarding::Withheld(said);
    }
    told
}

/// That something is aside, as the end of a sentence.
fn aside(loses_values: bool) -> String {
    let without = if loses_values { ", without new values" } else { "" };
    format!("; they are kept aside for {KEPT_DAYS} days{without}")
}

/// The newest text from `$EDITOR` that was not taken.
pub(super) fn text(model: &mut Model) -> Vec<Effect> {
    let read_only = model.around.read_only;
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let Some(unread) = form.unread.last().cloned() else {
        model.overlay = None;
        return Vec::new();
    };
    let told = is_for_good(form) || form.discarding.withheld().is_some();
    if read_only || told {
        form.discarding = Discarding::No;
        return super::outside::thrown_away(model, &unread, "thrown away for good");
    }
    if !model.around.redactor.keeps_values() && !matches!(unread.what, UnreadOf::Field(_)) {
        withheld(model, TEXT);
        model.complain(TEXT);
        return Vec::new();
    }
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let base = form.work.base();
    let alone = Unsaved {
        loaded: Arc::new(Snapshot::from(base)),
        edited: Arc::new(base.config.clone()),
        typing: None,
        sent: None,
        unread: vec![unread],
    };
    ask(form, Discard::Text(Box::new(alone)))
}

/// It is aside, or can't be put there.
pub(super) fn done(model: &mut Model, what: &Discard, put: Result<(), String>) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    if form.discarding != Discarding::Asked {
        return Vec::new();
    }
    if let Err(why) = put {
        if !matches!(what, Discard::Edits(..)) {
            model.complain(failed(&why));
        }
        if let Screen::Form(form) = &mut model.screen {
            form.discarding = Discarding::Failed(why);
        }
        return Vec::new();
    }
    form.discarding = Discarding::No;
    match what {
        Discard::Edits(leaving, unsaved) => {
            let kept = aside(model.loses_values(&unsaved.edited, unsaved.typing.as_ref(), texts(unsaved)));
            let effects = left(model, *leaving);
            model.say(format!("Your edits are discarded{kept}."));
            effects
        }
        Discard::Draft => {
            let kept = aside(draft_loses(model));
            super::keeping::discarded(model, &kept)
        }
        Discard::Text(alone) => match alone.unread.first() {
            Some(unread) => {
                let kept = format!("discarded; it is kept aside for {KEPT_DAYS} days");
                super::outside::thrown_away(model, unread, &kept)
            }
            None => Vec::new(),
        },
    }
}

/// That something can't be put aside, and what then.
pub(crate) fn failed(why: &str) -> String {
    format!("This can't be kept aside: {why}. Ctrl-X once more throws it away for good.")
}

/// Leaves the form without its edits.
fn left(model: &mut Model, leaving: Leaving) -> Vec<Effect> {
    // A draft that isn't this session's waits for its own question.
    let ours = matches!(&model.screen, Screen::Form(form) if form.keeping == Keeping::Ours);
    let mut effects = if ours { vec![Effect::DiscardDraft] } else { Vec::new() };
    if let Screen::Form(form) = &mut model.screen {
        let saved = std::mem::take(&mut form.saved_in);
        let dirs: Vec<_> = saved.into_iter().map(|saved| saved.dir).collect();
        effects.extend((!dirs.is_empty()).then_some(Effect::SavedDecided(dirs)));
    }
    effects.extend(form::leave(model, leaving));
    effects
}

/// Takes a text out of those that wait.
pub(super) fn without(form: &mut Form, gone: &Arc<Unread>) {
    form.unread.retain(|unread| !Arc::ptr_eq(unread, gone));
}
