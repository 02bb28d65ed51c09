//! The one way of every command that writes: planned for one endpoint or several, all judged before anything goes,
//! shown, asked about, sent one by one, read back.
//!
//! Open `run` first. A command [loads](WriteContext::load) what it is about, makes its edits in each [`Planned::work`],
//! and hands them over. `preview.rs` shows them and asks; `send.rs` is one endpoint's way out, `outcome.rs`
//! and `report.rs` what is said of it, `steps.rs` the line that tells where it is.

mod masked;
mod outcome;
mod preview;
mod report;
mod send;
mod steps;

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::ask::{Consent, Person};
use super::changes;
use super::concurrent;
use super::context::Context;
use super::failure::Failure;
use super::files::FileDocument;
use super::options::{OnConflict, WriteArgs};
use super::output::{self, OutputFormat, Tone};
use super::pick::PickArgs;
use super::problems::{self, ProblemJson};
use super::rollout::{Awaited, until_ready};
use super::runtime::{Interrupts, runtime};
use super::target;
use crate::endpoint::edit::Edit;
use crate::endpoint::merge::Merge;
use crate::endpoint::respelled::as_read;
use crate::endpoint::{EndpointConfig, FieldId, LoadedEndpoint, Problem, Severity, Source, VolumeType, body};
use crate::exit_code::Exit;
use crate::session::{
    HeldSaveLock, OwnSend, Patience, READ_AGAIN, Workspace, as_before_own, in_time, newest_own_send,
    save_lock_patience, wait_for_save_lock,
};
use crate::store::SendLog;
use crate::text::capital;
pub use report::{OutcomeWord, ReportEntry, title};
use steps::Steps;

/// How long the end waits for what is still being written.
const LAST_WRITES: Duration = Duration::from_millis(200);

/// What a command that writes works with.
pub struct WriteContext {
    pub cx: Context,
    pub args: WriteArgs,
    pub interrupts: Interrupts,
    /// What is noted of sends.
    pub send_log: SendLog,
    person: Person,
    told_unguarded: Cell<bool>,
    told_not_kept: Cell<bool>,
}

/// Runs a command that may send something: SIGINT, SIGTERM and SIGHUP are its own to answer, and the second one ends it
/// at once. `stdin_is_used`: what stands on standard input is no answer to a question.
///
/// # Errors
/// What the command ended with, or that there is no runtime.
pub fn run_writing(
    cx: Context,
    args: &WriteArgs,
    stdin_is_used: bool,
    command: impl AsyncFnOnce(&WriteContext) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let writing = WriteContext::new(cx, args, Interrupts::listen()?, stdin_is_used);
        command(&writing).await
    });
    // What still gives a lock back, or writes, is waited for; a question that nobody answers isn't.
    runtime.shutdown_timeout(LAST_WRITES);
    done
}

/// A change of one endpoint that is to be made.
pub struct Planned {
    /// What was loaded, and what it is to become.
    pub work: Workspace,
    /// What is to be said beside the changes, a sentence each.
    pub warnings: Vec<String>,
    /// What says so, where it is a file.
    pub document: Option<Arc<FileDocument>>,
    /// What was wrong with it as it was loaded.
    problems_before: Vec<Problem>,
    /// The newest send from this machine that is known to be stored.
    own: Option<OwnSend>,
    read_at: Instant,
    /// Nobody else on this machine can have saved it since it was read, as far as that can be known.
    is_read_in_turn: bool,
    /// Nobody named it: it was picked out of the list.
    is_picked: bool,
    save_lock: Option<HeldSaveLock>,
    /// What the workers are counted from once it is saved, and when it went out.
    saved: Option<send::SavedAt>,
}

/// What was sent to an endpoint from this machine before, as far as it counts for a write.
#[derive(Default)]
struct OwnPast {
    /// The newest send that is known to be stored.
    own: Option<OwnSend>,
    /// What it stored is laid over what was read, which is older.
    is_laid_over: bool,
    /// What is to be said of it.
    warning: Option<String>,
}

