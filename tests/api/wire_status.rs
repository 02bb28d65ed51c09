//! The read-only side: whatever stands there is shown, and nothing of it stops the loading.

use novita_edit::endpoint::{EndpointStatus, State};
use serde_json::json;

use crate::wire_endpoint::{read, sample, with_raw};

fn status(pointer: &str, raw: &str) -> EndpointStatus {
    read(&with_raw(pointer, raw)).unwrap().status
}

#[test]
fn the_documented_facts_are_read() {
    let mut body = sample();
    body["workers"] = json!([
        {"id": "w1", "state": {"state": "running"}, "healthy": true, "metrics": "{}", "log": ""},
        {"id": "w2", "state": {"state": "failed", "error": "OOM", "message": "killed"}, "metrics": {"gpu": 1}},
        {"id": "w3", "state": {"state": "removed"}, "healthy": true, "deletedAt": "1"},
    ]);
    body["products"] = json!([{"id": "p1", "name": "RTX 4090"}, {"id": "p2"}, "p3", {}]);
    body["log"] = json!("line");
    let status = read(&body.to_string()).unwrap().status;
    assert_eq!(
        (&*status.app_name, &*status.url, &*status.log),
        ("app", "https://ep-1.example", "line")
    );
    assert_eq!((&*status.cuda_version, &*status.rootfs_size), ("12.4", "100"));
    assert_eq!(status.products, ["RTX 4090", "p2", "p3"]);
    assert_eq!(
        status.probe,
        [("initialDelay".into(), "30".into()), ("period".into(), "10".into())]
    );
    assert_eq!(status.workers[1].state.error, "OOM");
    let count = status.worker_count();
    assert_eq!((count.healthy, count.running, count.all), (1, 1, 2));
}

#[test]
fn no_fact_stops_the_loading_whatever_stands_there() {
    let config = read(&sample().to_string()).unwrap().config;
    for pointer in [
        "/appName",
        "/url",
        "/state",
        "/state/state",
        "/state/error",
        "/state/message",
        "/workerConfig/cudaVersion",
        "/rootfsSize",
        "/products",
        "/products/0",
        "/products/0/id",
        "/healthy/period",
        "/log",
        "/workers",
    ] {
        for raw in [
            "null",
            "5",
            "5.5",
            "1e400",
            "true",
            "\"x\"",
            "\"\\ud800\"",
            "[]",
            "[1,null]",
            "{}",
            "{\"a\":[]}",
        ] {
            let loaded = read(&with_raw(pointer, raw)).unwrap_or_else(|error| panic!("{pointer} {raw}: {error}"));
            assert_eq!(loaded.config, config, "{pointer} {raw}");
        }
    }
}

#[test]
fn a_fact_of_another_kind_is_shown_as_it_stands() {
    for (raw, shown) in [
        ("100", "100"),
        ("100.0", "100"),
        ("\"100\"", "100"),
        ("1.5", "1.5"),
        ("1e400", "1e400"),
        ("18446744073709551616", "18446744073709551616"),
        ("true", "true"),
        ("null", ""),
        (r#"{"gb":100}"#, r#"{"gb":100}"#),
        ("[1]", "[1]"),
    ] {
        assert_eq!(status("/rootfsSize", raw).rootfs_size, shown);
    }
    let state = status("/state", "\"serving\"").state;
    assert_eq!(
        state,
        State {
            word: "serving".into(),
            ..State::default()
        }
    );
}

#[test]
fn a_fact_without_end_is_cut() {
    let log = status("/log", &format!("\"{}\"", "x".repeat(1 << 20))).log;
    assert!(log.len() < 5000 && log.ends_with('…'));
    let log = status("/log", &format!("[{}0]", "0,".repeat(1 << 20))).log;
    assert!(log.len() < 500);
}

#[test]
fn a_workers_health_is_a_plain_yes_and_nothing_else() {
    for (raw, healthy) in [
        ("true", true),
        ("\"true\"", true),
        ("false", false),
        ("{}", false),
        ("1", false),
    ] {
        let raw = format!(r#"[{{"id":"w","healthy":{raw}}}, 5]"#);
        let workers = status("/workers", &raw).workers;
        assert_eq!(workers.len(), 1);
        assert_eq!(workers[0].healthy, healthy, "{raw}");
    }
}
