//! `novita-edit apply`: makes endpoints be what files say.

use std::sync::Arc;

use clap::{ArgGroup, Args};

use super::failure::Failure;
use super::files::summary::{self, FAILED};
use super::files::{self, DocumentSet, FileArgs, FileDocument};
use super::meant;
use super::options::{WriteArgs, not_empty};
use super::output;
use super::problems::ProblemJson;
use super::transfer;
use super::write::{self, OutcomeWord, Planned, ReportEntry, ReportShape, WriteContext};
use crate::endpoint::EndpointConfig;
use crate::endpoint::edit::Edit;
use crate::exit_code::Exit;

const EXAMPLES: &str = "\
A file has the update body as JSON or YAML, as `novita-edit get` prints it;
several stand one after another, in YAML with --- between them. Every key has to
be there and no other: a file without envs must never delete them. Nothing is
sent unless all of them are in order; what is wrong is told of all of them.

Examples:
  novita-edit get my-endpoint >my-endpoint.json
  novita-edit apply -f my-endpoint.json
  novita-edit apply -f endpoints.yaml --yes --wait
  novita-edit apply -f endpoints/ -R --yes
  novita-edit get a | jq .policy.value=9 | novita-edit apply -f - --yes
  novita-edit apply --from staging --to prod --dry-run";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES, group(ArgGroup::new("what").required(true)))]
pub struct ApplyArgs {
    #[command(flatten)]
    pub file: FileArgs,

    /// The endpoint, where the file doesn't say it: its id, or its name where only
    /// one has it
    #[arg(long, value_name = "ID", value_parser = not_empty())]
    pub id: Option<String>,

    /// Put it on this endpoint, whatever id the file has; the endpoint keeps its own
    /// id and its name
    #[arg(long, value_name = "ID", value_parser = not_empty(), conflicts_with = "id")]
    pub to: Option<String>,

    /// Instead of a file: as this endpoint is now
    #[arg(long, value_name = "ID", value_parser = not_empty(), group = "what", requires = "to", conflicts_with = "file")]
    pub from: Option<String>,

    #[command(flatten)]
    pub write: WriteArgs,
}

/// What endpoints are to be like.
pub enum ApplySource {
    Documents(DocumentSet),
    /// Another endpoint, and where its configuration goes.
    Endpoint {
        from: String,
        to: String,
    },
}

impl ApplyArgs {
    /// Reads the files. Waits for them.
    ///
    /// # Errors
    /// None can be read, or there are several documents where `--id` names one endpoint.
    pub fn read(&mut self) -> Result<ApplySource, Failure> {
        self.file.take_words(None)?;
        if let (Some(from), Some(to)) = (&self.from, &self.to) {
            let (from, to) = (from.clone(), to.clone());
            return Ok(ApplySource::Endpoint { from, to });
        }
        let set = self.file.read()?;
        set.check_id(self.named())?;
        Ok(ApplySource::Documents(set))
    }

    /// The endpoint that the command names.
    fn named(&self) -> Option<&str> {
        self.id.as_deref().or(self.to.as_deref())
    }
}

/// Applies the documents, or another endpoint's configuration.
///
/// # Errors
/// What keeps them from being sent.
pub async fn run(writing: &WriteContext, args: &ApplyArgs, source: &ApplySource) -> Result<Exit, Failure> {
    match source {
        ApplySource::Documents(set) => documents(writing, args, set).await,
        ApplySource::Endpoint { from, to } => transfer::run(writing, from, to).await,
    }
}

async fn documents(writing: &WriteContext, args: &ApplyArgs, set: &DocumentSet) -> Result<Exit, Failure> {
    let mut checked = Checked::new(set);
    for document in &set.documents {
        if let Err(faults) = document.config(None, args.named().is_some()) {
            checked.faulty(document, faults);
        }
    }
    if !checked.faults.is_empty() {
        return checked.refuse(writing);
    }
    let mut planned = load(writing, args, &mut checked).await?;
    if checked.is_good() {
        let (exit, entries) = write::run_and_list(writing, planned, ReportShape::Many).await?;
        checked.words = entries.iter().map(word).collect();
        checked.tell_summary();
        return Ok(exit);
    }
    // What is wrong with the others is told, too.
    let wrong = write::judge(writing, &mut planned).await?;
    for (one, _) in planned.iter().zip(wrong).filter(|(_, is_wrong)| *is_wrong) {
        if let Some(document) = &one.document {
            checked.failed(document);
        }
    }
    checked.refuse(writing)
}

/// The documents beside their endpoints, with what they change; what is wrong with the others is noted.
async fn load(writing: &WriteContext, args: &ApplyArgs, checked: &mut Checked<'_>) -> Result<Vec<Planned>, Failure> {
    let is_named = args.named().is_some();
    let (documents, ids) = with_endpoints(checked.set, args.named());
    let mut planned = Vec::new();
    let mut failed = Vec::new();
    for (document, loaded) in documents.into_iter().zip(writing.load_each(&ids).await?) {
        let one = match loaded {
            Ok(one) => one,
            Err(failure) => {
                checked.failed(document);
                failed.push((document, failure));
                continue;
            }
        };
        let base = one.work.base();
        let meant = meant::values(&writing.send_log, base, &writing.args.allow_masked).await;
        let mut before = base.config.clone();
        if let (Some(id), true) = (document.id(), args.to.is_some()) {
            // It may be another endpoint's.
            id.clone_into(&mut before.id);
        }
        match document.config(Some((&before, &meant)), is_named) {
            Ok(new) if args.to.is_some() => planned.push(put(one, document, new)),
            Ok(new) => planned.push(changed(one, document, new)),
            Err(faults) => checked.faulty(document, faults),
        }
    }
    let failed = failed.iter().map(|(document, failure)| (*document, failure));
    checked.unread = checked.unread.or(files::tell_failures(failed, is_named));
    Ok(planned)
}

