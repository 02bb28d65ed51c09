//! What becomes of environment values in our files: they are written as they are, or only their fingerprints are.
//!
//! A fingerprint is an HMAC under the API key: whoever has that can ask the server for the values anyway, and nobody else can try
//! out what a fingerprint may be of. A value that the server still has is found again by it; any other is lost, and its row is
//! an error until the value is entered again.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use ring::hmac;

use super::draft::{Draft, Snapshot, Typed, Typing, Unsaved};
use super::history::Record;
use super::unread::{Unread, UnreadOf};
use crate::endpoint::edit::Row;
use crate::endpoint::{EndpointConfig, EnvVar, FieldId};
use crate::secret::{Fingerprint, Secret};

/// Makes fingerprints of values, and finds values by them. Cheap to clone.
#[derive(Clone)]
pub struct Fingerprints(Arc<hmac::Key>);

impl fmt::Debug for Fingerprints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprints")
    }
}

impl Fingerprints {
    /// Those of an account.
    pub(super) fn new(api_key: &Secret) -> Self {
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, api_key.reveal().as_bytes())))
    }

    fn of(&self, value: &Secret) -> Fingerprint {
        if let Some(fingerprint) = value.fingerprint() {
            return fingerprint;
        }
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"novita-edit env value 1\0");
        context.update(value.reveal().as_bytes());
        let tag = context.sign();
        Fingerprint(std::array::from_fn(|at| tag.as_ref()[at]))
    }

    fn withheld(&self, value: &Secret) -> Secret {
        Secret::not_kept(self.of(value))
    }

    fn env(&self, env: &EnvVar) -> EnvVar {
        EnvVar {
            key: env.key.clone(),
            value: self.withheld(&env.value),
        }
    }

    fn row(&self, row: &Row) -> Row {
        match row {
            Row::Env(env) => Row::Env(self.env(env)),
            Row::Volume(volume) => Row::Volume(volume.clone()),
        }
    }

    /// The same configuration without its values.
    pub(super) fn config(&self, config: &EndpointConfig) -> EndpointConfig {
        EndpointConfig {
            envs: config.envs.iter().map(|env| self.env(env)).collect(),
            ..config.clone()
        }
    }

    pub(super) fn snapshot(&self, snapshot: &Snapshot) -> Snapshot {
        Snapshot {
            config: self.config(&snapshot.config),
            has_health_check: snapshot.has_health_check,
        }
    }

    /// The same draft without any value, also where one is being typed, and in texts from `$EDITOR`.
    pub(super) fn unsaved(&self, unsaved: &Unsaved) -> Unsaved {
        Unsaved {
            loaded: Arc::new(self.snapshot(&unsaved.loaded)),
            edited: Arc::new(self.config(&unsaved.edited)),
            typing: unsaved.typing.as_ref().map(|typing| self.typing(typing)),
            sent: unsaved.sent.as_ref().map(|sent| Arc::new(self.config(sent))),
            unread: unsaved.unread.iter().map(|unread| self.unread(unread)).collect(),
        }
    }

    fn unread(&self, unread: &Arc<Unread>) -> Arc<Unread> {
        let what = match &unread.what {
            UnreadOf::Field(_) => return Arc::clone(unread),
            UnreadOf::Env { at, old } => UnreadOf::Env {
                at: *at,
                old: self.env(old),
            },
            UnreadOf::Environment => UnreadOf::Environment,
            UnreadOf::Body => UnreadOf::Body,
        };
        let text = self.withheld(&unread.text);
        Arc::new(Unread::new(what, text, unread.misread()))
    }

    fn typing(&self, typing: &Typing) -> Typing {
        let Typed::Row { at, old, row, part } = &typing.what else {
            return typing.clone();
        };
        let text = match part {
            FieldId::EnvValue => self.withheld(&typing.text),
            _ => typing.text.clone(),
        };
        Typing {
            what: Typed::Row {
                at: *at,
                old: old.as_ref().map(|old| self.row(old)),
                row: self.row(row),
                part: *part,
            },
            text,
            cursor: typing.cursor,
        }
    }

    /// Puts the values of `known` where only their fingerprints were kept. What is not among them stays lost.
    pub fn recall(&self, config: &mut EndpointConfig, known: &EndpointConfig) {
        self.recall_all([config], known);
    }

    /// The same for everything in a draft.
    pub fn recall_draft(&self, draft: &mut Draft, known: &EndpointConfig) {
        let (old, row) = match draft.typing.as_mut().map(|typing| &mut typing.what) {
            Some(Typed::Row { old, row, .. }) => (old.as_mut(), Some(row)),
            _ => (None, None),
        };
        let rows: Vec<&mut Row> = old.into_iter().chain(row).collect();
        if !rows.is_empty() {
            let values = self.known(known);
            for row in rows {
                if let Row::Env(env) = row {
                    found(env, &values);
                }
            }
        }
        let configs = [&mut draft.loaded.config, &mut draft.edited];
        self.recall_all(configs.into_iter().chain(draft.sent.as_mut()), known);
    }

    /// The same for both sides of sends.
    pub fn recall_records<'a>(&self, records: impl IntoIterator<Item = &'a mut Record>, known: &EndpointConfig) {
        let sides = records
            .into_iter()
            .flat_map(|record| [&mut record.before.config, &mut record.after]);
        self.recall_all(sides, known);
    }

    fn recall_all<'a>(&self, configs: impl IntoIterator<Item = &'a mut EndpointConfig>, known: &EndpointConfig) {
        // Mostly nothing is missing, and nothing is worked out then.
        let mut values = None;
        for config in configs {
            if config.not_kept().next().is_some() {
                let values = values.get_or_insert_with(|| self.known(known));
                config.envs.iter_mut().for_each(|env| found(env, values));
            }
        }
    }

    /// What values are known, by their fingerprints.
    fn known<'a>(&self, config: &'a EndpointConfig) -> HashMap<Fingerprint, &'a Secret> {
        let kept = config.envs.iter().filter(|env| env.value.fingerprint().is_none());
        kept.map(|env| (self.of(&env.value), &env.value)).collect()
    }
}

fn found(env: &mut EnvVar, values: &HashMap<Fingerprint, &Secret>) {
    if let Some(value) = env.value.fingerprint().and_then(|fingerprint| values.get(&fingerprint)) {
        env.value = (*value).clone();
    }
}
