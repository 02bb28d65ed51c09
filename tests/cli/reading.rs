//! What is read before anything is sent, from a pipe or a terminal that may never end: the signals end it at once.

use std::io::Read;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::run::{LLAMA, User};
use crate::waiting::{ended, fifo, signal, until_it_reads, writer_of};
use crate::writing::posts;

const SIGNALS: [(Signal, i32); 3] = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)];

#[test]
fn a_signal_ends_what_waits_for_a_file() {
    let user = User::new();
    let pipe = fifo(&user, "fifo");
    let value = |from: &str| format!("envs.A=@{from}");
    for (kind, code) in SIGNALS {
        for from in ["-", "fifo"] {
            let value = value(from);
            for (arguments, said) in [
                (&["diff", "-f", from][..], ""),
                (&["validate", "-f", from], ""),
                (&["validate", "-f", from, "--offline"], ""),
                (&["apply", "-f", from, "--yes"], "interrupted; nothing was sent"),
                (&["set", LLAMA, &value, "--yes"], "interrupted; nothing was sent"),
            ] {
                let mut command = user.command(arguments);
                command
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped());
                let mut child = command.spawn().unwrap();
                // The ends stay open, and nothing more comes.
                let mut stdin = child.stdin.take().unwrap();
                let _writer = match from {
                    "-" => {
                        until_it_reads(&mut stdin);
                        None
                    }
                    _ => Some(writer_of(&pipe)),
                };
                signal(&child, kind);
                let (ended, err) = ended(child);
                assert_eq!(ended, Some(code), "{arguments:?} {kind:?} {err}");
                assert!(
                    err.contains(said) && (!said.is_empty() || err.is_empty()),
                    "{arguments:?} {err}"
                );
            }
        }
    }
    assert!(posts(&user).is_empty());
}

/// More problems than a pipe holds, of which one byte is read.
#[test]
fn a_signal_ends_what_is_judged_after_it_was_read() {
    let user = User::new();
    let text: String = (0..4000).map(|n| format!("unknown_{n:04}: 1\n")).collect();
    user.file("d.yaml", &text);
    for (kind, code) in SIGNALS {
        let mut child = user.start(&["validate", "-f", "d.yaml", "--offline"]);
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0]).unwrap();
        signal(&child, kind);
        assert_eq!(ended(child), (Some(code), String::new()), "{kind:?}");
    }
}

#[test]
fn what_comes_late_is_read_all_the_same() {
    let user = User::new();
    let body = user.run(&["get", LLAMA]).with(0).out;
    fifo(&user, "fifo");
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
