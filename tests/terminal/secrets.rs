//! The whole story with planted secrets: where they are afterwards, and where they never were.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use novita_edit::demo::{DemoOptions, DemoServer};

use crate::harness::{CTRL_U, ENTER, ESC, LLAMA, OLD_TOKEN, Session, Start, server, server_with};
use crate::home::Home;

const KEY: &str = "sk_planted_0815";
const OTHER_KEY: &str = "sk_other_4711";
const TYPED: &str = "planted-by-hand";
/// What the API sends unasked beside each image credential.
const PASSWORD: &str = "demo-password";

fn guarded_server() -> DemoServer {
    server_with(DemoOptions {
        keys: Some(vec![KEY.to_owned()]),
        ..DemoOptions::default()
    })
}

/// An editor that writes down all that the system tells of it and of whoever started it, and changes nothing.
fn curious_editor(home: &Home) -> String {
    let path = home.path().join("curious");
    let script = "#!/bin/sh\ncat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline > \"$HOME/seen\"\n\
                  grep core /proc/$PPID/limits > \"$HOME/limits\"\n";
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

fn with_key(home: &Home, base_url: &str) -> Start {
    Start::editor(base_url)
        .home(home)
        .env("NOVITA_API_KEY", KEY)
        .env("OTHER_KEY", OTHER_KEY)
        .config("[profiles.other]\napi_key_env = \"OTHER_KEY\"\n")
}

fn assert_without(bytes: &[u8], secrets: &[&str], what: &str) {
    let text = String::from_utf8_lossy(bytes);
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in {what}: {text}");
    }
}

