//! The API key: where it is to be taken from, and taking it.
//!
//! Only the source is kept in the settings; the key is read once, when it is needed and before the screen is touched.
//! Messages name the source and never the key.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use super::environment::Environment;
use super::key_command::{self, CommandError};
use super::key_file::{self, KeyFileError};
use super::key_rules::{KeyVariables, names_a_key};
use crate::secret::{MASK, Secret};

/// The place an API key is taken from. `Display` stands in a sentence: "the API key from …". `Debug` is the same: a key
/// that was given in the place of a file's name is told nowhere.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// An environment variable, by its name.
    Variable(String),
    /// A file that holds nothing but the key; an absolute path.
    File(PathBuf),
    /// The output of a command.
    Command {
        /// For `sh -c`. A secret because people do write `echo KEY` here.
        command: Secret,
        /// Where it is set.
        place: CommandPlace,
    },
}

/// Where a key command stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandPlace {
    /// At the top of this config file.
    File(PathBuf),
    /// In the profile of this name.
    Profile(String),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::File(path) if names_a_key(path) => write!(f, "file {MASK}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Command {
                place: CommandPlace::File(path),
                ..
            } => write!(f, "the command in {}", path.display()),
            Self::Command {
                place: CommandPlace::Profile(name),
                ..
            } => write!(f, "the command in profile {name}"),
        }
    }
}

/// An API key that can stand in an HTTP header, and where it was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    secret: Secret,
    source: KeySource,
}

impl ApiKey {
    /// Takes a key from a file that holds nothing but it.
    ///
    /// # Errors
    /// As of [`KeySource::read`].
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let text = key_file::read(path)?;
        KeySource::File(path.to_owned()).accept(&text)
    }

    /// The key: visible ASCII characters only, at least one.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Where it was taken from, for messages such as "the server refused the API key from …".
    pub fn source(&self) -> &KeySource {
        &self.source
    }
}

/// Why there is no usable API key, though a source for one is set.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum KeyError {
    #[error("environment variable {name}, which should hold the API key, is not set; set it, or name another source")]
    VariableUnset { name: String },
    #[error("the API key from {0} is not UTF-8 text; a key is ASCII letters, digits and signs")]
    NotText(KeySource),
    #[error(transparent)]
    File(#[from] KeyFileError),
    #[error("the API key could not be had from {from}: {problem}")]
    Command { from: KeySource, problem: CommandError },
    #[error("the API key from {0} is blank; put the key there, or remove the setting")]
    Blank(KeySource),
    #[error(
        "the API key from {from} has a character at position {position} that can't be sent in an HTTP header (a space, \
         a control character or one that is not ASCII); it must be the bare key and nothing else"
    )]
    Character { from: KeySource, position: usize },
    #[error("the API key from {0} has more than one line; it must be the bare key and nothing else")]
    Lines(KeySource),
}

