//! Two configurations beside each other, as `diff` prints them: a unified diff of their update bodies, or the list of
//! their differences.

use std::ops::Range;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::changes::{self, ChangeJson};
use super::failure::Failure;
use super::output::{self, OutputFormat, Tone};
use crate::endpoint::diff::{self, Change, ShownValue};
use crate::endpoint::{EndpointConfig, body};
use crate::secret::MASK;

/// Lines around a change.
const AROUND: usize = 3;

/// Two configurations, and what differs.
pub struct Compared<'a> {
    /// What the old one is called, and the new one.
    titles: (String, String),
    old: &'a EndpointConfig,
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

impl<'a> Compared<'a> {
    /// Each side with what it is called.
    pub fn new(old: (String, &'a EndpointConfig), new: (String, &'a EndpointConfig)) -> Self {
        Self {
            titles: (old.0, new.0),
            changes: diff::changes(old.1, new.1),
            old: old.1,
            new: new.1,
        }
    }

    /// Whether both would be the same update.
    pub fn is_same(&self) -> bool {
        self.changes.is_empty() && self.old.id == self.new.id
    }

    /// The paths of what differs, as `set` takes them.
    pub fn paths(&self) -> Vec<String> {
        self.listed(false).into_iter().map(|change| change.path).collect()
    }

    fn listed(&self, reveal: bool) -> Vec<ChangeJson> {
        let id = (self.old.id != self.new.id).then(|| ChangeJson {
            path: "id".to_owned(),
            name: "ID".to_owned(),
            old: self.old.id.clone().into(),
            new: self.new.id.clone().into(),
        });
        id.into_iter().chain(changes::listed(&self.changes, reveal)).collect()
    }
}

/// Prints the differences of all pairs; environment values masked unless `reveal`.
///
/// # Errors
/// They can't be printed.
pub fn print(pairs: &[&Compared<'_>], form: OutputFormat, reveal: bool) -> Result<(), Failure> {
    let listed: Vec<FoundChange> = pairs
        .iter()
        .flat_map(|pair| {
            let found = |change| FoundChange {
                endpoint: &pair.old.id,
                change,
            };
            pair.listed(reveal).into_iter().map(found)
        })
        .collect();
    let text = |pair: &&Compared| {
        let (old, new) = &pair.titles;
        unified((old, pair.old), (new, pair.new), reveal)
    };
    let shown: String = pairs.iter().map(text).collect();
    let masked = match form {
        _ if reveal => 0,
        OutputFormat::Table => shown.matches(MASK).count(),
        OutputFormat::Json | OutputFormat::Yaml => pairs.iter().flat_map(|pair| &pair.changes).map(values).sum(),
        OutputFormat::Name => 0,
    };
    let names = || pairs.iter().map(|pair| pair.old.id.clone()).collect();
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
