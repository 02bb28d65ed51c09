//! One table of the config file, read entry by entry, so that every complaint has its line and its key.
//!
//! serde would do this shorter, but it knows neither the nearest key for a typing error nor the path of the entry.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file_error::{EntryProblem, FileError};
use super::key::looks_like_a_key;
use super::problem::Problem;
use crate::secret::MASK;
use crate::text;

/// The text of a config file and its name, for positions.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

impl Source<'_> {
    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// A problem at a byte offset.
    pub fn problem(&self, offset: usize, text: String) -> Problem {
        Problem {
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
        let key = text
            .split_once('=')
            .map(|(key, _)| key.trim())
            .filter(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)));
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

/// A table whose keys are all known.
pub(super) struct Section<'a> {
    source: Source<'a>,
    /// `profiles.prod.`, or nothing for the whole file.
    prefix: String,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    /// Refuses the first key that is not one of `known`.
    pub fn new(
        source: Source<'a>,
        prefix: impl Into<String>,
        table: &'a DeTable<'a>,
        known: &[&str],
    ) -> Result<Self, FileError> {
        let section = Self {
            source,
            prefix: prefix.into(),
            table,
        };
        let unknown = table
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        match unknown {
            None => Ok(section),
            Some(key) => Err(section.at(key.span(), key.get_ref(), unknown_key(key.get_ref(), known))),
        }
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
    pub fn error(&self, key: &str, line: usize, problem: impl Into<EntryProblem>) -> FileError {
        let shown = if looks_like_a_key(key) {
            MASK.to_owned()
        } else {
            key.escape_debug().to_string()
        };
        FileError::Entry {
            path: self.source.path.to_owned(),
            line,
            key: format!("{}{shown}", self.prefix),
            problem: problem.into(),
        }
    }

    /// A text that is not blank.
    pub fn text(&self, key: &str) -> Result<Option<Located<&'a str>>, FileError> {
        let text = self.typed(key, "a text in quotes", DeValue::as_str)?;
        match text {
            Some(text) if text.value.trim().is_empty() => Err(self.error(key, text.line, EntryProblem::Blank)),
            text => Ok(text),
        }
    }

    pub fn boolean(&self, key: &str) -> Result<Option<bool>, FileError> {
        Ok(self
            .typed(key, "true or false", DeValue::as_bool)?
            .map(|found| found.value))
    }

    /// A whole number in `range`; `unit` names what it counts.
    pub fn integer(&self, key: &str, unit: &str, range: Range<u64>) -> Result<Option<u64>, FileError> {
        let expected = format!("a whole number of {unit} from {} to {}", range.start, range.end - 1);
        let Some(found) = self.typed(key, &expected, DeValue::as_integer)? else {
            return Ok(None);
        };
        u64::from_str_radix(found.value.as_str(), found.value.radix())
            .ok()
            .filter(|number| range.contains(number))
            .map(Some)
            .ok_or_else(|| {
                let found_text = found.value.to_string();
                self.error(
                    key,
                    found.line,
                    EntryProblem::Range {
                        expected,
                        found: found_text,
                    },
                )
            })
    }

    /// A number of seconds, whole or with a fraction, from `least` to `most`.
    pub fn seconds(&self, key: &str, least: f64, most: f64) -> Result<Option<f64>, FileError> {
        let expected = format!("a number of seconds from {least} to {most}");
        let number = |value: &'a DeValue<'a>| match value {
            DeValue::Integer(integer) => Some((
                i64::from_str_radix(integer.as_str(), integer.radix()).map_or(f64::INFINITY, |number| number as f64),
                integer.to_string(),
            )),
            DeValue::Float(float) => Some((float.as_str().parse().unwrap_or(f64::NAN), float.to_string())),
            _ => None,
        };
        let Some(Located {
            value: (seconds, written),
            line,
        }) = self.typed(key, &expected, number)?
        else {
            return Ok(None);
        };
        // Not a range check by "outside": NaN is in no range and outside of none.
        if seconds >= least && seconds <= most {
            Ok(Some(seconds))
        } else {
            Err(self.error(
                key,
                line,
                EntryProblem::Range {
                    expected,
                    found: written,
                },
            ))
        }
    }

    /// The section under `key`, whose entries must be `known`.
    pub fn section(&self, key: &str, known: &[&str]) -> Result<Option<Section<'a>>, FileError> {
        self.table_of(key)?
            .map(|table| Section::new(self.source, format!("{}{key}.", self.prefix), table.value, known))
            .transpose()
    }

    /// The section under `key`, whose entries the user names.
    pub fn open_section(&self, key: &str) -> Result<Option<Section<'a>>, FileError> {
        let table = self.table_of(key)?;
        Ok(table.map(|table| Section {
            source: self.source,
            prefix: format!("{}{key}.", self.prefix),
            table: table.value,
        }))
    }

    fn table_of(&self, key: &str) -> Result<Option<Located<&'a DeTable<'a>>>, FileError> {
        self.typed(key, &format!("a table ([{}{key}])", self.prefix), DeValue::as_table)
    }

    fn typed<T>(
        &self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Result<Option<Located<T>>, FileError> {
        let Some((name, value)) = self.table.get_key_value(key) else {
            return Ok(None);
        };
        let found = Located {
            value: value.get_ref(),
            line: self.source.line(name.span().start),
        };
        match read(found.value) {
            Some(read) => Ok(Some(found.map(|_| read))),
            None => {
                let problem = EntryProblem::Type {
                    expected: expected.to_owned(),
                    found: type_name(found.value),
                };
                Err(self.error(key, found.line, problem))
            }
        }
    }

    fn at(&self, span: Range<usize>, key: &str, problem: EntryProblem) -> FileError {
        self.error(key, self.source.line(span.start), problem)
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
    source: Source<'a>,
    root: &'a Spanned<DeTable<'a>>,
    known: &[&str],
) -> Result<Section<'a>, FileError> {
    Section::new(source, "", root.get_ref(), known)
}
