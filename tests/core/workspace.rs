//! A workspace under random edits, undos, merges and drafts.

use std::collections::BTreeSet;

use crate::edits::{ID, Touch, choice, endpoint, groups, touch, with};
use novita_edit::endpoint::diff::differences;
use novita_edit::endpoint::edit::Edit;
use novita_edit::endpoint::merge::Resolution;
use novita_edit::endpoint::{EndpointConfig, FieldId, Limits, LoadedEndpoint, Number};
use novita_edit::session::Workspace;
use novita_edit::store::{Draft, Snapshot};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Edit(Touch),
    Undo,
    Redo,
    /// Text that was left by Esc.
    Keep(Touch),
    /// A save that read back as sent.
    Saved,
}

fn ops(saves: bool) -> impl Strategy<Value = Vec<Op>> {
    let one = prop_oneof![
        12 => touch().prop_map(Op::Edit),
        5 => Just(Op::Undo),
        2 => Just(Op::Redo),
        1 => touch().prop_map(Op::Keep),
        if saves { 1 } else { 0 } => Just(Op::Saved),
    ];
    prop::collection::vec(one, 0..14)
}

fn run(work: &mut Workspace, ops: &[Op]) {
    for op in ops {
        match op {
            Op::Edit(touch) => {
                if let Some(edit) = touch.edit(work.now()) {
                    work.apply(edit);
                }
            }
            Op::Undo => drop(work.undo()),
            Op::Redo => drop(work.redo()),
            Op::Keep(touch) => {
                if let Some(edit) = touch.edit(work.now()) {
                    work.keep_for_redo(edit);
                }
            }
            Op::Saved => {
                let sent = work.now().clone();
                work.saved(with(sent.clone()), &sent);
            }
        }
    }
}

/// What somebody else made of it; now and then the server doesn't tell the request timeout.
fn theirs(base: &EndpointConfig, touches: &[Touch], silent: bool) -> LoadedEndpoint {
    let mut config = base.clone();
    touches.iter().for_each(|touch| touch.apply(&mut config));
    if silent {
        config.workers.request_timeout = Number::unknown();
    }
    with(config)
}

/// The states that undo and redo lead through, the oldest first, and how many undos there are.
fn states(work: &Workspace) -> (Vec<EndpointConfig>, usize) {
    let mut work = work.clone();
    let mut states = vec![work.now().clone()];
    while work.undo().is_some() {
        states.push(work.now().clone());
    }
    let undos = states.len() - 1;
    states.reverse();
    for _ in 0..undos {
        work.redo().expect("what was undone can be done again");
    }
    assert_eq!(work.now(), &states[undos], "as many redos lead back");
    while work.redo().is_some() {
        states.push(work.now().clone());
    }
    (states, undos)
}

fn of(config: &EndpointConfig, group: &str) -> Vec<String> {
    groups(config).remove(group).unwrap_or_default()
}

/// What a group goes through, each value once where it stays.
fn course(states: &[EndpointConfig], group: &str) -> Vec<Vec<String>> {
    let mut course: Vec<_> = states.iter().map(|state| of(state, group)).collect();
    course.dedup();
    course
}

