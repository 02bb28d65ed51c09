//! What can be wrong with the settings. Each is one clear sentence for the user and ends the program with exit code 2
//! before the screen is touched.

use std::path::PathBuf;

use thiserror::Error;

use super::base_url::{BaseUrl, BaseUrlError};
use super::environment::NotUnicode;
use super::file_error::FileError;
use super::key::KeyError;
use super::key_pattern::looks_like_a_key;
use super::key_variables::KEY_VARIABLE;
use super::origin::Origin;
use crate::secret::MASK;
use crate::text::{Spelled, one_line};

/// Where a person gets a key and reads about keys.
const KEY_DOCUMENTATION: &str = "https://novita.ai/docs/guides/llm-api-keys";

/// Why there are no settings to start with.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{origin}: {problem}")]
    BaseUrl { origin: Origin, problem: BaseUrlError },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    NotUnicode(#[from] NotUnicode),
    #[error(transparent)]
    UnknownProfile(Box<UnknownProfile>),
    /// Three lines: how to set a key, how to go without, where to read on.
    #[error(
        "no API key: set {KEY_VARIABLE}, or pass --api-key-file FILE, or put api_key_command = \"…\" into {}\n\
         To try it without an account: novita-edit --demo\n\
         Documentation: novita-edit --help; to get a key: {KEY_DOCUMENTATION}",
        config_file(.file.as_ref())
    )]
    MissingKey { file: Option<PathBuf> },
    #[error(
        "profile {profile} has a base URL of its own ({base_url}) but no API key, and a key from elsewhere is not sent there; \
         add api_key_file, api_key_command or api_key_env to [profiles.{profile}], or pass --api-key-file FILE"
    )]
    ProfileWithoutKey { profile: String, base_url: BaseUrl },
    #[error(
        "{KEY_VARIABLE} is meant for {}, but profile {} ({}) leads to {}, so the key is not sent; {}",
        .0.home, .0.profile, .0.chosen_by, .0.base_url, way_out(.0)
    )]
    VariableKeyElsewhere(Box<Elsewhere>),
    #[error(
        "the API key of profile {name} ({}) is meant for {}, but NOVITA_BASE_URL leads to {}, so the key is not sent; \
         pass --profile {name} to use the profile whole, or set {KEY_VARIABLE} too, or name the URL by --base-url",
        .0.chosen_by, .0.home, .0.base_url, name = .0.profile
    )]
    ProfileKeyElsewhere(Box<Elsewhere>),
}

/// A profile was asked for that the config file hasn't got.
#[derive(Debug, Error)]
#[error("there is no profile {} (asked for by {chosen_by}); {}", shown(.name), known_profiles(.known, .file.as_ref()))]
pub struct UnknownProfile {
    /// Its name, as it was asked for.
    pub name: String,
    /// Who asked for it.
    pub chosen_by: Origin,
    /// The profiles that there are.
    pub known: Vec<String>,
    /// The config file, if there is one.
    pub file: Option<PathBuf>,
}

/// A key that would be sent to another base URL than it is meant for.
#[derive(Debug)]
pub struct Elsewhere {
    /// The name of the profile in use.
    pub profile: String,
    /// Who chose it.
    pub chosen_by: Origin,
    /// The base URL that the key is meant for.
    pub home: BaseUrl,
    /// The base URL that it would be sent to.
    pub base_url: BaseUrl,
    /// Whether the profile has a key of its own.
    pub has_key: bool,
}

fn config_file(path: Option<&PathBuf>) -> String {
    match path {
        Some(path) => one_line(&path.display().to_string()).into_owned(),
        None => "a file named by --config".to_owned(),
    }
}

fn known_profiles(known: &[String], file: Option<&PathBuf>) -> String {
    match (known, file) {
        ([], Some(file)) => format!("{} has no profiles; add [profiles.NAME] there", file.display()),
        ([], None) => "there is no config file that could have any".to_owned(),
        (known, _) => format!("known: {}", known.join(", ")),
    }
}

fn way_out(Elsewhere { profile, has_key, .. }: &Elsewhere) -> String {
    if *has_key {
        format!("pass --profile {profile} to use the profile's own key, or set NOVITA_BASE_URL too")
    } else {
        format!(
            "if it is that platform's key, add api_key_env = \"{KEY_VARIABLE}\" to [profiles.{profile}] or set NOVITA_BASE_URL too"
        )
    }
}

/// A profile's name, unless it is a key that was given in its place.
fn shown(name: &str) -> String {
    if looks_like_a_key(name) {
        MASK.to_owned()
    } else {
        Spelled(name).to_string()
    }
}
