//! What stands in a configuration, in words for people.

use super::config::EndpointConfig;
use super::field::{FieldId, Kind};
use crate::secret::MASK;

/// A value in the words of the form: with its unit, a choice by what it is called, nothing as `(none)`.
pub fn worded(field: FieldId, text: &str, config: &EndpointConfig) -> String {
    match field.spec().kind {
        // What the server didn't report; any other number was emptied.
        Kind::Integer if text.trim().is_empty() && field == FieldId::RequestTimeout => "(unknown)".to_owned(),
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

/// An error's sentences; a server that refuses a value may repeat it, and environment values are never shown unasked.
pub fn without_secrets(mut text: String, sent: &EndpointConfig) -> String {
    for env in &sent.envs {
        // Short values stand in ordinary sentences too, and hiding those would tell them.
        if env.value.reveal().len() >= 6 {
            text = text.replace(env.value.reveal(), MASK);
        }
    }
    text
}
