//! `validate`: every problem on a line, in a file as an update of its endpoint would be judged.

use std::time::Duration;

use novita_edit::demo::{Call, Fault, Reply, When};
use serde_json::json;

use crate::run::{LLAMA, TOKEN, User};

/// What `get` prints of the endpoint, but for a key that no shell can read, which is a warning.
fn body(user: &User) -> String {
    user.run(&["get", LLAMA]).with(0).out.replace("9LIVES", "LIVES")
}

#[test]
fn what_get_prints_has_no_problem_in_either_form() {
    let user = User::new();
    for form in ["json", "yaml"] {
        let printed = user.run(&["get", "ep_19e0d3aa", "ep_b40c55de", "-o", form]).with(0).out;
        let ended = user.run_with(&["validate", "-f", "-"], &printed).with(0);
        assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", "No problems.\n"));
    }
}

#[test]
fn a_range_that_the_endpoint_breaks_already_is_a_warning_and_a_new_breach_an_error() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        endpoint["workerConfig"]["maxNum"] = json!(12);
        endpoint["envs"] = json!([]);
    });
    let told = "workerConfig.maxNum: 12 is above 10, the most this account may have (parameter limits)\n";
    assert_eq!(user.run(&["validate", LLAMA]).with(0).out, format!("warning {told}"));
    let untouched = body(&user);
    let ended = user.run_with(&["validate", "-f", "-"], &untouched).with(0);
    assert_eq!(ended.out, format!("standard input:7:15: warning: {told}"));
    let touched = untouched.replace("\"maxNum\": 12", "\"maxNum\": 13");
    let ended = user.run_with(&["validate", "-f", "-"], &touched).with(4);
    assert!(
        ended
            .out
            .starts_with("standard input:7:15: error: workerConfig.maxNum: 13 is above 10"),
        "{}",
        ended.out
    );
}

#[test]
fn a_document_without_an_id_takes_the_one_that_is_given() {
    let user = User::new();
    let without = body(&user).replace(&format!("  \"id\": \"{LLAMA}\",\n"), "");
    let alone = user.run_with(&["validate", "-f", "-"], &without).with(4);
    assert_eq!(
        alone.out,
        "standard input:1:1: error: id: missing; an update has to have it\n"
    );
    user.run_with(&["validate", "-f", "-", "llama-3-8b"], &without).with(0);
    let other = user
        .run_with(&["validate", "-f", "-", "ep_b40c55de"], &body(&user))
        .with(4);
    assert_eq!(
        other.out,
        "standard input:2:3: error: id: \"ep_7f3a91c2\" stands here, and ep_b40c55de is the endpoint that the command names; leave one of the two out\n"
    );
}

#[test]
fn storages_are_looked_up_where_a_volume_names_one() {
    let user = User::new();
    let wrong = body(&user).replace("stor_9", "stor_0");
    let ended = user.run_with(&["validate", "-f", "-"], &wrong).with(0);
    assert!(
        ended.out.contains("no network storage has the id \"stor_0\""),
        "{}",
        ended.out
    );
    user.server
        .faults()
        .add(Call::Storages, When::always(), Fault::Instead(Reply::status(500)));
    let blind = user.run_with(&["validate", "-f", "-"], &wrong).with(7);
    assert_eq!(blind.out, "");
    assert!(
        blind
            .err
            .contains("warning: The account's network storages are not known."),
        "{}",
        blind.err
    );
}

#[test]
fn without_the_accounts_ranges_the_documented_rules_still_hold() {
    let user = User::new();
    user.server
        .faults()
        .add(Call::Limits, When::always(), Fault::Instead(Reply::status(404)));
    let wrong = body(&user)
        .replace("\"maxNum\": 5", "\"maxNum\": 500")
        .replace("\"8000\"", "\"2222\"");
    let ended = user.run_with(&["validate", "-f", "-"], &wrong).with(4);
    assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    assert!(
        ended.out.starts_with("standard input:15:15: error: ports[0].port: "),
        "{}",
        ended.out
    );
    assert!(
        ended.err.contains("warning: The account's ranges are not known."),
        "{}",
        ended.err
    );
}

#[test]
fn endpoint_and_ranges_are_asked_for_together() {
    let user = User::new();
    let pause = Duration::from_millis(400);
    for call in [Call::Load, Call::Limits] {
        user.server
            .faults()
            .add(call, When::always(), Fault::DelayBefore(pause));
    }
    let start = std::time::Instant::now();
    user.run(&["validate", LLAMA]).with(0);
    assert!(start.elapsed() < pause * 2, "{:?}", start.elapsed());
}

