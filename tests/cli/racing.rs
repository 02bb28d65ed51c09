//! Several programs on one machine that save one endpoint: nothing is lost, and nobody waits for ever.

use std::process::Stdio;
use std::thread;

use novita_edit::config::{Environment, StateDirs};
use novita_edit::demo::{Call, Fault, When};
use novita_edit::secret::Secret;
use novita_edit::store::{SaveLock, SaveLockAttempt, SendLog};
use serde_json::{Value, json};

use crate::run::{Ended, LLAMA, User};
use crate::writing::{max, posts};

fn workers(user: &User, key: &str) -> Value {
    user.server.endpoint(LLAMA).unwrap()["workerConfig"][key].clone()
}

/// The endpoint's save lock, as another novita-edit takes it.
fn save_lock(user: &User) -> SaveLock {
    let env = Environment::from_pairs([("XDG_STATE_HOME", user.path("state").to_str().unwrap())]);
    let send_log = SendLog::new(StateDirs::find(&env), &user.server.base_url(), &Secret::new("sk_test"));
    match send_log.endpoint_files(LLAMA).unwrap().try_save_lock().unwrap() {
        SaveLockAttempt::Yours(lock) => lock,
        SaveLockAttempt::Taken(owner) => panic!("{owner:?}"),
    }
}

