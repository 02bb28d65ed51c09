//! Texts from everywhere that would drive a terminal, or look like lines of the program: on stdout and stderr they do
//! neither.

use std::fs;
use std::path::PathBuf;

use novita_edit::demo::{Call, Fault, Reply, When};
use novita_edit::text::has_invisible;
use serde_json::json;

use crate::run::{Ended, LLAMA, User};

/// A title, a cleared screen in eight bits, an override, things of no width, and a line that says that all is well.
const EVIL: &str = "a\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\u{200b}\u{3164}\nForged: llama\r\nForged: b";

/// Only colours are left of what is no text, and no line is one of the evil text's.
fn harmless(text: &str, what: &str) {
    let mut rest = text.to_owned();
    while let Some(at) = rest.find("\u{1b}[") {
        let end = rest[at + 2..].find(|c: char| !c.is_ascii_digit() && c != ';').unwrap() + at + 2;
        assert!(rest[end..].starts_with('m'), "{what}: {text:?}");
        rest.replace_range(at..=end, "");
    }
    assert!(!has_invisible(&rest.replace('\n', "")), "{what}: {text:?}");
    assert!(
        !rest.lines().any(|line| line.trim_start().starts_with("Forged: ")),
        "{what}: {text}"
    );
}

impl Ended {
    /// Harmless on both sides, and the evil text was there, in a form that can be read.
    #[track_caller]
    fn shows_the_evil(self, what: &str) -> Self {
        harmless(&self.out, what);
        harmless(&self.err, what);
        let all = format!("{}{}", self.out, self.err);
        assert!(
            all.contains("␛]0;x␇") || all.contains("\\u001b]0;x\\u0007"),
            "{what}: {self:#?}"
        );
        self
    }
}

fn in_colour(user: &User, arguments: &[&str]) -> Ended {
    let all = [arguments, &["--color=always"]].concat();
    user.run(&all)
}

fn evil_endpoint(user: &User) {
    user.server.edit(LLAMA, |endpoint| {
        for pointer in [
            "/name",
            "/image/image",
            "/url",
            "/state/message",
            "/envs/0/key",
            "/envs/0/value",
        ] {
            *endpoint.pointer_mut(pointer).unwrap() = json!(EVIL);
        }
        endpoint["workers"][0]["id"] = json!(EVIL);
        endpoint["workers"][0]["state"]["message"] = json!(EVIL);
    });
}

#[test]
fn every_command_that_shows_an_endpoint() {
    let user = User::new();
    evil_endpoint(&user);
    let file = user.run(&["get", LLAMA]).with(0).out;
    user.file("b.json", &file.replacen("llama", "other", 1));
    for words in [
        &["list"][..],
        &["list", "-o", "json"],
        &["list", "-o", "yaml"],
        &["show", LLAMA, "--reveal"],
        &["get", LLAMA],
        &["get", LLAMA, "-o", "yaml"],
        &["set", LLAMA, "envs.B=1", "--dry-run"],
        &["diff", "-f", "b.json"],
        &["diff", "-f", "b.json", "-o", "json"],
        &["set", LLAMA, &format!("name={EVIL}2"), "--yes"],
        &["history", LLAMA, "1"],
        &["rollback", LLAMA, "--yes"],
        &["watch", LLAMA, "--until", "serving"],
    ] {
        let ended = in_colour(&user, words).shows_the_evil(&words.join(" "));
        assert!([0, 1].contains(&ended.code), "{words:?}: {ended:#?}");
    }
    in_colour(&user, &["show", "no-such"])
        .with(3)
        .shows_the_evil("the endpoints there are");
}

#[test]
fn what_the_server_says_when_it_refuses() {
    let user = User::new();
    for reply in [
        Reply::error(400, EVIL, EVIL),
        Reply::html(502, EVIL),
        Reply::status(400).body("text/plain", EVIL),
        Reply::json(&json!({"message": EVIL})),
    ] {
        let what = format!("{reply:?}");
        user.server.faults().clear();
        user.server
            .faults()
            .add(Call::Load, When::from_nth(1), Fault::Instead(reply.clone()));
        let ended = in_colour(&user, &["show", LLAMA]).shows_the_evil(&what);
        assert_ne!(ended.code, 0);
        user.server.faults().clear();
        user.server
            .faults()
            .add(Call::Update, When::next(1), Fault::Instead(reply));
        harmless(&in_colour(&user, &["scale", LLAMA, "--max", "6", "--yes"]).err, &what);
        harmless(&in_colour(&user, &["history", LLAMA, "1"]).out, &what);
    }
    user.server.faults().clear();
    let elsewhere = Reply::status(302).header("location", "https://evil.example/\u{9b}2J");
    user.server
        .faults()
        .add(Call::Load, When::next(1), Fault::Instead(elsewhere));
    harmless(&in_colour(&user, &["show", LLAMA]).err, "a redirect");
}

