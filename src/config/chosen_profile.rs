//! Which profile of the config file is in use, and who chose it.

use std::path::PathBuf;

use super::environment::Environment;
use super::error::{ConfigError, UnknownProfile};
use super::file::{FileSettings, Profile};
use super::origin::{Origin, Sourced};
use super::{Flags, PROFILE_VARIABLE};

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
        Some(profile) => Ok(Some(ChosenProfile { profile, by })),
        None => Err(ConfigError::UnknownProfile(Box::new(UnknownProfile {
            name,
            chosen_by: by,
            known: file.profiles.keys().cloned().collect(),
            file: path.cloned(),
        }))),
    }
}
