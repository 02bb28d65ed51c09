//! Runs a [`Save`] over a client. What is sent goes into the history, before its bytes go out, and then what came of
//! it. What may wait for the disk comes before the check, so that between the check's answer and the send there is
//! nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use jiff::Timestamp;
use tokio::runtime::Handle;

use super::review::ReviewedBody;
use super::rollout::{LAG, ROLLOUT_STEADY, RolloutStart, is_of_number_only};
use super::save::{Answer, Next, OpenSend, Outcome, OwnSend, Progress, Request, Save, Step};
use super::save_lock::{on_a_thread_that_may_wait, tried_in_time};
use crate::api::Client;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::store::{CheckFacts, OutcomeNote, Record, SendId, SendLog, SendOutcome};

/// How old the check's answer may be when the send goes out; else it is done once more.
const GAP: Duration = Duration::from_millis(100);
/// How long after a save the workers are counted from it, for whoever looks without one of its own.
const ROLLOUT: Duration = Duration::from_secs(600);

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

    /// The check is about to be made, and nothing of the send is in the history yet: whether it may be sent after that,
    /// and whether it is to be recorded. It is not where the disk doesn't answer and that was told before.
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

    /// The body went out, and this is how it stands before anything is read back.
    fn went_out(&mut self, open: OpenSend) {
        let _ = open;
    }

    /// The body goes out now, and may be on its way until then: to be left for whoever comes next on this machine.
    /// `send` names it in the history. Waits for next to nothing.
    fn goes_out(&mut self, until: Timestamp, send: Option<SendId>) -> impl Future<Output = ()> {
        let _ = (until, send);
        std::future::ready(())
    }

    /// It doesn't go out yet after all: it is checked once more.
    fn stays(&mut self) {}

    /// What had to be written before the check is.
    fn prepared(&mut self) {}
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
    let mut checked_at = save.checked_at();
    if checked_at.is_some()
        && let Err(why) = prepare(&mut save, recorder, observer).await
    {
        return Box::new(Outcome::Forbidden(why));
    }
    loop {
        let step = save.progress().step;
        let answer = match request {
            Request::Read(pause) => {
                observer.progress(save.progress());
                tokio::time::sleep(pause).await;
                if step == Step::Check
                    && let Err(why) = prepare(&mut save, recorder, observer).await
                {
                    return Box::new(Outcome::Forbidden(why));
                }
                // An answer tells of some moment since it was asked for.
                let is_over = save.until().is_some_and(|until| Timestamp::now() >= until);
                let read = client.endpoint(save.id()).await;
                checked_at = Some(Instant::now());
                if is_over {
                    save.send_is_over();
                }
                Answer::Read(Box::new(read))
            }
            Request::Send(body) => {
                if let Err(why) = observer.still_wanted() {
                    return Box::new(Outcome::Forbidden(why));
                }
                let until = Timestamp::now()
                    .saturating_add(client.timeouts().total)
                    .unwrap_or(Timestamp::MAX);
                observer.goes_out(until, recorder.send.clone()).await;
                if checked_at.is_none_or(|at| at.elapsed() > GAP) {
                    observer.stays();
                    request = save.check_once_more();
                    continue;
                }
                // Only from here on may something have been sent.
                observer.progress(save.progress());
                save.goes_out(until);
                recorder.goes_out(&save);
                Answer::Sent(client.update(Bytes::from_owner(body)).await)
            }
        };
        let was_sent = matches!(answer, Answer::Sent(_));
        match save.answer(answer) {
            Next::Do(next) => {
                if was_sent && save.progress().step == Step::Verify {
                    observer.went_out(save.open_send());
                }
                request = next;
            }
            Next::Done(outcome) => return outcome,
        }
    }
}

/// What has to be known and written before a check, so that nothing stands between that and the send.
async fn prepare(save: &mut Save, recorder: &mut Recorder, observer: &mut impl SaveObserver) -> Result<(), String> {
    if observer.may_send().await? == Recording::Wanted {
        match recorder.before_send(save.base(), save.body()).await {
            Ok(own) => save.knows_own(own),
            Err(why) => observer.not_recorded(why),
        }
    }
    observer.prepared();
    Ok(())
}

