//! Reading the file that holds an API key, if it is one that only its owner can read.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use thiserror::Error;
use zeroize::Zeroizing;

use super::key::{KEY_SIZE_LIMIT, names_a_key};
use super::own_file::is_foreign;
use crate::secret::read_to_end;

/// Why a key file was not used. No message holds what is in the file.
#[derive(Debug, Error)]
pub enum KeyFileError {
    #[error("the API key file {path} can't be read ({problem}); write the key there, or name another file")]
    Unreadable { path: PathBuf, problem: io::Error },
    /// The key itself was given as the file's name: the name is not repeated.
    #[error(
        "the name given for the API key file looks like an API key, and there is no such file; \
         write the key into a file of mode 0600 and give that file's name"
    )]
    NameLooksLikeKey,
    #[error("the API key file {path} is not a regular file; for anything else use api_key_command in the config file")]
    NotRegular { path: PathBuf },
    #[error(
        "the API key file {path} can be used by others than its owner (mode {mode:04o}); mend it with: chmod 600 {quoted}"
    )]
    NotPrivate { path: PathBuf, mode: u32, quoted: String },
    #[error(
        "the API key file {path} belongs to another user (user id {owner}), who can read the key; copy it into a file of your own"
    )]
    ForeignOwner { path: PathBuf, owner: u32 },
    #[error("the API key file {path} is larger than {} KiB; it must hold the bare key and nothing else", KEY_SIZE_LIMIT / 1024)]
    TooLarge { path: PathBuf },
}

/// The bytes of the key file at `path`, at most [`KEY_SIZE_LIMIT`].
///
/// A symbolic link is followed; what it leads to must pass. The checks are made on the opened file, so that it can't be
/// exchanged between check and use.
///
/// # Errors
/// Not readable, not a regular file, readable or writable by group or others, another user's, or too large.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let unreadable = |problem| KeyFileError::Unreadable {
        path: path.to_owned(),
        problem,
    };
    // Non-blocking: opening a FIFO would otherwise wait for its writer, and it is to be refused, not waited for.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY))
        .open(path)
        .map_err(|problem| {
            // Whatever the reason: a key with a slash in it is a path, and a long one is no name at all.
            if names_a_key(path) {
                KeyFileError::NameLooksLikeKey
            } else {
                unreadable(problem)
            }
        })?;
    let metadata = file.metadata().map_err(unreadable)?;
    let facts = Facts {
        regular: metadata.is_file(),
        mode: metadata.mode() & 0o7777,
        owner: metadata.uid(),
    };
    check(path, facts, rustix::process::geteuid().as_raw())?;
    read_limited(file, path)
}

/// `OFlags` as the standard library takes them.
pub(crate) fn flags(flags: OFlags) -> i32 {
    flags.bits() as i32
}

#[derive(Clone, Copy)]
struct Facts {
    regular: bool,
    /// Permission bits.
    mode: u32,
    owner: u32,
}

fn check(path: &Path, facts: Facts, user: u32) -> Result<(), KeyFileError> {
    if !facts.regular {
        return Err(KeyFileError::NotRegular { path: path.to_owned() });
    }
    // Writing counts too: whoever can exchange the key decides in whose account the endpoints are changed.
    if facts.mode & 0o066 != 0 {
        return Err(KeyFileError::NotPrivate {
            path: path.to_owned(),
            mode: facts.mode,
            quoted: shell_quoted(path),
        });
    }
    if is_foreign(facts.owner, user) {
        return Err(KeyFileError::ForeignOwner {
            path: path.to_owned(),
            owner: facts.owner,
        });
    }
    Ok(())
}

fn read_limited(file: File, path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let most = KEY_SIZE_LIMIT as u64 + 1;
    let bytes = read_to_end(file, most, most).map_err(|problem| KeyFileError::Unreadable {
        path: path.to_owned(),
        problem,
    })?;
    if bytes.len() > KEY_SIZE_LIMIT {
        return Err(KeyFileError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}

/// The path as one word for a shell, for a command that the user may paste.
pub(super) fn shell_quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if text.chars().all(plain) && !text.starts_with('-') {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn key_file(dir: &Path, mode: u32) -> PathBuf {
        let path = dir.join("key");
        std::fs::write(&path, "sk_hidden\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_private_file_is_read_also_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        for mode in [0o600, 0o400, 0o700] {
            let path = key_file(dir.path(), mode);
            assert_eq!(read(&path).unwrap().as_slice(), b"sk_hidden\n");
            std::fs::remove_file(&path).unwrap();
        }
        let path = key_file(dir.path(), 0o600);
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        assert_eq!(read(&link).unwrap().as_slice(), b"sk_hidden\n");
    }

    #[test]
    fn a_file_that_group_or_others_can_use_is_refused_with_the_chmod_that_mends_it() {
        for mode in [0o640, 0o604, 0o644, 0o620, 0o602, 0o666] {
            let dir = tempfile::tempdir().unwrap();
            let path = key_file(dir.path(), mode);
            let message = read(&path).unwrap_err().to_string();
            assert!(message.contains(&format!("mode {mode:04o}")), "{message}");
            assert!(message.ends_with(&format!("chmod 600 {}", path.display())), "{message}");
        }
    }

    #[test]
    fn a_link_to_an_open_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = key_file(dir.path(), 0o644);
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(matches!(read(&link), Err(KeyFileError::NotPrivate { .. })));
    }

    #[test]
    fn directories_devices_and_fifos_are_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        for path in [dir.path(), Path::new("/dev/null"), &fifo] {
            assert!(matches!(read(path), Err(KeyFileError::NotRegular { .. })), "{path:?}");
        }
    }

    #[test]
    fn another_users_file_is_refused_unless_it_is_roots() {
        let facts = |owner| Facts {
            regular: true,
            mode: 0o600,
            owner,
        };
        let path = Path::new("/k");
        assert!(check(path, facts(1000), 1000).is_ok());
        assert!(check(path, facts(0), 1000).is_ok());
        assert!(check(path, facts(1000), 0).is_ok());
        assert!(matches!(
            check(path, facts(1001), 1000),
            Err(KeyFileError::ForeignOwner { owner: 1001, .. })
        ));
    }

    #[test]
    fn a_file_over_the_limit_is_refused_and_one_at_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = key_file(dir.path(), 0o600);
        std::fs::write(&path, vec![b'k'; KEY_SIZE_LIMIT]).unwrap();
        assert_eq!(read(&path).unwrap().len(), KEY_SIZE_LIMIT);
        std::fs::write(&path, vec![b'k'; KEY_SIZE_LIMIT + 1]).unwrap();
        assert!(matches!(read(&path), Err(KeyFileError::TooLarge { .. })));
    }

    #[test]
    fn a_missing_file_is_named_unless_its_name_is_a_key() {
        let message = read(Path::new("/nowhere/key")).unwrap_err().to_string();
        assert!(message.contains("/nowhere/key"), "{message}");
        let error = read(Path::new("/nowhere/sk_hidden_0123")).unwrap_err();
        assert!(matches!(error, KeyFileError::NameLooksLikeKey));
        assert!(!error.to_string().contains("hidden"));
    }

    #[test]
    fn a_path_is_quoted_for_the_shell_when_it_must_be() {
        assert_eq!(shell_quoted(Path::new("/a/b.key")), "/a/b.key");
        assert_eq!(shell_quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}
