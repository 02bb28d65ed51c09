//! Directories that only the user may enter: made, tightened, opened, locked; and one with a name of its own
//! that goes again.

use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use tempfile::TempDir;

use super::error::FsError;
use super::open::is_foreign;

/// Mode of a directory that only its owner may enter.
pub(super) const PRIVATE_DIR: u32 = 0o700;
/// How often it is looked whether a lock is free.
const LOCK_PAUSE: Duration = Duration::from_millis(3);

/// Makes a directory of ours if it is missing, tightens it if it is too open, and opens it. A link in its place is
/// followed only if `follows_links`.
///
/// # Errors
/// [`FsError`]; [`FsError::Foreign`] if it is another user's.
pub fn open_private(path: &Path, follows_links: bool) -> Result<OwnedFd, FsError> {
    let open = || {
        let mut flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        flags.set(OFlags::NOFOLLOW, !follows_links);
        rustix::fs::open(path, flags, Mode::empty())
    };
    let dir = match open() {
        Err(Errno::NOENT) => {
            make(path).map_err(FsError::io(path, "made"))?;
            open()
        }
        opened => opened,
    };
    let dir = dir.map_err(|errno| match errno {
        Errno::LOOP | Errno::MLINK | Errno::NOTDIR => FsError::NotDirectory { path: path.to_owned() },
        errno => FsError::io(path, "opened")(errno.into()),
    })?;
    let facts = rustix::fs::fstat(&dir).map_err(|errno| FsError::io(path, "opened")(errno.into()))?;
    if is_foreign(facts.st_uid, rustix::process::geteuid().as_raw()) {
        return Err(FsError::Foreign {
            path: path.to_owned(),
            owner: facts.st_uid,
        });
    }
    let everybody = Mode::RWXU | Mode::RWXG | Mode::RWXO;
    if Mode::from_raw_mode(facts.st_mode) & everybody != Mode::RWXU {
        rustix::fs::fchmod(&dir, Mode::RWXU).map_err(|errno| FsError::io(path, "made private")(errno.into()))?;
    }
    Ok(dir)
}

/// Makes a directory of ours if it is missing, or makes it private; a link in its place is not followed.
///
/// # Errors
/// As of [`open_private`].
pub fn make_private(path: &Path) -> Result<(), FsError> {
    open_private(path, false).map(drop)
}

/// Whether nobody else can exchange what is made in a directory: it is the user's, and no others may write it.
pub fn is_own_dir(path: &Path) -> bool {
    let user = rustix::process::geteuid().as_raw();
    std::fs::metadata(path).is_ok_and(|facts| facts.is_dir() && facts.uid() == user && facts.mode() & 0o022 == 0)
}

/// Whether an open directory is the one that stands at the path still. It isn't once it was deleted, whatever was made in
/// its place.
pub fn is_still_at(dir: &OwnedFd, path: &Path) -> bool {
    // A network file system says it of a directory that another host deleted.
    let Ok(open) = rustix::fs::fstat(dir) else {
        return false;
    };
    match rustix::fs::lstat(path) {
        Ok(there) => (there.st_dev, there.st_ino) == (open.st_dev, open.st_ino),
        // What can't be looked up isn't known to be gone.
        Err(errno) => !matches!(errno, Errno::NOENT | Errno::NOTDIR),
    }
}

fn make(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        create_dirs(parent)?;
    }
    match create_private(path) {
        Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Makes a directory that isn't there yet, for its user only.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or what the system says.
pub fn create_private(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(PRIVATE_DIR).create(path)?;
    // The umask may have taken away what its owner needs.
    std::fs::set_permissions(path, Permissions::from_mode(PRIVATE_DIR))
}

/// Makes what is missing of the way to a directory, and it, for the user only. What is there stays as it is.
///
/// # Errors
/// What the system says.
pub fn create_dirs(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(PRIVATE_DIR).create(path)
}

/// The lock of a directory, until it is dropped. It lies on the directory itself, so that no lock file is left.
#[derive(Debug)]
pub struct DirLock {
    dir: OwnedFd,
    path: PathBuf,
}

impl DirLock {
    /// Takes the lock of an open directory.
    ///
    /// # Errors
    /// [`FsError::Busy`] when somebody else holds it for so long.
    pub fn take(dir: OwnedFd, path: &Path, patience: Duration) -> Result<Self, FsError> {
        let start = Instant::now();
        loop {
            match rustix::fs::flock(&dir, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK) if start.elapsed() < patience => thread::sleep(LOCK_PAUSE),
                Err(Errno::WOULDBLOCK) => return Err(FsError::Busy { path: path.to_owned() }),
                Err(Errno::INTR) => {}
                // Some network file systems can't lock a directory. Every write stays whole without it.
                Err(Errno::BADF | Errno::INVAL | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS) => break,
                Err(errno) => return Err(FsError::io(path, "locked")(errno.into())),
            }
        }
        Ok(Self {
            dir,
            path: path.to_owned(),
        })
    }

    /// Lets go, then waits until what was renamed and removed is on disk.
    ///
    /// # Errors
    /// What the system says.
    pub fn release_and_sync(self) -> Result<(), FsError> {
        // Others need not wait for the disk. A failure here only means that they do.
        let _ = rustix::fs::flock(&self.dir, FlockOperation::Unlock);
        match rustix::fs::fsync(&self.dir) {
            // Not every file system syncs directories.
            Ok(()) | Err(Errno::INVAL) => Ok(()),
            Err(errno) => Err(FsError::io(&self.path, "written")(errno.into())),
        }
    }
}

/// A new directory that only the user may enter. Dropped without being kept, it goes with all that is in it.
#[derive(Debug)]
pub struct TemporaryDir(TempDir);

impl TemporaryDir {
    /// Makes one in a directory, under a name that begins so.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(below: &Path, prefix: &str) -> io::Result<Self> {
        tempfile::Builder::new()
            .prefix(prefix)
            .permissions(Permissions::from_mode(PRIVATE_DIR))
            .tempdir_in(below)
            .map(Self)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves it where it is from now on.
    pub fn keep(self) -> PathBuf {
        self.0.keep()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_others_may_write_is_not_ones_own() {
        let dir = tempfile::tempdir().unwrap();
        let set = |mode| std::fs::set_permissions(dir.path(), Permissions::from_mode(mode)).unwrap();
        set(0o700);
        assert!(is_own_dir(dir.path()));
        for mode in [0o720, 0o702, 0o777] {
            set(mode);
            assert!(!is_own_dir(dir.path()), "{mode:o}");
        }
    }
}
