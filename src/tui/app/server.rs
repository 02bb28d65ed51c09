//! Which API the editor talks to: the real one, or the demo in this process.

use std::io;

use crate::api::{ApiError, Client, Options};
use crate::config::{ApiKey, BaseUrl, Config, Connection};
use crate::demo::{DEMO_KEY, DemoServer, Options as DemoOptions};
use crate::secret::Secret;
use crate::tui::cabinet::DEMO;
use crate::tui::model::Surroundings;

/// Everything about the API that can be made after the first frame.
pub(super) struct Backend {
    base_url: BaseUrl,
    pub(super) key: Secret,
    key_source: String,
    pub(super) config: Config,
    /// Kept for its `Drop`: the server ends with the editor.
    _demo: Option<DemoServer>,
}

impl Backend {
    pub(super) fn new(config: Config, key: Option<ApiKey>) -> io::Result<Self> {
        if let (Connection::Api { base_url, .. }, Some(key)) = (&config.connection, &key) {
            return Ok(Self {
                base_url: base_url.value.clone(),
                key: key.secret().clone(),
                key_source: key.source().to_string(),
                config,
                _demo: None,
            });
        }
        let demo = DemoServer::start(DemoOptions::default())?;
        let base_url = demo.base_url().parse().map_err(io::Error::other)?;
        Ok(Self {
            base_url,
            key: Secret::new(DEMO_KEY),
            key_source: "the demo".to_owned(),
            config,
            _demo: Some(demo),
        })
    }

    /// What the API is called in the files.
    pub(super) fn name(&self) -> String {
        match self._demo {
            Some(_) => DEMO.to_owned(),
            None => self.base_url.endpoint(&[]).to_string(),
        }
    }

    pub(super) fn around(&self) -> Surroundings {
        Surroundings {
            profile: self.config.profile.as_ref().map(crate::config::ActiveProfile::label),
            demo: self._demo.is_some(),
            read_only: self.config.read_only,
            protected: self.config.profile.as_ref().is_some_and(|profile| profile.protected),
            update_url: self.base_url.endpoint(&["endpoint", "update"]).to_string(),
        }
    }

    pub(super) fn client(&self) -> Result<Client, ApiError> {
        Client::new(Options {
            base_url: self.base_url.endpoint(&[]),
            key: self.key.clone(),
            key_source: self.key_source.clone(),
            timeouts: self.config.timeouts,
        })
    }
}
