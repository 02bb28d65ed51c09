//! The temporary file for `$EDITOR`: in a directory of its own that only the user can enter. It goes once what was
//! saved in it is taken and kept; what nobody took stays for the next start ([`left_texts`]).

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, TryLockError};

use crate::config::StateDirs;
use crate::fs::{TemporaryDir, create_file, make_private, this_host};
use crate::secret::Secret;
use crate::tui::left_texts::{self, EditorProcess, PREFIX, TextOf, read_text, runtime_dir};
use crate::tui::model::Edited;

/// Directories that [`end_all`] and [`clear_all`] look at.
static OPEN: Mutex<Vec<OpenTextFile>> = Mutex::new(Vec::new());

#[derive(Debug)]
struct OpenTextFile {
    dir: PathBuf,
    /// What becomes of it once the draft is on disk.
    then: AfterDraft,
}

#[derive(Clone, Copy, Debug)]
enum AfterDraft {
    /// What was saved there is not taken: it stays.
    Left,
    /// It is in the model, and on its way to the draft: the directory goes.
    Taken,
    /// The same, and the editor still writes there: what it does is found by the next start.
    TakenFromRunning,
}

/// A file with a text. Dropping it removes it, with whatever the editor put beside it.
#[derive(Debug)]
pub struct PrivateFile {
    dir: Option<TemporaryDir>,
    path: PathBuf,
}

impl PrivateFile {
    /// Below `$XDG_RUNTIME_DIR`, which is in memory and goes with the login, else below the state directory, else where
    /// temporary files are. `of` is noted beside it.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(dirs: Option<&StateDirs>, name: &str, text: &Secret, of: &TextOf) -> io::Result<Self> {
        let dir = match runtime_dir().map(|dir| private_dir(&dir)) {
            Some(Ok(dir)) => dir,
            _ => match dirs {
                Some(dirs) => {
                    let dir = dirs.editor();
                    make_private(&dir).map_err(io::Error::other)?;
                    private_dir(&dir)?
                }
                None => private_dir(&std::env::temp_dir())?,
            },
        };
        all_open().push(OpenTextFile {
            dir: dir.path().to_owned(),
            then: AfterDraft::Left,
        });
        let file = Self {
            path: dir.path().join(name),
            dir: Some(dir),
        };
        // First: a text without it would be nobody's.
        left_texts::label(file.dir(), of, name, text)?;
        create_file(&file.path)?.write_all(text.reveal().as_bytes())?;
        Ok(file)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// What stands in it now.
    pub fn read(&self) -> Edited {
        read_text(&self.path)
    }

    /// Notes that an editor has it open from now on.
    pub fn opened_by(&self, editor: EditorProcess) {
        left_texts::opened_by(self.dir(), editor);
    }

    /// Whether it holds what was handed over.
    pub fn is_untouched(&self) -> bool {
        left_texts::is_untouched(self.dir())
    }

    /// Whether the editor left files of its own beside it.
    pub fn has_others(&self) -> bool {
        left_texts::has_others(self.dir())
    }

    /// What was saved is taken, and not known to be on disk yet: until the end it stays where it is.
    pub fn taken(self) {
        self.stay(AfterDraft::Taken);
    }

    /// The same, and the editor has not ended: it may write there still.
    pub fn taken_from_running(self) {
        self.stay(AfterDraft::TakenFromRunning);
    }

    fn stay(mut self, then: AfterDraft) {
        if let Some(dir) = self.dir.take() {
            let path = dir.keep();
            let mut all = all_open();
            all.iter_mut()
                .filter(|open| open.dir == path)
                .for_each(|open| open.then = then);
        }
    }

    /// What was saved could not be taken: it stays where it is, for the next start.
    pub fn leave(self) {
        self.stay(AfterDraft::Left);
    }

    /// What was saved is taken, and the editor was ended by something else than a person: its own files stay for a
    /// while.
    pub fn end(mut self, dirs: Option<&StateDirs>) {
        if let Some(dir) = self.dir.take() {
            let path = dir.keep();
            left_texts::end(&path, dirs);
            all_open().retain(|open| open.dir != path);
        }
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        if let Some(dir) = self.dir.take() {
            let path = dir.path().to_owned();
            // What can't be removed goes at the next start.
            drop(dir);
            all_open().retain(|open| open.dir != path);
        }
    }
}

fn all_open() -> std::sync::MutexGuard<'static, Vec<OpenTextFile>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A new directory.
fn private_dir(below: &Path) -> io::Result<TemporaryDir> {
    TemporaryDir::create(below, &format!("{PREFIX}{}-{}-", this_host(), std::process::id()))
}

/// On the way out that runs no destructors, with what was taken on disk: removes what nobody misses. A text that was
/// saved and not taken stays for the next start.
pub fn end_all(dirs: Option<&StateDirs>) {
    each(|open| match open.then {
        AfterDraft::Taken => left_texts::end(&open.dir, dirs),
        AfterDraft::TakenFromRunning => left_texts::taken_from_running(&open.dir),
        AfterDraft::Left => left_texts::clear(&open.dir),
    });
}

/// The same in a panic, and where what was taken is not on disk: it stays, too.
pub fn clear_all() {
    each(|open| left_texts::clear(&open.dir));
}

/// Waits for no lock that a panicking thread could hold.
fn each(done: impl Fn(&OpenTextFile)) {
    match OPEN.try_lock() {
        Ok(open) => open.iter().for_each(done),
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner().iter().for_each(done),
        Err(TryLockError::WouldBlock) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::config::Environment;

    #[test]
    fn the_file_goes_with_its_directory_on_the_ordinary_way_out_and_on_the_others() {
        let home = tempfile::tempdir().unwrap();
        let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
        let dirs = StateDirs::find(&env);
        let create = || PrivateFile::create(dirs.as_ref(), "body.json", &Secret::new("text"), &of()).unwrap();
        let file = create();
        let dir = file.path().parent().unwrap().to_owned();
        fs::write(dir.join("body.json~"), "a copy").unwrap();
        assert!(matches!(file.read(), Edited::Text(text) if text.reveal() == "text"));
        drop(file);
        assert!(!dir.exists());
        let file = create();
        clear_all();
        assert!(!file.path().parent().unwrap().exists());
        // What was saved and not taken stays.
        let file = create();
        fs::write(file.path(), "saved").unwrap();
        assert!(!file.is_untouched());
        end_all(dirs.as_ref());
        assert!(file.path().exists());
    }

    fn of() -> TextOf {
        TextOf {
            account: "0".to_owned(),
            endpoint: "ep".to_owned(),
            what: crate::store::EditorTextOf::Body,
            keeps_secrets: true,
            base: None,
        }
    }

    #[test]
    fn a_link_in_place_of_our_directory_is_not_used() {
        let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::set_permissions(elsewhere.path(), Permissions::from_mode(0o755)).unwrap();
        let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
        let dirs = StateDirs::find(&env).unwrap();
        fs::create_dir_all(dirs.root()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), dirs.editor()).unwrap();
        let error = PrivateFile::create(Some(&dirs), "body.json", &Secret::new("text"), &of()).unwrap_err();
        assert!(error.to_string().contains("is not a directory"), "{error}");
        assert_eq!(fs::metadata(elsewhere.path()).unwrap().mode() & 0o777, 0o755);
    }
}
