//! A unified diff of two update bodies. They are compared as they are and shown masked, so that a changed secret shows
//! as changed: its line goes and comes back looking the same, but for blanks and line breaks at its ends where only
//! those differ.

use std::ops::Range;

use similar::{ChangeTag, TextDiff};

use super::output::Tone;
use crate::endpoint::EndpointConfig;
use crate::endpoint::body;

/// Lines around a change.
const AROUND: usize = 3;

/// The diff, colours and all, under what both sides are called; empty where the bodies are the same.
pub fn of(old: (&str, &EndpointConfig), new: (&str, &EndpointConfig), reveal: bool) -> String {
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
