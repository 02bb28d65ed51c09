//! Options that several commands have, and numbers as they take them: `8`, `min`, `max`, `5m`; and `+1` or `-1`, from
//! what is there. The texts are the help, written for 80 columns.

use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::output::OutputFormat;
use crate::endpoint::{EndpointConfig, FieldId, Limits, Number, number_input};

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
    /// --yes; one for each endpoint. Of endpoints that are picked, how many change
    #[arg(long, value_name = "NAME|COUNT")]
    pub confirm: Vec<String>,

    /// Print the exact body and send nothing
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub reveal: RevealArgs,

    /// What wins where somebody else changed the same field meanwhile
    #[arg(long, value_name = "SIDE", value_enum, default_value_t = OnConflict::Fail)]
    pub on_conflict: OnConflict,

    /// Write the value of this variable though it looks masked; remembered, so that it is
    /// said once. Several names with commas between them
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = not_empty())]
    pub allow_masked: Vec<String>,

    /// Wait until the workers that came after the save are as asked for; exit code 9 if
    /// the rollout fails
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

/// The longest time that anything waits, seconds: a year.
const LONGEST: u64 = 365 * 24 * 3600;

/// A time as people write it: `90s`, `10m`, `1h30m`, or seconds without a unit; a year at most.
///
/// # Errors
/// A sentence for clap.
pub fn time(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().or_else(|| number_input::seconds(text));
    let seconds = seconds.and_then(|seconds: i64| u64::try_from(seconds).ok());
    match seconds {
        Some(0) => Err("the least is 1s".to_owned()),
        Some(LONGEST..) => Err("the most is less than 8760h".to_owned()),
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => Err("a time is written like 90s, 10m or 1h30m".to_owned()),
    }
}

/// The text for a number field. What is no number stays as it was typed, so that it is told as a problem of the field.
///
/// # Errors
/// [`Failure::Invalid`] for more or less of something that isn't known.
pub fn amount_text(field: FieldId, typed: &str, config: &EndpointConfig, limits: &Limits) -> Result<String, Failure> {
    amount_text_from(field, typed, config.text(field), config, limits)
}

/// The same for a field of a row, which holds `old` now.
///
/// # Errors
/// [`Failure::Invalid`] for more or less of something that isn't known.
pub fn amount_text_from(
    field: FieldId,
    typed: &str,
    old: &str,
    config: &EndpointConfig,
    limits: &Limits,
) -> Result<String, Failure> {
    let typed = typed.trim();
    let (sign, rest) = match typed.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Ok(number_input::number_text(field, typed, config, limits)),
    };
    let time = || match field.unit(config) {
        "s" => number_input::seconds(&rest.to_lowercase()),
        _ => None,
    };
    let digits = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    let Some(by) = digits.then(|| rest.parse::<i64>().ok()).flatten().or_else(time) else {
        return Ok(typed.to_owned());
    };
    match Number::typed(old).value() {
        Ok(old) => Ok(old.saturating_add(sign * by).to_string()),
        Err(_) => Err(Failure::Invalid(format!(
            "{} is not a number that {typed} could be reckoned from: it is {}. Nothing was sent. Give the number itself.",
            field.label(),
            if old.trim().is_empty() { "not known" } else { old },
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_second_at_least_and_less_than_a_year() {
        for (typed, seconds) in [
            ("1", Some(1)),
            ("1h30m", Some(5400)),
            ("0s", None),
            ("8759h", Some(8759 * 3600)),
        ] {
            assert_eq!(time(typed).ok().map(|time| time.as_secs()), seconds, "{typed}");
        }
        for typed in ["8760h", "9223372036854775807", "-1", "soon"] {
            assert!(time(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_sign_means_from_what_is_there() {
        let mut config = EndpointConfig::default();
        config.workers.max_num = Number::of(5);
        config.workers.free_timeout = Number::of(300);
        let limits = Limits::unknown();
        let of = |field, typed| amount_text(field, typed, &config, &limits).ok();
        for (typed, wanted) in [
            ("8", "8"),
            ("+1", "6"),
            ("-2", "3"),
            ("-9", "-4"),
            ("+", "+"),
            ("+x", "+x"),
            ("+5m", "+5m"),
        ] {
            assert_eq!(of(FieldId::MaxWorkers, typed).as_deref(), Some(wanted), "{typed}");
        }
        assert_eq!(of(FieldId::IdleTimeout, "+5m").as_deref(), Some("600"));
        assert_eq!(of(FieldId::IdleTimeout, "-90").as_deref(), Some("210"));
        assert_eq!(
            of(FieldId::MaxWorkers, "+9223372036854775807").as_deref(),
            Some("9223372036854775807")
        );
        assert_eq!(of(FieldId::RequestTimeout, "+1"), None, "nobody knows what it is");
    }
}
