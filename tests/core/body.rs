//! The exact update body: every byte that is reviewed and sent.

use novita_edit::api::wire;
use novita_edit::endpoint::body::{masked, text};
use novita_edit::endpoint::{EndpointConfig, EnvVar, Number, PolicyType, VolumeMount, VolumeType};
use novita_edit::secret::MASK;
use serde_json::Value;

fn full() -> EndpointConfig {
    let mut config = EndpointConfig {
        id: "ep_1".into(),
        name: "llama".into(),
        cluster_id: "us-dallas-nas-2".into(),
        port: "8000".into(),
        health_path: "/health".into(),
        ..EndpointConfig::default()
    };
    config.workers.min_num = Number::of(1);
    config.workers.max_num = Number::of(5);
    config.workers.free_timeout = Number::of(300);
    config.workers.max_concurrent = Number::of(8);
    config.workers.gpu_num = Number::of(2);
    config.workers.request_timeout = Number::of(600);
    config.policy.kind = PolicyType::Queue;
    config.policy.value = Number::of(60);
    config.image.image = "vllm/vllm-openai:v0.6.3".into();
    config.image.auth_id = "auth_1".into();
    config.image.command = "--model \"a b\"".into();
    config.volumes = vec![
        VolumeMount {
            kind: VolumeType::Local,
            size: Number::of(30),
            storage_id: "left over".into(),
            mount_path: "/data".into(),
        },
        VolumeMount {
            kind: VolumeType::Network,
            size: Number::of(99),
            storage_id: "stor_9".into(),
            mount_path: "/models".into(),
        },
    ];
    config.envs = vec![EnvVar::new("HF_TOKEN", "hf_secret"), EnvVar::new("EMPTY", "")].into();
    config
}

#[test]
fn a_full_configuration_is_written_key_by_key() {
    let wanted = r#"{
  "id": "ep_1",
  "name": "llama",
  "clusterID": "us-dallas-nas-2",
  "workerConfig": {
    "minNum": 1,
    "maxNum": 5,
    "freeTimeout": 300,
    "maxConcurrent": 8,
    "gpuNum": 2,
    "requestTimeout": 600
  },
  "ports": [
    {
      "port": "8000"
    }
  ],
  "policy": {
    "type": "queue",
    "value": 60
  },
  "image": {
    "image": "vllm/vllm-openai:v0.6.3",
    "authId": "auth_1",
    "command": "--model \"a b\""
  },
  "volumeMounts": [
    {
      "type": "local",
      "size": 30,
      "mountPath": "/data"
    },
    {
      "type": "network",
      "id": "stor_9",
      "mountPath": "/models"
    }
  ],
  "envs": [
    {
      "key": "HF_TOKEN",
      "value": "hf_secret"
    },
    {
      "key": "EMPTY",
      "value": ""
    }
  ],
  "healthy": {
    "path": "/health"
  }
}"#;
    assert_eq!(text(&full()), wanted);
}

#[test]
fn what_is_empty_is_written_all_the_same_but_for_the_health_check() {
    let mut config = full();
    config.name.clear();
    config.cluster_id.clear();
    config.image.auth_id.clear();
    config.image.command.clear();
    config.volumes.clear();
    config.envs.clear();
    config.health_path.clear();
    config.workers.min_num = Number::of(0);
    config.policy.kind = PolicyType::Concurrency;
    let wanted = r#"{
  "id": "ep_1",
  "name": "",
  "clusterID": "",
  "workerConfig": {
    "minNum": 0,
    "maxNum": 5,
    "freeTimeout": 300,
    "maxConcurrent": 8,
    "gpuNum": 2,
    "requestTimeout": 600
  },
  "ports": [
    {
      "port": "8000"
    }
  ],
  "policy": {
    "type": "concurrency",
    "value": 60
  },
  "image": {
    "image": "vllm/vllm-openai:v0.6.3",
    "authId": "",
    "command": ""
  },
  "volumeMounts": [],
  "envs": []
}"#;
    assert_eq!(text(&config), wanted);
}

#[test]
fn a_configuration_of_nothing_at_all_can_still_be_shown() {
    let body: Value = serde_json::from_str(&text(&EndpointConfig::default())).unwrap();
    assert_eq!(body["workerConfig"]["maxNum"], Value::Null);
    assert_eq!(body["policy"]["type"], "");
    assert_eq!(body["ports"][0]["port"], "");
    assert_eq!(body["envs"], Value::Array(vec![]));
    assert_eq!(body.get("healthy"), None);
}

/// The keys in the order of the "update body" table of `shared/api.md`.
#[test]
fn the_keys_have_the_order_of_the_documented_table() {
    let body: Value = serde_json::from_str(&text(&full())).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        keys(&body),
        [
            "id",
            "name",
            "clusterID",
            "workerConfig",
            "ports",
            "policy",
            "image",
            "volumeMounts",
            "envs",
            "healthy"
        ]
    );
    assert_eq!(
        keys(&body["workerConfig"]),
        [
            "minNum",
            "maxNum",
            "freeTimeout",
            "maxConcurrent",
            "gpuNum",
            "requestTimeout"
        ]
    );
    assert_eq!(keys(&body["image"]), ["image", "authId", "command"]);
    assert_eq!(keys(&body["volumeMounts"][0]), ["type", "size", "mountPath"]);
    assert_eq!(keys(&body["volumeMounts"][1]), ["type", "id", "mountPath"]);
}