#[test]
fn every_one_of_many_that_count_up_at_once_counts() {
    let user = User::new();
    let (threads, rounds) = (4, 6);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..rounds {
                    user.run(&["scale", LLAMA, "--idle-timeout", "+1", "--yes"]).with(0);
                }
            });
        }
    });
    assert_eq!(workers(&user, "freeTimeout"), 300 + threads * rounds);
    let send_log = user.run(&["history", LLAMA, "-o", "json"]).with(0).json();
    assert_eq!(send_log.as_array().unwrap().len(), threads * rounds);
    assert_eq!(
        user.server.requests().iter().filter(|r| r.method == "POST").count(),
        threads * rounds
    );
    let left: Vec<_> = walk(&user.path("state"))
        .into_iter()
        .filter(|name| name.contains("lock"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

/// By name, by id, several at a time: whichever way, with a check of its own where the lock isn't held from the read
/// on.
#[test]
fn changes_of_different_fields_at_once_are_both_there() {
    let user = User::new();
    for round in 0..6 {
        let (max, idle) = (format!("{}", 3 + round), format!("{}", 100 + round));
        let one = ["scale", "llama-3-8b", "--max", &max, "--yes"];
        let other = ["scale", "ep_b40c55de", LLAMA, "--idle-timeout", &idle, "--yes"];
        thread::scope(|scope| {
            scope.spawn(|| user.run(&one).with(0));
            scope.spawn(|| user.run(&other).with(0));
        });
        assert_eq!(
            (workers(&user, "maxNum"), workers(&user, "freeTimeout")),
            (json!(3 + round), json!(100 + round))
        );
    }
}

/// Two that want the same field of two endpoints: of each endpoint one of them wins, and the other one is told.
#[test]
fn changes_of_the_same_field_at_once_are_told() {
    let user = User::new();
    for round in 0..4 {
        let wants = [format!("{}", 3 + round), format!("{}", 7 - round)];
        let ids = [LLAMA, "ep_b40c55de"];
        let ends: Vec<Ended> = thread::scope(|scope| {
            let run = |max: &str| user.run(&["scale", ids[0], ids[1], "--max", max, "--yes", "-o", "json"]);
            let threads = wants.each_ref().map(|max| scope.spawn(move || run(max)));
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (at, id) in ids.into_iter().enumerate() {
            let outcomes: Vec<Value> = ends.iter().map(|end| end.json()[at]["outcome"].clone()).collect();
            assert!(
                outcomes.iter().any(|outcome| *outcome != "conflict"),
                "{id} {outcomes:?}"
            );
            let known = ["saved", "unchanged", "conflict"];
            assert!(
                outcomes.iter().all(|outcome| known.iter().any(|word| outcome == word)),
                "{id} {outcomes:?}"
            );
            let held = max(&user, id).to_string();
            assert!(wants.contains(&held), "{held} {wants:?}");
        }
        for end in &ends {
            let is_told = end
                .json()
                .as_array()
                .unwrap()
                .iter()
                .any(|entry| entry["outcome"] == "conflict");
            assert_eq!(end.code, if is_told { 5 } else { 0 }, "{}", end.err);
        }
    }
}

#[test]
fn another_program_that_saves_is_waited_for_and_that_is_told() {
    let user = User::new();
    let lock = save_lock(&user);
    let mut command = user.command(&["scale", LLAMA, "--max", "8", "--yes"]);
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(std::time::Duration::from_millis(400));
    assert_eq!(
        user.server
            .requests()
            .iter()
            .filter(|r| r.call == Some(Call::Load))
            .count(),
        0,
        "it read before its turn"
    );
    drop(lock);
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(told.matches("is saving this endpoint; waiting.").count(), 1, "{told}");
    assert_eq!(
        told.matches("The other novita-edit is done with this endpoint; waited under a second.")
            .count(),
        1,
        "{told}"
    );
    assert_eq!(max(&user, LLAMA), 8);
}

#[test]
fn whoever_only_waits_for_the_workers_is_in_nobodys_way() {
    let user = User::new().env("NOVITA_EDIT_TEST_TURN", "3000");
    // This one fails for good; there is nothing to change, or it is saved soon.
    for max in ["2", "1"] {
        let broken = "ep_19e0d3aa";
        let mut command = user.command(&["scale", broken, "--max", max, "--yes", "--wait", "--timeout", "60s"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut waiting = command.spawn().unwrap();
        let begun = std::time::Instant::now();
        let looks = || {
            user.server
                .requests()
                .iter()
                .filter(|r| r.call == Some(Call::Load))
                .count()
        };
        let before = looks();
        while looks() < before + 3 {
            assert!(begun.elapsed().as_secs() < 20, "it never looked");
            thread::sleep(std::time::Duration::from_millis(5));
        }
        let idle = format!("10{max}");
        user.run(&["scale", broken, "--idle-timeout", &idle, "--yes"]).with(0);
        waiting.kill().unwrap();
        waiting.wait().unwrap();
    }
}

#[test]
fn one_that_never_ends_is_given_up_with_nothing_sent() {
    let user = User::new().env("NOVITA_EDIT_TEST_TURN", "300");
    let _lock = save_lock(&user);
    let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(7);
    let last = ended.err.lines().last().unwrap();
    assert!(
        last.contains("on this machine is saving this endpoint; waited 0 s.")
            && last.contains("Nothing was sent. Try again"),
        "{last}"
    );
    let ended = user
        .run(&["scale", LLAMA, "ep_b40c55de", "--max", "6", "--yes", "-o", "json"])
        .with(7);
    assert_eq!(
        (&ended.json()[0]["outcome"], &ended.json()[1]["outcome"]),
        (&json!("notSent"), &json!("saved"))
    );
    assert_eq!(max(&user, LLAMA), 5);
}

#[test]
fn without_a_place_for_the_state_it_goes_on_and_says_so_once() {
    let user = User::new();
    std::fs::write(user.path("state"), "a file in the way").unwrap();
    let ended = user
        .run(&["scale", LLAMA, "ep_b40c55de", "--max", "6", "--yes"])
        .with(0);
    assert_eq!(
        ended.err.matches("aren't kept from saving at the same time").count(),
        1,
        "{ended:#?}"
    );
    assert_eq!(ended.err.matches("not kept in the history").count(), 1, "{ended:#?}");
    assert_eq!(posts(&user).len(), 2);
}

#[test]
fn a_full_disk_keeps_nothing_from_being_sent() {
    let user = User::new().env("NOVITA_EDIT_TEST_DISK", "full");
    let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(0);
    assert!(
        ended.err.contains("not kept in the history: the disk is full"),
        "{ended:#?}"
    );
    assert_eq!(max(&user, LLAMA), 8);
}

#[test]
fn the_history_tells_a_cut_send_from_the_one_that_came_after() {
    let user = User::new().with_timeouts("total = 6");
    // A cut one may have arrived, so it is read back, and may still arrive.
    user.server.faults().add(Call::Update, When::next(1), Fault::CutBefore);
    user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(8);
    assert_eq!(posts(&user).len(), 1);
    user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(0);
    let send_log = user.run(&["history", LLAMA, "-o", "json"]).with(0).json();
    assert_eq!(
        (&send_log[0]["outcome"], &send_log[1]["outcome"]),
        (&json!("saved"), &json!("notSaved"))
    );
}

#[test]
fn a_draft_of_the_editor_is_told_and_left_alone() {
    let user = User::new();
    drop(save_lock(&user));
    let drafts = walk(&user.path("state/novita-edit/drafts"));
    let account = drafts.iter().find(|name| name.len() == 16).unwrap();
    let draft = user
        .path("state/novita-edit/drafts")
        .join(account)
        .join(format!("{LLAMA}.draft.json"));
    std::fs::write(&draft, "{}").unwrap();
    let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(0);
    assert!(
        ended
            .err
            .contains("A draft of the editor waits for this endpoint; it is left alone."),
        "{ended:#?}"
    );
    assert_eq!(std::fs::read_to_string(&draft).unwrap(), "{}");
}

/// The names of everything under a directory.
fn walk(dir: &std::path::Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(dir) = todo.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            names.push(entry.file_name().into_string().unwrap());
            if entry.path().is_dir() {
                todo.push(entry.path());
            }
        }
    }
    names
}

/// Without a handler the system ends a program that writes beyond its limit, after the send.
#[test]
fn a_limit_for_the_size_of_files_keeps_nothing_from_being_sent() {
    let user = User::new();
    let script = format!("ulimit -f 0 && exec \"$0\" scale {LLAMA} --max 8 --yes");
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_novita-edit")]);
    let ended = command
        .current_dir(user.path(""))
        .env_clear()
        .envs(user.environment())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(0), "{:?}: {told}", ended.status);
    assert!(
        told.contains("not kept in the history: it would be larger than files may be here"),
        "{told}"
    );
    assert_eq!(max(&user, LLAMA), 8);
}
