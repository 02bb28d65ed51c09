//! Values that a document doesn't hold itself: `{fromEnv: NAME}`, `{fromFile: PATH}`, `{fromServer: true}`.

use std::io::Write;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::run::{Ended, LLAMA, TOKEN, User};
use crate::waiting::{ended, fifo, signal, writer_of};
use crate::writing::posts;

const SECRET: &str = "sesame-4711";

/// A file for the endpoint in which this stands for the value of `HF_TOKEN`.
fn document(user: &User, name: &str, value: Value) {
    let mut body = user.run(&["get", LLAMA]).with(0).json();
    body["envs"] = json!([{"key": "HF_TOKEN", "value": value}]);
    std::fs::create_dir_all(user.path(name).parent().unwrap()).unwrap();
    user.file(name, &body.to_string());
}

fn stored(user: &User) -> Value {
    user.server.endpoint(LLAMA).unwrap()["envs"].clone()
}

#[track_caller]
fn never_shown(ended: &Ended) {
    for text in [&ended.out, &ended.err] {
        assert!(!text.contains(SECRET) && !text.contains(TOKEN), "{ended:#?}");
    }
}

#[test]
fn a_value_of_a_variable_or_a_file_is_sent_and_never_printed() {
    for value in [json!({"fromEnv": "MY_TOKEN"}), json!({"fromFile": "secrets/token"})] {
        let user = User::new().env("MY_TOKEN", SECRET);
        let name = "a/d.json";
        document(&user, name, value);
        std::fs::create_dir(user.path("a/secrets")).unwrap();
        user.file("a/secrets/token", &format!("{SECRET}\n"));
        let before = posts(&user).len();
        never_shown(&user.run(&["validate", "-f", name]).with(0));
        never_shown(&user.run(&["validate", "-f", name, "--offline"]).with(0));
        let ended = user.run(&["diff", "-f", name]).with(1);
        assert!(ended.out.contains("+      \"value\": \"••••••\""), "{ended:#?}");
        never_shown(&ended);
        never_shown(&user.run(&["diff", "-f", name, "-o", "json"]).with(1));
        never_shown(&user.run(&["apply", "-f", name, "--dry-run"]).with(0));
        never_shown(&user.run(&["apply", "-f", name, "--yes"]).with(0));
        assert_eq!(stored(&user), json!([{"key": "HF_TOKEN", "value": SECRET}]));
        assert_eq!(posts(&user).len(), before + 1);
        never_shown(&user.run(&["apply", "-f", name, "--yes", "-o", "json"]).with(0));
        never_shown(&user.run(&["history", LLAMA, "1", "-o", "json"]).with(0));
    }
}

#[test]
fn out_of_standard_input_a_file_is_named_from_where_the_command_runs() {
    let user = User::new();
    document(&user, "a/file.json", json!({"fromFile": "token"}));
    user.file("token", SECRET);
    let text = std::fs::read_to_string(user.path("a/file.json")).unwrap();
    user.run_with(&["apply", "-f", "-", "--yes"], &text).with(0);
    assert_eq!(stored(&user)[0]["value"], SECRET);
}

