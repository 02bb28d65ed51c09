//! Questions at the terminal, and who may not be asked.

use novita_edit::demo::{Call, Fault, When};
use serde_json::json;

use crate::run::{LLAMA, User};
use crate::writing::{max, posts};

const QUESTION: &str = "Send this to llama-3-8b (ep_7f3a91c2) at 127.0.0.1:";

#[test]
fn a_yes_sends_after_a_look_whether_anything_changed() {
    let user = User::new();
    let shown = user.talk(80, &["scale", LLAMA, "--max", "8"], &[("[y/N]", "y\n")]);
    assert_eq!(shown.code, 0, "{}", shown.text());
    assert!(
        shown.text().contains(QUESTION) && shown.text().contains("Saved: llama-3-8b"),
        "{}",
        shown.text()
    );
    let loads = user
        .server
        .requests()
        .iter()
        .filter(|r| r.call == Some(Call::Load))
        .count();
    assert_eq!((max(&user, LLAMA), loads), (json!(8), 3), "read, checked, verified");
}

#[test]
fn what_was_typed_before_a_question_stood_there_is_no_answer_to_it() {
    let user = User::new();
    let slow = Fault::DelayBefore(std::time::Duration::from_millis(500));
    user.server.faults().add(Call::Load, When::nth(1), slow);
    let scale = ["scale", LLAMA, "--max", "8"];
    let shown = user.talk(80, &scale, &[("", "y\ny\n"), (QUESTION, "n\n")]);
    assert_eq!(shown.code, 130, "{}", shown.text());
    assert_eq!(posts(&user), []);
    // Nor is what was typed beyond the first answer one to the second question, about somebody else's change.
    let renamed = Fault::change_before(LLAMA, |endpoint| endpoint["name"] = json!("renamed"));
    user.server.faults().clear();
    user.server.faults().add(Call::Load, When::nth(2), renamed);
    let shown = user.talk(80, &scale, &[(QUESTION, "y\ny\n"), ("to renamed", "n\n")]);
    assert_eq!(shown.code, 130, "{}", shown.text());
    assert_eq!(posts(&user), []);
}

#[test]
fn after_ctrl_z_the_question_stands_there_again() {
    let user = User::new();
    let script = format!(
        "set -m; {} scale {LLAMA} --max 8; fg",
        env!("CARGO_BIN_EXE_novita-edit")
    );
    let shown = user.shell_on_terminal(&script, &[(QUESTION, "\u{1a}"), (QUESTION, "y\n")]);
    assert_eq!(shown.code, 0, "{}", shown.text());
    assert_eq!(posts(&user).len(), 1);
}

#[test]
fn anything_else_sends_nothing_and_is_told_as_what_it_was() {
    let none = "nothing was sent: that was no yes. Run it again";
    for (keys, said) in [
        ("n\n", "nothing was sent, as you said. Run it again"),
        ("\n", none),
        ("yep\n", none),
        ("\u{4}", none),
    ] {
        let user = User::new();
        let shown = user.talk(80, &["scale", LLAMA, "--max", "8"], &[("[y/N]", keys)]);
        assert_eq!(shown.code, 130, "{keys:?} {}", shown.text());
        assert!(shown.text().lines().last().unwrap().contains(said), "{}", shown.text());
        assert_eq!(posts(&user), [], "{keys:?}");
    }
}

#[test]
fn ctrl_c_at_the_question_sends_nothing() {
    let user = User::new();
    let shown = user.asked(80, &["scale", LLAMA, "--max", "8"], "[y/N]", || (), "\u{3}");
    assert_eq!(shown.code, 130, "{}", shown.text());
    let text = shown.text();
    let last = text.lines().last().unwrap();
    assert_eq!(
        last,
        "novita-edit: interrupted; nothing was sent. Run it again to begin anew"
    );
    assert_eq!(posts(&user), []);
}

