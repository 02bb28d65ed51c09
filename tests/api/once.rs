//! An update goes out once, whatever the connection does.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use novita_edit::api::{ApiError, NoAnswer};

use crate::failures::no_answer;
use crate::server::{Server, Then, answer, endpoint_answer, impatient};

/// Long enough for a second try to have arrived, if there were one.
const A_WHILE: Duration = Duration::from_millis(300);

fn is_open(error: &ApiError) {
    assert!(matches!(no_answer(error), NoAnswer::Cut(_)));
    assert!(!error.surely_not_taken());
    assert!(error.to_string().contains("is not known"), "{error}");
}

#[tokio::test]
async fn a_server_that_reads_the_update_and_closes_sees_it_once() {
    let server = Server::start(|_, _| Then::Close);
    is_open(&server.client().update(b"{}".to_vec()).await.unwrap_err());
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(server.posts(), 1);
}

#[tokio::test]
async fn so_does_one_that_closes_a_kept_connection_upon_the_update() {
    let server = Server::start(|request, stream| {
        if request.method == "POST" {
            return Then::Close;
        }
        stream.write_all(&endpoint_answer()).unwrap();
        Then::Keep
    });
    let client = server.client();
    client.endpoint("ep_1").await.unwrap();
    is_open(&client.update(b"{}".to_vec()).await.unwrap_err());
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(server.posts(), 1);
    assert_eq!(
        server.requests()[1].connection,
        0,
        "the update went over the kept connection"
    );
}

#[tokio::test]
async fn so_does_one_that_cuts_its_answer_off() {
    for part in ["HTT", "HTTP/1.1 200 OK\r\ncontent-le"] {
        let server = Server::start(move |_, stream| {
            stream.write_all(part.as_bytes()).unwrap();
            Then::Close
        });
        is_open(&server.client().update(b"{}".to_vec()).await.unwrap_err());
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(server.posts(), 1, "{part}");
    }
}

#[tokio::test]
async fn so_does_one_that_never_answers() {
    let server = Server::start(|_, _| Then::Hang);
    let error = impatient(&server.base("")).update(b"{}".to_vec()).await.unwrap_err();
    assert!(matches!(no_answer(&error), NoAnswer::TimedOut(_)));
    assert!(!error.surely_not_taken());
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(server.posts(), 1);
}

#[tokio::test]
async fn an_update_after_the_kept_connection_was_closed_while_idle_arrives_once() {
    for _ in 0..20 {
        let server = Server::start(|request, stream| {
            if request.method == "POST" {
                stream.write_all(&answer("200 OK", &[], b"")).unwrap();
                return Then::Keep;
            }
            // Without `connection: close`: the client believes that it may go on.
            stream.write_all(&endpoint_answer()).unwrap();
            Then::Close
        });
        let client = server.client();
        client.endpoint("ep_1").await.unwrap();
        // No waiting: the closing and the update race, and either outcome must hold.
        match client.update(b"{}".to_vec()).await {
            Ok(_) => assert_eq!(server.posts(), 1),
            Err(error) => {
                is_open(&error);
                assert!(server.posts() <= 1);
            }
        }
    }
}

#[tokio::test]
async fn an_update_long_after_the_kept_connection_was_closed_simply_works() {
    let server = Server::start(|request, stream| {
        let post = request.method == "POST";
        stream
            .write_all(&if post {
                answer("200 OK", &[], b"")
            } else {
                endpoint_answer()
            })
            .unwrap();
        if post { Then::Keep } else { Then::Close }
    });
    let client = server.client();
    client.endpoint("ep_1").await.unwrap();
    tokio::time::sleep(A_WHILE).await;
    client.update(b"{}".to_vec()).await.unwrap();
    assert_eq!(server.posts(), 1);
    assert_eq!(server.requests()[1].connection, 1);
}

#[tokio::test]
async fn a_refused_update_is_not_sent_again() {
    for status in [
        "429 Too Many Requests",
        "503 Service Unavailable",
        "500 Oops",
        "307 Temporary Redirect",
    ] {
        let server = Server::answering(answer(
            status,
            &["retry-after: 0", "location: /v1/endpoint/update"],
            b"",
        ));
        server.client().update(b"{}".to_vec()).await.unwrap_err();
        tokio::time::sleep(A_WHILE / 3).await;
        assert_eq!(server.posts(), 1, "{status}");
    }
}

#[tokio::test]
async fn any_2xx_is_an_acceptance_whatever_its_body() {
    for (status, body) in [
        ("200 OK", "" as &str),
        ("200 OK", "{\"message\":\"ok\"}"),
        ("200 OK", "<html>"),
        ("201 Created", "{"),
        ("202 Accepted", "\u{0}"),
    ] {
        let server = Server::answering(answer(status, &[], body.as_bytes()));
        server.client().update(b"{}".to_vec()).await.unwrap();
    }
    let server = Server::answering(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec());
    server.client().update(b"{}".to_vec()).await.unwrap();
}

#[tokio::test]
async fn an_acceptance_stands_even_if_its_body_breaks_off_or_never_comes() {
    let after = AtomicBool::new(false);
    let server = Server::start(move |_, stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            .unwrap();
        if after.swap(true, Ordering::SeqCst) {
            Then::Hang
        } else {
            Then::Close
        }
    });
    let client = server.client();
    client.update(b"{}".to_vec()).await.unwrap();
    client.update(b"{}".to_vec()).await.unwrap();
    assert_eq!(server.posts(), 2);
}
