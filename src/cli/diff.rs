//! `novita-edit diff`: what applying a file would change.

use std::ops::Range;

use clap::Args;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::changes::{self, ChangeJson};
use super::context::Context;
use super::failure::Failure;
use super::files::{Endpoints, FileArgs};
use super::options::{ID_HELP, OutputArgs, RevealArgs, not_empty};
use super::output::{self, OutputFormat, Tone};
use super::problems;
use crate::endpoint::diff::{self, Change, ShownValue};
use crate::endpoint::{EndpointConfig, LoadedEndpoint, body};
use crate::exit_code::Exit;
use crate::secret::MASK;
use crate::session::on_a_thread_that_may_wait;

/// Lines around a change.
const AROUND: usize = 3;

const AFTER_HELP: &str = "\
Each document is compared with the endpoint whose id it has; one without an id
needs the ID beside -f. Values of environment variables are masked unless
--reveal is given; a value that differs shows all the same.

Exit code 0 without a difference, 1 with one, above 1 for trouble; a document
that is no update body is 4.

Examples:
  novita-edit diff -f my-endpoint.yaml
  novita-edit diff -f my-endpoint.yaml -o json
  git show HEAD~1:prod.yaml | novita-edit diff -f -";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
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

/// Prints the differences.
///
/// # Errors
/// The file or an endpoint can't be read, or the differences can't be printed.
pub async fn run(cx: &Context, args: &DiffArgs) -> Result<Exit, Failure> {
    let path = args.file.file.clone();
    let file = on_a_thread_that_may_wait(move || Endpoints::read(&path)).await?;
    let all = file.against(cx, args.id.as_deref()).await?;
    let reveal = args.reveal.reveal;
    let mut pairs = Vec::new();
    let mut faulty = false;
    for one in &all {
        match (&one.config, &one.base) {
            (Ok(new), Some(base)) => pairs.push(DocumentPair {
                base,
                new,
                changes: diff::changes(&base.config, new),
            }),
            (Err(faults), base) => {
                faulty = true;
                let id = base
                    .as_ref()
                    .map(|base| base.config.id.as_str())
                    .filter(|_| all.len() > 1);
                for fault in faults {
                    output::note(&problems::line_of(id, &problems::fault(fault, &file.name)));
                }
            }
            (Ok(_), None) => {}
        }
    }
    pairs.retain(|pair| !pair.changes.is_empty());
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
    let text = |pair: &DocumentPair| {
        let old = format!("{} as it is", pair.base.config.id);
        unified((&old, &pair.base.config), (&file.name, pair.new), reveal)
    };
    let shown: String = pairs.iter().map(text).collect();
    let masked = match args.output.output {
        _ if reveal => 0,
        OutputFormat::Table => shown.matches(MASK).count(),
        OutputFormat::Json | OutputFormat::Yaml => pairs.iter().flat_map(|pair| &pair.changes).map(values).sum(),
        OutputFormat::Name => 0,
    };
    let names = || pairs.iter().map(|pair| pair.base.config.id.clone()).collect();
    output::document(args.output.output, &listed, || shown, names)?;
    output::tell_masked(masked);
    Ok(if faulty {
        output::note("Mend what is named above: what it would change can't be told before.");
        Exit::Invalid
    } else if pairs.is_empty() {
        output::note("No difference.");
        Exit::Done
    } else {
        Exit::Different
    })
}

/// How many values of the environment a change shows.
fn values(change: &Change) -> usize {
    let secret = |shown: &Option<ShownValue>| usize::from(matches!(shown, Some(ShownValue::Secret(_))));
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
