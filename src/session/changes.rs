//! What changed, in words: the same on the review, at the end of a save, in the history and for every command.

use crate::endpoint::EndpointConfig;
use crate::endpoint::diff::Change;
use crate::endpoint::format::sides_worded;
use crate::endpoint::schema::Kind;

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
