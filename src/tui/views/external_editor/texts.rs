//! Texts for `$EDITOR` and from there: what is written into its file, and which step of undo what came back makes.

use crate::endpoint::diff::Change;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::merge::Merge;
use crate::endpoint::{EndpointConfig, EnvVar, ParseError, body, document, dotenv, incoming};
use crate::secret::Secret;
use crate::store::EditorTextOf;
use crate::text::Quoted;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{EditorTarget, Form};
use crate::tui::redacted;

/// What the step is called that the editor's whole environment makes.
pub const ENVIRONMENT_STEP: &str = "environment, in the editor";

/// What is written into the file.
///
/// # Errors
/// A sentence: a value is lost, or something can't stand in a .env file.
pub fn text_of(target: &EditorTarget, now: &EndpointConfig) -> Result<String, String> {
    if let (EditorTarget::Environment, Some(why)) = (target, redacted::refusal(now)) {
        return Err(why);
    }
    Ok(match target {
        EditorTarget::Field(field) => now.text(*field).to_owned(),
        EditorTarget::EnvValue { old, .. } => old.value.editable().to_owned(),
        EditorTarget::Environment => dotenv::write(&now.envs).map_err(|key| {
            let body = form_key(Action::EditBody);
            format!(
                "env {} can't stand in a .env file: a name there has no blank, no quote and no # in it; {body} opens the \
                 whole body in the editor.",
                Quoted(&key)
            )
        })?,
        EditorTarget::Body => body::text(now) + "\n",
    })
}

/// What became of a list: `12 variables taken away, 1 new`. What goes comes first, since nobody sees it any more.
pub fn counted(changes: &[Change]) -> String {
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
pub fn came(target: &EditorTarget, text: &Secret, now: &EndpointConfig) -> (Secret, String) {
    let before = match target {
        EditorTarget::Field(field) => now.text(*field),
        EditorTarget::EnvValue { old, .. } => old.value.editable(),
        EditorTarget::Environment | EditorTarget::Body => return (text.clone(), String::new()),
    };
    let taken = incoming::edited(text.reveal(), before);
    let said = taken.said.iter().map(|note| format!(" {}", note.sentence("the text")));
    (taken.text, said.collect())
}

/// Whether a text leaves nothing of an environment that has variables: that is asked about.
pub fn came_empty(what: &EditorTextOf, text: &Secret, form: &Form) -> bool {
    let none_in = |text| {
        let lines = dotenv::read(text);
        lines.envs.is_empty() && lines.parse_errors.is_empty()
    };
    *what == EditorTextOf::Environment && !form.work.now().envs.is_empty() && none_in(text.reveal())
}

/// What a text changed of what it was made of, laid over what the form holds; by names what was changed otherwise
/// meanwhile, and is the text's now.
fn merged(base: &EndpointConfig, new: &EndpointConfig, now: &EndpointConfig) -> (EndpointConfig, Vec<String>) {
    let merge = Merge::new(base, new, now);
    let names = merge.clashes().iter().map(|clash| clash.name()).collect();
    (merge.resolve(&[]), names)
}

/// What stands in a text for each byte that was no UTF-8.
const STAND_IN: char = char::REPLACEMENT_CHARACTER;

/// The place of the first one of those of which the form itself, or what the text was made of, has fewer.
fn no_utf_8(target: &EditorTarget, text: &str, own: &[&EndpointConfig]) -> Option<usize> {
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

/// The step that the text makes, `None`: it changes nothing; and by names what it puts back of what was changed
/// otherwise since it was made of `base`. Without that it was made of what the form holds, or is taken as a whole.
pub fn read(
    target: &EditorTarget,
    text: &Secret,
    form: &Form,
    base: Option<&EndpointConfig>,
) -> Result<(Option<Edit>, Vec<String>), ParseError> {
    let now = form.work.now();
    let (text, _) = came(target, text, now);
    let text = text.reveal();
    let own = |old: &str| match text.find('\n') {
        Some(at) if !target.is_multiline() => Err(ParseError::at(text, at, "this field has one line only")),
        _ => Ok((text != old).then(|| text.to_owned())),
    };
    let base = base.unwrap_or(now);
    if let Some(at) = no_utf_8(target, text, &[now, base]) {
        let why = format!("{STAND_IN} stands for a byte that was no UTF-8; write it anew or take it out");
        return Err(ParseError::at(text, at, why));
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
        EditorTarget::Field(field) => own(now.text(*field))?.map(|new| Edit::set(now, *field, new)),
        EditorTarget::EnvValue { at, old } => {
            let Some(row) = now.envs.get(*at).filter(|row| row.key == old.key) else {
                return Err(ParseError::at("", 0, format!("{} is no longer where it was", old.key)));
            };
            own(row.value.editable())?.map(|new| Edit::Replace {
                at: *at,
                old: Row::Env(row.clone()),
                new: Row::Env(EnvVar::new(row.key.clone(), new)),
            })
        }
        EditorTarget::Environment => {
            let lines = dotenv::read(text);
            if let Some(first) = lines.parse_errors.into_iter().next() {
                return Err(first);
            }
            let envs = lines.envs.into();
            whole(ENVIRONMENT_STEP, EndpointConfig { envs, ..base.clone() })
        }
        EditorTarget::Body => whole("body, in the editor", document::read_edited(text, base)?),
    };
    Ok((edit, taken_back))
}
