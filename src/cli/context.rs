//! What a command that speaks to the API works with.

use std::cell::RefCell;

use super::failure::Failure;
use super::output;
use crate::api::{ApiError, Client};
use crate::config::{Config, Environment, Flags};
use crate::endpoint::{EndpointConfig, Inventory, Limits, VolumeType};
use crate::fs::zone_is_known;
use crate::platform::Platform;
use crate::session::{MOST_RETRIES, Repetition, with_retries};
use crate::text::Spelled;

/// Settings, key and client of one command.
pub struct Context {
    /// Which API, with which key and settings.
    pub platform: Platform,
    /// Speaks to it.
    pub client: Client,
    /// What was warned of so far, with the id of the endpoint that it is about; `None`: it is about all of them.
    warned: RefCell<Vec<(Option<String>, String)>>,
}

impl Context {
    /// Resolves the settings, takes the key and makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// Wrong settings, no usable key, or a client that can't be set up.
    pub fn new(flags: &Flags, env: &Environment) -> Result<Self, Failure> {
        let platform = platform(flags, env)?;
        let client = platform.client()?;
        if platform.is_demo() {
            output::note(&output::faint(
                "--demo: a simulated API of its own that ends with this command; `novita-edit demo-server` gives one that stays.",
            ));
        }
        Ok(Self {
            platform,
            client,
            warned: RefCell::default(),
        })
    }

    /// Warns on stderr of something about an endpoint, or about all of them; a result for programs has it too.
    pub fn warn(&self, id: Option<&str>, sentence: String) {
        output::note(&output::warning(&sentence));
        self.keep_warning(id, sentence);
    }

    /// The same where people were told already.
    pub fn keep_warning(&self, id: Option<&str>, sentence: String) {
        self.warned.borrow_mut().push((id.map(str::to_owned), sentence));
    }

    /// What was warned of that is about this endpoint, each once.
    pub fn warnings_about(&self, id: &str) -> Vec<String> {
        let mut about: Vec<String> = Vec::new();
        for (of, sentence) in &*self.warned.borrow() {
            if of.as_deref().is_none_or(|of| of == id) && !about.contains(sentence) {
                about.push(sentence.clone());
            }
        }
        about
    }

    /// The account's ranges. Where they can't be had, that is told, and none is known.
    pub async fn limits(&self) -> Limits {
        let (limits, why_none) = self.limits_or_why_none().await;
        if let Some(why) = why_none {
            self.warn(None, why);
        }
        limits
    }

    /// The same, and the sentence is the caller's to tell.
    pub async fn limits_or_why_none(&self) -> (Limits, Option<String>) {
        match self.read(|| self.client.limits()).await {
            Ok(limits) => (limits, None),
            Err(error) => (Limits::unknown(), Some(no_ranges(&error))),
        }
    }

    /// The ranges, and why none is known, after that was told.
    pub async fn limits_or_error(&self) -> (Limits, Option<ApiError>) {
        match self.read(|| self.client.limits()).await {
            Ok(limits) => (limits, None),
            Err(error) => {
                self.warn(None, no_ranges(&error));
                (Limits::unknown(), Some(error))
            }
        }
    }

    /// What of the account a configuration names by id and can be looked up: its network storages. Where they can't be
    /// had, or none is named, nothing is known, and nothing is said of them.
    pub async fn inventory_for<'a>(&self, configs: impl IntoIterator<Item = &'a EndpointConfig>) -> Inventory {
        self.inventory_or_why_none(configs).await.0
    }

    /// The same, and why what is named can't be looked up, after that was told.
    pub async fn inventory_or_why_none<'a>(
        &self,
        configs: impl IntoIterator<Item = &'a EndpointConfig>,
    ) -> (Inventory, Option<ApiError>) {
        let has_storage =
            |config: &EndpointConfig| config.volumes.iter().any(|volume| volume.kind == VolumeType::Network);
        if !configs.into_iter().any(has_storage) {
            return (Inventory::default(), None);
        }
        match self.read(|| self.client.storages()).await {
            Ok(storages) => {
                let storages = Some(storages.into());
                (
                    Inventory {
                        storages,
                        ..Inventory::default()
                    },
                    None,
                )
            }
            Err(error) => {
                let why = error.happened();
                self.warn(None, format!("The account's network storages are not known. {why}"));
                (Inventory::default(), Some(error))
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

fn no_ranges(error: &ApiError) -> String {
    format!("The account's ranges are not known. {}", error.happened())
}

/// Settings and key of a command that asks no server.
///
/// # Errors
/// Wrong settings, or no usable key.
pub fn platform(flags: &Flags, env: &Environment) -> Result<Platform, Failure> {
    let config = Config::resolve(flags, env)?;
    tracing::info!(connection = ?config.connection, profile = ?config.profile, "settings resolved");
    tell_unknown_zone(env);
    let key = config.read_key(env)?;
    Ok(Platform::new(config, key)?)
}

/// Tells that the times aren't those of the zone that was asked for.
fn tell_unknown_zone(env: &Environment) {
    if let Ok(Some(zone)) = env.text("TZ")
        && !zone_is_known()
    {
        let zone = Spelled(&zone);
        output::note(&output::warning(&format!(
            "TZ names no time zone that is known ({zone}), so times are told in UTC. Set it to one such as Europe/Berlin."
        )));
    }
}

/// Tells that a request is about to be repeated; once where several that run at a time say the same.
pub fn tell_again(again: Repetition) {
    thread_local! {
        static LAST: RefCell<String> = const { RefCell::new(String::new()) };
    }
    let Some(why) = &again.why else { return };
    let seconds = again.pause.as_secs_f32();
    let (count, why) = (again.count, why.happened());
    let line = format!("{why} Again in {seconds} s ({count} of {MOST_RETRIES}).");
    if LAST.replace(line.clone()) != line {
        output::note(&output::faint(&line));
    }
}
