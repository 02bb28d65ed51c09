//! Which profile is in use, and what of it the screen shows.

use std::path::PathBuf;

use super::connection::Connection;
use super::environment::Environment;
use super::error::{ConfigError, UnknownProfile};
use super::file::{FileSettings, Profile};
use super::origin::{Origin, Sourced};
use super::{Flags, PROFILE_VARIABLE};

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
}

/// A profile of the file and who chose it.
pub(super) struct Chosen<'a> {
    pub profile: &'a Profile,
    pub by: Origin,
}

impl Chosen<'_> {
    pub fn activate(self, connection: &Connection) -> ActiveProfile {
        let speaks = self.profile.base_url.is_some() || self.profile.key.is_some();
        let replaced_host = match connection {
            Connection::Api {
                base_url:
                    Sourced {
                        value,
                        origin: Origin::Flag(_) | Origin::Variable(_),
                    },
                ..
            } if speaks && self.profile.base_url.as_ref().is_none_or(|own| own.value != *value) => {
                Some(value.authority().to_owned())
            }
            _ => None,
        };
        ActiveProfile {
            name: self.profile.name.clone(),
            chosen_by: self.by,
            protected: self.profile.protected,
            replaced_host,
        }
    }
}

/// The profile named by flag, variable or file, in this order; `None` if none is.
pub(super) fn choose<'a>(
    flags: &Flags,
    env: &Environment,
    file: &'a FileSettings,
    path: Option<&PathBuf>,
) -> Result<Option<Chosen<'a>>, ConfigError> {
    let named = match &flags.profile {
        Some(name) => Some(Sourced::new(name.clone(), Origin::Flag("--profile"))),
        None => env
            .text(PROFILE_VARIABLE)?
            .map(|name| Sourced::new(name, Origin::Variable(PROFILE_VARIABLE)))
            .or_else(|| file.default_profile.clone()),
    };
    let Some(Sourced {
        value: name,
        origin: by,
    }) = named
    else {
        return Ok(None);
    };
    match file.profiles.get(&name) {
        Some(profile) => Ok(Some(Chosen { profile, by })),
        None => Err(ConfigError::UnknownProfile(Box::new(UnknownProfile {
            name,
            chosen_by: by,
            known: file.profiles.keys().cloned().collect(),
            file: path.cloned(),
        }))),
    }
}
