//! The locks of an endpoint. The editor's: which process edits it; whoever has it may write its draft and send. An owner
//! lives if its process does, or if somebody holds the lock of its file, which also tells of processes that can't be
//! seen from here, in another container for instance. The save's: one save at a time, from its check to its verification, so that two programs on one machine never send over
//! each other unseen.

use std::fmt;
use std::io::{self, Seek, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::account;
use super::draft::Unsaved;
use super::draft_file;
use super::files::EndpointFiles;
use super::history::SendId;
use crate::fs::{DirLock, FsError, OpenFile, OpenFor, Process, is_still_at, now, refuse_irregular, when};
use crate::text::one_line;

const VERSION: u32 = 1;

/// Who edits an endpoint, since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    version: u32,
    /// Grows with every change of hands while the file is there.
    pub generation: u64,
    /// The process.
    pub pid: u32,
    /// When it started, so that a later process with the same number isn't taken for it; `None` where it can't be told.
    start: Option<u64>,
    /// The host that it runs on.
    pub host: String,
    /// Since when, RFC 3339 with offset.
    pub since: String,
}

impl Owner {
    /// This process, from now on.
    pub(super) fn this(generation: u64) -> Self {
        let process = Process::this();
        Self {
            version: VERSION,
            generation,
            pid: process.pid,
            start: process.start,
            host: process.host,
            since: now(),
        }
    }

    /// Whether it is this very process, which can't be waited for.
    pub fn is_this_process(&self) -> bool {
        self.process() == Process::this()
    }

    /// As people say it: `process 123 on host since 23 Nov 13:58`.
    pub fn in_words(&self) -> String {
        let host = one_line(&self.host);
        format!("process {} on {host} since {}", self.pid, when(&self.since))
    }

    /// Whether the process surely is no more: none of that number and start is seen here, and nobody holds the lock that
    /// it would hold. Of another host nothing is known.
    fn is_dead(&self, lock_file: &Path) -> bool {
        self.process().is_dead() && !is_locked(lock_file)
    }

    fn process(&self) -> Process {
        Process {
            pid: self.pid,
            start: self.start,
            host: self.host.clone(),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {}, since {}", self.pid, self.host, self.since)
    }
}

/// Whether an editor holds the lock of this file. Where there are no locks, as on some network file systems, nobody does.
fn is_locked(lock_file: &Path) -> bool {
    let opened = account::open(lock_file, OpenFor::Read);
    opened.is_ok_and(|opened| opened.is_some_and(|file| file.is_locked().unwrap_or(false)))
}

/// Whether a lock's file is one that nobody holds any more.
pub(super) fn is_left_behind(lock_file: &Path) -> bool {
    let opened = account::open(lock_file, OpenFor::Read);
    opened.is_ok_and(|opened| opened.is_some_and(|file| file.is_locked().is_ok_and(|locked| !locked)))
}

/// Whether a file names an owner who is surely no more; `lock_file` is what that would hold.
pub(super) fn is_dead_owner(path: &Path, lock_file: &Path) -> bool {
    matches!(read_owner(path), Ok(Some(owner)) if owner.is_dead(lock_file))
}

/// The owner that a file tells, if it lives, as far as is known; `lock_file` is what it holds.
pub(super) fn read_living(path: &Path, lock_file: &Path) -> Result<Option<Owner>, FsError> {
    Ok(read_owner(path)?.filter(|owner| !owner.is_dead(lock_file)))
}

/// The owner that a file tells: `None` without a file, and when it is damaged, for then it says nothing.
///
/// A file of another version counts as far as it says who owns.
fn read_owner(path: &Path) -> Result<Option<Owner>, FsError> {
    match account::read(path) {
        Ok(bytes) => Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok())),
        Err(FsError::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why the right to write a draft, and to send, is gone.
#[derive(Debug, Error)]
pub enum EditorLockError {
    /// Another editor took the endpoint over.
    #[error("taken over by {0}")]
    TakenOver(Owner),
    /// The owner file is gone: somebody took over and has left since, or it was deleted. Who can't tell which must not
    /// write.
    #[error(
        "{} is gone: another editor took over and has left, or somebody deleted it; take over to go on",
        path.display()
    )]
    Gone {
        /// The owner file.
        path: PathBuf,
    },
    /// It could not be looked up, or the write failed. Nothing says that the endpoint was taken over.
    #[error(transparent)]
    Io(#[from] FsError),
}

/// What came of asking for the lock.
#[derive(Debug)]
pub enum EditorLockAttempt {
    /// Nobody else edits the endpoint.
    Yours(EditorLock),
    /// Somebody does. [`EndpointFiles::take_over`] takes it from them.
    Taken(Owner),
}

/// The right to write one endpoint's draft. It ends when another editor takes over, and is given back when dropped.
#[derive(Debug)]
pub struct EditorLock {
    files: EndpointFiles,
    owner: Owner,
    held: Mutex<HeldFiles>,
    released: AtomicBool,
    /// The directory was deleted and made anew, and that was not told yet.
    remade: AtomicBool,
}

/// What an editor holds open as long as it has the endpoint. Closed in every child.
#[derive(Debug)]
struct HeldFiles {
    /// The directory that the owner file is in.
    dir: OwnedFd,
    /// The file whose lock tells that this editor lives; `None` where there are no locks.
    lock_file: Option<OpenFile>,
}

impl EndpointFiles {
    /// Takes the endpoint if nobody has it, or if whoever has it is dead.
    ///
    /// # Errors
    /// When the owner file can't be read or written; then nothing is known of others.
    pub fn try_editor_lock(&self) -> Result<EditorLockAttempt, FsError> {
        let lock = self.drafts_dir().lock()?;
        let before = read_owner(&self.owner_path())?;
        match before {
            Some(owner) if !owner.is_dead(&self.editor_lock_path()) => Ok(EditorLockAttempt::Taken(owner)),
            before => self.own(before, &lock).map(EditorLockAttempt::Yours),
        }
    }

