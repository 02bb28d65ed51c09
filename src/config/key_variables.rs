//! Which environment variables hold API keys, so that no child process inherits one.

use std::collections::BTreeSet;
use std::process::Command;

/// The variable that holds the API key.
pub const KEY_VARIABLE: &str = "NOVITA_API_KEY";

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