/// Writes one save into the history.
#[derive(Debug)]
pub struct Recorder {
    send_log: SendLog,
    timeout: Duration,
    /// The send that is recorded, until its outcome is.
    send: Option<SendId>,
    /// It was tried to send it.
    attempted: bool,
    /// What the check saw, and when it went out.
    check: Option<(CheckFacts, Instant)>,
    /// What was there before.
    before: Option<EndpointConfig>,
    /// What is sent.
    sent: Option<Arc<EndpointConfig>>,
    /// This machine's newest send that is known to be stored.
    own: Option<OwnSend>,
    /// The rollout that a save of the number of workers goes on with.
    earlier: Option<RolloutStart>,
    /// The time of one whose absence was told, and taken as true.
    trusted: Option<String>,
    /// What was sent before counts.
    has_past: bool,
}

impl Recorder {
    /// For one save, whose send may be on its way for so long.
    pub fn new(send_log: SendLog, timeout: Duration) -> Self {
        Self {
            send_log,
            timeout,
            send: None,
            attempted: false,
            check: None,
            before: None,
            sent: None,
            own: None,
            earlier: None,
            trusted: None,
            has_past: true,
        }
    }

    /// That the send of this time isn't there any more is taken as true: nothing is asked again for it.
    pub fn trusting(mut self, at: Option<String>) -> Self {
        self.trusted = at;
        self
    }

    /// What was sent before was sent to another world, as each demo is one of its own: nothing follows from it.
    pub fn without_past(mut self) -> Self {
        self.has_past = false;
        self
    }

    /// Notes a send that is about to go out. One that never left and goes again is the same one. Gives this
    /// machine's newest send that is known to be stored.
    ///
    /// # Errors
    /// A sentence: it isn't noted. That is no reason not to send.
    pub async fn before_send(&mut self, base: &LoadedEndpoint, body: &ReviewedBody) -> Result<Option<OwnSend>, String> {
        if self.send.is_some() {
            return Ok(self.own.clone());
        }
        self.before = Some(base.config.clone());
        self.sent = Some(body.shared_config());
        let has_past = self.has_past;
        let (send_log, base, body, timeout) = (self.send_log.clone(), base.clone(), body.shared_config(), self.timeout);
        let noted = tried_in_time(move || {
            let own = match has_past {
                true => own_send(&send_log, &base.config)?,
                false => None,
            };
            let earlier = match has_past && is_of_number_only(&base.config, &body) {
                true => rollout_before(&send_log, &base.config)?,
                false => None,
            };
            Ok((own, earlier, send_log.record_send(&base, &body, timeout)?))
        });
        let (own, earlier, send) = noted.await?;
        self.earlier = earlier.and_then(|(earlier, _)| replacing(earlier));
        self.own = own.filter(|own| self.trusted.as_ref() != Some(&own.at));
        self.send = Some(send);
        Ok(self.own.clone())
    }

    fn goes_out(&mut self, save: &Save) {
        let base = save.base();
        self.attempted = true;
        self.check = Some((CheckFacts::of(&base.status), Instant::now()));
        self.before = Some(base.config.clone());
    }

    /// What the workers are counted from, once it is saved, and when it went out.
    pub fn rollout(&self, outcome: &Outcome) -> Option<(RolloutStart, Instant)> {
        let Outcome::Saved { fresh, .. } = outcome else {
            return None;
        };
        let (check, at) = self.check.clone()?;
        let start = RolloutStart {
            workers: Some(check.workers),
            state: Some(check.state),
            before: self.before.clone()?,
            stored: fresh.config.clone(),
            earlier: None,
        };
        Some((start.after(self.earlier.clone()), at))
    }

