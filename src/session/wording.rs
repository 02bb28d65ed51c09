//! What is said of changes, sends and how a save ended: once for the editor and for the commands.

use jiff::Timestamp;

use super::save::{EditsStored, Outcome, SendAnswer};
use crate::api::ApiError;
use crate::endpoint::diff::{self, Change, ShownValue};
use crate::endpoint::format::{EMPTY, sides_worded};
use crate::endpoint::redact::without_secrets;
use crate::endpoint::respelled::{Deviation, Respelling};
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, EndpointStatus, FieldId, Moved};
use crate::fs::when;
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

/// A change in few words, for a list of sends: `Max workers 5 → 8`, `+HF_HOME`. Values of the environment are not told,
/// but where one was emptied: `*HF_TOKEN → (empty)`.
pub fn in_short(change: &Change, configs: (&EndpointConfig, &EndpointConfig)) -> String {
    let kind = ChangeKind::of(change);
    match (&change.row, change.field.spec().kind) {
        (Some(row), _) if kind == ChangeKind::Changed && change.new.as_ref().is_some_and(is_empty) => {
            format!("{}{row} → {EMPTY}", kind.sign())
        }
        (Some(row), _) => format!("{}{row}", kind.sign()),
        (None, Kind::Rows) => format!("order of {}", change.name()),
        (None, _) if kind == ChangeKind::Changed => {
            format!("{} {}", change.name(), sides_in_words(change, configs, false))
        }
        (None, _) => change.name(),
    }
}

