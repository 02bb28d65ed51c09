//! Rollouts as servers make them: what `--wait` and `watch --until` end with, and when.

use std::time::{Duration, Instant};

use novita_edit::demo::{Call, DemoOptions, Fault, MISSING_IMAGE, Pace, When};
use serde_json::{Value, json};

use crate::run::{Ended, LLAMA, User};
use crate::schema::holds;

const COMFY: &str = "ep_b40c55de";
const BROKEN: &str = "ep_19e0d3aa";
const NEW_IMAGE: &str = "image.image=vllm/vllm-openai:v0.7.0";

/// A server that takes its time, as short as a test can wait: it goes on to say `serving`, then `updating`, and new
/// workers come while the old ones run.
fn slow() -> Pace {
    Pace {
        noticing: Duration::from_millis(1500),
        updating: Duration::from_millis(400),
        pending: Duration::from_millis(600),
        warming: Duration::from_millis(900),
        draining: Duration::from_millis(500),
        removed: Duration::from_secs(600),
        frozen: false,
    }
}

/// Somebody for whom 30 s are so many milliseconds.
fn user(pace: Pace, steady: u64) -> User {
    let user = User::with(DemoOptions {
        pace,
        ..DemoOptions::default()
    });
    user.env("NOVITA_EDIT_TEST_STEADY", &steady.to_string())
}

fn failing(endpoint: bool) -> Fault {
    Fault::FailRollout {
        endpoint,
        error: "IMAGE_PULL_FAILED".to_owned(),
        message: "no such tag".to_owned(),
    }
}

/// The workers that count, as `running+` or `pending-`.
fn workers(user: &User, id: &str) -> Vec<String> {
    let endpoint = user.server.endpoint(id).unwrap();
    let words = endpoint["workers"].as_array().unwrap().iter().map(|worker| {
        let healthy = if worker["healthy"] == true { "+" } else { "-" };
        format!("{}{healthy}", worker["state"]["state"].as_str().unwrap())
    });
    words.filter(|word| !word.starts_with("removed")).collect()
}

fn save(user: &User, more: &[&str]) -> Ended {
    let arguments = [&["set", LLAMA, NEW_IMAGE, "--yes"], more].concat();
    user.run(&arguments)
}

#[test]
fn the_wait_ends_when_the_new_workers_are_there_and_not_with_those_of_before() {
    let user = user(slow(), 30_000);
    let ended = save(&user, &["--wait"]).with(0);
    assert_eq!(workers(&user, LLAMA), ["running+"; 3], "{ended:#?}");
    for told in [
        "serving, 2 of 3 workers healthy, 3 running; no new worker yet\n",
        "0 of 3 new ones healthy\n",
        "llama-3-8b (ep_7f3a91c2) is as asked for: all 3 new workers are healthy.\n",
    ] {
        assert!(ended.err.contains(told), "{told} {}", ended.err);
    }
}

#[test]
fn a_change_that_replaces_no_worker_is_over_after_a_while_and_that_is_told() {
    let user = user(Pace::fast(), 1500);
    let begun = Instant::now();
    let timeout = "workerConfig.requestTimeout=601";
    let ended = user
        .run(&["set", LLAMA, timeout, "--yes", "--wait", "-o", "json"])
        .with(0);
    assert!(begun.elapsed() >= Duration::from_millis(1500), "{ended:#?}");
    let json = ended.json();
    holds("write", &json);
    assert_eq!(
        json["rollout"],
        json!({
            "verdict": "ready",
            "sinceSave": true,
            "message": "2 workers are healthy; no worker was replaced, those from before the save go on",
        })
    );
}

