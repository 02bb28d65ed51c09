//! `novita-edit validate`: what is wrong with an endpoint, or with files of endpoints.

use std::sync::Arc;

use clap::{ArgGroup, Args};
use serde::Serialize;

use super::context::Context;
use super::failure::{Failure, exit_of};
use super::files::summary::{self, FAILED};
use super::files::{self, DocumentSet, FileArgs, FileDocument, MatchedDocument};
use super::meant;
use super::options::{ID_HELP, OutputArgs, not_empty};
use super::output;
use super::problems::{self, ProblemJson};
use super::target;
use crate::endpoint::validate::validate;
use crate::endpoint::{EndpointConfig, Inventory, Limits, LoadedEndpoint};
use crate::exit_code::Exit;

const AFTER_HELP: &str = "\
A document of a file is judged as an update of its endpoint would be: by the
documented rules, the account's ranges and what the endpoint is now. A range
that is broken by a value which the endpoint has already is a warning. A
document without an id needs the ID beside -f.

Exit code 0 without errors, 4 with; warnings are no errors. What can't be
checked, since the account's ranges can't be read, is 6 or 7. With --offline
ranges, storages and what the endpoint is now are left out on purpose, and
{fromServer: true} stands for any value.

Examples:
  novita-edit validate my-endpoint
  novita-edit validate -f endpoints.yaml
  novita-edit validate -f endpoints/ -R --offline
  novita-edit get a | sed s/v1/v2/ | novita-edit validate -f -";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP, group(ArgGroup::new("what").required(true).multiple(true)))]
pub struct ValidateArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty(), group = "what")]
    pub id: Option<String>,

    #[command(flatten)]
    pub file: FileArgs,

    /// Ask no server: only what the files themselves say is judged, and no key is
    /// needed. An ID is that of a file that doesn't say it
    #[arg(long, requires = "file")]
    pub offline: bool,

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

/// What was found, and what could not be.
struct Findings {
    found: Vec<FoundProblem>,
    /// Of a file or an endpoint that can't be read.
    unread: Option<Exit>,
    /// Of what the account may have or has, where that can't be read.
    unchecked: Option<Exit>,
    /// Whether an endpoint's id stands beside each problem.
    several: bool,
}

/// Prints the problems.
///
/// # Errors
/// The endpoint that is named can't be read, or the problems can't be printed.
pub async fn run(cx: &Context, args: &ValidateArgs, set: Option<&DocumentSet>) -> Result<Exit, Failure> {
    match set {
        Some(set) => of_files(cx, args, set).await,
        None => of_endpoint(cx, args).await,
    }
}

/// What is wrong with documents, by the rules that no server has to be asked for.
///
/// # Errors
/// The problems can't be printed.
pub fn run_offline(args: &ValidateArgs, set: &DocumentSet) -> Result<Exit, Failure> {
    let of_each: Vec<Vec<FoundProblem>> = set
        .documents
        .iter()
        .map(|document| offline(document, args.id.as_deref()))
        .collect();
    let words: Vec<&str> = of_each.iter().map(|found| word(false, found)).collect();
    let findings = Findings {
        found: of_each.into_iter().flatten().collect(),
        unread: set.unread(),
        unchecked: None,
        several: set.is_many(),
    };
    let exit = print(args, &findings)?;
    summary::tell(&set.files, set.documents.iter().map(|one| &*one.file).zip(words));
    Ok(exit)
}

fn offline(document: &Arc<FileDocument>, id: Option<&str>) -> Vec<FoundProblem> {
    let problems = match document.config(None, id.is_some()) {
        Err(faults) => faults,
        Ok(config) => {
            // Whatever is asked for may be a change. But a volume's size may lie in a range that isn't known here.
            let base = LoadedEndpoint {
                config: EndpointConfig {
                    volumes: config.volumes.clone(),
                    ..EndpointConfig::default()
                },
                ..LoadedEndpoint::default()
            };
            let problems = validate(&config, &base, &Limits::unknown(), &Inventory::default());
            let listed = |problem| document.placed(problems::listed(problem, &config));
            problems.iter().map(listed).collect()
        }
    };
    let id = document.id().or(id).map(str::to_owned);
    problems
        .into_iter()
        .map(|problem| FoundProblem::new(problem, id.clone()))
        .collect()
}

