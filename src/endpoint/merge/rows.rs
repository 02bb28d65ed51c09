//! The merge of one list's rows by identity: the key, and the ordinal among rows of the same key.

use std::ops::Range;

use super::order::{OrderDecision, Sequences};
use super::{Clash, Location, SideValue};
use crate::endpoint::config::EndpointConfig;
use crate::endpoint::diff::identities;
use crate::endpoint::edit::Row;
use crate::endpoint::field::List;

/// What comes of one list.
///
/// Every identity that any of the three has is a place, and a place is a number: its rank by key and ordinal. So the
/// places of one key stand one after the other, and comparing places depends on no side.
#[derive(Clone, Debug)]
pub(super) struct ListMerge {
    list: List,
    /// The identity of each place.
    names: Vec<(String, usize)>,
    sequences: Sequences,
    units: Vec<Unit>,
    order: MergedOrder,
}

/// Places that are decided together.
#[derive(Clone, Debug)]
struct Unit {
    places: Range<usize>,
    content: UnitContent,
}

#[derive(Clone, Debug)]
enum UnitContent {
    Settled(Vec<Row>),
    /// The number of the clash whose side stands there.
    Clash(usize),
}

#[derive(Clone, Debug)]
enum MergedOrder {
    /// The places that both sides have, in their merged order.
    Settled(Vec<usize>),
    /// The number of the clash whose side tells it.
    Clash(usize),
}

impl ListMerge {
    /// Merges a list of loaded, mine and theirs, and adds what clashes.
    pub(super) fn new(list: List, sides: [&EndpointConfig; 3], clashes: &mut Vec<Clash>) -> Self {
        let rows = sides.map(|side| rows(side, list));
        let ids = rows.each_ref().map(|rows| identities(rows, Row::name));
        let mut names = ids.concat();
        names.sort_unstable();
        names.dedup();
        let places = |ids: &Vec<_>| ids.iter().filter_map(|id| names.binary_search(id).ok()).collect();
        let firsts = names.iter().enumerate().map(|(place, (_, ordinal))| place - ordinal);
        let sequences = Sequences::new(firsts.collect(), ids.each_ref().map(places));
        let names = names
            .iter()
            .map(|(key, ordinal)| ((*key).to_owned(), *ordinal))
            .collect();
        let mut merge = Self {
            list,
            names,
            sequences,
            units: Vec::new(),
            order: MergedOrder::Settled(Vec::new()),
        };
        let decision = merge.sequences.decide();
        let base = match &decision {
            OrderDecision::Settled(order) => order,
            OrderDecision::Clash { .. } => merge.sequences.reference(),
        };
        let arranged = merge.sequences.arrange(base, &vec![true; merge.names.len()]);
        merge.settle_rows(&rows, &arranged, clashes);
        merge.settle_order(decision, clashes);
        merge
    }

    /// Clashes are added in the order in which the rows are `arranged`.
    fn settle_rows(&mut self, rows: &[Vec<Row>; 3], arranged: &[usize], clashes: &mut Vec<Clash>) {
        let mut by_place = [const { Vec::new() }; 3];
        for ((by_place, sequence), rows) in by_place.iter_mut().zip(self.sequences.all()).zip(rows) {
            by_place.resize(self.names.len(), None);
            for (place, row) in sequence.iter().zip(rows) {
                by_place[*place] = Some(row);
            }
        }
        let mut clashing: Vec<Option<(usize, Clash)>> = vec![None; self.names.len()];
        for (places, ordinal) in unit_places(self.sequences.firsts(), &by_place) {
            let [loaded, mine, theirs] = by_place.each_ref().map(|rows| {
                rows[places.clone()]
                    .iter()
                    .flatten()
                    .copied()
                    .cloned()
                    .collect::<Vec<Row>>()
            });
            let content = if mine == theirs || loaded == theirs {
                UnitContent::Settled(mine)
            } else if loaded == mine {
                UnitContent::Settled(theirs)
            } else {
                let (list, key) = (self.list, self.names[places.start].0.clone());
                let clash = Clash {
                    location: Location::Rows { list, key, ordinal },
                    loaded: SideValue::Rows(loaded),
                    mine: SideValue::Rows(mine),
                    theirs: SideValue::Rows(theirs),
                };
                clashing[places.start] = Some((self.units.len(), clash));
                // It gets its number below.
                UnitContent::Clash(usize::MAX)
            };
            self.units.push(Unit { places, content });
        }
        for (unit, clash) in arranged.iter().filter_map(|place| clashing[*place].take()) {
            self.units[unit].content = UnitContent::Clash(clashes.len());
            clashes.push(clash);
        }
    }

