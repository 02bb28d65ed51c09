//! What goes out: paths, queries, headers, bodies, connections.

use std::time::Duration;

use novita_edit::api::{ApiError, Client, ClientOptions};
use novita_edit::demo::{DemoOptions, DemoServer, Pace, Quirks, ReadCache};
use novita_edit::endpoint::{EndpointConfig, FieldId};
use novita_edit::secret::Secret;

use crate::server::{KEY, Server, answer, client, endpoint_answer, ok, options};

#[tokio::test]
async fn every_request_carries_key_content_type_and_the_programs_name() {
    let server = Server::answering(ok("{}"));
    let client = server.client();
    let _ = client.endpoint("ep_1").await;
    let _ = client.limits().await;
    client.endpoints(|_| ()).await.unwrap();
    client.storages().await.unwrap();
    client.auths().await.unwrap();
    client.clusters().await.unwrap();
    client.update(b"{}".to_vec()).await.unwrap();
    let requests = server.requests();
    assert!(requests.len() >= 7);
    for request in requests {
        let target = &request.target;
        assert_eq!(
            request.header("authorization"),
            Some(&*format!("Bearer {KEY}")),
            "{target}"
        );
        assert_eq!(request.header("content-type"), Some("application/json"), "{target}");
        let name = concat!("novita-edit/", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.header("user-agent"), Some(name), "{target}");
        assert_eq!(request.header("accept-encoding"), Some("gzip"), "{target}");
    }
}

#[tokio::test]
async fn the_whole_path_of_the_base_url_stands_in_front_of_every_call() {
    for (base, front) in [
        ("", ""),
        ("/", ""),
        ("/gpu-instance/openapi/v1", "/gpu-instance/openapi/v1"),
        ("/gpu-instance/openapi/v1/", "/gpu-instance/openapi/v1"),
        ("/a b/c%2Fd", "/a%20b/c%2Fd"),
    ] {
        let server = Server::answering(ok("{}"));
        let client = client(&server.base(base));
        let _ = client.endpoint("ep_1").await;
        let _ = client.limits().await;
        let _ = client.endpoints(|_| ()).await;
        let _ = client.storages().await;
        let _ = client.auths().await;
        let _ = client.clusters().await;
        let _ = client.update(Vec::new()).await;
        let mut targets: Vec<String> = server.requests().into_iter().map(|r| r.target).collect();
        targets.retain(|target| !target.contains("=1&") && !target.ends_with("=1"));
        let expected = [
            "/endpoint?id=ep_1",
            "/endpoint/limit",
            "/endpoints?pageSize=100&pageNum=0",
            "/networkstorages/list?pageSize=100&pageNo=0",
            "/repository/auths",
            "/clusters",
            "/endpoint/update",
        ];
        assert_eq!(targets, expected.map(|path| format!("{front}{path}")), "base {base:?}");
    }
}

#[tokio::test]
async fn an_id_with_characters_of_a_url_arrives_as_it_is() {
    let server = Server::answering(ok("{}"));
    let _ = server.client().endpoint("a b&id=c/../#?%é").await;
    assert_eq!(
        server.requests()[0].target,
        "/v1/endpoint?id=a+b%26id%3Dc%2F..%2F%23%3F%25%C3%A9"
    );
}

#[tokio::test]
async fn an_endpoint_is_read_past_caches_and_tells_its_age_where_one_answered() {
    for (age, seconds) in [("age: 30", 30), ("age: a while", 0), ("x: y", 0)] {
        let body = br#"{"endpoint":{"id":"ep_1","workerConfig":{},"image":{"image":"nginx"}}}"#;
        let server = Server::answering(answer("200 OK", &[age], body));
        let read = server.client().endpoint("ep_1").await.unwrap();
        assert_eq!(read.status.age, Duration::from_secs(seconds), "{age}");
        let asked = &server.requests()[0];
        assert_eq!(asked.header("cache-control"), Some("no-cache"));
        assert_eq!(asked.header("pragma"), Some("no-cache"));
    }
}

#[tokio::test]
async fn a_cache_that_heeds_nothing_gives_itself_away_by_the_age() {
    let minute = Duration::from_secs(60);
    for (read_cache, name, age) in [
        (ReadCache::Obedient(minute), "renamed", Duration::ZERO),
        (ReadCache::Stubborn(minute), "llama-3-8b", Duration::from_secs(40)),
    ] {
        let server = DemoServer::start(DemoOptions {
            pace: Pace::manual(),
            quirks: Quirks {
                read_cache,
                ..Quirks::default()
            },
            ..DemoOptions::default()
        })
        .unwrap();
        let client = client(&server.base_url());
        client.endpoint("ep_7f3a91c2").await.unwrap();
        server.edit("ep_7f3a91c2", |endpoint| endpoint["name"] = "renamed".into());
        server.advance(Duration::from_secs(40));
        let read = client.endpoint("ep_7f3a91c2").await.unwrap();
        assert_eq!(
            (read.config.name.as_str(), read.status.age),
            (name, age),
            "{read_cache:?}"
        );
        server.advance(Duration::from_secs(40));
        let read = client.endpoint("ep_7f3a91c2").await.unwrap();
        assert_eq!(
            (read.config.name.as_str(), read.status.age),
            ("renamed", Duration::ZERO)
        );
    }
}

