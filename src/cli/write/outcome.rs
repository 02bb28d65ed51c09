//! The sentences for how a write ended, and what it means for the exit code.

use serde_json::Value;

use super::preview::warnings;
use super::report::{OutcomeWord, ReportEntry, is_everybodys};
use super::send::WriteEnd;
use super::{Planned, WriteContext};
use crate::api::ApiError;
use crate::cli::ask::Consent;
use crate::cli::failure::{INTERRUPTED, exit_of};
use crate::cli::{changes, output, problems};
use crate::endpoint::EndpointConfig;
use crate::endpoint::diff::Change;
use crate::exit_code::Exit;
use crate::session::{NotSaved, Outcome, ReviewedBody, Teller};

/// Whether the others would fare the same: there is no way to the server, or the key is not taken.
pub fn stops_all(end: &WriteEnd) -> bool {
    match end {
        WriteEnd::Outcome(outcome, _) => match &**outcome {
            Outcome::CheckFailed(error) | Outcome::NotSent(error) | Outcome::Refused(error) => is_everybodys(error),
            Outcome::NotKnown { read_error, .. } => is_everybodys(read_error),
            _ => false,
        },
        _ => false,
    }
}

fn base(writing: &WriteContext, planned: &Planned, outcome: OutcomeWord, exit: Exit, message: String) -> ReportEntry {
    let config = &planned.work.base().config;
    let now = planned.work.now();
    let found = planned.work.problems().iter();
    let warnings = warnings(planned);
    ReportEntry {
        told: warnings.len(),
        id: Some(config.id.clone()),
        name: Some(config.name.clone()),
        outcome,
        changes: changes::listed(&planned.work.changes(), writing.args.reveal.reveal),
        problems: found.map(|problem| problems::listed(problem, now)).collect(),
        conflicts: Vec::new(),
        warnings,
        message,
        body: None,
        exit,
    }
}

/// Nothing is asked for that isn't there already.
pub fn unchanged(writing: &WriteContext, planned: &Planned) -> ReportEntry {
    let message = "it is as asked for already.".to_owned();
    base(writing, planned, OutcomeWord::Unchanged, Exit::Done, message)
}

/// Only printed.
pub fn dry_run(writing: &WriteContext, planned: &Planned, body: Option<Value>) -> ReportEntry {
    let message = "a dry run: nothing was sent.".to_owned();
    ReportEntry {
        body,
        ..base(writing, planned, OutcomeWord::DryRun, Exit::Done, message)
    }
}

/// Errors stand in it.
pub fn invalid(writing: &WriteContext, planned: &Planned) -> ReportEntry {
    let message = match planned.work.error_count() {
        1 => "there is an error in it, so nothing was sent.".to_owned(),
        n => format!("there are {n} errors in it, so nothing was sent."),
    };
    base(writing, planned, OutcomeWord::Invalid, Exit::Invalid, message)
}

/// What was written can't be read.
pub fn unreadable(problems: Vec<problems::ProblemJson>) -> ReportEntry {
    ReportEntry {
        id: None,
        name: None,
        outcome: OutcomeWord::Invalid,
        changes: Vec::new(),
        problems,
        conflicts: Vec::new(),
        warnings: Vec::new(),
        message: "what is written there is not in order, so nothing was sent.".to_owned(),
        body: None,
        exit: Exit::Invalid,
        told: 0,
    }
}

/// Nothing was sent, since a person didn't say yes.
pub fn declined(consent: Consent) -> &'static str {
    match consent {
        Consent::Yes | Consent::No => "nothing was sent, as you said. Run it again to be asked again",
        Consent::Neither => {
            "nothing was sent: that was no yes. Run it again to be asked again; --yes sends without a question"
        }
        Consent::OtherName => "nothing was sent: that was not the endpoint's name. Run it again to be asked again",
    }
}

/// It was left out because of another one.
pub fn not_tried(writing: &WriteContext, planned: &Planned, why: &str) -> ReportEntry {
    // The exit code is that of what went wrong first.
    let message = format!("it was not tried. {why}");
    base(writing, planned, OutcomeWord::NotSent, Exit::Done, message)
}

/// It would overwrite what somebody else changed, and nobody said that it may.
pub fn overwrites(
    writing: &WriteContext,
    planned: &Planned,
    conflicts: Vec<changes::ClashJson>,
    message: String,
) -> ReportEntry {
    ReportEntry {
        conflicts,
        ..base(writing, planned, OutcomeWord::Conflict, Exit::Conflict, message)
    }
}

