//! Values that look like the mask of another one: a server that hides secrets answers such texts, and an update that
//! carries one would store it in the place of the value itself.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::config::{EndpointConfig, EnvVar};
use super::edit::{Edit, Row};
use crate::secret::Secret;

/// What stands between brackets where something is hidden, in small letters.
const WORDS: [&str; 21] = [
    "redacted",
    "hidden",
    "masked",
    "secret",
    "removed",
    "filtered",
    "sensitive",
    "sensitive value",
    "secret value",
    "hidden value",
    "masked value",
    "redacted value",
    "value hidden",
    "value redacted",
    "concealed",
    "censored",
    "obfuscated",
    "scrubbed",
    "protected",
    "encrypted",
    "not shown",
];

/// Whether a text looks like the mask of another one: three or more of nothing but `*` or `•`, six or more of nothing
/// but `x` or `.`; three or more `*` or `•` behind each other within another text; a word for hiding in brackets, as
/// in `<redacted>`, `[REDACTED]` and `(hidden)`. Blanks at the ends don't count.
///
/// ```
/// use novita_edit::endpoint::masked::looks_masked;
///
/// assert!(looks_masked("hf_****123") && looks_masked("[REDACTED]"));
/// assert!(!looks_masked("*.example.com"));
/// ```
pub fn looks_masked(text: &str) -> bool {
    let text = text.trim();
    has_a_run(text) || is_only(text, &['x', 'X']) || is_only(text, &['.']) || is_a_word(text)
}

/// Three stars or bullets behind each other.
fn has_a_run(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        run = if matches!(c, '*' | '•') { run + 1 } else { 0 };
        run == 3
    })
}

/// Six or more of one of these signs and nothing else.
fn is_only(text: &str, signs: &[char]) -> bool {
    let first = text.chars().next().filter(|c| signs.contains(c));
    first.is_some_and(|first| text.chars().all(|c| c == first) && text.chars().count() >= 6)
}

/// A word for hiding, within brackets or between other signs.
fn is_a_word(text: &str) -> bool {
    const BRACKETS: [(char, char); 4] = [('<', '>'), ('[', ']'), ('(', ')'), ('{', '}')];
    // Longer than any word: not looked at.
    if text.len() > 64 {
        return false;
    }
    let inside = BRACKETS
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    let word = |text: &str| {
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        bare.replace(['_', '-'], " ")
    };
    match inside {
        Some(inside) => WORDS.contains(&word(inside).as_str()),
        None => word(text) == "redacted",
    }
}

/// Which values that look masked may be written all the same, and which that are empty may not.
#[derive(Clone, Debug, Default)]
pub struct MeantValues {
    /// By the variable's name.
    meant: HashMap<String, Vec<Secret>>,
    /// Names of variables that had a value when something was sent from here.
    had_values: Arc<HashSet<String>>,
}

impl MeantValues {
    /// Whether that value of that variable is meant.
    pub fn holds(&self, env: &EnvVar) -> bool {
        let values = self.meant.get(&env.key);
        values.is_some_and(|values| values.contains(&env.value))
    }

    /// It is meant.
    pub fn add(&mut self, env: &EnvVar) {
        if !self.holds(env) {
            self.meant.entry(env.key.clone()).or_default().push(env.value.clone());
        }
    }

    /// It is not.
    pub fn remove(&mut self, env: &EnvVar) {
        if let Some(values) = self.meant.get_mut(&env.key) {
            values.retain(|value| *value != env.value);
        }
    }

    /// These variables had a value when something was sent from here.
    pub fn know_values(&mut self, names: HashSet<String>) {
        self.had_values = Arc::new(names);
    }

    /// Whether a variable had a value when something was sent from here.
    pub fn had_value(&self, name: &str) -> bool {
        self.had_values.contains(name)
    }

    /// What a person types is meant: the values that look masked and that an edit brings. `loaded` is what the server
    /// has; what stands there already isn't typed.
    pub fn note_typed(&mut self, edit: &Edit, loaded: &EndpointConfig) {
        for env in typed(edit, self) {
            // The mask of this program is never what somebody means.
            let counts = looks_masked(env.value.reveal()) && !env.value.is_mask();
            if counts && !loaded.envs.contains(&env) {
                self.add(&env);
            }
        }
    }
}

