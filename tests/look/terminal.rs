//! The built program in a real pseudo-terminal, with files of the user's.

use std::fs;

use tempfile::TempDir;

use crate::pty::{LLAMA, Session, Start, server};

fn started(
    files: &[(&str, &str)],
    prepare: impl FnOnce(Start) -> Start,
) -> (novita_edit::demo::DemoServer, Session, TempDir) {
    let config = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = config.path().join("novita-edit").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let server = server();
    let start = Start::editor(&server.base_url()).arg(LLAMA);
    let start = start.env("XDG_CONFIG_HOME", config.path().to_str().unwrap());
    let session = prepare(start).spawn();
    session.wait_for("0–10");
    (server, session, config)
}

fn has(session: &Session, bytes: &str) -> bool {
    let raw = session.raw();
    raw.windows(bytes.len()).any(|window| window == bytes.as_bytes())
}

#[test]
fn keys_and_theme_of_the_user_are_used() {
    let files = [
        ("config.toml", "theme = 'mine'\n"),
        ("themes/mine.toml", "base = 'dark'\n[key]\nfg = '#010203'\n"),
        ("keymap.toml", "[form]\ndetails = ['alt-d', 'D']\n"),
    ];
    let (_server, mut session, _config) = started(&files, |start| start);
    session.wait_for("Alt-d details");
    assert!(has(&session, "38;2;1;2;3"), "the user's colour, with semicolons");
    assert!(has(&session, "48;2;22;25;31"), "the ground of the base");
    session.type_and_see("\x1bd", "Rule:");
    session.type_and_see("\x1b", "Enter edit");
    session.type_and_see("D", "Rule:");
    session.type_and_see("q", "Enter edit");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn no_color_takes_a_themes_colours_away() {
    let files = [("config.toml", "theme = 'dark'\n")];
    let (_server, session, _config) = started(&files, |start| start.env("NO_COLOR", "1"));
    assert!(!has(&session, "8;2;"));
}

#[test]
fn without_a_theme_only_the_16_colours_are_used_whatever_the_terminal_says() {
    let (_server, session, _config) = started(&[], |start| start.env("COLORTERM", "truecolor"));
    assert!(!has(&session, "8;2;") && !has(&session, "8;5;"));
    assert!(has(&session, "\x1b[90m"));
}

#[test]
fn problems_are_told_in_front_of_the_screen_and_on_it() {
    let files = [("keymap.toml", "[form]\ncopy = ['shift-1']\nquit = ['w']\n")];
    let (_server, mut session, _config) = started(&files, |start| start);
    session.wait_for("2 problems in your keys and themes: novita-edit config check shows them.");
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    let (before, _) = raw.split_once("\x1b[?1049h").unwrap();
    assert!(before.contains("keymap.toml:2: `shift-1`"), "{before}");
    assert!(
        before.contains("keymap.toml:3: `w` always means `review` here"),
        "{before}"
    );
    session.send("j");
    session.wait_gone("2 problems");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}
