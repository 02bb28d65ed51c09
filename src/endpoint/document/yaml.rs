//! YAML documents as trees. What a scalar means is decided here and not by the parser: see [`plain`].

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::node::{Member, TreeNode, Value};
use super::{DEEPEST, MOST_DOCUMENTS, Unparsed, plain};
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
        None if style == ScalarStyle::Plain => plain::value(&text),
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
