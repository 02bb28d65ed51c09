//! The API of one run, whoever speaks to it: a real one with the user's key, or the demo's own.

use std::io;
use std::path::{Path, PathBuf};

use crate::api::{ApiError, Client, ClientOptions};
use crate::config::{ApiKey, BaseUrl, Config, Connection};
use crate::demo::{DEMO_KEY, DemoOptions, DemoServer};
use crate::secret::Secret;
use crate::store::SendLog;

/// What the API is called in the files when it is the demo, whose port is another one each time.
pub const DEMO: &str = "demo";

/// Base URL, key and settings of one run. Nothing is sent by making it.
pub struct Platform {
    base_url: BaseUrl,
    key: Secret,
    key_source: String,
    /// The file that the key was taken from, if it was one.
    key_file: Option<PathBuf>,
    config: Config,
    /// Kept for its `Drop`: the server ends with the run.
    demo: Option<DemoServer>,
}

impl Platform {
    /// The API that the settings name. `key` is `None` for the demo, whose server is started here.
    ///
    /// # Errors
    /// When the demo's server can't be started.
    pub fn new(config: Config, key: Option<ApiKey>) -> io::Result<Self> {
        if let (Connection::Api { base_url, .. }, Some(key)) = (&config.connection, &key) {
            return Ok(Self {
                base_url: base_url.value.clone(),
                key: key.secret().clone(),
                key_source: key.source().to_string(),
                key_file: key.source().file().map(Path::to_owned),
                config,
                demo: None,
            });
        }
        let demo = DemoServer::start(DemoOptions::default())?;
        let base_url = demo.base_url().parse().map_err(io::Error::other)?;
        Ok(Self {
            base_url,
            key: Secret::new(DEMO_KEY),
            key_source: "the demo".to_owned(),
            key_file: None,
            config,
            demo: Some(demo),
        })
    }

    /// The settings of the run.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether it is the demo.
    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// What the API is called in the files.
    pub fn name(&self) -> String {
        match self.demo {
            Some(_) => DEMO.to_owned(),
            None => self.base_url.endpoint(&[]).to_string(),
        }
    }

    /// Where something of it is, behind what it is about: `at api.novita.ai, profile prod`, `in the demo`.
    pub fn place(&self) -> String {
        let host = match self.demo {
            Some(_) => "in the demo".to_owned(),
            None => format!("at {}", self.base_url.authority()),
        };
        match self.profile() {
            Some(profile) => format!("{host}, profile {profile}"),
            None => host,
        }
    }

    /// The profile in use.
    pub fn profile(&self) -> Option<&str> {
        self.config.profile.as_ref().map(|profile| profile.name.as_str())
    }

    /// What is noted of sends to it on this machine. Nothing is read or written by asking for it.
    pub fn send_log(&self) -> SendLog {
        let send_log = SendLog::new(self.config.state_dirs.clone(), &self.name(), &self.key);
        send_log.keeping_secrets(self.config.keep_secrets)
    }

    /// Where an update goes.
    pub fn update_url(&self) -> String {
        self.base_url.endpoint(&["endpoint", "update"]).to_string()
    }

    /// A client for it. Loads the system's certificates (milliseconds).
    ///
    /// # Errors
    /// [`ApiError::Setup`].
    pub fn client(&self) -> Result<Client, ApiError> {
        let client = Client::new(ClientOptions {
            base_url: self.base_url.endpoint(&[]),
            key: self.key.clone(),
            key_source: self.key_source.clone(),
            timeouts: self.config.timeouts,
        })?;
        Ok(match &self.key_file {
            Some(path) => client.with_key_file(path.clone()),
            None => client,
        })
    }
}
