//! The history: every send, whoever wrote it and whatever tore.

use std::io::Write;
use std::os::unix::fs::symlink;

use novita_edit::endpoint::EnvVar;
use novita_edit::fs::FsError;
use novita_edit::store::{EndpointFiles, History, SendFacts, SendOutcome};

use crate::again::{self, Helper};
use crate::harness::*;

fn append(files: &EndpointFiles, bytes: &[u8]) {
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(files.history_path())
        .unwrap();
    file.write_all(bytes).unwrap();
}

fn maxes(history: &History) -> Vec<&str> {
    history.records.iter().map(|r| r.after.workers.max_num.text()).collect()
}

#[test]
fn a_send_is_unknown_until_its_last_outcome_is_told() {
    let (_home, files) = files();
    assert!(files.history().unwrap().records.is_empty());
    let send_log = ["6", "7", "8"].map(|max| {
        files
            .record_send(&snapshot(), &config(max), &SendFacts::default())
            .unwrap()
    });
    files
        .record_outcome(&send_log[0], SendOutcome::Refused("too many".into()))
        .unwrap();
    files.record_outcome(&send_log[2], SendOutcome::Unknown).unwrap();
    files.record_outcome(&send_log[2], SendOutcome::Stored).unwrap();
    let history = files.history().unwrap();
    assert_eq!(maxes(&history), ["8", "7", "6"]);
    let outcomes: Vec<_> = history.records.iter().map(|r| r.outcome.clone()).collect();
    let refused = SendOutcome::Refused("too many".into());
    assert_eq!(outcomes, [SendOutcome::Stored, SendOutcome::Unknown, refused]);
    let record = &history.records[0];
    assert_eq!(record.id, send_log[2]);
    assert_eq!(record.before.config.workers.max_num.text(), "5");
    assert!(record.before.has_health_check);
    assert!(
        record.at.parse::<jiff::Timestamp>().is_ok() && !record.at.ends_with('Z'),
        "{}",
        record.at
    );
}

#[test]
fn every_outcome_comes_back() {
    let (_home, files) = files();
    for outcome in [
        SendOutcome::Stored,
        SendOutcome::Refused("a \"b\"\n".into()),
        SendOutcome::NotSent("no route".into()),
        SendOutcome::NotStored,
        SendOutcome::Unknown,
    ] {
        let send = files
            .record_send(&snapshot(), &config("6"), &SendFacts::default())
            .unwrap();
        files.record_outcome(&send, outcome.clone()).unwrap();
        assert_eq!(files.history().unwrap().records[0].outcome, outcome);
    }
}

#[test]
fn torn_and_foreign_lines_are_counted_and_cost_no_other() {
    let (_home, files) = files();
    let first = files
        .record_send(&snapshot(), &config("6"), &SendFacts::default())
        .unwrap();
    append(&files, b"{\"kind\":\"send\",\"version\":1,\"id\":\"torn");
    files
        .record_send(&snapshot(), &config("7"), &SendFacts::default())
        .unwrap();
    append(
        &files,
        b"{\"kind\":\"send\",\"version\":2,\"id\":\"later\"}\n\xff\xfe\n",
    );
    append(
        &files,
        b"{\"kind\":\"outcome\",\"version\":1,\"id\":\"of nothing\",\"result\":\"stored\"}\n",
    );
    append(&files, b"{\"kind\":\"outc");
    files.record_outcome(&first, SendOutcome::Stored).unwrap();
    let history = files.history().unwrap();
    assert_eq!(maxes(&history), ["7", "6"]);
    assert_eq!(history.records[1].outcome, SendOutcome::Stored);
    assert_eq!(history.skipped, 4);
}

