//! Readers that go, and disks that are full: the exit code is the result's, and what can't be written is told.

use std::fs::File;
use std::io::{PipeWriter, pipe};
use std::process::Stdio;

use novita_edit::demo::{Call, DemoOptions, Fault, Quirks, Reply, When};
use serde_json::json;

use crate::run::{Ended, LLAMA, User};
use crate::writing::max;

/// The writing end of a pipe that nobody reads.
fn unread() -> PipeWriter {
    pipe().unwrap().1
}

impl User {
    /// With nobody who reads stdout; and stderr neither where it is `deaf`.
    fn run_unread(&self, arguments: &[&str], deaf: bool) -> Ended {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(unread());
        command.stderr(if deaf { unread().into() } else { Stdio::piped() });
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        Ended {
            code: output.status.code().expect("no signal ends it"),
            out: String::new(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// With a stdout that takes nothing.
    fn run_on_full_disk(&self, arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        Ended {
            code: output.status.code().expect("no signal ends it"),
            out: String::new(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[test]
fn a_reader_that_goes_leaves_the_exit_code_of_the_result() {
    let user = User::new();
    let body = user.run(&["get", LLAMA]).with(0).out;
    user.file("same.json", &body);
    user.file("other.json", &body.replace("\"maxNum\": 5", "\"maxNum\": 6"));
    user.file("wrong.json", &body.replace("\"maxNum\": 5", "\"maxNum\": 60000"));
    for (code, arguments) in [
        (0, &["diff", "-f", "same.json"][..]),
        (1, &["diff", "-f", "other.json"]),
        (1, &["diff", "-f", "other.json", "-o", "json"]),
        (4, &["validate", "-f", "wrong.json"]),
        (4, &["validate", "-f", "wrong.json", "-o", "yaml"]),
        (4, &["apply", "-f", "wrong.json", "--yes", "-o", "json"]),
        (
            7,
            &[
                "watch",
                LLAMA,
                "--until",
                "failed",
                "--timeout",
                "1s",
                "--interval",
                "1s",
            ],
        ),
        (
            7,
            &["watch", LLAMA, "--until", "failed", "--timeout", "1s", "-o", "json"],
        ),
        // Nothing is waited for.
        (0, &["watch", LLAMA]),
        (0, &["show", LLAMA]),
        (0, &["list", "-o", "json"]),
        (3, &["get", "no-such"]),
        (2, &["list", "--nonsense"]),
        (0, &["set", "--help"]),
    ] {
        for deaf in [false, true] {
            let ended = user.run_unread(arguments, deaf);
            assert_eq!(ended.code, code, "{arguments:?} {deaf} {ended:#?}");
            let err = ended.err;
            assert!(!err.contains("panic") && !err.contains("ipe"), "{arguments:?}: {err}");
        }
    }
}

#[test]
fn a_list_that_did_not_come_whole_is_no_success_to_a_reader_that_went_either() {
    let user = User::with(DemoOptions {
        quirks: Quirks {
            total_off: 1,
            ..Quirks::default()
        },
        ..DemoOptions::default()
    });
    let stays = user.run(&["list"]).with(6);
    assert!(stays.err.contains("endpoints came"), "{stays:#?}");
    assert_eq!(user.run_unread(&["list"], false).code, 6);
}

fn scale(max: &str) -> [&str; 5] {
    ["scale", LLAMA, "--max", max, "--yes"]
}

#[test]
fn a_write_goes_on_without_a_reader() {
    let user = User::new();
    for (number, form) in (6..).zip(["table", "json", "name"]) {
        let text = number.to_string();
        let arguments = [&scale(&text)[..], &["-o", form]].concat();
        assert_eq!(user.run_unread(&arguments, form == "json").code, 0, "{form}");
        assert_eq!(max(&user, LLAMA), json!(number));
    }
    let refusal = || Fault::Instead(Reply::error(400, "OPERATION_LIMIT", "quota"));
    for deaf in [false, true] {
        user.server.faults().add(Call::Update, When::next(1), refusal());
        assert_eq!(
            user.run_unread(&[&scale("3")[..], &["-o", "json"]].concat(), deaf).code,
            6
        );
    }
    let dry = user.run_unread(&["scale", LLAMA, "--max", "3", "--dry-run"], false);
    assert_eq!(dry.code, 0);
    assert!(dry.err.contains("A dry run"), "it went on to its end: {dry:#?}");
}

#[test]
fn a_full_disk_is_told_by_everything_that_prints() {
    let user = User::new();
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["set", "--help"],
        &["version"],
        &["help", "set"],
        &["config", "path"],
        &["config", "show"],
        &["config", "init"],
        &["completions", "bash"],
        &["man"],
        &["man", "set"],
        &["list"],
        &["get", LLAMA],
        &["demo-server"],
    ] {
        let ended = user.run_on_full_disk(arguments).with(101);
        assert!(
            ended.err.ends_with(
                "novita-edit: the result can't be written: No space left on device (os error 28). Check where the output goes\n"
            ),
            "{arguments:?} {ended:#?}"
        );
    }
    user.file("config/novita-edit/config.toml", "nonsense = 1\n");
    user.run_on_full_disk(&["config", "check"]).with(101);
}

#[test]
fn the_simulated_api_serves_on_when_its_reader_has_read_the_address() {
    let user = User::new();
    let mut command = user.command(&["demo-server"]);
    let mut child = command.stdout(unread()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "it serves");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A pipe that nobody reads is full soon, and the write into it hangs: the signals end the command all the same.
#[test]
fn a_command_that_hangs_in_a_write_ends_when_it_is_told_to() {
    let user = User::new();
    let model = user.server.endpoint(LLAMA).unwrap();
    for at in 0..600 {
        let mut endpoint = model.clone();
        endpoint["id"] = serde_json::json!(format!("ep_{at:04}"));
        endpoint["name"] = serde_json::json!(format!("a-rather-long-name-for-an-endpoint-{at}"));
        user.server.add_endpoint(endpoint);
    }
    for (signal, code) in [
        (rustix::process::Signal::TERM, 143),
        (rustix::process::Signal::INT, 130),
    ] {
        let mut child = user.start(&["list", "-o", "json"]);
        let mut first = [0];
        let mut out = child.stdout.take().unwrap();
        std::io::Read::read_exact(&mut out, &mut first).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert!(child.try_wait().unwrap().is_none(), "the pipe took all of it");
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, signal).unwrap();
        let begun = std::time::Instant::now();
        let ended = loop {
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
            assert!(begun.elapsed().as_secs() < 20, "it doesn't end");
            std::thread::sleep(std::time::Duration::from_millis(20));
        };
        assert_eq!(ended.code(), Some(code));
        drop(out);
    }
}
