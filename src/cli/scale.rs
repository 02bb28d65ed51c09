//! `novita-edit scale`: the numbers that are changed most, of one endpoint or several.

use clap::Args;

use super::failure::Failure;
use super::options::{self, ID_HELP, WriteArgs, not_empty};
use super::pick::{PICKING, PickArgs};
use super::write::{self, Planned, ReportShape, WriteContext};
use crate::endpoint::FieldId;
use crate::endpoint::edit::Edit;
use crate::exit_code::Exit;

const EXAMPLES: &str = "\
A number may also be min or max (of the account's range), a time like 5m or
1h30m where seconds belong, or +N and -N, from what it is now.

Examples:
  novita-edit scale my-endpoint --max 8
  novita-edit scale my-endpoint --min 1 --idle-timeout 10m --yes
  novita-edit scale a b c --max +2 --yes --wait
  novita-edit scale --filter staging --min 0
  novita-edit scale my-endpoint --policy queue --policy-value 60 --dry-run";

/// clap's own would list every number.
const USAGE: &str = "novita-edit scale [OPTIONS] <NUMBERS> <ID>...
       novita-edit scale <NUMBERS> --all | --state STATE | --filter TEXT";

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EXAMPLES, override_usage = USAGE)]
pub struct ScaleArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    #[arg(required_unless_present_any = PICKING, conflicts_with_all = PICKING)]
    pub ids: Vec<String>,

    #[command(flatten)]
    pub pick: PickArgs,

    #[command(flatten)]
    pub numbers: WorkerNumbers,

    #[command(flatten)]
    pub write: WriteArgs,
}

/// At least one of them has to be given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[group(required = true, multiple = true)]
pub struct WorkerNumbers {
    /// Least workers; 0 scales to zero
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub min: Option<String>,

    /// Most workers
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub max: Option<String>,

    /// How long an idle worker is kept, seconds
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub idle_timeout: Option<String>,

    /// Requests at a time per worker
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub concurrency: Option<String>,

    /// GPUs per worker
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub gpus: Option<String>,

    /// How long a request may take, seconds
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub request_timeout: Option<String>,

    /// What makes workers come: the wait in the queue, or the requests in it
    #[arg(long, value_name = "TYPE", value_parser = ["queue", "concurrency"])]
    pub policy: Option<String>,

    /// Seconds of wait for queue, requests for concurrency
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub policy_value: Option<String>,
}

/// Changes the numbers.
///
/// # Errors
/// What keeps them from being sent.
pub async fn run(writing: &WriteContext, args: &ScaleArgs) -> Result<Exit, Failure> {
    let mut planned = writing.load_picked(&args.pick, &args.ids).await?;
    for one in &mut planned {
        args.numbers.plan(one)?;
    }
    write::run(writing, planned, ReportShape::Many).await
}

impl WorkerNumbers {
    fn plan(&self, planned: &mut Planned) -> Result<(), Failure> {
        // What a number of the policy means depends on its type: that comes first.
        if let Some(policy) = &self.policy {
            let edit = Edit::set(planned.work.now(), FieldId::PolicyType, policy);
            planned.work.apply(edit);
        }
        for (field, typed) in [
            (FieldId::MinWorkers, &self.min),
            (FieldId::MaxWorkers, &self.max),
            (FieldId::IdleTimeout, &self.idle_timeout),
            (FieldId::MaxConcurrency, &self.concurrency),
            (FieldId::GpusPerWorker, &self.gpus),
            (FieldId::RequestTimeout, &self.request_timeout),
            (FieldId::PolicyValue, &self.policy_value),
        ] {
            let Some(typed) = typed else { continue };
            let text = options::amount_text(field, typed, planned.work.now(), planned.work.limits())?;
            let edit = Edit::set(planned.work.now(), field, text);
            planned.work.apply(edit);
        }
        Ok(())
    }
}
