//! `novita-edit show`: one endpoint, grouped as the form is; and as JSON and YAML have it.

mod page;

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};

use super::context::Context;
use super::failure::Failure;
use super::meant;
use super::options::{ID_HELP, OutputArgs, RevealArgs, not_empty};
use super::output::{self, OutputFormat};
use super::problems::{self, ProblemJson};
use super::target;
use crate::endpoint::body::Body;
use crate::endpoint::schema::{FIELDS, Kind};
use crate::endpoint::{EndpointStatus, FieldId, Inventory, Limits, LoadedEndpoint, Problem};
use crate::exit_code::Exit;

const AFTER_HELP: &str = "\
Values of environment variables are masked everywhere unless --reveal is given.

Examples:
  novita-edit show my-endpoint
  novita-edit show my-endpoint -o json | jq .state";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ShowArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub reveal: RevealArgs,
}

/// What is shown of an endpoint.
struct ShownEndpoint {
    loaded: LoadedEndpoint,
    limits: Limits,
    inventory: Inventory,
    problems: Vec<Problem>,
    reveal: bool,
}

/// Prints the endpoint.
///
/// # Errors
/// It can't be read or printed.
pub async fn run(cx: &Context, args: &ShowArgs) -> Result<Exit, Failure> {
    let (limits, loaded) = tokio::join!(cx.limits(), target::load(cx, &args.id));
    let loaded = loaded?;
    let inventory = cx.inventory_for([&loaded.config]).await;
    let shown = ShownEndpoint {
        problems: meant::problems(cx, &loaded.config, &loaded, &limits, &inventory).await,
        reveal: args.reveal.reveal,
        loaded,
        limits,
        inventory,
    };
    let config = &shown.loaded.config;
    let page = || page::of(&shown).render(output::stdout_width());
    output::document(args.output.output, &details(&shown), page, || vec![config.id.clone()])?;
    if !shown.reveal && args.output.output != OutputFormat::Name {
        output::tell_masked(config.envs.len());
    }
    Ok(Exit::Done)
}

/// The whole. Numbers that the server doesn't tell are `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EndpointDetails<'a> {
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
    /// What no document knows and no update carries.
    settings: Vec<SettingJson<'a>>,
    /// How many more there are than are listed.
    settings_left_out: usize,
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

#[derive(Serialize)]
struct SettingJson<'a> {
    path: &'a str,
    value: &'a str,
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

fn details(shown: &ShownEndpoint) -> EndpointDetails<'_> {
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
        settings: settings(facts, shown.reveal),
        settings_left_out: facts.settings_left_out,
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

fn settings(status: &EndpointStatus, reveal: bool) -> Vec<SettingJson<'_>> {
    let listed = status.settings.iter().map(|setting| SettingJson {
        path: &setting.path,
        value: setting.shown(reveal),
    });
    listed.collect()
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
