//! Stored values → the JSON an answer shows, quirks applied. What is stored is plain: numbers are numbers, nothing is
//! left out.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::quirks::{EnvValues, Integers, Quirks, Zeros};

/// Integer keys that are 64 bits wide in the API's schema; api.md documents the first three as strings when read.
const WIDE: [&str; 6] = [
    "freeTimeout",
    "maxConcurrent",
    "value",
    "createdAt",
    "readyAt",
    "deletedAt",
];

/// An endpoint as `GET /endpoint` and `GET /endpoints` show it.
pub(super) fn endpoint(stored: &Value, quirks: &Quirks) -> Value {
    if quirks.v2_records {
        return v2_record(stored);
    }
    let mut shown = stored.clone();
    if quirks.without_request_timeout
        && let Some(workers) = shown.get_mut("workerConfig").and_then(Value::as_object_mut)
    {
        workers.shift_remove("requestTimeout");
    }
    if let Some(endpoint) = shown.as_object_mut() {
        fill_unset(endpoint);
    }
    if quirks.port_as_number {
        each(&mut shown, "ports", |port| {
            if let Some(number) = port.get("port").and_then(Value::as_str)
                && let Ok(number) = number.parse::<u64>()
            {
                port.insert("port".into(), number.into());
            }
        });
    }
    each(&mut shown, "envs", |env| {
        if let Some(value) = env.get_mut("value")
            && let Some(text) = value.as_str().filter(|text| !text.is_empty())
        {
            *value = env_value(text, quirks.env_values).into();
        }
    });
    if quirks.metrics_as_string {
        each(&mut shown, "workers", |worker| {
            if let Some(metrics) = worker.get("metrics").filter(|it| it.is_object()) {
                let text = metrics.to_string();
                worker.insert("metrics".into(), text.into());
            }
        });
    }
    answer(shown, quirks)
}

fn env_value(text: &str, shown: EnvValues) -> String {
    let chars: Vec<char> = text.chars().collect();
    match shown {
        EnvValues::Shown => text.to_owned(),
        EnvValues::Instead(mask) => mask.to_owned(),
        EnvValues::Middle if chars.len() < 10 => "****".to_owned(),
        EnvValues::Middle => {
            let ends = [&chars[..3], &chars[chars.len() - 3..]].map(String::from_iter);
            ends.join("****")
        }
        EnvValues::Bullets => "•".repeat(chars.len().max(6)),
    }
}

/// An endpoint as the v2 API shows it (api.md, the last of the quirks).
fn v2_record(stored: &Value) -> Value {
    let port = stored["ports"][0]["port"]
        .as_str()
        .and_then(|port| port.parse::<u64>().ok());
    json!({
        "id": stored["id"],
        "name": stored["name"],
        "image": stored["image"]["image"],
        "ports": [port],
        "min_replicas": stored["workerConfig"]["minNum"],
        "worker_config": { "gpu_num": stored["workerConfig"]["gpuNum"] },
        "health_check": { "path": stored["healthy"]["path"] },
    })
}

/// Any other answer.
pub(super) fn answer(mut shown: Value, quirks: &Quirks) -> Value {
    walk(&mut shown, quirks, "");
    shown
}

/// A list that stands under `key`, its entries rendered already; `None` where an empty one is left out.
pub(super) fn list(entries: Vec<Value>, key: &str, quirks: &Quirks) -> Option<Value> {
    let list = Value::Array(entries);
    if !is_zero(&list) {
        return Some(list);
    }
    match zeros(quirks.zeros, &format!("/{key}")) {
        Zeros::Null => Some(Value::Null),
        Zeros::Written => Some(list),
        _ => None,
    }
}

/// The account's ranges; older answers lack two of them.
pub(super) fn limits(stored: &Value, quirks: &Quirks) -> Value {
    let mut shown = stored.clone();
    if quirks.limits_without_request_timeout
        && let Some(limits) = shown.as_object_mut()
    {
        limits.shift_remove("minRequestTimeout");
        limits.shift_remove("maxRequestTimeout");
    }
    answer(shown, quirks)
}

