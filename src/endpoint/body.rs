//! [`EndpointConfig`] → the exact documented update body, as it is shown and as it is sent.
//!
//! Every key of the table is there; only `size` (network), `id` (local) and `healthy` (no path) are left out.
//! Control, bidirectional, zero-width and other invisible characters are written as `\uXXXX`, so that what is shown
//! and what is sent are the same bytes.

use std::collections::HashMap;

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::config::{EndpointConfig, EnvVar, VolumeMount};
use super::diff::identities;
use super::number::Number;
use crate::secret::MASK;
use crate::text::{ends_around, json, look_alike};

/// The pretty-printed body, environment values and all. A number that can't be read stands there as its text, a
/// blank one as `null`: such a body is only shown, never sent.
pub fn text(config: &EndpointConfig) -> String {
    written(&Body::exact(config))
}

/// The same, line by line, with every environment value replaced by [`MASK`].
pub fn masked(config: &EndpointConfig) -> String {
    written(&Body::masked(config))
}

/// Two bodies so masked, to be compared: of values that differ only in the blanks and line breaks at their ends, those
/// stand around the masks as signs.
pub fn masked_beside(old: &EndpointConfig, new: &EndpointConfig) -> (String, String) {
    (text(&with_masks(old, new)), text(&with_masks(new, old)))
}

fn with_masks(config: &EndpointConfig, other: &EndpointConfig) -> EndpointConfig {
    let there: HashMap<_, _> = identities(&other.envs, |env| &env.key)
        .into_iter()
        .zip(other.envs.iter())
        .collect();
    let mask = |(identity, env): ((&str, usize), &EnvVar)| {
        let value = env.value.reveal();
        let beside = there.get(&identity).map_or(value, |other| other.value.reveal());
        let ends = look_alike(&[value, beside]);
        EnvVar::new(
            env.key.as_str(),
            if ends {
                ends_around(value, MASK)
            } else {
                MASK.to_owned()
            },
        )
    };
    let envs = identities(&config.envs, |env| &env.key)
        .into_iter()
        .zip(config.envs.iter())
        .map(mask);
    EndpointConfig {
        envs: envs.collect::<Vec<_>>().into(),
        ..config.clone()
    }
}

/// A body as the JSON that an update sends.
pub fn written(body: &Body) -> String {
    json::pretty(body)
}

/// The body for any serializer, its keys in their order.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    config: &'a EndpointConfig,
    mask: bool,
}

impl<'a> Body<'a> {
    /// Environment values and all.
    pub fn exact(config: &'a EndpointConfig) -> Self {
        Self { config, mask: false }
    }

    /// With [`MASK`] for each environment value.
    pub fn masked(config: &'a EndpointConfig) -> Self {
        Self { config, mask: true }
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let config = self.config;
        let mut body = serializer.serialize_struct("Body", 10)?;
        body.serialize_field("id", &config.id)?;
        body.serialize_field("name", &config.name)?;
        body.serialize_field("clusterID", &config.cluster_id)?;
        body.serialize_field("workerConfig", &Workers(config))?;
        let ports: Vec<Port> = config.port.split(',').map(|port| Port { port: port.trim() }).collect();
        body.serialize_field("ports", &ports)?;
        body.serialize_field(
            "policy",
            &Policy {
                r#type: config.policy.kind.word(),
                value: Int(&config.policy.value),
            },
        )?;
        body.serialize_field(
            "image",
            &Image {
                image: &config.image.image,
                auth_id: &config.image.auth_id,
                command: &config.image.command,
            },
        )?;
        body.serialize_field("volumeMounts", &config.volumes.iter().map(Volume).collect::<Vec<_>>())?;
        body.serialize_field(
            "envs",
            &Envs {
                envs: &config.envs,
                mask: self.mask,
            },
        )?;
        if !config.health_path.is_empty() {
            body.serialize_field(
                "healthy",
                &Health {
                    path: &config.health_path,
                },
            )?;
        }
        body.end()
    }
}

#[derive(Serialize)]
struct Port<'a> {
    port: &'a str,
}

#[derive(Serialize)]
struct Policy<'a> {
    r#type: &'a str,
    value: Int<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Image<'a> {
    image: &'a str,
    auth_id: &'a str,
    command: &'a str,
}

#[derive(Serialize)]
struct Health<'a> {
    path: &'a str,
}

struct Workers<'a>(&'a EndpointConfig);

impl Serialize for Workers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let workers = &self.0.workers;
        let mut out = serializer.serialize_struct("WorkerConfig", 6)?;
        out.serialize_field("minNum", &Int(&workers.min_num))?;
        out.serialize_field("maxNum", &Int(&workers.max_num))?;
        out.serialize_field("freeTimeout", &Int(&workers.free_timeout))?;
        out.serialize_field("maxConcurrent", &Int(&workers.max_concurrent))?;
        out.serialize_field("gpuNum", &Int(&workers.gpu_num))?;
        out.serialize_field("requestTimeout", &Int(&workers.request_timeout))?;
        out.end()
    }
}

struct Int<'a>(&'a Number);

impl Serialize for Int<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.value() {
            Ok(value) => serializer.serialize_i64(value),
            Err(_) if self.0.is_unknown() => serializer.serialize_none(),
            Err(_) => serializer.serialize_str(self.0.text()),
        }
    }
}

struct Volume<'a>(&'a VolumeMount);

impl Serialize for Volume<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let volume = self.0;
        let mut out = serializer.serialize_struct("VolumeMount", 4)?;
        out.serialize_field("type", volume.kind.word())?;
        if volume.kind.has_size() {
            out.serialize_field("size", &Int(&volume.size))?;
        }
        if volume.kind.has_storage_id() {
            out.serialize_field("id", &volume.storage_id)?;
        }
        out.serialize_field("mountPath", &volume.mount_path)?;
        out.end()
    }
}

struct Envs<'a> {
    envs: &'a [EnvVar],
    mask: bool,
}

impl Serialize for Envs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_seq(Some(self.envs.len()))?;
        for env in self.envs {
            out.serialize_element(&Env { env, mask: self.mask })?;
        }
        out.end()
    }
}

struct Env<'a> {
    env: &'a EnvVar,
    mask: bool,
}

impl Serialize for Env<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Env", 2)?;
        out.serialize_field("key", &self.env.key)?;
        out.serialize_field("value", if self.mask { MASK } else { self.env.value.reveal() })?;
        out.end()
    }
}
