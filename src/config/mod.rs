//! Settings: files, environment and flags made into one [`Config`], which knows where each thing came from.
//!
//! Flags beat environment beat file beat default, setting by setting. Nothing here touches the screen or the network;
//! every complaint is one sentence ([`ConfigError`]) and ends the program with exit code 2.
//!
//! # Which key goes where
//!
//! A key of one platform must not reach another by surprise. So every key has a *home*, the base URL that it is meant
//! for:
//!
//! | key | home |
//! | --- | --- |
//! | a profile's | the profile's `base_url`; without one, the *house*: the file's `base_url`, else the built-in one |
//! | `NOVITA_API_KEY` | `NOVITA_BASE_URL`; without it, the house |
//! | the file's own, outside of profiles | the house |
//! | `--api-key-file` | none: it goes wherever the command line says |
//!
//! A profile that names neither base URL nor key (only `protected`, say) plays no part in the following. "By default"
//! means chosen by `NOVITA_PROFILE` or `default_profile`; URL and KEY stand for `NOVITA_BASE_URL` and `NOVITA_API_KEY`.
//!
//! | | profile | variables | base URL used | key used |
//! | --- | --- | --- | --- | --- |
//! | 1 | none | any | URL, file, built-in: the first there is | KEY, file: the first there is |
//! | 2 | by `--profile`, with key | any; both are passed over | the profile's, or the house | the profile's |
//! | 3 | by `--profile`, only `base_url` | any | the profile's | KEY or the file's if that is its home, else refused |
//! | 4 | by default | both | URL | KEY |
//! | 5 | by default, with key | none | the profile's, or the house | the profile's |
//! | 6 | by default, only `base_url` | none | the profile's | the file's if that is its home, else refused |
//! | 7 | by default, with key | only URL | URL | the profile's if that is its home, else refused |
//! | 8 | by default, only `base_url` | only URL | URL | the file's if the profile's URL is its home and is URL, else refused |
//! | 9 | by default | only KEY | the profile's, or the house | KEY if that is its home; the profile's if it is `api_key_env = "NOVITA_API_KEY"`; else refused |
//!
//! On top of each row: `--base-url` replaces the base URL, and then the row's key goes there, whatever its home; a
//! profile's lack of a key is still refused. `--api-key-file` replaces the key, and then nothing is refused.
//! In row 1 the file's key goes to `NOVITA_BASE_URL`: without profiles each setting stands for itself.

mod base_url;
mod connection;
mod environment;
mod error;
mod file;
mod in_force;
mod key;
mod key_command;
mod key_file;
mod key_rules;
mod origin;
mod section;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use base_url::{BaseUrl, BaseUrlError, DEFAULT_BASE_URL};
pub use connection::{ActiveProfile, Connection};
pub use environment::{ConfigDir, EmptyVariable, Environment, NotUnicode, StateDirs, default_config_file};
pub use error::{ConfigError, Elsewhere, EntryProblem, FileError, FileProblem, UnknownProfile};
pub use file::Timeouts;
pub use in_force::{SettingInForce, SettingsInForce};
pub use key::{ApiKey, CommandPlace, KeyError, KeySource};
pub use key_command::CommandError;
pub use key_file::KeyFileError;
pub use key_rules::{KEY_VARIABLE, KeyVariables};
pub use origin::{Origin, Sourced};

pub(crate) use file::read_text;
pub(crate) use key_rules::looks_like_a_key;
pub(crate) use section::{FileText, nearest};

use file::FileSettings;

/// The variable that names the base URL.
pub const BASE_URL_VARIABLE: &str = "NOVITA_BASE_URL";

/// The variable that chooses a profile.
pub const PROFILE_VARIABLE: &str = "NOVITA_PROFILE";

/// What the command line says about settings; see the options of the same names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--demo`
    pub demo: bool,
    /// `--profile NAME`
    pub profile: Option<String>,
    /// `--base-url URL`
    pub base_url: Option<String>,
    /// `--api-key-file FILE`
    pub api_key_file: Option<PathBuf>,
    /// `--config FILE`
    pub config: Option<PathBuf>,
    /// `--read-only`
    pub read_only: bool,
}

