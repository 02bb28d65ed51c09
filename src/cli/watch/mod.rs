//! `novita-edit watch`: endpoints and their workers as they move, until they are as wanted.
//!
//! `until.rs` is what is waited for, `status.rs` what is told, `printer.rs` how: lines, JSON, or a table on the terminal
//! (`live.rs`).

mod disturbed;
mod live;
mod printer;
mod status;
mod until;

use std::cell::RefCell;
use std::pin::pin;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use tokio::sync::Semaphore;

use super::concurrent;
use super::context::Context;
use super::failure::Failure;
use super::options::{ID_HELP, not_empty, time};
use super::output;
use super::pick::{PICKING, PickArgs};
use super::poll::{self, Polled, Poller};
use super::rollout::RolloutWatch;
use super::target;
use super::write::title;
use crate::api::{ApiError, FailureHint};
use crate::endpoint::LoadedEndpoint;
use crate::exit_code::Exit;
use crate::session::Verdict;
use disturbed::{Disturbance, Disturbed};
use printer::StatusPrinter;
use until::Until;
pub use until::{HEALTHY, STATES};

/// How long a state is waited for unless something else is said.
const PATIENCE: Duration = Duration::from_secs(600);

const AFTER_HELP: &str = "\
The first look tells everything, then a line comes for whatever changes. On a
terminal it is a table instead, which changes in place; -o lines has lines there
too. Ctrl-C ends it.

Where the endpoint was saved from this machine within the last 10 minutes,
`healthy` means the workers that came after that save: all new ones run and are
healthy, and those from before are gone. Where none is new 30 s after it, as
many as asked for are enough, and that is told.

A server that can't be reached for a while is waited for, once the endpoint was
seen. Exit code 0: all are as waited for, or without --until the time is over.
3: there is no such endpoint, or not any more. 6: the server refused, or its
answer can't be read. 7: not reached in time, or the server can't be reached.
9: it can't be healthy or serving any more: it came to be failed, stopped or
deleting, or was so for 30 s, or a worker had an error for 30 s. 130:
interrupted. Of several the first one's that isn't 0.

Examples:
  novita-edit watch my-endpoint
  novita-edit watch my-endpoint --until healthy --timeout 15m && ./smoke-test
  novita-edit watch blue green --until healthy,stopped
  novita-edit watch --filter staging --until healthy
  novita-edit watch my-endpoint -o json | jq -r 'select(.worker == null).state'";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
pub struct WatchArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    #[arg(required_unless_present_any = PICKING, conflicts_with_all = PICKING)]
    pub ids: Vec<String>,

    #[command(flatten)]
    pub pick: PickArgs,

    /// End when it is in this state: serving, failed, stopped…; healthy: when it
    /// serves with as many healthy workers as it asks for. Several with commas
    /// between them: whichever comes first
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = not_empty())]
    pub until: Vec<String>,

    /// End after this time: 90s, 10m, 1h30m. Without it: 10m with --until, else
    /// never
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub timeout: Option<Duration>,

    /// How often to look
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = time)]
    pub interval: Duration,

    /// How it is told, on stdout
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = WatchFormat::Table)]
    pub output: WatchFormat,
}

/// The form of what is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum WatchFormat {
    /// On a terminal a table that changes in place, elsewhere lines
    #[default]
    Table,
    /// A line for people for each change
    Lines,
    /// A JSON object for each change, one a line; docs/cli.md has its schema
    Json,
}

/// What all endpoints that are watched share.
struct Watching<'a> {
    cx: &'a Context,
    interval: Duration,
    until: Until,
    end: Option<Deadline>,
    room: Semaphore,
    printer: RefCell<StatusPrinter>,
    /// What keeps it from being told, which ends all.
    broken: RefCell<Option<Failure>>,
    breaks: tokio::sync::Notify,
}

/// When it ends, and how long that is from its beginning.
#[derive(Clone, Copy)]
struct Deadline {
    at: tokio::time::Instant,
    after: Duration,
}

/// An endpoint, when the look was asked for that this is of, and what its workers are counted from.
type FirstLook = (LoadedEndpoint, Instant, RolloutWatch);

