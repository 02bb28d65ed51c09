//! States and workers that move after a change, on a clock that only the test moves.

use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Pace, When};
use serde_json::Value;

use crate::{FAILED, LLAMA, SECOND, body, body_with, load, plain, update};

fn state(server: &DemoServer, id: &str) -> String {
    let read = load(server, id).json();
    read["endpoint"]["state"]["state"].as_str().unwrap().to_owned()
}

fn workers(server: &DemoServer) -> Vec<Value> {
    let read = load(server, LLAMA).json();
    read["endpoint"]["workers"].as_array().unwrap().clone()
}

fn count(server: &DemoServer, state: &str) -> usize {
    workers(server)
        .iter()
        .filter(|it| it["state"]["state"] == state)
        .count()
}

fn healthy(server: &DemoServer) -> usize {
    workers(server).iter().filter(|it| it["healthy"] == true).count()
}

/// The seeded configuration with other worker numbers: nothing that workers run on changes.
fn scaled(server: &DemoServer, min: u64, max: u64) -> Value {
    let mut sent = server.endpoint(LLAMA).unwrap();
    sent["workerConfig"]["minNum"] = min.into();
    sent["workerConfig"]["maxNum"] = max.into();
    sent
}

#[test]
fn an_updated_endpoint_is_updating_and_then_serving() {
    let server = plain();
    assert_eq!(state(&server, LLAMA), "serving");
    update(&server, &body());
    assert_eq!(state(&server, LLAMA), "updating");
    server.advance(19 * SECOND);
    assert_eq!(state(&server, LLAMA), "updating");
    server.advance(SECOND);
    assert_eq!(state(&server, LLAMA), "serving");
}

#[test]
fn new_workers_are_pending_then_running_then_healthy() {
    let server = plain();
    let sent = scaled(&server, 5, 5);
    update(&server, &sent);
    assert_eq!(
        (count(&server, "pending"), count(&server, "running"), healthy(&server)),
        (2, 3, 2)
    );
    server.advance(30 * SECOND);
    assert_eq!(
        (count(&server, "pending"), count(&server, "running"), healthy(&server)),
        (0, 5, 2)
    );
    assert!(workers(&server)[5].get("readyAt").is_none());
    server.advance(60 * SECOND);
    assert_eq!((count(&server, "running"), healthy(&server)), (5, 4));
    assert!(workers(&server)[5]["readyAt"].is_string());
}

#[test]
fn surplus_workers_are_listed_as_removed_for_ten_minutes() {
    let server = plain();
    assert_eq!(count(&server, "removed"), 1);
    let sent = scaled(&server, 1, 1);
    update(&server, &sent);
    assert_eq!(
        (count(&server, "running"), count(&server, "removed"), healthy(&server)),
        (1, 3, 1)
    );
    assert!(workers(&server)[1]["deletedAt"].is_string());
    server.advance(599 * SECOND);
    assert_eq!(count(&server, "removed"), 3);
    server.advance(SECOND);
    assert_eq!((workers(&server).len(), count(&server, "running")), (1, 1));
}

#[test]
fn a_change_of_what_runs_replaces_the_workers_once_new_ones_are_healthy() {
    let server = plain();
    update(&server, &body_with("/image/image", "vllm/vllm-openai:v0.7.0".into()));
    assert_eq!((count(&server, "pending"), count(&server, "running")), (3, 3));
    assert_eq!(workers(&server)[0]["drain"], true);
    server.advance(90 * SECOND);
    assert_eq!(
        (count(&server, "running"), count(&server, "removed"), healthy(&server)),
        (3, 4, 3)
    );
    server.advance(600 * SECOND);
    assert_eq!(workers(&server).len(), 3);
}

#[test]
fn a_failed_endpoint_stays_so_until_what_it_runs_on_is_changed() {
    let server = plain();
    let mut sent = server.endpoint(FAILED).unwrap();
    sent["workerConfig"]["maxNum"] = 3.into();
    update(&server, &sent);
    assert_eq!(state(&server, FAILED), "updating");
    server.advance(20 * SECOND);
    assert_eq!(state(&server, FAILED), "failed");

    sent["image"]["image"] = "acme/whisper-server:1.4.0".into();
    update(&server, &sent);
    server.advance(90 * SECOND);
    assert_eq!(state(&server, FAILED), "serving");
    let read = load(&server, FAILED).json();
    let workers = read["endpoint"]["workers"].as_array().unwrap();
    assert_eq!(workers.iter().filter(|it| it["healthy"] == true).count(), 2);
    assert!(workers.iter().all(|it| it["state"]["state"] != "failed"));
}

