//! The sentences for how a write ended, and what it means for the exit code.

use serde_json::Value;

use super::preview::warnings;
use super::report::{OutcomeWord, ReportEntry, is_everybodys};
use super::send::WriteEnd;
use super::{Planned, WriteContext};
use crate::cli::ask::Consent;
use crate::cli::failure::{INTERRUPTED, exit_of};
use crate::cli::{changes, output, problems};
use crate::endpoint::diff::{Change, differences};
use crate::endpoint::{EndpointConfig, body};
use crate::exit_code::Exit;
use crate::session::{EditsStored, Outcome, ReviewedBody, Teller, as_before_own, kinds_in_words};
use crate::text::capital;

/// Whether the others would fare the same: there is no way to the server, or the key is not taken.
pub fn stops_all(end: &WriteEnd) -> bool {
    match end {
        WriteEnd::Outcome(outcome, _) => match &**outcome {
            Outcome::CheckFailed(error) | Outcome::NotSent(error) | Outcome::Refused(error) => is_everybodys(error),
            Outcome::NotKnown { read: Err(error), .. } => is_everybodys(error),
            Outcome::RefusedNotRead { read_error, .. } => is_everybodys(read_error),
            _ => false,
        },
        _ => false,
    }
}

fn base(writing: &WriteContext, planned: &Planned, outcome: OutcomeWord, exit: Exit, message: String) -> ReportEntry {
    let config = &planned.work.base().config;
    let found = planned.work.problems().iter();
    let warnings = warnings(planned);
    ReportEntry {
        told: warnings.len(),
        id: Some(config.id.clone()),
        name: Some(config.name.clone()),
        outcome,
        changes: changes::listed(&planned.work.changes(), writing.args.reveal.reveal),
        problems: found.map(|problem| planned.listed(problem)).collect(),
        conflicts: Vec::new(),
        read_back: Vec::new(),
        moved: Vec::new(),
        warnings,
        message,
        profile: writing.cx.platform.profile().map(str::to_owned),
        base_url: writing.cx.platform.name(),
        place: writing.cx.platform.place(),
        rollout: None,
        body: None,
        body_text: None,
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
    let (word, message) = match planned.work.is_changed() {
        true => (OutcomeWord::DryRun, "a dry run: nothing was sent."),
        false => (
            OutcomeWord::Unchanged,
            "it is as asked for already: nothing would be sent.",
        ),
    };
    ReportEntry {
        body,
        body_text: writing.args.reveal.reveal.then(|| body::text(planned.work.now())),
        ..base(writing, planned, word, Exit::Done, message.to_owned())
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
pub fn unreadable(writing: &WriteContext, problems: Vec<problems::ProblemJson>) -> ReportEntry {
    ReportEntry {
        id: None,
        name: None,
        outcome: OutcomeWord::Invalid,
        changes: Vec::new(),
        problems,
        conflicts: Vec::new(),
        read_back: Vec::new(),
        moved: Vec::new(),
        warnings: Vec::new(),
        message: "what is written there is not in order, so nothing was sent.".to_owned(),
        profile: writing.cx.platform.profile().map(str::to_owned),
        base_url: writing.cx.platform.name(),
        place: writing.cx.platform.place(),
        rollout: None,
        body: None,
        body_text: None,
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
        Consent::OtherCount => {
            "nothing was sent: that was not how many endpoints these are. Run it again to be asked again"
        }
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
        WriteEnd::AsBefore(at) => {
            let message = format!("{} {AS_BEFORE}", as_before_own(&at, "nothing was sent"));
            base(writing, planned, OutcomeWord::Conflict, Exit::Conflict, message)
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

/// What to do where a read may be older than one's own save.
pub const AS_BEFORE: &str =
    "Say --on-conflict theirs if it is as the server shows it, or mine to lay the change over your last save.";

fn saved_or_not(writing: &WriteContext, planned: &mut Planned, outcome: Outcome, body: &ReviewedBody) -> ReportEntry {
    let sent = body.config();
    let (word, exit) = match &outcome {
        Outcome::Saved { .. } => (OutcomeWord::Saved, Exit::Done),
        Outcome::StoredDifferently { .. } => (OutcomeWord::StoredDifferently, Exit::Refused),
        Outcome::NotShown { .. } => (OutcomeWord::NotShown, Exit::SentNotKnown),
        Outcome::NotKnown { .. } if outcome.is_gone() => (OutcomeWord::NotKnown, Exit::NotFound),
        Outcome::NotKnown { .. } => (OutcomeWord::NotKnown, Exit::SentNotKnown),
        Outcome::NotSaved { .. } => (OutcomeWord::NotSaved, Exit::Refused),
        Outcome::Refused(error) => (OutcomeWord::Refused, exit_of(error)),
        Outcome::RefusedNotRead { .. } if outcome.is_gone() => (OutcomeWord::RefusedNotRead, Exit::NotFound),
        Outcome::RefusedNotRead { open, .. } => {
            let exit = open.answer.error().map_or(Exit::Refused, exit_of);
            (OutcomeWord::RefusedNotRead, exit)
        }
        Outcome::NotSent(error) | Outcome::CheckFailed(error) => (OutcomeWord::NotSent, exit_of(error)),
        Outcome::Forbidden(_) => (OutcomeWord::NotSent, Exit::Conflict),
        Outcome::ServerChanged { .. } => (OutcomeWord::Conflict, Exit::Conflict),
    };
    let reveal = writing.args.reveal.reveal;
    let mut message = outcome.sentence(Teller::Command);
    let mut lines = Vec::new();
    if let (OutcomeWord::Saved, Some(state)) = (word, outcome.state_in_words(Teller::Command)) {
        message.push_str(&format!(" {}", output::safe(&state)));
    }
    lines.extend(outcome.causes(Teller::Command, [sent, &planned.work.base().config]));
    lines.extend(what_is_there(&outcome, sent, reveal));
    lines.extend(advice(&outcome, sent));
    lines.iter().for_each(|line| message.push_str(&format!("\n{line}")));
    let mut entry = base(writing, planned, word, exit, message);
    if let Outcome::StoredDifferently { deviations, .. } = &outcome {
        entry.read_back = deviations
            .iter()
            .map(|found| changes::deviating(found, reveal))
            .collect();
    }
    entry.moved = outcome
        .moved()
        .iter()
        .map(|moved| changes::moved(moved, reveal))
        .collect();
    entry.warnings.extend(outcome.unreported_in_words());
    let moved = outcome.moved_in_words().into_iter();
    entry.warnings.extend(moved.map(|sentence| sentence + "."));
    entry
}

/// What the server holds instead of what was sent. For a message, which stands in JSON too: without colours.
fn what_is_there(outcome: &Outcome, sent: &EndpointConfig, reveal: bool) -> Vec<String> {
    let (fresh, lines): (_, Vec<(Change, Option<String>)>) = match outcome {
        Outcome::StoredDifferently { fresh, deviations, .. } => {
            let lines = deviations
                .iter()
                .map(|found| (found.change.clone(), kinds_in_words(found)));
            (fresh, lines.collect())
        }
        Outcome::NotSaved { fresh, .. }
        | Outcome::NotKnown { read: Ok(fresh), .. }
        | Outcome::NotShown { fresh, .. } => {
            let lines = differences(sent, &fresh.config).into_iter();
            (fresh, lines.map(|change| (change, None)).collect())
        }
        _ => return Vec::new(),
    };
    let configs = (sent, &fresh.config);
    let lines = lines.into_iter().map(|(change, kinds)| {
        let line = uncoloured(&changes::line(&change, configs, reveal));
        match kinds {
            Some(kinds) => format!("{line}  ({kinds})"),
            None => line,
        }
    });
    ["Sent → what the server holds:".to_owned()]
        .into_iter()
        .chain(lines)
        .collect()
}

/// What to do about it, with the commands that help.
fn advice(outcome: &Outcome, sent: &EndpointConfig) -> Option<String> {
    match outcome {
        Outcome::StoredDifferently { edits, .. } => {
            let again = if outcome.may_be_sent_again() && *edits != EditsStored::All {
                "Try again if it was somebody else; "
            } else {
                ""
            };
            let back = format!(
                "{again}`novita-edit rollback {} 1` makes all of it what it was before this send.",
                output::safe(&sent.id)
            );
            (!is_only_spelled(outcome)).then(|| capital(&back))
        }
        Outcome::NotSaved { .. } => Some("Try again, or look at it with `novita-edit show`.".to_owned()),
        Outcome::NotKnown { .. } | Outcome::RefusedNotRead { .. } if outcome.is_gone() => None,
        Outcome::NotShown { .. } | Outcome::NotKnown { .. } | Outcome::RefusedNotRead { .. } => {
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

fn is_only_spelled(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::StoredDifferently { deviations, .. } if deviations.iter().all(|found| found.is_spelling))
}

fn uncoloured(line: &str) -> String {
    anstream::adapter::strip_str(line).to_string()
}
