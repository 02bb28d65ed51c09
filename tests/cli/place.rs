//! Where one is: profile and host in questions and outcomes, the settings in force, a log on stderr.

use std::os::unix::fs::PermissionsExt;

use novita_edit::demo::{Call, Fault, Reply, When};
use serde_json::json;

use crate::run::{LLAMA, User};
use crate::schema::holds;

const KEY: &str = "sk_never_to_be_seen";

/// A user with the profile `prod`, which the config file makes the default.
fn with_profile() -> User {
    let user = User::new();
    std::fs::create_dir_all(user.path("config/novita-edit")).unwrap();
    let key = user.file("key", KEY);
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    let base = user.server.base_url();
    let config = format!(
        "default_profile = \"prod\"\n\n[timeouts]\ntotal = 60\n\n[profiles.prod]\nbase_url = \"{base}\"\n\
         api_key_file = \"{}\"\n",
        key.display()
    );
    user.file("config/novita-edit/config.toml", &config);
    user.env("NOVITA_PROFILE", "prod")
}

#[test]
fn a_question_and_an_outcome_say_where() {
    let user = with_profile();
    let place = format!("at {}, profile prod", user.host());
    let question = format!("Send this to llama-3-8b (ep_7f3a91c2) {place}? [y/N]");
    let shown = user.talk(200, &["scale", LLAMA, "--max", "8"], &[(&question, "y\n")]);
    let saved = format!("Saved: llama-3-8b (ep_7f3a91c2) {place}: every sent field read back as sent.");
    assert!(shown.code == 0 && shown.text().contains(&saved), "{}", shown.text());
    let both = ["scale", LLAMA, "ep_b40c55de", "--max", "7"];
    let question = format!("Send this to 2 endpoints {place}? [y/N]");
    assert_eq!(user.talk(200, &both, &[(&question, "n\n")]).code, 130);
    let refusal = Fault::Instead(Reply::error(400, "OPERATION_LIMIT", "quota"));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    let ended = user.run(&["scale", LLAMA, "--max", "3", "--yes"]).with(6);
    assert!(
        ended
            .err
            .contains(&format!("Refused: llama-3-8b (ep_7f3a91c2) {place}: ")),
        "{ended:#?}"
    );
    let json = user
        .run(&["scale", LLAMA, "--max", "3", "--yes", "-o", "json"])
        .with(0)
        .json();
    holds("writes", &json);
    assert_eq!(
        (&json[0]["profile"], &json[0]["baseUrl"]),
        (&json!("prod"), &json!(user.server.base_url()))
    );
}

#[test]
fn without_a_profile_the_host_stands_alone() {
    let user = User::new();
    let json = user
        .run(&["set", LLAMA, "name=x", "--yes", "-o", "json"])
        .with(0)
        .json();
    holds("write", &json);
    assert_eq!(json["profile"], json!(null));
    let ended = user.run(&["set", LLAMA, "name=x", "--yes"]).with(0);
    let said = format!("Nothing to change: x (ep_7f3a91c2) at {}: ", user.host());
    assert!(ended.out.starts_with(&said), "{ended:#?}");
    let demo = user.run(&["scale", LLAMA, "--max", "8", "--yes", "--demo"]).with(0);
    assert!(
        demo.out.starts_with("Saved: llama-3-8b (ep_7f3a91c2) in the demo: "),
        "{demo:#?}"
    );
}

#[test]
fn a_command_on_the_demo_says_once_that_it_is_a_world_of_its_own() {
    let user = User::new();
    let said = "--demo: a simulated API of its own that ends with this command; `novita-edit demo-server` gives one that \
                stays.\n";
    for arguments in [&["list"][..], &["scale", LLAMA, "--max", "8", "--yes"], &["get", LLAMA]] {
        let ended = user.run(&[arguments, &["--demo"]].concat()).with(0);
        assert!(
            ended.err.starts_with(said) && ended.err.matches("--demo").count() == 1,
            "{ended:#?}"
        );
        assert!(!user.run(arguments).with(0).err.contains("--demo"));
    }
}