    /// Notes what came of it; of a save that only verified, of the send that it asked after.
    ///
    /// # Errors
    /// A sentence: it isn't noted.
    pub fn after(mut self, outcome: &Outcome, body: &ReviewedBody) -> impl Future<Output = Result<(), String>> + use<> {
        // The server may have repeated a value, which belongs in no sentence on disk.
        let hidden = |why| {
            let known = [body.config()].into_iter().chain(&self.before);
            self.send_log.redactor().said(why, known)
        };
        let recorded = outcome.recorded(self.attempted).map(|note| OutcomeNote {
            outcome: match note.outcome {
                SendOutcome::Refused(why) => SendOutcome::Refused(hidden(why)),
                SendOutcome::RefusedNotRead(why) => SendOutcome::RefusedNotRead(hidden(why)),
                SendOutcome::NotSent(why) => SendOutcome::NotSent(hidden(why)),
                other => other,
            },
            check: self.check.as_ref().map(|(check, _)| check.clone()),
            ..note
        });
        // Without its name only a send that was open before can be meant, and nothing is known of it by that.
        let is_meant = |note: &OutcomeNote| {
            self.send.is_some() || !matches!(note.outcome, SendOutcome::Withdrawn | SendOutcome::NotSent(_))
        };
        let recorded = recorded.filter(is_meant);
        let (send_log, send, body) = (self.send_log.clone(), self.send.take(), body.shared_config());
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

/// A save that is given up before its bytes went out: its send isn't one.
impl Drop for Recorder {
    fn drop(&mut self) {
        if let (Some(send), Some(sent), false) = (self.send.take(), self.sent.take(), self.attempted)
            && let Ok(runtime) = Handle::try_current()
        {
            let send_log = self.send_log.clone();
            runtime.spawn_blocking(move || send_log.record_outcome(Some(send), &sent, SendOutcome::Withdrawn));
        }
    }
}

/// This machine's newest send that is known to be stored, with the values that the server has in their places.
///
/// # Errors
/// A sentence: the history can't be read.
pub async fn newest_own_send(send_log: &SendLog, read: &EndpointConfig) -> Result<Option<OwnSend>, String> {
    let (send_log, read) = (send_log.clone(), read.clone());
    tried_in_time(move || own_send(&send_log, &read)).await
}

fn own_send(send_log: &SendLog, read: &EndpointConfig) -> Result<Option<OwnSend>, String> {
    let Some(mut record) = send_log.newest_stored(&read.id)? else {
        return Ok(None);
    };
    send_log.redactor().restore(record.configs_mut(), read);
    Ok(Some(OwnSend {
        is_recent: is_recent(&record.at),
        sent: record.after.clone(),
        stored: record.stored().clone(),
        before: record.before.config,
        at: record.at,
    }))
}

/// Whether a send of this time (RFC 3339) was sent a moment ago: what is read may be older.
fn is_recent(at: &str) -> bool {
    let age = age(at);
    age.is_some_and(|age| age < LAG)
}

/// How long ago a time (RFC 3339) is; `None` for one that is still to come.
fn age(at: &str) -> Option<Duration> {
    let at: Timestamp = at.parse().ok()?;
    Duration::try_from(Timestamp::now().duration_since(at)).ok()
}

/// What the workers of an endpoint are counted from: this machine's newest save, where it is young, and how long ago it
/// was. One of which it isn't known yet whether it arrived counts, too. `read` is what the server holds.
///
/// # Errors
/// A sentence: the history can't be read.
pub async fn newest_rollout(
    send_log: &SendLog,
    read: &EndpointConfig,
) -> Result<Option<(RolloutStart, Duration)>, String> {
    let (send_log, read) = (send_log.clone(), read.clone());
    tried_in_time(move || rollout_before(&send_log, &read)).await
}

/// The newest rollout that the history tells of, where it is young, and how long ago it began.
fn rollout_before(send_log: &SendLog, read: &EndpointConfig) -> Result<Option<(RolloutStart, Duration)>, String> {
    let mut records = send_log.taken(&read.id)?;
    let configs = records.iter_mut().flat_map(Record::configs_mut);
    send_log.redactor().restore(configs, read);
    let saves = records.into_iter().map_while(|record| {
        let at = record.check.as_ref().map_or(&record.at, |check| &check.at);
        let age = age(at)?;
        Some((RolloutStart::of(record), age))
    });
    Ok(chained(saves))
}

/// The newest of these saves, with their ages, where it is young. A save of the number of workers goes on with the
/// rollout of the one before it, where that was not much older.
fn chained(saves: impl Iterator<Item = (RolloutStart, Duration)>) -> Option<(RolloutStart, Duration)> {
    let mut chain: Vec<(RolloutStart, Duration)> = Vec::new();
    for (start, age) in saves {
        let after = chain.last().map_or(Duration::ZERO, |(_, age)| *age);
        if age.saturating_sub(after) >= ROLLOUT {
            break;
        }
        let goes_on = start.is_of_their_number();
        chain.push((start, age));
        if !goes_on {
            break;
        }
    }
    let oldest_first = chain.into_iter().rev();
    oldest_first.reduce(|(earlier, _), (start, age)| (start.after(replacing(earlier)), age))
}

/// A save in whose rollout workers are replaced.
fn replacing(start: RolloutStart) -> Option<RolloutStart> {
    (!start.is_of_their_number()).then_some(start)
}

/// What [`ROLLOUT_STEADY`] says; in debug builds `NOVITA_EDIT_TEST_STEADY`, milliseconds, for tests of the whole
/// program.
pub fn rollout_steady() -> Duration {
    #[cfg(debug_assertions)]
    if let Some(milliseconds) = std::env::var("NOVITA_EDIT_TEST_STEADY")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Duration::from_millis(milliseconds);
    }
    ROLLOUT_STEADY
}
