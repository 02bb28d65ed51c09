//! `novita-edit show`: one endpoint, grouped as the form is.

mod listed;
mod page;

use clap::Args;

use super::context::Context;
use super::failure::Failure;
use super::options::{ID_HELP, OutputArgs, RevealArgs, not_empty};
use super::output::{self, OutputFormat};
use super::target;
use crate::endpoint::validate::validate;
use crate::endpoint::{Inventory, Limits, LoadedEndpoint, Problem};
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
        problems: validate(&loaded.config, &loaded, &limits, &inventory),
        reveal: args.reveal.reveal,
        loaded,
        limits,
        inventory,
    };
    let config = &shown.loaded.config;
    let page = || page::of(&shown).render(output::stdout_width());
    output::document(args.output.output, &listed::of(&shown), page, || {
        vec![config.id.clone()]
    })?;
    if !shown.reveal && args.output.output != OutputFormat::Name {
        output::tell_masked(config.envs.len());
    }
    Ok(Exit::Done)
}
