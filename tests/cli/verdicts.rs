//! What is said of a send, by what is read: never more than the reads prove, and settled by later ones.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use novita_edit::demo::{Call, DemoOptions, Fault, Pace, Quirks, ReadCache, Reply, When};
use serde_json::{Value, json};

use crate::run::{Ended, LLAMA, User};
use crate::schema::holds;
use crate::writing::{max, posts};

const EIGHT: [&str; 5] = ["scale", LLAMA, "--max", "8", "--yes"];

fn striking(fault: Fault) -> User {
    let user = User::new();
    user.server.faults().add(Call::Update, When::next(1), fault);
    user
}

fn outcomes(user: &User) -> Vec<String> {
    let sends = user.run(&["history", LLAMA, "-o", "json"]).with(0).json();
    let sends = sends.as_array().unwrap().iter();
    sends.map(|send| send["outcome"].as_str().unwrap().to_owned()).collect()
}

/// The file of such a name anywhere in a directory.
fn find(dir: &Path, ending: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(dir).ok()?.flatten();
    entries.map(|entry| entry.path()).find_map(|path| {
        if path.is_dir() {
            return find(&path, ending);
        }
        path.to_str().is_some_and(|name| name.ends_with(ending)).then_some(path)
    })
}

fn entry(ended: &Ended) -> Value {
    let json = ended.json();
    holds("writes", &json);
    json[0].clone()
}

type Kind = (&'static str, fn(&mut Value), &'static [&'static str], bool);

#[test]
fn what_is_stored_differently_is_told_with_its_kind_and_the_way_back() {
    let kinds: [Kind; 14] = [
        (
            "a variable's value",
            |it| it["envs"][0]["value"] = json!("other"),
            &[],
            false,
        ),
        ("all variables", |it| it["envs"] = json!([]), &[], false),
        (
            "a volume",
            |it| drop(it["volumeMounts"].as_array_mut().unwrap().remove(0)),
            &[],
            false,
        ),
        (
            "the order",
            |it| {
                it["envs"]
                    .as_array_mut()
                    .unwrap()
                    .sort_by_key(|env| env["key"].to_string())
            },
            &["the order only"],
            true,
        ),
        (
            "an empty one",
            |it| it["envs"].as_array_mut().unwrap().retain(|env| env["value"] != ""),
            &["an empty one that isn't there"],
            true,
        ),
        ("case", |it| it["name"] = json!("LLAMA-3-8B"), &["letter case"], true),
        (
            "a prefix",
            |it| it["image"]["image"] = json!("docker.io/vllm/vllm-openai:v0.6.3"),
            &["docker.io/ or library/ in front"],
            true,
        ),
        (
            "a slash",
            |it| it["volumeMounts"][0]["mountPath"] = json!("/data/"),
            &["a slash at the end"],
            true,
        ),
        (
            "a clamp",
            |it| it["workerConfig"]["maxNum"] = json!(7),
            &["a clamped number"],
            false,
        ),
        (
            "a default",
            |it| {
                it["envs"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"key": "REGION", "value": "eu"}))
            },
            &["one that was not sent"],
            true,
        ),
        (
            "the policy",
            |it| it["policy"]["type"] = json!("concurrency"),
            &[],
            false,
        ),
        (
            "the command",
            |it| it["image"]["command"] = json!("sleep 1"),
            &[],
            false,
        ),
        ("GPUs", |it| it["workerConfig"]["gpuNum"] = json!(2), &[], false),
        (
            "the health path",
            |it| it["healthy"]["path"] = json!("/other"),
            &[],
            false,
        ),
    ];
    for (what, change, kinds, same) in kinds {
        let user = striking(Fault::store_other(change));
        let ended = user.run(&[&EIGHT[..], &["-o", "json"]].concat()).with(6);
        let entry = entry(&ended);
        assert_eq!(entry["outcome"], "storedDifferently", "{what}");
        let first = &entry["readBack"][0];
        assert_eq!(
            (&first["kinds"], &first["sameMeaning"]),
            (&json!(kinds), &json!(same)),
            "{what}: {entry:#}"
        );
        let message = entry["message"].as_str().unwrap();
        assert_eq!(
            message.contains("`novita-edit rollback ep_7f3a91c2 1`"),
            !same,
            "{what}: {message}"
        );
        assert!(!message.contains("Nothing is lost"), "{message}");
        assert_eq!(outcomes(&user), ["storedDifferently"], "{what}");
        // Nobody else changed anything: the next command finds what this one left.
        let next = user.run(&["scale", LLAMA, "--idle-timeout", "120", "--yes"]).with(0);
        assert!(!next.err.contains("Somebody else"), "{what}: {next:#?}");
    }
}

