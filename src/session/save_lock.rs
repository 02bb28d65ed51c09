//! Waiting for the disk without stopping anything else, and there for the lock of a save: on one machine one save of an
//! endpoint at a time, from its check to its verification.
//!
//! The API has no condition on an update: between the answer to a check and the send lies a gap, in which somebody
//! else's complete save would be overwritten unseen. Between programs on one machine this closes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::store::{LeftSend, SaveLock, SaveLockAttempt, SendId, SendLog};

/// How long something waits for a disk that doesn't answer before it goes on without.
pub const DISK_PATIENCE: Duration = Duration::from_secs(4);

/// Does something that may wait for the disk, where that stops nothing else.
pub async fn on_a_thread_that_may_wait<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime cancels only when it ends itself.
            Err(_) => std::future::pending().await,
        },
    }
}

/// The same for as long as a disk is waited for; `None`: it doesn't answer.
pub async fn in_time<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Option<R> {
    let done = on_a_thread_that_may_wait(work);
    tokio::time::timeout(DISK_PATIENCE, done).await.ok()
}

/// The same with work that may fail.
///
/// # Errors
/// Why it failed, or that the disk doesn't answer.
pub async fn tried_in_time<R: Send + 'static>(
    work: impl FnOnce() -> Result<R, String> + Send + 'static,
) -> Result<R, String> {
    in_time(work).await.unwrap_or_else(|| Err(SILENT.to_owned()))
}

/// How long somebody else's save is waited for: longer than one usually takes with all its repetitions. In debug builds
/// `NOVITA_EDIT_TEST_TURN`, milliseconds, for tests of the whole program.
pub fn save_lock_patience() -> Duration {
    #[cfg(debug_assertions)]
    if let Some(milliseconds) = std::env::var("NOVITA_EDIT_TEST_TURN")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Duration::from_millis(milliseconds);
    }
    Duration::from_secs(30)
}

/// How often it is looked whether it is over.
const PAUSE: Duration = Duration::from_millis(20);

/// How long the mark of a send is waited for before its bytes go out.
const MARKED_WITHIN: Duration = Duration::from_millis(50);

/// Why nothing is known of a disk that keeps silent.
const SILENT: &str = "the disk does not answer";

/// The lock of a save, until it is given back or dropped.
#[derive(Debug)]
pub struct HeldSaveLock(Option<Arc<SaveLock>>);

impl HeldSaveLock {
    /// A send of somebody else that may still be on its way: until its time is over, or the history tells what came of
    /// it.
    pub async fn left_send(&self, send_log: &SendLog, id: &str) -> Option<LeftSend> {
        let left = self.0.as_ref()?.left_send().cloned()?;
        let Some(send) = left.send.clone() else {
            return Some(left);
        };
        let (send_log, id) = (send_log.clone(), id.to_owned());
        let is_settled = in_time(move || send_log.is_settled(&id, &send)).await;
        if let Some(Ok(true)) = is_settled {
            self.is_settled();
            return None;
        }
        Some(left)
    }

    /// The next bytes are those of the send, which may be on its way until then: for whoever comes next. A disk that
    /// doesn't answer at once isn't waited for.
    pub async fn sends_until(&mut self, until: Timestamp, send: Option<SendId>) {
        let Some(lock) = self.0.clone() else { return };
        let mark = on_a_thread_that_may_wait(move || lock.sends_until(until, send));
        if tokio::time::timeout(MARKED_WITHIN, mark).await.is_err() {
            tracing::warn!("the save's lock could not be marked in time");
        }
    }

    /// What came of the send is known, and nothing is on its way any more.
    pub fn is_settled(&self) {
        if let Some(lock) = &self.0 {
            lock.is_settled();
        }
    }

    /// Gives it back, and waits until that is done, as long as the disk answers.
    pub async fn give_back(mut self) {
        if let Some(lock) = self.0.take() {
            in_time(move || drop(lock)).await;
        }
    }
}

/// Not on the thread of whoever drops it: the disk may take its time.
impl Drop for HeldSaveLock {
    fn drop(&mut self) {
        if let (Some(lock), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn_blocking(move || drop(lock));
        }
    }
}

/// Waits until nobody else on this machine saves the endpoint, at most for `patience`. `on_wait` is called once, if
/// there is somebody to wait for. `None`: whether somebody does can't be known, which `on_unknown` is told with the
/// reason; nothing is kept apart then. Dropping the future gives up.
///
/// # Errors
/// The sentence that says that somebody saved it all the while.
pub async fn wait_for_save_lock(
    send_log: &SendLog,
    id: &str,
    patience: Duration,
    on_wait: impl FnOnce(),
    on_unknown: impl FnOnce(&str),
) -> Result<Option<HeldSaveLock>, String> {
    let unknown = |why: &str| {
        on_unknown(why);
        Ok(None)
    };
    let start = Instant::now();
    let mut on_wait = Some(on_wait);
    let files = {
        let (send_log, id) = (send_log.clone(), id.to_owned());
        match in_time(move || send_log.endpoint_files(&id)).await {
            None => return unknown(SILENT),
            Some(Err(why)) => return unknown(&why),
            Some(Ok(files)) => files,
        }
    };
    loop {
        let asked = files.clone();
        let owner = match in_time(move || asked.try_save_lock()).await {
            None => return unknown(SILENT),
            Some(Err(error)) => return unknown(&error.to_string()),
            Some(Ok(SaveLockAttempt::Yours(lock))) => return Ok(Some(HeldSaveLock(Some(Arc::new(lock))))),
            Some(Ok(SaveLockAttempt::Taken(owner))) => owner,
        };
        if start.elapsed() >= patience {
            let who = owner.map_or_else(String::new, |owner| {
                format!(" (process {} on {})", owner.pid, owner.host)
            });
            let seconds = patience.as_secs();
            return Err(format!(
                "Another novita-edit{who} on this machine is saving this endpoint; waited {seconds} s."
            ));
        }
        if let Some(on_wait) = on_wait.take() {
            on_wait();
        }
        tokio::time::sleep(PAUSE).await;
    }
}
