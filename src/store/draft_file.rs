//! The file of a draft: its bytes, and reading it without losing what can't be used. JSON, versioned.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account;
use super::draft::{self, Draft, EditorText, Snapshot, Typing, Unsaved};
use super::file_format::{ConfigIn, ConfigOut};
use super::files::EndpointFiles;
use crate::fs::{DirLock, FsError, now};

const VERSION: u64 = 1;

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
struct BaseUrlOnly {
    base_url: String,
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

/// The base URL of the API that a draft file names; `None` where it is damaged.
pub(super) fn address_of(bytes: &[u8]) -> Option<String> {
    serde_json::from_slice(bytes)
        .ok()
        .map(|BaseUrlOnly { base_url }| base_url)
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
    let room = 4096 + draft::room(&unsaved.loaded.config) + draft::room(&unsaved.edited);
    let room = room + unsaved.sent.as_ref().map_or(0, |sent| draft::room(sent));
    let texts = unsaved
        .editor_texts
        .iter()
        .map(|editor_text| editor_text.text.reveal().len());
    let room = room + texts.sum::<usize>() * 9 / 8;
    let bases = unsaved.editor_texts.iter().filter_map(|editor_text| editor_text.base());
    let room = room + bases.map(|base| draft::room(&base.config)).sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
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
