//! How a save ended, in words: once for the editor and for the commands.

use super::save::{NotSaved, Outcome};
use crate::api::ApiError;
use crate::endpoint::redact::without_secrets;
use crate::endpoint::{EndpointConfig, FieldId};

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
        let sentence =
            |(name, old, new): &(_, _, _)| format!("{name} changed on the server beside the update: {old} → {new}");
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
