//! What is sent goes into the history, before its bytes go out, and then what came of it.

use super::disk::{in_time, on_a_thread_that_may_wait};
use super::review::ReviewedBody;
use super::save::Outcome;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::store::{SendId, SendOutcome, Sends};

/// Writes one save into the history.
#[derive(Clone, Debug)]
pub struct Recorder {
    sends: Sends,
    /// The send that is recorded, until its outcome is.
    send: Option<SendId>,
    /// What was there before.
    before: Option<EndpointConfig>,
}

impl Recorder {
    /// For one save.
    pub fn new(sends: Sends) -> Self {
        Self {
            sends,
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
        let (sends, base, body) = (self.sends.clone(), base.clone(), body.shared_config());
        let noted = in_time(move || sends.record_send(&base, &body)).await;
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
            self.sends.redactor().said(why, known)
        };
        let recorded = outcome.recorded(self.send.is_some()).map(|recorded| match recorded {
            SendOutcome::Refused(why) => SendOutcome::Refused(hidden(why)),
            SendOutcome::NotSent(why) => SendOutcome::NotSent(hidden(why)),
            other => other,
        });
        let (sends, send, body) = (self.sends, self.send, body.shared_config());
        async move {
            match recorded {
                Some(recorded) => on_a_thread_that_may_wait(move || sends.record_outcome(send, &body, recorded)).await,
                None => Ok(()),
            }
        }
    }
}
