//! What Tab offers, asked for as bash does it: by the script, in a bash. In a real line of each shell: `tab.rs`.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use novita_edit::demo::{Call, Fault, When};

use crate::run::{LLAMA, User};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

pub fn path() -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_novita-edit")).parent().unwrap();
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
}

impl User {
    /// What bash would offer for the last of these words.
    pub fn tab(&self, words: &[&str]) -> Vec<String> {
        let script = r#"
source <(novita-edit completions bash) || exit 9
read -r _ _ function _ <<<"$(complete -p novita-edit | grep -o -- '-F [^ ]*' | sed 's/^/x /')"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9; COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
"$function" novita-edit "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[[ ${#COMPREPLY[@]} = 0 ]] || printf '%s\n' "${COMPREPLY[@]}"
"#;
        let mut bash = Command::new("bash");
        bash.args(["--norc", "-c", script, "bash", "novita-edit"]).args(words);
        bash.current_dir(self.home.path())
            .env_clear()
            .envs(self.environment())
            .env("PATH", path());
        let output = bash.output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words:?}");
        let offered = String::from_utf8(output.stdout).unwrap();
        offered.lines().map(str::to_owned).collect()
    }
}

#[test]
fn commands_options_and_their_words_are_offered() {
    let user = User::new();
    assert_eq!(user.tab(&["sc"]), ["scale", "schema"]);
    assert_eq!(user.tab(&["scale", LLAMA, "--idle"]), ["--idle-timeout"]);
    assert_eq!(user.tab(&["draft", "di"]), ["discard"]);
    assert_eq!(user.tab(&["list", "-o", "j"]), ["json"]);
    assert_eq!(user.tab(&["scale", LLAMA, "--policy", "q"]), ["queue"]);
    assert_eq!(user.tab(&["completions", "fi"]), ["fish"]);
}

#[test]
fn endpoints_are_offered_by_name_and_id_and_no_option_before_one_is_begun() {
    let user = User::new();
    assert_eq!(user.tab(&["show", "lla"]), ["llama-3-8b"]);
    assert_eq!(user.tab(&["scale", LLAMA, "com"]), ["comfy-render-eu"]);
    let all = user.tab(&["show", ""]);
    assert_eq!(all.len(), 6, "{all:?}");
    assert!(all.contains(&LLAMA.to_owned()) && all.contains(&"whisper-large-v3".to_owned()));
    assert_eq!(user.tab(&["ep_7"]), [LLAMA]);
}

#[test]
fn settings_on_the_command_line_count() {
    let user = User::new().env("NOVITA_BASE_URL", "http://127.0.0.1:9");
    assert_eq!(user.tab(&["show", "lla"]), [""; 0]);
    assert_eq!(user.tab(&["--demo", "show", "lla"]), ["llama-3-8b"]);
}

/// How often the API was asked since the last time.
fn asked(user: &User, call: Call) -> usize {
    let requests = user.server.requests();
    requests.iter().filter(|request| request.call == Some(call)).count()
}

#[test]
fn the_api_is_asked_only_where_an_endpoint_can_stand_and_nothing_else_matches() {
    let user = User::new();
    for words in [
        &[""][..],
        &["sc"],
        &["show", "--"],
        &["show", LLAMA, "-"],
        &["list", "--state", "f"],
        &["draft", "show", ""],
        &["set", LLAMA, "env"],
        &["help", "s"],
        &["get", LLAMA, "--field", "work"],
    ] {
        user.tab(words);
        assert_eq!(user.server.requests(), [], "{words:?}");
    }
    assert_eq!(user.tab(&["lla"]), ["llama-3-8b"]);
    assert_eq!(asked(&user, Call::List), 1);
}

