//! `novita-edit rollback`: the way back to what an endpoint was before a send.

use clap::Args;

use super::exit::Exit;
use super::failure::Failure;
use super::history;
use super::options::{ID_HELP, WriteArgs};
use super::output;
use super::write::{self, Shape, Writing};
use crate::endpoint::EndpointConfig;
use crate::endpoint::edit::Edit;
use crate::store::{Record, SendOutcome};
use crate::tui::screen::when;

const EXAMPLES: &str = "\
N counts as `novita-edit history` does: 1 is the newest send. Without N it is the
newest one that the server took or may have taken; those that it refused, and
those that never left, are passed over. The endpoint becomes what it was before
that send as a whole: what was changed since, by others too, goes back with it,
and is shown before.

Examples:
  novita-edit rollback my-endpoint
  novita-edit rollback my-endpoint 3 --dry-run";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES)]
pub struct RollbackArgs {
    #[arg(value_name = "ID", help = ID_HELP)]
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
pub async fn run(writing: &Writing, args: &RollbackArgs) -> Result<Exit, Failure> {
    let reading = history::read(&writing.cx, &args.id);
    let (id, history) = writing.unless_interrupted(reading).await??;
    let sends: Vec<(usize, &Record)> = (1..).zip(&history.records).collect();
    let (number, record) = match args.send {
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
    output::note(&format!(
        "Back to before send {number}, of {} ({}).",
        when(&record.at),
        record.outcome.words()
    ));
    let mut planned = writing.load(&[id]).await?;
    for one in &mut planned {
        let old = one.work.now().clone();
        let new = before(record, &old);
        if new != old {
            one.work.apply(Edit::Whole {
                name: format!("back to before {}", when(&record.at)),
                old: Box::new(old),
                new: Box::new(new),
            });
        }
    }
    write::run(writing, planned, Shape::One).await
}

/// Whether the server took it, as far as is known.
fn may_be_taken(record: &Record) -> bool {
    !matches!(record.outcome, SendOutcome::Refused(_) | SendOutcome::NotSent(_))
}

/// What the endpoint was before the send; what wasn't known then stays as it is.
fn before(record: &Record, now: &EndpointConfig) -> EndpointConfig {
    let mut before = record.before.config.clone();
    before.id.clone_from(&now.id);
    if before.workers.request_timeout.is_unknown() {
        before.workers.request_timeout = now.workers.request_timeout.clone();
    }
    before
}
