//! A secret that is typed: read from the terminal without being shown there, which every way out undoes.

use std::io;
use std::pin::pin;

use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{self, SignalKind, signal};
use zeroize::Zeroizing;

use super::failure::Failure;
use super::output;
use super::quiet::Quiet;
use super::runtime::runtime;
use crate::exit_code::Exit;
use crate::secret::read_to_end;
use crate::session::on_a_thread_that_may_wait;

/// What is typed up to Ctrl-D, at most so many bytes.
///
/// # Errors
/// [`Failure::Interrupted`] by a signal, after the echo is back; inside, what reading ended with.
pub fn read(most: u64) -> Result<io::Result<Zeroizing<Vec<u8>>>, Failure> {
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
