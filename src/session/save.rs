//! A save, step by step: check, send, verify. Pure: it is told answers and says what to ask next.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::retry::{Patience, Repetition};
use super::review::ReviewedBody;
use crate::api::{Accepted, ApiError};
use crate::endpoint::diff::{self, Change, differences};
use crate::endpoint::respelled::{Deviation, deviations};
use crate::endpoint::{EndpointConfig, EndpointStatus, FieldId, LoadedEndpoint, Moved};
use crate::store::{OutcomeNote, SendOutcome, Snapshot};

/// Reads of the verification after the first, while what is read isn't what was sent; and of the check, while what is
/// read is older than one's own last save.
pub const READ_AGAIN: u8 = 3;
/// The pauses before an accepted update is looked for again, in halves of [`Patience::stale`]: 15 s in all.
const LOOKS: [u32; 7] = [1, 2, 3, 4, 5, 7, 8];
/// How often that is at most.
pub const MOST_LOOKS: u8 = LOOKS.len() as u8;

/// Which of its steps a save is in.
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
    /// It was accepted, and the values before are all that is read: looking whether it shows.
    Look,
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

/// What the server answered to a send that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendAnswer {
    /// A 2xx, and what it said.
    Accepted(Accepted),
    /// A refusal.
    Refused(ApiError),
    /// Nothing that tells: it may have been carried out, and may still be. `None`: what went wrong isn't known.
    Nothing(Option<ApiError>),
}

impl SendAnswer {
    /// What a 2xx said beside "ok".
    pub fn said(&self) -> Option<&str> {
        match self {
            Self::Accepted(Accepted { said, .. }) if !said.is_empty() => Some(said),
            _ => None,
        }
    }

    /// A 2xx that refuses nothing.
    pub fn is_acceptance(&self) -> bool {
        matches!(self, Self::Accepted(Accepted { refuses: false, .. }))
    }

    /// A refusal by its status.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// What went wrong while sending.
    pub fn error(&self) -> Option<&ApiError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Nothing(error) => error.as_ref(),
            Self::Accepted(_) => None,
        }
    }
}

/// A send that may be stored or not: nobody knows yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSend {
    /// What was sent.
    pub sent: Arc<EndpointConfig>,
    /// What the server answered.
    pub answer: SendAnswer,
    /// Until when its time-outs run; `None`: that isn't known.
    pub until: Option<Timestamp>,
    /// Whether they are over: what isn't there by then was not stored.
    pub is_over: bool,
}

/// How much of what a person edited reads back as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditsStored {
    /// All of it, or it is only spelled otherwise.
    All,
    /// A part.
    Some,
    /// Nothing.
    None,
}

/// This machine's newest send that is known to be stored, whoever sent it: a read that shows just what was there before
/// it may be an old answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSend {
    /// What the server held before it.
    pub before: EndpointConfig,
    /// What was sent.
    pub sent: EndpointConfig,
    /// What the server made of it.
    pub stored: EndpointConfig,
    /// When it was sent, RFC 3339.
    pub at: String,
    /// It was sent a moment ago: a read that shows what was before is asked for again.
    pub is_recent: bool,
}

impl OwnSend {
    /// Whether a read shows what was there before it.
    pub fn is_missing_from(&self, read: &LoadedEndpoint) -> bool {
        differences(&self.before, &read.config).is_empty() && !differences(&self.stored, &read.config).is_empty()
    }