/// How its way out ended.
pub fn entry(writing: &WriteContext, planned: &mut Planned, end: WriteEnd) -> ReportEntry {
    let reveal = writing.args.reveal.reveal;
    match end {
        WriteEnd::Outcome(outcome, body) => saved_or_not(writing, planned, *outcome, &body),
        WriteEnd::NothingLeft(names) => {
            let message = match names.as_slice() {
                [] => "somebody else changed it so meanwhile; nothing was sent.".to_owned(),
                names => format!(
                    "what somebody else changed meanwhile stands, as --on-conflict theirs says: {}. Nothing was sent.",
                    names.join(", ")
                ),
            };
            base(writing, planned, OutcomeWord::Unchanged, Exit::Done, message)
        }
        WriteEnd::Invalid => {
            let now = planned.work.now();
            let lines = planned.work.problems().iter().map(|problem| problem.sentence(now));
            let lines: Vec<String> = lines.collect();
            let message = format!(
                "with what somebody else changed meanwhile it is not in order, so nothing was sent.\n{}\nLook at it with \
                 `novita-edit show`, and ask for what fits.",
                lines.join("\n")
            );
            base(writing, planned, OutcomeWord::Invalid, Exit::Invalid, message)
        }
        WriteEnd::Clash(clashes) => {
            let config = &planned.work.base().config;
            let lines = clashes.iter().map(|clash| changes::clash_line(clash, config, reveal));
            let lines: Vec<String> = lines.map(|line| uncoloured(&line)).collect();
            let message = format!(
                "somebody else changed the same meanwhile, so nothing was sent.\n{}\nTry again to begin from what is there \
                 now, or say --on-conflict mine or theirs.",
                lines.join("\n")
            );
            ReportEntry {
                conflicts: changes::clashing(&clashes, reveal),
                ..base(writing, planned, OutcomeWord::Conflict, Exit::Conflict, message)
            }
        }
        WriteEnd::Restless => {
            let message = "somebody else changes it again and again, so nothing was sent. Try again later.".to_owned();
            base(writing, planned, OutcomeWord::Conflict, Exit::Conflict, message)
        }
        WriteEnd::Busy(why) => {
            let message = format!("{why} Nothing was sent. Try again when it is done.");
            base(writing, planned, OutcomeWord::NotSent, Exit::Unreachable, message)
        }
        WriteEnd::Declined(consent) => {
            let message = format!("{}.", declined(consent));
            base(writing, planned, OutcomeWord::NotSent, Exit::Interrupted, message)
        }
        WriteEnd::Stopped => {
            let message = format!("{INTERRUPTED}.");
            base(writing, planned, OutcomeWord::NotSent, Exit::Interrupted, message)
        }
        WriteEnd::Untold => {
            let message = "interrupted; it was sent, and whether it was stored is not known. `novita-edit show` tells \
                           what the server holds."
                .to_owned();
            base(writing, planned, OutcomeWord::NotKnown, Exit::SentNotKnown, message)
        }
    }
}

fn saved_or_not(writing: &WriteContext, planned: &mut Planned, outcome: Outcome, body: &ReviewedBody) -> ReportEntry {
    let sent = body.config();
    let (word, exit) = match &outcome {
        Outcome::Saved { .. } => (OutcomeWord::Saved, Exit::Done),
        Outcome::NotSaved {
            how: NotSaved::ChangedSince,
            ..
        } => (OutcomeWord::Saved, Exit::Done),
        Outcome::NotSaved { .. } => (OutcomeWord::NotSaved, Exit::Refused),
        Outcome::NotKnown { .. } => (OutcomeWord::NotKnown, Exit::SentNotKnown),
        Outcome::Refused(error) => (OutcomeWord::Refused, exit_of(error)),
        Outcome::NotSent(error) | Outcome::CheckFailed(error) => (OutcomeWord::NotSent, exit_of(error)),
        Outcome::Forbidden(_) => (OutcomeWord::NotSent, Exit::Conflict),
        Outcome::ServerChanged { .. } => (OutcomeWord::Conflict, Exit::Conflict),
    };
    let mut message = outcome.sentence(Teller::Command);
    if let (OutcomeWord::Saved, Some(state)) = (word, outcome.state_in_words(Teller::Command)) {
        message.push_str(&format!(" {}", output::safe(&state)));
    } else {
        let mut lines = outcome.causes(Teller::Command, [sent, &planned.work.base().config]);
        lines.extend(what_is_there(&outcome, sent));
        lines.extend(advice(&outcome, sent));
        lines.iter().for_each(|line| message.push_str(&format!("\n{line}")));
    }
    let mut entry = base(writing, planned, word, exit, message);
    entry.warnings.extend(outcome.unreported_in_words());
    let moved = outcome.moved_in_words().into_iter();
    entry.warnings.extend(moved.map(|sentence| sentence + "."));
    if let (OutcomeWord::Saved, Outcome::NotSaved { differences, .. }) = (word, &outcome) {
        let names: Vec<String> = differences.iter().map(Change::name).collect();
        entry.warnings.push(format!(
            "Something else changed since it was sent, by somebody else as it seems: {}.",
            names.join(", ")
        ));
    }
    entry
}

/// What the server holds instead of what was sent. For a message, which stands in JSON too: without colours.
fn what_is_there(outcome: &Outcome, sent: &EndpointConfig) -> Vec<String> {
    let Outcome::NotSaved { differences, fresh, .. } = outcome else {
        return Vec::new();
    };
    let configs = (sent, &fresh.config);
    let lines = differences.iter().map(|change| changes::line(change, configs, false));
    let lines = lines.map(|line| uncoloured(&line));
    ["Sent → what the server holds:".to_owned()]
        .into_iter()
        .chain(lines)
        .collect()
}

/// What to do about it, with the commands that help.
fn advice(outcome: &Outcome, sent: &EndpointConfig) -> Option<String> {
    match outcome {
        Outcome::NotSaved { send_error, .. } if send_error.as_ref().is_some_and(may_still_arrive) => {
            Some("It may still arrive: look at it with `novita-edit show` before you try again.".to_owned())
        }
        Outcome::NotSaved { .. } => Some("Try again, or look at it with `novita-edit show`.".to_owned()),
        Outcome::NotKnown { .. } => {
            Some("Whether it was stored is not known; `novita-edit show` tells what the server holds.".to_owned())
        }
        Outcome::Refused(error) => {
            let place = error.place()?;
            let (name, path) = (place.name(sent), place.path());
            Some(format!("It is about {name} ({path}): give another value."))
        }
        _ => None,
    }
}

/// Whether a send that isn't there yet may only be late: nobody who had carried it out answered.
fn may_still_arrive(send_error: &ApiError) -> bool {
    match send_error {
        ApiError::NoAnswer { .. } => true,
        ApiError::Refused(refused) => refused.status >= 500 || matches!(refused.status, 408 | 499),
        _ => false,
    }
}

fn uncoloured(line: &str) -> String {
    anstream::adapter::strip_str(line).to_string()
}