#[test]
fn a_rollout_that_fails_is_9_with_the_servers_words() {
    let user = user(slow(), 30_000);
    user.server.faults().add(Call::Update, When::next(1), failing(true));
    let ended = save(&user, &["--wait", "-o", "json"]).with(9);
    let json = ended.json();
    holds("write", &json);
    assert_eq!(
        (&json["outcome"], &json["rollout"]["verdict"]),
        (&json!("saved"), &json!("failed"))
    );
    let sentence = "The rollout of llama-3-8b (ep_7f3a91c2) failed: it is failed, IMAGE_PULL_FAILED, no such tag. What was \
                    saved is stored; `novita-edit rollback ep_7f3a91c2` puts back what was there before.";
    assert_eq!(json["warnings"], json!([sentence]));
    assert!(ended.err.contains(sentence), "{}", ended.err);
}

#[test]
fn a_workers_error_that_lasts_is_9() {
    let pace = Pace {
        noticing: Duration::ZERO,
        ..slow()
    };
    let user = user(pace, 3000);
    user.server.faults().add(Call::Update, When::next(1), failing(false));
    let ended = save(&user, &["--wait"]).with(9);
    assert!(ended.out.starts_with("Saved: "), "{}", ended.out);
    assert!(
        ended.err.contains("failed: the worker wk_")
            && ended.err.contains(" is failed, IMAGE_PULL_FAILED, no such tag."),
        "{}",
        ended.err
    );
}

#[test]
fn an_endpoint_that_is_being_mended_reads_failed_first() {
    let user = user(slow(), 30_000);
    let image = "image.image=acme/whisper-server:1.4.0";
    assert!(!MISSING_IMAGE.is_empty() && !image.ends_with(MISSING_IMAGE));
    let ended = user.run(&["set", BROKEN, image, "--yes", "--wait"]).with(0);
    assert!(ended.err.contains("): failed, "), "{}", ended.err);
    assert!(ended.err.contains("new worker"), "{}", ended.err);
}

#[test]
fn watch_counts_from_the_newest_save_of_this_machine() {
    let user = user(slow(), 30_000);
    save(&user, &[]).with(0);
    let ended = user
        .run(&["watch", "llama-3-8b", "--until", "healthy", "--interval", "1s"])
        .with(0);
    assert_eq!(workers(&user, LLAMA), ["running+"; 3], "{ended:#?}");
    let is_missing = |line: &str| line.ends_with("; no new worker yet") || line.ends_with("; not serving yet");
    assert!(ended.out.lines().any(is_missing), "{}", ended.out);
    assert_eq!(
        ended.err,
        "llama-3-8b (ep_7f3a91c2) is healthy: all 3 new workers are healthy.\n"
    );
    // One without a history judges what stands there.
    let other = user.env("XDG_STATE_HOME", "/nowhere");
    let ended = other.run(&["watch", LLAMA, "--until", "healthy"]).with(0);
    assert_eq!(ended.err, "");
}

#[test]
fn a_second_wait_with_nothing_to_change_counts_from_the_save_before() {
    let user = user(slow(), 30_000);
    save(&user, &[]).with(0);
    let ended = save(&user, &["--wait", "-o", "json"]).with(0);
    let json = ended.json();
    assert_eq!(json["outcome"], "unchanged");
    assert_eq!(json["rollout"]["message"], "all 3 new workers are healthy");
    assert_eq!(workers(&user, LLAMA), ["running+"; 3], "{ended:#?}");
}

#[test]
fn answers_that_are_older_than_the_save_end_nothing() {
    let user = user(Pace::fast(), 500);
    save(&user, &[]).with(0);
    user.server.faults().add(Call::Load, When::next(3), Fault::Lagging);
    let ended = user
        .run(&["watch", LLAMA, "--until", "healthy", "--interval", "1s", "-o", "json"])
        .with(0);
    let lines: Vec<Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    lines.iter().for_each(|line| holds("watch", line));
    let of_endpoint: Vec<&Value> = lines.iter().filter(|line| line["worker"].is_null()).collect();
    assert_eq!(
        of_endpoint[0]["rollout"]["message"],
        "the answer is older than the save"
    );
    let last = of_endpoint.last().unwrap();
    assert_eq!(
        (&last["rollout"]["verdict"], &last["healthy"]),
        (&json!("ready"), &json!(true))
    );
}

