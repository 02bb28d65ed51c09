//! What holds for the merge of any three configurations. `endpoint/merge/tests.rs` has each rule by example.

use std::collections::HashMap;

use novita_edit::endpoint::diff::{self, Change};
use novita_edit::endpoint::edit::Row;
use novita_edit::endpoint::merge::{Clash, Location, Merge, Resolution, SideValue};
use novita_edit::endpoint::schema::Kind;
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, List, Number, VolumeMount, VolumeType};
use proptest::prelude::*;

const LISTS: [List; 2] = [List::Volumes, List::Envs];

/// A step of one side; indexes are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    Set(usize, usize),
    Change(List, usize, usize),
    Rename(List, usize, usize),
    Delete(List, usize),
    Add(List, usize, usize, usize),
    Move(List, usize, usize),
}

fn fields() -> impl Iterator<Item = FieldId> {
    FieldId::canonical().filter(|field| field.spec().kind != Kind::Rows)
}

fn set(config: &mut EndpointConfig, field: usize, text: usize) {
    let field = fields().nth(field % 15).unwrap();
    let texts = match field {
        FieldId::PolicyType => ["queue", "concurrency", "", "latency"],
        // A blank one on theirs is a rule by itself.
        FieldId::RequestTimeout => ["8", "08", "9", "x"],
        _ => ["8", "08", "9", ""],
    };
    config.set_text(field, texts[text % 4]);
}

fn key(number: usize) -> String {
    ["A", "B", "C", "D", "E"][number % 5].to_owned()
}

fn put(row: &mut Row, value: usize) {
    match row {
        Row::Env(env) => *env = EnvVar::new(env.key.clone(), (value % 4).to_string()),
        Row::Volume(volume) => {
            volume.kind = [VolumeType::Local, VolumeType::Network, VolumeType::Other("nvme".into())][value % 3].clone();
            volume.size = Number::of(i64::try_from(value % 2).unwrap());
            volume.storage_id = (value % 2).to_string();
        }
    }
}

fn new_row(list: List, name: usize, value: usize) -> Row {
    let mut row = match list {
        List::Envs => Row::Env(EnvVar::new(key(name), "")),
        List::Volumes => Row::Volume(VolumeMount {
            mount_path: key(name),
            ..VolumeMount::default()
        }),
    };
    put(&mut row, value);
    row
}

fn rows(config: &EndpointConfig, list: List) -> Vec<Row> {
    (0..list.len(config))
        .map(|at| Row::of(config, list, at).unwrap())
        .collect()
}

fn set_rows(config: &mut EndpointConfig, list: List, rows: Vec<Row>) {
    match list {
        List::Envs => config.envs.clear(),
        List::Volumes => config.volumes.clear(),
    }
    for row in rows {
        match row {
            Row::Volume(volume) => config.volumes.push(volume),
            Row::Env(env) => config.envs.push(env),
        }
    }
}

impl Step {
    fn make(&self, config: &mut EndpointConfig) {
        let (Self::Change(list, ..)
        | Self::Rename(list, ..)
        | Self::Delete(list, _)
        | Self::Add(list, ..)
        | Self::Move(list, ..)) = self
        else {
            if let Self::Set(field, text) = self {
                set(config, *field, *text);
            }
            return;
        };
        let mut rows = rows(config, *list);
        let len = rows.len();
        match *self {
            Self::Add(_, at, name, value) => rows.insert(at % (len + 1), new_row(*list, name, value)),
            _ if len == 0 => {}
            Self::Change(_, at, value) => put(&mut rows[at % len], value),
            Self::Rename(_, at, name) => match &mut rows[at % len] {
                Row::Env(env) => env.key = key(name),
                Row::Volume(volume) => volume.mount_path = key(name),
            },
            Self::Delete(_, at) => drop(rows.remove(at % len)),
            Self::Move(_, from, to) => {
                let row = rows.remove(from % len);
                rows.insert(to % len, row);
            }
            Self::Set(..) => {}
        }
        set_rows(config, *list, rows);
    }
}

