//! Looking at an endpoint again and again: what moves by itself after a change, until it is as asked for.

use std::time::Duration;

use super::context::Context;
use super::failure::exit_of;
use super::runtime::Interrupts;
use super::{concurrent, output};
use crate::api::ApiError;
use crate::endpoint::LoadedEndpoint;
use crate::endpoint::status::{EndpointStatus, WorkerCount};
use crate::exit_code::Exit;

/// The pause between two looks: short at first, since most is over soon, then longer.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// The longest that is waited because a server asks for it.
const LONGEST_ASKED: Duration = Duration::from_secs(60);

/// One endpoint that is looked at again and again.
pub struct Poller<'a> {
    cx: &'a Context,
    id: &'a str,
    pause: Duration,
    /// The pause where it is always the same.
    every: Option<Duration>,
    last: Option<LoadedEndpoint>,
    /// The last look failed, and that was told.
    failed: bool,
}

/// What a look came to.
#[derive(Debug)]
pub enum Polled<'a> {
    /// The endpoint, where something of it moved, or where it could not be read just before.
    At(&'a LoadedEndpoint),
    /// It can't be read now, which may pass. Told once, until it can be read again.
    Failed(ApiError),
}

impl<'a> Poller<'a> {
    /// At an endpoint, by its id. Nothing is asked yet.
    pub fn at(cx: &'a Context, id: &'a str) -> Self {
        Self {
            cx,
            id,
            pause: FIRST_PAUSE,
            every: None,
            last: None,
            failed: false,
        }
    }

    /// The same, where the first look was taken before.
    pub fn from(cx: &'a Context, id: &'a str, first: &LoadedEndpoint) -> Self {
        let last = Some(first.clone());
        Self {
            last,
            ..Self::at(cx, id)
        }
    }

    /// The same, with this pause between two looks.
    pub fn every(self, pause: Duration) -> Self {
        let every = Some(pause);
        Self { pause, every, ..self }
    }

