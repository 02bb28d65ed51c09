//! `novita-edit list`: all endpoints.

mod columns;

use clap::{Args, ValueEnum};
use serde::Serialize;

use columns::{ListColumn, SortKey, of_table, of_wide_table};
pub use columns::{names as column_names, state_tone};

use super::context::Context;
use super::failure::{Failure, exit_of};
use super::output::{self, OutputFormat, Table};
use super::pick::FilterArgs;
use super::target::{self, Listing};
use crate::endpoint::Summary;
use crate::exit_code::Exit;

const EXAMPLES: &str = "\
Columns of --sort and --columns: id, name, state, healthy, running, min-max,
gpus, policy, image; of -o wide also concurrency, idle-timeout, request-timeout,
port, health-path, volumes, envs, cluster, product, url; by their names alone
min, max. Numbers are sorted as numbers; what isn't told comes last.

Examples:
  novita-edit list --state serving --sort -running,name
  novita-edit list -o wide
  novita-edit list --columns id,max --no-headers | while read -r id max; do …
  novita-edit list -o json | jq -r '.[] | select(.workers.max > 5) | .id'";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES)]
pub struct ListArgs {
    #[command(flatten)]
    pub only: FilterArgs,

    /// Sort by these columns, the first counts most; a - in front: descending
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', allow_hyphen_values = true, value_parser = SortKey::parse)]
    pub sort: Vec<SortKey>,

    /// The other way round
    #[arg(long)]
    pub reverse: bool,

    /// Which columns the table has, in this order; an empty cell is a -
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', value_parser = ListColumn::parse)]
    pub columns: Vec<&'static ListColumn>,

    /// No line of headings above the table
    #[arg(long)]
    pub no_headers: bool,

    /// Form of the result, which alone goes to stdout
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = ListFormat::Table)]
    pub output: ListFormat,
}

/// The form of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people: as wide as the terminal
    #[default]
    Table,
    /// With all columns, however wide that is
    Wide,
    /// JSON, stable; docs/cli.md has its schema
    Json,
    /// The same as YAML
    Yaml,
    /// Ids only, a line each
    Name,
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
    if !args.columns.is_empty() && !matches!(args.output, ListFormat::Table | ListFormat::Wide) {
        return Err(Failure::Usage(
            "--columns are those of a table: with -o json, pick keys with jq; -o name has ids only".to_owned(),
        ));
    }
    let Listing { mut all, incomplete } = target::list(cx).await?;
    let none_at_all = all.is_empty();
    all.retain(|endpoint| args.only.wants(endpoint));
    args.put_in_order(&mut all);
    args.print(&all)?;
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

impl ListArgs {
    /// As asked for; where nothing tells two apart, as the server has them.
    fn put_in_order(&self, all: &mut [Summary]) {
        if self.sort.is_empty() {
            if self.reverse {
                all.reverse();
            }
            return;
        }
        all.sort_by(|a, b| {
            let orders = self.sort.iter().map(|key| key.order(a, b, self.reverse));
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }

    fn print(&self, all: &[Summary]) -> Result<(), Failure> {
        let form = match self.output {
            ListFormat::Wide => return output::text(&self.table(all).render(None)),
            ListFormat::Table => OutputFormat::Table,
            ListFormat::Json => OutputFormat::Json,
            ListFormat::Yaml => OutputFormat::Yaml,
            ListFormat::Name => OutputFormat::Name,
        };
        let listed: Vec<EndpointJson> = all.iter().map(listed).collect();
        let names = || all.iter().map(|endpoint| endpoint.id.clone()).collect();
        output::result(form, &listed, || self.table(all), names)
    }

    fn table(&self, all: &[Summary]) -> Table {
        let table = match (self.columns.as_slice(), self.output) {
            ([], ListFormat::Wide) => of_wide_table(all),
            (columns, _) => of_table(all, columns),
        };
        if self.no_headers { table.without_heads() } else { table }
    }
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
