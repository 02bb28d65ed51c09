//! The table of the fields as JSON Schema: for editors that help to write a document, and for who reads what is
//! printed. A field is told of in the table alone.

use serde_json::{Map, Value, json};

use super::document::{PLACEHOLDERS, Placeholder};
use super::limits::RESERVED_PORTS;
use super::schema::{Access, BODY, BodyObject, BodyPart, Field, FieldSpec, Kind, RangeRule, TypeUse, Without};

/// A document as a person writes it for `apply`. In the version of JSON Schema that the editors' language servers know
/// best.
pub fn of_documents() -> Value {
    let written = Schema { is_written: true };
    let parts = [
        ("$schema", json!("http://json-schema.org/draft-07/schema#")),
        ("title", json!("An endpoint, as `novita-edit apply` takes it")),
        (
            "description",
            json!("The update body. Every key has to be there, since an update replaces everything."),
        ),
    ];
    written.with_body(parts)
}

/// The update body as it is printed, whatever the endpoint is: what an update would refuse stands there, too.
pub fn of_printed_bodies() -> Value {
    let printed = Schema { is_written: false };
    let parts = [
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("title", json!("The update body, as `get` prints it")),
    ];
    printed.with_body(parts)
}

#[derive(Clone, Copy)]
struct Schema {
    /// Written by a person: what an update doesn't take is wrong.
    is_written: bool,
}

