//! The simulated API over real sockets, asked by a plain HTTP client that knows nothing of this crate.

mod faults;
mod http;
mod motion;
mod paging;
mod reading;
mod server;
mod update;

use std::time::Duration;

use novita_edit::demo::{DemoOptions, DemoServer, Pace, Quirks};
use serde_json::{Value, json};

use http::{Answer, get, post};

const LLAMA: &str = "ep_7f3a91c2";
const LARGE: &str = "ep_b40c55de";
const FAILED: &str = "ep_19e0d3aa";

fn start(quirks: Quirks) -> DemoServer {
    DemoServer::start(DemoOptions {
        pace: Pace::manual(),
        quirks,
        ..DemoOptions::default()
    })
    .unwrap()
}

fn plain() -> DemoServer {
    start(Quirks::default())
}

fn load(server: &DemoServer, id: &str) -> Answer {
    get(server, &format!("/endpoint?id={id}")).unwrap()
}

fn update(server: &DemoServer, body: &Value) -> Answer {
    post(server, "/endpoint/update", body.to_string().as_bytes()).unwrap()
}

/// A whole documented body for the pictured endpoint, as it is seeded.
fn body() -> Value {
    json!({
        "id": LLAMA,
        "name": "llama-3-8b",
        "clusterID": "us-dallas-nas-2",
        "workerConfig": {
            "minNum": 1, "maxNum": 5, "freeTimeout": 300, "maxConcurrent": 8, "gpuNum": 1, "requestTimeout": 600,
        },
        "ports": [{"port": "8000"}],
        "policy": {"type": "queue", "value": 60},
        "image": {"image": "vllm/vllm-openai:v0.6.3", "authId": "", "command": "--model x"},
        "volumeMounts": [
            {"type": "local", "size": 30, "mountPath": "/data"},
            {"type": "network", "id": "stor_9", "mountPath": "/models"},
        ],
        "envs": [{"key": "A", "value": "1"}, {"key": "B", "value": ""}],
        "healthy": {"path": "/health"},
    })
}

/// [`body`] with the value at `pointer` replaced or added.
fn body_with(pointer: &str, value: Value) -> Value {
    let mut body = body();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    body
}

/// [`body`] without the key at `pointer`.
fn body_without(pointer: &str) -> Value {
    let mut body = body();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .shift_remove(key)
        .expect("the key is in the body");
    body
}

const SECOND: Duration = Duration::from_secs(1);
