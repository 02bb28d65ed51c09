//! What a later read tells of sends that were left open.

use jiff::Timestamp;
use novita_edit::endpoint::{EndpointConfig, Number};
use novita_edit::session::settle;
use novita_edit::store::{Record, SendOutcome, Snapshot};

use crate::edits::endpoint;

fn max(max: i64) -> EndpointConfig {
    let mut config = endpoint().config;
    config.workers.max_num = Number::of(max);
    config
}

/// A send from one number of workers to another, that could be on its way until then.
fn send(number: u32, (from, to): (i64, i64), outcome: SendOutcome) -> Record {
    Record {
        id: serde_json::from_str(&format!("\"{number}\"")).unwrap(),
        at: format!("2026-11-20T18:0{number}:00+00:00"),
        before: Snapshot {
            config: max(from),
            has_health_check: true,
            settings: Vec::new(),
        },
        after: max(to),
        outcome,
        read: None,
        timeout: None,
        until: Some(format!("2026-11-20T18:0{number}:30+00:00")),
        workers: Vec::new(),
        check: None,
    }
}

fn at(time: &str) -> Timestamp {
    format!("2026-11-20T{time}+00:00").parse().unwrap()
}

/// What is settled, the newest first: the send's number, and its word with what it reverted.
fn settled(records: &[Record], read: i64, now: &str) -> Vec<(String, String)> {
    let settled = settle(records, &max(read), at(now));
    let word = |one: &novita_edit::session::Settled| format!("{} {}", one.outcome.words(), one.reverted.join(", "));
    settled
        .iter()
        .map(|one| (one.id.to_string(), word(one).trim().to_owned()))
        .collect()
}

#[test]
fn a_read_settles_what_was_open() {
    use SendOutcome::*;
    let (soon, later) = ("18:02:10", "18:30:00");
    let open = [send(2, (5, 8), Unknown)];
    for (what, records, read, now, wanted) in [
        ("it is there", &open[..], 8, soon, &[("2", "stored")][..]),
        ("the former values, and it may come", &open, 5, soon, &[]),
        (
            "the former values, and it can't come any more",
            &open,
            5,
            later,
            &[("2", "not stored")],
        ),
        ("something else", &open, 6, later, &[]),
        (
            "a refusal is believed with the former values",
            &[send(2, (5, 8), RefusedNotRead("no".into()))],
            5,
            soon,
            &[("2", "refused")],
        ),
        (
            "a refusal that was none",
            &[send(2, (5, 8), RefusedNotRead("no".into()))],
            8,
            soon,
            &[("2", "stored")],
        ),
        (
            "accepted, and shown now",
            &[send(2, (5, 8), NotShown)],
            8,
            later,
            &[("2", "stored")],
        ),
        (
            "accepted, and never shown",
            &[send(2, (5, 8), NotShown)],
            5,
            later,
            &[("2", "not stored")],
        ),
        (
            "the newest of two that say the same",
            &[send(2, (5, 8), Unknown), send(1, (5, 8), Unknown)],
            8,
            soon,
            &[("2", "stored")],
        ),
        (
            "an older one is there after a later one was stored",
            &[send(2, (5, 7), Stored), send(1, (5, 8), Unknown)],
            8,
            later,
            &[("1", "landed late Max workers")],
        ),
        (
            "a later one is there: of the older nothing is known",
            &[send(2, (5, 7), Stored), send(1, (5, 8), Unknown)],
            7,
            later,
            &[],
        ),
        (
            "nothing is open",
            &[send(2, (5, 8), Stored), send(1, (5, 5), Refused("no".into()))],
            8,
            later,
            &[],
        ),
    ] {
        let wanted: Vec<(String, String)> = wanted.iter().map(|(id, word)| ((*id).into(), (*word).into())).collect();
        assert_eq!(settled(records, read, now), wanted, "{what}");
    }
}

#[test]
fn a_send_of_which_no_time_was_noted_is_open_as_long_as_the_usual_time_outs_run() {
    let old = |timeout| Record {
        until: None,
        timeout,
        ..send(2, (5, 8), SendOutcome::Unknown)
    };
    assert_eq!(settled(&[old(None)], 5, "18:09:59"), []);
    assert_eq!(settled(&[old(None)], 5, "18:10:01").len(), 1);
    let short = Some(std::time::Duration::from_secs(10));
    assert_eq!(settled(&[old(short)], 5, "18:06:19"), []);
    assert_eq!(settled(&[old(short)], 5, "18:06:21").len(), 1);
}
