//! How a command is run.

use std::pin::pin;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::failure::Failure;
use crate::exit_code::Exit;

/// Runs a command that may be interrupted at any time, because it changes nothing: SIGINT and SIGTERM end it at once.
///
/// # Errors
/// What the command ended with, or that there is no runtime.
pub fn run_reading(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let command = pin!(command);
        tokio::select! {
            done = command => done,
            _ = interrupt.recv() => Ok(Exit::Interrupted),
            _ = terminate.recv() => Ok(Exit::Terminated),
        }
    });
    runtime.shutdown_timeout(Duration::ZERO);
    done
}

/// The runtime of a command: one thread is enough for one command.
///
/// # Errors
/// When the system gives none.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|error| Failure::Report(error.into()))
}