fn orders(states: &[EndpointConfig]) -> Vec<Vec<String>> {
    let keys = |state: &EndpointConfig| state.envs.iter().map(|e| e.key.clone()).collect::<Vec<_>>();
    let mut orders: Vec<_> = states.iter().map(keys).collect();
    orders.dedup();
    orders
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_and_redo_after_a_merge_go_through_my_edits_only(
        ops in ops(true), by_them in prop::collection::vec(touch(), 0..6), silent in prop::bool::weighted(0.2),
        choices in prop::collection::vec(choice(), 0..6),
    ) {
        let mut work = Workspace::new(endpoint(), Limits::unknown());
        run(&mut work, &ops);
        let base = work.base().config.clone();
        let theirs = theirs(&base, &by_them, silent);
        let (before, undos) = states(&work);
        let changed = work.is_changed();
        let merge = work.merge_with(&theirs.config);
        let decided = merge.resolve(&choices);
        work.merge(theirs.clone(), &choices);

        let (after, after_undos) = states(&work);
        let told = &work.base().config;
        prop_assert_eq!(work.now(), &decided);
        prop_assert!(differences(told, &theirs.config).is_empty(), "the base is what was read");
        prop_assert!(!told.workers.request_timeout.is_unknown(), "what isn't told stays known");
        if before[0] == base {
            prop_assert_eq!(&after[0], told, "no edit of mine is left");
        }
        prop_assert!(after_undos <= undos + 1);

        let redo_dropped = decided != merge.resolve(&[]);
        let all: BTreeSet<String> = before.iter().chain([told]).flat_map(|c| groups(c).into_keys()).collect();
        for group in &all {
            let (was, is) = (of(&base, group), of(told, group));
            if before.iter().all(|state| of(state, group) == was) {
                for state in &after {
                    prop_assert_eq!(&of(state, group), &is, "{} was never mine", group);
                }
            } else if was == is {
                let mine = if redo_dropped { &before[..=undos] } else { &before[..] };
                prop_assert_eq!(course(&after, group), course(mine, group), "{} is mine alone", group);
            }
        }
        // An order that nobody touched but me, or nobody but them.
        if told.envs == base.envs && !redo_dropped {
            prop_assert_eq!(orders(&after), orders(&before));
        }
        if before.iter().all(|state| state.envs == base.envs) {
            prop_assert!(after.iter().all(|state| state.envs == told.envs));
        }

        let expected = if changed { differences(&base, told) } else { Vec::new() };
        prop_assert_eq!(work.others(), &expected[..]);
    }

    #[test]
    fn what_others_changed_adds_up_over_merges_until_a_save(
        ops in ops(false), first in prop::collection::vec(touch(), 0..4), second in prop::collection::vec(touch(), 0..4),
        silent in prop::bool::weighted(0.2), choices in prop::collection::vec(choice(), 0..6),
    ) {
        let mut work = Workspace::new(endpoint(), Limits::unknown());
        run(&mut work, &ops);
        let known = work.base().config.clone();
        let met_with_edits = work.is_changed();
        work.merge(theirs(&known, &first, silent), &choices);
        let between = work.base().config.clone();
        let still_edited = work.is_changed();
        let (oldest, _) = states(&work);
        work.merge(theirs(&between, &second, silent), &choices);
        let seen_from = match (met_with_edits, still_edited) {
            (true, _) => &known,
            (false, true) => &between,
            (false, false) => &work.base().config,
        };
        prop_assert_eq!(work.others(), &differences(seen_from, &work.base().config)[..]);
        if oldest[0] == between {
            prop_assert_eq!(&states(&work).0[0], &work.base().config);
        }
        let sent = work.now().clone();
        work.saved(with(sent.clone()), &sent);
        prop_assert!(work.others().is_empty() && !work.is_changed());
    }

    #[test]
    fn a_restored_draft_is_one_step_and_is_undone_to_what_was_there(
        mine in prop::collection::vec(touch(), 0..6), by_them in prop::collection::vec(touch(), 0..6),
        silent in prop::bool::weighted(0.2), choices in prop::collection::vec(choice(), 0..6),
    ) {
        let loaded = endpoint();
        let mut edited = loaded.config.clone();
        mine.iter().for_each(|touch| touch.apply(&mut edited));
        let draft = draft(&loaded, edited);
        let mut work = Workspace::new(theirs(&loaded.config, &by_them, silent), Limits::unknown());
        let before = work.now().clone();
        let merged = work.merge_of(&draft).resolve(&choices);
        work.restore(&draft, &choices);
        prop_assert_eq!(work.now(), &merged);
        prop_assert_eq!(work.others(), &differences(&loaded.config, &work.base().config)[..]);
        let all: BTreeSet<String> = [&before, &merged].into_iter().flat_map(|c| groups(c).into_keys()).collect();
        for group in all.iter().filter(|g| of(&draft.edited, g) == of(&loaded.config, g)) {
            let silent = silent && *group == FieldId::RequestTimeout.label();
            prop_assert!(silent || of(&merged, group) == of(&before, group), "{} is not the draft's", group);
        }
        let steps = usize::from(merged != before);
        prop_assert_eq!(states(&work).1, steps);
        for _ in 0..steps {
            work.undo();
        }
        prop_assert_eq!(work.now(), &before);
        prop_assert!(!work.is_changed());
        for _ in 0..steps {
            work.redo();
        }
        prop_assert_eq!(work.now(), &merged);
    }
}

fn draft(loaded: &LoadedEndpoint, edited: EndpointConfig) -> Draft {
    Draft {
        saved_at: "2026-03-01T14:03:00+01:00".into(),
        base_url: "https://api.test".into(),
        endpoint: ID.into(),
        pid: 1,
        loaded: Snapshot::from(loaded),
        edited,
        typing: None,
        sent: None,
        editor_texts: Vec::new(),
    }
}

fn set(work: &mut Workspace, field: FieldId, text: &str) {
    let edit = Edit::set(work.now(), field, text);
    work.apply(edit);
}

/// The name of the step that undo takes back.
fn undone(work: &mut Workspace) -> Option<String> {
    work.undo().map(|edit| edit.name())
}

#[test]
fn the_decision_of_a_clash_is_undone_to_both_changes_and_then_to_theirs() {
    let mut work = Workspace::new(endpoint(), Limits::unknown());
    set(&mut work, FieldId::Name, "mine");
    set(&mut work, FieldId::MaxWorkers, "8");
    let mut other = endpoint();
    other.config.set_text(FieldId::MaxWorkers, "6");
    other.config.set_text(FieldId::HealthPath, "/live");
    work.merge(other.clone(), &[Some(Resolution::Theirs)]);
    let read = |work: &Workspace| {
        [FieldId::Name, FieldId::MaxWorkers, FieldId::HealthPath].map(|f| work.now().text(f).to_owned())
    };
    assert_eq!(read(&work), ["mine", "6", "/live"]);
    assert_eq!(undone(&mut work).as_deref(), Some("decide between both changes"));
    assert_eq!(read(&work), ["mine", "8", "/live"]);
    assert_eq!(undone(&mut work).as_deref(), Some("Max workers"));
    assert_eq!(read(&work), ["mine", "6", "/live"]);
    assert_eq!(undone(&mut work).as_deref(), Some("Name"));
    assert_eq!(work.now(), &other.config);
    assert_eq!(undone(&mut work), None);
}

#[test]
fn an_edit_made_while_nobody_knew_of_the_send_is_still_a_change_when_the_send_turns_out_stored() {
    let mut work = Workspace::new(endpoint(), Limits::unknown());
    set(&mut work, FieldId::Name, "mine");
    let sent = work.now().clone();
    set(&mut work, FieldId::RequestTimeout, "30");
    // The server doesn't report the request timeout: what it took is what was sent, not what was typed since.
    let mut fresh = with(sent.clone());
    fresh.config.workers.request_timeout = Number::unknown();
    work.saved(fresh, &sent);
    assert_eq!(work.base().config.text(FieldId::RequestTimeout), "600");
    assert_eq!(
        work.changes().iter().map(|c| c.name()).collect::<Vec<_>>(),
        [FieldId::RequestTimeout.label()]
    );
}
