//! The turn to save an endpoint: on one machine one save at a time, from its check to its verification.
//!
//! The API has no condition on an update: between the answer to a check and the send lies a gap, in which somebody else's
//! complete save would be overwritten unseen. Between programs on one machine this closes it.

use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::disk::in_time;
use crate::store::{self, SendLock, Sends};

/// How long somebody else's save is waited for: longer than one usually takes with all its repetitions.
pub const TURN_PATIENCE: Duration = Duration::from_secs(30);
/// [`TURN_PATIENCE`]; in debug builds `NOVITA_EDIT_TEST_TURN`, milliseconds, for tests of the whole program.
pub fn turn_patience() -> Duration {
    #[cfg(debug_assertions)]
    if let Some(milliseconds) = std::env::var("NOVITA_EDIT_TEST_TURN")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Duration::from_millis(milliseconds);
    }
    TURN_PATIENCE
}

/// How often it is looked whether it is over.
const PAUSE: Duration = Duration::from_millis(20);

/// The turn, until it is given back or dropped.
#[derive(Debug)]
pub struct Held(Option<SendLock>);

impl Held {
    /// Gives it back, and waits until that is done, as long as the disk answers.
    pub async fn give_back(mut self) {
        if let Some(lock) = self.0.take() {
            in_time(move || drop(lock)).await;
        }
    }
}

/// Not on the thread of whoever drops it: the disk may take its time.
impl Drop for Held {
    fn drop(&mut self) {
        if let (Some(lock), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn_blocking(move || drop(lock));
        }
    }
}

/// What came of waiting for the turn.
#[derive(Debug)]
pub enum Turn {
    /// Nobody else on this machine saves the endpoint while it is held.
    Yours(Held),
    /// Whether somebody does can't be known, and why not; nothing is kept apart then.
    Unknown(String),
    /// Somebody did all the while: the sentence.
    Busy(String),
}

/// Waits until nobody else on this machine saves the endpoint, at most for `patience`. `on_wait` is called once, if there
/// is somebody to wait for. Dropping the future gives up.
pub async fn turn(sends: &Sends, id: &str, patience: Duration, on_wait: impl FnOnce()) -> Turn {
    let silent = || Turn::Unknown("the disk does not answer".to_owned());
    let start = Instant::now();
    let mut on_wait = Some(on_wait);
    let shelf = {
        let (sends, id) = (sends.clone(), id.to_owned());
        match in_time(move || sends.shelf(&id)).await {
            None => return silent(),
            Some(Err(why)) => return Turn::Unknown(why),
            Some(Ok(shelf)) => shelf,
        }
    };
    loop {
        let asked = shelf.clone();
        let owner = match in_time(move || asked.take_turn()).await {
            None => return silent(),
            Some(Err(error)) => return Turn::Unknown(error.to_string()),
            Some(Ok(store::Turn::Yours(lock))) => return Turn::Yours(Held(Some(lock))),
            Some(Ok(store::Turn::Taken(owner))) => owner,
        };
        if start.elapsed() >= patience {
            let who = owner.map_or_else(String::new, |owner| {
                format!(" (process {} on {})", owner.pid, owner.host)
            });
            let seconds = patience.as_secs();
            return Turn::Busy(format!(
                "Another novita-edit{who} has been saving this endpoint for {seconds} s."
            ));
        }
        if let Some(on_wait) = on_wait.take() {
            on_wait();
        }
        tokio::time::sleep(PAUSE).await;
    }
}
