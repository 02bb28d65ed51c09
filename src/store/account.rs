//! Which account drafts and history belong to, without telling its key, and its private directory: what of it is
//! missing is made, it is locked, and files in it are read and written.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ring::digest::{Context, SHA256};
use zeroize::Zeroizing;

use super::redactor::Redactor;
use crate::fs::{
    self, AtomicFile, DirLock, FsError, OpenError, OpenFile, OpenFor, Rules, open_private, refuse_irregular,
};
use crate::secret::Secret;
use crate::text::hex;

/// An API and a key to it: whose files they are, and whether environment values are written into them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Account {
    /// 16 hexadecimal digits, the name of a directory. The key can't be had from it.
    name: String,
    redactor: Redactor,
}

impl Account {
    /// The account that `key` opens at the API under `base`; environment values are kept.
    pub fn new(base: &str, key: &Secret) -> Self {
        let mut digest = Context::new(&SHA256);
        // The lengths keep two different pairs from running together to the same bytes.
        digest.update(b"novita-edit account 1\0");
        digest.update(&(base.len() as u64).to_be_bytes());
        digest.update(base.as_bytes());
        digest.update(key.reveal().as_bytes());
        Self {
            name: hex(&digest.finish().as_ref()[..8]),
            redactor: Redactor::new(key),
        }
    }

    /// The same, whose environment values are written into drafts and the history, or are not.
    pub fn keeping_secrets(self, keeps_secrets: bool) -> Self {
        Self {
            redactor: self.redactor.keeping_values(keeps_secrets),
            ..self
        }
    }

    /// Another account by its digits. Its key isn't known: values are redacted, where they are, under this one's.
    pub(super) fn other(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            redactor: self.redactor.clone(),
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// What decides which environment values are written, and finds those again that were not.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Largest file that is read or written here, bytes.
pub const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// How long a draft's write waits for the lock: the next write is never far.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);

/// `ROOT/KIND/ACCOUNT`, where KIND is `drafts` or `history`.
#[derive(Clone, Debug)]
pub(super) struct AccountDir {
    root: PathBuf,
    kind: PathBuf,
    path: PathBuf,
}

impl AccountDir {
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

    /// The same of another account.
    pub fn of_account(&self, account: &str) -> Self {
        Self::new(&self.root, self.kind.clone(), account)
    }

    /// The other accounts that have such a directory, by their digits. Links aren't followed.
    pub fn others(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.kind) else {
            return Vec::new();
        };
        let is_dir = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
        let names = entries.flatten().filter(is_dir).map(|entry| entry.file_name());
        let names = names.filter_map(|name| name.into_string().ok());
        names.filter(|name| self.path != self.kind.join(name)).collect()
    }

    /// Makes what is missing of it, tightens what is too open, and opens it. Done for each write anew: somebody may
    /// have cleaned up, and the session goes on.
    ///
    /// The root may be a link, as people who move their state elsewhere have it; what is below it may not.
    pub fn ready(&self) -> Result<OwnedFd, FsError> {
        open_private(&self.root, true)?;
        open_private(&self.kind, false)?;
        open_private(&self.path, false)
    }

    /// Takes the lock that every process takes which writes here.
    ///
    /// # Errors
    /// [`FsError::Busy`] when somebody else holds it for half a second.
    pub fn lock(&self) -> Result<DirLock, FsError> {
        self.lock_within(LOCK_PATIENCE)
    }

    /// The same with another patience.
    pub fn lock_within(&self, patience: Duration) -> Result<DirLock, FsError> {
        DirLock::take(self.ready()?, &self.path, patience)
    }

    /// Writes what is to stand at a path here, beside what stands there now. `durable`: also waits for the disk.
    pub fn stage(&self, target: &Path, bytes: &[u8], durable: bool) -> Result<StagedFile, FsError> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(too_large(target));
        }
        self.ready()?;
        let file = disk_for_tests().and_then(|()| AtomicFile::write(&self.path, bytes, durable));
        Ok(StagedFile {
            file: file.map_err(FsError::io(target, "written"))?,
            target: target.to_owned(),
        })
    }
}

