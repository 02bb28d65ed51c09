//! .env files that the user names: read whole, written so that only the user can read them.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::fs::{self, AtomicFile, OpenError, Rules, Unfit};
use crate::secret::Secret;
use crate::tui::model::Written;

/// Longest file that is read, bytes.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// The path that was typed, whole, with `~/` for the home directory.
fn path_of(typed: &str) -> PathBuf {
    let path = match (typed.strip_prefix('~'), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            Path::new(&home).join(rest.trim_start_matches('/'))
        }
        _ => PathBuf::from(typed),
    };
    std::path::absolute(&path).unwrap_or(path)
}

/// Reads a file.
///
/// # Errors
/// Why not, with the path as it was understood, as the end of a sentence.
pub fn read(typed: &str) -> Result<Secret, String> {
    let path = path_of(typed);
    let bytes = fs::read(&path, Rules::Named, MOST_BYTES).map_err(|error| why_not_read(&path, error))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Secret::new(text)),
        Err(_) => Err(format!("{} is no UTF-8 text", path.display())),
    }
}

/// As the end of a sentence, with the path as it was understood.
fn why_not_read(path: &Path, error: OpenError) -> String {
    if let Ok(there) = std::fs::metadata(path)
        && !there.is_file()
    {
        return no_file(path, there.is_dir());
    }
    let error = match error {
        OpenError::Unfit(Unfit::TooLarge) => return format!("{} is longer than 2 MiB", path.display()),
        OpenError::Unfit(_) => return no_file(path, false),
        OpenError::Unopened(error) | OpenError::Unread(error) => error,
    };
    match error.kind() {
        ErrorKind::NotFound => missing(path).unwrap_or_else(|| format!("there is no file {}", path.display())),
        ErrorKind::PermissionDenied => format!("you may not read {}", path.display()),
        _ => other(path, &error),
    }
}

/// What of the way to a file isn't there.
fn missing(path: &Path) -> Option<String> {
    let dir = path.parent()?;
    match std::fs::metadata(dir) {
        Ok(facts) if facts.is_dir() => None,
        Ok(_) => Some(format!("{} is no directory", dir.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(format!("there is no directory {}", dir.display())),
        Err(_) => None,
    }
}

fn no_file(path: &Path, is_dir: bool) -> String {
    let what = if is_dir { "a directory" } else { "no regular file" };
    format!("{} is {what}", path.display())
}

/// What the system says, without its number and without names that are not the user's.
fn other(path: &Path, error: &io::Error) -> String {
    let mut said = error.to_string();
    if let Some(code) = error.raw_os_error() {
        said = io::Error::from_raw_os_error(code).to_string();
        said.truncate(said.rfind(" (os error").unwrap_or(said.len()));
    }
    format!("{}: {}", path.display(), said.to_lowercase())
}

/// Writes a file whole or not at all, mode 0600. With `over` it takes the place of a regular file that is there.
pub fn write(typed: &str, text: &Secret, over: bool) -> Written {
    let path = path_of(typed);
    match written(&path, text, over) {
        Ok(()) => Written::Done(path.display().to_string()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && !over => Written::Exists,
        Err(error) => Written::Failed(why_not_written(&path, &error)),
    }
}

/// As the end of a sentence, with the path as it was understood.
fn why_not_written(path: &Path, error: &io::Error) -> String {
    if let Some(missing) = missing(path) {
        return missing;
    }
    match (std::fs::symlink_metadata(path), error.kind()) {
        (Ok(there), _) if !there.is_file() => no_file(path, there.is_dir()),
        (_, ErrorKind::PermissionDenied) => {
            let dir = path.parent().unwrap_or(path);
            format!("you may not write into {}", dir.display())
        }
        _ => other(path, error),
    }
}

fn written(path: &Path, text: &Secret, over: bool) -> io::Result<()> {
    if let Ok(there) = std::fs::symlink_metadata(path) {
        if !there.is_file() {
            return Err(ErrorKind::InvalidInput.into());
        }
        if !over {
            return Err(ErrorKind::AlreadyExists.into());
        }
    }
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let file = AtomicFile::write(dir, text.reveal().as_bytes(), true)?;
    if over { file.replace(path) } else { file.create(path) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn not_written(path: &Path) -> String {
        match write(path.to_str().unwrap(), &Secret::new("A=1\n"), false) {
            Written::Failed(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_goes_wrong_names_the_path_and_nothing_of_the_programs_own() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().display();
        let file = dir.path().join("x.env");
        let read = |path: &Path| read(path.to_str().unwrap()).unwrap_err();
        assert_eq!(read(&file), format!("there is no file {root}/x.env"));
        assert_eq!(
            read(&dir.path().join("no/x.env")),
            format!("there is no directory {root}/no")
        );
        assert_eq!(
            not_written(&dir.path().join("no/x.env")),
            format!("there is no directory {root}/no")
        );
        assert_eq!(read(dir.path()), format!("{root} is a directory"));
        assert_eq!(not_written(dir.path()), format!("{root} is a directory"));
        fs::write(&file, b"\xff").unwrap();
        assert_eq!(read(&file), format!("{root}/x.env is no UTF-8 text"));
        assert_eq!(not_written(&file.join("y")), format!("{root}/x.env is no directory"));
        let long = dir.path().join("x".repeat(300));
        assert!(
            not_written(&long).ends_with(": file name too long"),
            "{}",
            not_written(&long)
        );
        // Root may write anywhere.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o500)).unwrap();
        if fs::File::create(dir.path().join("probe")).is_err() {
            assert_eq!(
                not_written(&dir.path().join("new")),
                format!("you may not write into {root}")
            );
        }
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
    }

    #[test]
    fn a_tilde_is_the_home_directory_and_a_name_is_told_whole() {
        let home = std::env::var("HOME").unwrap();
        assert_eq!(path_of("~/x"), Path::new(&home).join("x"));
        assert_eq!(path_of("~x"), std::env::current_dir().unwrap().join("~x"));
        assert_eq!(
            read("~/no-such-directory/x"),
            Err(format!("there is no directory {home}/no-such-directory"))
        );
    }
}
