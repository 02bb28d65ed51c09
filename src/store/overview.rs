//! What is kept of an account: it is opened, and tidied up then, and looked over: which drafts wait, which endpoints
//! are open, which were opened lately.

use std::collections::HashSet;
use std::path::PathBuf;

use super::account::{self, Account, AccountDir};
use super::discarded::purge;
use super::draft::Draft;
use super::draft_file::endpoint_of;
use super::files::{self, DRAFT_ENDING, EDITOR_LOCK_ENDING, EndpointFiles, OWNER_ENDING, Store};
use super::locks::{self, Owner};
use crate::config::StateDirs;
use crate::fs::{DirLock, FsError, is_stale_temporary};

impl Store {
    /// Makes the account's directories, private, and removes what dead processes left in them, and everywhere what was
    /// discarded long enough ago.
    ///
    /// # Errors
    /// When a directory can't be made, opened or made private.
    pub fn open(dirs: &StateDirs, account: &Account) -> Result<Self, FsError> {
        let store = Self::of(dirs, account);
        purge(&dirs.drafts());
        for dir in [store.drafts_dir(), store.history_dir()] {
            dir.ready()?;
            // Whoever holds the lock is alive, and what is left behind can wait for the next start.
            if let Ok(lock) = dir.lock() {
                sweep(dir, &lock);
            }
        }
        Ok(store)
    }
}

/// The file that the owner of an endpoint holds; `endpoint` is its name in names of files.
fn lock_beside(dir: &AccountDir, endpoint: &str) -> PathBuf {
    dir.path().join(format!("{endpoint}{EDITOR_LOCK_ENDING}"))
}

/// Removes temporary files, and owner files and locks of dead processes. What can't be removed stays: it harms nobody.
///
/// The lock is taken as a proof that no owner file is exchanged meanwhile.
fn sweep(dir: &AccountDir, _lock: &DirLock) {
    let Ok(entries) = std::fs::read_dir(dir.path()) else {
        return;
    };
    for entry in entries.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let Some(name) = name.to_str() else {
            continue;
        };
        let left_behind = if let Some(endpoint) = name.strip_suffix(OWNER_ENDING) {
            locks::is_dead_owner(&path, &lock_beside(dir, endpoint))
        } else if name.ends_with(EDITOR_LOCK_ENDING) {
            locks::is_left_behind(&path)
        } else {
            is_stale_temporary(name, &path)
        };
        if left_behind {
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// How many endpoints are remembered that were opened.
const MOST_RECENT: usize = 50;

/// A draft's file that was found.
#[derive(Debug)]
pub struct DraftEntry {
    /// Its file.
    pub path: PathBuf,
    /// What is in it, with the endpoint's files; or why it can't be used, as the end of a sentence.
    pub draft: Result<UsableDraft, String>,
}

/// A draft that can be used, and where it stands.
pub type UsableDraft = (EndpointFiles, Box<Draft>);

impl Store {
    /// Every draft of the account, the newest first; those that can't be used at the end. Nothing is renamed, and no
    /// directory is made.
    ///
    /// # Errors
    /// When the directory or a file can't be read.
    pub fn drafts_left(&self, base_url: &str) -> Result<Vec<DraftEntry>, FsError> {
        let mut left = Vec::new();
        for path in account::entries(self.drafts_dir().path())? {
            let is_draft = |name: &str| name.ends_with(DRAFT_ENDING) && !name.starts_with('.');
            if path.file_name().and_then(|name| name.to_str()).is_some_and(is_draft) {
                let draft = self.draft_at(&path, base_url)?;
                // Gone meanwhile: it was saved or discarded.
                if let Some(draft) = draft {
                    left.push(DraftEntry { path, draft });
                }
            }
        }
        let saved_at = |left: &DraftEntry| left.draft.as_ref().ok().map(|(_, draft)| draft.saved_at.clone());
        left.sort_by(|a, b| saved_at(b).cmp(&saved_at(a)).then_with(|| a.path.cmp(&b.path)));
        Ok(left)
    }

    fn draft_at(&self, path: &std::path::Path, base_url: &str) -> Result<Option<Result<UsableDraft, String>>, FsError> {
        let bytes = match account::read(path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(None),
            Err(FsError::Io { path, done, problem }) => return Err(FsError::Io { path, done, problem }),
            Err(error) => return Ok(Some(Err(error.to_string()))),
        };
        let Some(endpoint) = endpoint_of(&bytes) else {
            return Ok(Some(Err("it is damaged".to_owned())));
        };
        let files = self.endpoint_files(base_url, &endpoint);
        if files.draft_path() != path {
            return Ok(Some(Err("it belongs to another endpoint".to_owned())));
        }
        Ok(Some(
            Draft::parse(&bytes, &endpoint).map(|draft| (files, Box::new(draft))),
        ))
    }
}

impl EndpointFiles {
    /// Who edits the endpoint now; `None` where nobody does who is alive.
    ///
    /// # Errors
    /// When the owner file can't be read.
    pub fn editor(&self) -> Result<Option<Owner>, FsError> {
        locks::read_living(&self.owner_path(), &self.editor_lock_path())
    }
}

/// Which endpoints have a draft, and which are open in another editor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreOverview {
    /// The files' names for the ids, without their endings.
    drafts: HashSet<String>,
    in_use: HashSet<String>,
}

impl StoreOverview {
    /// Of the ids of endpoints with a draft, and of those that another editor has.
    pub fn new<'a>(drafts: impl IntoIterator<Item = &'a str>, in_use: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            drafts: drafts.into_iter().map(files::name_of).collect(),
            in_use: in_use.into_iter().map(files::name_of).collect(),
        }
    }

    /// The same with these endpoints, whose edits wait under another key.
    pub fn with_drafts<'a>(mut self, drafts: impl IntoIterator<Item = &'a str>) -> Self {
        self.drafts.extend(drafts.into_iter().map(files::name_of));
        self
    }

    /// Whether edits of an earlier run wait there.
    pub fn has_draft(&self, id: &str) -> bool {
        self.drafts.contains(&files::name_of(id))
    }

    /// Whether another living editor has the endpoint.
    pub fn is_in_use(&self, id: &str) -> bool {
        self.in_use.contains(&files::name_of(id))
    }
}

