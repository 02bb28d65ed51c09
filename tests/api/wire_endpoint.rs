//! The editable side of an endpoint: each quirk, each bad value, with the sentence that it gets.

use novita_edit::api::Unreadable;
use novita_edit::api::wire::endpoint;
use novita_edit::endpoint::{EndpointConfig, LoadedEndpoint, Number, PolicyType, VolumeType};
use serde_json::{Value, json};

/// The documented shape in full.
pub fn sample() -> Value {
    json!({
        "id": "ep_1", "name": "llama", "clusterID": "us-1", "appName": "app", "url": "https://ep-1.example",
        "state": {"state": "serving", "error": "", "message": ""},
        "workerConfig": {
            "minNum": 1, "maxNum": 5, "freeTimeout": "300", "maxConcurrent": "8", "gpuNum": 1, "requestTimeout": 600,
            "cudaVersion": "12.4"
        },
        "ports": [{"port": "8000"}],
        "policy": {"type": "queue", "value": "60"},
        "image": {"image": "vllm:1", "authId": "a1", "command": "serve"},
        "rootfsSize": 100,
        "volumeMounts": [
            {"type": "local", "size": 30, "id": "", "mountPath": "/data"},
            {"type": "network", "size": 0, "id": "stor_9", "mountPath": "/models"}
        ],
        "envs": [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}],
        "healthy": {"path": "/health", "initialDelay": "30", "period": 10},
        "products": [{"id": "prod_1"}],
        "workers": []
    })
}

/// `__RAW__` in the sample stands where these bytes go, so that numbers can be written that no `Value` can hold.
pub fn with_raw(pointer: &str, raw: &str) -> String {
    let mut sample = sample();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match sample.pointer_mut(parent).unwrap() {
        Value::Object(object) => {
            object.insert(name.to_owned(), json!("__RAW__"));
        }
        Value::Array(array) => array[name.parse::<usize>().unwrap()] = json!("__RAW__"),
        other => panic!("{pointer} stands in {other}"),
    }
    sample.to_string().replace("\"__RAW__\"", raw)
}

fn without(pointer: &str) -> String {
    let mut sample = sample();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let removed = sample
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .shift_remove(name);
    assert!(removed.is_some(), "{pointer}");
    sample.to_string()
}

pub fn read(body: &str) -> Result<LoadedEndpoint, Unreadable> {
    endpoint(body.as_bytes(), "ep_1")
}

fn config(body: &str) -> EndpointConfig {
    read(body).unwrap_or_else(|error| panic!("{error}: {body}")).config
}

#[test]
fn the_documented_shape_is_read_in_full() {
    let config = config(&json!({ "endpoint": sample() }).to_string());
    assert_eq!(config.name, "llama");
    assert_eq!(config.cluster_id, "us-1");
    assert_eq!(config.workers.min_num, Number::of(1));
    assert_eq!(config.workers.max_num, Number::of(5));
    assert_eq!(config.workers.free_timeout, Number::of(300));
    assert_eq!(config.workers.max_concurrent, Number::of(8));
    assert_eq!(config.workers.gpu_num, Number::of(1));
    assert_eq!(config.workers.request_timeout, Number::of(600));
    assert_eq!(config.port, "8000");
    assert_eq!(
        (config.policy.kind, config.policy.value),
        (PolicyType::Queue, Number::of(60))
    );
    assert_eq!(
        (&*config.image.image, &*config.image.auth_id, &*config.image.command),
        ("vllm:1", "a1", "serve")
    );
    assert_eq!(config.volumes[0].kind, VolumeType::Local);
    assert_eq!(config.volumes[0].size, Number::of(30));
    assert_eq!(
        (config.volumes[1].kind.clone(), &*config.volumes[1].storage_id),
        (VolumeType::Network, "stor_9")
    );
    assert_eq!(config.volumes[1].mount_path, "/models");
    let envs: Vec<(&str, &str)> = config.envs.iter().map(|env| (&*env.key, env.value.reveal())).collect();
    assert_eq!(envs, [("A", "1"), ("B", "2")]);
    assert_eq!(config.health_path, "/health");
}

