//! `diff`: what applying a file would change, and exit codes as diff has them.

use std::process::Command;

use novita_edit::secret::MASK;
use serde_json::json;

use crate::run::{LLAMA, TOKEN, User};
use crate::schema::holds;

fn body(user: &User, id: &str) -> String {
    user.run(&["get", id]).with(0).out
}

#[test]
fn what_get_prints_is_no_difference_in_either_form() {
    let user = User::new();
    for form in ["json", "yaml"] {
        let printed = user
            .run(&["get", LLAMA, "ep_b40c55de", "ep_19e0d3aa", "-o", form])
            .with(0)
            .out;
        let ended = user.run_with(&["diff", "-f", "-"], &printed).with(0);
        assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", "No difference.\n"));
        let json = user
            .run_with(&["diff", "-f", "-", "-o", "json"], &printed)
            .with(0)
            .json();
        assert_eq!(json, json!([]));
    }
}

#[test]
fn a_changed_secret_shows_as_changed_and_is_not_shown() {
    let user = User::new();
    let changed = body(&user, LLAMA).replace(TOKEN, "sesame-42");
    let ended = user.run_with(&["diff", "-f", "-"], &changed).with(1);
    let line = format!("      \"value\": \"{MASK}\"\n");
    assert!(ended.out.contains(&format!("-{line}+{line}")), "{}", ended.out);
    for out in [&ended.out, &ended.err] {
        assert!(!out.contains("sesame") && !out.contains(TOKEN), "{out}");
    }
    assert_eq!(ended.err, "2 environment values are masked; --reveal shows them.\n");
    let json = user
        .run_with(&["diff", "-f", "-", "-o", "json"], &changed)
        .with(1)
        .json();
    let wanted = json!([{
        "endpoint": LLAMA, "path": "envs.HF_TOKEN", "name": "Environment HF_TOKEN", "old": MASK, "new": MASK,
    }]);
    assert_eq!(json, wanted);
    let shown = user.run_with(&["diff", "-f", "-", "--reveal"], &changed).with(1);
    assert!(
        shown.out.contains("+      \"value\": \"sesame-42\"\n") && shown.err.is_empty(),
        "{shown:?}"
    );
}

#[test]
fn the_lines_are_those_of_diff_u() {
    let user = User::new();
    let (old, new) = (body(&user, LLAMA), body(&user, LLAMA));
    let new = new
        .replace("\"maxNum\": 5", "\"maxNum\": 7")
        .replace(
            "  \"healthy\": {\n    \"path\": \"/health\"\n  }\n",
            "  \"healthy\": {\n    \"path\": \"/live\"\n  }\n",
        )
        .replace(
            "    {\n      \"type\": \"local\",\n      \"size\": 30,\n      \"mountPath\": \"/data\"\n    },\n",
            "",
        );
    let (old, new) = (user.file("old", &old), user.file("new", &new));
    let theirs = Command::new("diff")
        .arg("-u")
        .args([&old, &new])
        .output()
        .unwrap()
        .stdout;
    let theirs = String::from_utf8(theirs).unwrap();
    let ours = user.run(&["diff", "-f", "new", "--reveal"]).with(1).out;
    let hunks = |text: &str| text.split_once("@@").unwrap().1.to_owned();
    assert_eq!(hunks(&ours), hunks(&theirs));
    assert!(
        ours.starts_with(&format!("--- {LLAMA} as it is\n+++ new\n@@ ")),
        "{ours}"
    );
}

