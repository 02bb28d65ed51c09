//! Texts without the environment values of a configuration, in whatever spelling.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::config::EndpointConfig;
use crate::secret::MASK;
use crate::text::{json, one_line};

/// A server that refuses a value may repeat it, and environment values are never shown unasked: a text without those of
/// these configurations, as they are and as JSON has them.
pub fn without_secrets<'a>(text: String, known: impl IntoIterator<Item = &'a EndpointConfig>) -> String {
    let envs = known.into_iter().flat_map(|config| config.envs.iter());
    // Short values stand in ordinary sentences too, and hiding those would tell them.
    let values = envs
        .map(|env| &env.value)
        .filter(|value| value.reveal().len() >= SHORTEST && !value.is_mask());
    let mut forms: Vec<Zeroizing<String>> = values.flat_map(|value| spellings(value.reveal())).collect();
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

/// A value as it is, in one line, and as servers spell texts within others: JSON of several makes, percent signs, HTML,
/// base64.
fn spellings(value: &str) -> Vec<Zeroizing<String>> {
    let quoted = Zeroizing::new(json::line(&value));
    let plain = &quoted[1..quoted.len() - 1];
    // Go writes these so, Python what isn't ASCII, PHP the slash.
    let go = Zeroizing::new(
        plain
            .replace('&', "\\u0026")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e"),
    );
    let python = plain.chars().fold(String::new(), |text, c| match c {
        c if c.is_ascii() => text + c.encode_utf8(&mut [0; 4]),
        c => c
            .encode_utf16(&mut [0; 2])
            .iter()
            .fold(text, |text, unit| format!("{text}\\u{unit:04x}")),
    });
    let html = value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;");
    let mut percent = url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
    let form = percent.clone();
    percent = percent.replace('+', "%20");
    let all = [
        value.to_owned(),
        one_line(value).into_owned(),
        value.replace(['\r', '\n'], " "),
        plain.to_owned(),
        go.to_string(),
        plain.replace('/', "\\/"),
        // A text that is quoted within a text that is quoted.
        json::line(&plain).trim_matches('"').to_owned(),
        python,
        html,
        form,
        percent,
        BASE64_STANDARD.encode(value),
    ];
    let mut all: Vec<Zeroizing<String>> = all.into_iter().map(Zeroizing::new).collect();
    all.dedup();
    all
}

/// The least bytes of a value that are looked for.
const SHORTEST: usize = 6;

/// A message that was cut, in the middle of a value perhaps: its beginning goes too.
fn without_a_cut_one(text: String, forms: &[Zeroizing<String>]) -> String {
    // Whoever cut it: we do so with one sign, others with three.
    let cut = ["…", "..."]
        .into_iter()
        .filter_map(|sign| Some((text.rfind(sign)?, sign)))
        .max();
    let Some((at, sign)) = cut else {
        return text;
    };
    let (before, behind) = (&text[..at], &text[at + sign.len()..]);
    let begins = |form: &Zeroizing<String>| {
        let starts = before.char_indices().map(|(at, _)| at);
        let fits = |at: &usize| before.len() - at >= SHORTEST && form.starts_with(&before[*at..]);
        starts.skip_while(|at| before.len() - at > form.len()).find(fits)
    };
    match forms.iter().filter_map(begins).min() {
        Some(at) => format!("{}{MASK}{sign}{behind}", &before[..at]),
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
    fn a_value_is_hidden_in_the_spellings_that_servers_use() {
        let value = "postgres://admin:Tr0ub&<é>3@db/x y";
        for spelled in [
            r"postgres://admin:Tr0ub\u0026\u003cé\u003e3@db/x y",
            r"postgres://admin:Tr0ub&<\u00e9>3@db/x y",
            r"postgres:\/\/admin:Tr0ub&<é>3@db\/x y",
            "postgres%3A%2F%2Fadmin%3ATr0ub%26%3C%C3%A9%3E3%40db%2Fx%20y",
            "postgres%3A%2F%2Fadmin%3ATr0ub%26%3C%C3%A9%3E3%40db%2Fx+y",
            "postgres://admin:Tr0ub&amp;&lt;é&gt;3@db/x y",
            "cG9zdGdyZXM6Ly9hZG1pbjpUcjB1YiY8w6k+M0BkYi94IHk=",
        ] {
            assert_eq!(
                hidden(&format!("bad {spelled}!"), &[value]),
                format!("bad {MASK}!"),
                "{spelled}"
            );
        }
        assert_eq!(
            hidden("bad postgres://admin:Tr0...", &[value]),
            format!("bad {MASK}...")
        );
        assert_eq!(hidden("bad a b", &["first line\nsecond"]), "bad a b");
        assert_eq!(
            hidden("bad first line second", &["first line\nsecond"]),
            format!("bad {MASK}")
        );
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
