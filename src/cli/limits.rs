//! `novita-edit limits`: the account's ranges.

use clap::Args;
use serde::Serialize;

use super::context::Context;
use super::failure::Failure;
use super::options::OutputArgs;
use super::output::{self, Align, Column, Table, Tone};
use crate::endpoint::schema::{FIELDS, Kind, RangeRule};
use crate::endpoint::{FieldId, FieldSpec, Limits};
use crate::exit_code::Exit;

#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct LimitsArgs {
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The range of a field, as JSON and YAML have it. `min` and `max` are `null` where there is none; `why` says why not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitJson {
    path: &'static str,
    name: String,
    /// For the policy's value: the policy's type for which it holds.
    policy_type: Option<&'static str>,
    unit: &'static str,
    min: Option<i64>,
    max: Option<i64>,
    why: Option<String>,
}

/// Prints the ranges.
///
/// # Errors
/// They can't be read or printed.
pub async fn run(cx: &Context, args: &LimitsArgs) -> Result<Exit, Failure> {
    let limits = cx.read(|| cx.client.limits()).await?;
    let listed = listed(&limits);
    let names = || {
        let mut paths: Vec<String> = listed.iter().map(|range| range.path.to_owned()).collect();
        paths.dedup();
        paths
    };
    output::result(args.output.output, &listed, || table(&listed), names)?;
    Ok(Exit::Done)
}

/// Every number of an update body, in the order of the form.
fn listed(limits: &Limits) -> Vec<LimitJson> {
    let mut all = Vec::new();
    for field in FIELDS.iter().filter(|field| field.kind == Kind::Integer) {
        let ranges = match field.range {
            RangeRule::None => vec![],
            RangeRule::Of(keys) => vec![(None, keys)],
            RangeRule::ByPolicyType { queue, concurrency } => {
                vec![(Some("queue"), queue), (Some("concurrency"), concurrency)]
            }
        };
        for (policy_type, keys) in ranges {
            let range = limits.range(keys);
            let known = range.as_ref().ok();
            all.push(LimitJson {
                path: field.path,
                name: name(field, policy_type),
                policy_type,
                unit: keys.unit,
                min: known.map(|range| range.0),
                max: known.map(|range| range.1),
                why: range.as_ref().err().map(ToString::to_string),
            });
        }
    }
    all
}

fn name(field: &FieldSpec, policy_type: Option<&str>) -> String {
    match (field.id, policy_type) {
        (FieldId::VolumeSize, _) => "Local volume size".to_owned(),
        (_, Some(kind)) => format!("{}, {kind}", field.label),
        _ => field.label.to_owned(),
    }
}

fn table(listed: &[LimitJson]) -> Table {
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
            range.name.clone(),
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
