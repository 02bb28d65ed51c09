//! What every command that writes does alike, shown with `scale`: one send, its ends, their exit codes and forms.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use novita_edit::demo::{
    Call, DemoOptions, Fault, KeySpelling, Pace, Quirks, Recorded, Reply, When, give_newer_settings,
};
use serde_json::{Value, json};

use crate::run::{Ended, LLAMA, TOKEN, User};
use crate::schema::holds;

const COMFY: &str = "ep_b40c55de";
const EIGHT: [&str; 5] = ["scale", LLAMA, "--max", "8", "--yes"];

pub fn posts(user: &User) -> Vec<Recorded> {
    user.server
        .requests()
        .into_iter()
        .filter(|r| r.method == "POST")
        .collect()
}

fn asked(user: &User) -> Vec<Option<Call>> {
    user.server.requests().into_iter().map(|request| request.call).collect()
}

pub fn max(user: &User, id: &str) -> Value {
    user.server.endpoint(id).unwrap()["workerConfig"]["maxNum"].clone()
}

/// `scale --max 8 --yes` where the update meets a fault.
fn eight(fault: Fault) -> (User, Ended) {
    let user = User::new();
    user.server.faults().add(Call::Update, When::next(1), fault);
    let ended = user.run(&EIGHT);
    (user, ended)
}

/// What the history says of the newest send.
fn recorded(user: &User) -> String {
    let send_log = user.run(&["history", LLAMA, "-o", "json"]).with(0).json();
    send_log[0]["outcome"].as_str().unwrap_or("nothing").to_owned()
}

