//! The list of endpoints over HTTP; the rule itself is tested beside it.

use std::io::Write;

use novita_edit::api::{ApiError, Client, FailureHint};

use crate::server::{Server, Then, answer, ok};

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
    assert!(matches!(error, ApiError::NoAnswer { .. }), "{error:?}");
    assert_eq!(got, 1);
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
    list(&server.client()).await.unwrap_err();
    assert_eq!(server.requests().len(), 2);
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