impl OwnPast {
    fn lay_over(&self, work: &mut Workspace) {
        let Some(own) = &self.own else { return };
        let old = work.now().clone();
        work.apply_given(Edit::Whole {
            name: "lay the last save over it".to_owned(),
            old: Box::new(old),
            new: Box::new(own.stored.clone()),
        });
    }
}

/// Whether a command is about one endpoint or about a list of them: what it prints is one entry or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportShape {
    One,
    Many,
}

impl Planned {
    /// The endpoint's id.
    pub fn id(&self) -> &str {
        &self.work.base().config.id
    }

    /// How messages name it.
    pub fn title(&self) -> String {
        let config = &self.work.base().config;
        title(&config.id, &config.name)
    }

    /// A problem of what it is to become, as it is printed.
    fn listed(&self, problem: &Problem) -> ProblemJson {
        let problem = problems::listed(problem, self.work.now());
        match &self.document {
            Some(document) => document.placed(problem),
            None => problem,
        }
    }

    /// The line of a problem under the endpoint's title. One with a place in a file begins with that.
    fn line(&self, problem: &Problem) -> String {
        let indent = if self.document.is_some() { "" } else { "  " };
        format!("{indent}{}", problems::line(&self.listed(problem)))
    }

    /// What was sent before and was stored in another spelling is no change when just that is asked for again.
    pub fn respell(&mut self) {
        let Some(own) = self.own.as_ref().filter(|own| own.sent != own.stored) else {
            return;
        };
        let now = self.work.now();
        let stored = as_read(&own.before, &own.sent, &own.stored);
        let spelled = Merge::new(&own.sent, now, &stored).resolve(&[]);
        if spelled != *now {
            let (old, new) = (Box::new(now.clone()), Box::new(spelled));
            let name = "spelled as the server has it".to_owned();
            self.work.apply_given(Edit::Whole { name, old, new });
        }
    }

    fn is_called(&self, word: &str) -> bool {
        let config = &self.work.base().config;
        !word.is_empty() && (word == config.id || word == config.name)
    }
}

impl WriteContext {
    /// `stdin_is_used`: what stands on standard input is no answer to a question.
    pub fn new(cx: Context, args: &WriteArgs, interrupts: Interrupts, stdin_is_used: bool) -> Self {
        Self {
            send_log: cx.platform.send_log(),
            cx,
            args: args.clone(),
            person: Person::new(interrupts.clone(), stdin_is_used),
            interrupts,
            told_unguarded: Cell::new(false),
            told_not_kept: Cell::new(false),
        }
    }

    /// Loads endpoints, all at a time, and the limits beside them. With one endpoint and without a question to come,
    /// its save lock is taken before: from then on nobody else on this machine gets in between.
    ///
    /// # Errors
    /// The first one that can't be read, after a word on the others; one that is named twice.
    pub async fn load(&self, ids: &[String]) -> Result<Vec<Planned>, Failure> {
        let mut planned: Vec<Planned> = Vec::with_capacity(ids.len());
        let mut failures: Vec<Failure> = Vec::new();
        for loaded in self.load_each(ids).await? {
            match loaded {
                Ok(one) => planned.push(one),
                Err(failure) => failures.push(failure),
            }
        }
        if !failures.is_empty() {
            let first = failures.remove(0);
            // The way to the server fails for all of them alike.
            failures.retain(|failure| failure.to_string() != first.to_string());
            for failure in failures {
                output::note(&format!("novita-edit: {}", failure.shown()));
            }
            return Err(first);
        }
        for (at, one) in planned.iter().enumerate() {
            if planned[..at].iter().any(|before| before.id() == one.id()) {
                let title = one.title();
                return Err(Failure::Usage(format!(
                    "{title} is named more than once; nothing was sent. Name each endpoint once."
                )));
            }
        }
        Ok(planned)
    }

