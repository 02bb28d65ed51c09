//! What is sent goes into the history, before its bytes go out, and then what came of it.

use super::disk::{in_time, on_a_thread_that_may_wait};
use super::review::ReviewedBody;
use super::save::Outcome;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::store::{SendId, SendLog, SendOutcome};

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
        let (send_log, base, body) = (self.send_log.clone(), base.clone(), body.shared_config());
        let noted = in_time(move || send_log.record_send(&base, &body)).await;
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
