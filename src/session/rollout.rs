//! Whether the workers that a save asked for are there: one decision for `--wait`, `watch` and the editor.
//!
//! Pure: it is told what each look saw and how long after the save, and says whether it goes on. No document says which
//! changes replace workers, so what it goes by is whose ids are new since the check of the save.

use std::time::Duration;

use super::rollout_state::{EndState, WorkerFault, has_error};
use crate::endpoint::diff::{Change, changes, differences};
use crate::endpoint::status::State;
use crate::endpoint::{EndpointConfig, FieldId, LoadedEndpoint, Worker};
use crate::store::Record;

/// How long something lasts before it counts: a state that ends a rollout, a worker's error, that no worker is new.
pub const ROLLOUT_STEADY: Duration = Duration::from_secs(30);

/// How long replicas and caches lag behind at most: so long after a send, what was there before it may be an old answer.
pub(super) const LAG: Duration = Duration::from_secs(120);

/// What a rollout is counted from: the endpoint at the check of a save, and what was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutStart {
    /// The ids of the workers at the check, removed ones left out; `None`: not known.
    pub workers: Option<Vec<String>>,
    /// The word of the state at the check; `None`: not known.
    pub state: Option<String>,
    /// What the server held before.
    pub before: EndpointConfig,
    /// What it made of the save.
    pub stored: EndpointConfig,
}

impl RolloutStart {
    /// Of a save that the history tells of.
    pub fn of(record: Record) -> Self {
        let stored = record.stored().clone();
        Self {
            workers: record.check.as_ref().map(|check| check.workers.clone()),
            state: record.check.map(|check| check.state),
            before: record.before.config,
            stored,
        }
    }
}

/// How a rollout stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not yet, and what is missing.
    Going(Missing),
    /// The workers are as asked for, and by what that is known.
    Ready(Readiness),
    /// It can't come to a good end by itself.
    Failed(RolloutFailure),
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// What was read is older than the save.
    OldAnswer,
    /// The state is not `serving`.
    Serving,
    /// No worker is new yet, and one may still come.
    NoneNew,
    /// So many of the new workers, of all of them, run and are healthy.
    Healthy(usize, usize),
    /// So many workers of before the save go on beside the new ones.
    OldBeside(usize),
    /// So many run and are healthy, and that is not the count asked for.
    Count(usize),
}

/// By what it is known that the workers are as asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Nothing was saved: as many healthy ones as asked for run.
    AsItStands(usize),
    /// All new workers, so many, run and are healthy.
    New(usize),
    /// So many run and are healthy; none is new.
    NoneReplaced(usize),
    /// All new workers, so many, run and are healthy, and beside them so many of before go on.
    OldBeside(usize, usize),
    /// So many run and are healthy; without ids nobody knows whether they are new.
    NoIds(usize),
    /// No worker runs, and none has to.
    AtZero,
}

/// Why a rollout failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutFailure {
    /// The worker whose error it is; `None`: it is the endpoint's state.
    pub worker: Option<String>,
    /// The state, with the server's words.
    pub state: State,
}

/// A rollout that is watched.
#[derive(Clone, Debug)]
pub struct Rollout {
    start: Option<RolloutStart>,
    steady: Duration,
    /// Only how many workers there are was changed: those of before are as good as new ones.
    keeps_workers: bool,
    /// Another state than `serving` was seen since the save.
    has_moved: bool,
    /// A worker that wasn't there at the check was seen.
    had_new: bool,
    /// A worker was there, at the check or since.
    had_any: bool,
    end_state: EndState,
    fault: WorkerFault,
    /// The workers, and since when they are as they are.
    still: Option<(Vec<(String, bool)>, Duration)>,
}

