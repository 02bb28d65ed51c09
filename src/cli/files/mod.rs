//! Files of endpoints that a command reads: `-f`, several times, folders and patterns too, or `-` for standard input.

mod paths;
pub mod summary;
mod values;

use std::collections::HashMap;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::context::Context;
use super::failure::Failure;
use super::problems::{self, ProblemJson, ProblemPlace};
use super::runtime::reading;
use super::{concurrent, meant, output, target};
use crate::endpoint::document::{Document, DocumentFault, DocumentFormat, read};
use crate::endpoint::masked::MeantValues;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::exit_code::Exit;
use crate::fs::open_stream;
use crate::secret::read_to_end;
use paths::STDIN;
use values::NamedValues;

/// Larger files hold no endpoints.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The options of every command that reads files of endpoints. Whether one has to be named is the command's to say, by
/// its group `what`.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct FileArgs {
    /// File of update bodies, JSON or YAML, one or several; a folder: its *.json,
    /// *.yaml and *.yml; 'PATTERN*'; - for standard input. May be repeated
    #[arg(short, long, value_name = "FILE", group = "what")]
    pub file: Vec<PathBuf>,

    /// Look into the folders in a folder, too
    #[arg(short = 'R', long, requires = "file")]
    pub recursive: bool,

    /// What a shell makes of -f *.yaml; to diff another endpoint
    #[arg(value_name = "FILE", hide = true)]
    pub more: Vec<PathBuf>,
}

/// All documents of all files that a command was given.
#[derive(Debug)]
pub struct DocumentSet {
    /// What the files are called, in their order, those that can't be read too, and the folders and patterns without
    /// any.
    pub files: Vec<Arc<str>>,
    /// At least one.
    pub documents: Vec<Arc<FileDocument>>,
    /// Of the first file, folder or pattern that can't be read; each was told.
    unread: Option<Exit>,
}

/// A document, and where it comes from.
#[derive(Debug)]
pub struct FileDocument {
    /// What its file is called, as it is.
    pub file: Arc<str>,
    /// Which of the file's documents it is, from 1.
    pub number: usize,
    document: Document,
    /// Where another one for the same endpoint stands before it.
    same_before: Option<ProblemPlace>,
}

/// A document beside the endpoint that it is for.
#[derive(Debug)]
pub struct MatchedDocument {
    pub document: Arc<FileDocument>,
    /// As the server has it; `None` where the document doesn't say which endpoint it is for, or it can't be read.
    pub base: Option<LoadedEndpoint>,
    /// What the document says, or all that is wrong with it.
    pub config: Result<EndpointConfig, Vec<ProblemJson>>,
    /// Why the endpoint can't be read.
    pub failure: Option<Failure>,
}

impl FileArgs {
    /// Whether any file is named.
    pub fn any(&self) -> bool {
        !self.file.is_empty()
    }

    /// Whether standard input is one of the files.
    pub fn reads_stdin(&self) -> bool {
        self.file.iter().any(|path| path.as_os_str() == STDIN)
    }

    /// The other endpoint, where two are named and no file is.
    ///
    /// # Errors
    /// [`Failure::Usage`]: more than two are named.
    pub fn take_other(&mut self, id: Option<&String>) -> Result<Option<String>, Failure> {
        if self.any() || id.is_none() {
            return Ok(None);
        }
        let mut words = std::mem::take(&mut self.more).into_iter();
        match (words.next(), words.next()) {
            (other, None) => Ok(other.map(|other| other.display().to_string())),
            (_, Some(third)) => Err(Failure::Usage(format!(
                "{} is one endpoint too many. Two are compared; files are named behind -f",
                output::safe(&third.display().to_string())
            ))),
        }
    }

    /// Words beside `-f` that are files and not an ID, since a shell wrote several where a pattern stood; the ID that is
    /// left.
    ///
    /// # Errors
    /// [`Failure::Usage`] for words that are neither.
    pub fn take_words(&mut self, id: Option<String>) -> Result<Option<String>, Failure> {
        let mut id = id;
        if let Some(word) = id.take_if(|word| self.any() && paths::is_document(Path::new(word))) {
            self.file.push(word.into());
        }
        for word in std::mem::take(&mut self.more) {
            if !self.any() || !paths::is_document(&word) {
                let word = output::safe(&word.display().to_string());
                return Err(Failure::Usage(format!(
                    "{word} is one word too many. A file is named behind -f, and one ID may stand beside it"
                )));
            }
            self.file.push(word);
        }
        Ok(id)
    }

    /// Reads all files, and the values that they name; nothing is said yet of what is in them. Waits for them, and for
    /// pipes among them. One that can't be read, and a folder or pattern without any, is told and doesn't hide the others.
    ///
    /// # Errors
    /// What keeps all of them from being read; somebody interrupts.
    pub fn read(&self) -> Result<DocumentSet, Failure> {
        let (named, recursive) = (self.file.clone(), self.recursive);
        reading(move || DocumentSet::read(&named, recursive))?
    }
}