/// Watches.
///
/// # Errors
/// Why there is nothing to watch, or not any more, or not in time.
pub async fn run(cx: &Context, args: &WatchArgs) -> Result<Exit, Failure> {
    let until = Until::new(&args.until);
    for unknown in until.unknown() {
        output::note(&output::warning(&format!(
            "{unknown} is no state that is known; it is waited for all the same. Known are healthy, {}.",
            STATES.join(", ")
        )));
    }
    let patience = args.timeout.or((!until.is_empty()).then_some(PATIENCE));
    let end = patience.map(|after| Deadline {
        at: tokio::time::Instant::now() + after,
        after,
    });
    let Some(first) = in_time(end, load(cx, args)).await else {
        return not_read(&until, end, args);
    };
    let first = first?;
    let endpoints: Vec<&LoadedEndpoint> = first.iter().map(|(endpoint, ..)| endpoint).collect();
    let watching = Watching {
        cx,
        interval: args.interval,
        end,
        room: concurrent::room(),
        printer: RefCell::new(StatusPrinter::new(args.output, &until.words(), &endpoints)),
        broken: RefCell::default(),
        breaks: tokio::sync::Notify::new(),
        until,
    };
    let ends = watching.all(&first).await?;
    // What is drawn in place ends before anything else is written.
    drop(watching);
    tell(ends)
}

/// Reads all of them; one that is named twice counts once. Those that are picked are the ones of now: what comes later
/// isn't watched.
///
/// # Errors
/// The list can't be read; the first one that can't be, after a word on the others.
async fn load(cx: &Context, args: &WatchArgs) -> Result<Vec<FirstLook>, Failure> {
    let ids = args.pick.endpoints(cx, &args.ids).await?;
    let read = async |wanted: &String| {
        let asked = Instant::now();
        let read = target::load(cx, wanted).await?;
        let rollout = RolloutWatch::of(cx, &read).await;
        Ok::<FirstLook, Failure>((read, asked, rollout))
    };
    let (mut found, mut failures) = (Vec::<FirstLook>::new(), Vec::new());
    for read in concurrent::each(&ids, read).await {
        match read {
            Ok(one) if found.iter().any(|before| before.0.config.id == one.0.config.id) => {}
            Ok(one) => found.push(one),
            Err(failure) => failures.push(failure),
        }
    }
    match first_failure(failures) {
        Some(failure) => Err(failure),
        None => Ok(found),
    }
}

/// The first one, after a word on the others that say something else.
fn first_failure(mut failures: Vec<Failure>) -> Option<Failure> {
    if failures.is_empty() {
        return None;
    }
    let first = failures.remove(0);
    for other in failures.iter().filter(|other| other.to_string() != first.to_string()) {
        output::note(&format!("novita-edit: {}", other.shown()));
    }
    Some(first)
}

/// Not even the first look came in time.
fn not_read(until: &Until, end: Option<Deadline>, args: &WatchArgs) -> Result<Exit, Failure> {
    if until.is_empty() {
        return Ok(Exit::Done);
    }
    let seconds = end.map_or(0, |end| end.after.as_secs());
    let wanted = match args.pick.is_given() {
        true => "The list of endpoints".to_owned(),
        false => args.ids.join(", "),
    };
    Err(Failure::TimedOut(format!(
        "{wanted} could not be read within {seconds} s. Check the base URL; --timeout waits longer."
    )))
}

/// How it ended for each: a sentence, safe to print, of one that is as waited for, where there is something to say.
fn tell(ends: Vec<Result<Option<String>, Failure>>) -> Result<Exit, Failure> {
    let mut failures = Vec::new();
    for end in ends {
        match end {
            Ok(told) => told.iter().for_each(|line| output::note(line)),
            Err(failure) => failures.push(failure),
        }
    }
    first_failure(failures).map_or(Ok(Exit::Done), Err)
}

/// What a future comes to, unless the time is over before.
async fn in_time<T>(end: Option<Deadline>, future: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => tokio::time::timeout_at(end.at, future).await.ok(),
        None => Some(future.await),
    }
}

