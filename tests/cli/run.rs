//! A user who runs the binary, and what comes of it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use novita_edit::demo::{DemoOptions, DemoServer, Pace};
use tempfile::TempDir;

/// The endpoint that most tests use, and a secret of it that is never to be seen unasked.
pub const LLAMA: &str = "ep_7f3a91c2";
pub const TOKEN: &str = "hf_demo_not_a_real_token";

/// A home of its own beside a simulated API whose states have arrived by the next read.
pub struct User {
    pub server: DemoServer,
    pub home: TempDir,
    variables: Vec<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl User {
    pub fn new() -> Self {
        Self::with(DemoOptions {
            pace: Pace::fast(),
            ..DemoOptions::default()
        })
    }

    pub fn with(options: DemoOptions) -> Self {
        Self {
            server: DemoServer::start(options).unwrap(),
            home: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With these lines under `[timeouts]` in its config file.
    pub fn with_timeouts(self, lines: &str) -> Self {
        let dir = self.home.path().join("config/novita-edit");
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("config.toml"), format!("[timeouts]\n{lines}\n")).unwrap();
        self
    }

    /// The program with its variables; nothing of this process' own gets in.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_novita-edit"));
        command.args(arguments).current_dir(self.home.path()).env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
    }

    pub fn environment(&self) -> Vec<(String, String)> {
        let path = |below: &str| self.home.path().join(below).to_str().unwrap().to_owned();
        let own = [
            ("HOME", path("")),
            ("XDG_CONFIG_HOME", path("config")),
            ("XDG_STATE_HOME", path("state")),
            ("TERM", "xterm-256color".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("NOVITA_BASE_URL", self.server.base_url()),
            ("NOVITA_API_KEY", "sk_test".to_owned()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        own.into_iter().chain(self.variables.iter().cloned()).collect()
    }

    /// Goes on beside the test, which reads what it prints.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Where its API is, as messages say it.
    pub fn host(&self) -> String {
        let url = self.server.base_url();
        url.split('/').nth(2).unwrap().to_owned()
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "")
    }

    /// With this on its standard input, which is no terminal.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that doesn't read may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A file in the home, which is also where commands run.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        Path::new(self.home.path()).join(name)
    }
}

impl Ended {
    /// Ended with this code, or everything is told.
    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}
