//! Every rule of the update body, at both ends and one past (api.md, "The update body").

use novita_edit::demo::{Call, Fault, MISSING_IMAGE, MOST_BODY, Quirks, UpdateAnswer, When, give_newer_settings};
use serde_json::{Value, json};

use crate::http::{post, send};
use crate::{FAILED, LLAMA, body, body_with, body_without, plain, start, update};

fn assert_accepted(body: &Value) -> Value {
    let server = plain();
    let answer = update(&server, body);
    assert_eq!(answer.status, 200, "{body} -> {:?}", answer.refusal());
    server.endpoint(LLAMA).unwrap()
}

/// The update is refused with that reason and a message that names the field, and nothing was stored.
fn assert_refused(body: &Value, reason: &str, field: &str) {
    let server = plain();
    let before = server.endpoint(LLAMA).unwrap();
    let (status, given, message) = update(&server, body).refusal();
    assert_eq!((status, given.as_str()), (400, reason), "{message}");
    assert!(message.contains(field), "{message:?} doesn't name {field}");
    assert_eq!(server.endpoint(LLAMA).unwrap(), before);
}

#[test]
fn a_whole_body_is_stored_as_it_was_sent() {
    let stored = assert_accepted(&body());
    let sent = body();
    for key in ["name", "clusterID", "ports", "policy", "image", "volumeMounts", "envs"] {
        assert_eq!(stored[key], sent[key], "{key}");
    }
    for (key, number) in sent["workerConfig"].as_object().unwrap() {
        assert_eq!(stored["workerConfig"][key], *number, "{key}");
    }
    assert_eq!(stored["healthy"]["path"], "/health");
}

#[test]
fn what_an_update_cant_set_stays() {
    let mut sent = body();
    sent["rootfsSize"] = 5.into();
    sent["state"] = json!({"state": "stopped"});
    sent["workerConfig"]["cudaVersion"] = "11.0".into();
    sent["healthy"]["period"] = 99.into();
    sent["unheardOf"] = json!([{}]);
    let stored = assert_accepted(&sent);
    assert_eq!(stored["rootfsSize"], 100);
    assert_eq!(stored["workerConfig"]["cudaVersion"], "12.4");
    assert_eq!(stored["healthy"]["period"], 10);
    assert_eq!(stored["state"]["state"], "updating");
    assert!(stored.get("unheardOf").is_none());
}

#[test]
fn what_is_left_out_is_lost() {
    let server = plain();
    let stored = server.endpoint(LLAMA).unwrap();
    assert_eq!(stored["envs"].as_array().unwrap().len(), 12);
    let mut sent = body();
    for key in ["name", "envs", "volumeMounts", "clusterID", "healthy"] {
        sent.as_object_mut().unwrap().shift_remove(key);
    }
    sent["image"].as_object_mut().unwrap().shift_remove("command");
    sent["workerConfig"].as_object_mut().unwrap().shift_remove("minNum");
    assert_eq!(update(&server, &sent).status, 200);

    let stored = server.endpoint(LLAMA).unwrap();
    assert_eq!(stored["name"], "");
    assert_eq!(stored["clusterID"], "");
    assert_eq!(stored["envs"], json!([]));
    assert_eq!(stored["volumeMounts"], json!([]));
    assert_eq!(stored["image"]["command"], "");
    assert_eq!(stored["workerConfig"]["minNum"], 0);
    assert!(stored.get("healthy").is_none());
}

#[test]
fn each_number_is_held_to_the_accounts_range() {
    for (pointer, min, max) in [
        ("/workerConfig/minNum", 0, 10),
        ("/workerConfig/maxNum", 0, 10),
        ("/workerConfig/freeTimeout", 60, 3600),
        ("/workerConfig/maxConcurrent", 1, 500),
        ("/workerConfig/gpuNum", 1, 8),
        ("/workerConfig/requestTimeout", 1, 3600),
        ("/policy/value", 1, 600),
    ] {
        for number in [min, max] {
            let stored = assert_accepted(&body_with(pointer, number.into()));
            assert_eq!(stored.pointer(pointer), Some(&number.into()), "{pointer}");
        }
        let field = pointer[1..].replace('/', ".");
        for number in [min - 1, max + 1, i64::MAX, i64::MIN] {
            assert_refused(&body_with(pointer, number.into()), "VALIDATOR_PARAM", &field);
        }
    }
}

