//! Whether the workers that a save asked for are there: one decision for `--wait`, `watch` and the editor.
//!
//! Pure: it is told what each look saw and how long after the save, and says whether it goes on. No document says which
//! changes replace workers, so what it goes by is whose ids are new since the check of the save.

use std::time::Duration;

use super::rollout_state::{EndState, StateFault, WorkerFault, has_error};
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
    /// What the server held before an earlier save, where the workers are counted from that one; else `None`.
    pub earlier: Option<EndpointConfig>,
}

impl RolloutStart {
    /// Of a save that the history tells of.
    pub fn of(record: Record) -> Self {
        let stored = record.stored().clone();
        let noted = Some(record.workers).filter(|ids| !ids.is_empty());
        Self {
            workers: record.check.as_ref().map(|check| check.workers.clone()).or(noted),
            state: record.check.map(|check| check.state),
            before: record.before.config,
            stored,
            earlier: None,
        }
    }

    /// The same, where an earlier save may still be rolling out: a save of the number of workers goes on with that.
    #[must_use]
    pub fn after(self, earlier: Option<Self>) -> Self {
        let Some(earlier) = earlier.filter(|_| self.is_of_their_number()) else {
            return self;
        };
        Self {
            workers: earlier.workers,
            earlier: Some(earlier.earlier.unwrap_or(earlier.before)),
            ..self
        }
    }

    /// Whether only how many workers there are was changed, and not what they run.
    pub fn is_of_their_number(&self) -> bool {
        let before = self.earlier.as_ref().unwrap_or(&self.before);
        is_of_number_only(before, &self.stored)
    }

    fn is_stored(&self, config: &EndpointConfig) -> bool {
        differences(&self.stored, config).is_empty()
    }

    fn is_former(&self, config: &EndpointConfig) -> bool {
        let mut former = [&self.before].into_iter().chain(&self.earlier);
        former.any(|former| differences(former, config).is_empty()) && !self.is_stored(config)
    }
}

/// How a rollout stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not yet, and what is missing.
    Going(Missing),
    /// The workers are as asked for, and by what that is known.
    Ready(Readiness),
    /// They are as asked for by a configuration that is not the one that was saved.
    Overtaken(Readiness),
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
    /// None of so many that are there is healthy.
    NoneHealthy(usize),
    /// The workers of an answer have no ids, and had some before.
    NoIds,
    /// No worker is listed, where one was a moment ago.
    JustEmpty,
    /// A worker has an error, or the last that was there had.
    WorkerError,
    /// The state tells an error.
    StateError,
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
    /// A worker with an id was seen, at the check or since.
    had_ids: bool,
    end_state: EndState,
    state_fault: StateFault,
    /// Of the workers that the save asked for, or whose turn that can't be told.
    fault: WorkerFault,
    /// Of those of before, which may be what it is to mend.
    fault_before: WorkerFault,
    /// What was broken at the first look, which a save of the number of workers isn't to mend; `None`: nothing was seen
    /// yet.
    ill_before: Option<IllBefore>,
    /// The workers, and since when they are as they are.
    still: Option<(Vec<(String, bool)>, Duration)>,
}

/// What had an error before anything moved.
#[derive(Clone, Debug)]
struct IllBefore {
    /// The ids of workers.
    workers: Vec<String>,
    /// The error that the state told; empty: none.
    error: String,
}

