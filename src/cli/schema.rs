//! `novita-edit schema`: what a document may hold, for the editors that help to write one.

use clap::Args;

use super::failure::Failure;
use super::output;
use crate::endpoint::json_schema;
use crate::exit_code::Exit;
use crate::text::json;

const AFTER_HELP: &str = "\
The JSON Schema of a file for apply, diff and validate. With it an editor knows
the keys, tells what each means, and marks what no update takes. In YAML the
first line names it to the yaml-language-server (VS Code, Neovim, Helix, Emacs):

  # yaml-language-server: $schema=./novita-endpoint.schema.json

A file of JSON may not hold the key $schema; its editor is told by its settings,
such as json.schemas in VS Code. The account's ranges are not in it:
`novita-edit validate` knows them.

Examples:
  novita-edit schema > novita-endpoint.schema.json";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
pub struct SchemaArgs {}

/// Prints the schema.
///
/// # Errors
/// It can't be printed.
pub fn run(_: &SchemaArgs) -> Result<Exit, Failure> {
    output::exact(&(json::pretty(&json_schema::of_documents()) + "\n"))?;
    Ok(Exit::Done)
}