#[test]
fn a_policy_by_concurrency_has_a_range_of_its_own() {
    let by_requests = |value: i64| body_with("/policy", json!({"type": "concurrency", "value": value}));
    assert_accepted(&by_requests(1));
    assert_accepted(&by_requests(100));
    assert_refused(&by_requests(0), "VALIDATOR_PARAM", "policy.value");
    assert_refused(&by_requests(101), "VALIDATOR_PARAM", "policy.value");
}

#[test]
fn the_policy_type_is_one_of_two_words() {
    for word in ["", "Queue", "latency"] {
        assert_refused(
            &body_with("/policy/type", word.into()),
            "VALIDATOR_PARAM",
            "policy.type",
        );
    }
    assert_refused(&body_without("/policy/type"), "VALIDATOR_PARAM", "policy.type");
}

#[test]
fn a_range_that_the_account_doesnt_have_isnt_enforced() {
    for limits in [
        json!({}),
        json!({"minGPUNum": 1}),
        json!({"minGPUNum": 0, "maxGPUNum": 0}),
        json!({"minGPUNum": 9, "maxGPUNum": 8}),
    ] {
        let server = plain();
        server.set_limits(limits);
        assert_eq!(
            update(&server, &body_with("/workerConfig/gpuNum", 99.into())).status,
            200
        );
    }
    let server = plain();
    server.set_limits(json!({"maxGPUNum": 2}));
    assert_eq!(
        update(&server, &body_with("/workerConfig/gpuNum", 0.into())).status,
        200
    );
    assert_eq!(
        update(&server, &body_with("/workerConfig/gpuNum", 3.into())).status,
        400
    );
}

#[test]
fn a_minimum_above_the_maximum_is_accepted_for_want_of_a_document_against_it() {
    let stored = assert_accepted(&body_with("/workerConfig/minNum", 6.into()));
    assert_eq!(stored["workerConfig"]["minNum"], 6);
    assert_eq!(stored["workerConfig"]["maxNum"], 5);
}

#[test]
fn an_integer_must_be_a_json_integer() {
    let integers = [
        "/workerConfig/minNum",
        "/workerConfig/maxNum",
        "/workerConfig/freeTimeout",
        "/workerConfig/maxConcurrent",
        "/workerConfig/gpuNum",
        "/workerConfig/requestTimeout",
        "/policy/value",
    ];
    for pointer in integers {
        let field = pointer[1..].replace('/', ".");
        for value in [json!("60"), json!(60.0), json!(true), json!([60]), json!(u64::MAX)] {
            assert_refused(&body_with(pointer, value), "INVALID_REQUEST_BODY", &field);
        }
    }
    let size = body_with("/volumeMounts/0/size", "30".into());
    assert_refused(&size, "INVALID_REQUEST_BODY", "volumeMounts[0].size");
}

#[test]
fn a_string_must_be_a_json_string() {
    for (pointer, field) in [
        ("/id", "id"),
        ("/name", "name"),
        ("/clusterID", "clusterID"),
        ("/ports/0/port", "ports[0].port"),
        ("/policy/type", "policy.type"),
        ("/image/image", "image.image"),
        ("/image/authId", "image.authId"),
        ("/image/command", "image.command"),
        ("/volumeMounts/0/type", "volumeMounts[0].type"),
        ("/volumeMounts/1/id", "volumeMounts[1].id"),
        ("/volumeMounts/0/mountPath", "volumeMounts[0].mountPath"),
        ("/envs/1/key", "envs[1].key"),
        ("/envs/1/value", "envs[1].value"),
        ("/healthy/path", "healthy.path"),
    ] {
        assert_refused(&body_with(pointer, 8000.into()), "INVALID_REQUEST_BODY", field);
    }
}

