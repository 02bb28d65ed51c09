//! Values that a server hides on read are never written back unasked.

use novita_edit::demo::{DemoOptions, EnvValues, Pace, Quirks};
use serde_json::json;

use crate::run::{LLAMA, TOKEN, User};
use crate::writing::{max, posts};

/// The failed endpoint, which has three variables.
const WHISPER: &str = "ep_19e0d3aa";
const NAMES: &str = "WHISPER_MODEL,COMPUTE_TYPE,VAD_FILTER";

fn hiding(env_values: EnvValues) -> User {
    User::with(DemoOptions {
        pace: Pace::fast(),
        quirks: Quirks {
            env_values,
            ..Quirks::default()
        },
        ..DemoOptions::default()
    })
}

/// The variable of the pictured endpoint has this value.
fn holding(value: &str) -> User {
    let user = User::new();
    user.server
        .edit(LLAMA, |endpoint| endpoint["envs"][0]["value"] = json!(value));
    user
}

#[test]
fn a_loaded_value_that_looks_masked_keeps_everything_from_being_sent() {
    for env_values in [
        EnvValues::Instead("***"),
        EnvValues::Instead("xxxxxxxx"),
        EnvValues::Instead("......"),
        EnvValues::Instead("<redacted>"),
        EnvValues::Instead("[REDACTED]"),
        EnvValues::Instead("(hidden)"),
        EnvValues::Middle,
        EnvValues::Bullets,
    ] {
        let user = hiding(env_values);
        let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(4);
        let told = "error envs[0].value: looks masked, and would replace the real one";
        assert!(ended.err.contains(told), "{env_values:?}: {}", ended.err);
        assert!(ended.err.contains("--allow-masked NAME says"), "{}", ended.err);
        assert_eq!(posts(&user), [], "{env_values:?}");
        assert_eq!(user.server.endpoint(LLAMA).unwrap()["envs"][0]["value"], TOKEN);
    }
}

#[test]
fn what_is_said_to_be_meant_is_sent_and_said_once() {
    let user = hiding(EnvValues::Instead("***"));
    let scale = |more: &[&str]| {
        let scale = ["scale", WHISPER, "--yes", "--max"];
        user.run(&[scale.as_slice(), more].concat())
    };
    let ended = scale(&["3", "--allow-masked", "WHISPER_MODEL,COMPUTE_TYPE"]).with(4);
    assert!(
        ended.err.contains("envs[2].value") && !ended.err.contains("envs[0].value"),
        "{}",
        ended.err
    );
    let ended = scale(&["3", "--allow-masked", NAMES, "--allow-masked", "NO_SUCH"]).with(0);
    let told = "--allow-masked NO_SUCH: no variable of that name has a value that looks masked.";
    assert!(ended.err.contains(told), "{}", ended.err);
    assert_eq!(max(&user, WHISPER), json!(3));
    assert_eq!(user.server.endpoint(WHISPER).unwrap()["envs"][0]["value"], "***");
    scale(&["4"]).with(0);
    // Who only reads knows it, too.
    user.run(&["validate", WHISPER]).with(0);
    let body = user.run(&["get", WHISPER, "--reveal"]).with(0);
    assert_eq!(body.err, "");
    user.run_with(&["validate", "-f", "-"], &body.out).with(0);
    assert!(!user.run(&["show", WHISPER]).with(0).out.contains("looks masked"));
    user.run(&["validate", LLAMA]).with(4);
    // The same text as another variable's value is another question.
    user.server
        .edit(WHISPER, |endpoint| endpoint["envs"][0]["key"] = json!("OTHER"));
    scale(&["5"]).with(4);
    // Said for one endpoint only.
    user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(4);
}

#[test]
fn what_set_gives_is_typed_and_what_apply_reads_is_not() {
    let user = User::new();
    user.run(&["set", LLAMA, "envs.MARK=***", "--yes"]).with(0);
    let envs = user.server.endpoint(LLAMA).unwrap()["envs"].clone();
    assert_eq!(envs.as_array().unwrap().last().unwrap()["value"], "***");
    // It was saved, so it is known to be meant.
    user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(0);
    let body = user.run(&["get", LLAMA, "--reveal"]).with(0).out;
    let masked = body.replace(TOKEN, "hf_****ken");
    let ended = user.run_with(&["apply", "-f", "-", "--yes"], &masked).with(4);
    assert!(
        ended
            .err
            .starts_with("standard input:42:16: error: envs[0].value: looks masked"),
        "{}",
        ended.err
    );
    assert_eq!(user.server.endpoint(LLAMA).unwrap()["envs"][0]["value"], TOKEN);
    user.run_with(&["apply", "-f", "-", "--yes", "--allow-masked", "HF_TOKEN"], &masked)
        .with(0);
    assert_eq!(user.server.endpoint(LLAMA).unwrap()["envs"][0]["value"], "hf_****ken");
}

#[test]
fn a_masked_value_is_not_brought_back_by_rollback_unasked() {
    let user = holding("hf_****ken");
    user.run(&["set", LLAMA, "envs.HF_TOKEN=real", "--yes"]).with(0);
    let ended = user.run(&["rollback", LLAMA, "--yes"]).with(4);
    assert!(ended.err.contains("looks masked"), "{}", ended.err);
    user.run(&["rollback", LLAMA, "--yes", "--allow-masked", "HF_TOKEN"])
        .with(0);
}

#[test]
fn another_value_or_none_is_a_way_out() {
    let user = holding("[REDACTED]");
    user.run(&["set", LLAMA, "envs.HF_TOKEN=real", "--yes"]).with(0);
    let user = holding("[REDACTED]");
    user.run(&["set", LLAMA, "envs.HF_TOKEN-", "--yes"]).with(0);
}

#[test]
fn empty_values_are_an_error_only_where_there_were_others_by_ones_own_history() {
    let user = hiding(EnvValues::Instead(""));
    let ended = user.run(&["scale", WHISPER, "--max", "3", "--dry-run"]).with(0);
    assert!(ended.out.contains("\"maxNum\": 3"), "{}", ended.out);
    let shown = user.run(&["validate", WHISPER]).with(0);
    assert!(
        shown
            .out
            .contains("warning envs[0].value: the values of all 3 variables are empty"),
        "{}",
        shown.out
    );

    let user = User::new();
    user.run(&["set", WHISPER, "name=known", "--yes"]).with(0);
    user.server.edit(WHISPER, |endpoint| {
        for env in endpoint["envs"].as_array_mut().unwrap() {
            env["value"] = json!("");
        }
    });
    let ended = user.run(&["scale", WHISPER, "--max", "3", "--yes"]).with(4);
    let told = "error envs[0].value: is empty, and was not when something was sent from here";
    assert!(
        ended.err.contains(told) && ended.err.contains("envs[2].value"),
        "{}",
        ended.err
    );
    let scale = ["scale", WHISPER, "--max", "3", "--yes"];
    let ended = user
        .run(&[scale.as_slice(), &["--allow-masked", NAMES]].concat())
        .with(0);
    assert!(ended.err.is_empty() || !ended.err.contains("error"), "{}", ended.err);
}
