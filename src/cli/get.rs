//! `novita-edit get`: the editable configuration as the update body, for a file under version control.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};

use super::context::Context;
use super::failure::Failure;
use super::meant;
use super::options::{ID_HELP, RevealArgs, not_empty};
use super::output;
use super::{concurrent, problems, target};
use crate::endpoint::body::{self, Body};
use crate::endpoint::{Inventory, Limits, LoadedEndpoint, Severity};
use crate::exit_code::Exit;
use crate::text::yaml;

const AFTER_HELP: &str = "\
On a terminal the values of environment variables are masked unless --reveal is
given; into a file or a pipe they go whole: keep that file private, or write it
with --secrets server, which leaves them on the server. A masked body is refused
by `novita-edit apply`.

Examples:
  novita-edit get my-endpoint > my-endpoint.json
  novita-edit get my-endpoint -o yaml > my-endpoint.yaml
  novita-edit get a b c -o yaml > all.yaml    several, one after another
  novita-edit get a -o yaml --secrets server > a.yaml    for a repository
  novita-edit get my-endpoint | jq .workerConfig.maxNum";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
pub struct GetArgs {
    #[arg(value_name = "ID", required = true, help = ID_HELP, value_parser = not_empty())]
    pub ids: Vec<String>,

    /// Form of the body
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = BodyForm::Json)]
    pub output: BodyForm,

    #[command(flatten)]
    pub reveal: RevealArgs,

    /// What stands for the value of an environment variable
    #[arg(long, value_name = "FORM", value_enum, default_value_t = SecretValues::Value)]
    pub secrets: SecretValues,
}

/// What stands for the value of an environment variable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum SecretValues {
    /// The value; on a terminal a mask, unless --reveal is given
    #[default]
    Value,
    /// {fromServer: true}, which `apply` reads as: the value that the endpoint has
    Server,
}

/// The form of an update body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum BodyForm {
    /// As it is sent, byte for byte
    #[default]
    Json,
    /// The same as YAML
    Yaml,
}

/// Prints the bodies.
///
/// # Errors
/// One of them can't be read, and then none is printed; or they can't be printed.
pub async fn run(cx: &Context, args: &GetArgs) -> Result<Exit, Failure> {
    let loaded = concurrent::each(&args.ids, async |id: &String| target::load(cx, id).await).await;
    let all = loaded.into_iter().collect::<Result<Vec<LoadedEndpoint>, Failure>>()?;
    if args.secrets == SecretValues::Server && args.reveal.reveal {
        return Err(Failure::Usage(
            "--secrets server prints no values, and --reveal shows them. Leave one of the two out".to_owned(),
        ));
    }
    let mask = args.secrets == SecretValues::Value && io::stdout().is_terminal() && !args.reveal.reveal;
    let documents: Vec<String> = all.iter().map(|loaded| document(loaded, args, mask)).collect();
    let between = match args.output {
        BodyForm::Json => "",
        BodyForm::Yaml => "---\n",
    };
    output::exact(&documents.join(between))?;
    for loaded in &all {
        tell_what_no_update_takes(cx, loaded, all.len() > 1).await;
    }
    let values = all.iter().map(|loaded| loaded.config.envs.len()).sum();
    if mask {
        output::tell_masked(values);
    }
    Ok(Exit::Done)
}

fn document(loaded: &LoadedEndpoint, args: &GetArgs, mask: bool) -> String {
    let body = match args.secrets {
        SecretValues::Server => Body::without_secrets(&loaded.config),
        SecretValues::Value if mask => Body::masked(&loaded.config),
        SecretValues::Value => Body::exact(&loaded.config),
    };
    match args.output {
        BodyForm::Json => body::written(&body) + "\n",
        BodyForm::Yaml => yaml::pretty(&body),
    }
}

/// What stands in the body and would be refused by an update, the ranges aside: they are not asked for here.
async fn tell_what_no_update_takes(cx: &Context, loaded: &LoadedEndpoint, several: bool) {
    let (limits, inventory) = (Limits::unknown(), Inventory::default());
    let problems = meant::problems(cx, &loaded.config, loaded, &limits, &inventory).await;
    let mut errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .peekable();
    if errors.peek().is_none() {
        return;
    }
    let id = several.then_some(loaded.config.id.as_str());
    for problem in errors {
        output::note(&problems::line_of(id, &problems::listed(problem, &loaded.config)));
    }
    output::note(&output::warning(
        "No update takes this as it stands; set what is named above.",
    ));
}