#[test]
fn a_value_that_is_not_there_is_an_error_at_its_place() {
    let user = User::new().env("EMPTY", "").env("BREAKS", "\n\n");
    std::fs::write(user.path("large"), "x".repeat((1 << 20) + 1)).unwrap();
    std::fs::write(user.path("bytes"), b"\xff").unwrap();
    user.file("empty", "");
    user.file("mark", "\u{feff}");
    for (name, breaks) in [("break", "\n"), ("breaks", "\r\n\r\n")] {
        user.file(name, breaks);
    }
    std::fs::create_dir(user.path("folder")).unwrap();
    for (value, said) in [
        (
            json!({"fromEnv": "NOBODY"}),
            "the variable NOBODY is not set, or empty; set it where this is run",
        ),
        (json!({"fromEnv": "EMPTY"}), "the variable EMPTY is not set, or empty"),
        (
            json!({"fromEnv": "BREAKS"}),
            "the variable BREAKS holds nothing but line breaks",
        ),
        (
            json!({"fromEnv": "NOVITA_API_KEY"}),
            "NOVITA_API_KEY is the key that this program itself works with, and no endpoint's",
        ),
        (
            json!({"fromEnv": "A=B"}),
            "the variable that fromEnv names is not set, or empty; set it where this is run",
        ),
        (
            json!({"fromFile": "nowhere"}),
            "the file that fromFile names can't be read: No such file or directory",
        ),
        (
            json!({"fromFile": "folder"}),
            "the file folder can't be read: Is a directory",
        ),
        (
            json!({"fromFile": "empty"}),
            "the file empty is empty; write \"\" for an empty value",
        ),
        (
            json!({"fromFile": "mark"}),
            "the file mark holds nothing but a byte order mark; write \"\" for an empty value",
        ),
        (
            json!({"fromFile": "break"}),
            "the file break holds nothing but line breaks; write \"\" for an empty value",
        ),
        (
            json!({"fromFile": "breaks"}),
            "the file breaks holds nothing but line breaks; write \"\" for an empty value",
        ),
        (json!({"fromFile": "large"}), "the file large is over 1 MiB"),
        (json!({"fromFile": "bytes"}), "the file bytes is no text (UTF-8)"),
    ] {
        document(&user, "d.json", value);
        let before = user.server.requests().len();
        let said = format!(": error: envs[0].value: {said}");
        let ended = user.run(&["apply", "-f", "d.json", "--yes"]).with(4);
        assert!(
            ended.err.contains(&said) && ended.err.starts_with("d.json:1:"),
            "{said} {ended:#?}"
        );
        let ended = user.run(&["validate", "-f", "d.json", "--offline"]).with(4);
        assert!(ended.out.contains(&said), "{said} {ended:#?}");
        assert_eq!(user.server.requests().len(), before);
        let ended = user.run(&["diff", "-f", "d.json"]).with(4);
        assert!(ended.err.contains(&said), "{said} {ended:#?}");
    }
    assert_eq!(posts(&user), []);
}

/// Somebody wrote the secret where the name of its place belongs.
#[test]
fn a_secret_in_the_place_of_a_name_is_told_nowhere() {
    let user = User::new();
    let long = "SESAME_4711_".repeat(6);
    for (key, secret) in [
        ("fromEnv", SECRET),
        ("fromEnv", "hf_sesame4711"),
        ("fromEnv", "4711SESAME"),
        ("fromEnv", &long),
        ("fromFile", SECRET),
        ("fromFile", "sesame/4711"),
        ("fromFile", &long.repeat(6)),
    ] {
        document(&user, "d.json", json!({key: secret}));
        let place = key.replace("fromEnv", "the variable that fromEnv names");
        let place = place.replace("fromFile", "the file that fromFile names");
        for command in [
            &["apply", "--yes"][..],
            &["diff"],
            &["validate"],
            &["validate", "--offline"],
        ] {
            let ended = user.run(&[command, &["-f", "d.json"]].concat()).with(4);
            let told = format!("{}{}", ended.out, ended.err);
            assert!(told.contains(&place) && told.contains("d.json:1:"), "{ended:#?}");
            assert!(!told.to_lowercase().contains("sesame"), "{ended:#?}");
        }
    }
    assert_eq!(posts(&user), []);
}

#[test]
fn what_is_left_out_of_a_file_is_told_once() {
    let user = User::new();
    let mut body = user.run(&["get", LLAMA]).with(0).json();
    body["envs"] = json!([
        {"key": "A", "value": {"fromFile": "token"}},
        {"key": "B", "value": {"fromFile": "token"}},
    ]);
    user.file("d.json", &body.to_string());
    user.file("token", &format!("\u{feff}{SECRET}\r\n"));
    for command in [&["apply", "--dry-run"][..], &["validate", "--offline"]] {
        let ended = user.run(&[command, &["-f", "d.json"]].concat()).with(0);
        for said in [
            "The byte order mark at the start of the file token is left out.\n",
            "The line break at the end of the file token is left out.\n",
        ] {
            assert_eq!(ended.err.matches(said).count(), 1, "{said} {ended:#?}");
        }
        never_shown(&ended);
    }
}

#[test]
fn a_text_is_never_taken_for_anything_else() {
    let user = User::new().env("MY_TOKEN", SECRET);
    for text in [
        "$MY_TOKEN",
        "${MY_TOKEN}",
        "{fromEnv: MY_TOKEN}",
        "@token",
        "{\"fromServer\": true}",
    ] {
        document(&user, "d.json", json!(text));
        user.run(&["apply", "-f", "d.json", "--yes"]).with(0);
        assert_eq!(stored(&user)[0]["value"], text);
    }
}

