//! `GET /endpoint`: the editable side, strictly; what is only shown is read by [`facts`](super::facts).

use super::facts;
use super::node::{Node, Object};
use super::refusal::said_in;
use super::unreadable::Unreadable;
use crate::endpoint::{
    EndpointConfig, EnvVar, ImageConfig, LoadedEndpoint, Number, Policy, PolicyType, VolumeMount, VolumeType,
    WorkerConfig,
};
use crate::secret::Secret;

/// What a refusal to read calls the thing.
const WANTED: &str = "endpoint";

/// Reads the answer to `GET /endpoint?id=ID`, with the `endpoint` wrapper or without it.
///
/// Quirks are those of "What an endpoint looks like when read" in `shared/api.md`. `requestTimeout` that isn't told is
/// [`Number::unknown`]; other integers left out are 0. Several ports are joined by `, `. Without a policy its type is
/// [`PolicyType::Unset`] and its value unknown.
///
/// # Errors
/// [`Unreadable`] for anything that isn't this endpoint in full: another id, no `workerConfig` or `image` object, or a
/// value of the update body that can't be read, with its path.
pub fn endpoint(body: &[u8], asked_id: &str) -> Result<LoadedEndpoint, Unreadable> {
    let answer = Node::parse(body)?;
    if !answer.is_object() {
        return Err(not_that(format!("{} stands where an object belongs", kind(&answer))));
    }
    let answer = answer.object()?;
    let object = unwrapped(answer)?;
    let id = object.text("id")?;
    if id != asked_id {
        return Err(if id.is_empty() {
            not_that("it has no id".to_owned())
        } else {
            Unreadable::other_endpoint(asked_id, &id)
        });
    }
    let workers = needed(&object, "workerConfig")?;
    let image = needed(&object, "image")?;
    let health = health(&object)?;
    Ok(LoadedEndpoint {
        config: EndpointConfig {
            id,
            name: object.text("name")?,
            cluster_id: cluster_id(&object)?,
            workers: worker_config(&workers)?,
            port: ports(&object)?,
            policy: policy(&object)?,
            image: ImageConfig {
                image: image.text("image")?,
                auth_id: image.text("authId")?,
                command: image.text("command")?,
            },
            volumes: volumes(&object)?,
            envs: envs(&object)?.into(),
            health_path: health.path,
        },
        has_health_check: health.configured,
        facts: facts::facts(&object, &workers),
    })
}

fn not_that(why: String) -> Unreadable {
    Unreadable::NotThat { wanted: WANTED, why }
}

