//! Each rule of the merge, in the smallest example.

use super::*;
use crate::endpoint::{EnvVar, Number, VolumeMount};

/// Environments written as `A=1 B=2`.
fn envs(rows: &str) -> EndpointConfig {
    EndpointConfig {
        id: "ep_1".into(),
        envs: env_vars(rows).into(),
        ..EndpointConfig::default()
    }
}

fn env_vars(rows: &str) -> Vec<EnvVar> {
    let row = |row: &str| row.split_once('=').map(|(key, value)| EnvVar::new(key, value)).unwrap();
    rows.split_whitespace().map(row).collect()
}

fn env_rows(rows: &str) -> SideValue {
    SideValue::Rows(env_vars(rows).into_iter().map(Row::Env).collect())
}

fn order(names: &str) -> SideValue {
    SideValue::Order(names.split_whitespace().map(str::to_owned).collect())
}

fn written(config: &EndpointConfig) -> String {
    let rows = config
        .envs
        .iter()
        .map(|env| format!("{}={}", env.key, env.value.reveal()));
    rows.collect::<Vec<_>>().join(" ")
}

fn set(config: &EndpointConfig, fields: &[(FieldId, &str)]) -> EndpointConfig {
    let mut config = config.clone();
    for (field, text) in fields {
        config.set_text(*field, text);
    }
    config
}

/// The merge of three environments without a clash, from either side.
fn merged(loaded: &str, mine: &str, theirs: &str) -> String {
    let result = |mine: &str, theirs: &str| {
        let merge = Merge::new(&envs(loaded), &envs(mine), &envs(theirs));
        assert!(merge.clashes().is_empty(), "{:?}", merge.clashes());
        written(&merge.resolve(&[]))
    };
    assert_eq!(result(mine, theirs), result(theirs, mine), "the sides swapped");
    result(mine, theirs)
}

/// The names of what clashes, and the environments after one choice for all.
fn clashing(loaded: &str, mine: &str, theirs: &str, choice: &Resolution) -> (Vec<String>, String) {
    let merge = Merge::new(&envs(loaded), &envs(mine), &envs(theirs));
    let choices = vec![Some(choice.clone()); merge.clashes().len()];
    let names = merge.clashes().iter().map(Clash::name).collect();
    (names, written(&merge.resolve(&choices)))
}

fn names(merge: &Merge) -> Vec<String> {
    merge.clashes().iter().map(Clash::name).collect()
}

#[test]
fn fields_changed_on_one_side_each_come_together() {
    let loaded = set(
        &envs(""),
        &[
            (FieldId::Name, "a"),
            (FieldId::MaxWorkers, "3"),
            (FieldId::Image, "i:1"),
        ],
    );
    let mine = set(&loaded, &[(FieldId::MaxWorkers, "5"), (FieldId::Image, "i:2")]);
    let mut theirs = set(&loaded, &[(FieldId::Name, "b"), (FieldId::Image, "i:2")]);
    theirs.id = "another".into();
    let merge = Merge::new(&loaded, &mine, &theirs);
    assert!(merge.clashes().is_empty());
    let expected = set(
        &loaded,
        &[
            (FieldId::Name, "b"),
            (FieldId::MaxWorkers, "5"),
            (FieldId::Image, "i:2"),
        ],
    );
    assert_eq!(merge.resolve(&[]), expected, "with the id of what was loaded");
}

