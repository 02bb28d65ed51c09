//! SIGINT and SIGTERM of a command that writes: the first one is asked after, the second one ends the program. SIGHUP
//! isn't listened to: under `nohup` the command goes on.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::output;
use crate::exit_code::Exit;

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
