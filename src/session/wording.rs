//! What is said of changes, sends and how a save ended: once for the editor and for the commands.

use super::save::{NotSaved, Outcome};
use crate::api::ApiError;
use crate::endpoint::diff::{self, Change, ShownValue};
use crate::endpoint::format::sides_worded;
use crate::endpoint::redact::without_secrets;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, FieldId, Moved};
use crate::secret::MASK;
use crate::store::Record;
use crate::text::width::{cut_end, shown_width};

/// What became of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A row came in.
    Added,
    /// A row went.
    Deleted,
    /// A field or a row holds something else.
    Changed,
}

impl ChangeKind {
    /// By what stood and stands there.
    pub fn of(change: &Change) -> Self {
        match (&change.old, &change.new) {
            (None, Some(_)) => Self::Added,
            (Some(_), None) => Self::Deleted,
            _ => Self::Changed,
        }
    }

    /// What stands in front of the change's name.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Added => "+",
            Self::Deleted => "-",
            Self::Changed => "*",
        }
    }
}

/// A change's sides, behind its name: `5 → 8`, `•••••• (added)`, `local 30 GB (deleted)`. `configs` are the
/// configurations before and after, for the units; environment values are masked unless `reveal`.
pub fn sides_in_words(change: &Change, configs: (&EndpointConfig, &EndpointConfig), reveal: bool) -> String {
    match sides_worded(change, configs, reveal) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (None, Some(new)) => format!("{new} (added)"),
        (Some(old), None) => format!("{old} (deleted)"),
        (None, None) => String::new(),
    }
}

/// A change in few words, for a list of sends: `Max workers 5 → 8`, `+HF_HOME`. Values of the environment are not told.
pub fn in_short(change: &Change, configs: (&EndpointConfig, &EndpointConfig)) -> String {
    match (&change.row, change.field.spec().kind) {
        (Some(row), _) => format!("{}{row}", ChangeKind::of(change).sign()),
        (None, Kind::Rows) => format!("order of {}", change.name()),
        (None, _) if ChangeKind::of(change) == ChangeKind::Changed => {
            format!("{} {}", change.name(), sides_in_words(change, configs, false))
        }
        (None, _) => change.name(),
    }
}

/// Who tells how a save ended. Both tell the same, but for what differs in front of their readers: a command's line
/// begins with the endpoint's name, and its edits are gone with it; the editor keeps them, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teller {
    /// The editor, on a page of its own.
    Editor,
    /// A command, in the message of its result.
    Command,
}

/// What the editor says wherever something isn't known to be stored.
const KEPT: &str = " Your edits are kept.";

impl Outcome {
    /// What happened: a sentence or two that stand behind a word and a colon. Why it did is told by
    /// [`causes`](Self::causes).
    pub fn sentence(&self, teller: Teller) -> String {
        let is_editor = teller == Teller::Editor;
        let said = match self {
            Self::Saved { .. } => return "every sent field read back as sent.".to_owned(),
            Self::NotSaved {
                how: NotSaved::ChangedSince,
                ..
            } => {
                let said = match teller {
                    Teller::Editor => {
                        "Your changes are stored, and something else changed since they were sent: somebody else's \
                         change, as it seems. Nothing is lost."
                    }
                    // What changed stands among the warnings.
                    Teller::Command => "what you changed is stored.",
                };
                return said.to_owned();
            }
            Self::NotSaved {
                how: NotSaved::Mixed, ..
            } => {
                "the server was read, and it holds neither what it held before nor what was sent. Somebody else's \
                 change fell in between, or the server stored other values."
            }
            Self::NotSaved { .. } => "the server was read, and it doesn't hold what was sent.",
            Self::NotKnown { .. } if is_editor => "the update was sent, and the server could not be read.",
            Self::NotKnown { .. } => "it was sent, and the server could not be read.",
            Self::Refused(_) if is_editor => "the server refused the update.",
            Self::Refused(_) => "the server refused the update; nothing was changed.",
            Self::NotSent(_) => "the update never reached the server.",
            Self::CheckFailed(_) => "the endpoint could not be read before sending.",
            Self::Forbidden(why) => why,
            // The editor merges it and says what became of it.
            Self::ServerChanged { .. } => "somebody else changed it meanwhile, so nothing was sent. Try again.",
        };
        format!("{said}{}", if is_editor { KEPT } else { "" })
    }

    /// What went wrong on the way, a line each. `sides` are the configurations whose environment values the server may
    /// have repeated: they are masked.
    pub fn causes(&self, teller: Teller, sides: [&EndpointConfig; 2]) -> Vec<String> {
        let happened = |error: &ApiError| without_secrets(error.happened(), sides);
        let (sending, reading) = match self {
            Self::NotSaved { send_error, .. } => (send_error.as_ref(), None),
            Self::NotKnown { read_error, send_error } => (send_error.as_ref(), Some(read_error)),
            // What to do about it is the command's own to say.
            Self::Refused(error) | Self::NotSent(error) if teller == Teller::Editor => {
                return vec![without_secrets(error.to_string(), sides)];
            }
            Self::Refused(error) | Self::NotSent(error) | Self::CheckFailed(error) => return vec![happened(error)],
            Self::Saved { .. } | Self::Forbidden(_) | Self::ServerChanged { .. } => (None, None),
        };
        let sending = sending.map(|error| format!("While sending: {}", happened(error)));
        let reading = reading.map(|error| format!("While reading back: {}", happened(error)));
        sending.into_iter().chain(reading).collect()
    }

    /// The state that the endpoint was read back in, in a sentence; `None` where nothing was read back.
    pub fn state_in_words(&self, teller: Teller) -> Option<String> {
        let (Self::Saved { fresh, .. } | Self::NotSaved { fresh, .. }) = self else {
            return None;
        };
        let (count, state) = (fresh.status.worker_count(), &fresh.status.state.word);
        let of = match teller {
            Teller::Editor => "/",
            Teller::Command => " of ",
        };
        Some(format!(
            "State: {state}, {}{of}{} workers healthy.",
            count.healthy, count.all
        ))
    }

    /// What of the platform's own settings moved beside a stored update, a sentence each without its full stop.
    pub fn moved_in_words(&self) -> Vec<String> {
        let Self::Saved { moved, .. } = self else {
            return Vec::new();
        };
        let side = |side: &Option<ShownValue>| match side {
            Some(ShownValue::Plain(text)) => text.clone(),
            Some(ShownValue::Secret(_)) => MASK.to_owned(),
            None => String::new(),
        };
        let sentence = |Moved { path, old, new }: &Moved| {
            let (old, new) = (side(old), side(new));
            format!("{path} changed on the server beside the update: {old} → {new}")
        };
        moved.iter().map(sentence).collect()
    }

    /// Which fields of a stored update couldn't be compared, a sentence each.
    pub fn unreported_in_words(&self) -> Vec<String> {
        let Self::Saved { unreported, .. } = self else {
            return Vec::new();
        };
        let sentence = |field: &FieldId| format!("{} is not reported by the server; it was sent.", field.label());
        unreported.iter().map(sentence).collect()
    }
}

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
