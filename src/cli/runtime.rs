//! How a command is run, and what SIGINT and SIGTERM do to it. One that only reads ends at once. Of one that writes the
//! first signal is asked after, the second one ends the program. SIGHUP isn't listened to there: under `nohup` the
//! command goes on.

use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::failure::Failure;
use super::output;
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

/// Whether somebody asked the command to end. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Interrupts {
    asked: watch::Receiver<Option<Exit>>,
    under_way: Arc<Mutex<Option<String>>>,
}

impl Interrupts {
    /// Begins to listen, inside a runtime. From now on the first such signal ends nothing by itself; the second one
    /// ends the process at once.
    ///
    /// # Errors
    /// When the system lets no signal be listened to.
    pub fn listen() -> io::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let (tell, asked) = watch::channel(None);
        let under_way = Arc::<Mutex<Option<String>>>::default();
        let sent = Arc::clone(&under_way);
        tokio::spawn(async move {
            loop {
                let exit = tokio::select! {
                    _ = interrupt.recv() => Exit::Interrupted,
                    _ = terminate.recv() => Exit::Terminated,
                };
                if tell.borrow().is_some() {
                    output::note(&last_word(&sent));
                    std::process::exit(exit.code().into());
                }
                tell.send_replace(Some(exit));
            }
        });
        Ok(Self { asked, under_way })
    }

    /// What was sent and isn't read back yet, for who ends the program at once; `None`: nothing.
    pub fn is_under_way(&self, endpoint: Option<String>) {
        *self.under_way.lock().unwrap_or_else(PoisonError::into_inner) = endpoint;
    }

    /// How the command was asked to end, if it was.
    pub fn now(&self) -> Option<Exit> {
        *self.asked.borrow()
    }

    /// Waits until the command is asked to end, and how.
    pub async fn asked(&self) -> Exit {
        let mut asked = self.asked.clone();
        let exit = match asked.wait_for(Option::is_some).await {
            Ok(exit) => *exit,
            Err(_) => None,
        };
        match exit {
            Some(exit) => exit,
            // The listener ends with the runtime only.
            None => std::future::pending().await,
        }
    }

    /// What a future comes to, unless the command is asked to end before; then the future is dropped.
    ///
    /// # Errors
    /// How it was asked to end.
    pub async fn unless<T>(&self, future: impl Future<Output = T>) -> Result<T, Exit> {
        tokio::select! {
            biased;
            exit = self.asked() => Err(exit),
            done = future => Ok(done),
        }
    }
}

/// What is known when the program ends at once.
fn last_word(under_way: &Mutex<Option<String>>) -> String {
    match &*under_way.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(endpoint) => {
            let endpoint = output::safe(endpoint);
            format!(
                "Ended at once. {endpoint} was sent, and whether it was stored is not known: `novita-edit show` tells."
            )
        }
        None => "Ended at once; nothing was under way.".to_owned(),
    }
}
