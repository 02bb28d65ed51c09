//! A stored endpoint and how its state and its workers move after a change.
//!
//! Nothing ticks: what has happened by now follows from when the last change was, at each look. An accepted update
//! shows as `updating` for a while, and on demand not at once. A change of what runs (image, port, envs, volumes, health
//! check, cluster, GPUs) replaces the workers: new ones go pending → running → healthy, then the old ones are removed.
//! Any other change only keeps their number within minNum–maxNum. A rollout that fails on demand leaves the new workers
//! with an error, and the old ones where they are.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::change::UpdateRequest;
use super::clock::Timing;
use super::dice::Dice;

#[derive(Debug)]
pub(super) struct Stored {
    /// The state once all motion is over, and the workers as they would be written without any.
    plain: Value,
    /// The state until the newest update shows, and when that is.
    unnoticed: Option<(Value, Duration)>,
    updating_until: Duration,
    lives: BTreeMap<String, Life>,
    workers_made: u64,
    stale: Option<(Value, Stale)>,
    /// What was stored before the newest change.
    former: Option<Value>,
}

/// When a worker came and goes, both since the server's start. One without an entry stays as it is written.
#[derive(Clone, Copy, Debug, Default)]
struct Life {
    born: Option<Duration>,
    removed: Option<Duration>,
}

/// How long reads still show what was stored before an update.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stale {
    Reads(u32),
    Until(Duration),
}

/// A rollout that comes to no good end.
#[derive(Clone, Debug)]
pub(super) struct FailedRollout {
    pub(super) endpoint: bool,
    pub(super) error: String,
    pub(super) message: String,
}

impl Stored {
    pub(super) fn new(plain: Value, now: Duration) -> Self {
        let lives = workers(&plain)
            .iter()
            .filter(|worker| state_of(worker) == "removed")
            .map(|worker| {
                let life = Life {
                    removed: Some(now),
                    ..Life::default()
                };
                (id_of(worker), life)
            })
            .collect();
        Self {
            plain,
            unnoticed: None,
            updating_until: Duration::ZERO,
            lives,
            workers_made: 0,
            stale: None,
            former: None,
        }
    }

    pub(super) fn id(&self) -> &str {
        self.plain["id"].as_str().unwrap_or_default()
    }

    /// What is stored, with state and workers as they are now.
    pub(super) fn now(&self, timing: &Timing) -> Value {
        let now = timing.now();
        let mut seen = self.plain.clone();
        match &self.unnoticed {
            Some((state, until)) if now < *until => seen["state"] = state.clone(),
            _ if now < self.updating_until => seen["state"] = state("updating"),
            _ => {}
        }
        if let Some(workers) = seen.get_mut("workers").and_then(Value::as_array_mut) {
            workers.retain_mut(|worker| match self.lives.get(&id_of(worker)) {
                Some(life) => life.show(worker, now, timing),
                None => true,
            });
        }
        seen
    }

    /// What a `GET /endpoint` shows; counts as one read of a stale answer.
    pub(super) fn read(&mut self, timing: &Timing) -> Value {
        let seen = self.listed(timing);
        if let Some((_, Stale::Reads(left))) = &mut self.stale {
            *left -= 1;
            if *left == 0 {
                self.stale = None;
            }
        }
        seen
    }

    /// What a replica shows that lags behind: what was stored before the newest change.
    pub(super) fn former(&self, timing: &Timing) -> Value {
        self.former.clone().unwrap_or_else(|| self.now(timing))
    }

    /// What a list shows: stale where reads are, without counting as one.
    pub(super) fn listed(&mut self, timing: &Timing) -> Value {
        if let Some((_, Stale::Until(end))) = self.stale
            && timing.now() >= end
        {
            self.stale = None;
        }
        match &self.stale {
            Some((old, _)) => old.clone(),
            None => self.now(timing),
        }
    }

    /// From here on, reads show what is stored now, for a while.
    pub(super) fn freeze_reads(&mut self, stale: Stale, timing: &Timing) {
        if !matches!(stale, Stale::Reads(0)) {
            self.stale = Some((self.now(timing), stale));
        }
    }

    /// Somebody else's change: stored as it is made. State and workers that it touches stand still from then on.
    pub(super) fn edit(&mut self, timing: &Timing, edit: impl FnOnce(&mut Value)) {
        let before = self.now(timing);
        self.former = Some(before.clone());
        let mut after = before.clone();
        edit(&mut after);
        if after.get("state") != before.get("state") {
            self.updating_until = Duration::ZERO;
            self.unnoticed = None;
        } else if let Some(settled) = self.plain.get("state") {
            after["state"] = settled.clone();
        }
        let mut moving = BTreeMap::new();
        if let Some(list) = after.get_mut("workers").and_then(Value::as_array_mut) {
            for worker in list {
                let id = id_of(worker);
                let untouched = workers(&before).contains(worker);
                if let Some(life) = self.lives.get(&id).filter(|_| untouched)
                    && let Some(plain) = workers(&self.plain).iter().find(|it| id_of(it) == id)
                {
                    *worker = plain.clone();
                    moving.insert(id, *life);
                }
            }
        }
        self.lives = moving;
        self.plain = after;
    }