/// The next content of a file, on disk under another name. Dropped without [`StagedFile::put`], it is removed.
#[derive(Debug)]
pub(super) struct StagedFile {
    file: AtomicFile,
    target: PathBuf,
}

impl StagedFile {
    /// Puts it somewhere else in the same directory than it was written for.
    pub fn put_as(mut self, target: PathBuf) -> Result<(), FsError> {
        self.target = target;
        self.put()
    }

    /// Puts it in the place of the old one. Something that is no regular file stays where it is.
    pub fn put(self) -> Result<(), FsError> {
        refuse_irregular(&self.target)?;
        hang_for_tests("rename");
        let put = self.file.replace(&self.target);
        put.map_err(FsError::io(&self.target, "written"))
    }
}

/// Opens a file of ours; `None` when there is none.
pub(super) fn open(path: &Path, what_for: OpenFor) -> Result<Option<OpenFile>, FsError> {
    match fs::open(path, what_for, Rules::Own) {
        Ok(opened) if opened.size > MOST_BYTES => Err(too_large(path)),
        opened => found(path, opened),
    }
}

/// What a file of ours holds; `None` when there is none.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, FsError> {
    found(path, fs::read(path, Rules::Own, MOST_BYTES))
}

/// What is in a directory; nothing where there is none.
pub(super) fn entries(dir: &Path) -> Result<Vec<PathBuf>, FsError> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(problem) => return Err(FsError::io(dir, "read")(problem)),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths.collect::<io::Result<_>>().map_err(FsError::io(dir, "read"))
}

fn found<T>(path: &Path, opened: Result<T, OpenError>) -> Result<Option<T>, FsError> {
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(OpenError::Unopened(problem)) if problem.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FsError::of_open(path, MOST_BYTES, error)),
    }
}

pub(super) fn too_large(path: &Path) -> FsError {
    FsError::TooLarge {
        path: path.to_owned(),
        most: MOST_BYTES,
    }
}

/// In debug builds `NOVITA_EDIT_TEST_DISK=full` makes every write fail as on a full disk, for tests of the whole
/// program; `sync:FILE` and `rename:FILE` let each write hang there as long as FILE exists.
pub(super) fn disk_for_tests() -> io::Result<()> {
    hang_for_tests("sync");
    #[cfg(debug_assertions)]
    if std::env::var_os("NOVITA_EDIT_TEST_DISK").is_some_and(|value| value == "full") {
        return Err(rustix::io::Errno::NOSPC.into());
    }
    Ok(())
}

fn hang_for_tests(_step: &str) {
    #[cfg(debug_assertions)]
    if let Ok(value) = std::env::var("NOVITA_EDIT_TEST_DISK")
        && let Some((step, file)) = value.split_once(':')
        && step == _step
    {
        while Path::new(file).exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_key_or_another_api_is_another_account() {
        let account = |base, key: &str| Account::new(base, &Secret::new(key)).to_string();
        assert_eq!(account("https://a", "k"), account("https://a", "k"));
        assert_ne!(account("https://a", "k"), account("https://a", "l"));
        assert_ne!(account("https://a", "k"), account("https://b", "k"));
        assert_ne!(account("https://a", "bk"), account("https://ab", "k"));
    }

    #[test]
    fn the_fingerprint_is_sixteen_digits_and_stays_the_same_between_versions() {
        let account = Account::new("https://api.test", &Secret::new("sk_hidden"));
        assert_eq!(account.as_str().len(), 16);
        assert!(account.as_str().bytes().all(|b| b.is_ascii_hexdigit()));
        assert!(!format!("{account:?}").contains("hidden"));
        assert_eq!(account.as_str(), "29c2d39d42f84417");
    }
}
