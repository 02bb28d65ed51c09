//! `$EDITOR`: what goes there, and what is made of what comes back.

mod saved;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::discarding;
use crate::endpoint::diff::few_names;
use crate::endpoint::diff::{self, Change};
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, EnvVar, List, Misread, body, document, dotenv, incoming};
use crate::secret::Secret;
use crate::store::{Unread, UnreadOf};
use crate::text::Quoted;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Edited, Focus, Form, Lent, Model, Overlay, SavedText, Screen, Target};
use crate::tui::redacted;
pub use saved::saved_changes;
use saved::{base_of, merged, newest, take_newest};
pub(super) use saved::{decide_with, take_in_saved};

/// What the step is called that the editor's whole environment makes.
const ENVIRONMENT_STEP: &str = "environment, in the editor";

/// What is focused goes to the editor.
pub(super) fn open_focused(model: &mut Model) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let target = match form.focus {
        Focus::Field(field) => match field.spec().kind {
            Kind::Text { .. } => Target::Field(field),
            _ => {
                model.say(with_keys(
                    "{edit} edits this field; {edit-body} opens the whole body in the editor.",
                ));
                return Vec::new();
            }
        },
        Focus::Row(List::Envs, at) => match form.work.now().envs.get(at) {
            Some(old) => Target::EnvValue { at, old: old.clone() },
            None => return Vec::new(),
        },
        Focus::Empty(List::Envs) => Target::Environment,
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
pub(super) fn open(model: &mut Model, target: Target) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let kept = target.kept();
    // One that only was not taken is offered first.
    if newest(form, &kept).is_some_and(|unread| unread.saved_at().is_some()) {
        if let Screen::Form(form) = &mut model.screen
            && let Some(newest) = take_newest(form, &kept)
        {
            form.unread.push(newest);
        }
        model.show(Overlay::Rejected);
        return Vec::new();
    }
    run(model, target)
}

/// Gives something to the editor, or the text of it that waits.
fn run(model: &mut Model, target: Target) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let kept = target.kept();
    let text = match newest(form, &kept) {
        Some(unread) => Ok(unread.text.clone()),
        None => text_of(&target, form.work.now()).map(Secret::new),
    };
    let base = base_of(form, &kept);
    match text {
        Ok(text) => {
            model.show(Overlay::Outside(Box::new(Lent {
                target: target.clone(),
                base,
            })));
            vec![Effect::RunEditor(target, text)]
        }
        Err(why) => {
            model.complain(why);
            Vec::new()
        }
    }
}

/// What is written into the file.
///
/// # Errors
/// A sentence: a value is lost, or something can't stand in a .env file.
pub(super) fn text_of(target: &Target, now: &EndpointConfig) -> Result<String, String> {
    if let (Target::Environment, Some(why)) = (target, redacted::refusal(now)) {
        return Err(why);
    }
    Ok(match target {
        Target::Field(field) => now.text(*field).to_owned(),
        Target::EnvValue { old, .. } => old.value.editable().to_owned(),
        Target::Environment => dotenv::write(&now.envs).map_err(|key| {
            let body = form_key(Action::EditBody);
            format!(
                "env {} can't stand in a .env file: a name there has no blank, no quote and no # in it; {body} opens the \
                 whole body in the editor.",
                Quoted(&key)
            )
        })?,
        Target::Body => body::text(now) + "\n",
    })
}

/// The editor is done, or never began.
pub(super) fn ended(model: &mut Model, target: Target, edited: Edited) {
    let lent = match model.overlay.take() {
        Some(Overlay::Outside(lent)) => Some(lent).filter(|lent| lent.target == target),
        other => {
            model.overlay = other;
            None
        }
    };
    let Screen::Form(form) = &mut model.screen else { return };
    let kept = target.kept();
    let base = match lent {
        Some(lent) => lent.base,
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
                form.unread
                    .iter()
                    .all(|own| own.text != new.text || own.what != new.what)
            });
            let is_new = differs.is_some();
            form.unread.extend(differs);
            if is_new && model.is_bare() {
                model.show(Overlay::Rejected);
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
                let waits = Unread::saved(kept, text, String::new()).with_base(base);
                form.unread.push(Arc::new(waits));
            }
            if model.is_bare() {
                model.show(Overlay::Emptied);
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
                Edit::Whole { old, new, .. } if target == Target::Environment => counted(&diff::changes(old, new)),
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
            form.unread.push(Arc::new(Unread::new(kept, text, why).with_base(base)));
            if model.is_bare() {
                model.show(Overlay::Rejected);
            }
        }
    }
}

