//! Endpoints that are picked out of the list instead of being named: `--all`, `--state`, `--filter`, and several IDs.

use novita_edit::demo::{Call, Fault, Reply, When};
use serde_json::{Value, json};

use crate::run::{LLAMA, User};
use crate::schema::holds;
use crate::writing::{max, posts};

const COMFY: &str = "ep_b40c55de";

fn min(user: &User, id: &str) -> Value {
    user.server.endpoint(id).unwrap()["workerConfig"]["minNum"].clone()
}

/// What the simulated account has.
fn all(user: &User) -> Vec<String> {
    let ids = user.run(&["list", "-o", "name"]).with(0).out;
    ids.lines().map(str::to_owned).collect()
}

/// A user whose profile is protected.
fn protected() -> User {
    let user = User::new();
    let dir = user.home.path().join("config/novita-edit");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), "[profiles.prod]\nprotected = true\n").unwrap();
    user.env("NOVITA_PROFILE", "prod")
}

#[test]
fn what_list_shows_for_a_filter_is_what_a_write_with_it_changes() {
    let user = User::new();
    let listed = user.run(&["list", "--filter", "COMFY", "-o", "name"]).with(0).out;
    assert_eq!(listed, format!("{COMFY}\n"));
    let before = max(&user, LLAMA);
    let json = user
        .run(&["scale", "--filter", "COMFY", "--max", "6", "--yes", "-o", "json"])
        .with(0)
        .json();
    holds("writes", &json);
    assert_eq!(json[0]["id"], COMFY);
    assert_eq!((max(&user, COMFY), max(&user, LLAMA)), (json!(6), before));
    assert_eq!(posts(&user).len(), 1);
}

#[test]
fn a_state_and_a_text_narrow_each_other_and_all_stands_alone() {
    let user = User::new();
    let none = user
        .run(&["scale", "--filter", "comfy", "--state", "failed", "--max", "6", "--yes"])
        .with(3);
    assert!(none.err.contains("none of the"), "{}", none.err);
    for (arguments, said) in [
        (&["scale", "--all", "--state", "failed", "--max", "6"][..], "--state"),
        (&["scale", LLAMA, "--all", "--max", "6"], "--all"),
        (&["scale", "--max", "6"], "ID"),
        (&["rollback"], "ID"),
        (&["rollback", LLAMA, "--all"], "stands beside --all"),
        (&["set", "--all", LLAMA, "workerConfig.maxNum=6"], "stands beside --all"),
        (&["set", "--all"], "nothing to set"),
        (&["set", LLAMA, COMFY], "nothing to set"),
    ] {
        let ended = user.run(&[arguments, &["--yes"]].concat()).with(2);
        assert!(ended.err.contains(said), "{arguments:?} {}", ended.err);
    }
    assert_eq!(posts(&user), []);
}

#[test]
fn a_part_of_the_list_is_never_taken_for_the_whole() {
    let user = User::new();
    let reply = Reply::json(&json!({"endpoints": [{"id": LLAMA, "name": "llama-3-8b"}], "total": 3}));
    user.server
        .faults()
        .add(Call::List, When::always(), Fault::Instead(reply));
    for arguments in [
        &["scale", "--all", "--max", "6"][..],
        &["set", "--all", "workerConfig.maxNum=6"],
        &["rollback", "--all"],
    ] {
        let ended = user.run(&[arguments, &["--yes"]].concat()).with(6);
        assert!(
            ended.err.contains("which endpoints are meant is not known"),
            "{}",
            ended.err
        );
    }
    assert_eq!(posts(&user), []);
}

#[test]
fn the_question_lists_them_and_says_how_many_change() {
    let user = User::new();
    let count = all(&user).len();
    // One of them is so already, and isn't counted.
    user.run(&["scale", LLAMA, "--max", "6", "--yes"]).with(0);
    let question = format!("Send this to {} endpoints at {}? [y/N]", count - 1, user.host());
    let shown = user.talk(100, &["scale", "--all", "--max", "6"], &[(&question, "n\n")]);
    assert_eq!(shown.code, 130, "{}", shown.text());
    let text = shown.text();
    let list = &text[text.find("To be sent to").unwrap()..];
    assert!(list.contains(&format!("{COMFY}  comfy-render-eu")), "{text}");
    assert!(!list.contains(LLAMA), "{text}");
    assert_eq!(posts(&user).len(), 1);
}

#[test]
fn a_protected_profile_wants_the_count_of_those_that_are_picked() {
    let user = protected();
    let count = all(&user).len();
    let scale = ["scale", "--all", "--max", "6", "--yes"];
    let refused = user.run(&scale).with(2);
    assert!(
        refused.err.contains(&format!("add --confirm {count}.")),
        "{}",
        refused.err
    );
    for other in [(count + 1).to_string(), "llama-3-8b".to_owned(), LLAMA.to_owned()] {
        user.run(&[&scale[..], &["--confirm", &other]].concat()).with(2);
    }
    assert_eq!(posts(&user), []);
    user.run(&[&scale[..], &["--confirm", &count.to_string()]].concat())
        .with(0);
    assert_eq!(posts(&user).len(), count);
    // At the terminal it is asked for.
    let asks = ["scale", "--all", "--max", "5"];
    let question = format!("type how many endpoints these are ({count}):");
    let shown = user.talk(100, &asks, &[(&question, "7\n")]);
    assert_eq!(shown.code, 130, "{}", shown.text());
    assert!(
        shown.text().contains("was not how many endpoints these are"),
        "{}",
        shown.text()
    );
    let shown = user.talk(100, &asks, &[(&question, &format!("{count}\n"))]);
    assert_eq!(shown.code, 0, "{}", shown.text());
}