async fn of_endpoint(cx: &Context, args: &ValidateArgs) -> Result<Exit, Failure> {
    let id = args.id.as_deref().unwrap_or_default();
    let ((limits, no_limits), loaded) = tokio::join!(cx.limits_or_error(), target::load(cx, id));
    let loaded = loaded?;
    let (inventory, no_inventory) = cx.inventory_or_why_none([&loaded.config]).await;
    let problems = rules(cx, &loaded.config, &loaded, (&limits, &inventory)).await;
    let found = |problem| FoundProblem::new(problem, Some(loaded.config.id.clone()));
    let findings = Findings {
        found: problems.into_iter().map(found).collect(),
        unread: None,
        unchecked: no_limits.or(no_inventory).as_ref().map(exit_of),
        several: false,
    };
    tell_no_ranges(&limits, [&loaded.config]);
    print(args, &findings)
}

async fn of_files(cx: &Context, args: &ValidateArgs, set: &DocumentSet) -> Result<Exit, Failure> {
    let ((limits, no_limits), all) = tokio::join!(cx.limits_or_error(), set.against(cx, args.id.as_deref()));
    let judged = |one: &MatchedDocument| one.base.is_some();
    let configs = || {
        all.iter()
            .filter(|one| judged(one))
            .filter_map(|one| one.config.as_ref().ok())
    };
    let (inventory, no_inventory) = cx.inventory_or_why_none(configs()).await;
    let mut found = Vec::new();
    let mut words = Vec::new();
    for one in &all {
        let of_one = of_document(cx, one, (&limits, &inventory)).await;
        words.push(word(one.failure.is_some(), &of_one));
        found.extend(of_one);
    }
    tell_no_ranges(&limits, configs());
    let failed = all
        .iter()
        .filter_map(|one| Some((&one.document, one.failure.as_ref()?)));
    let findings = Findings {
        found,
        unread: set.unread().or(files::tell_failures(failed, args.id.is_some())),
        unchecked: no_limits.or(no_inventory).as_ref().map(exit_of),
        several: set.is_many(),
    };
    let exit = print(args, &findings)?;
    summary::tell(&set.files, all.iter().map(|one| &*one.document.file).zip(words));
    Ok(exit)
}

/// For which fields the server names no range, though it names some.
fn tell_no_ranges<'a>(limits: &Limits, configs: impl IntoIterator<Item = &'a EndpointConfig>) {
    let mut told: Vec<String> = Vec::new();
    for config in configs.into_iter().filter(|_| limits.any_known()) {
        for sentence in problems::unchecked(config, limits, |_| true) {
            if !told.contains(&sentence) {
                output::note(&output::warning(&sentence));
                told.push(sentence);
            }
        }
    }
}

fn word(is_unread: bool, found: &[FoundProblem]) -> &'static str {
    match is_unread || found.iter().any(|found| found.problem.is_error()) {
        true => FAILED,
        false if found.is_empty() => "in order",
        false => "in order with warnings",
    }
}

/// The exit code is that of what can't be read, before that of what is wrong, before that of what was not checked.
fn print(args: &ValidateArgs, findings: &Findings) -> Result<Exit, Failure> {
    let found = &findings.found;
    let names = || {
        let mut ids: Vec<String> = found.iter().filter_map(|found| found.endpoint.clone()).collect();
        ids.dedup();
        ids
    };
    output::document(args.output.output, found, || lines(found, findings.several), names)?;
    let wrong = found.iter().any(|found| found.problem.is_error());
    match (findings.unread, findings.unchecked) {
        (_, Some(_)) => output::note(
            "Not everything was checked. Try again; `novita-edit validate -f FILE --offline` leaves out on purpose what only \
             the server knows.",
        ),
        (None, None) if found.is_empty() => output::note("No problems."),
        _ => {}
    }
    let wrong = wrong.then_some(Exit::Invalid);
    Ok(findings.unread.or(wrong).or(findings.unchecked).unwrap_or(Exit::Done))
}

/// What the account allows and has.
type OfAccount<'a> = (&'a Limits, &'a Inventory);

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