fn is_empty(value: &ShownValue) -> bool {
    value.text().is_empty()
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
            Self::StoredDifferently { deviations, edits, .. } => {
                let said = differently(deviations, *edits);
                return match (is_editor, edits) {
                    (true, EditsStored::Some | EditsStored::None) => format!("{said} What is missing stays an edit."),
                    _ => said,
                };
            }
            Self::NotShown { .. } => {
                "the server accepted the update, and still shows what it held before. It may show later.".to_owned()
            }
            Self::NotKnown { read: Ok(_), open } => {
                let until = open.until.map(|until| format!(" until {}", time_of_day(until)));
                format!(
                    "the update was sent, no answer tells what became of it, and the server doesn't show it. It may still \
                     arrive{}.",
                    until.unwrap_or_default()
                )
            }
            Self::NotKnown { read: Err(error), .. } if error.is_gone() => {
                "the update was sent, and the endpoint was deleted since: the server has none of this id.".to_owned()
            }
            Self::NotKnown { .. } if is_editor => "the update was sent, and the server could not be read.".to_owned(),
            Self::NotKnown { .. } => "it was sent, and the server could not be read.".to_owned(),
            Self::NotSaved { answer, .. } => not_saved(answer).to_owned(),
            Self::Refused(error) | Self::CheckFailed(error) if error.is_gone() => {
                "the endpoint was deleted meanwhile: the server has none of this id.".to_owned()
            }
            Self::RefusedNotRead { read_error, .. } if read_error.is_gone() => {
                "the endpoint was deleted meanwhile, so the update was refused: the server has none of this id."
                    .to_owned()
            }
            Self::Refused(_) if is_editor => "the server refused the update.".to_owned(),
            Self::Refused(_) => "the server refused the update; nothing was changed.".to_owned(),
            Self::RefusedNotRead { .. } => {
                "the server refused the update, and what it holds could not be read.".to_owned()
            }
            Self::NotSent(_) => "the update never reached the server.".to_owned(),
            Self::CheckFailed(_) => "the endpoint could not be read before sending.".to_owned(),
            Self::Forbidden(why) => why.clone(),
            Self::ServerChanged {
                as_before: Some(own), ..
            } => as_before_own(&own.at, "nothing was sent"),
            // The editor merges it and says what became of it.
            Self::ServerChanged { .. } => {
                "somebody else changed it meanwhile, so nothing was sent. Try again.".to_owned()
            }
        };
        format!("{said}{}", if is_editor { KEPT } else { "" })
    }

    /// What went wrong on the way, and what a server said that took it, a line each. `sides` are the configurations
    /// whose environment values the server may have repeated: they are masked.
    pub fn causes(&self, teller: Teller, sides: [&EndpointConfig; 2]) -> Vec<String> {
        let happened = |error: &ApiError| without_secrets(error.happened(), sides);
        let (answer, reading) = match self {
            Self::StoredDifferently { answer, .. } | Self::NotSaved { answer, .. } => (Some(answer), None),
            Self::NotShown { open, .. } => (Some(&open.answer), None),
            Self::NotKnown { read, open } => (Some(&open.answer), read.as_ref().err()),
            Self::RefusedNotRead { read_error, open } => (Some(&open.answer), Some(read_error)),
            // What to do about it is the command's own to say.
            Self::Refused(error) | Self::NotSent(error) if teller == Teller::Editor => {
                return vec![without_secrets(error.to_string(), sides)];
            }
            Self::Refused(error) | Self::NotSent(error) | Self::CheckFailed(error) => return vec![happened(error)],
            Self::Saved { said, .. } => {
                let said = (!said.is_empty()).then(|| quoted(said, sides));
                return said.into_iter().chain(self.age()).collect();
            }
            Self::Forbidden(_) | Self::ServerChanged { .. } => return Vec::new(),
        };
        let sending = answer.and_then(SendAnswer::error);
        let sending = sending.map(|error| format!("While sending: {}", happened(error)));
        let said = answer.and_then(SendAnswer::said).map(|said| quoted(said, sides));
        let reading = reading.map(|error| format!("While reading back: {}", happened(error)));
        sending
            .into_iter()
            .chain(said)
            .chain(reading)
            .chain(self.age())
            .collect()
    }

    /// That what was read back is an old answer.
    fn age(&self) -> Option<String> {
        self.read_back().and_then(|fresh| age_in_words(&fresh.status))
    }

    /// The state that the endpoint was read back in, in a sentence; `None` where nothing was read back.
    pub fn state_in_words(&self, teller: Teller) -> Option<String> {
        let read = self.read_back()?;
        Some(state_in_words(&read.status, teller))
    }

    /// What moved of what no update sets, beside an update that was stored.
    pub fn moved(&self) -> &[Moved] {
        match self {
            Self::Saved { moved, .. } | Self::StoredDifferently { moved, .. } => moved,
            _ => &[],
        }
    }

    /// The same, a sentence each without its full stop.
    pub fn moved_in_words(&self) -> Vec<String> {
        let side = |side: &Option<ShownValue>| match side {
            Some(value) if is_empty(value) => EMPTY.to_owned(),
            Some(ShownValue::Plain(text)) => text.clone(),
            Some(ShownValue::Secret(_)) => MASK.to_owned(),
            None => "nothing".to_owned(),
        };
        let sentence = |Moved { path, old, new }: &Moved| {
            let (old, new) = (side(old), side(new));
            format!("{path} changed on the server beside the update: {old} → {new}")
        };
        self.moved().iter().map(sentence).collect()
    }

    /// Which fields of a stored update couldn't be compared, a sentence each.
    pub fn unreported_in_words(&self) -> Vec<String> {
        let Self::Saved { unreported, .. } = self else {
            return Vec::new();
        };
        let sentence = |field: &FieldId| format!("{} is not reported by the server; it was sent.", field.label());
        unreported.iter().map(sentence).collect()
    }

    /// Whether the server said that there is no such endpoint any more.
    pub fn is_gone(&self) -> bool {
        match self {
            Self::CheckFailed(error)
            | Self::Refused(error)
            | Self::NotKnown { read: Err(error), .. }
            | Self::RefusedNotRead { read_error: error, .. } => error.is_gone(),
            _ => false,
        }
    }

    /// Whether sending it again could bring anything.
    pub fn may_be_sent_again(&self) -> bool {
        match self {
            _ if self.is_gone() => false,
            Self::NotSaved { .. } | Self::NotSent(_) | Self::CheckFailed(_) => true,
            Self::StoredDifferently { deviations, .. } => deviations.iter().any(may_help),
            _ => false,
        }
    }
}