/// What became of a list: `12 variables taken away, 1 new`. What goes comes first, since nobody sees it any more.
fn counted(changes: &[Change]) -> String {
    let count = |is: fn(&Change) -> bool| {
        changes
            .iter()
            .filter(|change| change.row.is_some() && is(change))
            .count()
    };
    let gone = count(|change| change.new.is_none());
    let new = count(|change| change.old.is_none());
    let other = count(|change| change.old.is_some() && change.new.is_some());
    let variables = |count| if count == 1 { "variable" } else { "variables" };
    let said: Vec<String> = [
        (gone > 0).then(|| format!("{gone} {} taken away", variables(gone))),
        (new > 0).then(|| format!("{new} new")),
        (other > 0).then(|| format!("{other} changed")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() {
        "the order of the environment".to_owned()
    } else {
        said.join(", ")
    }
}

/// A text from the editor without what editors add of their own, and what is to be told of that: only of single values.
fn came(target: &Target, text: &Secret, now: &EndpointConfig) -> (Secret, String) {
    let before = match target {
        Target::Field(field) => now.text(*field),
        Target::EnvValue { old, .. } => old.value.editable(),
        Target::Environment | Target::Body => return (text.clone(), String::new()),
    };
    let taken = incoming::edited(text.reveal(), before);
    let said = taken.said.iter().map(|note| format!(" {}", note.sentence("the text")));
    (taken.text, said.collect())
}

/// Whether a text leaves nothing of an environment that has variables: that is asked about.
fn came_empty(what: &UnreadOf, text: &Secret, form: &Form) -> bool {
    let none_in = |text| {
        let lines = dotenv::read(text);
        lines.envs.is_empty() && lines.misread.is_empty()
    };
    *what == UnreadOf::Environment && !form.work.now().envs.is_empty() && none_in(text.reveal())
}

/// The text that leaves nothing of the environment is decided about.
fn take_empty(form: &mut Form) {
    let what = UnreadOf::Environment;
    if newest(form, &what).is_some_and(|unread| came_empty(&what, &unread.text, form)) {
        take_newest(form, &what);
    }
}

/// What stands in a text for each byte that was no UTF-8.
const STAND_IN: char = char::REPLACEMENT_CHARACTER;

/// The place of the first one of those of which the form itself, or what the text was made of, has fewer.
fn no_utf_8(target: &Target, text: &str, own: &[&EndpointConfig]) -> Option<usize> {
    let places = || text.match_indices(STAND_IN).map(|(at, _)| at);
    places().next()?;
    let texts: Vec<String> = own.iter().filter_map(|own| text_of(target, own).ok()).collect();
    let few = texts.iter().map(|own| own.matches(STAND_IN).count()).max().unwrap_or(0);
    let line = |at: usize| {
        let (before, after) = text.split_at(at);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        &text[start..at + after.find('\n').unwrap_or(after.len())]
    };
    let is_own = |at: usize| texts.iter().any(|own| own.lines().any(|own| own == line(at)));
    if places().count() <= few {
        return None;
    }
    places().find(|at| !is_own(*at)).or_else(|| places().nth(few))
}

/// The step that the text makes, `None`: it changes nothing; and by names what it puts back of what was changed otherwise
/// since it was made of `base`. Without that it was made of what the form holds, or is taken as a whole.
fn read(
    target: &Target,
    text: &Secret,
    form: &Form,
    base: Option<&EndpointConfig>,
) -> Result<(Option<Edit>, Vec<String>), Misread> {
    let now = form.work.now();
    let (text, _) = came(target, text, now);
    let text = text.reveal();
    let own = |old: &str| match text.find('\n') {
        Some(at) if !target.is_multiline() => Err(Misread::at(text, at, "this field has one line only")),
        _ => Ok((text != old).then(|| text.to_owned())),
    };
    let base = base.unwrap_or(now);
    if let Some(at) = no_utf_8(target, text, &[now, base]) {
        let why = format!("{STAND_IN} stands for a byte that was no UTF-8; write it anew or take it out");
        return Err(Misread::at(text, at, why));
    }
    let mut taken_back = Vec::new();
    let mut whole = |name: &str, new: EndpointConfig| {
        let new = if base == now {
            new
        } else {
            let (new, names) = merged(base, &new, now);
            taken_back = names;
            new
        };
        (new != *now).then(|| Edit::Whole {
            name: name.to_owned(),
            old: Box::new(now.clone()),
            new: Box::new(new),
        })
    };
    let edit = match target {
        Target::Field(field) => own(now.text(*field))?.map(|new| Edit::set(now, *field, new)),
        Target::EnvValue { at, old } => {
            let Some(row) = now.envs.get(*at).filter(|row| row.key == old.key) else {
                return Err(Misread::at("", 0, format!("{} is no longer where it was", old.key)));
            };
            own(row.value.editable())?.map(|new| Edit::Replace {
                at: *at,
                old: Row::Env(row.clone()),
                new: Row::Env(EnvVar::new(row.key.clone(), new)),
            })
        }
        Target::Environment => {
            let lines = dotenv::read(text);
            if let Some(first) = lines.misread.into_iter().next() {
                return Err(first);
            }
            let envs = lines.envs.into();
            whole(ENVIRONMENT_STEP, EndpointConfig { envs, ..base.clone() })
        }
        Target::Body => whole("body, in the editor", document::read_edited(text, base)?),
    };
    Ok((edit, taken_back))
}

/// While the editor has the terminal no key arrives; one that does was typed while it was being started. Without this
/// overlay it isn't started any more.
pub(super) fn outside_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    if is_close(key) {
        model.overlay = None;
    }
    Vec::new()
}

/// What a key means to the question about an environment that came back empty.
pub(super) fn emptied_action(key: &KeyEvent) -> Option<Action> {
    match key {
        key if discarding::is_key(key) => Some(Action::Discard),
        key => is_close(key).then_some(Action::Back),
    }
}

/// Whether an environment that came back empty is meant so.
pub(super) fn emptied_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    match emptied_action(key) {
        Some(Action::Discard) => {
            let old = form.work.now().clone();
            let new = EndpointConfig {
                envs: Default::default(),
                ..old.clone()
            };
            let said = counted(&diff::changes(&old, &new));
            let edit = Edit::Whole {
                name: ENVIRONMENT_STEP.to_owned(),
                old: Box::new(old),
                new: Box::new(new),
            };
            take_empty(form);
            form.with_focus_kept(|work| work.apply(edit));
            model.overlay = None;
            let undo = form_key(Action::Undo);
            model.say(format!("Taken from the editor: {said}. {undo} takes it back."));
        }
        Some(Action::Back) => {
            take_empty(form);
            model.overlay = None;
            model.say("The variables are kept; nothing is changed.");
        }
        _ => {}
    }
    Vec::new()
}

