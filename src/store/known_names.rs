//! What Tab was told of an account a moment ago: ids, names and states of its endpoints, and the names of an endpoint's
//! variables. Never a value. It is good for a minute, so that one Tab after another asks the server once; whatever is
//! wrong with such a file, it is passed over.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::account::{self, Account, AccountDir};
use super::files::name_of;
use crate::config::StateDirs;
use crate::endpoint::Summary;

/// How long it is good for.
const GOOD_FOR: Duration = Duration::from_secs(60);
const VERSION: u32 = 1;
/// The file of the list. No endpoint's file has this name: theirs have an ending of their own.
const LIST: &str = "endpoints.json";
const ENVS_ENDING: &str = ".envs.json";

/// The files of one account.
#[derive(Clone, Debug)]
pub struct KnownNames {
    dir: AccountDir,
}

/// An endpoint as Tab offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownEndpoint {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The word for its state, or for what a draft is.
    pub state: String,
}

impl From<&Summary> for KnownEndpoint {
    fn from(endpoint: &Summary) -> Self {
        Self {
            id: endpoint.id.clone(),
            name: endpoint.name.clone(),
            state: endpoint.state.clone(),
        }
    }
}

/// What a file holds, and since when.
#[derive(Serialize, Deserialize)]
struct Dated<T> {
    version: u32,
    /// Milliseconds since 1970.
    read_at: i64,
    of: T,
}

impl KnownNames {
    /// Nothing is touched by it.
    pub(super) fn of(dirs: &StateDirs, account: &Account) -> Self {
        Self {
            dir: AccountDir::new(dirs.root(), dirs.completions(), account.as_str()),
        }
    }

    /// The endpoints, as far as they are known.
    pub fn endpoints(&self) -> Option<Vec<KnownEndpoint>> {
        self.read(LIST)
    }

    /// Keeps the list. Where that fails, the next Tab asks again.
    pub fn keep_endpoints(&self, all: &[KnownEndpoint]) {
        self.keep(LIST, &all);
    }

    /// The names of an endpoint's variables, as far as they are known.
    pub fn envs(&self, endpoint: &str) -> Option<Vec<String>> {
        self.read(&(name_of(endpoint) + ENVS_ENDING))
    }

    /// Keeps these names.
    pub fn keep_envs(&self, endpoint: &str, names: &[String]) {
        self.keep(&(name_of(endpoint) + ENVS_ENDING), &names);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let bytes = account::read(&self.path(name)).ok().flatten()?;
        let Dated { version, read_at, of } = serde_json::from_slice::<Dated<T>>(&bytes).ok()?;
        let age = Timestamp::now().as_millisecond().checked_sub(read_at)?;
        // What comes from the future was written by a clock that was wrong.
        let is_good = u64::try_from(age).is_ok_and(|age| Duration::from_millis(age) < GOOD_FOR);
        (version == VERSION && is_good).then_some(of)
    }

    fn keep<T: Serialize>(&self, name: &str, of: &T) {
        let dated = Dated {
            version: VERSION,
            read_at: Timestamp::now().as_millisecond(),
            of,
        };
        let Ok(bytes) = serde_json::to_vec(&dated) else { return };
        let path = self.path(name);
        if self.dir.stage(&path, &bytes, false).and_then(|file| file.put()).is_ok() {
            self.sweep();
        }
    }

    /// Removes what isn't good any more: nothing here is worth to be kept.
    fn sweep(&self) {
        for path in account::entries(self.dir.path()).unwrap_or_default() {
            let changed = std::fs::symlink_metadata(&path).and_then(|facts| facts.modified());
            if changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > GOOD_FOR)) {
                let _ = std::fs::remove_file(&path);
            }
        }
    }
}
