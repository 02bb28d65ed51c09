//! One table of the config file, read entry by entry, so that every complaint has its line and its key.
//!
//! serde would do this shorter, but it knows neither the nearest key for a typing error nor the path of the entry.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{EntryProblem, FileError, FileProblem};
use super::key_rules::looks_like_a_key;
use crate::secret::MASK;
use crate::text::{self, Spelled};

/// The text of a config file and its name, for positions.
#[derive(Clone, Copy)]
pub(crate) struct FileText<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

impl FileText<'_> {
    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// A problem at a byte offset.
    pub fn problem(&self, offset: usize, text: String) -> FileProblem {
        FileProblem {
            path: self.path.to_owned(),
            line: Some(self.line(offset)),
            text,
        }
    }

    /// The parser's complaint, without the excerpt that its own `Display` has: the line may hold a key.
    pub fn syntax_error(&self, error: &toml::de::Error) -> FileError {
        let offset = error.span().map_or(0, |span| span.start);
        let line = self.line(offset);
        let text = self.text.lines().nth(line - 1).unwrap_or_default();
        let key = text.split_once('=').map(|(key, _)| key.trim()).filter(|key| {
            !key.is_empty()
                && !looks_like_a_key(key)
                && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        });
        FileError::Syntax {
            path: self.path.to_owned(),
            line,
            key: key.map(str::to_owned),
            message: error.message().split('\n').collect::<Vec<_>>().join(", "),
        }
    }
}

/// A value with the line it stands on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located<T> {
    pub value: T,
    pub line: usize,
}

impl<T> Located<T> {
    fn map<U>(self, f: impl FnOnce(T) -> U) -> Located<U> {
        Located {
            value: f(self.value),
            line: self.line,
        }
    }
}

/// What is wrong with the entries of a file, collected while they are read: one mistake doesn't hide the next.
#[derive(Debug, Default)]
pub(super) struct Complaints(RefCell<Vec<FileError>>);

impl Complaints {
    /// All of them, in the order of the file.
    pub fn in_order(self) -> Vec<FileError> {
        let mut all = self.0.into_inner();
        all.sort_by_key(FileError::line);
        all
    }
}

/// A table whose keys are all known. What is wrong with an entry is a complaint, and the entry is as if it weren't
/// there.
pub(super) struct Section<'a> {
    source: FileText<'a>,
    /// `profiles.prod.`, or nothing for the whole file.
    prefix: String,
    table: &'a DeTable<'a>,
    complaints: &'a Complaints,
}