/// Puts in what the schema has and the store leaves unset, so that [`Zeros`] decides how it shows.
fn fill_unset(endpoint: &mut Map<String, Value>) {
    if !endpoint.contains_key("healthy") {
        endpoint.insert("healthy".into(), unset_object());
    }
    if let Some(volumes) = endpoint.get_mut("volumeMounts").and_then(Value::as_array_mut) {
        for volume in volumes.iter_mut().filter_map(Value::as_object_mut) {
            volume.entry("id").or_insert_with(|| "".into());
            volume.entry("size").or_insert_with(|| 0.into());
        }
    }
}

/// A mark that no stored value has: an object that isn't there. proto3 JSON can't write it but as `null`.
fn unset_object() -> Value {
    json!({ UNSET: true })
}

const UNSET: &str = "\u{0}unset";

fn each(shown: &mut Value, list: &str, mut change: impl FnMut(&mut Map<String, Value>)) {
    if let Some(items) = shown.get_mut(list).and_then(Value::as_array_mut) {
        items.iter_mut().filter_map(Value::as_object_mut).for_each(&mut change);
    }
}

fn walk(value: &mut Value, quirks: &Quirks, path: &str) {
    match value {
        Value::Array(items) => {
            // An element is never left out: a list would lose its order and its length.
            for (index, item) in items.iter_mut().enumerate() {
                walk(item, quirks, &format!("{path}/{index}"));
            }
        }
        Value::Object(object) => {
            let shown = std::mem::take(object);
            for (key, mut item) in shown {
                let path = format!("{path}/{key}");
                if is_zero(&item) {
                    match zeros(quirks.zeros, &path) {
                        Zeros::Null => {
                            object.insert(key, Value::Null);
                            continue;
                        }
                        Zeros::Written if !is_unset(&item) => {}
                        _ => continue,
                    }
                }
                // Metrics are no message of the API's schema: their own zeros and numbers are left alone.
                if key != "metrics" {
                    walk(&mut item, quirks, &path);
                    if item.is_i64() || item.is_u64() {
                        write_integer(&mut item, &key, quirks.integers, &path);
                    }
                }
                object.insert(key, item);
            }
            if quirks.extra_keys {
                object.insert("extInfoV2".into(), extra(path));
            }
        }
        _ => {}
    }
}

/// Whether proto3 JSON would leave the value out. A stored `null` was put there on purpose and stays.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(is) => !is,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(_) => is_unset(value),
        Value::Null => false,
    }
}

fn is_unset(value: &Value) -> bool {
    value.get(UNSET).is_some()
}

fn zeros(zeros: Zeros, path: &str) -> Zeros {
    match zeros {
        Zeros::Mixed(seed) => match Dice::for_text(seed, path).roll(3) {
            0 => Zeros::LeftOut,
            1 => Zeros::Null,
            _ => Zeros::Written,
        },
        decided => decided,
    }
}

fn write_integer(value: &mut Value, key: &str, integers: Integers, path: &str) {
    let as_string = match integers {
        Integers::Proto => WIDE.contains(&key),
        Integers::Numbers => false,
        Integers::Strings => true,
        Integers::Mixed(seed) => Dice::for_text(seed, path).one_in(2),
    };
    // A port is a string or a number by its own quirk.
    if as_string && key != "port" {
        *value = value.to_string().into();
    }
}

/// An undocumented value whose type differs from place to place.
fn extra(path: &str) -> Value {
    match Dice::for_text(0, path).roll(5) {
        0 => json!("b"),
        1 => json!(7),
        2 => json!({"zone": "a", "nested": [1, null, {"deep": true}]}),
        3 => json!([]),
        _ => Value::Null,
    }
}