#[test]
fn no_value_of_the_environment_is_ever_told() {
    let user = User::new();
    let cut = body(&user);
    let cut = &cut[..cut.find(TOKEN).unwrap() + 4];
    for text in [
        cut.to_owned(),
        cut.replace("{\n  \"id\"", "{ \"envs\": [\"hf_de\"], \"id\""),
    ] {
        let ended = user.run_with(&["validate", "-f", "-", "-o", "json"], &text).with(4);
        assert!(
            !ended.out.contains("hf_de") && !ended.err.contains("hf_de"),
            "{ended:?}"
        );
    }
    let number = "id: ep_7f3a91c2\nenvs: [{key: PIN, value: 4711}, {key: PIN, value: [4711]}]\n";
    let ended = user.run_with(&["validate", "-f", "-"], number).with(4);
    assert!(
        ended
            .out
            .contains("envs[0].value: a number stands where a text belongs"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("4711"));
}

#[test]
fn files_that_hold_no_endpoints_are_told_by_what_they_are() {
    let user = User::new();
    user.file("empty.yaml", "# nothing yet\n");
    user.file("odd.json", "id: ep_1\n");
    std::fs::write(user.path("bytes"), b"id: \xff\n").unwrap();
    let empty = user.run(&["validate", "-f", "empty.yaml"]).with(4);
    assert!(
        empty
            .err
            .contains("empty.yaml holds no endpoint. `novita-edit get ID` prints one"),
        "{}",
        empty.err
    );
    let odd = user.run(&["validate", "-f", "odd.json"]).with(4);
    assert_eq!(
        odd.out,
        "odd.json:1:1: error: a value belongs here: a text in quotes, a number, { or [\n"
    );
    let bytes = user.run(&["validate", "-f", "bytes"]).with(4);
    assert!(
        bytes.err.contains("bytes is no text: byte 4 is not UTF-8"),
        "{}",
        bytes.err
    );
    std::fs::create_dir(user.path("folder")).unwrap();
    let folder = user.run(&["validate", "-f", "folder"]).with(2);
    assert!(
        folder
            .err
            .contains("folder holds no *.json, *.yaml or *.yml file. Check -f"),
        "{}",
        folder.err
    );
}

#[test]
fn what_stands_in_a_file_can_not_drive_the_terminal() {
    let user = User::new();
    let evil = "id: ep_7f3a91c2\n\"a\\e[2Jb\\u202e\": 1\n";
    let ended = user.run_with(&["validate", "-f", "-"], evil).with(4);
    assert!(ended.out.contains("a␛[2Jb⟨U+202E⟩: unknown key"), "{}", ended.out);
    let colours = user.on_terminal(200, &["validate", "-f", "nowhere", LLAMA]);
    assert_eq!(colours.code, 2);
}

#[test]
fn on_a_terminal_severities_have_colours_and_with_no_color_none() {
    let user = User::new();
    user.file("body.json", &body(&user).replace("\"maxNum\": 5", "\"maxNum\": 50"));
    let shown = user.on_terminal(80, &["validate", "-f", "body.json"]);
    assert_eq!(shown.code, 4);
    assert!(
        shown
            .raw
            .contains("\u{1b}[1mbody.json:7:15\u{1b}[0m: \u{1b}[1m\u{1b}[31merror\u{1b}[0m: workerConfig.maxNum"),
        "{:?}",
        shown.raw
    );
    let user = user.env("NO_COLOR", "1");
    let plain = user.on_terminal(80, &["validate", "-f", "body.json"]);
    assert!(!plain.raw.contains('\u{1b}'), "{:?}", plain.raw);
}

#[test]
fn what_was_not_checked_does_not_pass() {
    let user = User::new();
    for (status, code) in [(404, 6), (403, 6), (503, 7)] {
        user.server.faults().clear();
        let reply = Reply::status(status).header("Retry-After", "120");
        user.server
            .faults()
            .add(Call::Limits, When::always(), Fault::Instead(reply));
        for ended in [
            user.run(&["validate", "ep_19e0d3aa"]),
            user.run_with(&["validate", "-f", "-"], &user.run(&["get", "ep_19e0d3aa"]).out),
        ] {
            let ended = ended.with(code);
            assert!(
                ended.err.contains("warning: The account's ranges are not known."),
                "{ended:#?}"
            );
            assert!(
                ended.err.contains("\nNot everything was checked. Try again;"),
                "{ended:#?}"
            );
            assert!(!ended.err.contains("No problems"), "{ended:#?}");
        }
        let json = user.run(&["validate", "ep_19e0d3aa", "-o", "json"]).with(code).json();
        assert_eq!(json, json!([]));
    }
}

#[test]
fn a_range_that_the_server_does_not_name_is_told() {
    let user = User::new();
    user.server.set_limits(json!({"minWorkerNum": 0, "maxWorkerNum": 10}));
    let ended = user.run(&["validate", "ep_19e0d3aa"]).with(0);
    assert!(
        ended
            .err
            .contains("warning: No range is known for Idle timeout, Max concurrency, GPUs per worker"),
        "{ended:#?}"
    );
}

#[test]
fn offline_no_server_is_asked_and_no_key_is_needed() {
    let user = User::new();
    let whole = body(&user);
    user.file("a.json", &whole.replace("\"maxNum\": 5", "\"maxNum\": 500"));
    user.file(
        "b.json",
        &whole.replace("\"8000\"", "\"2222\"").replace(LLAMA, "ep_nobody"),
    );
    let before = user.server.requests().len();
    let run = |arguments: &[&str]| {
        let mut command = user.command(&[&["validate", "--offline"], arguments].concat());
        let output = command.env_remove("NOVITA_API_KEY").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run(&["-f", "a.json"]);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", "No problems.\n"));
    let (code, out, err) = run(&["-f", "."]);
    assert_eq!(code, Some(4));
    assert_eq!(
        out,
        "./b.json:15:15: error: ep_nobody: ports[0].port: 2222 is kept by the platform (2222, 2223 and 2224 are); choose another \
         (update body)\n"
    );
    assert_eq!(err, "2 files: ./a.json 1 in order, ./b.json failed\n");
    assert_eq!(run(&["-f", "a.json", "-o", "json"]).1, "[]\n");
    assert_eq!(user.server.requests().len(), before);
    // An ID beside it is that of a file that doesn't say it; nobody is asked whether there is such a one.
    let without = whole.replacen(&format!("\"id\": \"{LLAMA}\",\n"), "", 1);
    user.file("c.txt", &without);
    assert_eq!(run(&["-f", "c.txt"]).0, Some(4));
    assert_eq!(run(&["ep_anything", "-f", "c.txt"]).0, Some(0));
    // What a shell makes of a pattern.
    user.file("d.json", &whole);
    assert_eq!(run(&["-f", "a.json", "b.json", "d.json"]).0, Some(4));
    assert_eq!(run(&[LLAMA]).0, Some(2));
    assert_eq!(user.server.requests().len(), before);
}

/// Whatever `apply` refuses without a server: the same lines, with a server and without.
#[test]
fn validate_refuses_what_apply_refuses_in_the_same_words() {
    let user = User::new();
    let whole = body(&user);
    let yaml = user
        .run(&["get", LLAMA, "-o", "yaml"])
        .with(0)
        .out
        .replace("9LIVES", "LIVES");
    let json = |from: &str, to: &str| whole.replacen(from, to, 1);
    for (name, text) in [
        ("key.json", json("\"envs\"", "\"env\"")),
        ("type.json", json("\"name\": \"llama-3-8b\"", "\"name\": 7")),
        ("number.json", json("\"maxNum\": 5", "\"maxNum\": \"many\"")),
        ("order.json", json("\"minNum\": 1", "\"minNum\": 6")),
        ("port.json", json("\"8000\"", "\"2222\"")),
        (
            "image.json",
            json("\"image\": \"vllm/", &format!("\"image\": \"{}/", "x".repeat(600))),
        ),
        ("policy.json", json("\"queue\"", "\"both\"")),
        ("mask.json", json(TOKEN, "hf_***")),
        ("screen.json", json(TOKEN, "••••••")),
        (
            "unset.json",
            json(&format!("\"{TOKEN}\""), "{\"fromEnv\": \"NOBODY_SET_IT\"}"),
        ),
        (
            "gone.json",
            json(&format!("\"{TOKEN}\""), "{\"fromFile\": \"nowhere\"}"),
        ),
        ("twice.json", format!("{whole}{whole}")),
        ("id.json", json(&format!("  \"id\": \"{LLAMA}\",\n"), "")),
        ("broken.yaml", format!("{yaml}\nenvs: [")),
    ] {
        user.file(name, &text);
        let lines = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.contains(": error: "));
            lines
                .map(|line| line.replace(&format!("error: {LLAMA}: "), "error: "))
                .collect()
        };
        let applied = lines(&user.run(&["apply", "-f", name, "--yes"]).with(4).err);
        assert!(
            !applied.is_empty() && applied[0].starts_with(&format!("{name}:")),
            "{applied:?}"
        );
        assert_eq!(
            lines(&user.run(&["validate", "-f", name]).with(4).out),
            applied,
            "{name}"
        );
        assert_eq!(
            lines(&user.run(&["validate", "-f", name, "--offline"]).with(4).out),
            applied,
            "{name}"
        );
    }
}
