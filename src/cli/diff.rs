//! `novita-edit diff`: what applying files would change, or where two endpoints differ.

use clap::Args;

use super::compare::{self, Compared};
use super::context::Context;
use super::failure::Failure;
use super::field::FieldPath;
use super::files::summary::{self, FAILED};
use super::files::{self, DocumentSet, FileArgs, MatchedDocument};
use super::options::{OutputArgs, RevealArgs, not_empty};
use super::write::title;
use super::{output, problems, target};
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::exit_code::Exit;

const AFTER_HELP: &str = "\
Each document is compared with the endpoint whose id it has; one without an id
needs the ID beside -f. One that is in no order, or whose endpoint is missing,
is told and doesn't hide the others. Values of environment variables are masked
unless --reveal is given; a value that differs shows all the same.

Two IDs compare two endpoints, the id and the name with the rest.

Exit code 0 without a difference, 1 with one, above 1 for trouble; a document
that is no update body is 4.

Examples:
  novita-edit diff -f my-endpoint.yaml
  novita-edit diff -f my-endpoint.yaml -o json
  novita-edit diff -f endpoints/ -R
  git show HEAD~1:prod.yaml | novita-edit diff -f -
  novita-edit diff staging prod --ignore id,name,envs.LOG_LEVEL";

/// clap's own would call the second endpoint a file.
const USAGE: &str = "novita-edit diff [OPTIONS] [ID] -f FILE
       novita-edit diff [OPTIONS] ID OTHER";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP, override_usage = USAGE)]
pub struct DiffArgs {
    /// Endpoint: its id, or its name where only one has it. Without -f another one
    /// stands behind it
    #[arg(value_name = "ID", value_parser = not_empty())]
    pub id: Option<String>,

    /// Leave out what differs here: paths as for set and get --field, with commas
    /// between them (id, name, workerConfig, envs.LOG_LEVEL…)
    #[arg(long, value_name = "PATHS", value_delimiter = ',', value_parser = FieldPath::parse)]
    pub ignore: Vec<FieldPath>,

    #[command(flatten)]
    pub file: FileArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub reveal: RevealArgs,
}

/// What is compared.
pub enum DiffSides {
    /// Documents with their endpoints.
    Documents(DocumentSet),
    /// Two endpoints.
    Endpoints([String; 2]),
}

impl DiffArgs {
    /// Which two endpoints are compared; or reads the files. Waits for them.
    ///
    /// # Errors
    /// None can be read, or there are several documents beside an ID.
    pub fn read(&mut self) -> Result<DiffSides, Failure> {
        if let Some(other) = self.file.take_other(self.id.as_ref())? {
            let id = self.id.take().unwrap_or_default();
            return Ok(DiffSides::Endpoints([id, other]));
        }
        if !self.file.any() {
            let endpoints = if self.id.is_some() {
                "another endpoint"
            } else {
                "two endpoints"
            };
            return Err(Failure::Usage(format!(
                "there is nothing to compare. Name {endpoints}, or a file behind -f"
            )));
        }
        self.id = self.file.take_words(self.id.take())?;
        let set = self.file.read()?;
        set.check_id(self.id.as_deref())?;
        Ok(DiffSides::Documents(set))
    }

    /// The new side, with what is to be left out as the old side has it.
    fn without_ignored(&self, old: &EndpointConfig, new: &EndpointConfig) -> EndpointConfig {
        let mut new = new.clone();
        self.ignore.iter().for_each(|path| path.copy(old, &mut new));
        new
    }
}

/// Prints the differences.
///
/// # Errors
/// They can't be printed; one of two endpoints can't be read.
pub async fn run(cx: &Context, args: &DiffArgs, sides: &DiffSides) -> Result<Exit, Failure> {
    match sides {
        DiffSides::Documents(set) => documents(cx, args, set).await,
        DiffSides::Endpoints(ids) => endpoints(cx, args, ids).await,
    }
}