impl DocumentSet {
    fn read(named: &[PathBuf], recursive: bool) -> Result<Self, Failure> {
        let mut set = Self {
            files: Vec::new(),
            documents: Vec::new(),
            unread: None,
        };
        let mut failures = Vec::new();
        let mut values = NamedValues::of_process();
        let mut first_of: HashMap<String, Arc<FileDocument>> = HashMap::new();
        for found in paths::all(named, recursive)? {
            let name: Arc<str> = match &found {
                Ok(path) => name_of(path),
                Err(none) => name_of(&none.named),
            }
            .into();
            set.files.push(Arc::clone(&name));
            let read = found
                .map_err(|none| none.failure)
                .and_then(|path| Ok((documents_of(&path, &name)?, path)));
            match read {
                Ok((mut documents, path)) => {
                    let folder = path.parent().unwrap_or(Path::new(""));
                    let fill = |document: &mut Document| document.fill(|source| values.of(source, folder));
                    documents.iter_mut().for_each(fill);
                    set.add(&name, documents, &mut first_of);
                }
                Err(failure) => failures.push(failure),
            }
        }
        if set.documents.is_empty() && !failures.is_empty() {
            let first = failures.remove(0);
            failures.iter().for_each(tell);
            return Err(first);
        }
        failures.iter().for_each(tell);
        set.unread = failures.first().map(Failure::exit);
        Ok(set)
    }

    /// `first_of` has the first document for each endpoint.
    fn add(&mut self, file: &Arc<str>, documents: Vec<Document>, first_of: &mut HashMap<String, Arc<FileDocument>>) {
        for (number, document) in (1..).zip(documents) {
            let first = document.id().and_then(|id| first_of.get(id));
            let document = Arc::new(FileDocument {
                file: Arc::clone(file),
                number,
                same_before: first.map(|first| first.place("id")),
                document,
            });
            if let Some(id) = document.id() {
                first_of.entry(id.to_owned()).or_insert_with(|| Arc::clone(&document));
            }
            self.documents.push(document);
        }
    }

    /// How messages name what the documents are in.
    pub fn title(&self) -> String {
        match self.files.as_slice() {
            [one] => output::safe(one),
            several => format!("{} files", several.len()),
        }
    }

    /// Whether there are several documents: then each has to say which endpoint it is for.
    pub fn is_many(&self) -> bool {
        self.documents.len() > 1
    }

    /// The exit code for files that can't be read.
    pub fn unread(&self) -> Option<Exit> {
        self.unread
    }

    /// An ID beside several documents names none of them.
    ///
    /// # Errors
    /// [`Failure::Usage`].
    pub fn check_id(&self, id: Option<&str>) -> Result<(), Failure> {
        if id.is_none() || !self.is_many() {
            return Ok(());
        }
        let (title, count) = (self.title(), self.documents.len());
        let verb = if self.files.len() > 1 { "hold" } else { "holds" };
        Err(Failure::Usage(format!(
            "{title} {verb} {count} endpoints, so no ID can be given beside it. Leave it out: each document says its own"
        )))
    }

    /// Each document against the endpoint that it is for, as the server has it now; `id` says which that is where there
    /// is only one document, whatever it says itself. A document that doesn't say it, or whose endpoint can't be read,
    /// is only told what is wrong with it.
    pub async fn against(&self, cx: &Context, id: Option<&str>) -> Vec<MatchedDocument> {
        let load = async |document: &Arc<FileDocument>| {
            let Some(id) = id.or_else(|| document.id()) else {
                return Ok(None);
            };
            let base = target::load(cx, id).await?;
            let meant = meant::values(&cx.platform.send_log(), &base, &[]).await;
            Ok(Some((base, meant)))
        };
        let loaded = concurrent::each(&self.documents, load).await;
        let pair = |(document, loaded): (&Arc<FileDocument>, Result<_, Failure>)| {
            let (loaded, failure) = match loaded {
                Ok(loaded) => (loaded, None),
                Err(failure) => (None, Some(failure)),
            };
            let before = loaded
                .as_ref()
                .map(|(base, meant): &(LoadedEndpoint, _)| (&base.config, meant));
            MatchedDocument {
                config: document.config(before, id.is_some()),
                document: Arc::clone(document),
                base: loaded.map(|(base, _)| base),
                failure,
            }
        };
        self.documents.iter().zip(loaded).map(pair).collect()
    }
}

impl FileDocument {
    /// Which endpoint it is for, as far as it says.
    pub fn id(&self) -> Option<&str> {
        self.document.id()
    }