impl<'a> Section<'a> {
    /// Complains of each key that is not one of `known`.
    pub fn new(
        source: FileText<'a>,
        prefix: impl Into<String>,
        table: &'a DeTable<'a>,
        known: &[&str],
        complaints: &'a Complaints,
    ) -> Self {
        let section = Self {
            source,
            prefix: prefix.into(),
            table,
            complaints,
        };
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let line = source.line(key.span().start);
            section.complain(key.get_ref(), line, unknown_key(key.get_ref(), known));
        }
        section
    }

    /// The names of the entries with their lines, in the order of the file.
    pub fn entries(&self) -> Vec<Located<&'a str>> {
        let mut keys: Vec<_> = self.table.keys().collect();
        keys.sort_by_key(|key| key.span().start);
        keys.into_iter()
            .map(|key| Located {
                value: key.get_ref().as_ref(),
                line: self.source.line(key.span().start),
            })
            .collect()
    }

    /// A complaint about the entry `key` of this section.
    pub fn complain(&self, key: &str, line: usize, problem: impl Into<EntryProblem>) {
        let shown = if looks_like_a_key(key) {
            MASK.to_owned()
        } else {
            Spelled(key).to_string()
        };
        self.complaints.0.borrow_mut().push(FileError::Entry {
            path: self.source.path.to_owned(),
            line,
            key: format!("{}{shown}", self.prefix),
            problem: problem.into(),
        });
    }

    /// A text that is not blank.
    pub fn text(&self, key: &str) -> Option<Located<&'a str>> {
        let text = self.typed(key, "a text in quotes", DeValue::as_str)?;
        if text.value.trim().is_empty() {
            self.complain(key, text.line, EntryProblem::Blank);
            return None;
        }
        Some(text)
    }

    pub fn boolean(&self, key: &str) -> Option<bool> {
        self.typed(key, "true or false", DeValue::as_bool)
            .map(|found| found.value)
    }

    /// A whole number in `range`; `unit` names what it counts.
    pub fn integer(&self, key: &str, unit: &str, range: Range<u64>) -> Option<u64> {
        let expected = format!("a whole number of {unit} from {} to {}", range.start, range.end - 1);
        let found = self.typed(key, &expected, DeValue::as_integer)?;
        let number = u64::from_str_radix(found.value.as_str(), found.value.radix())
            .ok()
            .filter(|number| range.contains(number));
        if number.is_none() {
            let written = found.value.to_string();
            self.complain(
                key,
                found.line,
                EntryProblem::Range {
                    expected,
                    found: written,
                },
            );
        }
        number
    }

    /// A number of seconds, whole or with a fraction, from `least` to `most`.
    pub fn seconds(&self, key: &str, least: f64, most: f64) -> Option<f64> {
        let expected = format!("a number of seconds from {least} to {most}");
        let number = |value: &'a DeValue<'a>| match value {
            DeValue::Integer(integer) => Some((
                i64::from_str_radix(integer.as_str(), integer.radix()).map_or(f64::INFINITY, |number| number as f64),
                integer.to_string(),
            )),
            DeValue::Float(float) => Some((float.as_str().parse().unwrap_or(f64::NAN), float.to_string())),
            _ => None,
        };
        let Located {
            value: (seconds, written),
            line,
        } = self.typed(key, &expected, number)?;
        // Not a range check by "outside": NaN is in no range and outside of none.
        if seconds >= least && seconds <= most {
            return Some(seconds);
        }
        self.complain(
            key,
            line,
            EntryProblem::Range {
                expected,
                found: written,
            },
        );
        None
    }

    /// The section under `key`, whose entries must be `known`.
    pub fn section(&self, key: &str, known: &[&str]) -> Option<Section<'a>> {
        let table = self.table_of(key)?.value;
        let prefix = format!("{}{key}.", self.prefix);
        Some(Section::new(self.source, prefix, table, known, self.complaints))
    }

    /// The section under `key`, whose entries the user names.
    pub fn open_section(&self, key: &str) -> Option<Section<'a>> {
        let table = self.table_of(key)?;
        Some(Section {
            source: self.source,
            prefix: format!("{}{key}.", self.prefix),
            table: table.value,
            complaints: self.complaints,
        })
    }

    fn table_of(&self, key: &str) -> Option<Located<&'a DeTable<'a>>> {
        self.typed(key, &format!("a table ([{}{key}])", self.prefix), DeValue::as_table)
    }

    fn typed<T>(
        &self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<Located<T>> {
        let (name, value) = self.table.get_key_value(key)?;
        let found = Located {
            value: value.get_ref(),
            line: self.source.line(name.span().start),
        };
        let read = read(found.value);
        if read.is_none() {
            let problem = EntryProblem::Type {
                expected: expected.to_owned(),
                found: type_name(found.value),
            };
            self.complain(key, found.line, problem);
        }
        read.map(|read| found.map(|_| read))
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn unknown_key(key: &str, known: &[&str]) -> EntryProblem {
    if matches!(key, "api_key" | "api-key" | "apikey" | "key" | "token") {
        return EntryProblem::KeyItself;
    }
    let plain = key.to_lowercase().replace('-', "_");
    match text::nearest(&plain, known) {
        Some(nearest) => EntryProblem::UnknownNear {
            nearest: nearest.to_owned(),
        },
        None => EntryProblem::Unknown {
            known: known.join(", "),
        },
    }
}

/// What to write instead of a `word` that isn't one of those that are known: the most similar one, or all of them.
pub(crate) fn nearest(word: &str, known: &[&str]) -> String {
    match text::nearest(word, known) {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => format!("; known: {}", known.join(", ")),
    }
}

/// The spanned value that a document's parser returns, as the table it always is.
pub(super) fn document<'a>(
    source: FileText<'a>,
    root: &'a Spanned<DeTable<'a>>,
    known: &[&str],
    complaints: &'a Complaints,
) -> Section<'a> {
    Section::new(source, "", root.get_ref(), known, complaints)
}