#[test]
fn a_quick_change_takes_one_read_with_the_limits_beside_it_one_send_and_one_look() {
    let user = User::new();
    let body = user
        .run(&["scale", LLAMA, "--max", "8", "--dry-run", "--reveal"])
        .with(0)
        .out;
    let before = asked(&user).len();
    let ended = user.run(&EIGHT).with(0);
    assert_eq!(
        ended.out,
        format!(
            "Saved: llama-3-8b (ep_7f3a91c2) at {}: every sent field read back as sent. State: serving, 2 of 3 workers \
             healthy.\n",
            user.host()
        )
    );
    assert_eq!(ended.err, "llama-3-8b (ep_7f3a91c2):\n  * Max workers: 5 → 8\n");
    let mut asked = asked(&user).split_off(before);
    asked[..2].sort_by_key(|call| *call == Some(Call::Limits));
    assert_eq!(
        asked,
        [Call::Load, Call::Limits, Call::Update, Call::Load].map(Some),
        "no more than it takes"
    );
    // What a dry run shows is what goes out, byte for byte.
    assert_eq!(String::from_utf8(posts(&user)[0].body.clone()).unwrap(), body);
    assert_eq!(max(&user, LLAMA), 8);
    assert_eq!(recorded(&user), "saved");
    assert!(user.run(&EIGHT).with(0).out.starts_with("Nothing to change: "));
    assert_eq!(posts(&user).len(), 1);
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_sent_and_the_way_on_is_told() {
    let user = User::new();
    let ended = user.run(&["scale", LLAMA, "--max", "8"]).with(2);
    assert!(ended.err.contains("  * Max workers: 5 → 8\n"), "{ended:#?}");
    let last = ended.err.lines().last().unwrap();
    assert!(
        last.contains("no terminal") && last.contains("--yes") && last.contains("--dry-run"),
        "{last}"
    );
    assert_eq!(posts(&user), []);
}

#[test]
fn a_dry_run_masks_the_body_prints_nothing_else_to_stdout_and_sends_nothing() {
    let user = User::new();
    let ended = user.run(&["scale", LLAMA, "--max", "8", "--dry-run"]).with(0);
    let body: Value = ended.json();
    assert_eq!(body["workerConfig"]["maxNum"], 8);
    assert!(!ended.out.contains(TOKEN) && ended.out.contains("••••••"));
    assert!(ended.err.contains("Max workers: 5 → 8") && ended.err.contains("12 environment values are masked"));
    let revealed = user
        .run(&["scale", LLAMA, "--max", "8", "--dry-run", "--reveal"])
        .with(0);
    assert!(revealed.out.contains(TOKEN));
    let json = user
        .run(&["scale", LLAMA, COMFY, "--max", "4", "--dry-run", "-o", "json"])
        .with(0)
        .json();
    holds("writes", &json);
    assert_eq!(json[1]["outcome"], "dryRun");
    assert_eq!(json[1]["body"]["workerConfig"]["maxNum"], 4);
    assert_eq!(posts(&user), []);
}

#[test]
fn a_value_out_of_range_is_told_as_validate_does_and_nothing_is_sent_for_any_endpoint() {
    let user = User::new();
    let ended = user
        .run(&["scale", COMFY, LLAMA, "--max", "4", "--idle-timeout", "5", "--yes"])
        .with(4);
    let line = "  error workerConfig.freeTimeout: 5 is below 60, the least this account may have (parameter limits)\n";
    assert_eq!(ended.err.matches(line).count(), 2, "{ended:#?}");
    assert!(ended.err.lines().last().unwrap().contains("novita-edit limits"));
    // Only where that is what helps.
    let ended = user.run(&["set", LLAMA, "ports[0].port=2222", "--yes"]).with(4);
    assert_eq!(
        ended.err.lines().last().unwrap(),
        "Nothing was sent. Mend what is an error, and try again."
    );
    let one_wrong = [
        "scale", LLAMA, COMFY, "--min", "3", "--max", "+2", "--yes", "-o", "json",
    ];
    user.server
        .edit(COMFY, |endpoint| endpoint["workerConfig"]["maxNum"] = json!(9));
    let json = user.run(&one_wrong).with(4).json();
    holds("writes", &json);
    assert_eq!(
        (&json[0]["outcome"], &json[1]["outcome"]),
        (&json!("notSent"), &json!("invalid"))
    );
    assert_eq!(posts(&user), []);
}

#[test]
fn an_endpoint_that_is_not_there_lists_the_candidates_and_stops_all() {
    let user = User::new();
    let ended = user.run(&["scale", LLAMA, "comfy", "--max", "8", "--yes"]).with(3);
    assert!(ended.err.contains("comfy-render-eu") && ended.err.ends_with("Give the id of one of them, or its name.\n"));
    assert_eq!(posts(&user), []);
    let ended = user.run(&["scale", LLAMA, "llama-3-8b", "--max", "8", "--yes"]).with(2);
    assert!(ended.err.contains("named more than once"));
    assert_eq!(posts(&user), []);
}

#[test]
fn a_read_only_session_sends_nothing() {
    let user = User::new();
    let ended = user
        .run(&["scale", LLAMA, "--max", "8", "--yes", "--read-only"])
        .with(2);
    assert!(ended.err.contains("read-only"), "{ended:#?}");
    user.run(&["scale", LLAMA, "--max", "8", "--read-only", "--dry-run"])
        .with(0);
    assert_eq!(posts(&user), []);
}

#[test]
fn a_refusal_tells_the_servers_words_and_the_field() {
    let message = "invalid workerConfig.freeTimeout: value must be inside range [60, 120]";
    let (user, ended) = eight(Fault::Instead(Reply::error(400, "VALIDATOR_PARAM", message)));
    let ended = ended.with(6);
    for said in [
        &format!(
            "Refused: llama-3-8b (ep_7f3a91c2) at {}: the server refused the update; nothing was changed.",
            user.host()
        ),
        message,
        "It is about Idle timeout (workerConfig.freeTimeout): give another value.\n",
    ] {
        assert!(ended.err.contains(said), "{ended:#?}");
    }
    assert_eq!(ended.out, "");
    assert_eq!((max(&user, LLAMA), posts(&user).len()), (json!(5), 1));
    assert_eq!(recorded(&user), "refused");
}

#[test]
fn a_refused_key_names_where_it_was_taken_from_and_never_itself() {
    let (_user, ended) = eight(Fault::Instead(Reply::error(401, "INVALID_API_KEY", "no such key")));
    let ended = ended.with(6);
    assert!(ended.err.contains("environment variable NOVITA_API_KEY") && !ended.err.contains("sk_test"));
}

#[test]
fn a_server_that_repeats_a_secret_is_not_repeated() {
    let message = format!("invalid envs[0].value: {TOKEN} is not allowed");
    let (user, ended) = eight(Fault::Instead(Reply::error(400, "VALIDATOR_PARAM", &message)));
    let ended = ended.with(6);
    let history = user.run(&["history", LLAMA, "1"]).with(0);
    for text in [&ended.err, &ended.out, &history.out] {
        assert!(!text.contains(TOKEN), "{text}");
    }
    assert!(history.out.contains("is not allowed"), "{history:#?}");
}

#[test]
fn a_key_in_the_place_of_an_id_goes_nowhere() {
    let user = User::new();
    for words in [
        &["sk_planted_0815"][..],
        &["show", "sk_planted_0815"],
        &["scale", "sk_planted_0815", "--max", "1", "--yes"],
    ] {
        let ended = user.run(words).with(2);
        assert!(
            !ended.err.contains("planted") && ended.err.contains("looks like an API key"),
            "{ended:#?}"
        );
    }
    assert!(
        !user
            .server
            .requests()
            .iter()
            .any(|request| request.target.contains("planted"))
    );
}

/// A server that repeats the key itself, in whatever answer.
#[test]
fn a_server_that_repeats_the_key_is_not_repeated() {
    let user = User::new().env("NOVITA_API_KEY", "sk_planted_0815");
    let said = "Incorrect API key provided: sk_planted_0815";
    for reply in [
        Reply::error(401, "INVALID_sk_planted_0815", said),
        Reply::html(502, said),
        Reply::json(&json!({"message": said})),
        Reply::status(302).header("location", "https://SK_planted_0815.example/"),
    ] {
        user.server.faults().clear();
        user.server
            .faults()
            .add(Call::Load, When::from_nth(1), Fault::Instead(reply.clone()));
        let ended = user.run(&["show", LLAMA]);
        assert!(
            !ended.err.to_lowercase().contains("planted") && ended.code != 0,
            "{ended:#?}"
        );
        user.server.faults().clear();
        user.server
            .faults()
            .add(Call::Update, When::next(1), Fault::Instead(reply));
        let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]);
        assert!(!ended.err.to_lowercase().contains("planted"), "{ended:#?}");
    }
    let state = user.path("state/novita-edit/history");
    let account = std::fs::read_dir(state).unwrap().next().unwrap().unwrap().path();
    let kept = std::fs::read_to_string(account.join(format!("{LLAMA}.jsonl"))).unwrap();
    assert!(
        !kept.to_lowercase().contains("planted") && kept.contains("refused"),
        "{kept}"
    );
}