impl Rollout {
    /// The one that a save began; without one, what stands there is judged as it is.
    pub fn new(start: Option<RolloutStart>) -> Self {
        let keeps_workers = |start: &RolloutStart| changes(&start.before, &start.stored).iter().all(is_of_their_number);
        let state = start.as_ref().and_then(|start| start.state.clone());
        let had_any = |start: &RolloutStart| start.workers.as_ref().is_none_or(|ids| !ids.is_empty());
        Self {
            steady: ROLLOUT_STEADY,
            keeps_workers: start.as_ref().is_some_and(keeps_workers),
            has_moved: false,
            had_new: false,
            had_any: start.as_ref().is_some_and(had_any),
            end_state: EndState::after(state),
            fault: WorkerFault::default(),
            still: None,
            start,
        }
    }

    /// The same where so much time is what [`ROLLOUT_STEADY`] is.
    pub fn steady_after(self, steady: Duration) -> Self {
        Self { steady, ..self }
    }

    /// The ids of those workers of a look that came after the save.
    pub fn new_ids(&self, seen: &LoadedEndpoint) -> Vec<String> {
        let workers: Vec<&Worker> = seen
            .status
            .workers
            .iter()
            .filter(|worker| !worker.is_removed())
            .collect();
        if !self.knows_ids(&workers) {
            return Vec::new();
        }
        let new = workers.into_iter().filter(|worker| self.is_new(worker));
        new.map(|worker| worker.id.clone()).collect()
    }

    /// Whether it is counted from a save.
    pub fn is_of_a_save(&self) -> bool {
        self.start.is_some()
    }

    /// What a look saw that was asked for so long after the save, or without one after the first look. Looks are told in
    /// their order.
    pub fn look(&mut self, at: Duration, seen: &LoadedEndpoint) -> Verdict {
        if self.is_old(at, seen) {
            return Verdict::Going(Missing::OldAnswer);
        }
        let workers: Vec<&Worker> = seen
            .status
            .workers
            .iter()
            .filter(|worker| !worker.is_removed())
            .collect();
        let state = &seen.status.state;
        self.has_moved |= !is_serving(state);
        self.had_any |= !workers.is_empty();
        self.had_new |= self.knows_ids(&workers) && workers.iter().any(|worker| self.is_new(worker));
        self.end_state.look(at, state);
        self.fault.look(at, &self.to_be_watched(at, &workers));
        self.note_stillness(at, &workers);
        match self.judge(at, seen, &workers) {
            Ok(ready) => Verdict::Ready(ready),
            Err(missing) => self.failure(at).map_or(Verdict::Going(missing), Verdict::Failed),
        }
    }

    fn is_old(&self, at: Duration, seen: &LoadedEndpoint) -> bool {
        let Some(start) = &self.start else { return false };
        let is_former = || {
            differences(&start.before, &seen.config).is_empty() && !differences(&start.stored, &seen.config).is_empty()
        };
        // Later it is somebody's change back.
        seen.status.age > at || (at < LAG && is_former())
    }

    /// Whether new workers can be told from those of before.
    fn knows_ids(&self, workers: &[&Worker]) -> bool {
        let before = self.start.as_ref().and_then(|start| start.workers.as_ref());
        before.is_some_and(|ids| ids.iter().all(|id| !id.is_empty()))
            && workers.iter().all(|worker| !worker.id.is_empty())
    }

    fn is_new(&self, worker: &Worker) -> bool {
        let before = self.start.as_ref().and_then(|start| start.workers.as_ref());
        before.is_some_and(|ids| !ids.contains(&worker.id))
    }