#[test]
fn planted_secrets_are_nowhere_but_where_they_belong() {
    let (server, home) = (guarded_server(), Home::new());
    let log = home.path().join("log");
    let mut session = with_key(&home, &server.base_url())
        .env("NOVITA_LOG", "trace")
        .env("VISUAL", &curious_editor(&home))
        .arg("--log-file")
        .arg(log.to_str().unwrap())
        .spawn();
    session.wait_for("3 of 3");
    session.type_and_see(ENTER, "0–10");
    // The credentials are looked up, and offered.
    session.find("auth id");
    session.type_and_see(ENTER, "docker-hub-acme");
    session.send(ESC);
    session.wait_gone("docker-hub-acme");
    session.find("hf_token");
    session.type_and_see("e", "Nothing was changed");
    session.type_and_see(ENTER, "Edit env");
    session.type_and_see(&format!("{CTRL_U}{TYPED}"), TYPED);
    session.send(ENTER);
    session.wait_gone("Edit env");
    home.wait_for_draft("the typed value", |draft| draft.to_string().contains(TYPED));
    session.type_and_see("w", "1 change:");
    for view in ["@@", "\"clusterID\"", "curl --request POST"] {
        session.type_and_see("\t", view);
    }
    let pid = session.pid();
    let told = fs::read(format!("/proc/{pid}/cmdline")).unwrap();
    session.type_and_see(ENTER, "✓ Saved");
    session.type_and_see(ENTER, "Enter edit");
    session.type_and_see("H", "stored");
    session.type_and_see(ENTER, "HF_TOKEN");
    session.send(&format!("{ESC}{ESC}"));
    session.wait_for("Enter edit");
    session.send("q");
    assert_eq!(session.exit_code(), 0);

    let everything = [KEY, OTHER_KEY, OLD_TOKEN, PASSWORD, TYPED];
    assert_without(&told, &everything, "the arguments");
    assert_without(&fs::read(&log).unwrap(), &everything, "the log");
    assert!(!fs::read(&log).unwrap().is_empty());
    let seen = fs::read(home.path().join("seen")).unwrap();
    assert!(
        String::from_utf8_lossy(&seen).contains("XDG_STATE_HOME"),
        "the editor's environment was seen"
    );
    assert_without(&seen, &everything, "what a child can see");
    let limits = fs::read_to_string(home.path().join("limits")).unwrap();
    assert!(limits.starts_with("Max core file size        0 "), "{limits}");
    // What is typed is seen while it is typed; all else never.
    assert_without(
        &session.raw(),
        &[KEY, OTHER_KEY, OLD_TOKEN, PASSWORD],
        "what went to the terminal",
    );
    let mut held = 0;
    for entry in home.entries() {
        let name = entry.name.clone();
        assert_without(&entry.bytes, &[KEY, OTHER_KEY, PASSWORD], &name);
        if name.starts_with("drafts/") || name.starts_with("history/") {
            held += usize::from(String::from_utf8_lossy(&entry.bytes).contains(OLD_TOKEN));
            assert_eq!(entry.mode & 0o077, 0, "{name} is {:o}", entry.mode);
        } else {
            assert_without(&entry.bytes, &[OLD_TOKEN, TYPED], &name);
        }
    }
    assert_eq!(held, 1, "the history has what was there before");
    assert!(
        !home.state().join("editor").exists_with_files(),
        "temporary files are gone"
    );

    // The same for everything that the commands print.
    for words in [
        &["list"][..],
        &["show", LLAMA],
        &["get", LLAMA],
        &["history", LLAMA],
        &["limits", "--output", "json"],
        &["show", LLAMA, "--output", "json"],
        &["set", LLAMA, "workerConfig.maxNum=7", "--dry-run", "--log-file", "log"],
        &["draft", "list"],
        &["config", "check"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_novita-edit"))
            .args(words)
            .args(
                (words[0] != "config")
                    .then_some(["--base-url", &server.base_url()])
                    .into_iter()
                    .flatten(),
            )
            .env_clear()
            .env("HOME", home.path())
            .env("XDG_STATE_HOME", home.path().join("state"))
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("NOVITA_API_KEY", KEY)
            .env("OTHER_KEY", OTHER_KEY)
            .env("NOVITA_LOG", "trace")
            .current_dir(home.path())
            .output()
            .unwrap();
        let all = [output.stdout, output.stderr].concat();
        // `get` into a pipe is the one that gives values, since it is made to be fed back.
        let hidden = if words[0] == "get" {
            &everything[..2]
        } else {
            &everything[..]
        };
        assert_without(&all, hidden, &words.join(" "));
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&all));
    }
    assert_without(&fs::read(&log).unwrap(), &everything, "the log of the commands");
}

trait ExistsWithFiles {
    fn exists_with_files(&self) -> bool;
}

impl ExistsWithFiles for Path {
    fn exists_with_files(&self) -> bool {
        fs::read_dir(self).is_ok_and(|mut entries| entries.next().is_some())
    }
}

#[test]
fn what_a_panic_prints_has_no_secret() {
    let (server, home) = (guarded_server(), Home::new());
    let mut session = with_key(&home, &server.base_url())
        .arg(LLAMA)
        .env("NOVITA_EDIT_TEST_PANIC", "loop")
        .env("RUST_BACKTRACE", "full")
        .spawn();
    session.wait_for("0–10");
    session.find("hf_token");
    session.type_and_see(ENTER, "Edit env");
    session.send("\x1b[24~");
    assert_eq!(session.exit_code(), 101);
    assert_without(&session.raw(), &[KEY, OTHER_KEY, OLD_TOKEN, PASSWORD], "the report");
}

#[test]
fn the_command_that_prints_the_key_doesnt_inherit_another() {
    let (server, home) = (guarded_server(), Home::new());
    let session = Start::program(env!("CARGO_BIN_EXE_novita-edit"))
        .home(&home)
        .env("NOVITA_API_KEY", OTHER_KEY)
        .env("THIRD", OTHER_KEY)
        .config(&format!(
            "[profiles.third]\napi_key_env = \"THIRD\"\n[profiles.mine]\nbase_url = \"{}\"\n\
             api_key_command = \"env > $HOME/seen; echo {KEY}\"\n",
            server.base_url()
        ))
        .arg("--profile")
        .arg("mine")
        .spawn();
    session.wait_for("3 of 3");
    let seen = fs::read(home.path().join("seen")).unwrap();
    assert!(String::from_utf8_lossy(&seen).contains("XDG_STATE_HOME"));
    assert_without(&seen, &[KEY, OTHER_KEY], "the command's environment");
}