#[test]
fn a_field_changed_on_both_sides_is_decided_by_the_user() {
    let loaded = set(&envs(""), &[(FieldId::MaxWorkers, "3")]);
    let mine = set(&loaded, &[(FieldId::MaxWorkers, "5")]);
    let theirs = set(&loaded, &[(FieldId::MaxWorkers, "7")]);
    let merge = Merge::new(&loaded, &mine, &theirs);
    let text = |text: &str| SideValue::Text(text.into());
    let clash = Clash {
        location: Location::Field(FieldId::MaxWorkers),
        loaded: text("3"),
        mine: text("5"),
        theirs: text("7"),
    };
    assert_eq!(merge.clashes(), [clash]);
    assert_eq!(merge.clashes()[0].name(), "Max workers");
    let max_workers = |choices: &[Option<Resolution>]| merge.resolve(choices).workers.max_num.text().to_owned();
    assert_eq!(max_workers(&[Some(Resolution::Loaded)]), "3");
    assert_eq!(max_workers(&[Some(Resolution::Mine)]), "5");
    assert_eq!(max_workers(&[Some(Resolution::Theirs)]), "7");
    assert_eq!(max_workers(&[Some(Resolution::Edited(text("6")))]), "6");
    assert_eq!(max_workers(&[None]), "5", "not decided");
    assert_eq!(max_workers(&[]), "5", "no choice at all");
    assert_eq!(
        max_workers(&[Some(Resolution::Edited(order("A")))]),
        "5",
        "an order is no text"
    );
}

#[test]
fn a_number_written_differently_is_no_change() {
    let loaded = set(&envs(""), &[(FieldId::MaxWorkers, "8")]);
    let mine = set(&loaded, &[(FieldId::MaxWorkers, "08")]);
    let theirs = set(&loaded, &[(FieldId::MaxWorkers, "9")]);
    let merge = Merge::new(&loaded, &mine, &theirs);
    assert!(merge.clashes().is_empty());
    assert_eq!(merge.resolve(&[]).workers.max_num, Number::of(9));
    // Both changed it to the same: it stays as it was typed here.
    let merge = Merge::new(&theirs, &mine, &loaded);
    assert!(merge.clashes().is_empty());
    assert_eq!(merge.resolve(&[]).workers.max_num.text(), "08");
}

#[test]
fn a_request_timeout_that_the_server_does_not_report_is_no_change_of_theirs() {
    let loaded = set(&envs(""), &[(FieldId::RequestTimeout, "600")]);
    let theirs = set(&loaded, &[(FieldId::RequestTimeout, "")]);
    for mine in ["600", "900"] {
        let merge = Merge::new(&loaded, &set(&loaded, &[(FieldId::RequestTimeout, mine)]), &theirs);
        assert!(merge.clashes().is_empty());
        assert_eq!(merge.resolve(&[]).workers.request_timeout.text(), mine);
    }
    // One that the user cleared is a change.
    let merge = Merge::new(&loaded, &theirs, &set(&loaded, &[(FieldId::RequestTimeout, "900")]));
    assert_eq!(names(&merge), ["Request timeout"]);
}

#[test]
fn a_policy_value_never_meets_the_type_of_the_other_side_unseen() {
    let (kind, value) = (FieldId::PolicyType, FieldId::PolicyValue);
    let loaded = set(&envs(""), &[(kind, "queue"), (value, "60")]);
    let to_requests = set(&loaded, &[(kind, "concurrency")]);
    let longer_wait = set(&loaded, &[(value, "90")]);
    for (mine, theirs) in [(&to_requests, &longer_wait), (&longer_wait, &to_requests)] {
        let merge = Merge::new(&loaded, mine, theirs);
        assert_eq!(names(&merge), ["Policy value"]);
        let merged = merge.resolve(&[Some(Resolution::Edited(SideValue::Text("10".into())))]);
        assert_eq!(
            (merged.policy.kind.word(), merged.policy.value.text()),
            ("concurrency", "10")
        );
    }
    // Both moved away from the loaded type, to different ones: the value waits for the type too.
    let ten_others = set(&loaded, &[(kind, "latency"), (value, "10")]);
    assert_eq!(
        names(&Merge::new(&loaded, &to_requests, &ten_others)),
        ["Policy type", "Policy value"]
    );
    // A type and a value of one side belong together already; so do values of one type.
    let ten_requests = set(&loaded, &[(kind, "concurrency"), (value, "10")]);
    for other in [&loaded, &to_requests] {
        let merge = Merge::new(&loaded, &ten_requests, other);
        assert!(merge.clashes().is_empty());
        assert_eq!(merge.resolve(&[]).policy, ten_requests.policy);
    }
}

