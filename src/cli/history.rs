//! `novita-edit history`: what was sent from this machine, and what came of it.

use clap::Args;
use serde::Serialize;

use super::changes;
use super::context::Context;
use super::failure::Failure;
use super::options::{ID_HELP, OutputArgs, RevealArgs, not_empty};
use super::output::{self, Align, Column, OutputFormat, Table, Tone};
use super::target;
use crate::endpoint::diff;
use crate::endpoint::redact::without_secrets;
use crate::exit_code::Exit;
use crate::fs::{time_here, when, zone_name};
use crate::session::{HistoryEntry, tried_in_time};
use crate::store::{History, Record, SendLog, SendOutcome};

const EXAMPLES: &str = "\
The newest send is number 1. What is listed was sent from this machine with this
key, by the editor or by a command; nothing is asked of the server for an id.

Examples:
  novita-edit history my-endpoint
  novita-edit history my-endpoint 2       what the send before the last changed
  novita-edit rollback my-endpoint 2      the way back behind it";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES)]
pub struct HistoryArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    /// All that this one send changed
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub send: Option<u32>,

    #[command(flatten)]
    pub reveal: RevealArgs,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// A send, as JSON and YAML have it.
#[derive(Serialize)]
struct SendJson {
    /// The newest is 1.
    number: usize,
    /// RFC 3339 with the offset of the zone here, wherever it was written.
    at: String,
    outcome: &'static str,
    /// What the server said, or why it never left; `null` where there is nothing to say.
    reason: Option<String>,
    changes: Vec<changes::ChangeJson>,
}

/// Prints the sends.
///
/// # Errors
/// They can't be read or printed, or there is no send of that number.
pub async fn run(cx: &Context, args: &HistoryArgs) -> Result<Exit, Failure> {
    let form = args.output.output;
    if cx.platform.config().state_dirs.is_none() {
        output::document(form, &[(); 0], String::new, Vec::new)?;
        output::note("Without a home directory (HOME, XDG_STATE_HOME) nothing that is sent is kept.");
        return Ok(Exit::Done);
    }
    let (_, history) = read(cx, &args.id).await?;
    if history.skipped > 0 {
        let lines = match history.skipped {
            1 => "1 line".to_owned(),
            n => format!("{n} lines"),
        };
        output::note(&output::warning(&format!("{lines} of the history can't be read.")));
    }
    let sends: Vec<HistoryEntry> = history.records.into_iter().map(HistoryEntry::new).collect();
    let sends: Vec<(usize, &HistoryEntry)> = (1..).zip(&sends).collect();
    let shown: Vec<(usize, &HistoryEntry)> = match args.send {
        None => sends.clone(),
        Some(number) => vec![nth(&sends, number, &args.id)?],
    };
    let reveal = args.reveal.reveal;
    let listed: Vec<SendJson> = shown.iter().map(|(at, send)| listed(*at, send, reveal)).collect();
    let names = || listed.iter().map(|send| send.number.to_string()).collect();
    match (args.send, shown.as_slice()) {
        (Some(_), [(number, send)]) if form == OutputFormat::Table => output::text(&page(*number, send, reveal))?,
        _ => output::result(form, &listed, || table(&shown), names)?,
    }
    if form == OutputFormat::Table && !shown.is_empty() {
        output::note(&output::faint(&format!("Times are in {}.", zone_name())));
    }
    if sends.is_empty() {
        output::note("Nothing was sent to this endpoint from here yet.");
    }
    Ok(Exit::Done)
}

/// An endpoint's id, and what was sent to it. What was sent is found by the id alone; a name is asked of the server.
///
/// # Errors
/// The history can't be read, or no endpoint has that name.
pub async fn read(cx: &Context, wanted: &str) -> Result<(String, History), Failure> {
    let send_log = cx.platform.send_log();
    let history = of(&send_log, wanted).await?;
    if !history.records.is_empty() || history.skipped > 0 {
        return Ok((wanted.to_owned(), history));
    }
    let id = target::load(cx, wanted).await?.config.id;
    if id == wanted {
        return Ok((id, history));
    }
    let history = of(&send_log, &id).await?;
    Ok((id, history))
}

/// What was sent to an endpoint of this id.
///
/// # Errors
/// It can't be read.
pub async fn of(send_log: &SendLog, id: &str) -> Result<History, Failure> {
    let (send_log, id) = (send_log.clone(), id.to_owned());
    tried_in_time(move || send_log.history(&id)).await.map_err(|why| {
        Failure::File(format!(
            "the history can't be read: {why}. See `novita-edit config path`."
        ))
    })
}