#[test]
fn arguments_that_are_wrong() {
    let user = User::new();
    let evil = |before: &str| format!("{before}{EVIL}");
    for words in [
        vec![evil("--x")],
        vec!["draft".into(), EVIL.into()],
        vec![evil("--color=")],
        vec!["history".into(), LLAMA.into(), EVIL.into()],
        vec!["watch".into(), LLAMA.into(), evil("--timeout=")],
        vec!["show".into(), EVIL.into()],
        vec!["set".into(), LLAMA.into(), evil("nope=")],
        vec!["set".into(), LLAMA.into(), EVIL.into()],
        vec!["apply".into(), "-f".into(), evil("no-such")],
        vec!["--profile".into(), EVIL.into(), "list".into()],
        vec!["--config".into(), evil("no-such"), "list".into()],
        vec!["--api-key-file".into(), evil("no-such"), "list".into()],
        vec!["--log-file".into(), evil("no/such"), "list".into()],
    ] {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ended = user.run(&words);
        harmless(&ended.out, &format!("{words:?}"));
        harmless(&ended.err, &format!("{words:?}"));
        assert_ne!(ended.code, 0, "{words:?}");
        assert!(ended.err.contains('a'), "{ended:#?}");
    }
    let unknown = user.run(&[&evil("--x")]).with(2).err;
    assert!(unknown.contains("--xa␛]0;x␇"), "{unknown}");
    for (name, value) in [
        ("NOVITA_LOG", EVIL),
        ("NOVITA_PROFILE", EVIL),
        ("NOVITA_BASE_URL", EVIL),
    ] {
        let ended = User::new().env(name, value).run(&["list"]).with(2);
        harmless(&ended.err, name);
    }
}

/// Directories and files of the user whose names are evil, as far as a file system takes them.
#[test]
fn paths_and_the_users_files() {
    let name = EVIL.replace('/', "");
    let user = User::new();
    let config: PathBuf = user.path(&name);
    let user = user.env("XDG_CONFIG_HOME", config.to_str().unwrap());
    let state = user.path(&format!("{name} state"));
    let user = user.env("XDG_STATE_HOME", state.to_str().unwrap());
    in_colour(&user, &["config", "path"]).with(0).shows_the_evil("path");
    in_colour(&user, &["config", "init"]).with(0).shows_the_evil("init");
    let own = config.join("novita-edit");
    let quoted = serde_json::to_string(EVIL).unwrap();
    fs::write(
        own.join("keymap.toml"),
        format!("[{quoted}]\n[form]\n{quoted} = \"x\"\nquit = {quoted}\n"),
    )
    .unwrap();
    fs::write(
        own.join(format!("themes/{name}.toml")),
        format!("{quoted} = 1\n[{quoted}]\n"),
    )
    .unwrap();
    fs::write(
        own.join("config.toml"),
        format!("{quoted} = 1\ntheme = {quoted}\n[profiles.{quoted}]\n[profiles.\"a\u{3164}\"]\n"),
    )
    .unwrap();
    let checked = in_colour(&user, &["config", "check"]).with(2).shows_the_evil("check");
    assert!(checked.out.lines().count() >= 6, "{}", checked.out);
    in_colour(&user, &["list"]).with(2).shows_the_evil("a start");
    // The editor tells of keys and themes before it opens.
    fs::write(own.join("config.toml"), "").unwrap();
    let told = in_colour(&user, &[LLAMA]).with(2).shows_the_evil("the editor's start");
    assert!(told.err.contains("is not a terminal"), "{}", told.err);
}

#[test]
fn files_of_endpoints() {
    let user = User::new();
    user.file("b.json", &json!({EVIL: 1, "id": EVIL}).to_string());
    user.file(
        "b.yaml",
        &format!("{}: *x\nid: [\n", serde_json::to_string(EVIL).unwrap()),
    );
    for words in [
        &["validate", "-f", "b.json"][..],
        &["validate", "-f", "b.yaml"],
        &["apply", "-f", "b.json", "--yes"],
        &["diff", "-f", "b.json"],
    ] {
        let ended = in_colour(&user, words);
        harmless(&ended.out, &format!("{words:?}"));
        harmless(&ended.err, &format!("{words:?}"));
        assert_ne!(ended.code, 0);
    }
    // What a program reads has the name as it is.
    let name = format!("{}.json", EVIL.replace('/', ""));
    user.file(&name, "{}");
    let told = user.run(&["validate", "-f", &name, "-o", "json"]);
    harmless(&told.out, "json");
    assert_eq!(told.json()[0]["document"]["file"], json!(name), "{}", told.out);
    in_colour(&user, &["validate", "-f", &name]).shows_the_evil("its name");
}

