//! `novita-edit rollback`: the way back to what an endpoint was before a send.

use clap::Args;

use super::failure::Failure;
use super::options::{ID_HELP, OnConflict, WriteArgs, not_empty};
use super::pick::{PICKING, PickArgs};
use super::write::{self, Overwritten, Planned, ReportShape, WriteContext};
use super::{changes, concurrent, history, output};
use crate::endpoint::EndpointConfig;
use crate::endpoint::diff::{self, Change, differences};
use crate::endpoint::edit::Edit;
use crate::endpoint::merge::{Merge, Resolution};
use crate::exit_code::Exit;
use crate::fs::when;
use crate::store::{History, Record};

const EXAMPLES: &str = "\
N counts as `novita-edit history` does: 1 is the newest send. Without N it is
the newest one that the server took or may have taken; those that it refused,
and those that never left, are passed over. The endpoint becomes what it was
before that send as a whole. What others changed since goes back with it, and is
named; with --yes that is a conflict (exit code 5) unless --on-conflict says
mine, or theirs, which leaves it as they made it.

Examples:
  novita-edit rollback my-endpoint
  novita-edit rollback my-endpoint 3 --dry-run
  novita-edit rollback --filter staging      the newest send of each";

/// With endpoints that are picked, N stands alone.
const USAGE: &str = "novita-edit rollback [OPTIONS] ID [N]
       novita-edit rollback --all | --state STATE | --filter TEXT [N]";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES, override_usage = USAGE)]
pub struct RollbackArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty(), required_unless_present_any = PICKING)]
    pub id: Option<String>,

    /// Back to before this send; 1 is the newest
    #[arg(value_name = "N", value_parser = number)]
    pub send: Option<u32>,

    #[command(flatten)]
    pub pick: PickArgs,

    #[command(flatten)]
    pub write: WriteArgs,
}

/// The number of a send.
///
/// # Errors
/// A sentence for clap.
fn number(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        "behind the ID stands the number of a send, 1 for the newest; --filter, --state and --all take several endpoints"
            .to_owned()
    })
}

impl RollbackArgs {
    /// Which endpoint is named, if one is, and the send's number. Where endpoints are picked, the number stands alone.
    ///
    /// # Errors
    /// [`Failure::Usage`]: an ID beside endpoints that are picked.
    fn meant(&self) -> Result<(Vec<String>, Option<u32>), Failure> {
        match (&self.id, self.send) {
            (id, send) if !self.pick.is_given() => Ok((id.iter().cloned().collect(), send)),
            (None, send) => Ok((Vec::new(), send)),
            (Some(text), None) if number(text).is_ok() => Ok((Vec::new(), number(text).ok())),
            (Some(id), _) => Err(Failure::Usage(format!(
                "{} stands beside --all, --state or --filter; nothing was sent. Name the endpoint, or pick some: then only N \
                 may stand there.",
                output::safe(id)
            ))),
        }
    }
}

/// Puts back what was before a send.
///
/// # Errors
/// What keeps it from being sent, or no such send.
pub async fn run(writing: &WriteContext, args: &RollbackArgs) -> Result<Exit, Failure> {
    let (named, number) = args.meant()?;
    let is_picked = args.pick.is_given();
    let finding = async {
        let wanted = args.pick.endpoints(&writing.cx, &named).await?;
        let find = async |wanted: &String| WayBack::find(writing, wanted, number, is_picked).await;
        Ok::<_, Failure>(concurrent::each(&wanted, find).await)
    };
    let found = writing.unless_interrupted(finding).await??;
    let mut ways = Vec::new();
    let mut unread = None;
    for found in found {
        match found {
            Ok(way) => ways.push(way),
            // Nobody named it: that it has no way back is no fault.
            Err(why @ Failure::NotFound(_)) if is_picked => output::note(&format!("It stays: {}", why.shown())),
            Err(why) if is_picked => {
                output::note(&format!("novita-edit: {}", why.shown()));
                unread.get_or_insert(why.exit());
            }
            Err(why) => return Err(why),
        }
    }
    if let Some(exit) = unread {
        output::note("Nothing was sent.");
        return Ok(exit);
    }
    if ways.is_empty() {
        return Err(Failure::NotFound(
            "none of these endpoints has a way back, so nothing was sent. `novita-edit history ID` lists what there is."
                .to_owned(),
        ));
    }
    let ids: Vec<String> = ways.iter().map(|way| way.id.clone()).collect();
    let mut planned = writing.load_these(&ids, is_picked).await?;
    let mut overwritten = Vec::new();
    for (one, way) in planned.iter_mut().zip(&mut ways) {
        way.tell(one, is_picked);
        overwritten.push(way.plan(writing, one));
    }
    let shape = if is_picked { ReportShape::Many } else { ReportShape::One };
    if overwritten.iter().any(Option::is_some) {
        return write::overwrites(writing, &planned, overwritten, shape);
    }
    write::run(writing, planned, shape).await
}

