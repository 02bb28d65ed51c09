//! Looking at an endpoint again and again: what moves by itself after a change.

use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::context::Context;
use crate::api::ApiError;
use crate::endpoint::LoadedEndpoint;
use crate::endpoint::status::{EndpointStatus, WorkerCount};

/// The pause between two looks: short at first, since most is over soon, then longer.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// The longest that is waited because a server asks for it.
const LONGEST_ASKED: Duration = Duration::from_secs(60);

/// One endpoint that is looked at again and again.
pub struct Poller<'a> {
    cx: &'a Context,
    id: &'a str,
    /// Where several are looked at, not all of them are asked for at a time.
    room: &'a Semaphore,
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
    /// The endpoint, and when it was asked for.
    At(&'a LoadedEndpoint, Instant),
    /// It can't be read now, which may pass. Told once, until it can be read again.
    Failed(ApiError),
}

impl<'a> Poller<'a> {
    /// At an endpoint, by its id. Nothing is asked yet.
    pub fn at(cx: &'a Context, id: &'a str, room: &'a Semaphore) -> Self {
        Self {
            cx,
            id,
            room,
            pause: FIRST_PAUSE,
            every: None,
            last: None,
            failed: false,
        }
    }

    /// The same, where the first look was taken before.
    pub fn after(self, first: &LoadedEndpoint) -> Self {
        let last = Some(first.clone());
        Self { last, ..self }
    }

    /// The same, with this pause between two looks.
    pub fn every(self, pause: Duration) -> Self {
        let every = Some(pause);
        Self { pause, every, ..self }
    }

    /// The endpoint as it is now, after a pause. Failures that may pass are waited out without an end: whoever asks sets
    /// one.
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
            // It is never closed; without a permit it would only be one more at a time.
            let permit = self.room.acquire().await;
            let asked = Instant::now();
            let read = self.cx.client.endpoint(self.id).await;
            drop(permit);
            match read {
                Ok(now) => {
                    let had_failed = std::mem::take(&mut self.failed);
                    if had_failed || self.last.as_ref().is_none_or(|last| has_moved(last, &now)) {
                        // What moves now moves on soon.
                        self.pause = self.every.unwrap_or(FIRST_PAUSE);
                    }
                    return Ok(Polled::At(self.last.insert(now), asked));
                }
                Err(error) if error.may_pass_meanwhile() => {
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

/// Whether something differs that is soon followed by more.
fn has_moved(before: &LoadedEndpoint, now: &LoadedEndpoint) -> bool {
    before.config != now.config
        || before.status.state != now.status.state
        || before.status.workers != now.status.workers
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{State, Worker};

    #[test]
    fn a_log_that_grows_is_no_news_and_a_worker_is() {
        let mut before = LoadedEndpoint::default();
        before.status.workers = vec![Worker {
            state: State {
                word: "pending".to_owned(),
                ..State::default()
            },
            ..Worker::default()
        }];
        let mut now = before.clone();
        now.status.log = "more".to_owned();
        assert!(!has_moved(&before, &now));
        now.status.workers[0].healthy = true;
        assert!(has_moved(&before, &now));
    }
}
