//! A text that came back from `$EDITOR` and can't be read: it waits to be mended or thrown away, also in the draft.

use serde::{Deserialize, Serialize};

use super::draft::Snapshot;
use super::shape;
use crate::endpoint::{EnvVar, FieldId, Misread};
use crate::secret::Secret;

/// The text. It may hold environment values, so it prints as its mask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// What was edited.
    pub what: UnreadOf,
    /// The text.
    #[serde(with = "shape::secret")]
    pub text: Secret,
    /// The line in which it can't be read, from 1.
    line: usize,
    /// The character in it, from 1.
    column: usize,
    /// Why, as the end of a sentence.
    why: String,
    /// When the editor saved it, RFC 3339, if it can be read and only wasn't taken: this program or the editor had
    /// ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    saved_at: Option<String>,
    /// What the text was made of: only what it changed of that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Box<Snapshot>>,
}

/// What a text that can't be read is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnreadOf {
    /// A single field.
    Field(#[serde(with = "shape::field")] FieldId),
    /// The value of a row of the environment.
    Env {
        /// Its place in the list, from 0.
        at: usize,
        /// It, before.
        #[serde(with = "shape::env")]
        old: EnvVar,
    },
    /// The whole environment, in .env form.
    Environment,
    /// The whole body, as JSON.
    Body,
}

impl Unread {
    /// A text, what it is of, and why it can't be read.
    pub fn new(what: UnreadOf, text: Secret, misread: Misread) -> Self {
        let Misread { line, column, why } = misread;
        Self {
            what,
            text,
            line,
            column,
            why,
            saved_at: None,
            base: None,
        }
    }

    /// A text that can be read, and was saved when nobody was there to take it.
    pub fn saved(what: UnreadOf, text: Secret, at: String) -> Self {
        Self {
            what,
            text,
            line: 1,
            column: 1,
            why: "it was saved, and not taken".to_owned(),
            saved_at: Some(at),
            base: None,
        }
    }

    /// The same, with what its text was made of.
    pub fn with_base(self, base: Option<Box<Snapshot>>) -> Self {
        Self { base, ..self }
    }

    /// What its text was made of, where that is known.
    pub fn base(&self) -> Option<&Snapshot> {
        self.base.as_deref()
    }

    /// When it was saved, if it only wasn't taken.
    pub fn saved_at(&self) -> Option<&str> {
        self.saved_at.as_deref()
    }

    /// Why it can't be read.
    pub fn misread(&self) -> Misread {
        Misread {
            line: self.line,
            column: self.column,
            why: self.why.clone(),
        }
    }
}
