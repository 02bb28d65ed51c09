//! The changes of a configuration as a command prints them: a line each for people, a list for programs.

use serde::Serialize;
use serde_json::Value;

use super::output::Tone;
use crate::endpoint::diff::{Change, ShownValue, volume_words};
use crate::endpoint::edit::Row;
use crate::endpoint::format::{secret_worded, sides_look_alike, worded_with};
use crate::endpoint::merge::{Clash, Location, SideValue};
use crate::endpoint::respelled::Deviation;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, FieldId, Moved, Number};
use crate::secret::{MASK, Secret};
use crate::session::{ChangeKind, sides_in_words};
use crate::text::with_ends;

/// A change, as JSON and YAML have it. `old` is `null` for what came in, `new` for what went. A number is a number; a
/// volume is told in words (`local 30 GB`), so is the order of a list's rows.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeJson {
    /// As `set` takes it: `workerConfig.maxNum`, `envs.HF_TOKEN`, `volumeMounts[/data]`.
    pub path: String,
    /// As the form calls it: `Max workers`, `Environment HF_TOKEN`.
    pub name: String,
    pub old: Value,
    pub new: Value,
}

/// The changes for JSON and YAML, environment values masked unless `reveal`.
pub fn listed(changes: &[Change], reveal: bool) -> Vec<ChangeJson> {
    changes.iter().map(|change| one(change, reveal)).collect()
}

fn one(change: &Change, reveal: bool) -> ChangeJson {
    ChangeJson {
        path: path(change.field, change.row.as_deref()),
        name: change.name(),
        old: value(change.field, change.old.as_ref(), reveal),
        new: value(change.field, change.new.as_ref(), reveal),
    }
}

/// A place that reads back otherwise, as JSON and YAML have it: `old` is what was sent, `new` what was read.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviationJson {
    #[serde(flatten)]
    pub change: ChangeJson,
    /// Of which kinds it is, in words; none: of no known one.
    pub kinds: Vec<&'static str>,
    /// Whether it says the same.
    pub same_meaning: bool,
}

/// The same for JSON and YAML, environment values masked unless `reveal`.
pub fn deviating(deviation: &Deviation, reveal: bool) -> DeviationJson {
    DeviationJson {
        change: one(&deviation.change, reveal),
        kinds: deviation.kinds.iter().map(|kind| kind.words()).collect(),
        same_meaning: deviation.is_spelling,
    }
}

