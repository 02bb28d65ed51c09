//! Each way in which a call can fail, its type and its sentence.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use novita_edit::api::{ApiError, FailureHint, NoAnswer, NotSent, Unreadable};
use novita_edit::demo::{DemoOptions, DemoServer, Pace, Quirks};
use novita_edit::endpoint::{FieldId, Pane};

use crate::server::{KEY, Server, Then, answer, client, impatient, ok};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

async fn refusal(status: &str, headers: &[&str], body: &str) -> ApiError {
    let server = Server::answering(answer(status, headers, body.as_bytes()));
    let error = server.client().endpoint("ep_1").await.unwrap_err();
    assert!(matches!(error, ApiError::Refused(_)), "{error:?}");
    error
}

/// A port that takes TCP connections and does what it likes with them.
fn tcp(handle: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().for_each(|stream| handle(stream.unwrap())));
    address
}

pub fn not_sent(error: &ApiError) -> &NotSent {
    match error {
        ApiError::NotSent { why, .. } => why,
        other => panic!("{other:?}"),
    }
}

pub fn no_answer(error: &ApiError) -> &NoAnswer {
    match error {
        ApiError::NoAnswer { why, .. } => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refused_port_means_that_nothing_was_sent() {
    // Port 1 (tcpmux), where nobody listens; a port that was just freed could be another test's by now.
    let error = client("http://127.0.0.1:1").update(b"{}".to_vec()).await.unwrap_err();
    assert!(matches!(not_sent(&error), NotSent::Refused));
    assert!(error.surely_not_taken());
    assert_eq!(error.hint(), FailureHint::Connection);
    let text = error.to_string();
    assert!(
        text.starts_with("127.0.0.1:") && text.contains("refused the connection; nothing was sent."),
        "{text}"
    );
    // Beside "the update was sent" that would say the opposite.
    assert_eq!(error.happened(), text.replace("; nothing was sent", ""));
}

#[tokio::test]
async fn tls_to_a_plain_text_port_says_so() {
    let port = tcp(|mut stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")));
    let error = client(&format!("https://{port}"))
        .update(b"{}".to_vec())
        .await
        .unwrap_err();
    assert!(matches!(not_sent(&error), NotSent::Tls(_)));
    assert!(error.surely_not_taken());
    assert!(error.to_string().contains("doesn't speak TLS"), "{error}");
}

#[tokio::test]
async fn a_server_that_hangs_up_on_tls_took_nothing() {
    let port = tcp(drop);
    let error = client(&format!("https://{port}"))
        .update(b"{}".to_vec())
        .await
        .unwrap_err();
    assert!(matches!(not_sent(&error), NotSent::Tls(_)), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_never_comes_about_is_told_from_an_answer_that_never_comes() {
    // The greeting of TLS is never answered: connecting includes it.
    let silent = tcp(|mut stream| drop(io::copy(&mut stream, &mut io::sink())));
    let error = impatient(&format!("https://{silent}"))
        .update(b"{}".to_vec())
        .await
        .unwrap_err();
    assert!(matches!(not_sent(&error), NotSent::ConnectTimeout(_)));
    assert!(error.surely_not_taken());

    let server = Server::start(|_, _| Then::Hang);
    let error = impatient(&server.base("")).update(b"{}".to_vec()).await.unwrap_err();
    assert!(matches!(no_answer(&error), NoAnswer::TimedOut(_)));
    assert!(!error.surely_not_taken());
    assert!(
        error
            .to_string()
            .contains("did not answer POST /endpoint/update within 1 s"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_that_trickles_for_ever_meets_the_total() {
    let server = Server::start(|_, stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
            .unwrap();
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Then::Close
    });
    let error = impatient(&server.base("")).endpoint("ep_1").await.unwrap_err();
    let total = Duration::from_millis(1200);
    assert!(
        matches!(error, ApiError::NoAnswer { why: NoAnswer::TimedOut(after), .. } if after == total),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_answers_head_that_trickles_for_ever_meets_the_total_too() {
    let server = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ");
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Then::Close
    });
    let error = impatient(&server.base("/v1")).endpoint("ep_1").await.unwrap_err();
    assert!(matches!(no_answer(&error), NoAnswer::TimedOut(_)), "{error:?}");
}

#[tokio::test]
async fn a_head_without_end_is_given_up_before_it_is_large() {
    for head in [format!("x: {}\r\n", "x".repeat(4 << 20)), "x: y\r\n".repeat(1000)] {
        let server = Server::start(move |_, stream| {
            let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}content-length: 2\r\n\r\n{{}}").as_bytes());
            Then::Close
        });
        let error = server.client().endpoint("ep_1").await.unwrap_err();
        assert!(matches!(no_answer(&error), NoAnswer::Cut(_)), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_anywhere_is_cut() {
    for part in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"endpoint\"",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"end",
        "SSH-2.0-OpenSSH_9.6\r\n",
    ] {
        let server = Server::start(move |_, stream| {
            stream.write_all(part.as_bytes()).unwrap();
            Then::Close
        });
        let error = server.client().endpoint("ep_1").await.unwrap_err();
        assert!(matches!(no_answer(&error), NoAnswer::Cut(_)));
        assert!(error.to_string().ends_with("Try again."), "{error}");
    }
}

#[tokio::test]
async fn a_packed_answer_that_is_cut_or_broken_is_cut() {
    let whole = gzip(br#"{"endpoint":{"id":"ep_1","workerConfig":{},"image":{}}}"#);
    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 0x55;
    for packed in [
        whole[..whole.len() - 12].to_vec(),
        broken,
        b"not packed at all".to_vec(),
    ] {
        let server = Server::answering(answer("200 OK", &["content-encoding: gzip"], &packed));
        let error = server.client().endpoint("ep_1").await.unwrap_err();
        assert!(matches!(no_answer(&error), NoAnswer::Cut(_)));
    }
}

#[tokio::test]
async fn an_answer_over_16_mib_is_given_up() {
    let server = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let block = vec![b' '; 1 << 20];
        // Much more than is taken, though not so much that a client without a limit would eat the machine.
        for _ in 0..64 {
            if stream.write_all(&block).is_err() {
                break;
            }
        }
        Then::Close
    });
    let error = server.client().endpoint("ep_1").await.unwrap_err();
    assert!(matches!(no_answer(&error), NoAnswer::TooLarge(_)));
    assert!(error.to_string().contains("more than 16 MiB"), "{error}");
}

#[tokio::test]
async fn an_answer_that_unpacks_to_more_than_16_mib_is_given_up() {
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let server = Server::answering(answer("200 OK", &["content-encoding: gzip"], &bomb));
    let error = server.client().endpoint("ep_1").await.unwrap_err();
    assert!(matches!(no_answer(&error), NoAnswer::TooLarge(_)));
}

#[tokio::test]
async fn an_answer_of_just_under_16_mib_is_read() {
    let head = r#"{"endpoint":{"id":"ep_1","workerConfig":{},"image":{}},"x":""#;
    let body = format!(
        "{head}{}\"}}",
        "x".repeat(novita_edit::api::MOST_BYTES - head.len() - 2)
    );
    Server::answering(ok(&body)).client().endpoint("ep_1").await.unwrap();
}

#[tokio::test]
async fn an_answer_nested_without_end_is_no_danger() {
    let deep = "[".repeat(4 << 20);
    let error = Server::answering(ok(&deep))
        .client()
        .endpoint("ep_1")
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ApiError::Unreadable {
                why: Unreadable::Truncated { .. },
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_named_and_not_followed() {
    let elsewhere = Server::answering(ok("{}"));
    let location = format!("location: http://{}/login", elsewhere.address);
    let server = Server::answering(answer("302 Found", &[&location], b""));
    let error = server.client().endpoint("ep_1").await.unwrap_err();
    let expected = elsewhere.address.to_string();
    assert!(
        matches!(&error, ApiError::Redirect { status: 302, to, .. } if *to == expected),
        "{error:?}"
    );
    assert!(error.to_string().contains(&expected), "{error}");
    assert!(elsewhere.requests().is_empty());
    assert!(
        !error.surely_not_taken(),
        "a 302 also comes after a POST that was carried out"
    );

    let server = Server::answering(answer("308 Permanent Redirect", &["location: /v2"], b""));
    let error = server.client().update(Vec::new()).await.unwrap_err();
    assert!(error.surely_not_taken());
    assert!(!error.to_string().contains("not known"), "{error}");
}

#[tokio::test]
async fn too_many_requests_tells_how_long_to_wait_in_both_forms() {
    let body = r#"{"code":429,"reason":"RATE_LIMIT_EXCEEDED","message":"slow down"}"#;
    let error = refusal("429 Too Many Requests", &["retry-after: 17"], body).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
    assert_eq!(error.hint(), FailureHint::Wait);
    assert!(error.surely_not_taken());
    assert!(
        error.to_string().ends_with("slow down. Wait 17 s, then try again."),
        "{error}"
    );

    let dates = [
        "date: Sun, 06 Nov 2044 08:49:37 GMT",
        "retry-after: Sun, 06 Nov 2044 08:50:37 GMT",
    ];
    let error = refusal("429 Too Many Requests", &dates, body).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));

    let error = refusal("429 Too Many Requests", &[], "").await;
    assert_eq!(error.retry_after(), None);
    assert!(error.to_string().ends_with("Wait a little, then try again."), "{error}");
}

#[tokio::test]
async fn a_gateways_page_is_shown_by_its_title_and_leaves_an_update_open() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let error = refusal("502 Bad Gateway", &["content-type: text/html"], page).await;
    assert!(
        error
            .to_string()
            .contains("failed at GET /endpoint (HTTP 502): an HTML page titled “502 Bad Gateway”.")
    );
    let server = Server::answering(answer("502 Bad Gateway", &[], page.as_bytes()));
    let error = server.client().update(Vec::new()).await.unwrap_err();
    assert!(!error.surely_not_taken());
    assert!(error.to_string().contains("is not known"), "{error}");
}

#[tokio::test]
async fn a_wrong_key_names_where_it_was_taken_from_and_never_itself() {
    for (status, reason) in [
        ("401 Unauthorized", "INVALID_API_KEY"),
        ("403 Forbidden", "API_NOT_ALLOWED"),
        ("401 No", ""),
    ] {
        let error = refusal(status, &[], &format!(r#"{{"reason":"{reason}","message":"no"}}"#)).await;
        assert_eq!(error.hint(), FailureHint::Key);
        assert!(error.surely_not_taken());
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("the test's key") && text.contains(reason) && !text.contains(KEY),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_endpoint_that_does_not_exist_says_so_in_a_whole_sentence() {
    let body = r#"{"code":400,"reason":"SERVERLESS_ENDPOINT_NOT_FOUND","message":"endpoint not found","metadata":{}}"#;
    let error = refusal("400 Bad Request", &[], body).await;
    assert_eq!(error.hint(), FailureHint::EndpointId);
    let text = error.to_string();
    let (_, said) = text.split_once(" refused ").unwrap();
    assert_eq!(
        said,
        "GET /endpoint (HTTP 400 SERVERLESS_ENDPOINT_NOT_FOUND): endpoint not found. There is no such endpoint for this \
         API key (from the test's key): check the id and the key."
    );
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_gone_however_that_is_said_and_any_other_address_is_not() {
    let named = r#"{"reason":"SERVERLESS_ENDPOINT_NOT_FOUND","message":"no"}"#;
    for (status, body) in [
        ("400 Bad Request", named),
        ("404 Not Found", named),
        ("404 Not Found", ""),
        ("410 Gone", r#"{"message":"deleted"}"#),
    ] {
        let error = refusal(status, &[], body).await;
        assert!(error.is_gone() && error.may_be_about_a_name(), "{status}: {error}");
        assert_eq!(error.hint(), FailureHint::EndpointId);
        let server = Server::answering(answer(status, &[], body.as_bytes()));
        let client = server.client();
        assert!(client.update("{}").await.unwrap_err().is_gone(), "{status}");
        let limits = client.limits().await.unwrap_err();
        assert!(!limits.is_gone(), "{limits}");
    }
    for status in ["400 Bad Request", "403 Forbidden", "500 Oops"] {
        assert!(!refusal(status, &[], r#"{"message":"no"}"#).await.is_gone(), "{status}");
    }
    for (gone_status, words) in [
        (None, "There is no such endpoint for this API key"),
        (Some(404), "There is no such endpoint for this API key"),
        (Some(410), "There is no such endpoint for this API key"),
    ] {
        let server = DemoServer::start(DemoOptions {
            pace: Pace::manual(),
            quirks: Quirks {
                gone_status,
                ..Quirks::default()
            },
            ..DemoOptions::default()
        })
        .unwrap();
        let client = client(&server.base_url());
        client.endpoint("ep_7f3a91c2").await.unwrap();
        assert!(server.delete("ep_7f3a91c2") && !server.delete("ep_7f3a91c2"));
        let error = client.endpoint("ep_7f3a91c2").await.unwrap_err();
        assert!(error.is_gone() && error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn statuses_without_a_known_reason_get_their_advice() {
    for (status, advice) in [
        (
            "404 Not Found",
            "Nothing is there: check the id, the base URL, and the key (from the test's key).",
        ),
        (
            "405 Method Not Allowed",
            "This address doesn't take such a request: check the base URL.",
        ),
        (
            "409 Conflict",
            "It clashes with what the server has or does now: read the endpoint again, then try again.",
        ),
        ("410 Gone", "This endpoint is gone for good: choose another one."),
        (
            "412 Precondition Failed",
            "The server made it depend on something that doesn't hold: read the endpoint again, then try again.",
        ),
        (
            "423 Locked",
            "It is locked now: wait until what holds it is done, and try again.",
        ),
    ] {
        let error = refusal(status, &[], r#"{"message":"no"}"#).await;
        assert!(error.to_string().ends_with(&format!("no. {advice}")), "{error}");
    }
}

#[tokio::test]
async fn a_record_of_the_v2_api_is_told_as_what_it_is() {
    for body in [
        r#"{"endpoint":{"id":"ep_1","name":"x","worker_config":{},"min_replicas":0}}"#,
        r#"{"id":"ep_1","health_check":{"path":"/"}}"#,
        r#"{"data":{"id":"ep_1","min_replicas":1}}"#,
        r#"{"id":"ep_1","image":"nginx","ports":[8080]}"#,
    ] {
        let error = Server::answering(ok(body)).client().endpoint("ep_1").await.unwrap_err();
        let told = error.to_string();
        assert!(told.contains("is a record of the v2 API ("), "{body}: {told}");
        assert!(
            told.contains("Set the base URL to that of the serverless API"),
            "{told}"
        );
    }
    let server = DemoServer::start(DemoOptions {
        pace: Pace::manual(),
        quirks: Quirks {
            v2_records: true,
            ..Quirks::default()
        },
        ..DemoOptions::default()
    })
    .unwrap();
    let client = client(&server.base_url());
    let unreadable = |error: &ApiError| {
        error
            .to_string()
            .contains("(worker_config, min_replicas, health_check)")
    };
    let error = client.endpoint("ep_7f3a91c2").await.unwrap_err();
    assert!(unreadable(&error), "{error}");
    let error = client.endpoints(|_| ()).await.unwrap_err();
    assert!(unreadable(&error), "{error}");
}

#[tokio::test]
async fn a_refused_value_points_at_its_field() {
    let body = r#"{"code":400,"reason":"VALIDATOR_PARAM","message":"workerConfig.maxNum must be at most 10"}"#;
    let error = refusal("400 Bad Request", &[], body).await;
    assert_eq!(error.place().map(|place| place.field), Some(FieldId::MaxWorkers));
    let body = r#"{"reason":"VALIDATOR_PARAM","message":"volumeMounts[1].mountPath is taken"}"#;
    let place = refusal("400 Bad Request", &[], body).await.place().unwrap();
    assert_eq!((place.field, place.row), (FieldId::VolumeMountPath, Some(1)));
    let body = r#"{"reason":"NETWORK_STORAGE_NOT_FOUND","message":"gone"}"#;
    let error = refusal("400 Bad Request", &[], body).await;
    assert_eq!(
        (error.place().map(|place| place.field), error.hint()),
        (None, FailureHint::Pane(Pane::Volumes))
    );
    let error = refusal("500 Oops", &[], r#"{"message":"maxNum"}"#).await;
    assert_eq!(
        error.place().map(|place| place.field),
        None,
        "a server that failed names no field"
    );
}

#[tokio::test]
async fn a_refusal_that_breaks_off_or_never_ends_is_a_refusal() {
    let server = Server::start(|_, stream| {
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 99\r\n\r\nno such th")
            .unwrap();
        Then::Close
    });
    let error = server.client().update(Vec::new()).await.unwrap_err();
    assert!(
        matches!(&error, ApiError::Refused(refused) if refused.message == "no such th"),
        "{error:?}"
    );
    assert!(error.surely_not_taken());

    let server = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        for _ in 0..1024 {
            if stream.write_all(&[b'x'; 65536]).is_err() {
                break;
            }
        }
        Then::Close
    });
    let error = server.client().update(Vec::new()).await.unwrap_err();
    assert!(error.to_string().chars().count() < 1000, "{error}");
}

#[tokio::test]
async fn a_good_status_without_an_endpoint_is_unreadable_and_says_why() {
    for (body, why) in [
        ("", "The answer is empty."),
        (
            "<!doctype html><title>Sign in</title>",
            "The answer is an HTML page titled “Sign in”, not JSON.",
        ),
        ("{}", "it is an empty object"),
        (
            r#"{"message":"no such endpoint"}"#,
            "no endpoint but a message: no such endpoint.",
        ),
        (r#"{"endpoint":{"id":"ep_1","workerConf"#, "The answer is cut off"),
    ] {
        let error = Server::answering(ok(body)).client().endpoint("ep_1").await.unwrap_err();
        assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
        assert!(!error.surely_not_taken());
        assert!(
            error.to_string().starts_with("GET /endpoint could not be read. "),
            "{error}"
        );
        assert!(error.to_string().contains(why), "{error}");
    }
}