/// The send of a number, or what numbers there are.
pub fn nth<T: Copy>(sends: &[T], number: u32, id: &str) -> Result<T, Failure> {
    let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    let id = output::safe(id);
    sends.get(at).copied().ok_or_else(|| {
        Failure::NotFound(match sends.len() {
            0 => format!("nothing was sent to {id} from here yet. Whatever is sent from now on is listed by `novita-edit history`."),
            1 => format!("there is no send {number} of {id}, only one. `novita-edit history {id}` shows it."),
                n => format!("there is no send {number} of {id}: there are {n}. `novita-edit history {id}` lists them."),
        })
    })
}

/// A send may have been written in another zone than the one here: all are told in one.
fn at_here(at: &str) -> String {
    at.parse().map_or_else(|_| at.to_owned(), time_here)
}

/// What the server said to a send, without the values of envs.
fn reason(record: &Record) -> Option<String> {
    match &record.outcome {
        SendOutcome::Refused(why) | SendOutcome::RefusedNotRead(why) | SendOutcome::NotSent(why) => {
            Some(without_secrets(why.clone(), [&record.after, &record.before.config]))
        }
        SendOutcome::LandedLate => Some("it arrived after a later send was stored, and took that back".to_owned()),
        SendOutcome::Stored
        | SendOutcome::StoredDifferently
        | SendOutcome::NotStored
        | SendOutcome::NotShown
        | SendOutcome::Unknown
        | SendOutcome::Withdrawn => None,
    }
}

fn listed(number: usize, send: &HistoryEntry, reveal: bool) -> SendJson {
    let record = &send.record;
    SendJson {
        number,
        at: at_here(&record.at),
        outcome: word(&record.outcome),
        reason: reason(record),
        changes: changes::listed(&diff::changes(&record.before.config, &record.after), reveal),
    }
}

/// The outcome for programs.
fn word(outcome: &SendOutcome) -> &'static str {
    match outcome {
        SendOutcome::Stored => "saved",
        SendOutcome::StoredDifferently => "storedDifferently",
        SendOutcome::LandedLate => "landedLate",
        SendOutcome::RefusedNotRead(_) => "refusedNotRead",
        SendOutcome::NotShown => "notShown",
        SendOutcome::Withdrawn => "notSent",
        SendOutcome::Refused(_) => "refused",
        SendOutcome::NotSent(_) => "notSent",
        SendOutcome::NotStored => "notSaved",
        SendOutcome::Unknown => "notKnown",
    }
}

fn tone(outcome: &SendOutcome) -> Tone {
    match outcome {
        SendOutcome::Stored => Tone::Good,
        SendOutcome::Unknown | SendOutcome::NotShown | SendOutcome::RefusedNotRead(_) => Tone::Warning,
        SendOutcome::StoredDifferently | SendOutcome::LandedLate => Tone::Warning,
        SendOutcome::Refused(_) | SendOutcome::NotSent(_) | SendOutcome::NotStored | SendOutcome::Withdrawn => {
            Tone::Bad
        }
    }
}

fn table(sends: &[(usize, &HistoryEntry)]) -> Table {
    let mut table = Table::new([
        Column::new("N", Align::Right, 0),
        Column::new("WHEN", Align::Left, 0),
        Column::new("OUTCOME", Align::Left, 0),
        Column::new("CHANGED", Align::Left, 1).cut_to(12),
    ]);
    for (number, send) in sends {
        table.row([
            (number.to_string(), Tone::Plain),
            (when(&send.record.at), Tone::Plain),
            (send.outcome().to_owned(), tone(&send.record.outcome)),
            (send.summary(usize::MAX), Tone::Plain),
        ]);
    }
    table
}

/// One send in full.
fn page(number: usize, send: &HistoryEntry, reveal: bool) -> String {
    let record = &send.record;
    let (before, after) = (&record.before.config, &record.after);
    let head = format!("{number}: {}, ", when(&record.at));
    let outcome = tone(&record.outcome).paint(send.outcome());
    let mut text = format!("{}{outcome}\n", Tone::Strong.paint(&head));
    for change in diff::changes(before, after) {
        text.push_str(&changes::line(&change, (before, after), reveal));
        text.push('\n');
    }
    if let Some(read) = &record.read {
        text.push_str("  Read back otherwise:\n");
        for change in diff::differences(after, &read.config) {
            text.push_str(&changes::line(&change, (after, &read.config), reveal));
            text.push('\n');
        }
    }
    if let Some(why) = reason(record) {
        text.push_str(&format!("  {}\n", output::safe(&why)));
    }
    text
}