/// Whether sending again could change what reads back otherwise: a limit and a spelling stay what they are.
fn may_help(deviation: &Deviation) -> bool {
    !deviation.is_spelling && !deviation.kinds.contains(&Respelling::Clamped)
}

/// What reads back otherwise, in a sentence or two: first whether what was edited is stored. Who did it is open.
fn differently(deviations: &[Deviation], edits: EditsStored) -> String {
    let is_spelled = deviations.iter().all(|deviation| deviation.is_spelling);
    let has_added = deviations
        .iter()
        .any(|deviation| deviation.kinds == [Respelling::Added]);
    let has_masked = deviations
        .iter()
        .any(|deviation| deviation.kinds == [Respelling::Masked]);
    let first = match edits {
        EditsStored::All if is_spelled && has_masked => {
            "a value reads back masked, so whether it is stored can't be seen; all that can be compared is."
        }
        EditsStored::All if is_spelled && has_added => {
            "what you edited is stored, and something stands beside it that was not sent."
        }
        EditsStored::All if is_spelled => "what you edited is stored; something reads back in another spelling.",
        EditsStored::All => "what you edited is stored, and something else reads back otherwise than it was sent.",
        EditsStored::Some => "a part of what you edited is stored; the rest reads back otherwise.",
        EditsStored::None => "what you edited is not stored: it reads back otherwise.",
    };
    let second = if is_spelled && has_masked {
        ""
    } else if is_spelled && !has_added {
        "Sending it again can't help."
    } else {
        "The server stored it so, or somebody changed it since."
    };
    format!("{first} {second}").trim_end().to_owned()
}

/// Of which kinds a difference is, for brackets behind it; `None`: of no known one.
pub fn kinds_in_words(deviation: &Deviation) -> Option<String> {
    let words: Vec<&str> = deviation.kinds.iter().map(|kind| kind.words()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn not_saved(answer: &SendAnswer) -> &'static str {
    match answer {
        SendAnswer::Accepted(accepted) if accepted.refuses => {
            "the server's answer was a refusal, though its status was a good one, and it doesn't hold what was sent."
        }
        SendAnswer::Accepted(_) => {
            "the server accepted it, and holds what it held before, though the time of the send is over."
        }
        _ => "the time of the send is over, and the server doesn't hold what was sent.",
    }
}

fn quoted(said: &str, sides: [&EndpointConfig; 2]) -> String {
    format!("The server said: {}", without_secrets(said.to_owned(), sides))
}

/// That the server shows what was there before an own send of this time (RFC 3339), and what is not done about it.
pub fn as_before_own(at: &str, so: &str) -> String {
    format!(
        "the server shows the endpoint as it was before your save of {}, so {so}. Either that was taken back, or the \
         answer is an old one.",
        when(at)
    )
}

/// That an answer is an old one, in a sentence; `None`: it isn't, as far as anybody said.
pub fn age_in_words(status: &EndpointStatus) -> Option<String> {
    let seconds = status.age.as_secs();
    (seconds > 0).then(|| format!("A cache on the way had kept this answer for {seconds} s (Age)."))
}

/// State and workers, in a sentence.
pub fn state_in_words(status: &EndpointStatus, teller: Teller) -> String {
    let (count, state) = (status.worker_count(), &status.state.word);
    let of = match teller {
        Teller::Editor => "/",
        Teller::Command => " of ",
    };
    format!("State: {state}, {}{of}{} workers healthy.", count.healthy, count.all)
}

/// A moment as the local time of day, with its seconds.
pub fn time_of_day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system())
        .strftime("%H:%M:%S")
        .to_string()
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