    /// Takes the endpoint, whoever has it. They find out at their next write or send, and write nothing more.
    ///
    /// # Errors
    /// When the owner file can't be read or written; then nothing has changed.
    pub fn take_over(&self) -> Result<EditorLock, FsError> {
        let lock = self.drafts_dir().lock()?;
        let before = read_owner(&self.owner_path())?;
        self.own(before, &lock)
    }

    /// The lock is taken as a proof that nobody else does the same.
    fn own(&self, before: Option<Owner>, lock: &DirLock) -> Result<EditorLock, FsError> {
        let generation = before.map_or(0, |owner| owner.generation).saturating_add(1);
        let owner = Owner::this(generation);
        let held = self.write_owner(&owner, lock)?;
        Ok(EditorLock {
            files: self.clone(),
            owner,
            held: Mutex::new(held),
            released: AtomicBool::new(false),
            remade: AtomicBool::new(false),
        })
    }

    /// Writes the owner file, and takes the lock that tells that the owner lives, if there are locks.
    fn write_owner(&self, owner: &Owner, _lock: &DirLock) -> Result<HeldFiles, FsError> {
        let bytes = serde_json::to_vec(owner).expect("writing to memory can't fail, and every key is a string");
        let held = HeldFiles {
            dir: self.drafts_dir().ready()?,
            lock_file: self.hold_editor_lock(),
        };
        // The disk isn't waited for: after a crash of the system every owner is dead anyway.
        self.drafts_dir().stage(&self.owner_path(), &bytes, false)?.put()?;
        Ok(held)
    }

