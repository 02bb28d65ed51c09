//! What is unsaved of an endpoint: what was loaded, what it was edited to, the text that was being typed, and texts
//! from `$EDITOR` that aren't in it yet. And its file: JSON, versioned, read without losing what can't be used.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account;
use super::file_format::{self, ConfigIn, ConfigOut};
use super::files::EndpointFiles;
use crate::endpoint::edit::Row;
use crate::endpoint::{EndpointConfig, EnvVar, FieldId, LoadedEndpoint, ParseError};
use crate::fs::{DirLock, FsError, now};
use crate::secret::Secret;

const VERSION: u64 = 1;

/// The server's configuration as it was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What an update sets.
    #[serde(with = "file_format::config")]
    pub config: EndpointConfig,
    /// Whether a health check is configured, so that its path may not be emptied.
    pub has_health_check: bool,
}

impl From<&LoadedEndpoint> for Snapshot {
    fn from(loaded: &LoadedEndpoint) -> Self {
        Self {
            config: loaded.config.clone(),
            has_health_check: loaded.has_health_check,
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

/// What [`EndpointFiles::read_draft`] found.
#[derive(Debug)]
pub enum FoundDraft {
    /// No draft.
    Nothing,
    /// One.
    Draft(Box<Draft>),
    /// Something that can't be used. It was renamed, not deleted.
    SetAside {
        /// Where it is now.
        name: PathBuf,
        /// Why it can't be used, as the end of a sentence: `it is of version 2; this program knows version 1`.
        why: String,
    },
}

/// The file's content, borrowed.
#[derive(Serialize)]
struct DraftOut<'a> {
    version: u64,
    saved_at: &'a str,
    base_url: &'a str,
    endpoint: &'a str,
    pid: u32,
    loaded: &'a Snapshot,
    edited: ConfigOut<'a>,
    typing: Option<&'a Typing>,
    sent: Option<ConfigOut<'a>>,
    #[serde(rename = "unread")]
    editor_texts: Vec<&'a EditorText>,
}

#[derive(Deserialize)]
struct DraftIn {
    saved_at: String,
    base_url: String,
    endpoint: String,
    pid: u32,
    loaded: Snapshot,
    edited: ConfigIn,
    typing: Option<Typing>,
    sent: Option<ConfigIn>,
    #[serde(default, rename = "unread")]
    editor_texts: Vec<EditorText>,
}

#[derive(Deserialize)]
struct EndpointOnly {
    endpoint: String,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u64,
}

/// The id of the endpoint that a draft file names; `None` where it is damaged.
pub(super) fn endpoint_of(bytes: &[u8]) -> Option<String> {
    serde_json::from_slice(bytes)
        .ok()
        .map(|EndpointOnly { endpoint }| endpoint)
}

/// The bytes of a draft file, stamped with now and this process.
pub(super) fn bytes(unsaved: &Unsaved, base_url: &str, endpoint: &str) -> Zeroizing<Vec<u8>> {
    stamped(unsaved, (base_url, endpoint), (&now(), std::process::id()))
}

/// The same of an API and an endpoint there, with when it was written and the process that did.
pub(super) fn stamped(
    unsaved: &Unsaved,
    (base_url, endpoint): (&str, &str),
    (saved_at, pid): (&str, u32),
) -> Zeroizing<Vec<u8>> {
    let size = 4096 + room(&unsaved.loaded.config) + room(&unsaved.edited);
    let size = size + unsaved.sent.as_ref().map_or(0, |sent| room(sent));
    let texts = unsaved
        .editor_texts
        .iter()
        .map(|editor_text| editor_text.text.reveal().len());
    let size = size + texts.sum::<usize>() * 9 / 8;
    let bases = unsaved.editor_texts.iter().filter_map(|editor_text| editor_text.base());
    let size = size + bases.map(|base| room(&base.config)).sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(size));
    let out = DraftOut {
        version: VERSION,
        saved_at,
        base_url,
        endpoint,
        pid,
        loaded: &unsaved.loaded,
        edited: ConfigOut(&unsaved.edited),
        typing: unsaved.typing.as_ref(),
        sent: unsaved.sent.as_deref().map(ConfigOut),
        editor_texts: unsaved.editor_texts.iter().map(|editor_text| &**editor_text).collect(),
    };
    serde_json::to_writer(&mut *bytes, &out).expect("writing to memory can't fail, and every key is a string");
    bytes.push(b'\n');
    bytes
}

impl Draft {
    /// Reads a draft file's bytes, if they are a draft of this endpoint.
    ///
    /// # Errors
    /// Why they aren't, as the end of a sentence; nothing of what they hold is in it.
    pub fn parse(bytes: &[u8], endpoint: &str) -> Result<Self, String> {
        let damaged =
            |error: serde_json::Error| format!("it is damaged (line {}, column {})", error.line(), error.column());
        let VersionOnly { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if version != VERSION {
            return Err(format!(
                "it is of version {version}; this program knows version {VERSION}"
            ));
        }
        let draft: DraftIn = serde_json::from_slice(bytes).map_err(damaged)?;
        if draft.endpoint != endpoint || draft.loaded.config.id != endpoint || draft.edited.0.id != endpoint {
            return Err("it belongs to another endpoint".to_owned());
        }
        Ok(Self {
            saved_at: draft.saved_at,
            base_url: draft.base_url,
            endpoint: draft.endpoint,
            pid: draft.pid,
            loaded: draft.loaded,
            edited: draft.edited.0,
            typing: draft.typing,
            sent: draft.sent.map(|sent| sent.0),
            editor_texts: draft.editor_texts,
        })
    }
}

impl EndpointFiles {
    /// The draft of an earlier run. What can't be used is renamed, so that the next draft doesn't write over it.
    ///
    /// # Errors
    /// When it can't be looked up or renamed.
    pub fn read_draft(&self) -> Result<FoundDraft, FsError> {
        let path = self.draft_path();
        if let Ok(found) = self.look(&path)? {
            return Ok(found);
        }
        let lock = self.drafts_dir().lock()?;
        // Once more: its owner may just have written a good one in its place.
        match self.look(&path)? {
            Ok(found) => Ok(found),
            Err(why) => self.set_aside(&path, why, lock),
        }
    }

