//! Wrong settings, as a user meets them: the built program, its exit code, and what it prints. Each case must end with
//! exit code 2, a sentence on stderr, nothing on stdout (the screen included), and never the key.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// In every place where a key can stand; must never be seen.
const KEY: &str = "sk_do_not_show_me";

/// A user with an empty home directory and no variables.
struct User {
    home: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl User {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn config_path(&self) -> PathBuf {
        self.home.path().join("config/novita-edit/config.toml")
    }

    fn config(self, text: &str) -> Self {
        let path = self.config_path();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn key_file(&self, mode: u32) -> PathBuf {
        let path = self.home.path().join("key");
        fs::write(&path, format!("{KEY}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn runs(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_novita-edit"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("XDG_CONFIG_HOME", self.home.path().join("config"))
            .env("XDG_STATE_HOME", self.home.path().join("state"))
            .env("TERM", "xterm-256color")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// What is on stderr after a run that must be refused for its settings.
    #[track_caller]
    fn is_refused(&self, arguments: &[&str]) -> String {
        let output = self.runs(arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
        assert!(!stderr.contains(KEY), "{stderr}");
        assert!(!stderr.contains('\u{1b}'), "the screen was touched: {stderr:?}");
        assert!(
            !self.home.path().join("state").exists(),
            "nothing is created before the settings are in order"
        );
        stderr
    }

    /// The same for a refusal of one line.
    #[track_caller]
    fn is_refused_in_one_line(&self, arguments: &[&str]) -> String {
        let stderr = self.is_refused(arguments);
        let line = stderr.strip_prefix("novita-edit: ").unwrap().trim_end().to_owned();
        assert!(!line.contains('\n'), "{line}");
        line
    }
}

#[test]
fn a_missing_key_is_told_with_three_ways_on() {
    let user = User::new();
    let text = user.is_refused(&[]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].contains("NOVITA_API_KEY") && lines[0].contains("--api-key-file"),
        "{text}"
    );
    assert!(lines[0].contains(user.config_path().to_str().unwrap()), "{text}");
    assert!(lines[1].contains("novita-edit --demo"), "{text}");
    assert!(lines[2].contains("Documentation"), "{text}");
    assert_eq!(user.is_refused(&["ep_1"]), text);
    let empty = User::new().variable("NOVITA_API_KEY", "").is_refused(&[]);
    assert!(empty.contains("NOVITA_API_KEY is set but empty"), "{empty}");
}

#[test]
fn a_wrong_config_is_told_with_file_line_and_key() {
    for (text, line, part) in [
        (
            "ascii = true\nbase_ulr = 'x'\n",
            2,
            "`base_ulr` is not a known setting; did you mean `base_url`?",
        ),
        (
            "\n\nesc_timeout_ms = 'x'\n",
            3,
            "`esc_timeout_ms` must be a whole number of milliseconds",
        ),
        (
            "[timeouts]\nconnect = 0\n",
            2,
            "`timeouts.connect` must be a number of seconds from 0.1 to 3600, not 0",
        ),
        ("base_url = https://x.example\n", 1, "`base_url`: not valid TOML"),
        (
            "[profiles.a]\nbase_url = 'http://x.example'\n",
            2,
            "`profiles.a.base_url` is wrong",
        ),
        (
            "default_profile = 'b'\n[profiles.a]\n",
            1,
            "`default_profile` names a profile that is not in this file; known: a",
        ),
        (
            "ascii = true\napi_key = 'sk_do_not_show_me'\n",
            2,
            "`api_key` is not a setting",
        ),
        ("api_key = sk_do_not_show_me\n", 1, "`api_key`: not valid TOML"),
    ] {
        let user = User::new().variable("NOVITA_API_KEY", KEY).config(text);
        let place = format!("{}, line {line}: {part}", user.config_path().display());
        for arguments in [&[][..], &["--demo"], &["ep_1", "--read-only"]] {
            let message = user.is_refused_in_one_line(arguments);
            assert!(message.starts_with(&place), "{message}");
        }
    }
}

#[test]
fn a_config_file_that_is_named_must_be_readable() {
    let user = User::new().variable("NOVITA_API_KEY", KEY);
    let message = user.is_refused_in_one_line(&["--config", "/nowhere/c.toml"]);
    assert!(
        message.contains("/nowhere/c.toml") && message.contains("can't be read"),
        "{message}"
    );
    let directory = user.home.path().to_str().unwrap().to_owned();
    assert!(
        user.is_refused_in_one_line(&["--config", &directory])
            .contains(&directory)
    );
}

#[test]
fn plain_http_is_refused_from_every_place_unless_it_is_a_loopback_address() {
    let url = "http://api.example.com/v1";
    let user = User::new().variable("NOVITA_API_KEY", KEY);
    let message = user.is_refused_in_one_line(&["--base-url", url]);
    assert!(
        message.starts_with("--base-url: http://api.example.com would send the API key unencrypted"),
        "{message}"
    );
    let message = user.variable("NOVITA_BASE_URL", url).is_refused_in_one_line(&[]);
    assert!(
        message.starts_with("environment variable NOVITA_BASE_URL: "),
        "{message}"
    );
}

#[test]
fn http_localhost_is_refused_with_the_address_to_write() {
    let user = User::new().variable("NOVITA_API_KEY", KEY);
    let message = user.is_refused_in_one_line(&["--base-url", "http://localhost:8080/v1/"]);
    assert!(message.ends_with("write http://127.0.0.1:8080/v1"), "{message}");
}

#[test]
fn credentials_in_the_base_url_are_refused_and_not_repeated() {
    let user = User::new().variable("NOVITA_API_KEY", KEY);
    for url in [
        format!("https://user:{KEY}@x.example"),
        format!("https://x.example/?key={KEY}"),
    ] {
        user.is_refused_in_one_line(&["--base-url", &url]);
    }
}

#[test]
fn a_key_as_an_argument_is_refused_with_the_reason() {
    for arguments in [
        &["--api-key", KEY][..],
        &["--api-key=sk_do_not_show_me"],
        &["demo-server", "--api-key", KEY],
    ] {
        let text = User::new().is_refused(arguments);
        assert!(text.contains("unexpected argument '--api-key'"), "{text}");
        assert!(
            text.contains("every user of the machine") && text.contains("NOVITA_API_KEY"),
            "{text}"
        );
    }
}

#[test]
fn a_key_file_that_others_can_read_is_refused_with_the_chmod_that_mends_it() {
    let user = User::new();
    let path = user.key_file(0o640);
    let file = path.to_str().unwrap();
    let message = user.is_refused_in_one_line(&["--api-key-file", file]);
    assert!(
        message.contains("mode 0640") && message.ends_with(&format!("chmod 600 {file}")),
        "{message}"
    );
    // The advice is good: after it there is something else to complain about, if anything.
    user.key_file(0o600);
    let after = String::from_utf8(user.runs(&["--api-key-file", file]).stderr).unwrap();
    assert!(!after.contains("chmod") && !after.contains(KEY), "{after}");
}

#[test]
fn a_key_file_in_the_config_is_held_to_the_same() {
    let user = User::new().config("api_key_file = '../../key'\n");
    user.key_file(0o604);
    let message = user.is_refused_in_one_line(&[]);
    assert!(
        message.contains("mode 0604") && message.contains("chmod 600"),
        "{message}"
    );
}

#[test]
fn a_failing_key_command_is_told_by_its_code_and_its_stderr_is_shown() {
    let user = User::new().config(&format!("api_key_command = 'echo {KEY}; echo locked >&2; exit 5'\n"));
    let text = user.is_refused(&[]);
    assert!(text.starts_with("locked\n"), "{text}");
    assert!(text.contains("it ended with exit code 5"), "{text}");
    assert!(
        text.contains(&format!("the command in {}", user.config_path().display())),
        "{text}"
    );
}

#[test]
fn a_key_command_runs_only_when_its_key_is_needed() {
    let user = User::new();
    let ran = user.home.path().join("ran");
    let user = user.config(&format!("api_key_command = 'touch {}; echo {KEY}'\n", ran.display()));
    user.runs(&["--demo"]);
    user.runs(&["--help"]);
    user.is_refused(&["--base-url", "http://x.example"]);
    let user = user.variable("NOVITA_API_KEY", KEY);
    user.runs(&[]);
    assert!(!ran.exists());
    // Bound to a name: the home directory must outlive the check.
    let user = User {
        variables: Vec::new(),
        ..user
    };
    user.runs(&[]);
    assert!(ran.exists());
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_by_its_place() {
    let user = User::new().variable("NOVITA_API_KEY", "sk_do_not_show_me and more");
    let message = user.is_refused_in_one_line(&[]);
    assert!(
        message.contains("environment variable NOVITA_API_KEY") && message.contains("position 18"),
        "{message}"
    );
}

#[test]
fn an_unknown_profile_is_told_with_the_known_ones() {
    let user = User::new()
        .config("[profiles.prod]\nbase_url = 'https://a.example'\n[profiles.dev]\n")
        .variable("NOVITA_API_KEY", KEY);
    let message = user.is_refused_in_one_line(&["--profile", "pord"]);
    assert_eq!(
        message,
        "there is no profile pord (asked for by --profile); known: dev, prod"
    );
}

#[test]
fn a_key_meant_for_one_platform_is_not_sent_to_another() {
    let user = User::new()
        .config(
            "default_profile = 'other'\n[profiles.other]\nbase_url = 'https://other.example'\napi_key_env = 'OTHER'\n",
        )
        .variable("NOVITA_API_KEY", KEY);
    let message = user.is_refused_in_one_line(&[]);
    assert!(
        message.contains("https://api.novita.ai") && message.contains("https://other.example"),
        "{message}"
    );
}

#[test]
fn a_wrong_log_level_and_an_unusable_log_file_are_refused() {
    let user = User::new();
    let directory = user.home.path().to_str().unwrap().to_owned();
    assert!(
        user.is_refused_in_one_line(&["--demo", "--log-file", &directory])
            .contains("not a regular file")
    );
    let user = user.variable("NOVITA_LOG", "loud");
    let message = user.is_refused_in_one_line(&["--demo"]);
    assert!(
        message.contains("NOVITA_LOG must be one of error, warn, info, debug and trace"),
        "{message}"
    );
}

#[test]
fn the_log_is_private_and_has_the_keys_place_but_not_the_key() {
    let user = User::new()
        .config(&format!("api_key_command = 'echo {KEY}'\n"))
        .variable("NOVITA_LOG", "trace");
    let log = user.home.path().join("log");
    user.runs(&["--log-file", log.to_str().unwrap()]);
    let text = fs::read_to_string(&log).unwrap();
    assert!(
        text.contains("settings resolved") && text.contains("key: the command in"),
        "{text}"
    );
    assert!(!text.contains(KEY), "{text}");
    assert_eq!(fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
}

/// The key in the place of a file's name, in whatever part of it, is told nowhere.
#[test]
fn a_key_that_was_given_for_a_files_name_is_in_neither_message_nor_log() {
    let user = User::new().variable("NOVITA_LOG", "trace");
    let log = user.home.path().join("log");
    for name in [
        "sk_hidden_0815",
        "sk_hidden_08/15",
        &format!("sk_hidden_{}", "x".repeat(300)),
    ] {
        let arguments = ["--api-key-file", name, "--log-file", log.to_str().unwrap(), "list"];
        let message = user.is_refused_in_one_line(&arguments);
        assert!(message.contains("looks like an API key"), "{message}");
        let text = fs::read_to_string(&log).unwrap();
        assert!(
            !message.contains("hidden") && !text.contains("hidden"),
            "{message}{text}"
        );
    }
}

#[test]
fn help_fits_80_columns_whatever_the_terminal_says() {
    let user = User::new().variable("COLUMNS", "200");
    for arguments in [&["--help"][..], &["-h"], &["demo-server", "--help"]] {
        let output = user.runs(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains("Options"), "{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 80 && line.trim_end() == line, "{line:?}");
        }
    }
}

#[test]
fn the_version_is_printed() {
    let output = User::new().runs(&["--version"]);
    assert_eq!(output.status.code(), Some(0));
    let expected = format!("novita-edit {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}