    /// The file of this editor's own lock, held. Who was taken over keeps the lock of a file that stands nowhere.
    fn hold_editor_lock(&self) -> Option<OpenFile> {
        let path = self.editor_lock_path();
        let remove = || refuse_irregular(&path).is_ok() && std::fs::remove_file(&path).is_ok();
        match take_lock(&path) {
            Ok(None) if remove() => take_lock(&path).ok().flatten(),
            Ok(held) => held,
            Err(error) => {
                // Where it can't be locked it would say nothing.
                tracing::info!(%error, "there is no lock that tells that this editor lives");
                remove();
                None
            }
        }
    }
}

/// Takes the lock of a file, which is made if need be; `None`: somebody has it. It is held open for reading where that is
/// enough, so that the file system can be made read-only meanwhile; some network file systems lock only what may be
/// written.
fn take_lock(path: &Path) -> io::Result<Option<OpenFile>> {
    let open = |what_for| {
        let opened = account::open(path, what_for).map_err(io::Error::other)?;
        opened.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    let written = open(OpenFor::ReadWrite)?;
    let _ = written.make_private();
    let read = open(OpenFor::Read)?;
    if let Ok(free) = read.try_lock() {
        return Ok(free.then_some(read));
    }
    let free = written.try_lock()?;
    Ok(free.then_some(written))
}

impl EditorLock {
    /// What is owned.
    pub fn files(&self) -> &EndpointFiles {
        &self.files
    }

    /// How the owner file names this process.
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Whether it still holds. To be asked before each send.
    ///
    /// # Errors
    /// Taken over, gone, or not to be found out.
    pub fn holds(&self) -> Result<(), EditorLockError> {
        let path = self.files.owner_path();
        if self.released.load(Ordering::SeqCst) {
            return Err(EditorLockError::Gone { path });
        }
        match read_owner(&path) {
            Ok(Some(owner)) if owner == self.owner => Ok(()),
            Ok(Some(owner)) => Err(EditorLockError::TakenOver(owner)),
            Ok(None) | Err(_) if self.is_dir_deleted() => self.own_again(),
            Ok(None) => Err(EditorLockError::Gone { path }),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the directory was deleted that the owner file was in, with all that was in it.
    fn is_dir_deleted(&self) -> bool {
        !is_still_at(&self.held().dir, self.files.drafts_dir().path())
    }

    /// Makes the directory anew, and owns the endpoint as before, unless somebody came there meanwhile: nobody took it
    /// over by deleting everything.
    fn own_again(&self) -> Result<(), EditorLockError> {
        let files = &self.files;
        let lock = files.drafts_dir().lock().map_err(|why| FsError::Deleted {
            path: files.drafts_dir().path().to_owned(),
            why: Box::new(why),
        })?;
        let path = files.owner_path();
        match read_owner(&path)? {
            Some(owner) if owner == self.owner => return Ok(()),
            Some(owner) => return Err(EditorLockError::TakenOver(owner)),
            // Somebody else's edits, who has left since.
            None if files.draft_path().exists() => return Err(EditorLockError::Gone { path }),
            None => {}
        }
        let held = files.write_owner(&self.owner, &lock)?;
        *self.held() = held;
        self.remade.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// The directory that was deleted under this editor and made anew, once.
    pub(super) fn take_remade(&self) -> Option<PathBuf> {
        let remade = self.remade.swap(false, Ordering::SeqCst);
        remade.then(|| self.files.drafts_dir().path().to_owned())
    }

    fn held(&self) -> MutexGuard<'_, HeldFiles> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the draft, whole, and waits for the disk. If the lock no longer holds, nothing on disk changes.
    ///
    /// # Errors
    /// Taken over, gone, or not written; the draft before is then untouched.
    pub fn write_draft(&self, unsaved: &Unsaved) -> Result<(), EditorLockError> {
        self.write_draft_if(unsaved, &|| true).map(drop)
    }

    /// The same, but `wanted` is asked last, under the lock. False: it wasn't, and nothing changed.
    pub(super) fn write_draft_if(&self, unsaved: &Unsaved, wanted: &dyn Fn() -> bool) -> Result<bool, EditorLockError> {
        // Once before the work and once under the lock: the slow part needs none.
        self.holds()?;
        let (files, path) = (&self.files, self.files.draft_path());
        let bytes = draft_file::bytes(&files.redactor().unsaved(unsaved), files.base_url(), files.endpoint());
        let staged = files.drafts_dir().stage(&path, &bytes, true)?;
        let lock = files.drafts_dir().lock()?;
        self.holds()?;
        if !wanted() {
            return Ok(false);
        }
        staged.put()?;
        lock.release_and_sync()?;
        Ok(true)
    }

    /// Removes the draft; one that isn't there is no error.
    ///
    /// # Errors
    /// Taken over, gone, or not removed.
    pub fn remove_draft(&self) -> Result<(), EditorLockError> {
        self.remove_draft_if(&|| true).map(drop)
    }

    /// As [`Self::write_draft_if`].
    pub(super) fn remove_draft_if(&self, wanted: &dyn Fn() -> bool) -> Result<bool, EditorLockError> {
        // Before the lock, which makes a directory anew that was deleted.
        self.holds()?;
        let path = self.files.draft_path();
        let lock = self.files.drafts_dir().lock()?;
        self.holds()?;
        if !wanted() {
            return Ok(false);
        }
        refuse_irregular(&path)?;
        match std::fs::remove_file(&path) {
            Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => {
                Err(FsError::io(&path, "removed")(problem).into())
            }
            _ => {
                lock.release_and_sync()?;
                Ok(true)
            }
        }
    }

    /// Gives it back: the owner file goes, the draft stays. Dropping does the same.
    pub fn release(self) {
        drop(self);
    }

    /// Gives it back while others still hold a reference; from then on nothing is written.
    pub(super) fn release_now(&self) {
        if self.released.load(Ordering::SeqCst) {
            return;
        }
        // What fails here leaves a file of a process that is about to end: the next start removes it.
        // Nothing is made anew for it.
        if !self.is_dir_deleted()
            && let Ok(_lock) = self.files.drafts_dir().lock()
            && self.holds().is_ok()
        {
            let _ = std::fs::remove_file(self.files.owner_path());
            let path = self.files.editor_lock_path();
            if self.held().lock_file.as_ref().is_some_and(|held| held.is_at(&path)) {
                let _ = std::fs::remove_file(path);
            }
        }
        self.held().lock_file.take();
        self.released.store(true, Ordering::SeqCst);
    }
}

impl Drop for EditorLock {
    fn drop(&mut self) {
        self.release_now();
    }
}

/// What came of asking for the lock.
#[derive(Debug)]
pub enum SaveLockAttempt {
    /// Nobody else saves this endpoint until the lock is dropped.
    Yours(SaveLock),
    /// Somebody saves it now, and who, as far as that can be read.
    Taken(Option<Owner>),
}

/// A send that somebody on this machine left on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftSend {
    /// Who sent it.
    pub by: Owner,
    /// Until when it may still arrive.
    pub until: Timestamp,
    /// Its name in the history; `None`: it isn't there.
    pub send: Option<SendId>,
}

/// What stands in the lock's file.
#[derive(Serialize, Deserialize)]
struct SaveLockFile {
    #[serde(flatten)]
    owner: Owner,
    /// A send is on its way until then, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sending_until: Option<String>,
    /// Who sent it, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent_by: Option<Owner>,
    /// Its name in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    send: Option<SendId>,
}

/// No send is on its way longer: no time-out may be set to more than an hour. What says so was written by a clock that
/// stood elsewhere.
const LONGEST: SignedDuration = SignedDuration::from_secs(3_660);

impl SaveLockFile {
    fn left(self) -> Option<LeftSend> {
        let until = self.sending_until?.parse().ok()?;
        let by = self.sent_by.unwrap_or(self.owner);
        let left = Timestamp::duration_until(Timestamp::now(), until);
        let is_ahead = left.is_positive() && left <= LONGEST;
        is_ahead.then_some(LeftSend {
            by,
            until,
            send: self.send,
        })
    }
}

/// The right to save one endpoint. Dropping it, or the end of the process, however it ends, gives it to the next one.
#[derive(Debug)]
pub struct SaveLock {
    lock_file: OpenFile,
    path: PathBuf,
    /// A send of somebody else that may still be on its way.
    left: Option<LeftSend>,
    /// The file says that a send is on its way, and nobody knows yet what came of it.
    is_open: AtomicBool,
}

impl EndpointFiles {
    /// The lock's file. It is there only while somebody saves, or after somebody left a send on its way, or was killed:
    /// then it says until when that may arrive.
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
            let Some(lock_file) = account::open(&path, OpenFor::ReadWrite)? else {
                return Err(FsError::io(&path, "made")(std::io::ErrorKind::NotFound.into()));
            };
            if !lock_file.try_lock().map_err(FsError::io(&path, "locked"))? {
                return Ok(SaveLockAttempt::Taken(read_owner(&path).ok().flatten()));
            }
            // Whoever had it before may have removed the file after it was opened here: then this lock is on nothing.
            if !lock_file.is_at(&path) {
                continue;
            }
            // The umask may have taken away what the next one needs.
            let _ = lock_file.make_private();
            let before = account::read(&path).ok().flatten();
            let before = before.and_then(|bytes| serde_json::from_slice::<SaveLockFile>(&bytes).ok());
            let lock = SaveLock {
                lock_file,
                path,
                left: before.and_then(SaveLockFile::left),
                is_open: AtomicBool::new(false),
            };
            // For the message of whoever waits; and what was left stays known until its time is over.
            let _ = lock.write(lock.left.clone());
            lock.is_open.store(lock.left.is_some(), Ordering::SeqCst);
            return Ok(SaveLockAttempt::Yours(lock));
        }
    }
}

impl SaveLock {
    /// A send of somebody else that may still be on its way.
    pub fn left_send(&self) -> Option<&LeftSend> {
        self.left.as_ref()
    }

    /// The next bytes are those of the send, which may be on its way until then. Not waited for on the disk: after a
    /// crash of the system nothing is sent any more.
    ///
    /// # Errors
    /// It can't be written.
    pub fn sends_until(&self, until: Timestamp, send: Option<SendId>) -> io::Result<()> {
        self.is_open.store(true, Ordering::SeqCst);
        let by = Owner::this(0);
        self.write(Some(LeftSend { by, until, send }))
    }

    /// What came of the send is known, and nothing is on its way: the file goes with the lock.
    pub fn is_settled(&self) {
        self.is_open.store(false, Ordering::SeqCst);
    }

    fn write(&self, left: Option<LeftSend>) -> io::Result<()> {
        let owner = Owner::this(0);
        let content = SaveLockFile {
            sending_until: left.as_ref().map(|left| left.until.to_string()),
            send: left.as_ref().and_then(|left| left.send.clone()),
            sent_by: left.map(|left| left.by).filter(|by| *by != owner),
            owner,
        };
        let bytes = serde_json::to_vec(&content).expect("writing to memory can't fail");
        let mut file = &self.lock_file.file;
        file.rewind()?;
        file.write_all(&bytes)?;
        file.set_len(bytes.len() as u64)
    }
}

impl Drop for SaveLock {
    fn drop(&mut self) {
        // Removed before the lock is let go, and only if it is still this one: somebody may have cleaned up.
        if !self.is_open.load(Ordering::SeqCst) && self.lock_file.is_at(&self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