/// The variables that get another value by an edit; and those whose value was meant before, and that get another name.
fn typed(edit: &Edit, meant: &MeantValues) -> Vec<EnvVar> {
    match edit {
        Edit::Insert { row: Row::Env(env), .. } => vec![env.clone()],
        Edit::Replace {
            old: Row::Env(old),
            new: Row::Env(new),
            ..
        } if old.value != new.value || meant.holds(old) => vec![new.clone()],
        Edit::Many(_, edits) => edits.iter().flat_map(|edit| typed(edit, meant)).collect(),
        Edit::Whole { old, new, .. } if !old.envs.is_shared_with(&new.envs) => {
            let is_masked = |env: &&EnvVar| looks_masked(env.value.reveal()) && !old.envs.contains(env);
            let came = new.envs.iter().filter(is_masked);
            came.filter(|env| !is_renamed(env, old, new, meant)).cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a variable is an old one under another name, whose value nobody called meant.
fn is_renamed(env: &EnvVar, old: &EndpointConfig, new: &EndpointConfig, meant: &MeantValues) -> bool {
    let mut before = old
        .envs
        .iter()
        .filter(|before| before.value == env.value && before.key != env.key);
    before.any(|before| !meant.holds(before) && !new.envs.contains(before))
}

/// Whether a server answered every value empty, of two variables or more.
pub fn all_are_empty(envs: &[EnvVar]) -> bool {
    envs.len() > 1 && envs.iter().all(|env| env.value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_look_masked() {
        for text in [
            "***",
            "*****",
            "•••",
            "••••••",
            "•*•",
            "hf_****123",
            "sk-***",
            "***abc",
            "ab•••",
            "xxxxxx",
            "xxxxxxxxxxxx",
            "XXXXXX",
            "......",
            "..........",
            "<redacted>",
            "<REDACTED>",
            "[REDACTED]",
            "(redacted)",
            "{redacted}",
            "REDACTED",
            "__redacted__",
            "(hidden)",
            "<hidden>",
            "[hidden]",
            "[masked]",
            "<masked>",
            "<secret>",
            "[secret]",
            "[FILTERED]",
            "(sensitive value)",
            "<sensitive>",
            "[value hidden]",
            "<secret_value>",
            "***REDACTED***",
            "**[redacted]**",
            " *** ",
            "***\n",
        ] {
            assert!(looks_masked(text), "{text}");
        }
    }

    #[test]
    fn other_texts_do_not() {
        for text in [
            "",
            "x",
            "xxxxx",
            "a..b",
            "**",
            "*",
            "••",
            "*.example.com",
            "* * * * *",
            "*/5 * * * *",
            "0.0.0.0",
            "1.5",
            "/a/*/b",
            "/a/**/b",
            ".....",
            "...",
            "x.x.x.x",
            "xxxxxy",
            "xXxXxX",
            "hidden",
            "secret",
            "<token>",
            "<s>",
            "[1, 2]",
            "(a)",
            "{}",
            "<redacted> and more",
            "the value is redacted",
            "masked",
            "redactedness",
            "a*b*c*d",
            "https://example.com/<id>",
        ] {
            assert!(!looks_masked(text), "{text}");
        }
    }

    fn config(envs: &[(&str, &str)]) -> EndpointConfig {
        EndpointConfig {
            envs: envs.iter().map(|(key, value)| EnvVar::new(*key, *value)).collect(),
            ..EndpointConfig::default()
        }
    }

    fn whole(old: &[(&str, &str)], new: &[(&str, &str)]) -> Edit {
        Edit::Whole {
            name: String::new(),
            old: Box::new(config(old)),
            new: Box::new(config(new)),
        }
    }

    fn replace(old: (&str, &str), new: (&str, &str)) -> Edit {
        let row = |(key, value)| Row::Env(EnvVar::new(key, value));
        Edit::Replace {
            at: 0,
            old: row(old),
            new: row(new),
        }
    }

    #[test]
    fn what_is_typed_is_meant_and_what_was_there_is_not() {
        let loaded = config(&[("A", "***"), ("B", "b")]);
        for (edit, is_meant) in [
            (replace(("B", "b"), ("B", "***")), true),
            (replace(("B", "b"), ("B", "••••••")), false),
            (replace(("C", "***"), ("B", "***")), false),
            (whole(&[("A", "***"), ("B", "b")], &[("A", "***"), ("B", "***")]), true),
            (whole(&[("A", "***")], &[("B", "***")]), false),
            (whole(&[("A", "***")], &[("A", "***"), ("B", "***")]), true),
        ] {
            let mut meant = MeantValues::default();
            meant.note_typed(&edit, &loaded);
            let value = if let Edit::Replace { new, .. } = &edit {
                new.text(crate::endpoint::FieldId::EnvValue)
            } else {
                "***"
            };
            assert_eq!(meant.holds(&EnvVar::new("B", value)), is_meant, "{edit:?}");
        }
        let mut meant = MeantValues::default();
        meant.note_typed(&replace(("A", "x"), ("A", "***")), &loaded);
        assert!(!meant.holds(&EnvVar::new("A", "***")), "put back as it was loaded");
        meant.add(&EnvVar::new("A", "***"));
        meant.note_typed(&replace(("A", "***"), ("C", "***")), &loaded);
        assert!(meant.holds(&EnvVar::new("C", "***")), "meant under its former name");
        meant.remove(&EnvVar::new("C", "***"));
        assert!(!meant.holds(&EnvVar::new("C", "***")));
    }

    #[test]
    fn one_empty_value_is_nothing_odd() {
        let all = |envs: &[(&str, &str)]| all_are_empty(&config(envs).envs);
        assert!(all(&[("A", ""), ("B", "")]));
        assert!(!all(&[("A", "")]) && !all(&[]) && !all(&[("A", ""), ("B", "b")]));
    }
}