    /// Whether such a read is asked for again: the send is young, or the answer says that it is old.
    pub fn is_suspect(&self, read: &LoadedEndpoint) -> bool {
        self.is_missing_from(read) && (self.is_recent || !read.status.age.is_zero())
    }
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
        /// It is just what it was before this newest save from this machine.
        as_before: Option<Box<OwnSend>>,
    },
    /// This session may not send any more, for instance because another one took over: the sentence. Nothing was sent.
    Forbidden(String),
    /// The update never reached the server.
    NotSent(ApiError),
    /// The server refused the update, and holds what it held before.
    Refused(ApiError),
    /// The server refused the update, and what it holds could not be read.
    RefusedNotRead {
        /// Why it couldn't be read.
        read_error: ApiError,
        /// The send, with the refusal.
        open: OpenSend,
    },
    /// Every sent field read back as sent.
    Saved {
        /// What was read back.
        fresh: Box<LoadedEndpoint>,
        /// What moved of what no update sets.
        moved: Vec<Moved>,
        /// Fields that the server doesn't report, so that they couldn't be compared.
        unreported: Vec<FieldId>,
        /// What the server said to it beside "ok"; empty: nothing.
        said: String,
    },
    /// A sent field reads back otherwise.
    StoredDifferently {
        /// What was read back.
        fresh: Box<LoadedEndpoint>,
        /// What reads back otherwise.
        deviations: Vec<Deviation>,
        /// Whether what was edited is stored.
        edits: EditsStored,
        /// What moved of what no update sets.
        moved: Vec<Moved>,
        /// What the server had answered.
        answer: SendAnswer,
    },
    /// It was accepted, and the values before are all that was read so far.
    NotShown {
        /// What was read.
        fresh: Box<LoadedEndpoint>,
        /// The send.
        open: OpenSend,
    },
    /// Nobody knows: the server can't be read, or it shows the values before and the send may still arrive.
    NotKnown {
        /// What was read last, or why nothing was.
        read: Result<Box<LoadedEndpoint>, ApiError>,
        /// The send.
        open: OpenSend,
    },
    /// The server holds what it held before: the send's time-outs are over, or its answer was a refusal in a 2xx.
    NotSaved {
        /// What was read back.
        fresh: Box<LoadedEndpoint>,
        /// What the server had answered.
        answer: SendAnswer,
    },
}

impl Outcome {
    /// What the history says of it; `None`: nothing is to be said. `attempted`: it was tried to send it before.
    pub fn recorded(&self, attempted: bool) -> Option<OutcomeNote> {
        let open = |outcome, open: &OpenSend| OutcomeNote {
            until: open.until.map(|until| until.to_string()),
            ..OutcomeNote::from(outcome)
        };
        Some(match self {
            // What was tried before never left.
            Self::CheckFailed(_) | Self::ServerChanged { .. } if attempted => {
                SendOutcome::NotSent("no connection came about".to_owned()).into()
            }
            Self::Forbidden(why) if attempted => SendOutcome::NotSent(why.clone()).into(),
            Self::CheckFailed(_) | Self::ServerChanged { .. } | Self::Forbidden(_) => SendOutcome::Withdrawn.into(),
            Self::Saved { .. } => SendOutcome::Stored.into(),
            Self::StoredDifferently { fresh, .. } => OutcomeNote {
                read: Some(Snapshot::from(&**fresh)),
                ..SendOutcome::StoredDifferently.into()
            },
            Self::Refused(error) => SendOutcome::Refused(error.to_string()).into(),
            Self::RefusedNotRead { open: send, .. } => {
                let why = send.answer.error().map(ToString::to_string);
                open(SendOutcome::RefusedNotRead(why.unwrap_or_default()), send)
            }
            Self::NotSent(error) => SendOutcome::NotSent(error.to_string()).into(),
            Self::NotSaved { .. } => SendOutcome::NotStored.into(),
            Self::NotShown { open: send, .. } => open(SendOutcome::NotShown, send),
            Self::NotKnown { open: send, .. } => open(SendOutcome::Unknown, send),
        })
    }

    /// The send that this leaves open.
    pub fn open_send(&self) -> Option<&OpenSend> {
        match self {
            Self::NotShown { open, .. } | Self::NotKnown { open, .. } | Self::RefusedNotRead { open, .. } => Some(open),
            _ => None,
        }
    }

    /// What was read back after the send.
    pub fn read_back(&self) -> Option<&LoadedEndpoint> {
        match self {
            Self::Saved { fresh, .. }
            | Self::StoredDifferently { fresh, .. }
            | Self::NotShown { fresh, .. }
            | Self::NotKnown { read: Ok(fresh), .. }
            | Self::NotSaved { fresh, .. } => Some(fresh),
            _ => None,
        }
    }
}

