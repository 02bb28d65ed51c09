//! Why a command ended before it could do its work, and what that means for the exit code.

use thiserror::Error;

use super::log::LogError;
use crate::api::{ApiError, FailureHint};
use crate::config::{ConfigError, looks_like_a_key};
use crate::exit_code::Exit;
use crate::text::width::{shown_lines, shown_text};
use crate::tui::EditorError;

/// What is told of a write that was interrupted before its send.
pub const INTERRUPTED: &str = "interrupted; nothing was sent. Run it again to begin anew";

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
    #[error("{} can't be written: {problem}. Check that its folder is there and yours, or choose another", .path.display())]
    NotWritten {
        path: std::path::PathBuf,
        problem: std::io::Error,
    },
    /// What the server said, or that it couldn't be asked.
    #[error("{}", told(.0))]
    Api(#[from] ApiError),
    /// No endpoint of that name, or several.
    #[error("{0}")]
    NotFound(String),
    /// The list in which a name is looked for did not come whole, and what that leaves open.
    #[error("{} {open}", .error.happened())]
    NotAllListed { error: Box<ApiError>, open: String },
    /// What was waited for did not come in time.
    #[error("{0}")]
    TimedOut(String),
    /// What was waited for can't come any more.
    #[error("{0}")]
    RolloutFailed(String),
    /// A value or a file breaks a rule; nothing was sent.
    #[error("{0}")]
    Invalid(String),
    /// What was asked for can't be done like this: a sentence that says how it can.
    #[error("{0}")]
    Usage(String),
    /// Another novita-edit on this machine saved the endpoint all the while.
    #[error("{0} Nothing was sent. Try again when it is done.")]
    Busy(String),
    /// Another novita-edit has it, or it stands against one's own last save.
    #[error("{0}")]
    Occupied(String),
    /// A person was asked, and didn't say yes.
    #[error("{0}")]
    Declined(&'static str),
    /// Somebody asked the command to end before anything was sent.
    #[error("{INTERRUPTED}")]
    Interrupted(Exit),
    /// A file, the keys of one or what is kept can't be read or written.
    #[error("{0}")]
    File(String),
    /// What a command printed went nowhere, and not because its reader closed the pipe.
    #[error("the result can't be written: {0}. Check where the output goes")]
    Output(std::io::Error),
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
    /// For what should name an endpoint and looks like a key, which belongs in no URL and no message.
    pub fn if_key(wanted: &str) -> Result<(), Self> {
        if looks_like_a_key(wanted) {
            return Err(Self::Usage(
                "what should be an endpoint's id looks like an API key; it was sent nowhere. Set NOVITA_API_KEY to it, or write it \
                 into a private file for --api-key-file"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// What is printed of it: in several lines only where they are our own.
    pub fn shown(&self) -> String {
        let text = self.to_string();
        match self {
            // What they name was made safe before.
            Self::NotFound(_) | Self::Config(ConfigError::MissingKey { .. }) | Self::Report(_) => shown_lines(&text),
            _ => shown_text(&text).into_owned(),
        }
    }

    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_) | Self::Log(_) | Self::Usage(_) | Self::File(_) => Exit::Usage,
            Self::Api(error) => exit_of(error),
            Self::NotFound(_) => Exit::NotFound,
            Self::NotAllListed { error, .. } => exit_of(error),
            Self::Invalid(_) => Exit::Invalid,
            Self::Busy(_) | Self::TimedOut(_) => Exit::Unreachable,
            Self::RolloutFailed(_) => Exit::RolloutFailed,
            Self::Occupied(_) => Exit::Conflict,
            Self::Declined(_) => Exit::Interrupted,
            Self::Interrupted(exit) => *exit,
            Self::Output(_) => Exit::Internal,
            Self::Editor(EditorError::NoTerminal(_)) | Self::DemoServer(_) => Exit::Usage,
            Self::NoConfigDir | Self::NotWritten { .. } => Exit::Usage,
            Self::Editor(_) | Self::Report(_) => Exit::Internal,
        }
    }
}

/// A failure with what to do next.
fn told(error: &ApiError) -> String {
    match error {
        ApiError::Unreadable { why, .. } if why.path().is_some() => {
            format!("{error} Put that value right where it was set, such as the platform's console, and try again.")
        }
        error => error.to_string(),
    }
}

/// What a failed request means for the exit code; of one that only read.
pub fn exit_of(error: &ApiError) -> Exit {
    match error {
        _ if error.hint() == FailureHint::EndpointId => Exit::NotFound,
        ApiError::Setup(_) => Exit::Usage,
        ApiError::Incomplete(list) => list.why.as_ref().map_or(Exit::Refused, exit_of),
        ApiError::Refused(refused) if refused.status < 500 && refused.status != 429 => Exit::Refused,
        ApiError::Refused(_) | ApiError::NotSent { .. } | ApiError::NoAnswer { .. } => Exit::Unreachable,
        ApiError::Redirect { .. } | ApiError::Unreadable { .. } => Exit::Refused,
    }
}
