//! `set`: any field by its path, and secrets that stand nowhere to be seen.

use novita_edit::demo::{Call, Fault, Reply, When};
use serde_json::{Value, json};

use crate::run::{LLAMA, TOKEN, User};
use crate::schema::holds;
use crate::writing::posts;

fn env(user: &User, key: &str) -> Option<Value> {
    let endpoint = user.server.endpoint(LLAMA).unwrap();
    let envs = endpoint["envs"].as_array().unwrap().clone();
    envs.into_iter()
        .find(|env| env["key"] == key)
        .map(|env| env["value"].clone())
}

fn set<'a>(assignments: &[&'a str]) -> Vec<&'a str> {
    [&["set", LLAMA], assignments, &["--yes"]].concat()
}

#[test]
fn fields_envs_and_volumes_are_set_in_one_send() {
    let user = User::new();
    let arguments = set(&[
        "policy.value=20",
        "policy.type=concurrency",
        "name=renamed",
        "workerConfig.freeTimeout=10m",
        "ports[0].port=9000",
        "image.command-",
        "envs.LOG_LEVEL=debug",
        "envs.HF_TOKEN=new=value",
        "volumeMounts[/data]-",
        "volumeMounts[/cache].size=30",
        "volumeMounts[/cache].type=local",
        "-o",
        "json",
    ]);
    let json = user.run(&arguments).with(0).json();
    holds("write", &json);
    assert_eq!(json["outcome"], "saved");
    let stored = user.server.endpoint(LLAMA).unwrap();
    for (pointer, value) in [
        ("/name", json!("renamed")),
        ("/policy", json!({"type": "concurrency", "value": 20})),
        ("/workerConfig/freeTimeout", json!(600)),
        ("/ports", json!([{"port": "9000"}])),
        ("/image/command", json!("")),
    ] {
        assert_eq!(stored.pointer(pointer), Some(&value), "{pointer}");
    }
    assert_eq!(
        (env(&user, "LOG_LEVEL"), env(&user, "HF_TOKEN")),
        (Some(json!("debug")), Some(json!("new=value")))
    );
    let mounts: Vec<&Value> = stored["volumeMounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["mountPath"])
        .collect();
    assert_eq!(mounts, [&json!("/models"), &json!("/cache")]);
    assert_eq!(posts(&user).len(), 1);
}

#[test]
fn every_field_of_the_table_can_be_set_by_its_path() {
    use novita_edit::endpoint::FieldId;
    use novita_edit::endpoint::schema::Kind;
    let user = User::new();
    // A network volume would tie the cluster.
    user.server.edit(LLAMA, |endpoint| endpoint["volumeMounts"] = json!([]));
    for field in FieldId::canonical().filter(|field| field.spec().kind != Kind::Rows) {
        let value = match field.spec().kind {
            Kind::Integer => "+1",
            Kind::Choice(_) => "concurrency",
            _ if field == FieldId::HttpPort => "8081",
            _ if field == FieldId::AuthId => "",
            _ => "changed",
        };
        let argument = format!("{}={value}", field.spec().path);
        let json = user.run(&["set", LLAMA, &argument, "--dry-run", "-o", "json"]).json();
        // It has none already.
        let outcome = if field == FieldId::AuthId {
            "unchanged"
        } else {
            "dryRun"
        };
        assert_eq!(json["outcome"], outcome, "{argument} {json:#}");
        let paths: Vec<&Value> = json["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| &change["path"])
            .collect();
        let same = field == FieldId::AuthId;
        assert!(
            same || paths.contains(&&json!(field.spec().path)),
            "{argument} {paths:?}"
        );
    }
}

#[test]
fn what_a_file_has_beside_its_value_is_left_out_and_told() {
    let user = User::new();
    user.file("windows", "\u{feff}one\r\ntwo\r\n");
    let ended = user.run(&set(&["image.command=@windows"])).with(0);
    let command = user.run(&["get", LLAMA]).with(0);
    assert!(command.out.contains("\"command\": \"one\\ntwo\\n\""), "{}", command.out);
    for said in [
        "The byte order mark at the start of windows is left out.",
        "The lines of windows ended in CRLF; they end in LF now.",
        "image.command: ends with a line break; right for the text of a file",
    ] {
        assert!(ended.err.contains(said), "{said}: {}", ended.err);
    }
    // Masked values that differ only in what they end with are told apart all the same.
    let value = format!("envs.HF_TOKEN={TOKEN}\n");
    let ended = user.run(&["set", LLAMA, &value, "--dry-run"]).with(0);
    let spaced = format!(" {TOKEN}");
    let other = user.run(&["get", LLAMA]).with(0).out.replace(TOKEN, &spaced);
    let diff = user.run_with(&["diff", "-f", "-"], &other).with(1);
    assert!(diff.out.contains("+      \"value\": \"·••••••\""), "{}", diff.out);
    assert!(
        ended.err.contains("Environment HF_TOKEN: •••••• → ••••••␊"),
        "{}",
        ended.err
    );
}

#[test]
fn a_policy_type_without_its_number_is_a_warning() {
    let user = User::new();
    let kept = "policy.value: 60 s became 60 req with the policy type, and the number is as it was";
    let alone = user
        .run(&["set", LLAMA, "policy.type=concurrency", "--dry-run"])
        .with(0);
    assert!(alone.err.contains(kept), "{}", alone.err);
    for value in ["60", "5"] {
        let value = format!("policy.value={value}");
        let both = user
            .run(&["set", LLAMA, "policy.type=concurrency", &value, "--dry-run"])
            .with(0);
        assert!(!both.err.contains("became"), "{}", both.err);
    }
}

#[test]
fn a_secret_comes_from_a_file_or_standard_input_and_is_shown_nowhere() {
    let user = User::new();
    user.file("secret", "file-sesame\r\n");
    let from_file = user.run(&set(&["envs.HF_TOKEN=@secret"])).with(0);
    assert_eq!(
        env(&user, "HF_TOKEN"),
        Some(json!("file-sesame")),
        "without its line break"
    );
    assert!(
        from_file
            .err
            .contains("The line break at the end of the file named behind =@ is left out."),
        "{from_file:#?}"
    );
    let from_stdin = user
        .run_with(&set(&["envs.HF_TOKEN=@-", "envs.OTHER=@secret"]), "two\nlines-sesame\n")
        .with(0);
    assert_eq!(
        env(&user, "HF_TOKEN"),
        Some(json!("two\nlines-sesame\n")),
        "a key of several lines needs the last line break"
    );
    assert!(!from_stdin.err.contains("end of standard input"), "{from_stdin:#?}");
    let history = user.run(&["history", LLAMA, "1"]).with(0);
    let json = user.run(&["history", LLAMA, "-o", "json"]).with(0);
    let dry_run = user.run(&["set", LLAMA, "envs.HF_TOKEN=@secret", "--dry-run"]).with(0);
    for ended in [&from_file, &from_stdin, &history, &json, &dry_run] {
        for text in [&ended.out, &ended.err] {
            assert!(!text.contains("sesame") && !text.contains(TOKEN), "{text}");
        }
    }
    let revealed = user.run(&["history", LLAMA, "1", "--reveal"]).with(0);
    assert!(revealed.out.contains("lines-sesame"), "{revealed:#?}");
}

#[test]
fn a_value_in_the_arguments_is_taken_with_a_word_on_who_sees_it() {
    let user = User::new();
    let ended = user.run(&set(&["envs.API_TOKEN=@@fast"])).with(0);
    assert!(
        ended.err.contains("Every user of this machine can see the arguments"),
        "{ended:#?}"
    );
    assert_eq!(env(&user, "API_TOKEN"), Some(json!("@fast")));
    let ended = user.run(&set(&["envs.MODE=fast"])).with(0);
    assert!(!ended.err.contains("Every user"), "no secret by its name: {ended:#?}");
    let ended = user.run(&set(&["name=x", "envs.MODE-"])).with(0);
    assert!(!ended.err.contains("Every user"), "{ended:#?}");
    assert_eq!(env(&user, "MODE"), None);
}

#[test]
fn what_can_not_be_set_is_told_before_anything_is_asked() {
    let user = User::new();
    user.file("binary", "a");
    std::fs::write(user.path("binary"), [0xff, 0xfe]).unwrap();
    for (arguments, code, said) in [
        (&["workerConfig.maxN=5"][..], 2, "did you mean workerConfig.maxNum?"),
        (&["name=a", "name=b"], 2, "name is given more than once"),
        (&["envs.A=@-", "envs.B=@-"], 2, "standard input can be only one value"),
        (
            &["envs.A=@no-such-file"],
            2,
            "the file named behind =@ can't be the value of envs.A: No such file",
        ),
        (&["envs.A=@binary"], 4, "it is no text (UTF-8)"),
        (&["envs.A=@"], 2, "names no file"),
        (&["id=ep_x"], 2, "id can't be set"),
        (&["name"], 2, "name=VALUE"),
    ] {
        let ended = user.run(&set(arguments)).with(code);
        assert!(ended.err.contains(said), "{arguments:?} {ended:#?}");
    }
    assert_eq!(user.server.requests(), []);
}

/// `secret-tool lookup … | novita-edit set …`, and the secret's command failed.
#[test]
fn a_file_with_nothing_in_it_is_no_value_and_an_empty_text_is_set_in_so_many_words() {
    let user = User::new();
    for nothing in ["", "\n", "\r\n", "\u{feff}\n", "\n\n"] {
        user.file("nothing", nothing);
        for (argument, input, what) in [
            (
                "envs.HF_TOKEN=@-",
                nothing,
                "standard input can't be the value of envs.HF_TOKEN: it ",
            ),
            (
                "envs.HF_TOKEN=@nothing",
                "",
                "the file named behind =@ can't be the value of envs.HF_TOKEN: it ",
            ),
            (
                "envs[0].value=@nothing",
                "",
                "Nothing was sent. If an empty text is meant, write envs[0].value= with",
            ),
            (
                "image.command=@nothing",
                "",
                "If an empty text is meant, write image.command= with nothing behind it.",
            ),
            (
                "workerConfig.maxNum=@nothing",
                "",
                "Check what wrote it; workerConfig.maxNum can't be empty.",
            ),
        ] {
            let ended = user.run_with(&set(&[argument]), input).with(4);
            assert!(ended.err.contains(what), "{argument} {nothing:?}: {ended:#?}");
            assert!(!ended.err.contains("is left out"), "{ended:#?}");
        }
    }
    assert_eq!(user.server.requests(), []);
    user.run(&set(&["envs.HF_TOKEN="])).with(0);
    assert_eq!(env(&user, "HF_TOKEN"), Some(json!("")));
    // Of what is there, blanks too, nothing is judged.
    user.file("blank", " \n");
    user.run(&set(&["envs.HF_TOKEN=@blank"])).with(0);
    assert_eq!(env(&user, "HF_TOKEN"), Some(json!(" ")));
}

#[test]
fn a_change_to_nothing_is_told_wherever_changes_are_masked_or_not() {
    let user = User::new();
    let words = "Environment HF_TOKEN: •••••• → (empty)";
    let emptied = user
        .run(&set(&["envs.HF_TOKEN=", "envs.NEW=", "image.command="]))
        .with(0);
    for told in [words, "Environment NEW: (empty) (added)", "8192 → (empty)"] {
        assert!(emptied.err.contains(told), "{told}: {}", emptied.err);
    }
    let page = user.run(&["history", LLAMA, "1"]).with(0);
    assert!(page.out.contains(words), "{}", page.out);
    let list = user.run(&["history", LLAMA]).with(0);
    assert!(list.out.contains("*HF_TOKEN → (empty)"), "{}", list.out);
    let revealed = user.run(&["history", LLAMA, "1", "--reveal"]).with(0);
    let words = format!("Environment HF_TOKEN: {TOKEN} → (empty)");
    assert!(revealed.out.contains(&words), "{}", revealed.out);
    let json = user.run(&["history", LLAMA, "1", "-o", "json"]).with(0).json();
    let change = json[0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["path"] == "envs.HF_TOKEN")
        .unwrap()
        .clone();
    assert_eq!((&change["old"], &change["new"]), (&json!("••••••"), &json!("")));
    let back = user.run(&["rollback", LLAMA, "1", "--dry-run"]).with(0);
    assert!(
        back.err.contains("Environment HF_TOKEN: (empty) → ••••••"),
        "{}",
        back.err
    );
    // As a diff has it: a text with nothing in it, and the other one masked.
    let full = user.run(&["get", LLAMA]).with(0).out;
    let filled = full.replacen("\"value\": \"\"", &format!("\"value\": \"{TOKEN}\""), 1);
    let diff = user.run_with(&["diff", "-f", "-"], &filled).with(1);
    assert!(
        diff.out
            .contains("-      \"value\": \"\"\n+      \"value\": \"••••••\""),
        "{}",
        diff.out
    );
}

#[test]
fn where_values_are_not_kept_the_history_still_tells_that_one_was_emptied() {
    let user = User::new();
    std::fs::create_dir_all(user.path("config/novita-edit")).unwrap();
    user.file("config/novita-edit/config.toml", "keep_secrets = false\n");
    user.run(&set(&["envs.HF_TOKEN="])).with(0);
    let page = user.run(&["history", LLAMA, "1"]).with(0);
    assert!(
        page.out.contains("Environment HF_TOKEN: (not kept) → (empty)"),
        "{}",
        page.out
    );
}

/// A person wrote an @ in front of a password.
#[test]
fn what_stands_behind_an_at_sign_of_an_env_is_told_nowhere() {
    let user = User::new();
    std::fs::create_dir(user.path("hunter-dir")).unwrap();
    user.file("hunter-binary", "");
    std::fs::write(user.path("hunter-binary"), [0xff, 0xfe]).unwrap();
    let long = "hunter-".repeat(60);
    for value in [
        "hunter2",
        "hunter2/x",
        "hunter 2\n",
        "hunter-dir",
        "hunter-binary",
        &long,
    ] {
        for argument in [format!("envs.DB_PASSWORD=@{value}"), format!("envs[0].value=@{value}")] {
            let ended = user.run(&set(&[&argument]));
            assert!(ended.code == 2 || ended.code == 4, "{ended:#?}");
            assert!(
                !ended.err.contains("hunter") && !ended.out.contains("hunter"),
                "{ended:#?}"
            );
            assert!(
                ended
                    .err
                    .contains("the file named behind =@ can't be the value of envs"),
                "{ended:#?}"
            );
        }
    }
    let ended = user.run(&set(&["envs.DB_PASSWORD=@hunter2"])).with(2);
    assert!(
        ended
            .err
            .contains("Check the file's name; a value that begins with @ is written envs.DB_PASSWORD=@@VALUE."),
        "{ended:#?}"
    );
    // What can't be a secret is named, so that a typing error is seen.
    let ended = user.run(&set(&["image.command=@no-such-file"])).with(2);
    assert!(
        ended.err.contains("no-such-file can't be the value of image.command"),
        "{ended:#?}"
    );
    assert_eq!(user.server.requests(), []);
}

#[test]
fn what_does_not_fit_the_endpoint_is_told_and_nothing_is_sent() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        let envs = endpoint["envs"].as_array_mut().unwrap();
        envs.push(json!({"key": "HF_TOKEN", "value": "second"}));
    });
    for (arguments, code, said) in [
        (&["envs.HF_TOKEN=x"][..], 4, "envs.HF_TOKEN stands there 2 times"),
        (&["volumeMounts[/dta].size=30"], 4, "There are /data, /models"),
        (&["envs[99].value=x"], 4, "envs[99].value isn't there"),
        (
            &["workerConfig.maxNum=99"],
            4,
            "error workerConfig.maxNum: 99 is above 10",
        ),
        (&["workerConfig.maxNum=many"], 4, "error workerConfig.maxNum: "),
        (&["policy.type=sometimes"], 4, "error policy.type: "),
        (&["healthy.path-"], 4, "error healthy.path: "),
        (&["workerConfig.maxNum-"], 2, "can't be taken away"),
        (&["envs.HF_TOKEN-"], 4, "Name one by its place: envs["),
    ] {
        let ended = user.run(&set(arguments)).with(code);
        assert!(ended.err.contains(said), "{arguments:?} {ended:#?}");
    }
    assert_eq!(posts(&user), []);
    let at = user.server.endpoint(LLAMA).unwrap()["envs"].as_array().unwrap().len() - 1;
    user.run(&set(&[&format!("envs[{at}]-")])).with(0);
    assert_eq!(env(&user, "HF_TOKEN"), Some(json!(TOKEN)), "the other one stays");
}