#[test]
fn the_newest_two_hundred_stay_with_their_outcomes() {
    let (_home, files) = files();
    for at in 0..=220 {
        let send = files
            .record_send(&snapshot(), &config(&at.to_string()), &SendFacts::default())
            .unwrap();
        if at < 220 {
            files.record_outcome(&send, SendOutcome::Stored).unwrap();
        }
    }
    let text = std::fs::read_to_string(files.history_path()).unwrap();
    assert_eq!(text.matches("\"kind\":\"send\"").count(), 200);
    let history = files.history().unwrap();
    assert_eq!((history.records.len(), history.skipped), (200, 0));
    assert_eq!((maxes(&history)[0], maxes(&history)[199]), ("220", "21"));
    assert_eq!(history.records[0].outcome, SendOutcome::Unknown);
    assert!(history.records[1..].iter().all(|r| r.outcome == SendOutcome::Stored));
    assert_eq!(mode(&files.history_path()), 0o600);
    assert_eq!(names(files.history_path().parent().unwrap()), ["ep_1.jsonl"]);
}

#[test]
fn sends_of_very_many_envs_are_cut_by_size_before_the_file_is_too_large_to_be_read() {
    let (_home, files) = files();
    let mut edited = config("6");
    edited.envs[0] = EnvVar::new("LARGE", "v".repeat(7 << 20));
    for _ in 0..9 {
        files.record_send(&snapshot(), &edited, &SendFacts::default()).unwrap();
        let size = files.history_path().metadata().unwrap().len();
        assert!(size < 48 * 1024 * 1024, "{size}");
    }
    let history = files.history().unwrap();
    assert!(
        history.records.len() >= 3 && history.records.len() < 9,
        "{}",
        history.records.len()
    );
    assert_eq!(history.records[0].after.envs[0].value.reveal().len(), 7 << 20);
}

#[test]
fn a_link_and_a_pipe_in_its_place_are_refused() {
    let (home, files) = files();
    let target = home.path().join("target");
    std::fs::write(&target, "theirs").unwrap();
    symlink(&target, files.history_path()).unwrap();
    assert!(matches!(
        files.record_send(&snapshot(), &config("6"), &SendFacts::default()),
        Err(FsError::NotRegular { .. })
    ));
    assert!(matches!(files.history(), Err(FsError::NotRegular { .. })));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "theirs");
    std::fs::remove_file(files.history_path()).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(files.history_path())
        .status()
        .unwrap();
    assert!(made.success());
    assert!(matches!(
        files.record_send(&snapshot(), &config("6"), &SendFacts::default()),
        Err(FsError::NotRegular { .. })
    ));
    assert!(matches!(files.history(), Err(FsError::NotRegular { .. })));
}

#[test]
#[ignore = "a helper"]
fn helper_sends_fifty_times() {
    let Some(home) = again::home() else { return };
    let files = files_in(&home);
    for _ in 0..50 {
        let send = files
            .record_send(&snapshot(), &large(20).edited, &SendFacts::default())
            .unwrap();
        files.record_outcome(&send, SendOutcome::Stored).unwrap();
    }
}

#[test]
fn two_processes_and_a_thread_append_at_once_and_no_line_is_lost() {
    let (home, files) = files();
    files
        .record_send(&snapshot(), &config("6"), &SendFacts::default())
        .unwrap();
    append(&files, b"{\"kind\":\"send\",\"torn");
    let helpers = [0, 1].map(|_| Helper::start("history::helper_sends_fifty_times", home.path()));
    for _ in 0..50 {
        let send = files
            .record_send(&snapshot(), &config("7"), &SendFacts::default())
            .unwrap();
        files.record_outcome(&send, SendOutcome::NotStored).unwrap();
    }
    helpers.into_iter().for_each(Helper::wait);
    let history = files.history().unwrap();
    assert_eq!((history.records.len(), history.skipped), (151, 1));
    let stored = history
        .records
        .iter()
        .filter(|r| r.outcome == SendOutcome::Stored)
        .count();
    assert_eq!(stored, 100);
    let ids: std::collections::HashSet<_> = history.records.iter().map(|r| r.id.clone()).collect();
    assert_eq!(ids.len(), 151);
}

