//! JSON that is decoded only where somebody looks: values that keep where they stand.
//!
//! Not `serde_json::Value`, for three reasons: a number out of a float's range (`1e400`) in a place that nobody reads
//! would fail the whole answer without saying where; a large number would be rounded; and a password would be decoded.
//! Here a value stays the raw text of the answer until it is asked what it says. Unread parts are only scanned, without
//! recursion, so that deep nesting can't exhaust the stack.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::integer::integer;
use super::text::{html_title, is_html, shorten};
use super::unreadable::{Unreadable, excerpt};

/// Characters kept of a read-only text.
const FACT_CHARS: usize = 4096;
/// Characters kept of a read-only value that is no text but an object or a list.
const STRUCTURE_CHARS: usize = 200;

/// The most entries of a list, and members of an object, that are read. An answer has room for millions, each of which
/// would take a hundred times its own bytes.
pub(super) const MOST_ENTRIES: usize = 20_000;

/// A value of the answer, not yet decoded, and its path.
#[derive(Clone)]
pub(super) struct Node<'a> {
    raw: &'a str,
    path: String,
    /// Under `envs`: an error names the path and shows nothing of the value.
    quiet: bool,
}

/// An object's members in their order; of members with the same name the last one counts.
pub(super) struct Object<'a> {
    members: Vec<(String, &'a str)>,
    path: String,
    quiet: bool,
}

