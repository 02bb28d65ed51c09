//! The editor inside a real tmux, on a tmux server of its own. Where there is no tmux, the tests say so and pass.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{LLAMA, posts, server};
use crate::home::Home;

const HANG: Duration = Duration::from_secs(20);

/// A tmux server with one window; it ends with its test, however that ends.
struct Tmux {
    socket: String,
    home: Home,
}

impl Tmux {
    /// A shell in a window of 80×24; `None` without tmux.
    fn start() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let there = Command::new("tmux").arg("-V").stdout(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            println!("skipped: no tmux");
            return None;
        }
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let tmux = Self {
            socket: format!("novita-edit-test-{}-{count}", std::process::id()),
            home: Home::new(),
        };
        // The configuration of whoever runs the tests plays no part.
        let shell = "exec sh -i";
        tmux.run(&["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", shell]);
        // Should the tests be killed, their server goes by itself.
        let watch = format!(
            "while kill -0 {} 2>/dev/null; do sleep 1; done; tmux -L {} kill-server",
            std::process::id(),
            tmux.socket
        );
        tmux.run(&["run-shell", "-b", &watch]);
        tmux.run(&["set-option", "-s", "set-clipboard", "on"]);
        tmux.run(&["set-option", "-s", "escape-time", "20"]);
        Some(tmux)
    }

    fn run(&self, arguments: &[&str]) -> String {
        let home = self.home.path();
        let output = Command::new("tmux")
            .args(["-L", &self.socket])
            .args(arguments)
            .env_remove("TMUX")
            .env("TMUX_TMPDIR", home)
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "xterm-256color")
            .env("SHELL", "/bin/sh")
            .env("PS1", "shell> ")
            .env("NOVITA_API_KEY", "sk_test")
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_STATE_HOME", home.join("state"))
            .stdin(Stdio::null())
            .output()
            .expect("tmux was there a moment ago");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tmux {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Types a line into the shell.
    fn line(&self, text: &str) {
        self.run(&["send-keys", "-l", text]);
        self.run(&["send-keys", "Enter"]);
    }

    /// Keys by tmux's names.
    fn keys(&self, keys: &[&str]) {
        self.run(&[&["send-keys"], keys].concat());
    }

    fn screen(&self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    fn wait(&self, what: &str, holds: impl Fn() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(begun.elapsed() < HANG, "waited in vain for {what}:\n{}", self.screen());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait_for(&self, text: &str) {
        self.wait(&format!("{text:?}"), || self.screen().contains(text));
    }

    /// Opens the editor on an endpoint.
    fn edit(&self, base_url: &str) {
        self.wait_for("shell>");
        let program = env!("CARGO_BIN_EXE_novita-edit");
        self.line(&format!("{program} --base-url {base_url} {LLAMA}"));
        self.wait_for("0–10");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let mut kill = Command::new("tmux");
        kill.args(["-L", &self.socket, "kill-server"]);
        kill.env_remove("TMUX").env("TMUX_TMPDIR", self.home.path());
        let _ = kill.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

#[test]
fn suspended_in_tmux_the_shell_is_there_and_fg_shows_the_form_again() {
    let Some(tmux) = Tmux::start() else { return };
    let server = server();
    tmux.edit(&server.base_url());
    tmux.keys(&["/"]);
    tmux.wait_for("Find a field");
    tmux.line("max w");
    tmux.keys(&["+"]);
    tmux.wait_for("*6");
    tmux.keys(&["C-z"]);
    tmux.wait("the shell", || !tmux.screen().contains("Max workers"));
    tmux.line("echo still $((40 + 2))");
    tmux.wait_for("still 42");
    tmux.line("fg");
    tmux.wait_for("*6");
    // Keys arrive as keys again.
    tmux.keys(&["u"]);
    tmux.wait_for("Undone: Max workers");
    tmux.keys(&["q"]);
    tmux.wait_for("still 42");
}

#[test]
fn a_resized_tmux_window_shows_the_form_in_its_new_size() {
    let Some(tmux) = Tmux::start() else { return };
    let server = server();
    tmux.edit(&server.base_url());
    for (columns, rows, shows) in [
        ("40", "12", "Max workers"),
        ("30", "8", "need 40×12"),
        ("120", "40", "Details"),
        ("80", "24", "┌ General"),
    ] {
        tmux.run(&["resize-window", "-x", columns, "-y", rows]);
        tmux.wait_for(shows);
        let most = columns.parse().expect("a number");
        let widest = tmux.screen().lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(most), "{columns} columns:\n{}", tmux.screen());
    }
}

#[test]
fn what_is_copied_arrives_in_the_buffer_of_tmux() {
    let Some(tmux) = Tmux::start() else { return };
    let server = server();
    tmux.edit(&server.base_url());
    tmux.keys(&["Y"]);
    tmux.wait_for("Sent to the terminal");
    tmux.wait("the buffer", || !tmux.run(&["list-buffers"]).is_empty());
    let copied = tmux.run(&["show-buffer"]);
    let body: serde_json::Value = serde_json::from_str(&copied).expect("the body is JSON");
    assert_eq!(body["id"], LLAMA);
    assert_eq!(
        tmux.run(&["display-message", "-p", "#{pane_title}"]).trim(),
        "llama-3-8b novita-edit"
    );
}

#[test]
fn the_mouse_of_tmux_focuses_what_is_clicked_and_is_off_again_afterwards() {
    let Some(tmux) = Tmux::start() else { return };
    let server = server();
    tmux.edit(&server.base_url());
    let flags = || {
        tmux.run(&[
            "display-message",
            "-p",
            "#{mouse_any_flag} #{mouse_sgr_flag} #{mouse_all_flag}",
        ])
    };
    assert_eq!(flags().trim(), "1 1 0");
    let screen = tmux.screen();
    let row = screen
        .lines()
        .position(|line| line.contains("Idle timeout"))
        .expect("the form")
        + 1;
    // The bytes that a terminal sends for a click there. One that meets a frame just being drawn is dropped: then once
    // more, later than a double click would be.
    let click = format!("\x1b[<0;5;{row}M\x1b[<0;5;{row}m");
    tmux.wait("the focus on what was clicked", || {
        tmux.run(&["send-keys", "-l", &click]);
        thread::sleep(Duration::from_millis(700));
        tmux.screen().contains("›Idle timeout")
    });
    tmux.keys(&["M"]);
    tmux.wait_for("The mouse is off");
    assert_eq!(flags().trim(), "0 0 0");
    tmux.keys(&["M"]);
    tmux.wait_for("The mouse is on");
    tmux.keys(&["q"]);
    tmux.wait_for("shell>");
    tmux.wait("the mouse's end", || flags().trim() == "0 0 0");
}

#[test]
fn in_tmux_with_extended_keys_an_alt_key_leaves_no_text_and_a_key_is_that_key() {
    for extended in ["on", "always"] {
        let Some(tmux) = Tmux::start() else { return };
        tmux.run(&["set-option", "-s", "extended-keys", extended]);
        tmux.run(&["set-option", "-as", "terminal-features", "xterm*:extkeys"]);
        let server = server();
        tmux.edit(&server.base_url());
        tmux.keys(&["/"]);
        tmux.wait_for("Find a field");
        tmux.line("command");
        tmux.keys(&["Enter"]);
        tmux.wait_for("Enter take");
        for key in ["M-b", "M-q", "M-w", "M-Left", "M-BSpace"] {
            tmux.keys(&[key]);
        }
        tmux.run(&["send-keys", "-l", "world"]);
        tmux.wait_for("world");
        // A line break, wherever the terminal can tell Shift-Enter from Enter.
        tmux.keys(&["M-Enter"]);
        tmux.run(&["send-keys", "-l", "below"]);
        tmux.wait("a line of its own", || {
            tmux.screen()
                .lines()
                .any(|line| line.contains("below") && !line.contains("world"))
        });
        tmux.keys(&["C-["]);
        tmux.wait("the text left", || !tmux.screen().contains("Enter take"));
        tmux.keys(&["C-i", "q"]);
        tmux.wait_for("shell>");
        assert_eq!(posts(&server).len(), 0, "extended-keys {extended}");
    }
}
