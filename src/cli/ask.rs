//! Questions to the person at the terminal: on stderr, answered on the terminal, never by what is piped in. And a
//! secret that is typed: it isn't shown, and every way out gives the terminal its echo back.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::pin::pin;

use anstream::AutoStream;
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp, tcsetattr};
use tokio::signal::unix::{self, SignalKind, signal};
use zeroize::Zeroizing;

use super::failure::Failure;
use super::output;
use super::runtime::{Interrupts, runtime};
use crate::exit_code::Exit;
use crate::fs::open_stream;
use crate::secret::read_to_end;
use crate::session::on_a_thread_that_may_wait;

/// Who can be asked.
pub struct Person {
    interrupts: Interrupts,
    /// What stood on standard input was the command's own: the answer is read from the terminal itself.
    stdin_is_used: bool,
}

impl Person {
    /// At the terminal, if there is one.
    pub fn new(interrupts: Interrupts, stdin_is_used: bool) -> Self {
        Self {
            interrupts,
            stdin_is_used,
        }
    }

    /// Whether somebody sees a question and can answer it.
    pub fn is_there(&self) -> bool {
        io::stderr().is_terminal() && self.answers().is_some()
    }

    /// The line that is answered, without its line break; `None` where there is nobody, or no more answer comes. What
    /// was typed before the question stood there is no answer to it, and is dropped.
    ///
    /// # Errors
    /// How the command was asked to end meanwhile.
    pub async fn ask(&self, question: &str) -> Result<Option<String>, Exit> {
        let Some(terminal) = self.answers().filter(|_| io::stderr().is_terminal()) else {
            return Ok(None);
        };
        // A terminal that can't do it has nothing typed ahead either: it is gone.
        let _ = rustix::io::retry_on_intr(|| tcflush(terminal.as_fd(), QueueSelector::IFlush));
        let mut go_on = signal(SignalKind::from_raw(Signal::CONT.as_raw())).ok();
        put(question);
        let mut read = pin!(on_a_thread_that_may_wait(move || line(terminal)));
        let answer = loop {
            let continued = async {
                match &mut go_on {
                    Some(signal) => signal.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                answer = self.interrupts.unless(&mut read) => break answer,
                // After Ctrl-Z the shell's own lines stand below the question.
                _ = continued => put(question),
            }
        };
        if !matches!(answer, Ok(Some(_))) {
            // Whatever ended it, what follows begins on a line of its own.
            let _ = writeln!(io::stderr());
        }
        Ok(answer?.map(|line| line.trim_end_matches(['\n', '\r']).to_owned()))
    }

    /// A question of yes or no; only a yes agrees.
    ///
    /// # Errors
    /// How the command was asked to end meanwhile.
    pub async fn agrees(&self, question: &str) -> Result<Consent, Exit> {
        let answer = self.ask(&format!("{question} [y/N]")).await?.unwrap_or_default();
        Ok(match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => Consent::Yes,
            "n" | "no" => Consent::No,
            _ => Consent::Neither,
        })
    }

    /// The terminal that answers are read from.
    fn answers(&self) -> Option<File> {
        if self.stdin_is_used {
            return open_stream(Path::new("/dev/tty")).ok();
        }
        let stdin = io::stdin();
        if !stdin.is_terminal() {
            return None;
        }
        // Past the standard library's buffer, which would keep for the next question what a terminal gave beyond a
        // line.
        rustix::io::dup(&stdin).ok().map(File::from)
    }
}

/// Whether a person agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    Yes,
    No,
    /// Enter alone, the end of the input, or something else.
    Neither,
    /// A name was asked for, and it wasn't given.
    OtherName,
    /// Their number was asked for, and it wasn't given.
    OtherCount,
}

/// Writes the question, in one go.
fn put(question: &str) {
    let mut out = AutoStream::auto(io::stderr().lock());
    let _ = out
        .write_all(format!("{question} ").as_bytes())
        .and_then(|()| out.flush());
}

/// A terminal gives a line at a time; `None`: no more comes.
fn line(terminal: File) -> Option<String> {
    let mut line = String::new();
    let read = BufReader::new(terminal).read_line(&mut line);
    read.is_ok_and(|read| read > 0).then_some(line)
}

/// What is typed up to Ctrl-D, at most so many bytes.
///
/// # Errors
/// [`Failure::Interrupted`] by a signal, after the echo is back; inside, what reading ended with.
pub fn read_unseen(most: u64) -> Result<io::Result<Zeroizing<Vec<u8>>>, Failure> {
    let runtime = runtime()?;
    let read = runtime.block_on(quietly(most));
    // What still waits for a line is not waited for.
    runtime.shutdown_background();
    read
}

async fn quietly(most: u64) -> Result<io::Result<Zeroizing<Vec<u8>>>, Failure> {
    let of = |kind: Signal| signal(SignalKind::from_raw(kind.as_raw()));
    let (mut interrupt, mut quit) = (of(Signal::INT)?, of(Signal::QUIT)?);
    let (mut terminate, mut hang_up) = (of(Signal::TERM)?, of(Signal::HUP)?);
    let (mut stop, mut go_on): (unix::Signal, unix::Signal) = (of(Signal::TSTP)?, of(Signal::CONT)?);
    // Only now: a signal before would have left the terminal without its echo.
    let mut quiet = Quiet::begin();
    let tell = || {
        output::note(&output::faint(
            "Reading from the terminal, which doesn't show it; Enter and Ctrl-D end it.",
        ));
    };
    tell();
    let mut read = pin!(on_a_thread_that_may_wait(move || {
        read_to_end(io::stdin().lock(), 64 * 1024, most)
    }));
    let exit = loop {
        tokio::select! {
            read = &mut read => return Ok(read),
            _ = interrupt.recv() => break Exit::Interrupted,
            _ = quit.recv() => break Exit::Interrupted,
            _ = terminate.recv() => break Exit::Terminated,
            _ = hang_up.recv() => break Exit::HungUp,
            _ = stop.recv() => {
                quiet = None;
                let _ = kill_process(getpid(), Signal::STOP);
            }
            // The terminal is this program's again.
            _ = go_on.recv() => {
                quiet = quiet.or_else(Quiet::begin);
                tell();
            }
        }
    };
    drop(quiet);
    Err(Failure::Interrupted(exit))
}

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
