//! Why something could not be kept, in sentences for the screen.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::MOST_BYTES;
use super::owner::Owner;

/// Why a file of ours could not be read or written. No message holds what is in a file.
#[derive(Debug, Error)]
pub enum StoreError {
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
        /// Which.
        path: PathBuf,
    },
    /// A file or directory of another user. It is neither read nor written.
    #[error("{} belongs to another user (user id {owner}), so it isn't used; move it away", path.display())]
    Foreign {
        /// Which.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
    },
    /// Something else where a directory of ours belongs.
    #[error("{} is not a directory (links are not followed), so nothing is kept there; move it away", path.display())]
    NotDirectory {
        /// Which.
        path: PathBuf,
    },
    /// A file beyond [`MOST_BYTES`], or what would become one.
    #[error("{} is larger than {} MiB, so it is neither read nor written; move it away", path.display(), MOST_BYTES / 1024 / 1024)]
    TooLarge {
        /// Which.
        path: PathBuf,
    },
    /// Another process held the lock all the while.
    #[error("{} is in use by another novita-edit that doesn't let go of it; the next try may pass", path.display())]
    Busy {
        /// The locked directory.
        path: PathBuf,
    },
}

impl StoreError {
    /// An error of the system, with what was being done: `read`, `written`.
    pub(super) fn io(path: &Path, done: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |problem| Self::Io {
            path: path.to_owned(),
            done,
            problem,
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

/// Why the right to write a draft, and to send, is gone.
#[derive(Debug, Error)]
pub enum Lost {
    /// Another editor took the endpoint over.
    #[error("taken over by {0}")]
    TakenOver(Owner),
    /// The owner file is gone: somebody took over and has left since, or it was deleted. Who can't tell which must not write.
    #[error(
        "{} is gone: another editor took over and has left, or somebody deleted it; take over to go on",
        path.display()
    )]
    Gone {
        /// The owner file.
        path: PathBuf,
    },
    /// It could not be looked up, or the write failed. Nothing says that the endpoint was taken over.
    #[error(transparent)]
    Io(#[from] StoreError),
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn a_full_and_a_read_only_disk_are_told_in_plain_words() {
        let told = |errno: Errno| StoreError::io(Path::new("/s/a.json"), "written")(errno.into()).to_string();
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
