//! `novita-edit get`: the editable configuration as the update body, for a file under version control.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::context::Context;
use super::failure::Failure;
use super::field::FieldPath;
use super::meant;
use super::options::{ID_HELP, RevealArgs, not_empty};
use super::output;
use super::{concurrent, problems, target};
use crate::endpoint::body::{self, Body};
use crate::endpoint::{Inventory, Limits, LoadedEndpoint, Severity};
use crate::exit_code::Exit;
use crate::secret::MASK;
use crate::text::{json, yaml};

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
  novita-edit get my-endpoint --field image.image         one value, bare
  novita-edit get my-endpoint --field envs.HF_TOKEN > hf  one secret
  novita-edit get a b c --field workerConfig.maxNum       a line each";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
pub struct GetArgs {
    #[arg(value_name = "ID", required = true, help = ID_HELP, value_parser = not_empty())]
    pub ids: Vec<String>,

    /// Print this value alone, bare on a line; PATH as `set` has it: image.image,
    /// envs.NAME, volumeMounts[/data].size; a list or an object (envs, policy) is JSON
    #[arg(long, value_name = "PATH", value_parser = FieldPath::parse)]
    pub field: Option<FieldPath>,

    /// Form of what is printed; json, but for --field, which is bare without this
    #[arg(short, long, value_name = "FORM", value_enum)]
    pub output: Option<BodyForm>,

    #[command(flatten)]
    pub reveal: RevealArgs,

    /// What stands for the value of an environment variable
    #[arg(long, value_name = "FORM", value_enum, default_value_t = SecretValues::Value, conflicts_with = "field")]
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
    if args.secrets == SecretValues::Server && args.reveal.reveal {
        return Err(Failure::Usage(
            "--secrets server prints no values, and --reveal shows them. Leave one of the two out".to_owned(),
        ));
    }
    let loaded = concurrent::each(&args.ids, async |id: &String| target::load(cx, id).await).await;
    let all = loaded.into_iter().collect::<Result<Vec<LoadedEndpoint>, Failure>>()?;
    let mask = args.secrets == SecretValues::Value && io::stdout().is_terminal() && !args.reveal.reveal;
    if let Some(path) = &args.field {
        return print_field(path, args.output, &all, mask);
    }
    let form = args.output.unwrap_or_default();
    let body = |loaded: &LoadedEndpoint| document(loaded, args.secrets, form, mask);
    let documents: Vec<String> = all.iter().map(body).collect();
    let between = match form {
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

/// Prints one value of each endpoint: a line each, or a YAML document.
fn print_field(path: &FieldPath, form: Option<BodyForm>, all: &[LoadedEndpoint], mask: bool) -> Result<Exit, Failure> {
    let values = all.iter().map(|loaded| path.value(&loaded.config, mask));
    let values = values.collect::<Result<Vec<Value>, Failure>>()?;
    let text = match form {
        None => bare_lines(&values)?,
        Some(BodyForm::Json) => values.iter().map(|value| json::line(value) + "\n").collect(),
        Some(BodyForm::Yaml) => values.iter().map(yaml::pretty).collect::<Vec<_>>().join("---\n"),
    };
    output::exact(&text)?;
    if mask {
        output::tell_masked(text.matches(MASK).count());
    }
    Ok(Exit::Done)
}

/// The values as they are, one a line: a text without quotes, anything else as JSON. On a terminal nothing in them
/// drives it.
fn bare_lines(values: &[Value]) -> Result<String, Failure> {
    let is_terminal = io::stdout().is_terminal();
    let mut text = String::new();
    for value in values {
        let bare = match value {
            Value::String(bare) if bare.contains('\n') && values.len() > 1 => {
                return Err(Failure::Usage(
                    "a value has several lines, so that nobody could tell whose each is. Ask for one endpoint, or for -o json."
                        .to_owned(),
                ));
            }
            Value::String(bare) if is_terminal => output::lines(bare),
            Value::String(bare) => bare.clone(),
            value => json::line(value),
        };
        text.push_str(&bare);
        if !bare.ends_with('\n') {
            text.push('\n');
        }
    }
    Ok(text)
}

fn document(loaded: &LoadedEndpoint, secrets: SecretValues, form: BodyForm, mask: bool) -> String {
    let body = match secrets {
        SecretValues::Server => Body::without_secrets(&loaded.config),
        SecretValues::Value if mask => Body::masked(&loaded.config),
        SecretValues::Value => Body::exact(&loaded.config),
    };
    match form {
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