    /// The configuration that it says, beside the endpoint's own where that is known, with which of its values that look
    /// masked are meant. `named`: the command says which endpoint it is for, so an `id` isn't missed.
    ///
    /// # Errors
    /// All that is wrong, in the order of the text.
    pub fn config(
        &self,
        before: Option<(&EndpointConfig, &MeantValues)>,
        named: bool,
    ) -> Result<EndpointConfig, Vec<ProblemJson>> {
        let read = match before {
            Some((before, meant)) => self.document.config_beside(Some(before), meant),
            None => self.document.config(None),
        };
        let (config, mut faults) = match read {
            Ok(config) => (Some(config), Vec::new()),
            Err(faults) => (None, faults),
        };
        // Whether the id is right is told once the endpoint is read.
        faults.retain(|fault| !named || before.is_some() || fault.path != "id");
        if let Some(other) = &self.same_before {
            let place = self.place("id");
            let message = format!(
                "this endpoint has a document already, {}:{}; which one counts?",
                other.file, other.line
            );
            faults.push(DocumentFault {
                path: "id".to_owned(),
                message,
                line: place.line,
                column: place.column,
            });
            faults.sort_by_key(|fault| (fault.line, fault.column));
        }
        match config {
            Some(config) if faults.is_empty() => Ok(config),
            _ => Err(faults
                .iter()
                .map(|fault| problems::fault(fault, &self.file, self.number))
                .collect()),
        }
    }

    /// Where a path of the update body stands; of what isn't there, where the document begins.
    pub fn place(&self, path: &str) -> ProblemPlace {
        let (line, column) = self.document.place_of(path).unwrap_or((self.document.line(), 1));
        ProblemPlace {
            file: self.file.to_string(),
            number: self.number,
            line,
            column,
        }
    }

    /// A problem of what it says, with its place.
    pub fn placed(&self, problem: ProblemJson) -> ProblemJson {
        let document = Some(self.place(&problem.path));
        ProblemJson { document, ..problem }
    }
}

/// Tells of the endpoints that can't be read, each once; the exit code of the first. `named`: the command says which
/// endpoint is meant, so it is no fault of the file that there is none.
pub fn tell_failures<'a>(
    failed: impl IntoIterator<Item = (&'a Arc<FileDocument>, &'a Failure)>,
    named: bool,
) -> Option<Exit> {
    let mut exit = None;
    let mut told: Vec<String> = Vec::new();
    for (document, failure) in failed {
        exit.get_or_insert(failure.exit());
        let shown = failure.shown();
        if failure.exit() == Exit::NotFound && !named {
            let place = output::safe(&document.place("id").to_string());
            let error = output::Tone::Bad.paint("error");
            output::note(&format!("{place}: {error}: id: {shown}"));
        // The way to the server fails for all of them alike.
        } else if !told.contains(&shown) {
            tell(failure);
            told.push(shown);
        }
    }
    exit
}

fn tell(failure: &Failure) {
    output::note(&format!("novita-edit: {}", failure.shown()));
}

fn name_of(path: &Path) -> String {
    match path.as_os_str() == STDIN {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// The documents of a file, at least one.
fn documents_of(path: &Path, name: &str) -> Result<Vec<Document>, Failure> {
    let text = text_of(path, name, MOST_BYTES, "that is no file of endpoints")?;
    let documents = read(&text, form_of(path));
    if documents.is_empty() {
        return Err(Failure::Invalid(format!(
            "{} holds no endpoint. `novita-edit get ID` prints one to begin with",
            output::safe(name)
        )));
    }
    Ok(documents)
}

/// What a text file holds, or standard input for `-`, and what it is called, as it is. Waits for it.
///
/// # Errors
/// [`Failure::File`] where it can't be read, [`Failure::Invalid`] where it is no text or has more bytes, which `no_such`
/// says more of; somebody interrupts.
pub fn text(path: &Path, most: u64, no_such: &'static str) -> Result<(String, Zeroizing<String>), Failure> {
    let (path, name) = (path.to_owned(), name_of(path));
    let text = {
        let name = name.clone();
        reading(move || text_of(&path, &name, most, no_such))??
    };
    Ok((name, text))
}

fn text_of(path: &Path, name: &str, most: u64, no_such: &str) -> Result<Zeroizing<String>, Failure> {
    let shown = output::safe(name);
    let unreadable = |problem: io::Error| Failure::File(format!("{shown} can't be read: {problem}. Check -f"));
    let bytes = if path.as_os_str() == STDIN {
        if io::stdin().is_terminal() {
            output::note(&output::faint("Reading from the terminal; Ctrl-D ends it."));
        }
        all_of(io::stdin().lock(), most)
    } else {
        open_stream(path).and_then(|file| all_of(file, most))
    };
    let bytes = bytes.map_err(unreadable)?;
    if bytes.len() as u64 > most {
        let most = most / 1024 / 1024;
        return Err(Failure::Invalid(format!(
            "{shown} is larger than {most} MiB: {no_such}. Check -f"
        )));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => Err(Failure::Invalid(format!(
            "{shown} is no text: byte {} is not UTF-8. Check -f",
            error.valid_up_to()
        ))),
    }
}

fn all_of(from: impl Read, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    read_to_end(from, 64 * 1024, most + 1)
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
