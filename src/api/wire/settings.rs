//! What an endpoint has beside the documented keys: settings, as far as anybody knows. Each is kept as path and text.

use std::collections::HashSet;

use super::node::{Node, Object};
use super::text::shorten;
use crate::endpoint::diff::ShownValue;
use crate::endpoint::schema::{BODY, BodyPart, Field};
use crate::endpoint::status::PROBE_TIMINGS;
use crate::endpoint::{FieldId, Setting};
use crate::secret::Secret;

/// The most settings of an endpoint that are kept.
const MOST: usize = 1_000;
/// How deep they are looked for; what lies deeper is one setting.
const DEEPEST: usize = 16;
/// Characters kept of a path.
const PATH_CHARS: usize = 300;

/// Documented keys that an update doesn't set. What lies under the last three moves by itself.
const READ_ONLY: [&str; 7] = ["id", "appName", "url", "rootfsSize", "state", "workers", "log"];

/// All settings of an endpoint, in the server's order, and how many more there are.
pub(super) fn settings(endpoint: &Object<'_>) -> (Vec<Setting>, usize) {
    let mut found = Collector::default();
    for (name, node) in endpoint.iter().filter(|(name, _)| !READ_ONLY.contains(name)) {
        let part = BODY.iter().find(|part| part.key() == name);
        match part {
            Some(BodyPart::Field(_)) => {}
            Some(BodyPart::Object(object)) => found.beside(&node, &keys(object.fields, facts_in(name))),
            Some(BodyPart::OneRow(field)) => found.in_rows(&node, &[field.spec.key()]),
            Some(BodyPart::Volumes(_, fields)) => found.in_rows(&node, &keys(fields, &[])),
            Some(BodyPart::Envs(_, fields)) => {
                found.is_secret = true;
                found.in_rows(&node, &keys(fields, &[]));
                found.is_secret = false;
            }
            None if name == "products" => found.in_rows(&node, &["id", "name"]),
            None if also(FieldId::ClusterId) == Some(name) => {}
            None => found.leaves(&node, 1),
        }
    }
    found.settings()
}

/// The update takes `clusterID`; the lists of storages and clusters spell it `clusterId`.
pub(super) fn also(field: FieldId) -> Option<&'static str> {
    (field == FieldId::ClusterId).then_some("clusterId")
}

fn keys<T>(fields: &'static [Field<T>], facts: &[&'static str]) -> Vec<&'static str> {
    let fields = fields.iter().map(|field| field.spec.key());
    fields.chain(facts.iter().copied()).collect()
}

/// The documented facts of an object that an update sets otherwise.
fn facts_in(object: &str) -> &'static [&'static str] {
    match object {
        "workerConfig" => &["cudaVersion"],
        "healthy" => &PROBE_TIMINGS,
        _ => &[],
    }
}

#[derive(Default)]
struct Collector {
    found: Vec<Setting>,
    left_out: usize,
    /// Whatever is found now is a secret.
    is_secret: bool,
}

impl Collector {
    /// The members of an object, but for those of the given names.
    fn beside(&mut self, node: &Node<'_>, known: &[&str]) {
        if let Ok(object) = node.object() {
            let others = object.iter().filter(|(name, _)| !known.contains(name));
            others.for_each(|(_, node)| self.leaves(&node, 2));
        }
    }

    /// The same of each object of a list.
    fn in_rows(&mut self, list: &Node<'_>, known: &[&str]) {
        let rows = list.first_entries().map(|(rows, _)| rows).unwrap_or_default();
        rows.iter().for_each(|row| self.beside(row, known));
    }

    /// Every value in a value. What is empty is nothing.
    fn leaves(&mut self, node: &Node<'_>, depth: usize) {
        if depth < DEEPEST
            && let Ok(object) = node.object()
        {
            object.iter().for_each(|(_, node)| self.leaves(&node, depth + 1));
        } else if depth < DEEPEST
            && let Some((entries, more)) = node.first_entries()
        {
            entries.iter().for_each(|node| self.leaves(node, depth + 1));
            self.left_out += usize::from(more);
        } else {
            self.leaf(node);
        }
    }

    fn leaf(&mut self, node: &Node<'_>) {
        if node.is_null() {
            return;
        }
        if self.found.len() == MOST {
            self.left_out += 1;
            return;
        }
        let text = node.shown();
        if text.is_empty() {
            return;
        }
        // Nobody looked at what lies in it.
        let is_whole = node.is_object() || node.is_list();
        let path = shorten(node.path(), PATH_CHARS);
        let value = if self.is_secret || is_whole || tells_of_a_secret(&path) {
            ShownValue::Secret(Secret::new(text))
        } else {
            ShownValue::Plain(text)
        };
        self.found.push(Setting { path, value });
    }

    /// Of several with the same path the last one counts.
    fn settings(self) -> (Vec<Setting>, usize) {
        let mut seen = HashSet::new();
        let mut listed: Vec<Setting> = self.found.into_iter().rev().collect();
        listed.retain(|setting| seen.insert(setting.path.clone()));
        listed.reverse();
        (listed, self.left_out)
    }
}

/// Whether a word of a path says that what stands there is not to be seen.
fn tells_of_a_secret(path: &str) -> bool {
    words(path).iter().any(|word| {
        let whole = [
            "key",
            "keys",
            "credential",
            "credentials",
            "authorization",
            "pwd",
            "passwd",
        ];
        let ends = [
            "password",
            "passwords",
            "passphrase",
            "secret",
            "secrets",
            "token",
            "apikey",
            "accesskey",
        ];
        whole.contains(&word.as_str()) || ends.iter().any(|end| word.ends_with(end)) || word == "tokens"
    })
}

/// The words of a path in small letters: `queueConfig.webhookAPIKey[0]` has queue, config, webhook, api, key and 0.
fn words(path: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = path.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let next_is_small = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        let last_is_small = at > 0 && !chars[at - 1].is_uppercase();
        if !c.is_alphanumeric() || (c.is_uppercase() && (last_is_small || next_is_small)) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_path_tell_of_a_secret() {
        for path in [
            "apiKey",
            "webhook.APIKey",
            "auth.access_key",
            "dbPassword",
            "db.userpassword",
            "hooks[0].secretRef",
            "tokens[1]",
            "webhookToken",
            "registry.Credentials.x",
            "headers.Authorization",
        ] {
            assert!(tells_of_a_secret(path), "{path}");
        }
        for path in [
            "type",
            "tokenizer",
            "keyboard",
            "monkey.name",
            "image.pullPolicy",
            "queueConfig.maxPending",
            "secretaryName",
            "maxKeyframes",
        ] {
            assert!(!tells_of_a_secret(path), "{path}");
        }
    }
}
