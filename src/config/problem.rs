//! What is wrong in one of the user's files and doesn't keep the program from starting: its place and one sentence.

use std::fmt;
use std::path::PathBuf;

use super::error::ConfigError;
use super::file_error::FileError;

/// One thing that is wrong in a file. Its `Display` is `FILE:LINE: sentence`, which editors can jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The file.
    pub path: PathBuf,
    /// From 1; `None`: the file as a whole.
    pub line: Option<usize>,
    /// A sentence without its place.
    pub text: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.text)
    }
}

impl From<FileError> for FileProblem {
    fn from(error: FileError) -> Self {
        let text = error.without_place();
        let (path, line) = match error {
            FileError::Unreadable { path, .. } | FileError::Unfit { path, .. } => (path, None),
            FileError::NotText { path, line }
            | FileError::Syntax { path, line, .. }
            | FileError::Entry { path, line, .. } => (path, Some(line)),
        };
        Self { path, line, text }
    }
}

impl ConfigError {
    /// The file that it is about and what is wrong there; it may be a sentence about the whole file.
    pub fn problem(self, config_file: PathBuf) -> FileProblem {
        match self {
            Self::File(error) => error.into(),
            other => FileProblem {
                path: config_file,
                line: None,
                text: other.to_string(),
            },
        }
    }
}
