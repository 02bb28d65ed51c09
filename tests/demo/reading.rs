//! Each quirk of the answers (api.md, "Quirks to read without loss").

use novita_edit::demo::{EnvValues, ErrorShape, Integers, Quirks, ReadCache, Zeros};
use serde_json::{Value, json};

use crate::http::{get, send};
use crate::{FAILED, LARGE, LLAMA, SECOND, load, plain, start};

fn read(quirks: Quirks, id: &str) -> Value {
    load(&start(quirks), id).json()["endpoint"].clone()
}

#[test]
fn the_pictured_endpoint_has_the_pictures_numbers() {
    let server = plain();
    let endpoint = load(&server, LLAMA).json()["endpoint"].clone();
    assert_eq!(endpoint["name"], "llama-3-8b");
    assert_eq!(endpoint["workerConfig"]["minNum"], 1);
    assert_eq!(endpoint["workerConfig"]["maxNum"], 5);
    assert_eq!(endpoint["envs"].as_array().unwrap().len(), 12);
    assert_eq!(endpoint["url"], "https://ep-7f3a91c2.novita.ai");
    let workers = endpoint["workers"].as_array().unwrap();
    let listed: Vec<_> = workers.iter().filter(|it| it["state"]["state"] != "removed").collect();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|it| it["healthy"] == true).count(), 2);
    let limits = get(&server, "/endpoint/limit").unwrap().json();
    assert_eq!(limits["maxWorkerNum"], 10);
    assert_eq!(limits["maxQueueWaitTime"], 600);
    assert!(limits.get("minWorkerNum").is_none(), "a zero is left out here as well");
}

#[test]
fn the_large_endpoint_is_large_and_the_failing_one_says_why() {
    let server = plain();
    let large = server.endpoint(LARGE).unwrap();
    assert_eq!(large["envs"].as_array().unwrap().len(), 40);
    assert!(
        large["envs"]
            .as_array()
            .unwrap()
            .iter()
            .any(|env| env["value"].as_str().unwrap().contains('\n'))
    );
    assert_eq!(large["image"]["command"].as_str().unwrap().chars().count(), 1_500);
    let failed = load(&server, FAILED).json()["endpoint"].clone();
    assert_eq!(failed["state"]["state"], "failed");
    assert!(!failed["state"]["error"].as_str().unwrap().is_empty());
    assert!(!failed["state"]["message"].as_str().unwrap().is_empty());
}

#[test]
fn every_seeded_endpoint_can_be_sent_back_as_it_is() {
    let server = plain();
    for id in [LLAMA, LARGE, FAILED] {
        let stored = server.endpoint(id).unwrap();
        assert_eq!(crate::update(&server, &stored).status, 200, "{id}");
        let after = server.endpoint(id).unwrap();
        for key in [
            "name",
            "clusterID",
            "workerConfig",
            "ports",
            "policy",
            "image",
            "volumeMounts",
            "envs",
        ] {
            assert_eq!(after[key], stored[key], "{id} {key}");
        }
        assert_eq!(after.get("healthy"), stored.get("healthy"), "{id}");
    }
}

#[test]
fn by_default_64_bit_integers_are_strings_and_others_numbers() {
    let endpoint = read(Quirks::default(), LLAMA);
    assert_eq!(endpoint["workerConfig"]["freeTimeout"], "300");
    assert_eq!(endpoint["workerConfig"]["maxConcurrent"], "8");
    assert_eq!(endpoint["policy"]["value"], "60");
    assert_eq!(endpoint["workers"][0]["createdAt"], "1763640010");
    assert_eq!(endpoint["workerConfig"]["gpuNum"], 1);
    assert_eq!(endpoint["rootfsSize"], 100);
    assert_eq!(endpoint["ports"][0]["port"], "8000");
    assert_eq!(endpoint["workers"][0]["metrics"]["gpuUtilization"], 71);
}

