//! What is discarded: the form's edits, the draft of an earlier run, and a text from `$EDITOR`.

use crate::tui::discarding::failed;
use crate::tui::event::Effect;
use crate::tui::model::{Discard, Discarding, Model, Screen};
use crate::tui::views::{draft, external_editor, leave};

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
        Discard::Draft => draft::put_aside(model),
        Discard::Text(alone) => match alone.editor_texts.first() {
            Some(editor_text) => external_editor::put_aside(model, editor_text),
            None => Vec::new(),
        },
    }
}
