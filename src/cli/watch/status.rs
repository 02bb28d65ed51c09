//! How an endpoint and each of its workers are, and what of that moved between two looks.

use serde::Serialize;

use crate::cli::rollout::RolloutJson;
use crate::endpoint::status::{State, WorkerCount};
use crate::endpoint::{LoadedEndpoint, Worker};
use crate::session::Verdict;

/// The endpoint, or one worker of it, at one look; as JSON has it, beside when and of which endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Status {
    /// The worker's id; `None`: it is the endpoint's own status.
    pub worker: Option<String>,
    /// `None`: the worker is no longer listed.
    pub state: Option<String>,
    pub error: String,
    pub message: String,
    /// A worker: its health path answers. The endpoint: its workers are as asked for.
    pub healthy: bool,
    /// Of the endpoint only.
    pub workers: Option<WorkerCounts>,
    /// Of the endpoint only: whether that is so, and what is missing.
    pub rollout: Option<RolloutJson>,
}

/// How many there are, and how many the configuration asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct WorkerCounts {
    pub healthy: usize,
    pub running: usize,
    pub all: usize,
    pub min: Option<i64>,
    pub max: Option<i64>,
}

impl Status {
    /// The endpoint's own, then that of each worker.
    pub(super) fn all(endpoint: &LoadedEndpoint, (verdict, since_save): (&Verdict, bool)) -> Vec<Self> {
        let own = Self {
            healthy: verdict.is_ready(),
            workers: Some(WorkerCounts::of(endpoint)),
            rollout: Some(RolloutJson::of(verdict, since_save)),
            ..Self::new(None, &endpoint.status.state)
        };
        let worker = |worker: &Worker| Self {
            healthy: worker.healthy,
            ..Self::new(Some(worker.id.clone()), &worker.state)
        };
        std::iter::once(own)
            .chain(endpoint.status.workers.iter().map(worker))
            .collect()
    }

    fn new(worker: Option<String>, state: &State) -> Self {
        Self {
            worker,
            state: Some(state.word.clone()),
            error: state.error.clone(),
            message: state.message.clone(),
            healthy: false,
            workers: None,
            rollout: None,
        }
    }

    /// A worker that was listed and isn't any more.
    fn gone(&self) -> Self {
        Self {
            state: None,
            ..Self::new(self.worker.clone(), &State::default())
        }
    }

    /// Its state in words, behind its name: `running, healthy`.
    pub(super) fn words(&self) -> String {
        let Some(state) = &self.state else {
            return "no longer listed".to_owned();
        };
        let mut words = if state.is_empty() { "unknown" } else { state }.to_owned();
        match self.workers {
            Some(_) => words.push_str(&format!(", {}", self.counts_in_words())),
            None if state == "removed" => {}
            None => words.push_str(if self.healthy { ", healthy" } else { ", not healthy" }),
        }
        for more in [&self.error, &self.message] {
            if !more.is_empty() {
                words.push_str(&format!(", {more}"));
            }
        }
        words
    }

    /// In a cell: of a worker `yes` or `no`, of the endpoint `2/3`.
    pub(super) fn healthy_words(&self) -> String {
        match (self.workers, self.healthy) {
            (Some(workers), _) => format!("{}/{}", workers.healthy, workers.all),
            (None, true) => "yes".to_owned(),
            (None, false) => "no".to_owned(),
        }
    }

    /// How many workers there are, and what is missing since a save; nothing of a worker.
    pub(super) fn counts_in_words(&self) -> String {
        let Some(workers) = self.workers else {
            return String::new();
        };
        match &self.rollout {
            Some(rollout) if rollout.since_save && rollout.verdict == "going" => {
                format!("{}; {}", workers.words(), rollout.message)
            }
            _ => workers.words(),
        }
    }
}