/// An endpoint's sends from this machine, and which of them is taken back.
struct WayBack {
    id: String,
    history: History,
    /// Of the send, from 1 for the newest.
    number: usize,
}

impl WayBack {
    /// Of the send of that number, else of the newest that may have been taken.
    ///
    /// # Errors
    /// [`Failure::NotFound`]: there is none; or the history can't be read.
    async fn find(writing: &WriteContext, wanted: &str, number: Option<u32>, is_picked: bool) -> Result<Self, Failure> {
        let (id, history) = match is_picked {
            true => (wanted.to_owned(), history::of(&writing.send_log, wanted).await?),
            false => history::read(&writing.cx, wanted).await?,
        };
        let sends: Vec<(usize, &Record)> = (1..).zip(&history.records).collect();
        let number = match number {
            Some(number) => history::nth(&sends, number, &id)?.0,
            None => match sends.iter().find(|(_, record)| may_be_taken(record)) {
                Some((number, _)) => *number,
                None if sends.is_empty() => history::nth(&sends, 1, &id)?.0,
                None => {
                    let id = output::safe(&id);
                    return Err(Failure::NotFound(format!(
                        "nothing that was sent to {id} from here was taken, so there is no way back. `novita-edit history \
                         {id}` lists it."
                    )));
                }
            },
        };
        Ok(Self { id, history, number })
    }

    fn record(&self) -> &Record {
        &self.history.records[self.number - 1]
    }

    fn tell(&self, one: &Planned, is_picked: bool) {
        let record = self.record();
        let lead = if is_picked {
            format!("{}: back", one.title())
        } else {
            "Back".to_owned()
        };
        output::note(&format!(
            "{lead} to before send {}, of {} ({}).",
            self.number,
            when(&record.at),
            record.outcome.words()
        ));
    }

    /// Makes the edit. Gives what it would overwrite of what others changed where nobody would see that before it goes.
    fn plan(&mut self, writing: &WriteContext, one: &mut Planned) -> Option<Overwritten> {
        let args = &writing.args;
        let old = one.work.now().clone();
        let configs = self.history.records.iter_mut().flat_map(Record::configs_mut);
        writing.send_log.redactor().restore(configs, &old);
        let records = &self.history.records;
        let mut new = before(self.record(), &old);
        let mut theirs = not_from_here(records, &old, &new);
        if let (OnConflict::Theirs, Some(last)) = (args.on_conflict, last_from_here(records)) {
            let merge = Merge::new(last.stored(), &new, &old);
            new = merge.resolve(&vec![Some(Resolution::Theirs); merge.clashes().len()]);
            theirs.clear();
        }
        if new != old {
            one.work.apply_given(Edit::Whole {
                name: format!("back to before {}", when(&self.record().at)),
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
        let is_unseen = args.yes && !args.dry_run && args.on_conflict == OnConflict::Fail;
        if !is_unseen || theirs.is_empty() {
            return None;
        }
        let names: Vec<String> = theirs.iter().map(|(since, _)| since.name()).collect();
        let conflict = |(since, back): &(Change, Change)| changes::overwritten(since, back, args.reveal.reveal);
        Some(Overwritten {
            conflicts: theirs.iter().map(conflict).collect(),
            why: format!(
                "somebody else changed it since the last send from here, so nothing was sent: {}. Say --on-conflict mine to \
                 take that back too, or theirs to leave it.",
                names.join(", ")
            ),
        })
    }
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
