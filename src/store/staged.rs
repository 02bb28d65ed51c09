//! A file that is written whole beside the one that it replaces.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::MOST_BYTES;
use super::account::hex;
use super::error::StoreError;
use super::folder::{Folder, PRIVATE_FILE};
use super::process::Process;

/// What every temporary file's name begins with; then come host, process, its start, and random letters.
const PREFIX: &str = ".tmp-";

/// The next content of a file, on disk under another name. Dropped without [`Staged::put`], it is removed.
#[derive(Debug)]
pub(super) struct Staged {
    file: NamedTempFile,
    target: PathBuf,
}

impl Staged {
    /// Writes the bytes beside `target`. `durable`: also waits for the disk, so that a crash of the system after the rename
    /// leaves either the old content or the new one.
    pub fn write(folder: &Folder, target: &Path, bytes: &[u8], durable: bool) -> Result<Self, StoreError> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(StoreError::TooLarge {
                path: target.to_owned(),
            });
        }
        folder.ready()?;
        let write = || {
            disk_for_tests()?;
            let mut file = tempfile::Builder::new()
                .prefix(&prefix(&Process::this()))
                .rand_bytes(8)
                .permissions(Permissions::from_mode(PRIVATE_FILE))
                .tempfile_in(folder.path())?;
            // Again, for the umask may have taken away what its owner needs.
            file.as_file().set_permissions(Permissions::from_mode(PRIVATE_FILE))?;
            file.write_all(bytes)?;
            if durable {
                file.as_file().sync_all()?;
            }
            Ok(file)
        };
        Ok(Self {
            file: write().map_err(StoreError::io(target, "written"))?,
            target: target.to_owned(),
        })
    }

    /// Puts it somewhere else in the same directory than it was written for.
    pub fn put_as(mut self, target: PathBuf) -> Result<(), StoreError> {
        self.target = target;
        self.put()
    }

    /// Puts it in the place of the old one. Something that is no regular file stays where it is.
    pub fn put(self) -> Result<(), StoreError> {
        refuse_foreign(&self.target)?;
        match self.file.persist(&self.target) {
            Ok(_) => Ok(()),
            Err(failed) => Err(StoreError::io(&self.target, "written")(failed.error)),
        }
    }
}

/// An error when something stands at the path that is no regular file, so that it is neither replaced nor removed.
pub(super) fn refuse_foreign(path: &Path) -> Result<(), StoreError> {
    match std::fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() => Err(StoreError::NotRegular { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// In debug builds `NOVITA_EDIT_TEST_DISK=full` makes every write fail as on a full disk, for tests of the whole program.
pub(super) fn disk_for_tests() -> io::Result<()> {
    #[cfg(debug_assertions)]
    if std::env::var_os("NOVITA_EDIT_TEST_DISK").is_some_and(|value| value == "full") {
        return Err(rustix::io::Errno::NOSPC.into());
    }
    Ok(())
}

fn prefix(process: &Process) -> String {
    let host = host_digits(&process.host);
    let start = process.start.unwrap_or(0);
    format!("{PREFIX}{host}-{}-{start}-", process.pid)
}

/// Few letters for a host: its name may be long, and may hold anything.
pub(super) fn host_digits(host: &str) -> String {
    hex(&ring::digest::digest(&ring::digest::SHA256, host.as_bytes()).as_ref()[..4])
}

/// Who wrote a temporary file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// A process here.
    Here { pid: u32, start: Option<u64> },
    /// One on another host.
    Elsewhere,
}

/// The writer of the temporary file of that name; `None` when it isn't one of ours.
pub(super) fn writer(name: &str, host: &str) -> Option<Writer> {
    let mut parts = name.strip_prefix(PREFIX)?.split('-');
    let (of_host, pid, start) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next()?;
    Some(if of_host == host_digits(host) {
        let start = Some(start).filter(|start| *start != 0);
        Writer::Here { pid, start }
    } else {
        Writer::Elsewhere
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_files_name_tells_its_writer() {
        let process = Process {
            pid: 71,
            start: Some(9),
            host: "h".into(),
        };
        let name = format!("{}aBc123", prefix(&process));
        assert_eq!(
            writer(&name, "h"),
            Some(Writer::Here {
                pid: 71,
                start: Some(9)
            })
        );
        assert_eq!(writer(&name, "i"), Some(Writer::Elsewhere));
        for other in ["ep.draft.json", ".tmp-", ".tmp-abc", ".tmp-x-y-z-w", ".tmpAbCd"] {
            assert_eq!(writer(other, "h"), None, "{other}");
        }
    }
}
