//! An endpoint as JSON and YAML have it.

use serde::Serialize;
use serde_json::{Map, Value};

use super::ShownEndpoint;
use crate::cli::problems::{self, ProblemJson};
use crate::endpoint::body::Body;
use crate::endpoint::schema::{FIELDS, Kind};
use crate::endpoint::{EndpointStatus, FieldId};

/// The whole. Numbers that the server doesn't tell are `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EndpointDetails<'a> {
    id: &'a str,
    name: &'a str,
    state: &'a str,
    state_error: &'a str,
    state_message: &'a str,
    url: &'a str,
    workers: Vec<WorkerJson<'a>>,
    /// The update body.
    config: Body<'a>,
    facts: OtherFacts<'a>,
    ranges: Vec<RangeJson>,
    problems: Vec<ProblemJson>,
}

#[derive(Serialize)]
struct WorkerJson<'a> {
    id: &'a str,
    state: &'a str,
    error: &'a str,
    message: &'a str,
    healthy: bool,
}

/// What no update sets, beside the state.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OtherFacts<'a> {
    app_name: &'a str,
    products: &'a [String],
    cuda_version: &'a str,
    rootfs_size: Value,
    probe: Map<String, Value>,
    log: &'a str,
}

/// The range of a number; without one `min` and `max` are `null`.
#[derive(Serialize)]
struct RangeJson {
    path: &'static str,
    name: &'static str,
    unit: &'static str,
    min: Option<i64>,
    max: Option<i64>,
}

pub(super) fn of(shown: &ShownEndpoint) -> EndpointDetails<'_> {
    let (config, facts) = (&shown.loaded.config, &shown.loaded.status);
    let workers = facts.workers.iter().map(|worker| WorkerJson {
        id: &worker.id,
        state: &worker.state.word,
        error: &worker.state.error,
        message: &worker.state.message,
        healthy: worker.healthy,
    });
    EndpointDetails {
        id: &config.id,
        name: &config.name,
        state: &facts.state.word,
        state_error: &facts.state.error,
        state_message: &facts.state.message,
        url: &facts.url,
        workers: workers.collect(),
        config: if shown.reveal {
            Body::exact(config)
        } else {
            Body::masked(config)
        },
        facts: other_facts(facts),
        ranges: FIELDS
            .iter()
            .filter(|field| field.kind == Kind::Integer)
            .map(|field| range(shown, field.id))
            .collect(),
        problems: shown
            .problems
            .iter()
            .map(|problem| problems::listed(problem, config))
            .collect(),
    }
}

fn range(shown: &ShownEndpoint, field: FieldId) -> RangeJson {
    let inventory = field
        .range(&shown.loaded.config, &shown.limits)
        .and_then(|range| range.as_ref().ok());
    RangeJson {
        path: field.spec().path,
        name: field.label(),
        unit: field.unit(&shown.loaded.config),
        min: inventory.map(|range| range.0),
        max: inventory.map(|range| range.1),
    }
}

fn other_facts(facts: &EndpointStatus) -> OtherFacts<'_> {
    let probe = facts
        .probe
        .iter()
        .map(|(name, text)| (name.clone(), number_or_text(text)));
    OtherFacts {
        app_name: &facts.app_name,
        products: &facts.products,
        cuda_version: &facts.cuda_version,
        rootfs_size: number_or_text(&facts.rootfs_size),
        probe: probe.collect(),
        log: &facts.log,
    }
}

/// What is a number as a rule, and was told as a text.
fn number_or_text(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) => Value::from(number),
        Err(_) if text.is_empty() => Value::Null,
        Err(_) => Value::from(text),
    }
}