    /// The same, and what can't be read is the caller's to tell: one for each id, in their order.
    ///
    /// # Errors
    /// [`Failure::Interrupted`].
    pub async fn load_each(&self, ids: &[String]) -> Result<Vec<Result<Planned, Failure>>, Failure> {
        let takes_turn = ids.len() == 1 && self.args.yes && !self.args.dry_run && !self.is_read_only();
        let load = async |wanted: &String| {
            let guard = async |id: &str| match takes_turn {
                true => self.save_lock_for(id).await,
                false => Ok(None),
            };
            let (base, at, held) = target::load_under(&self.cx, wanted, guard).await?;
            let (base, at, past) = self.beside_own_past(base, at).await?;
            Ok((base, held, past, at))
        };
        let both = async { tokio::join!(concurrent::each(ids, load), self.cx.limits_or_why_none()) };
        let (loaded, (limits, no_limits)) = self.unless_interrupted(both).await?;
        let all_failed = loaded.iter().all(Result::is_err);
        if let Some(why) = no_limits.filter(|_| !all_failed) {
            self.cx.warn(None, why);
        }
        let planned = |(base, save_lock, past, read_at): (LoadedEndpoint, _, OwnPast, _)| {
            let mut work = Workspace::new(base, limits.clone());
            let problems_before = work.problems().to_vec();
            if past.is_laid_over {
                past.lay_over(&mut work);
            }
            Planned {
                problems_before,
                warnings: past.warning.into_iter().collect(),
                document: None,
                own: past.own,
                read_at,
                is_read_in_turn: takes_turn,
                is_picked: false,
                save_lock,
                saved: None,
                work,
            }
        };
        Ok(loaded.into_iter().map(|loaded| loaded.map(planned)).collect())
    }

    /// The same, of those that are named, or picked out of the list.
    ///
    /// # Errors
    /// The same, and what keeps the list from being read.
    pub async fn load_picked(&self, pick: &PickArgs, named: &[String]) -> Result<Vec<Planned>, Failure> {
        let ids = self.unless_interrupted(pick.endpoints(&self.cx, named)).await??;
        self.load_these(&ids, pick.is_given()).await
    }

    /// The same, of those whose ids are known by now; `is_picked`: nobody named them.
    ///
    /// # Errors
    /// The same as of [`Self::load`].
    pub async fn load_these(&self, ids: &[String], is_picked: bool) -> Result<Vec<Planned>, Failure> {
        let mut planned = self.load(ids).await?;
        planned.iter_mut().for_each(|one| one.is_picked = is_picked);
        Ok(planned)
    }

    /// What was sent from here before, beside what was read. Where that is just what was there before one's own save, a
    /// moment ago or by an old answer, it is read again.
    ///
    /// # Errors
    /// It stays so, and nobody said what counts.
    async fn beside_own_past(
        &self,
        mut base: LoadedEndpoint,
        mut at: Instant,
    ) -> Result<(LoadedEndpoint, Instant, OwnPast), Failure> {
        if self.cx.platform.is_demo() {
            return Ok((base, at, OwnPast::default()));
        }
        let own = newest_own_send(&self.send_log, &base.config).await.unwrap_or_default();
        let Some(own) = own else {
            return Ok((base, at, OwnPast::default()));
        };
        for _ in 0..READ_AGAIN {
            if !own.is_suspect(&base) {
                break;
            }
            tokio::time::sleep(Patience::default().stale).await;
            base = self.cx.read(|| self.cx.client.endpoint(&base.config.id)).await?;
            at = Instant::now();
        }
        let is_suspect = own.is_suspect(&base);
        let mut past = OwnPast::default();
        match self.args.on_conflict {
            _ if !own.is_missing_from(&base) => {}
            OnConflict::Fail if is_suspect && !self.args.dry_run => {
                let title = title(&base.config.id, &base.config.name);
                let why = as_before_own(&own.at, "nothing was sent");
                return Err(Failure::Occupied(format!("{title}: {why} {}", outcome::AS_BEFORE)));
            }
            OnConflict::Mine if is_suspect => {
                past.is_laid_over = true;
                past.warning = Some(capital(&as_before_own(&own.at, "that save is laid over it")));
            }
            _ => past.warning = Some(capital(&as_before_own(&own.at, "it goes on from there"))),
        }
        past.own = Some(own);
        Ok((base, at, past))
    }

