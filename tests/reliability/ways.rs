//! Ways to the server: one client for most rows, two where the requests of one step shall not arrive.

use std::time::Duration;

use novita_edit::api::{Client, ClientOptions};
use novita_edit::config::Timeouts;
use novita_edit::secret::Secret;
use novita_edit::session::{Answer, Next, Outcome, Progress, Recorder, Recording, Request, Save, SaveObserver, Step};
use novita_edit::store::SendLog;

use crate::harness::ID;

pub const KEY: &str = "sk_test";

/// A client that waits so long for an answer.
pub fn client(base: &str, request: Duration) -> Client {
    Client::new(ClientOptions {
        base_url: base.parse().unwrap(),
        key: Secret::new(KEY),
        key_source: "NOVITA_API_KEY".to_owned(),
        timeouts: Timeouts {
            request,
            ..Timeouts::default()
        },
    })
    .unwrap()
}

/// Two ways to one server; the requests of one step take the bad one.
pub struct Clients<'a> {
    pub good: &'a Client,
    pub bad: &'a Client,
    pub step: Step,
}

impl Clients<'_> {
    /// What [`drive`] does, with the client that the step has.
    pub async fn drive(&self, mut save: Save, first: Request, steps: &mut Steps) -> Box<Outcome> {
        let mut request = first;
        loop {
            steps.progress(save.progress());
            let client = if save.progress().step == self.step {
                self.bad
            } else {
                self.good
            };
            let answer = match request {
                Request::Read(pause) => {
                    tokio::time::sleep(pause).await;
                    Answer::Read(Box::new(client.endpoint(ID).await))
                }
                Request::Send(body) => Answer::Sent(client.update(body.bytes().to_vec()).await),
            };
            match save.answer(answer) {
                Next::Do(next) => request = next,
                Next::Done(outcome) => return outcome,
            }
        }
    }
}

/// Records sends nowhere: there is no home directory.
pub fn no_recorder() -> Recorder {
    Recorder::new(
        SendLog::new(None, "https://api.test", &Secret::new(KEY)),
        Timeouts::default().total,
    )
}

/// Writes a save's steps down.
pub struct Steps(pub Vec<Progress>);

impl SaveObserver for Steps {
    fn progress(&mut self, progress: Progress) {
        self.0.push(progress);
    }

    async fn may_send(&mut self) -> Result<Recording, String> {
        Ok(Recording::Wanted)
    }

    fn not_recorded(&mut self, _: String) {}
}
