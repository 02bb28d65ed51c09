//! What is noted of sends on this machine, whoever sends: the editor and the command line alike.

use super::account::Account;
use super::files::{EndpointFiles, Store};
use super::history::{History, Record, SendId, SendOutcome};
use super::redactor::Redactor;
use crate::config::StateDirs;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::fs::FsError;
use crate::secret::Secret;

/// The sends of one account. Nothing is read or written until it is asked; then it waits for the disk. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SendLog {
    dirs: Option<StateDirs>,
    account: Account,
    base_url: String,
}

impl SendLog {
    /// `base` names the API as long as it lives: the base URL, or a word for the demo. `dirs` is `None` without a home
    /// directory. Environment values are kept.
    pub fn new(dirs: Option<StateDirs>, base: &str, key: &Secret) -> Self {
        Self {
            dirs,
            account: Account::new(base, key),
            base_url: base.to_owned(),
        }
    }

    /// The same, writing environment values into the history and into drafts, or not.
    pub fn keeping_secrets(self, keeps_secrets: bool) -> Self {
        Self {
            account: self.account.keeping_secrets(keeps_secrets),
            ..self
        }
    }

    /// The account, as the files name it.
    pub fn account(&self) -> &str {
        self.account.as_str()
    }

    /// What decides which environment values are written, and finds those again that were not.
    pub fn redactor(&self) -> &Redactor {
        self.account.redactor()
    }

    /// Where the files are; `None` without a home directory.
    pub fn dirs(&self) -> Option<&StateDirs> {
        self.dirs.as_ref()
    }

    /// What the API is called in the files.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Everything of this account.
    ///
    /// # Errors
    /// A sentence.
    pub fn store(&self) -> Result<Store, String> {
        let Some(dirs) = &self.dirs else {
            return Err("there is no home directory (HOME, XDG_STATE_HOME)".to_owned());
        };
        Store::open(dirs, &self.account).map_err(|error| error.to_string())
    }

    /// The same for looking only: nothing is made and nothing is tidied up.
    ///
    /// # Errors
    /// A sentence.
    pub fn look(&self) -> Result<Store, String> {
        let Some(dirs) = &self.dirs else {
            return Err("there is no home directory (HOME, XDG_STATE_HOME), so there are no drafts".to_owned());
        };
        Ok(Store::of(dirs, &self.account))
    }

    /// Everything of one endpoint.
    ///
    /// # Errors
    /// A sentence.
    pub fn endpoint_files(&self, id: &str) -> Result<EndpointFiles, String> {
        Ok(self.store()?.endpoint_files(&self.base_url, id))
    }

    /// What was sent before.
    ///
    /// # Errors
    /// A sentence.
    pub fn history(&self, id: &str) -> Result<History, String> {
        self.endpoint_files(id)?.history().map_err(told)
    }

    /// Records a send that is about to go out.
    ///
    /// # Errors
    /// A sentence.
    pub fn record_send(&self, before: &LoadedEndpoint, after: &EndpointConfig) -> Result<SendId, String> {
        self.endpoint_files(&after.id)?
            .record_send(&before.into(), after)
            .map_err(told)
    }

    /// Records what came of a send; without its name, of the newest one of this configuration of which nothing is known
    /// yet.
    ///
    /// # Errors
    /// A sentence.
    pub fn record_outcome(
        &self,
        send: Option<SendId>,
        sent: &EndpointConfig,
        outcome: SendOutcome,
    ) -> Result<(), String> {
        let files = self.endpoint_files(&sent.id)?;
        let open = |record: &Record| record.outcome == SendOutcome::Unknown && record.after == *sent;
        let send = match send {
            Some(send) => Some(send),
            None => {
                let mut records = files.history().map_err(told)?.records;
                let configs = records.iter_mut().flat_map(Record::configs_mut);
                self.redactor().restore(configs, sent);
                records.into_iter().find(open).map(|record| record.id)
            }
        };
        send.map_or(Ok(()), |send| files.record_outcome(&send, outcome).map_err(told))
    }
}

fn told(error: FsError) -> String {
    error.to_string()
}
