//! What was discarded: kept aside for some days, since a key may have been pressed by mistake.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::account::{self, StagedFile};
use super::draft::{Draft, Unsaved};
use super::draft_file;
use super::files::{EndpointFiles, Store};
use super::locks::{EditorLock, EditorLockError};
use crate::fs::{DirLock, FsError, is_over, kept_until, refuse_irregular, time_here, time_in_name, time_of_name};

/// What stands between an endpoint's name and the time in the name of such a file. No endpoint's name has a dot.
const MARK: &str = ".discarded-";

/// A discarded draft that can still be had back.
#[derive(Clone, Debug)]
pub struct Discarded {
    /// Its file.
    pub path: PathBuf,
    /// When it was discarded, RFC 3339 with the offset of here.
    pub at: String,
    /// Until when it is kept, the same.
    pub until: String,
    /// What is in it.
    pub draft: Box<Draft>,
}

/// What the name of such a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct DiscardedName<'a> {
    at: Timestamp,
    /// Tells those of one second apart.
    number: u32,
    /// The name of the endpoint.
    endpoint: &'a str,
}

impl<'a> DiscardedName<'a> {
    fn of(file: &'a str) -> Option<Self> {
        let (endpoint, rest) = file.strip_suffix(".json")?.split_once(MARK)?;
        let (time, number) = rest.rsplit_once('-')?;
        Some(Self {
            at: time_of_name(time)?,
            number: number.parse().ok()?,
            endpoint,
        })
    }

    /// When it goes.
    fn until(self) -> Timestamp {
        kept_until(self.at)
    }
}

impl EndpointFiles {
    /// Writes what was unsaved beside the drafts, for as long as discarded drafts are kept. Needs no right to the
    /// endpoint: no file of anybody else is touched.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_discarded(&self, unsaved: &Unsaved) -> Result<(), FsError> {
        self.write_discarded_if(unsaved, &|| true)
    }

    /// The same, but `wanted` is asked last, under the lock. If it isn't, nothing changes.
    pub(crate) fn write_discarded_if(&self, unsaved: &Unsaved, wanted: &dyn Fn() -> bool) -> Result<(), FsError> {
        let bytes = draft_file::bytes(&self.redactor().unsaved(unsaved), self.base_url(), self.endpoint());
        // Made ready without the lock, which is needed only for a name that nobody else takes.
        let staged = self
            .drafts_dir()
            .stage(&self.discarded_path(&time_in_name(), 0), &bytes, true)?;
        let lock = self.drafts_dir().lock()?;
        if !wanted() {
            return Ok(());
        }
        staged.put_as(self.free_discarded_path(&lock))?;
        lock.release_and_sync()
    }

    /// The draft of a file with its values redacted, ready to be put somewhere. It may have been written when they were
    /// kept still. `None`: there is none.
    fn redacted(&self, path: &Path) -> Result<Option<StagedFile>, FsError> {
        let Some(bytes) = account::read(path)? else {
            return Ok(None);
        };
        let unusable = |why: String| FsError::io(path, "put aside without its values")(std::io::Error::other(why));
        let draft = Draft::parse(&bytes, self.endpoint()).map_err(unusable)?;
        let (saved_at, pid) = (draft.saved_at.clone(), draft.pid);
        let unsaved = draft.into();
        let unsaved = self.redactor().unsaved(&unsaved);
        let bytes = draft_file::stamped(&unsaved, (self.base_url(), self.endpoint()), (&saved_at, pid));
        self.drafts_dir().stage(path, &bytes, true).map(Some)
    }

    /// Those of this endpoint that can be used, the newest first.
    ///
    /// # Errors
    /// When they can't be looked up.
    pub fn discarded(&self) -> Result<Vec<Discarded>, FsError> {
        let paths = discarded_files(self.drafts_dir().path())?;
        let own = paths.into_iter().filter(|path| self.is_own(path));
        Ok(newest_first(own.filter_map(|path| self.discarded_at(path)).collect()))
    }

    /// Deletes those of this endpoint for good; how many there were.
    ///
    /// # Errors
    /// When one can't be removed; those before it are gone.
    pub fn forget_discarded(&self) -> Result<usize, FsError> {
        let lock = self.drafts_dir().lock()?;
        let mut gone = 0;
        for path in discarded_files(self.drafts_dir().path())? {
            if !self.is_own(&path) {
                continue;
            }
            refuse_irregular(&path)?;
            std::fs::remove_file(&path).map_err(FsError::io(&path, "removed"))?;
            gone += 1;
        }
        lock.release_and_sync()?;
        Ok(gone)
    }

    fn is_own(&self, path: &Path) -> bool {
        named(path).is_some_and(|named| named.endpoint == self.name())
    }

    fn discarded_at(&self, path: PathBuf) -> Option<Discarded> {
        let named = named(&path).filter(|named| !is_over(named.at, &path))?;
        let (at, until) = (time_here(named.at), time_here(named.until()));
        // What can't be used any more is in nobody's way, and goes with its time.
        let bytes = account::read(&path).ok().flatten()?;
        let draft = Draft::parse(&bytes, self.endpoint()).ok()?;
        Some(Discarded {
            at,
            until,
            draft: Box::new(draft),
            path,
        })
    }

    fn discarded_path(&self, time: &str, number: u32) -> PathBuf {
        let name = format!("{}{MARK}{time}-{number}.json", self.name());
        self.drafts_dir().path().join(name)
    }

    /// The lock is taken as a proof that the name stays free.
    fn free_discarded_path(&self, _lock: &DirLock) -> PathBuf {
        let time = time_in_name();
        let mut number = 1;
        loop {
            let path = self.discarded_path(&time, number);
            if std::fs::symlink_metadata(&path).is_err() {
                return path;
            }
            number += 1;
        }
    }
}

