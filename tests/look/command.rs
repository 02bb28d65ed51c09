//! `novita-edit config init|path|check`: the built program.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct User {
    home: tempfile::TempDir,
}

impl User {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join("config/novita-edit").join(name)
    }

    fn file(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn runs(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_novita-edit"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("XDG_CONFIG_HOME", self.home.path().join("config"))
            .env("XDG_STATE_HOME", self.home.path().join("state"))
            .env("TERM", "xterm-256color")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Exit code and what is on stdout, the configuration's directory cut off each line.
    fn says(&self, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
        let output = self.runs(arguments);
        let dir = format!("{}/", self.path("").display()).replace("//", "/");
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().map(|line| line.replace(&dir, ""));
        (output.status.code(), lines.collect())
    }
}

fn mode(path: &PathBuf) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn init_writes_private_files_that_change_nothing() {
    let user = User::new();
    let (code, said) = user.says(&["config", "init"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        said,
        [
            "config.toml: written",
            "keymap.toml: written",
            "themes/README.txt: written"
        ]
    );
    for (name, expected) in [
        ("", 0o700),
        ("themes", 0o700),
        ("config.toml", 0o600),
        ("keymap.toml", 0o600),
        ("themes/README.txt", 0o600),
    ] {
        assert_eq!(mode(&user.path(name)), expected, "{name}");
    }
    for name in ["config.toml", "keymap.toml"] {
        let text = fs::read_to_string(user.path(name)).unwrap();
        let entries = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']));
        assert_eq!(entries.count(), 0, "{name}");
    }
    assert_eq!(user.says(&["config", "check"]), (Some(0), vec![]));
}

#[test]
fn init_never_touches_what_is_there() {
    let user = User::new().file("keymap.toml", "[form]\n");
    symlink("/nowhere/at/all", user.path("config.toml")).unwrap();
    let (code, said) = user.says(&["config", "init"]);
    assert_eq!(code, Some(0));
    assert_eq!(said[0], "config.toml: there already, left as it is");
    assert_eq!(said[1], "keymap.toml: there already, left as it is");
    assert_eq!(fs::read_to_string(user.path("keymap.toml")).unwrap(), "[form]\n");
}

/// What init writes is documentation: with the comment signs taken away it must be true.
#[test]
fn what_init_writes_is_valid_when_it_is_no_comment_any_more() {
    let user = User::new();
    user.runs(&["config", "init"]);
    let uncommented = |name: &str| {
        let text = fs::read_to_string(user.path(name)).unwrap();
        let setting = |line: &&str| line.contains(" = ") && !line.contains("action = ") || line.starts_with("# [");
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            // Only one source of the key may stand in a file.
            if setting(&line) && !line.contains("api_key_file = ") {
                lines.push(line.strip_prefix("# ").unwrap_or(line).to_owned());
            } else {
                lines.push(line.to_owned());
            }
        }
        fs::write(user.path(name), lines.join("\n")).unwrap();
    };
    uncommented("config.toml");
    uncommented("keymap.toml");
    // The profile's key comes from a variable that this user hasn't got, and that is not looked at here.
    assert_eq!(user.says(&["config", "check"]), (Some(0), vec![]));
    let text = fs::read_to_string(user.path("config.toml")).unwrap();
    for setting in [
        "base_url",
        "api_key_command",
        "api_key_file",
        "api_key_env",
        "default_profile",
        "read_only",
        "theme",
        "ascii",
        "esc_timeout_ms",
        "[timeouts]",
        "protected",
    ] {
        assert!(text.contains(setting), "{setting}");
    }
    let keymap = fs::read_to_string(user.path("keymap.toml")).unwrap();
    assert!(keymap.contains("\ncopy = [\"y\"]\n"), "{keymap}");
}

#[test]
fn path_tells_where_everything_is_and_whether_it_is_there() {
    let user = User::new().file("themes/mine.toml", "");
    let output = user.runs(&["config", "path"]);
    assert_eq!(output.status.code(), Some(0));
    let home = format!("{}/", user.home.path().display());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().replace(&home, ""),
        "config   not there  config/novita-edit/config.toml\n\
         keymap   not there  config/novita-edit/keymap.toml\n\
         themes   there      config/novita-edit/themes\n\
         drafts   not there  state/novita-edit/drafts\n\
         history  not there  state/novita-edit/history\n"
    );
    let (_, said) = user.says(&["config", "path", "--config", "/etc/hostname-of-mine.toml"]);
    assert_eq!(said[0], "config   not there  /etc/hostname-of-mine.toml");
    assert!(!user.home.path().join("state").exists(), "nothing is made by looking");
}