#[test]
fn taking_away_what_is_not_there_is_a_warning() {
    let user = User::new();
    let ended = user.run(&set(&["envs.OLD-", "-o", "json"])).with(0);
    let json = ended.json();
    assert_eq!(json["outcome"], "unchanged");
    assert_eq!(
        json["warnings"],
        json!(["There is no envs.OLD, so there is nothing to take away."])
    );
    assert_eq!(posts(&user), []);
}

#[test]
fn rows_are_meant_as_they_were_whatever_else_goes() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        let env = |at: usize| json!({"key": format!("K{at}"), "value": at.to_string()});
        endpoint["envs"] = (0..5).map(env).collect();
    });
    user.run(&set(&[
        "envs[0]-",
        "envs.K3-",
        "envs[1].value=one",
        "envs[4].key=LAST",
        "envs.NEW=n",
    ]))
    .with(0);
    let envs = user.server.endpoint(LLAMA).unwrap()["envs"].clone();
    let envs: Vec<String> = envs
        .as_array()
        .unwrap()
        .iter()
        .map(|env| format!("{}={}", env["key"].as_str().unwrap(), env["value"].as_str().unwrap()))
        .collect();
    assert_eq!(envs, ["K1=one", "K2=2", "LAST=4", "NEW=n"]);
}