#[test]
fn two_processes_that_trim_lose_none_of_the_newest() {
    let (home, files) = files();
    for _ in 0..150 {
        files
            .record_send(&snapshot(), &config("6"), &SendFacts::default())
            .unwrap();
    }
    let helpers = [0, 1].map(|_| Helper::start("history::helper_sends_fifty_times", home.path()));
    helpers.into_iter().for_each(Helper::wait);
    let history = files.history().unwrap();
    assert!(history.records.len() >= 200, "{}", history.records.len());
    assert_eq!(history.skipped, 0);
    let stored = history
        .records
        .iter()
        .filter(|r| r.outcome == SendOutcome::Stored)
        .count();
    assert_eq!(stored, 100);
}

/// Written by version 0.1.0, with each word that it knew.
#[test]
fn a_history_of_version_1_is_read_as_it_was() {
    let (_home, files) = files();
    let config = |max: &str| {
        format!(
            "{{\"id\":\"ep_1\",\"name\":\"llama\",\"clusterID\":\"\",\"workerConfig\":{{\"minNum\":0,\"maxNum\":{max},\"freeTimeout\":300,\
             \"maxConcurrent\":8,\"gpuNum\":1,\"requestTimeout\":600}},\"ports\":[{{\"port\":\"8000\"}}],\"policy\":{{\"type\":\"queue\",\
             \"value\":60}},\"image\":{{\"image\":\"a:1\",\"authId\":\"\",\"command\":\"\"}},\"volumeMounts\":[],\"envs\":[{{\"key\":\"HF_TOKEN\",\
             \"value\":\"hf_hidden\"}}],\"healthy\":{{\"path\":\"/health\"}}}}"
        )
    };
    let send = |id: &str| {
        let (before, after) = (config("5"), config("8"));
        format!(
            "{{\"kind\":\"send\",\"version\":1,\"id\":\"{id}\",\"at\":\"2026-11-20T18:02:00.000+00:00\",\"host\":\"box\",\"pid\":4711,\
             \"endpoint\":\"ep_1\",\"before\":{{\"config\":{before},\"has_health_check\":true}},\"after\":{after}}}\n"
        )
    };
    let word = |id: &str, result: &str| {
        format!(
            "{{\"kind\":\"outcome\",\"version\":1,\"id\":\"{id}\",\"at\":\"2026-11-20T18:02:01.000+00:00\",{result}}}\n"
        )
    };
    let lines = [
        send("a") + &word("a", "\"result\":\"stored\""),
        send("b") + &word("b", "\"result\":\"refused\",\"reason\":\"too many\""),
        send("c") + &word("c", "\"result\":\"not_sent\",\"reason\":\"no way\""),
        send("d") + &word("d", "\"result\":\"not_stored\""),
        send("e"),
    ];
    // What is there keeps its place: a send of today stands behind it.
    files
        .record_send(&snapshot(), &config_of_today(), &SendFacts::default())
        .unwrap();
    let newest = std::fs::read(files.history_path()).unwrap();
    std::fs::write(files.history_path(), lines.concat().into_bytes()).unwrap();
    append(&files, &newest);
    let history = files.history().unwrap();
    assert_eq!((history.records.len(), history.skipped), (6, 0));
    let outcomes: Vec<SendOutcome> = history.records.iter().map(|record| record.outcome.clone()).collect();
    let old = [
        SendOutcome::Unknown,
        SendOutcome::Unknown,
        SendOutcome::NotStored,
        SendOutcome::NotSent("no way".into()),
        SendOutcome::Refused("too many".into()),
        SendOutcome::Stored,
    ];
    assert_eq!(outcomes, old);
    let oldest = &history.records[5];
    assert_eq!(
        (oldest.after.workers.max_num.text(), oldest.after.envs[0].value.reveal()),
        ("8", "hf_hidden")
    );
    assert_eq!((&oldest.read, oldest.timeout, oldest.workers.len()), (&None, None, 0));
}

fn config_of_today() -> novita_edit::endpoint::EndpointConfig {
    config("9")
}
