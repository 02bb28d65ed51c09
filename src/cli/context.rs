//! What a command that speaks to the API works with, and how it is run.

use std::pin::pin;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::exit::Exit;
use super::failure::Failure;
use super::output;
use crate::api::{ApiError, Client};
use crate::config::{Config, Environment, Flags};
use crate::endpoint::{EndpointConfig, Known, Limits, VolumeType};
use crate::platform::Platform;
use crate::session::{Again, with_retries};

/// Settings, key and client of one command.
pub struct Context {
    /// Which API, with which key and settings.
    pub platform: Platform,
    /// Speaks to it.
    pub client: Client,
}

impl Context {
    /// Resolves the settings, takes the key and makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// Wrong settings, no usable key, or a client that can't be set up.
    pub fn new(flags: &Flags, env: &Environment) -> Result<Self, Failure> {
        let config = Config::resolve(flags, env)?;
        tracing::info!(connection = ?config.connection, profile = ?config.profile, "settings resolved");
        let key = config.read_key(env)?;
        let platform = Platform::new(config, key)?;
        let client = platform.client()?;
        Ok(Self { platform, client })
    }

    /// The account's ranges. Where they can't be had, that is told, and none is known.
    pub async fn limits(&self) -> Limits {
        match self.read(|| self.client.limits()).await {
            Ok(limits) => limits,
            Err(error) => {
                let why = error.happened();
                output::note(&output::warning(&format!("The account's ranges are not known. {why}")));
                Limits::unknown()
            }
        }
    }

    /// What of the account a configuration names by id and can be looked up: its network storages. Where they can't be had, or
    /// none is named, nothing is known, and nothing is said of them.
    pub async fn known_for<'a>(&self, configs: impl IntoIterator<Item = &'a EndpointConfig>) -> Known {
        let has_storage =
            |config: &EndpointConfig| config.volumes.iter().any(|volume| volume.kind == VolumeType::Network);
        if !configs.into_iter().any(has_storage) {
            return Known::default();
        }
        match self.read(|| self.client.storages()).await {
            Ok(storages) => Known {
                storages: Some(storages.into()),
                ..Known::default()
            },
            Err(error) => {
                let why = error.happened();
                output::note(&output::warning(&format!(
                    "The account's network storages are not known. {why}"
                )));
                Known::default()
            }
        }
    }

    /// Reads something, and again where that may help, which is told.
    ///
    /// # Errors
    /// The last failure.
    pub async fn read<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        ask: impl FnMut() -> F,
    ) -> Result<T, ApiError> {
        with_retries(ask, tell_again).await
    }
}

/// Tells that a request is about to be repeated.
pub fn tell_again(again: Again) {
    let Some(why) = &again.why else { return };
    let seconds = again.pause.as_secs_f32();
    let (count, why) = (again.count, why.happened());
    output::note(&output::faint(&format!("{why} Again in {seconds} s ({count} of 3).")));
}

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
