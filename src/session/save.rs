//! A save, step by step: check, send, verify. Pure: it is told answers and says what to ask next.

use std::time::Duration;

use super::retry::{Patience, Repetition};
use super::review::ReviewedBody;
use crate::api::{Accepted, ApiError};
use crate::endpoint::diff::{self, Change, differences};
use crate::endpoint::{EndpointConfig, FieldId, LoadedEndpoint, Moved};
use crate::store::SendOutcome;

/// Reads of the verification after the first.
const VERIFY_AGAIN: u8 = 3;

/// Which of its three steps a save is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Waiting until another novita-edit on this machine has saved the same endpoint; nothing was sent.
    SaveLock,
    /// Reading the endpoint again; nothing was sent.
    Check,
    /// The update is under way.
    Send,
    /// Reading back.
    Verify,
}

/// Where a save is: its step, and whether that is being repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub step: Step,
    /// What is waited for, and why; `None`: it is done for the first time.
    pub again: Option<Repetition>,
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
    Sent(Result<Accepted, ApiError>),
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
    /// This session may not send any more, for instance because another one took over: the sentence. Nothing was sent.
    Forbidden(String),
    /// The update never reached the server.
    NotSent(ApiError),
    /// The server refused the update.
    Refused(ApiError),
    /// Every sent field read back as sent.
    Saved {
        /// What was read back.
        fresh: Box<LoadedEndpoint>,
        /// What moved of what no update sets.
        moved: Vec<Moved>,
        /// Fields that the server doesn't report, so that they couldn't be compared.
        unreported: Vec<FieldId>,
    },
    /// The server was read, and it doesn't hold what was sent.
    NotSaved {
        /// What was read back.
        fresh: Box<LoadedEndpoint>,
        /// From what was sent to what was read.
        differences: Vec<Change>,
        /// How that came about, as far as the values tell.
        how: NotSaved,
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

/// What the values that were read back tell of a send that they differ from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// The server holds what it held before.
    Unchanged,
    /// All that this session changed is there, and something else changed too: somebody came right after the send.
    ChangedSince,
    /// It holds neither what it held before nor what was sent: somebody's change fell between the check and the
    /// verification, or the server stored other values.
    Mixed,
}

impl Outcome {
    /// What the history says of it; `None`: nothing went out.
    /// `begun`: a send was recorded before.
    pub fn recorded(&self, begun: bool) -> Option<SendOutcome> {
        Some(match self {
            Self::NotSaved {
                how: NotSaved::ChangedSince,
                ..
            } => SendOutcome::Stored,
            // What was recorded before never left.
            Self::CheckFailed(_) | Self::ServerChanged { .. } if begun => {
                SendOutcome::NotSent("no connection came about".to_owned())
            }
            Self::Forbidden(why) if begun => SendOutcome::NotSent(why.clone()),
            Self::Saved { .. } => SendOutcome::Stored,
            Self::Refused(error) => SendOutcome::Refused(error.to_string()),
            Self::NotSent(error) => SendOutcome::NotSent(error.to_string()),
            Self::NotSaved { .. } => SendOutcome::NotStored,
            Self::NotKnown { .. } => SendOutcome::Unknown,
            Self::CheckFailed(_) | Self::ServerChanged { .. } | Self::Forbidden(_) => return None,
        })
    }
}

/// A save under way.
#[derive(Debug)]
pub struct Save {
    base: LoadedEndpoint,
    body: ReviewedBody,
    step: Step,
    again: Option<Repetition>,
    /// Repetitions of check and send so far: both together, since each send has its own check.
    tries: u8,
    send_error: Option<ApiError>,
    patience: Patience,
}

impl Save {
    /// Starts a save of a reviewed body over a base: with the check.
    pub fn start(base: LoadedEndpoint, body: ReviewedBody) -> (Self, Request) {
        Self::at(Step::Check, base, body)
    }

    /// Starts with the send, for a base that this very run read just now: one more read would tell the same. A send
    /// that surely never left and is repeated has its check as ever.
    pub fn checked(base: LoadedEndpoint, body: ReviewedBody) -> (Self, Request) {
        let request = Request::Send(body.clone());
        (Self::at(Step::Send, base, body).0, request)
    }

    /// Only the third step: asks again what the server holds, after a save that ended [`Outcome::NotKnown`].
    pub fn verify(base: LoadedEndpoint, body: ReviewedBody) -> (Self, Request) {
        Self::at(Step::Verify, base, body)
    }

    fn at(step: Step, base: LoadedEndpoint, body: ReviewedBody) -> (Self, Request) {
        let save = Self {
            base,
            body,
            step,
            again: None,
            tries: 0,
            send_error: None,
            patience: Patience::default(),
        };
        (save, Request::Read(Duration::ZERO))
    }

    /// The same with other pauses than the usual ones.
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Where it is.
    pub fn progress(&self) -> Progress {
        Progress {
            step: self.step,
            again: self.again.clone(),
        }
    }