#[test]
fn integers_are_integers_however_they_were_typed_and_the_port_is_a_string() {
    let mut config = full();
    config.workers.max_num = Number::typed(" 007 ");
    config.workers.free_timeout = Number::of(i64::MAX);
    config.workers.gpu_num = Number::typed("+3");
    let body: Value = serde_json::from_str(&text(&config)).unwrap();
    assert_eq!(body["workerConfig"]["maxNum"], 7);
    assert_eq!(body["workerConfig"]["freeTimeout"], i64::MAX);
    assert_eq!(body["workerConfig"]["gpuNum"], 3);
    assert_eq!(body["ports"][0]["port"], "8000");
    assert!(text(&config).contains("\"maxNum\": 7,"));
}

#[test]
fn a_number_that_is_none_is_shown_as_its_text_and_an_unknown_one_as_null() {
    let mut config = full();
    config.workers.max_num = Number::typed("five");
    config.workers.request_timeout = Number::unknown();
    let body = text(&config);
    assert!(body.contains("\"maxNum\": \"five\""), "{body}");
    assert!(body.contains("\"requestTimeout\": null"), "{body}");
}

#[test]
fn several_loaded_ports_are_all_shown() {
    let mut config = full();
    config.port = "8000, 9000".into();
    let body: Value = serde_json::from_str(&text(&config)).unwrap();
    assert_eq!(body["ports"][0]["port"], "8000");
    assert_eq!(body["ports"][1]["port"], "9000");
}

#[test]
fn a_volume_of_an_unknown_type_shows_all_that_it_has() {
    let mut config = full();
    config.volumes[1].kind = VolumeType::Other("nvme".into());
    let body: Value = serde_json::from_str(&text(&config)).unwrap();
    assert_eq!(body["volumeMounts"][1]["type"], "nvme");
    assert_eq!(body["volumeMounts"][1]["size"], 99);
    assert_eq!(body["volumeMounts"][1]["id"], "stor_9");
}

#[test]
fn what_cannot_be_seen_is_written_as_an_escape() {
    let cases = [
        ("\u{202e}", r"\u202e"),
        ("\u{200b}", r"\u200b"),
        ("\u{a0}", r"\u00a0"),
        ("\u{feff}", r"\ufeff"),
        ("\u{7f}", r"\u007f"),
        ("\u{85}", r"\u0085"),
        ("\u{1b}", r"\u001b"),
        ("\u{e0041}", r"\udb40\udc41"),
        ("\u{1d173}", r"\ud834\udd73"),
        ("\n", r"\n"),
        ("\t", r"\t"),
        ("\"", "\\\""),
        ("\\", r"\\"),
        ("🚀", "🚀"),
        ("e\u{301}", "e\u{301}"),
        ("中", "中"),
    ];
    for (raw, written) in cases {
        let mut config = full();
        config.image.command = format!("a{raw}b");
        config.envs[0] = EnvVar::new(format!("K{raw}"), format!("{raw}{raw}"));
        let body = text(&config);
        assert!(body.contains(&format!("\"command\": \"a{written}b\"")), "{body}");
        assert!(body.contains(&format!("\"value\": \"{written}{written}\"")), "{body}");
        let read: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(read["image"]["command"], format!("a{raw}b"), "{written}");
        assert_eq!(read["envs"][0]["key"], format!("K{raw}"), "{written}");
    }
}

#[test]
fn no_character_of_the_body_but_its_line_breaks_is_invisible() {
    let mut config = full();
    let all: String = (0..=0x10_ffff_u32).step_by(7).filter_map(char::from_u32).collect();
    config.image.command = all.clone();
    let body = text(&config);
    let hidden = body.chars().find(|c| *c != '\n' && novita_edit::text::is_invisible(*c));
    assert_eq!(hidden, None);
    let read: Value = serde_json::from_str(&body).unwrap();
    assert!(read["image"]["command"] == all);
}

#[test]
fn the_masked_body_has_the_same_lines_and_no_value() {
    let mut config = full();
    config.envs = vec![
        EnvVar::new("A", "s3cret-one"),
        EnvVar::new("B", ""),
        EnvVar::new("C", "two\nlines s3cret-two"),
    ]
    .into();
    let (exact, hidden) = (text(&config), masked(&config));
    assert_eq!(exact.lines().count(), hidden.lines().count());
    for (exact, hidden) in exact.lines().zip(hidden.lines()) {
        if exact.trim_start().starts_with("\"value\": ") && exact.contains('"') && hidden.contains(MASK) {
            assert_eq!(hidden, format!("      \"value\": \"{MASK}\""), "one width for all");
        } else {
            assert_eq!(exact, hidden);
        }
    }
    assert!(!hidden.contains("s3cret"), "{hidden}");
    assert_eq!(
        hidden.matches(MASK).count(),
        3,
        "an empty value is masked like any other"
    );
}

#[test]
fn every_demo_endpoint_is_written_as_it_was_read() {
    let demos = [
        include_str!("../../assets/demo/llama-3-8b.json"),
        include_str!("../../assets/demo/comfy-render.json"),
        include_str!("../../assets/demo/whisper-large-v3.json"),
    ];
    for demo in demos {
        let seed: Value = serde_json::from_str(demo).unwrap();
        let loaded = wire::endpoint(demo.as_bytes(), seed["id"].as_str().unwrap()).unwrap();
        let body: Value = serde_json::from_str(&text(&loaded.config)).unwrap();
        for key in ["id", "name", "clusterID", "ports", "policy", "image", "envs"] {
            assert_eq!(body[key], seed[key], "{key} of {}", seed["id"]);
        }
        for key in body["workerConfig"].as_object().unwrap().keys() {
            assert_eq!(body["workerConfig"][key], seed["workerConfig"][key], "{key}");
        }
        assert_eq!(body["healthy"]["path"], seed["healthy"]["path"]);
        assert_eq!(body["volumeMounts"], seed["volumeMounts"]);
    }
}
