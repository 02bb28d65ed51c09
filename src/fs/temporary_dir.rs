//! A directory with a name of its own, for its user only, that goes again.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::private_dir::PRIVATE_DIR;

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