    /// Which endpoint it is about.
    pub fn id(&self) -> &str {
        &self.body.config().id
    }

    /// What is or was sent.
    pub fn body(&self) -> &ReviewedBody {
        &self.body
    }

    /// The loaded endpoint that the check compares with; after the check, with the newest read-only facts.
    pub fn base(&self) -> &LoadedEndpoint {
        &self.base
    }

    /// Takes the answer to the last request.
    pub fn answer(&mut self, answer: Answer) -> Next {
        match (self.step, answer) {
            (Step::Check, Answer::Read(read)) => self.has_checked(*read),
            (Step::Send, Answer::Sent(sent)) => self.sent(sent),
            (Step::Verify, Answer::Read(read)) => self.verified(*read),
            (_, answer) => unreachable!("the driver answers what was asked, not {answer:?} in {:?}", self.step),
        }
    }

    fn has_checked(&mut self, read: Result<LoadedEndpoint, ApiError>) -> Next {
        let theirs = match read {
            Ok(theirs) => theirs,
            Err(error) => return self.check_again(error, Outcome::CheckFailed),
        };
        let changes = differences(&self.base.config, &theirs.config);
        if !changes.is_empty() {
            return Next::Done(Box::new(Outcome::ServerChanged {
                theirs: Box::new(theirs),
                changes,
            }));
        }
        self.base.status = theirs.status;
        self.base.has_health_check = theirs.has_health_check;
        self.step = Step::Send;
        // A check that was repeated is over; a send that is repeated is told as such.
        let is_send = |again: &Repetition| matches!(&again.why, Some(ApiError::NotSent { at, .. }) if at.call.starts_with("POST"));
        self.again = self.again.take().filter(is_send);
        Next::Do(Request::Send(self.body.clone()))
    }

    /// Nothing was sent for sure. Begins anew with the check, since time goes by; or ends.
    fn check_again(&mut self, error: ApiError, end: fn(ApiError) -> Outcome) -> Next {
        let Some(pause) = self.patience.pause(&error, self.tries) else {
            return Next::Done(Box::new(end(error)));
        };
        self.tries += 1;
        self.step = Step::Check;
        self.again = Some(Repetition {
            count: self.tries,
            pause,
            why: Some(error),
        });
        Next::Do(Request::Read(pause))
    }

    fn sent(&mut self, sent: Result<Accepted, ApiError>) -> Next {
        match sent {
            Ok(_) => {}
            Err(error) if !error.surely_not_taken() => self.send_error = Some(error),
            Err(error @ ApiError::NotSent { .. }) => return self.check_again(error, Outcome::NotSent),
            Err(error @ ApiError::Refused(_)) => return Next::Done(Box::new(Outcome::Refused(error))),
            Err(error) => return Next::Done(Box::new(Outcome::NotSent(error))),
        }
        self.step = Step::Verify;
        self.again = None;
        Next::Do(Request::Read(Duration::ZERO))
    }

    fn verified(&mut self, read: Result<LoadedEndpoint, ApiError>) -> Next {
        let settled = read
            .as_ref()
            .is_ok_and(|fresh| differences(self.body.config(), &fresh.config).is_empty());
        let done = self.again.as_ref().map_or(0, |again| again.count);
        if !settled && done < VERIFY_AGAIN {
            let pause = match &read {
                Ok(_) => Some(self.patience.stale),
                Err(error) => self.patience.pause(error, done),
            };
            if let Some(pause) = pause {
                self.again = Some(Repetition {
                    count: done + 1,
                    pause,
                    why: read.err(),
                });
                return Next::Do(Request::Read(pause));
            }
        }
        let send_error = self.send_error.take();
        Next::Done(Box::new(match read {
            // Old values may have been read before; but what the server holds now is what nobody knows.
            Err(read_error) => Outcome::NotKnown { read_error, send_error },
            Ok(fresh) if settled => Outcome::Saved {
                moved: self.base.status.settings_changed(&fresh.status),
                unreported: fresh.config.unreported(),
                fresh: Box::new(fresh),
            },
            Ok(fresh) => {
                let differences = differences(self.body.config(), &fresh.config);
                Outcome::NotSaved {
                    how: NotSaved::of(&self.base.config, self.body.config(), &fresh.config),
                    differences,
                    fresh: Box::new(fresh),
                    send_error,
                }
            }
        }))
    }
}

impl NotSaved {
    /// What came of a send over a base, by what was read later and isn't what was sent.
    pub fn of(base: &EndpointConfig, sent: &EndpointConfig, read: &EndpointConfig) -> Self {
        let missing = differences(sent, read);
        let is_there = |mine: &Change| missing.iter().all(|missing| missing.name() != mine.name());
        if differences(base, read).is_empty() {
            Self::Unchanged
        } else if diff::changes(base, sent).iter().all(is_there) {
            Self::ChangedSince
        } else {
            Self::Mixed
        }
    }
}