/// Each document with the endpoint that it is for; not those that nobody says it of.
fn with_endpoints<'a>(set: &'a DocumentSet, named: Option<&str>) -> (Vec<&'a Arc<FileDocument>>, Vec<String>) {
    let id_of = |document: &Arc<FileDocument>| named.or_else(|| document.id()).map(str::to_owned);
    let pair = |document: &'a Arc<FileDocument>| Some((document, id_of(document)?));
    set.documents.iter().filter_map(pair).unzip()
}

/// The configuration of a document on another endpoint than its own.
fn put(mut one: Planned, document: &Arc<FileDocument>, new: EndpointConfig) -> Planned {
    one.document = Some(Arc::clone(document));
    transfer::put(&mut one, &document.file, new);
    one
}

fn changed(mut one: Planned, document: &Arc<FileDocument>, new: EndpointConfig) -> Planned {
    let old = one.work.now().clone();
    one.work.apply_given(Edit::Whole {
        name: format!("apply {}", document.file),
        old: Box::new(old),
        new: Box::new(new),
    });
    one.respell();
    one.document = Some(Arc::clone(document));
    one
}

/// What was found of the documents before anything is sent.
struct Checked<'a> {
    set: &'a DocumentSet,
    /// What keeps documents from being update bodies.
    faults: Vec<ProblemJson>,
    /// What becomes of each document, in a word.
    words: Vec<&'static str>,
    /// The exit code of the first file or endpoint that can't be read.
    unread: Option<Exit>,
}

impl<'a> Checked<'a> {
    fn new(set: &'a DocumentSet) -> Self {
        Self {
            set,
            faults: Vec::new(),
            words: vec![NOT_SENT; set.documents.len()],
            unread: set.unread(),
        }
    }

    fn failed(&mut self, document: &Arc<FileDocument>) {
        let is_it = |one: &Arc<FileDocument>| Arc::ptr_eq(one, document);
        if let Some(at) = self.set.documents.iter().position(is_it) {
            self.words[at] = FAILED;
        }
    }

    fn faulty(&mut self, document: &Arc<FileDocument>, faults: Vec<ProblemJson>) {
        // An id that the command gives isn't missed before the endpoint is read: then there may be none.
        if !faults.is_empty() {
            self.failed(document);
            self.faults.extend(faults);
        }
    }

    fn is_good(&self) -> bool {
        self.faults.is_empty() && self.unread.is_none()
    }

    /// Nothing is sent.
    fn refuse(self, writing: &WriteContext) -> Result<Exit, Failure> {
        let refused = match self.unread {
            None => write::refuse(writing, self.faults.clone())?,
            Some(exit) => {
                write::tell_faults(&self.faults);
                // What can't be read says itself what to do.
                let next = match self.words.contains(&FAILED) && self.set.is_many() {
                    true => "Nothing was sent. Mend what is named above, and try again.",
                    false => "Nothing was sent.",
                };
                output::note(next);
                exit
            }
        };
        self.tell_summary();
        Ok(refused)
    }

    fn tell_summary(&self) {
        let files = self.set.documents.iter().map(|document| &*document.file);
        summary::tell(&self.set.files, files.zip(self.words.iter().copied()));
    }
}

const NOT_SENT: &str = "not sent";

fn word(entry: &ReportEntry) -> &'static str {
    match entry.outcome {
        OutcomeWord::Saved => "saved",
        OutcomeWord::DryRun if !entry.changes.is_empty() => "to be changed",
        OutcomeWord::Unchanged | OutcomeWord::DryRun => "unchanged",
        OutcomeWord::NotSent if entry.exit == Exit::Done => NOT_SENT,
        _ => FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> DocumentSet {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("d.yaml");
        std::fs::write(&path, text).unwrap();
        let file = vec![path];
        FileArgs {
            file,
            ..FileArgs::default()
        }
        .read()
        .unwrap()
    }

    #[test]
    fn each_document_keeps_its_own_endpoint_where_one_says_none() {
        let set = set("id: a\n---\nname: b\n---\nid: c\n");
        let (documents, ids) = with_endpoints(&set, None);
        assert_eq!(ids, ["a", "c"]);
        assert!(Arc::ptr_eq(documents[1], &set.documents[2]));
        assert_eq!(with_endpoints(&set, Some("x")).1, ["x", "x", "x"]);
    }

    #[test]
    fn a_failure_is_noted_of_the_document_that_it_is_of_and_of_no_other() {
        let (known, unknown) = (set("id: a\n---\nid: b\n"), set("id: a\n"));
        let mut checked = Checked::new(&known);
        checked.failed(&unknown.documents[0]);
        assert_eq!(checked.words, [NOT_SENT, NOT_SENT]);
        checked.failed(&known.documents[1]);
        assert_eq!(checked.words, [NOT_SENT, FAILED]);
    }
}
