//! The terminal without its echo: what is typed is not shown, and its modes are given back at the end.

use std::io;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

/// No echo for as long as it lives.
pub struct Quiet {
    before: Termios,
}

impl Quiet {
    /// Only for the terminal's own foreground: another process group would be stopped for it.
    pub fn begin() -> Option<Self> {
        let stdin = io::stdin();
        if tcgetpgrp(&stdin).ok()? != rustix::process::getpgrp() {
            return None;
        }
        let before = tcgetattr(&stdin).ok()?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Now, &quiet).ok()?;
        Some(Self { before })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let stdin = io::stdin();
        if tcgetpgrp(&stdin).is_ok_and(|group| group == rustix::process::getpgrp()) {
            let _ = tcsetattr(&stdin, OptionalActions::Now, &self.before);
        }
    }
}