impl<'a> Node<'a> {
    /// An answer's body as JSON.
    ///
    /// # Errors
    /// [`Unreadable`] for what isn't JSON at all: nothing, a page, no text, cut off, broken.
    pub(super) fn parse(body: &'a [u8]) -> Result<Self, Unreadable> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let text = match std::str::from_utf8(body) {
            Ok(text) => text,
            // A page in an old encoding is a page all the same; its tags are ASCII.
            Err(_) if body.trim_ascii_start().starts_with(b"<") => {
                return Err(Unreadable::html(&html_title(&String::from_utf8_lossy(body))));
            }
            Err(e) => return Err(Unreadable::NotUtf8 { at: e.valid_up_to() }),
        };
        if text.trim().is_empty() {
            return Err(Unreadable::Empty);
        }
        if is_html(text) {
            return Err(Unreadable::html(&html_title(text)));
        }
        match serde_json::from_str::<&RawValue>(text) {
            Ok(raw) => Ok(Self {
                raw: raw.get(),
                path: String::new(),
                quiet: false,
            }),
            Err(e) if e.is_eof() => Err(Unreadable::Truncated {
                line: e.line(),
                column: e.column(),
            }),
            Err(e) => Err(Unreadable::NotJson {
                line: e.line(),
                column: e.column(),
            }),
        }
    }

    /// The same value, of which no error shows anything.
    pub(super) fn quietly(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// The same value, from which paths count anew.
    pub(super) fn at_root(mut self) -> Self {
        self.path.clear();
        self
    }

    /// `null`.
    pub(super) fn is_null(&self) -> bool {
        self.raw == "null"
    }

    /// An object.
    pub(super) fn is_object(&self) -> bool {
        self.raw.starts_with('{')
    }

    /// A list.
    pub(super) fn is_list(&self) -> bool {
        self.raw.starts_with('[')
    }

    fn is_text(&self) -> bool {
        self.raw.starts_with('"')
    }

    fn is_number(&self) -> bool {
        self.raw.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }

    /// The members of an object.
    ///
    /// # Errors
    /// [`Unreadable::Value`] where there is no object.
    pub(super) fn object(&self) -> Result<Object<'a>, Unreadable> {
        self.members(None)
    }

    /// Some members of an object; the others are skipped without being looked at.
    ///
    /// # Errors
    /// [`Unreadable::Value`] where there is no object.
    pub(super) fn object_of(&self, names: &[&str]) -> Result<Object<'a>, Unreadable> {
        self.members(Some(names))
    }

    fn members(&self, names: Option<&[&str]>) -> Result<Object<'a>, Unreadable> {
        let members = if self.is_object() {
            read_members(self.raw, names)
        } else {
            None
        };
        members
            .map(|members| Object {
                members,
                path: self.path.clone(),
                quiet: self.quiet,
            })
            .ok_or_else(|| {
                self.not(if self.is_object() {
                    "an object of at most 20000 members"
                } else {
                    "an object"
                })
            })
    }

    /// The entries of a list.
    ///
    /// # Errors
    /// [`Unreadable::Value`] where there is no list, or one of more than [`MOST_ENTRIES`].
    pub(super) fn list(&self) -> Result<Vec<Node<'a>>, Unreadable> {
        match self.first_entries() {
            Some((entries, false)) => Ok(entries),
            Some((_, true)) => Err(self.not("a list of at most 20000 entries")),
            None => Err(self.not("a list")),
        }
    }

    /// Where it stands: `queueConfig.maxPending`, `command[2]`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The first entries of a list, and whether there are more; `None` where there is no list.
    pub(super) fn first_entries(&self) -> Option<(Vec<Node<'a>>, bool)> {
        let (entries, more) = if self.is_list() {
            read_entries(self.raw)?
        } else {
            return None;
        };
        let entries = entries.into_iter().enumerate().map(|(at, raw)| Node {
            raw,
            path: format!("{}[{at}]", self.path),
            quiet: self.quiet,
        });
        Some((entries.collect(), more))
    }

    /// A text.
    ///
    /// # Errors
    /// [`Unreadable::Value`] where there is none, or one that is no Unicode.
    pub(super) fn text(&self) -> Result<String, Unreadable> {
        self.decoded().ok_or_else(|| self.not("a text"))
    }

    fn decoded(&self) -> Option<String> {
        if self.is_text() {
            serde_json::from_str(self.raw).ok()
        } else {
            None
        }
    }

    /// A whole number, as a number or as a text that is one.
    ///
    /// # Errors
    /// [`Unreadable::Value`] where there is none, or one that doesn't fit 64 bits.
    pub(super) fn integer(&self) -> Result<i64, Unreadable> {
        let value = if self.is_number() {
            integer(self.raw)
        } else {
            self.decoded().and_then(|text| integer(&text))
        };
        value.ok_or_else(|| self.not("a whole number"))
    }

    /// A port: any text, or a whole number.
    ///
    /// # Errors
    /// [`Unreadable::Value`] for anything else.
    pub(super) fn port(&self) -> Result<String, Unreadable> {
        if self.is_number() {
            self.integer().map(|port| port.to_string())
        } else {
            self.decoded().ok_or_else(|| self.not("a port"))
        }
    }

    /// Whatever stands there, as a short text: for what is only shown. `null` is nothing.
    pub(super) fn shown(&self) -> String {
        if self.is_null() {
            return String::new();
        }
        if self.is_number() {
            // 100 and 100.0 are the same fact.
            return integer(self.raw).map_or_else(|| excerpt(self.raw), |whole| whole.to_string());
        }
        match self.decoded() {
            Some(text) => shorten(&text, FACT_CHARS),
            None => shorten(self.raw, STRUCTURE_CHARS),
        }
    }

    /// What proto3 JSON would have left out: nothing, a zero, an empty text, object or list, `false`.
    pub(super) fn is_unset(&self) -> bool {
        if self.is_number() {
            return integer(self.raw) == Some(0);
        }
        if self.is_object() {
            return self.object().is_ok_and(|object| object.members.is_empty());
        }
        if self.is_list() {
            return self.first_entries().is_some_and(|(entries, _)| entries.is_empty());
        }
        match self.decoded() {
            // A 64-bit zero is written as a text.
            Some(text) => text.trim().is_empty() || integer(&text) == Some(0),
            None => matches!(self.raw, "null" | "false"),
        }
    }

    /// The error for a value that is not what belongs in its place.
    pub(super) fn not(&self, wanted: &'static str) -> Unreadable {
        let found = if self.quiet {
            "something else".to_owned()
        } else if self.is_object() {
            "an object".to_owned()
        } else if self.is_list() {
            "a list".to_owned()
        } else {
            excerpt(self.raw)
        };
        let path = if self.path.is_empty() { "The answer" } else { &self.path };
        Unreadable::Value {
            path: path.to_owned(),
            wanted,
            found,
        }
    }
}

