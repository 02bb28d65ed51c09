//! How a command is run, and what SIGINT, SIGTERM and SIGHUP do to it. One that only reads ends at once. Of one that
//! writes the first signal is asked after, the second one ends the program. Under `nohup` no SIGHUP ends anything.

use std::io;
use std::pin::pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tokio::signal::unix::{self, SignalKind, signal};
use tokio::sync::watch;

use super::failure::Failure;
use super::output;
use crate::exit_code::Exit;
use crate::fs::is_ignored;
use crate::session::on_a_thread_that_may_wait;

/// Whether SIGHUP and SIGINT were ignored when the program started, as `nohup` has the first one, and a script's job in
/// the background the second. Found out before they are first listened to, which would undo that.
static ARE_IGNORED: LazyLock<(bool, bool)> = LazyLock::new(|| (is_ignored(Signal::HUP), is_ignored(Signal::INT)));

/// The signals that ask a command to end.
struct EndSignals {
    terminate: unix::Signal,
    /// `None`: it is to be ignored.
    interrupt: Option<unix::Signal>,
    /// `None`: it is to be ignored.
    hang_up: Option<unix::Signal>,
}

impl EndSignals {
    /// Begins to listen, inside a runtime. From now on none of them ends the process by itself.
    fn listen() -> io::Result<Self> {
        let (no_hang_up, no_interrupt) = *ARE_IGNORED;
        let unless = |is_ignored: bool, kind| (!is_ignored).then(|| signal(kind)).transpose();
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: unless(no_interrupt, SignalKind::interrupt())?,
            hang_up: unless(no_hang_up, SignalKind::hangup())?,
        })
    }

    /// Waits for the next one: how it asks the command to end.
    async fn next(&mut self) -> Exit {
        async fn of(signal: &mut Option<unix::Signal>) {
            match signal {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = of(&mut self.interrupt) => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
            () = of(&mut self.hang_up) => Exit::HungUp,
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

/// How long a command may take to end that was asked to. One that doesn't hangs in a write.
const TO_END: Duration = Duration::from_millis(500);

/// Runs a command that may be interrupted at any time, because it changes nothing: the signals end it at once.
///
/// # Errors
/// What the command ended with, or that there is no runtime.
pub fn run_reading(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let (tell, mut asked) = watch::channel(None);
    listen_aside(move |exit| {
        tell.send_replace(Some(exit));
        thread::sleep(TO_END);
        std::process::exit(exit.code().into());
    })?;
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let command = pin!(command);
        tokio::select! {
            done = command => done,
            exit = next(&mut asked) => Ok(exit),
        }
    });
    runtime.shutdown_timeout(Duration::ZERO);
    done
}

/// Hands over each signal that asks the command to end, as it comes. On a thread of its own: the command's thread may
/// hang in a write to a pipe that nobody reads.
///
/// # Errors
/// There is no such thread, or the system lets no signal be listened to.
fn listen_aside(mut hear: impl FnMut(Exit) + Send + 'static) -> io::Result<()> {
    let (ready, is_ready) = mpsc::channel();
    let listen = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let listening = runtime.and_then(|runtime| {
            let signals = runtime.block_on(async { EndSignals::listen() })?;
            Ok((runtime, signals))
        });
        let listening = match listening {
            Ok(listening) => {
                let _ = ready.send(Ok(()));
                listening
            }
            Err(error) => return drop(ready.send(Err(error))),
        };
        let (runtime, mut signals) = listening;
        loop {
            hear(runtime.block_on(signals.next()));
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(listen)?;
    let gone = |_| Err(io::Error::other("the thread that listens to signals is gone"));
    is_ready.recv().unwrap_or_else(gone)
}

/// Waits until somebody asks, and how.
async fn next(asked: &mut watch::Receiver<Option<Exit>>) -> Exit {
    let exit = match asked.wait_for(Option::is_some).await {
        Ok(exit) => *exit,
        Err(_) => None,
    };
    match exit {
        Some(exit) => exit,
        // The listener ends with the process only.
        None => std::future::pending().await,
    }
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
    /// Begins to listen. From now on the first such signal ends nothing by itself; the second one
    /// ends the process at once, unless it is a SIGHUP: of a terminal that goes the kernel and the shell both tell.
    ///
    /// # Errors
    /// When the system lets no signal be listened to.
    pub fn listen() -> io::Result<Self> {
        let (tell, asked) = watch::channel(None);
        let under_way = Arc::<Mutex<Option<String>>>::default();
        let sent = Arc::clone(&under_way);
        listen_aside(move |exit| match exit {
            _ if tell.borrow().is_none() => drop(tell.send_replace(Some(exit))),
            Exit::HungUp => {}
            exit => {
                output::note(&last_word(&sent));
                std::process::exit(exit.code().into());
            }
        })?;
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
        next(&mut self.asked.clone()).await
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
