//! The editable configuration of an endpoint: plain data, the update body's keys and nothing else. The rows of a list
//! are shared between the configurations that have the same.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::number::Number;
use crate::secret::Secret;

/// What an update sets. Field by field the "update body" table of `shared/api.md`.
///
/// Every value is kept as text as far as a person types it, so that what is wrong can be shown and mended
/// instead of being refused at the door; [`validate`](super::validate) tells what can't be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointConfig {
    /// `id`: which endpoint is updated. Never edited.
    pub id: String,
    /// `name`: 0–220 characters by the create page.
    pub name: String,
    /// `clusterID`: 0–255 characters; required when a network volume is mounted.
    pub cluster_id: String,
    /// `workerConfig`: six integers.
    pub workers: WorkerConfig,
    /// `ports[0].port`: 1–65535 but not 2222–2224, a string. When the server holds several ports: all of them
    /// joined by `, `, which is an error until one is entered.
    pub port: String,
    /// `policy`: what makes the endpoint scale.
    pub policy: Policy,
    /// `image`: what the workers run.
    pub image: ImageConfig,
    /// `volumeMounts`, in order.
    pub volumes: Vec<VolumeMount>,
    /// `envs`, in order; keys may repeat.
    pub envs: Rows<EnvVar>,
    /// `healthy.path`; empty: no health check.
    pub health_path: String,
}

/// `workerConfig`: ranges from `/endpoint/limit`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkerConfig {
    /// `minNum`: least workers; 0 scales to zero.
    pub min_num: Number,
    /// `maxNum`: most workers.
    pub max_num: Number,
    /// `freeTimeout`, seconds: how long an idle worker is kept.
    pub free_timeout: Number,
    /// `maxConcurrent`: requests at a time per worker.
    pub max_concurrent: Number,
    /// `gpuNum`: GPUs per worker.
    pub gpu_num: Number,
    /// `requestTimeout`, seconds. Unknown when the server doesn't report it.
    pub request_timeout: Number,
}

/// `policy`: the rule by which workers are added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// `type`.
    pub kind: PolicyType,
    /// `value`: seconds for [`PolicyType::Queue`], requests for [`PolicyType::Concurrency`].
    pub value: Number,
}

/// `policy.type`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PolicyType {
    /// Not chosen; an error until it is.
    #[default]
    Unset,
    /// `queue`: by the wait time in the queue.
    Queue,
    /// `concurrency`: by the number of requests in the queue.
    Concurrency,
    /// A word that the documentation doesn't know; an error until one of the two is chosen.
    Other(String),
}

impl PolicyType {
    /// The word in the body.
    pub fn word(&self) -> &str {
        match self {
            Self::Unset => "",
            Self::Queue => "queue",
            Self::Concurrency => "concurrency",
            Self::Other(word) => word,
        }
    }

    /// The type for a word of the body.
    pub fn from_word(word: &str) -> Self {
        match word {
            "" => Self::Unset,
            "queue" => Self::Queue,
            "concurrency" => Self::Concurrency,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// `image`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageConfig {
    /// `image`: the address, 1–511 characters.
    pub image: String,
    /// `authId`: the credential of a private image, 0–255 characters; empty: none.
    pub auth_id: String,
    /// `command`: the start command, 0–2047 characters.
    pub command: String,
}

/// One entry of `volumeMounts`. Which of `size` and `storage_id` counts depends on the type.
#[derive(Clone, Debug, Default)]
pub struct VolumeMount {
    /// `type`.
    pub kind: VolumeType,
    /// `size`, GB; local only.
    pub size: Number,
    /// `id`: the network storage's id; network only.
    pub storage_id: String,
    /// `mountPath`: 1–255 characters.
    pub mount_path: String,
}

/// What the type doesn't use doesn't tell two volumes apart: it is never sent.
impl PartialEq for VolumeMount {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.mount_path == other.mount_path
            && (!self.kind.has_size() || self.size == other.size)
            && (!self.kind.has_storage_id() || self.storage_id == other.storage_id)
    }
}

impl Eq for VolumeMount {}

/// `volumeMounts[].type`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum VolumeType {
    /// `local`: a disk of the worker.
    #[default]
    Local,
    /// `network`: a network storage of the account.
    Network,
    /// A word that the documentation doesn't know; an error on its row.
    Other(String),
}

impl VolumeType {
    /// The word in the body.
    pub fn word(&self) -> &str {
        match self {
            Self::Local => "local",
            Self::Network => "network",
            Self::Other(word) => word,
        }
    }

    /// The type for a word of the body.
    pub fn from_word(word: &str) -> Self {
        match word {
            "local" => Self::Local,
            "network" => Self::Network,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Whether `size` belongs to a volume of this type.
    pub fn has_size(&self) -> bool {
        !matches!(self, Self::Network)
    }

    /// Whether `id` belongs to a volume of this type.
    pub fn has_storage_id(&self) -> bool {
        !matches!(self, Self::Local)
    }
}

/// One entry of `envs`. The value is a secret wherever it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvVar {
    /// `key`.
    pub key: String,
    /// `value`.
    pub value: Secret,
}

impl EnvVar {
    /// An environment variable.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: Secret::new(value),
        }
    }
}

impl EndpointConfig {
    /// The keys of the environment whose values are [redacted](Secret::redacted): they were not kept.
    pub fn redacted(&self) -> impl Iterator<Item = &str> {
        let redacted = self.envs.iter().filter(|env| env.value.is_redacted());
        redacted.map(|env| env.key.as_str())
    }
}

/// Rows that are copied only when one of their owners changes them: the base, what is edited, what is kept and every
/// step of undo have the same thousands of variables as long as none of them was touched. To look at a `Vec` in all
/// else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows<T>(Arc<Vec<T>>);

impl<T> Rows<T> {
    /// Whether both are the very same rows, untouched since one was copied from the other: then nothing has to be
    /// compared.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Rows<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Clone> DerefMut for Rows<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(rows: Vec<T>) -> Self {
        Self(Arc::new(rows))
    }
}

impl<T> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Vec::from_iter(rows).into()
    }
}

impl<'a, T> IntoIterator for &'a Rows<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shared_until_one_owner_changes_them() {
        let base: Rows<i32> = vec![1, 2].into();
        let mut now = base.clone();
        assert!(now.is_shared_with(&base));
        now.push(3);
        assert!(!now.is_shared_with(&base));
        assert_eq!((base.len(), now.len()), (2, 3));
        now.pop();
        assert_eq!(now, base);
    }
}
