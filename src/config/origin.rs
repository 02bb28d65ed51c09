//! Where a setting came from, so that a message can name the place to mend.

use std::fmt;
use std::path::PathBuf;

/// The place a value was taken from. Its `Display` is made to stand in a sentence: "the base URL from …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it: the built-in value.
    Default,
    /// The config file, outside of the profiles. `line` counts from 1.
    File {
        /// The file.
        path: PathBuf,
        /// Where it stands there.
        line: usize,
    },
    /// A profile of the config file. `line` counts from 1.
    Profile {
        /// The profile.
        name: String,
        /// The file.
        path: PathBuf,
        /// Where it stands there.
        line: usize,
    },
    /// An environment variable, by its name.
    Variable(&'static str),
    /// A command-line option, as it is typed (`--base-url`).
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the built-in default"),
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Profile { name, path, line } => {
                write!(f, "profile {name} ({}, line {line})", path.display())
            }
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value together with the place it was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The setting's value.
    pub value: T,
    /// Who set it.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value that was set there.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}
