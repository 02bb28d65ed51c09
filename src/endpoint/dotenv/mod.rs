//! `KEY=value` lines, as in a `.env` file: read, written, and laid over an environment.

mod lines;

use std::collections::HashMap;

use super::config::{EndpointConfig, EnvVar};
use super::edit::{Edit, Row};
use crate::secret::Secret;

pub use lines::{Joined, Lines, read, write};

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
    /// Its name and the new value.
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

/// What comes in, in numbers: `2 new, 3 changed, 0 the same`, then what came more than once and how many lines were
/// left out. The first three add up to the keys.
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
