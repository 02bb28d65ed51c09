//! A private directory of one account: made, locked, and read without trusting what stands in it.

use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FileType, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::MOST_BYTES;
use super::error::StoreError;
use crate::config::is_foreign;
use crate::secret::read_to_end;

const PRIVATE_DIR: u32 = 0o700;
pub(super) const PRIVATE_FILE: u32 = 0o600;
/// How long a draft's write waits for the lock: the next write is never far.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);
const LOCK_PAUSE: Duration = Duration::from_millis(3);

/// `ROOT/KIND/ACCOUNT`, where KIND is `drafts` or `history`.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
    kind: PathBuf,
    path: PathBuf,
}

impl Folder {
    pub fn new(root: &Path, kind: PathBuf, account: &str) -> Self {
        Self {
            root: root.to_owned(),
            path: kind.join(account),
            kind,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes what is missing of it, tightens what is too open, and opens it. Done for each write anew: somebody may have
    /// cleaned up, and the session goes on.
    ///
    /// The root may be a link, as people who move their state elsewhere have it; what is below it may not.
    pub fn ready(&self) -> Result<OwnedFd, StoreError> {
        private_dir(&self.root, OFlags::empty())?;
        private_dir(&self.kind, OFlags::NOFOLLOW)?;
        private_dir(&self.path, OFlags::NOFOLLOW)
    }

    /// Takes the lock that every process takes which writes here. It lies on the directory itself, so that no lock file is left.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when somebody else holds it for half a second.
    pub fn lock(&self) -> Result<Lock, StoreError> {
        self.lock_within(LOCK_PATIENCE)
    }

    /// The same with another patience.
    pub fn lock_within(&self, patience: Duration) -> Result<Lock, StoreError> {
        let dir = self.ready()?;
        let start = Instant::now();
        loop {
            match rustix::fs::flock(&dir, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK) if start.elapsed() < patience => thread::sleep(LOCK_PAUSE),
                Err(Errno::WOULDBLOCK) => {
                    return Err(StoreError::Busy {
                        path: self.path.clone(),
                    });
                }
                Err(Errno::INTR) => {}
                // Some network file systems can't lock a directory. Every write stays whole without it.
                Err(Errno::BADF | Errno::INVAL | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS) => break,
                Err(errno) => return Err(StoreError::io(&self.path, "locked")(errno.into())),
            }
        }
        Ok(Lock {
            dir,
            path: self.path.clone(),
        })
    }
}

/// The lock of a [`Folder`], until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    dir: OwnedFd,
    path: PathBuf,
}

impl Lock {
    /// Lets go, then waits until what was renamed and removed is on disk.
    pub fn release_and_sync(self) -> Result<(), StoreError> {
        // Others need not wait for the disk. A failure here only means that they do.
        let _ = rustix::fs::flock(&self.dir, FlockOperation::Unlock);
        match rustix::fs::fsync(&self.dir) {
            // Not every file system syncs directories.
            Ok(()) | Err(Errno::INVAL) => Ok(()),
            Err(errno) => Err(StoreError::io(&self.path, "written")(errno.into())),
        }
    }
}

/// Makes a directory of ours below the state directory, or makes it private; a link in its place is not followed.
///
/// # Errors
/// [`StoreError`].
pub fn make_private(path: &Path) -> Result<(), StoreError> {
    private_dir(path, OFlags::NOFOLLOW).map(drop)
}

fn private_dir(path: &Path, follow: OFlags) -> Result<OwnedFd, StoreError> {
    let open = || {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | follow;
        rustix::fs::open(path, flags, Mode::empty())
    };
    let dir = match open() {
        Err(Errno::NOENT) => {
            make_dir(path).map_err(StoreError::io(path, "made"))?;
            open()
        }
        opened => opened,
    };
    let dir = dir.map_err(|errno| match errno {
        Errno::LOOP | Errno::MLINK | Errno::NOTDIR => StoreError::NotDirectory { path: path.to_owned() },
        errno => StoreError::io(path, "opened")(errno.into()),
    })?;
    let facts = rustix::fs::fstat(&dir).map_err(|errno| StoreError::io(path, "opened")(errno.into()))?;
    own(path, facts.st_uid)?;
    let everybody = Mode::RWXU | Mode::RWXG | Mode::RWXO;
    if Mode::from_raw_mode(facts.st_mode) & everybody != Mode::RWXU {
        rustix::fs::fchmod(&dir, Mode::RWXU).map_err(|errno| StoreError::io(path, "made private")(errno.into()))?;
    }
    Ok(dir)
}

fn make_dir(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        DirBuilder::new().recursive(true).mode(PRIVATE_DIR).create(parent)?;
    }
    match DirBuilder::new().mode(PRIVATE_DIR).create(path) {
        // The umask may have taken away what its owner needs.
        Ok(()) => std::fs::set_permissions(path, Permissions::from_mode(PRIVATE_DIR)),
        Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(problem) => Err(problem),
    }
}

/// Opens a regular file, or nothing else: links aren't followed, pipes aren't waited for. Gives its size, bytes, too.
///
/// # Errors
/// [`StoreError::NotRegular`], [`StoreError::TooLarge`], or what the system says.
pub(super) fn open(path: &Path, flags: OFlags) -> Result<Option<(File, u64)>, StoreError> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let not_regular = || StoreError::NotRegular { path: path.to_owned() };
    let file = match rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR) {
        Ok(file) => file,
        Err(Errno::NOENT) => return Ok(None),
        Err(Errno::LOOP | Errno::MLINK | Errno::NXIO | Errno::ISDIR) => return Err(not_regular()),
        Err(errno) => return Err(StoreError::io(path, "opened")(errno.into())),
    };
    let facts = rustix::fs::fstat(&file).map_err(|errno| StoreError::io(path, "opened")(errno.into()))?;
    if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile {
        return Err(not_regular());
    }
    own(path, facts.st_uid)?;
    let size = u64::try_from(facts.st_size).unwrap_or(0);
    if size > MOST_BYTES {
        return Err(StoreError::TooLarge { path: path.to_owned() });
    }
    Ok(Some((file.into(), size)))
}

/// An error for what belongs to another user.
fn own(path: &Path, owner: u32) -> Result<(), StoreError> {
    if is_foreign(owner, rustix::process::geteuid().as_raw()) {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
            owner,
        });
    }
    Ok(())
}

/// What a regular file holds; `None` when there is no file.
///
/// # Errors
/// As for [`open`].
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    match open(path, OFlags::RDONLY)? {
        Some((file, size)) => read_all(path, file, size).map(Some),
        None => Ok(None),
    }
}

/// What an open file holds, from its beginning.
pub(super) fn read_all(path: &Path, file: impl Read, size: u64) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let bytes = read_to_end(file, size, MOST_BYTES + 1).map_err(StoreError::io(path, "read"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(StoreError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}