#[test]
fn rows_are_merged_by_key() {
    assert_eq!(merged("A=1 B=2", "A=9 B=2", "A=1 B=8"), "A=9 B=8");
    assert_eq!(merged("A=1 B=2", "B=2", "A=1 B=2 C=3"), "B=2 C=3");
    assert_eq!(merged("A=1", "A=1 N=1", "A=1 N=1"), "A=1 N=1");
    assert_eq!(merged("A=1 B=2", "B=2", "B=2"), "B=2");
}

#[test]
fn a_row_changed_differently_clashes() {
    let (names, result) = clashing("A=1 B=2", "A=2 B=2", "A=3 B=2", &Resolution::Theirs);
    assert_eq!((names, result.as_str()), (vec!["Environment A".to_owned()], "A=3 B=2"));
    // Added on both sides.
    assert_eq!(clashing("", "N=1", "N=2", &Resolution::Theirs).1, "N=2");
    assert_eq!(clashing("", "N=1", "N=2", &Resolution::Loaded).1, "");
}

#[test]
fn a_row_deleted_on_one_side_and_changed_on_the_other_clashes() {
    let (loaded, mine, theirs) = ("A=1 B=2", "B=2", "A=3 B=2");
    let merge = Merge::new(&envs(loaded), &envs(mine), &envs(theirs));
    let clash = &merge.clashes()[0];
    let (list, key) = (List::Envs, "A".to_owned());
    assert_eq!(
        clash.location,
        Location::Rows {
            list,
            key,
            ordinal: None
        }
    );
    assert_eq!((&clash.mine, &clash.theirs), (&env_rows(""), &env_rows("A=3")));
    assert_eq!(clashing(loaded, mine, theirs, &Resolution::Mine).1, "B=2");
    assert_eq!(clashing(loaded, mine, theirs, &Resolution::Theirs).1, "A=3 B=2");
    assert_eq!(clashing(loaded, mine, theirs, &Resolution::Loaded).1, "A=1 B=2");
}

#[test]
fn an_edited_row_stands_in_place_and_may_have_another_key() {
    let (loaded, mine, theirs) = ("B=2 A=1 X=0", "B=2 A=2 X=0", "B=2 A=3 X=0");
    let by = |side| clashing(loaded, mine, theirs, &Resolution::Edited(side)).1;
    assert_eq!(by(env_rows("A=4")), "B=2 A=4 X=0");
    assert_eq!(by(env_rows("OTHER=4")), "B=2 OTHER=4 X=0");
    assert_eq!(by(env_rows("A=4 A=5")), "B=2 A=4 A=5 X=0");
    assert_eq!(by(env_rows("")), "B=2 X=0", "deleted");
    assert_eq!(by(SideValue::Text("4".into())), mine, "a text is no row");
    let volume = SideValue::Rows(vec![Row::Volume(VolumeMount::default())]);
    assert_eq!(by(volume), mine, "a volume is no row of the environment");
}

#[test]
fn duplicates_are_merged_by_ordinal_while_none_went() {
    assert_eq!(merged("A=1 A=2", "A=9 A=2", "A=1 A=8"), "A=9 A=8");
    assert_eq!(merged("A=1 B=2", "A=1 B=2 A=3", "A=9 B=2"), "A=9 B=2 A=3");
    let (names, result) = clashing("A=1 A=2", "A=1 A=3", "A=9 A=4", &Resolution::Theirs);
    assert_eq!(
        (names, result.as_str()),
        (vec!["Environment A (number 2)".to_owned()], "A=9 A=4")
    );
}

