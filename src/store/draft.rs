//! A draft: what was loaded, what it was edited to, and the text that was being typed. JSON, versioned.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account_dir;
use super::shape::{self, ConfigIn, ConfigOut};
use super::shelf::Shelf;
use super::unread::Unread;
use crate::endpoint::edit::Row;
use crate::endpoint::{EndpointConfig, FieldId, LoadedEndpoint};
use crate::fs::{DirLock, FsError, now};
use crate::secret::Secret;

const VERSION: u64 = 1;
/// How a draft's file is called, behind the endpoint's name.
pub(super) const DRAFT_ENDING: &str = ".draft.json";

/// The server's configuration as it was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What an update sets.
    #[serde(with = "shape::config")]
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
    pub what: Typed,
    /// The text so far.
    #[serde(with = "shape::secret")]
    pub text: Secret,
    /// The cursor: line and character, both from 0.
    pub cursor: (usize, usize),
}

impl Typing {
    /// What the text is for, as people say it, and whether it is the value of an env.
    pub fn place(&self) -> (String, bool) {
        match &self.what {
            Typed::Field(field) | Typed::Choice(field) => (field.label().to_owned(), false),
            Typed::Row { row, part, .. } => (
                format!("{} of {} {}", part.label(), row.list().noun(), row.name()),
                *part == FieldId::EnvValue,
            ),
        }
    }
}

