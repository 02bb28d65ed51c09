//! Limits, pages, storages, credentials, clusters.

use novita_edit::api::Unreadable;
use novita_edit::api::wire::{ListPage, auths, clusters, endpoint_page, limits, storage_page};
use novita_edit::endpoint::schema::range_keys;
use novita_edit::endpoint::{Credential, EndpointConfig, FieldId, Limits, NoRange, Storage, Summary};

fn read_limits(body: &str) -> Limits {
    limits(body.as_bytes()).unwrap()
}

#[test]
fn every_pair_of_limits_is_read_from_its_own_two_keys() {
    for (n, key) in (0_i64..).zip(range_keys()) {
        let (min, max) = (key.min, key.max);
        let limits = read_limits(&format!(
            r#"{{"{min}": {n}, "{max}": "{}", "cudaVersionList": ["12.4"]}}"#,
            n + 10
        ));
        for other in range_keys() {
            let expected = if other == key {
                Ok((n, n + 10))
            } else {
                Err(NoRange::NoMaximum)
            };
            assert_eq!(limits.range(other), &expected, "{key:?} {other:?}");
        }
    }
}

#[test]
fn a_pair_that_gives_no_range_says_why_and_leaves_the_others() {
    for (pair, expected) in [
        (r#""maxWorkerNum": 10"#, Ok((0, 10))),
        (r#""minWorkerNum": null, "maxWorkerNum": 10.0"#, Ok((0, 10))),
        (r#""minWorkerNum": 1"#, Err(NoRange::NoMaximum)),
        (r#""minWorkerNum": 0, "maxWorkerNum": "0""#, Err(NoRange::Zero)),
        (r#""minWorkerNum": 9, "maxWorkerNum": 8"#, Err(NoRange::Inverted(9, 8))),
        (
            r#""minWorkerNum": 1, "maxWorkerNum": "many""#,
            Err(NoRange::Unreadable("many".into())),
        ),
        (
            r#""minWorkerNum": 1.5, "maxWorkerNum": 8"#,
            Err(NoRange::Unreadable("1.5".into())),
        ),
        (r#""maxWorkerNum": 1e400"#, Err(NoRange::Unreadable("1e400".into()))),
    ] {
        let limits = read_limits(&format!(r#"{{{pair}, "minGPUNum": "1", "maxGPUNum": 8}}"#));
        let range = |field: FieldId| field.range(&EndpointConfig::default(), &limits).unwrap();
        assert_eq!(range(FieldId::MaxWorkers), &expected, "{pair}");
        assert_eq!(range(FieldId::GpusPerWorker), &Ok((1, 8)), "{pair}");
    }
}

#[test]
fn limits_that_are_none_are_told_apart_from_an_answer_that_is_none() {
    assert!(!read_limits(r#"{"cudaVersionList": ["12.4"]}"#).any_known());
    assert!(read_limits(r#"{"message":"ok","maxGPUNum":8}"#).any_known());
    for (body, sentence) in [
        ("", "The answer is empty."),
        (
            "[]",
            "The answer can't be read: a list stands there, where an object belongs.",
        ),
        (
            r#"{"message":"no"}"#,
            "The answer is no set of limits but a message: no.",
        ),
        (
            "{}",
            "The answer is no set of limits: none of the known limits is in it.",
        ),
        (
            r#"{"limits":{"maxGPUNum":8}}"#,
            "The answer is no set of limits: none of the known limits is in it.",
        ),
        ("<title>x</title>", "The answer is an HTML page titled “x”, not JSON."),
    ] {
        assert_eq!(limits(body.as_bytes()).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn a_line_of_the_list_has_what_the_picker_shows() {
    let body = r#"{"endpoints": [
        {"id": "ep_1", "name": "llama", "state": {"state": "serving"}, "workerConfig": {"maxNum": "5"},
         "image": {"image": "vllm:1"}, "workers": [{"state": {"state": "running"}, "healthy": true}, {"state": {"state": "removed"}}]},
        {"id": "ep_2", "workerConfig": null, "image": "x", "state": 7, "name": 5}
    ], "total": "2"}"#;
    let ListPage { items, total } = endpoint_page(body.as_bytes()).unwrap();
    assert_eq!(total, Some(2));
    let first = &items[0];
    assert_eq!(
        (&*first.name, &*first.state, &*first.image),
        ("llama", "serving", "vllm:1")
    );
    assert_eq!(
        (&*first.min_workers, &*first.max_workers),
        ("0", "5"),
        "a zero that was left out"
    );
    assert_eq!((first.workers.healthy, first.workers.all), (1, 1));
    let second = Summary {
        id: "ep_2".into(),
        name: "5".into(),
        state: "7".into(),
        ..Summary::default()
    };
    assert_eq!(items[1], second);
}

#[test]
fn an_entry_without_an_id_hides_no_other() {
    let body = r#"{"endpoints": [null, 5, {}, {"name": "x"}, {"id": ""}, {"id": "ep_1"}], "total": "x"}"#;
    let page = endpoint_page(body.as_bytes()).unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.total, None);
}

#[test]
fn an_empty_list_may_be_left_out_and_anything_else_is_no_list() {
    for body in [
        "{}",
        r#"{"total":0}"#,
        r#"{"endpoints":null}"#,
        r#"{"endpoints":[],"x":1}"#,
        r#"{"total":"3"}"#,
    ] {
        assert!(endpoint_page(body.as_bytes()).unwrap().items.is_empty(), "{body}");
    }
    for (body, sentence) in [
        ("", "The answer is empty."),
        ("[]", "The answer is no list of endpoints: it is no object."),
        (r#"{"x":1}"#, "The answer is no list of endpoints: it has no endpoints."),
        (
            r#"{"data":[{"id":"ep_1"}],"total":13}"#,
            "The answer is no list of endpoints: it has no endpoints.",
        ),
        (
            r#"{"code":500,"message":"no","total":0}"#,
            "The answer is no list of endpoints but a message: code 500: no.",
        ),
        (
            r#"{"endpoints":[{"id":"ep_1","min_replicas":0,"worker_config":{}}],"total":1}"#,
            "The answer is a record of the v2 API (worker_config, min_replicas), which has other names and can't be edited \
             here; it is no list of endpoints of this one.",
        ),
        (
            r#"{"message":"no"}"#,
            "The answer is no list of endpoints but a message: no.",
        ),
        (
            r#"{"endpoints":{}}"#,
            "endpoints can't be read: something else stands there, where a list belongs.",
        ),
        ("<title>x</title>", "The answer is an HTML page titled “x”, not JSON."),
    ] {
        assert_eq!(endpoint_page(body.as_bytes()).unwrap_err().to_string(), sentence);
    }
    assert_eq!(endpoint_page(br#"{"total":-3}"#).unwrap().total, None);
}

#[test]
fn storages_are_read() {
    let body = r#"{"data": [{"storageId": "s1", "storageName": "hf", "storageSize": "100", "clusterId": "c1",
        "clusterName": "Dallas", "price": "0.1"}, {"storageName": "no id"}], "total": 2}"#;
    let page = storage_page(body.as_bytes()).unwrap();
    let storage = Storage {
        id: "s1".into(),
        name: "hf".into(),
        size: "100".into(),
        cluster_id: "c1".into(),
        cluster_name: "Dallas".into(),
    };
    assert_eq!(page.items, [storage]);
}

#[test]
fn a_password_is_never_read_nor_shown_however_the_answer_is_broken() {
    let good = r#"{"data": [{"id": "a1", "name": "ghcr.io", "username": "me", "password": "hunter2"}]}"#;
    let credential = Credential {
        id: "a1".into(),
        name: "ghcr.io".into(),
        username: "me".into(),
    };
    assert_eq!(auths(good.as_bytes()).unwrap(), std::slice::from_ref(&credential));
    // One that no decoder could take is passed over like any other: proof that none was asked.
    let odd = good.replace("\"hunter2\"", r#""\ud800 1""#);
    assert_eq!(auths(odd.as_bytes()).unwrap(), [credential]);
    for body in [
        r#"{"data": {"password": "hunter2"}}"#.to_owned(),
        r#"{"data": "hunter2"}"#.to_owned(),
        r#"["hunter2"]"#.to_owned(),
        r#"{"password": "hunter2"}"#.to_owned(),
        good.replace("}]}", ""),
        good.replace("\"password\":", "\"password\""),
    ] {
        let error = auths(body.as_bytes()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn clusters_are_read() {
    let body = r#"{"data": [{"id": "c1", "name": "Dallas", "availableGpuType": ["RTX 4090", "H100"],
        "supportNetworkStorage": true}, {"id": "c2", "availableGpuType": null}]}"#;
    let clusters = clusters(body.as_bytes()).unwrap();
    assert_eq!(clusters[0].gpu_types, ["RTX 4090", "H100"]);
    assert!(clusters[0].network_storage && !clusters[0].instance_network);
    assert_eq!(clusters[1].id, "c2");
    assert!(matches!(auths(b"{}").as_deref(), Ok([])));
    assert_eq!(auths(b" ").unwrap_err(), Unreadable::Empty);
}