impl EditorLock {
    /// Puts the draft aside, as it is but for values that aren't kept: from now on there is none.
    ///
    /// # Errors
    /// Taken over, gone, or not put aside; then the draft is where it was.
    pub fn discard_draft(&self) -> Result<(), EditorLockError> {
        self.discard_draft_if(&|| true)
    }

    /// The same, but `wanted` is asked under the lock. If it isn't, nothing changes.
    pub(super) fn discard_draft_if(&self, wanted: &dyn Fn() -> bool) -> Result<(), EditorLockError> {
        let files = self.files();
        let draft = files.draft_path();
        let lock = files.drafts_dir().lock()?;
        self.holds()?;
        if !wanted() {
            return Ok(());
        }
        refuse_irregular(&draft)?;
        let aside = files.free_discarded_path(&lock);
        let moved = if files.redactor().keeps_values() {
            std::fs::rename(&draft, aside)
        } else if let Some(staged) = files.redacted(&draft)? {
            staged.put_as(aside).map(|()| std::fs::remove_file(&draft))?
        } else {
            Ok(())
        };
        match moved {
            Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => {
                Err(FsError::io(&draft, "put aside")(problem).into())
            }
            _ => Ok(lock.release_and_sync()?),
        }
    }
}

impl Store {
    /// Every discarded draft of the account that can be used, each with its endpoint's files, the newest first. No
    /// directory is made.
    ///
    /// # Errors
    /// When the directory can't be read.
    pub fn discarded(&self, base_url: &str) -> Result<Vec<(EndpointFiles, Discarded)>, FsError> {
        let mut all = Vec::new();
        for path in discarded_files(self.drafts_dir().path())? {
            let Some(id) = account::read(&path)
                .ok()
                .flatten()
                .and_then(|bytes| draft_file::endpoint_of(&bytes))
            else {
                continue;
            };
            let files = self.endpoint_files(base_url, &id);
            if files.is_own(&path)
                && let Some(discarded) = files.discarded_at(path)
            {
                all.push((files, discarded));
            }
        }
        all.sort_by(|(_, a), (_, b)| order(b).cmp(&order(a)));
        Ok(all)
    }
}

fn named(path: &Path) -> Option<DiscardedName<'_>> {
    DiscardedName::of(path.file_name()?.to_str()?)
}

fn order(discarded: &Discarded) -> Option<DiscardedName<'_>> {
    named(&discarded.path)
}

fn newest_first(mut all: Vec<Discarded>) -> Vec<Discarded> {
    all.sort_by(|a, b| order(b).cmp(&order(a)));
    all
}

/// The files in a directory of an account that are called so.
fn discarded_files(dir: &Path) -> Result<Vec<PathBuf>, FsError> {
    let paths = account::entries(dir)?;
    Ok(paths.into_iter().filter(|path| named(path).is_some()).collect())
}

/// Removes what is past its days, of all accounts: who discarded something with another key may never use that key
/// again. What can't be removed stays for the next start.
pub(super) fn purge(drafts: &Path) {
    let Ok(accounts) = std::fs::read_dir(drafts) else {
        return;
    };
    for account in accounts.flatten() {
        // Links aren't followed.
        if !account.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        for path in discarded_files(&account.path()).unwrap_or_default() {
            if named(&path).is_some_and(|named| is_over(named.at, &path)) && refuse_irregular(&path).is_ok() {
                let _ = std::fs::remove_file(&path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_tells_endpoint_and_time_and_other_names_tell_nothing() {
        let named = DiscardedName::of("ep_7f.discarded-20261130T180200Z-2.json").unwrap();
        assert_eq!((named.endpoint, named.number), ("ep_7f", 2));
        assert_eq!(named.at.to_string(), "2026-11-30T18:02:00Z");
        assert_eq!(named.until().to_string(), "2026-12-07T18:02:00Z");
        for other in [
            "ep_7f.draft.json",
            "ep_7f.aside-20261130-180200-1.json",
            "ep_7f.discarded-20261330T180200Z-1.json",
            "ep_7f.discarded-20261130T180200Z.json",
            "ep_7f.discarded-20261130T180200Z-x.json",
            "ep_7f.discarded--1.json",
        ] {
            assert_eq!(DiscardedName::of(other), None, "{other}");
        }
    }
}
