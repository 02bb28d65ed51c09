//! For every documented configuration and every quirk: what was written is what is read. For every sequence of bytes:
//! no panic.

use novita_edit::api::wire;
use novita_edit::endpoint::{
    EndpointConfig, EnvVar, ImageConfig, Number, Policy, PolicyType, VolumeMount, VolumeType, WorkerConfig,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::render::{Dice, answer};

fn workers() -> impl Strategy<Value = WorkerConfig> {
    let count = || prop_oneof![0..20_i64, 0..=i64::MAX];
    (count(), count(), count(), count(), count(), count()).prop_map(|(min, max, free, concurrent, gpus, timeout)| {
        WorkerConfig {
            min_num: Number::of(min),
            max_num: Number::of(max),
            free_timeout: Number::of(free),
            max_concurrent: Number::of(concurrent),
            gpu_num: Number::of(gpus),
            request_timeout: Number::of(timeout),
        }
    })
}

fn volume() -> impl Strategy<Value = VolumeMount> {
    ("/\\PC{0,40}", any::<bool>(), 0..100_i64, "[a-z0-9_]{1,20}").prop_map(|(mount_path, local, size, id)| {
        VolumeMount {
            kind: if local { VolumeType::Local } else { VolumeType::Network },
            size: if local { Number::of(size) } else { Number::unknown() },
            storage_id: if local { String::new() } else { id },
            mount_path,
        }
    })
}

prop_compose! {
    fn config()(
        id in "[a-z0-9_-]{1,20}",
        name in ".{0,40}",
        cluster_id in "[a-z0-9-]{0,20}",
        workers in workers(),
        port in 1..=65535_u16,
        queue in any::<bool>(),
        value in 0..=3600_i64,
        image in "\\PC{1,60}",
        auth_id in "[a-z0-9]{0,10}",
        command in "(?s).{0,80}",
        volumes in vec(volume(), 0..4),
        envs in vec((".{1,20}", "(?s).{0,40}"), 0..6),
        health_path in prop_oneof![Just(String::new()), "/[a-z/]{0,20}"],
    ) -> EndpointConfig {
        EndpointConfig {
            id,
            name,
            cluster_id,
            workers,
            port: port.to_string(),
            policy: Policy {
                kind: if queue { PolicyType::Queue } else { PolicyType::Concurrency },
                value: Number::of(value),
            },
            image: ImageConfig { image, auth_id, command },
            volumes,
            envs: envs.into_iter().map(|(key, value)| EnvVar::new(key, value)).collect(),
            health_path,
        }
    }
}

fn read_everything(body: &[u8]) {
    let _ = wire::endpoint(body, "ep_1");
    let _ = wire::limits(body);
    let _ = wire::endpoint_page(body);
    let _ = wire::storage_page(body);
    let _ = wire::auths(body);
    let _ = wire::clusters(body);
}

proptest! {
    #[test]
    fn every_documented_configuration_reads_back_in_every_quirk(config in config(), seed: u64) {
        let (body, expected) = answer(&config, &mut Dice::new(seed));
        let read = wire::endpoint(&body, &config.id);
        prop_assert_eq!(read.as_ref().map(|loaded| &loaded.config), Ok(&expected), "{}", String::from_utf8_lossy(&body));
        prop_assert_eq!(read.map(|loaded| loaded.has_health_check), Ok(!config.health_path.is_empty()));
    }

    #[test]
    fn no_bytes_panic(body: Vec<u8>) {
        read_everything(&body);
    }

    #[test]
    fn no_text_of_json_pieces_panics(pieces in vec(prop::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "d800", "null", "true", "-", "0", "1e400", "\"id\"", "\"ep_1\"",
        "\"endpoint\"", "\"workerConfig\"", "\"image\"", "\"envs\"", "\"data\"", "\"total\"", "<title>", "é", "\u{feff}",
    ]), 0..40)) {
        read_everything(pieces.concat().as_bytes());
    }

    #[test]
    fn no_damaged_answer_panics(config in config(), seed: u64, damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let (mut body, _) = answer(&config, &mut Dice::new(seed));
        for (at, byte) in damage {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let _ = wire::endpoint(&body, &config.id);
        read_everything(&body);
    }

    #[test]
    fn an_answer_cut_anywhere_is_never_an_endpoint(config in config(), seed: u64, at: prop::sample::Index) {
        let (body, _) = answer(&config, &mut Dice::new(seed));
        prop_assert!(wire::endpoint(&body[..at.index(body.len())], &config.id).is_err());
    }

    #[test]
    fn no_error_shows_an_environment_value(secret in "[A-Z]{12}", wrong in 0..4_usize) {
        let shapes = [
            format!(r#"{{"KEY":"{secret}"}}"#),
            format!(r#"["KEY={secret}"]"#),
            format!(r#"[{{"key":"KEY","value":["{secret}"]}}]"#),
            format!(r#""{secret}""#),
        ];
        let body = format!(r#"{{"id":"ep_1","workerConfig":{{}},"image":{{}},"envs":{}}}"#, shapes[wrong]);
        let error = wire::endpoint(body.as_bytes(), "ep_1").unwrap_err();
        prop_assert!(error.path().is_some_and(|path| path.starts_with("envs")));
        prop_assert!(!format!("{error} {error:?}").contains(&secret), "{error:?}");
    }
}