#[test]
fn duplicates_of_which_some_went_are_one_whole() {
    // Unchanged on one side, or the same on both.
    assert_eq!(
        merged("A=1 A=2 A=3 B=0", "A=1 A=3 B=0", "A=1 A=2 A=3 B=9"),
        "A=1 A=3 B=9"
    );
    assert_eq!(merged("A=1 A=2", "A=2", "A=2"), "A=2");
    // Mine deleted the first. By ordinals it would have changed the first and deleted the second.
    let (loaded, mine, theirs) = ("A=1 B=0 A=2 C=0", "A=2 B=0 C=0", "A=1 B=0 A=5 C=0");
    let (names, result) = clashing(loaded, mine, theirs, &Resolution::Theirs);
    assert_eq!((names, result.as_str()), (vec!["Environment A".to_owned()], theirs));
    assert_eq!(clashing(loaded, mine, theirs, &Resolution::Mine).1, mine);
    assert_eq!(clashing(loaded, mine, theirs, &Resolution::Loaded).1, loaded);
    let both_fewer = clashing(loaded, "B=0 C=0", "A=5 B=0 C=0", &Resolution::Loaded).1;
    assert_eq!(both_fewer, loaded, "each row where it was loaded");
}

#[test]
fn the_side_that_reordered_gives_the_order() {
    assert_eq!(merged("A=1 B=2 C=3", "C=3 A=1 B=2", "A=1 B=9 C=3"), "C=3 A=1 B=9");
    assert_eq!(merged("A=1 B=2 C=3", "C=3 B=2 A=1", "C=3 B=2 A=1"), "C=3 B=2 A=1");
    // A row that went on the other side was not moved by it.
    assert_eq!(merged("A=1 B=2 C=3", "A=1 C=3", "C=3 B=2 A=1"), "C=3 A=1");
}

#[test]
fn two_different_reorders_clash() {
    let (loaded, mine, theirs) = ("A=1 B=2 C=3", "B=2 A=1 C=3 M=0", "A=1 C=3 T=0 B=2");
    let merge = Merge::new(&envs(loaded), &envs(mine), &envs(theirs));
    let clash = Clash {
        location: Location::Order(List::Envs),
        loaded: order("A B C"),
        mine: order("B A C"),
        theirs: order("A C B"),
    };
    assert_eq!(merge.clashes(), [clash]);
    assert_eq!(names(&merge), ["Environment order"]);
    let by = |choice| clashing(loaded, mine, theirs, &choice).1;
    assert_eq!(by(Resolution::Loaded), "A=1 B=2 C=3 M=0 T=0");
    assert_eq!(by(Resolution::Mine), "B=2 A=1 C=3 M=0 T=0");
    assert_eq!(by(Resolution::Theirs), "A=1 C=3 M=0 T=0 B=2");
    assert_eq!(by(Resolution::Edited(order("C B A"))), "C=3 M=0 T=0 B=2 A=1");
    assert_eq!(
        by(Resolution::Edited(order("T C B A M"))),
        "T=0 C=3 B=2 A=1 M=0",
        "other rows may be named too"
    );
    assert_eq!(
        by(Resolution::Edited(order("C NEVER A C"))),
        "C=3 M=0 T=0 B=2 A=1",
        "and left out, or unknown"
    );
}

#[test]
fn added_rows_stand_after_what_they_followed() {
    assert_eq!(merged("A=1 B=2", "M=0 A=1 B=2", "A=1 T=0 B=2"), "M=0 A=1 T=0 B=2");
    assert_eq!(merged("A=1 B=2", "B=2 A=1", "A=1 T=0 B=2"), "B=2 A=1 T=0");
    // What it followed went: after what stood before that.
    assert_eq!(merged("A=1 B=2 C=3", "A=1 C=3", "A=1 B=2 T=0 C=3"), "A=1 T=0 C=3");
    // Into the same gap: by key, each side's rows together.
    assert_eq!(
        merged("A=1 Z=9", "A=1 N=0 B=0 Z=9", "A=1 M=0 Y=0 Z=9"),
        "A=1 M=0 Y=0 N=0 B=0 Z=9"
    );
    // Both added the same at different places.
    assert_eq!(merged("B=1 C=2", "B=1 C=2 A=0", "B=1 A=0 C=2"), "B=1 A=0 C=2");
    assert_eq!(merged("B=1 C=2", "C=2 B=1 A=0", "C=2 A=0 B=1"), "C=2 A=0 B=1");
}

