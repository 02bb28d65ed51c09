//! What an API key looks like, so that one in the wrong place is told nowhere; how large a file or an answer with one
//! may be; and which environment variables hold keys, so that no child process inherits one.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The most that a key file or a key command may give, in bytes. A key has some tens; this only bounds a mistake.
pub const KEY_SIZE_LIMIT: usize = 64 * 1024;

/// The variable that holds the API key.
pub const KEY_VARIABLE: &str = "NOVITA_API_KEY";

/// Whether a path has a part that looks like a key.
pub(super) fn names_a_key(path: &Path) -> bool {
    let mut parts = path.components();
    parts.any(|part| looks_like_a_key(&part.as_os_str().to_string_lossy()))
}

/// Whether a text that should name a file or a variable looks like a key instead (Novita's begin with `sk_`, its key
/// documentation says): such a text is never repeated in a message.
pub fn looks_like_a_key(text: &str) -> bool {
    (text.starts_with("sk_") || text.starts_with("sk-")) && text.len() >= 10
}

/// The names of the variables that hold keys: `NOVITA_API_KEY`, and what every profile's `api_key_env` names, in use or
/// not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyVariables(BTreeSet<String>);

impl KeyVariables {
    pub(super) fn new<'a>(named: impl IntoIterator<Item = &'a str>) -> Self {
        let named = named.into_iter().chain([KEY_VARIABLE]);
        Self(named.map(str::to_owned).collect())
    }

    /// Takes them out of the environment that a child will have.
    pub fn keep_from<'a>(&self, child: &'a mut Command) -> &'a mut Command {
        for name in &self.0 {
            child.env_remove(name);
        }
        child
    }
}
