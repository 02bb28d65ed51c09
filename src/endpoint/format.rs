//! What stands in a configuration, as people read it.

use super::config::EndpointConfig;
use super::diff::{Change, ShownValue};
use super::edit::Row;
use super::field::FieldId;
use super::merge::{Clash, SideValue};
use super::schema::Kind;
use crate::secret::{MASK, Secret};
use crate::text::{ends_around, look_alike, with_ends};

/// What is told of a text that is there and has nothing in it, masked or not: that is no secret, and mostly a mistake.
pub const EMPTY: &str = "(empty)";

/// A value in the words of the form: with its unit, a choice by what it is called, nothing as `(none)`.
pub fn worded(field: FieldId, text: &str, config: &EndpointConfig) -> String {
    match field.spec().kind {
        // What the server didn't report; any other number was emptied.
        Kind::Integer if text.trim().is_empty() && field.may_be_unreported() => "(unknown)".to_owned(),
        Kind::Integer if text.trim().is_empty() => "(blank)".to_owned(),
        // What isn't a number has no unit.
        Kind::Integer if text.trim().parse::<i64>().is_ok() => {
            format!("{} {}", text.trim(), field.unit(config)).trim_end().to_owned()
        }
        Kind::Choice(words) => match words.iter().find(|(word, _)| *word == text) {
            Some((_, called)) => (*called).to_owned(),
            None if text.is_empty() => "(not set)".to_owned(),
            None => text.to_owned(),
        },
        _ if text.is_empty() => "(none)".to_owned(),
        _ => text.replace('\n', "␊"),
    }
}

/// What stood and stands in a changed place, in words: where the texts would look the same, with signs for the blanks
/// at their ends. Environment values are masked unless `reveal`.
pub fn sides_worded(
    change: &Change,
    (old, new): (&EndpointConfig, &EndpointConfig),
    reveal: bool,
) -> (Option<String>, Option<String>) {
    let texts: Vec<&str> = [&change.old, &change.new]
        .into_iter()
        .flatten()
        .map(ShownValue::text)
        .collect();
    let ends = look_alike(&texts);
    let side =
        |shown: &Option<ShownValue>, config| Some(side_worded(change.field, shown.as_ref()?, config, reveal, ends));
    (side(&change.old, old), side(&change.new, new))
}

fn side_worded(field: FieldId, shown: &ShownValue, config: &EndpointConfig, reveal: bool, ends: bool) -> String {
    match shown {
        ShownValue::Plain(text) => worded_with(field, text, config, ends),
        ShownValue::Secret(secret) => secret_worded(secret, reveal, ends),
    }
}

/// A side of a change: as [`worded`], but for an empty text, which is [`EMPTY`]; with signs for the blanks at its ends
/// where `ends` says so.
pub fn worded_with(field: FieldId, text: &str, config: &EndpointConfig, ends: bool) -> String {
    match field.spec().kind {
        Kind::Text { .. } if text.is_empty() => EMPTY.to_owned(),
        Kind::Text { .. } | Kind::Rows if ends && !text.is_empty() => with_ends(text),
        _ => worded(field, text, config),
    }
}

/// An environment value in one line, or its mask; [`EMPTY`] where there is nothing to mask; with signs for the blanks at its ends where `ends` says so.
pub fn secret_worded(secret: &Secret, reveal: bool, ends: bool) -> String {
    match (reveal, ends) {
        _ if secret.is_redacted() => "(not kept)".to_owned(),
        _ if secret.is_empty() => EMPTY.to_owned(),
        (true, true) => with_ends(secret.reveal()),
        (true, false) => secret.reveal().replace('\n', "␊"),
        (false, true) => ends_around(secret.reveal(), MASK),
        (false, false) => MASK.to_owned(),
    }
}

/// Whether the sides of a clash would look the same.
pub fn sides_look_alike(clash: &Clash) -> bool {
    let sides = [&clash.loaded, &clash.mine, &clash.theirs];
    let texts = |at| sides.iter().filter_map(|side| side_text(side, at)).collect::<Vec<_>>();
    let most = sides.iter().map(|side| match side {
        SideValue::Rows(rows) => rows.len(),
        SideValue::Text(_) => 1,
        SideValue::Order(_) => 0,
    });
    (0..most.max().unwrap_or(0)).any(|at| look_alike(&texts(at)))
}

/// The text of a side, or of its row at a place.
fn side_text(side: &SideValue, at: usize) -> Option<&str> {
    match side {
        SideValue::Text(text) => Some(text),
        SideValue::Rows(rows) => match rows.get(at)? {
            Row::Env(env) => Some(env.value.reveal()),
            Row::Volume(volume) => Some(&volume.storage_id),
        },
        SideValue::Order(_) => None,
    }
}
