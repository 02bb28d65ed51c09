//! What a rollout can't come back from: the endpoint's state, a worker's error. Both may be what is being mended, so
//! they count once they came after the save, or last.

use std::time::Duration;

use crate::endpoint::Worker;
use crate::endpoint::status::State;

/// Out of these no endpoint comes by itself.
const ENDS: [&str; 3] = ["failed", "stopped", "deleting"];

/// Whether the endpoint is in such a state, since when, and whether it was in another one before.
#[derive(Clone, Debug)]
pub(super) struct EndState {
    last: Option<String>,
    now: Option<EndedIn>,
}

#[derive(Clone, Debug)]
struct EndedIn {
    state: State,
    since: Duration,
    is_entered: bool,
    /// More than one look in a row saw it: a single one may be an old answer.
    is_confirmed: bool,
}

impl EndState {
    /// After this state; `None`: not known.
    pub(super) fn after(last: Option<String>) -> Self {
        Self { last, now: None }
    }

    pub(super) fn look(&mut self, at: Duration, state: &State) {
        let last = self.last.replace(state.word.clone());
        if !is_end(&state.word) {
            self.now = None;
            return;
        }
        let is_other = last.is_some_and(|last| !last.eq_ignore_ascii_case(&state.word));
        self.now = Some(match self.now.take() {
            Some(now) => EndedIn {
                state: state.clone(),
                is_entered: now.is_entered || is_other,
                is_confirmed: true,
                ..now
            },
            None => EndedIn {
                state: state.clone(),
                since: at,
                is_entered: is_other,
                is_confirmed: false,
            },
        });
    }

    /// The state that it can't come out of.
    pub(super) fn failed(&self, at: Duration, steady: Duration) -> Option<State> {
        let now = self.now.as_ref()?;
        let is_entered = now.is_entered && now.is_confirmed;
        (is_entered || at.saturating_sub(now.since) >= steady).then(|| now.state.clone())
    }
}

fn is_end(word: &str) -> bool {
    ENDS.iter().any(|end| word.eq_ignore_ascii_case(end))
}

/// That the state of an endpoint that serves tells an error, and since when.
#[derive(Clone, Debug, Default)]
pub(super) struct StateFault(Option<(State, Duration)>);

impl StateFault {
    /// `state` is `None` where it tells no error.
    pub(super) fn look(&mut self, at: Duration, state: Option<&State>) {
        let since = self.0.as_ref().map_or(at, |(_, since)| *since);
        self.0 = state.map(|state| (state.clone(), since));
    }

    /// Whether it is there now.
    pub(super) fn stands(&self) -> bool {
        self.0.is_some()
    }

    /// The state, once that lasts.
    pub(super) fn failed(&self, at: Duration, steady: Duration) -> Option<State> {
        let (state, since) = self.0.as_ref()?;
        (at.saturating_sub(*since) >= steady).then(|| state.clone())
    }
}

/// That some worker has an error, and since when: one that is replaced by another with an error has it still, and so
/// it has while none is there.
#[derive(Clone, Debug, Default)]
pub(super) struct WorkerFault(Option<(String, State, Duration)>);

impl WorkerFault {
    pub(super) fn look(&mut self, at: Duration, workers: &[&Worker]) {
        if workers.is_empty() {
            return;
        }
        let since = self.0.as_ref().map_or(at, |(.., since)| *since);
        let ailing = workers.iter().find(|worker| has_error(worker));
        self.0 = ailing.map(|worker| (worker.id.clone(), worker.state.clone(), since));
    }

    /// Whether the last that was seen had one.
    pub(super) fn stands(&self) -> bool {
        self.0.is_some()
    }

    /// The worker's id and its state, once that lasts.
    pub(super) fn failed(&self, at: Duration, steady: Duration) -> Option<(String, State)> {
        let (id, state, since) = self.0.as_ref()?;
        (at.saturating_sub(*since) >= steady).then(|| (id.clone(), state.clone()))
    }
}

/// Whether a worker has an error: one that is healthy has got over it.
pub(super) fn has_error(worker: &Worker) -> bool {
    !worker.healthy && (!worker.state.error.is_empty() || worker.state.word.eq_ignore_ascii_case("failed"))
}
