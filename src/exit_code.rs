//! Exit codes: one meaning each, the same for every subcommand. They are listed in the help.

use std::process::ExitCode;

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// What was asked for was done.
    Done = 0,
    /// There is a difference (`diff` only); or the editor's terminal is gone.
    Different = 1,
    /// The command line or the settings are wrong, there is no terminal where one is needed, or too few files may be
    /// open.
    Usage = 2,
    /// No such endpoint, not any more either, or more than one of that name.
    NotFound = 3,
    /// A value or a file breaks a rule; nothing was sent.
    Invalid = 4,
    /// Somebody else changed the same thing; nothing was sent.
    Conflict = 5,
    /// The server refused, wrong keys included, or its answer can't be read or leads elsewhere; or it was sent, read
    /// back, and not stored.
    Refused = 6,
    /// The server can't be reached, fails (5xx) or wants to be asked later (429), or a time-out ran off; nothing was changed.
    Unreachable = 7,
    /// It was sent, and whether it was stored is not known.
    SentNotKnown = 8,
    /// The rollout failed that was waited for: the endpoint's state or a worker's error says so.
    RolloutFailed = 9,
    /// The result can't be written; or a fault of the program itself, a panic for one: a report was printed.
    Internal = 101,
    /// The terminal hung up (SIGHUP), and that wasn't ignored at the start.
    HungUp = 129,
    /// Interrupted (Ctrl-C), or a question that wasn't answered with yes.
    Interrupted = 130,
    /// Asked to end (SIGTERM).
    Terminated = 143,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
