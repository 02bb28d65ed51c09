//! The story of the main job, from the picker to the proof that it was stored.

use novita_edit::api::wire;
use novita_edit::demo::{DemoOptions, DemoServer};
use novita_edit::endpoint::{EndpointConfig, EnvVar, Number, body};

use crate::harness::{CTRL_U, ENTER, ESC, LLAMA, OLD_TOKEN, Session, Start, posts, server, server_with};

/// What the server holds, read as the program reads it.
fn stored(server: &DemoServer) -> EndpointConfig {
    let stored = server.endpoint(LLAMA).unwrap().to_string();
    wire::endpoint(stored.as_bytes(), LLAMA).unwrap().config
}

fn the_whole_story(base_path: &str, on_the_wire: &str) {
    let server = server_with(DemoOptions {
        base_path: base_path.to_owned(),
        ..DemoOptions::default()
    });
    let mut expected = stored(&server);
    expected.workers.max_num = Number::of(8);
    expected.envs[0] = EnvVar::new("HF_TOKEN", "newvalue");
    let expected = body::text(&expected);

    let mut session = Start::editor(&server.base_url()).spawn();
    session.wait_for("3 of 3");
    session.wait_for("llama-3-8b");
    session.type_and_see(ENTER, "0–10");

    session.find("max w");
    session.type_and_see(ENTER, "Ctrl-U clear");
    session.type_and_see(&format!("{CTRL_U}12"), "12 is above 10");
    session.type_and_see(ENTER, "Enter edit");
    session.wait_for(
        "✗ Max workers: 12 is above 10, the most this account may have (parameter limits). It was 5 when loaded.",
    );
    session.type_and_see("w", "to the first error");
    session.wait_for("12 is above 10");
    session.type_and_see(ENTER, "Nothing was sent.");
    session.wait_for("Max workers *12");
    assert_eq!(posts(&server), [], "an error was sent");

    session.type_and_see("8", "Ctrl-U clear");
    session.type_and_see(ENTER, "Max workers *8");
    session.find("hf_token");
    session.type_and_see(ENTER, "Edit env");
    session.type_and_see(&format!("{CTRL_U}newvalue"), "newvalue");
    session.send(ENTER);
    session.wait_gone("Edit env");
    session.wait_gone("newvalue");
    let masked_from = session.mark();

    session.type_and_see("w", "2 changes:");
    session.wait_for("Max workers 5 → 8");
    session.wait_for("HF_TOKEN •••••• → ••••••");
    for (view, text) in [
        ("Diff", "@@"),
        ("Body", "\"clusterID\""),
        ("curl", "curl --request POST"),
    ] {
        session.send("\t");
        session.wait_for(text);
        assert!(session.shows(view));
    }
    session.type_and_see("\t", "2 changes:");
    session.type_and_see(ENTER, "✓ Saved: every sent field read back as sent.");
    assert!(!session.ever_showed("newvalue", masked_from), "the new value showed");
    assert!(!session.ever_showed(OLD_TOKEN, 0), "the old value showed");

    let sent = posts(&server);
    assert_eq!(sent.len(), 1, "sent more than once");
    assert_eq!(String::from_utf8_lossy(&sent[0].body), expected);
    assert_eq!(sent[0].target, format!("{on_the_wire}/endpoint/update"));
    assert_eq!(body::text(&stored(&server)), expected, "stored is what was sent");

    session.type_and_see(ENTER, "Enter edit");
    session.wait_gone("*8");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn the_whole_story_under_the_default_path() {
    the_whole_story("/gpu-instance/openapi/v1", "/gpu-instance/openapi/v1");
}

#[test]
fn the_whole_story_under_a_path_with_a_space() {
    the_whole_story("/proxy/a b/v1", "/proxy/a%20b/v1");
}

#[test]
fn the_whole_story_without_a_path() {
    the_whole_story("", "");
}

#[test]
fn the_unmasked_body_on_the_screen_is_sent_line_by_line() {
    let server = server();
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).size(120, 130).spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.type_and_see("w", "1 change:");
    session.type_and_see("\t", "@@");
    session.type_and_see("\t", "\"clusterID\"");
    session.type_and_see("V", OLD_TOKEN);
    let shown: Vec<String> = session
        .screen()
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    session.type_and_see(ENTER, "✓ Saved");
    let body = String::from_utf8(posts(&server).remove(0).body).unwrap();
    let first = shown.iter().position(|line| line == " {").unwrap();
    for (at, line) in body.lines().enumerate() {
        assert_eq!(shown[first + at], format!(" {line}"), "line {at} of the body");
    }
}

#[test]
fn enter_typed_in_one_go_with_the_review_key_sends_nothing() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session.type_and_see(&format!("w{ENTER}{ENTER}{ENTER}"), "Enter SEND");
    session.send(ESC);
    session.wait_for("Enter edit");
    assert_eq!(posts(&server), [], "keys sent a body that nobody could have seen");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn enter_pressed_many_times_sends_once() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session.type_and_see("w", "Enter SEND");
    session.send(&ENTER.repeat(5));
    session.wait_for("✓ Saved");
    session.type_and_see(ENTER, "Enter edit");
    session.type_and_see("w", "Nothing is changed: there is nothing to save.");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn without_a_change_the_review_says_so_shows_the_body_and_sends_nothing() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.type_and_see("w", "Nothing is changed: there is nothing to save.");
    session.wait_for("\"clusterID\": \"us-dallas-nas-2\"");
    session.type_and_see(ENTER, "there is nothing to send.");
    session.type_and_see("\x1b[Z", "No difference.");
    session.type_and_see("\x1b[Z", "No changes: the body is as the server has it.");
    assert_eq!(posts(&server), []);
}

#[test]
fn the_demo_needs_neither_key_nor_network() {
    let mut session = Start::program(env!("CARGO_BIN_EXE_novita-edit"))
        .arg("--demo")
        .env("NOVITA_API_KEY", "")
        .spawn();
    session.wait_for("3 of 3");
    session.wait_for("demo");
    session.type_and_see(ENTER, "0–10");
    session.set_max_workers(8);
    session.review_and_send();
    session.wait_for("✓ Saved");
}