/// The settings of one run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which API, and where its key is to be taken from.
    pub connection: Connection,
    /// The profile in use, if any.
    pub profile: Option<ActiveProfile>,
    /// Nothing may be sent that changes anything: `--read-only`, or the profile's or the file's `read_only`.
    pub read_only: bool,
    /// Environment values are written into drafts and the history: the profile's or the file's `keep_secrets`, default
    /// true.
    pub keep_secrets: bool,
    /// What no child process may inherit.
    pub key_variables: KeyVariables,
    /// How long the network may take.
    pub timeouts: Timeouts,
    /// How long a lone ESC byte is held before it counts as the Esc key: `esc_timeout_ms`, 1–5000 ms, default 50.
    pub esc_timeout: Duration,
    /// `ascii`: draw with ASCII only (`true`), never (`false`), or as the locale and terminal ask (`None`).
    pub ascii: Option<bool>,
    /// `mouse`: clicks are reported (`true`), not (`false`), or only where the session doesn't come over SSH (`None`).
    pub mouse: Option<bool>,
    /// The theme's name: the profile's, or the file's; `None`: the default.
    pub theme: Option<Sourced<String>>,
    /// Every theme that the file names, in whatever profile.
    pub themes: Vec<Sourced<String>>,
    /// Where the user's keymap and themes are; `None` without a home directory: then there are none.
    pub config_dir: Option<ConfigDir>,
    /// Where drafts and history are; `None` without a home directory: then nothing can be kept.
    pub state_dirs: Option<StateDirs>,
    /// The config file that was read, if there is one.
    pub config_file: Option<PathBuf>,
}

/// All that is wrong in the config file, in its order; [`Config::resolve`] tells the first of it.
pub fn file_problems(flags: &Flags, env: &Environment) -> Vec<FileProblem> {
    let path = flags.config.clone().or_else(|| default_config_file(env));
    let problems = path.map(|path| FileSettings::problems(&path, flags.config.is_some(), env.home()));
    problems.into_iter().flatten().map(FileProblem::from).collect()
}

/// The names of the config file's profiles; none where it can't be read.
pub fn profile_names(flags: &Flags, env: &Environment) -> Vec<String> {
    let path = flags.config.clone().or_else(|| default_config_file(env));
    let file = path.and_then(|path| FileSettings::load(&path, flags.config.is_some(), env.home()).ok());
    file.map_or_else(Vec::new, |file| file.profiles.into_keys().collect())
}

/// All that is wrong in a config file of this text; `path` is for the messages, and for paths that are relative to it.
pub fn text_problems(path: &Path, text: &str, home: Option<&Path>) -> Vec<FileProblem> {
    let problems = FileSettings::problems_in(path, text, home);
    problems.into_iter().map(FileProblem::from).collect()
}

impl Config {
    /// Reads the config file and puts file, environment and flags together. The key itself is not read yet
    /// ([`Config::read_key`]). For the demo no base URL and no key are looked for, but the file must still be in order.
    ///
    /// # Errors
    /// The first thing that is wrong, as a sentence for the user.
    pub fn resolve(flags: &Flags, env: &Environment) -> Result<Self, ConfigError> {
        let path = flags.config.clone().or_else(|| default_config_file(env));
        let file = match &path {
            Some(path) => FileSettings::load(path, flags.config.is_some(), env.home())?,
            None => FileSettings::default(),
        };
        let chosen = connection::choose(flags, env, &file, path.as_ref())?;
        let connection = if flags.demo {
            Connection::Demo
        } else {
            connection::decide(flags, env, &file, chosen.as_ref(), path.as_ref())?
        };
        let profile_read_only = chosen.as_ref().and_then(|chosen| chosen.profile.read_only);
        let profile_keeps = chosen.as_ref().and_then(|chosen| chosen.profile.keep_secrets);
        let profile_theme = chosen.as_ref().and_then(|chosen| chosen.profile.theme.clone());
        let themes = file.profiles.values().filter_map(|profile| profile.theme.clone());
        Ok(Self {
            theme: profile_theme.or_else(|| file.theme.clone()),
            themes: file.theme.iter().cloned().chain(themes).collect(),
            config_dir: ConfigDir::find(env),
            key_variables: file.key_variables(),
            read_only: flags.read_only || profile_read_only.unwrap_or(file.read_only),
            keep_secrets: profile_keeps.unwrap_or(file.keep_secrets),
            profile: chosen.map(|chosen| ActiveProfile::of(chosen, &connection)),
            connection,
            timeouts: file.timeouts,
            esc_timeout: file.esc_timeout,
            ascii: file.ascii,
            mouse: file.mouse,
            state_dirs: StateDirs::find(env),
            config_file: file.path,
        })
    }

    /// Takes the API key from its source; `None` for the demo, which needs none. May run the user's command, which may
    /// ask for a passphrase: to be called before the screen is touched.
    ///
    /// # Errors
    /// The source can't be read, is not private, or holds no usable key; the message names the source, never the key.
    pub fn read_key(&self, env: &Environment) -> Result<Option<ApiKey>, ConfigError> {
        match &self.connection {
            Connection::Demo => Ok(None),
            Connection::Api { key, .. } => Ok(Some(key.read(env, &self.key_variables)?)),
        }
    }
}

#[cfg(test)]
mod tests;
