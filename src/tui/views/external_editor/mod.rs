//! `$EDITOR`: what goes there, and what is made of what comes back.

mod emptied;
mod excerpt;
mod not_taken;
mod saved;
mod texts;
mod waiting;

use std::sync::Arc;

use crate::endpoint::List;
use crate::endpoint::diff::{self, few_names};
use crate::endpoint::edit::Edit;
use crate::endpoint::schema::Kind;
use crate::secret::Secret;
use crate::store::EditorText;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{DraftState, Edited, EditorTarget, Focus, Model, SavedText, Screen};

pub use emptied::Emptied;
pub use not_taken::{NotTaken, put_aside};
pub use saved::{decide_with, waits};
pub use texts::text_of;
pub use waiting::WaitingForEditor;

use saved::{base_of, newest, take_newest};
use texts::{came, came_empty, counted, read};

/// What is focused goes to the editor.
pub fn open_focused(model: &mut Model) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let target = match form.focus {
        Focus::Field(field) => match field.spec().kind {
            Kind::Text { .. } => EditorTarget::Field(field),
            _ => {
                model.say(with_keys(
                    "{edit} edits this field; {edit-body} opens the whole body in the editor.",
                ));
                return Vec::new();
            }
        },
        Focus::Row(List::Envs, at) => match form.work.now().envs.get(at) {
            Some(old) => EditorTarget::EnvValue { at, old: old.clone() },
            None => return Vec::new(),
        },
        Focus::Empty(List::Envs) => EditorTarget::Environment,
        Focus::Row(List::Volumes, _) | Focus::Empty(List::Volumes) => {
            model.say(with_keys(
                "{edit} edits a volume; {edit-body} opens the whole body, volumes and all, in the editor.",
            ));
            return Vec::new();
        }
    };
    open(model, target)
}

/// Gives something to the editor; the text that could not be read the last time, if there is one of it.
pub fn open(model: &mut Model, target: EditorTarget) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let kept = target.kept();
    // One that only was not taken is offered first.
    if newest(form, &kept).is_some_and(|editor_text| editor_text.saved_at().is_some()) {
        if let Screen::Form(form) = &mut model.screen
            && let Some(newest) = take_newest(form, &kept)
        {
            form.editor_texts.push(newest);
        }
        model.show_view(NotTaken::default());
        return Vec::new();
    }
    run(model, target)
}

/// Gives something to the editor, or the text of it that waits.
fn run(model: &mut Model, target: EditorTarget) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let kept = target.kept();
    let text = match newest(form, &kept) {
        Some(editor_text) => Ok(editor_text.text.clone()),
        None => text_of(&target, form.work.now()).map(Secret::new),
    };
    let base = base_of(form, &kept);
    match text {
        Ok(text) => {
            model.show_view(WaitingForEditor {
                target: target.clone(),
                base,
            });
            vec![Effect::RunEditor(target, text)]
        }
        Err(why) => {
            model.complain(why);
            Vec::new()
        }
    }
}

/// The editor is done, or never began.
pub fn ended(model: &mut Model, target: EditorTarget, edited: Edited) {
    let waited = model.views.take::<WaitingForEditor>();
    let Screen::Form(form) = &mut model.screen else { return };
    let kept = target.kept();
    let base = match waited.filter(|waited| waited.target == target) {
        Some(waited) => waited.base,
        None => base_of(form, &kept),
    };
    let base_config = base.as_ref().map(|base| &base.config);
    let mut said_of_it = String::new();
    let (text, read) = match edited {
        Edited::Failed(why) => {
            model.complain(format!("{why} Nothing is changed."));
            return;
        }
        Edited::AtOnce => {
            model.say(
                "Nothing was changed: the editor came back at once. One with a window of its own has to wait \
                 (`code --wait`).",
            );
            return;
        }
        Edited::Saved(text, why) => {
            // Nobody said what is meant: what waits of the same waits further.
            let saved = SavedText {
                text: Edited::Text(text),
                base,
                ..SavedText::of(kept)
            };
            let waits = saved::waiting(form, &saved).map(Arc::new);
            let differs = waits.filter(|new| {
                form.editor_texts
                    .iter()
                    .all(|own| own.text != new.text || own.what != new.what)
            });
            let is_new = differs.is_some();
            form.editor_texts.extend(differs);
            if is_new && model.is_bare() {
                model.show_view(NotTaken::default());
            }
            model.complain(format!("{why} Nothing is changed."));
            return;
        }
        Edited::NotText(text, why) => (text, Err(why)),
        Edited::Text(text) => {
            said_of_it = came(&target, &text, form.work.now()).1;
            let read = read(&target, &text, form, base_config);
            (text, read)
        }
    };
    // It came of the newest that waited.
    take_newest(form, &kept);
    match read {
        Ok(_) if came_empty(&kept, &text, form) => {
            // Until it is decided about it waits as any other does.
            if !text.reveal().is_empty() {
                let waits = EditorText::saved(kept, text, String::new()).with_base(base);
                form.editor_texts.push(Arc::new(waits));
            }
            if model.is_bare() {
                model.show_view(Emptied);
            } else {
                model.say("The editor's text of the environment is empty; nothing is changed.");
            }
        }
        Ok((edit, taken_back)) => {
            let Some(edit) = edit else {
                model.say("Nothing was changed in the editor.");
                return;
            };
            let said = match &edit {
                Edit::Whole { old, new, .. } if target == EditorTarget::Environment => {
                    counted(&diff::changes(old, new))
                }
                Edit::Whole { old, new, .. } => few_names(&diff::changes(old, new)),
                edit => edit.name(),
            };
            form.with_focus_kept(|work| work.apply(edit));
            if !taken_back.is_empty() {
                let names = taken_back.join(", ");
                said_of_it.push_str(&format!(" Changed otherwise meanwhile, and put back by it: {names}."));
            }
            let undo = form_key(Action::Undo);
            model.say(format!(
                "Taken from the editor: {said}.{said_of_it} {undo} takes it back."
            ));
        }
        Err(why) => {
            form.editor_texts
                .push(Arc::new(EditorText::new(kept, text, why).with_base(base)));
            if model.is_bare() {
                model.show_view(NotTaken::default());
            }
        }
    }
}

/// What an editor had saved before this program was killed is offered, unless something comes first (`waits`); and what
/// is decided about is told to be so.
pub fn take_in_saved(model: &mut Model, waits: bool) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let offered = !waits && form.editing.is_none() && saved::take_all_in(form);
    // Where nothing is kept on disk, what is taken is only in memory: the directory stays as long as this session.
    let effects = if form.draft_state == DraftState::Ours {
        saved::tell_decided(form)
    } else {
        Vec::new()
    };
    if offered && model.is_bare() {
        model.show_view(NotTaken::default());
    }
    effects
}
