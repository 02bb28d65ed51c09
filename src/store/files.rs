//! The files of an account, and of one endpoint of it: where each is.

use std::path::PathBuf;
use std::sync::Arc;

use super::account::Account;
use super::account_dir::AccountDir;
use super::file_name::{self, DRAFT_ENDING, OWNER_ENDING};
use super::redactor::Redactor;
use crate::config::StateDirs;

/// What is kept of one account. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    folders: Arc<Folders>,
}

#[derive(Debug)]
struct Folders {
    account: Account,
    drafts: AccountDir,
    history: AccountDir,
}

impl Store {
    /// Nothing is touched by it: directories are made when something is written.
    pub fn of(dirs: &StateDirs, account: &Account) -> Self {
        Self {
            folders: Arc::new(Folders {
                account: account.clone(),
                drafts: AccountDir::new(dirs.root(), dirs.drafts(), account.as_str()),
                history: AccountDir::new(dirs.root(), dirs.history(), account.as_str()),
            }),
        }
    }

    pub(super) fn drafts(&self) -> &AccountDir {
        &self.folders.drafts
    }

    pub(super) fn history(&self) -> &AccountDir {
        &self.folders.history
    }

    /// What is kept of one endpoint. Nothing is read or written yet.
    pub fn endpoint_files(&self, base_url: &str, endpoint_id: &str) -> EndpointFiles {
        EndpointFiles {
            folders: Arc::clone(&self.folders),
            base_url: base_url.to_owned(),
            endpoint: endpoint_id.to_owned(),
            name: file_name::of(endpoint_id),
        }
    }
}

/// What is kept of one endpoint: its draft, its owner, its history. Cheap to clone.
#[derive(Clone, Debug)]
pub struct EndpointFiles {
    folders: Arc<Folders>,
    base_url: String,
    endpoint: String,
    name: String,
}

impl EndpointFiles {
    /// The API that the endpoint belongs to.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The endpoint's id.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The draft's file.
    pub fn draft_path(&self) -> PathBuf {
        self.drafts().path().join(format!("{}{DRAFT_ENDING}", self.name))
    }

    /// The owner's file.
    pub fn owner_path(&self) -> PathBuf {
        self.drafts().path().join(format!("{}{OWNER_ENDING}", self.name))
    }

    /// The history's file.
    pub fn history_path(&self) -> PathBuf {
        self.history_dir().path().join(format!("{}.jsonl", self.name))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn aside_path(&self, time: &str, at: u32) -> PathBuf {
        let name = format!("{}.aside-{time}-{at}.json", self.name);
        self.drafts().path().join(name)
    }

    /// What decides which environment values are written.
    pub fn redactor(&self) -> &Redactor {
        self.folders.account.redactor()
    }

    pub(super) fn drafts(&self) -> &AccountDir {
        &self.folders.drafts
    }

    pub(super) fn history_dir(&self) -> &AccountDir {
        &self.folders.history
    }
}
