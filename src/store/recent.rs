//! Which endpoints of an account were opened, so that the list can begin with the last one.

use std::path::PathBuf;

use super::account_dir;
use super::shelf::Store;
use crate::fs::FsError;

/// How many are remembered.
const MOST: usize = 50;

impl Store {
    fn recent_path(&self) -> PathBuf {
        self.drafts().path().join("recent.json")
    }

    /// The ids of the endpoints that were opened, the newest first. What can't be understood is as if it weren't there.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn recent(&self) -> Result<Vec<String>, FsError> {
        let bytes = account_dir::read(&self.recent_path())?.unwrap_or_default();
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Puts an endpoint in front.
    ///
    /// # Errors
    /// When the file can't be read or written.
    pub fn remember(&self, id: &str) -> Result<(), FsError> {
        let _lock = self.drafts().lock()?;
        let mut recent = self.recent()?;
        if recent.first().is_some_and(|last| last == id) {
            return Ok(());
        }
        recent.retain(|known| known != id);
        recent.insert(0, id.to_owned());
        recent.truncate(MOST);
        let bytes = serde_json::to_vec(&recent).expect("strings can be written to memory");
        self.drafts().stage(&self.recent_path(), &bytes, false)?.put()
    }
}
