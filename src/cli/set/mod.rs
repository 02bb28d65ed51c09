//! `novita-edit set`: any field by its path.

mod assignment;
mod plan;

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;

use super::ask;
use super::failure::Failure;
use super::options::{WriteArgs, not_empty};
use super::output;
use super::pick::{PICKING, PickArgs};
use super::runtime::reading;
use super::value_file;
use super::write::{self, ReportShape, WriteContext};
use crate::endpoint::List;
use crate::endpoint::schema::Kind;
use crate::exit_code::Exit;
use crate::secret::Secret;
use assignment::{AssignedValue, Assignment, begins_as_a_path};
pub use assignment::{RowName, SetTarget, nearest_path, single_paths, target};

const EXAMPLES: &str = "\
Paths are those of the update body, as `novita-edit get` prints it; the shell's
Tab offers them (see completions). Numbers may be min, max, 5m, +1 and -1 as for
scale. Envs go by their name, volumes by their mount path; a volume that isn't
there is added by giving its type.

Examples:
  novita-edit set my-endpoint workerConfig.maxNum=5 policy.type=queue
  novita-edit set my-endpoint envs.LOG_LEVEL=debug envs.OLD-
  novita-edit set my-endpoint envs.HF_TOKEN=@/run/secrets/hf --yes
  pass show hf | novita-edit set my-endpoint envs.HF_TOKEN=@- --yes
  novita-edit set my-endpoint 'volumeMounts[/data]-'
  novita-edit set my-endpoint 'volumeMounts[/tmp].type=local' \\
    'volumeMounts[/tmp].size=30'
  novita-edit set a b c image.image=vllm/vllm-openai:v0.6.4
  novita-edit set --filter staging envs.LOG_LEVEL=debug --dry-run";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES, override_usage = USAGE)]
pub struct SetArgs {
    /// Endpoints: their ids, or names that only one has
    #[arg(value_name = "ID", value_parser = not_empty(), required_unless_present_any = PICKING)]
    pub id: Option<String>,

    /// PATH=VALUE sets, PATH- takes away; =@FILE takes the value from a file, =@-
    /// from standard input, =@@TEXT is a value that begins with @. More IDs stand
    /// before the first of them
    #[arg(value_name = "PATH=VALUE", required_unless_present_any = PICKING)]
    pub assignments: Vec<String>,

    #[command(flatten)]
    pub pick: PickArgs,

    #[command(flatten)]
    pub write: WriteArgs,
}

/// clap can't tell an ID from a path.
const USAGE: &str = "novita-edit set [OPTIONS] ID... PATH=VALUE...
       novita-edit set --all | --state STATE | --filter TEXT PATH=VALUE...";

/// What is to be set, with its values in hand.
pub struct WantedSettings {
    /// Those that are named.
    ids: Vec<String>,
    assignments: Vec<(Assignment, Option<Secret>)>,
    /// Standard input held a value.
    pub reads_stdin: bool,
}

impl SetArgs {
    /// The endpoints' IDs, then what is to be set. The first word is an ID, unless endpoints are picked; each that
    /// follows is one until the first that sets something or takes something away.
    ///
    /// # Errors
    /// [`Failure::Usage`]: an ID beside endpoints that are picked, or nothing to set.
    fn split(&self) -> Result<(Vec<String>, Vec<&String>), Failure> {
        let is_id = |word: &String| !word.contains('=') && !word.ends_with('-') && !begins_as_a_path(word);
        let mut words = self.id.iter().chain(&self.assignments).peekable();
        let mut ids = Vec::new();
        if !self.pick.is_given() {
            ids.extend(words.next().cloned());
        }
        while let Some(id) = words.next_if(|word| is_id(word)) {
            ids.push(id.clone());
        }
        let rest: Vec<&String> = words.collect();
        let (id, is_named) = (ids.first(), !ids.is_empty());
        match id {
            Some(id) if self.pick.is_given() => Err(Failure::Usage(format!(
                "{} stands beside --all, --state or --filter; nothing was sent. Name the endpoints, or pick them.",
                output::safe(id)
            ))),
            _ if rest.is_empty() => Err(Failure::Usage(format!(
                "there is nothing to set; nothing was sent. Write PATH=VALUE behind {}.",
                if is_named { "the IDs" } else { "the options" }
            ))),
            _ => Ok((ids, rest)),
        }
    }

