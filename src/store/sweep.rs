//! What dead processes left behind goes at the next start.

use std::fs::DirEntry;
use std::time::Duration;

use super::folder::{Folder, Lock};
use super::owner::{self, OWNER_ENDING};
use super::process;
use super::staged::{Writer, writer};

/// When a temporary file of another host counts as left behind: whether its writer lives can't be known here.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes temporary files and owner files of dead processes. What can't be removed stays: it harms nobody.
///
/// The lock is taken as a proof that no owner file is exchanged meanwhile.
pub(super) fn sweep(folder: &Folder, _lock: &Lock) {
    let Ok(entries) = std::fs::read_dir(folder.path()) else {
        return;
    };
    let host = process::host();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            continue;
        };
        let left_behind = if name.ends_with(OWNER_ENDING) {
            matches!(owner::read(&entry.path()), Ok(Some(owner)) if owner.is_dead())
        } else {
            match writer(name, &host) {
                Some(Writer::Here { pid, start }) => !process::is_alive(pid, start),
                Some(Writer::Elsewhere) => is_old(&entry),
                None => false,
            }
        };
        if left_behind {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_old(entry: &DirEntry) -> bool {
    let written = entry.metadata().and_then(|facts| facts.modified());
    written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > OLD))
}
