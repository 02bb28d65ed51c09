//! Each fault on demand, as a client sees it on the wire.

use std::io::Read;
use std::time::{Duration, Instant};

use novita_edit::demo::{Call, ErrorShape, Fault, KeySpelling, Quirks, Reply, When};
use serde_json::{Value, json};

use crate::http::{NoAnswer, get, open, post, send};
use crate::{LARGE, LLAMA, SECOND, body, body_with, load, plain, start, update};

fn renamed() -> Value {
    body_with("/name", "renamed".into())
}

fn stored_name(server: &novita_edit::demo::DemoServer) -> String {
    server.endpoint(LLAMA).unwrap()["name"].as_str().unwrap().to_owned()
}

fn read_name(server: &novita_edit::demo::DemoServer) -> String {
    load(server, LLAMA).json()["endpoint"]["name"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_fault_hits_the_requests_it_is_meant_for_and_no_others() {
    let fails = |when| {
        let server = plain();
        server
            .faults()
            .add(Call::Load, when, Fault::Instead(Reply::status(500)));
        assert_eq!(get(&server, "/clusters").unwrap().status, 200);
        (0..5).map(|_| load(&server, LLAMA).status == 500).collect::<Vec<_>>()
    };
    assert_eq!(fails(When::next(2)), [true, true, false, false, false]);
    assert_eq!(fails(When::next(0)), [false; 5]);
    assert_eq!(fails(When::nth(3)), [false, false, true, false, false]);
    assert_eq!(fails(When::from_nth(4)), [false, false, false, true, true]);
    assert_eq!(fails(When::always()), [true; 5]);
}

#[test]
fn each_call_has_faults_of_its_own() {
    for (call, path) in [
        (Call::Load, "/endpoint?id=ep_7f3a91c2"),
        (Call::List, "/endpoints?pageSize=9&pageNum=0"),
        (Call::Limits, "/endpoint/limit"),
        (Call::Storages, "/networkstorages/list?pageSize=9&pageNo=0"),
        (Call::Auths, "/repository/auths"),
        (Call::Clusters, "/clusters"),
    ] {
        let server = plain();
        server
            .faults()
            .add(call, When::next(1), Fault::Instead(Reply::status(503)));
        assert_eq!(get(&server, path).unwrap().status, 503, "{path}");
        assert_eq!(get(&server, path).unwrap().status, 200, "{path}");
    }
    let server = plain();
    server
        .faults()
        .add(Call::Update, When::next(1), Fault::Instead(Reply::status(503)));
    assert_eq!(update(&server, &renamed()).status, 503);
    assert_eq!(stored_name(&server), "llama-3-8b");
}

#[test]
fn cleared_faults_are_gone() {
    let server = plain();
    server.faults().add(Call::Load, When::always(), Fault::CutBefore);
    assert_eq!(get(&server, "/endpoint?id=ep_7f3a91c2").unwrap_err(), NoAnswer);
    server.faults().clear();
    assert_eq!(load(&server, LLAMA).status, 200);
}

#[test]
fn an_answer_of_the_tests_own_has_its_status_headers_and_body() {
    let server = plain();
    let limited = Reply::error(429, "RATE_LIMIT_EXCEEDED", "slow down").header("Retry-After", "7");
    server.faults().add(Call::Load, When::nth(1), Fault::Instead(limited));
    server.faults().add(
        Call::Load,
        When::nth(2),
        Fault::Instead(Reply::html(502, "Bad Gateway")),
    );
    server
        .faults()
        .add(Call::Load, When::nth(3), Fault::Instead(Reply::status(500)));
    server
        .faults()
        .add(Call::Load, When::nth(4), Fault::After(Reply::empty()));
    server
        .faults()
        .add(Call::Load, When::nth(5), Fault::After(Reply::json(&json!({}))));

    let limited = load(&server, LLAMA);
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("7")));
    assert_eq!(limited.refusal().1, "RATE_LIMIT_EXCEEDED");
    let html = load(&server, LLAMA);
    assert_eq!((html.status, html.header("content-type")), (502, Some("text/html")));
    assert!(html.body.starts_with(b"<html>"));
    let nothing = load(&server, LLAMA);
    assert_eq!((nothing.status, nothing.body.len()), (500, 0));
    let empty = load(&server, LLAMA);
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    assert_eq!(load(&server, LLAMA).json(), json!({}));
}

