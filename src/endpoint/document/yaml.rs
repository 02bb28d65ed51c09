//! YAML documents as trees. What a scalar means is decided here and not by the parser: of a plain one that differs
//! between YAML's versions and readers, so whatever any of them takes for something else than a text is something else
//! here.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::node::{Member, TreeNode, Value};
use super::{DEEPEST, MOST_DOCUMENTS, Unparsed};
use crate::secret::Secret;

/// The most that anchors and aliases may make of a document, bytes: `*a` in a list of `*a` grows without end otherwise.
const MOST_COPIED: usize = 16 * 1024 * 1024;

/// The documents of a text. One that can't be parsed doesn't keep those after it from being read; empty ones are left
/// out.
pub(super) fn documents(text: &str) -> Vec<Result<TreeNode, Unparsed>> {
    let options = granit_parser::options! {
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        emit_comments: false,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut documents = Vec::new();
    let mut tree = Tree::default();
    // Where the document before ended, while none has begun since.
    let mut ended: Option<usize> = None;
    loop {
        let wrong = match parser.next() {
            None | Some(Ok((Event::StreamEnd, _))) => return documents,
            Some(Ok((Event::DocumentStart(..), span))) if documents.len() == MOST_DOCUMENTS => {
                documents.push(Err(Unparsed {
                    at: at(&span),
                    why: format!("a file has at most {MOST_DOCUMENTS} documents"),
                }));
                return documents;
            }
            Some(Ok((Event::DocumentStart(..), _))) => {
                tree = Tree::default();
                ended = None;
                continue;
            }
            Some(Ok((Event::DocumentEnd, span))) => {
                ended = Some(at(&span));
                documents.extend(std::mem::take(&mut tree).root.map(Ok));
                continue;
            }
            Some(Ok((event, span))) => match tree.take(event, at(&span)) {
                Ok(()) => continue,
                Err(wrong) => wrong,
            },
            Some(Err(error)) => Unparsed {
                at: error.marker().byte_offset().unwrap_or(0),
                why: error.kind().to_string(),
            },
        };
        // A fault ends a document as if it were whole up to there. It isn't, and what it seems to lack is none of its
        // faults.
        let is_whole = |at: usize| {
            let behind = text.get(at..).unwrap_or_default().trim_start();
            behind.is_empty() || behind.starts_with("---") || behind.starts_with("...")
        };
        if ended.take().is_some_and(|at| !is_whole(at)) && matches!(documents.last(), Some(Ok(_))) {
            documents.pop();
        }
        // Each fault is behind the one before it; a parser that stands still would never come to an end.
        let stands_still = documents
            .last()
            .is_some_and(|last| matches!(last, Err(before) if before.at >= wrong.at));
        documents.push(Err(wrong));
        tree = Tree::default();
        if stands_still || documents.len() > MOST_DOCUMENTS || !matches!(parser.proceed_next_document(), Ok(true)) {
            return documents;
        }
    }
}

fn at(span: &Span) -> usize {
    span.start.byte_offset().unwrap_or(0)
}

/// A document as far as it was read.
#[derive(Default)]
struct Tree {
    /// The whole document, once it is read; `None` for an empty one.
    root: Option<TreeNode>,
    open: Vec<OpenNode>,
    anchors: HashMap<usize, TreeNode>,
    /// What anchors and aliases copied so far, bytes.
    copied: usize,
}

/// A list or a map that isn't at its end.
struct OpenNode {
    at: usize,
    /// 0: none.
    anchor: usize,
    /// What its tag makes of it.
    wrong: Option<Value>,
    inside: Inside,
}

enum Inside {
    List(Vec<TreeNode>),
    /// The key waits for its value.
    Map(Vec<Member>, Option<(usize, String)>),
}

impl Tree {
    fn take(&mut self, event: Event<'_>, at: usize) -> Result<(), Unparsed> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if self.wants_key() {
                    self.copy(anchor, || TreeNode {
                        at,
                        value: scalar(text.clone(), style, tag.as_deref()),
                    })?;
                    self.key(at, text.into_owned());
                    return Ok(());
                }
                let value = scalar(text, style, tag.as_deref());
                self.put(TreeNode { at, value }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(at, anchor, tag.as_deref(), "seq", Inside::List(Vec::new()));
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.begin(at, anchor, tag.as_deref(), "map", Inside::Map(Vec::new(), None));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    let why = "an alias inside the very thing that it stands for".to_owned();
                    return Err(Unparsed { at, why });
                };
                count(&mut self.copied, &node.value, at)?;
                // It is told where the alias stands: there it is wrong or right.
                let value = node.value.clone();
                self.put(TreeNode { at, value }, 0)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, at: usize, anchor: usize, tag: Option<&Tag>, own: &str, inside: Inside) {
        let wrong = tag
            .filter(|tag| !is_core(tag, own) && !is_plain_bang(tag))
            .map(|_| tagged());
        self.open.push(OpenNode {
            at,
            anchor,
            wrong,
            inside,
        });
    }

    fn end(&mut self) -> Result<(), Unparsed> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = open.wrong.unwrap_or(match open.inside {
            Inside::List(items) => Value::List(items),
            Inside::Map(members, _) => Value::Map(members),
        });
        self.put(TreeNode { at: open.at, value }, open.anchor)
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last().map(|open| &open.inside), Some(Inside::Map(_, None)))
    }

    fn key(&mut self, at: usize, text: String) {
        if let Some(Inside::Map(_, key)) = self.open.last_mut().map(|open| &mut open.inside) {
            *key = Some((at, text));
        }
    }

    /// A node that is complete.
    fn put(&mut self, node: TreeNode, anchor: usize) -> Result<(), Unparsed> {
        self.copy(anchor, || node.clone())?;
        match self.open.last_mut().map(|open| &mut open.inside) {
            None => {
                if !matches!(node.value, Value::Null) {
                    self.root = Some(node);
                }
            }
            Some(Inside::List(items)) => items.push(node),
            Some(Inside::Map(members, key)) => match key.take() {
                Some((at, key)) => members.push(Member { at, key, value: node }),
                // No key of an update is a list or an object: this is one that nobody knows.
                None => {
                    let text = match &node.value {
                        Value::Text(text) | Value::Number(text) => text.reveal().to_owned(),
                        other => format!("({})", other.noun()),
                    };
                    *key = Some((node.at, text));
                }
            },
        }
        Ok(())
    }

    /// Keeps what has an anchor for its aliases.
    fn copy(&mut self, anchor: usize, node: impl FnOnce() -> TreeNode) -> Result<(), Unparsed> {
        if anchor == 0 {
            return Ok(());
        }
        let node = node();
        count(&mut self.copied, &node.value, node.at)?;
        self.anchors.insert(anchor, node);
        Ok(())
    }
}