fn list() -> impl Strategy<Value = List> {
    prop::sample::select(LISTS.to_vec())
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0_usize..64;
    prop_oneof![
        3 => (n(), n()).prop_map(|(field, text)| Step::Set(field, text)),
        // The policy's two, which belong together.
        1 => (10_usize..12, n()).prop_map(|(field, text)| Step::Set(field, text)),
        2 => (list(), n(), n()).prop_map(|(list, at, value)| Step::Change(list, at, value)),
        1 => (list(), n(), n()).prop_map(|(list, at, name)| Step::Rename(list, at, name)),
        2 => (list(), n()).prop_map(|(list, at)| Step::Delete(list, at)),
        2 => (list(), n(), n(), n()).prop_map(|(list, at, name, value)| Step::Add(list, at, name, value)),
        2 => (list(), n(), n()).prop_map(|(list, from, to)| Step::Move(list, from, to)),
    ]
}

fn config() -> impl Strategy<Value = EndpointConfig> {
    let texts = prop::collection::vec(0_usize..4, 15);
    let list = || prop::collection::vec((0_usize..64, 0_usize..64), 0..7);
    (texts, list(), list()).prop_map(|(texts, volumes, envs)| {
        let mut config = EndpointConfig {
            id: "ep_1".into(),
            ..EndpointConfig::default()
        };
        for (field, text) in texts.into_iter().enumerate() {
            set(&mut config, field, text);
        }
        for (list, rows) in [(List::Volumes, volumes), (List::Envs, envs)] {
            let rows = rows
                .into_iter()
                .map(|(name, value)| new_row(list, name, value))
                .collect();
            set_rows(&mut config, list, rows);
        }
        config
    })
}

/// Loaded, mine, theirs: the sides mostly some steps away, sometimes quite others.
fn three() -> impl Strategy<Value = [EndpointConfig; 3]> {
    let steps = || prop::collection::vec(step(), 0..9);
    let stepped = (config(), steps(), steps()).prop_map(|(loaded, mine, theirs)| {
        let side = |steps: Vec<Step>| {
            let mut side = loaded.clone();
            steps.iter().for_each(|step| step.make(&mut side));
            side
        };
        [loaded.clone(), side(mine), side(theirs)]
    });
    prop_oneof![9 => stepped, 1 => [config(), config(), config()]]
}

/// The same with only the first row of each key.
fn three_without_duplicates() -> impl Strategy<Value = [EndpointConfig; 3]> {
    three().prop_map(|three| {
        three.map(|mut config| {
            for list in LISTS {
                let mut seen = Vec::new();
                let mut rows = rows(&config, list);
                rows.retain(|row| {
                    let is_new = !seen.contains(&row.name().to_owned());
                    seen.push(row.name().to_owned());
                    is_new
                });
                set_rows(&mut config, list, rows);
            }
            config
        })
    })
}

fn choice(number: u8) -> Resolution {
    [Resolution::Mine, Resolution::Theirs, Resolution::Loaded][usize::from(number) % 3].clone()
}

fn all(merge: &Merge, choice: &Resolution) -> Vec<Option<Resolution>> {
    vec![Some(choice.clone()); merge.clashes().len()]
}

fn side<'a>(clash: &'a Clash, choice: &'a Resolution) -> &'a SideValue {
    match choice {
        Resolution::Loaded => &clash.loaded,
        Resolution::Mine => &clash.mine,
        Resolution::Theirs => &clash.theirs,
        Resolution::Edited(side) => side,
    }
}

/// Whether a change is one of the order of a list's rows.
fn is_order(change: &Change) -> bool {
    change.row.is_none() && change.field.spec().kind == Kind::Rows
}

/// The changes that a slot can be told of: all but those of an order.
fn slot_changes(old: &EndpointConfig, new: &EndpointConfig) -> Vec<Change> {
    let mut changes = diff::changes(old, new);
    changes.retain(|change| !is_order(change));
    changes
}

/// Whether a change is in a slot that clashes.
fn clashes_at(merge: &Merge, change: &Change) -> bool {
    merge
        .clashes()
        .iter()
        .any(|clash| match (&clash.location, &change.row) {
            (Location::Field(field), None) => *field == change.field,
            (
                Location::Rows {
                    list,
                    key,
                    ordinal: None,
                },
                Some(row),
            ) => list.field() == change.field && (row == key || row.starts_with(&format!("{key} (number "))),
            (Location::Rows { list, .. }, Some(_)) => list.field() == change.field && clash.name() == change.name(),
            _ => false,
        })
}

