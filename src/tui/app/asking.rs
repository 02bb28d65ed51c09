//! What asks the server: on tasks of their own, one save and one read at a time.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::JoinHandle;

use super::clock::time_of_day;
use super::save_observer::save;
use super::storage::FileStorage;
use super::{App, Outside};
use crate::api::{ApiError, Client};
use crate::endpoint::LoadedEndpoint;
use crate::session::{Outcome, Save, Settled, settle_open, with_retries};
use crate::tui::event::{Effect, Event};
use crate::tui::model::LookedUp;

impl App {
    /// Runs an effect that asks the server; its answer comes back as an event.
    pub(super) fn ask(&mut self, effect: Effect) {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.answer_without_client(&effect, error),
        };
        let events = self.events.clone();
        let storage = self.storage.clone();
        let begun = Timestamp::now();
        if matches!(effect, Effect::Load(..)) {
            self.read_begun = begun;
        }
        let slot = match effect {
            Effect::Save(..) | Effect::Verify(..) => Some(&mut self.save),
            Effect::Load(..) | Effect::LoadList(_) => Some(&mut self.read),
            _ => None,
        };
        let task = tokio::spawn(async move {
            let tell = |event| drop(events.send(Outside::Event(event)));
            match effect {
                Effect::Load(number, id) => {
                    let again = |again| tell(Event::Again(number, again));
                    let read = with_retries(|| client.endpoint(&id), again).await;
                    let loaded = read.as_ref().ok().cloned();
                    // Nobody waits for what the disk has to say of it.
                    tell(Event::Loaded(number, Box::new(read), time_of_day()));
                    let settled = settled(&storage, loaded, begun).await;
                    if !settled.is_empty() {
                        tell(Event::Settled(settled));
                    }
                }
                Effect::LoadLimits => tell(Event::Limits(with_retries(|| client.limits(), |_| ()).await)),
                // In the background, one after the other on the connection that there is.
                Effect::LoadLookups => {
                    let found = with_retries(|| client.storages(), |_| ()).await;
                    tell(Event::Lookup(LookedUp::Storages(found)));
                    let found = with_retries(|| client.clusters(), |_| ()).await;
                    tell(Event::Lookup(LookedUp::Clusters(found)));
                    let found = with_retries(|| client.auths(), |_| ()).await;
                    tell(Event::Lookup(LookedUp::Credentials(found)));
                }
                Effect::LoadList(number) => {
                    let page = |page| tell(Event::Page(number, page));
                    let again = |again| tell(Event::Again(number, again));
                    let end = with_retries(|| client.endpoints(page), again).await;
                    tell(Event::ListEnd(number, end));
                }
                Effect::Save(base, body) => save(&client, storage, Save::start(*base, body), &tell).await,
                Effect::Verify(base, body, open) => {
                    save(&client, storage, Save::verify(*base, body, *open), &tell).await;
                }
                _ => {}
            }
        });
        if let Some(slot) = slot {
            stop(slot);
            *slot = Some(task);
        }
    }

    fn client(&mut self) -> Result<Arc<Client>, ApiError> {
        if self.client.is_none() {
            self.client = Some(Arc::new(self.platform.client()?));
        }
        Ok(Arc::clone(self.client.as_ref().expect("made in the line above")))
    }

    fn answer_without_client(&self, effect: &Effect, error: ApiError) {
        let event = match effect {
            Effect::Load(number, _) => Event::Loaded(*number, Box::new(Err(error)), time_of_day()),
            Effect::LoadList(number) => Event::ListEnd(*number, Err(error)),
            Effect::LoadLimits => Event::Limits(Err(error)),
            Effect::LoadLookups => {
                let tell = |answer| drop(self.events.send(Outside::Event(Event::Lookup(answer))));
                tell(LookedUp::Storages(Err(error.clone())));
                tell(LookedUp::Clusters(Err(error.clone())));
                return tell(LookedUp::Credentials(Err(error)));
            }
            Effect::Verify(_, _, open) => {
                let outcome = Outcome::NotKnown {
                    read: Err(error),
                    open: (**open).clone(),
                };
                Event::SaveDone(Box::new(outcome), time_of_day())
            }
            _ => Event::SaveDone(Box::new(Outcome::CheckFailed(error)), time_of_day()),
        };
        let _ = self.events.send(Outside::Event(event));
    }
}

/// What a read tells of sends that were left open. Each demo is a world of its own.
async fn settled(storage: &FileStorage, read: Option<LoadedEndpoint>, begun: Timestamp) -> Vec<Settled> {
    let Some(read) = read.filter(|_| !storage.is_demo()) else {
        return Vec::new();
    };
    settle_open(storage.send_log(), &read, begun)
        .await
        .unwrap_or_else(|why| {
            tracing::info!(why, "what became of open sends isn't noted");
            Vec::new()
        })
}

pub(super) fn stop(task: &mut Option<JoinHandle<()>>) {
    if let Some(task) = task.take() {
        task.abort();
    }
}
