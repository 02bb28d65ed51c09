//! Values that a document names the place of: a variable of the process, a file beside it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::value_file::NoValue;
use crate::cli::{output, value_file};
use crate::config::{Environment, KEY_VARIABLE};
use crate::endpoint::document::ValueSource;
use crate::secret::Secret;

/// Longer words aren't repeated as a variable's name.
const LONGEST_NAME: usize = 64;

/// What was read so far: a file once, for a pipe gives what is in it once.
pub struct NamedValues {
    env: Environment,
    files: HashMap<PathBuf, Result<Secret, String>>,
}

impl NamedValues {
    /// The process' own variables, and nothing read yet.
    pub fn of_process() -> Self {
        Self {
            env: Environment::of_process(),
            files: HashMap::new(),
        }
    }

    /// The value, for a document in `folder`; `None` for what only the server knows. Waits for a pipe. What was left
    /// out of a file's value is told.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence that never holds a value, neither one that stands where a name
    /// belongs.
    pub fn of(&mut self, source: &ValueSource, folder: &Path) -> Option<Result<Secret, String>> {
        match source {
            ValueSource::Env(name) => Some(self.variable(name)),
            ValueSource::File(path) => {
                let path = folder.join(path);
                let read = || from_file(&path);
                Some(self.files.entry(path.clone()).or_insert_with(read).clone())
            }
            ValueSource::Server => None,
        }
    }

    fn variable(&self, name: &str) -> Result<Secret, String> {
        let shown = match is_surely_a_name(name) {
            true => format!("the variable {name}"),
            false => "the variable that fromEnv names".to_owned(),
        };
        if name == KEY_VARIABLE {
            return Err(format!(
                "{KEY_VARIABLE} is the key that this program itself works with, and no endpoint's; give the value in another \
                 variable"
            ));
        }
        match self.env.text(name) {
            Ok(Some(value)) if value.trim_matches(['\r', '\n']).is_empty() => {
                Err(format!("{shown} {}; set it anew", NoValue::LineBreaks))
            }
            Ok(Some(value)) => Ok(Secret::new(value)),
            Ok(None) => Err(format!("{shown} is not set, or empty; set it where this is run")),
            Err(_) => Err(format!("{shown} is no text (UTF-8); set it anew")),
        }
    }
}

/// Whether a word is written as variables are; anything else may be the secret itself.
fn is_surely_a_name(word: &str) -> bool {
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    let is_name = |byte: u8| is_capital(byte) || byte.is_ascii_digit();
    word.len() <= LONGEST_NAME && word.bytes().next().is_some_and(is_capital) && word.bytes().all(is_name)
}

fn from_file(path: &Path) -> Result<Secret, String> {
    // Where nothing is, the path may be the secret itself.
    let shown = match fs::symlink_metadata(path) {
        Ok(_) => format!("the file {}", output::safe(&path.display().to_string())),
        Err(_) => "the file that fromFile names".to_owned(),
    };
    let bytes = value_file::bytes_of_file(path).map_err(|problem| format!("{shown} can't be read: {problem}"))?;
    value_file::value(&bytes, &shown).map_err(|why| match why.is_empty() {
        true => format!("{shown} {why}; write \"\" for an empty value"),
        false => format!("{shown} {why}"),
    })
}