    /// The workers whose errors tell something of the rollout. Those of before may be what it is to mend.
    fn to_be_watched<'a>(&self, at: Duration, workers: &[&'a Worker]) -> Vec<&'a Worker> {
        if self.start.is_none() || self.keeps_workers {
            return workers.to_vec();
        }
        if self.knows_ids(workers) && self.had_new {
            return workers.iter().copied().filter(|worker| self.is_new(worker)).collect();
        }
        if at >= self.steady {
            workers.to_vec()
        } else {
            Vec::new()
        }
    }

    fn note_stillness(&mut self, at: Duration, workers: &[&Worker]) {
        let mut now: Vec<(String, bool)> = workers.iter().map(|one| (one.id.clone(), is_there(one))).collect();
        now.sort();
        if self.still.as_ref().is_none_or(|(before, _)| *before != now) {
            self.still = Some((now, at));
        }
    }

    fn is_still(&self, at: Duration) -> bool {
        let since = self.still.as_ref().map(|(_, since)| *since);
        since.is_some_and(|since| at.saturating_sub(since) >= self.steady)
    }

    fn judge(&self, at: Duration, seen: &LoadedEndpoint, workers: &[&Worker]) -> Result<Readiness, Missing> {
        if !is_serving(&seen.status.state) {
            return Err(Missing::Serving);
        }
        let there = workers.iter().filter(|worker| is_there(worker)).count();
        let is_count = is_asked_for(&seen.config, there);
        if self.start.is_none() {
            return if is_count {
                Ok(Readiness::AsItStands(there))
            } else {
                Err(Missing::Count(there))
            };
        }
        if !self.knows_ids(workers) {
            return self.judge_by_count(at, (workers.len(), there), is_count);
        }
        let (new, mut old): (Vec<&Worker>, Vec<&Worker>) = workers.iter().partition(|worker| self.is_new(worker));
        let new_there = new.iter().filter(|worker| is_there(worker)).count();
        if new.is_empty() {
            return self.judge_old(at, (old.len(), there), is_count);
        }
        // What was broken before takes no requests, whether it is still listed or not.
        old.retain(|worker| !has_error(worker));
        if new_there < new.len() {
            return Err(Missing::Healthy(new_there, new.len()));
        }
        if is_count && (old.is_empty() || self.keeps_workers) {
            return Ok(Readiness::New(new.len()));
        }
        if old.is_empty() || (self.keeps_workers && is_too_few(&seen.config, there)) {
            return Err(Missing::Count(there));
        }
        // Of a replacement one by one the others are still to come; or these stay for good.
        if self.is_still(at) && (is_count || is_asked_for(&seen.config, new_there)) {
            return Ok(Readiness::OldBeside(new.len(), old.len()));
        }
        Err(Missing::OldBeside(old.len()))
    }

    /// None is new, or none any more.
    fn judge_old(&self, at: Duration, (all, there): (usize, usize), is_count: bool) -> Result<Readiness, Missing> {
        // A list that is empty may be so for a moment only.
        let is_settled = match (self.had_new, all) {
            (false, 0) if !self.had_any => self.has_moved || at >= self.steady,
            (true, _) | (false, 0) => self.is_still(at),
            (false, _) => at >= self.steady,
        };
        match all {
            _ if !is_settled => Err(Missing::NoneNew),
            _ if !is_count => Err(Missing::Count(there)),
            0 => Ok(Readiness::AtZero),
            _ => Ok(Readiness::NoneReplaced(there)),
        }
    }

    /// Which are new can't be told.
    fn judge_by_count(&self, at: Duration, (all, there): (usize, usize), is_count: bool) -> Result<Readiness, Missing> {
        let is_settled = at >= self.steady || (self.has_moved && there == all);
        match is_settled {
            false => Err(Missing::NoneNew),
            true if !is_count => Err(Missing::Count(there)),
            true => Ok(Readiness::NoIds(there)),
        }
    }

    fn failure(&self, at: Duration) -> Option<RolloutFailure> {
        let state = self.end_state.failed(at, self.steady);
        let state = state.map(|state| RolloutFailure { worker: None, state });
        state.or_else(|| {
            let (worker, state) = self.fault.failed(at, self.steady)?;
            Some(RolloutFailure {
                worker: Some(worker),
                state,
            })
        })
    }
}

