//! What is asked once is not asked again: neither in this session nor in the next.

use std::time::Duration;

use novita_edit::demo::{Call, Fault, When, give_newer_settings};
use serde_json::json;

use crate::harness::{ENTER, LLAMA, Session, posts, server};

#[test]
fn settings_are_asked_about_and_a_masked_value_is_called_meant_once_for_an_endpoint() {
    let server = server();
    server.edit(LLAMA, |endpoint| {
        give_newer_settings(endpoint);
        endpoint["envs"][0]["value"] = json!("hf_****ken");
    });
    let mut session = Session::form(&server.base_url());
    session.find("HF_TOKEN");
    session.wait_for("HF_TOKEN value: looks masked, and would replace the real one");
    session.type_and_see("A", "The value of HF_TOKEN is meant as it is");
    session.set_max_workers(8);
    session.type_and_see("w", "12 settings that no update carries");
    session.type_and_see(ENTER, "Before the first save");
    assert_eq!(posts(&server), []);
    server
        .faults()
        .add(Call::Update, When::next(1), Fault::reset_settings());
    // A key counts here once the question could be read.
    std::thread::sleep(Duration::from_millis(500));
    session.type_and_see(ENTER, "✓ Saved");
    session.wait_for("queueConfig.maxPending changed");
    session.type_and_see(ENTER, "Max workers 8 ");
    let home = session.home.clone();
    session.send("q");
    assert_eq!(session.exit_code(), 0);

    // The settings are back, and neither is asked again.
    server.edit(LLAMA, give_newer_settings);
    let mut session = Session::form_in(&home, &server.base_url());
    session.set_max_workers(7);
    let since = session.mark();
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert!(!session.ever_showed("Before the first save", since));
    assert_eq!(posts(&server).len(), 2);
}
