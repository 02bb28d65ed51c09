//! What a server says, without the secrets that it repeats: the API key and environment values, in whatever spelling.
//!
//! Everything that comes from a server and is shown, logged or written goes through [`HiddenTexts`], after it was
//! decoded and before it is cut.

mod encoded;
mod spellings;

use std::ops::Range;

use zeroize::Zeroizing;

use self::spellings::{SpelledText, folded};
use super::config::EndpointConfig;
use super::diff::ShownValue;
use super::status::{EndpointStatus, State};
use crate::secret::{MASK, Secret};

/// The least bytes of a secret that is looked for: shorter ones stand in ordinary sentences too, and hiding those would
/// tell them. So much of one is hidden in front of a sign for what was cut off.
const SHORTEST: usize = 6;
/// The least characters of one that is hidden where a text begins or ends, perhaps cut without a sign.
const SHORTEST_PART: usize = 8;
/// What stands for a rest that was cut off, or masked by the server itself.
const CUT_SIGNS: [&str; 5] = ["…", "...", "***", "•••", "xxx"];
/// Places behind a sign for a cut at which the end of a secret is looked for.
const MOST_CUTS: usize = 64;

/// A server that refuses a value may repeat it, and environment values are never shown unasked: a text without those of
/// these configurations, in every spelling of [`HiddenTexts`].
pub fn without_secrets<'a>(text: String, known: impl IntoIterator<Item = &'a EndpointConfig>) -> String {
    let envs = known.into_iter().flat_map(|config| config.envs.iter());
    HiddenTexts::of(envs.map(|env| &env.value)).hide(&text)
}

/// Texts that must not be seen in what a server says.
///
/// They are found in any case; as they are and with any of their characters escaped as in JSON, URLs, HTML or a shell,
/// several times over too; with blanks and line breaks drawn together; as base64 and hexadecimal digits, alone or within
/// a longer text; and, where the text begins or ends in the middle of one, by what is left of it.
#[derive(Default)]
pub struct HiddenTexts(Vec<HiddenText>);

struct HiddenText {
    bytes: Zeroizing<Vec<u8>>,
    chars: Zeroizing<Vec<char>>,
}

impl HiddenTexts {
    /// These secrets; those of under 6 bytes, and those that are nothing but the mask, are left out.
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let texts = secrets
            .into_iter()
            .filter(|secret| !secret.is_mask())
            .map(HiddenText::new);
        let mut texts: Vec<HiddenText> = texts.filter(HiddenText::is_long).collect();
        texts.sort_by(|a, b| a.bytes.cmp(&b.bytes));
        texts.dedup_by(|a, b| a.bytes == b.bytes);
        Self(texts)
    }

    /// The text with the mask wherever one of them stands.
    pub fn hide(&self, text: &str) -> String {
        if self.0.is_empty() || text.is_empty() {
            return text.to_owned();
        }
        let spelled = SpelledText::new(text);
        let runs = encoded::runs(&spelled, SHORTEST);
        let mut places: Vec<Range<usize>> = Vec::new();
        for hidden in &self.0 {
            hidden.stands(&spelled, &mut places);
            hidden.is_cut_at_its_beginning(&spelled, &mut places);
            let holds = |run: &&encoded::EncodedRun| hidden.is_encoded(&spelled, run);
            places.extend(runs.iter().filter(holds).map(|run| run.places.clone()));
        }
        masked(text, &spelled, places)
    }

    /// The same in all that a server says of an endpoint's state in its own words.
    pub fn hide_in(&self, status: &mut EndpointStatus) {
        let hide = |text: &mut String| *text = self.hide(text);
        let in_state = |state: &mut State| {
            hide(&mut state.error);
            hide(&mut state.message);
        };
        in_state(&mut status.state);
        status.workers.iter_mut().for_each(|worker| in_state(&mut worker.state));
        hide(&mut status.log);
        for setting in &mut status.settings {
            if let ShownValue::Plain(text) = &setting.value
                && self.hide(text) != *text
            {
                setting.value = ShownValue::Secret(Secret::new(text.clone()));
            }
        }
    }
}

impl HiddenText {
    fn new(secret: &Secret) -> Self {
        Self {
            bytes: Zeroizing::new(secret.reveal().as_bytes().to_vec()),
            chars: Zeroizing::new(folded(secret.reveal().trim())),
        }
    }

