//! One endpoint's way out: its save lock, the send, and what somebody else changed meanwhile laid together with it.

use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::report::title;
use super::steps::Steps;
use super::{Planned, WriteContext};
use crate::api::ApiError;
use crate::cli::ask::Consent;
use crate::cli::options::OnConflict;
use crate::cli::output;
use crate::endpoint::LoadedEndpoint;
use crate::endpoint::diff::Change;
use crate::endpoint::edit::Edit;
use crate::endpoint::merge::{Clash, Merge, Resolution};
use crate::exit_code::Exit;
use crate::session::{
    Answer, HeldSaveLock, Next, OpenSend, Outcome, OwnSend, Progress, Recorder, Recording, Request, ReviewedBody,
    RolloutStart, Save, SaveObserver, SendAnswer, Step, drive, save_lock_patience, settle_open, time_of_day,
    wait_for_save_lock,
};
use crate::store::SendId;

/// How often somebody else's change is merged before it is given up.
const ROUNDS: usize = 5;
/// How often it is looked whether a send has arrived that somebody left on its way.
const LOOK: Duration = Duration::from_secs(2);
/// After an interrupt: how long the save itself may still come to its end, and how long then the server is read.
const LAST_WORD: Duration = Duration::from_millis(1500);

/// How one endpoint's write ended.
pub enum WriteEnd {
    /// The save went through its steps. The body is what it sent, or would have.
    Outcome(Box<Outcome>, ReviewedBody),
    /// What somebody else changed was merged, and nothing is left to change. What was decided for their side, by its
    /// names; none where they made the same of it.
    NothingLeft(Vec<String>),
    /// What came of the merge breaks a rule.
    Invalid,
    /// Somebody else changed the same; nothing was sent.
    Clash(Vec<Clash>),
    /// The server shows it as it was before this machine's own save of this time (RFC 3339); nothing was sent.
    AsBefore(String),
    /// Somebody changed it again and again; nothing was sent.
    Restless,
    /// Another program on this machine saved it all the while: the sentence. Nothing was sent.
    Busy(String),
    /// The person didn't say yes to what came of the merge; nothing was sent.
    Declined(Consent),
    /// Interrupted before anything was sent.
    Stopped,
    /// Interrupted after it was sent; nobody knows what became of it.
    Untold,
}

/// Where the save is, as far as an interrupt asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing was sent.
    Checking,
    /// Nothing was sent; the send is being written into the history.
    Noting,
    Sending,
    Verifying,
}

/// Tells the steps of a save, and stops it before its send where somebody interrupts.
struct CommandObserver<'a> {
    writing: &'a WriteContext,
    id: String,
    title: String,
    steps: &'a Steps,
    stage: &'a Cell<Stage>,
    open: &'a RefCell<Option<OpenSend>>,
    lock: &'a mut Option<HeldSaveLock>,
}

impl SaveObserver for CommandObserver<'_> {
    fn progress(&mut self, progress: Progress) {
        self.stage.set(match progress.step {
            Step::SaveLock | Step::Check => Stage::Checking,
            Step::Send => Stage::Sending,
            Step::Verify | Step::Look => Stage::Verifying,
        });
        if progress.step == Step::Look {
            // It may take a while, and nobody waits for that.
            drop(self.lock.take());
        }
        if progress.step == Step::Send {
            self.writing.interrupts.is_under_way(Some(self.title.clone()));
        }
        self.steps.tell(&progress);
    }

    async fn may_send(&mut self) -> Result<Recording, String> {
        self.stage.set(Stage::Noting);
        Ok(Recording::Wanted)
    }

    fn not_recorded(&mut self, why: String) {
        self.steps.aside(|| self.writing.tell_not_kept(&self.id, &why));
    }

    fn still_wanted(&mut self) -> Result<(), String> {
        match self.writing.interrupts.now() {
            Some(_) => Err("Interrupted before it went out.".to_owned()),
            None => Ok(()),
        }
    }

    fn went_out(&mut self, open: OpenSend) {
        self.open.replace(Some(open));
    }

    async fn goes_out(&mut self, until: Timestamp, send: Option<SendId>) {
        if let Some(lock) = self.lock {
            lock.sends_until(until, send).await;
        }
    }

    fn stays(&mut self) {
        if let Some(lock) = &self.lock {
            lock.is_settled();
        }
    }

    fn prepared(&mut self) {
        self.stage.set(Stage::Checking);
    }
}