    fn settle_order(&mut self, decision: OrderDecision, clashes: &mut Vec<Clash>) {
        self.order = match decision {
            OrderDecision::Settled(order) => MergedOrder::Settled(order),
            OrderDecision::Clash { loaded, mine, theirs } => {
                let names = |order: Vec<usize>| order.into_iter().map(|place| self.names[place].0.clone()).collect();
                clashes.push(Clash {
                    location: Location::Order(self.list),
                    loaded: SideValue::Order(names(loaded)),
                    mine: SideValue::Order(names(mine)),
                    theirs: SideValue::Order(names(theirs)),
                });
                MergedOrder::Clash(clashes.len() - 1)
            }
        };
    }

    /// The rows, with the side that was decided on for each clash of the merge.
    pub(super) fn resolve(&self, decided: &[&SideValue]) -> Vec<Row> {
        let mut standing: Vec<Vec<&Row>> = vec![Vec::new(); self.names.len()];
        for Unit { places, content } in &self.units {
            let rows = match content {
                UnitContent::Settled(rows) => rows,
                UnitContent::Clash(number) => match decided[*number] {
                    SideValue::Rows(rows) => rows,
                    SideValue::Text(_) | SideValue::Order(_) => continue,
                },
            };
            // More rows than places come of an edit; they follow the last.
            for (nth, row) in rows.iter().enumerate() {
                standing[(places.start + nth).min(places.end - 1)].push(row);
            }
        }
        let base = match &self.order {
            MergedOrder::Settled(order) => order.clone(),
            MergedOrder::Clash(number) => self.ordered_by(decided[*number]),
        };
        let there: Vec<bool> = standing.iter().map(|rows| !rows.is_empty()).collect();
        let arranged = self.sequences.arrange(&base, &there);
        arranged
            .into_iter()
            .flat_map(|place| standing[place].iter().copied().cloned())
            .collect()
    }

    /// The order that a side of an order clash tells.
    fn ordered_by(&self, side: &SideValue) -> Vec<usize> {
        let names: &[String] = match side {
            SideValue::Order(names) => names,
            SideValue::Text(_) | SideValue::Rows(_) => &[],
        };
        let listed: Vec<usize> = identities(names, String::as_str)
            .into_iter()
            .filter_map(|id| {
                self.names
                    .binary_search_by(|(key, ordinal)| (key.as_str(), *ordinal).cmp(&id))
                    .ok()
            })
            .collect();
        self.sequences.complete(&listed)
    }
}

fn rows(config: &EndpointConfig, list: List) -> Vec<Row> {
    (0..list.len(config))
        .filter_map(|at| Row::of(config, list, at))
        .collect()
}

/// The places that are decided together, with the ordinal where they are one of several.
fn unit_places(firsts: &[usize], by_place: &[Vec<Option<&Row>>; 3]) -> Vec<(Range<usize>, Option<usize>)> {
    let mut units = Vec::with_capacity(firsts.len());
    let mut start = 0;
    for group in firsts.chunk_by(|a, b| a == b) {
        let places = start..start + group.len();
        start = places.end;
        let [loaded, mine, theirs] = by_place
            .each_ref()
            .map(|rows| rows[places.clone()].iter().flatten().count());
        // Where rows of one key went, the ordinals of those that stayed have shifted: nobody can tell which is which.
        if places.len() == 1 || mine < loaded || theirs < loaded {
            units.push((places, None));
        } else {
            units.extend(
                places
                    .enumerate()
                    .map(|(ordinal, place)| (place..place + 1, Some(ordinal))),
            );
        }
    }
    units
}
