//! The mouse, long copies and the first run, in the built program.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::harness::{ENTER, LLAMA, Session, Start, server};
use crate::home::Home;

/// Whether a session has the mouse's reports turned on.
fn mouse_is_on(session: &Session) -> bool {
    let raw = session.raw();
    let last = |bytes: &[u8]| raw.windows(bytes.len()).rposition(|window| window == bytes);
    last(b"\x1b[?1000h") > last(b"\x1b[?1000l")
}

fn form(start: Start) -> Session {
    let session = start.arg(LLAMA).spawn();
    session.wait_for("0–10");
    session
}

#[test]
fn the_mouse_is_off_over_ssh_unless_the_config_says_otherwise() {
    let server = server();
    let start = || Start::editor(&server.base_url());
    assert!(mouse_is_on(&form(start())));
    assert!(!mouse_is_on(&form(start().env("SSH_TTY", "/dev/pts/3"))));
    assert!(mouse_is_on(&form(
        start().env("SSH_TTY", "/dev/pts/3").config("mouse = true\n")
    )));
    assert!(!mouse_is_on(&form(start().config("mouse = false\n"))));
}

#[test]
fn a_click_focuses_and_a_double_click_edits() {
    let server = server();
    let mut session = form(Start::editor(&server.base_url()));
    let row = session
        .screen()
        .lines()
        .position(|line| line.contains("Idle timeout"))
        .unwrap()
        + 1;
    let click = format!("\x1b[<0;6;{row}M\x1b[<0;6;{row}m");
    session.type_and_see(&click, "›Idle timeout");
    // A key in between: the next two are the double click.
    session.type_and_see("j", "›Max concurrency");
    session.type_and_see(&format!("{click}{click}"), "Enter take");
    // The number is selected: another one takes its place.
    session.send("301");
    session.send(ENTER);
    session.wait_for("Idle timeout *301 s");
    let raw = session.raw();
    assert!(
        !raw.windows(8).any(|bytes| bytes == b"\x1b[?1003h"),
        "every twitch is reported"
    );
}

#[test]
fn a_copy_that_is_too_long_is_in_a_file_that_only_its_owner_can_read() {
    let server = server();
    let home = Home::new();
    let mut session = Start::editor(&server.base_url())
        .home(&home)
        .arg(LLAMA)
        .umask(0)
        .spawn();
    session.wait_for("0–10");
    session.find("command");
    session.type_and_see(ENTER, "Enter take");
    session.paste(&"x".repeat(60_000));
    session.wait_for("more than the 2047 allowed");
    session.send(ENTER);
    session.wait_gone("Enter take");
    session.find("HF_TOKEN");
    session.type_and_see(ENTER, "next part");
    session.paste(&"y".repeat(10_000));
    session.send(ENTER);
    session.wait_gone("next part");
    session.type_and_see("Y", "Too long to copy");
    session.type_and_see(ENTER, "Written to");
    let file = home.state().join("copy.txt");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(&"x".repeat(60_000)) && text.contains(&"y".repeat(10_000)));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(fs::metadata(home.state()).unwrap().permissions().mode() & 0o7777, 0o700);
}

#[test]
fn without_a_key_three_lines_tell_how_to_set_one_how_to_go_without_and_where_to_read() {
    let home = Home::new();
    // On a terminal, since without one that is what is told.
    let program = env!("CARGO_BIN_EXE_novita-edit");
    let mut session = Start::program("env")
        .arg("-u")
        .arg("NOVITA_API_KEY")
        .arg(program)
        .home(&home)
        .size(200, 24)
        .spawn();
    assert_eq!(session.exit_code(), 2);
    session.wait_for("novita.ai/docs");
    let screen = session.screen();
    let lines: Vec<&str> = screen.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(lines.len(), 3, "{screen}");
    assert!(lines[0].contains("no API key: set NOVITA_API_KEY"), "{screen}");
    assert!(lines[1].contains("novita-edit --demo"), "{screen}");
    assert!(lines[2].contains("Documentation:"), "{screen}");
    let help = Command::new(program)
        .arg("--help")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(help.status.success());
}