#[test]
fn what_is_only_spelled_otherwise_is_unchanged_when_it_is_applied_again() {
    let user = striking(Fault::store_other(|it| {
        it["image"]["image"] = json!("docker.io/library/vllm:1");
    }));
    let mut body: Value = serde_json::from_str(&user.run(&["get", LLAMA, "--reveal"]).with(0).out).unwrap();
    body["image"]["image"] = json!("vllm:1");
    std::fs::write(user.path("one.json"), body.to_string()).unwrap();
    let apply = ["apply", "-f", "one.json", "--yes", "-o", "json"];
    assert_eq!(entry(&user.run(&apply).with(6))["outcome"], "storedDifferently");
    assert_eq!(entry(&user.run(&apply).with(0))["outcome"], "unchanged");
    assert_eq!(posts(&user).len(), 1);
    // Another change goes with the server's spelling, and reads back as sent.
    body["name"] = json!("renamed");
    std::fs::write(user.path("one.json"), body.to_string()).unwrap();
    assert_eq!(entry(&user.run(&apply).with(0))["outcome"], "saved");
}

#[test]
fn a_read_that_is_older_than_the_own_last_save_is_asked_for_again_and_then_a_conflict() {
    let user = User::new();
    user.run(&EIGHT).with(0);
    // A replica that lags behind for one read is noticed, and for good it is a conflict.
    user.server.faults().add(Call::Load, When::next(1), Fault::Lagging);
    user.run(&["scale", LLAMA, "--idle-timeout", "120", "--yes"]).with(0);
    assert_eq!(max(&user, LLAMA), json!(8));
    user.server.faults().add(Call::Load, When::always(), Fault::Lagging);
    let idle = ["scale", LLAMA, "--idle-timeout", "180", "--yes"];
    let sent = posts(&user).len();
    let ended = user.run(&idle).with(5);
    assert!(
        ended.err.contains("shows the endpoint as it was before your save of")
            && ended.err.contains("--on-conflict theirs")
            && posts(&user).len() == sent,
        "{ended:#?}"
    );
    let theirs = user
        .run(&[&idle[..], &["--dry-run", "--on-conflict", "theirs"]].concat())
        .with(0);
    assert!(theirs.err.contains("it goes on from there"), "{theirs:#?}");
    let mine = user
        .run(&[&idle[..], &["--dry-run", "--on-conflict", "mine"]].concat())
        .with(0);
    assert!(mine.err.contains("that save is laid over it"), "{mine:#?}");
    assert!(mine.out.contains("\"maxNum\": 8"), "{mine:#?}");
}

#[test]
fn an_old_answer_of_a_cache_is_told_with_its_age() {
    let user = User::with(DemoOptions {
        pace: Pace::fast(),
        quirks: Quirks {
            read_cache: ReadCache::Stubborn(Duration::from_secs(600)),
            ..Quirks::default()
        },
        ..DemoOptions::default()
    });
    user.run(&["show", LLAMA]).with(0);
    user.server.advance(Duration::from_secs(40));
    let ended = user.run(&["show", LLAMA]).with(0);
    assert!(
        ended.err.contains("A cache on the way had kept this answer for 40 s"),
        "{ended:#?}"
    );
}

#[test]
fn a_later_read_of_any_command_settles_what_was_open() {
    let user = striking(Fault::StaleFor(Duration::from_secs(30)));
    user.run(&[&EIGHT[..], &["-o", "json"]].concat()).with(8);
    assert_eq!(outcomes(&user), ["notShown"]);
    user.server.advance(Duration::from_secs(60));
    let shown = user.run(&["show", LLAMA]).with(0);
    assert!(shown.err.contains("is stored after all."), "{shown:#?}");
    assert_eq!(outcomes(&user), ["saved"]);
    // It counts for the way back now.
    user.run(&["rollback", LLAMA, "--yes"]).with(0);
    assert_eq!(max(&user, LLAMA), json!(5));
}