    /// What a future comes to, unless somebody interrupts.
    ///
    /// # Errors
    /// [`Failure::Interrupted`].
    pub async fn unless_interrupted<T>(&self, future: impl Future<Output = T>) -> Result<T, Failure> {
        self.interrupts.unless(future).await.map_err(Failure::Interrupted)
    }

    async fn save_lock_for(&self, id: &str) -> Result<Option<HeldSaveLock>, Failure> {
        if self.cx.platform.is_demo() {
            return Ok(None);
        }
        let waiting = Cell::new(None);
        let wait = || {
            waiting.set(Some(Instant::now()));
            self.tell_waiting();
        };
        let unknown = |why: &str| self.tell_unguarded(why);
        let waited = wait_for_save_lock(&self.send_log, id, save_lock_patience(), wait, unknown).await;
        let held = waited.map_err(Failure::Busy)?;
        if let Some(since) = waiting.get() {
            self.tell_waited(since);
        }
        let left = send::wait_for_left_send(self, id, held.as_ref(), output::note);
        left.await.map_err(Failure::Busy)?;
        Ok(held)
    }

    fn is_read_only(&self) -> bool {
        self.cx.platform.config().read_only
    }

    fn reveals(&self) -> bool {
        self.args.reveal.reveal
    }

    fn form(&self) -> OutputFormat {
        self.args.output.output
    }

    /// Whether an editor left a draft of this endpoint, as far as the disk tells in time.
    async fn has_draft(&self, id: &str) -> bool {
        let (send_log, id) = (self.send_log.clone(), id.to_owned());
        let look = in_time(move || {
            send_log
                .endpoint_files(&id)
                .is_ok_and(|files| files.draft_path().exists())
        });
        look.await.unwrap_or(false)
    }
}

/// Takes planned changes all the way. Whatever goes wrong with one of them has been told when this returns.
///
/// # Errors
/// What keeps all of them from being sent, or the result from being printed.
pub async fn run(writing: &WriteContext, planned: Vec<Planned>, shape: ReportShape) -> Result<Exit, Failure> {
    Ok(run_and_list(writing, planned, shape).await?.0)
}

/// The same, and what became of each, in their order.
///
/// # Errors
/// As of [`run`].
pub async fn run_and_list(
    writing: &WriteContext,
    mut planned: Vec<Planned>,
    shape: ReportShape,
) -> Result<(Exit, Vec<ReportEntry>), Failure> {
    let wrong = judged(writing, &mut planned).await?;
    if wrong.contains(&true) {
        tell_wrong(&planned, &wrong);
        output::note(&not_sent(&planned));
        return invalid(writing, &planned, &wrong, shape);
    }
    if writing.args.dry_run {
        return dry_run(writing, &planned, shape);
    }
    // Who has nothing to save is in nobody's way.
    for one in planned.iter_mut().filter(|one| !one.work.is_changed()) {
        drop(one.save_lock.take());
    }
    let mut entries: Vec<ReportEntry> = planned.iter().map(|one| outcome::unchanged(writing, one)).collect();
    let is_so_already: Vec<bool> = planned.iter().map(|one| !one.work.is_changed()).collect();
    let mut told = Ok(());
    if planned.iter().any(|one| one.work.is_changed()) {
        for one in planned.iter().filter(|one| one.work.is_changed()) {
            writing.print_changes(one, false);
            if writing.has_draft(one.id()).await {
                output::note("  A draft of the editor waits for this endpoint; it is left alone.");
            }
        }
        if let Some(why) = writing.refuses_unasked(&planned) {
            return Err(Failure::Usage(why));
        }
        if !writing.args.yes {
            match writing.agreed(&planned).await {
                Ok(Consent::Yes) => {}
                Ok(consent) => return Err(Failure::Declined(outcome::declined(consent))),
                Err(exit) => return Err(Failure::Interrupted(exit)),
            }
        }
        told = send_all(writing, &mut planned, &mut entries).await;
        masked::remember(writing, &planned).await;
    }
    // The others were told as they ended.
    for (entry, _) in entries.iter().zip(&is_so_already).filter(|(_, is_so)| **is_so) {
        told = told.and(report::tell(entry, writing.form()));
    }
    let waited = if writing.args.wait && writing.interrupts.now().is_none() {
        wait_for_all(writing, &planned, &mut entries).await
    } else {
        None
    };
    let printed = print(writing, &entries, shape);
    if printed.is_err() {
        entries.iter().for_each(report::tell_anyway);
    }
    let exit = send::interrupted(writing)
        .or(waited)
        .unwrap_or_else(|| exit_of(&entries));
    match told.and(printed) {
        // What became of it counts for more than that the result went nowhere.
        Err(failure) if exit != Exit::Done => {
            output::note(&output::warning(&failure.to_string()));
            Ok((exit, entries))
        }
        Err(failure) => Err(failure),
        Ok(()) => Ok((exit, entries)),
    }
}