/// Sends what is planned for one endpoint, and finds out what became of it.
pub async fn save(writing: &WriteContext, planned: &mut Planned, steps: &mut Steps) -> WriteEnd {
    let asks = !writing.args.yes;
    // Read just now, under one's own lock: one more read would tell the same.
    let mut checked_at = planned.is_read_in_turn.then_some(planned.read_at);
    let mut held = planned.save_lock.take();
    let mut trusted = None;
    for _ in 0..ROUNDS {
        let Some(body) = ReviewedBody::of(&planned.work) else {
            return WriteEnd::Invalid;
        };
        if held.is_none() {
            held = match take_save_lock(writing, planned, steps).await {
                Ok(held) => held,
                Err(end) => return end,
            };
        }
        let base = planned.work.base().clone();
        let started = match checked_at {
            Some(at) => Save::checked(base, body.clone(), at),
            None => Save::start(base, body.clone()),
        };
        let read_at = Instant::now();
        let outcome = match run(writing, started, steps, (&mut held, trusted.clone())).await {
            Ok((outcome, saved)) => {
                planned.saved = saved;
                outcome
            }
            Err(end) => return end,
        };
        if let Some(lock) = held.as_ref().filter(|_| outcome.open_send().is_none()) {
            lock.is_settled();
        }
        let theirs = match *outcome {
            Outcome::ServerChanged {
                theirs,
                as_before: Some(own),
                ..
            } if own.is_suspect(&theirs) => {
                if writing.args.on_conflict == OnConflict::Fail {
                    give_back(held).await;
                    return WriteEnd::AsBefore(own.at);
                }
                trusted = Some(own.at.clone());
                lay_own(writing, planned, &own);
                theirs
            }
            Outcome::ServerChanged { theirs, .. } => theirs,
            outcome => {
                give_back(held).await;
                return WriteEnd::Outcome(Box::new(outcome), body);
            }
        };
        if asks {
            // Nobody waits for a person.
            give_back(held.take()).await;
        }
        if let Err(end) = merge(writing, planned, *theirs, steps) {
            return end;
        }
        if asks {
            steps.clear();
            writing.print_changes(planned, true);
            match writing.agreed(std::slice::from_ref(planned)).await {
                Ok(Consent::Yes) => {}
                Ok(consent) => return WriteEnd::Declined(consent),
                Err(_) => return WriteEnd::Stopped,
            }
        }
        // What was merged with was read a moment ago, under this very lock.
        checked_at = (!asks).then_some(read_at);
    }
    WriteEnd::Restless
}

async fn take_save_lock(
    writing: &WriteContext,
    planned: &Planned,
    steps: &Steps,
) -> Result<Option<HeldSaveLock>, WriteEnd> {
    // Each demo is a world of its own.
    if writing.cx.platform.is_demo() {
        return Ok(None);
    }
    let waiting = Cell::new(None);
    let wait = || {
        waiting.set(Some(Instant::now()));
        steps.aside(|| writing.tell_waiting());
        steps.waits("waiting for another novita-edit");
    };
    let unknown = |why: &str| steps.aside(|| writing.tell_unguarded(why));
    let waited = wait_for_save_lock(&writing.send_log, planned.id(), save_lock_patience(), wait, unknown);
    let held = match writing.interrupts.unless(waited).await {
        Err(_) => return Err(WriteEnd::Stopped),
        Ok(waited) => waited.map_err(WriteEnd::Busy)?,
    };
    if let Some(since) = waiting.get() {
        steps.aside(|| writing.tell_waited(since));
    }
    let left = wait_for_left_send(writing, planned.id(), held.as_ref(), |why| {
        steps.aside(|| output::note(why))
    });
    match writing.interrupts.unless(left).await {
        Err(_) => Err(WriteEnd::Stopped),
        Ok(waited) => waited.map(|()| held).map_err(WriteEnd::Busy),
    }
}