#[test]
fn a_state_that_is_asked_for_is_no_failure() {
    for (until, code) in [("healthy", 9), ("serving", 9), ("healthy,failed", 0), ("failed", 0)] {
        let user = user(Pace::manual(), 1000);
        let ended = user
            .run(&[
                "watch",
                BROKEN,
                "--until",
                until,
                "--timeout",
                "20s",
                "--interval",
                "1s",
            ])
            .with(code);
        if code == 9 {
            assert!(
                ended.err.contains(&format!(
                    "(ep_19e0d3aa) won't be {until}: it is failed, IMAGE_PULL_FAILED"
                )),
                "{}",
                ended.err
            );
            assert!(
                ended.err.contains("`novita-edit show ep_19e0d3aa` tells more."),
                "{}",
                ended.err
            );
        }
    }
    let user = user(Pace::manual(), 500);
    user.run(&[
        "watch",
        BROKEN,
        "--until",
        "stopped",
        "--timeout",
        "2s",
        "--interval",
        "1s",
    ])
    .with(7);
}

#[test]
fn several_are_told_by_name_and_the_exit_code_is_that_of_the_first_that_is_not_there() {
    let user = user(Pace::manual(), 1000);
    let ended = user.run(&["watch", LLAMA, COMFY, LLAMA, "--until", "healthy"]).with(0);
    for name in ["llama-3-8b", "comfy-render-eu"] {
        let line = ended.out.lines().find(|line| line.contains(name)).unwrap();
        assert_eq!(line[10..].split_whitespace().nth(1), Some("endpoint"), "{line}");
    }
    assert_eq!(
        ended.out.matches("endpoint ").count(),
        2,
        "named twice, told once: {}",
        ended.out
    );
    let arguments = ["--until", "healthy", "--interval", "1s", "--timeout", "30s"];
    let broken = [&["watch", LLAMA, BROKEN, COMFY][..], &arguments].concat();
    let ended = user.run(&broken).with(9);
    assert!(ended.out.contains("comfy-render-eu"), "the others go on: {}", ended.out);
    let json = user
        .run(&["watch", LLAMA, COMFY, "--until", "serving", "-o", "json"])
        .with(0)
        .out;
    let ids: std::collections::BTreeSet<String> = json
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 2, "{json}");
    let ended = user.run(&["watch", LLAMA, "nobody", "--until", "healthy"]).with(3);
    assert_eq!(ended.out, "", "nothing is watched then");
    user.run(&["watch"]).with(2);
}

