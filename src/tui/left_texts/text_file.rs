//! Where texts for `$EDITOR` are, and reading one back.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::endpoint::ParseError;
use crate::fs::{OpenError, Rules, Unfit, is_own_dir, read};
use crate::secret::Secret;
use crate::tui::model::Edited;

/// What the directories' names begin with; then come the host and the process.
pub(in crate::tui) const PREFIX: &str = "novita-edit-";

/// Longest file that is read back, bytes.
pub(in crate::tui) const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The text that a file holds, or why it can't be read.
pub(in crate::tui) fn read_text(path: &Path) -> Edited {
    let failed = |why: &str| Edited::Failed(format!("What the editor wrote can't be read: {why}."));
    match read(path, Rules::Named, MOST_BYTES) {
        Err(OpenError::Unfit(Unfit::TooLarge)) => failed("it is longer than 16 MiB"),
        Err(OpenError::Unfit(_)) if path.is_dir() => failed("a directory stands in its place"),
        Err(OpenError::Unfit(_)) => failed("it is no regular file"),
        Err(OpenError::Unopened(error)) if error.kind() == io::ErrorKind::NotFound => failed("the file is gone"),
        Err(OpenError::Unopened(error) | OpenError::Unread(error)) => failed(&error.to_string()),
        Ok(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => Edited::Text(Secret::new(text)),
            Err(error) => {
                let good = Zeroizing::new(String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned());
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Edited::NotText(Secret::new(text), ParseError::at(&good, good.len(), "this is no UTF-8"))
            }
        },
    }
}

/// `$XDG_RUNTIME_DIR`, if nobody else can exchange what is made in it.
pub(in crate::tui) fn runtime_dir() -> Option<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    runtime.filter(|dir| dir.is_absolute() && is_own_dir(dir))
}