#[test]
fn objects_and_lists_must_be_such() {
    for (pointer, field) in [
        ("/workerConfig", "workerConfig"),
        ("/policy", "policy"),
        ("/image", "image"),
        ("/healthy", "healthy"),
        ("/ports", "ports"),
        ("/volumeMounts", "volumeMounts"),
        ("/envs", "envs"),
        ("/envs/1", "envs[1]"),
    ] {
        assert_refused(&body_with(pointer, "text".into()), "INVALID_REQUEST_BODY", field);
    }
}

#[test]
fn what_is_required_may_be_neither_missing_nor_null_nor_empty() {
    for (pointer, field) in [
        ("/id", "id"),
        ("/workerConfig", "workerConfig"),
        ("/ports", "ports"),
        ("/policy", "policy"),
        ("/image", "image"),
        ("/image/image", "image.image"),
        ("/volumeMounts/0/type", "volumeMounts[0].type"),
        ("/volumeMounts/0/size", "volumeMounts[0].size"),
        ("/volumeMounts/0/mountPath", "volumeMounts[0].mountPath"),
        ("/volumeMounts/1/id", "volumeMounts[1].id"),
        ("/ports/0/port", "ports[0].port"),
        ("/envs/0/key", "envs[0].key"),
        ("/healthy/path", "healthy.path"),
        ("/workerConfig/freeTimeout", "workerConfig.freeTimeout"),
        ("/workerConfig/maxConcurrent", "workerConfig.maxConcurrent"),
        ("/workerConfig/gpuNum", "workerConfig.gpuNum"),
        ("/workerConfig/requestTimeout", "workerConfig.requestTimeout"),
        ("/policy/value", "policy.value"),
    ] {
        assert_refused(&body_without(pointer), "VALIDATOR_PARAM", field);
        assert_refused(&body_with(pointer, Value::Null), "VALIDATOR_PARAM", field);
        if body().pointer(pointer).unwrap().is_string() {
            assert_refused(&body_with(pointer, "".into()), "VALIDATOR_PARAM", field);
        }
    }
}

#[test]
fn lengths_count_characters_and_not_bytes() {
    for (pointer, field, most) in [
        ("/image/image", "image.image", 511),
        ("/image/command", "image.command", 2047),
        ("/volumeMounts/0/mountPath", "volumeMounts[0].mountPath", 255),
    ] {
        assert_accepted(&body_with(pointer, "👋".repeat(most).into()));
        assert_refused(
            &body_with(pointer, "👋".repeat(most + 1).into()),
            "VALIDATOR_PARAM",
            field,
        );
    }
    assert_accepted(&body_with("/image/command", "".into()));
    assert_accepted(&body_with("/image/image", "x".into()));

    // Cluster and credential are looked up too, so a fitting one of full length fails later, by another rule.
    let long = "é".repeat(255);
    let mut unmounted = body_with("/clusterID", long.clone().into());
    unmounted["volumeMounts"] = json!([]);
    assert_accepted(&unmounted);
    unmounted["clusterID"] = "é".repeat(256).into();
    assert_refused(&unmounted, "VALIDATOR_PARAM", "clusterID");
    assert_refused(
        &body_with("/image/authId", long.into()),
        "VALIDATOR_PARAM",
        "no image credential",
    );
    assert_refused(
        &body_with("/image/authId", "é".repeat(256).into()),
        "VALIDATOR_PARAM",
        "at most 255",
    );
}

#[test]
fn a_name_has_no_documented_limit() {
    assert_accepted(&body_with("/name", "n".repeat(300).into()));
    assert_accepted(&body_with("/name", "".into()));
}

