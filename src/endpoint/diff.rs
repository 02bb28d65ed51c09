//! The changes between two configurations, field by field; list rows by identity.
//!
//! An env is known by its key, a volume by its mount path, and by its ordinal among equals: duplicates are legal.

use std::collections::HashMap;
use std::hash::Hash;

use super::config::{EndpointConfig, VolumeMount, VolumeType};
use super::field::FieldId;
use super::number::Number;
use super::schema::Kind;
use crate::secret::Secret;
use crate::text::with_ends;

/// What stood or stands in a changed place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShownValue {
    /// A text that may be seen.
    Plain(String),
    /// An environment value.
    Secret(Secret),
}

impl ShownValue {
    /// The text itself. Each caller is a place where a secret can get out.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.reveal(),
        }
    }
}

/// One difference between two configurations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field, or the list for a row.
    pub field: FieldId,
    /// The row's name (env key, mount path), with its ordinal where several have the same.
    pub row: Option<String>,
    /// What stood there; `None`: it came in.
    pub old: Option<ShownValue>,
    /// What stands there; `None`: it went.
    pub new: Option<ShownValue>,
}

impl Change {
    /// The name of what changed: `Max workers`, `Environment HF_TOKEN`.
    pub fn name(&self) -> String {
        match &self.row {
            Some(row) => row_label(self.field, row),
            None => self.field.label().to_owned(),
        }
    }
}

/// The names of the first three changes, and how many more there are, for a sentence.
pub fn few_names(changes: &[Change]) -> String {
    const MOST: usize = 3;
    let mut names: Vec<String> = changes.iter().take(MOST).map(Change::name).collect();
    if changes.len() > MOST {
        names.push(format!("{} more", changes.len() - MOST));
    }
    names.join(", ")
}

/// How a row is named beside its list: `Volume /data`, `Environment HF_TOKEN`; with signs for blanks at its ends, for
/// another row may have the name without them.
pub(super) fn row_label(list: FieldId, row: &str) -> String {
    let row = with_ends(row);
    match list {
        FieldId::Volumes => format!("Volume {row}"),
        _ => format!("{} {row}", list.label()),
    }
}

/// A row's name: its key, with its ordinal where it is not the first of that key.
pub(super) fn row_name(key: &str, ordinal: usize) -> String {
    match ordinal {
        0 => key.to_owned(),
        _ => format!("{key} (number {})", ordinal + 1),
    }
}

/// Whether a single field says the same in two configurations: `08` and `8` do where a number belongs.
pub(super) fn same(field: FieldId, a: &EndpointConfig, b: &EndpointConfig) -> bool {
    let (a, b) = (a.text(field), b.text(field));
    a == b || (field.spec().kind == Kind::Integer && Number::typed(a) == Number::typed(b))
}

/// Every difference between two configurations, in the order of the form. Empty exactly when they are equal
/// (the `id` is not compared).
pub fn changes(old: &EndpointConfig, new: &EndpointConfig) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in FieldId::canonical() {
        match field.spec().kind {
            Kind::Rows => {}
            _ if same(field, old, new) => {}
            _ => changes.push(Change {
                field,
                row: None,
                old: Some(ShownValue::Plain(old.text(field).to_owned())),
                new: Some(ShownValue::Plain(new.text(field).to_owned())),
            }),
        }
    }
    rows(
        &mut changes,
        FieldId::Volumes,
        &old.volumes,
        &new.volumes,
        |v| &v.mount_path,
        |v| ShownValue::Plain(volume_words(v)),
    );
    rows(
        &mut changes,
        FieldId::Environment,
        &old.envs,
        &new.envs,
        |e| &e.key,
        |e| ShownValue::Secret(e.value.clone()),
    );
    changes
}

/// The changes from what was expected to what was read of a server. What isn't reported is no difference.
pub fn differences(expected: &EndpointConfig, read: &EndpointConfig) -> Vec<Change> {
    let mut changes = changes(expected, read);
    let unreported = read.unreported();
    changes.retain(|change| !unreported.contains(&change.field));
    changes
}

/// A volume in words: `local 30 GB`, `network stor_9`.
pub fn volume_words(volume: &VolumeMount) -> String {
    match &volume.kind {
        VolumeType::Local => format!("local {} GB", volume.size),
        VolumeType::Network => format!("network {}", volume.storage_id),
        VolumeType::Other(word) => format!("{word} {} {}", volume.size, volume.storage_id)
            .trim_end()
            .to_owned(),
    }
}

/// For each row of `new`: whether it is as in `old`, under the same identity.
pub fn row_marks<T: Eq>(old: &[T], new: &[T], key: fn(&T) -> &str) -> Vec<bool> {
    let before: HashMap<_, _> = identities(old, key).into_iter().zip(old).collect();
    identities(new, key)
        .into_iter()
        .zip(new)
        .map(|(id, row)| before.get(&id) != Some(&row))
        .collect()
}