/// Waits until a send that somebody on this machine left on its way has arrived, or can't any more; as long as another
/// save is waited for at most. `tell` gets a line on what is waited for.
///
/// # Errors
/// The sentence that says that it may still arrive.
pub async fn wait_for_left_send(
    writing: &WriteContext,
    id: &str,
    held: Option<&HeldSaveLock>,
    tell: impl Fn(&str),
) -> Result<(), String> {
    let Some(lock) = held else { return Ok(()) };
    let Some(left) = lock.left_send(&writing.send_log, id).await else {
        return Ok(());
    };
    let what = format!(
        "An update that another novita-edit (process {}) sent may still arrive, until {}",
        left.by.pid,
        time_of_day(left.until)
    );
    let started = Instant::now();
    let mut told = false;
    while Timestamp::now() < left.until {
        // Once it is there, or surely refused, nothing is on its way any more.
        let begun = Timestamp::now();
        let read = writing.cx.client.endpoint(id).await;
        if read.as_ref().is_err_and(ApiError::is_gone) {
            // Nothing arrives there any more.
            return Ok(());
        }
        if let Ok(read) = read
            && let Ok(settled) = settle_open(&writing.send_log, &read, begun).await
        {
            settled.iter().for_each(|one| tell(&one.in_words()));
            if lock.left_send(&writing.send_log, id).await.is_none() {
                return Ok(());
            }
        }
        if started.elapsed() >= save_lock_patience() {
            return Err(format!("{what}."));
        }
        if !std::mem::replace(&mut told, true) {
            tell(&format!("{what}; waiting."));
        }
        tokio::time::sleep(LOOK).await;
    }
    lock.is_settled();
    Ok(())
}

/// What the own last save stored is laid over what was read, where the command line says that it counts.
fn lay_own(writing: &WriteContext, planned: &mut Planned, own: &OwnSend) {
    if writing.args.on_conflict == OnConflict::Mine {
        let old = planned.work.now().clone();
        let new = Merge::new(&own.before, &old, &own.stored).resolve(&[]);
        planned.work.apply_given(Edit::Whole {
            name: "lay the last save over it".to_owned(),
            old: Box::new(old),
            new: Box::new(new),
        });
    }
}

async fn give_back(held: Option<HeldSaveLock>) {
    if let Some(held) = held {
        held.give_back().await;
    }
}

/// What somebody else changed becomes the base, with what is planned laid over it.
fn merge(writing: &WriteContext, planned: &mut Planned, theirs: LoadedEndpoint, steps: &Steps) -> Result<(), WriteEnd> {
    let merge = planned.work.merge_with(&theirs.config);
    let clashes = merge.clashes();
    let side = match writing.args.on_conflict {
        OnConflict::Fail if !clashes.is_empty() => return Err(WriteEnd::Clash(clashes.to_vec())),
        OnConflict::Fail | OnConflict::Mine => Resolution::Mine,
        OnConflict::Theirs => Resolution::Theirs,
    };
    let choices = vec![Some(side); clashes.len()];
    let clashes = clashes.to_vec();
    planned.work.merge(theirs, &choices);
    let others: Vec<Change> = planned.work.others().to_vec();
    steps.aside(|| writing.tell_others(planned, &others, &clashes));
    if planned.work.error_count() > 0 {
        return Err(WriteEnd::Invalid);
    }
    if !planned.work.is_changed() {
        return Err(WriteEnd::NothingLeft(clashes.iter().map(Clash::name).collect()));
    }
    Ok(())
}

