//! The update body as a person wrote it in an editor: strict, so that nothing that was written is passed over.
//!
//! It is [`body::text`](super::body::text) read back: every key of it has to be there, no other may be, and what can't be
//! read is told with its line and column. What breaks a rule is not refused here; it is marked in the form.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use super::config::{EndpointConfig, EnvVar, ImageConfig, Policy, PolicyType, VolumeMount, VolumeType, WorkerConfig};
use super::json_words;
use super::misread::Misread;
use super::number::Number;

/// Reads a body; what says the same as in the configuration before stays as it was there, to the letter.
///
/// # Errors
/// [`Misread`], for another `id` as well: which endpoint it is can't be edited.
pub fn read(text: &str, before: &EndpointConfig) -> Result<EndpointConfig, Misread> {
    if text.trim().is_empty() {
        return Err(Misread::at(text, 0, "there is nothing in it: the body is gone"));
    }
    let body: Body = serde_json::from_str(text).map_err(misread)?;
    if body.id != before.id {
        let at = text.find("\"id\"").unwrap_or(0);
        return Err(Misread::at(
            text,
            at,
            format!("the id can't be changed; it is {}", before.id),
        ));
    }
    let number = |new: Written, old: &Number| if new.0 == *old { old.clone() } else { new.0 };
    let workers = body.worker_config;
    let old = &before.workers;
    let volumes = body.volume_mounts.into_iter().enumerate().map(|(at, volume)| {
        let volume = VolumeMount {
            kind: VolumeType::from_word(&volume.kind),
            size: volume.size.map_or_else(Number::unknown, |size| size.0),
            storage_id: volume.id,
            mount_path: volume.mount_path,
        };
        // What its type doesn't use isn't in the body, and would be lost.
        let same = |old: &&VolumeMount| **old == volume;
        let there = before.volumes.get(at).filter(same);
        there
            .or_else(|| before.volumes.iter().find(same))
            .cloned()
            .unwrap_or(volume)
    });
    Ok(EndpointConfig {
        id: body.id,
        name: body.name,
        cluster_id: body.cluster_id,
        workers: WorkerConfig {
            min_num: number(workers.min_num, &old.min_num),
            max_num: number(workers.max_num, &old.max_num),
            free_timeout: number(workers.free_timeout, &old.free_timeout),
            max_concurrent: number(workers.max_concurrent, &old.max_concurrent),
            gpu_num: number(workers.gpu_num, &old.gpu_num),
            request_timeout: number(workers.request_timeout, &old.request_timeout),
        },
        port: {
            let ports: Vec<String> = body
                .ports
                .into_iter()
                .map(|port| port.port.0.text().to_owned())
                .collect();
            ports.join(", ")
        },
        policy: Policy {
            kind: PolicyType::from_word(&body.policy.kind),
            value: number(body.policy.value, &before.policy.value),
        },
        image: ImageConfig {
            image: body.image.image,
            auth_id: body.image.auth_id,
            command: body.image.command,
        },
        volumes: volumes.collect(),
        envs: body
            .envs
            .into_iter()
            .map(|env| EnvVar::new(env.key, env.value))
            .collect(),
        health_path: body.healthy.map(|healthy| healthy.path).unwrap_or_default(),
    })
}

fn misread(error: serde_json::Error) -> Misread {
    let text = error.to_string();
    // serde_json puts the place behind the words.
    let words = text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words);
    Misread {
        line: error.line().max(1),
        column: error.column().max(1),
        why: json_words::say(words),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    id: String,
    name: String,
    #[serde(rename = "clusterID")]
    cluster_id: String,
    #[serde(rename = "workerConfig")]
    worker_config: Workers,
    ports: Vec<Port>,
    policy: PolicyBody,
    image: Image,
    #[serde(rename = "volumeMounts")]
    volume_mounts: Vec<Volume>,
    envs: Vec<Env>,
    healthy: Option<Health>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Workers {
    min_num: Written,
    max_num: Written,
    free_timeout: Written,
    max_concurrent: Written,
    gpu_num: Written,
    request_timeout: Written,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Port {
    port: Written,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyBody {
    #[serde(rename = "type")]
    kind: String,
    value: Written,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Image {
    image: String,
    auth_id: String,
    command: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Volume {
    #[serde(rename = "type")]
    kind: String,
    size: Option<Written>,
    #[serde(default)]
    id: String,
    mount_path: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Env {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Health {
    path: String,
}

/// A number as it was written: as a number, as a text (readable or not), or `null` for one that isn't known.
struct Written(Number);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Written, E> {
                Ok(Written(Number::of(value)))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Written, E> {
                Ok(Written(Number::typed(value.to_string())))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Written, E> {
                Ok(Written(Number::typed(value.to_string())))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Written, E> {
                Ok(Written(Number::typed(value)))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Written, E> {
                Ok(Written(Number::unknown()))
            }
        }
        from.deserialize_any(Any)
    }
}
