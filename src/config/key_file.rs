//! Reading the file that holds an API key, if it is one that only its owner can read.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use super::key_rules::{KEY_SIZE_LIMIT, names_a_key};
use crate::fs::{self, OpenError, Rules, Unfit};
use crate::text::shell_quoted;

/// Why a key file was not used. No message holds what is in the file.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
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
/// # Errors
/// Not readable, or not as [`Rules::Key`] asks.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let named = path;
    let path = path.to_owned();
    fs::read(named, Rules::Key, KEY_SIZE_LIMIT as u64).map_err(|error| match error {
        // Whatever the reason: a key with a slash in it is a path, and a long one is no name at all.
        OpenError::Unopened(_) if names_a_key(named) => KeyFileError::NameLooksLikeKey,
        OpenError::Unopened(problem) | OpenError::Unread(problem) => KeyFileError::Unreadable { path, problem },
        OpenError::Unfit(Unfit::NotRegular | Unfit::Replaceable { .. }) => KeyFileError::NotRegular { path },
        OpenError::Unfit(Unfit::Exposed { mode }) => KeyFileError::NotPrivate {
            path,
            mode,
            quoted: shell_quoted(&named.to_string_lossy()),
        },
        OpenError::Unfit(Unfit::Foreign { owner }) => KeyFileError::ForeignOwner { path, owner },
        OpenError::Unfit(Unfit::TooLarge) => KeyFileError::TooLarge { path },
    })
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
}
