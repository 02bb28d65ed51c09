//! How configurations stand in our files: the update body's keys, but every text as it is, so that nothing is lost.
//!
//! The types of [`endpoint`](crate::endpoint) have no serde of their own; these are their mirrors.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::endpoint::edit::Row;
use crate::endpoint::{EndpointConfig, EnvVar, ImageConfig, Number, Policy, Rows, VolumeMount, WorkerConfig};

#[derive(Serialize, Deserialize)]
#[serde(remote = "EndpointConfig")]
pub(super) struct ConfigShape {
    id: String,
    name: String,
    #[serde(rename = "clusterID")]
    cluster_id: String,
    #[serde(rename = "workerConfig", with = "WorkersShape")]
    workers: WorkerConfig,
    #[serde(rename = "ports", with = "ports")]
    port: String,
    #[serde(with = "PolicyShape")]
    policy: Policy,
    #[serde(with = "ImageShape")]
    image: ImageConfig,
    #[serde(rename = "volumeMounts", with = "volumes")]
    volumes: Vec<VolumeMount>,
    #[serde(with = "envs")]
    envs: Rows<EnvVar>,
    #[serde(rename = "healthy", with = "healthy")]
    health_path: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "WorkerConfig", rename_all = "camelCase")]
struct WorkersShape {
    #[serde(with = "number")]
    min_num: Number,
    #[serde(with = "number")]
    max_num: Number,
    #[serde(with = "number")]
    free_timeout: Number,
    #[serde(with = "number")]
    max_concurrent: Number,
    #[serde(with = "number")]
    gpu_num: Number,
    #[serde(with = "number")]
    request_timeout: Number,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Policy")]
struct PolicyShape {
    #[serde(rename = "type", with = "policy_type")]
    kind: crate::endpoint::PolicyType,
    #[serde(with = "number")]
    value: Number,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ImageConfig", rename_all = "camelCase")]
struct ImageShape {
    image: String,
    auth_id: String,
    command: String,
}

/// Size and id both, whichever the type uses: changing the type and back must not lose one.
#[derive(Serialize, Deserialize)]
#[serde(remote = "VolumeMount")]
struct VolumeShape {
    #[serde(rename = "type", with = "volume_type")]
    kind: crate::endpoint::VolumeType,
    #[serde(with = "number")]
    size: Number,
    #[serde(rename = "id")]
    storage_id: String,
    #[serde(rename = "mountPath")]
    mount_path: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "EnvVar")]
struct EnvShape {
    key: String,
    #[serde(with = "secret")]
    value: crate::secret::Secret,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Row", rename_all = "lowercase")]
enum RowShape {
    Volume(#[serde(with = "VolumeShape")] VolumeMount),
    Env(#[serde(with = "EnvShape")] EnvVar),
}

/// A borrowed value to be written, and an owned one that was read, by the mirror of its type.
macro_rules! written_and_read {
    ($written:ident, $read:ident, $of:ty, $shape:literal) => {
        #[derive(Serialize)]
        pub(super) struct $written<'a>(#[serde(with = $shape)] pub &'a $of);

        #[derive(Deserialize)]
        pub(super) struct $read(#[serde(with = $shape)] pub $of);
    };
}

written_and_read!(ConfigOut, ConfigIn, EndpointConfig, "ConfigShape");
written_and_read!(VolumeOut, VolumeIn, VolumeMount, "VolumeShape");
written_and_read!(EnvOut, EnvIn, EnvVar, "EnvShape");
written_and_read!(RowOut, RowIn, Row, "RowShape");

mod volumes {
    use super::*;

    pub fn serialize<S: Serializer>(volumes: &[VolumeMount], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(volumes.iter().map(VolumeOut))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<VolumeMount>, D::Error> {
        Ok(Vec::<VolumeIn>::deserialize(from)?.into_iter().map(|v| v.0).collect())
    }
}

mod envs {
    use super::*;

    pub fn serialize<S: Serializer>(envs: &[EnvVar], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(envs.iter().map(EnvOut))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Rows<EnvVar>, D::Error> {
        Ok(Vec::<EnvIn>::deserialize(from)?.into_iter().map(|e| e.0).collect())
    }
}

/// The text of the port as it is, also several joined by commas: one entry.
mod ports {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Port<T> {
        port: T,
    }

    pub fn serialize<S: Serializer>(port: &str, to: S) -> Result<S::Ok, S::Error> {
        [Port { port }].serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        let [Port { port }] = Deserialize::deserialize(from)?;
        Ok(port)
    }
}

mod healthy {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Healthy<T> {
        path: T,
    }

    pub fn serialize<S: Serializer>(path: &str, to: S) -> Result<S::Ok, S::Error> {
        Healthy { path }.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        Healthy::deserialize(from).map(|healthy| healthy.path)
    }
}

mod policy_type {
    use super::*;
    use crate::endpoint::PolicyType;

    pub fn serialize<S: Serializer>(kind: &PolicyType, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(kind.word())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PolicyType, D::Error> {
        String::deserialize(from).map(|word| PolicyType::from_word(&word))
    }
}

mod volume_type {
    use super::*;
    use crate::endpoint::VolumeType;

    pub fn serialize<S: Serializer>(kind: &VolumeType, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(kind.word())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<VolumeType, D::Error> {
        String::deserialize(from).map(|word| VolumeType::from_word(&word))
    }
}

/// The text in clear, for the file is private; of one that was not kept, `{"fingerprint": "…"}`.
pub(super) mod secret {
    use std::fmt;

    use serde::de::{Error, MapAccess, Visitor};

    use super::*;
    use crate::secret::{Fingerprint, Secret};
    use crate::text::hex;

    #[derive(Serialize)]
    struct RedactedText {
        fingerprint: String,
    }

    pub fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        match secret.fingerprint() {
            None => to.serialize_str(secret.reveal()),
            Some(Fingerprint(bytes)) => RedactedText {
                fingerprint: hex(&bytes),
            }
            .serialize(to),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        from.deserialize_any(Either)
    }

    /// Not serde's `untagged`, which copies the text about.
    struct Either;

    impl<'de> Visitor<'de> for Either {
        type Value = Secret;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text or a fingerprint")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Secret, E> {
            Ok(Secret::new(text))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Secret, A::Error> {
            let Some(("fingerprint", digits)) = map.next_entry::<&str, &str>()? else {
                return Err(A::Error::custom("no fingerprint"));
            };
            let byte = |at: usize| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok();
            let bytes: Option<Vec<u8>> = (0..16).map(byte).collect();
            let bytes = bytes
                .and_then(|bytes| bytes.try_into().ok())
                .filter(|_| digits.len() == 32);
            bytes
                .map(|bytes| Secret::redacted(Fingerprint(bytes)))
                .ok_or_else(|| A::Error::custom("no fingerprint"))
        }
    }
}

/// A JSON integer where the text is just what such an integer looks like; else the text: `08`, an empty one, a word.
mod number {
    use super::*;

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Whole(i64),
        Text(String),
    }

    pub fn serialize<S: Serializer>(number: &Number, to: S) -> Result<S::Ok, S::Error> {
        match number.value() {
            Ok(value) if value.to_string() == number.text() => to.serialize_i64(value),
            _ => to.serialize_str(number.text()),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Number, D::Error> {
        Ok(match Either::deserialize(from)? {
            Either::Whole(value) => Number::of(value),
            Either::Text(text) => Number::typed(text),
        })
    }
}

/// A variable of the environment, for `serde(with)`.
pub(super) mod env {
    use super::*;

    pub fn serialize<S: Serializer>(env: &EnvVar, to: S) -> Result<S::Ok, S::Error> {
        EnvOut(env).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<EnvVar, D::Error> {
        EnvIn::deserialize(from).map(|env| env.0)
    }
}

/// A row of a list, for `serde(with)`.
pub(super) mod row {
    use super::*;

    pub fn serialize<S: Serializer>(row: &Row, to: S) -> Result<S::Ok, S::Error> {
        RowOut(row).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Row, D::Error> {
        RowIn::deserialize(from).map(|row| row.0)
    }
}

/// The same where there may be none.
pub(super) mod maybe_row {
    use super::*;

    pub fn serialize<S: Serializer>(row: &Option<Row>, to: S) -> Result<S::Ok, S::Error> {
        row.as_ref().map(RowOut).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Row>, D::Error> {
        Ok(Option::<RowIn>::deserialize(from)?.map(|row| row.0))
    }
}

/// A field by its path in the body, as the field table has it: `workerConfig.maxNum`, `envs[].value`.
pub(super) mod field {
    use super::*;
    use crate::endpoint::FieldId;
    use crate::endpoint::schema::FIELDS;

    pub fn serialize<S: Serializer>(field: &FieldId, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(field.spec().path)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<FieldId, D::Error> {
        let path = String::deserialize(from)?;
        let entry = FIELDS.iter().find(|entry| entry.path == path);
        // The path isn't repeated: the message is shown, and the file may hold anything.
        entry
            .map(|entry| entry.id)
            .ok_or_else(|| serde::de::Error::custom("no such field"))
    }
}
