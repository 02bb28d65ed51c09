//! Other terminals than the usual one: the Linux console, few colours or none, no UTF-8, GNU screen. What is on the
//! screen, and which sequences make it.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use novita_edit::demo::DemoServer;
use serde_json::{Value, json};

use crate::harness::{CTRL_U, ENTER, ESC, LLAMA, Session, Start, posts, server};

/// The form in such a terminal.
fn form(variables: &[(&str, &str)]) -> (DemoServer, Session) {
    form_of(variables, |_| ())
}

/// The same on an endpoint that was changed like this.
fn form_of(variables: &[(&str, &str)], edit: impl FnOnce(&mut Value)) -> (DemoServer, Session) {
    let server = server();
    assert!(server.edit(LLAMA, edit));
    let mut start = Start::editor(&server.base_url()).arg(LLAMA);
    if variables.iter().any(|(name, _)| *name == "THEME") {
        start = start.config("theme = \"dark\"\n");
    }
    let start = variables
        .iter()
        .fold(start, |start, (name, value)| start.env(name, value));
    let session = start.spawn();
    session.wait_for("Enter edit");
    session.wait_for("500");
    (server, session)
}

/// Through the screens: an error, help, details, find, a box, the review with its views, a save.
fn tour(session: &mut Session) {
    session.type_and_see("?", "In the form");
    session.send(ESC);
    session.wait_gone("In the form");
    session.type_and_see("i", "Rule:");
    session.send(ESC);
    session.wait_gone("Rule:");
    session.find("max w");
    session.type_and_see("12", "above 10");
    session.type_and_see(ENTER, "Enter edit");
    session.type_and_see("6", "Enter take");
    session.type_and_see(ENTER, "Enter edit");
    session.find("hf_token");
    session.type_and_see(ENTER, "Edit env");
    session.type_and_see("\x0a\x0ax", "Edit env");
    session.send(ESC);
    session.wait_gone("Edit env");
    session.type_and_see("w", "1 change:");
    for text in ["@@", "clusterID", "curl --request", "1 change:"] {
        session.type_and_see("\t", text);
    }
    session.type_and_see(ENTER, "Saved");
    session.type_and_see(ENTER, "Enter edit");
    session.type_and_see("s", "Scale");
    session.send(ESC);
    session.wait_gone("Scale");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

/// All parameters of all SGR sequences; those of a long colour together, as `38;5;n`.
fn looks(session: &Session) -> BTreeSet<String> {
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    let mut found = BTreeSet::new();
    for piece in raw.split("\x1b[").skip(1) {
        let Some((parameters, _)) = piece.split_once(|c: char| !c.is_ascii_digit() && c != ';') else {
            continue;
        };
        if piece.as_bytes().get(parameters.len()) != Some(&b'm') {
            continue;
        }
        let mut numbers = parameters.split(';');
        while let Some(number) = numbers.next() {
            let long = match (number, numbers.clone().next()) {
                ("38" | "48", Some("5")) => 2,
                ("38" | "48", Some("2")) => 4,
                _ => 0,
            };
            let rest: Vec<&str> = numbers.by_ref().take(long).collect();
            found.insert([&[number], &rest[..]].concat().join(";"));
        }
    }
    found
}

/// Which of them are colours.
fn colors(session: &Session) -> BTreeSet<String> {
    let is_attribute = |look: &String| look.parse::<u8>().is_ok_and(|number| number < 30) || look.is_empty();
    looks(session).into_iter().filter(|look| !is_attribute(look)).collect()
}

fn has(session: &Session, bytes: &[u8]) -> bool {
    session.raw().windows(bytes.len()).any(|window| window == bytes)
}

/// Characters of the output outside of ASCII.
fn beyond_ascii(session: &Session) -> String {
    let raw = session.raw();
    let text = std::str::from_utf8(&raw).expect("the output is UTF-8 at least");
    let found: BTreeSet<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    found.into_iter().collect()
}

/// The lines that boxes are drawn with.
const LINES: &str = "─│┌┐└┘├┤";

#[test]
fn the_linux_console_gets_only_glyphs_that_its_fonts_have_and_no_title() {
    let (_server, mut session) = form(&[("TERM", "linux")]);
    let screen = session.screen();
    assert!(
        screen.starts_with(" llama-3-8b  ep_7f3a91c2  o serving  2/3 healthy"),
        "{screen}"
    );
    assert!(screen.contains("│>Min workers      1             0-10  ││"), "{screen}");
    assert!(screen.contains("•••••• "), "{screen}");
    session.type_and_see("y", "Not copied: this terminal has no clipboard.");
    tour(&mut session);
    let others: String = beyond_ascii(&session).chars().filter(|c| !LINES.contains(*c)).collect();
    assert_eq!(others, "·•↑→↓▼", "what the console's own font has");
    assert!(!has(&session, b"\x1b]"), "a title or a copy");
    // There is no second screen: what was drawn is wiped before the shell has it back.
    let raw = session.raw();
    let wiped = raw.windows(7).rposition(|w| w == b"\x1b[H\x1b[2J").expect("a clearing");
    let rest = String::from_utf8_lossy(&raw[wiped + 7..]).into_owned();
    assert_eq!(
        rest.replace("\x1b[", " "),
        " ?1006l ?1000l ?2004l ?7h ?25h 23;0t ?1049l"
    );
}

#[test]
fn a_theme_of_all_colours_comes_to_the_sixteen_of_the_linux_console() {
    let (_server, mut session) = form(&[("TERM", "linux"), ("THEME", "dark")]);
    tour(&mut session);
    let colors = colors(&session);
    assert!(colors.iter().all(|color| !color.contains(';')), "{colors:?}");
    assert!(colors.contains("40") && colors.contains("37"), "{colors:?}");
}

#[test]
fn sixteen_colours_are_named_by_their_numbers() {
    for variables in [
        &[("TERM", "xterm-256color")][..],
        &[("TERM", "xterm-16color"), ("THEME", "dark")],
    ] {
        let (_server, mut session) = form(variables);
        tour(&mut session);
        let colors = colors(&session);
        let known = |color: &String| matches!(color.parse(), Ok(30..=37 | 39..=47 | 49 | 90..=97 | 100..=107u8));
        assert!(colors.iter().all(known), "{colors:?}");
        assert!(colors.iter().any(|color| color == "90"), "{colors:?}");
    }
}

#[test]
fn where_there_are_eight_colours_nothing_bright_is_sent_and_everything_can_be_read() {
    for variables in [&[("TERM", "xterm-color")][..], &[("TERM", "ansi"), ("THEME", "dark")]] {
        let (_server, mut session) = form(variables);
        session.find("max w");
        session.type_and_see("12", "above 10");
        session.type_and_see(ESC, "Enter edit");
        tour(&mut session);
        let colors = colors(&session);
        let known = |color: &String| matches!(color.parse(), Ok(30..=37 | 39..=47 | 49u8));
        assert!(colors.iter().all(known), "{colors:?}");
        assert!(colors.contains("31"), "the errors are red: {colors:?}");
    }
}

#[test]
fn without_colours_the_focus_the_tab_and_the_problems_are_still_told_apart() {
    for variables in [
        &[("NO_COLOR", "1"), ("THEME", "dark")][..],
        &[("TERM", "vt100")],
        &[("TERM", "vt220"), ("COLORTERM", "truecolor"), ("THEME", "dark")],
    ] {
        let (_server, mut session) = form(variables);
        session.find("max w");
        session.wait_for("›Max workers");
        let (column, row) = session.cursor();
        let line = session.screen().lines().nth(row.into()).unwrap().to_owned();
        assert!(line.chars().nth(column.into()) == Some('5'), "the cursor in {line}");
        session.type_and_see("12", "✗ Max workers: 12 is above 10");
        session.type_and_see(ESC, "Enter edit");
        session.type_and_see("w", "Nothing is changed");
        let tab = looks(&session);
        session.type_and_see(ESC, "Enter edit");
        tour(&mut session);
        assert_eq!(colors(&session), BTreeSet::new(), "{variables:?}");
        assert!(tab.contains("7"), "the tab in front is reversed: {tab:?}");
    }
}

#[test]
fn where_the_locale_is_not_utf8_only_ascii_is_written() {
    let foreign = |endpoint: &mut Value| {
        endpoint["name"] = json!("bücher-本");
        endpoint["image"]["command"] = json!("--greeting 'שלום' --path /数据\n--tab\there");
    };
    for (name, locale) in [
        ("LC_ALL", "en_US.ISO-8859-1"),
        ("LC_ALL", "C"),
        ("LC_CTYPE", "ja_JP.eucJP"),
    ] {
        let (server, mut session) = form_of(&[(name, locale)], foreign);
        let screen = session.screen();
        assert!(
            screen.starts_with(" b<U+00FC>cher-<U+672C>  ep_7f3a91c2  o serving  2/3 healthy"),
            "{screen}"
        );
        assert!(
            screen.contains("+ General -----------------------------++ Image -----"),
            "{screen}"
        );
        assert!(screen.contains("|>Min workers      1             0-10  ||"), "{screen}");
        // Masked is not changed, and an error is more than a colour.
        assert!(screen.contains("| HF_TOKEN                     ######  |"), "{screen}");
        session.find("command");
        session.type_and_see(ENTER, "--greeting '<U+05E9><U+05DC><U+05D5><U+05DD>' --path /");
        session.type_and_see("x\x1b", "Enter edit");
        // What is reviewed can be told from what looks alike.
        session.find("name");
        session.type_and_see(
            &format!("{ENTER}\x15b\u{fa}cher-\u{672c}{ENTER}"),
            "Name *b<U+00FA>~<U+672C>",
        );
        session.type_and_see("w", "Name b<U+00FC>cher-<U+672C> > b<U+00FA>cher-<U+672C>");
        session.send(ESC);
        session.type_and_see("u", "Undone: Name");
        tour(&mut session);
        assert_eq!(beyond_ascii(&session), "", "{locale}");
        assert!(
            has(&session, b"\x1b]2;b<U+00FC>cher-<U+672C> novita-edit\x07"),
            "the title"
        );
        let stored = server.endpoint(LLAMA).unwrap();
        assert_eq!(stored["workerConfig"]["maxNum"], 6);
        assert_eq!(stored["name"], "bücher-本", "what can't be shown is kept");
        assert_eq!(
            stored["image"]["command"],
            "--greeting 'שלום' --path /数据\n--tab\there"
        );
    }
}

#[test]
fn a_setting_goes_over_the_locale() {
    let server = server();
    for (ascii, corner) in [("true", "+ General"), ("false", "┌ General")] {
        let session = Start::editor(&server.base_url())
            .arg(LLAMA)
            .config(&format!("ascii = {ascii}\n"))
            .env("LC_ALL", if ascii == "true" { "C.UTF-8" } else { "C" })
            .spawn();
        session.wait_for(corner);
    }
}

/// GNU screen around the editor; it ends with its test.
struct Screen {
    name: String,
    session: Session,
}

impl Drop for Screen {
    fn drop(&mut self) {
        let quit = Command::new("screen")
            .args(["-S", &self.name, "-X", "quit"])
            .env("SCREENDIR", self.session.home.path().join("screen"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        drop(quit);
    }
}

fn in_gnu_screen(server: &DemoServer, name: &str, config: &str) -> Option<Screen> {
    use std::os::unix::fs::DirBuilderExt as _;
    let there = Command::new("screen").arg("--version").stdout(Stdio::null()).status();
    if there.is_err() {
        println!("skipped: no screen");
        return None;
    }
    let name = format!("novita-edit-test-{}-{name}", std::process::id());
    let mut start = Start::program("screen").config(config);
    let sockets = start.home_path().join("screen");
    std::fs::DirBuilder::new().mode(0o700).create(&sockets).unwrap();
    start = start
        .env("SCREENDIR", sockets.to_str().unwrap())
        .env("COLORTERM", "truecolor");
    for argument in ["-c", "/dev/null", "-U", "-S", &name, env!("CARGO_BIN_EXE_novita-edit")] {
        start = start.arg(argument);
    }
    let session = start.arg("--base-url").arg(&server.base_url()).arg(LLAMA).spawn();
    session.wait_for("0–10");
    Some(Screen { name, session })
}

#[test]
fn in_gnu_screen_the_story_goes_as_elsewhere() {
    let server = server();
    let Some(mut screen) = in_gnu_screen(&server, "story", "") else {
        return;
    };
    let session = &mut screen.session;
    session.find("max w");
    session.type_and_see("12", "✗ Max workers: 12 is above 10");
    session.type_and_see(&format!("{CTRL_U}6{ENTER}"), "Max workers *6");
    session.type_and_see("w", "Max workers 5 → 6");
    session.type_and_see(ENTER, "✓ Saved");
    session.type_and_see(ENTER, "Enter edit");
    session.resize(50, 14);
    session.wait_for("─ Workers ─────────────────────");
    session.resize(80, 24);
    session.wait_for("┌ General ─────────────────────────────┐┌ Image");
    session.send("q");
    session.exit_code();
    assert_eq!(server.endpoint(LLAMA).unwrap()["workerConfig"]["maxNum"], 6);
}

#[test]
fn gnu_screen_is_not_sent_what_it_would_misread() {
    let server = server();
    let Some(mut screen) = in_gnu_screen(&server, "theme", "theme = \"dark\"\n") else {
        return;
    };
    let session = &mut screen.session;
    session.type_and_see("w", "Nothing is changed");
    session.type_and_see(ESC, "Enter edit");
    // What GNU screen passes on; an unknown `38;2;…` would have come out as its single numbers, blinking among them.
    let looks = looks(session);
    assert!(!looks.contains("5"), "{looks:?}");
    assert!(
        looks.iter().any(|look| look.starts_with('4') && look.len() > 1),
        "the theme's ground: {looks:?}"
    );
}

#[test]
fn in_gnu_screen_lines_that_are_pasted_as_keys_and_esc_with_other_keys_send_nothing() {
    let server = server();
    let Some(mut screen) = in_gnu_screen(&server, "paste", "") else {
        return;
    };
    let session = &mut screen.session;
    session.set_max_workers(8);
    session.wire().send(b"vllm serve \\\r  --model x\r");
    // Whatever of it opened something: the way back.
    for _ in 0..4 {
        std::thread::sleep(std::time::Duration::from_millis(400));
        session.send(ESC);
    }
    session.wait_for("Max workers *8");
    session.type_and_see("w", "Enter SEND");
    session.wire().send(b"\x1b\t\r");
    session.wait_gone("Enter SEND");
    assert_eq!(posts(&server).len(), 0);
    session.wait_for("Max workers *8");
}

#[test]
fn on_the_linux_console_esc_tab_is_shift_tab_and_sends_nothing_with_the_enter_after_it() {
    let (server, mut session) = form(&[("TERM", "linux")]);
    session.set_max_workers(8);
    session.type_and_see("w", "Enter SEND");
    session.wire().send(b"\x1b\t");
    session.wait_for("curl --request");
    session.wire().send(b"\x1b\t\r");
    session.wait_for("Press Enter again");
    assert_eq!(posts(&server).len(), 0);
}
