//! Opening what is kept of an account: its directories are made, and what nobody wants any more goes.

use super::account::Account;
use super::account_dir::AccountDir;
use super::discarded::purge;
use super::editor_lock;
use super::file_name::OWNER_ENDING;
use super::files::Store;
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

/// Removes temporary files and owner files of dead processes. What can't be removed stays: it harms nobody.
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
        let left_behind = if name.ends_with(OWNER_ENDING) {
            matches!(editor_lock::read(&path), Ok(Some(owner)) if owner.is_dead())
        } else {
            is_stale_temporary(name, &path)
        };
        if left_behind {
            let _ = std::fs::remove_file(&path);
        }
    }
}
