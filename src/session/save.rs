//! A save, step by step: check, send, verify. Pure: it is told answers and says what to ask next.

use std::time::Duration;

use super::review::ReviewedBody;
use crate::api::ApiError;
use crate::endpoint::diff::{self, Change};
use crate::endpoint::{EndpointConfig, FieldId, LoadedEndpoint};

/// Reads of the verification after the first, a second apart.
const VERIFY_AGAIN: u8 = 3;
const VERIFY_PAUSE: Duration = Duration::from_secs(1);

/// Which of its three steps a save is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the endpoint again; nothing was sent.
    Check,
    /// The update is under way.
    Send,
    /// Reading back; `again` counts the reads after the first.
    Verify {
        /// How many reads came before this one.
        again: u8,
    },
}

/// What the save wants done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Read the endpoint, after a pause.
    Read(Duration),
    /// Send these bytes, once.
    Send(ReviewedBody),
}

/// What came of a [`Request`].
#[derive(Debug)]
pub enum Answer {
    /// Of a read.
    Read(Box<Result<LoadedEndpoint, ApiError>>),
    /// Of a send: accepted, or not.
    Sent(Result<(), ApiError>),
}

/// How a save goes on.
#[derive(Debug)]
pub enum Next {
    /// One more request.
    Do(Request),
    /// It is over.
    Done(Box<Outcome>),
}

/// How a save ended.
#[derive(Debug)]
pub enum Outcome {
    /// The endpoint could not be read before sending. Nothing was sent.
    CheckFailed(ApiError),
    /// Something editable changed on the server since it was loaded. Nothing was sent.
    ServerChanged {
        /// What the server has now.
        theirs: Box<LoadedEndpoint>,
        /// From the loaded configuration to theirs.
        changes: Vec<Change>,
    },
    /// The update never reached the server.
    NotSent(ApiError),
    /// The server refused the update.
    Refused(ApiError),
    /// Every sent field read back as sent.
    Saved {
        /// What was read back.
        fresh: Box<LoadedEndpoint>,
        /// What of the platform's own settings moved: name, before, after.
        moved: Vec<(String, String, String)>,
        /// Fields that the server doesn't report, so that they couldn't be compared.
        unreported: Vec<FieldId>,
    },
    /// The server was read, and it doesn't hold what was sent.
    NotSaved {
        /// What was read back.
        fresh: Box<LoadedEndpoint>,
        /// From what was sent to what was read.
        differences: Vec<Change>,
        /// What went wrong while sending; `None`: the server had accepted it.
        send_error: Option<ApiError>,
    },
    /// The server could not be read: nobody knows what it holds.
    NotKnown {
        /// Why it couldn't be read.
        read_error: ApiError,
        /// What went wrong while sending; `None`: the server had accepted it.
        send_error: Option<ApiError>,
    },
}

/// A save under way.
#[derive(Debug)]
pub struct Save {
    base: LoadedEndpoint,
    body: ReviewedBody,
    step: Step,
    send_error: Option<ApiError>,
}

impl Save {
    /// Starts a save of a reviewed body over a base: with the check.
    pub fn start(base: LoadedEndpoint, body: ReviewedBody) -> (Self, Request) {
        let save = Self {
            base,
            body,
            step: Step::Check,
            send_error: None,
        };
        (save, Request::Read(Duration::ZERO))
    }

    /// Only the third step: asks again what the server holds, after a save that ended [`Outcome::NotKnown`].
    pub fn verify(base: LoadedEndpoint, body: ReviewedBody) -> (Self, Request) {
        let save = Self {
            base,
            body,
            step: Step::Verify { again: 0 },
            send_error: None,
        };
        (save, Request::Read(Duration::ZERO))
    }

    /// The step that is under way.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Which endpoint it is about.
    pub fn id(&self) -> &str {
        &self.body.config().id
    }

    /// Takes the answer to the last request.
    pub fn answer(&mut self, answer: Answer) -> Next {
        match (self.step, answer) {
            (Step::Check, Answer::Read(read)) => self.checked(*read),
            (Step::Send, Answer::Sent(sent)) => self.sent(sent),
            (Step::Verify { again }, Answer::Read(read)) => self.verified(again, *read),
            (_, answer) => unreachable!("the driver answers what was asked, not {answer:?} in {:?}", self.step),
        }
    }

    fn checked(&mut self, read: Result<LoadedEndpoint, ApiError>) -> Next {
        let theirs = match read {
            Ok(theirs) => theirs,
            Err(error) => return Next::Done(Box::new(Outcome::CheckFailed(error))),
        };
        let changes = differences(&self.base.config, &theirs.config);
        if !changes.is_empty() {
            return Next::Done(Box::new(Outcome::ServerChanged {
                theirs: Box::new(theirs),
                changes,
            }));
        }
        self.base.facts = theirs.facts;
        self.base.has_health_check = theirs.has_health_check;
        self.step = Step::Send;
        Next::Do(Request::Send(self.body.clone()))
    }

    fn sent(&mut self, sent: Result<(), ApiError>) -> Next {
        match sent {
            Ok(()) => {}
            Err(error) if !error.surely_not_taken() => self.send_error = Some(error),
            Err(error @ ApiError::Refused(_)) => return Next::Done(Box::new(Outcome::Refused(error))),
            Err(error) => return Next::Done(Box::new(Outcome::NotSent(error))),
        }
        self.step = Step::Verify { again: 0 };
        Next::Do(Request::Read(Duration::ZERO))
    }

    fn verified(&mut self, again: u8, read: Result<LoadedEndpoint, ApiError>) -> Next {
        let settled = read
            .as_ref()
            .is_ok_and(|fresh| differences(self.body.config(), &fresh.config).is_empty());
        if !settled && again < VERIFY_AGAIN {
            self.step = Step::Verify { again: again + 1 };
            return Next::Do(Request::Read(VERIFY_PAUSE));
        }
        let send_error = self.send_error.take();
        Next::Done(Box::new(match read {
            // Old values may have been read before; but what the server holds now is what nobody knows.
            Err(read_error) => Outcome::NotKnown { read_error, send_error },
            Ok(fresh) if settled => Outcome::Saved {
                moved: self.base.facts.settings_changed(&fresh.facts),
                unreported: unreported(&fresh.config),
                fresh: Box::new(fresh),
            },
            Ok(fresh) => Outcome::NotSaved {
                differences: differences(self.body.config(), &fresh.config),
                fresh: Box::new(fresh),
                send_error,
            },
        }))
    }
}

/// What was read differs from what was expected. A request timeout that isn't reported is no difference.
pub fn differences(expected: &EndpointConfig, read: &EndpointConfig) -> Vec<Change> {
    let mut changes = diff::changes(expected, read);
    if read.workers.request_timeout.is_unknown() {
        changes.retain(|change| change.field != FieldId::RequestTimeout);
    }
    changes
}

fn unreported(read: &EndpointConfig) -> Vec<FieldId> {
    read.workers
        .request_timeout
        .is_unknown()
        .then_some(FieldId::RequestTimeout)
        .into_iter()
        .collect()
}
