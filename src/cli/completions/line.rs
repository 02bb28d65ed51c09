//! The line on which Tab was pressed, and what can be known for it: the endpoints of the account that its settings lead
//! to, an endpoint's variables, the drafts on this machine.
//!
//! Nobody is ever asked for a passphrase and the server is asked once a minute, for two seconds at most: a Tab that
//! hangs is worse than one that knows less.

use std::ffi::OsString;
use std::time::Duration;

use clap::FromArgMatches;

use crate::api::{ApiError, Client};
use crate::cli::args::{self, GlobalArgs};
use crate::cli::quick;
use crate::config::{self, Config, Connection, Environment, Flags};
use crate::platform::Platform;
use crate::secret::Secret;
use crate::store::{Draft, KnownEndpoint, KnownNames, SendLog, Store};

/// The longest that a Tab waits for the API.
const PATIENCE: Duration = Duration::from_secs(2);

/// The words before the one that is completed.
pub(super) struct TabLine {
    flags: Flags,
    /// What stands in the place of the endpoint.
    endpoint: Option<String>,
}

impl TabLine {
    /// `words` begin with the program's name and end with the word that is completed.
    pub fn of(words: &[OsString]) -> Self {
        let before = &words[..words.len().saturating_sub(1)];
        let matches = args::definition().ignore_errors(true).try_get_matches_from(before);
        let Ok(matches) = matches else {
            return Self {
                flags: Flags::default(),
                endpoint: None,
            };
        };
        let flags = GlobalArgs::from_arg_matches(&matches).map(|global| global.flags());
        let endpoint = matches.subcommand().and_then(|(_, command)| {
            let first = |name: &str| command.try_get_many::<String>(name).ok()??.next().cloned();
            first("id").or_else(|| first("ids"))
        });
        Self {
            flags: flags.unwrap_or_default(),
            endpoint,
        }
    }

    /// The profiles of the config file.
    pub fn profiles(&self) -> Vec<String> {
        config::profile_names(&self.flags, &Environment::of_process())
    }

    /// All endpoints, if the settings on the line and the usual ones lead to them in time.
    pub fn endpoints(&self) -> Vec<KnownEndpoint> {
        let account = AskedAccount::of(&self.flags);
        account.and_then(|account| account.endpoints()).unwrap_or_default()
    }

    /// The names of the variables of the endpoint on the line.
    pub fn envs(&self) -> Vec<String> {
        let names = || AskedAccount::of(&self.flags)?.envs(self.endpoint.as_deref()?);
        names().unwrap_or_default()
    }

    /// What the editor left unsaved on this machine, discarded or not. No server is asked, and no key is needed: without
    /// one, drafts of all keys of this API are told.
    pub fn drafts(&self) -> Vec<KnownEndpoint> {
        self.found_drafts().unwrap_or_default()
    }

    fn found_drafts(&self) -> Option<Vec<KnownEndpoint>> {
        let env = Environment::of_process();
        let config = Config::resolve(&self.flags, &env).ok()?;
        let Connection::Api { base_url, .. } = &config.connection else {
            return None;
        };
        let base = base_url.value.endpoint(&[]).to_string();
        let key = match quick::asks_for_a_passphrase(&config) {
            true => None,
            false => config.read_key(&env).ok().flatten(),
        };
        let key = key.map_or_else(Secret::default, |key| key.secret().clone());
        let send_log = SendLog::new(config.state_dirs.clone(), &base, &key);
        Some(drafts_in(&send_log.look().ok()?, &base))
    }
}

