//! Runs a [`Save`] over a client. What is sent goes into the history, before its bytes go out, and then what came of
//! it.

use hyper::body::Bytes;

use super::review::ReviewedBody;
use super::save::{Answer, Next, Outcome, Progress, Request, Save};
use super::save_lock::{in_time, on_a_thread_that_may_wait};
use crate::api::Client;
use crate::config::Timeouts;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::store::{SendId, SendLog, SendOutcome};

/// Whether a send is written into the history before it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// It is.
    Wanted,
    /// The disk doesn't answer, and that was told: nobody waits for it once more.
    LeftOut,
}

/// Who is told of a save on its way, and asked before anything goes out. Whatever it does is waited for.
pub trait SaveObserver {
    /// A step begins, before its pause and its request.
    fn progress(&mut self, progress: Progress);

    /// The body is about to be sent, and nothing of that is in the history yet: whether it may, and whether it is to be
    /// recorded. It is not where the disk doesn't answer and that was told before.
    ///
    /// # Errors
    /// The sentence that says why not. Then nothing is written and nothing sent.
    fn may_send(&mut self) -> impl Future<Output = Result<Recording, String>>;

    /// The send can't be written into the history, and why not, as the end of a sentence. It is sent all the same: a
    /// full disk keeps nobody from saving.
    fn not_recorded(&mut self, why: String);

    /// The last word before the body goes out, with the send in the history.
    ///
    /// # Errors
    /// The sentence that says why it is not wanted any more. Then nothing is sent.
    fn still_wanted(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Does what the save asks until it is over. What is sent is recorded before its bytes go out; what came of it is the
/// caller's to record ([`Recorder::after`]).
///
/// Dropping the future cancels the waiting, not what the server may already have taken.
pub async fn drive(
    client: &Client,
    (mut save, first): (Save, Request),
    recorder: &mut Recorder,
    observer: &mut impl SaveObserver,
) -> Box<Outcome> {
    let mut request = first;
    loop {
        let answer = match request {
            Request::Read(pause) => {
                observer.progress(save.progress());
                tokio::time::sleep(pause).await;
                Answer::Read(Box::new(client.endpoint(save.id()).await))
            }
            Request::Send(body) => {
                let recording = match observer.may_send().await {
                    Ok(recording) => recording,
                    Err(why) => return Box::new(Outcome::Forbidden(why)),
                };
                if recording == Recording::Wanted
                    && let Err(why) = recorder.before_send(save.base(), &body).await
                {
                    observer.not_recorded(why);
                }
                if let Err(why) = observer.still_wanted() {
                    return Box::new(Outcome::Forbidden(why));
                }
                // Only from here on may something have been sent.
                observer.progress(save.progress());
                Answer::Sent(client.update(Bytes::from_owner(body)).await)
            }
        };
        match save.answer(answer) {
            Next::Do(next) => request = next,
            Next::Done(outcome) => return outcome,
        }
    }
}

/// Writes one save into the history.
#[derive(Clone, Debug)]
pub struct Recorder {
    send_log: SendLog,
    /// The send that is recorded, until its outcome is.
    send: Option<SendId>,
    /// What was there before.
    before: Option<EndpointConfig>,
}

impl Recorder {
    /// For one save.
    pub fn new(send_log: SendLog) -> Self {
        Self {
            send_log,
            send: None,
            before: None,
        }
    }

    /// Notes a send that is about to go out. One that never left and goes again is the same one.
    ///
    /// # Errors
    /// A sentence: it isn't noted. That is no reason not to send.
    pub async fn before_send(&mut self, base: &LoadedEndpoint, body: &ReviewedBody) -> Result<(), String> {
        if self.send.is_some() {
            return Ok(());
        }
        self.before = Some(base.config.clone());
        let timeout = Timeouts::default().total;
        let (send_log, base, body) = (self.send_log.clone(), base.clone(), body.shared_config());
        let noted = in_time(move || send_log.record_send(&base, &body, timeout)).await;
        self.send = Some(noted.unwrap_or_else(|| Err("the disk does not answer".to_owned()))?);
        Ok(())
    }

    /// Notes what came of it; of a save that only verified, of the send that it asked after.
    ///
    /// # Errors
    /// A sentence: it isn't noted.
    pub fn after(self, outcome: &Outcome, body: &ReviewedBody) -> impl Future<Output = Result<(), String>> + use<> {
        // The server may have repeated a value, which belongs in no sentence on disk.
        let hidden = |why| {
            let known = [body.config()].into_iter().chain(&self.before);
            self.send_log.redactor().said(why, known)
        };
        let recorded = outcome.recorded(self.send.is_some()).map(|recorded| match recorded {
            SendOutcome::Refused(why) => SendOutcome::Refused(hidden(why)),
            SendOutcome::NotSent(why) => SendOutcome::NotSent(hidden(why)),
            other => other,
        });
        let (send_log, send, body) = (self.send_log, self.send, body.shared_config());
        async move {
            match recorded {
                Some(recorded) => {
                    on_a_thread_that_may_wait(move || send_log.record_outcome(send, &body, recorded)).await
                }
                None => Ok(()),
            }
        }
    }
}