#[test]
fn a_storage_in_another_cluster_is_an_error_where_it_is_about_that_and_only_there() {
    let user = User::new();
    let storages = |user: &User| {
        let asked = user.server.requests();
        asked
            .iter()
            .filter(|request| request.call == Some(Call::Storages))
            .count()
    };
    let ended = user.run(&set(&["clusterID=elsewhere"])).with(4);
    assert!(
        ended.err.contains("error clusterID: ") && ended.err.contains("error volumeMounts["),
        "{ended:#?}"
    );
    assert_eq!((posts(&user).len(), storages(&user)), (0, 1));
    user.run(&set(&["name=renamed"])).with(0);
    assert_eq!(
        (posts(&user).len(), storages(&user)),
        (1, 1),
        "what is not about it asks nothing"
    );
    // Without an answer the server judges.
    let away = Fault::Instead(Reply::status(404));
    user.server.faults().add(Call::Storages, When::always(), away);
    let ended = user.run(&set(&["clusterID=elsewhere"]));
    assert!(
        ended.err.contains("The account's network storages are not known."),
        "{ended:#?}"
    );
    assert_eq!(posts(&user).len(), 2, "{ended:#?}");
}

#[test]
fn a_secret_that_is_typed_is_not_shown_and_the_echo_comes_back() {
    let user = User::new();
    let program = env!("CARGO_BIN_EXE_novita-edit");
    let reading = "Enter and Ctrl-D end it.";
    let script = format!("{program} set {LLAMA} envs.HF_TOKEN=@- --yes; stty -a");
    let shown = user.shell_on_terminal(&script, &[(reading, "typed-sesame\n\u{4}")]);
    assert!(!shown.raw.contains("sesame"), "{}", shown.raw);
    assert_eq!(env(&user, "HF_TOKEN"), Some(json!("typed-sesame")));
    assert!(shown.raw.contains(" echo "), "{}", shown.raw);
    let shown = user.shell_on_terminal(&format!("trap : INT; {script}"), &[(reading, "half-sesame\u{3}")]);
    assert!(
        !shown.raw.contains("sesame") && shown.raw.contains(" echo "),
        "{}",
        shown.raw
    );
    assert!(shown.raw.contains("interrupted; nothing was sent"), "{}", shown.raw);
    // Stopped and continued: the shell has its echo meanwhile, and the rest is not shown either.
    let script = format!("set -m; {program} set {LLAMA} envs.HF_TOKEN=@- --yes; stty -a; fg; stty -a");
    let talk = [(reading, "\u{1a}"), (" echo ", ""), (reading, "late-sesame\n\u{4}")];
    let shown = user.shell_on_terminal(&script, &talk);
    assert_eq!(shown.raw.matches(" echo ").count(), 2, "{}", shown.raw);
    assert!(!shown.raw.contains("sesame"), "{}", shown.raw);
    assert_eq!(env(&user, "HF_TOKEN"), Some(json!("late-sesame")));
}

#[test]
fn every_refusal_of_an_argument_says_what_to_do_next() {
    let user = User::new();
    for (argument, next) in [
        (
            "envs.B=@/nonexistent",
            "Nothing was sent. Check the file's name; a value that begins with @ is written envs.B=@@VALUE.\n",
        ),
        (
            "image.command=@/nonexistent",
            "Nothing was sent. Check the file's name.\n",
        ),
        ("id=foo", "Leave it out.\n"),
        ("envs-", "write envs.NAME=VALUE, or envs.NAME- to take one away.\n"),
        ("rootfsSize=4", "envs.NAME and volumeMounts[PATH].size.\n"),
    ] {
        let ended = user.run(&set(&[argument])).with(2);
        assert!(ended.err.ends_with(next), "{argument}: {ended:#?}");
    }
    user.run(&["set", "", "name=x"]).with(2);
}