async fn endpoints(cx: &Context, args: &DiffArgs, [old, new]: &[String; 2]) -> Result<Exit, Failure> {
    let (old, new) = tokio::join!(target::load(cx, old), target::load(cx, new));
    let (old, new) = (old?, new?);
    let title = |loaded: &LoadedEndpoint| title(&loaded.config.id, &loaded.config.name);
    let shown = args.without_ignored(&old.config, &new.config);
    let compared = Compared::new((title(&old), &old.config), (title(&new), &shown));
    let pairs = if compared.is_same() { vec![] } else { vec![&compared] };
    compare::print(&pairs, args.output.output, args.reveal.reveal)?;
    let unsent = unsent_differences(&old, &new);
    if !unsent.is_empty() {
        output::note(&format!(
            "What no update sets differs as well: {}. `novita-edit show` prints it.",
            output::safe(&unsent.join(", "))
        ));
    }
    let paths = compared.paths();
    if paths.is_empty() {
        output::note("No difference.");
        return Ok(Exit::Done);
    }
    if paths.iter().all(|path| ["id", "name"].contains(&path.as_str())) {
        output::note("Only what tells them apart differs; --ignore id,name leaves it out.");
    }
    Ok(Exit::Different)
}

/// The paths of what no update sets and two endpoints have otherwise, but for what tells them apart.
pub fn unsent_differences(old: &LoadedEndpoint, new: &LoadedEndpoint) -> Vec<String> {
    let moved = old.status.settings_changed(&new.status).into_iter();
    let paths = moved.map(|moved| moved.path);
    paths
        .filter(|path| !["appName", "url"].contains(&path.as_str()))
        .collect()
}

/// A document that is an update body, beside what its endpoint is now.
struct DocumentPair<'a> {
    one: &'a MatchedDocument,
    base: &'a LoadedEndpoint,
    new: EndpointConfig,
}

impl DocumentPair<'_> {
    fn compared(&self) -> Compared<'_> {
        let old = format!("{} as it is", self.base.config.id);
        let new = self.one.document.file.to_string();
        Compared::new((old, &self.base.config), (new, &self.new))
    }
}

async fn documents(cx: &Context, args: &DiffArgs, set: &DocumentSet) -> Result<Exit, Failure> {
    let all = set.against(cx, args.id.as_deref()).await;
    let pairs: Vec<Option<DocumentPair>> = all.iter().map(|one| pair(args, one)).collect();
    let faulty = tell_faults(set, &all);
    let failed = all
        .iter()
        .filter_map(|one| Some((&one.document, one.failure.as_ref()?)));
    let unread = set.unread().or(files::tell_failures(failed, args.id.is_some()));
    let compared: Vec<Option<Compared>> = pairs.iter().map(|pair| Some(pair.as_ref()?.compared())).collect();
    let differing: Vec<&Compared> = compared.iter().flatten().filter(|pair| !pair.is_same()).collect();
    compare::print(&differing, args.output.output, args.reveal.reveal)?;
    let exit = match unread {
        Some(exit) => exit,
        None if faulty => {
            output::note("Mend what is named above: what it would change can't be told before.");
            Exit::Invalid
        }
        None if differing.is_empty() => {
            output::note("No difference.");
            Exit::Done
        }
        None => Exit::Different,
    };
    let word = |pair: &Option<Compared>| match pair.as_ref().map(Compared::is_same) {
        None => FAILED,
        Some(true) => "unchanged",
        Some(false) => "different",
    };
    let files = all.iter().map(|one| &*one.document.file);
    summary::tell(&set.files, files.zip(compared.iter().map(word)));
    Ok(exit)
}

fn pair<'a>(args: &DiffArgs, one: &'a MatchedDocument) -> Option<DocumentPair<'a>> {
    let (new, base) = (one.config.as_ref().ok()?, one.base.as_ref()?);
    let new = args.without_ignored(&base.config, new);
    Some(DocumentPair { one, base, new })
}

/// What keeps documents from being update bodies; whether there is any.
fn tell_faults(set: &DocumentSet, all: &[MatchedDocument]) -> bool {
    let mut faulty = false;
    for one in all {
        let id = one.base.as_ref().map(|base| base.config.id.as_str());
        for fault in one.config.as_ref().err().into_iter().flatten() {
            faulty = true;
            output::note(&problems::line_of(id.filter(|_| set.is_many()), fault));
        }
    }
    faulty
}