/// A key that JSON, URLs and HTML write otherwise than it is; once it was shown in full, and written into the history.
#[test]
fn a_key_of_signs_is_repeated_in_no_spelling() {
    let key = "sk/planted+08=15/Xy";
    let user = User::new().env("NOVITA_API_KEY", key);
    for spelling in KeySpelling::ALL {
        user.server
            .faults()
            .add(Call::Update, When::next(1), Fault::RepeatKey(spelling));
        let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(6);
        let said = "this can't be the API key: ••••••";
        assert!(ended.err.contains(said), "{spelling:?}: {ended:#?}");
        assert!(!ended.err.to_lowercase().contains("planted"), "{ended:#?}");
    }
    let state = user.path("state/novita-edit/history");
    let account = std::fs::read_dir(state).unwrap().next().unwrap().unwrap().path();
    let kept = std::fs::read_to_string(account.join(format!("{LLAMA}.jsonl"))).unwrap();
    for spelling in KeySpelling::ALL {
        let spelled = spelling.spell(key);
        assert!(
            !kept.contains(&spelled) && !kept.contains("planted"),
            "{spelling:?}: {kept}"
        );
    }
}

/// A message is cut at 600 characters, a private key in the middle perhaps; and the history is a file.
#[test]
fn a_long_secret_is_repeated_neither_in_part_nor_on_disk() {
    let secret = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(30);
    let user = User::new();
    let put = secret.clone();
    user.server
        .edit(LLAMA, move |endpoint| endpoint["envs"][0]["value"] = json!(put));
    for message in [
        format!("can't take {secret}"),
        format!("can't take {}", serde_json::to_string(&secret).unwrap()),
    ] {
        let refusal = Fault::Instead(Reply::error(400, "VALIDATOR_PARAM", &message));
        user.server.faults().add(Call::Update, When::next(1), refusal);
        let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(6);
        let told = user.run(&["history", LLAMA, "1"]).with(0).out;
        let state = user.path("state/novita-edit/history");
        let account = std::fs::read_dir(state).unwrap().next().unwrap().unwrap().path();
        let kept = std::fs::read_to_string(account.join(format!("{LLAMA}.jsonl"))).unwrap();
        let reasons: String = kept.lines().filter(|line| line.contains("\"outcome\"")).collect();
        for text in [&ended.err, &told, &reasons] {
            assert!(!text.contains("PRIVATE") && text.contains("••••••"), "{text}");
        }
    }
}

