//! The read-only side of an endpoint: whatever stands there is shown as text, and nothing here can fail.

use super::node::{Node, Object};
use crate::endpoint::status::WorkerCount;
use crate::endpoint::{EndpointStatus, State, Summary, Worker};

/// What of `endpoint` an update can't set; `workers` is its `workerConfig`.
pub(super) fn read(endpoint: &Object<'_>, workers: &Object<'_>) -> EndpointStatus {
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
    }
}

/// An endpoint's line in the list.
///
/// A count left out of a `workerConfig` that is there is a zero; without a `workerConfig` it isn't told.
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
    Some(Summary {
        id,
        name: endpoint.shown("name"),
        state: state(endpoint).word,
        min_workers: count("minNum"),
        max_workers: count("maxNum"),
        gpus: count("gpuNum"),
        policy: policy.as_ref().map_or_else(String::new, |policy| policy.shown("type")),
        policy_value: policy.as_ref().map_or_else(String::new, |policy| policy.shown("value")),
        image: endpoint
            .shown_object("image")
            .map_or_else(String::new, |image| image.shown("image")),
        workers: WorkerCount::of(&worker_list(endpoint)),
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

/// `healthy` without its path, which is editable.
fn probe(endpoint: &Object<'_>) -> Vec<(String, String)> {
    let Some(healthy) = endpoint.shown_object("healthy") else {
        return Vec::new();
    };
    let settings = healthy.iter().filter(|(name, _)| *name != "path");
    settings.map(|(name, node)| (name.to_owned(), node.shown())).collect()
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