impl Store {
    /// Lists what is there now. Reads the owner files, of which there are as many as editors; drafts aren't opened.
    ///
    /// # Errors
    /// When the directory can't be listed.
    pub fn overview(&self) -> Result<StoreOverview, FsError> {
        let path = self.drafts_dir().path();
        let mut overview = StoreOverview::default();
        for entry in std::fs::read_dir(path).map_err(FsError::io(path, "listed"))? {
            let entry = entry.map_err(FsError::io(path, "listed"))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if let Some(endpoint) = name.strip_suffix(DRAFT_ENDING) {
                overview.drafts.insert(endpoint.to_owned());
            } else if let Some(endpoint) = name.strip_suffix(OWNER_ENDING)
                // What can't be read says nothing here; opening the endpoint tells.
                && let Ok(Some(owner)) =
                    locks::read_living(&entry.path(), &lock_beside(self.drafts_dir(), endpoint))
                && !owner.is_this_process()
            {
                overview.in_use.insert(endpoint.to_owned());
            }
        }
        Ok(overview)
    }
}

impl Store {
    fn recent_path(&self) -> PathBuf {
        self.drafts_dir().path().join("recent.json")
    }

    /// The ids of the endpoints that were opened, the newest first. What can't be understood is as if it weren't there.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn recent(&self) -> Result<Vec<String>, FsError> {
        let bytes = account::read(&self.recent_path())?.unwrap_or_default();
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Puts an endpoint in front.
    ///
    /// # Errors
    /// When the file can't be read or written.
    pub fn remember(&self, id: &str) -> Result<(), FsError> {
        let _lock = self.drafts_dir().lock()?;
        let mut recent = self.recent()?;
        if recent.first().is_some_and(|last| last == id) {
            return Ok(());
        }
        recent.retain(|known| known != id);
        recent.insert(0, id.to_owned());
        recent.truncate(MOST_RECENT);
        let bytes = serde_json::to_vec(&recent).expect("strings can be written to memory");
        self.drafts_dir().stage(&self.recent_path(), &bytes, false)?.put()
    }
}
