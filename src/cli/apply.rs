//! `novita-edit apply`: makes endpoints be what a file says.

use clap::Args;

use super::failure::Failure;
use super::files::{Endpoints, FileArgs};
use super::options::{WriteArgs, not_empty};
use super::runtime::reading;
use super::write::{self, Planned, ReportShape, WriteContext};
use super::{output, problems};
use crate::endpoint::document::Document;
use crate::endpoint::edit::Edit;
use crate::exit_code::Exit;

const EXAMPLES: &str = "\
A file has the update body as JSON or YAML, as `novita-edit get` prints it;
several stand one after another, in YAML with --- between them. Every key has to
be there and no other: a file without envs must never delete them. Nothing is
sent unless all of them are in order.

Examples:
  novita-edit get my-endpoint >my-endpoint.json
  novita-edit apply -f my-endpoint.json
  novita-edit apply -f endpoints.yaml --yes --wait
  novita-edit get a | jq .policy.value=9 | novita-edit apply -f - --yes";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES)]
pub struct ApplyArgs {
    #[command(flatten)]
    pub file: FileArgs,

    /// The endpoint, where the file doesn't say it: its id, or its name where only
    /// one has it
    #[arg(long, value_name = "ID", value_parser = not_empty())]
    pub id: Option<String>,

    #[command(flatten)]
    pub write: WriteArgs,
}

impl ApplyArgs {
    /// Whether standard input is the file.
    pub fn reads_stdin(&self) -> bool {
        self.file.file.as_os_str() == "-"
    }

    /// Reads the file. Waits for it.
    ///
    /// # Errors
    /// It can't be read, somebody interrupts, there is no document in it, or several where `--id` names one endpoint.
    pub fn read(&self) -> Result<Endpoints, Failure> {
        let path = self.file.file.clone();
        let file = reading(move || Endpoints::read(&path))??;
        if file.documents.len() > 1 && self.id.is_some() {
            return Err(Failure::Usage(format!(
                "{} holds {} endpoints, and --id names one; nothing was sent. Write the id into each.",
                output::safe(&file.name),
                file.documents.len()
            )));
        }
        Ok(file)
    }
}

/// Applies the documents.
///
/// # Errors
/// What keeps them from being sent.
pub async fn run(writing: &WriteContext, args: &ApplyArgs, written: &Endpoints) -> Result<Exit, Failure> {
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
                one.work.apply_given(Edit::Whole {
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
    planned.iter_mut().for_each(Planned::respell);
    write::run(writing, planned, ReportShape::Many).await
}
