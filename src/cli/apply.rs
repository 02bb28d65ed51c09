//! `novita-edit apply`: makes endpoints be what a file says.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::exit::Exit;
use super::failure::Failure;
use super::options::WriteArgs;
use super::write::{self, Shape, Writing};
use super::{output, problems};
use crate::endpoint::document::{self, Document, Form};
use crate::endpoint::edit::Edit;

/// Most bytes of a file.
const MOST_BYTES: u64 = 64 << 20;

const EXAMPLES: &str = "\
A file has the update body as JSON or YAML, as `novita-edit get` prints it; several
stand one after another, in YAML with --- between them. Every key has to be there
and no other: a file without envs must never delete them. Nothing is sent unless
all of them are in order.

Examples:
  novita-edit get my-endpoint >my-endpoint.json
  novita-edit apply -f my-endpoint.json
  novita-edit apply -f endpoints.yaml --yes --wait
  novita-edit get a | jq '.workerConfig.maxNum = 8' | novita-edit apply -f - --yes";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES)]
pub struct ApplyArgs {
    /// The file; - is standard input
    #[arg(short, long, value_name = "FILE")]
    pub file: PathBuf,

    /// The endpoint, where the file doesn't say it: its id, or its name where only
    /// one has it
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,

    #[command(flatten)]
    pub write: WriteArgs,
}

/// A file that was read.
pub struct Written {
    /// What messages call it.
    name: String,
    documents: Vec<Document>,
}

impl ApplyArgs {
    /// Whether standard input is the file.
    pub fn reads_stdin(&self) -> bool {
        self.file == Path::new("-")
    }

    /// Reads the file. Waits for it.
    ///
    /// # Errors
    /// It can't be read, or there is no document in it.
    pub fn read(&self) -> Result<Written, Failure> {
        let name = match self.reads_stdin() {
            true => "standard input".to_owned(),
            false => self.file.display().to_string(),
        };
        let told = |why: String| {
            let name = output::safe(&name);
            format!("{name} can't be applied: {why}. Nothing was sent. Give a file with an endpoint in it.")
        };
        let invalid = |why: &str| Failure::Invalid(told(why.to_owned()));
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
        let read = match self.reads_stdin() {
            true => io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes),
            false => File::open(&self.file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)),
        };
        read.map_err(|error| Failure::File(told(error.to_string())))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(invalid("it is over 64 MiB"));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| invalid("it is no text (UTF-8)"))?;
        let documents = document::read(text, form_of(&self.file));
        if documents.is_empty() {
            return Err(invalid("there is nothing in it"));
        }
        if documents.len() > 1 && self.id.is_some() {
            let count = documents.len();
            return Err(Failure::Usage(format!(
                "{} has {count} endpoints, and --id names one; nothing was sent. Write the id into each.",
                output::safe(&name)
            )));
        }
        Ok(Written { name, documents })
    }
}

/// By the file's ending; else by how it begins.
fn form_of(file: &Path) -> Form {
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        "json" => Form::Json,
        "yaml" | "yml" => Form::Yaml,
        _ => Form::Guess,
    }
}

/// Applies the documents.
///
/// # Errors
/// What keeps them from being sent.
pub async fn run(writing: &Writing, args: &ApplyArgs, written: &Written) -> Result<Exit, Failure> {
    let mut faults = Vec::new();
    for document in &written.documents {
        let found = document.config(None).err().unwrap_or_default();
        // Whether the id is right is told once the endpoint is read.
        let found = found.iter().filter(|fault| args.id.is_none() || fault.path != "id");
        faults.extend(found.map(|fault| problems::fault(fault, &written.name)));
    }
    if !faults.is_empty() {
        return write::refuse(writing, faults);
    }
    let id_of = |document: &Document| args.id.clone().or_else(|| document.id().map(str::to_owned));
    let ids: Vec<String> = written.documents.iter().filter_map(id_of).collect();
    let mut planned = writing.load(&ids).await?;
    for (one, document) in planned.iter_mut().zip(&written.documents) {
        match document.config(Some(&one.work.base().config)) {
            Ok(new) => {
                let old = one.work.now().clone();
                one.work.apply(Edit::Whole {
                    name: format!("apply {}", written.name),
                    old: Box::new(old),
                    new: Box::new(new),
                });
            }
            Err(found) => faults.extend(found.iter().map(|fault| problems::fault(fault, &written.name))),
        }
    }
    if !faults.is_empty() {
        return write::refuse(writing, faults);
    }
    write::run(writing, planned, Shape::Many).await
}
