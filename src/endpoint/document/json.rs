//! JSON documents, one after another, as trees; and why a text is none, in words for whoever wrote it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::node::{Member, TreeNode, Value};
use super::{DEEPEST, MOST_DOCUMENTS, Unparsed};
use crate::secret::Secret;

/// The documents of a text; after one that can't be parsed nothing is known of the rest.
pub(super) fn documents(text: &str) -> Vec<Result<TreeNode, Unparsed>> {
    let start = text.strip_prefix('\u{feff}').map_or(0, |rest| text.len() - rest.len());
    let rest = &text[start..];
    let raws = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
    let too_many = |at| Unparsed {
        at,
        why: format!("a file has at most {MOST_DOCUMENTS} documents"),
    };
    raws.take(MOST_DOCUMENTS + 1)
        .enumerate()
        .map(|(number, raw)| match raw {
            Ok(raw) if number == MOST_DOCUMENTS => Err(too_many(start + offset(raw.get(), rest))),
            Ok(raw) => Ok(node(raw.get(), start + offset(raw.get(), rest), DEEPEST)),
            Err(error) => Err(unparsed(rest, start, &error)),
        })
        .collect()
}

fn unparsed(rest: &str, start: usize, error: &serde_json::Error) -> Unparsed {
    let lines = rest.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line: usize = lines.map(str::len).sum();
    // serde_json counts a column in bytes, from 1, and has 0 for the line break before the line.
    let at = (line + error.column().saturating_sub(1)).min(rest.len());
    Unparsed {
        at: start + at,
        why: words(error),
    }
}

/// serde_json puts the place behind the words.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    in_words(text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words))
}

/// A value whose syntax was looked at already, and that begins at the byte `at` of the text.
fn node(raw: &str, at: usize, deepest: usize) -> TreeNode {
    let value = match raw.as_bytes().first() {
        Some(b'{' | b'[') if deepest == 0 => Value::too_deep(),
        Some(b'{') => match serde_json::from_str::<JsonMembers>(raw) {
            Ok(members) => map(raw, at, members, deepest - 1),
            Err(error) => wrong(&error),
        },
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(raw) {
            Ok(items) => {
                let item = |item: &&RawValue| node(item.get(), at + offset(item.get(), raw), deepest - 1);
                Value::List(items.iter().map(item).collect())
            }
            Err(error) => wrong(&error),
        },
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => Value::Text(Secret::new(text)),
            Err(error) => wrong(&error),
        },
        Some(b't') => Value::True,
        Some(b'f') => Value::Other("true or false"),
        Some(b'n') | None => Value::Null,
        Some(_) => Value::Number(Secret::new(raw)),
    };
    TreeNode { at, value }
}

fn map(raw: &str, at: usize, members: JsonMembers, deepest: usize) -> Value {
    // A key begins at the first quote behind the value before it: between them is nothing but blanks and a comma.
    let mut behind = 1;
    let member = |(key, value): (String, &RawValue)| {
        let quote = raw[behind..].find('"').map_or(behind, |at| behind + at);
        let value_at = offset(value.get(), raw);
        behind = value_at + value.get().len();
        Member {
            at: at + quote,
            key,
            value: node(value.get(), at + value_at, deepest),
        }
    };
    Value::Map(members.0.into_iter().map(member).collect())
}

/// A text that is no Unicode, as half of a surrogate pair is: the scan before didn't decode it.
fn wrong(error: &serde_json::Error) -> Value {
    Value::Wrong(format!("this can't be read: {}", words(error)))
}

/// Where a part of a text begins in it, bytes.
fn offset(part: &str, whole: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// All members in their order, those with one name too.
struct JsonMembers<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for JsonMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = JsonMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonMembers<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(JsonMembers(members))
            }
        }
        from.deserialize_map(All)
    }
}

/// serde_json's sentence without its place, said anew. What stood in the text is never repeated: it may be a value
/// that nobody should see.
pub(super) fn in_words(words: &str) -> String {
    let said = match words {
        "EOF while parsing a value" => "the text ends where a value belongs",
        "EOF while parsing an object" => "the text ends before the } of an object",
        "EOF while parsing a list" => "the text ends before the ] of a list",
        "EOF while parsing a string" => "the text ends before the closing \" of a text",
        "expected value" => "a value belongs here: a text in quotes, a number, { or [",
        "expected ident" => "this is neither true, false nor null",
        "key must be a string" => "a name in quotes belongs here",
        "trailing comma" => "the comma before this is one too many",
        "trailing characters" => "the body has ended before this",
        "invalid escape" => "behind \\ stands what is no escape; a lone \\ is written \\\\",
        "invalid number" => "this is no number",
        "number out of range" => "this number is too large",
        "recursion limit exceeded" => "this is nested too deeply",
        _ if words.starts_with("control character") => "a line break in a text is written \\n, a tab \\t",
        _ if words.contains("hex escape") || words.contains("unicode code point") => {
            "behind \\u stands no character's number"
        }
        _ => words,
    };
    said.to_owned()
}