#[test]
fn a_value_that_a_blank_parted_from_its_name_is_not_repeated() {
    let user = User::new();
    let ended = user.run(&["set", LLAMA, "envs.HF_TOKEN=", "hf_hidden"]).with(2);
    assert!(
        !ended.err.contains("hidden") && ended.err.contains("without a blank"),
        "{ended:#?}"
    );
    let ended = user.run(&["set", LLAMA, "workerConfig.maxNum"]).with(2);
    assert!(
        ended.err.contains("workerConfig.maxNum says nothing to be done"),
        "{ended:#?}"
    );
}

#[test]
fn an_endpoint_that_went_meanwhile_is_not_found() {
    let gone = Reply::error(400, "SERVERLESS_ENDPOINT_NOT_FOUND", "endpoint not found");
    let (_user, ended) = eight(Fault::Instead(gone));
    ended.with(3);
}

#[test]
fn what_reading_back_decides_is_decided_by_reading_back() {
    for (fault, code, word, kept, said) in [
        (Fault::CutAfter, 0, "saved", 8, "every sent field read back as sent"),
        (Fault::CutBefore, 8, "notKnown", 5, "It may still arrive until "),
        (
            Fault::After(Reply::error(500, "UNKNOWN", "internal")),
            0,
            "saved",
            8,
            "read back as sent",
        ),
        (
            Fault::Instead(Reply::error(500, "UNKNOWN", "internal")),
            8,
            "notKnown",
            5,
            "While sending: 127.0.0.1",
        ),
        (
            Fault::Ignore,
            8,
            "notShown",
            5,
            "  * Max workers: 8 → 5\nWhether it was stored is not known",
        ),
        (
            Fault::Instead(Reply::status(302).header("Location", "https://elsewhere.example/")),
            8,
            "notKnown",
            5,
            "If that is the right place, set it as the base URL.",
        ),
        (Fault::StaleReads(2), 0, "saved", 8, "read back as sent"),
        (
            Fault::store_other(|endpoint| endpoint["workerConfig"]["maxNum"] = json!(7)),
            6,
            "storedDifferently",
            7,
            "  * Max workers: 8 → 7  (a clamped number)",
        ),
    ] {
        let about = format!("{fault:?}");
        let (user, ended) = eight(fault);
        assert_eq!(ended.code, code, "{about} {ended:#?}");
        assert!((ended.out.clone() + &ended.err).contains(said), "{about} {ended:#?}");
        assert_eq!((max(&user, LLAMA), posts(&user).len()), (json!(kept), 1), "{about}");
        assert_eq!(recorded(&user), word, "{about}");
    }
}