#[test]
fn an_answer_instead_applies_nothing_and_one_after_hides_what_was_applied() {
    let server = plain();
    server.faults().add(
        Call::Update,
        When::nth(1),
        Fault::Instead(Reply::html(502, "Bad Gateway")),
    );
    server.faults().add(
        Call::Update,
        When::nth(2),
        Fault::After(Reply::html(502, "Bad Gateway")),
    );
    assert_eq!(update(&server, &renamed()).status, 502);
    assert_eq!(stored_name(&server), "llama-3-8b");
    assert_eq!(update(&server, &renamed()).status, 502);
    assert_eq!(stored_name(&server), "renamed");
}

#[test]
fn a_cut_before_applies_nothing_and_a_cut_after_applies_all() {
    let server = plain();
    server.faults().add(Call::Update, When::nth(1), Fault::CutBefore);
    server.faults().add(Call::Update, When::nth(2), Fault::CutAfter);
    let bytes = renamed().to_string();
    assert_eq!(
        post(&server, "/endpoint/update", bytes.as_bytes()).unwrap_err(),
        NoAnswer
    );
    assert_eq!(stored_name(&server), "llama-3-8b");
    assert_eq!(
        post(&server, "/endpoint/update", bytes.as_bytes()).unwrap_err(),
        NoAnswer
    );
    assert_eq!(stored_name(&server), "renamed");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_cut_closes_a_connection_that_was_to_be_kept() {
    use std::io::Write;
    let server = plain();
    server.faults().add(Call::Load, When::nth(2), Fault::CutBefore);
    let url = server.base_url();
    let (host, base) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(20 * SECOND)).unwrap();
    let ask = format!("GET /{base}/endpoint?id=none HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n\r\n");
    stream.write_all(ask.as_bytes()).unwrap();
    let mut first = [0; 4096];
    assert!(stream.read(&mut first).unwrap() > 0);
    stream.write_all(ask.as_bytes()).unwrap();
    // The answer to the first may come in two pieces; the second has none, so all that is left is the end.
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(!String::from_utf8_lossy(&rest).contains("HTTP/1.1"));
}

#[test]
fn a_cut_in_the_body_leaves_half_of_what_was_announced() {
    let server = plain();
    let whole = load(&server, LLAMA);
    server.faults().add(Call::Load, When::next(1), Fault::CutInBody);
    let half = load(&server, LLAMA);
    assert!(whole.complete && !half.complete);
    assert_eq!(half.header("content-length"), whole.header("content-length"));
    assert_eq!(half.body, whole.body[..whole.body.len() / 2]);
}

#[test]
fn a_truncated_body_is_complete_to_http_and_broken_to_json() {
    let server = plain();
    let whole = load(&server, LLAMA);
    server.faults().add(Call::Load, When::next(1), Fault::Truncate);
    let half = load(&server, LLAMA);
    assert!(half.complete);
    assert_eq!(half.body, whole.body[..whole.body.len() / 2]);
    assert!(serde_json::from_slice::<Value>(&half.body).is_err());
}

