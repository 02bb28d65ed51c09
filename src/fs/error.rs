//! Why something could not be kept, in sentences for the screen.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::open::{OpenError, Unfit};

/// Why a file of ours could not be read or written. No message holds what is in a file.
#[derive(Debug, Error)]
pub enum FsError {
    /// The system said no.
    // The reason first: the path may be longer than there is room on the screen.
    #[error("{} ({} can't be {done})", reason(problem), path.display())]
    Io {
        /// Which file or directory.
        path: PathBuf,
        /// What failed: `read`, `written`.
        done: &'static str,
        /// The system's reason.
        problem: io::Error,
    },
    /// A link, a pipe, a directory… where a file of ours belongs. It is neither followed nor touched.
    #[error("{} is not a regular file, so it isn't used; move it away", path.display())]
    NotRegular {
        /// Where it stands.
        path: PathBuf,
    },
    /// A file or directory of another user. It is neither read nor written.
    #[error("{} belongs to another user (user id {owner}), so it isn't used; move it away", path.display())]
    Foreign {
        /// Where it stands.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
    },
    /// Something else where a directory of ours belongs.
    #[error("{} is not a directory (links are not followed), so nothing is kept there; move it away", path.display())]
    NotDirectory {
        /// Where it stands.
        path: PathBuf,
    },
    /// A file that is larger than it may be, or what would become one.
    #[error("{} is larger than {} MiB, so it is neither read nor written; move it away", path.display(), most / 1024 / 1024)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How many bytes it may have.
        most: u64,
    },
    /// A directory of ours was deleted under a running program.
    #[error("{} was deleted while this program ran, and can't be made anew: {why}", path.display())]
    Deleted {
        /// Where it was.
        path: PathBuf,
        /// What keeps it from being made.
        why: Box<FsError>,
    },
    /// Another process held the lock all the while.
    #[error("{} is in use by another novita-edit that doesn't let go of it; the next try may pass", path.display())]
    Busy {
        /// The locked directory.
        path: PathBuf,
    },
}

impl FsError {
    /// An error of the system, with what was being done: `read`, `written`.
    pub fn io(path: &Path, done: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |problem| Self::Io {
            path: path.to_owned(),
            done,
            problem,
        }
    }

    /// Why a file of ours could not be opened or read; `most` is how many bytes it may have.
    pub fn of_open(path: &Path, most: u64, error: OpenError) -> Self {
        let path = path.to_owned();
        match error {
            OpenError::Unopened(problem) => Self::io(&path, "opened")(problem),
            OpenError::Unread(problem) => Self::io(&path, "read")(problem),
            OpenError::Unfit(Unfit::Foreign { owner }) => Self::Foreign { path, owner },
            OpenError::Unfit(Unfit::TooLarge) => Self::TooLarge { path, most },
            // Modes of files of ours are mended, not refused.
            OpenError::Unfit(Unfit::NotRegular | Unfit::Exposed { .. } | Unfit::Replaceable { .. }) => {
                Self::NotRegular { path }
            }
        }
    }
}

/// By kind, not by the system's number: tempfile wraps its errors and keeps only the kind.
fn reason(problem: &io::Error) -> String {
    match problem.kind() {
        ErrorKind::StorageFull => "the disk is full; make room there".to_owned(),
        ErrorKind::QuotaExceeded => "your quota on the disk is used up; make room there".to_owned(),
        ErrorKind::FileTooLarge => {
            "it would be larger than files may be here (`ulimit -f`); raise that limit".to_owned()
        }
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::PermissionDenied => "permission denied; see that it and its directory are yours".to_owned(),
        _ => problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn a_full_and_a_read_only_disk_are_told_in_plain_words() {
        let told = |errno: Errno| FsError::io(Path::new("/s/a.json"), "written")(errno.into()).to_string();
        assert_eq!(
            told(Errno::NOSPC),
            "the disk is full; make room there (/s/a.json can't be written)"
        );
        assert_eq!(
            told(Errno::ROFS),
            "the file system is read-only (/s/a.json can't be written)"
        );
        assert_eq!(
            told(Errno::FBIG),
            "it would be larger than files may be here (`ulimit -f`); raise that limit (/s/a.json can't be written)"
        );
    }
}
