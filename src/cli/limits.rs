//! `novita-edit limits`: the account's ranges.

use clap::Args;
use serde::Serialize;

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::options::OutputArgs;
use super::output::{self, Align, Column, Table, Tone};
use crate::endpoint::{Limits, RangeKey};

#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct LimitsArgs {
    #[command(flatten)]
    pub output: OutputArgs,
}

/// One range, as JSON and YAML have it. `min` and `max` are `null` where there is no range; `why` says why not.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    path: &'static str,
    unit: &'static str,
    min: Option<i64>,
    max: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Prints the ranges.
///
/// # Errors
/// They can't be read or printed.
pub async fn run(cx: &Context, args: &LimitsArgs) -> Result<Exit, Failure> {
    let limits = cx.read(|| cx.client.limits()).await?;
    let listed: Vec<Listed> = RangeKey::ALL.iter().map(|key| listed(*key, &limits)).collect();
    let names = || listed.iter().map(|range| range.path.to_owned()).collect();
    output::result(args.output.output, &listed, || table(&listed), names)?;
    Ok(Exit::Done)
}

fn listed(key: RangeKey, limits: &Limits) -> Listed {
    let (name, path, unit) = match key {
        RangeKey::Workers => ("Min and max workers", "workerConfig.minNum, workerConfig.maxNum", ""),
        RangeKey::FreeTimeout => ("Idle timeout", "workerConfig.freeTimeout", "s"),
        RangeKey::Concurrency => ("Max concurrency", "workerConfig.maxConcurrent", ""),
        RangeKey::Gpus => ("GPUs per worker", "workerConfig.gpuNum", ""),
        RangeKey::RequestTimeout => ("Request timeout", "workerConfig.requestTimeout", "s"),
        RangeKey::QueueWait => ("Policy value, queue wait", "policy.value (queue)", "s"),
        RangeKey::Requests => ("Policy value, concurrency", "policy.value (concurrency)", ""),
        RangeKey::LocalVolume => ("Local volume size", "volumeMounts[].size", "GB"),
    };
    let range = limits.range(key);
    Listed {
        name,
        path,
        unit,
        min: range.as_ref().ok().map(|range| range.0),
        max: range.as_ref().ok().map(|range| range.1),
        why: range.as_ref().err().map(ToString::to_string),
    }
}

fn table(listed: &[Listed]) -> Table {
    let mut table = Table::new([
        Column::new("NAME", Align::Left, 0),
        Column::new("MIN", Align::Right, 0),
        Column::new("MAX", Align::Right, 0),
        Column::new("UNIT", Align::Left, 1),
        Column::new("PATH", Align::Left, 2),
        Column::new("WHY NONE", Align::Left, 3).cut_to(10),
    ]);
    for range in listed {
        let number = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |value| value.to_string());
        let cells = [
            range.name.to_owned(),
            number(range.min),
            number(range.max),
            range.unit.to_owned(),
            range.path.to_owned(),
            range.why.clone().unwrap_or_default(),
        ];
        table.row(cells.map(|cell| (cell, Tone::Plain)));
    }
    table
}