fn drafts_in(store: &Store, base: &str) -> Vec<KnownEndpoint> {
    let left = store.drafts_left(base).unwrap_or_default();
    let left = left.into_iter().filter_map(|left| Some(left.draft.ok()?.1));
    let others = store.drafts_of_other_keys(base).into_iter().map(|(_, draft)| draft);
    let discarded = store.discarded(base).unwrap_or_default();
    let discarded = discarded.into_iter().map(|(_, discarded)| discarded.draft);
    let mut all: Vec<KnownEndpoint> = Vec::new();
    let drafts = left.chain(others).map(|draft| known(&draft, "unsaved"));
    for one in drafts.chain(discarded.map(|draft| known(&draft, "discarded"))) {
        if !all.iter().any(|other| other.id == one.id) {
            all.push(one);
        }
    }
    all
}

fn known(draft: &Draft, state: &str) -> KnownEndpoint {
    KnownEndpoint {
        id: draft.endpoint.clone(),
        name: draft.edited.name.clone(),
        state: state.to_owned(),
    }
}

/// The account that the settings lead to.
struct AskedAccount {
    /// Held until the end: the demo's server ends with it.
    platform: Platform,
    /// What was told a moment ago. Each demo is a world of its own.
    kept: Option<KnownNames>,
}

impl AskedAccount {
    fn of(flags: &Flags) -> Option<Self> {
        let env = Environment::of_process();
        // The key goes to no address that stands on a line which nobody has entered yet.
        if flags.base_url.is_some() {
            return None;
        }
        let platform = quick::platform(flags, &env)?;
        let kept = platform.send_log().known_names().filter(|_| !platform.is_demo());
        Some(Self { platform, kept })
    }

    fn endpoints(&self) -> Option<Vec<KnownEndpoint>> {
        if let Some(all) = self.kept.as_ref().and_then(KnownNames::endpoints) {
            return Some(all);
        }
        quick::ask(&self.platform, PATIENCE, async |client| self.list(client).await)
    }

    /// `wanted` is an id or a name. An id is tried first, as a command does.
    fn envs(&self, wanted: &str) -> Option<Vec<String>> {
        let listed = self.kept.as_ref().and_then(KnownNames::endpoints);
        let id = listed.as_deref().and_then(|all| id_of(all, wanted));
        let id = id.unwrap_or(wanted);
        if let Some(names) = self.kept.as_ref().and_then(|kept| kept.envs(id)) {
            return Some(names);
        }
        quick::ask(&self.platform, PATIENCE, async |client| {
            let loaded = match client.endpoint(id).await {
                Ok(loaded) => loaded,
                Err(error) if error.may_be_about_a_name() => {
                    let all = self.list(client).await?;
                    let id = id_of(&all, wanted)?;
                    if let Some(names) = self.kept.as_ref().and_then(|kept| kept.envs(id)) {
                        return Some(names);
                    }
                    client.endpoint(id).await.ok()?
                }
                Err(_) => return None,
            };
            let names: Vec<String> = loaded.config.envs.iter().map(|env| env.key.clone()).collect();
            if let Some(kept) = &self.kept {
                kept.keep_envs(&loaded.config.id, &names);
            }
            Some(names)
        })
    }

    /// A list that didn't come whole is offered, and not kept.
    async fn list(&self, client: &Client) -> Option<Vec<KnownEndpoint>> {
        let mut all: Vec<KnownEndpoint> = Vec::new();
        let read = client
            .endpoints(|page| all.extend(page.iter().map(KnownEndpoint::from)))
            .await;
        match read {
            Ok(()) => {
                if let Some(kept) = &self.kept {
                    kept.keep_endpoints(&all);
                }
                Some(all)
            }
            Err(ApiError::Incomplete(_)) => Some(all),
            Err(_) => None,
        }
    }
}

/// The id of the endpoint that is meant, if it is one of these.
fn id_of<'a>(all: &'a [KnownEndpoint], wanted: &str) -> Option<&'a str> {
    if let Some(one) = all.iter().find(|one| one.id == wanted) {
        return Some(&one.id);
    }
    let mut named = all.iter().filter(|one| one.name == wanted);
    let first = named.next()?;
    named.next().is_none().then_some(first.id.as_str())
}