/// What a text that is being typed is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Typed {
    /// A single field.
    Field(#[serde(with = "shape::field")] FieldId),
    /// A single field with a few words to choose from.
    Choice(#[serde(with = "shape::field")] FieldId),
    /// A row of a list, in its box.
    Row {
        /// Its place in the list, from 0.
        at: usize,
        /// The row before; `None` for a new one.
        #[serde(with = "shape::maybe_row")]
        old: Option<Row>,
        /// The row so far, but for the part that is being typed.
        #[serde(with = "shape::row")]
        row: Row,
        /// Which part of the row is being typed.
        #[serde(with = "shape::field")]
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
    /// Texts from `$EDITOR` that can't be read yet.
    pub unread: Vec<Arc<Unread>>,
}

impl Unsaved {
    /// Whether the other is the very same, as far as that can be told without comparing configurations.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let same_sent = match (&self.sent, &other.sent) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        let same_unread = self.unread.len() == other.unread.len()
            && self.unread.iter().zip(&other.unread).all(|(a, b)| Arc::ptr_eq(a, b));
        same_sent
            && same_unread
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
    /// Texts from `$EDITOR` that could not be read.
    pub unread: Vec<Unread>,
}

impl From<Draft> for Unsaved {
    fn from(draft: Draft) -> Self {
        Self {
            loaded: Arc::new(draft.loaded),
            edited: Arc::new(draft.edited),
            typing: draft.typing,
            sent: draft.sent.map(Arc::new),
            unread: draft.unread.into_iter().map(Arc::new).collect(),
        }
    }
}

/// What [`Shelf::read_draft`] found.
#[derive(Debug)]
pub enum Found {
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
struct Out<'a> {
    version: u64,
    saved_at: &'a str,
    base_url: &'a str,
    endpoint: &'a str,
    pid: u32,
    loaded: &'a Snapshot,
    edited: ConfigOut<'a>,
    typing: Option<&'a Typing>,
    sent: Option<ConfigOut<'a>>,
    unread: Vec<&'a Unread>,
}

#[derive(Deserialize)]
struct In {
    saved_at: String,
    base_url: String,
    endpoint: String,
    pid: u32,
    loaded: Snapshot,
    edited: ConfigIn,
    typing: Option<Typing>,
    sent: Option<ConfigIn>,
    #[serde(default)]
    unread: Vec<Unread>,
}

#[derive(Deserialize)]
struct Named {
    endpoint: String,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// The id of the endpoint that a draft file names; `None` where it is damaged.
pub(super) fn endpoint_of(bytes: &[u8]) -> Option<String> {
    serde_json::from_slice(bytes).ok().map(|Named { endpoint }| endpoint)
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
    let room = 4096 + room(&unsaved.loaded.config) + room(&unsaved.edited);
    let room = room + unsaved.sent.as_ref().map_or(0, |sent| self::room(sent));
    let texts = unsaved.unread.iter().map(|unread| unread.text.reveal().len());
    let room = room + texts.sum::<usize>() * 9 / 8;
    let bases = unsaved.unread.iter().filter_map(|unread| unread.base());
    let room = room + bases.map(|base| self::room(&base.config)).sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let out = Out {
        version: VERSION,
        saved_at,
        base_url,
        endpoint,
        pid,
        loaded: &unsaved.loaded,
        edited: ConfigOut(&unsaved.edited),
        typing: unsaved.typing.as_ref(),
        sent: unsaved.sent.as_deref().map(ConfigOut),
        unread: unsaved.unread.iter().map(|unread| &**unread).collect(),
    };
    serde_json::to_writer(&mut *bytes, &out).expect("writing to memory can't fail, and every key is a string");
    bytes.push(b'\n');
    bytes
}

/// About how much room a configuration takes, so that the vector seldom grows: each growth leaves secrets in freed memory.
pub(crate) fn room(config: &EndpointConfig) -> usize {
    let envs = config
        .envs
        .iter()
        .map(|env| env.key.len() + env.value.reveal().len() + 32);
    let volumes = config.volumes.iter().map(|volume| volume.mount_path.len() + 128);
    2048 + envs.sum::<usize>() * 9 / 8 + volumes.sum::<usize>() + config.image.command.len()
}

impl Draft {
    /// Reads a draft file's bytes, if they are a draft of this endpoint.
    ///
    /// # Errors
    /// Why they aren't, as the end of a sentence; nothing of what they hold is in it.
    pub fn parse(bytes: &[u8], endpoint: &str) -> Result<Self, String> {
        let damaged =
            |error: serde_json::Error| format!("it is damaged (line {}, column {})", error.line(), error.column());
        let Version { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if version != VERSION {
            return Err(format!(
                "it is of version {version}; this program knows version {VERSION}"
            ));
        }
        let draft: In = serde_json::from_slice(bytes).map_err(damaged)?;
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
            unread: draft.unread,
        })
    }
}

impl Shelf {
    /// The draft of an earlier run. What can't be used is renamed, so that the next draft doesn't write over it.
    ///
    /// # Errors
    /// When it can't be looked up or renamed.
    pub fn read_draft(&self) -> Result<Found, FsError> {
        let path = self.draft_path();
        if let Ok(found) = self.look(&path)? {
            return Ok(found);
        }
        let lock = self.drafts().lock()?;
        // Once more: its owner may just have written a good one in its place.
        match self.look(&path)? {
            Ok(found) => Ok(found),
            Err(why) => self.set_aside(&path, why, lock),
        }
    }

    /// What is there, or why it can't be used.
    fn look(&self, path: &Path) -> Result<Result<Found, String>, FsError> {
        Ok(match account_dir::read(path) {
            Ok(None) => Ok(Found::Nothing),
            Ok(Some(bytes)) => Draft::parse(&bytes, self.endpoint()).map(|draft| Found::Draft(Box::new(draft))),
            Err(FsError::NotRegular { .. }) => Err("it is not a regular file".to_owned()),
            Err(FsError::Foreign { .. }) => Err("it belongs to another user".to_owned()),
            Err(FsError::TooLarge { .. }) => Err(format!("it is over {} MiB", account_dir::MOST_BYTES / 1024 / 1024)),
            Err(FsError::Io { problem, .. }) if problem.kind() == std::io::ErrorKind::PermissionDenied => {
                Err("it may not be read".to_owned())
            }
            Err(error) => return Err(error),
        })
    }

    fn set_aside(&self, path: &Path, why: String, lock: DirLock) -> Result<Found, FsError> {
        let time = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
        let names = (1_u32..).map(|at| self.aside_path(&time, at));
        let name = names
            .into_iter()
            .find(|name| std::fs::symlink_metadata(name).is_err())
            .unwrap_or_else(|| path.with_extension("aside"));
        std::fs::rename(path, &name).map_err(FsError::io(path, "set aside"))?;
        lock.release_and_sync()?;
        Ok(Found::SetAside { name, why })
    }
}

/// Nothing but the sentence's end: the names of Rust's types say nothing to a user.
impl fmt::Display for Found {
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
