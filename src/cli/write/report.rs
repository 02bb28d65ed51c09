//! What became of a write: in sentences for people, as a list for programs, and as an exit code.

use serde::Serialize;
use serde_json::Value;

use crate::api::{ApiError, FailureHint};
use crate::cli::failure::Failure;
use crate::cli::output::{self, OutputFormat, Tone};
use crate::cli::rollout::RolloutJson;
use crate::cli::{changes, problems};
use crate::exit_code::Exit;

/// What became of one endpoint, as JSON and YAML have it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportEntry {
    /// `null` where a document doesn't say which endpoint it is for.
    pub id: Option<String>,
    pub name: Option<String>,
    pub outcome: OutcomeWord,
    pub changes: Vec<changes::ChangeJson>,
    /// Errors and warnings of the configuration or its file.
    pub problems: Vec<problems::ProblemJson>,
    /// What somebody else changed otherwise; only with the outcome `conflict`.
    pub conflicts: Vec<changes::ClashJson>,
    /// What reads back otherwise than it was sent; only with the outcome `storedDifferently`.
    pub read_back: Vec<changes::DeviationJson>,
    /// What moved of what no update sets, beside a stored update.
    pub moved: Vec<changes::MovedJson>,
    /// What is to be known beside the outcome, a sentence each.
    pub warnings: Vec<String>,
    /// The outcome in whole sentences.
    pub message: String,
    /// The profile in use; `null` without one.
    pub profile: Option<String>,
    /// Which API it was; `demo` for the simulated one.
    pub base_url: String,
    /// Whether the workers are as asked for; only with `--wait`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollout: Option<RolloutJson>,
    /// What would be sent; only of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The very bytes of it; only of a dry run that reveals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_text: Option<String>,
    /// Where it is, in words.
    #[serde(skip)]
    pub place: String,
    #[serde(skip)]
    pub exit: Exit,
    /// How many of the warnings were told with the changes.
    #[serde(skip)]
    pub told: usize,
}

/// The outcome in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OutcomeWord {
    /// Every sent field read back as sent.
    Saved,
    /// The server holds it already; nothing was sent.
    Unchanged,
    /// It was only printed.
    DryRun,
    /// A value or the file breaks a rule; nothing was sent.
    Invalid,
    /// Somebody else changed the same; nothing was sent.
    Conflict,
    /// It never went out.
    NotSent,
    /// The server said no.
    Refused,
    /// The server said no, and what it holds could not be read.
    RefusedNotRead,
    /// A sent field reads back otherwise.
    StoredDifferently,
    /// The server took it, and doesn't show it yet.
    NotShown,
    /// It was sent, read back, and is not there.
    NotSaved,
    /// It was sent, and whether it was stored is not known.
    NotKnown,
}

impl ReportEntry {
    /// Whether what was asked for holds now.
    pub fn is_good(&self) -> bool {
        matches!(
            self.outcome,
            OutcomeWord::Saved | OutcomeWord::Unchanged | OutcomeWord::DryRun
        )
    }
}

/// Whether a failure would be the same for every other endpoint: the way to the server, or the key.
pub fn is_everybodys(error: &ApiError) -> bool {
    match error {
        ApiError::Setup(_) | ApiError::NotSent { .. } | ApiError::Redirect { .. } => true,
        ApiError::NoAnswer { .. } => true,
        ApiError::Refused(refused) => {
            error.hint() == FailureHint::Key || refused.status == 429 || matches!(refused.status, 502..=504)
        }
        ApiError::Unreadable { .. } | ApiError::Incomplete(_) => false,
    }
}

/// An endpoint as messages name it: `llama-3-8b (ep_7f3a91c2)`; only the id where it has no name.
pub fn title(id: &str, name: &str) -> String {
    if name.trim().is_empty() {
        id.to_owned()
    } else {
        format!("{name} ({id})")
    }
}

/// Prints the sentences of one entry for people: good ones to stdout where no other form is asked for, since they are
/// the result, others to stderr.
///
/// # Errors
/// [`Failure::Output`].
pub fn tell(entry: &ReportEntry, form: OutputFormat) -> Result<(), Failure> {
    let Some(line) = line(entry) else { return Ok(()) };
    for warning in &entry.warnings[entry.told..] {
        output::note(&output::warning(warning));
    }
    match (entry.is_good(), form) {
        (true, OutputFormat::Table) => {
            let told = output::text(&format!("{line}\n"));
            if told.is_err() {
                output::note(&line);
            }
            told
        }
        // It stands in the result.
        (true, _) => Ok(()),
        (false, _) => {
            output::note(&line);
            Ok(())
        }
    }
}

/// The sentences of a good end for stderr, where stdout doesn't take them: what is stored is to be known. Others stand
/// there already.
pub fn tell_anyway(entry: &ReportEntry) {
    if let Some(line) = line(entry).filter(|_| entry.is_good()) {
        output::note(&line);
    }
}

/// `None` for a dry run, whose body is all there is to tell.
fn line(entry: &ReportEntry) -> Option<String> {
    let title = title(
        entry.id.as_deref().unwrap_or_default(),
        entry.name.as_deref().unwrap_or_default(),
    );
    let (tone, word) = match entry.outcome {
        OutcomeWord::Saved => (Tone::Good, "Saved"),
        OutcomeWord::Unchanged => (Tone::Plain, "Nothing to change"),
        OutcomeWord::DryRun => return None,
        OutcomeWord::Invalid => (Tone::Bad, "Not sent"),
        OutcomeWord::Conflict => (Tone::Bad, "Conflict"),
        OutcomeWord::NotSent => (Tone::Bad, "Not sent"),
        OutcomeWord::Refused => (Tone::Bad, "Refused"),
        OutcomeWord::RefusedNotRead => (Tone::Warning, "Refused, not read back"),
        OutcomeWord::StoredDifferently => (Tone::Bad, "Stored differently"),
        OutcomeWord::NotShown => (Tone::Warning, "Accepted, not shown yet"),
        OutcomeWord::NotSaved => (Tone::Bad, "Not saved"),
        OutcomeWord::NotKnown => (Tone::Warning, "Not known"),
    };
    Some(format!(
        "{}: {} {}: {}",
        tone.paint(word),
        Tone::Strong.paint(&title),
        output::safe(&entry.place),
        output::lines(&entry.message)
    ))
}