#[test]
fn a_pipe_is_waited_for_and_read_once_for_all_that_name_it() {
    let user = User::new();
    let mut body = user.run(&["get", LLAMA]).with(0).json();
    body["envs"] = json!([
        {"key": "A", "value": {"fromFile": "pipe"}},
        {"key": "B", "value": {"fromFile": "pipe"}},
    ]);
    user.file("d.json", &body.to_string());
    let pipe = fifo(&user, "pipe");
    let running = user.start(&["apply", "-f", "d.json", "--yes"]);
    writer_of(&pipe).write_all(SECRET.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(
        (&stored(&user)[0]["value"], &stored(&user)[1]["value"]),
        (&json!(SECRET), &json!(SECRET))
    );
}

#[test]
fn what_get_writes_without_secrets_is_the_endpoint_as_it_is() {
    let user = User::new();
    for form in ["json", "yaml"] {
        let written = user
            .run(&["get", LLAMA, "ep_19e0d3aa", "-o", form, "--secrets", "server"])
            .with(0);
        never_shown(&written);
        assert!(written.out.matches("fromServer").count() > 12, "{}", written.out);
        let ended = user.run_with(&["diff", "-f", "-"], &written.out).with(0);
        assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", "No difference.\n"));
        user.run_with(&["validate", "-f", "-"], &written.out).with(0);
        user.run_with(&["validate", "-f", "-", "--offline"], &written.out)
            .with(0);
        let ended = user.run_with(&["apply", "-f", "-", "--yes"], &written.out).with(0);
        assert_eq!(ended.out.matches("Nothing to change: ").count(), 2, "{ended:#?}");
    }
    let before = stored(&user);
    let written = user.run(&["get", LLAMA, "--secrets", "server"]).with(0).out;
    let changed = written.replace("\"maxNum\": 5", "\"maxNum\": 6");
    user.run_with(&["apply", "-f", "-", "--yes"], &changed).with(0);
    assert_eq!(stored(&user), before, "the values stay what they are");
    let shown = user.on_terminal(80, &["get", LLAMA, "--secrets", "server"]);
    assert!(
        shown.text().contains("\"fromServer\": true") && !shown.text().contains("masked"),
        "{}",
        shown.text()
    );
    let ended = user.run(&["get", LLAMA, "--secrets", "server", "--reveal"]).with(2);
    assert!(ended.err.contains("Leave one of the two out"), "{ended:#?}");
}

#[test]
fn a_value_that_the_server_masks_or_has_not_is_not_taken_from_it() {
    let user = User::new();
    let written = user.run(&["get", LLAMA, "--secrets", "server"]).with(0).out;
    user.file("d.json", &written);
    user.server.edit(LLAMA, |endpoint| {
        endpoint["envs"] = json!([{"key": "HF_TOKEN", "value": "hf_****123"}, {"key": "B", "value": "x"}]);
    });
    for command in [&["apply", "--yes"][..], &["diff"], &["validate"]] {
        let ended = user.run(&[command, &["-f", "d.json"]].concat()).with(4);
        let told = format!("{}{}", ended.out, ended.err);
        assert!(
            told.contains("envs[0].value: the server shows a mask in the place of this value"),
            "{told}"
        );
        assert!(
            told.contains("envs[1].value: the endpoint has no such variable"),
            "{told}"
        );
        assert!(!told.contains("hf_***"), "{told}");
    }
    document(&user, "d.json", json!({"fromServer": true}));
    let meant = ["apply", "-f", "d.json", "--yes", "--allow-masked", "HF_TOKEN"];
    user.run(&["apply", "-f", "d.json", "--yes"]).with(4);
    user.run(&meant).with(0);
    assert_eq!(stored(&user), json!([{"key": "HF_TOKEN", "value": "hf_****123"}]));
    user.run(&["apply", "-f", "d.json", "--yes"]).with(0);
    user.run(&["validate", "-f", "d.json"]).with(0);
    user.run(&["diff", "-f", "d.json"]).with(0);
}

#[test]
fn a_pipe_that_nobody_writes_to_is_left_by_ctrl_c() {
    let user = User::new();
    document(&user, "d.json", json!({"fromFile": "pipe"}));
    let pipe = fifo(&user, "pipe");
    for command in ["apply", "diff", "validate"] {
        let running = user.start(&[command, "-f", "d.json"]);
        let _writer = writer_of(&pipe);
        signal(&running, Signal::INT);
        assert_eq!(ended(running).0, Some(130), "{command}");
    }
}
