//! `novita-edit validate`: what is wrong with an endpoint, or with files of endpoints.

use clap::{ArgGroup, Args};
use serde::Serialize;

use super::context::Context;
use super::failure::Failure;
use super::files::summary::{self, FAILED};
use super::files::{self, DocumentSet, FileArgs, MatchedDocument};
use super::meant;
use super::options::{ID_HELP, OutputArgs, not_empty};
use super::output::{self, OutputFormat};
use super::problems::{self, ProblemJson};
use super::target;
use crate::endpoint::{EndpointConfig, Inventory, Limits, LoadedEndpoint};
use crate::exit_code::Exit;

const AFTER_HELP: &str = "\
A document of a file is judged as an update of its endpoint would be: by the
documented rules, the account's ranges and what the endpoint is now. A range
that is broken by a value which the endpoint has already is a warning. A
document without an id needs the ID beside -f.

Exit code 0 without errors, 4 with; warnings are no errors.

Examples:
  novita-edit validate my-endpoint
  novita-edit validate -f endpoints.yaml
  novita-edit validate -f endpoints/ -R
  novita-edit get a | sed s/v1/v2/ | novita-edit validate -f -";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP, group(ArgGroup::new("what").required(true).multiple(true)))]
pub struct ValidateArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty(), group = "what")]
    pub id: Option<String>,

    #[command(flatten)]
    pub file: FileArgs,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// A problem, as JSON and YAML have it.
#[derive(Serialize)]
struct FoundProblem {
    #[serde(flatten)]
    problem: ProblemJson,
    /// The endpoint's id; `null` where a document doesn't say it.
    endpoint: Option<String>,
    /// `null`, where the problem itself says nothing of a file.
    #[serde(rename = "document", skip_serializing_if = "Option::is_some")]
    no_document: Option<()>,
}

impl FoundProblem {
    fn new(problem: ProblemJson, endpoint: Option<String>) -> Self {
        Self {
            no_document: problem.document.as_ref().map(|_| ()),
            problem,
            endpoint,
        }
    }
}

impl ValidateArgs {
    /// Reads the files, if any are named. Waits for them.
    ///
    /// # Errors
    /// None can be read, or there are several documents beside an ID.
    pub fn read(&mut self) -> Result<Option<DocumentSet>, Failure> {
        self.id = self.file.take_words(self.id.take())?;
        if !self.file.any() {
            return Ok(None);
        }
        let set = self.file.read()?;
        set.check_id(self.id.as_deref())?;
        Ok(Some(set))
    }
}

/// Prints the problems.
///
/// # Errors
/// The endpoint that is named can't be read, or the problems can't be printed.
pub async fn run(cx: &Context, args: &ValidateArgs, set: Option<&DocumentSet>) -> Result<Exit, Failure> {
    let form = args.output.output;
    let Some(set) = set else {
        let id = args.id.as_deref().unwrap_or_default();
        let (limits, loaded) = tokio::join!(cx.limits(), target::load(cx, id));
        let loaded = loaded?;
        let inventory = cx.inventory_for([&loaded.config]).await;
        return print(
            form,
            &of_endpoint(cx, &loaded, (&limits, &inventory)).await,
            None,
            false,
        );
    };
    let (limits, all) = tokio::join!(cx.limits(), set.against(cx, args.id.as_deref()));
    let configs = all.iter().filter_map(|one| one.config.as_ref().ok());
    let inventory = cx.inventory_for(configs).await;
    let mut found = Vec::new();
    let mut words = Vec::new();
    for one in &all {
        let of_one = of_document(cx, one, (&limits, &inventory)).await;
        words.push(word(one, &of_one));
        found.extend(of_one);
    }
    let failed = all
        .iter()
        .filter_map(|one| Some((&one.document, one.failure.as_ref()?)));
    let unread = set.unread().or(files::tell_failures(failed, args.id.is_some()));
    let exit = print(form, &found, unread, set.is_many())?;
    summary::tell(&set.files, all.iter().map(|one| &*one.document.file).zip(words));
    Ok(exit)
}

fn word(one: &MatchedDocument, found: &[FoundProblem]) -> &'static str {
    match one.failure.is_some() || found.iter().any(|found| found.problem.is_error()) {
        true => FAILED,
        false if found.is_empty() => "in order",
        false => "in order with warnings",
    }
}

/// The exit code is that of what can't be read, before that of what is wrong.
fn print(form: OutputFormat, found: &[FoundProblem], unread: Option<Exit>, several: bool) -> Result<Exit, Failure> {
    let names = || {
        let mut ids: Vec<String> = found.iter().filter_map(|found| found.endpoint.clone()).collect();
        ids.dedup();
        ids
    };
    output::document(form, &found, || lines(found, several), names)?;
    let wrong = found.iter().any(|found| found.problem.is_error());
    if found.is_empty() && unread.is_none() {
        output::note("No problems.");
    }
    Ok(unread.unwrap_or(if wrong { Exit::Invalid } else { Exit::Done }))
}

/// What the account allows and has.
type OfAccount<'a> = (&'a Limits, &'a Inventory);

async fn of_endpoint(cx: &Context, loaded: &LoadedEndpoint, account: OfAccount<'_>) -> Vec<FoundProblem> {
    let problems = rules(cx, &loaded.config, loaded, account).await;
    let found = |problem| FoundProblem::new(problem, Some(loaded.config.id.clone()));
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

async fn of_document(cx: &Context, one: &MatchedDocument, account: OfAccount<'_>) -> Vec<FoundProblem> {
    let problems = match (&one.config, &one.base) {
        (Err(faults), _) => faults.clone(),
        (Ok(config), Some(base)) => {
            let placed = |problem| one.document.placed(problem);
            rules(cx, config, base, account).await.into_iter().map(placed).collect()
        }
        // Its endpoint can't be read, which is told.
        (Ok(_), None) => Vec::new(),
    };
    let endpoint = one.base.as_ref().map(|base| base.config.id.clone());
    problems
        .into_iter()
        .map(|problem| FoundProblem::new(problem, endpoint.clone()))
        .collect()
}

fn lines(found: &[FoundProblem], several: bool) -> String {
    let line = |found: &FoundProblem| {
        let endpoint = found.endpoint.as_deref().filter(|_| several);
        problems::line_of(endpoint, &found.problem) + "\n"
    };
    found.iter().map(line).collect()
}