#[test]
fn the_list_is_kept_for_a_minute_for_its_user_alone_and_holds_no_secret() {
    use std::os::unix::fs::PermissionsExt;
    let user = User::new();
    let tab = |asks: usize, why: &str| {
        let before = asked(&user, Call::List);
        assert_eq!(user.tab(&["show", "lla"]), ["llama-3-8b"]);
        assert_eq!(asked(&user, Call::List) - before, asks, "{why}");
    };
    tab(1, "the first one");
    tab(0, "known");
    let accounts = user.path("state/novita-edit/completions");
    let account = std::fs::read_dir(&accounts).unwrap().next().unwrap().unwrap().path();
    let file = account.join("endpoints.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(&account).unwrap().permissions().mode() & 0o777, 0o700);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        !text.contains("sk_test") && !text.contains("127.0.0.1") && !text.contains("hf_"),
        "{text}"
    );
    let old = dated(&text, -61_000);
    for not_good in [
        old.as_str(),
        &dated(&text, 3_600_000),
        "",
        "{",
        "[]",
        &text.replace("\"version\":1", "\"version\":9"),
    ] {
        std::fs::write(&file, not_good).unwrap();
        tab(1, not_good);
        tab(0, not_good);
    }
    // A link is passed over, and what it points to isn't written. One of somebody else: `strangers.rs`.
    std::fs::rename(&file, user.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(user.path("elsewhere"), &file).unwrap();
    tab(1, "a link");
    tab(1, "a link again");
    // Another key is another account.
    let mut other = user;
    other = other.env("NOVITA_API_KEY", "sk_other");
    let before = asked(&other, Call::List);
    other.tab(&["show", "lla"]);
    assert_eq!(asked(&other, Call::List) - before, 1);
}

/// The file's text as if it had been written so many milliseconds later.
fn dated(text: &str, later: i64) -> String {
    let mut json: serde_json::Value = serde_json::from_str(text).unwrap();
    let at = json["read_at"].as_i64().unwrap();
    json["read_at"] = (at + later).into();
    json.to_string()
}

#[test]
fn a_list_that_is_short_is_offered_and_not_kept() {
    let user = User::new();
    let fails = Fault::Instead(novita_edit::demo::Reply::status(500));
    user.server.faults().add(Call::List, When::always(), fails);
    assert_eq!(user.tab(&["show", "lla"]), [""; 0]);
    user.server.faults().clear();
    assert_eq!(user.tab(&["show", "lla"]), ["llama-3-8b"]);
}

#[test]
fn variables_of_the_endpoint_on_the_line_are_offered_and_kept_without_values() {
    let user = User::new();
    for endpoint in [LLAMA, "llama-3-8b"] {
        assert_eq!(user.tab(&["set", endpoint, "envs.HF_T"]), ["envs.HF_TOKEN="]);
        assert_eq!(user.tab(&["get", endpoint, "--field", "envs.HF_T"]), ["envs.HF_TOKEN"]);
        assert_eq!(
            user.tab(&["set", endpoint, "name=x", "--allow-masked", "HF_T"]),
            ["HF_TOKEN"]
        );
    }
    assert_eq!(asked(&user, Call::Load), 2, "by its id, and by its name, which is none");
    assert_eq!(user.tab(&["set", "nobody", "envs."]), [""; 0]);
    for file in walk(&user.path("state")) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("hf_demo"), "{}: {text}", file.display());
    }
}

fn walk(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let inside = entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] });
    inside.collect()
}

#[test]
fn words_that_are_known_are_offered() {
    let user = User::new();
    std::fs::create_dir_all(user.path("config/novita-edit")).unwrap();
    user.file(
        "config/novita-edit/config.toml",
        "[profiles.prod]\nprotected = true\n[profiles.staging]\nread_only = true\n",
    );
    user.file("secret.txt", "x");
    for (words, offered) in [
        (&["list", "--state", "f"][..], &["failed"][..]),
        (&["watch", LLAMA, "--until", "h"], &["healthy"]),
        (&["--profile", ""], &["prod", "staging"]),
        (&["show", LLAMA, "--profile", "s"], &["staging"]),
        (
            &["set", LLAMA, "policy.type="],
            &["policy.type=queue", "policy.type=concurrency"],
        ),
        (
            &["set", LLAMA, "volumeMounts[/x].type=n"],
            &["volumeMounts[/x].type=network"],
        ),
        (&["set", LLAMA, "envs.A=@sec"], &["envs.A=@secret.txt"]),
        (&["set", LLAMA, "envs.A=@@sec"], &[]),
        (
            &["get", LLAMA, "--field", "workerConfig.max"],
            &["workerConfig.maxNum", "workerConfig.maxConcurrent"],
        ),
        (&["list", "--columns", "id,clu"], &["id,cluster"]),
        (&["list", "--sort", "-clu"], &["-cluster"]),
        (&["list", "-o", "w"], &["wide"]),
        (&["watch", LLAMA, "--until", "stopped,fa"], &["stopped,failed"]),
        (&["diff", "a", "b", "--ignore", "name,clu"], &["name,clusterID"]),
        (&["help", "sca"], &["scale"]),
        (&["des"], &["describe"]),
    ] {
        assert_eq!(user.tab(words), offered, "{words:?}");
    }
    assert_eq!(user.server.requests(), []);
}

