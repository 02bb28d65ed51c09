//! Questions to the person at the terminal: on stderr, answered on the terminal, never by what is piped in.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::pin::pin;

use anstream::AutoStream;
use rustix::process::Signal;
use rustix::termios::{QueueSelector, tcflush};
use tokio::signal::unix::{SignalKind, signal};

use super::interrupts::Interrupts;
use crate::exit_code::Exit;
use crate::fs::open_stream;
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