#[test]
fn integers_may_all_be_numbers_or_all_be_strings() {
    let numbers = read(
        Quirks {
            integers: Integers::Numbers,
            ..Quirks::default()
        },
        LLAMA,
    );
    assert_eq!(numbers["workerConfig"]["freeTimeout"], 300);
    assert_eq!(numbers["policy"]["value"], 60);
    let quirks = Quirks {
        integers: Integers::Strings,
        ..Quirks::default()
    };
    let strings = read(quirks.clone(), LLAMA);
    assert_eq!(strings["workerConfig"]["gpuNum"], "1");
    assert_eq!(strings["volumeMounts"][0]["size"], "30");
    // Metrics are no message of the schema, so their numbers stay what they are.
    assert_eq!(strings["workers"][0]["metrics"]["gpuUtilization"], 71);
    let server = start(quirks);
    assert_eq!(get(&server, "/endpoint/limit").unwrap().json()["maxGPUNum"], "8");
    assert_eq!(
        get(&server, "/endpoints?pageSize=9&pageNum=0").unwrap().json()["total"],
        "3"
    );
}

#[test]
fn zeros_are_left_out_or_null_or_written() {
    let left_out = read(Quirks::default(), LARGE);
    assert!(left_out["workerConfig"].get("minNum").is_none());
    assert!(left_out.get("log").is_none());
    let empty = left_out["envs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["key"] == "WATERMARK")
        .unwrap();
    assert_eq!(*empty, json!({"key": "WATERMARK"}));
    assert!(read(Quirks::default(), FAILED).get("healthy").is_none());

    let null = read(
        Quirks {
            zeros: Zeros::Null,
            ..Quirks::default()
        },
        FAILED,
    );
    assert_eq!(null["image"].get("command"), Some(&Value::Null));
    assert_eq!(null.get("healthy"), Some(&Value::Null));
    assert_eq!(null.get("clusterID"), Some(&Value::Null));

    let written = read(
        Quirks {
            zeros: Zeros::Written,
            ..Quirks::default()
        },
        LARGE,
    );
    assert_eq!(written["workerConfig"]["minNum"], 0);
    assert_eq!(written["volumeMounts"][0]["size"], 0);
    assert_eq!(written["volumeMounts"][2]["id"], "");
    assert_eq!(written["workers"][0]["drain"], false);
    assert_eq!(written["workers"][0]["deletedAt"], "0");
}

#[test]
fn empty_lists_are_zeros_too() {
    for (zeros, expected) in [
        (Zeros::LeftOut, json!({})),
        (Zeros::Null, json!({"total": null, "data": null})),
        (Zeros::Written, json!({"total": 0, "data": []})),
    ] {
        let server = start(Quirks {
            zeros,
            ..Quirks::default()
        });
        let none = get(&server, "/networkstorages/list?pageNo=0&pageSize=9&storageId=none").unwrap();
        assert_eq!(none.json(), expected);
    }
}

#[test]
fn a_port_may_be_a_number_and_metrics_a_string() {
    let quirks = Quirks {
        port_as_number: true,
        metrics_as_string: true,
        ..Quirks::default()
    };
    let endpoint = read(quirks, LLAMA);
    assert_eq!(endpoint["ports"][0]["port"], 8000);
    let metrics = endpoint["workers"][0]["metrics"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(metrics).unwrap()["gpuUtilization"], 71);
}

#[test]
fn unknown_keys_may_stand_in_every_object() {
    let server = start(Quirks {
        extra_keys: true,
        ..Quirks::default()
    });
    let answer = load(&server, LLAMA).json();
    let endpoint = &answer["endpoint"];
    for object in [
        endpoint,
        &endpoint["workerConfig"],
        &endpoint["envs"][0],
        &endpoint["state"],
    ] {
        assert!(object.get("extInfoV2").is_some(), "{object}");
    }
    assert!(
        get(&server, "/endpoint/limit")
            .unwrap()
            .json()
            .get("extInfoV2")
            .is_some()
    );
    assert!(
        get(&server, "/clusters").unwrap().json()["data"][0]
            .get("extInfoV2")
            .is_some()
    );
}

#[test]
fn request_timeout_may_never_be_reported() {
    let server = start(Quirks {
        without_request_timeout: true,
        ..Quirks::default()
    });
    let read = load(&server, LLAMA).json();
    assert!(read["endpoint"]["workerConfig"].get("requestTimeout").is_none());
    assert_eq!(server.endpoint(LLAMA).unwrap()["workerConfig"]["requestTimeout"], 600);
    let list = get(&server, "/endpoints?pageSize=9&pageNum=0").unwrap().json();
    assert!(list["endpoints"][0]["workerConfig"].get("requestTimeout").is_none());
}

#[test]
fn older_limits_lack_the_request_timeout() {
    let server = start(Quirks {
        limits_without_request_timeout: true,
        ..Quirks::default()
    });
    let limits = get(&server, "/endpoint/limit").unwrap().json();
    assert!(limits.get("maxRequestTimeout").is_none());
    assert!(limits.get("minRequestTimeout").is_none());
    assert_eq!(limits["maxGPUNum"], 8);
}

#[test]
fn an_endpoint_may_come_without_its_wrapper() {
    let answer = load(
        &start(Quirks {
            unwrapped: true,
            ..Quirks::default()
        }),
        LLAMA,
    )
    .json();
    assert_eq!(answer["id"], LLAMA);
    assert!(answer.get("endpoint").is_none());
}

#[test]
fn errors_have_the_keys_of_their_shape() {
    let keys = |errors| {
        let answer = load(
            &start(Quirks {
                errors,
                ..Quirks::default()
            }),
            "ep_none",
        );
        assert_eq!(answer.status, 400);
        let body = answer.json();
        body.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(ErrorShape::Full), ["code", "reason", "message", "metadata"]);
    assert_eq!(keys(ErrorShape::Message), ["message"]);
    assert_eq!(keys(ErrorShape::Error), ["error"]);
    assert_eq!(keys(ErrorShape::Reason), ["reason"]);
}

/// What a value means to a proto3 reader: zeros are gone, integers are numbers, unknown keys dropped.
fn meaning(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(object) => {
            let mut kept = serde_json::Map::new();
            for (key, item) in object {
                let item = meaning(item, key);
                let zero = [json!(null), json!(0), json!(""), json!([]), json!(false)].contains(&item);
                if !zero && key != "extInfoV2" {
                    kept.insert(key.clone(), item);
                }
            }
            kept.sort_keys();
            kept.into()
        }
        Value::Array(items) => items.iter().map(|it| meaning(it, key)).collect(),
        Value::String(text) if key == "metrics" => meaning(&serde_json::from_str(text).unwrap(), ""),
        // An environment value or a CUDA version of digits is no integer.
        Value::String(text) if !["key", "cudaVersion", "name"].contains(&key) => {
            text.parse::<i64>().map_or_else(|_| value.clone(), Value::from)
        }
        other => other.clone(),
    }
}

