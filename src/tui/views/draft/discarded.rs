//! Edits that were discarded and are still kept: brought back over what the form holds.

use super::lay_over;
use crate::store::{Draft, EditorText};
use crate::tui::event::Effect;
use crate::tui::keymap::with_keys;
use crate::tui::model::{Form, Model, Screen};
use crate::tui::redacted;
use crate::tui::views::conflict::Between;

/// Asks for what was discarded of the endpoint.
pub fn load(model: &mut Model) -> Vec<Effect> {
    if model.around.read_only {
        model.complain("Read-only: this session reads no edits of others.");
        return Vec::new();
    }
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let id = form.work.base().config.id.clone();
    model.say(LOOKING);
    vec![Effect::LoadDiscarded(id)]
}

/// What is said while the disk is asked. Whatever is done meanwhile takes its place.
const LOOKING: &str = "Looking for what was discarded…";

/// Whether nothing was done since what was discarded was asked for: what comes is what was asked for then, and keys
/// that are on their way don't land in it.
fn is_looked_for(model: &Model) -> bool {
    model.notice.as_ref().is_some_and(|notice| notice.text == LOOKING)
}

/// Lays the newest of what was discarded over the form; of what the form has already, the one before.
pub fn bring_back(model: &mut Model, id: &str, read: Result<Vec<Draft>, String>) {
    let Screen::Form(form) = &model.screen else { return };
    // Something else is in front by now, or another endpoint is.
    if form.work.base().config.id != id || !model.is_bare() || form.editing.is_some() {
        return;
    }
    if !is_looked_for(model) {
        return model.complain(with_keys(
            "Nothing was brought back, for other keys came before it: {palette} restore-discarded asks again.",
        ));
    }
    let mut drafts = match read {
        Ok(drafts) => drafts,
        Err(why) => return model.complain(format!("What was discarded can't be read: {why}.")),
    };
    redacted::restore_drafts(model, &mut drafts);
    let Screen::Form(form) = &model.screen else { return };
    let any = !drafts.is_empty();
    // What came of a send since then is in the history; a discarded draft knows less.
    let drafts = drafts.into_iter().map(|draft| Draft { sent: None, ..draft });
    let newest = drafts.into_iter().find(|draft| !is_in(form, draft));
    match newest {
        Some(draft) => lay_over(model, Between::DiscardedAndForm(Box::new(draft)), |model, _| {
            model.say("Nothing was brought back; the form is as it was. What was discarded is kept.");
        }),
        None if any => model.say("All that was discarded of this endpoint is in the form already."),
        None => model.say("Nothing that was discarded of this endpoint is kept."),
    }
}

/// Whether the form has all of a draft: its edits, and its texts from the editor.
fn is_in(form: &Form, draft: &Draft) -> bool {
    let merge = form.work.merge_of(draft);
    let has = |editor_text: &EditorText| {
        form.editor_texts
            .iter()
            .any(|own| own.text == editor_text.text && own.what == editor_text.what)
    };
    merge.clashes().is_empty()
        && merge.resolve(&[]) == *form.work.now()
        && draft.typing.is_none()
        && draft.editor_texts.iter().all(has)
}
