//! The list of endpoints over HTTP; the rule itself is tested beside it.

use std::io::Write;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use novita_edit::api::{ApiError, Client, FailureHint};
use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, FirstPage, Pace, Quirks, Reply, Seed, When};

use crate::server::{Server, Then, answer, client, ok};

/// A server of `count` endpoints that gives at most `cap` on a page, of which `first` is the first.
fn server(count: usize, cap: usize, first: usize, refuses_zero: bool, tells_total: bool) -> Server {
    Server::start(move |request, stream| {
        let value = |name: &str| {
            let query = request.target.split_once('?').unwrap().1;
            let pair = query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(n, _)| *n == name);
            pair.unwrap().1.parse::<usize>().unwrap()
        };
        let (size, page) = (value("pageSize").min(cap), value("pageNum"));
        let bytes = if refuses_zero && page == 0 {
            answer(
                "400 Bad Request",
                &[],
                br#"{"reason":"VALIDATOR_PARAM","message":"pageNum must be > 0"}"#,
            )
        } else {
            let start = page.saturating_sub(first) * size;
            let items: Vec<String> = (start..count.min(start + size))
                .map(|n| format!(r#"{{"id":"ep_{n}"}}"#))
                .collect();
            let total = if tells_total {
                format!(r#","total":"{count}""#)
            } else {
                String::new()
            };
            ok(&format!(r#"{{"endpoints":[{}]{total}}}"#, items.join(",")))
        };
        stream.write_all(&bytes).unwrap();
        Then::Keep
    })
}

async fn list(client: &Client) -> Result<Vec<String>, ApiError> {
    let mut ids = Vec::new();
    client
        .endpoints(|page| ids.extend(page.into_iter().map(|summary| summary.id)))
        .await?;
    Ok(ids)
}

#[tokio::test]
async fn all_endpoints_are_found_once_however_the_server_counts() {
    for (first, refuses_zero) in [(0, false), (1, false), (1, true)] {
        for tells_total in [true, false] {
            for count in [0, 1, 49, 50, 51, 230] {
                let server = server(count, 50, first, refuses_zero, tells_total);
                let expected: Vec<String> = (0..count).map(|n| format!("ep_{n}")).collect();
                let found = list(&server.client()).await.unwrap();
                assert_eq!(found, expected, "{count} from {first}, {refuses_zero}, {tells_total}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_fits_one_page_takes_one_request() {
    let server = server(3, 100, 0, false, true);
    list(&server.client()).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn pages_are_handed_over_as_they_come() {
    let server = Server::start(|request, stream| {
        if request.target.ends_with("pageNum=0") {
            stream
                .write_all(&ok(r#"{"endpoints":[{"id":"ep_0"}],"total":2}"#))
                .unwrap();
            Then::Keep
        } else {
            Then::Close
        }
    });
    let mut got = 0;
    let error = server.client().endpoints(|page| got += page.len()).await.unwrap_err();
    let ApiError::Incomplete(list) = &error else {
        panic!("{error:?}");
    };
    assert!(matches!(list.why, Some(ApiError::NoAnswer { .. })), "{error:?}");
    assert_eq!((got, list.came, list.total), (1, 1, Some(2)));
    let told = error.to_string();
    assert!(
        told.starts_with("Only 1 of 2 endpoints came. The connection to 127.0.0.1:"),
        "{told}"
    );
    assert!(error.may_pass(), "it may come when it is asked for again");
}

/// Four pages are under way at a time: each of them is answered only once all four are.
#[tokio::test]
async fn once_the_total_is_known_pages_are_asked_for_four_at_a_time_and_come_in_their_order() {
    let four = Arc::new(Barrier::new(4));
    let server = Server::start(move |request, stream| {
        let page: usize = request.target.rsplit_once('=').unwrap().1.parse().unwrap();
        if page > 0 {
            four.wait();
        }
        // The later, the sooner.
        std::thread::sleep(Duration::from_millis(5 * (8 - page.min(8)) as u64));
        let items: Vec<String> = (page * 10..page * 10 + 10)
            .map(|n| format!(r#"{{"id":"ep_{n}"}}"#))
            .collect();
        let body = format!(r#"{{"endpoints":[{}],"total":90}}"#, items.join(","));
        stream.write_all(&ok(&body)).unwrap();
        Then::Keep
    });
    let found = list(&server.client()).await.unwrap();
    assert_eq!(found, (0..90).map(|n| format!("ep_{n}")).collect::<Vec<_>>());
    assert_eq!(server.requests().len(), 9);
}

fn demo(count: usize, quirks: Quirks) -> DemoServer {
    let mut seed = Seed::demo();
    let first = seed.endpoints[0].clone();
    seed.endpoints = (0..count)
        .map(|n| {
            let mut endpoint = first.clone();
            endpoint["id"] = format!("ep_{n}").into();
            endpoint
        })
        .collect();
    DemoServer::start(DemoOptions {
        pace: Pace::manual(),
        seed,
        quirks,
        ..DemoOptions::default()
    })
    .unwrap()
}

#[tokio::test]
async fn a_server_that_serves_one_page_at_a_time_is_asked_so() {
    let quirks = Quirks {
        page_cap: Some(10),
        pages_at_once: Some(1),
        ..Quirks::default()
    };
    let server = demo(70, quirks);
    // Long enough that four would meet.
    let slow = Fault::DelayBefore(Duration::from_millis(20));
    server.faults().add(Call::List, When::always(), slow);
    let client = client(&server.base_url());
    let mut ids = list(&client).await.unwrap();
    assert_eq!(ids.len(), 70);
    let asked = server.requests().len();
    assert!(
        asked > 7 && asked <= 7 + 3,
        "{asked} requests, three of them too many at a time"
    );
    ids = list(&client).await.unwrap();
    assert_eq!((ids.len(), server.requests().len()), (70, asked + 7), "and from now on");
}

#[tokio::test]
async fn a_first_page_that_is_refused_is_tried_as_page_1_and_then_with_smaller_pages() {
    for status in [400, 404, 416, 422, 500] {
        let quirks = Quirks {
            first_page: FirstPage::OneRefusing(status),
            most_page_size: Some(30),
            ..Quirks::default()
        };
        let server = demo(70, quirks);
        assert_eq!(list(&client(&server.base_url())).await.unwrap().len(), 70, "{status}");
        let asked: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
        let sizes: Vec<&str> = asked.iter().map(|target| target.split_once('?').unwrap().1).collect();
        let expected = [
            "pageSize=100&pageNum=0",
            "pageSize=100&pageNum=1",
            "pageSize=50&pageNum=0",
            "pageSize=50&pageNum=1",
            "pageSize=25&pageNum=0",
            "pageSize=25&pageNum=1",
        ];
        assert_eq!(sizes[..6], expected, "{status}");
    }
}

#[tokio::test]
async fn fewer_endpoints_than_there_are_is_told_and_so_is_a_list_that_stands_elsewhere() {
    let server = demo(
        12,
        Quirks {
            total_off: 1,
            ..Quirks::default()
        },
    );
    let mut got = 0;
    let client = client(&server.base_url());
    let error = client.endpoints(|page| got += page.len()).await.unwrap_err();
    assert_eq!(got, 12);
    let told = error.to_string();
    assert!(told.starts_with("Only 12 of 13 endpoints came: 127.0.0.1:"), "{told}");
    assert!(!error.may_pass() && matches!(&error, ApiError::Incomplete(list) if list.is_short()));
    let server = demo(
        12,
        Quirks {
            endpoints_under_data: true,
            ..Quirks::default()
        },
    );
    let error = list(&crate::server::client(&server.base_url())).await.unwrap_err();
    let told = error.to_string();
    assert!(
        told.contains("The answer is no list of endpoints: it has no endpoints."),
        "{told}"
    );
}

#[tokio::test]
async fn a_list_that_breaks_off_in_the_middle_keeps_all_pages_that_came() {
    let quirks = Quirks {
        page_cap: Some(10),
        ..Quirks::default()
    };
    let server = demo(50, quirks);
    let fails = Fault::Instead(Reply::error(503, "UNKNOWN", "not now"));
    server.faults().add(Call::List, When::nth(3), fails);
    let mut got = Vec::new();
    let client = client(&server.base_url());
    let error = client.endpoints(|page| got.extend(page)).await.unwrap_err();
    let ids: std::collections::BTreeSet<&str> = got.iter().map(|endpoint| &*endpoint.id).collect();
    assert_eq!((got.len(), ids.len()), (40, 40));
    let told = error.to_string();
    assert!(told.starts_with("Only 40 of 50 endpoints came. 127.0.0.1:"), "{told}");
    assert!(told.contains("(HTTP 503 UNKNOWN): not now."), "{told}");
    let again = client.endpoints(|page| got.extend(page)).await;
    assert_eq!((again, got.len()), (Ok(()), 90));
}

#[tokio::test]
async fn a_refusal_that_is_not_about_page_0_stands() {
    let refusal = answer(
        "401 Unauthorized",
        &[],
        br#"{"reason":"INVALID_API_KEY","message":"no"}"#,
    );
    let server = Server::answering(refusal);
    assert_eq!(list(&server.client()).await.unwrap_err().hint(), FailureHint::Key);
    assert_eq!(server.requests().len(), 1);
    let server = Server::answering(answer("400 Bad Request", &[], br#"{"message":"no"}"#));
    let error = list(&server.client()).await.unwrap_err();
    assert!(error.to_string().contains("(HTTP 400): no."), "{error}");
    // Pages 0 and 1, of four sizes.
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn storages_are_paged_likewise() {
    let server = Server::start(|request, stream| {
        let page: u32 = request.target.rsplit_once('=').unwrap().1.parse().unwrap();
        let body = if page < 3 {
            format!(r#"{{"data":[{{"storageId":"s{page}","storageSize":100,"clusterId":"c"}}],"total":3}}"#)
        } else {
            r#"{"data":[],"total":3}"#.to_owned()
        };
        stream.write_all(&ok(&body)).unwrap();
        Then::Keep
    });
    let storages = server.client().storages().await.unwrap();
    let ids: Vec<&str> = storages.iter().map(|storage| storage.id.as_str()).collect();
    assert_eq!(ids, ["s0", "s1", "s2"]);
    assert_eq!(storages[0].size, "100");
}
