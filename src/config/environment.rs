//! The environment as the settings see it: a lookup of variables, so that tests need not change the process's own.

use std::ffi::OsString;
use std::path::PathBuf;

use thiserror::Error;

/// A lookup and no copy: the key stays where it is until it is asked for.
type VariableLookup = Box<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// A variable's value is no text; it isn't shown.
#[derive(Debug, Error)]
#[error("environment variable {variable} is not UTF-8 text; set it anew")]
pub struct NotUnicode {
    /// Its name.
    pub variable: String,
}

/// Environment variables and the home directory.
pub struct Environment {
    lookup: VariableLookup,
    home: Option<PathBuf>,
}

impl Environment {
    /// The environment of this process. The home directory falls back to the user database when `HOME` is not set.
    pub fn of_process() -> Self {
        Self {
            lookup: Box::new(|name| std::env::var_os(name)),
            home: std::env::home_dir().filter(|home| home.is_absolute()),
        }
    }

    /// An environment of exactly these variables; the home directory is `HOME`.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        let variables: std::collections::HashMap<String, OsString> = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let home = variables.get("HOME").map(PathBuf::from);
        Self {
            lookup: Box::new(move |name| variables.get(name).cloned()),
            home,
        }
    }

    /// A variable's text. One that is set to nothing counts as not set: `NAME= command` is how a shell switches it off.
    ///
    /// # Errors
    /// The value is not UTF-8; the message names the variable and doesn't show the value.
    pub fn text(&self, name: &str) -> Result<Option<String>, NotUnicode> {
        match (self.lookup)(name) {
            None => Ok(None),
            Some(value) if value.is_empty() => Ok(None),
            Some(value) => value.into_string().map(Some).map_err(|_| NotUnicode {
                variable: name.to_owned(),
            }),
        }
    }

    /// Whether a variable is set to something, without looking at it.
    pub fn has(&self, name: &str) -> bool {
        (self.lookup)(name).is_some_and(|value| !value.is_empty())
    }

    /// A directory of the XDG base-directory specification: the variable's value, or `fallback` under the home
    /// directory. As the specification asks, a relative value counts as not set. `None` without a home directory.
    pub(super) fn xdg_dir(&self, variable: &str, fallback: &str) -> Option<PathBuf> {
        (self.lookup)(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| self.home.as_ref().map(|home| home.join(fallback)))
    }

    /// The user's home directory.
    pub fn home(&self) -> Option<&std::path::Path> {
        self.home.as_deref()
    }
}
