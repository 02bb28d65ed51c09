//! Files of endpoints that a command reads: `-f FILE`, or `-` for standard input.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::context::Context;
use super::failure::Failure;
use super::{concurrent, output, target};
use crate::endpoint::document::{Document, DocumentFault, DocumentFormat, read};
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::fs::open_stream;
use crate::secret::read_to_end;

/// Larger files hold no endpoints.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// A file that was read.
#[derive(Debug)]
pub struct Endpoints {
    /// What it is called, as it is.
    pub name: String,
    /// At least one.
    pub documents: Vec<Document>,
}

impl Endpoints {
    /// Reads the documents of a file; nothing is said yet of what is in them.
    ///
    /// # Errors
    /// [`Failure::File`] where it can't be read, [`Failure::Invalid`] where it holds no text or no document.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let shown = output::safe(&name);
        let unreadable = |problem: io::Error| Failure::File(format!("{shown} can't be read: {problem}. Check -f"));
        let bytes = if is_stdin {
            if io::stdin().is_terminal() {
                output::note(&output::faint("Reading from the terminal; Ctrl-D ends it."));
            }
            all_of(io::stdin().lock())
        } else {
            open_stream(path).and_then(all_of)
        };
        let bytes = bytes.map_err(unreadable)?;
        if bytes.len() as u64 > MOST_BYTES {
            let most = MOST_BYTES / 1024 / 1024;
            return Err(Failure::Invalid(format!(
                "{shown} is larger than {most} MiB: that is no file of endpoints. Check -f"
            )));
        }
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let at = error.valid_up_to();
            Failure::Invalid(format!("{shown} is no text: byte {at} is not UTF-8. Check -f"))
        })?;
        let documents = read(text, form_of(path));
        if documents.is_empty() {
            return Err(Failure::Invalid(format!(
                "{shown} holds no endpoint. `novita-edit get ID` prints one to begin with"
            )));
        }
        Ok(Self { name, documents })
    }

    /// Each document against the endpoint that it is for, as the server has it now; `id` says which that is where there
    /// is only one document, whatever it says itself. A document that doesn't say it is only told what is wrong with
    /// it.
    ///
    /// # Errors
    /// One of the endpoints can't be read, or `id` is given for several documents.
    pub async fn against(&self, cx: &Context, id: Option<&str>) -> Result<Vec<MatchedDocument<'_>>, Failure> {
        if id.is_some() && self.documents.len() > 1 {
            return Err(Failure::Usage(format!(
                "{} holds {} endpoints, so no ID can be given beside it. Leave it out: each document says its own",
                output::safe(&self.name),
                self.documents.len()
            )));
        }
        let against = async |document: &'_ Document| match id.or_else(|| document.id()) {
            Some(id) => target::load(cx, id).await.map(Some),
            None => Ok(None),
        };
        let loaded = concurrent::each(&self.documents, against).await;
        let all = self.documents.iter().zip(loaded).map(|(document, base)| {
            let base = base?;
            let config = document.config(base.as_ref().map(|base| &base.config));
            Ok(MatchedDocument { document, base, config })
        });
        all.collect()
    }
}

/// A document beside the endpoint that it is for.
#[derive(Debug)]
pub struct MatchedDocument<'a> {
    pub document: &'a Document,
    /// As the server has it; `None` where the document doesn't say which endpoint it is for.
    pub base: Option<LoadedEndpoint>,
    /// What the document says, or all that is wrong with it.
    pub config: Result<EndpointConfig, Vec<DocumentFault>>,
}

fn all_of(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    read_to_end(from, 64 * 1024, MOST_BYTES + 1)
}

/// By the file's ending; what has none of these is looked at.
fn form_of(path: &Path) -> DocumentFormat {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("json") => DocumentFormat::Json,
        Some("yaml" | "yml") => DocumentFormat::Yaml,
        _ => DocumentFormat::Guess,
    }
}

/// The option of every command that reads a file of endpoints.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct FileArgs {
    /// File of update bodies, JSON or YAML, one or several; - for standard input
    #[arg(short, long, value_name = "FILE")]
    pub file: PathBuf,
}
