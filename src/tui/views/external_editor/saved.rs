//! Texts that an editor saved and nobody took: they wait in the form, each until somebody decided about that very text.

use std::sync::Arc;

use super::texts::{came_empty, read};
use crate::endpoint::diff;
use crate::endpoint::diff::few_names;
use crate::endpoint::edit::Edit;
use crate::secret::Secret;
use crate::store::{EditorText, EditorTextOf, Snapshot};
use crate::tui::event::Effect;
use crate::tui::model::{Edited, EditorTarget, Form, SavedIn, SavedText};

/// The newest text of something that waits.
pub fn newest<'a>(form: &'a Form, what: &EditorTextOf) -> Option<&'a Arc<EditorText>> {
    form.editor_texts.iter().rfind(|editor_text| editor_text.what == *what)
}

/// Takes that one out.
pub fn take_newest(form: &mut Form, what: &EditorTextOf) -> Option<Arc<EditorText>> {
    let at = form
        .editor_texts
        .iter()
        .rposition(|editor_text| editor_text.what == *what)?;
    Some(form.editor_texts.remove(at))
}

/// The text that leaves nothing of the environment is decided about.
pub fn take_empty(form: &mut Form) {
    let what = EditorTextOf::Environment;
    if newest(form, &what).is_some_and(|editor_text| came_empty(&what, &editor_text.text, form)) {
        take_newest(form, &what);
    }
}

/// What a text is made of that is handed over now: what the one that waits was made of, else what the form holds. Only
/// texts have one that say nothing of what others changed.
pub fn base_of(form: &Form, what: &EditorTextOf) -> Option<Box<Snapshot>> {
    if !matches!(what, EditorTextOf::Environment | EditorTextOf::Body) {
        return None;
    }
    match newest(form, what) {
        Some(waits) => waits.base().cloned().map(Box::new),
        None => Some(Box::new(Snapshot {
            config: form.work.now().clone(),
            has_health_check: form.work.base().has_health_check,
            settings: Vec::new(),
        })),
    }
}

/// A text that was saved and not taken, as it waits; `None`: it changes nothing.
pub fn waiting(form: &Form, saved: &SavedText) -> Option<EditorText> {
    let what = saved.what.clone();
    let base = saved.base.as_ref().map(|base| &base.config);
    let editor_text = match &saved.text {
        Edited::Text(text) => match read(&EditorTarget::of(&what), text, form, base) {
            // Nothing but comments: whether all variables are to go is asked.
            Ok((None, _)) if !came_empty(&what, text, form) => return None,
            Ok(_) => EditorText::saved(what, text.clone(), saved.at.clone()),
            Err(why) => EditorText::new(what, text.clone(), why),
        },
        Edited::NotText(text, why) => EditorText::new(what, text.clone(), why.clone()),
        Edited::Failed(_) | Edited::AtOnce | Edited::Saved(..) => return None,
    };
    Some(editor_text.with_base(saved.base.clone()))
}

/// A text of something, as it was kept.
fn is_text(editor_text: &EditorText, what: &EditorTextOf, text: &Secret) -> bool {
    editor_text.what == *what && editor_text.text == *text
}

/// It waits in the form from now on, unless it does so already; whether it is new there.
fn take_in(form: &mut Form, saved: SavedText) -> bool {
    let (Edited::Text(text) | Edited::NotText(text, _)) = &saved.text else {
        return false;
    };
    let text = text.clone();
    let waits = waiting(form, &saved);
    let new = waits.filter(|_| !form.editor_texts.iter().any(|own| is_text(own, &saved.what, &text)));
    let is_new = new.is_some();
    if let Some(editor_text) = new {
        // The newest is the first to be decided about.
        let at = if saved.before_draft { 0 } else { form.editor_texts.len() };
        form.editor_texts.insert(at, Arc::new(editor_text));
    }
    let SavedText { dir, what, .. } = saved;
    form.saved_in.push(SavedIn { dir, what, text });
    is_new
}

/// All that an editor left is taken in; whether any of it is new in the form.
pub fn take_all_in(form: &mut Form) -> bool {
    let mut new = false;
    for saved in std::mem::take(&mut form.saved) {
        new |= take_in(form, saved);
    }
    new
}

