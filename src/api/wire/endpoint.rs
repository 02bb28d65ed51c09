//! `GET /endpoint`: the editable side, strictly; what is only shown is read liberally, and nothing in it can fail.

use std::time::Duration;

use super::node::{Node, Object};
use super::other_api::other_api;
use super::refusal::said_in;
use super::settings::{also, settings};
use super::unreadable::Unreadable;
use crate::endpoint::schema::{Absent, Access, BODY, BodyPart, Field, TypeUse, Without};
use crate::endpoint::status::{PROBE_TIMINGS, WorkerCount};
use crate::endpoint::{EndpointConfig, EndpointStatus, LoadedEndpoint, Number, State, Summary, Worker};
use crate::secret::Secret;

/// What a refusal to read calls the thing.
const WANTED: &str = "endpoint";

/// Reads the answer to `GET /endpoint?id=ID`, with the `endpoint` wrapper or without it.
///
/// Quirks are those of "What an endpoint looks like when read" in `shared/api.md`. What a value is that was left out is
/// in the table of fields: `requestTimeout` is unknown then, other integers are 0. Several ports are joined by `, `.
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
    for key in needed_objects() {
        needed(&object, key)?;
    }
    let workers = needed(&object, "workerConfig")?;
    Ok(LoadedEndpoint {
        has_health_check: has_health_check(&object)?,
        config: config(&object, id)?,
        status: status(&object, &workers),
    })
}

fn config(object: &Object<'_>, id: String) -> Result<EndpointConfig, Unreadable> {
    let mut config = EndpointConfig {
        id,
        ..EndpointConfig::default()
    };
    for part in &BODY {
        let key = part.key();
        match part {
            BodyPart::Field(field) => read(object, field, &mut config)?,
            BodyPart::Object(inner) => {
                if let Some(node) = object.get(key) {
                    read_all(&node.object()?, inner.fields, &mut config)?;
                }
            }
            BodyPart::OneRow(field) => {
                let ports = object.list(key)?.into_iter().map(|entry| {
                    let port = entry.object()?.get(field.spec.key());
                    port.map_or_else(|| Ok(String::new()), |port| port.port())
                });
                let ports = ports.collect::<Result<Vec<_>, _>>()?;
                field.access.set_text(&mut config, &ports.join(", "));
            }
            BodyPart::Volumes(_, fields) => config.volumes = rows(object.list(key)?, fields)?,
            BodyPart::Envs(_, fields) => {
                let envs = object.get(key).map(|envs| envs.quietly().list()).transpose()?;
                config.envs = rows(envs.unwrap_or_default(), fields)?.into();
            }
        }
    }
    Ok(config)
}

fn rows<T: Default>(entries: Vec<Node<'_>>, fields: &'static [Field<T>]) -> Result<Vec<T>, Unreadable> {
    let row = |entry: Node<'_>| {
        let mut row = T::default();
        read_all(&entry.object()?, fields, &mut row)?;
        Ok(row)
    };
    entries.into_iter().map(row).collect()
}

fn read_all<T>(object: &Object<'_>, fields: &'static [Field<T>], of: &mut T) -> Result<(), Unreadable> {
    fields.iter().try_for_each(|field| read(object, field, of))
}

/// Reads a field into what it belongs to.
fn read<T>(object: &Object<'_>, field: &Field<T>, of: &mut T) -> Result<(), Unreadable> {
    let node = object
        .get(field.spec.key())
        .or_else(|| object.get(also(field.spec.id)?));
    let by_type = field.use_in(of);
    match &field.access {
        Access::Number(_, put) => {
            let told = node.map(|node| node.integer()).transpose();
            let number = match kept(told, by_type)? {
                Some(value) => Number::of(value),
                None if by_type == TypeUse::Needed && is_zero(&field.absent, of) => Number::of(0),
                None => Number::unknown(),
            };
            *put(of) = number;
        }
        Access::Text(_, put) => *put(of) = kept(text(node), by_type)?,
        Access::Word(_, put) => put(of, &text(node)?),
        Access::Secret(_, put) => *put(of) = Secret::new(text(node)?),
    }
    Ok(())
}

fn text(node: Option<Node<'_>>) -> Result<String, Unreadable> {
    node.map_or_else(|| Ok(String::new()), |node| node.text())
}

/// What the type of a row doesn't use is never written back, so it can't stop the loading; what can be read of it is
/// kept.
fn kept<V: Default>(read: Result<V, Unreadable>, by_type: TypeUse) -> Result<V, Unreadable> {
    match read {
        Err(_) if by_type == TypeUse::Unused => Ok(V::default()),
        read => read,
    }
}

fn is_zero<T>(absent: &Absent<T>, of: &T) -> bool {
    match absent {
        Absent::Zero => true,
        Absent::Unknown => false,
        Absent::UnknownIf(holds) => !holds(of),
    }
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
    let data = object.shown_object("data");
    let records = [Some(&object), data.as_ref()];
    if let Some(other) = records
        .into_iter()
        .flatten()
        .find_map(|record| other_api(record, WANTED))
    {
        return Err(other);
    }
    if needed_objects().all(|key| object.get(key).is_none()) {
        let said = said_in(&object);
        if let Some(message) = said.line() {
            return Err(Unreadable::message(WANTED, &message));
        }
    }
    Ok(object)
}

