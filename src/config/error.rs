//! What can be wrong with the settings. Each is one clear sentence for the user and ends the program with exit code 2
//! before the screen is touched.

use std::path::PathBuf;

use thiserror::Error;

use super::base_url::{BaseUrl, BaseUrlError};
use super::file_error::FileError;
use super::key::{KEY_VARIABLE, KeyError};
use super::origin::Origin;

/// Where a person gets a key and reads about keys.
const KEY_DOCUMENTATION: &str = "https://novita.ai/docs/guides/llm-api-keys";

/// Why there are no settings to start with.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{origin}: {problem}")]
    BaseUrl {
        origin: Origin,
        problem: BaseUrlError,
    },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("environment variable {variable} is not UTF-8 text; set it anew")]
    NotUnicode { variable: String },
    #[error("there is no profile {} (asked for by {origin}); {}", .name.escape_debug(), known_profiles(.known, .file.as_ref()))]
    UnknownProfile {
        name: String,
        origin: Origin,
        known: Vec<String>,
        file: Option<PathBuf>,
    },
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
        "{KEY_VARIABLE} is meant for {home}, but profile {profile} ({chosen_by}) leads to {base_url}, so the key is not sent; {}",
        way_out(.profile, *.has_key)
    )]
    VariableKeyElsewhere {
        profile: String,
        chosen_by: Origin,
        home: BaseUrl,
        base_url: BaseUrl,
        has_key: bool,
    },
    #[error(
        "the API key of profile {profile} ({chosen_by}) is meant for {home}, but NOVITA_BASE_URL leads to {base_url}, so the key is not sent; \
         pass --profile {profile} to use the profile whole, or set {KEY_VARIABLE} too, or name the URL by --base-url"
    )]
    ProfileKeyElsewhere {
        profile: String,
        chosen_by: Origin,
        home: BaseUrl,
        base_url: BaseUrl,
    },
}

fn config_file(path: Option<&PathBuf>) -> String {
    match path {
        Some(path) => path.display().to_string(),
        None => "a file named by --config".to_owned(),
    }
}

fn known_profiles(known: &[String], file: Option<&PathBuf>) -> String {
    match (known, file) {
        ([], Some(file)) => format!(
            "{} has no profiles; add [profiles.NAME] there",
            file.display()
        ),
        ([], None) => "there is no config file that could have any".to_owned(),
        (known, _) => format!("known: {}", known.join(", ")),
    }
}

fn way_out(profile: &str, has_key: bool) -> String {
    if has_key {
        format!("pass --profile {profile} to use the profile's own key, or set NOVITA_BASE_URL too")
    } else {
        format!(
            "if it is that platform's key, add api_key_env = \"{KEY_VARIABLE}\" to [profiles.{profile}] or set NOVITA_BASE_URL too"
        )
    }
}
