//! `novita-edit validate`: what is wrong with an endpoint, or with a file of endpoints.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use serde::Serialize;

use super::context::Context;
use super::failure::Failure;
use super::files::{Endpoints, MatchedDocument};
use super::meant;
use super::options::{ID_HELP, OutputArgs, not_empty};
use super::output;
use super::problems::{self, ProblemJson};
use super::target;
use crate::endpoint::document::DocumentFault;
use crate::endpoint::{EndpointConfig, Inventory, Limits, LoadedEndpoint};
use crate::exit_code::Exit;
use crate::session::on_a_thread_that_may_wait;

const AFTER_HELP: &str = "\
A document of a file is judged as an update of its endpoint would be: by the
documented rules, the account's ranges and what the endpoint is now. A range
that is broken by a value which the endpoint has already is a warning. A
document without an id needs the ID beside -f.

Exit code 0 without errors, 4 with; warnings are no errors.

Examples:
  novita-edit validate my-endpoint
  novita-edit validate -f endpoints.yaml
  novita-edit get a | sed s/v1/v2/ | novita-edit validate -f -";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP, group(ArgGroup::new("what").required(true).multiple(true)))]
pub struct ValidateArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty(), group = "what")]
    pub id: Option<String>,

    /// File of update bodies, JSON or YAML, one or several; - for standard input
    #[arg(short, long, value_name = "FILE", group = "what")]
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// The source of what is wrong with a file itself.
const FILE: &str = "file";

/// A problem, as JSON and YAML have it.
#[derive(Serialize)]
struct FoundProblem {
    #[serde(flatten)]
    problem: ProblemJson,
    /// The endpoint's id; `null` where a document doesn't say it.
    endpoint: Option<String>,
    /// Where in the file; `null` without a file.
    document: Option<ProblemPlace>,
}

#[derive(Serialize)]
struct ProblemPlace {
    file: String,
    /// The document in the file, from 1.
    number: usize,
    line: usize,
    column: usize,
}

/// Prints the problems.
///
/// # Errors
/// The file or an endpoint can't be read, or the problems can't be printed.
pub async fn run(cx: &Context, args: &ValidateArgs) -> Result<Exit, Failure> {
    let (found, several) = match (&args.file, &args.id) {
        (Some(file), id) => {
            let file = file.clone();
            let file = on_a_thread_that_may_wait(move || Endpoints::read(&file)).await?;
            let (limits, all) = tokio::join!(cx.limits(), file.against(cx, id.as_deref()));
            let all = all?;
            let inventory = cx
                .inventory_for(all.iter().filter_map(|one| one.config.as_ref().ok()))
                .await;
            let mut found = Vec::new();
            for (number, one) in (1..).zip(&all) {
                found.extend(of_document(cx, &file, number, one, (&limits, &inventory)).await);
            }
            (found, all.len() > 1)
        }
        (None, Some(id)) => {
            let (limits, loaded) = tokio::join!(cx.limits(), target::load(cx, id));
            let loaded = loaded?;
            let inventory = cx.inventory_for([&loaded.config]).await;
            (of_endpoint(cx, &loaded, (&limits, &inventory)).await, false)
        }
        (None, None) => (Vec::new(), false),
    };
    let names = || {
        let mut ids: Vec<String> = found.iter().filter_map(|found| found.endpoint.clone()).collect();
        ids.dedup();
        ids
    };
    output::document(args.output.output, &found, || lines(&found, several), names)?;
    if found.is_empty() {
        output::note("No problems.");
    }
    let wrong = found.iter().any(|found| found.problem.severity == "error");
    Ok(if wrong { Exit::Invalid } else { Exit::Done })
}

/// What the account allows and has.
type OfAccount<'a> = (&'a Limits, &'a Inventory);

async fn of_endpoint(cx: &Context, loaded: &LoadedEndpoint, account: OfAccount<'_>) -> Vec<FoundProblem> {
    let problems = rules(cx, &loaded.config, loaded, account).await;
    let found = |problem| FoundProblem {
        problem,
        endpoint: Some(loaded.config.id.clone()),
        document: None,
    };
    problems.into_iter().map(found).collect()
}

async fn rules(
    cx: &Context,
    config: &EndpointConfig,
    base: &LoadedEndpoint,
    (limits, inventory): OfAccount<'_>,
) -> Vec<ProblemJson> {
    let problems = meant::problems(cx, config, base, limits, inventory).await;
    problems
        .iter()
        .map(|problem| problems::listed(problem, config))
        .collect()
}

async fn of_document(
    cx: &Context,
    file: &Endpoints,
    number: usize,
    one: &MatchedDocument<'_>,
    account: OfAccount<'_>,
) -> Vec<FoundProblem> {
    let endpoint = one.base.as_ref().map(|base| base.config.id.clone());
    let found = |problem, (line, column)| FoundProblem {
        problem,
        endpoint: endpoint.clone(),
        document: Some(ProblemPlace {
            file: file.name.clone(),
            number,
            line,
            column,
        }),
    };
    match (&one.config, &one.base) {
        (Err(faults), _) => {
            let told = |fault: &DocumentFault| {
                let source = FILE.to_owned();
                let problem = ProblemJson {
                    source,
                    ..problems::fault(fault, &file.name)
                };
                found(problem, (fault.line, fault.column))
            };
            faults.iter().map(told).collect()
        }
        (Ok(config), Some(base)) => {
            let told = |problem: ProblemJson| {
                let place = one.document.place_of(&problem.path).unwrap_or((one.document.line(), 1));
                found(problem, place)
            };
            rules(cx, config, base, account).await.into_iter().map(told).collect()
        }
        // A document without an endpoint has no id, which is a fault.
        (Ok(_), None) => Vec::new(),
    }
}

fn lines(found: &[FoundProblem], several: bool) -> String {
    let line = |found: &FoundProblem| {
        let endpoint = found.endpoint.as_deref().filter(|_| several);
        let mut problem = found.problem.clone();
        if let Some(place) = &found.document {
            let place = format!("{}:{}:{}", place.file, place.line, place.column);
            problem.source = match problem.source.as_str() {
                FILE => place,
                rule => format!("{rule}; {place}"),
            };
        }
        problems::line_of(endpoint, &problem) + "\n"
    };
    found.iter().map(line).collect()
}
