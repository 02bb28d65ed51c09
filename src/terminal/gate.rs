//! May the editor run here at all? Asked before anything is touched.

use std::ffi::OsStr;
use std::io::{stdin, stdout};

use rustix::termios::isatty;

/// Why there can be no editor here. The caller adds which subcommand does the same without a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTerminal {
    /// Standard input is a file or a pipe.
    #[error("standard input is not a terminal")]
    Stdin,
    /// Standard output is a file or a pipe.
    #[error("standard output is not a terminal")]
    Stdout,
    /// `TERM` is unset or empty.
    #[error("TERM is not set, so what this terminal can do isn't known")]
    TermUnset,
    /// `TERM=dumb`.
    #[error("TERM is dumb: this terminal can't place text on the screen")]
    TermDumb,
}

/// Checks standard input, standard output and `TERM`.
///
/// # Errors
/// The first thing that is missing, in that order.
pub fn gate() -> Result<(), NoTerminal> {
    check(isatty(stdin()), isatty(stdout()), std::env::var_os("TERM").as_deref())
}

fn check(stdin: bool, stdout: bool, term: Option<&OsStr>) -> Result<(), NoTerminal> {
    match term {
        _ if !stdin => Err(NoTerminal::Stdin),
        _ if !stdout => Err(NoTerminal::Stdout),
        None => Err(NoTerminal::TermUnset),
        Some(term) if term.is_empty() => Err(NoTerminal::TermUnset),
        Some(term) if term == "dumb" => Err(NoTerminal::TermDumb),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_says_what_is_missing() {
        let term = |t: &'static str| Some(OsStr::new(t));
        assert_eq!(check(false, true, term("xterm")), Err(NoTerminal::Stdin));
        assert_eq!(check(true, false, term("xterm")), Err(NoTerminal::Stdout));
        assert_eq!(check(true, true, None), Err(NoTerminal::TermUnset));
        assert_eq!(check(true, true, term("")), Err(NoTerminal::TermUnset));
        assert_eq!(check(true, true, term("dumb")), Err(NoTerminal::TermDumb));
        assert_eq!(check(true, true, term("xterm-256color")), Ok(()));
    }
}
