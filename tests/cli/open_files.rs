//! Where too few files may be open (`ulimit -n`), every command says so in one sentence, and none panics or ends silently.

use std::process::{Command, Output};

use crate::run::{LLAMA, User};

/// Runs the program with these words, after what a shell does to its limits.
fn under(user: &User, limit: &str, words: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", &format!("{limit}; exec \"$@\""), "sh"])
        .arg(env!("CARGO_BIN_EXE_novita-edit"))
        .args(words)
        .env_clear()
        .envs(user.environment())
        .current_dir(user.home.path())
        .output()
        .unwrap()
}

#[test]
fn too_few_open_files_are_one_sentence() {
    let user = User::new();
    for limit in [4, 5, 6, 7, 8, 12, 16, 31] {
        for words in [
            &["list"][..],
            &["scale", LLAMA, "--max", "6", "--yes"],
            &["draft", "list"],
            &[LLAMA],
            &["--demo"],
            &["demo-server"],
        ] {
            let ended = under(&user, &format!("ulimit -n {limit}"), words);
            let said = String::from_utf8(ended.stderr).unwrap();
            assert_eq!(
                said,
                format!(
                    "novita-edit: only {limit} files may be open at a time here (`ulimit -n`), and this program needs 32: \
                     raise that limit, and start it again.\n"
                ),
                "{limit} {words:?}"
            );
            assert_eq!(ended.status.code(), Some(2), "{limit} {words:?}");
            assert!(ended.stdout.is_empty());
        }
    }
    assert_eq!(user.server.requests(), []);
}

#[test]
fn a_limit_that_may_be_raised_is_raised_and_the_least_one_is_enough() {
    let user = User::new();
    for limit in ["ulimit -S -n 6", "ulimit -n 32"] {
        for words in [
            &["list"][..],
            &["scale", LLAMA, "--max", "6", "--yes"],
            &["history", LLAMA],
        ] {
            let status = under(&user, limit, words);
            assert_eq!(
                status.status.code(),
                Some(0),
                "{limit} {words:?} {}",
                String::from_utf8_lossy(&status.stderr)
            );
        }
    }
}