    /// What is there, or why it can't be used.
    fn look(&self, path: &Path) -> Result<Result<FoundDraft, String>, FsError> {
        Ok(match account::read(path) {
            Ok(None) => Ok(FoundDraft::Nothing),
            Ok(Some(bytes)) => Draft::parse(&bytes, self.endpoint()).map(|draft| FoundDraft::Draft(Box::new(draft))),
            Err(FsError::NotRegular { .. }) => Err("it is not a regular file".to_owned()),
            Err(FsError::Foreign { .. }) => Err("it belongs to another user".to_owned()),
            Err(FsError::TooLarge { .. }) => Err(format!("it is over {} MiB", account::MOST_BYTES / 1024 / 1024)),
            Err(FsError::Io { problem, .. }) if problem.kind() == std::io::ErrorKind::PermissionDenied => {
                Err("it may not be read".to_owned())
            }
            Err(error) => return Err(error),
        })
    }

    fn set_aside(&self, path: &Path, why: String, lock: DirLock) -> Result<FoundDraft, FsError> {
        let time = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
        let names = (1_u32..).map(|at| self.aside_path(&time, at));
        let name = names
            .into_iter()
            .find(|name| std::fs::symlink_metadata(name).is_err())
            .unwrap_or_else(|| path.with_extension("aside"));
        std::fs::rename(path, &name).map_err(FsError::io(path, "set aside"))?;
        lock.release_and_sync()?;
        Ok(FoundDraft::SetAside { name, why })
    }
}

/// Nothing but the sentence's end: the names of Rust's types say nothing to a user.
impl fmt::Display for FoundDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("no draft"),
            Self::Draft(draft) => write!(f, "a draft of {}", draft.saved_at),
            Self::SetAside { name, why } => {
                write!(
                    f,
                    "the draft can't be used, for {why}; it was kept as {}",
                    name.display()
                )
            }
        }
    }
}
