//! Endpoints that are not as they should be, and servers that say things their own way.

use std::time::Duration;

use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Integers, Quirks, UpdateAnswer, When, Zeros};
use serde_json::{Value, json};

use crate::harness::{ENTER, LLAMA, Session, Start, posts, server, server_with};

/// The form on an endpoint that was changed like this.
fn form_of(edit: impl FnOnce(&mut Value)) -> (DemoServer, Session) {
    let server = server();
    assert!(server.edit(LLAMA, edit));
    let session = Session::form(&server.base_url());
    (server, session)
}

/// The field is in error until this is typed into it; then it is saved.
fn mended_and_saved(server: &DemoServer, session: &mut Session, field: &str, sentence: &str, keys: &str) {
    session.find(field);
    session.wait_for(sentence);
    session.type_and_see("w", "to the first error");
    session.type_and_see(ENTER, "Nothing was sent.");
    assert_eq!(posts(server), []);
    session.type_and_see(keys, "Enter take");
    session.type_and_see(ENTER, "Enter edit");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(posts(server).len(), 1);
}

#[test]
fn two_ports_are_an_error_until_one_is_entered() {
    let (server, mut session) = form_of(|endpoint| endpoint["ports"] = json!([{"port": "8000"}, {"port": "9000"}]));
    mended_and_saved(&server, &mut session, "http port", "several ports (8000, 9000)", "9000");
    assert_eq!(server.endpoint(LLAMA).unwrap()["ports"], json!([{"port": "9000"}]));
}

#[test]
fn without_a_policy_one_has_to_be_chosen() {
    let (server, mut session) = form_of(|endpoint| endpoint["policy"] = Value::Null);
    session.find("policy type");
    session.wait_for("Policy type: is not set");
    session.type_and_see("w", "to the first error");
    session.type_and_see(ENTER, "Nothing was sent.");
    session.type_and_see(ENTER, "(concurrency)");
    // Nothing is picked silently: one of the two has to be pointed at.
    session.type_and_see("q", "› queue wait (queue)");
    session.send(ENTER);
    session.wait_gone("(concurrency)");
    session.find("policy value");
    session.type_and_see("30", "Enter take");
    session.type_and_see(ENTER, "Enter edit");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(
        server.endpoint(LLAMA).unwrap()["policy"],
        json!({"type": "queue", "value": 30})
    );
}

#[test]
fn an_unknown_volume_type_is_an_error_on_its_row() {
    let (server, mut session) = form_of(|endpoint| endpoint["volumeMounts"][0]["type"] = json!("nfs"));
    session.type_and_see("n", "\"nfs\" is neither local nor network");
    session.type_and_see("w", "to the first error");
    session.type_and_see(ENTER, "Nothing was sent.");
    assert_eq!(posts(&server), []);
}

#[test]
fn a_loaded_value_outside_todays_range_is_a_warning() {
    let (_server, mut session) = form_of(|endpoint| endpoint["workerConfig"]["maxNum"] = json!(20));
    session.find("max w");
    session.wait_for("! Max workers: 20 is above 10");
    session.type_and_see("w", "Nothing is changed");
    // The body stands in front; the list of changes, with the problems, is two views back.
    session.type_and_see("\x1b[Z\x1b[Z", "! Max workers: 20 is above 10");
    assert!(!session.shows("to the first error"));
}

#[test]
fn the_story_goes_with_a_server_of_many_quirks() {
    let server = server_with(DemoOptions {
        quirks: Quirks {
            integers: Integers::Strings,
            zeros: Zeros::Null,
            port_as_number: true,
            metrics_as_string: true,
            extra_keys: true,
            limits_without_request_timeout: true,
            unwrapped: true,
            page_cap: Some(1),
            update_answer: UpdateAnswer::NoContent,
            ..Quirks::default()
        },
        ..DemoOptions::default()
    });
    let before = server.endpoint(LLAMA).unwrap();
    let mut session = Start::editor(&server.base_url()).spawn();
    session.wait_for("3 of 3");
    session.type_and_see(ENTER, "0–10");
    session.set_max_workers(8);
    session.review_and_send();
    // The unknown keys may be settings.
    session.wait_for("Before the first save");
    std::thread::sleep(std::time::Duration::from_millis(500));
    session.type_and_see(ENTER, "✓ Saved: every sent field read back as sent.");
    let mut after = server.endpoint(LLAMA).unwrap();
    assert_eq!(after["workerConfig"]["maxNum"], 8);
    after["workerConfig"]["maxNum"] = before["workerConfig"]["maxNum"].clone();
    for key in [
        "name",
        "clusterID",
        "workerConfig",
        "ports",
        "policy",
        "image",
        "volumeMounts",
        "envs",
        "healthy",
    ] {
        assert_eq!(after[key], before[key], "{key} changed though nobody touched it");
    }
}

#[test]
fn a_server_that_takes_too_long_is_told_with_the_time() {
    let server = server();
    let slow = Fault::DelayBefore(Duration::from_secs(15));
    server.faults().add(Call::Load, When::always(), slow);
    let mut session = Start::editor(&server.base_url())
        .config("[timeouts]\nrequest = 1\ntotal = 2\n")
        .arg(LLAMA)
        .spawn();
    session.wait_for("did not answer GET /endpoint within");
    session.wait_for("raise the request time-out");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}
