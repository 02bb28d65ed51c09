//! What stands in a configuration, in words for people.

use zeroize::Zeroizing;

use super::config::EndpointConfig;
use super::field::{FieldId, Kind};
use crate::secret::MASK;
use crate::text::{json, one_line};

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

/// A server that refuses a value may repeat it, and environment values are never shown unasked: a text without those of these
/// configurations, as they are and as JSON has them.
pub fn without_secrets<'a>(text: String, known: impl IntoIterator<Item = &'a EndpointConfig>) -> String {
    let envs = known.into_iter().flat_map(|config| config.envs.iter());
    // Short values stand in ordinary sentences too, and hiding those would tell them.
    let values = envs
        .map(|env| &env.value)
        .filter(|value| value.reveal().len() >= SHORTEST && !value.is_mask());
    let mut forms: Vec<Zeroizing<String>> = Vec::new();
    for value in values {
        // As JSON has it, and as a sentence in one line does.
        let quoted = Zeroizing::new(json::line(&value.reveal()));
        let others = [
            quoted[1..quoted.len() - 1].to_owned(),
            one_line(value.reveal()).into_owned(),
        ];
        forms.extend(
            others
                .into_iter()
                .map(Zeroizing::new)
                .filter(|other| other.as_str() != value.reveal()),
        );
        forms.push(Zeroizing::new(value.reveal().to_owned()));
    }
    // One value may begin with another one.
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
    let text = without_a_cut_one(text, &forms);
    forms
        .iter()
        .fold(text, |text, form| match text.contains(form.as_str()) {
            true => text.replace(form.as_str(), MASK),
            false => text,
        })
}

/// The least bytes of a value that are looked for.
const SHORTEST: usize = 6;

/// A message that was cut, in the middle of a value perhaps: its beginning goes too.
fn without_a_cut_one(text: String, forms: &[Zeroizing<String>]) -> String {
    let Some((before, behind)) = text.rsplit_once('…') else {
        return text;
    };
    let begins = |form: &Zeroizing<String>| {
        let starts = before.char_indices().map(|(at, _)| at);
        let fits = |at: &usize| before.len() - at >= SHORTEST && form.starts_with(&before[*at..]);
        starts.skip_while(|at| before.len() - at > form.len()).find(fits)
    };
    match forms.iter().filter_map(begins).min() {
        Some(at) => format!("{}{MASK}…{behind}", &before[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::EnvVar;

    fn with(values: &[&str]) -> EndpointConfig {
        EndpointConfig {
            envs: values.iter().map(|value| EnvVar::new("K", *value)).collect(),
            ..EndpointConfig::default()
        }
    }

    fn hidden(text: &str, values: &[&str]) -> String {
        without_secrets(text.to_owned(), [&with(values)])
    }

    #[test]
    fn a_value_is_hidden_as_it_is_and_as_json_has_it() {
        assert_eq!(
            hidden("bad value hf_secret.", &["hf_secret"]),
            format!("bad value {MASK}.")
        );
        assert_eq!(
            hidden("bad: \"a\\nb\\\"cd\"", &["a\nb\"cd"]),
            format!("bad: \"{MASK}\"")
        );
        assert_eq!(hidden("bad: a␊b\"cd", &["a\nb\"cd"]), format!("bad: {MASK}"));
        assert_eq!(hidden("bad value 1", &["1"]), "bad value 1");
    }

    #[test]
    fn of_values_that_begin_alike_the_longer_one_goes_whole() {
        for values in [["abcdef", "abcdefSECRET"], ["abcdefSECRET", "abcdef"]] {
            assert_eq!(hidden("it is abcdefSECRET", &values), format!("it is {MASK}"));
        }
    }

    #[test]
    fn what_is_left_of_a_value_in_a_message_that_was_cut_goes_too() {
        let value = "-----BEGIN PRIVATE KEY-----".repeat(40);
        let message = format!("can't take {}….", &value[..500]);
        assert_eq!(hidden(&message, &[&value]), format!("can't take {MASK}…."));
        assert_eq!(
            hidden("can't take this and that…", &[&value]),
            "can't take this and that…"
        );
    }

    #[test]
    fn the_values_of_all_sides_are_hidden() {
        let text = "it was old_value, and is new_value".to_owned();
        let sides = [with(&["old_value"]), with(&["new_value"])];
        assert_eq!(without_secrets(text, &sides), format!("it was {MASK}, and is {MASK}"));
    }
}
