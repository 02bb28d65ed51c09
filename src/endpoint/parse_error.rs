//! Where a text that a person wrote elsewhere can't be read, and why.

use std::fmt;

use crate::text::one_line;

/// The place and the reason. Never shows an environment value: a reason names characters, not what stands around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// Why, as the end of a sentence.
    pub why: String,
}

impl ParseError {
    /// A reason and the place of a byte of a text.
    pub fn at(text: &str, byte: usize, why: impl Into<String>) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            why: why.into(),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, one_line(&self.why))
    }
}