#[test]
fn the_settings_in_force_tell_where_each_comes_from_and_never_the_key() {
    let user = with_profile();
    let ended = user.run(&["config", "show", "-o", "json"]).with(0);
    let json = ended.json();
    holds("config-show", &json);
    let setting = |json: &serde_json::Value, name: &str| {
        let all = json.as_array().unwrap();
        let found = all.iter().find(|setting| setting["name"] == name).unwrap();
        (found["value"].clone(), found["origin"].clone(), found["from"].clone())
    };
    let file = |line: usize| {
        json!(format!(
            "{}:{line}",
            user.path("config/novita-edit/config.toml").display()
        ))
    };
    assert_eq!(
        setting(&json, "profile"),
        (json!("prod"), json!("variable"), json!("NOVITA_PROFILE"))
    );
    // Beside both variables the profile gives neither.
    let base = json!(user.server.base_url());
    assert_eq!(
        setting(&json, "base_url"),
        (base.clone(), json!("variable"), json!("NOVITA_BASE_URL"))
    );
    let key = json!("environment variable NOVITA_API_KEY");
    assert_eq!(
        setting(&json, "api_key"),
        (key, json!("variable"), json!("NOVITA_API_KEY"))
    );
    assert_eq!(setting(&json, "timeouts.total"), (json!(60), json!("file"), file(4)));
    assert_eq!(
        setting(&json, "timeouts.connect"),
        (json!(10), json!("default"), json!(null))
    );
    let whole = user
        .run(&["config", "show", "-o", "json", "--profile", "prod", "--read-only"])
        .with(0);
    let json = whole.json();
    assert_eq!(
        setting(&json, "profile"),
        (json!("prod"), json!("flag"), json!("--profile"))
    );
    assert_eq!(setting(&json, "base_url"), (base, json!("file"), file(7)));
    assert_eq!(setting(&json, "api_key").2, file(8));
    assert_eq!(
        setting(&json, "read_only"),
        (json!(true), json!("flag"), json!("--read-only"))
    );
    let table = user.run(&["config", "show", "--profile", "prod"]).with(0);
    assert!(table.out.contains("config.toml:8\n"), "{table:#?}");
    for ended in [ended, whole, table] {
        assert!(!format!("{ended:?}").contains("never_to_be_seen") && !ended.out.contains("sk_test"));
    }
    assert!(user.server.requests().is_empty(), "no server is asked");
}

#[test]
fn a_log_on_stderr_has_no_key_and_the_result_is_what_it_was() {
    let user = with_profile();
    let profile = ["list", "--profile", "prod"];
    let plain = user.run(&profile).with(0);
    for (words, requests) in [
        (&["-v"][..], false),
        (&["--log-file", "-"], false),
        (&["-vv"], true),
        (&["-v", "-v"], true),
        (&["-vvv"], true),
    ] {
        let ended = user.run(&[&profile[..], words].concat()).with(0);
        assert_eq!(ended.out, plain.out, "{words:?}");
        assert!(
            ended.err.contains(" INFO ") && ended.err.contains("settings resolved"),
            "{ended:#?}"
        );
        assert_eq!(ended.err.contains("answered"), requests, "{words:?} {}", ended.err);
        assert!(!ended.err.contains("never_to_be_seen"), "{}", ended.err);
    }
    // A file gets it where one is named.
    let ended = user
        .run(&[&profile[..], &["-vv", "--log-file", "log"]].concat())
        .with(0);
    assert_eq!(ended.err, "");
    let log = std::fs::read_to_string(user.path("log")).unwrap();
    assert!(log.contains("answered") && !log.contains("never_to_be_seen"), "{log}");
    let secret = user
        .run(&["set", LLAMA, "envs.HF_TOKEN=hf_not_to_be_seen", "--yes", "-vvv"])
        .with(0);
    let logged: Vec<&str> = secret.err.lines().filter(|line| line.contains("novita_edit")).collect();
    assert!(
        !logged.is_empty() && !logged.join("\n").contains("not_to_be_seen"),
        "{logged:#?}"
    );
    for words in [
        &["-v"][..],
        &["--log-file", "-"],
        &[LLAMA, "-vv"],
        &["edit", LLAMA, "-v"],
    ] {
        let ended = user.run(words).with(2);
        assert_eq!(
            ended.err,
            "novita-edit: the editor has the screen, so nothing is logged to stderr. Leave -v out, or name a file: \
             --log-file FILE\n"
        );
    }
}