#[tokio::test]
async fn the_bodys_bytes_go_out_as_they_are() {
    let server = Server::answering(ok(""));
    let body: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    server.client().update(body.clone()).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, "POST");
    assert!(requests[0].body == body);
}

#[tokio::test]
async fn calls_one_after_the_other_share_a_connection() {
    let server = Server::answering(endpoint_answer());
    let client = server.client();
    for _ in 0..3 {
        client.endpoint("ep_1").await.unwrap();
    }
    client.update(b"{}".to_vec()).await.unwrap();
    client.clone().endpoint("ep_1").await.unwrap();
    assert!(server.requests().iter().all(|request| request.connection == 0));
}

#[tokio::test]
async fn endpoint_and_limits_are_read_at_the_same_time() {
    let server = Server::start(|request, stream| {
        use std::io::Write as _;
        let body = if request.target.contains("limit") {
            ok(r#"{"maxWorkerNum":"10","minGPUNum":1,"maxGPUNum":8}"#)
        } else {
            endpoint_answer()
        };
        stream.write_all(&body).unwrap();
        crate::server::Then::Keep
    });
    let client = server.client();
    let (endpoint, limits) = tokio::join!(client.endpoint("ep_1"), client.limits());
    assert_eq!(endpoint.unwrap().config.workers.max_num.value(), Ok(3));
    let limits = limits.unwrap();
    assert_eq!(
        FieldId::MaxWorkers.range(&EndpointConfig::default(), &limits),
        Some(&Ok((0, 10)))
    );
    assert_eq!(
        FieldId::GpusPerWorker.range(&EndpointConfig::default(), &limits),
        Some(&Ok((1, 8)))
    );
}

#[tokio::test]
async fn credentials_and_clusters_are_read() {
    let auths = ok(r#"{"data":[{"id":"a1","name":"ghcr.io","username":"me","password":"hunter2"}]}"#);
    let auths = Server::answering(auths).client().auths().await.unwrap();
    assert_eq!(auths[0].username, "me");
    assert!(!format!("{auths:?}").contains("hunter2"));
    let clusters = ok(r#"{"data":[{"id":"c1","availableGpuType":["RTX 4090"],"supportNetworkStorage":true}]}"#);
    let clusters = Server::answering(clusters).client().clusters().await.unwrap();
    assert!(clusters[0].network_storage && !clusters[0].instance_network);
    assert_eq!(clusters[0].gpu_types, ["RTX 4090"]);
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    let body = br#"{"endpoint":{"id":"ep_1","workerConfig":{},"image":{"image":"nginx"}}}"#;
    let packed = crate::failures::gzip(body);
    let server = Server::answering(answer("200 OK", &["content-encoding: gzip"], &packed));
    assert_eq!(
        server.client().endpoint("ep_1").await.unwrap().config.image.image,
        "nginx"
    );
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_without_being_shown() {
    for key in ["sk-line\nbreak", "sk-é", "sk-\u{0}", "sk-a b", ""] {
        let error = Client::new(ClientOptions {
            key: Secret::new(key),
            ..options("http://127.0.0.1:1")
        })
        .unwrap_err();
        assert!(matches!(error, ApiError::Setup(_)));
        assert!(error.surely_not_taken());
        let text = error.to_string();
        assert!(text.contains("the test's key") && !text.contains("sk-"), "{text}");
    }
}

#[test]
fn nothing_that_prints_a_client_prints_the_key() {
    let options = options("http://127.0.0.1:1");
    assert!(!format!("{options:?}").contains(KEY));
    assert!(!format!("{:?}", Client::new(options).unwrap()).contains(KEY));
}

#[tokio::test]
async fn every_call_can_be_spawned() {
    fn spawnable<F: Future + Send + 'static>(_: F) {}
    let client: &'static Client = Box::leak(Box::new(client("http://127.0.0.1:1")));
    spawnable(client.endpoint("ep_1"));
    spawnable(client.limits());
    spawnable(client.endpoints(|_| ()));
    spawnable(client.storages());
    spawnable(client.auths());
    spawnable(client.clusters());
    spawnable(client.update(Vec::new()));
}