#[test]
fn what_was_in_the_editor_when_this_program_was_killed_goes_at_the_next_start() {
    let (server, home) = (server(), Home::new());
    let path = home.path().join("slow");
    fs::write(&path, "#!/bin/sh\ntouch \"$HOME/open\"\nsleep 20\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let start = || {
        Start::editor(&server.base_url())
            .home(&home)
            .env("VISUAL", path.to_str().unwrap())
            .arg(LLAMA)
    };
    let mut session = start().spawn();
    session.wait_for("0–10");
    session.send("E");
    for _ in 0..1000 {
        if home.path().join("open").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let left = home.state().join("editor");
    assert!(left.exists_with_files());
    session.kill();
    assert!(left.exists_with_files(), "nobody could remove it");
    let session = start().spawn();
    session.wait_for("0–10");
    assert!(!left.exists_with_files());
}

/// Files of a process that other processes of its user may not read belong to root.
#[test]
fn no_other_process_of_the_user_can_read_its_memory() {
    let switch = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let can_switch = Command::new("setpriv").args(switch).arg("true").output();
    if !can_switch.is_ok_and(|output| output.status.success()) {
        println!("skipped: no setpriv, or not allowed to use it");
        return;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_novita-edit"));
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("novita-edit");
    fs::copy(program, &copy).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut server = Command::new("setpriv")
        .args(switch)
        .arg(&copy)
        .args(["demo-server", "--port", "0"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(server.stdout.as_mut().unwrap()), &mut line).unwrap();
    let owner = |file: &str| fs::metadata(format!("/proc/{}/{file}", server.id())).unwrap().uid();
    let owners = [owner("environ"), owner("mem"), owner("fd")];
    let runs_as = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(runs_as.contains("Uid:\t65534"), "{runs_as}");
    assert_eq!(owners, [0; 3]);
}

#[test]
fn with_keep_secrets_off_no_value_reaches_the_disk_and_the_next_start_says_so() {
    let (server, home) = (server(), Home::new());
    let start = || {
        Start::editor(&server.base_url())
            .home(&home)
            .config("keep_secrets = false\n")
            .arg(LLAMA)
    };
    let mut session = start().spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.find("hf_token");
    session.type_and_see(ENTER, "Edit env");
    session.send(&format!("{CTRL_U}{TYPED}"));
    home.wait_for_draft("typing", |draft| !draft["typing"].is_null());
    session.send(ENTER);
    session.wait_gone("Edit env");
    home.wait_for_draft("the value taken", |draft| draft["typing"].is_null());
    let no_value_on_disk = || {
        for entry in home.entries() {
            assert_without(&entry.bytes, &[OLD_TOKEN, TYPED, "FLASH_ATTN"], &entry.name);
        }
    };
    no_value_on_disk();
    session.kill();

    let mut session: Session = start().spawn();
    session.wait_for("These will have to be entered again: HF_TOKEN");
    session.type_and_see(ENTER, "Not kept, so enter again: HF_TOKEN.");
    session.wait_for("Max workers *8");
    session.type_and_see("w", "to the first error");
    session.type_and_see(ENTER, "the value was not kept");
    session.type_and_see(ENTER, "Edit env");
    session.send(&format!("{CTRL_U}{TYPED}{ENTER}"));
    session.wait_gone("Edit env");
    session.review_and_send();
    session.wait_for("✓ Saved");
    no_value_on_disk();
}
