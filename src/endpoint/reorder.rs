//! A change of the order of a list's rows, told as the fewest rows that moved: the others kept their order.

use std::collections::HashMap;
use std::fmt;

use super::config::EndpointConfig;
use super::diff::{identities, row_name};
use super::field::List;

/// A row that moved past others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Its name: env key or mount path, with its ordinal where several have the same.
    pub row: String,
    /// Its place before, from 1.
    pub from: usize,
    /// Its place now, from 1.
    pub to: usize,
    /// The row in front of it now; `None`: it is the first.
    pub behind: Option<String>,
    /// Whether it moved up, among the rows that are on both sides.
    up: bool,
}

/// `HF_TOKEN moved up from 5 to 2`. Where rows that came or went make the numbers say otherwise:
/// `HF_TOKEN moved behind HOME`.
impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, from, to, .. } = self;
        match (self.up, &self.behind) {
            (true, _) if to < from => write!(f, "{row} moved up from {from} to {to}"),
            (false, _) if to > from => write!(f, "{row} moved down from {from} to {to}"),
            (_, Some(behind)) => write!(f, "{row} moved behind {behind}"),
            (_, None) => write!(f, "{row} moved to the front"),
        }
    }
}

/// The rows of a list that moved between two configurations, in their new order; as few as tell the new order of the
/// rows that both have. Rows that came or went are no moves.
pub fn moves(list: List, old: &EndpointConfig, new: &EndpointConfig) -> Vec<Move> {
    between(&names(list, old), &names(list, new))
}

fn names(list: List, config: &EndpointConfig) -> Vec<String> {
    let identities = match list {
        List::Envs => identities(&config.envs, |env| &env.key),
        List::Volumes => identities(&config.volumes, |volume| &volume.mount_path),
    };
    identities
        .into_iter()
        .map(|(key, ordinal)| row_name(key, ordinal))
        .collect()
}

/// Whether the rows of a list stand in the order of their names, byte by byte.
pub fn is_sorted(list: List, config: &EndpointConfig) -> bool {
    match list {
        List::Envs => config.envs.is_sorted_by(|a, b| a.key <= b.key),
        List::Volumes => config.volumes.is_sorted_by(|a, b| a.mount_path <= b.mount_path),
    }
}

fn between(old: &[String], new: &[String]) -> Vec<Move> {
    let before: HashMap<&String, usize> = old.iter().enumerate().map(|(at, name)| (name, at)).collect();
    // The rows that both have, in the new order: their places then and now.
    let both: Vec<(usize, usize)> = new
        .iter()
        .enumerate()
        .filter_map(|(at, name)| Some((*before.get(name)?, at)))
        .collect();
    let kept = longest_rising(&both.iter().map(|(then, _)| *then).collect::<Vec<_>>());
    let rank = |then: usize| both.iter().filter(|(other, _)| *other < then).count();
    both.iter()
        .enumerate()
        .filter(|(rank_now, _)| !kept[*rank_now])
        .map(|(rank_now, (then, now))| Move {
            row: new[*now].clone(),
            from: then + 1,
            to: now + 1,
            behind: now.checked_sub(1).map(|before| new[before].clone()),
            up: rank_now < rank(*then),
        })
        .collect()
}

/// Of a row of different numbers those that a longest rising subsequence keeps.
fn longest_rising(numbers: &[usize]) -> Vec<bool> {
    // For each length the place of the smallest number that ends a rising subsequence of that length.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        previous[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut kept = vec![false; numbers.len()];
    let mut at = ends.last().copied();
    while let Some(place) = at {
        kept[place] = true;
        at = previous[place];
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str) -> Vec<String> {
        let names = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        between(&names(old), &names(new)).iter().map(Move::to_string).collect()
    }

    #[test]
    fn one_row_that_moved_is_one_sentence_with_both_places() {
        assert_eq!(told("A B C D E", "A E B C D"), ["E moved up from 5 to 2"]);
        assert_eq!(told("A B C D E", "B C D A E"), ["A moved down from 1 to 4"]);
        assert_eq!(told("A B", "B A"), ["B moved up from 2 to 1"]);
        assert!(told("A B C", "A B C").is_empty());
    }

    #[test]
    fn rows_that_came_or_went_are_no_moves() {
        assert!(told("A B C", "A C").is_empty());
        assert!(told("A B", "X A Y B").is_empty());
        assert_eq!(told("A B C D", "X D A B C"), ["D moved up from 4 to 2"]);
    }

    #[test]
    fn where_the_numbers_would_say_the_opposite_the_neighbour_tells() {
        // Two rows in front of A went, and A went behind C.
        assert_eq!(told("X Y A B C", "B C A"), ["A moved behind C"]);
        // A new row came in front of what moved there.
        assert_eq!(told("A B", "N B A"), ["B moved behind N"]);
    }

    #[test]
    fn equal_names_are_told_apart() {
        let config = |keys: &[&str]| EndpointConfig {
            envs: keys.iter().map(|key| super::super::EnvVar::new(*key, "")).collect(),
            ..EndpointConfig::default()
        };
        let moved = moves(List::Envs, &config(&["A", "A", "B"]), &config(&["A", "B", "A"]));
        assert_eq!(moved.len(), 1);
        assert_eq!(moved[0].to_string(), "B moved up from 3 to 2");
    }

    proptest! {
        #[test]
        fn what_is_not_told_as_moved_keeps_its_order(order in Just((0..12).collect::<Vec<usize>>()).prop_shuffle()) {
            let names = |order: &[usize]| order.iter().map(|n| format!("K{n:02}")).collect::<Vec<_>>();
            let (old, new) = (names(&(0..12).collect::<Vec<_>>()), names(&order));
            let moved = between(&old, &new);
            let rest: Vec<_> = new.iter().filter(|name| moved.iter().all(|one| one.row != **name)).collect();
            prop_assert!(rest.is_sorted());
            prop_assert!(moved.len() < 12);
            for one in &moved {
                prop_assert_eq!(&old[one.from - 1], &one.row);
                prop_assert_eq!(&new[one.to - 1], &one.row);
            }
        }
    }
}