/// What a key means to the page of a text that can't be read.
pub(super) fn rejected_action(key: &KeyEvent) -> Option<Action> {
    match (key.code, key.modifiers) {
        // It takes what can be read, and opens the editor on what can't.
        (KeyCode::Enter, KeyModifiers::NONE) => Some(Action::Accept),
        (KeyCode::Char('e'), KeyModifiers::NONE) => Some(Action::Editor),
        _ if discarding::is_key(key) => Some(Action::Discard),
        _ => is_close(key).then_some(Action::Back),
    }
}

pub(super) fn rejected_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let action = rejected_action(key);
    if action == Some(Action::Discard) {
        return discarding::text(model);
    }
    discarding::stay(model);
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let newest = form.unread.last().cloned();
    match (action, newest) {
        (Some(Action::Accept), Some(saved)) if saved.saved_at().is_some() => {
            model.overlay = None;
            ended(model, Target::of(&saved.what), Edited::Text(saved.text.clone()));
            return Vec::new();
        }
        (Some(Action::Accept | Action::Editor), Some(unread)) => return run(model, Target::of(&unread.what)),
        (Some(Action::Accept | Action::Editor), None) => model.overlay = None,
        (None, _) if discarding::is_old_key(key) => discarding::name_key(model),
        (Some(Action::Back), _) => {
            let said = waits(form).unwrap_or_default();
            model.overlay = None;
            model.say(format!("The text is kept. {said}"));
        }
        _ => {}
    }
    Vec::new()
}

/// A text was discarded: it is aside, or gone for good. Another one that waits is not opened: the same key once more
/// would discard that, too.
pub(super) fn thrown_away(model: &mut Model, gone: &Arc<Unread>, kept: &str) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    discarding::without(form, gone);
    let effects = saved::forget(form, gone);
    let name = Target::of(&gone.what).name();
    let more = waits(form).map(|said| format!(" {said}")).unwrap_or_default();
    model.overlay = None;
    model.say(format!(
        "The editor's text of {name} is {kept}. The form is as it was.{more}"
    ));
    effects
}

/// That texts from the editor wait to be mended, in a sentence; `None`: none does.
pub fn waits(form: &Form) -> Option<String> {
    let newest = Target::of(&form.unread.last()?.what);
    let (name, keys) = (newest.name(), newest.keys());
    let more = match form.unread.len() - 1 {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    let waits = match form.unread.last()?.saved_at() {
        Some(_) => "was saved, and not taken",
        None => "waits to be mended",
    };
    Some(format!("The editor's text of {name} {waits}: {keys} opens it{more}."))
}

pub(super) fn is_close(key: &KeyEvent) -> bool {
    matches!(
        (key.code, key.modifiers),
        (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL)
    )
}
