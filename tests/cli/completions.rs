//! What Tab offers, asked for as bash does it: by the script, in a bash.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use novita_edit::demo::{Call, Fault, When};

use crate::run::{LLAMA, User};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

impl User {
    /// What bash would offer for the last of these words.
    pub fn tab(&self, words: &[&str]) -> Vec<String> {
        let script = r#"
source <(novita-edit completions bash) || exit 9
read -r _ _ function _ <<<"$(complete -p novita-edit | grep -o -- '-F [^ ]*' | sed 's/^/x /')"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9
"$function" novita-edit "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[[ ${#COMPREPLY[@]} = 0 ]] || printf '%s\n' "${COMPREPLY[@]}"
"#;
        let bin = Path::new(env!("CARGO_BIN_EXE_novita-edit")).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        bash.args(["--norc", "-c", script, "bash", "novita-edit"]).args(words);
        bash.current_dir(self.home.path())
            .env_clear()
            .envs(self.environment())
            .env("PATH", path);
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

#[test]
fn paths_of_set_are_offered_with_their_sign() {
    let user = User::new();
    assert_eq!(
        user.tab(&["set", LLAMA, "workerConfig.ma"]),
        ["workerConfig.maxNum=", "workerConfig.maxConcurrent="]
    );
    assert_eq!(user.tab(&["set", LLAMA, "name=x", "env"]), ["envs."]);
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