/// A value that no update sets and that moved, as JSON and YAML have it; `null` where nothing stood or stands.
#[derive(Clone, Debug, Serialize)]
pub struct MovedJson {
    pub path: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// The same for JSON and YAML, secrets masked unless `reveal`.
pub fn moved(moved: &Moved, reveal: bool) -> MovedJson {
    let side = |side: &Option<ShownValue>| {
        side.as_ref().map(|value| match value {
            ShownValue::Secret(secret) => secret_text(secret, reveal).to_owned(),
            ShownValue::Plain(text) => text.clone(),
        })
    };
    MovedJson {
        path: moved.path.clone(),
        old: side(&moved.old),
        new: side(&moved.new),
    }
}

/// A change's line: `* Max workers: 5 → 8`, `+ Environment HF_HOME: •••••• (added)`.
pub fn line(change: &Change, configs: (&EndpointConfig, &EndpointConfig), reveal: bool) -> String {
    let kind = ChangeKind::of(change);
    let tone = match kind {
        ChangeKind::Added => Tone::Good,
        ChangeKind::Deleted => Tone::Bad,
        ChangeKind::Changed => Tone::Warning,
    };
    let text = format!("{}: {}", change.name(), sides_in_words(change, configs, reveal));
    format!("  {} {}", tone.paint(kind.sign()), Tone::Plain.paint(&text))
}

/// Something that both sides changed, as JSON and YAML have it.
#[derive(Clone, Debug, Serialize)]
pub struct ClashJson {
    pub path: String,
    pub name: String,
    pub loaded: Value,
    pub mine: Value,
    pub theirs: Value,
}

/// The clashes for JSON and YAML, environment values masked unless `reveal`.
pub fn clashing(clashes: &[Clash], reveal: bool) -> Vec<ClashJson> {
    let clashing = |clash: &Clash| {
        let side = |side: &SideValue| side_value(clash, side, reveal);
        ClashJson {
            path: clash_path(clash),
            name: clash.name(),
            loaded: side(&clash.loaded),
            mine: side(&clash.mine),
            theirs: side(&clash.theirs),
        }
    };
    clashes.iter().map(clashing).collect()
}

/// What somebody else changed, and going back would take away: `since` is what they changed, `back` what would become
/// of it.
pub fn overwritten(since: &Change, back: &Change, reveal: bool) -> ClashJson {
    ClashJson {
        path: path(back.field, back.row.as_deref()),
        name: back.name(),
        loaded: value(since.field, since.old.as_ref(), reveal),
        mine: value(back.field, back.new.as_ref(), reveal),
        theirs: value(since.field, since.new.as_ref(), reveal),
    }
}

/// A clash's line: `? Max workers: loaded 5, mine 8, theirs 7`.
pub fn clash_line(clash: &Clash, config: &EndpointConfig, reveal: bool) -> String {
    let side = |side: &SideValue| side_words(clash, side, config, reveal);
    let (loaded, mine, theirs) = (side(&clash.loaded), side(&clash.mine), side(&clash.theirs));
    let text = format!("{}: loaded {loaded}, mine {mine}, theirs {theirs}", clash.name());
    format!("  {} {}", Tone::Bad.paint("?"), Tone::Plain.paint(&text))
}

/// The path of a field or of a row of a list, as `set` takes it.
fn path(field: FieldId, row: Option<&str>) -> String {
    let path = field.spec().path;
    match (field, row) {
        (FieldId::Environment, Some(row)) => format!("{path}.{row}"),
        (_, Some(row)) => format!("{path}[{row}]"),
        (_, None) => path.to_owned(),
    }
}

fn clash_path(clash: &Clash) -> String {
    match &clash.location {
        Location::Field(field) => path(*field, None),
        Location::Rows { list, key, .. } => path(list.field(), Some(key)),
        Location::Order(list) => path(list.field(), None),
    }
}

fn value(field: FieldId, shown: Option<&ShownValue>, reveal: bool) -> Value {
    match shown {
        None => Value::Null,
        Some(ShownValue::Secret(secret)) => Value::from(secret_text(secret, reveal)),
        Some(ShownValue::Plain(text)) => text_value(field, text),
    }
}

fn text_value(field: FieldId, text: &str) -> Value {
    if field.spec().kind != Kind::Integer {
        return Value::from(text);
    }
    let number = Number::typed(text);
    match number.value() {
        Ok(value) => Value::from(value),
        Err(_) if number.is_unknown() => Value::Null,
        Err(_) => Value::from(text),
    }
}

fn side_value(clash: &Clash, side: &SideValue, reveal: bool) -> Value {
    match (side, &clash.location) {
        (SideValue::Text(text), Location::Field(field)) => text_value(*field, text),
        (SideValue::Text(text), _) => Value::from(text.as_str()),
        (SideValue::Rows(rows), _) => match rows.iter().map(|row| row_words(row, reveal)).collect::<Vec<_>>() {
            rows if rows.is_empty() => Value::Null,
            rows => Value::from(rows.join(", ")),
        },
        (SideValue::Order(names), _) => Value::from(names.join(", ")),
    }
}

fn side_words(clash: &Clash, side: &SideValue, config: &EndpointConfig, reveal: bool) -> String {
    let ends = sides_look_alike(clash);
    match (side, &clash.location) {
        (SideValue::Text(text), Location::Field(field)) => worded_with(*field, text, config, ends),
        (SideValue::Rows(rows), _) if !rows.is_empty() => {
            let row = |row: &Row| match row {
                Row::Volume(volume) if ends => with_ends(&volume_words(volume)),
                Row::Volume(volume) => volume_words(volume),
                Row::Env(env) => secret_worded(&env.value, reveal, ends),
            };
            rows.iter().map(row).collect::<Vec<_>>().join(", ")
        }
        _ => match side_value(clash, side, reveal) {
            Value::String(text) => text,
            _ => "(none)".to_owned(),
        },
    }
}

fn row_words(row: &Row, reveal: bool) -> String {
    match row {
        Row::Volume(volume) => volume_words(volume),
        Row::Env(env) => secret_text(&env.value, reveal).to_owned(),
    }
}

/// A value as JSON has it: masked unless `reveal`, where there is anything to mask.
pub fn secret_text(secret: &Secret, reveal: bool) -> &str {
    if reveal || secret.is_empty() {
        secret.reveal()
    } else {
        MASK
    }
}
