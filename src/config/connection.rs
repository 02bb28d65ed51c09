//! Which profile of the config file is in use and who chose it; which API is spoken to and with whose key: the table of
//! the parent module's documentation, as code.

use std::path::PathBuf;

use super::BASE_URL_VARIABLE;
use super::Flags;
use super::PROFILE_VARIABLE;
use super::base_url::BaseUrl;
use super::environment::Environment;
use super::error::{ConfigError, Elsewhere, UnknownProfile};
use super::file::{FileSettings, Profile};
use super::key::KeySource;
use super::key_rules::KEY_VARIABLE;
use super::origin::{Origin, Sourced};

/// A profile of the file and who chose it.
pub(super) struct ChosenProfile<'a> {
    pub profile: &'a Profile,
    pub by: Origin,
}

/// The profile named by flag, variable or file, in this order; `None` if none is.
pub(super) fn choose<'a>(
    flags: &Flags,
    env: &Environment,
    file: &'a FileSettings,
    path: Option<&PathBuf>,
) -> Result<Option<ChosenProfile<'a>>, ConfigError> {
    let named = match &flags.profile {
        Some(name) => Some(Sourced::new(name.clone(), Origin::Flag("--profile"))),
        None if env.has(PROFILE_VARIABLE)? => env
            .text(PROFILE_VARIABLE)?
            .map(|name| Sourced::new(name, Origin::Variable(PROFILE_VARIABLE))),
        None => file.default_profile.clone(),
    };
    let Some(Sourced {
        value: name,
        origin: by,
    }) = named
    else {
        return Ok(None);
    };
    match file.profiles.get(&name) {
        Some(profile) => Ok(Some(ChosenProfile { profile, by })),
        None => Err(ConfigError::UnknownProfile(Box::new(UnknownProfile {
            name,
            chosen_by: by,
            known: file.profiles.keys().cloned().collect(),
            file: path.cloned(),
        }))),
    }
}

/// The API to speak to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The simulated API in this process: it knows its own base URL, and no key is needed.
    Demo,
    /// A real API.
    Api {
        /// Where it is.
        base_url: Sourced<BaseUrl>,
        /// Where its key is to be taken from.
        key: KeySource,
    },
}

/// Base URL and key source of this run.
///
/// # Errors
/// A base URL that can't be one, no key, or a key that would leave its home.
pub(super) fn decide(
    flags: &Flags,
    env: &Environment,
    file: &FileSettings,
    chosen: Option<&ChosenProfile<'_>>,
    path: Option<&PathBuf>,
) -> Result<Connection, ConfigError> {
    let (base_url, key) = decide_each(flags, env, file, chosen, path)?;
    Ok(Connection::Api { base_url, key: key? })
}

/// The same, where the one may be known without the other.
///
/// # Errors
/// A base URL that can't be one; inside, no key, or a key that would leave its home.
pub(super) fn decide_each(
    flags: &Flags,
    env: &Environment,
    file: &FileSettings,
    chosen: Option<&ChosenProfile<'_>>,
    path: Option<&PathBuf>,
) -> Result<(Sourced<BaseUrl>, Result<KeySource, ConfigError>), ConfigError> {
    let decision = Decision {
        env,
        file,
        // A profile without base URL and key has nothing to say here.
        chosen: chosen.filter(|chosen| chosen.profile.base_url.is_some() || chosen.profile.key.is_some()),
        house: file
            .base_url
            .clone()
            .unwrap_or_else(|| Sourced::new(BaseUrl::default(), Origin::Default)),
        path,
    };
    let base_url = match &flags.base_url {
        Some(text) => parse(text, Origin::Flag("--base-url"))?,
        None => decision.base_url()?,
    };
    let key = match &flags.api_key_file {
        // Absolute, so that messages name the file and not just what was typed.
        Some(file) => Ok(KeySource::File(
            std::path::absolute(file).unwrap_or_else(|_| file.clone()),
        )),
        None => decision.key(&base_url),
    };
    Ok((base_url, key))
}

fn parse(text: &str, origin: Origin) -> Result<Sourced<BaseUrl>, ConfigError> {
    match text.parse() {
        Ok(url) => Ok(Sourced::new(url, origin)),
        Err(problem) => Err(ConfigError::BaseUrl { origin, problem }),
    }
}

struct Decision<'a> {
    env: &'a Environment,
    file: &'a FileSettings,
    chosen: Option<&'a ChosenProfile<'a>>,
    /// The base URL of the file outside of profiles, or the built-in one.
    house: Sourced<BaseUrl>,
    path: Option<&'a PathBuf>,
}

