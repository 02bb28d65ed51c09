//! Waiting until the workers are as asked for: what [`Rollout`] decides, told in lines, in JSON and by the exit code.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::context::Context;
use super::failure::exit_of;
use super::poll::{self, Polled, Poller};
use super::runtime::Interrupts;
use super::{concurrent, output};
use crate::api::ApiError;
use crate::endpoint::LoadedEndpoint;
use crate::endpoint::status::EndpointStatus;
use crate::exit_code::Exit;
use crate::session::{Rollout, RolloutFailure, RolloutStart, Verdict, newest_rollout, rollout_steady};

/// The rollout of one endpoint, and its clock.
#[derive(Clone, Debug)]
pub struct RolloutWatch {
    rollout: Rollout,
    /// How long after the save it was, at that instant.
    age: Duration,
    since: Instant,
}

impl RolloutWatch {
    /// Of a save that went out at that instant.
    pub fn of_save(start: RolloutStart, at: Instant) -> Self {
        Self::new(Some(start), Duration::ZERO, at)
    }

    /// Of this machine's newest save where that is young; else what stands there is judged as it is. Each demo is a
    /// world of its own.
    pub async fn of(cx: &Context, read: &LoadedEndpoint) -> Self {
        let newest = match cx.platform.is_demo() {
            true => None,
            false => newest_rollout(&cx.platform.send_log(), &read.config)
                .await
                .unwrap_or_else(|why| {
                    tracing::info!(why, "the newest save is not known");
                    None
                }),
        };
        match newest {
            Some((start, age)) => Self::new(Some(start), age, Instant::now()),
            None => Self::new(None, Duration::ZERO, Instant::now()),
        }
    }

    fn new(start: Option<RolloutStart>, age: Duration, since: Instant) -> Self {
        Self {
            rollout: Rollout::new(start).steady_after(rollout_steady()),
            age,
            since,
        }
    }

    /// What a look tells that was asked for at that instant.
    pub fn look(&mut self, asked: Instant, seen: &LoadedEndpoint) -> Verdict {
        let at = self.age + asked.saturating_duration_since(self.since);
        self.rollout.look(at, seen)
    }

    /// Whether it is counted from a save.
    pub fn is_of_a_save(&self) -> bool {
        self.rollout.is_of_a_save()
    }

    /// State, workers and what is still missing, in a line.
    pub fn words(&self, status: &EndpointStatus, verdict: &Verdict) -> String {
        let mut words = poll::words(status);
        if let (true, Verdict::Going(_)) = (self.is_of_a_save(), verdict) {
            words.push_str(&format!("; {}", verdict.words()));
        }
        words
    }

    /// That it failed, in sentences. `wanted`: what was waited for, as an adjective.
    pub fn failed(&self, (id, title): (&str, &str), wanted: &str, failure: &RolloutFailure) -> String {
        let why = Verdict::Failed(failure.clone()).words();
        if self.is_of_a_save() {
            format!(
                "The rollout of {title} failed: {why}. What was saved is stored; `novita-edit rollback {id}` puts back \
                 what was there before."
            )
        } else {
            format!("{title} won't be {wanted}: {why}. `novita-edit show {id}` tells more.")
        }
    }
}

/// How a rollout stands, as JSON has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RolloutJson {
    /// `going`, `ready`, `failed`; of a wait also `unknown`, where it could not be read any more.
    pub verdict: &'static str,
    /// Whether it is counted from a save of this machine; else what stands there was judged as it is.
    pub since_save: bool,
    /// What is missing, by what it is known, or what failed.
    pub message: String,
}

impl RolloutJson {
    pub fn of(verdict: &Verdict, since_save: bool) -> Self {
        Self {
            verdict: verdict.word(),
            since_save,
            message: verdict.words(),
        }
    }
}

/// An endpoint whose workers are waited for.
pub struct Awaited {
    pub id: String,
    /// What messages call it.
    pub title: String,
    /// What was saved just now, and when it went out.
    pub saved: Option<(RolloutStart, Instant)>,
}

/// How waiting for it ended.
pub struct WaitEnd {
    pub rollout: RolloutJson,
    /// In sentences.
    pub sentence: String,
    /// It isn't quite what was waited for.
    pub is_warning: bool,
    pub exit: Exit,
}