#[test]
fn a_server_that_can_not_be_read_back_leaves_it_not_known() {
    let user = User::new();
    let failing = Fault::Instead(Reply::error(500, "UNKNOWN", "internal error"));
    user.server.faults().add(Call::Load, When::from_nth(2), failing);
    let ended = user.run(&[&EIGHT[..], &["-o", "json"]].concat()).with(8);
    let json = ended.json();
    holds("writes", &json);
    assert_eq!(json[0]["outcome"], "notKnown");
    let last = ended.err.lines().last().unwrap();
    assert!(
        last.contains("not known") && last.contains("novita-edit show"),
        "{last}"
    );
    user.server.faults().clear();
    assert_eq!(recorded(&user), "notKnown");
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let user = User::new().env("NOVITA_BASE_URL", "http://127.0.0.1:9/v1");
    let ended = user.run(&EIGHT).with(7);
    assert!(
        ended.err.lines().last().unwrap().contains("Check the base URL"),
        "{ended:#?}"
    );
    assert_eq!(ended.err.matches("Again in 0.5 s").count(), 1, "told once: {ended:#?}");
}

#[test]
fn what_moved_beside_the_update_and_what_is_not_reported_are_warnings() {
    let user = User::with(DemoOptions {
        pace: Pace::fast(),
        quirks: Quirks {
            without_request_timeout: true,
            ..Quirks::default()
        },
        ..DemoOptions::default()
    });
    let ended = user.run(&EIGHT).with(4);
    assert!(ended.err.contains("error workerConfig.requestTimeout: "), "{ended:#?}");
    let moved = Fault::store_other(|endpoint| endpoint["rootfsSize"] = json!(50));
    user.server.faults().add(Call::Update, When::next(1), moved);
    let ended = user.run(&["scale", LLAMA, "--request-timeout", "10m", "--yes"]).with(0);
    for said in [
        "rootfsSize changed on the server beside the update: 100 → 50.",
        "Request timeout is not reported",
    ] {
        assert!(ended.err.contains(said), "{ended:#?}");
    }
}

#[test]
fn somebody_elses_change_right_after_the_send_is_stored_differently() {
    let after = Fault::change_after(LLAMA, |endpoint| endpoint["name"] = json!("renamed"));
    let (user, ended) = eight(after);
    let ended = ended.with(6);
    assert!(
        ended
            .err
            .contains("what you edited is stored, and something else reads back otherwise")
            && ended.err.contains("* Name: llama-3-8b → renamed")
            && ended.err.contains("`novita-edit rollback ep_7f3a91c2 1`"),
        "{ended:#?}"
    );
    assert_eq!(recorded(&user), "storedDifferently");
}

#[test]
fn the_outcome_is_told_in_every_form() {
    let user = User::new();
    let json = user.run(&[&EIGHT[..], &["-o", "json"]].concat()).with(0);
    holds("writes", &json.json());
    let entry = &json.json()[0];
    assert_eq!((&entry["id"], &entry["name"]), (&json!(LLAMA), &json!("llama-3-8b")));
    assert_eq!(
        entry["changes"],
        json!([{"path": "workerConfig.maxNum", "name": "Max workers", "old": 5, "new": 8}])
    );
    assert!(!json.err.contains("Saved"), "it stands in the result: {json:#?}");
    let name = ["scale", LLAMA, COMFY, "--max", "8", "--yes", "-o", "name"];
    assert_eq!(user.run(&name).with(0).out, "", "both had it");
    let yaml = user
        .run(&["scale", LLAMA, COMFY, "--max", "7", "--yes", "-o", "yaml"])
        .with(0)
        .out;
    assert!(
        yaml.starts_with("- id: ep_7f3a91c2\n  name: llama-3-8b\n  outcome: saved\n"),
        "{yaml}"
    );
    let names = user
        .run(&["scale", LLAMA, COMFY, "--max", "6", "--yes", "-o", "name"])
        .with(0)
        .out;
    assert_eq!(names, format!("{LLAMA}\n{COMFY}\n"));
}