#[test]
fn every_kind_of_change_is_in_the_list_with_its_path() {
    let user = User::new();
    let mut config: serde_json::Value = serde_json::from_str(&body(&user, LLAMA)).unwrap();
    config["name"] = json!("other");
    config["workerConfig"]["maxNum"] = json!(7);
    config["policy"] = json!({"type": "concurrency", "value": 20});
    config["volumeMounts"][0]["mountPath"] = json!("/scratch");
    config["envs"].as_array_mut().unwrap().swap(1, 2);
    config["envs"]
        .as_array_mut()
        .unwrap()
        .push(json!({"key": "NEW", "value": "x"}));
    config["envs"].as_array_mut().unwrap().remove(4);
    config.as_object_mut().unwrap().remove("healthy");
    let ended = user
        .run_with(&["diff", "-f", "-", "-o", "json"], &config.to_string())
        .with(1)
        .json();
    holds("diff", &ended);
    let told: Vec<String> = ended
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            format!(
                "{} {} {}",
                change["path"].as_str().unwrap(),
                change["old"],
                change["new"]
            )
        })
        .collect();
    assert_eq!(told[0], "name \"llama-3-8b\" \"other\"");
    for wanted in [
        "healthy.path \"/health\" \"\"",
        "workerConfig.maxNum 5 7",
        "policy.type \"queue\" \"concurrency\"",
        "policy.value 60 20",
        "volumeMounts[/data] \"local 30 GB\" null",
        "volumeMounts[/scratch] null \"local 30 GB\"",
        &format!("envs.9LIVES \"{MASK}\" null"),
        &format!("envs.NEW null \"{MASK}\""),
    ] {
        assert!(told.iter().any(|told| told == wanted), "{wanted}: {told:#?}");
    }
    assert!(told.iter().any(|told| told.starts_with("envs \"order ")), "{told:#?}");
}

#[test]
fn several_documents_are_told_apart_and_only_those_that_differ() {
    let user = User::new();
    let both = body(&user, LLAMA).replace("\"maxNum\": 5", "\"maxNum\": 6")
        + &body(&user, "ep_b40c55de")
        + &body(&user, "ep_19e0d3aa").replace("\"maxNum\": 2", "\"maxNum\": 3");
    let names = user.run_with(&["diff", "-f", "-", "-o", "name"], &both).with(1).out;
    assert_eq!(names, format!("{LLAMA}\nep_19e0d3aa\n"));
    let text = user.run_with(&["diff", "-f", "-"], &both).with(1).out;
    assert_eq!(text.matches("+++ standard input").count(), 2, "{text}");
    assert!(text.contains("--- ep_19e0d3aa as it is\n"));
}

#[test]
fn trouble_is_above_one_and_the_other_documents_are_told() {
    let user = User::new();
    let one = body(&user, LLAMA).replace("\"maxNum\": 5", "\"maxNum\": 6");
    let faulty = format!("{one}{}", body(&user, "ep_19e0d3aa").replace("\"envs\"", "\"env\""));
    let ended = user.run_with(&["diff", "-f", "-"], &faulty).with(4);
    assert!(ended.out.contains("+    \"maxNum\": 6,"), "{}", ended.out);
    assert!(
        ended
            .err
            .contains(": error: ep_19e0d3aa: env: unknown key; did you mean envs?\n"),
        "{}",
        ended.err
    );
    let masked = user.on_terminal(80, &["get", LLAMA]).text();
    let masked = &masked[..=masked.rfind('}').unwrap()];
    let ended = user.run_with(&["diff", "-f", "-"], masked).with(4);
    assert!(ended.err.contains("the value is the mask itself"), "{}", ended.err);
    let nobody = one.replace(LLAMA, "ep_gone");
    user.run_with(&["diff", "-f", "-"], &nobody).with(3);
    user.run(&["diff", "-f", "nowhere"]).with(2);
    user.run_with(&["diff", "-f", "-"], "").with(4);
}

#[test]
fn a_value_that_breaks_a_rule_is_a_difference_like_any_other() {
    let user = User::new();
    let wrong = body(&user, LLAMA).replace("\"maxNum\": 5", "\"maxNum\": \"lots\"");
    let ended = user.run_with(&["diff", "-f", "-"], &wrong).with(1);
    assert!(ended.out.contains("+    \"maxNum\": \"lots\",\n"), "{}", ended.out);
}

#[test]
fn removed_and_added_lines_have_colours_on_a_terminal() {
    let user = User::new();
    user.file(
        "new.json",
        &body(&user, LLAMA).replace("\"maxNum\": 5", "\"maxNum\": 6"),
    );
    let shown = user.on_terminal(80, &["diff", "-f", "new.json"]);
    assert_eq!(shown.code, 1);
    assert!(
        shown.raw.contains("\u{1b}[32m+    \"maxNum\": 6,\u{1b}[0m"),
        "{:?}",
        shown.raw
    );
}
