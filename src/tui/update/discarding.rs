//! What is discarded: the form's edits, the draft of an earlier run, and a text from `$EDITOR`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::form;
use crate::store::{Unread, Unsaved};
use crate::tui::discarding::{aside, ask, failed, is_for_good, is_told, stay, tell};
use crate::tui::event::Effect;
use crate::tui::model::{Discard, Discarding, DraftQuestion, Keeping, Leaving, Model, Overlay, Screen};
use crate::tui::views::external_editor;

/// Whether a key discards, in a question that has no table of its own.
pub(super) fn is_key(key: &KeyEvent) -> bool {
    key.code == KeyCode::Char('x') && key.modifiers == KeyModifiers::CONTROL
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
    let loses = model.loses_values(&unsaved.edited, unsaved.typing.as_ref(), texts(&unsaved));
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    if loses && !is_told(form) {
        tell(form, NEW_VALUES);
        return Vec::new();
    }
    ask(form, Discard::Edits(leaving, Box::new(unsaved)))
}

/// The draft of an earlier run that is asked about: `None`, it is to go for good now, since it can't be put aside.
pub(super) fn draft(model: &mut Model) -> Option<Vec<Effect>> {
    let loses = draft_loses(model);
    let Screen::Form(form) = &mut model.screen else {
        return None;
    };
    if is_for_good(form) {
        stay(model);
        return None;
    }
    if loses && !is_told(form) {
        tell(form, NEW_VALUES);
        model.complain(NEW_VALUES);
        return Some(Vec::new());
    }
    Some(ask(form, Discard::Draft))
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
            Some(unread) => external_editor::put_aside(model, unread),
            None => Vec::new(),
        },
    }
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
