//! `novita-edit list`: all endpoints.

use clap::Args;
use serde::Serialize;

use super::context::Context;
use super::failure::{Failure, exit_of};
use super::options::OutputArgs;
use super::output::{self, Align, Column, Table, Tone};
use super::pick::FilterArgs;
use super::target::{self, Listing};
use crate::endpoint::{PolicyType, Summary};
use crate::exit_code::Exit;

#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub only: FilterArgs,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// One endpoint of the list, as JSON and YAML have it. A number that the server doesn't tell is `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EndpointJson<'a> {
    id: &'a str,
    name: &'a str,
    state: &'a str,
    workers: WorkersJson,
    gpus: Option<i64>,
    policy: PolicyJson<'a>,
    image: &'a str,
}

#[derive(Serialize)]
struct WorkersJson {
    healthy: usize,
    running: usize,
    min: Option<i64>,
    max: Option<i64>,
}

#[derive(Serialize)]
struct PolicyJson<'a> {
    r#type: &'a str,
    value: Option<i64>,
}

/// Prints the list. One that didn't come whole is told, and is no success: who deletes or counts by it has to know.
///
/// # Errors
/// It can't be read or printed.
pub async fn run(cx: &Context, args: &ListArgs) -> Result<Exit, Failure> {
    let Listing { mut all, incomplete } = target::list(cx).await?;
    let none_at_all = all.is_empty();
    all.retain(|endpoint| args.only.wants(endpoint));
    let listed: Vec<EndpointJson> = all.iter().map(listed).collect();
    let names = || all.iter().map(|endpoint| endpoint.id.clone()).collect();
    output::result(args.output.output, &listed, || table(&all), names)?;
    if let Some(error) = incomplete {
        output::note(&output::warning(&error.happened()));
        return Ok(exit_of(&error));
    }
    if all.is_empty() {
        output::note(if none_at_all {
            "This account has no endpoints."
        } else {
            "No endpoint is like that; without --state and --filter all are listed."
        });
    }
    Ok(Exit::Done)
}

fn listed(endpoint: &Summary) -> EndpointJson<'_> {
    let number = |text: &str| text.parse().ok();
    EndpointJson {
        id: &endpoint.id,
        name: &endpoint.name,
        state: &endpoint.state,
        workers: WorkersJson {
            healthy: endpoint.workers.healthy,
            running: endpoint.workers.running,
            min: number(&endpoint.min_workers),
            max: number(&endpoint.max_workers),
        },
        gpus: number(&endpoint.gpus),
        policy: PolicyJson {
            r#type: &endpoint.policy,
            value: number(&endpoint.policy_value),
        },
        image: &endpoint.image,
    }
}

fn table(all: &[Summary]) -> Table {
    let mut table = Table::new([
        Column::new("ID", Align::Left, 0),
        Column::new("NAME", Align::Left, 0).cut_to(12),
        Column::new("STATE", Align::Left, 1),
        Column::new("HEALTHY", Align::Right, 2),
        Column::new("RUNNING", Align::Right, 4),
        Column::new("MIN–MAX", Align::Right, 3),
        Column::new("GPUS", Align::Right, 5),
        Column::new("POLICY", Align::Left, 6),
        Column::new("IMAGE", Align::Middle, 7).cut_to(16),
    ]);
    for endpoint in all {
        let range = match (endpoint.min_workers.as_str(), endpoint.max_workers.as_str()) {
            ("", "") => String::new(),
            (min, max) => format!("{min}–{max}"),
        };
        let cells = [
            endpoint.id.clone(),
            endpoint.name.clone(),
            endpoint.state.clone(),
            endpoint.workers.healthy.to_string(),
            endpoint.workers.running.to_string(),
            range,
            endpoint.gpus.clone(),
            policy_words(endpoint),
            endpoint.image.clone(),
        ];
        let tones = [Tone::Plain, Tone::Strong, state_tone(&endpoint.state)];
        let tones = tones.into_iter().chain(std::iter::repeat(Tone::Plain));
        table.row(cells.into_iter().zip(tones));
    }
    table
}

/// `queue 60 s`, `concurrency 10`.
fn policy_words(endpoint: &Summary) -> String {
    let unit = match PolicyType::from_word(&endpoint.policy) {
        PolicyType::Queue if !endpoint.policy_value.is_empty() => " s",
        _ => "",
    };
    let words = format!("{} {}{unit}", endpoint.policy, endpoint.policy_value);
    words.trim().to_owned()
}

/// How a state's word is told. Never by the colour alone: the word stands there.
pub fn state_tone(state: &str) -> Tone {
    match state {
        "serving" | "running" => Tone::Good,
        "failed" => Tone::Bad,
        "updating" | "creating" | "pending" | "deleting" => Tone::Warning,
        _ => Tone::Plain,
    }
}
