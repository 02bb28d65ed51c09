//! Ordinary keys of ordinary terminals, byte for byte: spelled otherwise, torn, stalled, or typed ahead of the screen.
//! None of them sends, deletes or discards what nobody meant.

use std::thread::sleep;
use std::time::Duration;

use novita_edit::demo::DemoServer;

use crate::harness::{ENTER, ESC, LLAMA, Session, Start, posts, server};

/// Longer than the editor waits for what a person may have typed, shorter than for what nobody types.
const TORN: Duration = Duration::from_millis(70);

/// A form with an edit.
fn edited(server: &DemoServer) -> Session {
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session
}

/// The value of HF_TOKEN is being typed.
fn typing_a_token(server: &DemoServer) -> Session {
    let mut session = edited(server);
    session.find("hf_tok");
    session.type_and_see(ENTER, "Enter take");
    session.type_and_see("zz", "zz");
    session
}

/// Bytes in one write.
fn at_once(session: &mut Session, bytes: &[u8]) {
    session.wire().send(bytes);
}

/// The edit is still there, and nothing was sent.
fn is_unharmed(session: &mut Session, server: &DemoServer) {
    assert_eq!(posts(server).len(), 0, "something was sent");
    assert!(
        session.shows("Max workers *8"),
        "the edit is gone:\n{}",
        session.screen()
    );
}

#[test]
fn esc_tab_enter_in_one_read_of_the_review_send_nothing() {
    let server = server();
    let mut session = edited(&server);
    session.type_and_see("w", "Enter SEND");
    at_once(&mut session, b"\x1b\t\r");
    session.wait_gone("Enter SEND");
    session.wait_for("Max workers *8");
    is_unharmed(&mut session, &server);
}

#[test]
fn alt_keys_in_a_text_leave_it_open_and_the_letters_after_them_are_text() {
    let server = server();
    for bytes in [
        &b"\x1bb"[..],
        b"\x1bf",
        b"\x1b\x7f",
        b"\x1b[1;3D",
        b"\x1b[98;3u",
        b"\x1bd",
        b"\x1bq",
        b"\x1bw",
        b"\x1bu",
        "\x1bé".as_bytes(),
    ] {
        let mut session = typing_a_token(&server);
        at_once(&mut session, bytes);
        at_once(&mut session, b"world");
        session.wait_for("world");
        assert!(
            session.shows("Enter take"),
            "{}:\n{}",
            bytes.escape_ascii(),
            session.screen()
        );
        at_once(&mut session, b"\r");
        session.wait_gone("Enter take");
        is_unharmed(&mut session, &server);
        assert!(
            session.shows("HF_TOKEN") && session.shows("Environment 12"),
            "{}",
            session.screen()
        );
    }
}

#[test]
fn an_alt_key_and_enter_in_one_read_accept_no_text() {
    let server = server();
    let mut session = typing_a_token(&server);
    at_once(&mut session, b"\x1bw\r");
    session.wait_for("Press Enter again");
    assert!(session.shows("Enter take"));
    session.send(ENTER);
    session.wait_gone("Enter take");
    is_unharmed(&mut session, &server);
}

#[test]
fn a_text_that_was_meant_for_a_field_answers_no_question() {
    let server = server();
    for text in ["q--model d\x18", "o google-cloud\x18"] {
        let mut session = edited(&server);
        at_once(&mut session, text.as_bytes());
        session.wait_for("Unsaved changes");
        at_once(&mut session, b"d");
        sleep(TORN);
        session.send(ESC);
        session.wait_gone("Unsaved changes");
        is_unharmed(&mut session, &server);
    }
}

#[test]
fn two_lines_pasted_as_keys_on_a_terminal_without_bracketed_paste_send_and_discard_nothing() {
    let server = server();
    let mut session = Start::editor(&server.base_url())
        .arg(LLAMA)
        .env("TERM", "screen")
        .spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    at_once(&mut session, b"vllm serve \\\r  --model x\r");
    // Whatever of it opened something: the way back.
    for _ in 0..4 {
        sleep(TORN);
        session.send(ESC);
    }
    session.wait_for("Max workers *8");
    is_unharmed(&mut session, &server);
}

