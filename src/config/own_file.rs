//! Opening a file of the user's settings, if nobody else can have written it: it may name a command that is run, and the server
//! that the key goes to.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use thiserror::Error;

use super::file_error::FileError;
use super::key_file::{flags, shell_quoted};

/// What keeps a file from being used, as the end of a sentence that begins with its name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unfit {
    #[error("is a directory, a pipe or something else that is no regular file; name a file")]
    NotRegular,
    #[error(
        "can be changed by others than its owner (mode {mode:04o}), who would decide what this program does; mend it with: chmod go-w {quoted}"
    )]
    OthersMayWrite { mode: u32, quoted: String },
    #[error(
        "belongs to another user (user id {owner}), who would decide what this program does; copy it into a file of your own, on a file system that keeps owners and permissions"
    )]
    ForeignOwner { owner: u32 },
}

/// Opens a settings file. A symbolic link is followed, as people have them who keep such files elsewhere; what it leads to must
/// pass. The checks are made on what was opened. `/dev/null` is an empty file.
///
/// # Errors
/// It can't be opened, is no regular file, or others than its owner, root and the user may write it.
pub(super) fn open(path: &Path) -> Result<File, FileError> {
    let unreadable = |problem| FileError::Unreadable {
        path: path.to_owned(),
        problem,
    };
    // Non-blocking: a pipe would be waited for.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY))
        .open(path)
        .map_err(unreadable)?;
    let facts = file.metadata().map_err(unreadable)?;
    if facts.file_type().is_char_device()
        && std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == facts.rdev())
    {
        return Ok(file);
    }
    let facts = Facts {
        regular: facts.is_file(),
        mode: facts.mode() & 0o7777,
        owner: facts.uid(),
        group: facts.gid(),
    };
    let user = rustix::process::geteuid().as_raw();
    check(path, facts, user).map_err(|why| FileError::Unfit {
        path: path.to_owned(),
        why,
    })?;
    Ok(file)
}

#[derive(Clone, Copy)]
struct Facts {
    regular: bool,
    /// Permission bits.
    mode: u32,
    owner: u32,
    group: u32,
}

/// Whether a file is somebody else's. Root's is as good as one's own, and root, as in a container, works on anybody's.
pub(crate) const fn is_foreign(owner: u32, user: u32) -> bool {
    owner != user && owner != 0 && user != 0
}

fn check(path: &Path, facts: Facts, user: u32) -> Result<(), Unfit> {
    if !facts.regular {
        return Err(Unfit::NotRegular);
    }
    if is_foreign(facts.owner, user) {
        return Err(Unfit::ForeignOwner { owner: facts.owner });
    }
    // Where each user has a group of their own, with the same number, new files are writable by it.
    let group_is_own = facts.group == facts.owner;
    if facts.mode & 0o002 != 0 || facts.mode & 0o020 != 0 && !group_is_own {
        return Err(Unfit::OthersMayWrite {
            mode: facts.mode,
            quoted: shell_quoted(path),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn told(path: &Path) -> String {
        open(path).unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_others_may_write_is_refused_with_the_way_to_mend_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "").unwrap();
        for mode in [0o666, 0o602] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let told = told(&path);
            assert!(told.ends_with(&format!("chmod go-w {}", path.display())), "{told}");
        }
        for mode in [0o600, 0o644, 0o400] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(open(&path).is_ok());
        }
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(open(&link).is_ok());
    }

    #[test]
    fn directories_and_pipes_are_refused_without_waiting_and_nothing_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        for path in [dir.path(), &fifo] {
            assert!(told(path).contains("no regular file"), "{path:?}");
        }
        assert!(open(Path::new("/dev/null")).is_ok());
    }

    #[test]
    fn whose_file_and_whose_group_it_is_counts() {
        let facts = |mode, owner, group| Facts {
            regular: true,
            mode,
            owner,
            group,
        };
        let path = Path::new("/c");
        for (facts, user) in [
            (facts(0o644, 1000, 100), 1000),
            (facts(0o644, 0, 0), 1000),
            (facts(0o644, 1000, 1000), 0),
            (facts(0o664, 1000, 1000), 1000),
        ] {
            assert_eq!(check(path, facts, user), Ok(()));
        }
        let writable = check(path, facts(0o664, 1000, 100), 1000);
        assert!(matches!(writable, Err(Unfit::OthersMayWrite { mode: 0o664, .. })));
        let foreign = check(path, facts(0o600, 1001, 1001), 1000);
        assert_eq!(foreign, Err(Unfit::ForeignOwner { owner: 1001 }));
    }
}
