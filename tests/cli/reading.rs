//! What is read before anything is sent, from a pipe or a terminal that may never end: the signals end it at once.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::run::{LLAMA, User};
use crate::writing::posts;

fn ended(mut child: Child) -> (Option<i32>, String) {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(5) {
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_signal_ends_what_waits_for_a_file() {
    let user = User::new();
    assert!(
        Command::new("mkfifo")
            .arg(user.path("fifo"))
            .status()
            .unwrap()
            .success()
    );
    let value = |from: &str| format!("envs.A=@{from}");
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        for from in ["-", "fifo"] {
            let value = value(from);
            for (arguments, said) in [
                (&["diff", "-f", from][..], ""),
                (&["validate", "-f", from], ""),
                (&["apply", "-f", from, "--yes"], "interrupted; nothing was sent"),
                (&["set", LLAMA, &value, "--yes"], "interrupted; nothing was sent"),
            ] {
                let mut command = user.command(arguments);
                command
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped());
                let mut child = command.spawn().unwrap();
                // Its end stays open, and nothing comes.
                let _stdin = child.stdin.take();
                thread::sleep(Duration::from_millis(400));
                let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
                kill_process(pid, signal).unwrap();
                let (ended, err) = ended(child);
                assert_eq!(ended, Some(code), "{arguments:?} {signal:?} {err}");
                assert!(
                    err.contains(said) && (!said.is_empty() || err.is_empty()),
                    "{arguments:?} {err}"
                );
            }
        }
    }
    assert!(posts(&user).is_empty());
}

#[test]
fn what_comes_late_is_read_all_the_same() {
    let user = User::new();
    let body = user.run(&["get", LLAMA]).with(0).out;
    assert!(
        Command::new("mkfifo")
            .arg(user.path("fifo"))
            .status()
            .unwrap()
            .success()
    );
    let script = "(sleep 0.3; cat body.json > fifo) & exec \"$0\" diff -f fifo";
    user.file("body.json", &body);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_novita-edit")]);
    shell.current_dir(user.home.path()).envs(user.environment());
    let output = shell.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(
        user.run_with(&["diff", "-f", "-"], &body).with(0).err,
        "No difference.\n"
    );
}
