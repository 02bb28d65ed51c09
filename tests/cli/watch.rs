//! `watch`: what is told of what moves, until it is as wanted, and every way in which watching ends.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::time::{Duration, Instant};

use novita_edit::demo::{Call, DemoOptions, Fault, Pace, Reply, When};
use novita_edit::text::width::shown_width;
use serde_json::{Value, json};

use crate::run::{LLAMA, User};
use crate::schema::holds;

/// One whose states move only when the test says so.
fn user() -> User {
    User::with(DemoOptions {
        pace: Pace::manual(),
        ..DemoOptions::default()
    })
}

fn state(user: &User, word: &str) {
    let word = word.to_owned();
    user.server
        .edit(LLAMA, |endpoint| endpoint["state"] = json!({"state": word}));
}

/// A command that goes on, and the lines that it prints meanwhile.
struct Running {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn new(user: &User, arguments: &[&str]) -> Self {
        let mut child = user.start(arguments);
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }

    fn interrupt(&self) {
        let pid = rustix::process::Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    }

    /// Exit code, what is left on stdout, and stderr.
    fn end(mut self) -> (i32, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code().unwrap(), out, err)
    }
}

#[test]
fn the_first_look_tells_everything_and_then_a_line_comes_for_what_changes() {
    let user = user();
    let mut watch = Running::new(&user, &["watch", "llama-3-8b", "--interval", "1s"]);
    let first: Vec<String> = (0..5).map(|_| watch.line()).collect();
    let without_time: Vec<&str> = first.iter().map(|line| &line[10..]).collect();
    assert_eq!(
        without_time[0],
        "endpoint     serving, 2 of 3 workers healthy, 3 running, 1–5 asked for\n"
    );
    assert!(without_time[1].contains("running, healthy"), "{first:#?}");
    assert!(first.iter().all(|line| line.as_bytes()[2] == b':'), "{first:#?}");
    state(&user, "updating");
    let next = watch.line();
    assert!(next.contains("endpoint") && next.contains("updating, 2 of 3"), "{next}");
    watch.interrupt();
    let (code, rest, err) = watch.end();
    assert_eq!((code, rest.as_str(), err.as_str()), (130, "", ""));
}

#[test]
fn json_is_one_object_a_line_as_documented() {
    let user = user();
    let mut watch = Running::new(&user, &["watch", LLAMA, "-o", "json", "--interval", "1s"]);
    let mut lines: Vec<Value> = Vec::new();
    for _ in 0..5 {
        lines.push(serde_json::from_str(&watch.line()).unwrap());
    }
    assert_eq!(lines[0]["worker"], json!(null));
    assert_eq!(
        lines[0]["workers"],
        json!({"healthy": 2, "running": 3, "all": 3, "min": 1, "max": 5})
    );
    user.server.edit(LLAMA, |endpoint| {
        endpoint["workers"].as_array_mut().unwrap().remove(0);
    });
    // The endpoint's counts, and the worker that is gone.
    for _ in 0..2 {
        lines.push(serde_json::from_str(&watch.line()).unwrap());
    }
    assert_eq!(lines[6]["worker"], lines[1]["worker"]);
    assert_eq!(lines[6]["state"], json!(null));
    watch.interrupt();
    watch.end();
    lines.iter().for_each(|line| holds("watch", line));
}

#[test]
fn until_a_state_ends_with_0_once_it_is_reached_and_at_once_where_it_is_so_already() {
    let user = user();
    let ended = user.run(&["watch", LLAMA, "--until", "SERVING"]).with(0);
    assert_eq!(ended.out.lines().count(), 5, "{ended:#?}");
    let mut watch = Running::new(&user, &["watch", LLAMA, "--until", "stopped", "--interval", "1s"]);
    (0..5).for_each(|_| drop(watch.line()));
    state(&user, "stopped");
    let (code, out, _) = watch.end();
    assert_eq!(code, 0);
    assert!(out.contains("stopped"), "{out}");
}

#[test]
fn until_healthy_waits_for_as_many_healthy_workers_as_are_asked_for() {
    let user = user();
    user.run(&["watch", LLAMA, "--until", "healthy"]).with(0);
    user.server
        .edit(LLAMA, |endpoint| endpoint["workerConfig"]["minNum"] = json!(3));
    let ended = user
        .run(&[
            "watch",
            LLAMA,
            "--until",
            "healthy",
            "--timeout",
            "1s",
            "--interval",
            "1s",
        ])
        .with(7);
    assert_eq!(
        ended.err,
        "novita-edit: llama-3-8b (ep_7f3a91c2) was not healthy within 1 s: serving, 2 of 3 workers healthy, 3 running. \
         `novita-edit show` tells more; --timeout waits longer.\n"
    );
}

#[test]
fn time_that_is_over_is_7_where_a_state_was_waited_for_and_0_where_none_was() {
    let user = user();
    user.run(&["watch", LLAMA, "--until", "failed", "--timeout", "1"])
        .with(7);
    let ended = user.run(&["watch", LLAMA, "--timeout", "1"]).with(0);
    assert_eq!((ended.out.lines().count(), ended.err.as_str()), (5, ""));
}

#[test]
fn a_state_that_nobody_knows_is_waited_for_with_a_warning() {
    let user = user();
    state(&user, "hibernating");
    let ended = user.run(&["watch", LLAMA, "--until", "hibernating"]).with(0);
    assert!(
        ended.err.starts_with("warning: hibernating is no state that is known"),
        "{}",
        ended.err
    );
}

