//! A file that is written whole beside the one that it replaces.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use tempfile::NamedTempFile;

use super::error::FsError;
use super::open::PRIVATE_FILE;
use super::process::{Process, host_digits};

/// What every temporary file's name begins with; then come host, process, its start, and random letters.
const PREFIX: &str = ".tmp-";

/// The next content of a file, on disk under another name. Dropped without being put in its place, it is removed.
#[derive(Debug)]
pub struct AtomicFile(NamedTempFile);

impl AtomicFile {
    /// Writes the bytes into a directory, mode 0600 before a byte is in it. `durable`: also waits for the disk, so that
    /// a crash of the system after it took its place leaves either the old content or the new one.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(dir: &Path, bytes: &[u8], durable: bool) -> io::Result<Self> {
        Self::write_called(dir, &prefix(&Process::this()), bytes, durable)
    }

    /// The same under a name that begins so.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_called(dir: &Path, prefix: &str, bytes: &[u8], durable: bool) -> io::Result<Self> {
        let private = || Permissions::from_mode(PRIVATE_FILE);
        let mut file = tempfile::Builder::new()
            .prefix(prefix)
            .rand_bytes(8)
            .permissions(private())
            .tempfile_in(dir)?;
        // Again, for the umask may have taken away what its owner needs.
        file.as_file().set_permissions(private())?;
        file.write_all(bytes)?;
        if durable {
            file.as_file().sync_all()?;
        }
        Ok(Self(file))
    }

    /// Puts it in the place of what is there, in the same directory.
    ///
    /// # Errors
    /// What the system says; then what was there is untouched.
    pub fn replace(self, target: &Path) -> io::Result<()> {
        self.0.persist(target).map(drop).map_err(|failed| failed.error)
    }

    /// Puts it where nothing is yet, in the same directory.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], or what the system says.
    pub fn create(self, target: &Path) -> io::Result<()> {
        self.0
            .persist_noclobber(target)
            .map(drop)
            .map_err(|failed| failed.error)
    }
}

/// Makes a file that isn't there yet, for its user only.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or what the system says.
pub fn create_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(PRIVATE_FILE)
        .open(path)?;
    // The umask may have taken away what its owner needs.
    file.set_permissions(Permissions::from_mode(PRIVATE_FILE))?;
    Ok(file)
}

/// An error when something stands at the path that is no regular file, so that it is neither replaced, appended to nor
/// removed.
///
/// # Errors
/// [`FsError::NotRegular`].
pub fn refuse_irregular(path: &Path) -> Result<(), FsError> {
    match std::fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() => Err(FsError::NotRegular { path: path.to_owned() }),
        _ => Ok(()),
    }
}

fn prefix(process: &Process) -> String {
    let host = host_digits(&process.host);
    let start = process.start.unwrap_or(0);
    format!("{PREFIX}{host}-{}-{start}-", process.pid)
}

/// Who wrote a temporary file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TemporaryWriter {
    /// A process here.
    Here { pid: u32, start: Option<u64> },
    /// One on another host.
    Elsewhere,
}

/// The writer of the temporary file of that name, seen from a host; `None` when it isn't one of ours.
pub(super) fn writer(name: &str, host: &str) -> Option<TemporaryWriter> {
    let mut parts = name.strip_prefix(PREFIX)?.split('-');
    let (of_host, pid, start) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next()?;
    Some(if of_host == host_digits(host) {
        let start = Some(start).filter(|start| *start != 0);
        TemporaryWriter::Here { pid, start }
    } else {
        TemporaryWriter::Elsewhere
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
            Some(TemporaryWriter::Here {
                pid: 71,
                start: Some(9)
            })
        );
        assert_eq!(writer(&name, "i"), Some(TemporaryWriter::Elsewhere));
        for other in ["ep.draft.json", ".tmp-", ".tmp-abc", ".tmp-x-y-z-w", ".tmpAbCd"] {
            assert_eq!(writer(other, "h"), None, "{other}");
        }
    }
}