impl Watching<'_> {
    /// Tells what moves until all are as wanted, or can't be any more: how that ended for each.
    async fn all(&self, first: &[FirstLook]) -> Result<Vec<Result<Option<String>, Failure>>, Failure> {
        let mut disturbed = Disturbed::listen()?;
        let numbered: Vec<(usize, &FirstLook)> = first.iter().enumerate().collect();
        let mut all = pin!(concurrent::all(&numbered, async |(at, first)| self
            .one(*at, first)
            .await));
        loop {
            tokio::select! {
                ends = &mut all => match self.broken.take() {
                    Some(failure) => return Err(failure),
                    None => return Ok(ends),
                },
                () = self.breaks.notified() => {
                    if let Some(failure) = self.broken.take() {
                        return Err(failure);
                    }
                }
                disturbance = disturbed.next() => match disturbance {
                    Disturbance::Resized => self.printer.borrow_mut().resized()?,
                    Disturbance::Continued => self.printer.borrow_mut().continued()?,
                },
            }
        }
    }

    /// One of them. What can't be printed ends all, and is noted for that.
    async fn one(&self, at: usize, first: &FirstLook) -> Result<Option<String>, Failure> {
        let mut last = (first.0.clone(), poll::words(&first.0.status));
        let watched = in_time(self.end, self.watch(at, first, &mut last)).await;
        match watched {
            Some(Err(failure @ Failure::Output(_))) => {
                self.broken.replace(Some(failure));
                self.breaks.notify_one();
                Ok(None)
            }
            Some(ended) => ended,
            None if self.until.is_empty() => Ok(None),
            None => Err(self.late(&last)),
        }
    }

    /// `last` is what the newest look saw, and that in words.
    async fn watch(
        &self,
        at: usize,
        (first, asked, rollout): &FirstLook,
        last: &mut (LoadedEndpoint, String),
    ) -> Result<Option<String>, Failure> {
        let id = &first.config.id;
        // Nothing is waited for before the first look is told, so that they are told in their order.
        let mut rollout = rollout.clone();
        let mut looks = Poller::at(self.cx, id, &self.room).after(first).every(self.interval);
        let mut verdict = rollout.look(*asked, first);
        loop {
            let now = &last.0;
            let is_since_save = rollout.is_of_a_save();
            self.printer.borrow_mut().look(at, now, (&verdict, is_since_save))?;
            last.1 = rollout.words(&now.status, &verdict);
            let title = title(id, &now.config.name);
            if self.until.is_reached(&now.status.state.word, &verdict) {
                let told = format!("{title} is healthy: {}.", verdict.words());
                let told = match verdict {
                    Verdict::Overtaken(_) => output::warning(&told),
                    _ => output::safe(&told),
                };
                return Ok((verdict.is_ready() && is_since_save).then_some(told));
            }
            if let (true, Verdict::Failed(failure)) = (self.until.is_given_up(), &verdict) {
                let why = rollout.failed((id, &title), &self.until.words(), failure);
                return Err(Failure::RolloutFailed(why));
            }
            if self.until.is_empty() && output::reader_is_gone() {
                // Nothing is waited for but lines that nobody reads.
                return Ok(None);
            }
            let (now, asked) = loop {
                match looks.next().await.map_err(|error| gone(&error, id))? {
                    Polled::At(now, asked) => break (now.clone(), asked),
                    Polled::Failed(error) => {
                        let why = poll::still_looking(&error);
                        self.printer.borrow_mut().trouble(at, &why)?;
                    }
                }
            };
            verdict = rollout.look(asked, &now);
            last.0 = now;
        }
    }

    fn late(&self, (last, words): &(LoadedEndpoint, String)) -> Failure {
        let seconds = self.end.map_or(0, |end| end.after.as_secs());
        Failure::TimedOut(format!(
            "{} was not {} within {seconds} s: {words}. `novita-edit show` tells more; --timeout waits longer.",
            title(&last.config.id, &last.config.name),
            self.until.words(),
        ))
    }
}

/// It was there at the first look.
fn gone(error: &ApiError, id: &str) -> Failure {
    match error {
        ApiError::Refused(_) if error.hint() == FailureHint::EndpointId => {
            let id = output::safe(id);
            Failure::NotFound(format!(
                "{id} was deleted meanwhile. `novita-edit list` lists what is there."
            ))
        }
        error => error.clone().into(),
    }
}