#[test]
fn drafts_and_histories_that_somebody_meddled_with() {
    let user = User::new();
    evil_endpoint(&user);
    in_colour(&user, &["scale", LLAMA, "--max", "7", "--yes"]).with(0);
    let state = user.path("state/novita-edit");
    let account = fs::read_dir(state.join("history"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .file_name();
    let past = state.join("history").join(&account).join(format!("{LLAMA}.jsonl"));
    let quoted = serde_json::to_string(EVIL).unwrap();
    let mut lines = String::new();
    let mut draft = String::new();
    for line in fs::read_to_string(&past).unwrap().lines() {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["at"] = json!(EVIL);
        if line["kind"] == "send" {
            let mut text = json!({"version": 1, "saved_at": "2026-11-\u{1b}[T\u{1b}[2Jx", "base_url": "", "endpoint": LLAMA, "pid": 1});
            text["loaded"] = line["before"].clone();
            text["edited"] = line["after"].clone();
            text["typing"] = json!({"what": {"field": "name"}, "text": EVIL, "cursor": [0, 0]});
            draft = text.to_string();
        }
        lines += &(line.to_string() + "\n");
    }
    fs::write(&past, lines).unwrap();
    in_colour(&user, &["history", LLAMA]).with(0).shows_the_evil("history");
    in_colour(&user, &["history", LLAMA, "1"])
        .with(0)
        .shows_the_evil("a send");
    in_colour(&user, &["rollback", LLAMA, "1", "--dry-run"]).shows_the_evil("rollback");
    let drafts = state.join("drafts").join(&account);
    fs::create_dir_all(&drafts).unwrap();
    fs::write(drafts.join(format!("{LLAMA}.draft.json")), draft).unwrap();
    fs::write(
        drafts.join(format!("{LLAMA}.owner.json")),
        format!("{{\"version\":1,\"generation\":1,\"pid\":1,\"start\":null,\"host\":{quoted},\"since\":{quoted}}}"),
    )
    .unwrap();
    fs::write(drafts.join("x\u{1b}[2J.draft.json"), "{}").unwrap();
    for words in [
        &["draft", "list"][..],
        &["draft", "show", LLAMA],
        &["draft", "discard", LLAMA, "--yes"],
    ] {
        in_colour(&user, words).shows_the_evil(&words.join(" "));
    }
    let ended = in_colour(&user, &["draft", "show", "no-such"]);
    harmless(&ended.err, "the drafts there are");
}

#[test]
fn names_that_cannot_be_seen_are_not_offered_to_a_shell() {
    let user = User::new();
    user.file("plain.json", "");
    user.file("p\n--yes", "");
    user.file("p\u{1b}[2J", "");
    let offered = user.tab(&["apply", "-f", "p"]);
    assert_eq!(offered, ["plain.json"]);
}

#[test]
fn names_that_differ_in_what_cannot_be_seen_look_different() {
    let user = User::new();
    for (at, name) in ["prod", "pro\u{200b}d", "prod\u{a0}", "prod\u{3164}", "\u{202e}prod"]
        .iter()
        .enumerate()
    {
        let mut endpoint = user.server.endpoint(LLAMA).unwrap();
        endpoint["id"] = json!(format!("ep_twin{at}"));
        endpoint["name"] = json!(name);
        user.server.add_endpoint(endpoint);
    }
    let out = user.run(&["list"]).with(0).out;
    let names = out
        .lines()
        .filter(|line| line.starts_with("ep_twin"))
        .map(|line| line.split_whitespace().nth(1).unwrap());
    let names: Vec<&str> = names.collect();
    assert_eq!(
        names,
        ["prod", "pro⟨U+200B⟩d", "prod⟨U+00A0⟩", "prod⟨U+3164⟩", "⟨U+202E⟩prod"]
    );
}

/// Blanks enough would begin a line of their own where a terminal breaks them.
#[test]
fn runs_of_blanks_forge_no_line() {
    let user = User::new();
    let message = format!("x{}Saved: llama", " ".repeat(160));
    let refusal = Fault::Instead(Reply::error(400, "CONFLICT", &message));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    let ended = user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(6);
    assert!(ended.err.contains("x Saved: llama"), "{ended:#?}");
}