#[test]
fn drafts_are_offered_from_disk() {
    let user = User::new();
    crate::draft::leave(&user, LLAMA, |config| config.image.command = "x".to_owned(), None).release();
    for words in [&["draft", "show", ""][..], &["draft", "discard", ""]] {
        assert_eq!(user.tab(words), ["llama-3-8b", LLAMA]);
    }
    assert_eq!(user.server.requests(), []);
    let other = user.env("NOVITA_API_KEY", "sk_other");
    assert_eq!(
        other.tab(&["draft", "show", "lla"]),
        ["llama-3-8b"],
        "under another key"
    );
}

#[test]
fn paths_of_set_are_offered_with_their_sign() {
    let user = User::new();
    assert_eq!(
        user.tab(&["set", LLAMA, "workerConfig.ma"]),
        ["workerConfig.maxNum=", "workerConfig.maxConcurrent="]
    );
    assert_eq!(user.tab(&["set", LLAMA, "name=x", "env"]), ["envs."]);
    assert_eq!(user.server.requests(), []);
    assert_eq!(user.tab(&["set", LLAMA, "whis"]), ["whisper-large-v3"], "another ID");
}

#[test]
fn a_name_that_a_shell_would_run_is_not_offered_and_its_id_is() {
    let user = User::new();
    user.server
        .edit(LLAMA, |endpoint| endpoint["name"] = "$(touch hacked)".into());
    let all = user.tab(&["show", ""]);
    assert_eq!(all.len(), 5, "{all:?}");
    assert!(all.contains(&LLAMA.to_owned()));
    assert!(!user.path("hacked").exists());
}

#[test]
fn a_server_that_hangs_or_a_key_that_is_missing_offers_nothing_and_says_nothing() {
    let user = User::new();
    let hangs = Fault::DelayBefore(Duration::from_secs(20));
    user.server.faults().add(Call::List, When::always(), hangs);
    let began = Instant::now();
    assert_eq!(user.tab(&["show", "lla"]), [""; 0]);
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    let nobody = User::new().env("NOVITA_API_KEY", "");
    assert_eq!(nobody.tab(&["show", "lla"]), [""; 0]);
    assert_eq!(nobody.tab(&["sho"]), ["show"]);
}

#[test]
fn no_key_command_is_run_for_a_completion() {
    let user = User::new();
    std::fs::create_dir_all(user.path("config/novita-edit")).unwrap();
    let config = format!(
        "[profiles.p]\nbase_url = {:?}\napi_key_command = \"touch ran; echo sk_test\"\n",
        user.server.base_url()
    );
    user.file("config/novita-edit/config.toml", &config);
    user.run(&["--profile", "p", "list"]).with(0);
    assert!(user.path("ran").exists(), "the command is run for a command");
    std::fs::remove_file(user.path("ran")).unwrap();
    assert_eq!(user.tab(&["--profile", "p", "show", "lla"]), [""; 0]);
    assert!(!user.path("ran").exists());
}

#[test]
fn there_is_a_script_for_every_shell_that_the_shell_can_read() {
    let user = User::new();
    for shell in SHELLS {
        let script = user.run(&["completions", shell]).with(0);
        assert!(script.out.contains("novita-edit") && script.err.is_empty(), "{shell}");
        if !["bash", "zsh", "fish"].contains(&shell) {
            continue;
        }
        let file = user.file(&format!("completion.{shell}"), &script.out);
        match Command::new(shell).arg("-n").arg(file).output() {
            Ok(output) => assert!(output.status.success(), "{shell}: {output:?}"),
            Err(_) => eprintln!("skipped: no {shell}"),
        }
    }
    user.run(&["completions", "tcsh"]).with(2);
    user.run(&["completions"]).with(2);
}
