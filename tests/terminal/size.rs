//! Windows of every size, changed at any moment.

use crate::harness::{ENTER, LLAMA, Session, Start, server};

#[test]
fn a_resized_window_shows_the_same_form_again() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    let before = session.screen();
    for (columns, rows) in [(50, 14), (40, 12), (120, 40)] {
        session.resize(columns, rows);
        session.wait_for("Max workers *8");
        session.wait_for("Enter edit");
        let widest = session.screen().lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(usize::from(columns)));
    }
    session.resize(20, 5);
    session.wait_for("need 40×12");
    assert!(!session.shows("Max"), "half a form:\n{}", session.screen());
    session.resize(80, 24);
    session.wait_for("Max workers *8");
    session.wait_gone("need 40×12");
    assert_eq!(session.screen(), before);
}

#[test]
fn a_window_resized_while_editing_keeps_what_was_typed() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.find("max w");
    session.type_and_see("12", "12 is above 10");
    session.resize(20, 5);
    session.wait_for("need 40×12");
    session.resize(40, 12);
    session.wait_for("12 is above 10");
    session.type_and_see(ENTER, "Max workers *12");
}

#[test]
fn the_story_goes_in_a_window_of_40_by_12() {
    let server = server();
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).size(40, 12).spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.type_and_see("w", "1 change:");
    // The endpoint's warning may stand below the fold; it has to be seen first.
    session.type_and_see(ENTER, "Sav");
    session.wait_for("✓ Saved");
}

#[test]
fn too_small_a_window_from_the_start_only_says_so() {
    let server = server();
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).size(39, 11).spawn();
    session.wait_for("need 40×12");
    session.resize(80, 24);
    session.wait_for("0–10");
    session.resize(39, 12);
    session.wait_for("need 40×12");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}