#[test]
fn a_frozen_clock_moves_only_when_it_is_advanced() {
    let nanosecond = std::time::Duration::from_nanos(1);
    let pace = Pace {
        updating: nanosecond,
        ..Pace::manual()
    };
    let server = DemoServer::start(DemoOptions {
        pace,
        ..DemoOptions::default()
    })
    .unwrap();
    update(&server, &body());
    assert_eq!(state(&server, LLAMA), "updating");
    server.advance(nanosecond);
    assert_eq!(state(&server, LLAMA), "serving");
}

#[test]
fn a_fast_pace_has_arrived_by_the_next_read() {
    let server = DemoServer::start(DemoOptions {
        pace: Pace::fast(),
        ..DemoOptions::default()
    })
    .unwrap();
    let sent = scaled(&server, 5, 5);
    update(&server, &sent);
    assert_eq!(state(&server, LLAMA), "serving");
    assert_eq!((workers(&server).len(), count(&server, "running")), (5, 5));
}

#[test]
fn somebody_elses_edit_doesnt_stop_what_moves() {
    let server = plain();
    let sent = scaled(&server, 5, 5);
    update(&server, &sent);
    assert!(server.edit(LLAMA, |endpoint| endpoint["name"] = "renamed".into()));
    assert_eq!(
        (state(&server, LLAMA).as_str(), count(&server, "pending")),
        ("updating", 2)
    );
    server.advance(90 * SECOND);
    assert_eq!((state(&server, LLAMA).as_str(), healthy(&server)), ("serving", 4));
    assert_eq!(server.endpoint(LLAMA).unwrap()["name"], "renamed");
}

#[test]
fn a_state_that_somebody_sets_stays() {
    let server = plain();
    update(&server, &body());
    server.edit(LLAMA, |endpoint| endpoint["state"]["state"] = "deleting".into());
    assert_eq!(state(&server, LLAMA), "deleting");
    server.advance(600 * SECOND);
    assert_eq!(state(&server, LLAMA), "deleting");
    assert!(!server.edit("ep_none", |_| {}));
}

#[test]
fn a_server_may_go_on_to_say_serving_with_the_workers_that_it_had() {
    let server = DemoServer::start(DemoOptions {
        pace: Pace {
            noticing: 3 * SECOND,
            draining: 10 * SECOND,
            ..Pace::manual()
        },
        ..DemoOptions::default()
    })
    .unwrap();
    let before = workers(&server).len();
    update(&server, &body_with("/image/image", "vllm/vllm-openai:v0.7.0".into()));
    server.advance(2 * SECOND);
    assert_eq!(
        (state(&server, LLAMA).as_str(), workers(&server).len()),
        ("serving", before)
    );
    server.advance(SECOND);
    assert_eq!(
        (state(&server, LLAMA).as_str(), count(&server, "pending")),
        ("updating", 3)
    );
    server.advance(99 * SECOND);
    assert_eq!(
        (count(&server, "running"), healthy(&server)),
        (6, 5),
        "the old ones drain beside them"
    );
    server.advance(SECOND);
    assert_eq!((count(&server, "running"), healthy(&server)), (3, 3));
}

#[test]
fn a_rollout_that_fails_leaves_an_error_on_the_new_workers_and_the_old_ones_where_they_are() {
    for endpoint in [true, false] {
        let server = plain();
        let fault = Fault::FailRollout {
            endpoint,
            error: "IMAGE_PULL_FAILED".into(),
            message: "no such tag".into(),
        };
        server.faults().add(Call::Update, When::next(1), fault);
        update(&server, &body_with("/image/image", "vllm/vllm-openai:v0.7.0".into()));
        assert_eq!(
            (state(&server, LLAMA).as_str(), count(&server, "pending")),
            ("updating", 3)
        );
        server.advance(90 * SECOND);
        let word = if endpoint { "failed" } else { "serving" };
        assert_eq!((state(&server, LLAMA).as_str(), count(&server, "running")), (word, 3));
        let ill = workers(&server);
        let ill: Vec<&Value> = ill.iter().filter(|it| it["state"]["state"] == "failed").collect();
        assert_eq!(ill.len(), 3);
        assert_eq!(ill[0]["state"]["error"], "IMAGE_PULL_FAILED");
        // What is mended afterwards comes up again.
        update(&server, &body_with("/image/image", "vllm/vllm-openai:v0.7.1".into()));
        server.advance(90 * SECOND);
        assert_eq!(
            (state(&server, LLAMA).as_str(), count(&server, "failed")),
            ("serving", 0)
        );
    }
}
