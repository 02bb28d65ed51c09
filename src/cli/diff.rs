//! `novita-edit diff`: what applying files would change.

use std::ops::Range;

use clap::{ArgGroup, Args};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::changes::{self, ChangeJson};
use super::context::Context;
use super::failure::Failure;
use super::files::summary::{self, FAILED};
use super::files::{self, DocumentSet, FileArgs, FileDocument, MatchedDocument};
use super::options::{ID_HELP, OutputArgs, RevealArgs, not_empty};
use super::output::{self, OutputFormat, Tone};
use super::problems;
use crate::endpoint::diff::{self, Change, ShownValue};
use crate::endpoint::{EndpointConfig, LoadedEndpoint, body};
use crate::exit_code::Exit;
use crate::secret::MASK;

/// Lines around a change.
const AROUND: usize = 3;

const AFTER_HELP: &str = "\
Each document is compared with the endpoint whose id it has; one without an id
needs the ID beside -f. One that is in no order, or whose endpoint is missing,
is told and doesn't hide the others. Values of environment variables are masked unless
--reveal is given; a value that differs shows all the same.

Exit code 0 without a difference, 1 with one, above 1 for trouble; a document
that is no update body is 4.

Examples:
  novita-edit diff -f my-endpoint.yaml
  novita-edit diff -f my-endpoint.yaml -o json
  novita-edit diff -f endpoints/ -R
  git show HEAD~1:prod.yaml | novita-edit diff -f -";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP, group(ArgGroup::new("what").required(true)))]
pub struct DiffArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: Option<String>,

    #[command(flatten)]
    pub file: FileArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub reveal: RevealArgs,
}

/// A document that is an update body, beside what its endpoint is now.
struct DocumentPair<'a> {
    document: &'a FileDocument,
    base: &'a LoadedEndpoint,
    new: &'a EndpointConfig,
    changes: Vec<Change>,
}

/// A change, as JSON and YAML have it.
#[derive(Serialize)]
struct FoundChange<'a> {
    endpoint: &'a str,
    #[serde(flatten)]
    change: ChangeJson,
}

impl DiffArgs {
    /// Reads the files. Waits for them.
    ///
    /// # Errors
    /// None can be read, or there are several documents beside an ID.
    pub fn read(&mut self) -> Result<DocumentSet, Failure> {
        self.id = self.file.take_words(self.id.take())?;
        let set = self.file.read()?;
        set.check_id(self.id.as_deref())?;
        Ok(set)
    }
}

/// Prints the differences.
///
/// # Errors
/// They can't be printed.
pub async fn run(cx: &Context, args: &DiffArgs, set: &DocumentSet) -> Result<Exit, Failure> {
    let all = set.against(cx, args.id.as_deref()).await;
    let reveal = args.reveal.reveal;
    let pairs: Vec<DocumentPair> = all.iter().filter_map(pair).collect();
    let faulty = tell_faults(set, &all);
    let failed = all
        .iter()
        .filter_map(|one| Some((&one.document, one.failure.as_ref()?)));
    let unread = set.unread().or(files::tell_failures(failed, args.id.is_some()));
    let differing: Vec<&DocumentPair> = pairs.iter().filter(|pair| !pair.changes.is_empty()).collect();
    print(&differing, args.output.output, reveal)?;
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
    let word = |one: &MatchedDocument| match pair(one).map(|pair| pair.changes.is_empty()) {
        None => FAILED,
        Some(true) => "unchanged",
        Some(false) => "different",
    };
    summary::tell(&set.files, all.iter().map(|one| (&*one.document.file, word(one))));
    Ok(exit)
}

fn pair(one: &MatchedDocument) -> Option<DocumentPair<'_>> {
    let (new, base) = (one.config.as_ref().ok()?, one.base.as_ref()?);
    Some(DocumentPair {
        document: &one.document,
        base,
        new,
        changes: diff::changes(&base.config, new),
    })
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

fn print(pairs: &[&DocumentPair], form: OutputFormat, reveal: bool) -> Result<(), Failure> {
    let listed: Vec<FoundChange> = pairs
        .iter()
        .flat_map(|pair| {
            let found = |change| FoundChange {
                endpoint: &pair.base.config.id,
                change,
            };
            changes::listed(&pair.changes, reveal).into_iter().map(found)
        })
        .collect();
    let text = |pair: &&DocumentPair| {
        let old = format!("{} as it is", pair.base.config.id);
        unified((&old, &pair.base.config), (&pair.document.file, pair.new), reveal)
    };
    let shown: String = pairs.iter().map(text).collect();
    let masked = match form {
        _ if reveal => 0,
        OutputFormat::Table => shown.matches(MASK).count(),
        OutputFormat::Json | OutputFormat::Yaml => pairs.iter().flat_map(|pair| &pair.changes).map(values).sum(),
        OutputFormat::Name => 0,
    };
    let names = || pairs.iter().map(|pair| pair.base.config.id.clone()).collect();
    output::document(form, &listed, || shown, names)?;
    output::tell_masked(masked);
    Ok(())
}

/// How many values of the environment a change shows masked.
fn values(change: &Change) -> usize {
    let secret =
        |shown: &Option<ShownValue>| usize::from(matches!(shown, Some(ShownValue::Secret(value)) if !value.is_empty()));
    secret(&change.old) + secret(&change.new)
}

/// The unified diff of two update bodies, colours and all, under what both sides are called; empty where the bodies are
/// the same.
///
/// They are compared as they are and shown masked, so that a changed secret shows as changed: its line goes and comes
/// back looking the same, but for blanks and line breaks at its ends where only those differ.
fn unified(old: (&str, &EndpointConfig), new: (&str, &EndpointConfig), reveal: bool) -> String {
    let (exact_old, exact_new) = (body::text(old.1) + "\n", body::text(new.1) + "\n");
    let (masked_old, masked_new) = body::masked_beside(old.1, new.1);
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = if reveal {
        (exact_old.lines().collect(), exact_new.lines().collect())
    } else {
        (masked_old.lines().collect(), masked_new.lines().collect())
    };
    let diff = TextDiff::from_lines(&exact_old, &exact_new);
    let groups = diff.grouped_ops(AROUND);
    let mut text = String::new();
    let mut add = |tone: Tone, line: String| text.push_str(&(tone.paint(&line) + "\n"));
    if groups.is_empty() {
        return text;
    }
    add(Tone::Strong, format!("--- {}", old.0));
    add(Tone::Strong, format!("+++ {}", new.0));
    for group in groups {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let old = first.old_range().start..last.old_range().end;
        let new = first.new_range().start..last.new_range().end;
        add(Tone::Faint, format!("@@ -{} +{} @@", range(&old), range(&new)));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, tone, line) = match change.tag() {
                ChangeTag::Delete => ('-', Tone::Bad, change.old_index().and_then(|at| old_lines.get(at))),
                ChangeTag::Insert => ('+', Tone::Good, change.new_index().and_then(|at| new_lines.get(at))),
                ChangeTag::Equal => (' ', Tone::Plain, change.new_index().and_then(|at| new_lines.get(at))),
            };
            add(tone, format!("{sign}{}", line.copied().unwrap_or_default()));
        }
    }
    text
}

/// As diff writes it: a count of one is left out, and what is empty is told by the line before it.
fn range(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        count => format!("{},{count}", lines.start + 1),
    }
}