#[test]
fn any_mixture_of_quirks_means_what_is_stored_and_is_the_same_on_every_read() {
    let mut error_shapes = Vec::new();
    let mut spellings = std::collections::HashSet::new();
    for seed in 0..64 {
        let quirks = Quirks {
            without_request_timeout: false,
            ..Quirks::random(seed)
        };
        assert_eq!(Quirks::random(seed), Quirks::random(seed));
        if !error_shapes.contains(&quirks.errors) {
            error_shapes.push(quirks.errors);
        }
        let server = start(quirks.clone());
        for id in [LLAMA, LARGE, FAILED] {
            let answer = load(&server, id);
            assert_eq!(answer.body, load(&server, id).body);
            let json = answer.json();
            let read = if quirks.unwrapped { &json } else { &json["endpoint"] };
            let stored = server.endpoint(id).unwrap();
            assert_eq!(meaning(read, ""), meaning(&stored, ""), "{quirks:?}");
            spellings.insert(answer.body);
        }
    }
    assert_eq!(error_shapes.len(), ErrorShape::ALL.len());
    assert!(spellings.len() > 96, "only {} different answers", spellings.len());
}

#[test]
fn a_null_stored_on_purpose_is_shown_and_odd_endpoints_come_as_they_are() {
    let server = start(Quirks {
        zeros: Zeros::Written,
        ..Quirks::default()
    });
    server.add_endpoint(json!({
        "id": "ep_odd",
        "envs": null,
        "ports": [{"port": "80"}, {"port": "81"}],
        "workerConfig": {"minNum": "many"},
        "volumeMounts": [{"type": "nfs", "mountPath": "/x"}],
    }));
    let odd = load(&server, "ep_odd").json()["endpoint"].clone();
    assert_eq!(odd.get("envs"), Some(&Value::Null));
    assert_eq!(odd["ports"].as_array().unwrap().len(), 2);
    assert_eq!(odd["workerConfig"]["minNum"], "many");
    assert!(odd.get("policy").is_none());
    assert_eq!(odd["volumeMounts"][0]["type"], "nfs");
}