/// Tells all that is wrong with planned changes of which none will be sent, since others could not even be planned.
///
/// # Errors
/// [`Failure::Interrupted`].
pub async fn judge(writing: &WriteContext, planned: &mut [Planned]) -> Result<Vec<bool>, Failure> {
    let wrong = judged(writing, planned).await?;
    if wrong.contains(&true) {
        tell_wrong(planned, &wrong);
    }
    Ok(wrong)
}

/// For each whether an error keeps it from being sent, after all was looked up that this depends on.
async fn judged(writing: &WriteContext, planned: &mut [Planned]) -> Result<Vec<bool>, Failure> {
    look_up_storages(writing, planned).await?;
    masked::settle(writing, planned).await;
    let is_wrong = |one: &Planned| {
        let judged = one.work.is_changed() || writing.args.dry_run;
        judged && one.work.error_count() > 0
    };
    Ok(planned.iter().map(is_wrong).collect())
}

/// Whether the storages lie where the endpoint does is asked where that is among the changes: it costs a request.
/// Without an answer, which is told, the server judges.
async fn look_up_storages(writing: &WriteContext, planned: &mut [Planned]) -> Result<(), Failure> {
    let is_about_them = |one: &&Planned| {
        let mounted = |config: &EndpointConfig| {
            let network = config
                .volumes
                .iter()
                .filter(|volume| volume.kind == VolumeType::Network);
            network.map(|volume| volume.storage_id.clone()).collect::<Vec<_>>()
        };
        one.work.is_field_changed(FieldId::ClusterId) || mounted(&one.work.base().config) != mounted(one.work.now())
    };
    let about: Vec<&EndpointConfig> = planned.iter().filter(is_about_them).map(|one| one.work.now()).collect();
    let inventory = writing.unless_interrupted(writing.cx.inventory_for(about)).await?;
    if inventory.storages.is_some() {
        let is_meant: Vec<bool> = planned.iter().map(|one| is_about_them(&one)).collect();
        for (one, _) in planned.iter_mut().zip(is_meant).filter(|(_, is_meant)| *is_meant) {
            one.work.set_account(inventory.clone());
        }
    }
    Ok(())
}

/// Sends all that is changed, one after the other, and tells of each as it ends.
///
/// # Errors
/// A sentence could not be printed; all was done all the same.
async fn send_all(writing: &WriteContext, planned: &mut [Planned], entries: &mut [ReportEntry]) -> Result<(), Failure> {
    let mut told = Ok(());
    let count = planned.iter().filter(|one| one.work.is_changed()).count();
    let mut steps = Steps::new(count);
    let mut stopped: Option<&'static str> = None;
    for (one, entry) in planned.iter_mut().zip(entries) {
        if !one.work.is_changed() {
            continue;
        }
        if writing.interrupts.now().is_some() {
            stopped = Some("Interrupted before it.");
        }
        if let Some(why) = stopped {
            *entry = outcome::not_tried(writing, one, why);
        } else {
            steps.begin(&one.title());
            let end = send::save(writing, one, &mut steps).await;
            if outcome::stops_all(&end) {
                stopped = Some("The failure before it would have been its own, too.");
            }
            *entry = outcome::entry(writing, one, end);
            steps.done();
        }
        let form = writing.form();
        // A result that nobody reads is no reason to stop in the middle.
        told = told.and(steps.aside(|| report::tell(entry, form)));
    }
    told
}