impl WorkerCounts {
    fn of(endpoint: &LoadedEndpoint) -> Self {
        let WorkerCount { healthy, running, all } = endpoint.status.worker_count();
        let asked = &endpoint.config.workers;
        Self {
            healthy,
            running,
            all,
            min: asked.min_num.value().ok(),
            max: asked.max_num.value().ok(),
        }
    }

    /// `2 of 3 workers healthy, 3 running, 1–5 asked for`.
    pub(super) fn words(&self) -> String {
        let number = |number: Option<i64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        let Self {
            healthy, running, all, ..
        } = self;
        format!(
            "{healthy} of {all} workers healthy, {running} running, {}–{} asked for",
            number(self.min),
            number(self.max)
        )
    }
}

/// What is otherwise than before, the endpoint first. A worker that goes from the list after it was removed is no news.
pub(super) fn moved(before: &[Status], now: &[Status]) -> Vec<Status> {
    let mut moved: Vec<Status> = now.iter().filter(|status| !before.contains(status)).cloned().collect();
    let is_listed = |status: &&Status| now.iter().any(|other| other.worker == status.worker);
    let is_removed = |status: &&Status| status.state.as_deref() == Some("removed");
    let gone = before.iter().filter(|status| !is_listed(status) && !is_removed(status));
    moved.extend(gone.map(Status::gone));
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{EndpointConfig, EndpointStatus, Number};
    use crate::session::Readiness;

    fn state(word: &str) -> State {
        State {
            word: word.to_owned(),
            ..State::default()
        }
    }

    fn endpoint(word: &str, workers: &[(&str, &str, bool)]) -> LoadedEndpoint {
        let mut config = EndpointConfig::default();
        config.workers.min_num = Number::of(1);
        config.workers.max_num = Number::of(5);
        let worker = |(id, word, healthy): &(&str, &str, bool)| Worker {
            id: (*id).to_owned(),
            state: state(word),
            healthy: *healthy,
        };
        let status = EndpointStatus {
            state: state(word),
            workers: workers.iter().map(worker).collect(),
            ..EndpointStatus::default()
        };
        LoadedEndpoint {
            config,
            status,
            ..LoadedEndpoint::default()
        }
    }

    fn all(endpoint: &LoadedEndpoint) -> Vec<Status> {
        Status::all(endpoint, (&Verdict::Ready(Readiness::AsItStands(1)), false))
    }

    fn lines(before: &LoadedEndpoint, now: &LoadedEndpoint) -> Vec<String> {
        let line = |status: &Status| format!("{}: {}", status.worker.as_deref().unwrap_or("-"), status.words());
        let moved = moved(&all(before), &all(now));
        moved.iter().map(line).collect()
    }

    #[test]
    fn only_what_is_otherwise_than_before_is_told_and_the_endpoint_first() {
        let before = endpoint("serving", &[("a", "running", true), ("b", "pending", false)]);
        let now = endpoint("serving", &[("a", "running", true), ("b", "running", true)]);
        assert_eq!(
            lines(&before, &now),
            [
                "-: serving, 2 of 2 workers healthy, 2 running, 1–5 asked for",
                "b: running, healthy"
            ]
        );
        assert_eq!(lines(&now, &now), [""; 0]);
    }

    #[test]
    fn a_worker_that_goes_from_the_list_is_told_unless_it_was_removed_before() {
        let before = endpoint("serving", &[("a", "removed", false), ("b", "pending", false)]);
        let now = endpoint("serving", &[]);
        assert_eq!(lines(&before, &now)[1..], ["b: no longer listed"]);
    }

    #[test]
    fn errors_and_messages_stand_behind_the_state() {
        let mut now = endpoint("failed", &[]);
        now.status.state.error = "ImagePull".to_owned();
        now.status.state.message = "no such tag".to_owned();
        let lines = lines(&endpoint("", &[]), &now);
        assert!(lines[0].ends_with("asked for, ImagePull, no such tag"), "{lines:?}");
    }
}
