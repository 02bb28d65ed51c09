//! What random sessions are made of: a small endpoint, touches that always find something to change, and a
//! configuration read slot by slot without help of the merge.

#![allow(dead_code, reason = "each test that includes this uses a part of it")]

use std::collections::BTreeMap;

use novita_edit::api::wire;
use novita_edit::endpoint::edit::{Edit, Row};
use novita_edit::endpoint::merge::Resolution;
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, List, LoadedEndpoint, Number, VolumeMount, VolumeType};
use proptest::prelude::*;

pub const ID: &str = "ep_7f3a91c2";

/// Few keys and few values, so that touches meet.
const KEYS: [&str; 4] = ["A", "B", "C", "D"];
const PATHS: [&str; 3] = ["/data", "/models", "/cache"];
const FIELDS: [(FieldId, [&str; 3]); 7] = [
    (FieldId::Name, ["llama", "mistral", "qwen"]),
    (FieldId::MaxWorkers, ["5", "6", "07"]),
    (FieldId::IdleTimeout, ["300", "60", "0300"]),
    (FieldId::RequestTimeout, ["600", "60", "30"]),
    (FieldId::PolicyType, ["queue", "concurrency", "queue"]),
    (FieldId::PolicyValue, ["60", "10", "20"]),
    (FieldId::HealthPath, ["/health", "/live", "/ready"]),
];

/// An endpoint with three envs, one of them twice, and two volumes; without an error.
pub fn endpoint() -> LoadedEndpoint {
    let mut endpoint = wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), ID).unwrap();
    endpoint.config.envs = [("A", "1"), ("B", "1"), ("A", "2"), ("C", "1")]
        .map(|(key, value)| EnvVar::new(key, value))
        .to_vec()
        .into();
    endpoint
}

pub fn with(config: EndpointConfig) -> LoadedEndpoint {
    LoadedEndpoint { config, ..endpoint() }
}

/// A change that somebody wants to make; what it comes to depends on the configuration that it meets.
#[derive(Clone, Debug)]
pub enum Touch {
    Field(usize, usize),
    Add(List, usize, usize, usize),
    Change(List, usize, usize),
    Rename(List, usize, usize),
    Delete(List, usize),
    Move(List, usize, usize),
    /// Two in one step.
    Both(Box<(Touch, Touch)>),
}

pub fn touch() -> impl Strategy<Value = Touch> {
    let list = || prop_oneof![3 => Just(List::Envs), 1 => Just(List::Volumes)];
    let n = || 0..6_usize;
    prop_oneof![
        4 => (0..FIELDS.len(), n()).prop_map(|(field, value)| Touch::Field(field, value)),
        3 => (list(), n(), n(), n()).prop_map(|(list, key, value, at)| Touch::Add(list, key, value, at)),
        3 => (list(), n(), n()).prop_map(|(list, at, value)| Touch::Change(list, at, value)),
        1 => (list(), n(), n()).prop_map(|(list, at, key)| Touch::Rename(list, at, key)),
        2 => (list(), n()).prop_map(|(list, at)| Touch::Delete(list, at)),
        2 => (list(), n(), n()).prop_map(|(list, from, to)| Touch::Move(list, from, to)),
    ]
    .prop_recursive(1, 2, 2, |one| {
        (one.clone(), one).prop_map(|both| Touch::Both(Box::new(both)))
    })
}

