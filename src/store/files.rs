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
    dirs: Arc<AccountDirs>,
}

#[derive(Debug)]
struct AccountDirs {
    account: Account,
    drafts: AccountDir,
    history: AccountDir,
}

impl Store {
    /// Nothing is touched by it: directories are made when something is written.
    pub fn of(dirs: &StateDirs, account: &Account) -> Self {
        Self {
            dirs: Arc::new(AccountDirs {
                account: account.clone(),
                drafts: AccountDir::new(dirs.root(), dirs.drafts(), account.as_str()),
                history: AccountDir::new(dirs.root(), dirs.history(), account.as_str()),
            }),
        }
    }

    pub(super) fn drafts_dir(&self) -> &AccountDir {
        &self.dirs.drafts
    }

    pub(super) fn history_dir(&self) -> &AccountDir {
        &self.dirs.history
    }

    /// What is kept of one endpoint. Nothing is read or written yet.
    pub fn endpoint_files(&self, base_url: &str, endpoint_id: &str) -> EndpointFiles {
        EndpointFiles {
            dirs: Arc::clone(&self.dirs),
            base_url: base_url.to_owned(),
            endpoint: endpoint_id.to_owned(),
            name: file_name::of(endpoint_id),
        }
    }
}

/// What is kept of one endpoint: its draft, its owner, its history. Cheap to clone.
#[derive(Clone, Debug)]
pub struct EndpointFiles {
    dirs: Arc<AccountDirs>,
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
        self.drafts_dir().path().join(format!("{}{DRAFT_ENDING}", self.name))
    }

    /// The owner's file.
    pub fn owner_path(&self) -> PathBuf {
        self.drafts_dir().path().join(format!("{}{OWNER_ENDING}", self.name))
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
        self.drafts_dir().path().join(name)
    }

    /// What decides which environment values are written.
    pub fn redactor(&self) -> &Redactor {
        self.dirs.account.redactor()
    }

    pub(super) fn drafts_dir(&self) -> &AccountDir {
        &self.dirs.drafts
    }

    pub(super) fn history_dir(&self) -> &AccountDir {
        &self.dirs.history
    }
}