#[test]
fn an_endpoint_that_is_not_there_or_not_any_more_is_3() {
    let user = user();
    let ended = user.run(&["watch", "lama-3-8b"]).with(3);
    assert!(ended.err.contains("llama-3-8b"), "{}", ended.err);
    let mut watch = Running::new(&user, &["watch", LLAMA, "--interval", "1s"]);
    (0..5).for_each(|_| drop(watch.line()));
    let gone = Fault::Instead(Reply::error(400, "SERVERLESS_ENDPOINT_NOT_FOUND", "no such endpoint"));
    user.server.faults().add(Call::Load, When::always(), gone);
    let (code, _, err) = watch.end();
    assert_eq!(code, 3, "{err}");
    assert_eq!(
        err,
        "novita-edit: ep_7f3a91c2 was deleted meanwhile. `novita-edit list` lists what is there.\n"
    );
}

#[test]
fn trouble_on_the_way_is_told_once_and_waited_out() {
    let user = user();
    let mut watch = Running::new(&user, &["watch", LLAMA, "--until", "stopped", "--interval", "1s"]);
    (0..5).for_each(|_| drop(watch.line()));
    let fails = Fault::Instead(Reply::status(503));
    user.server.faults().add(Call::Load, When::next(2), fails);
    let before = user.server.requests().len();
    let began = Instant::now();
    while user.server.requests().len() < before + 2 {
        assert!(began.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(20));
    }
    state(&user, "stopped");
    let (code, _, err) = watch.end();
    assert_eq!(code, 0, "{err}");
    assert_eq!(err.matches("Still looking.").count(), 1, "{err}");
}

#[test]
fn a_server_that_can_not_be_reached_to_begin_with_is_7() {
    let away = User::new().env("NOVITA_BASE_URL", "http://127.0.0.1:9");
    away.run(&["watch", LLAMA]).with(7);
    let ended = away
        .run(&["watch", LLAMA, "--timeout", "1s", "--until", "serving"])
        .with(7);
    assert!(ended.err.contains("could not be read within 1 s"), "{}", ended.err);
}

#[test]
fn on_a_terminal_it_is_a_table_that_changes_in_place_and_stays() {
    let user = user();
    let arguments = ["watch", LLAMA, "--until", "stopped", "--interval", "1s"];
    let shown = user.asked(80, &arguments, "Until stopped", || state(&user, "stopped"), "\n");
    assert_eq!(shown.code, 0);
    let screen = shown.screen(24, 80);
    assert_eq!(screen.matches("WORKER").count(), 1, "drawn over itself:\n{screen}");
    assert!(screen.contains("● stopped  since "), "{screen}");
    assert!(
        shown.text().contains("● serving\n"),
        "nobody knows since when: {}",
        shown.text()
    );
    assert!(!screen.contains("Ctrl-C"), "it has ended: {screen}");
    assert!(screen.contains("2 of 3 workers healthy"), "{screen}");
    assert!(!shown.raw.contains("\u{1b}[?1049h"), "no second screen");
}

#[test]
fn an_interrupt_on_a_terminal_leaves_the_table_and_the_terminal_as_it_was() {
    let user = user();
    let shown = user.asked(80, &["watch", LLAMA], "Ctrl-C ends.", || (), "typed\u{3}");
    assert_eq!(shown.code, 130);
    let screen = shown.screen(24, 80);
    assert!(!screen.contains("^C") && !screen.contains("typed"), "{screen}");
    assert!(
        screen.contains("WORKER") && !screen.contains("Ctrl-C ends."),
        "{screen}"
    );
    assert!(
        screen
            .lines()
            .any(|line| line.contains("running") && line.contains('–')),
        "{screen}"
    );
}

#[test]
fn no_line_of_the_table_is_wider_than_the_terminal_and_none_is_lost_above_it() {
    let user = user();
    user.server.edit(LLAMA, |endpoint| {
        let worker = endpoint["workers"][0].clone();
        let workers = endpoint["workers"].as_array_mut().unwrap();
        for at in 0..40 {
            let mut worker = worker.clone();
            worker["id"] = json!(format!("worker-with-a-long-name-{at}"));
            worker["state"]["message"] = json!("pulling an image that is large, layer by layer by layer");
            workers.push(worker);
        }
    });
    for columns in [40, 60, 80, 120, 200] {
        let shown = user.asked(columns, &["watch", LLAMA], "Ctrl-C ends.", || (), "\u{3}");
        let text = shown.text();
        assert!(text.lines().all(|line| shown_width(line) <= columns.into()), "{text}");
        assert!(text.lines().count() <= 24, "{text}");
        assert!(text.contains(" more\n"), "{text}");
    }
}

#[test]
fn lines_and_no_cursor_where_the_terminal_can_not_move_it_or_lines_are_asked_for() {
    for (user, form) in [(user().env("TERM", "dumb"), "table"), (user(), "lines")] {
        let shown = user.asked(80, &["watch", LLAMA, "-o", form], "asked for", || (), "\u{3}");
        assert!(
            !shown.raw.contains("\u{1b}[J") && !shown.raw.contains("WORKER"),
            "{shown:?}"
        );
    }
}

#[test]
fn the_other_columns_go_before_a_workers_id_is_cut() {
    let user = user();
    let id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    user.server.edit(LLAMA, |endpoint| {
        let worker = &mut endpoint["workers"][0];
        worker["id"] = json!(id);
        worker["state"]["message"] = json!("pulling an image that is large");
    });
    for columns in [46, 60, 80] {
        let shown = user.asked(columns, &["watch", LLAMA], "Ctrl-C ends.", || (), "\u{3}");
        assert!(shown.text().contains(id), "{columns}: {}", shown.text());
    }
}