    /// Reads the arguments, and the files that they name. Waits for them.
    ///
    /// # Errors
    /// An argument that can't be read, a path that is named twice, or a file that can't be read.
    pub fn read(&self) -> Result<WantedSettings, Failure> {
        let (ids, arguments) = self.split()?;
        let mut parsed: Vec<Assignment> = Vec::new();
        for argument in arguments {
            let read = assignment::parse(argument)
                .map_err(|why| Failure::Usage(format!("nothing was sent: {}", output::safe(&sentence(why)))))?;
            if parsed.iter().any(|before| before.setting == read.setting) {
                let path = output::safe(&read.path());
                return Err(Failure::Usage(format!(
                    "{path} is given more than once; nothing was sent. Give it once."
                )));
            }
            parsed.push(read);
        }
        let is_stdin = |one: &&Assignment| matches!(&one.what, AssignedValue::File(name) if name == "-");
        let from_stdin = parsed.iter().filter(is_stdin).count();
        if from_stdin > 1 {
            return Err(Failure::Usage(
                "standard input can be only one value; nothing was sent. Give the others as =@FILE.".to_owned(),
            ));
        }
        // What can be told without them is told before files are read.
        let with_value = |one: Assignment| {
            let value = match &one.what {
                AssignedValue::Text(text) => Some(text.clone()),
                AssignedValue::Remove => None,
                AssignedValue::File(name) => Some(from_file(&one, name)?),
            };
            Ok((one, value))
        };
        let assignments = parsed
            .into_iter()
            .map(with_value)
            .collect::<Result<Vec<_>, Failure>>()?;
        let is_seen = |(assignment, value): &(Assignment, Option<Secret>)| {
            matches!(&assignment.setting, SetTarget::Row(List::Envs, RowName::Named(name), _) if is_secret(name))
                && matches!(assignment.what, AssignedValue::Text(_))
                && value.as_ref().is_some_and(|value| !value.is_empty())
        };
        if assignments.iter().any(is_seen) {
            output::note(&output::faint(
                "Every user of this machine can see the arguments of a program, and the shell keeps them: for a secret, =@FILE \
                 and =@- are there.",
            ));
        }
        Ok(WantedSettings {
            ids,
            assignments,
            reads_stdin: from_stdin > 0,
        })
    }
}

/// Whether an env of this name holds a secret, as far as names tell.
fn is_secret(name: &str) -> bool {
    let name = name.to_uppercase();
    let words = ["TOKEN", "KEY", "SECRET", "PASS", "CREDENTIAL", "AUTH", "PWD", "PRIVATE"];
    words.iter().any(|word| name.contains(word))
}

/// Sets the fields.
///
/// # Errors
/// What keeps them from being sent.
pub async fn run(writing: &WriteContext, args: &SetArgs, wanted: &WantedSettings) -> Result<Exit, Failure> {
    let mut planned = writing.load_picked(&args.pick, &wanted.ids).await?;
    for one in &mut planned {
        plan::plan(one, &wanted.assignments)?;
    }
    let is_one = wanted.ids.len() == 1;
    let shape = if is_one { ReportShape::One } else { ReportShape::Many };
    write::run(writing, planned, shape).await
}

fn sentence(why: String) -> String {
    if why.ends_with('?') { why } else { why + "." }
}

/// How an empty text is set that is meant, where there may be one.
fn on_purpose(assignment: &Assignment) -> String {
    let part = match assignment.setting {
        SetTarget::Field(field) => Some(field),
        SetTarget::Row(_, _, part) => part,
    };
    let may_be_empty = part.is_some_and(|part| matches!(part.spec().kind, Kind::Text { required: false, .. }));
    match (may_be_empty, output::safe(&assignment.path())) {
        (true, path) => format!("If an empty text is meant, write {path}= with nothing behind it."),
        (false, path) => format!("Check what wrote it; {path} can't be empty."),
    }
}

fn from_file(assignment: &Assignment, name: &str) -> Result<Secret, Failure> {
    let path = output::safe(&assignment.path());
    let is_env = matches!(assignment.setting, SetTarget::Row(List::Envs, ..));
    if name.is_empty() {
        return Err(Failure::Usage(format!(
            "{path}=@ names no file; nothing was sent. Write {path}=@FILE, {path}=@- for standard input, or {path}=@@ for a \
             value that begins with @."
        )));
    }
    let what = match name {
        "-" => "standard input".to_owned(),
        // What should name a file may be the value itself, written behind an @: it is told nowhere.
        _ if is_env => "the file named behind =@".to_owned(),
        name => output::safe(name),
    };
    let told =
        |why: String, next: &str| format!("{what} can't be the value of {path}: {why}. Nothing was sent. {next}");
    let is_typed = name == "-" && io::stdin().is_terminal();
    let read = match name {
        "-" if is_typed && is_env => ask::read_unseen(value_file::MOST_BYTES + 1)?,
        "-" => {
            if is_typed {
                output::note(&output::faint("Reading from the terminal; Enter and Ctrl-D end it."));
            }
            reading(|| value_file::bytes_of(io::stdin().lock()))?
        }
        name => {
            let path = PathBuf::from(name);
            reading(move || value_file::bytes_of_file(&path))?
        }
    };
    let next = match name {
        "-" => "Give it as =@FILE.".to_owned(),
        _ if is_env => format!("Check the file's name; a value that begins with @ is written {path}=@@VALUE."),
        _ => "Check the file's name.".to_owned(),
    };
    let bytes = read.map_err(|error| Failure::File(told(error.to_string(), &next)))?;
    value_file::value(&bytes, &what).map_err(|why| {
        let next = match why.is_empty() {
            true => on_purpose(assignment),
            false => "Give a text file of at most 1 MiB.".to_owned(),
        };
        Failure::Invalid(told(format!("it {why}"), &next))
    })
}
