//! Options that several commands have. The texts are the help, written for 80 columns.

use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::output::OutputFormat;
use crate::endpoint::number_input;

/// How an ID is told in the help of each command.
pub const ID_HELP: &str = "Endpoint: its id, or its name where only one has it";

/// What is printed of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct OutputArgs {
    /// Form of the result, which alone goes to stdout
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = OutputFormat::Table)]
    pub output: OutputFormat,
}

/// Whether environment values are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
pub struct RevealArgs {
    /// Show environment values; without it they are masked
    #[arg(long)]
    pub reveal: bool,
}

/// What wins where somebody else changed the same thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OnConflict {
    /// What is asked for here
    Mine,
    /// What the server has
    Theirs,
    /// Neither: nothing is sent, exit code 5
    #[default]
    Fail,
}

impl OnConflict {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Theirs => "theirs",
            Self::Fail => "fail",
        }
    }
}

/// What every command takes that writes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct WriteArgs {
    /// Don't ask before sending
    #[arg(short, long)]
    pub yes: bool,

    /// The endpoint's name or id once more, which a protected profile wants beside
    /// --yes; one for each endpoint
    #[arg(long, value_name = "NAME")]
    pub confirm: Vec<String>,

    /// Print the exact body and send nothing
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub reveal: RevealArgs,

    /// What wins where somebody else changed the same field meanwhile
    #[arg(long, value_name = "SIDE", value_enum, default_value_t = OnConflict::Fail)]
    pub on_conflict: OnConflict,

    /// Wait until the workers are as asked for
    #[arg(long)]
    pub wait: bool,

    /// How long --wait waits: 90s, 10m, 1h30m
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = time)]
    pub timeout: Duration,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// For what can't be nothing, such as an ID.
pub fn not_empty() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

/// A time as people write it: `90s`, `10m`, `1h30m`, or seconds without a unit.
///
/// # Errors
/// A sentence for clap.
pub fn time(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().or_else(|| number_input::seconds(text));
    let seconds = seconds.and_then(|seconds: i64| u64::try_from(seconds).ok());
    match seconds {
        Some(0) => Err("the least is 1s".to_owned()),
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => Err("a time is written like 90s, 10m or 1h30m".to_owned()),
    }
}
