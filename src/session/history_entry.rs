//! What was sent before, in words, for the editor's history and the command line's.

use super::in_short;
use crate::endpoint::EndpointConfig;
use crate::endpoint::diff;
use crate::store::Record;
use crate::text::width::{cut_end, shown_width};

/// Which side of a send is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendSide {
    /// What the server held before it.
    Before,
    /// What was sent.
    Sent,
}

/// One send, with what it changed in words.
#[derive(Debug)]
pub struct HistoryEntry {
    /// The send as it was recorded.
    pub record: Record,
    /// What it changed, in a few words each.
    pub changes: Vec<String>,
}

impl HistoryEntry {
    /// Of what was recorded.
    pub fn new(record: Record) -> Self {
        let sides = (&record.before.config, &record.after);
        let changes = diff::changes(sides.0, sides.1);
        Self {
            changes: changes.iter().map(|change| in_short(change, sides)).collect(),
            record,
        }
    }

    /// What it changed, as much of it as so many columns hold, and how much more there is.
    pub fn summary(&self, room: usize) -> String {
        let Some((first, rest)) = self.changes.split_first() else {
            return "no change".to_owned();
        };
        let more = |left: usize| {
            if left == 0 {
                String::new()
            } else {
                format!(", {left} more")
            }
        };
        let mut told = first.clone();
        for (at, change) in rest.iter().enumerate() {
            let left = rest.len() - at;
            if shown_width(&told) + 2 + shown_width(change) + shown_width(&more(left - 1)) > room {
                let tail = more(left);
                return format!("{}{tail}", cut_end(&told, room.saturating_sub(tail.len())));
            }
            told.push_str(", ");
            told.push_str(change);
        }
        told
    }

    /// The configuration on one side of it.
    pub fn config(&self, side: SendSide) -> &EndpointConfig {
        match side {
            SendSide::Before => &self.record.before.config,
            SendSide::Sent => &self.record.after,
        }
    }

    /// What came of it, in a word.
    pub fn outcome(&self) -> &'static str {
        self.record.outcome.words()
    }
}