#[test]
fn a_cache_gives_again_what_it_kept_and_tells_for_how_long() {
    for (read_cache, heeds) in [
        (ReadCache::Obedient(60 * SECOND), true),
        (ReadCache::Stubborn(60 * SECOND), false),
    ] {
        let server = start(Quirks {
            read_cache,
            ..Quirks::default()
        });
        let name = |answer: &crate::http::Answer| answer.json()["endpoint"]["name"].clone();
        assert_eq!(load(&server, LLAMA).header("age"), None);
        server.edit(LLAMA, |endpoint| endpoint["name"] = json!("renamed"));
        server.advance(40 * SECOND);
        let kept = load(&server, LLAMA);
        assert_eq!((name(&kept), kept.header("age")), (json!("llama-3-8b"), Some("40")));
        let headers = [("Authorization", "Bearer k"), ("Cache-Control", "no-cache")];
        let asked = send(&server, "GET", &format!("/endpoint?id={LLAMA}"), &headers, b"").unwrap();
        assert_eq!(name(&asked) == json!("renamed"), heeds, "{read_cache:?}");
        server.advance(60 * SECOND);
        assert_eq!(name(&load(&server, LLAMA)), json!("renamed"));
    }
}

#[test]
fn environment_values_are_hidden_in_each_way_and_stay_stored() {
    let token = |env_values| {
        let server = start(Quirks {
            env_values,
            ..Quirks::default()
        });
        let stored = server.endpoint(LLAMA).unwrap()["envs"][0]["value"].clone();
        assert_eq!(stored, "hf_demo_not_a_real_token");
        let shown = load(&server, LLAMA).json()["endpoint"]["envs"][0].clone();
        shown
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(token(EnvValues::Shown), "hf_demo_not_a_real_token");
    assert_eq!(token(EnvValues::Instead("<redacted>")), "<redacted>");
    assert_eq!(token(EnvValues::Instead("")), "");
    assert_eq!(token(EnvValues::Middle), "hf_****ken");
    assert_eq!(token(EnvValues::Bullets), "•".repeat(24));
}

#[test]
fn an_endpoint_may_be_deleted_and_refused_with_any_status_and_shown_as_the_v2_api_does() {
    let server = start(Quirks {
        gone_status: Some(410),
        ..Quirks::default()
    });
    assert!(server.delete(LLAMA));
    let (status, reason, _) = load(&server, LLAMA).refusal();
    assert_eq!((status, &*reason), (410, "SERVERLESS_ENDPOINT_NOT_FOUND"));
    assert_eq!(crate::update(&server, &crate::body()).status, 410);
    let record = read(
        Quirks {
            v2_records: true,
            ..Quirks::default()
        },
        LLAMA,
    );
    assert_eq!((&record["min_replicas"], &record["ports"]), (&json!(1), &json!([8000])));
    assert!(record["image"].is_string() && record.get("workerConfig").is_none());
}
