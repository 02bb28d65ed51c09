//! What was sent before, and the way back.

use crate::endpoint::EndpointConfig;
use crate::endpoint::diff;
use crate::session::in_short;
use crate::store::{History, Record};
use crate::text::width::{cut_end, shown_width};

/// The history screen.
#[derive(Debug, Default)]
pub struct Past {
    /// What was sent, the newest first; `None` while it is read, or why it couldn't be.
    pub sends: Option<Result<Vec<PastSend>, String>>,
    /// Lines of the file that could not be read.
    pub skipped: usize,
    /// The focused send.
    pub at: usize,
    /// The focused send is open: its difference from what the form holds now.
    pub open: Option<PastPage>,
    /// First line of the open page that is shown.
    pub scroll: usize,
    /// Environment values are shown.
    pub reveal: bool,
}

/// Which side of a send is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastPage {
    /// What the server held before it.
    Before,
    /// What was sent.
    Sent,
}

/// One send.
#[derive(Debug)]
pub struct PastSend {
    /// It.
    pub record: Record,
    /// What it changed, in a few words each.
    pub changes: Vec<String>,
}

impl PastSend {
    fn new(record: Record) -> Self {
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

    /// A configuration of it.
    pub fn config(&self, page: PastPage) -> &EndpointConfig {
        match page {
            PastPage::Before => &self.record.before.config,
            PastPage::Sent => &self.record.after,
        }
    }

    /// What came of it, in a word.
    pub fn outcome(&self) -> &'static str {
        self.record.outcome.words()
    }
}

impl Past {
    /// Takes what was read.
    pub fn read(&mut self, history: Result<History, String>) {
        self.sends = Some(history.map(|history| {
            self.skipped = history.skipped;
            history.records.into_iter().map(PastSend::new).collect()
        }));
    }

    /// The sends that are there so far.
    pub fn sends(&self) -> &[PastSend] {
        match &self.sends {
            Some(Ok(sends)) => sends,
            _ => &[],
        }
    }

    /// The focused send.
    pub fn focused(&self) -> Option<&PastSend> {
        self.sends().get(self.at)
    }
}
