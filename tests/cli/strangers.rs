//! Files and directories of other users, and what is no file, in the place of ours. As root, who may make them, over a
//! program that runs as somebody else.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use novita_edit::config::BaseUrl;
use novita_edit::demo::{DemoOptions, DemoServer};
use novita_edit::secret::Secret;
use novita_edit::store::Account;
use serde_json::json;
use tempfile::TempDir;

use crate::run::{LLAMA, User};

const NOBODY: u32 = 65534;
const STRANGER: u32 = 4711;

/// The home of a user who isn't root.
struct Nobody {
    dir: TempDir,
    server: DemoServer,
}

impl Nobody {
    /// `None`, and a word about it, where no other user can be become.
    fn new() -> Option<Self> {
        let can = Command::new("setpriv").args(SWITCH).arg("true").output();
        if !can.is_ok_and(|output| output.status.success()) {
            println!("skipped: no setpriv, or not allowed to use it");
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        chown(dir.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        let program = dir.path().join("novita-edit");
        fs::copy(env!("CARGO_BIN_EXE_novita-edit"), program).unwrap();
        let server = DemoServer::start(DemoOptions::default()).unwrap();
        Some(Self { dir, server })
    }

    fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    /// Makes directories and a file of that owner and mode.
    fn put(&self, below: &str, text: &str, owner: u32, mode: u32) -> PathBuf {
        let path = self.path(below);
        self.dirs(Path::new(below).parent().unwrap(), NOBODY, 0o700);
        fs::write(&path, text).unwrap();
        chown(&path, Some(owner), Some(owner)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn dirs(&self, below: &Path, owner: u32, mode: u32) {
        let mut path = self.dir.path().to_owned();
        for part in below {
            path.push(part);
            if !path.exists() {
                fs::create_dir(&path).unwrap();
                chown(&path, Some(owner), Some(owner)).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            }
        }
    }

    fn run(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = self.command(words).output().unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command
            .arg("20")
            .arg("setpriv")
            .args(SWITCH)
            .arg(self.path("novita-edit"))
            .args(words)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.dir.path())
            .env("NOVITA_API_KEY", "sk_test")
            .env("NOVITA_BASE_URL", self.server.base_url())
            .current_dir(self.dir.path());
        command
    }
}

const SWITCH: [&str; 3] = ["--reuid=65534", "--regid=65534", "--clear-groups"];
const CONFIG: &str = ".config/novita-edit/config.toml";

#[test]
fn settings_that_somebody_else_may_have_written_decide_nothing() {
    let Some(user) = Nobody::new() else { return };
    assert_eq!(user.run(&["list"]).0, Some(0));
    let evil = "api_key_command = \"touch $HOME/ran; echo k\"\n";
    for (owner, mode, said) in [
        (STRANGER, 0o644, "belongs to another user (user id 4711)"),
        (NOBODY, 0o666, "can be changed by others than its owner (mode 0666)"),
    ] {
        user.put(CONFIG, evil, owner, mode);
        let (code, told) = user.run(&["list"]);
        assert!(code == Some(2) && told.contains(said), "{code:?} {told}");
    }
    // Root's are taken, as those of an administrator.
    user.put(CONFIG, "", 0, 0o644);
    assert_eq!(user.run(&["list"]).0, Some(0));
    fs::remove_file(user.path(CONFIG)).unwrap();
    for (make, said) in [(vec!["mkfifo"], "no regular file"), (vec!["mkdir"], "no regular file")] {
        assert!(Command::new(make[0]).arg(user.path(CONFIG)).status().unwrap().success());
        let (code, told) = user.run(&["list"]);
        assert!(code == Some(2) && told.contains(said), "{code:?} {told}");
        let _ = fs::remove_file(user.path(CONFIG)).or_else(|_| fs::remove_dir(user.path(CONFIG)));
    }
    assert!(!user.path("ran").exists());
}

/// In a container, and with `sudo`: a command that a user wrote would run as root.
#[test]
fn root_runs_no_command_of_another_users_settings() {
    let user = User::new();
    let config = user.path("config/novita-edit");
    fs::create_dir_all(&config).unwrap();
    let file = user.file(
        "config/novita-edit/config.toml",
        "api_key_command = \"touch $HOME/ran; echo k\"\n",
    );
    if chown(&file, Some(STRANGER), Some(STRANGER)).is_err() {
        println!("skipped: only root can give a file to somebody else");
        return;
    }
    let told = |said: &str| {
        let ended = user.run(&["list"]).with(2);
        assert!(ended.err.contains(said), "{ended:#?}");
    };
    told("belongs to another user (user id 4711)");
    chown(&file, Some(0), Some(0)).unwrap();
    chown(&config, Some(STRANGER), Some(STRANGER)).unwrap();
    told("which belongs to another user (user id 4711), who could put another file in its place");
    chown(&config, Some(0), Some(0)).unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o777)).unwrap();
    told("where others can put another file in its place (mode 0777)");
    assert!(!user.path("ran").exists());
    fs::set_permissions(&config, fs::Permissions::from_mode(0o755)).unwrap();
    user.run(&["list"]).with(0);
}

#[test]
fn a_keymap_and_a_theme_of_somebody_else_leave_the_defaults() {
    let Some(user) = Nobody::new() else { return };
    user.put(
        ".config/novita-edit/keymap.toml",
        "[form]\nquit = [\"x\"]\n",
        STRANGER,
        0o644,
    );
    user.dirs(Path::new(".config/novita-edit/themes"), NOBODY, 0o700);
    let fifo = user.path(".config/novita-edit/themes/mine.toml");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    user.put(CONFIG, "theme = \"mine\"\n", NOBODY, 0o600);
    let (code, told) = user.run(&[LLAMA]);
    assert_eq!(code, Some(2), "there is no terminal: {told}");
    assert!(told.contains("keymap.toml: the file belongs to another user"), "{told}");
    assert!(told.contains("mine.toml: the file is a directory, a pipe or"), "{told}");
}

#[test]
fn state_of_somebody_else_is_neither_read_nor_written() {
    let Some(user) = Nobody::new() else { return };
    let root = Path::new(".local/state/novita-edit");
    user.dirs(Path::new(".local/state"), NOBODY, 0o700);
    user.dirs(root, STRANGER, 0o777);
    let (code, told) = user.run(&["scale", LLAMA, "--max", "6", "--yes"]);
    assert!(told.contains("belongs to another user"), "{code:?} {told}");
    assert_eq!(fs::read_dir(user.path(".local/state/novita-edit")).unwrap().count(), 0);
}

#[test]
fn a_draft_or_a_history_of_somebody_else_is_told() {
    let Some(user) = Nobody::new() else { return };
    assert_eq!(user.run(&["scale", LLAMA, "--max", "6", "--yes"]).0, Some(0));
    let state = user.path(".local/state/novita-edit");
    let account = fs::read_dir(state.join("history"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .file_name();
    let past = state.join("history").join(&account).join(format!("{LLAMA}.jsonl"));
    chown(&past, Some(STRANGER), None).unwrap();
    fs::set_permissions(&past, fs::Permissions::from_mode(0o666)).unwrap();
    let before = fs::read(&past).unwrap();
    for words in [&["history", LLAMA][..], &["scale", LLAMA, "--max", "7", "--yes"]] {
        let (_, told) = user.run(words);
        assert!(told.contains("belongs to another user"), "{told}");
    }
    assert_eq!(fs::read(&past).unwrap(), before);
    let draft = format!(
        ".local/state/novita-edit/drafts/{}/{LLAMA}.draft.json",
        account.to_string_lossy()
    );
    user.put(&draft, "{\"endpoint\":\"ep_7f3a91c2\"}", STRANGER, 0o644);
    let (_, told) = user.run(&["draft", "list"]);
    assert!(told.contains("belongs to another user"), "{told}");
}

/// Ids that would be paths, from the server.
#[test]
fn an_id_of_the_server_is_never_a_path() {
    let user = crate::run::User::new();
    let evil = "../../../../tmp/evil";
    let mut endpoint = user.server.endpoint(LLAMA).unwrap();
    endpoint["id"] = serde_json::json!(evil);
    user.server.add_endpoint(endpoint);
    let ended = user.run(&["scale", evil, "--max", "6", "--yes"]).with(0);
    assert!(ended.out.contains("Saved"), "{ended:#?}");
    let mut found = Vec::new();
    let mut todo = vec![user.path("state")];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert!(
        found.contains(&"%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2ftmp%2fevil.jsonl".to_owned()),
        "{found:?}"
    );
    assert!(!Path::new("/tmp/evil.jsonl").exists());
    // A link in the place of the history leads nowhere.
    let past = user.path("state/novita-edit/history");
    let account = fs::read_dir(&past).unwrap().next().unwrap().unwrap().path();
    let target = user.file("elsewhere", "");
    symlink(&target, account.join(format!("{LLAMA}.jsonl"))).unwrap();
    let ended = user.run(&["scale", LLAMA, "--max", "6", "--yes"]);
    assert!(ended.err.contains("is not a regular file"), "{ended:#?}");
    assert_eq!(fs::read(&target).unwrap(), b"");
}

#[test]
fn a_list_of_somebody_else_is_not_offered() {
    let Some(user) = Nobody::new() else { return };
    let base: BaseUrl = user.server.base_url().parse().unwrap();
    let account = Account::new(base.endpoint(&[]).as_ref(), &Secret::new("sk_test"));
    let list = format!(
        ".local/state/novita-edit/completions/{}/endpoints.json",
        account.as_str()
    );
    let now = jiff::Timestamp::now().as_millisecond();
    let planted =
        json!({"version": 1, "read_at": now, "of": [{"id": "ep_planted", "name": "planted", "state": "serving"}]});
    let offered = || {
        let mut tab = user.command(&["--", "novita-edit", "show", "pla"]);
        let output = tab.env("_NOVITA_EDIT_COMPLETE", "bash").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    user.put(&list, &planted.to_string(), NOBODY, 0o600);
    assert_eq!(offered(), "planted\n", "one's own");
    user.put(&list, &planted.to_string(), STRANGER, 0o644);
    assert_eq!(offered(), "");
}

#[test]
fn a_folder_of_files_that_can_not_be_read_does_not_hide_the_others() {
    let Some(user) = Nobody::new() else { return };
    user.put("all/a.yaml", "id: ep_1\n", NOBODY, 0o600);
    user.put("all/z.yaml", "id: ep_2\n", NOBODY, 0o600);
    user.dirs(Path::new("all/closed"), STRANGER, 0o700);
    let (code, told) = user.run(&["apply", "-f", "all", "-R", "--yes"]);
    assert_eq!(code, Some(2), "{told}");
    for said in [
        "novita-edit: all/closed can't be read: Permission denied",
        "all/a.yaml:1:1: error: ",
        "all/z.yaml:1:1: error: ",
        "\nNothing was sent.",
        "3 files: all/a.yaml failed, all/closed failed, all/z.yaml failed",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
}