/// The name of a key and its schema.
type Property = (&'static str, Value);

impl Schema {
    fn with_body<const N: usize>(self, parts: [Property; N]) -> Value {
        let mut whole: Map<String, Value> = parts.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
        let id = json!({"type": "string", "description": "Which endpoint it is. It can't be changed."});
        let properties = [("id", id)].into_iter().chain(BODY.iter().map(|part| self.part(part)));
        let is_needed =
            |part: &&BodyPart| !matches!(part, BodyPart::Object(object) if object.without == Without::NotSent);
        let needed = BODY.iter().filter(is_needed).map(BodyPart::key);
        let body = object(properties, ["id"].into_iter().chain(needed));
        whole.extend(body);
        Value::Object(whole)
    }

    fn part(self, part: &BodyPart) -> Property {
        let schema = match part {
            BodyPart::Field(field) => self.field(field),
            BodyPart::Object(part) => self.object_of(part),
            BodyPart::OneRow(field) => {
                let port = if self.is_written {
                    port(&field.spec)
                } else {
                    self.field(field)
                };
                let mut list = self.list(
                    &field.spec,
                    Value::Object(object([(field.spec.key(), port)], [field.spec.key()])),
                );
                if self.is_written {
                    list.extend([("minItems".to_owned(), json!(1)), ("maxItems".to_owned(), json!(1))]);
                }
                Value::Object(list)
            }
            BodyPart::Volumes(list, fields) => Value::Object(self.list(list, self.row(fields))),
            BodyPart::Envs(list, fields) => Value::Object(self.list(list, self.row(fields))),
        };
        (part.key(), schema)
    }

    fn object_of(self, part: &BodyObject) -> Value {
        let properties = part.fields.iter().map(|field| (field.spec.key(), self.field(field)));
        Value::Object(object(properties, part.fields.iter().map(|field| field.spec.key())))
    }

    fn list(self, spec: &FieldSpec, items: Value) -> Map<String, Value> {
        let list = [
            ("description", json!(description(spec))),
            ("type", json!("array")),
            ("items", items),
        ];
        list.map(|(key, value)| (key.to_owned(), value)).into_iter().collect()
    }

    fn row<T: Default>(self, fields: &[Field<T>]) -> Value {
        let properties = fields.iter().map(|field| (field.spec.key(), self.field(field)));
        let always = fields.iter().filter(|field| field.by_type.is_none());
        let mut row = object(properties, always.map(|field| field.spec.key()));
        let by_type = by_type(fields);
        if self.is_written && !by_type.is_empty() {
            row.insert("allOf".to_owned(), Value::Array(by_type));
        }
        Value::Object(row)
    }

    fn field<T>(self, field: &Field<T>) -> Value {
        let mut schema = Map::new();
        schema.insert("description".to_owned(), json!(description(&field.spec)));
        let is_written = self.is_written;
        let mut put = |key: &str, value| drop(schema.insert(key.to_owned(), value));
        match (&field.access, field.spec.kind) {
            (Access::Secret(..), _) => put("oneOf", Value::Array(value(is_written))),
            (Access::Number(..), _) if is_written => put("type", json!("integer")),
            // One that isn't known is null, one that can't be read its text.
            (Access::Number(..), _) => put("type", json!(["integer", "string", "null"])),
            (_, Kind::Choice(words)) if is_written => {
                put("type", json!("string"));
                put("enum", words.iter().map(|(word, _)| *word).collect());
            }
            (
                _,
                Kind::Text {
                    max_chars, required, ..
                },
            ) if is_written => {
                put("type", json!("string"));
                if required {
                    put("minLength", json!(1));
                }
                if let Some(most) = max_chars {
                    put("maxLength", json!(most));
                }
            }
            _ => put("type", json!("string")),
        }
        Value::Object(schema)
    }
}

/// The value of an environment variable: a text, or where it is to be had. What is printed only has the last of those.
fn value(is_written: bool) -> Vec<Value> {
    let placeholder = |placeholder: &Placeholder| {
        let inside = match placeholder.is_flag {
            true => json!({"const": true, "description": placeholder.help}),
            false => json!({"type": "string", "minLength": 1, "description": placeholder.help}),
        };
        Value::Object(object([(placeholder.key, inside)], [placeholder.key]))
    };
    let placeholders = PLACEHOLDERS
        .iter()
        .filter(|one| is_written || one.is_flag)
        .map(placeholder);
    [json!({"type": "string"})].into_iter().chain(placeholders).collect()
}

/// A port may be written as a number, too.
fn port(spec: &FieldSpec) -> Value {
    let reserved = RESERVED_PORTS
        .iter()
        .flat_map(|port| [json!(port), json!(port.to_string())]);
    json!({
        "description": description(spec),
        "type": ["string", "integer"],
        "pattern": "^[0-9]{1,5}$",
        "minimum": 1,
        "maximum": 65535,
        "not": {"enum": reserved.collect::<Vec<_>>()},
    })
}

/// What each type of a row needs beside the rest.
fn by_type<T: Default>(fields: &[Field<T>]) -> Vec<Value> {
    let choice = fields.iter().find_map(|field| match field.spec.kind {
        Kind::Choice(words) => Some((field, words)),
        _ => None,
    });
    let Some((choice, words)) = choice else {
        return Vec::new();
    };
    let of_word = |(word, _): &(&'static str, &str)| {
        let mut row = T::default();
        choice.access.set_text(&mut row, word);
        let needed = fields
            .iter()
            .filter(|field| field.by_type.is_some() && field.use_in(&row) == TypeUse::Needed);
        let needed: Vec<&str> = needed.map(|field| field.spec.key()).collect();
        let key = choice.spec.key();
        json!({
            "if": {"properties": {key: {"const": word}}, "required": [key]},
            "then": {"required": needed},
        })
    };
    words.iter().map(of_word).collect()
}

fn object(
    properties: impl IntoIterator<Item = Property>,
    required: impl IntoIterator<Item = &'static str>,
) -> Map<String, Value> {
    let properties: Map<String, Value> = properties
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let parts = [
        ("type", json!("object")),
        ("properties", Value::Object(properties)),
        ("required", required.into_iter().collect()),
        ("additionalProperties", json!(false)),
    ];
    parts.map(|(key, value)| (key.to_owned(), value)).into_iter().collect()
}

/// What it does and the rule for it, without what is said of the form's keys.
fn description(spec: &FieldSpec) -> String {
    let sentences = spec
        .help
        .what
        .split_inclusive(". ")
        .filter(|sentence| !sentence.contains('{'));
    let what: String = sentences.collect();
    let mut text = format!("{} {}", what.trim_end(), spec.help.rule);
    let ranges = match spec.range {
        RangeRule::None => Vec::new(),
        RangeRule::Of(keys) => vec![format!("{}–{}", keys.min, keys.max)],
        RangeRule::ByPolicyType { queue, concurrency } => [("queue", queue), ("concurrency", concurrency)]
            .map(|(word, keys)| format!("{word} {}–{}", keys.min, keys.max))
            .to_vec(),
    };
    if !ranges.is_empty() {
        text.push_str(&format!(" `novita-edit limits` prints it: {}.", ranges.join(", ")));
    }
    text
}