#[test]
fn the_wrapper_may_be_missing_and_unknown_keys_are_passed_over() {
    let wrapped = config(&json!({ "endpoint": sample(), "code": 0, "message": "ok" }).to_string());
    let mut bare = sample();
    bare["endpoint"] = json!({"unknown": true});
    bare["workerConfig"]["x"] = json!([1, {"y": null}]);
    assert_eq!(config(&bare.to_string()), wrapped);
    assert_eq!(
        config(&format!("\u{feff}\n {} \n", sample())),
        wrapped,
        "a byte order mark and blanks"
    );
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(
        config(&with_raw("/unknown", &deep)),
        wrapped,
        "an unknown key, however deep"
    );
    assert_eq!(
        config(&with_raw("/unknown", "1e400")),
        wrapped,
        "a number that nobody reads"
    );
    let odd = sample().to_string().replacen('{', r#"{"\ud800":"\udead","#, 1);
    assert_eq!(config(&odd), wrapped, "names that are no Unicode");
}

#[test]
fn integers_are_read_in_every_spelling() {
    for (raw, value) in [
        ("7", 7),
        ("\"7\"", 7),
        ("7.0", 7),
        ("\"7.0\"", 7),
        ("7e0", 7),
        ("-2", -2),
        ("\"0\"", 0),
    ] {
        for pointer in [
            "minNum",
            "maxNum",
            "freeTimeout",
            "maxConcurrent",
            "gpuNum",
            "requestTimeout",
        ] {
            let config = config(&with_raw(&format!("/workerConfig/{pointer}"), raw));
            let numbers = [
                config.workers.min_num,
                config.workers.max_num,
                config.workers.free_timeout,
                config.workers.max_concurrent,
                config.workers.gpu_num,
                config.workers.request_timeout,
            ];
            assert_eq!(
                numbers.iter().filter(|n| **n == Number::of(value)).count(),
                1,
                "{pointer} {raw}"
            );
        }
    }
    let exact = config(&with_raw("/policy/value", "9007199254740993"));
    assert_eq!(
        exact.policy.value,
        Number::of(9_007_199_254_740_993),
        "no float in between"
    );
}

#[test]
fn what_is_left_out_or_null_is_zero_or_empty() {
    type Get = fn(&EndpointConfig) -> String;
    let cases: [(&str, &str, Get); 18] = [
        ("/name", "", |c| c.name.clone()),
        ("/clusterID", "", |c| c.cluster_id.clone()),
        ("/workerConfig/minNum", "0", |c| c.workers.min_num.to_string()),
        ("/workerConfig/maxNum", "0", |c| c.workers.max_num.to_string()),
        ("/workerConfig/freeTimeout", "0", |c| c.workers.free_timeout.to_string()),
        ("/workerConfig/maxConcurrent", "0", |c| {
            c.workers.max_concurrent.to_string()
        }),
        ("/workerConfig/gpuNum", "0", |c| c.workers.gpu_num.to_string()),
        ("/workerConfig/requestTimeout", "", |c| {
            c.workers.request_timeout.to_string()
        }),
        ("/ports", "", |c| c.port.clone()),
        ("/policy/value", "0", |c| c.policy.value.to_string()),
        ("/image/image", "", |c| c.image.image.clone()),
        ("/image/authId", "", |c| c.image.auth_id.clone()),
        ("/image/command", "", |c| c.image.command.clone()),
        ("/volumeMounts", "0", |c| c.volumes.len().to_string()),
        ("/volumeMounts/0/size", "0", |c| c.volumes[0].size.to_string()),
        ("/volumeMounts/1/id", "", |c| c.volumes[1].storage_id.clone()),
        ("/envs", "0", |c| c.envs.len().to_string()),
        ("/healthy", "", |c| c.health_path.clone()),
    ];
    for (pointer, empty, get) in cases {
        assert_eq!(get(&config(&without(pointer))), empty, "{pointer} left out");
        assert_eq!(get(&config(&with_raw(pointer, "null"))), empty, "{pointer} null");
    }
}

#[test]
fn a_request_timeout_that_is_not_told_is_unknown_and_no_zero() {
    assert!(
        config(&without("/workerConfig/requestTimeout"))
            .workers
            .request_timeout
            .is_unknown()
    );
    assert_eq!(
        config(&with_raw("/workerConfig/requestTimeout", "0"))
            .workers
            .request_timeout,
        Number::of(0)
    );
}

#[test]
fn a_port_is_a_text_or_a_number_and_several_are_all_shown() {
    for (raw, port) in [
        (r#"[{"port":"8000"}]"#, "8000"),
        (r#"[{"port":8000}]"#, "8000"),
        (r#"[{"port":8000.0}]"#, "8000"),
        (r#"[{"port":"http"}]"#, "http"),
        (r#"[{"port":"8000"},{"port":9000}]"#, "8000, 9000"),
        (r#"[{"port":null},{"port":9000}]"#, ", 9000"),
        (r#"[{}]"#, ""),
        (r#"[]"#, ""),
    ] {
        assert_eq!(config(&with_raw("/ports", raw)).port, port, "{raw}");
    }
}

#[test]
fn the_clusters_other_spelling_counts_only_where_the_documented_one_is_absent() {
    let mut body = sample();
    body["clusterId"] = json!("other");
    assert_eq!(config(&body.to_string()).cluster_id, "us-1");
    body["clusterID"] = json!("");
    assert_eq!(config(&body.to_string()).cluster_id, "");
    body.as_object_mut().unwrap().shift_remove("clusterID");
    assert_eq!(config(&body.to_string()).cluster_id, "other");
}

#[test]
fn a_policy_that_is_missing_is_unset_and_unknown() {
    for body in [
        without("/policy"),
        with_raw("/policy", "null"),
        with_raw("/policy", "{}"),
    ] {
        let policy = config(&body).policy;
        assert_eq!(policy.kind, PolicyType::Unset);
        assert!(policy.value.is_unknown());
    }
    let policy = config(&with_raw("/policy", r#"{"type":"cpu","value":"5"}"#)).policy;
    assert_eq!(
        (policy.kind, policy.value),
        (PolicyType::Other("cpu".into()), Number::of(5))
    );
    let policy = config(&with_raw("/policy", r#"{"value":"5"}"#)).policy;
    assert_eq!((policy.kind, policy.value), (PolicyType::Unset, Number::of(5)));
}

#[test]
fn a_volume_of_an_unknown_type_keeps_everything() {
    let raw = r#"[{"type":"tape","size":"7","id":"t1","mountPath":"/t"},{"mountPath":"/u"}]"#;
    let volumes = config(&with_raw("/volumeMounts", raw)).volumes;
    assert_eq!(volumes[0].kind, VolumeType::Other("tape".into()));
    assert_eq!(
        (&volumes[0].size, &*volumes[0].storage_id, &*volumes[0].mount_path),
        (&Number::of(7), "t1", "/t")
    );
    assert_eq!(volumes[1].kind, VolumeType::Other(String::new()));
    assert!(volumes[1].size.is_unknown());
}

#[test]
fn what_a_volumes_type_does_not_use_never_stops_the_loading() {
    let raw = r#"[{"type":"network","size":"100Gi","id":"s"},{"type":"local","size":30,"id":{}}]"#;
    let volumes = config(&with_raw("/volumeMounts", raw)).volumes;
    assert!(volumes[0].size.is_unknown());
    assert_eq!(volumes[1].storage_id, "");
}

#[test]
fn a_health_check_is_one_that_has_a_path_or_anything_else_set() {
    for (raw, configured, path) in [
        (r#"{"path":"/health"}"#, true, "/health"),
        (r#"{"path":""}"#, false, ""),
        ("{}", false, ""),
        (r#"{"path":" "}"#, false, " "),
        (
            r#"{"path":"","period":0,"timeout":"0","x":"","y":[],"z":{},"b":false,"n":null}"#,
            false,
            "",
        ),
        (r#"{"period":10}"#, true, ""),
        (r#"{"path":"","initialDelay":"30"}"#, true, ""),
        (r#"{"path":null,"enabled":true}"#, true, ""),
    ] {
        let loaded = read(&with_raw("/healthy", raw)).unwrap();
        assert_eq!(
            (loaded.has_health_check, &*loaded.config.health_path),
            (configured, path),
            "{raw}"
        );
    }
    assert!(!read(&without("/healthy")).unwrap().has_health_check);
}

#[test]
fn texts_keep_every_character() {
    let odd = "a\u{0}\r\n\t\u{202e}é👨‍👩‍👧\u{feff}\"\\";
    let mut body = sample();
    body["image"]["command"] = json!(odd);
    body["envs"][0] = json!({"key": odd, "value": odd});
    let config = config(&body.to_string());
    assert_eq!(config.image.command, odd);
    assert_eq!((&*config.envs[0].key, config.envs[0].value.reveal()), (odd, odd));
}

#[test]
fn a_number_that_cannot_be_read_is_an_error_with_its_path_and_what_stands_there() {
    let bad = [
        r#""five""#,
        r#""""#,
        r#"" 5""#,
        "5.5",
        "1e400",
        "9223372036854775808",
        "true",
        "[]",
        "{}",
        r#""\ud800""#,
    ];
    for (pointer, path) in [
        ("/workerConfig/minNum", "workerConfig.minNum"),
        ("/workerConfig/maxNum", "workerConfig.maxNum"),
        ("/workerConfig/freeTimeout", "workerConfig.freeTimeout"),
        ("/workerConfig/maxConcurrent", "workerConfig.maxConcurrent"),
        ("/workerConfig/gpuNum", "workerConfig.gpuNum"),
        ("/workerConfig/requestTimeout", "workerConfig.requestTimeout"),
        ("/policy/value", "policy.value"),
        ("/volumeMounts/0/size", "volumeMounts[0].size"),
    ] {
        for raw in bad {
            let found = match raw {
                "[]" => "a list",
                "{}" => "an object",
                other => other,
            };
            let error = read(&with_raw(pointer, raw)).unwrap_err();
            assert_eq!(error.path(), Some(path), "{raw}");
            let sentence = format!("{path} can't be read: {found} stands there, where a whole number belongs.");
            assert_eq!(error.to_string(), sentence);
        }
    }
}

#[test]
fn a_text_of_the_wrong_kind_is_an_error_with_its_path() {
    for (pointer, path) in [
        ("/id", "id"),
        ("/name", "name"),
        ("/clusterID", "clusterID"),
        ("/policy/type", "policy.type"),
        ("/image/image", "image.image"),
        ("/image/authId", "image.authId"),
        ("/image/command", "image.command"),
        ("/volumeMounts/0/type", "volumeMounts[0].type"),
        ("/volumeMounts/1/id", "volumeMounts[1].id"),
        ("/volumeMounts/1/mountPath", "volumeMounts[1].mountPath"),
        ("/healthy/path", "healthy.path"),
    ] {
        for (raw, found) in [("5", "5"), ("true", "true"), ("{}", "an object"), ("[\"x\"]", "a list")] {
            let error = read(&with_raw(pointer, raw)).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("{path} can't be read: {found} stands there, where a text belongs.")
            );
        }
    }
}

#[test]
fn a_structure_of_the_wrong_kind_is_an_error_with_its_path() {
    for (pointer, path, raws) in [
        ("/workerConfig", "workerConfig", ["5", "[]", "\"x\""]),
        ("/image", "image", ["\"nginx\"", "[]", "1"]),
        ("/policy", "policy", ["\"queue\"", "[]", "false"]),
        ("/healthy", "healthy", ["true", "[]", "\"/health\""]),
        ("/ports", "ports", ["8000", "{}", "\"8000\""]),
        ("/ports/0", "ports[0]", ["8000", "null", "\"8000\""]),
        ("/ports/0/port", "ports[0].port", ["8000.5", "true", "{}"]),
        ("/volumeMounts", "volumeMounts", ["{}", "\"x\"", "0"]),
        ("/volumeMounts/1", "volumeMounts[1]", ["null", "[]", "\"/data\""]),
        ("/envs", "envs", ["{}", "\"A=1\"", "0"]),
        ("/envs/1", "envs[1]", ["null", "[]", "\"A=1\""]),
        ("/envs/1/key", "envs[1].key", ["5", "{}", "true"]),
        ("/envs/1/value", "envs[1].value", ["5", "{}", "true"]),
    ] {
        for raw in raws {
            let error = read(&with_raw(pointer, raw)).unwrap_err();
            assert_eq!(error.path(), Some(path), "{raw}: {error}");
        }
    }
}

#[test]
fn what_an_error_shows_is_short() {
    let error = read(&with_raw("/workerConfig/maxNum", &format!("\"{}\"", "é".repeat(5000)))).unwrap_err();
    assert!(error.to_string().chars().count() < 160, "{error}");
    let page = format!("<html><title>{}</title>", "x".repeat(5000));
    assert!(read(&page).unwrap_err().to_string().chars().count() < 160);
    let message = json!({"message": "x".repeat(5000)}).to_string();
    assert!(read(&message).unwrap_err().to_string().chars().count() < 300);
}

#[test]
fn an_environment_value_is_named_by_its_path_alone() {
    let error = read(&with_raw("/envs/1/value", "5557")).unwrap_err();
    let sentence = "envs[1].value can't be read: something else stands there, where a text belongs.";
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn what_is_no_endpoint_says_what_it_is_instead() {
    let other = sample().to_string().replace("ep_1", "ep_2");
    let cut = &sample().to_string()[..200];
    for (body, sentence) in [
        ("", "The answer is empty."),
        (" \n\t", "The answer is empty."),
        ("{}", "The answer is no endpoint: it is an empty object."),
        (
            r#"{"endpoint":{}}"#,
            "The answer is no endpoint: it is an empty object.",
        ),
        (
            "null",
            "The answer is no endpoint: a single value stands where an object belongs.",
        ),
        (
            "[]",
            "The answer is no endpoint: a list stands where an object belongs.",
        ),
        (
            "\"ep_1\"",
            "The answer is no endpoint: a single value stands where an object belongs.",
        ),
        (r#"{"endpoint":null}"#, "The answer is no endpoint: it has no id."),
        (
            r#"{"endpoint":[]}"#,
            "endpoint can't be read: a list stands there, where an object belongs.",
        ),
        (
            r#"{"message":"not found"}"#,
            "The answer is no endpoint but a message: not found.",
        ),
        (
            r#"{"code":400,"reason":"SERVERLESS_ENDPOINT_NOT_FOUND","message":"no"}"#,
            "The answer is no endpoint but a message: SERVERLESS_ENDPOINT_NOT_FOUND: no.",
        ),
        (r#"{"id":"ep_1"}"#, "The answer is no endpoint: it has no workerConfig."),
        (
            &without("/workerConfig"),
            "The answer is no endpoint: it has no workerConfig.",
        ),
        (&without("/image"), "The answer is no endpoint: it has no image."),
        (
            &with_raw("/image", "null"),
            "The answer is no endpoint: it has no image.",
        ),
        (&without("/id"), "The answer is no endpoint: it has no id."),
        (
            &other,
            "The answer is endpoint \"ep_2\", not \"ep_1\", which was asked for.",
        ),
        ("<html><body>hi</body></html>", "The answer is an HTML page, not JSON."),
        (
            "<!DOCTYPE html>\n<TITLE>Log in</TITLE>",
            "The answer is an HTML page titled “Log in”, not JSON.",
        ),
        (
            cut,
            "The answer is cut off: its JSON ends in the middle, at line 1, column 200.",
        ),
        (
            "{\n \"endpoint\": ?}",
            "The answer is not JSON: line 2, column 14 breaks it.",
        ),
        ("{} {}", "The answer is not JSON: line 1, column 4 breaks it."),
        ("ok", "The answer is not JSON: line 1, column 1 breaks it."),
    ] {
        assert_eq!(read(body).unwrap_err().to_string(), sentence, "{body}");
    }
    let sentence = |body: &[u8]| endpoint(body, "ep_1").unwrap_err().to_string();
    assert_eq!(
        sentence(b"{\"id\": \"\xff\"}"),
        "The answer is not UTF-8 text: byte 8 breaks it."
    );
    assert_eq!(
        sentence(b"<title>caf\xe9</title>"),
        "The answer is an HTML page titled “caf\u{fffd}”, not JSON."
    );
}
