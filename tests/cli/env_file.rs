//! `env export` and `env import`: the environment as a `.env` file, and back.

use serde_json::{Value, json};

use crate::run::{LLAMA, TOKEN, User};
use crate::schema::holds;
use crate::writing::posts;

fn envs(user: &User) -> Vec<(String, String)> {
    let endpoint = user.server.endpoint(LLAMA).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let envs = endpoint["envs"].as_array().unwrap().iter();
    envs.map(|env| (text(&env["key"]), text(&env["value"]))).collect()
}

fn value(user: &User, key: &str) -> Option<String> {
    envs(user)
        .into_iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

#[test]
fn what_is_exported_is_imported_as_just_the_same() {
    let user = User::new();
    let odd = json!([
        {"key": "PLAIN", "value": "a b"}, {"key": "LINES", "value": "one\ntwo\n"}, {"key": "EMPTY", "value": ""},
        {"key": "QUOTES", "value": "it's \"so\""}, {"key": "9LIVES", "value": "#=$HOME"},
    ]);
    user.server.edit(LLAMA, |endpoint| endpoint["envs"] = odd.clone());
    let exported = user.run(&["env", "export", LLAMA]).with(0);
    assert!(exported.out.starts_with("PLAIN='a b'\n"), "{}", exported.out);
    user.server.edit(LLAMA, |endpoint| {
        endpoint["envs"] = json!([{"key": "EMPTY", "value": "x"}, {"key": "OTHER", "value": "y"}]);
    });
    user.file("a.env", &exported.out);
    let import = ["env", "import", "llama-3-8b", "-f", "a.env", "--yes"];
    let told = user.run(&import).with(0);
    assert!(
        told.err.contains("a.env: 4 new, 1 changed, 0 the same."),
        "{}",
        told.err
    );
    let names: Vec<String> = envs(&user).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["EMPTY", "OTHER", "PLAIN", "LINES", "QUOTES", "9LIVES"]);
    for env in odd.as_array().unwrap() {
        assert_eq!(
            value(&user, env["key"].as_str().unwrap()).as_deref(),
            env["value"].as_str()
        );
    }
    // Once more there is nothing to do.
    let again = user.run(&[&import[..], &["-o", "json"]].concat()).with(0);
    holds("write", &again.json());
    assert_eq!(again.json()["outcome"], "unchanged");
    let told = user.run(&[&import[..], &["--replace"]].concat()).with(0);
    assert!(told.err.contains("5 the same, 1 taken away."), "{}", told.err);
    assert_eq!((value(&user, "OTHER"), envs(&user).len()), (None, 5));
}

#[test]
fn what_came_in_pipes_is_asked_about_on_the_terminal_and_values_are_told_nowhere() {
    let user = User::new();
    let ended = user.run_with(
        &["env", "import", LLAMA, "-f", "-", "--yes"],
        "HF_TOKEN='s3cret'\nKEY=\"line 1\nline 2\"\n",
    );
    let ended = ended.with(0);
    assert!(
        ended.err.contains("standard input: 1 new, 1 changed, 0 the same."),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("KEY: lines 2–3 became one value."), "{}", ended.err);
    let all = format!("{}{}", ended.out, ended.err);
    assert!(!all.contains("s3cret") && !all.contains("line 2\""), "{all}");
    assert_eq!(value(&user, "HF_TOKEN").as_deref(), Some("s3cret"));
}

#[test]
fn a_line_that_can_not_be_read_keeps_all_from_being_sent() {
    let user = User::new();
    user.file("bad.env", "GOOD=1\nno line of that kind\nA=2\n'=3\n");
    let ended = user.run(&["env", "import", LLAMA, "-f", "bad.env", "--yes"]).with(4);
    assert!(ended.err.contains("bad.env:2:"), "{}", ended.err);
    assert!(
        ended.err.contains("bad.env:4:") && ended.err.contains(": error: "),
        "{}",
        ended.err
    );
    assert!(
        ended
            .err
            .contains("2 lines of bad.env can't be read, so nothing was sent."),
        "{}",
        ended.err
    );
    assert_eq!(posts(&user), []);
}

#[test]
fn a_file_without_a_variable_is_refused_with_replace_too() {
    let user = User::new();
    for (text, replace) in [("", false), ("\n", true), ("# nothing\n\n", true)] {
        let mut arguments = vec!["env", "import", LLAMA, "-f", "-", "--yes"];
        arguments.extend(replace.then_some("--replace"));
        let ended = user.run_with(&arguments, text).with(4);
        assert!(
            ended.err.contains("there is no variable in standard input"),
            "{}",
            ended.err
        );
    }
    assert_eq!(posts(&user), []);
    let missing = user.run(&["env", "import", LLAMA, "-f", "nobody.env", "--yes"]).with(2);
    assert!(missing.err.contains("nobody.env can't be read"), "{}", missing.err);
}

#[test]
fn a_masked_value_of_a_file_is_never_written() {
    let user = User::new();
    let ended = user.run_with(&["env", "import", LLAMA, "-f", "-", "--yes"], "HF_TOKEN=hf_****123\n");
    assert!(ended.with(4).err.contains("masked"));
    assert_eq!(posts(&user), []);
}

#[test]
fn a_terminal_gets_masks_and_a_name_that_no_line_can_hold_is_told() {
    let user = User::new();
    let shown = user.talk(100, &["env", "export", LLAMA], &[]);
    assert!(
        shown.text().contains("HF_TOKEN=••••••") && !shown.text().contains(TOKEN),
        "{}",
        shown.text()
    );
    let last = shown.text().lines().last().unwrap().to_owned();
    assert!(
        last.ends_with("environment values are masked; --reveal shows them.") && !last.contains('='),
        "{last}"
    );
    let shown = user.talk(100, &["env", "export", LLAMA, "--reveal"], &[]);
    assert!(shown.text().contains(TOKEN), "{}", shown.text());
    user.server.edit(LLAMA, |endpoint| {
        endpoint["envs"] = json!([{"key": "A B", "value": "1"}])
    });
    let ended = user.run(&["env", "export", LLAMA]).with(4);
    assert!(
        ended.err.contains("env \"A B\" can't stand in a .env file") && ended.out.is_empty(),
        "{}",
        ended.err
    );
}
