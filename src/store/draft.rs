//! What is unsaved of an endpoint: what was loaded, what it was edited to, the text that was being typed, and texts
//! from `$EDITOR` that aren't in it yet.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::file_format;
use crate::endpoint::edit::Row;
use crate::endpoint::{EndpointConfig, EnvVar, FieldId, LoadedEndpoint, ParseError, Setting};
use crate::secret::Secret;

/// The server's configuration as it was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What an update sets.
    #[serde(with = "file_format::config")]
    pub config: EndpointConfig,
    /// Whether a health check is configured, so that its path may not be emptied.
    pub has_health_check: bool,
    /// What else was set there and no update carries.
    #[serde(default, with = "file_format::settings", skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Setting>,
}

impl From<&LoadedEndpoint> for Snapshot {
    fn from(loaded: &LoadedEndpoint) -> Self {
        Self {
            config: loaded.config.clone(),
            has_health_check: loaded.has_health_check,
            settings: loaded.status.settings.clone(),
        }
    }
}

/// A text that is being typed and was not taken yet. It may be the value of an env, so it prints as its mask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// Where it will go.
    pub what: TypingTarget,
    /// The text so far.
    #[serde(with = "file_format::secret")]
    pub text: Secret,
    /// The cursor: line and character, both from 0.
    pub cursor: (usize, usize),
}

impl Typing {
    /// What the text is for, as people say it, and whether it is the value of an env.
    pub fn place(&self) -> (String, bool) {
        match &self.what {
            TypingTarget::Field(field) | TypingTarget::Choice(field) => (field.label().to_owned(), false),
            TypingTarget::Row { row, part, .. } => (
                format!("{} of {} {}", part.label(), row.list().noun(), row.name()),
                *part == FieldId::EnvValue,
            ),
        }
    }
}

/// What a text that is being typed is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TypingTarget {
    /// A single field.
    Field(#[serde(with = "file_format::field")] FieldId),
    /// A single field with a few words to choose from.
    Choice(#[serde(with = "file_format::field")] FieldId),
    /// A row of a list, in its box.
    Row {
        /// Its place in the list, from 0.
        at: usize,
        /// The row before; `None` for a new one.
        #[serde(with = "file_format::maybe_row")]
        old: Option<Row>,
        /// The row so far, but for the part that is being typed.
        #[serde(with = "file_format::row")]
        row: Row,
        /// Which part of the row is being typed.
        #[serde(with = "file_format::field")]
        part: FieldId,
    },
}

/// Everything that is unsaved. Cheap to clone but for the typed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaved {
    /// What was loaded.
    pub loaded: Arc<Snapshot>,
    /// What it was edited to.
    pub edited: Arc<EndpointConfig>,
    /// What is being typed.
    pub typing: Option<Typing>,
    /// What was sent, while nobody knows what came of it.
    pub sent: Option<Arc<EndpointConfig>>,
    /// Texts from `$EDITOR` that aren't in the form yet.
    pub editor_texts: Vec<Arc<EditorText>>,
}

impl Unsaved {
    /// Whether the other is the very same, as far as that can be told without comparing configurations.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let same_sent = match (&self.sent, &other.sent) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        let same_texts = self.editor_texts.len() == other.editor_texts.len()
            && self
                .editor_texts
                .iter()
                .zip(&other.editor_texts)
                .all(|(a, b)| Arc::ptr_eq(a, b));
        same_sent
            && same_texts
            && Arc::ptr_eq(&self.loaded, &other.loaded)
            && Arc::ptr_eq(&self.edited, &other.edited)
            && self.typing == other.typing
    }
}

/// A draft that was read.
#[derive(Clone, Debug)]
pub struct Draft {
    /// When it was written, RFC 3339 with offset.
    pub saved_at: String,
    /// The API.
    pub base_url: String,
    /// The endpoint's id.
    pub endpoint: String,
    /// The process that wrote it.
    pub pid: u32,
    /// What was loaded.
    pub loaded: Snapshot,
    /// What it was edited to.
    pub edited: EndpointConfig,
    /// What was being typed.
    pub typing: Option<Typing>,
    /// What was sent, if nobody knew what came of it.
    pub sent: Option<EndpointConfig>,
    /// Texts from `$EDITOR` that weren't in the form.
    pub editor_texts: Vec<EditorText>,
}

impl From<Draft> for Unsaved {
    fn from(draft: Draft) -> Self {
        Self {
            loaded: Arc::new(draft.loaded),
            edited: Arc::new(draft.edited),
            typing: draft.typing,
            sent: draft.sent.map(Arc::new),
            editor_texts: draft.editor_texts.into_iter().map(Arc::new).collect(),
        }
    }
}

/// A text from `$EDITOR` that isn't in the form: it can't be read, or nobody was there to take it. It waits to be
/// mended, taken or thrown away, also in the draft. It may hold environment values, so it prints as its mask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditorText {
    /// What was edited.
    pub what: EditorTextOf,
    /// The text.
    #[serde(with = "file_format::secret")]
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

/// What a text from `$EDITOR` is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EditorTextOf {
    /// A single field.
    Field(#[serde(with = "file_format::field")] FieldId),
    /// The value of a row of the environment.
    Env {
        /// Its place in the list, from 0.
        at: usize,
        /// It, before.
        #[serde(with = "file_format::env")]
        old: EnvVar,
    },
    /// The whole environment, in .env form.
    Environment,
    /// The whole body, as JSON.
    Body,
}

impl EditorText {
    /// A text, what it is of, and why it can't be read.
    pub fn new(what: EditorTextOf, text: Secret, parse_error: ParseError) -> Self {
        let ParseError { line, column, why } = parse_error;
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
    pub fn saved(what: EditorTextOf, text: Secret, at: String) -> Self {
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
    pub fn parse_error(&self) -> ParseError {
        ParseError {
            line: self.line,
            column: self.column,
            why: self.why.clone(),
        }
    }
}

/// About how much room a configuration takes, so that the vector seldom grows: each growth leaves secrets in freed
/// memory.
pub(crate) fn room(config: &EndpointConfig) -> usize {
    let envs = config
        .envs
        .iter()
        .map(|env| env.key.len() + env.value.reveal().len() + 32);
    let volumes = config.volumes.iter().map(|volume| volume.mount_path.len() + 128);
    2048 + envs.sum::<usize>() * 9 / 8 + volumes.sum::<usize>() + config.image.command.len()
}
