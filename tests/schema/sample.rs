//! An endpoint in which every field has a value that no other field has, made of the field table.

use novita_edit::endpoint::document::{DocumentFormat, read};
use novita_edit::endpoint::schema::{FIELDS, FieldSpec, Kind};
use novita_edit::endpoint::{EndpointConfig, FieldId, LoadedEndpoint, Place};
use serde_json::{Value, json};

pub const ID: &str = "ep_sample";

/// How many rows each list has: each row has another word for a choice, so that whatever a type uses is used in one of
/// them.
const ROWS: usize = 2;

/// Every place of the sample in which a single value stands.
pub fn places() -> Vec<Place> {
    let of = |spec: &&FieldSpec| match spec.id.is_row_part() {
        true => (0..ROWS).map(|row| Place::row(spec.id, row)).collect(),
        false => vec![Place::of(spec.id)],
    };
    let single = FIELDS.iter().filter(|spec| spec.kind != Kind::Rows);
    single.flat_map(of).collect()
}

/// The text that stands in a place.
pub fn text(place: Place) -> String {
    text_of(place, 0)
}

/// Another text for it.
pub fn other_text(place: Place) -> String {
    text_of(place, 1)
}

fn text_of(place: Place, variant: usize) -> String {
    let (spec, row) = (place.field.spec(), place.row.unwrap_or(0));
    let number = 1000 + 10 * (place.field as usize) + row + 5 * variant;
    match spec.kind {
        Kind::Integer => number.to_string(),
        Kind::Choice(words) => words[(row + variant) % words.len()].0.to_owned(),
        // A text that has to be a number.
        _ if spec.help.example.parse::<u32>().is_ok() => number.to_string(),
        _ => {
            let words = spec.path.replace(['.', '[', ']'], "-");
            format!("{words}-{}", ["a", "b", "c", "d"][row + 2 * variant])
        }
    }
}

/// What stands for a text of a place in JSON.
pub fn value(place: Place, text: &str) -> Value {
    match place.field.spec().kind {
        Kind::Integer => json!(text.parse::<i64>().unwrap()),
        _ => json!(text),
    }
}

/// The whole endpoint as an update body that has even what its volumes' types don't use.
pub fn whole() -> Value {
    let mut whole = json!({ "id": ID });
    for place in places() {
        put(&mut whole, place, value(place, &text(place)));
    }
    whole
}

/// The same with another value in a place.
pub fn whole_but(place: Place) -> Value {
    let mut whole = whole();
    put(&mut whole, place, value(place, &other_text(place)));
    whole
}

/// What an update body says.
pub fn config_of(body: &Value) -> EndpointConfig {
    let document = read(&body.to_string(), DocumentFormat::Json).remove(0);
    document.config(None).unwrap_or_else(|faults| panic!("{faults:?}"))
}

pub fn config() -> EndpointConfig {
    config_of(&whole())
}

pub fn endpoint() -> LoadedEndpoint {
    LoadedEndpoint {
        config: config(),
        has_health_check: true,
        ..LoadedEndpoint::default()
    }
}

/// The field that a change of a place is told of: itself, or its list.
pub fn told_of(field: FieldId) -> FieldId {
    let list = field.spec().pane.list();
    list.map_or(field, |list| list.field())
}

/// The JSON pointer of a place.
pub fn pointer(place: Place) -> String {
    format!("/{}", place.path().replace(['.', '['], "/").replace(']', ""))
}

/// Puts a value into a place; what is around it is made where it isn't there.
pub fn put(whole: &mut Value, place: Place, value: Value) {
    let mut at = whole;
    for step in pointer(place)[1..].split('/') {
        at = match step.parse::<usize>() {
            Ok(index) => {
                let list = match at {
                    Value::Null => {
                        *at = json!([]);
                        at.as_array_mut().unwrap()
                    }
                    at => at.as_array_mut().unwrap(),
                };
                if list.len() == index {
                    list.push(Value::Null);
                }
                &mut list[index]
            }
            Err(_) => &mut at[step],
        };
    }
    *at = value;
}

/// Takes away what stands in a place.
pub fn take(whole: &mut Value, place: Place) {
    let pointer = pointer(place);
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = whole.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.remove(key).expect("it is there");
}