/// What is decided about is told to be so.
pub fn tell_decided(form: &mut Form) -> Vec<Effect> {
    let editor_text = &form.editor_texts;
    let waits = |saved: &SavedIn| editor_text.iter().any(|own| is_text(own, &saved.what, &saved.text));
    let (waiting, decided): (Vec<SavedIn>, Vec<SavedIn>) =
        std::mem::take(&mut form.saved_in).into_iter().partition(waits);
    form.saved_in = waiting;
    decided_about(decided)
}

/// This text is gone for good, or aside: where it was kept it isn't offered again.
pub fn forget(form: &mut Form, gone: &EditorText) -> Vec<Effect> {
    let (decided, waiting): (Vec<SavedIn>, Vec<SavedIn>) = std::mem::take(&mut form.saved_in)
        .into_iter()
        .partition(|saved| is_text(gone, &saved.what, &saved.text));
    form.saved_in = waiting;
    decided_about(decided)
}

fn decided_about(saved: Vec<SavedIn>) -> Vec<Effect> {
    let dirs: Vec<_> = saved.into_iter().map(|saved| saved.dir).collect();
    (!dirs.is_empty())
        .then_some(Effect::SavedDecided(dirs))
        .into_iter()
        .collect()
}

/// What the texts of a draft are, that is decided about, is decided with it; every other one is offered after it.
pub fn decide_with(form: &mut Form, editor_text: &[EditorText]) {
    let (with, without): (Vec<SavedText>, Vec<SavedText>) =
        std::mem::take(&mut form.saved).into_iter().partition(|saved| {
            let (Edited::Text(text) | Edited::NotText(text, _)) = &saved.text else {
                return false;
            };
            editor_text.iter().any(|own| is_text(own, &saved.what, text))
        });
    form.saved = without;
    for SavedText { dir, what, text, .. } in with {
        if let Edited::Text(text) | Edited::NotText(text, _) = text {
            form.saved_in.push(SavedIn { dir, what, text });
        }
    }
}

/// What the newest of the texts that wait would do.
pub struct SavedChanges {
    /// What it changes, by names; `None`: nothing, or it can't be read.
    pub names: Option<String>,
    /// What it would take back of what others did, in a sentence.
    pub warning: Option<String>,
}

/// What the newest of the texts that wait would do, if it only was not taken.
pub fn saved_changes(form: &Form) -> SavedChanges {
    let mut changes = SavedChanges {
        names: None,
        warning: None,
    };
    let Some(newest) = form
        .editor_texts
        .last()
        .filter(|editor_text| editor_text.saved_at().is_some())
    else {
        return changes;
    };
    let base = newest.base().map(|base| &base.config);
    let Ok((Some(edit), taken_back)) = read(&EditorTarget::of(&newest.what), &newest.text, form, base) else {
        return changes;
    };
    changes.names = Some(match edit {
        Edit::Whole { old, new, .. } => few_names(&diff::changes(&old, &new)),
        edit => edit.name(),
    });
    let is_whole = matches!(newest.what, EditorTextOf::Environment | EditorTextOf::Body);
    changes.warning = if !taken_back.is_empty() {
        let names = taken_back.join(", ");
        Some(format!(
            "Changed otherwise since then, and put back by this text: {names}."
        ))
    } else if is_whole && base.is_none() {
        Some("It is taken as a whole: what others changed since it was begun is put back, too.".to_owned())
    } else {
        None
    };
    changes
}

/// That texts from the editor wait to be mended, in a sentence; `None`: none does.
pub fn waits(form: &Form) -> Option<String> {
    let newest = EditorTarget::of(&form.editor_texts.last()?.what);
    let (name, keys) = (newest.name(), newest.keys());
    let more = match form.editor_texts.len() - 1 {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    let waits = match form.editor_texts.last()?.saved_at() {
        Some(_) => "was saved, and not taken",
        None => "waits to be mended",
    };
    Some(format!("The editor's text of {name} {waits}: {keys} opens it{more}."))
}