#[test]
fn a_protected_profile_names_all_that_it_misses_at_once() {
    let user = protected();
    let refused = user.run(&["scale", LLAMA, COMFY, "--max", "6", "--yes"]).with(2);
    let all = "add --confirm llama-3-8b --confirm comfy-render-eu.";
    assert!(refused.err.replace('"', "").contains(all), "{}", refused.err);
    let several = user.run(&["rollback", LLAMA, COMFY, "--yes"]).with(2);
    assert!(
        several.err.contains("--filter, --state and --all take several"),
        "{}",
        several.err
    );
}

#[test]
fn set_takes_several_ids_before_its_first_path() {
    let user = User::new();
    let set = [
        "set",
        "llama-3-8b",
        COMFY,
        "workerConfig.minNum=1",
        "envs.LOG_LEVEL=debug",
    ];
    let json = user.run(&[&set[..], &["--yes", "-o", "json"]].concat()).with(0).json();
    holds("writes", &json);
    assert_eq!(
        (json[0]["id"].clone(), json[1]["id"].clone()),
        (json!(LLAMA), json!(COMFY))
    );
    assert_eq!((min(&user, LLAMA), min(&user, COMFY)), (json!(1), json!(1)));
    // One alone is no list, as ever.
    let json = user.run(&["set", LLAMA, "workerConfig.minNum=0", "--yes", "-o", "json"]);
    holds("write", &json.with(0).json());
}

#[test]
fn a_path_without_its_value_is_no_id_and_what_follows_it_is_told_nowhere() {
    let user = User::new();
    for arguments in [
        &["set", LLAMA, "envs.HF_TOKEN", "=", "s3cret"][..],
        &["set", LLAMA, "envs.HF_TOKEN", "s3cret"],
        &["set", LLAMA, COMFY, "envs.HF_TOKEN", "s3cret", "name=x"],
    ] {
        let ended = user.run(&[arguments, &["--yes"]].concat()).with(2);
        assert!(
            ended.err.contains("envs.HF_TOKEN says nothing to be done"),
            "{}",
            ended.err
        );
        assert!(!ended.err.contains("s3cret"), "{}", ended.err);
    }
    assert!(user.server.requests().is_empty(), "nothing of it was asked for");
}

#[test]
fn a_rollback_of_all_that_were_changed_leaves_the_others_be() {
    let user = User::new();
    let before = (max(&user, LLAMA), max(&user, COMFY));
    user.run(&["scale", LLAMA, COMFY, "--max", "6", "--yes"]).with(0);
    let back = user.run(&["rollback", "--all", "--yes", "-o", "json"]).with(0);
    holds("writes", &back.json());
    assert_eq!(back.json().as_array().unwrap().len(), 2);
    assert!(
        back.err
            .contains("It stays: nothing was sent to ep_19e0d3aa from here yet."),
        "{}",
        back.err
    );
    assert_eq!((max(&user, LLAMA), max(&user, COMFY)), before);
    // The number stands alone there; those that have no send of that number stay.
    user.run(&["scale", LLAMA, "--max", "7", "--yes"]).with(0);
    let back = user.run(&["rollback", "--filter", "llama", "3", "--yes"]).with(0);
    assert!(back.err.contains("to before send 3"), "{}", back.err);
    assert_eq!(max(&user, LLAMA), before.0);
    let none = user.run(&["rollback", "--filter", "llama", "9", "--yes"]).with(3);
    assert!(
        none.err
            .contains("It stays: there is no send 9 of ep_7f3a91c2: there are "),
        "{}",
        none.err
    );
    assert!(
        none.err.contains("none of these endpoints has a way back"),
        "{}",
        none.err
    );
}

#[test]
fn of_several_that_go_back_what_one_would_overwrite_keeps_all_from_it() {
    let user = User::new();
    user.run(&["scale", LLAMA, COMFY, "--max", "6", "--yes"]).with(0);
    user.server
        .edit(COMFY, |endpoint| endpoint["workerConfig"]["maxNum"] = json!(4));
    let sent = posts(&user).len();
    let ended = user.run(&["rollback", "--all", "--yes", "-o", "json"]).with(5);
    holds("writes", &ended.json());
    let outcomes: Vec<Value> = ended
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["outcome"].clone())
        .collect();
    assert_eq!(outcomes, [json!("notSent"), json!("conflict")]);
    assert_eq!(posts(&user).len(), sent);
}

#[test]
fn watch_takes_those_that_are_picked_and_a_part_of_the_list_is_not_enough() {
    let user = User::new();
    let lines = ["watch", "--filter", "llama", "--until", "healthy,serving", "-o", "json"];
    let ended = user.run(&lines).with(0);
    let first: Value = serde_json::from_str(ended.out.lines().next().unwrap()).unwrap();
    assert_eq!(first["id"], LLAMA, "{}", ended.out);
    assert!(!ended.out.contains(COMFY), "{}", ended.out);
    user.run(&["watch", "--filter", "nobody", "--until", "healthy"]).with(3);
    user.run(&["watch", LLAMA, "--all"]).with(2);
    let reply = Reply::json(&json!({"endpoints": [{"id": LLAMA, "name": "llama-3-8b"}], "total": 3}));
    user.server
        .faults()
        .add(Call::List, When::always(), Fault::Instead(reply));
    let ended = user.run(&["watch", "--all", "--until", "serving"]).with(6);
    assert!(
        ended.err.contains("which endpoints are meant is not known"),
        "{}",
        ended.err
    );
}
