//! A save on the loop's behalf: its steps are told, and what is sent goes into the history.

use std::time::Duration;

use super::cabinet::Cabinet;
use super::event::Event;
use crate::api::Client;
use crate::endpoint::LoadedEndpoint;
use crate::session::{Progress, Request, ReviewedBody, Save, Witness, drive};
use crate::store::{Kept, SendId};

/// How long something waits for a disk that doesn't answer before it goes on without.
pub(super) const DISK_PATIENCE: Duration = Duration::from_secs(4);

/// Tells the loop of a save's steps, and keeps the history.
struct Clerk<T> {
    tell: T,
    cabinet: Cabinet,
    /// The send that is recorded, until its outcome is.
    send: Option<SendId>,
}

impl<T: Fn(Event)> Witness for Clerk<T> {
    fn progress(&mut self, progress: Progress) {
        (self.tell)(Event::SaveStep(progress));
    }

    async fn before_send(&mut self, base: &LoadedEndpoint, body: &ReviewedBody) -> Result<(), String> {
        let (cabinet, recorded) = (self.cabinet.clone(), self.send.is_some());
        let (base, body) = (base.clone(), body.clone());
        let done = on_a_thread_that_may_wait(move || {
            cabinet.may_send()?;
            // A send that never left and goes again is the same one.
            let record = || cabinet.record_send(&base, body.config());
            Ok::<_, (Kept, String)>((!recorded).then(record))
        });
        let Ok(done) = tokio::time::timeout(DISK_PATIENCE, done).await else {
            if self.cabinet.warned_of_silence() {
                return Ok(());
            }
            return Err(
                "the disk does not answer, so whether another editor took this endpoint over can't be seen. Sending \
                 again sends all the same."
                    .to_owned(),
            );
        };
        let done = match done {
            Ok(done) => done,
            Err((lost, why)) => {
                (self.tell)(Event::Kept(lost));
                return Err(why);
            }
        };
        match done {
            Some(Ok(send)) => self.send = Some(send),
            // A send isn't kept from going by a full disk.
            Some(Err(why)) => (self.tell)(Event::NotRecorded(why)),
            None => {}
        }
        Ok(())
    }
}

/// Does something that may wait for the disk, where that stops nothing else.
pub(super) async fn on_a_thread_that_may_wait<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // A panic there has ended the process, and the runtime cancels only when it ends itself.
        Err(_) => std::future::pending().await,
    }
}

/// Runs a save; tells its steps and its end, and records what was sent.
pub(super) async fn save(client: &Client, cabinet: Cabinet, started: (Save, Request), tell: impl Fn(Event)) {
    let (save, first) = started;
    let body = save.body().shared_config();
    let mut clerk = Clerk {
        tell: &tell,
        cabinet: cabinet.clone(),
        send: None,
    };
    let outcome = drive(client, save, first, &mut clerk).await;
    let recorded = outcome.recorded(clerk.send.is_some());
    let send = clerk.send;
    // What is known is told first: the disk may take its time.
    tell(Event::SaveDone(outcome, time_of_day()));
    if let Some(recorded) = recorded {
        let done = on_a_thread_that_may_wait(move || cabinet.record_outcome(send, &body, recorded));
        if let Err(why) = done.await {
            tell(Event::NotRecorded(why));
        }
    }
}

/// Local time of day, `14:03`.
pub(super) fn time_of_day() -> String {
    jiff::Zoned::now().strftime("%H:%M").to_string()
}
