//! The signals that the loop answers.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit_code::Exit;

/// What a signal asks for.
pub(super) enum Signalled {
    End(Exit),
    Quit,
    Resize,
    /// SIGTSTP: by `kill`, or by the Ctrl-Z of `$EDITOR`. As a key Ctrl-Z sends none, since the terminal is in raw
    /// mode.
    Stop,
    Continue,
}

/// The signals that the loop answers.
pub(super) struct Signals {
    resize: Signal,
    stop: Signal,
    resume: Signal,
    hang_up: Signal,
    interrupt: Signal,
    /// SIGQUIT: without a handler it would end this program while `$EDITOR` has the terminal.
    quit: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            resize: signal(SignalKind::window_change())?,
            stop: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
            resume: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    pub(super) async fn next(&mut self) -> Signalled {
        tokio::select! {
            _ = self.hang_up.recv() => Signalled::End(Exit::HungUp),
            _ = self.interrupt.recv() => Signalled::End(Exit::Interrupted),
            _ = self.quit.recv() => Signalled::Quit,
            _ = self.terminate.recv() => Signalled::End(Exit::Terminated),
            _ = self.stop.recv() => Signalled::Stop,
            _ = self.resume.recv() => Signalled::Continue,
            _ = self.resize.recv() => Signalled::Resize,
        }
    }
}