#[test]
fn of_several_one_that_fails_does_not_stop_the_others_and_its_code_is_the_result() {
    let user = User::new();
    let refusal = Fault::Instead(Reply::error(400, "OPERATION_LIMIT", "quota"));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    let both = ["scale", LLAMA, COMFY, "--max", "6", "--yes", "-o", "json"];
    let json = user.run(&both).with(6).json();
    holds("writes", &json);
    assert_eq!(
        (&json[0]["outcome"], &json[1]["outcome"]),
        (&json!("refused"), &json!("saved"))
    );
    assert_eq!((max(&user, LLAMA), max(&user, COMFY)), (json!(5), json!(6)));
}

#[test]
fn a_key_that_is_refused_stops_the_others() {
    let user = User::new();
    let refusal = Fault::Instead(Reply::error(401, "INVALID_API_KEY", "no such key"));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    let json = user
        .run(&["scale", LLAMA, COMFY, "--max", "6", "--yes", "-o", "json"])
        .with(6)
        .json();
    assert_eq!(
        (&json[0]["outcome"], &json[1]["outcome"]),
        (&json!("refused"), &json!("notSent"))
    );
    assert_eq!(posts(&user).len(), 1);
}

#[test]
fn wait_watches_until_the_workers_are_there() {
    // Its time stands still until the first look has been told.
    let user = User::with(DemoOptions {
        pace: Pace::manual(),
        ..DemoOptions::default()
    });
    let mut command = user.command(&["scale", COMFY, "--min", "4", "--yes", "--wait"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut told = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.contains("updating, 2 of 4 workers healthy") {
            user.server.advance(Duration::from_secs(120));
        }
        told.push_str(&line);
        told.push('\n');
    }
    assert_eq!(child.wait().unwrap().code(), Some(0), "{told}");
    for state in ["updating, 2 of 4 workers healthy", "serving, 4 of 4 workers healthy"] {
        assert!(
            told.contains(&format!("comfy-render-eu (ep_b40c55de): {state}")),
            "{told}"
        );
    }
}

#[test]
fn a_wait_that_is_in_vain_is_a_time_out_and_the_change_is_saved_all_the_same() {
    let user = User::new();
    user.server
        .edit("ep_19e0d3aa", |endpoint| endpoint["name"] = json!("broken"));
    let ended = user
        .run(&[
            "scale",
            "broken",
            "--max",
            "3",
            "--yes",
            "--wait",
            "--timeout",
            "1s",
            "-o",
            "json",
        ])
        .with(7);
    let json = ended.json();
    holds("writes", &json);
    assert_eq!(json[0]["outcome"], "saved");
    assert!(
        json[0]["warnings"][0]
            .as_str()
            .unwrap()
            .contains("not as asked for within 1 s"),
        "{json:#}"
    );
    assert!(ended.err.contains("IMAGE_PULL_FAILED"), "{ended:#?}");
}

/// What was saved in one isn't missing in the next, which begins anew.
#[test]
fn each_demo_is_a_world_of_its_own() {
    let user = User::new();
    for max in ["8", "7"] {
        let both = ["--demo", "scale", LLAMA, "ep_b40c55de", "--max", max, "--yes"];
        user.run(&both).with(0);
    }
}

#[test]
fn the_demo_takes_a_change_like_any_api() {
    let user = User::new();
    let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes", "--demo"]).with(0);
    assert!(ended.out.starts_with("Saved: llama-3-8b"), "{ended:#?}");
    assert_eq!(posts(&user), [], "not to the other one");
}

#[test]
fn a_closed_pipe_takes_nothing_from_what_was_done() {
    let user = User::new();
    let mut command = user.command(&["scale", LLAMA, COMFY, "--max", "6", "--yes"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdin(Stdio::null()).stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!((max(&user, LLAMA), max(&user, COMFY)), (json!(6), json!(6)));
}

/// What a device that is full leaves of a command.
fn into_a_full_device(user: &User, arguments: &[&str]) -> (Option<i32>, String) {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = user.command(arguments);
    let output = command.stdin(Stdio::null()).stdout(full).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn what_was_stored_is_told_on_stderr_where_stdout_does_not_take_it() {
    for form in ["table", "json", "name"] {
        let user = User::new();
        let (code, err) = into_a_full_device(&user, &[&EIGHT[..], &["-o", form]].concat());
        assert_eq!(code, Some(101), "{form}: {err}");
        assert_eq!(err.matches("every sent field read back").count(), 1, "{form}: {err}");
        let last = err.lines().last().unwrap();
        assert!(
            last.contains("the result can't be written") && last.contains("Check where the output goes"),
            "{form}: {err}"
        );
        assert_eq!(max(&user, LLAMA), 8);
    }
}

#[test]
fn without_ranges_an_untouched_volume_is_in_nobodys_way_and_what_goes_unchecked_is_told() {
    let user = User::new();
    user.server.edit("ep_19e0d3aa", |endpoint| {
        endpoint["volumeMounts"][0]["size"] = json!(100)
    });
    let none = Fault::Instead(Reply::status(404));
    user.server.faults().add(Call::Limits, When::always(), none);
    let ended = user.run(&["scale", "ep_19e0d3aa", "--max", "4", "--dry-run"]).with(0);
    assert!(ended.err.contains("The account's ranges are not known."), "{ended:#?}");
    let set = ["set", "ep_19e0d3aa", "volumeMounts[0].size=50", "--dry-run"];
    assert!(user.run(&set).with(4).err.contains("is fixed at 30"));
    user.server.faults().clear();
    let empty = Fault::Instead(Reply::json(&json!({"cudaVersionList": ["12.4"]})));
    user.server.faults().add(Call::Limits, When::always(), empty);
    let ended = user
        .run(&["scale", LLAMA, "--max", "8", "--gpus", "2", "--dry-run"])
        .with(0);
    let told = "warning: No range is known for Max workers, GPUs per worker, so what is asked for was not checked: the \
                account's limits name no maximum.\n";
    assert!(ended.err.contains(told), "{ended:#?}");
    let ended = user
        .run(&["scale", LLAMA, "--idle-timeout", "max", "--dry-run"])
        .with(4);
    let told = "\"max\" can't be told, since the account's limits name no maximum; enter the number";
    assert!(ended.err.contains(told), "{ended:#?}");
}

#[test]
fn settings_that_the_server_may_reset_are_named_before_a_send() {
    let user = User::new();
    user.server.edit(LLAMA, give_newer_settings);
    let named = "12 settings that no update carries; the server may reset them: ";
    let saved = user.run(&["scale", LLAMA, "--max", "6", "--yes", "-o", "json"]).with(0);
    assert!(saved.err.contains(named), "{}", saved.err);
    let warnings = saved.json()[0]["warnings"].to_string();
    assert!(warnings.contains(named), "{warnings}");
    let idle = user.run(&["scale", LLAMA, "--max", "6", "--yes"]).with(0);
    assert!(!idle.err.contains(named), "nothing is sent: {}", idle.err);
    // Without --yes they are named above the question.
    let shown = user
        .talk(100, &["scale", LLAMA, "--max", "7"], &[("[y/N]", "n\n")])
        .text();
    let (before, _) = shown.split_once("[y/N]").unwrap_or_default();
    assert!(before.contains("12 settings that no update carries"), "{shown}");
}

#[test]
fn what_an_update_reset_is_told_by_path_and_the_outcome_is_saved_all_the_same() {
    let user = User::new();
    user.server.edit(LLAMA, give_newer_settings);
    user.server
        .faults()
        .add(Call::Update, When::next(1), Fault::reset_settings());
    let ended = user.run(&["scale", LLAMA, "--max", "6", "--yes", "-o", "json"]).with(0);
    let entry = &ended.json()[0];
    assert_eq!(entry["outcome"], "saved");
    let warnings = entry["warnings"].to_string();
    for path in [
        "type",
        "entrypoint[2]",
        "queueConfig.maxPending",
        "image.pullPolicy",
        "healthy.port",
        "workerConfig.spotRatio",
        "registry.accessKey",
    ] {
        assert!(warnings.contains(&format!("\"{path} changed")), "{path}: {warnings}");
    }
    assert!(!ended.out.contains("demo-access-key") && !ended.err.contains("demo-access-key"));
}
