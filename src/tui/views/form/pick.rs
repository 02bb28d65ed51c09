//! Choosing from what was looked up while a field is edited.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::endpoint::edit::Row;
use crate::endpoint::{FieldId, VolumeType};
use crate::tui::model::{Editing, Form, Suggestions};
use crate::tui::widgets::text_edit::{TextEdit, accepts};

/// Moves through the list under what is being edited; false when there is none, or it ends there.
pub fn moved(suggestions: Option<Suggestions>, pick: &mut Option<String>, key: &KeyEvent) -> bool {
    if !matches!(key.code, KeyCode::Down | KeyCode::Up) || key.modifiers != KeyModifiers::NONE {
        return false;
    }
    let Some(Suggestions::Here(choices)) = suggestions else {
        return false;
    };
    let taken = choices.takes(pick.as_deref());
    let at = choices
        .here
        .iter()
        .position(|suggestion| Some(suggestion.id.as_str()) == taken);
    let here = choices.here;
    let to = match (key.code, at) {
        (KeyCode::Down, None) => 0,
        (KeyCode::Down, Some(at)) => (at + 1).min(here.len().saturating_sub(1)),
        (_, Some(0)) => {
            // Back to the text.
            *pick = None;
            return true;
        }
        (_, Some(at)) => at - 1,
        (_, None) => return false,
    };
    let Some(suggestion) = here.into_iter().nth(to) else {
        return false;
    };
    *pick = Some(suggestion.id);
    true
}

/// Before a key that takes the text: the chosen id becomes the text, and so does the id of what is called so.
pub fn settle(suggestions: Option<Suggestions>, pick: &mut Option<String>, editing: &mut Editing, key: &KeyEvent) {
    if !accepts(key) {
        return;
    }
    let pick = pick.take();
    let Some(Suggestions::Here(choices)) = suggestions else {
        return;
    };
    let (Some(id), Some(text)) = (choices.takes(pick.as_deref()), editing.text_mut()) else {
        return;
    };
    if text.text() != id {
        *text = TextEdit::new(id);
    }
}

/// Where is typed and how often the text was changed, to tell whether a key changed it.
pub fn typed(editing: &Editing) -> Option<(FieldId, u64)> {
    match editing {
        Editing::Field { field, text } => Some((*field, text.version())),
        Editing::Row(row) => Some((row.part, row.text.version())),
        Editing::Choice { .. } => None,
    }
}

/// The network storage that taking what is edited sets anew.
pub fn new_storage(form: &Form) -> Option<String> {
    let Some(Editing::Row(edit)) = &form.editing else {
        return None;
    };
    let storage = |row: &Row| match row {
        Row::Volume(volume) if volume.kind == VolumeType::Network => Some(volume.storage_id.clone()),
        _ => None,
    };
    let new = storage(&edit.whole())?;
    (edit.old.as_ref().and_then(storage) != Some(new.clone())).then_some(new)
}