/// The objects without which there is nothing to edit.
fn needed_objects() -> impl Iterator<Item = &'static str> {
    BODY.iter().filter_map(|part| match part {
        BodyPart::Object(object) if object.without == Without::NoEndpoint => Some(object.key),
        _ => None,
    })
}

fn needed<'a>(object: &Object<'a>, name: &'static str) -> Result<Object<'a>, Unreadable> {
    match object.get(name) {
        Some(node) => node.object(),
        None => Err(not_that(format!("it has no {name}"))),
    }
}

/// Whether `healthy` has a path, or anything else: an object of nothing but zeros is how some answers write "none".
fn has_health_check(object: &Object<'_>) -> Result<bool, Unreadable> {
    let Some(healthy) = object.get("healthy") else {
        return Ok(false);
    };
    let healthy = healthy.object()?;
    let path = healthy.text("path")?;
    let anything_set = || healthy.iter().any(|(name, node)| name != "path" && !node.is_unset());
    Ok(!path.trim().is_empty() || anything_set())
}

/// What of `endpoint` an update can't set; `workers` is its `workerConfig`.
pub(super) fn status(endpoint: &Object<'_>, workers: &Object<'_>) -> EndpointStatus {
    let (settings, settings_left_out) = settings(endpoint);
    EndpointStatus {
        app_name: endpoint.shown("appName"),
        url: endpoint.shown("url"),
        state: state(endpoint),
        cuda_version: workers.shown("cudaVersion"),
        rootfs_size: endpoint.shown("rootfsSize"),
        products: endpoint
            .shown_list("products")
            .iter()
            .map(product)
            .filter(|p| !p.is_empty())
            .collect(),
        probe: probe(endpoint),
        log: endpoint.shown("log"),
        workers: worker_list(endpoint),
        settings,
        settings_left_out,
        age: Duration::ZERO,
    }
}

/// An endpoint's line in the list.
///
/// A count left out of a `workerConfig` that is there is a zero, and so is a list beside it; without a `workerConfig` it
/// isn't told. A request timeout that is left out is never told.
pub(super) fn summary(endpoint: &Object<'_>) -> Option<Summary> {
    let id = endpoint.shown("id");
    if id.is_empty() {
        return None;
    }
    let config = endpoint.shown_object("workerConfig");
    let policy = endpoint.shown_object("policy");
    let count = |name: &str| match &config {
        Some(config) if config.get(name).is_none() => "0".to_owned(),
        Some(config) => config.shown(name),
        None => String::new(),
    };
    let text_in = |object: &str, name: &str| {
        let object = endpoint.shown_object(object);
        object.map_or_else(String::new, |object| object.shown(name))
    };
    let rows = |name: &str| config.is_some().then(|| endpoint.shown_list(name).len());
    let ports = endpoint.shown_list("ports");
    let ports = ports.iter().filter_map(|port| Some(port.object().ok()?.shown("port")));
    Some(Summary {
        id,
        name: endpoint.shown("name"),
        state: state(endpoint).word,
        min_workers: count("minNum"),
        max_workers: count("maxNum"),
        gpus: count("gpuNum"),
        policy: policy.as_ref().map_or_else(String::new, |policy| policy.shown("type")),
        policy_value: policy.as_ref().map_or_else(String::new, |policy| policy.shown("value")),
        image: text_in("image", "image"),
        workers: WorkerCount::of(&worker_list(endpoint)),
        max_concurrent: count("maxConcurrent"),
        idle_timeout: count("freeTimeout"),
        request_timeout: text_in("workerConfig", "requestTimeout"),
        ports: ports.collect::<Vec<_>>().join(","),
        health_path: text_in("healthy", "path"),
        volumes: rows("volumeMounts"),
        envs: rows("envs"),
        cluster: endpoint.shown("clusterID"),
        product: endpoint.shown_list("products").first().map(product).unwrap_or_default(),
        url: endpoint.shown("url"),
    })
}

/// `state {state, error, message}`, or a bare word.
fn state(object: &Object<'_>) -> State {
    match object.shown_object("state") {
        Some(state) => State {
            word: state.shown("state"),
            error: state.shown("error"),
            message: state.shown("message"),
        },
        None => State {
            word: object.shown("state"),
            ..State::default()
        },
    }
}

/// A product's name, or its id where it has no name.
fn product(node: &Node<'_>) -> String {
    let Ok(product) = node.object() else {
        return node.shown();
    };
    let name = product.shown("name");
    if name.is_empty() { product.shown("id") } else { name }
}

/// The documented timings of `healthy`.
fn probe(endpoint: &Object<'_>) -> Vec<(String, String)> {
    let Some(healthy) = endpoint.shown_object("healthy") else {
        return Vec::new();
    };
    let timings = healthy.iter().filter(|(name, _)| PROBE_TIMINGS.contains(name));
    timings.map(|(name, node)| (name.to_owned(), node.shown())).collect()
}

fn worker_list(endpoint: &Object<'_>) -> Vec<Worker> {
    let workers = endpoint.shown_list("workers");
    let workers = workers.iter().filter_map(|node| node.object().ok());
    workers
        .map(|worker| Worker {
            id: worker.shown("id"),
            state: state(&worker),
            healthy: worker.shown("healthy") == "true",
        })
        .collect()
}
