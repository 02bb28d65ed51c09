//! What of the profile in use the screen shows.

use super::chosen_profile::ChosenProfile;
use super::connection::Connection;
use super::origin::{Origin, Sourced};

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
