//! A save on the loop's behalf: its steps are told, and what is sent goes into the history.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::clock::time_of_day;
use super::rollout;
use super::storage::FileStorage;
use crate::api::Client;
use crate::session::{
    DISK_PATIENCE, HeldSaveLock, Outcome, Progress, Recorder, Recording, Request, Rollout, Save, SaveObserver, Step,
    drive, newest_rollout, on_a_thread_that_may_wait, save_lock_patience, time_of_day as time_at, wait_for_save_lock,
};
use crate::store::SendId;
use crate::tui::event::Event;

/// Tells the loop of a save's steps, and looks whether this editor may still send.
struct LoopObserver<T> {
    tell: T,
    storage: FileStorage,
    lock: Option<HeldSaveLock>,
}

impl<T: Fn(Event)> SaveObserver for LoopObserver<T> {
    fn progress(&mut self, progress: Progress) {
        if progress.step == Step::Look {
            // It may take a while, and nobody waits for that.
            drop(self.lock.take());
        }
        (self.tell)(Event::SaveStep(progress));
    }

    async fn may_send(&mut self) -> Result<Recording, String> {
        let storage = self.storage.clone();
        let done = on_a_thread_that_may_wait(move || storage.may_send());
        match tokio::time::timeout(DISK_PATIENCE, done).await {
            Err(_) if self.storage.warned_of_silence() => Ok(Recording::LeftOut),
            Err(_) => Err(
                "the disk does not answer, so whether another editor took this endpoint over can't be seen. \
                 Sending again sends all the same."
                    .to_owned(),
            ),
            Ok(Err((lost, why))) => {
                (self.tell)(Event::Kept(lost));
                Err(why)
            }
            Ok(Ok(())) => Ok(Recording::Wanted),
        }
    }

    fn not_recorded(&mut self, why: String) {
        (self.tell)(Event::NotRecorded(why));
    }

    async fn goes_out(&mut self, until: Timestamp, send: Option<SendId>) {
        if let Some(lock) = &mut self.lock {
            lock.sends_until(until, send).await;
        }
    }

    fn stays(&mut self) {
        if let Some(lock) = &self.lock {
            lock.is_settled();
        }
    }
}

/// Waits until no other novita-edit on this machine saves the endpoint.
///
/// # Errors
/// The sentence that says that one did all the while, or left a send on its way that may still arrive: asked for again,
/// it is sent all the same.
async fn lock(storage: &FileStorage, save: &Save, tell: &impl Fn(Event)) -> Result<Option<HeldSaveLock>, String> {
    // Each demo is a world of its own, and reading disturbs nobody.
    if storage.is_demo() || save.progress().step == Step::Verify {
        return Ok(None);
    }
    let wait = || {
        tell(Event::SaveStep(Progress {
            step: Step::SaveLock,
            again: None,
        }));
    };
    // That nothing can be kept there was told when the endpoint was opened.
    let unknown = |why: &str| tracing::warn!(why, "whether another program saves this endpoint can't be known");
    let held = wait_for_save_lock(storage.send_log(), save.id(), save_lock_patience(), wait, unknown).await?;
    let left = match &held {
        Some(lock) => lock.left_send(storage.send_log(), save.id()).await,
        None => None,
    };
    match left {
        Some(left) if !storage.warned_of_left_send(left.until) => {
            let what = if left.by.is_this_process() {
                "your last update".to_owned()
            } else {
                format!("an update that another novita-edit (process {}) sent", left.by.pid)
            };
            let until = time_at(left.until);
            Err(format!(
                "{what} may still arrive, until {until}. Sending again sends all the same."
            ))
        }
        _ => Ok(held),
    }
}

/// Runs a save; tells its steps and its end, and records what was sent. Then it looks on until the workers are there.
pub(super) async fn save(client: &Client, storage: FileStorage, started: (Save, Request), tell: impl Fn(Event)) {
    let body = started.0.body().clone();
    let (send_log, is_demo) = (storage.send_log().clone(), storage.is_demo());
    let trusted = storage.told_own_send();
    let mut recorder = Recorder::new(send_log.clone(), client.timeouts().total).trusting(trusted);
    if is_demo {
        recorder = recorder.without_past();
    }
    let outcome = match lock(&storage, &started.0, &tell).await {
        Ok(lock) => {
            let mut observer = LoopObserver {
                tell: &tell,
                storage,
                lock,
            };
            let outcome = drive(client, started, &mut recorder, &mut observer).await;
            // Kept until the verification is over; and what may still be on its way stays known to whoever comes next.
            if let Some(lock) = observer.lock.take().filter(|_| outcome.open_send().is_none()) {
                lock.is_settled();
            }
            if let Outcome::ServerChanged {
                as_before: Some(own), ..
            } = &*outcome
            {
                observer.storage.tells_own_send(own.at.clone());
            }
            outcome
        }
        Err(why) => Box::new(Outcome::Forbidden(why)),
    };
    let id = body.config().id.clone();
    let saved = match &*outcome {
        Outcome::Saved { fresh, .. } => Some(fresh.config.clone()),
        _ => None,
    };
    let counted = recorder.rollout(&outcome);
    let noted = recorder.after(&outcome, &body);
    // What is known is told first: the disk may take its time.
    tell(Event::SaveDone(outcome, time_of_day()));
    if let Err(why) = noted.await {
        tell(Event::NotRecorded(why));
    }
    let Some(saved) = saved else { return };
    let counted = match counted {
        Some((start, at)) => Some((start, (Duration::ZERO, at))),
        // What was only read back began with a send that the history tells of.
        None if is_demo => None,
        None => {
            let newest = newest_rollout(&send_log, &saved).await.unwrap_or_default();
            newest.map(|(start, age)| (start, (age, Instant::now())))
        }
    };
    if let Some((start, at)) = counted {
        rollout::watch(client, &id, Rollout::new(Some(start)), at, &tell).await;
    }
}