    fn is_long(&self) -> bool {
        self.chars.iter().map(|c| c.len_utf8()).sum::<usize>() >= SHORTEST
    }

    /// Where it stands whole, or is cut off behind its first characters.
    fn stands(&self, text: &SpelledText, places: &mut Vec<Range<usize>>) {
        for from in 0..text.count() {
            let found = text.find(from, &self.chars);
            let furthest = found.ends.first().copied();
            let end = if found.count == self.chars.len() {
                furthest
            } else {
                let is_cut = |end: &&usize| ends_there(text, **end, found.count);
                found.ends.iter().find(is_cut).copied()
            };
            if let Some(end) = end.filter(|_| found.count >= SHORTEST.min(self.chars.len())) {
                places.push(from..end);
            }
        }
    }

    /// Where only its end stands: at the text's beginning, or behind a sign for what was cut off.
    fn is_cut_at_its_beginning(&self, text: &SpelledText, places: &mut Vec<Range<usize>>) {
        let shortest = self.chars.len().saturating_sub(SHORTEST_PART);
        let longest = self.chars.len().saturating_sub(text.count()).max(1);
        for from in beginnings(text) {
            let found = (longest..=shortest).find_map(|first| {
                let rest = &self.chars[first..];
                let found = text.find(from, rest);
                (found.count == rest.len()).then_some(found.ends)
            });
            if let Some(end) = found.and_then(|ends| ends.first().copied()) {
                places.push(from..end);
            }
        }
    }

    /// Whether a run of base64 or hexadecimal digits holds it, or its first bytes where the run is cut off.
    fn is_encoded(&self, text: &SpelledText, run: &encoded::EncodedRun) -> bool {
        let secret = self.bytes.as_slice();
        let is_cut = ends_there(text, run.places.end, SHORTEST_PART);
        run.decoded.iter().any(|bytes| {
            let holds = bytes
                .windows(secret.len())
                .any(|part| part.eq_ignore_ascii_case(secret));
            let lengths = SHORTEST_PART..secret.len().min(bytes.len() + 1);
            let ends = |length: usize| bytes[bytes.len() - length..].eq_ignore_ascii_case(&secret[..length]);
            holds || is_cut && lengths.rev().any(ends)
        })
    }
}

/// Whether a text of which so many characters stand in front of a place is cut off there: by a sign, or since nothing
/// but punctuation follows. Half an escape may stand in between.
fn ends_there(text: &SpelledText, at: usize, count: usize) -> bool {
    let rest = |from: usize| (from..text.count()).map_while(|at| text.char(at));
    let is_half = |c: char| c.is_ascii_hexdigit() || matches!(c, '\\' | '%' | '&' | '#' | 'u' | 'x' | ';');
    let half = match text.char(at) {
        Some('\\' | '%' | '&') => rest(at).take_while(|c| is_half(*c)).take(8).count(),
        _ => 0,
    };
    [at, at + half].into_iter().any(|at| {
        let signed = CUT_SIGNS
            .iter()
            .any(|sign| sign.chars().eq(rest(at).take(sign.chars().count())));
        signed && count >= SHORTEST || count >= SHORTEST_PART && !rest(at).any(char::is_alphanumeric)
    })
}

/// Where the rest of something may begin that was cut off.
fn beginnings(text: &SpelledText) -> Vec<usize> {
    let at_sign = |at: usize, sign: &str| sign.chars().enumerate().all(|(n, c)| text.char(at + n) == Some(c));
    let behind = |at: usize| {
        let sign = CUT_SIGNS.iter().find(|sign| at_sign(at, sign))?;
        Some(at + sign.chars().count())
    };
    let first_word = (0..text.count()).take_while(|at| text.char(*at).is_some_and(|c| !c.is_alphanumeric()));
    let first_word: Vec<usize> = first_word.take(MOST_CUTS).collect();
    let first = first_word.last().map_or(0, |last| last + 1);
    first_word
        .into_iter()
        .chain([first])
        .chain((0..text.count()).filter_map(behind).take(MOST_CUTS))
        .collect()
}

