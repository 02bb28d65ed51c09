//! How a command is run, and what SIGINT, SIGTERM and SIGHUP do to it. One that only reads ends at once. Of one that
//! writes the first signal is asked after, the second one ends the program. Under `nohup` no SIGHUP ends anything.

use std::io;
use std::pin::pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::Signal;
use tokio::signal::unix::{self, SignalKind, signal};
use tokio::sync::watch;

use super::failure::Failure;
use super::output;
use crate::exit_code::Exit;
use crate::fs::is_ignored;
use crate::session::on_a_thread_that_may_wait;

/// Whether SIGHUP was ignored when the program started, as `nohup` has it. Found out before it is first listened to,
/// which would undo that.
static HANG_UP_IS_IGNORED: LazyLock<bool> = LazyLock::new(|| is_ignored(Signal::HUP));

/// The signals that ask a command to end.
struct EndSignals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    /// `None`: it is to be ignored.
    hang_up: Option<unix::Signal>,
}

impl EndSignals {
    /// Begins to listen, inside a runtime. From now on none of them ends the process by itself.
    fn listen() -> io::Result<Self> {
        let hang_up = (!*HANG_UP_IS_IGNORED).then(|| signal(SignalKind::hangup()));
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: hang_up.transpose()?,
        })
    }

    /// Waits for the next one: how it asks the command to end.
    async fn next(&mut self) -> Exit {
        let hung_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
            _ = hung_up => Exit::HungUp,
        }
    }
}

/// Reads what may have to be waited for, such as a pipe or the terminal, before a command sends anything: the signals
/// end it at once. Not inside a runtime; there [`run_reading`] does the same for what reads on a thread that may wait.
///
/// Once this returns the process ignores these signals until somebody listens again: whatever takes time after it
/// belongs into [`run_reading`], or under [`Interrupts`].
///
/// # Errors
/// [`Failure::Interrupted`], or that there is no runtime.
pub fn reading<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let mut signals = EndSignals::listen()?;
        tokio::select! {
            done = on_a_thread_that_may_wait(read) => Ok(done),
            exit = signals.next() => Err(Failure::Interrupted(exit)),
        }
    });
    // Whoever still waits for a writer is not waited for.
    runtime.shutdown_background();
    done
}

/// Runs a command that may be interrupted at any time, because it changes nothing: the signals end it at once.
///
/// # Errors
/// What the command ended with, or that there is no runtime.
pub fn run_reading(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let mut signals = EndSignals::listen()?;
        let command = pin!(command);
        tokio::select! {
            done = command => done,
            exit = signals.next() => Ok(exit),
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
    /// ends the process at once, unless it is a SIGHUP: of a terminal that goes the kernel and the shell both tell.
    ///
    /// # Errors
    /// When the system lets no signal be listened to.
    pub fn listen() -> io::Result<Self> {
        let mut signals = EndSignals::listen()?;
        let (tell, asked) = watch::channel(None);
        let under_way = Arc::<Mutex<Option<String>>>::default();
        let sent = Arc::clone(&under_way);
        tokio::spawn(async move {
            loop {
                let exit = signals.next().await;
                let is_first = tell.borrow().is_none();
                match exit {
                    _ if is_first => drop(tell.send_replace(Some(exit))),
                    Exit::HungUp => {}
                    exit => {
                        output::note(&last_word(&sent));
                        std::process::exit(exit.code().into());
                    }
                }
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
