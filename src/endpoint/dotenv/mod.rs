//! `KEY=value` lines, as in a `.env` file: read, written, and laid over an environment.
//!
//! The values are dotenvy's reading: quotes, escapes, comments, `export`, values over several lines. But for two things:
//! `$` stands for itself everywhere, so that no value depends on this program's own environment; and a key may be
//! anything that has no blank and no quote in it, since the endpoint may have such keys already.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, Read};

use super::config::{EndpointConfig, EnvVar};
use super::edit::{Edit, Row};
use super::misread::Misread;
use crate::secret::Secret;

/// What stands in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The variables, in order; keys may repeat.
    pub envs: Vec<EnvVar>,
    /// What can't be read, in order.
    pub misread: Vec<Misread>,
}

/// Reads `KEY=value` lines. A line that can't be read doesn't keep the others from being read; a quote that is never
/// closed ends it.
pub fn read(text: &str) -> Lines {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let unix;
    // Only where all lines end so is it a way to end lines; else a carriage return is part of a value.
    let text = if text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count() {
        unix = text.replace("\r\n", "\n");
        &unix
    } else {
        text
    };
    // Any character that isn't in the text, to keep dotenvy from seeing a `$`.
    let mut private = ('\u{e000}'..='\u{f8ff}').chain('\u{f0000}'..='\u{ffffd}');
    let dollar = private.find(|c| !text.contains(*c)).unwrap_or('\u{e000}');
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut found = Lines::default();
    let (mut at, mut byte) = (0, 0);
    while at < lines.len() {
        let line = lines[at].trim();
        let used = if line.is_empty() || line.starts_with('#') {
            1
        } else {
            match key(lines[at]) {
                Ok((key, value_at)) => {
                    let (value, used) = value(&lines[at..], value_at, dollar);
                    match value {
                        Ok(value) => found.envs.push(EnvVar::new(key, value)),
                        Err((offset, why)) => found.misread.push(misread(&text[byte..], at, offset, why)),
                    }
                    used
                }
                Err((offset, why)) => {
                    found.misread.push(misread(&text[byte..], at, offset, why));
                    1
                }
            }
        };
        byte += lines[at..at + used].iter().map(|line| line.len()).sum::<usize>();
        at += used;
    }
    found
}

/// The place of a byte of a rest that begins with a line, before which there are `lines`: what was read before isn't counted again.
fn misread(rest: &str, lines: usize, byte: usize, why: &'static str) -> Misread {
    let there = Misread::at(rest, byte, why);
    Misread {
        line: there.line + lines,
        ..there
    }
}

/// The key of a line, and at which byte its value begins; else at which byte it can't be read, and why.
fn key(line: &str) -> Result<(&str, usize), (usize, &'static str)> {
    let start = line.len() - line.trim_start().len();
    let Some(equals) = line.find('=') else {
        return Err((start, "there is no = after a name"));
    };
    let named = line[start..equals].trim_end();
    let key = match named.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => named,
    };
    let key_at = start + named.len() - key.len();
    if key.is_empty() {
        return Err((key_at, "there is no name before the ="));
    }
    match key.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '#')) {
        Some(odd) => Err((key_at + odd, "this can't stand in a name")),
        None => Ok((key, equals + 1)),
    }
}

/// The value that begins in the first line at a byte, and how many lines it takes.
fn value(lines: &[&str], from: usize, dollar: char) -> (Result<String, (usize, &'static str)>, usize) {
    const KEY: &str = "K=";
    let count = Cell::new(0);
    let first = format!("{KEY}{}", &lines[0][from..]);
    let source = Source {
        pieces: std::iter::once(first.as_str())
            .chain(lines[1..].iter().copied())
            .map(|line| hide(line, dollar)),
        rest: Vec::new(),
        count: &count,
    };
    let read = dotenvy::Iter::new(source).next();
    let used = count.get().clamp(1, lines.len());
    let seen = |text: &str| text.replace(dollar, "$");
    match read {
        Some(Ok((_, value))) => (Ok(seen(&value)), used),
        Some(Err(dotenvy::Error::LineParse(text, index))) if index >= text.len().saturating_sub(1) => {
            let blanks = lines[0][from..].len() - lines[0][from..].trim_start().len();
            (Err((from + blanks, "a quote or an escape is never closed")), used)
        }
        Some(Err(dotenvy::Error::LineParse(text, index))) => {
            // The text is the value without the blanks in front of it.
            let blanks = lines[0][from..].len() - lines[0][from..].trim_start_matches([' ', '\t']).len();
            let before: String = text.chars().take(index).collect();
            let why = if before.ends_with('\\') {
                "this means nothing after a backslash; in single quotes a backslash is itself"
            } else {
                "a value with a blank in it needs quotes"
            };
            (Err((from + blanks + seen(&before).len(), why)), used)
        }
        _ => (Err((from, "it can't be read")), used),
    }
}

/// A line whose `$` are hidden from dotenvy, but for escaped ones, which it takes for plain ones.
fn hide(line: &str, dollar: char) -> String {
    let mut escaped = false;
    let mut hidden = String::with_capacity(line.len() + 1);
    for c in line.chars() {
        hidden.push(if c == '$' && !escaped { dollar } else { c });
        escaped = c == '\\' && !escaped;
    }
    // Without it dotenvy takes a blank at the end for an open value.
    if !hidden.ends_with('\n') {
        hidden.push('\n');
    }
    hidden
}

/// Gives a line for each read, and counts them.
struct Source<'a, I> {
    pieces: I,
    rest: Vec<u8>,
    count: &'a Cell<usize>,
}

