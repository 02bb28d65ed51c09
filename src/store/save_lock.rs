//! One save at a time: a lock on one endpoint, from a save's check to its verification, so that two programs on one
//! machine never send over each other unseen.

use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use super::account_dir;
use super::editor_lock::{self, Owner};
use super::files::EndpointFiles;
use crate::fs::{FsError, OpenFile, PRIVATE_FILE};

/// What came of asking for the lock.
#[derive(Debug)]
pub enum SaveLockAttempt {
    /// Nobody else saves this endpoint until the lock is dropped.
    Yours(SaveLock),
    /// Somebody saves it now, and who, as far as that can be read.
    Taken(Option<Owner>),
}

/// The right to save one endpoint. Dropping it, or the end of the process, however it ends, gives it to the next one.
#[derive(Debug)]
pub struct SaveLock {
    file: File,
    path: PathBuf,
}

impl EndpointFiles {
    /// The lock's file. It is there only while somebody saves, or after somebody was killed doing so: then it says nothing.
    pub fn save_lock_path(&self) -> PathBuf {
        self.drafts().path().join(format!("{}.save.lock", self.name()))
    }

    /// Takes the lock if nobody has it. Doesn't wait for the one who has it, only for the disk.
    ///
    /// # Errors
    /// When the file can't be made, opened or locked; then nothing is known of others.
    pub fn try_save_lock(&self) -> Result<SaveLockAttempt, FsError> {
        let path = self.save_lock_path();
        self.drafts().ready()?;
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let Some(OpenFile { mut file, .. }) = account_dir::open(&path, &options)? else {
                return Err(FsError::io(&path, "made")(std::io::ErrorKind::NotFound.into()));
            };
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => return Ok(SaveLockAttempt::Taken(editor_lock::read(&path).ok().flatten())),
                Err(Errno::INTR) => continue,
                Err(errno) => return Err(FsError::io(&path, "locked")(errno.into())),
            }
            // Whoever had it before may have removed the file after it was opened here: then this lock is on nothing.
            if !is_at(&file, &path) {
                continue;
            }
            // The umask may have taken away what the next one needs.
            let _ = file.set_permissions(Permissions::from_mode(PRIVATE_FILE));
            // Only for the message of whoever waits.
            let owner = serde_json::to_vec(&Owner::this(0)).expect("writing to memory can't fail");
            let _ = file.set_len(0).and_then(|()| file.write_all(&owner));
            return Ok(SaveLockAttempt::Yours(SaveLock { file, path }));
        }
    }
}

impl Drop for SaveLock {
    fn drop(&mut self) {
        // Removed before the lock is let go, and only if it is still this one: somebody may have cleaned up.
        if is_at(&self.file, &self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Whether this file is the one that stands at the path.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}