#[test]
fn the_port_is_one_string_from_1_to_65535_without_2222_to_2224() {
    for port in ["1", "2221", "2225", "65535"] {
        assert_accepted(&body_with("/ports/0/port", port.into()));
    }
    for port in [
        "0",
        "65536",
        "2222",
        "2223",
        "2224",
        "-1",
        "+80",
        "80a",
        " 80",
        "99999999999",
    ] {
        assert_refused(
            &body_with("/ports/0/port", port.into()),
            "VALIDATOR_PARAM",
            "ports[0].port",
        );
    }
    assert_refused(&body_with("/ports", json!([])), "VALIDATOR_PARAM", "ports");
    let two = json!([{"port": "80"}, {"port": "81"}]);
    assert_refused(&body_with("/ports", two), "VALIDATOR_PARAM", "ports");
}

#[test]
fn a_local_volume_has_the_accounts_size_or_else_30() {
    for size in [29, 31, 0] {
        let sent = body_with("/volumeMounts/0/size", size.into());
        assert_refused(&sent, "VALIDATOR_PARAM", "volumeMounts[0].size");
    }
    let server = plain();
    server.set_limits(json!({}));
    assert_eq!(update(&server, &body()).status, 200);
    assert_eq!(
        update(&server, &body_with("/volumeMounts/0/size", 31.into())).status,
        400
    );
    server.set_limits(json!({"minLocalVolumeSize": 10, "maxLocalVolumeSize": 50}));
    assert_eq!(
        update(&server, &body_with("/volumeMounts/0/size", 50.into())).status,
        200
    );
}

#[test]
fn a_volume_type_is_local_or_network() {
    let sent = body_with("/volumeMounts/0/type", "nfs".into());
    assert_refused(&sent, "VALIDATOR_PARAM", "volumeMounts[0].type");
}

#[test]
fn a_network_volume_must_exist_in_the_endpoints_cluster() {
    let unknown = body_with("/volumeMounts/1/id", "stor_none".into());
    assert_refused(&unknown, "NETWORK_STORAGE_NOT_FOUND", "stor_none");
    let elsewhere = body_with("/clusterID", "eu-frankfurt-nas-1".into());
    assert_refused(&elsewhere, "CUR_CLUSTER_NETWORK_STORAGE_NOT_SUPPORT", "clusterID");
    assert_refused(&body_with("/clusterID", "".into()), "VALIDATOR_PARAM", "clusterID");
    let local_only = json!([{"type": "local", "size": 30, "mountPath": "/data"}]);
    let mut sent = body_with("/volumeMounts", local_only);
    sent["clusterID"] = "".into();
    assert_accepted(&sent);
}

#[test]
fn the_other_volume_types_keys_are_forgotten() {
    let mut sent = body_with("/volumeMounts/0/id", "stor_9".into());
    sent["volumeMounts"][1]["size"] = 30.into();
    assert_eq!(assert_accepted(&sent)["volumeMounts"], body()["volumeMounts"]);
}

#[test]
fn an_image_credential_must_be_known_and_the_image_there() {
    assert_accepted(&body_with("/image/authId", "auth_2b7d".into()));
    assert_refused(
        &body_with("/image/authId", "auth_none".into()),
        "VALIDATOR_PARAM",
        "image.authId",
    );
    let missing = format!("docker.io/{MISSING_IMAGE}:1");
    assert_refused(
        &body_with("/image/image", missing.into()),
        "IMAGE_NOT_FOUND",
        "image.image",
    );
}

#[test]
fn a_new_health_check_gets_probe_timings() {
    let server = plain();
    let mut sent = body_with("/id", FAILED.into());
    sent["healthy"]["path"] = "/up".into();
    assert_eq!(update(&server, &sent).status, 200);
    let healthy = server.endpoint(FAILED).unwrap()["healthy"].clone();
    assert_eq!(healthy["path"], "/up");
    assert_eq!(healthy["failureThreshold"], 3);
}

#[test]
fn an_unknown_endpoint_is_a_400() {
    assert_refused(
        &body_with("/id", "ep_none".into()),
        "SERVERLESS_ENDPOINT_NOT_FOUND",
        "ep_none",
    );
}