impl<I: Iterator<Item = String>> Read for Source<'_, I> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            let Some(piece) = self.pieces.next() else {
                return Ok(0);
            };
            self.rest = piece.into_bytes();
            self.count.set(self.count.get() + 1);
        }
        let size = self.rest.len().min(to.len());
        to[..size].copy_from_slice(&self.rest[..size]);
        self.rest.drain(..size);
        Ok(size)
    }
}

/// An environment as a `.env` file that [`read`] takes for just the same.
///
/// # Errors
/// The first key that can't stand in such a file, or whose value can't.
pub fn write(envs: &[EnvVar]) -> Result<String, String> {
    let mut text = String::new();
    for env in envs {
        let line = format!("{}={}\n", env.key, quoted(env.value.reveal()));
        let back = read(&line);
        if back.envs != std::slice::from_ref(env) || !back.misread.is_empty() {
            return Err(env.key.clone());
        }
        text.push_str(&line);
    }
    // A carriage return before each line break would be taken for the way in which lines end.
    let whole = read(&text);
    match envs.iter().zip(&whole.envs).find(|(env, back)| env != back) {
        Some((env, _)) => Err(env.key.clone()),
        None => Ok(text),
    }
}

fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c);
    if value.chars().all(plain) {
        value.to_owned()
    } else if !value.contains(['\'', '\\']) {
        // Shells take nothing in single quotes for more than it is.
        format!("'{value}'")
    } else {
        let mut text = String::from('"');
        for c in value.chars() {
            if matches!(c, '"' | '\\' | '$') {
                text.push('\\');
            }
            text.push(c);
        }
        text + "\""
    }
}

/// What becomes of a variable that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its key isn't there yet: it goes to the end of the list.
    New,
    /// Its key is there, with another value.
    Changed,
    /// It is there as it is.
    Same,
}

/// A variable that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// It.
    pub env: EnvVar,
    /// What becomes of it.
    pub fate: Fate,
    /// The value that it takes the place of; the first, where the key is there several times.
    pub old: Option<Secret>,
    /// How often its key came; the last one counts.
    pub times: usize,
}

/// What becomes of variables that come in, each key once, the last one of it.
pub fn incoming(config: &EndpointConfig, envs: &[EnvVar]) -> Vec<Incoming> {
    let there = places(config);
    let mut all: Vec<Incoming> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for env in envs {
        let there = there.get(env.key.as_str()).map_or(&[][..], Vec::as_slice);
        let mut others = there
            .iter()
            .map(|at| &config.envs[*at].value)
            .filter(|now| **now != env.value);
        let old = others.next().cloned();
        let fate = match &old {
            _ if there.is_empty() => Fate::New,
            None => Fate::Same,
            Some(_) => Fate::Changed,
        };
        let one = Incoming {
            env: env.clone(),
            fate,
            old,
            times: 1,
        };
        match known.get(env.key.as_str()) {
            Some(earlier) => {
                let times = all[*earlier].times + 1;
                all[*earlier] = Incoming { times, ..one };
            }
            None => {
                known.insert(&env.key, all.len());
                all.push(one);
            }
        }
    }
    all
}

/// In which rows each key stands.
fn places(config: &EndpointConfig) -> HashMap<&str, Vec<usize>> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, env) in config.envs.iter().enumerate() {
        places.entry(&env.key).or_default().push(at);
    }
    places
}

/// What comes in, in numbers: `2 new, 3 changed, 0 the same`, then what came more than once and how many lines were left out.
/// The first three add up to the keys.
pub fn counted(incoming: &[Incoming], left_out: usize) -> String {
    let count = |fate| incoming.iter().filter(|one| one.fate == fate).count();
    let mut said = format!(
        "{} new, {} changed, {} the same",
        count(Fate::New),
        count(Fate::Changed),
        count(Fate::Same)
    );
    let again: usize = incoming.iter().map(|one| one.times - 1).sum();
    let lines = |count| if count == 1 { "line" } else { "lines" };
    if again > 0 {
        said.push_str(&format!("; {again} earlier {} of the same key", lines(again)));
    }
    if left_out > 0 {
        said.push_str(&format!("; {left_out} {} left out", lines(left_out)));
    }
    said
}

/// The one step that takes variables in: keys that are there get the new value, wherever they stand, and new ones go to
/// the end. `None`: nothing would change.
pub fn import(config: &EndpointConfig, envs: &[EnvVar], name: impl Into<String>) -> Option<Edit> {
    let places = places(config);
    let mut edits = Vec::new();
    let mut end = config.envs.len();
    for one in incoming(config, envs) {
        match one.fate {
            Fate::Same => {}
            Fate::New => {
                edits.push(Edit::Insert {
                    at: end,
                    row: Row::Env(one.env),
                });
                end += 1;
            }
            Fate::Changed => {
                for at in places.get(one.env.key.as_str()).into_iter().flatten().copied() {
                    let old = &config.envs[at];
                    if old.value != one.env.value {
                        edits.push(Edit::Replace {
                            at,
                            old: Row::Env(old.clone()),
                            new: Row::Env(one.env.clone()),
                        });
                    }
                }
            }
        }
    }
    (!edits.is_empty()).then(|| Edit::Many(name.into(), edits))
}