/// The exit code of several: that of the first that went wrong.
fn exit_of(entries: &[ReportEntry]) -> Exit {
    let wrong = entries.iter().find(|entry| entry.exit != Exit::Done);
    wrong.map_or(Exit::Done, |entry| entry.exit)
}

/// Nothing is sent, since what was written can't be read: its problems, which belong to no endpoint yet.
///
/// # Errors
/// The result can't be printed.
pub fn refuse(writing: &WriteContext, found: Vec<ProblemJson>) -> Result<Exit, Failure> {
    tell_faults(&found);
    let whole = match found.as_slice() {
        [] => "",
        _ => "; `novita-edit get` prints a whole body",
    };
    output::note(&format!(
        "Nothing was sent. Mend what is an error, and try again{whole}."
    ));
    print(writing, &[outcome::unreadable(writing, found)], ReportShape::Many)?;
    Ok(Exit::Invalid)
}

/// A line for each.
pub fn tell_faults(found: &[ProblemJson]) {
    for problem in found {
        output::note(&problems::line(problem));
    }
}

/// Nothing is sent, for any of them.
fn invalid(
    writing: &WriteContext,
    planned: &[Planned],
    wrong: &[bool],
    shape: ReportShape,
) -> Result<(Exit, Vec<ReportEntry>), Failure> {
    let entry = |(one, is_wrong): (&Planned, &bool)| match is_wrong {
        true => outcome::invalid(writing, one),
        false => outcome::not_tried(writing, one, "Another one is not in order."),
    };
    let entries: Vec<ReportEntry> = planned.iter().zip(wrong).map(entry).collect();
    print(writing, &entries, shape)?;
    Ok((Exit::Invalid, entries))
}

/// What is wrong, under the title of the endpoint; out of files with the endpoint's id where they have several.
fn tell_wrong(planned: &[Planned], wrong: &[bool]) {
    let several = planned.len() > 1;
    for (one, _) in planned.iter().zip(wrong).filter(|(_, is_wrong)| **is_wrong) {
        let is_of_file = one.document.is_some();
        if !is_of_file {
            output::note(&format!("{}:", Tone::Strong.paint(&one.title())));
        }
        for problem in one.work.problems() {
            match is_of_file {
                true => output::note(&problems::line_of(several.then_some(one.id()), &one.listed(problem))),
                false => output::note(&one.line(problem)),
            }
        }
    }
}

/// That nothing was sent, and what to do about it.
fn not_sent(planned: &[Planned]) -> String {
    let is_range = |problem: &Problem| problem.severity == Severity::Error && problem.source == Source::ParameterLimits;
    let ranges = match planned.iter().flat_map(|one| one.work.problems()).any(is_range) {
        true => "; `novita-edit limits` prints the account's ranges",
        false => "",
    };
    let is_masked = |problem: &Problem| problem.severity == Severity::Error && problem.source == Source::MaskedValues;
    let masked = match planned.iter().flat_map(|one| one.work.problems()).any(is_masked) {
        true => "; --allow-masked NAME says that a variable's value is meant as it is",
        false => "",
    };
    format!("Nothing was sent. Mend what is an error, and try again{ranges}{masked}.")
}

/// What one of them would overwrite of what somebody else changed, and a sentence that says so.
pub struct Overwritten {
    pub conflicts: Vec<changes::ClashJson>,
    pub why: String,
}

/// Nothing is sent, since some would overwrite what somebody else changed: a sentence on each that says so.
///
/// # Errors
/// The result can't be printed.
pub fn overwrites(
    writing: &WriteContext,
    planned: &[Planned],
    overwritten: Vec<Option<Overwritten>>,
    shape: ReportShape,
) -> Result<Exit, Failure> {
    let mut entries = Vec::new();
    for (one, overwritten) in planned.iter().zip(overwritten) {
        let Some(Overwritten { conflicts, why }) = overwritten else {
            entries.push(outcome::not_tried(
                writing,
                one,
                "Another one would overwrite what somebody else changed.",
            ));
            continue;
        };
        writing.print_changes(one, false);
        let entry = outcome::overwrites(writing, one, conflicts, why);
        report::tell(&entry, writing.form())?;
        entries.push(entry);
    }
    print(writing, &entries, shape)?;
    Ok(Exit::Conflict)
}