#[test]
fn more_than_eight_are_waited_for_at_a_time() {
    let user = user(Pace::manual(), 1000);
    let mut arguments = vec!["watch".to_owned()];
    for at in 0..12 {
        let mut endpoint = user.server.endpoint(LLAMA).unwrap();
        let id = format!("ep_more_{at}");
        endpoint["id"] = json!(id);
        endpoint["name"] = json!(format!("more-{at}"));
        endpoint["state"]["state"] = json!("updating");
        user.server.add_endpoint(endpoint);
        arguments.push(id);
    }
    arguments.extend(["--until", "serving", "--timeout", "6s", "--interval", "1s"].map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ended = user.run(&arguments).with(7);
    assert_eq!(ended.out.matches("endpoint  ").count(), 12, "{}", ended.out);
    assert_eq!(
        ended.err.matches("was not serving within 6 s").count(),
        12,
        "{}",
        ended.err
    );
}

#[test]
fn on_a_terminal_several_stand_in_one_table() {
    let user = user(Pace::manual(), 1000);
    let arguments = ["watch", LLAMA, COMFY, "--until", "stopped", "--interval", "1s"];
    let stop = || {
        for id in [LLAMA, COMFY] {
            user.server
                .edit(id, |endpoint| endpoint["state"] = json!({"state": "stopped"}));
        }
    };
    let shown = user.asked(80, &arguments, "Until stopped", stop, "\n");
    assert_eq!(shown.code, 0);
    let screen = shown.screen(24, 80);
    assert_eq!(screen.matches("ENDPOINT").count(), 1, "{screen}");
    for text in ["llama-3-8b ", "comfy-render-eu ", "stopped", "2/3", "  wk_"] {
        assert!(screen.contains(text), "{text} in\n{screen}");
    }
    assert!(!screen.contains("Ctrl-C"), "it has ended: {screen}");
}

#[test]
fn an_image_whose_workers_come_yet_is_not_forgotten_for_a_save_of_their_number() {
    for waits in [&["--wait"][..], &[]] {
        let user = user(slow(), 30_000);
        save(&user, &[]).with(0);
        let number = ["set", LLAMA, "workerConfig.maxNum=6", "--yes"];
        let mut ended = user.run(&[&number, waits].concat()).with(0);
        if waits.is_empty() {
            ended = user
                .run(&["watch", LLAMA, "--until", "healthy", "--interval", "1s"])
                .with(0);
        }
        assert!(ended.err.contains("new workers are healthy."), "{}", ended.err);
        let images = user.server.endpoint(LLAMA).unwrap();
        assert_eq!(images["image"]["image"], "vllm/vllm-openai:v0.7.0");
        assert_eq!(
            workers(&user, LLAMA).iter().filter(|word| *word == "running+").count(),
            3
        );
    }
}

#[test]
fn a_page_of_something_on_the_way_is_waited_through() {
    let user = user(slow(), 30_000);
    let page = Fault::Instead(novita_edit::demo::Reply::html(200, "Maintenance"));
    user.server.faults().add(Call::Load, When::nth(5), page.clone());
    user.server.faults().add(Call::Load, When::nth(6), page);
    let ended = save(&user, &["--wait"]).with(0);
    assert!(ended.err.contains("Still looking."), "{}", ended.err);
    assert!(ended.err.contains("all 3 new workers are healthy."), "{}", ended.err);
}

#[test]
fn what_somebody_changed_since_is_a_warning() {
    let user = user(Pace::fast(), 500);
    save(&user, &[]).with(0);
    let changed = user
        .server
        .edit(LLAMA, |endpoint| endpoint["image"]["image"] = json!("acme/other:3"));
    assert!(changed);
    let ended = user
        .run(&["watch", LLAMA, "--until", "healthy", "--interval", "1s"])
        .with(0);
    assert!(
        ended.err.starts_with("warning: llama-3-8b (ep_7f3a91c2) is healthy: ")
            && ended
                .err
                .ends_with("; the configuration is not the one that was saved: somebody changed it since.\n"),
        "{}",
        ended.err
    );
}

#[test]
fn an_interrupt_while_waiting_says_that_what_was_saved_is_stored() {
    let user = user(slow(), 30_000);
    let mut child = user.start(&["set", LLAMA, NEW_IMAGE, "--yes", "--wait"]);
    let mut lines = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    while !told.contains("no new worker yet") {
        assert!(
            std::io::BufRead::read_line(&mut lines, &mut told).unwrap() > 0,
            "{told}"
        );
    }
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    std::io::Read::read_to_string(&mut lines, &mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{told}");
    assert!(
        told.contains("Interrupted while waiting: what is told above as saved is stored."),
        "{told}"
    );
}

#[test]
fn a_save_that_is_not_shown_yet_is_counted_from() {
    let user = user(slow(), 30_000);
    user.server
        .faults()
        .add(Call::Update, When::next(1), Fault::StaleFor(Duration::from_secs(6)));
    let child = user.start(&["set", LLAMA, NEW_IMAGE, "--yes"]);
    while !user.server.requests().iter().any(|one| one.call == Some(Call::Update)) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    child.wait_with_output().unwrap();
    let ended = user
        .run(&["watch", LLAMA, "--until", "healthy", "--interval", "1s"])
        .with(0);
    assert!(ended.out.contains("the answer is older than the save"), "{}", ended.out);
    assert!(ended.err.contains("all 3 new workers are healthy."), "{}", ended.err);
}
