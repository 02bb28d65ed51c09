//! Why an answer can't be read.

use thiserror::Error;

use super::text::{sentence, shorten};
use crate::endpoint::redact::HiddenTexts;
use crate::text::Quoted;

/// Characters of a value that an error shows.
const EXCERPT_CHARS: usize = 40;
/// Characters of a page's title or of a server's message that an error shows.
const LINE_CHARS: usize = 80;

/// Why an answer with a good status can't be read. Never shows a value of `envs`, nor a password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Nothing, or only blanks.
    #[error("The answer is empty.")]
    Empty,
    /// A page for a browser: a proxy's, a log-in page, the wrong address.
    #[error("The answer is an HTML page{}, not JSON.", titled(.title))]
    Html {
        /// Its title, cut; empty: it has none.
        title: String,
    },
    /// Bytes that are no text.
    #[error("The answer is not UTF-8 text: byte {at} breaks it.")]
    NotUtf8 {
        /// The first byte that doesn't fit, from 0.
        at: usize,
    },
    /// JSON that ends in the middle.
    #[error("The answer is cut off: its JSON ends in the middle, at line {line}, column {column}.")]
    Truncated {
        /// Line of the end, from 1.
        line: usize,
        /// Column of the end.
        column: usize,
    },
    /// Text that isn't JSON.
    #[error("The answer is not JSON: line {line}, column {column} breaks it.")]
    NotJson {
        /// Line of the first fault, from 1.
        line: usize,
        /// Column of the first fault.
        column: usize,
    },
    /// JSON that lacks what makes it the thing asked for.
    #[error("The answer is no {wanted}: {why}.")]
    NotThat {
        /// What was asked for: `endpoint`, `list of endpoints`.
        wanted: &'static str,
        /// What is wrong with it, as a sentence's end.
        why: String,
    },
    /// A message where the thing asked for belongs, with a status that promised the thing.
    #[error("The answer is no {wanted} but a message: {}", sentence(.message))]
    Message {
        /// What was asked for.
        wanted: &'static str,
        /// What the server said, cut.
        message: String,
    },
    /// A record of the newer API, whose names are others.
    #[error(
        "The answer is a record of the v2 API ({signs}), which has other names and can't be edited here; it is no {wanted} \
         of this one."
    )]
    OtherApi {
        /// What was asked for.
        wanted: &'static str,
        /// What it is known by: `worker_config, min_replicas`.
        signs: String,
    },
    /// Another endpoint than the one asked for.
    #[error("The answer is endpoint {}, not {}, which was asked for.", Quoted(.got), Quoted(.asked))]
    OtherEndpoint {
        /// The id asked for.
        asked: String,
        /// The id that came, cut.
        got: String,
    },
    /// A value of the wrong kind in a place that would be written back.
    #[error("{path} can't be read: {found} stands there, where {wanted} belongs.")]
    Value {
        /// Where, as people write it: `workerConfig.maxNum`, `envs[3].value`.
        path: String,
        /// What belongs there: `a whole number`.
        wanted: &'static str,
        /// What stands there: `"five"`, `an object`; under `envs` only `something else`.
        found: String,
    },
}

impl Unreadable {
    /// The path of the value that can't be read, where it is a single value.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Value { path, .. } => Some(path),
            _ => None,
        }
    }

    /// The same without what must not be seen of what it repeats.
    pub(in crate::api) fn hiding(mut self, hidden: &HiddenTexts) -> Self {
        let hide = |text: &mut String| *text = hidden.hide(text);
        match &mut self {
            Self::Html { title: text }
            | Self::NotThat { why: text, .. }
            | Self::Message { message: text, .. }
            | Self::OtherEndpoint { got: text, .. } => hide(text),
            Self::Value { path, found, .. } => {
                hide(path);
                hide(found);
            }
            Self::OtherApi { .. }
            | Self::Empty
            | Self::NotUtf8 { .. }
            | Self::Truncated { .. }
            | Self::NotJson { .. } => {}
        }
        self
    }

    pub(super) fn html(title: &str) -> Self {
        Self::Html {
            title: shorten(title, LINE_CHARS),
        }
    }

    pub(super) fn message(wanted: &'static str, message: &str) -> Self {
        Self::Message {
            wanted,
            message: shorten(message, LINE_CHARS * 2),
        }
    }

    pub(super) fn other_endpoint(asked: &str, got: &str) -> Self {
        Self::OtherEndpoint {
            asked: shorten(asked, LINE_CHARS),
            got: shorten(got, LINE_CHARS),
        }
    }
}

/// A single value's text, cut to what an error may show.
pub(super) fn excerpt(raw: &str) -> String {
    shorten(raw, EXCERPT_CHARS)
}

fn titled(title: &str) -> String {
    if title.is_empty() {
        String::new()
    } else {
        format!(" titled “{title}”")
    }
}
