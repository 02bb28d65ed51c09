//! One save at a time: a lock on one endpoint, from a save's check to its verification, so that two programs on one
//! machine never send over each other unseen.

use std::io::Write;
use std::path::PathBuf;

use super::account_dir;
use super::editor_lock::{self, Owner};
use super::files::EndpointFiles;
use crate::fs::{FsError, OpenFile, OpenFor};

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
    lock_file: OpenFile,
    path: PathBuf,
}

impl EndpointFiles {
    /// The lock's file. It is there only while somebody saves, or after somebody was killed doing so: then it says
    /// nothing.
    pub fn save_lock_path(&self) -> PathBuf {
        self.drafts_dir().path().join(format!("{}.save.lock", self.name()))
    }

    /// Takes the lock if nobody has it. Doesn't wait for the one who has it, only for the disk.
    ///
    /// # Errors
    /// When the file can't be made, opened or locked; then nothing is known of others.
    pub fn try_save_lock(&self) -> Result<SaveLockAttempt, FsError> {
        let path = self.save_lock_path();
        self.drafts_dir().ready()?;
        loop {
            let Some(mut lock_file) = account_dir::open(&path, OpenFor::ReadWrite)? else {
                return Err(FsError::io(&path, "made")(std::io::ErrorKind::NotFound.into()));
            };
            if !lock_file.try_lock().map_err(FsError::io(&path, "locked"))? {
                return Ok(SaveLockAttempt::Taken(editor_lock::read(&path).ok().flatten()));
            }
            // Whoever had it before may have removed the file after it was opened here: then this lock is on nothing.
            if !lock_file.is_at(&path) {
                continue;
            }
            // The umask may have taken away what the next one needs.
            let _ = lock_file.make_private();
            // Only for the message of whoever waits.
            let owner = serde_json::to_vec(&Owner::this(0)).expect("writing to memory can't fail");
            let file = &mut lock_file.file;
            let _ = file.set_len(0).and_then(|()| file.write_all(&owner));
            return Ok(SaveLockAttempt::Yours(SaveLock { lock_file, path }));
        }
    }
}

impl Drop for SaveLock {
    fn drop(&mut self) {
        // Removed before the lock is let go, and only if it is still this one: somebody may have cleaned up.
        if self.lock_file.is_at(&self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
