//! Why a command ended before it could do its work, and what that means for the exit code.

use thiserror::Error;

use super::exit::Exit;
use super::log::LogError;
use crate::config::ConfigError;
use crate::tui::EditorError;

/// An error at the edge: printed on stderr, then the program ends.
#[derive(Debug, Error)]
pub enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Editor(#[from] EditorError),
    #[error("there is no home directory and no XDG_CONFIG_HOME, so there is no place for your files")]
    NoConfigDir,
    #[error("{} can't be written: {problem}", .path.display())]
    NotWritten {
        path: std::path::PathBuf,
        problem: std::io::Error,
    },
    /// The simulated API can't be started, or its output is gone.
    #[error("{0}")]
    DemoServer(#[from] std::io::Error),
    /// Anything that no sentence was written for: color-eyre's report is printed.
    #[error("{0:?}")]
    Report(color_eyre::Report),
}

impl From<color_eyre::Report> for Failure {
    fn from(report: color_eyre::Report) -> Self {
        Self::Report(report)
    }
}

impl Failure {
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_) | Self::Log(_) => Exit::Usage,
            Self::Editor(EditorError::NoTerminal(_)) | Self::DemoServer(_) => Exit::Usage,
            Self::NoConfigDir | Self::NotWritten { .. } => Exit::Usage,
            Self::Editor(_) | Self::Report(_) => Exit::Internal,
        }
    }
}