#[test]
fn a_refusal_is_believed_once_it_was_read_back() {
    let user = striking(Fault::After(Reply::error(403, "FORBIDDEN", "not for you")));
    let ended = user.run(&EIGHT).with(0);
    assert!(
        ended.out.contains("Saved: "),
        "a gateway refused what was carried out: {ended:#?}"
    );
    let user = striking(Fault::Instead(Reply::error(403, "FORBIDDEN", "not for you")));
    user.server.faults().add(
        Call::Load,
        When::from_nth(2),
        Fault::Instead(Reply::error(403, "FORBIDDEN", "not for you")),
    );
    let ended = user.run(&[&EIGHT[..], &["-o", "json"]].concat()).with(6);
    assert_eq!(entry(&ended)["outcome"], "refusedNotRead");
    user.server.faults().clear();
    assert_eq!(outcomes(&user), ["refusedNotRead"]);
    user.run(&["show", LLAMA]).with(0);
    assert_eq!(outcomes(&user), ["refused"]);
}

#[test]
fn what_a_good_status_says_is_quoted_and_a_refusal_in_it_is_not_saved() {
    let refusal = json!({"code": 40012, "message": "quota exceeded"});
    let user = striking(Fault::Instead(Reply::json(&refusal)));
    let ended = user.run(&EIGHT).with(6);
    assert!(
        ended.err.contains("Not saved: ")
            && ended.err.contains("The server said: ")
            && ended.err.contains("quota exceeded"),
        "{ended:#?}"
    );
    assert_eq!(outcomes(&user), ["notSaved"]);
}

#[test]
fn an_endpoint_that_is_gone_is_called_deleted() {
    let gone = || Fault::Instead(Reply::error(400, "SERVERLESS_ENDPOINT_NOT_FOUND", "no such endpoint"));
    let user = User::new();
    user.server.faults().add(Call::Update, When::next(1), gone());
    user.server.faults().add(Call::Load, When::from_nth(2), gone());
    let ended = user.run(&EIGHT).with(3);
    assert!(ended.err.contains("the endpoint was deleted meanwhile"), "{ended:#?}");
    let user = User::new();
    user.server.faults().add(Call::Load, When::from_nth(2), gone());
    let ended = user.run(&EIGHT).with(3);
    assert!(ended.err.contains("the endpoint was deleted since"), "{ended:#?}");
}

#[test]
fn no_lock_is_held_while_an_accepted_update_is_looked_for() {
    let user = striking(Fault::StaleFor(Duration::from_secs(600)));
    let mut first = user.start(&EIGHT);
    let patience = std::time::Instant::now() + Duration::from_secs(20);
    while posts(&user).is_empty() && std::time::Instant::now() < patience {
        thread::sleep(Duration::from_millis(20));
    }
    thread::sleep(Duration::from_millis(1500));
    let lock = find(&user.path("state"), "save.lock").expect("what may still arrive is left for the next one");
    let text = std::fs::read_to_string(&lock).unwrap();
    assert!(text.contains("sending_until"), "{text}");
    let file = std::fs::File::open(&lock).unwrap();
    assert!(rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok());
    drop(file);
    first.kill().unwrap();
    let _ = first.wait();
}

/// With `--yes` a command's own read is the check, unless something took its time since.
#[test]
fn what_takes_time_comes_before_the_check_and_else_it_is_made_again() {
    let loads_before_the_update = |late: Duration| {
        let user = User::new();
        user.server
            .faults()
            .add(Call::Limits, When::always(), Fault::DelayBefore(late));
        user.run(&EIGHT).with(0);
        let calls: Vec<Call> = user
            .server
            .requests()
            .iter()
            .filter_map(|request| request.call)
            .collect();
        let update = calls.iter().position(|call| *call == Call::Update).unwrap();
        calls[..update].iter().filter(|call| **call == Call::Load).count()
    };
    assert_eq!(loads_before_the_update(Duration::ZERO), 1);
    assert_eq!(loads_before_the_update(Duration::from_millis(600)), 2);
}