impl<'a> Object<'a> {
    /// A member that is there and not `null`.
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        let (_, raw) = self.members.iter().rev().find(|(member, _)| member == name)?;
        Some(self.member(name, raw)).filter(|node| !node.is_null())
    }

    /// All members that are not `null`, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Node<'a>)> {
        self.members
            .iter()
            .map(|(name, raw)| (name.as_str(), self.member(name, raw)))
            .filter(|(_, node)| !node.is_null())
    }

    fn member(&self, name: &str, raw: &'a str) -> Node<'a> {
        Node {
            raw,
            path: if self.path.is_empty() {
                name.to_owned()
            } else {
                format!("{}.{name}", self.path)
            },
            quiet: self.quiet,
        }
    }

    /// True for `{}`.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether a member is there, `null` or not.
    pub(super) fn names(&self, name: &str) -> bool {
        self.members.iter().any(|(member, _)| member == name)
    }

    /// An editable text; left out it is empty.
    ///
    /// # Errors
    /// As [`Node::text`].
    pub(super) fn text(&self, name: &str) -> Result<String, Unreadable> {
        self.get(name).map_or_else(|| Ok(String::new()), |node| node.text())
    }

    /// An editable list; left out it is empty.
    ///
    /// # Errors
    /// As [`Node::list`].
    pub(super) fn list(&self, name: &str) -> Result<Vec<Node<'a>>, Unreadable> {
        self.get(name).map_or_else(|| Ok(Vec::new()), |node| node.list())
    }

    /// A read-only value as text; left out it is empty.
    pub(super) fn shown(&self, name: &str) -> String {
        self.get(name).map_or_else(String::new, |node| node.shown())
    }

    /// A read-only object; `None` for anything else.
    pub(super) fn shown_object(&self, name: &str) -> Option<Object<'a>> {
        self.get(name).and_then(|node| node.object().ok())
    }

    /// A read-only list, as far as [`MOST_ENTRIES`]; empty for anything else.
    pub(super) fn shown_list(&self, name: &str) -> Vec<Node<'a>> {
        let entries = self.get(name).and_then(|node| node.first_entries());
        entries.map(|(entries, _)| entries).unwrap_or_default()
    }
}

/// The first entries of a raw list, and whether there are more.
fn read_entries(raw: &str) -> Option<(Vec<&str>, bool)> {
    struct Entries;

    impl<'de> Visitor<'de> for Entries {
        type Value = (Vec<&'de str>, bool);

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while entries.len() < MOST_ENTRIES {
                match list.next_element::<&'de RawValue>()? {
                    Some(entry) => entries.push(entry.get()),
                    None => return Ok((entries, false)),
                }
            }
            let mut more = false;
            while list.next_element::<IgnoredAny>()?.is_some() {
                more = true;
            }
            Ok((entries, more))
        }
    }

    serde_json::Deserializer::from_str(raw).deserialize_seq(Entries).ok()
}

/// The members of a raw object, all or only those of the given names; `None` for more than [`MOST_ENTRIES`].
fn read_members<'a>(raw: &'a str, names: Option<&[&str]>) -> Option<Vec<(String, &'a str)>> {
    struct Members<'n>(Option<&'n [&'n str]>);

    impl<'de> Visitor<'de> for Members<'_> {
        type Value = Vec<(String, &'de str)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(Name(name)) = map.next_key()? {
                if self.0.is_none_or(|names| names.contains(&name.as_str())) {
                    if members.len() == MOST_ENTRIES {
                        return Err(A::Error::custom("too many members"));
                    }
                    members.push((name, map.next_value::<&'de RawValue>()?.get()));
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(members)
        }
    }

    let mut deserializer = serde_json::Deserializer::from_str(raw);
    deserializer.deserialize_map(Members(names)).ok()
}

/// A member's name. One that is no Unicode is kept as it is written: it can't be a name that anybody looks for, and
/// must not make the rest unreadable.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        Ok(Self(serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned())))
    }
}
