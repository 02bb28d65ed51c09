//! The temporary file for `$EDITOR`: in a directory of its own that only the user can enter, gone on every way out.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::Duration;

use rustix::process::{Pid, test_kill_process};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::model::Edited;
use crate::config::StateDirs;
use crate::endpoint::Misread;
use crate::secret::{Secret, read_to_end};
use crate::store::{make_private, this_host};

/// What the directories' names begin with; then come the host and the process.
const PREFIX: &str = "novita-edit-";

/// Longest file that is read back, bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// When a directory of another host counts as left behind: of its processes nothing is known here.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Directories that [`remove_now`] removes.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file with a text. Dropping it removes it, with whatever the editor put beside it.
#[derive(Debug)]
pub struct PrivateFile {
    dir: Option<TempDir>,
    path: PathBuf,
}

impl PrivateFile {
    /// Below `$XDG_RUNTIME_DIR`, which is in memory and goes with the login, else below the state directory, else where
    /// temporary files are.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(dirs: Option<&StateDirs>, name: &str, text: &Secret) -> io::Result<Self> {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let dir = match runtime
            .filter(|dir| dir.is_absolute() && is_own(dir))
            .map(|dir| private_dir(&dir))
        {
            Some(Ok(dir)) => dir,
            _ => match dirs {
                Some(dirs) => {
                    let dir = dirs.root().join("editor");
                    make_private(&dir).map_err(io::Error::other)?;
                    private_dir(&dir)?
                }
                None => private_dir(&std::env::temp_dir())?,
            },
        };
        OPEN.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(dir.path().to_owned());
        let file = Self {
            path: dir.path().join(name),
            dir: Some(dir),
        };
        let mut open = OpenOptions::new();
        let mut written = open.write(true).create_new(true).mode(0o600).open(&file.path)?;
        written.write_all(text.reveal().as_bytes())?;
        Ok(file)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What stands in it now.
    pub fn read(&self) -> Edited {
        let failed = |why: &str| Edited::Failed(format!("What the editor wrote can't be read: {why}."));
        let bytes = fs::File::open(&self.path).and_then(|file| {
            let size = file.metadata()?.len();
            read_to_end(file, size, MOST_BYTES + 1)
        });
        match bytes {
            Err(error) => failed(&error.to_string()),
            Ok(bytes) if bytes.len() as u64 > MOST_BYTES => failed("it is longer than 16 MiB"),
            Ok(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => Edited::Text(Secret::new(text)),
                Err(error) => {
                    let good = Zeroizing::new(String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned());
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    Edited::NotText(Secret::new(text), Misread::at(&good, good.len(), "this is no UTF-8"))
                }
            },
        }
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        if let Some(dir) = self.dir.take() {
            let path = dir.path().to_owned();
            // What can't be removed goes at the next start.
            let _ = dir.close();
            OPEN.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .retain(|open| *open != path);
        }
    }
}

/// Whether nobody else can exchange what is made in a directory.
fn is_own(dir: &Path) -> bool {
    let user = rustix::process::geteuid().as_raw();
    fs::metadata(dir).is_ok_and(|facts| facts.is_dir() && facts.uid() == user && facts.mode() & 0o022 == 0)
}

/// Removes what killed processes left, wherever it may be. To be called at each start: it holds what was in an editor.
pub fn sweep_all(dirs: Option<&StateDirs>) {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let ours = dirs.map(|dirs| dirs.root().join("editor"));
    runtime.iter().chain(&ours).for_each(|dir| sweep(dir));
}

/// A new directory.
fn private_dir(below: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new()
        .prefix(&format!("{PREFIX}{}-{}-", this_host(), std::process::id()))
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(below)
}

/// Removes all files there are, on the way out that runs no destructors: a panic, and an exit that waits for nothing. Waits
/// for no lock that a panicking thread could hold.
pub fn remove_now() {
    let open = match OPEN.try_lock() {
        Ok(open) => open,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => return,
    };
    for dir in open.iter() {
        let _ = fs::remove_dir_all(dir);
    }
}

fn sweep(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
            continue;
        };
        let mut parts = name.split('-');
        let (host, pid) = (
            parts.next(),
            parts.next().and_then(|pid| pid.parse().ok()).and_then(Pid::from_raw),
        );
        let left = match pid {
            Some(pid) if host == Some(&this_host()) => matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)),
            Some(_) => {
                let changed = entry.metadata().and_then(|facts| facts.modified());
                changed.is_ok_and(|at| at.elapsed().is_ok_and(|since| since >= OLD))
            }
            None => false,
        };
        if left {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    #[test]
    fn the_file_goes_with_its_directory_on_the_ordinary_way_out_and_on_the_others() {
        let home = tempfile::tempdir().unwrap();
        let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
        let dirs = StateDirs::find(&env);
        let create = || PrivateFile::create(dirs.as_ref(), "body.json", &Secret::new("text")).unwrap();
        let file = create();
        let dir = file.path().parent().unwrap().to_owned();
        fs::write(dir.join("body.json~"), "a copy").unwrap();
        assert!(matches!(file.read(), Edited::Text(text) if text.reveal() == "text"));
        drop(file);
        assert!(!dir.exists());
        let file = create();
        remove_now();
        assert!(!file.path().parent().unwrap().exists());
    }

    #[test]
    fn a_runtime_directory_that_others_may_write_and_a_link_in_place_of_ours_are_not_used() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
        assert!(is_own(dir.path()));
        for mode in [0o720, 0o702, 0o777] {
            fs::set_permissions(dir.path(), Permissions::from_mode(mode)).unwrap();
            assert!(!is_own(dir.path()), "{mode:o}");
        }
        let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::set_permissions(elsewhere.path(), Permissions::from_mode(0o755)).unwrap();
        let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
        let dirs = StateDirs::find(&env).unwrap();
        fs::create_dir_all(dirs.root()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), dirs.root().join("editor")).unwrap();
        let error = PrivateFile::create(Some(&dirs), "body.json", &Secret::new("text")).unwrap_err();
        assert!(error.to_string().contains("is not a directory"), "{error}");
        assert_eq!(fs::metadata(elsewhere.path()).unwrap().mode() & 0o777, 0o755);
    }

    #[test]
    fn what_a_killed_process_of_this_host_left_goes_and_all_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (here, own) = (this_host(), std::process::id());
        // No process has so large a number.
        let dead = dir.path().join(format!("{PREFIX}{here}-2000000000-x"));
        let others = [
            format!("{here}-{own}-x"),
            "00000000-2000000000-x".to_owned(),
            "x".to_owned(),
        ];
        let others = others.map(|name| dir.path().join(format!("{PREFIX}{name}")));
        fs::create_dir(&dead).unwrap();
        others.iter().for_each(|path| fs::create_dir(path).unwrap());
        sweep(dir.path());
        assert!(!dead.exists());
        assert!(others.iter().all(|path| path.exists()));
    }
}
