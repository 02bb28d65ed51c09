//! .env files that the user names: read whole, written so that only the user can read them.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::model::Written;
use crate::secret::Secret;

/// Longest file that is read, bytes.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// The path that was typed, with `~/` for the home directory.
fn path_of(typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(typed),
    }
}

/// Reads a file.
///
/// # Errors
/// Why not, as the end of a sentence.
pub fn read(typed: &str) -> Result<Secret, String> {
    let path = path_of(typed);
    let told = |error: io::Error| error.to_string();
    // A pipe would be waited for.
    if !fs::metadata(&path).map_err(told)?.is_file() {
        return Err("it is no regular file".to_owned());
    }
    let file = fs::File::open(&path).map_err(told)?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err("it is longer than 2 MiB".to_owned());
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Secret::new(text)),
        Err(_) => Err("it is no UTF-8 text".to_owned()),
    }
}

/// Writes a file whole or not at all, mode 0600. With `over` it takes the place of a regular file that is there.
pub fn write(typed: &str, text: &Secret, over: bool) -> Written {
    let path = path_of(typed);
    match written(&path, text, over) {
        Ok(()) => Written::Done(std::path::absolute(&path).unwrap_or(path).display().to_string()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !over => Written::Exists,
        Err(error) => Written::Failed(error.to_string()),
    }
}

fn written(path: &Path, text: &Secret, over: bool) -> io::Result<()> {
    if let Ok(there) = fs::symlink_metadata(path) {
        if !there.is_file() {
            return Err(io::Error::other("something is there that is no regular file"));
        }
        if !over {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
    }
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    // Made for its owner alone, under another name until it is whole.
    let mut file = NamedTempFile::new_in(dir)?;
    file.write_all(text.reveal().as_bytes())?;
    file.as_file().sync_all()?;
    let put = if over {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    put.map(drop).map_err(|failed| failed.error)
}
