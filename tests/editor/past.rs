//! The history screen, and what is said of the newest send when an endpoint is opened.

use insta::assert_snapshot;
use novita_edit::endpoint::{EnvVar, Number};
use novita_edit::store::{History, Record, SendOutcome};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::Opened;

use crate::harness::{Editor, ID, llama, surroundings};
use crate::situations::{past_of, record};

fn history() -> History {
    History {
        records: vec![
            record("23T13:58", SendOutcome::Stored, |c| c.workers.max_num = Number::of(6)),
            record("22T09:03", SendOutcome::Refused("no such image".into()), |c| {
                c.image.image = "x".into()
            }),
            record("21T08:00", SendOutcome::Unknown, |c| {
                c.envs.push(EnvVar::new("NEW", "s3cret"))
            }),
            record("20T08:00", SendOutcome::NotStored, |c| c.name = "other".into()),
        ],
        skipped: 0,
        ..History::default()
    }
}

fn past(size: (u16, u16)) -> Editor {
    past_of(history(), size)
}

#[test]
fn what_was_sent_is_listed_with_time_outcome_and_changes() {
    let mut editor = past((80, 24));
    assert!(
        editor
            .line("23 Nov 13:58")
            .contains("✓ stored           Max workers 5 → 6")
    );
    assert!(editor.line("22 Nov 09:03").contains("✗ refused          Image "));
    assert!(editor.line("21 Nov 08:00").contains("? not known        +NEW"));
    editor.keys("j");
    editor.shows("no such image");
}

#[test]
fn a_send_shows_its_difference_from_now_and_is_put_back_as_an_edit_only() {
    let mut editor = past((80, 24));
    editor.keys("p");
    editor
        .shows("What the server held before the send of 23 Nov 13:58")
        .shows("The form holds just that.");
    editor.keys("<Tab>");
    editor
        .shows("What was sent 23 Nov 13:58 (stored).")
        .shows("Max workers 5 → 6");
    editor.keys("p");
    editor.shows("Done: put back what was sent 23 Nov 13:58.");
    assert_eq!(editor.asked(), [], "nothing is sent by it");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.keys("w");
    editor.shows("Max workers 5 → 6");
    editor.keys("<Esc>u");
    assert_eq!(editor.now().workers.max_num.text(), "5");
}

#[test]
fn put_back_values_are_masked_until_shown() {
    let mut editor = past((80, 24));
    editor.keys("jj<Enter><Tab>");
    editor.shows("Environment NEW").hides("s3cret");
    editor.keys("V");
    editor.shows("s3cret");
    editor.keys("<Esc>");
    editor.shows("? not known");
    editor.keys("<Esc>");
    editor.hides("History");
}

#[test]
fn an_empty_and_an_unreadable_history_say_so() {
    let mut editor = Editor::form();
    editor.keys("H");
    editor.shows("Reading…");
    editor.event(Event::HistoryRead(ID.into(), Ok(History::default())));
    editor.shows("Nothing was sent from here yet.");
    editor.keys("<Enter>p<Tab>j<Esc>H");
    editor.event(Event::HistoryRead(ID.into(), Err("permission denied".into())));
    editor.shows("The history can't be read: permission denied.");
}

fn opening(last: Record) -> Editor {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.effects.clear();
    let opened = Opened {
        last: Some(Box::new(last)),
        ..Opened::ours()
    };
    editor.event(Event::Opened(ID.into(), Box::new(opened)));
    editor.load(Ok(llama()));
    editor
}

#[test]
fn what_somebody_changed_since_ones_own_save_is_told_on_opening() {
    let mut saved = record("23T13:58", SendOutcome::Stored, |c| c.workers.max_num = Number::of(6));
    // Just what was there before it may be an old answer.
    let editor = opening(saved.clone());
    editor.shows("The server shows Max workers as before your save of 23 Nov 13:58: it was taken back, or the");
    saved.before.config.name = "before".into();
    let editor = opening(saved);
    editor.shows("Changed by somebody else since your save of 23 Nov 13:58: Max workers. H shows it.");
    let editor = opening(record("23T13:58", SendOutcome::Stored, |_| ()));
    editor.hides("since your save");
}

#[test]
fn a_send_whose_end_was_never_known_is_settled_on_opening() {
    let mut editor = opening(record("23T13:58", SendOutcome::Unknown, |_| ()));
    editor.shows("of which nothing was known, is stored.");
    assert!(matches!(
        editor.asked()[..],
        [Effect::RecordOutcome(_, ref note), Effect::LoadLookups] if note.outcome == SendOutcome::Stored
    ));
    let mut editor = opening(record("23T13:58", SendOutcome::Unknown, |c| c.name = "other".into()));
    editor.shows("of which nothing was known, is not stored.");
    assert!(matches!(
        editor.asked()[..],
        [Effect::RecordOutcome(_, ref note), Effect::LoadLookups] if note.outcome == SendOutcome::NotStored
    ));
}

#[test]
fn the_history() {
    for (width, height) in [(80, 24), (120, 40), (50, 14), (40, 12)] {
        let mut editor = past((width, height));
        assert_snapshot!(format!("history_{width}x{height}"), editor.keys("j").picture());
    }
    assert_snapshot!("history_send", past((80, 24)).keys("<Enter><Tab>").picture());
}