/// The text with the mask in these places, one where they touch.
fn masked(text: &str, spelled: &SpelledText, mut places: Vec<Range<usize>>) -> String {
    places.sort_by_key(|place| place.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in places {
        match apart.last_mut() {
            Some(last) if last.end >= place.start => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for place in apart {
        shown.push_str(&text[done..spelled.byte(place.start)]);
        shown.push_str(MASK);
        done = spelled.byte(place.end);
    }
    shown.push_str(&text[done..]);
    shown
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

    fn key_hidden(text: &str, key: &str) -> String {
        HiddenTexts::of([&Secret::new(key)]).hide(text)
    }

    #[test]
    fn a_key_is_hidden_in_every_spelling() {
        let key = "sk/Ab+9=xYz-_0~Q";
        for spelled in [
            "sk/Ab+9=xYz-_0~Q",
            "SK/AB+9=XYZ-_0~Q",
            "sk/ab+9=xyz-_0~q",
            r"sk\/Ab+9=xYz-_0~Q",
            r"sk\/Ab\u002B9\u003dxYz-_0~Q",
            r"sk\\/Ab\\u002b9\\u003DxYz-_0~Q",
            r"sk\x2fAb\x2B9\075xYz-_0~Q",
            r"sk\u{2f}Ab\+9\=xYz-_0\~Q",
            "sk%2FAb%2B9%3DxYz-_0~Q",
            "sk%2fAb%2b9%3dxYz-_0%7eQ",
            "sk%252FAb%252B9%253DxYz-_0~Q",
            r"sk%5Cu002FAb+9%5cu003dxYz-_0~Q",
            "sk&#47;Ab&#x2b;9&equals;xYz-&lowbar;0~Q",
            "sk&amp;#47;Ab&amp;plus;9&amp;#61;xYz-_0~Q",
            r"sk\u0026#47;Ab\u0026#43;9=xYz-_0~Q",
            "c2svQWIrOT14WXotXzB+UQ==",
            "c2svQWIrOT14WXotXzB+UQ",
            "c2svQWIrOT14WXotXzB-UQ",
            r"c2svQWIrOT14WXotXzB\u002BUQ\u003d\u003d",
            // Within "Bearer KEY" and "me:KEY".
            "QmVhcmVyIHNrL0FiKzk9eFl6LV8wflE=",
            "bWU6c2svQWIrOT14WXotXzB+UQ==",
            "736b2f41622b393d78597a2d5f307e51",
            "736B2F41622B393D78597A2D5F307E51",
            "73:6b:2f:41:62:2b:39:3d:78:59:7a:2d:5f:30:7e:51",
        ] {
            let told = key_hidden(&format!("bad key '{spelled}', from here"), key);
            assert_eq!(told, format!("bad key '{MASK}', from here"), "{spelled}");
        }
    }

    #[test]
    fn a_key_that_is_cut_at_either_end_is_hidden_and_words_are_not() {
        let key = "sk_9f8e7d6c5b4a39281706";
        for (text, shown) in [
            ("bad key sk_9f8e7d6c5b", format!("bad key {MASK}")),
            ("bad key 'sk_9f8e7d6c5b'.", format!("bad key '{MASK}'.")),
            ("bad key sk_9f8e7d6…, sorry", format!("bad key {MASK}…, sorry")),
            ("bad key sk_9f8***1706, sorry", format!("bad key {MASK}***1706, sorry")),
            ("bad key …5b4a39281706, sorry", format!("bad key …{MASK}, sorry")),
            ("5b4a39281706 is no key", format!("{MASK} is no key")),
            ("'5b4a39281706' is no key", format!("'{MASK}' is no key")),
            (r"bad key sk_9f8e7d6c5b\u00", format!(r"bad key {MASK}\u00")),
            ("sk_9f is how a key begins", "sk_9f is how a key begins".to_owned()),
            ("it begins with sk_9f", "it begins with sk_9f".to_owned()),
            ("nothing of it…", "nothing of it…".to_owned()),
        ] {
            assert_eq!(key_hidden(text, key), shown, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_spelling_stays_as_it_is() {
        for text in [
            "100 % of it & more \\ than \"that\"",
            "%zz &; &nothing; \\u12 \\",
            "\\\\\\%%%&&&",
            "",
        ] {
            assert_eq!(key_hidden(text, "sk_9f8e7d6c5b4a"), text);
        }
        assert_eq!(hidden("a b", &["a       b"]), "a b", "short once its blanks are one");
    }

    #[test]
    fn a_long_text_of_nothing_but_signs_takes_no_time() {
        let text = "\\%&amp;".repeat(10_000);
        let started = std::time::Instant::now();
        assert_eq!(key_hidden(&text, "sk_9f8e7d6c5b4a"), text);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}
