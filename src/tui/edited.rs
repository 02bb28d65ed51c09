//! What goes to `$EDITOR` and to files, and what comes back from there.

use std::path::PathBuf;

use crate::endpoint::schema::Kind;
use crate::endpoint::{EnvVar, FieldId, ParseError};
use crate::secret::Secret;
use crate::store::{EditorTextOf, Snapshot};
use crate::tui::keymap::{Action, form_key};

/// What is edited in `$EDITOR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditorTarget {
    /// The text of a single field.
    Field(FieldId),
    /// The value of a row of the environment.
    EnvValue {
        /// The row, counted from 0.
        at: usize,
        /// The variable before.
        old: EnvVar,
    },
    /// The whole environment, in .env form.
    Environment,
    /// The whole body, as JSON.
    Body,
}

impl EditorTarget {
    /// What it is called in a sentence.
    pub fn name(&self) -> String {
        match self {
            Self::Field(field) => field.label().to_owned(),
            Self::EnvValue { old, .. } => format!("env {}", old.key),
            Self::Environment => "the environment".to_owned(),
            Self::Body => "the body".to_owned(),
        }
    }

    /// What a text of it that can't be read is kept as.
    pub fn kept(&self) -> EditorTextOf {
        match self {
            Self::Field(field) => EditorTextOf::Field(*field),
            Self::EnvValue { at, old } => EditorTextOf::Env {
                at: *at,
                old: old.clone(),
            },
            Self::Environment => EditorTextOf::Environment,
            Self::Body => EditorTextOf::Body,
        }
    }

    /// The other way round.
    pub fn of(kept: &EditorTextOf) -> Self {
        match kept {
            EditorTextOf::Field(field) => Self::Field(*field),
            EditorTextOf::Env { at, old } => Self::EnvValue {
                at: *at,
                old: old.clone(),
            },
            EditorTextOf::Environment => Self::Environment,
            EditorTextOf::Body => Self::Body,
        }
    }

    /// The keys that open it: `B`, or `e on Name`.
    pub fn keys(&self) -> String {
        match self {
            Self::Field(_) | Self::EnvValue { .. } => format!("{} on {}", form_key(Action::Editor), self.name()),
            Self::Environment => form_key(Action::EditEnvironment),
            Self::Body => form_key(Action::EditBody),
        }
    }

    /// The name of its temporary file: editors know by the ending what they have before them.
    pub fn file_name(&self) -> &'static str {
        match self {
            Self::Field(FieldId::Command) => "command.sh",
            Self::Field(_) | Self::EnvValue { .. } => "text.txt",
            Self::Environment => "environment.env",
            Self::Body => "body.json",
        }
    }

    /// Whether its text may have several lines.
    pub fn is_multiline(&self) -> bool {
        match self {
            Self::Field(field) => matches!(field.spec().kind, Kind::Text { multiline: true, .. }),
            Self::EnvValue { .. } | Self::Environment | Self::Body => true,
        }
    }
}

/// How `$EDITOR` ended.
#[derive(Debug)]
pub enum Edited {
    /// With this text in the file.
    Text(Secret),
    /// At once, with the file as it was: it may have a window of its own.
    AtOnce,
    /// By a signal, with this text saved in the file, and a sentence about its end.
    Saved(Secret, String),
    /// With something in the file that is no UTF-8 at that place: the text with stand-ins.
    NotText(Secret, ParseError),
    /// It didn't start or ended otherwise than well: a sentence.
    Failed(String),
}

/// A text that an editor saved before this program was killed, found when its endpoint is opened again.
#[derive(Debug)]
pub struct SavedText {
    /// Where it is kept until it is decided about.
    pub dir: PathBuf,
    /// What of the endpoint it is.
    pub what: EditorTextOf,
    /// The text, or what became of it.
    pub text: Edited,
    /// When it was saved, RFC 3339.
    pub at: String,
    /// What it was made of, where that is known.
    pub base: Option<Box<Snapshot>>,
    /// The draft was written later: what that has of the same is newer.
    pub before_draft: bool,
}

impl SavedText {
    /// An empty one of this, of which nothing is known.
    pub fn of(what: EditorTextOf) -> Self {
        Self {
            dir: PathBuf::new(),
            what,
            text: Edited::Text(Secret::new("")),
            at: String::new(),
            base: None,
            before_draft: false,
        }
    }
}

/// Where a text is kept that waits in the form.
#[derive(Debug)]
pub struct SavedIn {
    /// The directory.
    pub dir: PathBuf,
    /// What the text is of.
    pub what: EditorTextOf,
    /// It: another one of the same is decided about by itself.
    pub text: Secret,
}

/// What came of writing a file.
#[derive(Debug)]
pub enum Written {
    /// It is there, under this path.
    Done(String),
    /// Something is there already; nothing was written.
    Exists,
    /// It could not be written: why.
    Failed(String),
}