impl Decision<'_> {
    fn by_flag(&self) -> Option<&Profile> {
        self.chosen
            .filter(|chosen| matches!(chosen.by, Origin::Flag(_)))
            .map(|chosen| chosen.profile)
    }

    fn variable_url(&self) -> Result<Option<Sourced<BaseUrl>>, ConfigError> {
        self.env.has(BASE_URL_VARIABLE)?;
        let text = self.env.text(BASE_URL_VARIABLE)?;
        text.map(|text| parse(&text, Origin::Variable(BASE_URL_VARIABLE)))
            .transpose()
    }

    /// The base URL if `--base-url` doesn't say it.
    fn base_url(&self) -> Result<Sourced<BaseUrl>, ConfigError> {
        let profile_url = self.chosen.and_then(|chosen| chosen.profile.base_url.clone());
        let from_variable = if self.by_flag().is_some() {
            None
        } else {
            self.variable_url()?
        };
        Ok(from_variable.or(profile_url).unwrap_or_else(|| self.house.clone()))
    }

    /// The key's source if `--api-key-file` doesn't say it; `base_url` is where the key would go.
    fn key(&self, base_url: &Sourced<BaseUrl>) -> Result<KeySource, ConfigError> {
        let Some(chosen) = self.chosen else {
            return self
                .variable_source()?
                .or_else(|| self.file.key.clone())
                .ok_or_else(|| ConfigError::MissingKey {
                    file: self.path.cloned(),
                });
        };
        if self.by_flag().is_none()
            && let Some(variable) = self.variable_source()?
        {
            return self.variable_key(variable, chosen, base_url);
        }
        self.profile_key(chosen, base_url)
    }

    /// `NOVITA_API_KEY`, if it is set.
    fn variable_source(&self) -> Result<Option<KeySource>, ConfigError> {
        let is_set = self.env.has(KEY_VARIABLE)?;
        Ok(is_set.then(|| KeySource::Variable(KEY_VARIABLE.to_owned())))
    }

    /// `NOVITA_API_KEY`, beside a profile that was chosen by default.
    fn variable_key(
        &self,
        variable: KeySource,
        chosen: &ChosenProfile<'_>,
        base_url: &Sourced<BaseUrl>,
    ) -> Result<KeySource, ConfigError> {
        let led_by_profile = matches!(base_url.origin, Origin::Profile { .. });
        let consented = chosen.profile.key.as_ref() == Some(&variable);
        if !led_by_profile || consented || base_url.value == self.house.value {
            return Ok(variable);
        }
        Err(ConfigError::VariableKeyElsewhere(Box::new(Elsewhere {
            profile: chosen.profile.name.clone(),
            chosen_by: chosen.by.clone(),
            home: self.house.value.clone(),
            base_url: base_url.value.clone(),
            has_key: chosen.profile.key.is_some(),
        })))
    }

    /// The profile's key, or one whose home is the profile's base URL.
    fn profile_key(&self, chosen: &ChosenProfile<'_>, base_url: &Sourced<BaseUrl>) -> Result<KeySource, ConfigError> {
        let profile = chosen.profile;
        let home = profile.base_url.as_ref().map_or(&self.house.value, |url| &url.value);
        let key = match &profile.key {
            Some(key) => Some(key.clone()),
            None => self.key_at_home(home)?,
        };
        let Some(key) = key else {
            return Err(ConfigError::ProfileWithoutKey {
                profile: profile.name.clone(),
                base_url: home.clone(),
            });
        };
        let led_by_variable = matches!(base_url.origin, Origin::Variable(_));
        if led_by_variable && base_url.value != *home {
            return Err(ConfigError::ProfileKeyElsewhere(Box::new(Elsewhere {
                profile: profile.name.clone(),
                chosen_by: chosen.by.clone(),
                home: home.clone(),
                base_url: base_url.value.clone(),
                has_key: profile.key.is_some(),
            })));
        }
        Ok(key)
    }

    /// A key from outside the profile that is meant for `home`.
    fn key_at_home(&self, home: &BaseUrl) -> Result<Option<KeySource>, ConfigError> {
        // A variable that is no URL is nobody's home; where it is used, it is complained about.
        let variable_home = self.variable_url().map(|url| url.unwrap_or_else(|| self.house.clone()));
        let variable = self.variable_source()?;
        if variable.is_some() && variable_home.is_ok_and(|url| url.value == *home) {
            return Ok(variable);
        }
        Ok(self.file.key.clone().filter(|_| self.house.value == *home))
    }
}

/// The profile in use. Its `protected` and `read_only` hold even where flags or variables replaced its URL or key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveProfile {
    /// As the config file has it.
    pub name: String,
    /// `--profile`, `NOVITA_PROFILE`, or the config file's `default_profile`.
    pub chosen_by: Origin,
    /// A save needs more than Enter.
    pub protected: bool,
    /// Host (and port) that is used instead of the profile's own, if a flag or variable replaced it.
    pub replaced_host: Option<String>,
}

impl ActiveProfile {
    /// What to show: the name, and after `@` the host if it isn't the profile's own. A name alone would then claim
    /// that another platform is being edited than the one that is.
    pub fn label(&self) -> String {
        match &self.replaced_host {
            Some(host) => format!("{}@{host}", self.name),
            None => self.name.clone(),
        }
    }

    /// A profile that was chosen, beside the connection that came of it.
    pub(super) fn of(chosen: ChosenProfile<'_>, connection: &Connection) -> Self {
        let speaks = chosen.profile.base_url.is_some() || chosen.profile.key.is_some();
        let replaced_host = match connection {
            Connection::Api {
                base_url:
                    Sourced {
                        value,
                        origin: Origin::Flag(_) | Origin::Variable(_),
                    },
                ..
            } if speaks && chosen.profile.base_url.as_ref().is_none_or(|own| own.value != *value) => {
                Some(value.authority().to_owned())
            }
            _ => None,
        };
        Self {
            name: chosen.profile.name.clone(),
            chosen_by: chosen.by,
            protected: chosen.profile.protected,
            replaced_host,
        }
    }
}
