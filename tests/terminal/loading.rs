//! Endpoints that can't be opened, and limits that can't be had.

use std::net::TcpListener;

use novita_edit::demo::{Call, DemoOptions, Fault, Reply, When};

use crate::harness::{ENTER, LLAMA, Session, Start, posts, server, server_with};

/// The sentence is shown; `o` goes to the picker, and `q` there quits.
fn leads_to_the_picker(mut session: Session, sentences: &[&str]) {
    for sentence in sentences {
        session.wait_for(sentence);
    }
    session.type_and_see("o", "Choose an endpoint");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

fn load_answered(reply: Fault, sentences: &[&str]) {
    let server = server();
    server.faults().add(Call::Load, When::always(), reply);
    leads_to_the_picker(Start::editor(&server.base_url()).arg(LLAMA).spawn(), sentences);
}

#[test]
fn an_unknown_id_is_told() {
    let server = server();
    let mut session = Start::editor(&server.base_url()).arg("ep_nowhere").spawn();
    session.wait_for("No endpoint has the id or the name ep_nowhere. Choose one:");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn a_name_opens_the_endpoint_that_has_it() {
    let server = server();
    let mut session = Start::editor(&server.base_url()).arg("comfy-render-eu").spawn();
    session.wait_for("ep_b40c55de");
    session.wait_for("Enter edit");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn a_wrong_key_is_told_without_showing_it() {
    let server = server_with(DemoOptions {
        keys: Some(vec!["another".to_owned()]),
        ..DemoOptions::default()
    });
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).spawn();
    session.wait_for("HTTP 401 INVALID_API_KEY");
    session.wait_for("The API key was taken from environment variable NOVITA_API_KEY");
    session.type_and_see("o", "Choose an endpoint");
    session.wait_for("HTTP 401 INVALID_API_KEY");
    assert!(!session.ever_showed("sk_test", 0), "the key was shown");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn a_forbidden_key_is_told() {
    load_answered(
        Fault::Instead(Reply::error(403, "API_NOT_ALLOWED", "not for you")),
        &[
            "HTTP 403 API_NOT_ALLOWED",
            "The API key was taken from environment variable NOVITA_API_KEY",
        ],
    );
}

#[test]
fn an_html_page_is_told() {
    load_answered(
        Fault::Instead(Reply::html(200, "Welcome to the proxy")),
        &[
            "The answer is an HTML page",
            "Welcome to the proxy",
            "Check that the base URL",
        ],
    );
}

#[test]
fn broken_json_is_told() {
    load_answered(
        Fault::Instead(Reply::status(200).body("application/json", "{\"endpoint\": }")),
        &["The answer is not JSON: line 1"],
    );
}

#[test]
fn json_cut_off_in_the_middle_is_told() {
    load_answered(Fault::Truncate, &["its JSON ends in the middle", "Try again."]);
}

#[test]
fn a_word_for_a_number_is_told_with_its_path() {
    let server = server();
    server.edit(LLAMA, |endpoint| {
        endpoint["workerConfig"]["maxNum"] = serde_json::json!("five");
    });
    leads_to_the_picker(
        Start::editor(&server.base_url()).arg(LLAMA).spawn(),
        &["workerConfig.maxNum can't be read", "\"five\"", "It was not opened"],
    );
}

#[test]
fn a_refused_connection_is_told() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut session = Start::editor(&format!("http://127.0.0.1:{port}/v1")).arg(LLAMA).spawn();
    session.wait_for(&format!("127.0.0.1:{port} refused the connection; nothing was sent."));
    session.type_and_see("o", "Choose an endpoint");
    session.wait_for("refused the connection");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn an_endpoint_that_could_not_be_read_opens_when_asked_again() {
    let server = server();
    let busy = Fault::Instead(Reply::error(429, "RATE_LIMIT_EXCEEDED", "slow down").header("Retry-After", "3"));
    server.faults().add(Call::Load, When::next(1), busy);
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).spawn();
    session.wait_for("Wait 3 s, then try again.");
    session.type_and_see("r", "0–10");
}

#[test]
fn without_limits_the_form_says_so_and_works() {
    let server = server();
    let failing = Fault::Instead(Reply::error(500, "UNKNOWN", "no limits today"));
    server.faults().add(Call::Limits, When::always(), failing);
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).spawn();
    session.wait_for("! The account's limits are unknown");
    session.wait_for("range ?");
    session.set_max_workers(9);
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(posts(&server).len(), 1);
    session.type_and_see(ENTER, "! The account's limits are unknown");
    server.faults().clear();
    session.type_and_see("r", "0–10");
    session.wait_gone("limits are unknown");
}