/// What the workers are counted from after a save, and when it went out.
pub(super) type SavedAt = (RolloutStart, Instant);

/// Runs a save to its end, or to what an interrupt leaves of it.
async fn run(
    writing: &WriteContext,
    started: (Save, Request),
    steps: &Steps,
    (lock, trusted): (&mut Option<HeldSaveLock>, Option<String>),
) -> Result<(Box<Outcome>, Option<SavedAt>), WriteEnd> {
    let (base, body) = (started.0.base().clone(), started.0.body().clone());
    let (stage, open) = (Cell::new(Stage::Checking), RefCell::new(None));
    let mut recorder = Recorder::new(writing.send_log.clone(), writing.cx.client.timeouts().total).trusting(trusted);
    if writing.cx.platform.is_demo() {
        recorder = recorder.without_past();
    }
    let mut observer = CommandObserver {
        writing,
        id: base.config.id.clone(),
        title: title(&base.config.id, &base.config.name),
        steps,
        stage: &stage,
        open: &open,
        lock,
    };
    let ended = {
        let mut driving = pin!(drive(&writing.cx.client, started, &mut recorder, &mut observer));
        tokio::select! {
            biased;
            outcome = &mut driving => Ok(outcome),
            _ = writing.interrupts.asked() => match stage.get() {
                Stage::Checking => Err(WriteEnd::Stopped),
                // It ends by itself: nothing is sent any more.
                Stage::Noting => Ok(driving.await),
                Stage::Sending | Stage::Verifying => {
                    steps.aside(tell_last_word);
                    last_word(writing, driving, &open, base, &body).await.ok_or(WriteEnd::Untold)
                }
            },
        }
    };
    if ended.is_ok() {
        writing.interrupts.is_under_way(None);
    }
    let saved = ended.as_ref().ok().and_then(|outcome| recorder.rollout(outcome));
    let noted = match &ended {
        Ok(outcome) => recorder.after(outcome, &body).await,
        Err(WriteEnd::Stopped) => {
            let stopped = Outcome::Forbidden("Interrupted before it went out.".to_owned());
            recorder.after(&stopped, &body).await
        }
        // Unknown it stays.
        Err(_) => Ok(()),
    };
    if let Err(why) = noted {
        steps.aside(|| writing.tell_not_kept(&body.config().id, &why));
    }
    ended.map(|outcome| (outcome, saved))
}

fn tell_last_word() {
    output::note(
        "Interrupted after it was sent: finding out what became of it, 3 s at most. Once more Ctrl-C ends at once.",
    );
}

/// What is known of a save that was interrupted after its send: by its own end if that comes soon, else by reading.
async fn last_word(
    writing: &WriteContext,
    mut driving: Pin<&mut impl Future<Output = Box<Outcome>>>,
    open: &RefCell<Option<OpenSend>>,
    base: LoadedEndpoint,
    body: &ReviewedBody,
) -> Option<Box<Outcome>> {
    if let Ok(outcome) = tokio::time::timeout(LAST_WORD, &mut driving).await {
        return Some(outcome);
    }
    let read = tokio::time::timeout(LAST_WORD, writing.cx.client.endpoint(&body.config().id)).await;
    let fresh = read.ok()?.ok()?;
    let unanswered = || OpenSend {
        sent: body.shared_config(),
        answer: SendAnswer::Nothing(None),
        until: None,
        is_over: false,
    };
    let open = open.take().unwrap_or_else(unanswered);
    let (mut save, _) = Save::verify(base, body.clone(), open);
    save.reads_no_more();
    match save.answer(Answer::Read(Box::new(Ok(fresh)))) {
        Next::Done(outcome) => Some(outcome),
        Next::Do(_) => None,
    }
}

/// The exit code after an interrupt, whatever else happened.
pub fn interrupted(writing: &WriteContext) -> Option<Exit> {
    writing.interrupts.now()
}
