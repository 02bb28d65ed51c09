//! Choosing, rows of lists, and undo.

use serde_json::json;

use crate::harness::{CTRL_U, ENTER, ESC, LLAMA, Session, posts, server};

const CTRL_Y: &str = "\x19";

#[test]
fn another_policy_type_changes_the_range_of_its_value() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.wait_for("60 s 1–600");
    session.find("policy type");
    session.type_and_see(ENTER, "(concurrency)");
    session.send("\x1b[B");
    session.wait_for("› requests in queue (concurrency)");
    session.send(ENTER);
    session.wait_gone("(concurrency)");
    session.wait_for("1–100");
    session.wait_gone("60 s 1–600");
    session.find("policy value");
    session.type_and_see("101", "101 is above 100");
    session.type_and_see(CTRL_U, "Policy value: is blank, but required");
    session.type_and_see("20", "Ctrl-U clear");
    session.type_and_see(ENTER, "Enter edit");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(
        server.endpoint(LLAMA).unwrap()["policy"],
        json!({"type": "concurrency", "value": 20})
    );
}

#[test]
fn an_env_is_added_and_a_volume_deleted_and_brought_back() {
    let server = server();
    let before = server.endpoint(LLAMA).unwrap();
    let mut session = Session::form(&server.base_url());
    session.find("max_num_seqs");
    session.type_and_see("a", "New env");
    session.type_and_see("EXTRA", "EXTRA");
    session.send(ENTER);
    session.type_and_see("more", "more");
    session.send(ENTER);
    session.wait_gone("New env");
    session.wait_for("Environment 13");
    session.find("/models");
    session.send("d");
    session.wait_for("u brings it back");
    session.wait_for("Volumes 1");
    session.type_and_see("u", "Volumes 2");
    session.type_and_see("w", "1 change:");
    session.type_and_see(ENTER, "✓ Saved");
    let after = server.endpoint(LLAMA).unwrap();
    assert_eq!(after["volumeMounts"], before["volumeMounts"]);
    assert_eq!(after["envs"].as_array().unwrap().len(), 13);
    assert!(
        after["envs"]
            .as_array()
            .unwrap()
            .contains(&json!({"key": "EXTRA", "value": "more"}))
    );
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn esc_leaves_a_field_as_it_was_and_redo_brings_the_text_back() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.find("max w");
    session.type_and_see("7", "Ctrl-U clear");
    session.type_and_see(ESC, "Enter edit");
    session.wait_for("Max workers 5");
    session.type_and_see(CTRL_Y, "Max workers *7");
    session.send("u");
    session.wait_for("Max workers 5");
}

#[test]
fn a_value_that_is_the_mask_itself_is_not_sent() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.find("hf_token");
    session.type_and_see(ENTER, "Edit env");
    session.send(CTRL_U);
    session.paste("••••••");
    session.send(ENTER);
    session.wait_gone("Edit env");
    session.type_and_see("w", "to the first error");
    session.type_and_see(ENTER, "Nothing was sent.");
    assert_eq!(posts(&server), []);
}

#[test]
fn a_storage_of_another_cluster_is_chosen_by_its_name_and_brings_its_cluster() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.wait_for("hf-cache (stor_9)");
    session.find("/models");
    session.type_and_see(ENTER, "models-eu");
    session.type_and_see(CTRL_U, "render-scratch");
    session.type_and_see("scratch", "250 GB");
    session.wait_gone("models-eu");
    session.type_and_see("\x1b[B", "›stor_77a0");
    session.type_and_see(ENTER, "Another cluster");
    session.type_and_see("y", "u takes both back");
    session.review_and_send();
    session.wait_for("✓ Saved");
    let stored = server.endpoint(LLAMA).unwrap();
    assert_eq!(stored["clusterID"], json!("eu-frankfurt-nas-1"));
    assert_eq!(stored["volumeMounts"][1]["id"], json!("stor_77a0"));
}