impl Rollout {
    /// The one that a save began; without one, what stands there is judged as it is.
    pub fn new(start: Option<RolloutStart>) -> Self {
        let state = start.as_ref().and_then(|start| start.state.clone());
        let ids = start.as_ref().map(|start| start.workers.as_deref());
        Self {
            steady: ROLLOUT_STEADY,
            keeps_workers: start.as_ref().is_some_and(RolloutStart::is_of_their_number),
            has_moved: false,
            had_new: false,
            had_any: ids.is_some_and(|ids| ids.is_none_or(|ids| !ids.is_empty())),
            had_ids: ids.flatten().is_some_and(|ids| ids.iter().any(|id| !id.is_empty())),
            end_state: EndState::after(state),
            state_fault: StateFault::default(),
            fault: WorkerFault::default(),
            fault_before: WorkerFault::default(),
            ill_before: None,
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
        let workers: Vec<&Worker> = seen.status.present_workers().collect();
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
        let workers: Vec<&Worker> = seen.status.present_workers().collect();
        if self.start.is_some() && self.had_ids && workers.iter().any(|worker| worker.id.is_empty()) {
            return Verdict::Going(Missing::NoIds);
        }
        self.note(at, &seen.status.state, &workers);
        match self.judge(at, seen, &workers) {
            Ok(ready) if self.start.as_ref().is_some_and(|start| !start.is_stored(&seen.config)) => {
                Verdict::Overtaken(ready)
            }
            Ok(ready) => Verdict::Ready(ready),
            Err(missing) => self
                .failure(at, &workers)
                .map_or(Verdict::Going(missing), Verdict::Failed),
        }
    }

    fn note(&mut self, at: Duration, state: &State, workers: &[&Worker]) {
        self.has_moved |= !is_serving(state);
        self.had_any |= !workers.is_empty();
        self.had_ids |= workers.iter().any(|worker| !worker.id.is_empty());
        self.had_new |= self.knows_ids(workers) && workers.iter().any(|worker| self.is_new(worker));
        self.note_what_was_ill(state, workers);
        self.end_state.look(at, state);
        let fault = (is_serving(state) && self.is_error(state)).then_some(state);
        self.state_fault.look(at, fault);
        let (asked_for, before) = self.by_whose_they_are(workers);
        self.fault.look(at, &asked_for);
        self.fault_before.look(at, &before);
        self.note_stillness(at, workers);
    }

    fn note_what_was_ill(&mut self, state: &State, workers: &[&Worker]) {
        let mut before = self
            .ill_before
            .take()
            .unwrap_or_else(|| self.what_is_ill(state, workers));
        // What was well meanwhile has its error from the save on.
        let is_well = |id: &str| workers.iter().any(|worker| worker.id == *id && !has_error(worker));
        before.workers.retain(|id| id.is_empty() || !is_well(id));
        self.ill_before = Some(before);
    }

    fn what_is_ill(&self, state: &State, workers: &[&Worker]) -> IllBefore {
        let is_new = |worker: &Worker| self.knows_ids(workers) && self.is_new(worker);
        let ill = workers.iter().filter(|worker| has_error(worker) && !is_new(worker));
        IllBefore {
            workers: ill.map(|worker| worker.id.clone()).collect(),
            error: state.error.clone(),
        }
    }

    fn is_error(&self, state: &State) -> bool {
        let was_so = |before: &IllBefore| self.keeps_workers && before.error == state.error;
        !state.error.is_empty() && !self.ill_before.as_ref().is_some_and(was_so)
    }

    fn is_old(&self, at: Duration, seen: &LoadedEndpoint) -> bool {
        let Some(start) = &self.start else { return false };
        // Later it is somebody's change back.
        seen.status.age > at || (at < LAG && start.is_former(&seen.config))
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

    /// The workers whose errors tell something of the rollout, and those of before, which may be what it is to mend.
    fn by_whose_they_are<'a>(&self, workers: &[&'a Worker]) -> (Vec<&'a Worker>, Vec<&'a Worker>) {
        if self.start.is_some() && !self.keeps_workers && self.knows_ids(workers) {
            return workers.iter().copied().partition(|worker| self.is_new(worker));
        }
        let ill = self.ill_before.as_ref().filter(|_| self.keeps_workers);
        let mut ill = ill.map(|before| before.workers.clone()).unwrap_or_default();
        let counted = workers.iter().copied().filter(|worker| {
            let at = ill.iter().position(|id| has_error(worker) && *id == worker.id);
            at.map(|at| ill.swap_remove(at)).is_none()
        });
        (counted.collect(), Vec::new())
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
            return self.judge_as_it_stands(at, (workers.len(), there), is_count);
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

    fn judge_as_it_stands(
        &self,
        at: Duration,
        (all, there): (usize, usize),
        is_count: bool,
    ) -> Result<Readiness, Missing> {
        match (all, there) {
            _ if !is_count => Err(Missing::Count(there)),
            (0, _) if self.had_any && !self.is_still(at) => Err(Missing::JustEmpty),
            (0, _) if self.fault.stands() => Err(Missing::WorkerError),
            (1.., 0) => Err(Missing::NoneHealthy(all)),
            _ => Ok(Readiness::AsItStands(there)),
        }
    }

    /// None is new, or none any more.
    fn judge_old(&self, at: Duration, (all, there): (usize, usize), is_count: bool) -> Result<Readiness, Missing> {
        // A list that is empty may be so for a moment only.
        let is_settled = match all {
            0 if !self.had_any => self.has_moved || at >= self.steady,
            0 => self.is_still(at),
            _ if self.had_new => self.is_still(at),
            _ => at >= self.steady,
        };
        if !is_settled {
            return Err(Missing::NoneNew);
        }
        self.judge_settled((all, there), is_count, Readiness::NoneReplaced(there))
    }

    /// Which are new can't be told.
    fn judge_by_count(&self, at: Duration, (all, there): (usize, usize), is_count: bool) -> Result<Readiness, Missing> {
        let is_settled = match all {
            0 if self.had_any => self.is_still(at),
            _ => at >= self.steady || (self.has_moved && there == all),
        };
        if !is_settled {
            return Err(Missing::NoneNew);
        }
        self.judge_settled((all, there), is_count, Readiness::NoIds(there))
    }

    /// None is known to be new, and none is waited for any more. What has an error is not as asked for then.
    fn judge_settled(
        &self,
        (all, there): (usize, usize),
        is_count: bool,
        ready: Readiness,
    ) -> Result<Readiness, Missing> {
        match (all, there) {
            _ if !is_count => Err(Missing::Count(there)),
            (1.., 0) => Err(Missing::NoneHealthy(all)),
            _ if self.fault.stands() || (all > 0 && self.fault_before.stands()) => Err(Missing::WorkerError),
            _ if self.state_fault.stands() => Err(Missing::StateError),
            (0, _) => Ok(Readiness::AtZero),
            _ => Ok(ready),
        }
    }

    fn failure(&self, at: Duration, workers: &[&Worker]) -> Option<RolloutFailure> {
        let state = |state| RolloutFailure { worker: None, state };
        let worker = |(id, state)| RolloutFailure {
            worker: Some(id),
            state,
        };
        let ended = self.end_state.failed(at, self.steady).map(state);
        let failed = ended.or_else(|| self.fault.failed(at, self.steady).map(worker));
        let has_new = self.knows_ids(workers) && workers.iter().any(|worker| self.is_new(worker));
        if failed.is_some() || self.start.is_none() || has_new {
            return failed;
        }
        // Nothing is seen to come that would mend it.
        let before = self
            .fault_before
            .failed(at, self.steady)
            .filter(|_| !workers.is_empty());
        before
            .map(worker)
            .or_else(|| self.state_fault.failed(at, self.steady).map(state))
    }
}

impl Verdict {
    /// In a word, as JSON has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Going(_) => "going",
            Self::Ready(_) | Self::Overtaken(_) => "ready",
            Self::Failed(_) => "failed",
        }
    }

    /// As the end of a sentence, without its full stop.
    pub fn words(&self) -> String {
        match self {
            Self::Going(missing) => missing.words(),
            Self::Ready(ready) => ready.words(),
            Self::Overtaken(ready) => format!(
                "{}; the configuration is not the one that was saved: somebody changed it since",
                ready.words()
            ),
            Self::Failed(failure) => failure.words(),
        }
    }

    /// Whether the workers are as asked for.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready(_) | Self::Overtaken(_))
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
            Self::NoneHealthy(1) => "the one worker that is there isn't healthy".to_owned(),
            Self::NoneHealthy(all) => format!("none of the {all} workers that are there is healthy"),
            Self::NoIds => "the answer has workers without ids".to_owned(),
            Self::JustEmpty => "no worker is listed any more, which may be so for a moment only".to_owned(),
            Self::WorkerError => "a worker has an error".to_owned(),
            Self::StateError => "the state tells an error".to_owned(),
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

/// Whether one configuration becomes another by nothing but how many workers there are.
pub(super) fn is_of_number_only(before: &EndpointConfig, after: &EndpointConfig) -> bool {
    changes(before, after).iter().all(is_of_their_number)
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
    worker.state.word.eq_ignore_ascii_case("running") && worker.healthy
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
