//! What can be wrong with the config file: one sentence each, with the file, the line and the key. A value is shown
//! only where it is a number or a base URL's host: a text may be a key that was written in the wrong place.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::base_url::BaseUrlError;
use crate::fs::{OpenError, Unfit};
use crate::text::shell_quoted;

/// The most a config file may have, in bytes.
pub const FILE_SIZE_LIMIT: usize = 1024 * 1024;

/// Why a config file can't be used. `line` counts from 1.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum FileError {
    #[error("the config file {path} can't be read: {problem}")]
    Unreadable { path: PathBuf, problem: io::Error },
    #[error("the config file {path} {}", unfit(path, why))]
    Unfit { path: PathBuf, why: Unfit },
    #[error("{path}, line {line}: the config file is not UTF-8 text")]
    NotText { path: PathBuf, line: usize },
    #[error("{path}, line {line}: {}not valid TOML: {message}", at_key(.key.as_deref()))]
    Syntax {
        path: PathBuf,
        line: usize,
        key: Option<String>,
        message: String,
    },
    #[error("{path}, line {line}: `{key}` {problem}")]
    Entry {
        path: PathBuf,
        line: usize,
        key: String,
        problem: EntryProblem,
    },
}

/// What is wrong with one entry; worded to stand after the key's name.
#[derive(Debug, Clone, PartialEq, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum EntryProblem {
    #[error("is not a known setting; did you mean `{nearest}`?")]
    UnknownNear { nearest: String },
    #[error("is not a known setting; known here: {known}")]
    Unknown { known: String },
    #[error("is not a setting: a key doesn't belong in this file; use api_key_file, api_key_command or NOVITA_API_KEY")]
    KeyItself,
    #[error("must be {expected}, not {found}")]
    Type { expected: String, found: &'static str },
    #[error("must be {expected}, not {found}")]
    Range { expected: String, found: String },
    #[error("is wrong: {0}")]
    BaseUrl(#[from] BaseUrlError),
    #[error("must not be blank")]
    Blank,
    #[error("stands beside `{other}`; keep one of them, the API key comes from one place")]
    SecondKeySource { other: &'static str },
    #[error("must be the name of an environment variable (letters, digits and _)")]
    VariableName,
    #[error("must be the name of an environment variable that holds the key, and this looks like the key itself")]
    VariableIsKey,
    #[error("is no profile's name; use letters, digits, `-`, `_` and `.`")]
    ProfileName,
    #[error("names a profile that is not in this file; {known}")]
    NoSuchProfile { known: String },
    #[error("begins with ~, but there is no home directory; write the whole path")]
    NoHome,
}

/// What keeps a file from being used, as the end of a sentence that begins with its name.
fn unfit(path: &Path, why: &Unfit) -> String {
    match why {
        Unfit::NotRegular => "is a directory, a pipe or something else that is no regular file; name a file".to_owned(),
        Unfit::Exposed { mode } => format!(
            "can be changed by others than its owner (mode {mode:04o}), who would decide what this program does; mend it \
             with: chmod go-w {}",
            shell_quoted(&path.to_string_lossy())
        ),
        Unfit::Foreign { owner } => format!(
            "belongs to another user (user id {owner}), who would decide what this program does; copy it into a file of \
             your own, on a file system that keeps owners and permissions"
        ),
        Unfit::TooLarge => format!("is larger than {} KiB; it can't be meant", FILE_SIZE_LIMIT / 1024),
    }
}

impl FileError {
    /// Why a settings file could not be read.
    pub(super) fn of_open(path: &Path, error: OpenError) -> Self {
        let path = path.to_owned();
        match error {
            OpenError::Unopened(problem) | OpenError::Unread(problem) => Self::Unreadable { path, problem },
            OpenError::Unfit(why) => Self::Unfit { path, why },
        }
    }

    /// The line that it is about; 0: the file as a whole.
    pub(super) fn line(&self) -> usize {
        match self {
            Self::Unreadable { .. } | Self::Unfit { .. } => 0,
            Self::NotText { line, .. } | Self::Syntax { line, .. } | Self::Entry { line, .. } => *line,
        }
    }

    /// The sentence for where the place stands already.
    pub(super) fn without_place(&self) -> String {
        match self {
            Self::Unreadable { problem, .. } => format!("the file can't be read: {problem}"),
            Self::Unfit { path, why } => format!("the file {}", unfit(path, why)),
            Self::NotText { .. } => "the file is not UTF-8 text".to_owned(),
            Self::Syntax { key, message, .. } => format!("{}not valid TOML: {message}", at_key(key.as_deref())),
            Self::Entry { key, problem, .. } => format!("`{key}` {problem}"),
        }
    }
}

fn at_key(key: Option<&str>) -> String {
    key.map(|key| format!("`{key}`: ")).unwrap_or_default()
}