/// Prints what would be sent.
fn dry_run(
    writing: &WriteContext,
    planned: &[Planned],
    shape: ReportShape,
) -> Result<(Exit, Vec<ReportEntry>), Failure> {
    let shown = |one: &Planned| match writing.reveals() {
        true => body::text(one.work.now()),
        false => body::masked(one.work.now()),
    };
    // What is to be sent on as it is has no line break behind it, as the update has none.
    let is_exact = writing.reveals() && planned.len() == 1 && output::stdout_width().is_none();
    let end = if is_exact { "" } else { "\n" };
    let mut entries = Vec::new();
    for one in planned {
        writing.print_changes(one, false);
        if writing.form() == OutputFormat::Table {
            output::exact(&(shown(one) + end))?;
            entries.push(outcome::dry_run(writing, one, None));
        } else {
            let body = serde_json::from_str(&shown(one)).ok();
            entries.push(outcome::dry_run(writing, one, body));
        }
    }
    if !writing.reveals() {
        output::tell_masked(planned.iter().map(|one| one.work.now().envs.len()).sum());
    }
    output::note(&output::faint("A dry run: nothing was sent."));
    if writing.form() != OutputFormat::Table {
        print(writing, &entries, shape)?;
    }
    Ok((Exit::Done, entries))
}

/// Prints the list for programs; people have been told by now.
fn print(writing: &WriteContext, entries: &[ReportEntry], shape: ReportShape) -> Result<(), Failure> {
    let form = writing.form();
    let entries: Vec<ReportEntry> = entries.iter().map(|entry| with_warnings(writing, entry)).collect();
    let saved = || {
        let saved = entries.iter().filter(|entry| entry.outcome == OutcomeWord::Saved);
        saved.filter_map(|entry| entry.id.clone()).collect()
    };
    match (form, shape, entries.as_slice()) {
        (OutputFormat::Table, ..) => Ok(()),
        (_, ReportShape::One, [entry]) => output::document(form, entry, String::new, saved),
        _ => output::document(form, &entries, String::new, saved),
    }
}

/// The entry with all that stderr warned of about its endpoint.
fn with_warnings(writing: &WriteContext, entry: &ReportEntry) -> ReportEntry {
    let mut entry = entry.clone();
    let mut warnings = writing.cx.warnings_about(entry.id.as_deref().unwrap_or_default());
    warnings.retain(|warning| !entry.warnings.contains(warning));
    entry.warnings.extend(warnings);
    entry
}

/// Waits until the workers of all that holds now are as asked for; the exit code where they aren't.
async fn wait_for_all(writing: &WriteContext, planned: &[Planned], entries: &mut [ReportEntry]) -> Option<Exit> {
    let mut good: Vec<&mut ReportEntry> = Vec::new();
    let mut awaited = Vec::new();
    for (one, entry) in planned
        .iter()
        .zip(entries.iter_mut())
        .filter(|(_, entry)| entry.is_good())
    {
        awaited.push(Awaited {
            id: one.id().to_owned(),
            title: one.title(),
            saved: one.saved.clone(),
        });
        good.push(entry);
    }
    let ends = until_ready(&writing.cx, &writing.interrupts, &awaited, writing.args.timeout).await;
    if ends.iter().any(Option::is_none) {
        output::note(
            "Interrupted while waiting: what is told above as saved is stored. `novita-edit watch ID --until healthy` waits \
             on.",
        );
    }
    for (entry, end) in good.into_iter().zip(ends) {
        let Some(end) = end else { continue };
        if end.is_warning {
            entry.warnings.push(end.sentence);
        }
        entry.exit = end.exit;
        entry.rollout = Some(end.rollout);
    }
    Some(exit_of(entries)).filter(|exit| *exit != Exit::Done)
}