impl KeySource {
    /// The environment variable, where it is one.
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::Variable(name) => Some(name),
            Self::File(_) | Self::Command { .. } => None,
        }
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Variable(_) | Self::Command { .. } => None,
        }
    }

    /// Takes the key from its place: reads the variable or the file, or runs the command (at most
    /// 30 s, its stderr being the user's, without the `variables` that hold keys). White space around the key is
    /// dropped.
    ///
    /// # Errors
    /// The place can't be read, is not private, or does not hold a key that could be sent; never with the key's text.
    pub fn read(&self, env: &Environment, variables: &KeyVariables) -> Result<ApiKey, KeyError> {
        let text = match self {
            Self::Variable(name) => {
                let text = env.text(name).map_err(|_| KeyError::NotText(self.clone()))?;
                let text = text.ok_or_else(|| KeyError::VariableUnset { name: name.clone() })?;
                Zeroizing::new(text.into_bytes())
            }
            Self::File(path) => return ApiKey::from_file(path),
            Self::Command { command, .. } => {
                let output = key_command::run(command, variables, key_command::TIME_LIMIT).map_err(|problem| {
                    KeyError::Command {
                        from: self.clone(),
                        problem,
                    }
                })?;
                // Password stores print the password first and notes below it.
                let first = output.split(|byte| *byte == b'\n').next().unwrap_or_default();
                Zeroizing::new(first.to_vec())
            }
        };
        self.accept(&text)
    }

    fn accept(&self, bytes: &[u8]) -> Result<ApiKey, KeyError> {
        let text = std::str::from_utf8(bytes).map_err(|_| KeyError::NotText(self.clone()))?;
        let text = text.trim();
        if text.is_empty() {
            return Err(KeyError::Blank(self.clone()));
        }
        if text.contains('\n') {
            return Err(KeyError::Lines(self.clone()));
        }
        if let Some(index) = text.chars().position(|c| !c.is_ascii_graphic()) {
            return Err(KeyError::Character {
                from: self.clone(),
                position: index + 1,
            });
        }
        Ok(ApiKey {
            secret: Secret::new(text),
            source: self.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KEY_VARIABLE;

    fn variable() -> KeySource {
        KeySource::Variable(KEY_VARIABLE.into())
    }

    fn from_variable(value: &str) -> Result<ApiKey, KeyError> {
        variable().read(&Environment::from_pairs([(KEY_VARIABLE, value)]), &none())
    }

    fn command(text: &str) -> KeySource {
        KeySource::Command {
            command: Secret::new(text),
            place: CommandPlace::Profile("prod".into()),
        }
    }

    fn none() -> KeyVariables {
        KeyVariables::new([])
    }

    fn no_env() -> Environment {
        Environment::from_pairs([("HOME", "/h")])
    }

    #[test]
    fn white_space_around_a_key_is_dropped() {
        let key = from_variable(" sk_abc\r\n").unwrap();
        assert_eq!(key.secret().reveal(), "sk_abc");
        assert_eq!(key.source(), &variable());
    }

    #[test]
    fn a_key_that_no_header_can_carry_is_refused_without_being_shown() {
        for text in [
            "sk_hid den",
            "sk_hid\tden",
            "sk_hidén",
            "sk_hid\u{7f}den",
            "sk_hid\u{200b}den",
            "Bearer sk_hidden",
        ] {
            let error = from_variable(text).unwrap_err();
            assert!(matches!(error, KeyError::Character { .. }), "{text:?}: {error}");
            assert!(!format!("{error} {error:?}").contains("hid"), "{error:?}");
            assert!(error.to_string().contains("environment variable NOVITA_API_KEY"));
        }
        assert!(matches!(from_variable("sk_a\nsk_b"), Err(KeyError::Lines(_))));
        assert!(matches!(from_variable(" \n"), Err(KeyError::Blank(_))));
    }

    #[test]
    fn an_unset_variable_is_named() {
        let error = KeySource::Variable("PROD_KEY".into())
            .read(&no_env(), &none())
            .unwrap_err();
        assert!(error.to_string().contains("PROD_KEY"), "{error}");
    }

    #[test]
    fn a_variable_that_is_not_text_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let raw = std::ffi::OsString::from_vec(vec![b's', 0xff]);
        let error = variable()
            .read(&Environment::from_pairs([(KEY_VARIABLE, raw)]), &none())
            .unwrap_err();
        assert!(matches!(error, KeyError::NotText(_)));
    }

    #[test]
    fn a_command_gives_its_first_line() {
        let key = command("echo sk_first; echo notes below")
            .read(&no_env(), &none())
            .unwrap();
        assert_eq!(key.secret().reveal(), "sk_first");
        assert!(matches!(
            command("true").read(&no_env(), &none()),
            Err(KeyError::Blank(_))
        ));
        assert!(matches!(
            command("echo; echo sk_second").read(&no_env(), &none()),
            Err(KeyError::Blank(_))
        ));
    }

    #[test]
    fn neither_key_nor_command_is_in_any_message_or_debug_output() {
        let source = command("echo sk_hidden; exit 3");
        let error = source.read(&no_env(), &none()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the API key could not be had from the command in profile prod: it ended with exit code 3"
        );
        let key = from_variable("sk_hidden").unwrap();
        assert!(!format!("{source:?} {error:?} {key:?}").contains("hidden"));
    }

    #[test]
    fn sources_are_named_in_words() {
        assert_eq!(variable().to_string(), "environment variable NOVITA_API_KEY");
        assert_eq!(KeySource::File("/x/y".into()).to_string(), "file /x/y");
        assert_eq!(command("x").to_string(), "the command in profile prod");
        let top = KeySource::Command {
            command: Secret::new("x"),
            place: CommandPlace::File("/c.toml".into()),
        };
        assert_eq!(top.to_string(), "the command in /c.toml");
    }
}