/// A save under way.
#[derive(Debug)]
pub struct Save {
    base: LoadedEndpoint,
    /// The read-only side as it was loaded: what differs at the check moves by itself.
    loaded: EndpointStatus,
    body: ReviewedBody,
    step: Step,
    again: Option<Repetition>,
    /// Repetitions of check and send so far: both together, since each send has its own check.
    tries: u8,
    /// Reads of the check that showed what was before one's own last save.
    old_reads: u8,
    /// It was tried to send it.
    attempted: bool,
    checked_at: Option<Instant>,
    answer: SendAnswer,
    until: Option<Timestamp>,
    is_over: bool,
    own: Option<OwnSend>,
    patience: Patience,
}

impl Save {
    /// Starts a save of a reviewed body over a base: with the check.
    pub fn start(base: LoadedEndpoint, body: ReviewedBody) -> (Self, Request) {
        (Self::at(Step::Check, base, body), Request::Read(Duration::ZERO))
    }

    /// Starts with the send, for a base that this very run read at this moment: one more read at once would tell the
    /// same. A send that surely never left and is repeated has its check as ever.
    pub fn checked(base: LoadedEndpoint, body: ReviewedBody, at: Instant) -> (Self, Request) {
        let request = Request::Send(body.clone());
        let save = Self {
            checked_at: Some(at),
            ..Self::at(Step::Send, base, body)
        };
        (save, request)
    }

    /// Only the third step: asks again what the server holds, after a save that left its send open.
    pub fn verify(base: LoadedEndpoint, body: ReviewedBody, open: OpenSend) -> (Self, Request) {
        let save = Self {
            answer: open.answer,
            until: open.until,
            is_over: open.is_over,
            ..Self::at(Step::Verify, base, body)
        };
        (save, Request::Read(Duration::ZERO))
    }

    fn at(step: Step, base: LoadedEndpoint, body: ReviewedBody) -> Self {
        Self {
            loaded: base.status.clone(),
            base,
            body,
            step,
            again: None,
            tries: 0,
            old_reads: 0,
            attempted: false,
            checked_at: None,
            answer: SendAnswer::Nothing(None),
            until: None,
            is_over: false,
            own: None,
            patience: Patience::default(),
        }
    }

