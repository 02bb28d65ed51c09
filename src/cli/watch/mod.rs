//! `novita-edit watch`: an endpoint and its workers as they move, until they are as wanted.
//!
//! `status.rs` is what is told, `printer.rs` how: lines, JSON, or a table on the terminal (`live.rs`).

mod live;
mod printer;
mod status;

use std::pin::pin;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::context::Context;
use super::failure::Failure;
use super::options::{ID_HELP, not_empty, time};
use super::output;
use super::poll::{self, Polled, Poller};
use super::target;
use super::write::title;
use crate::api::{ApiError, FailureHint};
use crate::endpoint::LoadedEndpoint;
use crate::exit_code::Exit;
use printer::StatusPrinter;

/// How long a state is waited for unless something else is said.
const PATIENCE: Duration = Duration::from_secs(600);

/// The states that are known; the server may have others.
const STATES: [&str; 7] = [
    "serving", "updating", "creating", "pending", "failed", "stopped", "deleting",
];

const AFTER_HELP: &str = "\
The first look tells everything, then a line comes for whatever changes. On a
terminal it is a table instead, which changes in place; -o lines has lines there
too. Ctrl-C ends it.

A server that can't be reached for a while is waited for, once the endpoint was
seen. Exit code 0: the state is reached, or without --until the time is over.
3: there is no such endpoint, or not any more. 6: the server refused, or its
answer can't be read. 7: not reached in time, or the server can't be reached.
130: interrupted.

Examples:
  novita-edit watch my-endpoint
  novita-edit watch my-endpoint --until healthy --timeout 15m && ./smoke-test
  novita-edit watch my-endpoint -o json | jq -r 'select(.worker == null).state'";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
pub struct WatchArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    /// End when it is in this state: serving, failed, stopped…; healthy: when it
    /// serves with as many healthy workers as it asks for
    #[arg(long, value_name = "STATE")]
    pub until: Option<String>,

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

/// Watches.
///
/// # Errors
/// Why there is nothing to watch, or not any more, or not in time.
pub async fn run(cx: &Context, args: &WatchArgs) -> Result<Exit, Failure> {
    if let Some(unknown) = args.until.as_ref().filter(|word| !is_known(word)) {
        output::note(&output::warning(&format!(
            "{unknown} is no state that is known; it is waited for all the same. Known are healthy, {}.",
            STATES.join(", ")
        )));
    }
    let timeout = args.timeout.or(args.until.is_some().then_some(PATIENCE));
    let mut last = None;
    let watched = watch(cx, args, &mut last);
    let Some(timeout) = timeout else {
        return watched.await;
    };
    match tokio::time::timeout(timeout, watched).await {
        Ok(ended) => ended,
        Err(_) => match &args.until {
            None => Ok(Exit::Done),
            Some(until) => Err(Failure::TimedOut(late(until, timeout, last, &args.id))),
        },
    }
}

/// Tells what moves until it is as wanted; `last` is what the newest look saw.
async fn watch(cx: &Context, args: &WatchArgs, last: &mut Option<LoadedEndpoint>) -> Result<Exit, Failure> {
    let first = target::load(cx, &args.id).await?;
    let id = first.config.id.clone();
    let mut printer = StatusPrinter::new(args, &first);
    let mut looks = Poller::from(cx, &id, &first).every(args.interval);
    let mut disturbed = Disturbed::listen()?;
    printer.look(&first)?;
    let mut is_reached = reaches(args, &first);
    *last = Some(first);
    while !is_reached {
        if args.until.is_none() && output::reader_is_gone() {
            // Nothing is waited for but lines that nobody reads.
            return Ok(Exit::Done);
        }
        let mut next = pin!(looks.next());
        let look = loop {
            tokio::select! {
                look = &mut next => break look.map_err(|error| gone(&error, &args.id))?,
                disturbance = disturbed.next() => match disturbance {
                    Disturbance::Resized => printer.resized()?,
                    Disturbance::Continued => printer.continued()?,
                },
            }
        };
        match look {
            Polled::At(now) => {
                printer.look(now)?;
                is_reached = reaches(args, now);
                *last = Some(now.clone());
            }
            Polled::Failed(error) => printer.trouble(&poll::still_looking(&error))?,
        }
    }
    Ok(Exit::Done)
}

/// What happens to a terminal that something is drawn on.
enum Disturbance {
    Resized,
    Continued,
}

struct Disturbed {
    resize: Signal,
    go_on: Signal,
}

impl Disturbed {
    fn listen() -> std::io::Result<Self> {
        let go_on = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
        Ok(Self {
            resize: signal(SignalKind::window_change())?,
            go_on: signal(go_on)?,
        })
    }

    async fn next(&mut self) -> Disturbance {
        tokio::select! {
            _ = self.resize.recv() => Disturbance::Resized,
            _ = self.go_on.recv() => Disturbance::Continued,
        }
    }
}

/// It was there at the first look.
fn gone(error: &ApiError, wanted: &str) -> Failure {
    match error {
        ApiError::Refused(_) if error.hint() == FailureHint::EndpointId => {
            let wanted = output::safe(wanted);
            Failure::NotFound(format!(
                "{wanted} was deleted meanwhile. `novita-edit list` lists what is there."
            ))
        }
        error => error.clone().into(),
    }
}

fn is_known(word: &str) -> bool {
    let known = STATES.iter().chain(&["healthy"]);
    known.into_iter().any(|state| word.eq_ignore_ascii_case(state))
}

fn reaches(args: &WatchArgs, endpoint: &LoadedEndpoint) -> bool {
    match &args.until {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("healthy") => poll::is_ready(endpoint),
        Some(word) => word.eq_ignore_ascii_case(&endpoint.status.state.word),
    }
}

fn late(until: &str, timeout: Duration, last: Option<LoadedEndpoint>, wanted: &str) -> String {
    let seconds = timeout.as_secs();
    let Some(last) = last else {
        return format!("{wanted} could not be read within {seconds} s. Check the base URL; --timeout waits longer.");
    };
    format!(
        "{} was not {until} within {seconds} s: {}. `novita-edit show` tells more; --timeout waits longer.",
        title(&last.config.id, &last.config.name),
        poll::words(&last.status)
    )
}