/// Waits until all of them are ready, or can't be any more, at most so long; how that ended, in their order. `None`: it
/// was interrupted. Their states are told on stderr as they change, and so is each end.
pub async fn until_ready(
    cx: &Context,
    interrupts: &Interrupts,
    endpoints: &[Awaited],
    timeout: Duration,
) -> Vec<Option<WaitEnd>> {
    let room = concurrent::room();
    let wait = async |one: &Awaited| {
        let mut now = LastLook::default();
        let waited = tokio::time::timeout(timeout, decided(cx, Poller::at(cx, &one.id, &room), one, &mut now));
        let ended = match interrupts.unless(waited).await {
            Err(_) => return None,
            Ok(waited) => waited.ok(),
        };
        let end = end(one, &now, ended, timeout);
        let line = match end.is_warning {
            false => output::safe(&end.sentence),
            true => output::warning(&end.sentence),
        };
        output::note(&line);
        Some(end)
    };
    concurrent::all(endpoints, wait).await
}

/// What the newest look saw.
#[derive(Default)]
struct LastLook {
    words: String,
    missing: String,
    since_save: bool,
    /// Why it can't be read since.
    trouble: String,
}

/// The verdict that ends it, in words that say which endpoint.
async fn decided(
    cx: &Context,
    mut looks: Poller<'_>,
    one: &Awaited,
    last: &mut LastLook,
) -> Result<(Verdict, String), ApiError> {
    let mut counted = one.saved.clone().map(|(start, at)| RolloutWatch::of_save(start, at));
    loop {
        let (now, asked) = match looks.next().await? {
            Polled::At(now, asked) => (now, asked),
            Polled::Failed(error) => {
                output::note(&output::faint(&output::safe(&poll::still_looking(&error))));
                last.trouble = format!(" {}", error.happened());
                continue;
            }
        };
        let rollout = match &mut counted {
            Some(rollout) => rollout,
            none => none.insert(RolloutWatch::of(cx, now).await),
        };
        let verdict = rollout.look(asked, now);
        let words = rollout.words(&now.status, &verdict);
        if words != last.words {
            let line = output::safe(&format!("{}: {words}", one.title));
            output::note(&output::faint(&line));
        }
        *last = LastLook {
            words,
            missing: verdict.words(),
            since_save: rollout.is_of_a_save(),
            trouble: String::new(),
        };
        let sentence = match &verdict {
            Verdict::Going(_) => continue,
            Verdict::Ready(_) | Verdict::Overtaken(_) => format!("{} is as asked for: {}.", one.title, verdict.words()),
            Verdict::Failed(failure) => rollout.failed((&one.id, &one.title), "as asked for", failure),
        };
        return Ok((verdict, sentence));
    }
}

fn end(
    one: &Awaited,
    last: &LastLook,
    ended: Option<Result<(Verdict, String), ApiError>>,
    timeout: Duration,
) -> WaitEnd {
    let since_save = last.since_save;
    let title = &one.title;
    let (verdict, sentence, exit) = match ended {
        Some(Ok((verdict, sentence))) => {
            let exit = match verdict {
                Verdict::Failed(_) => Exit::RolloutFailed,
                _ => Exit::Done,
            };
            let rollout = RolloutJson::of(&verdict, since_save);
            return WaitEnd {
                rollout,
                sentence,
                is_warning: !matches!(verdict, Verdict::Ready(_)),
                exit,
            };
        }
        Some(Err(error)) => {
            let why = error.happened();
            let sentence = format!("Whether the workers of {title} are as asked for is not known. {why}");
            ("unknown", sentence, exit_of(&error))
        }
        None if last.words.is_empty() => {
            let seconds = timeout.as_secs();
            let sentence = format!(
                "Whether the workers of {title} are as asked for is not known: it could not be read for {seconds} s.{}",
                last.trouble
            );
            ("unknown", sentence, Exit::Unreachable)
        }
        None => {
            let (seconds, words, trouble) = (timeout.as_secs(), &last.words, &last.trouble);
            let sentence = format!(
                "The workers of {title} were not as asked for within {seconds} s: {words}.{trouble} `novita-edit show` tells how \
                 they are; --timeout waits longer."
            );
            ("going", sentence, Exit::Unreachable)
        }
    };
    let message = if verdict == "going" {
        last.missing.clone()
    } else {
        sentence.clone()
    };
    let rollout = RolloutJson {
        verdict,
        since_save,
        message,
    };
    WaitEnd {
        rollout,
        sentence,
        is_warning: true,
        exit,
    }
}