#[test]
fn a_paste_that_stalls_for_longer_than_two_seconds_is_one_paste() {
    let server = server();
    let mut session = edited(&server);
    session.find("hf_tok");
    at_once(&mut session, b"\x1b[200~FIRST=1\rSEC");
    session.wait_for("The paste stopped");
    at_once(&mut session, b"OND=2\rq\rd\r\x1b[201~");
    session.wait_for("FIRST");
    session.wait_for("SECOND");
    at_once(&mut session, ESC.as_bytes());
    session.wait_for("Max workers *8");
    is_unharmed(&mut session, &server);
}

#[test]
fn a_character_an_arrow_and_a_click_that_are_torn_arrive_whole() {
    let server = server();
    let mut session = typing_a_token(&server);
    for (head, tail) in [
        (&b"\xc3"[..], &b"\xa9"[..]),
        (b"\x1b[1;", b"5D"),
        (b"\x1b[<0;8", b";6M"),
    ] {
        at_once(&mut session, head);
        sleep(TORN);
        at_once(&mut session, tail);
    }
    at_once(&mut session, b"!");
    session.wait_for("é");
    for typed in ["5D", ";6M"] {
        assert!(!session.shows(typed), "{typed}:\n{}", session.screen());
    }
}

#[test]
fn w_and_enter_a_few_milliseconds_apart_send_nothing() {
    let server = server();
    for apart in [0, 1, 5, 20] {
        let mut session = edited(&server);
        at_once(&mut session, b"w");
        sleep(Duration::from_millis(apart));
        at_once(&mut session, b"\r");
        session.wait_for("Press Enter again");
        assert_eq!(posts(&server).len(), 0, "{apart} ms");
        if apart == 20 {
            session.send(ENTER);
            session.wait_for("Saved");
        }
    }
}

#[test]
fn quick_scale_typed_ahead_ends_in_the_review_unsent() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    at_once(&mut session, b"s\t+\r\r");
    session.wait_for("Enter SEND");
    session.wait_for("5 → 6");
    assert_eq!(posts(&server).len(), 0);
}

#[test]
fn keys_in_longer_forms_are_the_keys_that_they_are() {
    let server = server();
    let mut session = edited(&server);
    // Ctrl-I and Ctrl-M of a terminal that tells them apart: the next pane, the field.
    at_once(&mut session, b"\x1b[105;5u\x1b[109;5u");
    session.wait_for("Enter take");
    // Ctrl-[ leaves it.
    at_once(&mut session, b"\x1b[91;5u");
    session.wait_gone("Enter take");
    is_unharmed(&mut session, &server);
}

#[test]
fn a_size_that_nobody_can_draw_ends_nothing() {
    let server = server();
    let mut session = edited(&server);
    session.wire().resize(portable_pty::PtySize {
        rows: 65535,
        cols: 65535,
        pixel_width: 0,
        pixel_height: 0,
    });
    sleep(TORN);
    session.resize(80, 24);
    session.wait_for("Max workers *8");
    session.find("max w");
    session.type_and_see("u", "Undone: Max workers");
}

#[test]
fn what_other_programs_leave_behind_is_undone_at_the_start_by_ctrl_l_and_after_a_child() {
    // Shift-in and the ASCII set, origin mode, insert mode and margins off.
    const DEFAULTS: [&[u8]; 6] = [b"\x1b(B", b"\x0f", b"\x1b[?6l", b"\x1b[4l", b"\x1b[?69l", b"\x1b[r"];
    let undone = |raw: &[u8]| {
        DEFAULTS
            .iter()
            .all(|mode| raw.windows(mode.len()).any(|window| window == *mode))
    };
    let server = server();
    let mut session = Start::editor(&server.base_url())
        .arg(LLAMA)
        .env("EDITOR", "true")
        .spawn();
    session.wait_for("0–10");
    assert!(undone(&session.raw()), "at the start");
    let before = session.raw().len();
    session.type_and_see("\x0c/", "Find a field");
    assert!(undone(&session.raw()[before..]), "by Ctrl-L");
    session.send(ESC);
    session.wait_gone("Find a field");
    let before = session.raw().len();
    session.type_and_see("B", "came back at once");
    assert!(undone(&session.raw()[before..]), "after a child");
}
