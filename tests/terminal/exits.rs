//! Every way out in the middle of an edit: the terminal is as it was, the draft is on disk, and nothing else stays.

use novita_edit::demo::DemoServer;
use rustix::process::Signal;
use serde_json::json;

use crate::harness::{CTRL_Z, ENTER, F12, LEFT, LLAMA, Session, Start, process, server};
use crate::home::{Home, PROMISED, max_workers};

const TYPED: &str = "llama-3-8b draft!";
/// Left of the last three characters.
const CURSOR: [u64; 2] = [0, 14];

/// An editor with max workers set to 8, and a name that is being typed: all but the exclamation mark, before which the
/// cursor stands three characters from the end.
fn half_typed(start: Start) -> Session {
    let mut session = start.arg(LLAMA).spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.find("name");
    session.type_and_see(ENTER, "Ctrl-U clear");
    session.type_and_see(&format!(" draft!{LEFT}{LEFT}"), TYPED);
    session
}

/// The last key before the end, right after a draft was written: the thread that writes drafts lets 200 ms pass before
/// the next one. Where the cursor stands then.
fn last_key(session: &mut Session) -> (u16, u16) {
    let before = json!([0, CURSOR[1] + 1]);
    let home = session.home.clone();
    home.wait_for_draft("the cursor", |draft| draft["typing"]["cursor"] == before);
    let (column, row) = session.cursor();
    session.send(LEFT);
    session.see_cursor((column - 1, row));
    (column - 1, row)
}

/// Asserts that everything is in the draft, and that nothing else was left.
fn assert_all_left_is_the_draft(home: &Home) {
    let draft = home.draft().expect("the draft is on disk");
    assert_eq!(max_workers(&draft), 8);
    assert_eq!(draft["typing"]["text"], TYPED);
    assert_eq!(draft["typing"]["what"]["field"], "name");
    assert_eq!(draft["typing"]["cursor"], json!(CURSOR));
    home.assert_tidy();
}

/// Asserts that the next start asks, brings it all back, and cleans up.
fn assert_restored_next_time(home: &Home, server: &DemoServer, cursor: (u16, u16)) {
    let mut next = Session::asked(home, &server.base_url());
    next.wait_for("Max workers 5 → 8");
    next.wait_for(TYPED);
    next.send(ENTER);
    next.wait_gone("left unsaved edits of");
    next.wait_for("Max workers *8");
    next.wait_for("Ctrl-U clear");
    next.wait_for(TYPED);
    next.wait_for_cursor(cursor);
    // It goes on where it was: what is typed comes to stand before the last three characters.
    next.type_and_see("X", "llama-3-8b draXft!");
    next.signal(Signal::TERM);
    assert_eq!(next.exit_code(), 143);
    home.assert_tidy();
}

#[test]
fn signals_leave_the_draft_and_the_terminal_as_it_was() {
    let server = server();
    for (signal, code) in [(Signal::HUP, 129), (Signal::TERM, 143), (Signal::INT, 130)] {
        let mut session = half_typed(Start::editor(&server.base_url()));
        let cursor = last_key(&mut session);
        assert_eq!(session.ends_soon(|session| session.signal(signal)), code, "{signal:?}");
        session.assert_restored();
        assert_all_left_is_the_draft(&session.home);
        assert_restored_next_time(&session.home, &server, cursor);
    }
}

#[test]
fn a_closed_terminal_leaves_the_draft() {
    let server = server();
    let mut session = half_typed(Start::editor(&server.base_url()));
    let cursor = last_key(&mut session);
    let code = session.ends_soon(Session::hang_up);
    assert!([1, 129].contains(&code), "{code}");
    assert_all_left_is_the_draft(&session.home);
    assert_restored_next_time(&session.home, &server, cursor);
}

#[test]
fn the_end_of_input_leaves_the_draft_and_the_terminal_as_it_was() {
    let server = server();
    let mut session = half_typed(Start::editor(&server.base_url()));
    let cursor = last_key(&mut session);
    assert_eq!(session.ends_soon(|session| session.wire().end_input()), 1);
    session.assert_restored();
    assert_all_left_is_the_draft(&session.home);
    assert_restored_next_time(&session.home, &server, cursor);
}