    /// The endpoint as it is; from the second time on, once its state, a worker or its configuration changed. Failures
    /// that may pass are waited out without an end: whoever asks sets one.
    ///
    /// # Errors
    /// A failure that asking again can't change.
    pub async fn next(&mut self) -> Result<Polled<'_>, ApiError> {
        loop {
            if self.last.is_some() || self.failed {
                tokio::time::sleep(self.pause).await;
                self.pause = match self.every {
                    Some(pause) => pause,
                    None => (self.pause * 3 / 2).min(LONGEST_PAUSE),
                };
            }
            match self.cx.client.endpoint(self.id).await {
                Ok(now) => {
                    let had_failed = std::mem::take(&mut self.failed);
                    if had_failed || self.last.as_ref().is_none_or(|last| has_moved(last, &now)) {
                        // What moves now moves on soon.
                        self.pause = self.every.unwrap_or(FIRST_PAUSE);
                        return Ok(Polled::At(self.last.insert(now)));
                    }
                }
                Err(error) if error.may_pass() => {
                    let asked = error.retry_after().unwrap_or_default();
                    self.pause = self.pause.max(asked.min(LONGEST_ASKED));
                    if !std::mem::replace(&mut self.failed, true) {
                        return Ok(Polled::Failed(error));
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// That an endpoint can't be read for now.
pub fn still_looking(error: &ApiError) -> String {
    format!("{} Still looking.", error.happened())
}

/// Whether something differs that is worth a line.
fn has_moved(before: &LoadedEndpoint, now: &LoadedEndpoint) -> bool {
    before.config != now.config
        || before.status.state != now.status.state
        || before.status.workers != now.status.workers
}

/// Whether the workers are as the configuration asks: it serves, and as many as asked for run and are healthy.
pub fn is_ready(endpoint: &LoadedEndpoint) -> bool {
    let there = |worker: &&crate::endpoint::Worker| worker.state.word == "running" && worker.healthy;
    let ready = i64::try_from(endpoint.status.workers.iter().filter(there).count()).unwrap_or(i64::MAX);
    let workers = &endpoint.config.workers;
    let min = workers.min_num.value().unwrap_or(0);
    let max = workers.max_num.value().unwrap_or(i64::MAX);
    endpoint.status.state.word == "serving" && (min..=max).contains(&ready)
}

/// State and workers in a line: `updating, 1 of 3 workers healthy, 2 running`.
pub fn words(status: &EndpointStatus) -> String {
    let WorkerCount { healthy, running, all } = status.worker_count();
    let mut words = format!(
        "{}, {healthy} of {all} workers healthy, {running} running",
        status.state.word
    );
    for more in [&status.state.error, &status.state.message] {
        if !more.is_empty() {
            words.push_str(&format!(", {more}"));
        }
    }
    words
}

/// Why an endpoint isn't ready.
pub struct NotReady {
    pub sentence: String,
    pub exit: Exit,
}

/// Waits until all of them are ready, at most so long; those that aren't, by id. Each is an id and what messages call
/// it. Their states are told on stderr as they change. An interrupt ends it.
pub async fn until_ready(
    cx: &Context,
    interrupts: &Interrupts,
    endpoints: &[(String, String)],
    timeout: Duration,
) -> Vec<(String, NotReady)> {
    let wait = async |(id, title): &(String, String)| {
        let mut last = "it could not be read".to_owned();
        let ready = async {
            let mut looks = Poller::at(cx, id);
            loop {
                let now = match looks.next().await? {
                    Polled::At(now) => now,
                    Polled::Failed(error) => {
                        output::note(&output::faint(&still_looking(&error)));
                        continue;
                    }
                };
                let words = words(&now.status);
                if words != last {
                    output::note(&output::faint(&format!("{title}: {words}")));
                }
                last = words;
                if is_ready(now) {
                    return Ok::<(), ApiError>(());
                }
            }
        };
        let ended = interrupts.unless(tokio::time::timeout(timeout, ready)).await;
        let late = match ended {
            Err(_) | Ok(Ok(Ok(()))) => return None,
            Ok(Ok(Err(error))) => NotReady {
                sentence: format!(
                    "Whether the workers of {title} are as asked for is not known. {}",
                    error.happened()
                ),
                exit: exit_of(&error),
            },
            Ok(Err(_)) => NotReady {
                sentence: format!(
                    "The workers of {title} were not as asked for within {} s: {last}. `novita-edit show` tells how they are; \
                     --timeout waits longer.",
                    timeout.as_secs()
                ),
                exit: Exit::Unreachable,
            },
        };
        output::note(&output::warning(&late.sentence));
        Some((id.clone(), late))
    };
    concurrent::each(endpoints, wait).await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{EndpointConfig, Number, State, Worker};

    fn state(word: &str) -> State {
        State {
            word: word.to_owned(),
            ..State::default()
        }
    }

    /// One that asks for so many workers, in a state, with these workers.
    fn endpoint((min, max): (i64, i64), word: &str, workers: &[(&str, bool)]) -> LoadedEndpoint {
        let mut config = EndpointConfig::default();
        config.workers.min_num = Number::of(min);
        config.workers.max_num = Number::of(max);
        let worker = |(word, healthy): &(&str, bool)| Worker {
            state: state(word),
            healthy: *healthy,
            ..Worker::default()
        };
        LoadedEndpoint {
            config,
            status: EndpointStatus {
                state: state(word),
                workers: workers.iter().map(worker).collect(),
                ..EndpointStatus::default()
            },
            ..LoadedEndpoint::default()
        }
    }

    #[test]
    fn it_is_ready_once_it_serves_with_as_many_healthy_workers_as_asked_for() {
        let (good, pending, gone) = (("running", true), ("running", false), ("removed", false));
        for (ready, range, word, workers) in [
            (true, (0, 5), "serving", &[][..]),
            (true, (1, 5), "serving", &[good, pending, gone]),
            (false, (2, 5), "serving", &[good, pending, gone]),
            (false, (1, 5), "updating", &[good]),
            (false, (0, 1), "serving", &[good, good]),
            (true, (2, 2), "serving", &[good, good]),
        ] {
            let endpoint = endpoint(range, word, workers);
            assert_eq!(is_ready(&endpoint), ready, "{range:?} {word} {workers:?}");
        }
    }

    #[test]
    fn a_log_that_grows_is_not_worth_a_line_and_a_worker_is() {
        let before = endpoint((1, 2), "serving", &[("pending", false)]);
        let mut now = before.clone();
        now.status.log = "more".to_owned();
        assert!(!has_moved(&before, &now));
        now.status.workers[0].healthy = true;
        assert!(has_moved(&before, &now));
    }
}