impl Verdict {
    /// In a word, as JSON has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Going(_) => "going",
            Self::Ready(_) => "ready",
            Self::Failed(_) => "failed",
        }
    }

    /// As the end of a sentence, without its full stop.
    pub fn words(&self) -> String {
        match self {
            Self::Going(missing) => missing.words(),
            Self::Ready(ready) => ready.words(),
            Self::Failed(failure) => failure.words(),
        }
    }

    /// Whether the workers are as asked for.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready(_))
    }
}

impl Missing {
    fn words(&self) -> String {
        match self {
            Self::OldAnswer => "the answer is older than the save".to_owned(),
            Self::Serving => "not serving yet".to_owned(),
            Self::NoneNew => "no new worker yet".to_owned(),
            Self::Healthy(there, all) => format!("{there} of {all} new ones healthy"),
            Self::OldBeside(1) => "one worker from before the save is still there".to_owned(),
            Self::OldBeside(old) => format!("{old} workers from before the save are still there"),
            Self::Count(there) => format!("{there} healthy are not what is asked for"),
        }
    }
}

impl Readiness {
    fn words(self) -> String {
        let healthy = |count| match count {
            1 => "1 worker is healthy".to_owned(),
            count => format!("{count} workers are healthy"),
        };
        let new = |count| match count {
            1 => "the new worker is healthy".to_owned(),
            count => format!("all {count} new workers are healthy"),
        };
        match self {
            Self::AsItStands(0) => "no worker runs, and none has to".to_owned(),
            Self::AsItStands(count) => healthy(count),
            Self::New(count) => new(count),
            Self::NoneReplaced(0) => "no worker was replaced, and none has to be healthy".to_owned(),
            Self::NoneReplaced(count) => {
                format!(
                    "{}; no worker was replaced, those from before the save go on",
                    healthy(count)
                )
            }
            Self::OldBeside(count, 1) => format!("{}; one from before the save goes on beside them", new(count)),
            Self::OldBeside(count, old) => format!("{}; {old} from before the save go on beside them", new(count)),
            Self::NoIds(count) => format!(
                "{}; whether they are new is not known, since the server gives them no ids",
                healthy(count)
            ),
            Self::AtZero => "no worker runs, and none has to".to_owned(),
        }
    }
}

impl RolloutFailure {
    fn words(&self) -> String {
        let mut words = match &self.worker {
            None => format!("it is {}", self.state.word),
            Some(id) if id.is_empty() => format!("a worker is {}", self.state.word),
            Some(id) => format!("the worker {id} is {}", self.state.word),
        };
        let said = [&self.state.error, &self.state.message].map(|text| text.trim_end_matches('.'));
        for text in said.into_iter().filter(|text| !text.is_empty()) {
            words.push_str(&format!(", {text}"));
        }
        words
    }
}

/// Whether a change is only of how many workers there are, and not of what they run.
fn is_of_their_number(change: &Change) -> bool {
    use FieldId::{IdleTimeout, MaxWorkers, MinWorkers, Name, PolicyType, PolicyValue};
    [Name, MinWorkers, MaxWorkers, IdleTimeout, PolicyType, PolicyValue].contains(&change.field)
}

fn is_serving(state: &State) -> bool {
    state.word.eq_ignore_ascii_case("serving")
}

fn is_there(worker: &Worker) -> bool {
    worker.state.word == "running" && worker.healthy
}

/// Whether so many workers are what a configuration asks for.
fn is_asked_for(config: &EndpointConfig, count: usize) -> bool {
    let min = config.workers.min_num.value().unwrap_or(0);
    let max = config.workers.max_num.value().unwrap_or(i64::MAX);
    i64::try_from(count).is_ok_and(|count| (min..=max).contains(&count))
}

fn is_too_few(config: &EndpointConfig, count: usize) -> bool {
    let min = config.workers.min_num.value().unwrap_or(0);
    i64::try_from(count).is_ok_and(|count| count < min)
}
