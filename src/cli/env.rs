//! `novita-edit env`: the environment of an endpoint as a `.env` file, and such a file as an environment.

use std::collections::HashSet;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::context::Context;
use super::failure::Failure;
use super::options::{ID_HELP, RevealArgs, WriteArgs, not_empty};
use super::write::{self, Planned, ReportShape, WriteContext};
use super::{files, output, target};
use crate::endpoint::dotenv::{self, Lines};
use crate::endpoint::edit::Edit;
use crate::endpoint::{EndpointConfig, EnvVar};
use crate::exit_code::Exit;
use crate::secret::MASK;
use crate::text::Quoted;

/// Most bytes of a file of variables.
const MOST_BYTES: u64 = 2 << 20;

const EXPORT_HELP: &str = "\
The file is read back by `env import` and by the editor as just these values,
and by python-dotenv with interpolate=False: else it puts something in place of
${NAME}. On a terminal values are masked unless --reveal is given; into a file
or a pipe they go whole: keep that file private.

Examples:
  novita-edit env export my-endpoint > my-endpoint.env
  novita-edit env export a | novita-edit env import b -f - --dry-run";

const IMPORT_HELP: &str = "\
Variables that are there get the file's values, new ones go to the end, and the
others stay as they are; with --replace they are taken away. A line that can't
be read, or a file without a variable, keeps everything from being sent. NAME=
sets an empty value.

Examples:
  novita-edit env import my-endpoint -f .env
  novita-edit env import my-endpoint -f .env --replace --yes
  sops -d prod.env | novita-edit env import my-endpoint -f - --yes";

#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum EnvCommand {
    /// Print the environment as KEY=value lines, as in a .env file
    Export(ExportArgs),
    /// Take in the variables of a .env file
    Import(ImportArgs),
}

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXPORT_HELP)]
pub struct ExportArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    #[command(flatten)]
    pub reveal: RevealArgs,
}

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = IMPORT_HELP)]
pub struct ImportArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    /// File of KEY=value lines; - for standard input
    #[arg(short, long, value_name = "FILE")]
    pub file: PathBuf,

    /// Take away the variables that the file doesn't have
    #[arg(long)]
    pub replace: bool,

    #[command(flatten)]
    pub write: WriteArgs,
}

/// A file of variables that was read.
pub struct EnvFile {
    /// What it is called, as it is.
    name: String,
    lines: Lines,
}

/// Prints the environment.
///
/// # Errors
/// The endpoint can't be read; a name can't stand in such a file; it can't be printed.
pub async fn export(cx: &Context, args: &ExportArgs) -> Result<Exit, Failure> {
    let loaded = target::load(cx, &args.id).await?;
    let envs = &loaded.config.envs;
    let to_terminal = io::stdout().is_terminal();
    if to_terminal && !args.reveal.reveal {
        let masked: String = envs.iter().map(|env| format!("{}={MASK}\n", env.key)).collect();
        output::text(&(output::lines(&masked) + "\n"))?;
        output::tell_masked(envs.len());
        return Ok(Exit::Done);
    }
    let text = dotenv::write(envs).map_err(|key| {
        Failure::Invalid(format!(
            "env {} can't stand in a .env file: a name there has no blank, no quote and no # in it. `novita-edit get` prints \
             the environment as JSON",
            Quoted(&key)
        ))
    })?;
    // A file gets each byte as it is; a terminal could be driven by some.
    match to_terminal {
        true => output::text(&(output::lines(&text) + "\n"))?,
        false => output::exact(&text)?,
    }
    if envs.is_empty() {
        output::note("This endpoint has no environment variables.");
    }
    Ok(Exit::Done)
}

impl ImportArgs {
    /// Whether standard input is the file.
    pub fn reads_stdin(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    /// Reads the file. Waits for it.
    ///
    /// # Errors
    /// It can't be read; a line of it can't, and each such line was told; no variable is in it.
    pub fn read(&self) -> Result<EnvFile, Failure> {
        let (name, text) = files::text(&self.file, MOST_BYTES, "that is no file of variables")?;
        let lines = dotenv::read(&text);
        let shown = output::safe(&name);
        for error in &lines.parse_errors {
            let (line, column) = (error.line, error.column);
            output::note(&format!("{shown}:{line}:{column}: error: {}", output::safe(&error.why)));
        }
        if !lines.parse_errors.is_empty() {
            let count = match lines.parse_errors.len() {
                1 => "a line".to_owned(),
                n => format!("{n} lines"),
            };
            return Err(Failure::Invalid(format!(
                "{count} of {shown} can't be read, so nothing was sent. Mend what is named above, and try again."
            )));
        }
        if lines.envs.is_empty() {
            return Err(Failure::Invalid(format!(
                "there is no variable in {shown}, so nothing was sent. `novita-edit set ID envs.NAME-` takes one away."
            )));
        }
        Ok(EnvFile { name, lines })
    }
}

/// Takes the variables in.
///
/// # Errors
/// What keeps them from being sent.
pub async fn import(writing: &WriteContext, args: &ImportArgs, file: &EnvFile) -> Result<Exit, Failure> {
    for note in file.lines.notes() {
        output::note(&output::faint(&output::safe(&note)));
    }
    let mut planned = writing.load(std::slice::from_ref(&args.id)).await?;
    for one in &mut planned {
        file.plan(one, args.replace);
    }
    write::run(writing, planned, ReportShape::One).await
}

impl EnvFile {
    fn plan(&self, one: &mut Planned, replace: bool) {
        let old = one.work.now().clone();
        let envs = &self.lines.envs;
        let mut counts = dotenv::counted(&dotenv::incoming(&old, envs), 0);
        if replace {
            let kept = without_others(&old, envs);
            counts.push_str(&format!(", {} taken away", old.envs.len() - kept.envs.len()));
            apply(one, &self.name, kept);
        }
        if let Some(edit) = dotenv::import(one.work.now(), envs, format!("import {}", self.name)) {
            one.work.apply_given(edit);
        }
        let name = output::safe(&self.name);
        output::note(&output::faint(&format!("{name}: {counts}.")));
    }
}

fn apply(one: &mut Planned, name: &str, new: EndpointConfig) {
    let old = one.work.now().clone();
    if new != old {
        one.work.apply_given(Edit::Whole {
            name: format!("replace by {name}"),
            old: Box::new(old),
            new: Box::new(new),
        });
    }
}

/// The configuration without the variables that aren't among these; of a name that is there several times the first
/// stays.
fn without_others(config: &EndpointConfig, envs: &[EnvVar]) -> EndpointConfig {
    let mut wanted: HashSet<&str> = envs.iter().map(|env| env.key.as_str()).collect();
    let mut config = config.clone();
    config.envs.retain(|env| wanted.remove(env.key.as_str()));
    config
}
