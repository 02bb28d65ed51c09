//! Quick scale: from the list of endpoints and from the form.

use insta::assert_snapshot;
use novita_edit::endpoint::LoadedEndpoint;
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::Opened;

use crate::harness::{Editor, ID, llama};
use crate::loading::picker;
use crate::situations::found;

fn scaling_with(endpoint: LoadedEndpoint, opened: Opened) -> Editor {
    let mut editor = picker();
    editor.keys("s");
    editor.effects.clear();
    editor.event(Event::Opened(ID.into(), Box::new(opened)));
    editor.load(Ok(endpoint));
    editor
}

fn scaling() -> Editor {
    scaling_with(llama(), Opened::ours())
}

#[test]
fn max_workers_by_one_from_the_picker_is_s_tab_plus_enter_enter() {
    let mut editor = scaling();
    editor.keys("<Tab>+<Enter>");
    editor.shows("Review").shows("Max workers 5 → 6");
    editor.keys("<Enter>");
    assert!(editor.sent().unwrap().contains("\"maxNum\": 6"));
}

#[test]
fn numbers_are_typed_stepped_checked_and_undone_in_the_box() {
    let mut editor = scaling();
    editor.keys("<Tab>12");
    editor.shows("12 is above 10");
    editor.keys("<BS><BS>7<Tab>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    editor.keys("<gt><lt><lt>");
    assert_eq!(editor.now().workers.free_timeout.text(), "290");
    editor.keys("<Tab> ");
    assert_eq!(editor.now().policy.kind.word(), "concurrency");
    editor.keys("uuuuu");
    assert_eq!(*editor.now(), llama().config);
    editor.keys("<S-Tab>9<Esc>");
    assert_eq!(editor.now().workers.free_timeout.text(), "300", "Esc leaves the text");
    editor.shows("Scale ·");
}

#[test]
fn an_error_is_gone_to_instead_of_sending() {
    let mut editor = scaling();
    editor.keys("<Tab>12<Enter><Enter>");
    editor.shows("Nothing was sent.");
    assert_eq!(editor.sent(), None);
}

#[test]
fn esc_goes_back_to_where_it_was_opened_and_asks_before_changes_are_lost() {
    let mut editor = scaling();
    editor.keys("<Esc>");
    editor.shows("Choose an endpoint");
    let mut editor = scaling();
    editor.keys("+<Esc>");
    editor.shows("Unsaved changes");
    let mut editor = Editor::form();
    editor.keys("s+<Esc>");
    editor.hides("Scale ·");
    assert_eq!(editor.now().workers.min_num.text(), "2");
}

#[test]
fn a_waiting_draft_is_left_alone_and_that_is_said() {
    let mut editor = scaling_with(llama(), found(|_| ()));
    editor.shows("Unsaved edits of 23 Nov 13:58 wait: they are left alone.");
    assert!(editor.asked().contains(&Effect::Disown));
    editor.keys("<Tab>+");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert!(editor.model.unsaved().is_none(), "nothing is written over the draft");
    editor.keys("<Enter><Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn the_box() {
    for (width, height) in [(80, 24), (120, 40), (50, 14), (40, 12)] {
        let mut editor = scaling();
        editor.resize(width, height).keys("<Tab>12");
        assert_snapshot!(format!("scale_{width}x{height}"), editor.picture());
    }
}