#[test]
fn check_tells_every_problem_of_every_file_on_a_line() {
    let user = User::new()
        .file(
            "config.toml",
            "theme = 'mine'\n[profiles.p]\ntheme = 'nope'\napi_key_env = 'K'\n",
        )
        .file("keymap.toml", "[form]\ncopy = ['shift-1']\nundo = ['q']\n")
        .file("themes/mine.toml", "[error]\nfg = 'redd'\n")
        .file("themes/other.toml", "\n[eror]\n")
        .file("themes/dark.toml", "[error]\nbold = true\n");
    let (code, said) = user.says(&["config", "check"]);
    assert_eq!(code, Some(2));
    let places: Vec<&str> = said.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "keymap.toml:2",
            "keymap.toml:3",
            "themes/mine.toml:2",
            "config.toml:3",
            "themes/other.toml:2"
        ]
    );
}

#[test]
fn a_broken_config_is_told_and_the_other_files_are_checked_all_the_same() {
    let user = User::new()
        .file("config.toml", "ascii = true\nthem = 'x'\n")
        .file("keymap.toml", "[form]\ncopy = ['']\n");
    let (code, said) = user.says(&["config", "check"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        said[0],
        "config.toml:2: `them` is not a known setting; did you mean `theme`?"
    );
    assert!(said[1].starts_with("keymap.toml:2: "), "{said:?}");
}

#[test]
fn one_mistake_in_the_config_does_not_hide_the_next() {
    let text = "themee = 'dark'\nmouse = 1\ntimeouts = { connect = 0, totl = 2 }\ndefault_profile = 'b'\n\n\
                [profiles.a]\nbase_url = 5\nprotected = 'x'\napi_key_file = 'k'\napi_key_env = 'K'\n\n[profiles.'c d']\n";
    let user = User::new().file("config.toml", text);
    let (code, said) = user.says(&["config", "check"]);
    assert_eq!(code, Some(2));
    let places: Vec<&str> = said.iter().map(|line| line.split(" must").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "config.toml:1: `themee` is not a known setting; did you mean `theme`?",
            "config.toml:2: `mouse`",
            "config.toml:3: `timeouts.totl` is not a known setting; did you mean `total`?",
            "config.toml:3: `timeouts.connect`",
            "config.toml:4: `default_profile` names a profile that is not in this file; known: a",
            "config.toml:7: `profiles.a.base_url`",
            "config.toml:8: `profiles.a.protected`",
            "config.toml:10: `profiles.a.api_key_env` stands beside `api_key_file`; keep one of them, the API key comes from \
             one place",
            "config.toml:12: `profiles.c d` is no profile's name; use letters, digits, `-`, `_` and `.`",
        ]
    );
}

#[test]
fn a_profile_that_is_not_there_is_a_problem_and_a_missing_key_is_none() {
    let user = User::new().file("config.toml", "read_only = true\n");
    assert_eq!(user.says(&["config", "check"]), (Some(0), vec![]));
    let (code, said) = user.says(&["config", "check", "--profile", "p"]);
    assert_eq!(code, Some(2));
    assert!(said[0].starts_with("config.toml: there is no profile p"), "{said:?}");
}

/// The editor goes on to its own business, here that there is no terminal.
#[test]
fn a_start_tells_every_problem_and_is_not_kept_from_starting() {
    let user = User::new().file("keymap.toml", "[form]\ncopy = ['shift-1']\n");
    let output = user.runs(&["--demo"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(lines[0].contains("keymap.toml:2: `shift-1`"), "{stderr}");
    assert!(lines[1].contains("not a terminal"), "{stderr}");
}
