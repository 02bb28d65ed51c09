//! What is wrong with a configuration.

use super::field::Place;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is sent while it stands.
    Error,
    /// Told, and sent all the same.
    Warning,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The documented update body.
    Documented,
    /// The account's ranges, `/endpoint/limit`.
    ParameterLimits,
    /// Values that contradict each other.
    Consistency,
    /// Usual practice; legal all the same.
    Convention,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// What, as a sentence's end: `12 is above 10, the most this account may have`.
    pub message: String,
    /// By which rule.
    pub source: Source,
}