impl Touch {
    /// The edit in this configuration; `None`: there is nothing to touch.
    pub fn edit(&self, config: &EndpointConfig) -> Option<Edit> {
        let row = |list: List, at: usize| {
            let at = at % list.len(config).max(1);
            Some((at, Row::of(config, list, at)?))
        };
        Some(match *self {
            Self::Field(field, value) => {
                let (field, values) = FIELDS[field];
                Edit::set(config, field, values[value % values.len()])
            }
            Self::Add(list, key, value, at) => Edit::Insert {
                at: at % (list.len(config) + 1),
                row: new_row(list, key, value),
            },
            Self::Change(list, at, value) => {
                let (at, old) = row(list, at)?;
                let new = match &old {
                    Row::Env(env) => Row::Env(EnvVar::new(env.key.clone(), value.to_string())),
                    Row::Volume(volume) => Row::Volume(volume_at(&volume.mount_path, value)),
                };
                Edit::Replace { at, old, new }
            }
            Self::Rename(list, at, key) => {
                let (at, old) = row(list, at)?;
                let new = match old.clone() {
                    Row::Env(env) => Row::Env(EnvVar {
                        key: KEYS[key % KEYS.len()].into(),
                        ..env
                    }),
                    Row::Volume(volume) => Row::Volume(VolumeMount {
                        mount_path: PATHS[key % PATHS.len()].into(),
                        ..volume
                    }),
                };
                Edit::Replace { at, old, new }
            }
            Self::Delete(list, at) => {
                let (at, row) = row(list, at)?;
                Edit::Remove { at, row }
            }
            Self::Move(list, from, to) => {
                let rows = list.len(config);
                if rows == 0 {
                    return None;
                }
                Edit::Move {
                    list,
                    from: from % rows,
                    to: to % rows,
                }
            }
            Self::Both(ref both) => {
                let first = both.0.edit(config)?;
                let mut between = config.clone();
                first.apply(&mut between);
                let second = both.1.edit(&between)?;
                Edit::Many("both".into(), vec![first, second])
            }
        })
    }

    pub fn apply(&self, config: &mut EndpointConfig) {
        if let Some(edit) = self.edit(config) {
            edit.apply(config);
        }
    }
}

fn new_row(list: List, key: usize, value: usize) -> Row {
    match list {
        List::Envs => Row::Env(EnvVar::new(KEYS[key % KEYS.len()], value.to_string())),
        List::Volumes => Row::Volume(volume_at(PATHS[key % PATHS.len()], value)),
    }
}

/// What its type doesn't use is filled too: it must tell nothing apart.
fn volume_at(path: &str, value: usize) -> VolumeMount {
    let local = value.is_multiple_of(3);
    VolumeMount {
        kind: if local { VolumeType::Local } else { VolumeType::Network },
        size: Number::of(if local { 30 } else { 7 }),
        storage_id: format!("stor_{}", value % 4),
        mount_path: path.into(),
    }
}

pub fn choice() -> impl Strategy<Value = Option<Resolution>> {
    prop::sample::select(vec![
        None,
        Some(Resolution::Loaded),
        Some(Resolution::Mine),
        Some(Resolution::Theirs),
        Some(Resolution::Theirs),
    ])
}

/// What stands in each slot, by the name that a `Change` has: fields, and rows by key and ordinal. A slot without a row
/// is not in it. The order of rows isn't in it either.
pub fn slots(config: &EndpointConfig) -> BTreeMap<String, String> {
    let mut slots = BTreeMap::new();
    for field in FieldId::canonical().filter(|f| !matches!(f, FieldId::Volumes | FieldId::Environment)) {
        let text = config.text(field);
        let number = Number::typed(text).value();
        let text = number.map_or_else(|_| text.to_owned(), |number| number.to_string());
        slots.insert(field.label().to_owned(), text);
    }
    let mut seen = BTreeMap::new();
    let mut put = |name: String, text: String| {
        let nth = seen.entry(name.clone()).or_insert(0);
        *nth += 1;
        slots.insert(
            if *nth == 1 {
                name
            } else {
                format!("{name} (number {nth})")
            },
            text,
        );
    };
    for volume in &config.volumes {
        let text = match volume.kind {
            VolumeType::Network => format!("network {}", volume.storage_id),
            _ => format!("local {}", volume.size),
        };
        put(format!("Volume {}", volume.mount_path), text);
    }
    for env in &config.envs {
        put(format!("Environment {}", env.key), env.value.reveal().to_owned());
    }
    slots
}

/// The slot without its ordinal; type and value of the policy are one, since a value means nothing without its type.
pub fn group(slot: &str) -> &str {
    let slot = slot.split(" (number ").next().unwrap_or(slot);
    if slot == FieldId::PolicyValue.label() {
        FieldId::PolicyType.label()
    } else {
        slot
    }
}

/// What stands in each group of slots: all rows of a key together.
pub fn groups(config: &EndpointConfig) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (slot, text) in slots(config) {
        groups.entry(group(&slot).to_owned()).or_default().push(text);
    }
    groups
}
