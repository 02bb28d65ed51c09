//! What dead processes left behind goes at the next start.

use super::account_dir::AccountDir;
use super::owner::{self, OWNER_ENDING};
use crate::fs::{DirLock, is_stale_temporary};

/// Removes temporary files and owner files of dead processes. What can't be removed stays: it harms nobody.
///
/// The lock is taken as a proof that no owner file is exchanged meanwhile.
pub(super) fn sweep(dir: &AccountDir, _lock: &DirLock) {
    let Ok(entries) = std::fs::read_dir(dir.path()) else {
        return;
    };
    for entry in entries.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let Some(name) = name.to_str() else {
            continue;
        };
        let left_behind = if name.ends_with(OWNER_ENDING) {
            matches!(owner::read(&path), Ok(Some(owner)) if owner.is_dead())
        } else {
            is_stale_temporary(name, &path)
        };
        if left_behind {
            let _ = std::fs::remove_file(&path);
        }
    }
}