/// Whether a choice that leaves one of several rows out moves the ordinal of the change's row.
fn shifts(merge: &Merge, choice: &Resolution, change: &Change) -> bool {
    merge
        .clashes()
        .iter()
        .any(|clash| match (&clash.location, &change.row) {
            (
                Location::Rows {
                    list,
                    key,
                    ordinal: Some(_),
                },
                Some(row),
            ) => {
                list.field() == change.field
                    && row.starts_with(key.as_str())
                    && *side(clash, choice) == SideValue::Rows(Vec::new())
            }
            _ => false,
        })
}

/// Each row's key and its ordinal, in order.
fn ids(config: &EndpointConfig, list: List) -> Vec<(String, usize)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let names = rows(config, list).into_iter().map(|row| row.name().to_owned());
    names
        .map(|name| {
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            (name, *count - 1)
        })
        .collect()
}

fn only<T: PartialEq + Clone>(of: &[T], also: &[&[T]]) -> Vec<T> {
    of.iter()
        .filter(|id| also.iter().all(|also| also.contains(id)))
        .cloned()
        .collect()
}

fn order_clashes(merge: &Merge, list: List) -> bool {
    merge
        .clashes()
        .iter()
        .any(|clash| clash.location == Location::Order(list))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_a_side_changed_is_lost([loaded, mine, theirs] in three()) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        for choice in [Resolution::Mine, Resolution::Theirs, Resolution::Loaded] {
            let result = merge.resolve(&all(&merge, &choice));
            for side in [&mine, &theirs] {
                let changed = slot_changes(&loaded, side);
                for change in slot_changes(side, &result) {
                    let lost = changed.iter().any(|c| (c.field, &c.row) == (change.field, &change.row));
                    let excused = clashes_at(&merge, &change) || shifts(&merge, &choice, &change);
                    prop_assert!(!lost || excused, "lost: {change:?}\n{result:?}");
                }
            }
        }
        // A clash shows each side's rows of its key, so that what isn't in the result can be seen there.
        for clash in merge.clashes() {
            let Location::Rows { list, key, ordinal } = &clash.location else { continue };
            for (side, config) in [(&clash.loaded, &loaded), (&clash.mine, &mine), (&clash.theirs, &theirs)] {
                let mut there = rows(config, *list);
                there.retain(|row| row.name() == key);
                let expected = match ordinal {
                    Some(ordinal) => there.into_iter().skip(*ordinal).take(1).collect(),
                    None => there,
                };
                prop_assert_eq!(side, &SideValue::Rows(expected));
            }
        }
    }

    #[test]
    fn nothing_comes_from_nowhere_and_nothing_goes_that_nobody_deleted([loaded, mine, theirs] in three()) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        let by_someone = [slot_changes(&loaded, &mine), slot_changes(&loaded, &theirs)].concat();
        for choice in [Resolution::Mine, Resolution::Theirs, Resolution::Loaded] {
            let result = merge.resolve(&all(&merge, &choice));
            prop_assert_eq!(&result.id, &loaded.id);
            for change in slot_changes(&loaded, &result) {
                let excused = shifts(&merge, &choice, &change);
                prop_assert!(excused || by_someone.contains(&change), "nobody made {change:?}");
            }
        }
    }

    #[test]
    fn one_sided_changes_come_as_they_are([loaded, mine, _] in three()) {
        for (mine, theirs, expected) in [(&mine, &mine, &mine), (&mine, &loaded, &mine), (&loaded, &mine, &mine)] {
            let merge = Merge::new(&loaded, mine, theirs);
            prop_assert_eq!(merge.clashes(), []);
            prop_assert_eq!(&merge.resolve(&[]), expected);
        }
    }

    #[test]
    fn merging_again_changes_nothing([loaded, mine, theirs] in three()) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        // A decided clash is a change like any other, but its clash comes again.
        if merge.clashes().is_empty() {
            let result = merge.resolve(&[]);
            for (loaded, mine, theirs) in [
                (&loaded, &result, &theirs),
                (&loaded, &mine, &result),
                (&theirs, &result, &theirs),
                (&mine, &mine, &result),
            ] {
                let again = Merge::new(loaded, mine, theirs);
                prop_assert_eq!(again.clashes(), []);
                prop_assert_eq!(&again.resolve(&[]), &result);
            }
        }
    }

    #[test]
    fn swapped_sides_give_the_same([loaded, mine, theirs] in three(), numbers in prop::collection::vec(any::<u8>(), 40)) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        let swapped = Merge::new(&loaded, &theirs, &mine);
        let back: Vec<Clash> = swapped
            .clashes()
            .iter()
            .cloned()
            .map(|Clash { location, loaded, mine, theirs }| Clash { location, loaded, mine: theirs, theirs: mine })
            .collect();
        prop_assert_eq!(merge.clashes(), back);
        prop_assert!(merge.clashes().len() <= numbers.len());
        // One of them edited: to nothing, to other rows, to an order that knows only some.
        let edited = |clash: &Clash| Resolution::Edited(match &clash.location {
            Location::Field(_) => SideValue::Text("7".into()),
            Location::Rows { list, .. } => SideValue::Rows((0..usize::from(numbers[0]) % 3).map(|n| new_row(*list, n, 7)).collect()),
            Location::Order(_) => SideValue::Order(vec!["C".into(), "A".into(), "A".into()]),
        });
        let chosen: Vec<_> = numbers.iter().zip(merge.clashes()).map(|(number, clash)| {
            Some(if number % 4 == 3 { edited(clash) } else { choice(number % 4) })
        }).collect();
        let mirrored: Vec<_> = chosen.iter().map(|choice| match choice {
            Some(Resolution::Mine) => Some(Resolution::Theirs),
            Some(Resolution::Theirs) => Some(Resolution::Mine),
            other => other.clone(),
        }).collect();
        prop_assert_eq!(merge.resolve(&chosen), swapped.resolve(&mirrored));
    }

    #[test]
    fn the_chosen_side_stands_in_the_slot(
        [loaded, mine, theirs] in three(),
        numbers in prop::collection::vec(any::<u8>(), 40),
    ) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        let chosen: Vec<_> = numbers.iter().map(|number| choice(*number)).collect();
        let result = merge.resolve(&chosen.iter().cloned().map(Some).collect::<Vec<_>>());
        for (clash, choice) in merge.clashes().iter().zip(&chosen) {
            match (&clash.location, side(clash, choice)) {
                (Location::Field(field), SideValue::Text(text)) => prop_assert_eq!(result.text(*field), text),
                (Location::Rows { list, key, ordinal }, SideValue::Rows(expected)) => {
                    let mut there = rows(&result, *list);
                    there.retain(|row| row.name() == key);
                    // The ordinals of several move up where a choice leaves one out.
                    match ordinal {
                        None => prop_assert_eq!(&there, expected),
                        Some(_) => prop_assert!(expected.iter().all(|row| there.contains(row))),
                    }
                }
                (Location::Order(list), SideValue::Order(names)) => {
                    let several = |clash: &Clash| {
                        matches!(&clash.location, Location::Rows { list: other, ordinal: Some(_), .. } if other == list)
                    };
                    if !merge.clashes().iter().any(several) {
                        let mut expected = EndpointConfig::default();
                        let named = names.iter().map(|name| EnvVar::new(name, ""));
                        expected.envs = named.collect();
                        let (expected, there) = (ids(&expected, List::Envs), ids(&result, *list));
                        prop_assert_eq!(only(&there, &[&expected]), only(&expected, &[&there]));
                    }
                }
                (location, side) => prop_assert!(false, "{location:?} can't hold {side:?}"),
            }
        }
        for (choice, config) in [(Resolution::Mine, &mine), (Resolution::Theirs, &theirs)] {
            let result = merge.resolve(&all(&merge, &choice));
            for change in slot_changes(config, &result) {
                prop_assert!(!clashes_at(&merge, &change), "{change:?} after choosing {choice:?}");
            }
        }
        prop_assert_eq!(merge.resolve(&[]), merge.resolve(&all(&merge, &Resolution::Mine)));
    }

    #[test]
    fn a_clash_is_where_both_changed_and_differ([loaded, mine, theirs] in three()) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        for (at, clash) in merge.clashes().iter().enumerate() {
            prop_assert!(merge.clashes()[..at].iter().all(|earlier| earlier.location != clash.location));
            prop_assert_ne!(&clash.mine, &clash.theirs);
            match &clash.location {
                Location::Field(FieldId::PolicyValue) => {
                    let by_both = mine.policy.value != loaded.policy.value && theirs.policy.value != loaded.policy.value;
                    prop_assert!(by_both || mine.policy.kind != theirs.policy.kind);
                }
                Location::Order(list) => {
                    let common = only(&ids(&mine, *list), &[&ids(&theirs, *list), &ids(&loaded, *list)]);
                    let [l, m, t] = [&loaded, &mine, &theirs].map(|config| only(&ids(config, *list), &[&common]));
                    prop_assert!(l != m && l != t && m != t);
                }
                _ => prop_assert!(clash.mine != clash.loaded && clash.theirs != clash.loaded),
            }
        }
        // And the other way: what both changed differently is a clash.
        for (a, b) in fields().map(|field| (field, [&loaded, &mine, &theirs].map(|c| Number::typed(c.text(field))))) {
            let is_number = a.spec().kind == Kind::Integer;
            let differ = if is_number {
                b[0] != b[1] && b[0] != b[2] && b[1] != b[2]
            } else {
                b[0].text() != b[1].text() && b[0].text() != b[2].text() && b[1].text() != b[2].text()
            };
            let clashes = merge.clashes().iter().any(|clash| clash.location == Location::Field(a));
            prop_assert!(!differ || clashes, "{a:?}");
        }
    }

    #[test]
    fn each_side_s_order_stands_or_clashes([loaded, mine, theirs] in three()) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        let result = merge.resolve(&[]);
        for list in LISTS {
            let [loaded, mine, theirs, result] = [&loaded, &mine, &theirs, &result].map(|config| ids(config, list));
            // What both have stands as one of the two has it.
            let of_both = |of: &[_]| only(of, &[&mine, &theirs, &result]);
            prop_assert!(of_both(&result) == of_both(&mine) || of_both(&result) == of_both(&theirs));
            // Whoever moved what was loaded finds it so.
            let of_all = |of: &[_]| only(of, &[&loaded, &mine, &theirs]);
            for side in [&mine, &theirs] {
                if of_all(side) != of_all(&loaded) && !order_clashes(&merge, list) {
                    prop_assert_eq!(of_all(&result), only(&of_all(side), &[&result]));
                }
            }
        }
    }

    #[test]
    fn what_one_side_added_follows_what_it_followed([loaded, mine, theirs] in three_without_duplicates()) {
        let merge = Merge::new(&loaded, &mine, &theirs);
        let result = merge.resolve(&[]);
        for list in LISTS {
            let [mine, theirs, result] = [&mine, &theirs, &result].map(|config| ids(config, list));
            for (side, other) in [(&mine, &theirs), (&theirs, &mine)] {
                let kept = only(side, &[&result]);
                for (at, id) in kept.iter().enumerate().filter(|(_, id)| !other.contains(id)) {
                    let place = result.iter().position(|there| there == id).unwrap();
                    let before = result[..place].iter().rev().find(|there| side.contains(there));
                    prop_assert_eq!(before, at.checked_sub(1).map(|at| &kept[at]), "before {:?} in {:?}", id, result);
                }
            }
        }
    }
}

#[test]
fn the_generators_reach_every_kind_of_clash() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut met: HashMap<&str, usize> = HashMap::new();
    for _ in 0..1000 {
        let [loaded, mine, theirs] = three().new_tree(&mut runner).unwrap().current();
        let merge = Merge::new(&loaded, &mine, &theirs);
        let mut kinds: Vec<&str> = merge
            .clashes()
            .iter()
            .map(|clash| match &clash.location {
                Location::Field(FieldId::PolicyValue) => "policy value",
                Location::Field(_) => "field",
                Location::Rows { ordinal: Some(_), .. } => "one of several rows",
                Location::Rows { ordinal: None, .. } => match [&clash.loaded, &clash.mine, &clash.theirs]
                    .map(|side| matches!(side, SideValue::Rows(rows) if rows.len() > 1))
                {
                    [false, false, false] => "a row",
                    _ => "all rows of a key",
                },
                Location::Order(_) => "order",
            })
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() && loaded != mine && loaded != theirs && mine != theirs {
            kinds.push("no clash of two changes");
        }
        for kind in kinds {
            *met.entry(kind).or_default() += 1;
        }
    }
    println!("{met:?}");
    assert!(met.len() == 7 && met.values().all(|count| *count >= 20), "{met:?}");
}