    /// An accepted update; `fails`: what comes of its workers and of the endpoint.
    pub(super) fn change(&mut self, change: &UpdateRequest, fails: Option<&FailedRollout>, timing: &Timing) {
        let now = timing.now();
        let seen = self.now(timing);
        let begins = now + timing.pace.noticing;
        self.unnoticed = Some((seen["state"].clone(), begins));
        self.former = Some(seen);
        let before = self.plain.clone();
        if let Some(endpoint) = self.plain.as_object_mut() {
            change.write_to(endpoint);
        }
        self.updating_until = begins + timing.pace.updating;
        self.forget_vanished(now, timing);

        let replaced = RUNS_ON
            .iter()
            .any(|pointer| before.pointer(pointer) != self.plain.pointer(pointer));
        match state_of(&self.plain) {
            "failed" if replaced => self.plain["state"] = state("serving"),
            "serving" | "updating" | "creating" | "pending" => {}
            // Nothing runs and nothing will: the configuration alone has changed.
            _ => return,
        }
        if let Some(fails) = fails.filter(|fails| fails.endpoint) {
            self.plain["state"] = fails.state();
        }

        let live = self.live();
        let (least, most) = worker_range(&self.plain);
        let wanted = live.len().max(least).min(most.max(least));
        let missing = if replaced {
            wanted
        } else {
            wanted.saturating_sub(live.len())
        };
        for _ in 0..missing {
            self.start_worker(begins, fails, timing);
        }
        if !replaced {
            // The newest go first: they have the least in their caches.
            live.iter().skip(wanted).for_each(|id| self.remove(id, begins));
        } else if fails.is_none() {
            let end = begins + timing.pace.pending + timing.pace.warming + timing.pace.draining;
            live.iter().for_each(|id| self.remove(id, end));
        }
    }

    fn live(&self) -> Vec<String> {
        workers(&self.plain)
            .iter()
            .map(id_of)
            .filter(|id| self.lives.get(id).is_none_or(|life| life.removed.is_none()))
            .collect()
    }

    fn remove(&mut self, id: &str, at: Duration) {
        self.lives.entry(id.to_owned()).or_default().removed = Some(at);
    }

    fn start_worker(&mut self, now: Duration, fails: Option<&FailedRollout>, timing: &Timing) {
        self.workers_made += 1;
        let mut dice = Dice::for_text(self.workers_made, self.id());
        let id = format!("wk_{:08x}", dice.next() >> 32);
        let worker = json!({
            "id": id,
            "state": fails.map_or_else(|| state("running"), FailedRollout::state),
            "healthy": fails.is_none(),
            "drain": false,
            "log": "",
            "metrics": {},
            "createdAt": timing.clock.epoch_seconds(now),
            "readyAt": timing.clock.epoch_seconds(now + timing.pace.pending + timing.pace.warming),
            "deletedAt": 0,
        });
        match self.plain.get_mut("workers").and_then(Value::as_array_mut) {
            Some(workers) => workers.push(worker),
            None => self.plain["workers"] = json!([worker]),
        }
        let life = Life {
            born: Some(now),
            removed: None,
        };
        self.lives.insert(id, life);
    }

    fn forget_vanished(&mut self, now: Duration, timing: &Timing) {
        let gone = |life: &Life| life.removed.is_some_and(|at| now >= at + timing.pace.removed);
        let lives = &mut self.lives;
        if let Some(workers) = self.plain.get_mut("workers").and_then(Value::as_array_mut) {
            workers.retain(|worker| !lives.get(&id_of(worker)).is_some_and(gone));
        }
        lives.retain(|_, life| !gone(life));
    }
}

impl Life {
    /// Writes the worker's state at `now`; false when it is listed no more.
    fn show(&self, worker: &mut Value, now: Duration, timing: &Timing) -> bool {
        if let Some(removed) = self.removed {
            if now >= removed + timing.pace.removed {
                return false;
            }
            if now >= removed {
                worker["state"] = state("removed");
                worker["healthy"] = false.into();
                if worker["deletedAt"].as_u64().unwrap_or(0) == 0 {
                    worker["deletedAt"] = timing.clock.epoch_seconds(removed).into();
                }
                return true;
            }
            worker["drain"] = true.into();
        }
        if let Some(born) = self.born {
            if now < born {
                return false;
            }
            let runs = born + timing.pace.pending;
            if now < runs {
                worker["state"] = state("pending");
            }
            if now < runs + timing.pace.warming {
                worker["healthy"] = false.into();
                worker["readyAt"] = 0.into();
            }
        }
        true
    }
}

/// What workers are made of: where one of these differs, running workers are replaced.
const RUNS_ON: [&str; 7] = [
    "/image",
    "/ports",
    "/envs",
    "/volumeMounts",
    "/healthy",
    "/clusterID",
    "/workerConfig/gpuNum",
];

fn worker_range(endpoint: &Value) -> (usize, usize) {
    let number = |key: &str| {
        endpoint["workerConfig"][key]
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(0)
    };
    (number("minNum"), number("maxNum"))
}

fn workers(endpoint: &Value) -> &[Value] {
    endpoint
        .get("workers")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn id_of(worker: &Value) -> String {
    worker.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn state_of(value: &Value) -> &str {
    value
        .pointer("/state/state")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

impl FailedRollout {
    fn state(&self) -> Value {
        json!({ "state": "failed", "error": self.error, "message": self.message })
    }
}

fn state(word: &str) -> Value {
    json!({ "state": word, "error": "", "message": "" })
}
