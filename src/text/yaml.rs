//! YAML that reads back as the same value: every text that another reader could take for something else is quoted.

use serde::Serialize;
use serde_json::Value;

use super::is_invisible;

/// A value as a YAML document, in block form, with a line break at its end. Texts that aren't plain words are quoted,
/// with what can't be seen as an escape; maps keep their order.
pub fn pretty(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).expect("every key is a string, and memory takes everything");
    let mut text = String::new();
    block(&mut text, &value, 0);
    text
}

/// A value at the beginning of a line, `depth` levels in.
fn block(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (at, (key, value)) in map.iter().enumerate() {
                if at > 0 {
                    indent(text, depth);
                }
                text.push_str(&scalar_text(key));
                text.push(':');
                below(text, value, depth, matches!(value, Value::Array(_)));
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    indent(text, depth);
                }
                text.push_str("- ");
                block(text, item, depth + 1);
            }
        }
        scalar => {
            text.push_str(&scalar_of(scalar));
            text.push('\n');
        }
    }
}

/// What stands behind `key:`.
fn below(text: &mut String, value: &Value, depth: usize, is_list: bool) {
    let is_empty = match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    if is_empty {
        text.push(' ');
        block(text, value, depth);
    } else {
        text.push('\n');
        // A list's dashes stand under the key, as most people write it.
        let depth = if is_list { depth } else { depth + 1 };
        indent(text, depth);
        block(text, value, depth);
    }
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

fn scalar_of(value: &Value) -> String {
    match value {
        Value::String(text) => scalar_text(text),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
        other => other.to_string(),
    }
}

fn scalar_text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if is_invisible(c) && u32::from(c) <= 0xffff => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if is_invisible(c) => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A word that every YAML reader takes for a text, of version 1.1 too: it begins with a letter or a slash, and is none
/// of the words that mean something.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_-./@+=, ".contains(c) || c == ':');
    begins
        && plain
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn maps_and_lists_nest() {
        let value = json!({
            "id": "ep_1",
            "workers": {"min": 0, "max": 5},
            "none": [],
            "envs": [{"key": "A", "value": "1"}, {"key": "B", "value": "two words"}],
            "nested": [[1, 2], []],
        });
        assert_eq!(
            pretty(&value),
            "id: ep_1\nworkers:\n  min: 0\n  max: 5\nnone: []\nenvs:\n- key: A\n  value: \"1\"\n- key: B\n  value: two \
             words\nnested:\n- - 1\n  - 2\n- []\n"
        );
    }

    #[test]
    fn what_could_be_taken_for_something_else_is_quoted() {
        for text in [
            "", "no", "Yes", "1.10", "0x1f", "~", "a: b", "a ", " a", "- a", "#a", "é", "a#b", "null", "on:", "*a", "y",
        ] {
            assert!(scalar_text(text).starts_with('"'), "{text}");
        }
        assert_eq!(scalar_text("vllm/vllm-openai:v0.6.3"), "vllm/vllm-openai:v0.6.3");
        assert_eq!(scalar_text("a\n\u{202e}\u{e0041}"), "\"a\\n\\u202e\\U000e0041\"");
    }
}
