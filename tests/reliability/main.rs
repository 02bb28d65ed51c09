//! `docs/reliability.md` held to its word: every row of its tables is done to the real editor, client and draft.

mod differently;
mod fault;
#[allow(dead_code)] // the editor's tests use all of it
#[path = "../editor/harness.rs"]
mod harness;
mod table;
mod walk;
mod ways;

use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fault::{Place, REASONS, required};
use table::{Row, reasons, rows};
use walk::{Seen, late, walk};

/// Rows that are walked at once: most of their time is waiting.
const AT_ONCE: usize = 12;

#[test]
fn every_row_comes_true() {
    let rows = rows();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let told = match catch_unwind(|| walk(row)) {
                        Ok(Some(seen)) => differences(row, &seen),
                        Ok(None) => vec!["nobody knows how to do that".to_owned()],
                        Err(_) => vec!["panicked, see above".to_owned()],
                    };
                    if !told.is_empty() {
                        let told = told.join("\n    ");
                        wrong.lock().unwrap().push(format!("{}:\n    {told}", row.name()));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {} rows don't come true:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

fn differences(row: &Row, seen: &Seen) -> Vec<String> {
    let mut told = Vec::new();
    for (what, says, is) in [
        ("asked", &row.asked, &seen.asked),
        ("holds", &row.holds, &seen.holds),
        ("kept", &row.kept, &seen.kept),
    ] {
        if says != is {
            told.push(format!("{what}: {says:?} is {is:?}"));
        }
    }
    let mut rest = seen.screen.as_str();
    for part in row.reads.replace("HOST", &seen.host).split('…') {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        match rest.find(&part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => {
                told.push(format!("no {part:?} in {:?}", seen.screen));
                break;
            }
        }
    }
    // One request changes something, and it goes out once.
    let never_connected = matches!(row.fault.as_str(), "refused" | "DNS" | "TLS");
    let posts = match row.place {
        Place::Load => 0,
        Place::Check => usize::from(row.fault.ends_with(", once")),
        Place::Send => usize::from(!never_connected),
        Place::Verify => 1,
        Place::Others => usize::from(row.asked != "no"),
    };
    if seen.posts != posts {
        told.push(format!("{} updates reached the server, not {posts}", seen.posts));
    }
    told
}

#[test]
fn an_update_that_lands_after_it_was_read_back_was_not_called_lost() {
    let (first, then) = late();
    assert!(
        first.contains("! Not known: the update was sent, no answer tells"),
        "{first}"
    );
    assert!(then.contains("✓ Saved: every sent field read back as sent."), "{then}");
}

#[test]
fn no_fault_is_missing_and_none_stands_twice() {
    let rows = rows();
    for place in Place::ALL {
        let here: Vec<&Row> = rows.iter().filter(|row| row.place == place).collect();
        for fault in required(place) {
            assert!(here.iter().any(|row| row.fault == fault), "{place:?} has no {fault:?}");
        }
        for (at, row) in here.iter().enumerate() {
            let same = |other: &&Row| other.name() == row.name();
            assert!(!here[at + 1..].iter().any(same), "twice: {}", row.name());
            assert!(!row.reads.is_empty(), "{} says nothing", row.name());
        }
    }
}

#[test]
fn every_documented_refusal_is_in_its_table() {
    let told: Vec<(u16, String)> = reasons()
        .into_iter()
        .map(|reason| (reason.status, reason.name))
        .collect();
    let known: Vec<(u16, String)> = REASONS.map(|(status, name)| (status, name.to_owned())).into();
    assert_eq!(told, known);
}
