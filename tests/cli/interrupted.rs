//! Ctrl-C, SIGTERM and SIGHUP in the middle of a write: what is known is told, and the history has it.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use novita_edit::demo::{Call, Fault, When};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::run::{LLAMA, User};
use crate::writing::{max, posts};

/// A command that is running.
struct Running(Child);

impl Running {
    /// `scale` of one endpoint or two, once so many requests of a call have come.
    fn until(user: &User, arguments: &[&str], call: Call, count: usize) -> Self {
        Self::of(&mut user.command(arguments), user, call, count)
    }

    fn of(command: &mut Command, user: &User, call: Call, count: usize) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let running = Self(command.spawn().unwrap());
        let begun = Instant::now();
        let came = || {
            user.server
                .requests()
                .iter()
                .filter(|request| request.call == Some(call))
                .count()
        };
        while came() < count {
            assert!(begun.elapsed().as_secs() < 20, "it never came to {call:?}");
            thread::sleep(Duration::from_millis(5));
        }
        running
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.0.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Its exit code and what it told.
    fn end(mut self) -> (i32, String) {
        let mut told = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut told).unwrap();
        self.0.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        (self.0.wait().unwrap().code().expect("it ended by itself"), told)
    }
}

const EIGHT: [&str; 5] = ["scale", LLAMA, "--max", "8", "--yes"];

fn history(user: &User) -> Vec<(String, String)> {
    let send_log = user.run(&["history", LLAMA, "-o", "json"]).with(0).json();
    let text = |send: &serde_json::Value, key: &str| send[key].as_str().unwrap_or_default().to_owned();
    let send_log = send_log.as_array().unwrap().iter();
    send_log
        .map(|send| (text(send, "outcome"), text(send, "reason")))
        .collect()
}

#[test]
fn before_the_send_nothing_was_sent() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let user = User::new();
        user.server
            .faults()
            .add(Call::Load, When::next(1), Fault::DelayBefore(Duration::from_secs(30)));
        let running = Running::until(&user, &EIGHT, Call::Load, 1);
        running.signal(signal);
        let (ended, told) = running.end();
        assert_eq!(ended, code, "{told}");
        assert!(told.contains("interrupted; nothing was sent"), "{told}");
        assert_eq!((posts(&user), history(&user)), (vec![], vec![]));
    }
}

#[test]
fn a_send_that_is_answered_soon_is_read_back_and_told() {
    let user = User::new();
    let slow = Fault::DelayAfter(Duration::from_millis(700));
    user.server.faults().add(Call::Update, When::next(1), slow);
    let running = Running::until(&user, &EIGHT, Call::Update, 1);
    running.signal(Signal::INT);
    let (code, told) = running.end();
    assert_eq!(code, 130, "{told}");
    assert!(
        told.contains("Interrupted after it was sent") && told.contains("Saved: llama-3-8b"),
        "{told}"
    );
    assert_eq!(history(&user), [("saved".to_owned(), String::new())]);
}

#[test]
fn a_send_that_was_taken_and_never_answered_is_found_by_reading() {
    let user = User::new();
    let silent = Fault::DelayAfter(Duration::from_secs(60));
    user.server.faults().add(Call::Update, When::next(1), silent);
    let running = Running::until(&user, &EIGHT, Call::Update, 1);
    let begun = Instant::now();
    running.signal(Signal::INT);
    let (code, told) = running.end();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert_eq!((code, max(&user, LLAMA)), (130, json!(8)), "{told}");
    assert!(told.contains("Saved: llama-3-8b"), "{told}");
    assert_eq!(history(&user)[0].0, "saved");
}

#[test]
fn a_send_that_is_still_on_its_way_is_not_known() {
    let user = User::new();
    let stuck = Fault::DelayBefore(Duration::from_secs(60));
    user.server.faults().add(Call::Update, When::next(1), stuck);
    let running = Running::until(&user, &EIGHT, Call::Update, 1);
    running.signal(Signal::INT);
    let (code, told) = running.end();
    assert_eq!(code, 130, "{told}");
    assert!(
        told.contains("Not known: llama-3-8b") && told.contains("Whether it was stored is not known"),
        "{told}"
    );
    assert_eq!(history(&user)[0].0, "notKnown");
}

#[test]
fn a_send_that_was_accepted_and_does_not_show_may_show_later() {
    let user = User::new();
    user.server.faults().add(Call::Update, When::next(1), Fault::Ignore);
    let running = Running::until(&user, &EIGHT, Call::Load, 2);
    running.signal(Signal::INT);
    let (code, told) = running.end();
    assert_eq!(code, 130, "{told}");
    assert!(told.contains("Accepted, not shown yet: llama-3-8b"), "{told}");
    assert_eq!(history(&user)[0].0, "notShown");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let user = User::new().with_timeouts("total = 6");
    let stuck = Fault::DelayBefore(Duration::from_secs(60));
    user.server.faults().add(Call::Update, When::next(1), stuck);
    let running = Running::until(&user, &EIGHT, Call::Update, 1);
    running.signal(Signal::INT);
    thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    running.signal(Signal::INT);
    let (code, told) = running.end();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(code, 130, "{told}");
    let last = "Ended at once. llama-3-8b (ep_7f3a91c2) was sent, and whether it was stored is not known: `novita-edit show` tells.";
    assert_eq!(told.lines().last(), Some(last));
    assert_eq!(history(&user)[0].0, "notKnown");
    // What it sent may still arrive: whoever comes next waits until it can't, and says so.
    user.server.faults().clear();
    let next = user.run(&["scale", LLAMA, "--idle-timeout", "120", "--yes"]).with(0);
    assert!(
        next.err.contains("sent may still arrive, until ") && next.err.contains("; waiting."),
        "{next:#?}"
    );
}

#[test]
fn the_endpoints_after_it_are_not_tried() {
    // Of a terminal that goes both the shell and the kernel tell.
    let all = [
        (130, &[Signal::INT][..]),
        (143, &[Signal::TERM]),
        (129, &[Signal::HUP, Signal::HUP]),
    ];
    for (wanted, signals) in all {
        let user = User::new();
        let slow = Fault::DelayAfter(Duration::from_millis(700));
        user.server.faults().add(Call::Update, When::next(1), slow);
        let both = ["scale", LLAMA, "ep_b40c55de", "--max", "6", "--yes", "-o", "json"];
        let running = Running::until(&user, &both, Call::Update, 1);
        for signal in signals {
            running.signal(*signal);
            thread::sleep(Duration::from_millis(100));
        }
        let (code, told) = running.end();
        assert_eq!((code, posts(&user).len()), (wanted, 1), "{told}");
        let outcomes: Vec<&str> = told.lines().filter(|line| line.contains("\"outcome\"")).collect();
        assert!(
            outcomes[0].contains("saved") && outcomes[1].contains("notSent"),
            "{told}"
        );
    }
}

#[test]
fn under_nohup_no_sighup_ends_anything() {
    let user = User::new();
    let slow = Fault::DelayAfter(Duration::from_millis(700));
    user.server.faults().add(Call::Update, When::next(1), slow);
    let mut shell = Command::new("/bin/sh");
    shell.args([
        "-c",
        "trap '' HUP; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_novita-edit"),
    ]);
    shell.args(["scale", LLAMA, "ep_b40c55de", "--max", "6", "--yes"]);
    let running = Running::of(shell.env_clear().envs(user.environment()), &user, Call::Update, 1);
    running.signal(Signal::HUP);
    let (code, told) = running.end();
    assert_eq!((code, posts(&user).len()), (0, 2), "{told}");
}
