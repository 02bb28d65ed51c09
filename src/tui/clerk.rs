//! A save on the loop's behalf: its steps are told, and what is sent goes into the history.

use super::cabinet::Cabinet;
use super::event::Event;
use crate::api::Client;
use crate::endpoint::LoadedEndpoint;
pub(super) use crate::session::{DISK_PATIENCE, on_a_thread_that_may_wait};
use crate::session::{
    Held, Outcome, Progress, Recorder, Request, ReviewedBody, Save, Step, Turn, Witness, drive, turn, turn_patience,
};

/// Tells the loop of a save's steps, and keeps the history.
struct Clerk<T> {
    tell: T,
    cabinet: Cabinet,
    recorder: Recorder,
}

impl<T: Fn(Event)> Witness for Clerk<T> {
    fn progress(&mut self, progress: Progress) {
        (self.tell)(Event::SaveStep(progress));
    }

    async fn before_send(&mut self, base: &LoadedEndpoint, body: &ReviewedBody) -> Result<(), String> {
        let cabinet = self.cabinet.clone();
        let done = on_a_thread_that_may_wait(move || cabinet.may_send());
        match tokio::time::timeout(DISK_PATIENCE, done).await {
            Err(_) if self.cabinet.warned_of_silence() => return Ok(()),
            Err(_) => {
                return Err(
                    "the disk does not answer, so whether another editor took this endpoint over can't be seen. \
                     Sending again sends all the same."
                        .to_owned(),
                );
            }
            Ok(Err((lost, why))) => {
                (self.tell)(Event::Kept(lost));
                return Err(why);
            }
            Ok(Ok(())) => {}
        }
        // A send isn't kept from going by a full disk.
        if let Err(why) = self.recorder.before_send(base, body).await {
            (self.tell)(Event::NotRecorded(why));
        }
        Ok(())
    }
}

impl<T: Fn(Event)> Clerk<T> {
    /// Waits until no other novita-edit on this machine saves the endpoint.
    ///
    /// # Errors
    /// The sentence that says that one did all the while.
    async fn turn(&self, save: &Save) -> Result<Option<Held>, String> {
        // Each demo is a world of its own, and reading disturbs nobody.
        if self.cabinet.is_demo() || save.progress().step == Step::Verify {
            return Ok(None);
        }
        let wait = || {
            (self.tell)(Event::SaveStep(Progress {
                step: Step::Turn,
                again: None,
            }));
        };
        match turn(self.cabinet.sends(), save.id(), turn_patience(), wait).await {
            Turn::Yours(held) => Ok(Some(held)),
            // That nothing can be kept there was told when the endpoint was opened.
            Turn::Unknown(why) => {
                tracing::warn!(why, "whether another program saves this endpoint can't be known");
                Ok(None)
            }
            Turn::Busy(why) => Err(why),
        }
    }
}

/// Runs a save; tells its steps and its end, and records what was sent.
pub(super) async fn save(client: &Client, cabinet: Cabinet, started: (Save, Request), tell: impl Fn(Event)) {
    let (save, first) = started;
    let body = save.body().clone();
    let mut clerk = Clerk {
        recorder: Recorder::new(cabinet.sends().clone()),
        tell: &tell,
        cabinet,
    };
    // Kept until the verification is over.
    let (turn, outcome) = match clerk.turn(&save).await {
        Ok(turn) => (turn, drive(client, save, first, &mut clerk).await),
        Err(why) => (None, Box::new(Outcome::Forbidden(why))),
    };
    drop(turn);
    let noted = clerk.recorder.after(&outcome, &body);
    // What is known is told first: the disk may take its time.
    tell(Event::SaveDone(outcome, time_of_day()));
    if let Err(why) = noted.await {
        tell(Event::NotRecorded(why));
    }
}

/// Local time of day, `14:03`.
pub(super) fn time_of_day() -> String {
    jiff::Zoned::now().strftime("%H:%M").to_string()
}