fn rows<T: Eq>(
    changes: &mut Vec<Change>,
    field: FieldId,
    old: &[T],
    new: &[T],
    key: fn(&T) -> &str,
    shown: impl Fn(&T) -> ShownValue,
) {
    if old == new {
        return;
    }
    let (old_ids, new_ids) = (identities(old, key), identities(new, key));
    let before: HashMap<_, _> = old_ids.iter().copied().zip(old).collect();
    let after: HashMap<_, _> = new_ids.iter().copied().zip(new).collect();
    let name = |(key, ordinal): (&str, usize)| Some(row_name(key, ordinal));
    for (id, row) in old_ids.iter().zip(old).filter(|(id, _)| !after.contains_key(*id)) {
        changes.push(Change {
            field,
            row: name(*id),
            old: Some(shown(row)),
            new: None,
        });
    }
    for (id, row) in new_ids.iter().zip(new) {
        match before.get(id) {
            None => changes.push(Change {
                field,
                row: name(*id),
                old: None,
                new: Some(shown(row)),
            }),
            Some(was) if *was != row => {
                changes.push(Change {
                    field,
                    row: name(*id),
                    old: Some(shown(was)),
                    new: Some(shown(row)),
                });
            }
            Some(_) => {}
        }
    }
    let kept = |ids: &[(&'_ str, usize)], there: &dyn Fn(&(&str, usize)) -> bool| -> Vec<String> {
        ids.iter()
            .filter(|id| there(id))
            .map(|id| format!("{}\u{0}{}", id.0, id.1))
            .collect()
    };
    let old_order = kept(&old_ids, &|id| after.contains_key(id));
    let new_order = kept(&new_ids, &|id| before.contains_key(id));
    if old_order != new_order {
        let order = |ids: &[(&str, usize)]| {
            Some(ShownValue::Plain(format!(
                "order {}",
                ids.iter().map(|id| id.0).collect::<Vec<_>>().join(", ")
            )))
        };
        changes.push(Change {
            field,
            row: None,
            old: order(&old_ids),
            new: order(&new_ids),
        });
    }
}

/// Each row's key and its ordinal among rows of the same key.
pub(super) fn identities<T>(rows: &[T], key: fn(&T) -> &str) -> Vec<(&str, usize)> {
    let mut seen = HashMap::with_capacity(rows.len());
    rows.iter()
        .map(|row| {
            let key = key(row);
            let ordinal = next(&mut seen, key);
            (key, ordinal)
        })
        .collect()
}

fn next<K: Hash + Eq>(seen: &mut HashMap<K, usize>, key: K) -> usize {
    let count = seen.entry(key).or_insert(0);
    *count += 1;
    *count - 1
}

#[cfg(test)]
mod tests {
    use super::super::config::EnvVar;
    use super::*;

    fn with(envs: &[(&str, &str)]) -> EndpointConfig {
        EndpointConfig {
            envs: envs.iter().map(|(k, v)| EnvVar::new(*k, *v)).collect(),
            ..EndpointConfig::default()
        }
    }

    fn names(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
        changes(&with(old), &with(new))
            .iter()
            .map(|c| {
                let side = match (&c.old, &c.new) {
                    (None, _) => "+",
                    (_, None) => "-",
                    _ => "~",
                };
                format!("{side}{}", c.name())
            })
            .collect()
    }

    #[test]
    fn envs_are_known_by_key_and_ordinal() {
        assert!(names(&[("A", "1"), ("A", "2")], &[("A", "1"), ("A", "2")]).is_empty());
        assert_eq!(
            names(&[("A", "1"), ("B", "2")], &[("A", "9"), ("C", "2")]),
            ["-Environment B", "~Environment A", "+Environment C"]
        );
        assert_eq!(
            names(&[("A", "1"), ("A", "2")], &[("A", "1")]),
            ["-Environment A (number 2)"]
        );
        assert_eq!(
            names(&[("A", "1"), ("B", "2")], &[("B", "2"), ("A", "1")]),
            ["~Environment"]
        );
        assert_eq!(
            names(&[("A", "1"), ("B", "2")], &[("X", "0"), ("A", "1"), ("B", "2")]),
            ["+Environment X"]
        );
    }

    #[test]
    fn a_number_written_differently_is_no_change() {
        let mut old = EndpointConfig::default();
        old.set_text(FieldId::MaxWorkers, "5");
        let mut new = old.clone();
        new.set_text(FieldId::MaxWorkers, "05");
        assert!(changes(&old, &new).is_empty());
        new.set_text(FieldId::MaxWorkers, "6");
        assert_eq!(changes(&old, &new)[0].name(), "Max workers");
    }
}
