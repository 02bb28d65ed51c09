//! Every way out, and every way not to begin.

use std::process::{Command, Stdio};

use novita_edit::demo::{Call, Fault, Reply, When};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{CTRL_C, CTRL_X, CTRL_Z, ENTER, ESC, LLAMA, Session, Start, posts, server};

#[test]
fn q_and_ctrl_c_leave_an_unchanged_form_at_once() {
    let server = server();
    for key in ["q", CTRL_C] {
        let mut session = Session::form(&server.base_url());
        session.send(key);
        assert_eq!(session.exit_code(), 0);
        session.assert_restored();
    }
}

#[test]
fn leaving_with_unsaved_changes_asks() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    for key in ["q", CTRL_C] {
        session.type_and_see(key, "Unsaved changes");
        session.send(ESC);
        session.wait_gone("Unsaved changes");
        session.wait_for("Max workers *8");
    }
    session.type_and_see("q", "discard them and quit");
    session.send(CTRL_X);
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
    assert_eq!(posts(&server), []);
}

#[test]
fn ctrl_c_while_editing_only_leaves_the_edit() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.find("max w");
    session.type_and_see("9", "Ctrl-U clear");
    session.type_and_see(CTRL_C, "Enter edit");
    session.wait_for("Max workers 5");
    session.send(CTRL_C);
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn a_termination_restores_the_terminal() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session.signal(Signal::TERM);
    assert_eq!(session.exit_code(), 143);
    session.assert_restored();
}

#[test]
fn ctrl_z_goes_to_the_shell_and_fg_comes_back_to_the_same_screen() {
    let server = server();
    let mut session = Session::shell(&server.base_url());
    session.send(&format!("\"$EDITOR_UNDER_TEST\" {LLAMA}{ENTER}"));
    session.wait_for("0–10");
    session.set_max_workers(8);
    let before = session.screen();

    session.send(CTRL_Z);
    session.wait_gone("Max workers");
    session.wait_for("prompt>");
    session.type_and_see(&format!("echo the $((6 * 7)){ENTER}"), "the 42");
    session.type_and_see(&format!("fg{ENTER}"), "Max workers *8");
    assert_eq!(session.screen(), before);
    session.type_and_see("q", "discard them and quit");
    session.type_and_see(CTRL_X, "prompt>");
    session.type_and_see(&format!("echo code $?{ENTER}"), "code 0");
    session.send(&format!("exit{ENTER}"));
    session.exit_code();
}

#[test]
fn a_stop_from_outside_restores_the_terminal_and_fg_comes_back() {
    let server = server();
    let mut session = Session::shell(&server.base_url());
    session.send(&format!(
        "sh -c 'echo $$ > pid; exec \"$EDITOR_UNDER_TEST\" {LLAMA}'{ENTER}"
    ));
    session.wait_for("0–10");
    session.set_max_workers(8);
    let pid = std::fs::read_to_string(session.home.path().join("pid")).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    kill_process(pid, Signal::TSTP).unwrap();
    session.wait_gone("Max workers");
    session.wait_for("prompt>");
    session.assert_main_screen();
    session.type_and_see(&format!("echo the $((6 * 7)){ENTER}"), "the 42");
    session.type_and_see(&format!("fg{ENTER}"), "Max workers *8");
    session.type_and_see("u", "Undone: Max workers");
    session.type_and_see("q", "prompt>");
    session.send(&format!("exit{ENTER}"));
    session.exit_code();
}

#[test]
fn without_a_terminal_it_says_so_and_ends_with_2() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_novita-edit"))
        .env_clear()
        .env("HOME", home.path())
        .env("TERM", "xterm-256color")
        .env("NOVITA_API_KEY", "sk_test")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("not a terminal"), "{told}");
    assert!(told.contains("novita-edit --help"), "{told}");
    assert!(output.stdout.is_empty(), "something was written for a program to read");
}

#[test]
fn on_a_dumb_terminal_it_says_so_and_ends_with_2() {
    let mut session = Start::editor("http://127.0.0.1:9/").env("TERM", "dumb").spawn();
    session.wait_for("TERM is dumb");
    assert_eq!(session.exit_code(), 2);
    assert!(
        !session.raw().contains(&0x1b),
        "an escape sequence was sent to a dumb terminal"
    );
}

#[test]
fn without_a_key_it_says_so_before_the_screen_is_touched() {
    let mut session = Start::editor("http://127.0.0.1:9/").env("NOVITA_API_KEY", "").spawn();
    session.wait_for("NOVITA_API_KEY");
    assert_eq!(session.exit_code(), 2);
    assert!(!session.raw().contains(&0x1b), "the screen was touched");
}

#[test]
fn a_terminal_that_hangs_up_while_a_save_is_verified_ends_the_program() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    server
        .faults()
        .add(Call::Update, When::next(1), Fault::Instead(Reply::status(500)));
    session.review_and_send();
    session.wait_for("(again, 1 of 3)");
    session.signal(Signal::HUP);
    assert_eq!(session.exit_code(), 129);
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn an_interruption_from_outside_restores_the_terminal() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.signal(Signal::INT);
    assert_eq!(session.exit_code(), 130);
    session.assert_restored();
}

#[test]
fn ctrl_z_without_a_shell_to_come_back_from_stays_in_the_form() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    let before = session.screen();
    session.send(CTRL_Z);
    session.wait_for("Max workers *8");
    session.set_max_workers(7);
    session.set_max_workers(8);
    assert_eq!(session.screen(), before);
}

#[test]
fn a_process_stopped_and_continued_from_outside_draws_its_screen_again() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session.signal(Signal::STOP);
    let before = session.mark();
    session.signal(Signal::CONT);
    session.wait_for("Max workers *8");
    session.set_max_workers(7);
    assert!(session.mark() > before);
    session.type_and_see("q", "Unsaved changes");
    session.send(CTRL_X);
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn a_picker_is_left_for_nothing_without_a_question() {
    let server = server();
    let mut session = Start::editor(&server.base_url()).spawn();
    session.wait_for("3 of 3");
    session.type_and_see("/whisper", "1 of 3");
    session.type_and_see(ENTER, "whisper-large-v3");
    session.send(ENTER);
    session.wait_for("failed");
    session.wait_for("Enter edit");
    session.type_and_see("o", "Choose an endpoint");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn without_colour_no_colour_is_sent() {
    let server = server();
    let mut session = Start::editor(&server.base_url())
        .arg(LLAMA)
        .env("NO_COLOR", "1")
        .spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    let raw = session.raw();
    let raw = String::from_utf8_lossy(&raw);
    for piece in raw.split("\x1b[").skip(1) {
        let end = piece.find(|c: char| !c.is_ascii_digit() && !";:?".contains(c)).unwrap();
        if piece[end..].starts_with('m') {
            let colour = piece[..end]
                .split([';', ':'])
                .filter_map(|code| code.parse::<u32>().ok())
                .find(|code| (30..=49).contains(code) && *code != 39 && *code != 49 || (90..=107).contains(code));
            assert_eq!(colour, None, "a colour was set: {:?}", &piece[..end]);
        }
    }
}