#[test]
fn duplicates_keep_their_own_order() {
    // The second A followed B, but B now stands in front of the first.
    assert_eq!(
        merged("A=1 B=2 C=3", "C=3 B=2 A=1", "A=1 B=2 A=9 C=3"),
        "C=3 B=2 A=1 A=9"
    );
}

#[test]
fn volumes_are_known_by_their_mount_path() {
    let with = |rows: &[(&str, i64)]| {
        let row = |(path, size): &(&str, i64)| VolumeMount {
            mount_path: (*path).into(),
            size: Number::of(*size),
            ..VolumeMount::default()
        };
        EndpointConfig {
            volumes: rows.iter().map(row).collect(),
            ..EndpointConfig::default()
        }
    };
    let loaded = with(&[("/data", 30), ("/models", 30)]);
    let merge = Merge::new(
        &loaded,
        &with(&[("/data", 40), ("/models", 30)]),
        &with(&[("/data", 50)]),
    );
    assert_eq!(names(&merge), ["Volume /data"]);
    assert_eq!(merge.resolve(&[]), with(&[("/data", 40)]));
}

#[test]
fn clashes_come_in_the_order_of_the_form() {
    let change = |number: &str, rows: &str| {
        let mut config = set(&envs(rows), &[(FieldId::Name, number), (FieldId::Command, number)]);
        for mount_path in ["/b", "/a"] {
            config.volumes.push(VolumeMount {
                size: Number::typed(number),
                mount_path: mount_path.into(),
                ..VolumeMount::default()
            });
        }
        config
    };
    let loaded = change("1", "B=1 A=1 X=0 Y=0 Z=0");
    let mine = change("2", "B=2 N=2 A=2 Y=0 X=0 Z=0");
    let theirs = change("3", "B=3 N=3 A=3 X=0 Z=0 Y=0");
    assert_eq!(
        names(&Merge::new(&loaded, &mine, &theirs)),
        [
            "Name",
            "Command",
            "Volume /b",
            "Volume /a",
            "Environment B",
            "Environment N",
            "Environment A",
            "Environment order"
        ]
    );
}

#[test]
fn environment_values_are_masked_in_debug_texts() {
    let merge = Merge::new(
        &envs("A=hidden1 B=hidden1"),
        &envs("A=hidden2 B=hidden1"),
        &envs("A=hidden3 B=hidden4"),
    );
    let choice = Resolution::Edited(env_rows("A=hidden5"));
    assert!(!format!("{merge:?} {:?} {choice:?}", merge.clashes()).contains("hidden"));
}

#[test]
fn long_lists_are_merged_without_delay() {
    let rows = |from: usize, value: &str| {
        // One key repeats often.
        let key = |n: usize| {
            if n.is_multiple_of(3) {
                "SAME".to_owned()
            } else {
                format!("KEY_{n}")
            }
        };
        let envs = (from..from + 100_000).map(|n| EnvVar::new(key(n), value)).collect();
        EndpointConfig {
            envs,
            ..EndpointConfig::default()
        }
    };
    let mut mine = rows(0, "2");
    mine.envs.reverse();
    let mut theirs = rows(3000, "3");
    theirs.envs.rotate_left(50_000);
    let begin = std::time::Instant::now();
    let merge = Merge::new(&rows(0, "1"), &mine, &theirs);
    let merged = merge.resolve(&vec![Some(Resolution::Theirs); merge.clashes().len()]);
    assert!(merged.envs.len() >= 100_000 && merge.clashes().len() > 60_000);
    // Some hundred milliseconds; with anything quadratic it takes minutes.
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
