//! `novita-edit config show`: the settings in force, and where each comes from.

use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::options::OutputArgs;
use super::output::{self, Align, Column, Table, Tone};
use crate::config::{ConfigError, Environment, Flags, Origin, SettingInForce, SettingsInForce};
use crate::exit_code::Exit;

/// A setting, as JSON and YAML have it.
#[derive(Serialize)]
struct SettingOriginJson<'a> {
    name: &'a str,
    /// `null`: nothing is set, and nothing is so by default. Of the key where it is taken from, never the key.
    value: &'a Value,
    /// `flag`, `variable`, `file` or `default`.
    origin: &'static str,
    /// The option, the variable, or `FILE:LINE`; `null` for a default.
    from: Option<String>,
}

/// Prints them. No key is read, and no server asked.
///
/// # Errors
/// What is wrong with the settings, a key that may not be sent there too; or they can't be printed.
pub fn run(args: OutputArgs, flags: &Flags, env: &Environment) -> Result<Exit, Failure> {
    let found = SettingsInForce::find(flags, env)?;
    let listed: Vec<SettingOriginJson> = found.all.iter().map(listed).collect();
    let names = || listed.iter().map(|setting| setting.name.to_owned()).collect();
    output::result(args.output, &listed, || table(&listed), names)?;
    match found.no_key {
        None => Ok(Exit::Done),
        // That there is no key is no mistake in the settings.
        Some(ConfigError::MissingKey { .. }) => {
            output::note("There is no API key; set NOVITA_API_KEY, or see `novita-edit --help`.");
            Ok(Exit::Done)
        }
        Some(error) => Err(error.into()),
    }
}

fn listed(setting: &SettingInForce) -> SettingOriginJson<'_> {
    let (origin, from) = match &setting.origin {
        Origin::Flag(name) => ("flag", Some((*name).to_owned())),
        Origin::Variable(name) => ("variable", Some((*name).to_owned())),
        Origin::File { path, line } | Origin::Profile { path, line, .. } => {
            ("file", Some(format!("{}:{line}", path.display())))
        }
        Origin::Default => ("default", None),
    };
    SettingOriginJson {
        name: setting.name,
        value: &setting.value,
        origin,
        from,
    }
}

fn table(listed: &[SettingOriginJson<'_>]) -> Table {
    let mut table = Table::new([
        Column::new("SETTING", Align::Left, 0),
        Column::new("VALUE", Align::Left, 0).cut_to(16),
        Column::new("FROM", Align::Middle, 1).cut_to(16),
    ]);
    for setting in listed {
        let value = match setting.value {
            Value::Null => "–".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let from = setting.from.clone().unwrap_or_else(|| setting.origin.to_owned());
        let tone = if setting.from.is_none() {
            Tone::Faint
        } else {
            Tone::Plain
        };
        table.row([
            (setting.name.to_owned(), Tone::Plain),
            (value, Tone::Strong),
            (from, tone),
        ]);
    }
    table
}
