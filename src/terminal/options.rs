//! What is known of the terminal before anything is touched, by its name and the environment: whether the editor may
//! run here at all, and how the terminal is entered.

use std::ffi::OsStr;
use std::io::{stdin, stdout};

use rustix::termios::isatty;

use super::output::{Colors, is_gnu_screen};
use crate::text::Charset;

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

/// How the terminal is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenOptions {
    /// What the terminal can draw; see [`Charset::from_env`].
    pub charset: Charset,
    /// The colours that it has; see [`Colors::from_env`].
    pub colors: Colors,
    /// It has a title, and reads the sequence for it (OSC) without printing a part.
    pub window: bool,
    /// It may have a clipboard, too.
    pub clipboard: bool,
    /// Mouse clicks are reported from the beginning. Takes the terminal's own selection away.
    pub mouse: bool,
}

impl Default for ScreenOptions {
    fn default() -> Self {
        Self {
            charset: Charset::default(),
            colors: Colors::default(),
            window: true,
            clipboard: true,
            mouse: false,
        }
    }
}

impl ScreenOptions {
    /// What the environment tells: `variable` gives a variable's value, or `None` when it is unset.
    ///
    /// The Linux console and terminals named as those of DEC have neither title nor clipboard, and GNU screen keeps
    /// what is for the clipboard to itself. Over SSH the mouse is off: each
    /// click is a packet there, and the terminal's own selection is worth more. And in GNU screen, which holds a lone
    /// Esc for ever while a program has the mouse (4.9; it waits for the rest of a click).
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Self {
        let term = variable("TERM").unwrap_or_default();
        let kind = term.split(['-', '.']).next().unwrap_or_default();
        let dec = kind
            .strip_prefix("vt")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let window = !(dec || matches!(kind, "linux" | "ansi" | "pcansi" | "cons25"));
        Self {
            charset: Charset::from_env(&variable),
            colors: Colors::from_env(&variable),
            window,
            clipboard: window && !is_gnu_screen(&variable),
            mouse: variable("SSH_TTY").is_none_or(|tty| tty.is_empty()) && !is_gnu_screen(&variable),
        }
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

    fn of(variables: &[(&str, &str)]) -> ScreenOptions {
        ScreenOptions::from_env(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn consoles_have_neither_title_nor_clipboard() {
        for term in ["linux", "linux-16color", "vt100", "vt220", "ansi"] {
            assert!(!of(&[("TERM", term)]).window, "{term}");
        }
        for term in ["xterm-256color", "screen", "screen.linux", "tmux", "vte", "alacritty"] {
            assert!(of(&[("TERM", term)]).window, "{term}");
        }
        for (term, clipboard) in [("linux", false), ("screen", false), ("xterm", true), ("tmux", true)] {
            assert_eq!(of(&[("TERM", term)]).clipboard, clipboard, "{term}");
        }
        assert!(!of(&[("TERM", "xterm-256color"), ("STY", "12.pts-0")]).clipboard);
        assert!(of(&[("TERM", "screen"), ("TMUX", "/tmp/tmux-0/default,1,0")]).clipboard);
    }

    #[test]
    fn the_mouse_is_off_over_ssh_and_in_gnu_screen() {
        assert!(of(&[]).mouse);
        assert!(of(&[("TERM", "screen"), ("TMUX", "/tmp/tmux-0/default,1,0")]).mouse);
        assert!(!of(&[("TERM", "screen.xterm-256color")]).mouse);
        assert!(!of(&[("STY", "12.pts-0")]).mouse);
        assert!(!of(&[("SSH_TTY", "/dev/pts/3")]).mouse);
    }
}