#[test]
fn a_body_that_is_no_json_object_is_refused() {
    let server = plain();
    for bytes in ["", "{", "[]", "null", "\"text\"", "{\"id\": \"x\",}"] {
        let (status, reason, _) = post(&server, "/endpoint/update", bytes.as_bytes()).unwrap().refusal();
        assert_eq!((status, reason.as_str()), (400, "INVALID_REQUEST_BODY"), "{bytes:?}");
    }
    let not_utf8 = post(&server, "/endpoint/update", b"{\"id\": \"\xff\"}").unwrap();
    assert_eq!(not_utf8.refusal().1, "INVALID_REQUEST_BODY");
}

#[test]
fn a_body_must_be_announced_as_json() {
    let server = plain();
    let sent = body().to_string();
    for headers in [
        vec![("Authorization", "Bearer k")],
        vec![("Authorization", "Bearer k"), ("Content-Type", "text/plain")],
    ] {
        let answer = send(&server, "POST", "/endpoint/update", &headers, sent.as_bytes()).unwrap();
        assert_eq!(answer.refusal().1, "INVALID_REQUEST_BODY");
    }
    let headers = [
        ("Authorization", "Bearer k"),
        ("Content-Type", "Application/JSON; charset=utf-8"),
    ];
    let answer = send(&server, "POST", "/endpoint/update", &headers, sent.as_bytes()).unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn a_body_of_several_megabytes_is_taken_and_a_longer_one_refused() {
    let server = plain();
    let long = body_with("/envs/0/value", "v".repeat(MOST_BODY / 2).into());
    assert_eq!(update(&server, &long).status, 200);
    let too_long = body_with("/envs/0/value", "v".repeat(MOST_BODY).into());
    assert_eq!(update(&server, &too_long).status, 413);
    assert!(server.requests()[1].body.is_empty());
}

#[test]
fn an_acceptance_may_look_like_anything_of_the_2xx() {
    for (quirk, status, starts) in [
        (UpdateAnswer::EmptyObject, 200, "{}"),
        (UpdateAnswer::Id, 200, r#"{"id":"ep_7f3a91c2"}"#),
        (UpdateAnswer::Nothing, 200, ""),
        (UpdateAnswer::NoContent, 204, ""),
        (UpdateAnswer::Endpoint, 202, r#"{"endpoint":{"id":"ep_7f3a91c2""#),
    ] {
        let server = start(Quirks {
            update_answer: quirk,
            ..Quirks::default()
        });
        let answer = update(&server, &body());
        assert_eq!(answer.status, status);
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.starts_with(starts), "{text}");
        assert_eq!(text.is_empty(), starts.is_empty());
    }
}

#[test]
fn undocumented_settings_stay_unless_full_is_taken_at_its_word() {
    let server = plain();
    assert!(server.edit(LLAMA, give_newer_settings));
    let newer = server.endpoint(LLAMA).unwrap();
    assert_eq!(crate::update(&server, &newer).status, 200);
    let after = server.endpoint(LLAMA).unwrap();
    for key in [
        "type",
        "entrypoint",
        "queueConfig",
        "image",
        "policy",
        "healthy",
        "workerConfig",
    ] {
        assert_eq!(after[key], newer[key], "{key}");
    }
    server.edit(LLAMA, |endpoint| endpoint["healthy"]["period"] = 99.into());
    server
        .faults()
        .add(Call::Update, When::next(1), Fault::reset_settings());
    assert_eq!(crate::update(&server, &newer).status, 200);
    let after = server.endpoint(LLAMA).unwrap();
    for pointer in [
        "/type",
        "/entrypoint",
        "/queueConfig",
        "/registry",
        "/image/pullPolicy",
        "/policy/cooldown",
        "/healthy/port",
        "/workerConfig/spotRatio",
    ] {
        assert_eq!(after.pointer(pointer), None, "{pointer}");
    }
    assert_eq!(
        (&after["healthy"]["period"], &after["workerConfig"]["cudaVersion"]),
        (&json!(10), &json!("12.4"))
    );
    assert_eq!(
        (&after["envs"], &after["rootfsSize"]),
        (&newer["envs"], &newer["rootfsSize"])
    );
}