#[test]
fn a_slow_body_comes_a_byte_at_a_time() {
    let server = plain();
    let whole = load(&server, "ep_none");
    server
        .faults()
        .add(Call::Load, When::next(1), Fault::SlowBody(Duration::from_millis(5)));
    let path = "/endpoint?id=ep_none";
    let mut stream = open(&server, "GET", path, &[("Authorization", "Bearer k")], b"");
    let (mut bytes, mut pieces) = (Vec::new(), 0);
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer).unwrap() {
            0 => break,
            read => bytes.extend_from_slice(&buffer[..read]),
        }
        pieces += 1;
    }
    assert!(bytes.ends_with(&whole.body));
    // How many bytes a read gives is the kernel's business; all in one piece would be no slow body.
    assert!(pieces > 3, "{pieces} pieces");
}

#[test]
fn a_delay_delays() {
    for fault in [
        Fault::DelayBefore(Duration::from_millis(80)),
        Fault::DelayAfter(Duration::from_millis(80)),
    ] {
        let server = plain();
        server.faults().add(Call::Load, When::next(1), fault);
        let asked = Instant::now();
        assert_eq!(load(&server, LLAMA).status, 200);
        assert!(asked.elapsed() >= Duration::from_millis(80));
    }
}

#[test]
fn a_delayed_update_lands_although_the_client_has_gone() {
    let server = plain();
    server.faults().add(
        Call::Update,
        When::next(1),
        Fault::DelayBefore(Duration::from_millis(400)),
    );
    let headers = [("Authorization", "Bearer k"), ("Content-Type", "application/json")];
    let bytes = renamed().to_string();
    let stream = open(&server, "POST", "/endpoint/update", &headers, bytes.as_bytes());
    while server.requests().is_empty() {
        std::thread::yield_now();
    }
    drop(stream);
    let asked = Instant::now();
    while stored_name(&server) != "renamed" {
        assert!(asked.elapsed() < 10 * SECOND, "the update never landed");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn old_values_are_read_for_a_number_of_reads() {
    let server = plain();
    server.faults().add(Call::Update, When::next(1), Fault::StaleReads(2));
    assert_eq!(update(&server, &renamed()).status, 200);
    assert_eq!(stored_name(&server), "renamed");
    let list = get(&server, "/endpoints?pageSize=9&pageNum=0").unwrap().json();
    assert_eq!(list["endpoints"][0]["name"], "llama-3-8b");
    assert_eq!(read_name(&server), "llama-3-8b");
    assert_eq!(read_name(&server), "llama-3-8b");
    assert_eq!(read_name(&server), "renamed");
}

#[test]
fn old_values_are_read_for_a_time() {
    let server = plain();
    server
        .faults()
        .add(Call::Update, When::next(1), Fault::StaleFor(5 * SECOND));
    assert_eq!(update(&server, &renamed()).status, 200);
    server.advance(4 * SECOND);
    assert_eq!(read_name(&server), "llama-3-8b");
    server.advance(SECOND);
    assert_eq!(read_name(&server), "renamed");
}

#[test]
fn an_ignored_update_is_accepted_and_not_stored_but_still_checked() {
    let server = plain();
    server.faults().add(Call::Update, When::next(2), Fault::Ignore);
    let before = server.endpoint(LLAMA);
    assert_eq!(update(&server, &renamed()).status, 200);
    assert_eq!(update(&server, &body_with("/policy/value", 0.into())).status, 400);
    assert_eq!(server.endpoint(LLAMA), before);
}

#[test]
fn something_else_may_be_stored_than_was_sent() {
    let server = plain();
    let clamp = Fault::store_other(|endpoint| endpoint["workerConfig"]["maxNum"] = 3.into());
    server.faults().add(Call::Update, When::next(1), clamp);
    assert_eq!(update(&server, &renamed()).status, 200);
    assert_eq!(stored_name(&server), "renamed");
    assert_eq!(server.endpoint(LLAMA).unwrap()["workerConfig"]["maxNum"], 3);
}

#[test]
fn somebody_elses_change_before_an_update_is_overwritten_and_one_after_it_stays() {
    let server = plain();
    let theirs = |endpoint: &mut Value| endpoint["policy"]["value"] = 99.into();
    server
        .faults()
        .add(Call::Update, When::nth(1), Fault::change_before(LLAMA, theirs));
    server
        .faults()
        .add(Call::Update, When::nth(2), Fault::change_after(LLAMA, theirs));
    update(&server, &body());
    assert_eq!(server.endpoint(LLAMA).unwrap()["policy"]["value"], 60);
    update(&server, &body());
    assert_eq!(server.endpoint(LLAMA).unwrap()["policy"]["value"], 99);
}

#[test]
fn somebody_else_may_change_an_endpoint_between_two_reads() {
    let server = plain();
    let theirs = Fault::change_before(LLAMA, |endpoint| endpoint["name"] = "theirs".into());
    server.faults().add(Call::Load, When::nth(2), theirs);
    let later = Fault::change_after(LLAMA, |endpoint| endpoint["name"] = "later".into());
    server.faults().add(Call::Load, When::nth(2), later);
    let names = [read_name(&server), read_name(&server), read_name(&server)];
    assert_eq!(names, ["llama-3-8b", "theirs", "later"]);
}

#[test]
fn faults_on_one_request_add_up() {
    let server = plain();
    server.faults().add(Call::Update, When::next(1), Fault::CutAfter);
    server.faults().add(Call::Update, When::next(1), Fault::StaleReads(1));
    let bytes = renamed().to_string();
    assert!(post(&server, "/endpoint/update", bytes.as_bytes()).is_err());
    assert_eq!(read_name(&server), "llama-3-8b");
    assert_eq!(read_name(&server), "renamed");
}

#[test]
fn a_panicking_edit_cuts_its_own_request_only() {
    let server = plain();
    server.faults().add(
        Call::Load,
        When::next(1),
        Fault::change_before(LLAMA, |_| panic!("on purpose")),
    );
    assert!(get(&server, "/endpoint?id=ep_7f3a91c2").is_err());
    assert_eq!(load(&server, LARGE).status, 200);
}

#[test]
fn a_header_is_added_to_whatever_is_answered() {
    let server = plain();
    let age = || Fault::Header("Age".into(), "30".into());
    server.faults().add(Call::Load, When::next(1), age());
    assert_eq!(load(&server, LLAMA).header("age"), Some("30"));
    assert_eq!(load(&server, LLAMA).header("age"), None);
    server.faults().add(Call::Load, When::next(1), age());
    let busy = Fault::Instead(Reply::status(503));
    server.faults().add(Call::Load, When::next(1), busy);
    let answer = load(&server, LLAMA);
    assert_eq!((answer.status, answer.header("age")), (503, Some("30")));
}

#[test]
fn a_refusal_can_repeat_the_key_in_any_spelling_and_shape() {
    let key = "sk/Ab+9=xYz_7Q";
    for errors in ErrorShape::ALL {
        let server = start(Quirks {
            errors,
            ..Quirks::default()
        });
        for spelling in KeySpelling::ALL {
            server
                .faults()
                .add(Call::Load, When::next(1), Fault::RepeatKey(spelling));
            let headers = [("Authorization", &*format!("Bearer {key}"))];
            let answer = send(&server, "GET", "/endpoint?id=ep_1", &headers, b"").unwrap();
            assert_eq!(answer.status, 400);
            let body = String::from_utf8(answer.body.clone()).unwrap();
            assert_eq!(
                body.contains(&spelling.spell(key)),
                errors != ErrorShape::Reason,
                "{errors:?}: {body}"
            );
            let is_json = serde_json::from_str::<Value>(&body).is_ok();
            assert_eq!(is_json, errors != ErrorShape::Text, "{body}");
        }
    }
    assert_eq!(KeySpelling::JsonEscapes.spell(key), r"sk\/Ab\u002b9\u003dxYz\u005f7Q");
    assert_eq!(KeySpelling::Base64Url.spell(key), "QmVhcmVyIHNrL0FiKzk9eFl6XzdR");
}
