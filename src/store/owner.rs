//! The owner file: which process edits an endpoint.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::account_dir;
use crate::fs::{FsError, Process, now};
use crate::text::{one_line, when};

pub(super) const OWNER_ENDING: &str = ".owner.json";
const VERSION: u32 = 1;

/// Who edits an endpoint, since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    version: u32,
    /// Grows with every change of hands while the file is there.
    pub generation: u64,
    /// The process.
    pub pid: u32,
    /// When it started, so that a later process with the same number isn't taken for it; `None` where it can't be told.
    start: Option<u64>,
    /// The host that it runs on.
    pub host: String,
    /// Since when, RFC 3339 with offset.
    pub since: String,
}

impl Owner {
    /// This process, from now on.
    pub(super) fn this(generation: u64) -> Self {
        let process = Process::this();
        Self {
            version: VERSION,
            generation,
            pid: process.pid,
            start: process.start,
            host: process.host,
            since: now(),
        }
    }

    /// Whether it is this very process, which can't be waited for.
    pub fn is_this_process(&self) -> bool {
        self.process() == Process::this()
    }

    /// As people say it: `process 123 on host since 23 Nov 13:58`.
    pub fn in_words(&self) -> String {
        let host = one_line(&self.host);
        format!("process {} on {host} since {}", self.pid, when(&self.since))
    }

    /// Whether the process surely is no more. Of another host nothing is known.
    pub(super) fn is_dead(&self) -> bool {
        self.process().is_dead()
    }

    fn process(&self) -> Process {
        Process {
            pid: self.pid,
            start: self.start,
            host: self.host.clone(),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {}, since {}", self.pid, self.host, self.since)
    }
}

/// The owner that a file tells: `None` without a file, and when it is damaged, for then it says nothing.
///
/// A file of another version counts as far as it says who owns.
pub(super) fn read(path: &Path) -> Result<Option<Owner>, FsError> {
    match account_dir::read(path) {
        Ok(bytes) => Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok())),
        Err(FsError::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