    /// The same with other pauses than the usual ones.
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// This machine's newest send that is known to be stored.
    pub fn knows_own(&mut self, own: Option<OwnSend>) {
        self.own = own;
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

    /// Whether it was tried to send it.
    pub fn attempted(&self) -> bool {
        self.attempted
    }

    /// When the base was read, for a save that began without a check.
    pub fn checked_at(&self) -> Option<Instant> {
        self.checked_at
    }

    /// The bytes are about to go out; until then its time-outs run.
    pub fn goes_out(&mut self, until: Timestamp) {
        self.until = Some(until);
    }

    /// Until when its time-outs run; `None`: it hasn't gone out, or that isn't known.
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Its time-outs are over: what isn't there now was not stored.
    pub fn send_is_over(&mut self) {
        self.is_over = true;
    }

    /// The next read is the last: what it shows is the end.
    pub fn reads_no_more(&mut self) {
        self.step = Step::Look;
        self.again = Some(Repetition {
            count: MOST_LOOKS,
            pause: Duration::ZERO,
            why: None,
        });
    }

    /// Too much time went by since the check to send now: it is done once more.
    pub fn check_once_more(&mut self) -> Request {
        self.step = Step::Check;
        Request::Read(Duration::ZERO)
    }

    /// The send as it is known so far.
    pub fn open_send(&self) -> OpenSend {
        OpenSend {
            sent: self.body.shared_config(),
            answer: self.answer.clone(),
            until: self.until,
            is_over: self.is_over,
        }
    }

    /// Takes the answer to the last request.
    pub fn answer(&mut self, answer: Answer) -> Next {
        match (self.step, answer) {
            (Step::Check, Answer::Read(read)) => self.has_checked(*read),
            (Step::Send, Answer::Sent(sent)) => self.sent(sent),
            (Step::Verify | Step::Look, Answer::Read(read)) => self.verified(*read),
            (_, answer) => unreachable!("the driver answers what was asked, not {answer:?} in {:?}", self.step),
        }
    }

    fn has_checked(&mut self, read: Result<LoadedEndpoint, ApiError>) -> Next {
        let theirs = match read {
            Ok(theirs) => theirs,
            Err(error) => return self.check_again(error, Outcome::CheckFailed),
        };
        let own = self.own.as_ref();
        let is_suspect = own.is_some_and(|own| own.is_suspect(&theirs));
        if is_suspect && self.old_reads < READ_AGAIN {
            self.old_reads += 1;
            return self.read_again(self.old_reads, self.patience.stale, None);
        }
        let changes = differences(&self.base.config, &theirs.config);
        if is_suspect || !changes.is_empty() {
            let as_before = own.filter(|own| own.is_missing_from(&theirs)).cloned();
            return Next::Done(Box::new(Outcome::ServerChanged {
                as_before: as_before.map(Box::new),
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

    fn read_again(&mut self, count: u8, pause: Duration, why: Option<ApiError>) -> Next {
        self.again = Some(Repetition { count, pause, why });
        Next::Do(Request::Read(pause))
    }

    /// Nothing was sent for sure. Begins anew with the check, since time goes by; or ends.
    fn check_again(&mut self, error: ApiError, end: fn(ApiError) -> Outcome) -> Next {
        let Some(pause) = self.patience.pause(&error, self.tries) else {
            return Next::Done(Box::new(end(error)));
        };
        self.tries += 1;
        self.step = Step::Check;
        self.read_again(self.tries, pause, Some(error))
    }

    fn sent(&mut self, sent: Result<Accepted, ApiError>) -> Next {
        self.attempted = true;
        self.answer = match sent {
            Ok(accepted) => SendAnswer::Accepted(accepted),
            Err(error) if !error.surely_not_taken() => SendAnswer::Nothing(Some(error)),
            Err(error @ ApiError::NotSent { .. }) => return self.check_again(error, Outcome::NotSent),
            // A gateway may refuse what was carried out behind it: only reading back tells.
            Err(error @ (ApiError::Refused(_) | ApiError::Redirect { .. })) => SendAnswer::Refused(error),
            Err(error) => return Next::Done(Box::new(Outcome::NotSent(error))),
        };
        self.step = Step::Verify;
        self.again = None;
        Next::Do(Request::Read(Duration::ZERO))
    }

    fn verified(&mut self, read: Result<LoadedEndpoint, ApiError>) -> Next {
        let done = self.again.as_ref().map_or(0, |again| again.count);
        let fresh = match read {
            Ok(fresh) => fresh,
            Err(error) => return self.not_read_back(error, done),
        };
        let found = deviations(&self.base.config, self.body.config(), &fresh.config);
        if found.is_empty() {
            return self.saved(fresh);
        }
        // As good as the former values is what was there before one's own last save: an answer that is older still.
        let is_old = self.own.as_ref().is_some_and(|own| own.is_suspect(&fresh));
        let is_former = is_old || differences(&self.base.config, &fresh.config).is_empty();
        // Where all of it says the same, it arrived: nothing else is to come.
        let arrived = !is_former && found.iter().all(|deviation| deviation.is_spelling);
        match &self.answer {
            answer if answer.is_acceptance() && is_former && !self.is_over => self.look(fresh, done),
            SendAnswer::Refused(_) if is_former => self.end(fresh, found, is_former),
            _ if !arrived && done < READ_AGAIN => self.read_again(done + 1, self.patience.stale, None),
            _ => self.end(fresh, found, is_former),
        }
    }

    fn not_read_back(&mut self, error: ApiError, done: u8) -> Next {
        if self.step == Step::Look {
            return self.look_again(done, Some(error));
        }
        if done < READ_AGAIN
            && let Some(pause) = self.patience.pause(&error, done)
        {
            return self.read_again(done + 1, pause, Some(error));
        }
        Next::Done(Box::new(self.unread(error)))
    }

    /// Old values may have been read before; but what the server holds now is what nobody knows.
    fn unread(&self, read_error: ApiError) -> Outcome {
        let open = self.open_send();
        match self.answer {
            SendAnswer::Refused(_) => Outcome::RefusedNotRead { read_error, open },
            _ => Outcome::NotKnown {
                read: Err(read_error),
                open,
            },
        }
    }

    /// It was accepted, and doesn't show yet.
    fn look(&mut self, fresh: LoadedEndpoint, done: u8) -> Next {
        let done = if self.step == Step::Look { done } else { 0 };
        self.step = Step::Look;
        if done < MOST_LOOKS {
            return self.look_again(done, None);
        }
        Next::Done(Box::new(Outcome::NotShown {
            fresh: Box::new(fresh),
            open: self.open_send(),
        }))
    }

    fn look_again(&mut self, done: u8, why: Option<ApiError>) -> Next {
        let Some(halves) = LOOKS.get(usize::from(done)) else {
            return match why {
                Some(error) => Next::Done(Box::new(self.unread(error))),
                None => unreachable!("only asked for while there is one more look"),
            };
        };
        self.read_again(done + 1, self.patience.stale * *halves / 2, why)
    }

    fn saved(&mut self, fresh: LoadedEndpoint) -> Next {
        let said = match &self.answer {
            SendAnswer::Accepted(accepted) => accepted.said.clone(),
            answer => answer.error().map(ApiError::happened).unwrap_or_default(),
        };
        Next::Done(Box::new(Outcome::Saved {
            moved: self.moved(&fresh),
            unreported: fresh.config.unreported(),
            fresh: Box::new(fresh),
            said,
        }))
    }

    fn moved(&self, fresh: &LoadedEndpoint) -> Vec<Moved> {
        // What differs between the load and the check moves by itself.
        let volatile = self.base.status.volatile_since(&self.loaded);
        let mut moved = self.base.status.settings_changed(&fresh.status);
        moved.retain(|moved| !volatile.contains(&moved.path));
        moved
    }

    /// What was sent isn't what was read, and no more reads are to come.
    fn end(&mut self, fresh: LoadedEndpoint, deviations: Vec<Deviation>, is_former: bool) -> Next {
        let edits = EditsStored::of(&self.base.config, self.body.config(), &deviations);
        let has_arrived = edits != EditsStored::None;
        Next::Done(Box::new(match &self.answer {
            SendAnswer::Refused(error) if is_former => Outcome::Refused(error.clone()),
            SendAnswer::Nothing(_) if !has_arrived && !self.is_over => Outcome::NotKnown {
                read: Ok(Box::new(fresh)),
                open: self.open_send(),
            },
            answer if is_former || (!has_arrived && !answer.is_acceptance() && !answer.is_refusal()) => {
                Outcome::NotSaved {
                    fresh: Box::new(fresh),
                    answer: answer.clone(),
                }
            }
            answer => Outcome::StoredDifferently {
                moved: self.moved(&fresh),
                fresh: Box::new(fresh),
                deviations,
                edits,
                answer: answer.clone(),
            },
        }))
    }
}

impl EditsStored {
    /// Of a send over a base, by what reads back otherwise.
    pub fn of(base: &EndpointConfig, sent: &EndpointConfig, deviations: &[Deviation]) -> Self {
        let edits = diff::changes(base, sent);
        let missing = edits.iter().filter(|edit| is_missing(edit, deviations)).count();
        match missing {
            0 => Self::All,
            n if n == edits.len() => Self::None,
            _ => Self::Some,
        }
    }
}

/// Whether an edit reads back otherwise, and not only in its spelling.
pub fn is_missing(edit: &Change, deviations: &[Deviation]) -> bool {
    let mut missing = deviations.iter().filter(|deviation| !deviation.is_spelling);
    missing.any(|deviation| deviation.change.name() == edit.name())
}
