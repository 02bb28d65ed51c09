//! `novita-edit rollback`: the way back to what an endpoint was before a send.

use clap::Args;

use super::failure::Failure;
use super::options::{ID_HELP, OnConflict, WriteArgs, not_empty};
use super::write::{self, ReportShape, WriteContext};
use super::{changes, history, output};
use crate::endpoint::EndpointConfig;
use crate::endpoint::diff::{self, Change, differences};
use crate::endpoint::edit::Edit;
use crate::endpoint::merge::{Merge, Resolution};
use crate::exit_code::Exit;
use crate::fs::when;
use crate::store::Record;

const EXAMPLES: &str = "\
N counts as `novita-edit history` does: 1 is the newest send. Without N it is
the newest one that the server took or may have taken; those that it refused,
and those that never left, are passed over. The endpoint becomes what it was
before that send as a whole. What others changed since goes back with it, and is
named; with --yes that is a conflict (exit code 5) unless --on-conflict says
mine, or theirs, which leaves it as they made it.

Examples:
  novita-edit rollback my-endpoint
  novita-edit rollback my-endpoint 3 --dry-run";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES)]
pub struct RollbackArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    /// Back to before this send; 1 is the newest
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub send: Option<u32>,

    #[command(flatten)]
    pub write: WriteArgs,
}

/// Puts back what was before a send.
///
/// # Errors
/// What keeps it from being sent, or no such send.
pub async fn run(writing: &WriteContext, args: &RollbackArgs) -> Result<Exit, Failure> {
    let reading = history::read(&writing.cx, &args.id);
    let (id, mut history) = writing.unless_interrupted(reading).await??;
    let sends: Vec<(usize, &Record)> = (1..).zip(&history.records).collect();
    let (number, _) = match args.send {
        Some(number) => history::nth(&sends, number, &id)?,
        None => match sends.iter().find(|(_, record)| may_be_taken(record)) {
            Some(found) => *found,
            None if sends.is_empty() => history::nth(&sends, 1, &id)?,
            None => {
                let id = output::safe(&id);
                return Err(Failure::NotFound(format!(
                    "nothing that was sent to {id} from here was taken, so there is no way back. `novita-edit history {id}` \
                     lists it."
                )));
            }
        },
    };
    let told = &history.records[number - 1];
    output::note(&format!(
        "Back to before send {number}, of {} ({}).",
        when(&told.at),
        told.outcome.words()
    ));
    let mut planned = writing.load(&[id]).await?;
    for one in &mut planned {
        let old = one.work.now().clone();
        let configs = history.records.iter_mut().flat_map(Record::configs_mut);
        writing.send_log.redactor().restore(configs, &old);
        let record = &history.records[number - 1];
        let mut new = before(record, &old);
        let mut theirs = not_from_here(&history.records, &old, &new);
        if let (OnConflict::Theirs, Some(last)) = (args.write.on_conflict, last_from_here(&history.records)) {
            let merge = Merge::new(last.stored(), &new, &old);
            new = merge.resolve(&vec![Some(Resolution::Theirs); merge.clashes().len()]);
            theirs.clear();
        }
        if new != old {
            one.work.apply_given(Edit::Whole {
                name: format!("back to before {}", when(&record.at)),
                old: Box::new(old),
                new: Box::new(new),
            });
        }
        for (since, _) in &theirs {
            let name = since.name();
            one.warnings.push(format!(
                "{name} was changed since by somebody else, not from here; that goes back too."
            ));
        }
        // At the terminal the question comes below the warnings; without one nobody would have seen them.
        let is_unseen = args.write.yes && !args.write.dry_run && args.write.on_conflict == OnConflict::Fail;
        if is_unseen && !theirs.is_empty() {
            let reveal = args.write.reveal.reveal;
            let names: Vec<String> = theirs.iter().map(|(since, _)| since.name()).collect();
            let conflicts = theirs
                .iter()
                .map(|(since, back)| changes::overwritten(since, back, reveal));
            let why = format!(
                "somebody else changed it since the last send from here, so nothing was sent: {}. Say --on-conflict mine to \
                 take that back too, or theirs to leave it.",
                names.join(", ")
            );
            return write::overwrites(writing, one, conflicts.collect(), why);
        }
    }
    write::run(writing, planned, ReportShape::One).await
}

/// The newest send that the server took, or may have taken.
fn last_from_here(records: &[Record]) -> Option<&Record> {
    let stored = records.iter().find(|record| record.outcome.is_stored());
    stored.or_else(|| records.iter().find(|record| may_be_taken(record)))
}

/// What the server holds that was not sent from here, and that `new` would take away: what they changed, and what would
/// become of it. Of a send nobody knows whether it was taken: what it sent, and what there was before, both may be from
/// here.
fn not_from_here(records: &[Record], now: &EndpointConfig, new: &EndpointConfig) -> Vec<(Change, Change)> {
    let mut held: Vec<&EndpointConfig> = Vec::new();
    for record in records.iter().filter(|record| may_be_taken(record)) {
        held.push(record.stored());
        if record.outcome.is_stored() {
            break;
        }
        held.push(&record.before.config);
    }
    let since: Vec<Vec<Change>> = held.iter().map(|held| differences(held, now)).collect();
    let Some((first, others)) = since.split_first() else {
        return Vec::new();
    };
    let changed = |changes: &[Change], name: &str| changes.iter().find(|change| change.name() == name).cloned();
    let pairs = diff::changes(now, new).into_iter().filter_map(|back| {
        let name = back.name();
        let since = changed(first, &name)?;
        let is_always = others.iter().all(|other| changed(other, &name).is_some());
        is_always.then_some((since, back))
    });
    pairs.collect()
}

/// Whether the server took it, as far as is known.
fn may_be_taken(record: &Record) -> bool {
    record.outcome.may_be_taken()
}

/// What the endpoint was before the send; what wasn't known then stays as it is.
fn before(record: &Record, now: &EndpointConfig) -> EndpointConfig {
    let mut before = record.before.config.clone();
    before.id.clone_from(&now.id);
    before.fill_unreported(now);
    before
}