fn count(copied: &mut usize, value: &Value, at: usize) -> Result<(), Unparsed> {
    *copied = copied.saturating_add(value.weight());
    if *copied <= MOST_COPIED {
        return Ok(());
    }
    let why = format!(
        "anchors and aliases make more than {} MiB of this",
        MOST_COPIED / 1024 / 1024
    );
    Err(Unparsed { at, why })
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let as_text = |text: Cow<'_, str>| Value::Text(Secret::new(text.into_owned()));
    match tag {
        None if style == ScalarStyle::Plain => plain(&text),
        None => as_text(text),
        Some(tag) if is_core(tag, "str") || is_plain_bang(tag) => as_text(text),
        Some(_) => tagged(),
    }
}

fn is_core(tag: &Tag, suffix: &str) -> bool {
    tag.core_suffix() == Some(suffix)
}

/// `!` alone: not to be taken for anything but a text, a list or a map.
fn is_plain_bang(tag: &Tag) -> bool {
    tag.original() == "!"
}

fn tagged() -> Value {
    // Not repeated: a value that begins with the sign and isn't quoted is one.
    Value::Wrong("a tag (a word that begins with !) means nothing here; leave it out, or quote the text".to_owned())
}

/// The meaning of a scalar without quotes and tags.
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        // In both versions.
        "true" | "True" | "TRUE" => Value::True,
        _ if is_word(text) => Value::Other("true or false"),
        _ if is_number(text) => Value::Number(Secret::new(text)),
        _ if is_date(text) => Value::Other("a date"),
        _ => Value::Text(Secret::new(text)),
    }
}

/// YAML 1.2 knows `true` and `false`, 1.1 the others as well.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "y", "n"];
    text.len() <= 5 && WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Decimal, hexadecimal, octal, binary, with a fraction, an exponent, underscores, or as minutes and seconds (`1:30`).
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = digits.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return true;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix) || c == '_');
        }
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if exponent.is_empty() || !exponent.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let sixties = |part: &str| matches!(part.len(), 1 | 2) && part.parse::<u8>().is_ok_and(|n| n < 60);
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    digits(first)
        && digits(fraction)
        && (begins(first) || (first.is_empty() && whole.is_empty() && begins(fraction)))
        && parts.all(sixties)
}

/// `2024-01-31`, with a time behind it or without.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let digits =
        |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    let day = rest.split(['T', 't', ' ']).next().unwrap_or_default();
    year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_reader_of_yaml_takes_for_something_else_is_no_text() {
        for (noun, texts) in [
            ("null", "~ null NULL"),
            ("true or false", "true False yes NO on oFF y N"),
            (
                "a number",
                "0 5 -3 +7 007 0x1f 0X1F 0o17 0b101 1_000 1.10 1. .5 -.5 1e3 1.5E-3 .inf -.INF .nan 1:30 12:30:45 1:30.5 \
                 685.230_15e+03 99999999999999999999",
            ),
            ("a date", "2024-01-31 2024-1-1 2024-01-31T10:00:00Z"),
        ] {
            for text in texts.split_whitespace() {
                assert_eq!(plain(text).noun(), noun, "{text}");
            }
        }
        assert_eq!(plain("").noun(), "null");
        assert_eq!(plain("2024-01-31 10:00:00").noun(), "a date");
    }

    #[test]
    fn what_every_reader_takes_for_a_text_is_one() {
        for text in [
            "llama-3-8b",
            "v0.6.3",
            "1.2.3",
            "10.0.0.1",
            "5m",
            "0x",
            "0xg",
            "e5",
            "1e",
            "nope",
            "truely",
            "-",
            "+",
            ".",
            "..",
            "a1",
            "1:75",
            "10:0:0:0x",
            "2024-01",
            "20240131-1",
            "_1",
            "12a",
            "/data",
            "é",
            "1-2-3",
            "0b12",
        ] {
            assert_eq!(plain(text).noun(), "a text", "{text}");
        }
    }
}