#[test]
fn a_panic_anywhere_leaves_the_draft_and_a_report_on_a_restored_terminal() {
    if !cfg!(debug_assertions) {
        eprintln!("skipped: release builds have no panic on demand");
        return;
    }
    let server = server();
    for place in ["loop", "task", "thread"] {
        let start = Start::editor(&server.base_url()).env("NOVITA_EDIT_TEST_PANIC", place);
        let mut session = half_typed(start);
        let (column, row) = session.cursor();
        // In one burst: the last key is noted, and the thread that writes drafts had no time to write it.
        let code = session.ends_soon(|session| session.send(&format!("{LEFT}{F12}")));
        assert_eq!(code, 101, "in {place}");
        session.wait_for("a panic on demand");
        session.assert_main_screen();
        assert_all_left_is_the_draft(&session.home);
        assert_restored_next_time(&session.home, &server, (column - 1, row));
    }
}

#[test]
fn after_a_kill_the_draft_is_there_and_the_next_start_cleans_up() {
    let server = server();
    let mut session = half_typed(Start::editor(&server.base_url()));
    let cursor = last_key(&mut session);
    let home = session.home.clone();
    home.wait_for_draft("the cursor", |draft| draft["typing"]["cursor"] == json!(CURSOR));
    session.kill();
    assert!(home.owner().is_some(), "who is killed can't give the endpoint back");
    assert_restored_next_time(&home, &server, cursor);
}

#[test]
fn a_terminal_that_reads_nothing_keeps_neither_drafts_nor_signals_waiting() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session.find("name");
    session.type_and_see(ENTER, "Ctrl-U clear");
    session.wire().stall();
    let home = session.home.clone();
    let mut fastest = PROMISED;
    for text in [" a", " draft!"] {
        session.send(&format!("\x15llama-3-8b{text}"));
        fastest = fastest.min(home.wait_for_typed(&format!("llama-3-8b{text}")));
    }
    assert!(fastest < PROMISED, "it never took less than {PROMISED:?}");
    session.send(&format!("{LEFT}{LEFT}{LEFT}"));
    home.wait_for_draft("the cursor", |draft| draft["typing"]["cursor"] == json!(CURSOR));
    let busy = |session: &Session| process(session.pid()).unwrap().1;
    let before = busy(&session);
    session.send("?");
    home.wait_for_typed("llama-3-8b dra?ft!");
    assert!(busy(&session) - before < PROMISED / 2, "it spins");
    session.send("\x7f");
    // Not waited for: the way out writes it.
    let code = session.ends_soon(|session| session.signal(Signal::TERM));
    assert_eq!(code, 143);
    home.assert_tidy();
    let typed = home.draft().unwrap()["typing"]["text"].clone();
    // The key may still have been on its way.
    assert!(typed == TYPED || typed == "llama-3-8b dra?ft!", "{typed}");
}

#[test]
fn ctrl_z_in_the_middle_of_typing_has_the_draft_on_disk_and_fg_goes_on() {
    let server = server();
    let mut session = Session::shell(&server.base_url());
    session.send(&format!("\"$EDITOR_UNDER_TEST\" {LLAMA}{ENTER}"));
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.find("name");
    session.type_and_see(ENTER, "Ctrl-U clear");
    let editor = session.home.owner_pid();
    // All in one burst, so that nothing but the suspending itself can have written it.
    session.send(&format!(" draft!{LEFT}{LEFT}{LEFT}{CTRL_Z}"));
    session.wait_for("prompt>");
    assert_eq!(process(editor).unwrap().0, 'T');
    let draft = session.home.draft().expect("the draft is on disk while stopped");
    assert_eq!(draft["typing"]["text"], TYPED);
    assert_eq!(max_workers(&draft), 8);

    session.type_and_see(&format!("fg{ENTER}"), "Max workers *8");
    session.type_and_see("X", "llama-3-8b draXft!");
    session.send(ENTER);
    session.wait_gone("Ctrl-U clear");
    session.type_and_see("q", "discard them and quit");
    session.type_and_see("k", "prompt>");
    let draft = session.home.draft().unwrap();
    assert_eq!(draft["edited"]["name"], "llama-3-8b draXft!");
    session.home.assert_tidy();
    session.send(&format!("exit{ENTER}"));
    session.exit_code();
}
