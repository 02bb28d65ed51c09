//! Values that a document names the place of: a variable of the process, a file beside it.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::Environment;
use crate::endpoint::document::ValueSource;
use crate::endpoint::incoming;
use crate::fs::open_stream;
use crate::secret::{Secret, read_to_end};

/// Most bytes of a value, as `set` has it.
const MOST_BYTES: u64 = 1 << 20;

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

    /// The value, for a document in `folder`; `None` for what only the server knows. Waits for a pipe.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence that never holds a value.
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
        match self.env.text(name) {
            Ok(Some(value)) => Ok(Secret::new(value)),
            Ok(None) => Err(format!(
                "the variable {name} is not set, or empty; set it where this is run"
            )),
            Err(_) => Err(format!("the variable {name} is no text (UTF-8); set it anew")),
        }
    }
}

fn from_file(path: &Path) -> Result<Secret, String> {
    let shown = path.display();
    let read = open_stream(path).and_then(|file| read_to_end(file, 64 * 1024, MOST_BYTES + 1));
    let bytes = read.map_err(|problem: io::Error| format!("the file {shown} can't be read: {problem}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("the file {shown} is over 1 MiB, which is no value"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| format!("the file {shown} is no text (UTF-8)"))?;
    match incoming::value(text).text {
        value if value.is_empty() => Err(format!("the file {shown} is empty; write \"\" for an empty value")),
        value => Ok(value),
    }
}
