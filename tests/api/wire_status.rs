//! The read-only side: whatever stands there is shown, and nothing of it stops the loading.

use novita_edit::demo::give_newer_settings;
use novita_edit::endpoint::{EndpointStatus, State};
use novita_edit::secret::MASK;
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

fn settings(pointer: &str, raw: &str) -> Vec<(String, String)> {
    let settings = status(pointer, raw).settings;
    let listed = settings
        .iter()
        .map(|setting| (setting.path.clone(), setting.shown(false).to_owned()));
    listed.collect()
}

fn listed(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = expected
        .iter()
        .map(|(path, value)| (path.to_string(), value.to_string()));
    owned.collect()
}

#[test]
fn what_no_documented_key_has_is_kept_as_path_and_value() {
    let mut body = sample();
    give_newer_settings(&mut body);
    body["clusterId"] = json!("c");
    body["command"] = json!(["a", "b", null, 3]);
    body["nothing"] = json!({"null": null, "text": "", "list": [], "object": {}});
    body["envs"][0]["secretRef"] = json!("vault:hf");
    body["ports"][0]["protocol"] = json!("http");
    body["products"] = json!([{"id": "p", "name": "n", "zone": "z"}, "q"]);
    body["state"]["since"] = json!(5);
    body["workers"] = json!([{"id": "w", "node": "n"}]);
    let status = read(&body.to_string()).unwrap().status;
    let mut found: Vec<(String, String)> = status
        .settings
        .iter()
        .map(|setting| (setting.path.clone(), setting.shown(false).to_owned()))
        .collect();
    found.sort();
    let mut expected = listed(&[
        ("command[0]", "a"),
        ("command[1]", "b"),
        ("command[3]", "3"),
        ("entrypoint[0]", "python"),
        ("entrypoint[1]", "-m"),
        ("entrypoint[2]", "serve"),
        ("envs[0].secretRef", MASK),
        ("healthy.port", "8081"),
        ("image.pullPolicy", "Always"),
        ("policy.cooldown", "120"),
        ("ports[0].protocol", "http"),
        ("products[0].zone", "z"),
        ("queueConfig.maxPending", "500"),
        ("queueConfig.overflow", "reject"),
        ("queueConfig.webhookToken", MASK),
        ("registry.accessKey", MASK),
        ("type", "async"),
        ("workerConfig.spotRatio", "0.5"),
    ]);
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(status.settings_left_out, 0);
    assert!(read(&sample().to_string()).unwrap().status.settings.is_empty());
}

#[test]
fn settings_of_any_kind_stop_nothing_and_are_cut() {
    assert_eq!(settings("/x", "1e400"), listed(&[("x", "1e400")]));
    assert_eq!(settings("/x", "\"\\ud800\"").len(), 1);
    assert_eq!(
        settings("/x", "1,\"x\":2"),
        listed(&[("x", "2")]),
        "the last one counts"
    );
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(settings("/x", &deep)[0].1, MASK, "nobody looked at what lies in it");
    let long = settings("/x", &format!("\"{}\"", "y".repeat(1 << 20)));
    assert!(long[0].1.len() < 5000 && long[0].1.ends_with('…'));
    let many = status("/x", &format!("[{}9]", "7,".repeat(1199)));
    assert_eq!((many.settings.len(), many.settings_left_out), (1000, 200));
}
