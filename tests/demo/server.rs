//! Keys, base paths, routes, records, the port.

use std::io::ErrorKind;
use std::net::TcpStream;

use novita_edit::demo::{Call, DEMO_KEY, DemoOptions, DemoServer, MOST_RECORDED, run_alone};

use crate::http::{get, send};
use crate::{LLAMA, body, load, plain, update};

fn at(base_path: &str) -> DemoServer {
    DemoServer::start(DemoOptions {
        base_path: base_path.to_owned(),
        ..DemoOptions::default()
    })
    .unwrap()
}

fn address(server: &DemoServer) -> String {
    let url = server.base_url();
    url.strip_prefix("http://")
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn a_request_without_a_bearer_key_is_unauthorized() {
    let server = plain();
    for headers in [
        vec![],
        vec![("Authorization", "")],
        vec![("Authorization", "Bearer")],
        vec![("Authorization", "Bearer ")],
        vec![("Authorization", "Basic azpr")],
        vec![("Authorization", "sk_bare")],
    ] {
        let answer = send(&server, "GET", "/clusters", &headers, b"").unwrap();
        let (status, reason, _) = answer.refusal();
        assert_eq!((status, reason.as_str()), (401, "UNAUTHORIZED"), "{headers:?}");
    }
}

#[test]
fn a_key_that_isnt_listed_is_invalid() {
    let options = DemoOptions {
        keys: Some(vec!["right".to_owned()]),
        ..DemoOptions::default()
    };
    let server = DemoServer::start(options).unwrap();
    let asked = |key: &str| send(&server, "GET", "/clusters", &[("Authorization", key)], b"").unwrap();
    assert_eq!(asked("Bearer right").status, 200);
    let (status, reason, message) = asked("Bearer wrong").refusal();
    assert_eq!((status, reason.as_str()), (401, "INVALID_API_KEY"));
    assert!(!message.contains("wrong"));
    let ok: Vec<_> = server.requests().iter().map(|it| it.key_ok).collect();
    assert_eq!(ok, [true, false]);
}

#[test]
fn an_update_without_a_key_changes_nothing() {
    let server = plain();
    let before = server.endpoint(LLAMA);
    let json = [("Content-Type", "application/json")];
    let answer = send(
        &server,
        "POST",
        "/endpoint/update",
        &json,
        body().to_string().as_bytes(),
    )
    .unwrap();
    assert_eq!(answer.status, 401);
    assert_eq!(server.endpoint(LLAMA), before);
}

#[test]
fn any_base_path_is_kept_whole() {
    for (path, in_url) in [
        ("", ""),
        ("/", ""),
        ("/gpu-instance/openapi/v1/", "/gpu-instance/openapi/v1"),
        ("/proxy/a b/v1", "/proxy/a%20b/v1"),
        ("/proxy/a%20b/v1", "/proxy/a%20b/v1"),
        ("/ü/endpoint", "/%C3%BC/endpoint"),
    ] {
        let server = at(path);
        let base = format!("http://{}{in_url}", address(&server));
        assert_eq!(server.base_url(), base);
        assert_eq!(load(&server, LLAMA).json()["endpoint"]["id"], LLAMA, "{path}");
    }
}

#[test]
fn what_is_beside_the_base_path_or_unknown_is_not_found() {
    let server = at("/proxy/a b/v1");
    let host = address(&server);
    for target in [
        "/endpoint?id=ep_7f3a91c2",
        "/proxy/endpoint",
        "/proxy/a%20b/endpoint",
        "/proxy/a%20b/v1",
        "/proxy/a%20b/v1x/endpoint",
    ] {
        use std::io::{Read, Write};
        let mut stream = TcpStream::connect(&host).unwrap();
        write!(
            stream,
            "GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{target}: {answer}");
    }
    for path in ["/endpoint/", "//endpoint?id=x", "/endpoint/create", "/Endpoint", "/"] {
        let (status, reason, message) = get(&server, path).unwrap().refusal();
        assert_eq!((status, reason.as_str()), (404, "NOT_FOUND"), "{path}");
        assert!(!message.is_empty());
    }
}

#[test]
fn a_wrong_method_is_no_route() {
    let server = plain();
    assert_eq!(get(&server, "/endpoint/update").unwrap().refusal().0, 404);
    let key = [("Authorization", "Bearer k"), ("Content-Type", "application/json")];
    let answer = send(&server, "POST", "/endpoint", &key, body().to_string().as_bytes()).unwrap();
    assert_eq!(answer.refusal().0, 404);
}

#[test]
fn an_unknown_endpoint_is_a_400_by_name() {
    let (status, reason, _) = load(&plain(), "ep_none").refusal();
    assert_eq!((status, reason.as_str()), (400, "SERVERLESS_ENDPOINT_NOT_FOUND"));
}

#[test]
fn requests_are_recorded_in_order_with_their_bytes_and_without_the_key() {
    let server = plain();
    load(&server, LLAMA);
    update(&server, &body());
    get(&server, "/nowhere").unwrap();
    let asked = server.requests();
    let calls: Vec<_> = asked.iter().map(|it| (it.method.as_str(), it.call)).collect();
    assert_eq!(
        calls,
        [("GET", Some(Call::Load)), ("POST", Some(Call::Update)), ("GET", None)]
    );
    assert_eq!(asked[0].target, "/gpu-instance/openapi/v1/endpoint?id=ep_7f3a91c2");
    assert_eq!(asked[1].body, body().to_string().as_bytes());
    assert_eq!(asked[1].header("Content-Type"), Some("application/json"));
    assert_eq!(asked[1].header("authorization"), Some("•••"));
    assert!(
        asked
            .iter()
            .all(|it| it.key_ok && !format!("{it:?}").contains("Bearer"))
    );
}

#[test]
fn only_the_newest_requests_are_remembered() {
    use std::io::{Read, Write};
    let server = plain();
    let url = server.base_url();
    let (host, base) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let mut reader = stream.try_clone().unwrap();
    reader.set_read_timeout(Some(20 * crate::SECOND)).unwrap();
    let reading = std::thread::spawn(move || reader.read_to_end(&mut Vec::new()));
    for number in 0..MOST_RECORDED + 5 {
        let close = if number == MOST_RECORDED + 4 {
            "Connection: close\r\n"
        } else {
            ""
        };
        write!(stream, "GET /{base}/x{number} HTTP/1.1\r\nHost: x\r\n{close}\r\n").unwrap();
    }
    reading.join().unwrap().unwrap();
    let asked = server.requests();
    assert_eq!(asked.len(), MOST_RECORDED);
    assert!(asked[0].target.ends_with("/x5"));
}

#[test]
fn a_dropped_server_closes_its_connections_and_frees_its_port() {
    use std::io::Read;
    let server = plain();
    let host = address(&server);
    let mut idle = TcpStream::connect(&host).unwrap();
    load(&server, LLAMA);
    let port = host.rsplit_once(':').unwrap().1.parse().unwrap();
    drop(server);
    idle.set_read_timeout(Some(5 * crate::SECOND)).unwrap();
    // A reset is as good an end as any; silence is none.
    let waited = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
    match idle.read(&mut [0; 1]) {
        Ok(read) => assert_eq!(read, 0),
        Err(error) => assert!(!waited.contains(&error.kind()), "still open"),
    }
    assert!(TcpStream::connect(&host).is_err());
    let again = DemoServer::start(DemoOptions {
        port,
        ..DemoOptions::default()
    })
    .unwrap();
    assert_eq!(load(&again, LLAMA).status, 200);
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    let server = plain();
    let port: u16 = address(&server).rsplit_once(':').unwrap().1.parse().unwrap();
    let mut out = String::new();
    for error in [
        DemoServer::start(DemoOptions {
            port,
            ..DemoOptions::default()
        })
        .err()
        .unwrap(),
        run_alone(port, "/gpu-instance/openapi/v1", |text: &str| {
            out.push_str(text);
            Ok::<(), std::io::Error>(())
        })
        .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
        assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
    }
    assert!(out.is_empty());
}

#[test]
fn it_listens_on_loopback_only() {
    assert!(plain().base_url().starts_with("http://127.0.0.1:"));
}

/// Passes on what is printed.
fn pass_on(to: std::sync::mpsc::Sender<String>) -> impl FnOnce(&str) -> std::io::Result<()> {
    move |text| to.send(text.to_owned()).map_err(|_| ErrorKind::BrokenPipe.into())
}

#[test]
fn alone_it_says_where_it_listens_and_how_to_get_in_and_serves() {
    let (sender, pieces) = std::sync::mpsc::channel();
    // It serves until Ctrl-C, which here is the end of the test process.
    std::thread::spawn(move || run_alone(0, "/gpu-instance/openapi/v1", pass_on(sender)));
    let mut said = String::new();
    while !said.contains("Ctrl-C") || !said.ends_with('\n') {
        said.push_str(&pieces.recv_timeout(20 * crate::SECOND).unwrap());
    }
    let url = said.lines().next().unwrap();
    assert!(said.contains(&format!("NOVITA_API_KEY={DEMO_KEY} novita-edit --base-url {url}")));
    let host = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    assert!(TcpStream::connect(host).is_ok());
}

#[test]
fn a_hint_that_cant_be_written_is_an_error() {
    let (sender, pieces) = std::sync::mpsc::channel();
    drop(pieces);
    let error = run_alone(0, "/gpu-instance/openapi/v1", pass_on(sender)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
}