#[test]
fn somebody_elses_change_is_shown_and_asked_about_anew() {
    let user = User::new();
    let renamed = Fault::change_before(LLAMA, |endpoint| endpoint["name"] = json!("renamed"));
    user.server.faults().add(Call::Load, When::nth(2), renamed);
    let shown = user.talk(
        80,
        &["scale", LLAMA, "--max", "8"],
        &[("[y/N]", "y\n"), ("[y/N]", "n\n")],
    );
    assert_eq!(shown.code, 130, "{}", shown.text());
    let text = shown.text();
    assert!(text.contains("  * Name: llama-3-8b → renamed"), "{text}");
    let question = format!("Send this to renamed (ep_7f3a91c2) at {}? [y/N]", user.host());
    assert!(text.contains(&question), "{text}");
    assert_eq!(posts(&user), []);
    user.server
        .edit(LLAMA, |endpoint| endpoint["name"] = json!("llama-3-8b"));
    let renamed = Fault::change_before(LLAMA, |endpoint| endpoint["name"] = json!("renamed"));
    user.server.faults().clear();
    user.server.faults().add(Call::Load, When::nth(2), renamed);
    let shown = user.talk(
        80,
        &["scale", LLAMA, "--max", "8"],
        &[("[y/N]", "y\n"), ("[y/N]", "y\n")],
    );
    assert_eq!(shown.code, 0, "{}", shown.text());
    let stored = user.server.endpoint(LLAMA).unwrap();
    assert_eq!(
        (&stored["name"], &stored["workerConfig"]["maxNum"]),
        (&json!("renamed"), &json!(8))
    );
}

#[test]
fn with_a_value_from_standard_input_the_question_is_answered_on_the_terminal() {
    let user = User::new();
    let program = env!("CARGO_BIN_EXE_novita-edit");
    let script = format!("printf 'piped-secret\\n' | {program} set {LLAMA} envs.HF_TOKEN=@-");
    let shown = user.shell_on_terminal(&script, &[("[y/N]", "y\n")]);
    assert_eq!(shown.code, 0, "{}", shown.text());
    assert!(shown.text().contains(QUESTION), "{}", shown.text());
    let envs = user.server.endpoint(LLAMA).unwrap()["envs"].clone();
    let token = envs
        .as_array()
        .unwrap()
        .iter()
        .find(|env| env["key"] == "HF_TOKEN")
        .unwrap();
    assert_eq!(token["value"], "piped-secret");
    assert!(!shown.raw.contains("piped-secret"), "{}", shown.raw);
}

#[test]
fn a_question_that_nobody_would_see_is_not_asked() {
    let user = User::new();
    let program = env!("CARGO_BIN_EXE_novita-edit");
    let script = format!("{program} scale {LLAMA} --max 8 2>errors");
    let shown = user.shell_on_terminal(&script, &[("", "y\n")]);
    assert_eq!(shown.code, 2, "{}", shown.text());
    assert_eq!(posts(&user), []);
}

/// A user whose profile is protected.
fn protected() -> User {
    let user = User::new().env("NOVITA_PROFILE", "prod");
    let dir = user.path("config/novita-edit");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), "[profiles.prod]\nprotected = true\n").unwrap();
    user
}

#[test]
fn a_protected_profile_asks_for_the_name() {
    for (keys, code) in [("llama-3-8b\n", 0), ("ep_7f3a91c2\n", 0), ("y\n", 130), ("\n", 130)] {
        let user = protected();
        let shown = user.talk(80, &["scale", LLAMA, "--max", "8"], &[("name (llama-3-8b):", keys)]);
        assert_eq!(shown.code, code, "{keys:?} {}", shown.text());
        assert!(
            shown.text().contains("type the endpoint's name (llama-3-8b):"),
            "{}",
            shown.text()
        );
        assert_eq!(posts(&user).len(), usize::from(code == 0));
    }
}

#[test]
fn a_protected_profile_wants_the_name_of_each_beside_yes() {
    let user = protected();
    let two = [
        "scale",
        LLAMA,
        "ep_b40c55de",
        "--max",
        "6",
        "--yes",
        "--confirm",
        "llama-3-8b",
    ];
    let ended = user.run(&two).with(2);
    assert!(ended.err.contains("--confirm \"comfy-render-eu\""), "{ended:#?}");
    assert_eq!(posts(&user), []);
    user.run(&[&two[..], &["--confirm", "ep_b40c55de"]].concat()).with(0);
    assert_eq!(posts(&user).len(), 2);
}

#[test]
fn one_question_is_for_all_that_were_shown() {
    let user = User::new();
    let shown = user.talk(
        80,
        &["scale", LLAMA, "ep_b40c55de", "ep_19e0d3aa", "--max", "5"],
        &[("[y/N]", "y\n")],
    );
    assert_eq!(shown.code, 0, "{}", shown.text());
    // One of them has it already.
    assert!(
        shown
            .text()
            .contains(&format!("Send this to 2 endpoints at {}? [y/N]", user.host())),
        "{}",
        shown.text()
    );
    assert!(
        shown.text().contains("Nothing to change: llama-3-8b"),
        "{}",
        shown.text()
    );
    assert_eq!(posts(&user).len(), 2);
}
