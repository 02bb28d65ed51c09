//! Lists, pages and filters.

use std::time::Duration;

use novita_edit::demo::{Call, Fault, FirstPage, Quirks, When};
use serde_json::{Value, json};

use crate::http::{Answer, get};
use crate::start;

fn list(quirks: Quirks, queries: &[(usize, usize)]) -> Vec<Answer> {
    let server = start(quirks);
    for number in 3..10 {
        server.add_endpoint(json!({"id": format!("ep_{number}"), "name": format!("more {number}")}));
    }
    queries
        .iter()
        .map(|(size, page)| get(&server, &format!("/endpoints?pageSize={size}&pageNum={page}")).unwrap())
        .collect()
}

fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let entries = body["endpoints"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_first_page_is_page_0_by_default() {
    let pages = list(Quirks::default(), &[(4, 0), (4, 1), (4, 2), (4, 3)]);
    let lengths: Vec<_> = pages.iter().map(|page| ids(page).len()).collect();
    assert_eq!(lengths, [4, 4, 2, 0]);
    assert!(pages.iter().all(|page| page.json()["total"] == 10));
    let mut all: Vec<_> = pages.iter().flat_map(ids).collect();
    all.dedup();
    assert_eq!(all.len(), 10);
}

#[test]
fn page_0_may_be_refused() {
    let quirks = Quirks {
        first_page: FirstPage::OneRefusingZero,
        ..Quirks::default()
    };
    let pages = list(quirks, &[(4, 0), (4, 1), (4, 3)]);
    assert_eq!(pages[0].refusal().0, 400);
    assert!(pages[0].refusal().2.contains("pageNum"));
    assert_eq!(ids(&pages[1])[0], crate::LLAMA);
    assert_eq!(ids(&pages[2]).len(), 2);
}

#[test]
fn page_0_may_be_taken_for_page_1() {
    let quirks = Quirks {
        first_page: FirstPage::OneTakingZero,
        ..Quirks::default()
    };
    let pages = list(quirks, &[(4, 0), (4, 1), (4, 2)]);
    assert_eq!(ids(&pages[0]), ids(&pages[1]));
    assert_ne!(ids(&pages[1]), ids(&pages[2]));
}

#[test]
fn a_page_may_be_capped_below_what_is_asked_for() {
    let quirks = Quirks {
        page_cap: Some(3),
        ..Quirks::default()
    };
    let pages = list(quirks, &[(100, 0), (100, 3), (2, 0)]);
    assert_eq!(ids(&pages[0]).len(), 3);
    assert_eq!(ids(&pages[1]), ["ep_9"]);
    assert_eq!(ids(&pages[2]).len(), 2);
}

#[test]
fn a_page_far_behind_the_end_is_empty() {
    let pages = list(Quirks::default(), &[(usize::MAX, usize::MAX)]);
    assert!(ids(&pages[0]).is_empty());
}

#[test]
fn both_page_parameters_are_required_and_numbers() {
    let server = start(Quirks::default());
    for (path, field) in [
        ("/endpoints", "pageSize"),
        ("/endpoints?pageNum=0", "pageSize"),
        ("/endpoints?pageSize=10", "pageNum"),
        ("/endpoints?pageSize=0&pageNum=0", "pageSize"),
        ("/endpoints?pageSize=-1&pageNum=0", "pageSize"),
        ("/endpoints?pageSize=ten&pageNum=0", "pageSize"),
        ("/endpoints?pageSize=10&pageNum=-1", "pageNum"),
        ("/networkstorages/list?pageNo=0", "pageSize"),
        ("/networkstorages/list?pageSize=10", "pageNo"),
        ("/endpoint", "id"),
        ("/endpoint?id=", "id"),
    ] {
        let (status, reason, message) = get(&server, path).unwrap().refusal();
        assert_eq!((status, reason.as_str()), (400, "VALIDATOR_PARAM"), "{path}");
        assert!(message.contains(field), "{path}: {message}");
    }
}

#[test]
fn storages_are_paged_and_filtered() {
    let server = start(Quirks::default());
    let storages = |query: &str| -> (Vec<Value>, Value) {
        let body = get(&server, &format!("/networkstorages/list?{query}")).unwrap().json();
        (
            body["data"].as_array().cloned().unwrap_or_default(),
            body["total"].clone(),
        )
    };
    let (all, total) = storages("pageNo=0&pageSize=50");
    assert_eq!(total, all.len());
    assert!(all.len() >= 3);
    let (second, total) = storages("pageNo=1&pageSize=2");
    assert_eq!((&second[..], total), (&all[2..4], 4.into()));
    let (by_id, _) = storages("pageNo=0&pageSize=50&storageId=stor_9");
    assert_eq!(by_id[0]["storageName"], "hf-cache");
    assert_eq!(by_id[0]["clusterId"], "us-dallas-nas-2");
    let (by_name, _) = storages("pageNo=0&pageSize=50&storageName=hf-c");
    assert_eq!(by_name, by_id);
}

#[test]
fn credentials_come_with_their_password_and_clusters_with_their_gpus() {
    let server = start(Quirks::default());
    let auths = get(&server, "/repository/auths").unwrap().json();
    assert_eq!(auths["data"].as_array().unwrap().len(), 2);
    assert!(auths["data"][0]["password"].as_str().unwrap().starts_with("demo-"));
    let clusters = get(&server, "/clusters").unwrap().json();
    assert_eq!(clusters["data"].as_array().unwrap().len(), 3);
    assert!(clusters["data"][0]["availableGpuType"].is_array());
}

#[test]
fn a_page_size_may_be_refused_and_page_0_with_any_status() {
    let quirks = Quirks {
        first_page: FirstPage::OneRefusing(422),
        most_page_size: Some(4),
        ..Quirks::default()
    };
    let pages = list(quirks, &[(5, 1), (4, 0), (4, 1)]);
    assert_eq!(pages[0].refusal().0, 400);
    assert!(pages[0].refusal().2.contains("pageSize"));
    assert_eq!(pages[1].refusal().0, 422);
    assert_eq!(ids(&pages[2]).len(), 4);
}

#[test]
fn a_total_may_be_wrong_and_the_list_under_another_name() {
    let quirks = Quirks {
        total_off: 1,
        endpoints_under_data: true,
        ..Quirks::default()
    };
    let page = list(quirks, &[(100, 0)]).remove(0).json();
    assert_eq!(page["total"], 11);
    assert_eq!(page["data"].as_array().unwrap().len(), 10);
    assert!(page.get("endpoints").is_none());
}

#[test]
fn more_pages_at_a_time_than_are_served_are_refused() {
    let server = start(Quirks {
        pages_at_once: Some(1),
        ..Quirks::default()
    });
    let slow = Fault::DelayBefore(Duration::from_millis(300));
    server.faults().add(Call::List, When::always(), slow);
    let page = || get(&server, "/endpoints?pageSize=9&pageNum=0").unwrap().status;
    let mut statuses = std::thread::scope(|scope| {
        let both = [scope.spawn(page), scope.spawn(page)];
        both.map(|page| page.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 429]);
    assert_eq!(page(), 200, "one after the other is no matter");
}
