//! What is discarded: the form's edits, the draft of an earlier run, and a text from `$EDITOR`.

use crate::tui::discarding::{self, aside, ask, failed, is_for_good, is_told, stay, tell};
use crate::tui::event::Effect;
use crate::tui::model::{Discard, Discarding, DraftQuestion, Model, Overlay, Screen};
use crate::tui::views::{external_editor, leave};

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
        tell(form, discarding::NEW_VALUES);
        model.complain(discarding::NEW_VALUES);
        return Some(Vec::new());
    }
    Some(ask(form, Discard::Draft))
}

/// Whether the draft that is asked about has values that may not be put aside.
fn draft_loses(model: &Model) -> bool {
    match &model.overlay {
        Some(Overlay::Draft(DraftQuestion { draft, .. })) => {
            model.loses_values(&draft.edited, draft.typing.as_ref(), &draft.editor_texts)
        }
        _ => false,
    }
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
        Discard::Edits(leaving, unsaved) => leave::put_aside(model, *leaving, unsaved),
        Discard::Draft => {
            let kept = aside(draft_loses(model));
            super::keeping::discarded(model, &kept)
        }
        Discard::Text(alone) => match alone.editor_texts.first() {
            Some(editor_text) => external_editor::put_aside(model, editor_text),
            None => Vec::new(),
        },
    }
}
