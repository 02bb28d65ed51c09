//! The environment as the settings see it: a lookup of variables, so that tests need not change the process's own.
//!
//! And where the program's own files are, by the XDG base-directory specification on every system (macOS too: people
//! who edit over SSH look in `~/.config`). Only paths; nothing is created here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::text::is_invisible;

const PROGRAM: &str = "novita-edit";

/// A lookup and no copy: the key stays where it is until it is asked for.
type VariableLookup = Box<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// A variable's value is no text; it isn't shown.
#[derive(Debug, Error)]
#[error("environment variable {variable} is not UTF-8 text; set it anew")]
pub struct NotUnicode {
    /// Its name.
    pub variable: String,
}

/// A variable that decides where something goes is set to nothing.
#[derive(Debug, Error)]
#[error("{variable} is set but empty; give it a value, or unset it to go without")]
pub struct EmptyVariable {
    /// Its name.
    pub variable: &'static str,
}

/// Environment variables and the home directory.
pub struct Environment {
    lookup: VariableLookup,
    home: Option<PathBuf>,
}

impl Environment {
    /// The environment of this process. The home directory falls back to the user database when `HOME` is not set. What
    /// is there and is no directory is none: `HOME=/dev/null` is how services are told that they have none.
    pub fn of_process() -> Self {
        Self {
            lookup: Box::new(|name| std::env::var_os(name)),
            home: std::env::home_dir().filter(|home| home.is_absolute() && !is_no_directory(home)),
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

    /// Whether a variable that decides where something goes is set, without looking at its value. Set to nothing it is
    /// refused: a script whose own variable was empty meant something else than the default.
    ///
    /// # Errors
    /// It is set to nothing.
    pub fn has(&self, name: &'static str) -> Result<bool, EmptyVariable> {
        match (self.lookup)(name) {
            Some(value) if value.is_empty() => Err(EmptyVariable { variable: name }),
            value => Ok(value.is_some()),
        }
    }

    /// A directory of the XDG base-directory specification: the variable's value, or `fallback` under the home
    /// directory. As the specification asks, a relative value counts as not set. `None` without a home directory.
    fn xdg_dir(&self, variable: &str, fallback: &str) -> Option<PathBuf> {
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

fn is_no_directory(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|facts| !facts.is_dir())
}

/// The config file when none is named: `$XDG_CONFIG_HOME/novita-edit/config.toml`, with `~/.config` for the variable.
/// `None` without a home directory.
pub fn default_config_file(env: &Environment) -> Option<PathBuf> {
    ConfigDir::find(env).map(|dir| dir.root.join("config.toml"))
}

/// Paths of what the user writes, under `$XDG_CONFIG_HOME/novita-edit/`. They need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigDir {
    root: PathBuf,
}

impl ConfigDir {
    /// `None` without a home directory: then there are no files of the user.
    pub fn find(env: &Environment) -> Option<Self> {
        env.xdg_dir("XDG_CONFIG_HOME", ".config").map(|dir| Self {
            root: dir.join(PROGRAM),
        })
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The user's keys.
    pub fn keymap(&self) -> PathBuf {
        self.root.join("keymap.toml")
    }

    /// The user's themes.
    pub fn themes(&self) -> PathBuf {
        self.root.join("themes")
    }

    /// The file of a theme; `None` if the name can't be a file's.
    pub fn theme(&self, name: &str) -> Option<PathBuf> {
        let letter = |c: char| c.is_alphanumeric() && !is_invisible(c) || "-_.".contains(c);
        let fits = !name.starts_with('.') && name.chars().all(letter);
        (fits && !name.is_empty()).then(|| self.themes().join(format!("{name}.toml")))
    }
}

/// Paths of what is kept between runs, under `$XDG_STATE_HOME/novita-edit/` (`~/.local/state` for the variable).
/// They need not exist: whoever writes there creates them, with private modes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDirs {
    root: PathBuf,
}

impl StateDirs {
    /// `None` without a home directory: then nothing can be kept.
    pub fn find(env: &Environment) -> Option<Self> {
        env.xdg_dir("XDG_STATE_HOME", ".local/state").map(|dir| Self {
            root: dir.join(PROGRAM),
        })
    }

    /// The directory that all others are in.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Unsaved edits.
    pub fn drafts(&self) -> PathBuf {
        self.root.join("drafts")
    }

    /// What was too long for the terminal's clipboard: the newest such text.
    pub fn copy(&self) -> PathBuf {
        self.root.join("copy.txt")
    }

    /// Texts for `$EDITOR`, where no directory goes with the login; and those that nobody took.
    pub fn editor(&self) -> PathBuf {
        self.root.join("editor")
    }

    /// What Tab was told a moment ago.
    pub fn completions(&self) -> PathBuf {
        self.root.join("completions")
    }

    /// What was sent before.
    pub fn history(&self) -> PathBuf {
        self.root.join("history")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xdg_variables_are_followed_when_absolute() {
        let env = Environment::from_pairs([("HOME", "/h"), ("XDG_CONFIG_HOME", "/c"), ("XDG_STATE_HOME", "/s")]);
        assert_eq!(
            default_config_file(&env).unwrap(),
            Path::new("/c/novita-edit/config.toml")
        );
        assert_eq!(StateDirs::find(&env).unwrap().root(), Path::new("/s/novita-edit"));
    }

    #[test]
    fn a_relative_or_missing_xdg_variable_means_the_home_directory() {
        let env = Environment::from_pairs([("HOME", "/h"), ("XDG_CONFIG_HOME", "c"), ("XDG_STATE_HOME", "")]);
        assert_eq!(
            default_config_file(&env).unwrap(),
            Path::new("/h/.config/novita-edit/config.toml")
        );
        let state = StateDirs::find(&env).unwrap();
        assert_eq!(state.drafts(), Path::new("/h/.local/state/novita-edit/drafts"));
        assert_eq!(state.history(), Path::new("/h/.local/state/novita-edit/history"));
    }

    #[test]
    fn without_a_home_directory_there_are_no_paths() {
        let env = Environment::from_pairs([("X", "y")]);
        assert_eq!(default_config_file(&env), None);
        assert_eq!(StateDirs::find(&env), None);
    }
}