fn kind(node: &Node<'_>) -> &'static str {
    if node.is_list() { "a list" } else { "a single value" }
}

/// The endpoint itself. An object that has a `workerConfig` is one, whatever else it has: unknown keys may appear
/// anywhere, one called `endpoint` too.
fn unwrapped(answer: Object<'_>) -> Result<Object<'_>, Unreadable> {
    let object = match answer.get("endpoint") {
        Some(inner) if answer.get("workerConfig").is_none() => {
            if !inner.is_object() {
                return Err(inner.not("an object"));
            }
            // Read anew from its raw text: paths count from the endpoint, as in the update body.
            inner.at_root().object()?
        }
        _ => answer,
    };
    if object.is_empty() {
        return Err(not_that("it is an empty object".to_owned()));
    }
    if object.get("workerConfig").is_none() && object.get("image").is_none() {
        let said = said_in(&object);
        if let Some(message) = said.line() {
            return Err(Unreadable::message(WANTED, &message));
        }
    }
    Ok(object)
}

/// An object without which there is nothing to edit.
fn needed<'a>(object: &Object<'a>, name: &'static str) -> Result<Object<'a>, Unreadable> {
    match object.get(name) {
        Some(node) => node.object(),
        None => Err(not_that(format!("it has no {name}"))),
    }
}

fn cluster_id(object: &Object<'_>) -> Result<String, Unreadable> {
    // The update takes `clusterID`; the storages and clusters lists spell it `clusterId`.
    let node = object.get("clusterID").or_else(|| object.get("clusterId"));
    node.map_or_else(|| Ok(String::new()), |node| node.text())
}

fn worker_config(workers: &Object<'_>) -> Result<WorkerConfig, Unreadable> {
    let number = |name: &str| workers.integer(name).map(|value| Number::of(value.unwrap_or(0)));
    Ok(WorkerConfig {
        min_num: number("minNum")?,
        max_num: number("maxNum")?,
        free_timeout: number("freeTimeout")?,
        max_concurrent: number("maxConcurrent")?,
        gpu_num: number("gpuNum")?,
        // Older answers lack it. It is no zero that was left out: a zero would be written back.
        request_timeout: told(workers.integer("requestTimeout")?),
    })
}

fn told(value: Option<i64>) -> Number {
    value.map_or_else(Number::unknown, Number::of)
}

fn ports(object: &Object<'_>) -> Result<String, Unreadable> {
    let ports = object.list("ports")?.into_iter().map(|entry| {
        let port = entry.object()?.get("port");
        port.map_or_else(|| Ok(String::new()), |port| port.port())
    });
    Ok(ports.collect::<Result<Vec<_>, _>>()?.join(", "))
}

fn policy(object: &Object<'_>) -> Result<Policy, Unreadable> {
    let Some(policy) = object.get("policy") else {
        return Ok(Policy::default());
    };
    let policy = policy.object()?;
    let kind = PolicyType::from_word(&policy.text("type")?);
    let value = match policy.integer("value")? {
        // With a type there is a policy, and then it is a zero that was left out.
        None if kind != PolicyType::Unset => Number::of(0),
        value => told(value),
    };
    Ok(Policy { kind, value })
}

fn volumes(object: &Object<'_>) -> Result<Vec<VolumeMount>, Unreadable> {
    object.list("volumeMounts")?.iter().map(volume).collect()
}

fn volume(entry: &Node<'_>) -> Result<VolumeMount, Unreadable> {
    let entry = entry.object()?;
    let kind = VolumeType::from_word(&entry.text("type")?);
    // What the type doesn't use is never written back, so it can't stop the loading; what can be read of it is kept.
    let size = match kind {
        VolumeType::Local => Number::of(entry.integer("size")?.unwrap_or(0)),
        VolumeType::Network => told(entry.integer("size").unwrap_or(None)),
        VolumeType::Other(_) => told(entry.integer("size")?),
    };
    let storage_id = if kind.has_storage_id() {
        entry.text("id")?
    } else {
        entry.text("id").unwrap_or_default()
    };
    Ok(VolumeMount {
        kind,
        size,
        storage_id,
        mount_path: entry.text("mountPath")?,
    })
}

fn envs(object: &Object<'_>) -> Result<Vec<EnvVar>, Unreadable> {
    let Some(envs) = object.get("envs") else {
        return Ok(Vec::new());
    };
    let env = |entry: Node<'_>| {
        let entry = entry.object()?;
        Ok(EnvVar {
            key: entry.text("key")?,
            value: Secret::new(entry.text("value")?),
        })
    };
    envs.quietly().list()?.into_iter().map(env).collect()
}

/// What stands in `healthy`.
struct Health {
    configured: bool,
    path: String,
}

fn health(object: &Object<'_>) -> Result<Health, Unreadable> {
    let Some(healthy) = object.get("healthy") else {
        return Ok(Health {
            configured: false,
            path: String::new(),
        });
    };
    let healthy = healthy.object()?;
    let path = healthy.text("path")?;
    // An object of nothing but zeros is how some answers write "none".
    let anything_set = || healthy.iter().any(|(name, node)| name != "path" && !node.is_unset());
    Ok(Health {
        configured: !path.trim().is_empty() || anything_set(),
        path,
    })
}
