//! Two editors on one endpoint and one state directory.

use crate::harness::{CTRL_X, ENTER, LLAMA, Session, Start, posts, server};
use crate::home::{Home, max_workers};

/// A second editor while the first has the endpoint.
fn second(home: &Home, base_url: &str) -> Session {
    let session = Start::editor(base_url).arg(LLAMA).home(home).spawn();
    session.wait_for("Another novita-edit has this endpoint");
    session
}

#[test]
fn the_second_editor_is_told_which_process_has_the_endpoint_and_since_when() {
    let server = server();
    let first = Session::form(&server.base_url());
    let owner = first.home.owner().unwrap();
    let clock = &owner["since"].as_str().unwrap()[11..16];
    let second = second(&first.home, &server.base_url());
    second.wait_for(&format!("process {} on", first.pid()));
    second.wait_for("since");
    assert!(second.shows(clock), "{clock} isn't told:\n{}", second.screen());
}

#[test]
fn going_on_read_only_writes_no_draft_and_sends_nothing() {
    let server = server();
    let mut first = Session::form(&server.base_url());
    first.set_max_workers(8);
    let home = first.home.clone();
    home.wait_for_max_workers(8);
    let (draft, owner) = (home.draft(), home.owner());

    let mut second = second(&home, &server.base_url());
    second.send("r");
    second.wait_gone("Another novita-edit has this endpoint");
    second.wait_for("read-only");
    second.set_max_workers(3);
    second.type_and_see("w", "Max workers 5 → 3");
    second.type_and_see(ENTER, "Another novita-edit has this endpoint");
    second.type_and_see("q", "discard them and quit");
    second.send(CTRL_X);
    assert_eq!(second.exit_code(), 0);
    assert_eq!(posts(&server), []);
    assert_eq!((home.draft(), home.owner()), (draft, owner));
    // The first one goes on as if nothing had been.
    first.set_max_workers(7);
    home.wait_for_max_workers(7);
    first.review_and_send();
    first.wait_for("✓ Saved");
}

#[test]
fn taking_over_turns_the_first_editor_read_only_and_keeps_both_edits() {
    let server = server();
    let mut first = Session::form(&server.base_url());
    first.set_max_workers(8);
    let home = first.home.clone();
    home.wait_for_max_workers(8);

    let mut second = second(&home, &server.base_url());
    second.type_and_see("t", "left unsaved edits of");
    second.wait_for("Max workers 5 → 8");
    second.type_and_see(ENTER, "Max workers *8");
    second.set_max_workers(7);
    home.wait_for_max_workers(7);
    assert_eq!(home.owner_pid(), second.pid());

    first.set_max_workers(9);
    first.wait_for(&format!(
        "This one is read-only now: taken over by process {}",
        second.pid()
    ));
    first.wait_for("read-only");
    first.wait_for("Max workers *9");
    first.type_and_see("w", "Max workers 5 → 9");
    first.type_and_see(ENTER, "Another novita-edit has this endpoint");
    assert_eq!(posts(&server), []);
    assert_eq!(
        home.draft().as_ref().map(max_workers),
        Some(7),
        "the first damaged the second's draft"
    );
    // Its leaving takes nothing away from the second.
    first.type_and_see("q", "discard them and quit");
    first.send(CTRL_X);
    assert_eq!(first.exit_code(), 0);
    assert_eq!(home.draft().as_ref().map(max_workers), Some(7));
    assert_eq!(home.owner_pid(), second.pid());

    second.review_and_send();
    second.wait_for("✓ Saved");
    home.wait_for_no_draft();
    second.send(ENTER);
    second.wait_for("Enter edit");
    second.send("q");
    assert_eq!(second.exit_code(), 0);
    home.assert_tidy();
}

#[test]
fn who_was_taken_over_takes_back_with_the_edits_still_on_its_screen() {
    let server = server();
    let mut first = Session::form(&server.base_url());
    first.set_max_workers(8);
    let home = first.home.clone();
    home.wait_for_max_workers(8);
    let mut second = second(&home, &server.base_url());
    second.type_and_see("t", "left unsaved edits of");
    second.type_and_see(CTRL_X, "are discarded;");
    home.wait_for_no_draft();
    first.set_max_workers(9);
    first.wait_for("This one is read-only now");
    first.type_and_see("w", "Max workers 5 → 9");
    first.type_and_see(ENTER, "Another novita-edit has this endpoint");
    first.send("t");
    home.wait_for_max_workers(9);
    assert_eq!(home.owner_pid(), first.pid());
    first.review_and_send();
    first.wait_for("✓ Saved");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn taking_back_asks_about_what_the_other_left_before_anything_is_written_over_it() {
    let server = server();
    let mut first = Session::form(&server.base_url());
    first.set_max_workers(8);
    let home = first.home.clone();
    home.wait_for_max_workers(8);
    let mut second = second(&home, &server.base_url());
    second.type_and_see("t", "left unsaved edits of");
    second.type_and_see(ENTER, "Max workers *8");
    second.set_max_workers(7);
    home.wait_for_max_workers(7);
    first.set_max_workers(9);
    first.wait_for("This one is read-only now");
    first.type_and_see("w", "Max workers 5 → 9");
    first.type_and_see(ENTER, "Another novita-edit has this endpoint");
    first.type_and_see("t", "left unsaved edits of");
    first.wait_for(&format!("process {}", second.pid()));
    first.wait_for("Max workers 5 → 7");
    assert_eq!(
        home.draft().as_ref().map(max_workers),
        Some(7),
        "written over before it was decided"
    );
    first.type_and_see(CTRL_X, "Max workers *9");
    home.wait_for_max_workers(9);
}

#[test]
fn a_review_that_was_open_when_another_editor_took_over_sends_nothing() {
    let server = server();
    let mut first = Session::form(&server.base_url());
    first.set_max_workers(8);
    let home = first.home.clone();
    home.wait_for_max_workers(8);
    first.type_and_see("w", "Enter SEND");
    let mut second = second(&home, &server.base_url());
    second.type_and_see("t", "left unsaved edits of");
    // Nothing was edited since, so the first can only find out by looking before it sends.
    first.type_and_see(ENTER, "took this endpoint over, so this editor sends nothing.");
    first.wait_for("✗ Not sent");
    assert_eq!(posts(&server), []);
    first.type_and_see(ENTER, "Max workers *8");
    second.type_and_see(ENTER, "Max workers *8");
    assert_eq!(home.draft().as_ref().map(max_workers), Some(8));
}

#[test]
fn a_killed_owner_is_succeeded_without_a_question() {
    let server = server();
    let first = Session::form(&server.base_url());
    let home = first.home.clone();
    let dead = first.pid();
    first.kill();
    assert_eq!(home.owner_pid(), dead);
    let mut next = Session::form_in(&home, &server.base_url());
    home.wait("the endpoint taken", |home| home.owner_pid() == next.pid());
    assert!(!next.shows("Another novita-edit"), "{}", next.screen());
    next.set_max_workers(8);
    home.wait_for_max_workers(8);
    assert_eq!(home.draft().unwrap()["pid"], next.pid());
}
