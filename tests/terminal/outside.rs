//! `$EDITOR` as a small script, and .env files, over the real binary.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use novita_edit::demo::DemoServer;
use rustix::process::Signal;

use crate::harness::{CTRL_X, ENTER, ESC, LLAMA, OLD_TOKEN, Session, Start, server};
use crate::home::Home;

/// A script as the editor; `$1` is the file.
fn script(home: &Home, text: &str) -> PathBuf {
    let path = home.path().join("my editor");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// The form, with a script as `$VISUAL`.
fn form(server: &DemoServer, home: &Home, text: &str) -> Session {
    let editor = script(home, text);
    let session = Start::editor(&server.base_url())
        .arg(LLAMA)
        .home(home)
        .env("VISUAL", &format!("'{}' --wait", editor.display()))
        .env("EDITOR", "false")
        .spawn();
    session.wait_for("0–10");
    session
}

/// Everything that is left below the home of the temporary files.
fn left(home: &Home) -> Vec<PathBuf> {
    let dir = home.path().join("state/novita-edit/editor");
    match fs::read_dir(dir) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}

fn wait_for_file(path: &Path) {
    for _ in 0..1000 {
        if path.exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("{} never came", path.display());
}

#[test]
fn the_editor_has_the_terminal_and_what_it_writes_is_an_edit() {
    let (server, home) = (server(), Home::new());
    let mut session = form(
        &server,
        &home,
        "test \"$1\" = --wait && shift
stat -c %a \"$1\" \"${1%/*}\" > \"$HOME/modes\"
stty -a > \"$HOME/stty\"
printf 'the editor asks: '; read answer
sed -i \"s/\\\"maxNum\\\": 5/\\\"maxNum\\\": $answer/\" \"$1\"",
    );
    session.type_and_see("B", "the editor asks:");
    session.type_and_see(&format!("8{ENTER}"), "Max workers *8");
    session.wait_for("Taken from the editor");
    assert_eq!(fs::read_to_string(home.path().join("modes")).unwrap(), "600\n700\n");
    let stty = fs::read_to_string(home.path().join("stty")).unwrap();
    assert!(stty.contains(" icanon") && stty.contains(" echo "), "{stty}");
    assert_eq!(left(&home), Vec::<PathBuf>::new());
    // Keys arrive again.
    session.type_and_see("u", "Undone: body, in the editor");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn nonsense_comes_back_with_its_place_and_editing_goes_on_with_the_same_text() {
    let (server, home) = (server(), Home::new());
    let mut session = form(
        &server,
        &home,
        "shift
if test -e \"$HOME/second\"; then grep -q 'not one' \"$1\" && echo A=1 > \"$1\"
else echo 'not one' > \"$1\"; touch \"$HOME/second\"; fi",
    );
    session.type_and_see("E", "Line 1, column 1: there is no = after a name.");
    session.type_and_see(ENTER, "Environment 1");
    session.wait_for("Taken from the editor");
    assert_eq!(left(&home), Vec::<PathBuf>::new());
}

#[test]
fn nonsense_survives_a_kill_and_editing_goes_on_with_it_in_the_next_session() {
    let (server, home) = (server(), Home::new());
    let text = "shift; cp \"$1\" \"$HOME/before\"; echo '{ \"my\": work' > \"$1\"";
    let mut session = form(&server, &home, text);
    session.type_and_see("B", "can't be read.");
    home.wait_for_draft("the text", |draft| draft["unread"][0]["text"] == "{ \"my\": work\n");
    session.kill();
    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("a text from the editor that can't be read yet");
    session.type_and_see(ENTER, "What came from the editor for the body can't be read.");
    session.type_and_see(CTRL_X, "discarded; it is kept aside for 7 days");
    home.wait_for_no_draft();
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn an_editor_that_fails_or_is_missing_changes_nothing() {
    let (server, home) = (server(), Home::new());
    let mut session = form(&server, &home, "exit 3");
    session.type_and_see("B", "The editor ended with code 3. Nothing is changed.");
    assert_eq!(left(&home), Vec::<PathBuf>::new());
    session.send("q");
    assert_eq!(session.exit_code(), 0);

    let mut session = Start::editor(&server.base_url())
        .arg(LLAMA)
        .env("EDITOR", "no-such-editor --wait")
        .spawn();
    session.wait_for("0–10");
    session.type_and_see("B", "The editor no-such-editor (EDITOR) did not start");
    session.wait_for("Nothing is changed.");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn ctrl_c_and_ctrl_backslash_end_the_editor_only() {
    let (server, home) = (server(), Home::new());
    let mut session = form(
        &server,
        &home,
        "n=$(cat \"$HOME/n\" 2>/dev/null); echo $((n + 1)) > \"$HOME/n\"; echo \"run $n.\"; exec sleep 60",
    );
    for (key, run) in [("\x03", "run ."), ("\x1c", "run 1.")] {
        session.type_and_see("B", run);
        session.type_and_see(key, "The editor was ended by a signal.");
    }
    session.set_max_workers(8);
    assert_eq!(left(&home), Vec::<PathBuf>::new());
}

#[test]
fn a_termination_while_the_editor_runs_keeps_the_draft_and_leaves_no_file() {
    for signal in [Signal::TERM, Signal::HUP] {
        let (server, home) = (server(), Home::new());
        let mut session = form(&server, &home, "stty raw; touch \"$HOME/there\"; exec sleep 60");
        session.set_max_workers(8);
        session.send("B");
        wait_for_file(&home.path().join("there"));
        // The draft was on disk before the editor began.
        assert_eq!(left(&home).len(), 1);
        session.signal(signal);
        session.exit_code();
        session.assert_main_screen();
        assert_eq!(left(&home), Vec::<PathBuf>::new());
        let session = Session::asked(&home, &server.base_url());
        session.wait_for("5 → 8");
    }
}

#[test]
fn what_the_editor_has_saved_when_the_line_drops_is_in_the_draft() {
    for (saved, waits) in [
        ("sed -i 's/\"maxNum\": 5/\"maxNum\": 7/' \"$1\"", "5 → 7"),
        (
            "echo '{ \"half\": an' > \"$1\"",
            "a text from the editor that can't be read yet",
        ),
    ] {
        let (server, home) = (server(), Home::new());
        let text = format!("shift; {saved}; touch \"$HOME/there\"; exec sleep 60");
        let mut session = form(&server, &home, &text);
        session.send("B");
        wait_for_file(&home.path().join("there"));
        session.signal(Signal::HUP);
        session.exit_code();
        assert_eq!(left(&home), Vec::<PathBuf>::new());
        let session = Session::asked(&home, &server.base_url());
        session.wait_for(waits);
    }
}

#[test]
fn a_file_that_the_editor_emptied_to_write_it_loses_nothing() {
    let (server, home) = (server(), Home::new());
    let text = "shift; : > \"$1\"; touch \"$HOME/there\"; exec sleep 60";
    let mut session = form(&server, &home, text);
    session.set_max_workers(8);
    session.send("E");
    wait_for_file(&home.path().join("there"));
    session.signal(Signal::HUP);
    session.exit_code();
    let session = Session::asked(&home, &server.base_url());
    session.wait_for("5 → 8");
    assert!(!session.screen().contains("HF_TOKEN"), "{}", session.screen());
}

/// Sets max workers to 7 in the file, says so by another file, and goes on.
const SAVES: &str = "sed -i 's/\"maxNum\": 5/\"maxNum\": 7/' \"$1\"; touch \"$HOME/there\"";

/// The editor was killed after the text had been saved.
fn killed_after_saving(server: &DemoServer, home: &Home) {
    let mut session = form(server, home, &format!("shift; {SAVES}; exec sleep 60"));
    session.send("B");
    wait_for_file(&home.path().join("there"));
    session.kill();
    assert_eq!(left(home).len(), 1);
}

#[test]
fn a_text_that_was_saved_before_a_kill_is_offered_by_its_endpoint_and_by_no_other() {
    let (server, home) = (server(), Home::new());
    killed_after_saving(&server, &home);
    let mut other = Start::editor(&server.base_url()).arg("ep_b40c55de").home(&home).spawn();
    other.wait_for("Enter edit");
    other.send("q");
    assert_eq!(other.exit_code(), 0);
    let session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    session.wait_for("The editor saved a text of the body");
    session.wait_for("It changes: Max workers.");
    assert!(!session.screen().contains("as a whole"), "{}", session.screen());
    // Killed once more, it is offered once more, by the draft that has it by now.
    home.wait_for_draft("the text", |draft| draft["unread"][0]["what"] == "body");
    session.kill();
    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("a text that the editor saved, not taken yet");
    session.type_and_see(ENTER, "The editor saved a text of the body");
    session.type_and_see(ENTER, "Max workers *7");
    home.wait_for_max_workers(7);
    home.wait("nothing left", |home| left(home).is_empty());
    session.review_and_send();
    session.wait_for("✓ Saved");
}

#[test]
fn a_mended_text_that_was_saved_before_a_kill_comes_before_the_one_that_it_mends() {
    let (server, home) = (server(), Home::new());
    let text = format!(
        "shift
if test -e \"$HOME/good\"; then cp \"$HOME/good\" \"$1\"; {SAVES}; exec sleep 60
else cp \"$1\" \"$HOME/good\"; echo '{{ \"my\": work' > \"$1\"; fi"
    );
    let mut session = form(&server, &home, &text);
    session.type_and_see("B", "can't be read.");
    home.wait_for_draft("the text", |draft| draft["unread"][0]["text"] == "{ \"my\": work\n");
    session.send(ENTER);
    wait_for_file(&home.path().join("there"));
    session.kill();
    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("a text from the editor that can't be read yet");
    session.type_and_see(ENTER, "The editor saved a text of the body");
    session.wait_for("It changes: Max workers.");
    session.type_and_see(ENTER, "Max workers *7");
    home.wait_for_max_workers(7);
    home.wait("nothing left", |home| left(home).is_empty());
    session.wait_for("1 not taken");
}

#[test]
fn what_is_discarded_on_quitting_is_not_asked_about_again() {
    let (server, home) = (server(), Home::new());
    killed_after_saving(&server, &home);
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    session.wait_for("The editor saved a text of the body");
    session.type_and_see(ESC, "1 not taken");
    session.type_and_see("q", "discard them and quit");
    session.send(CTRL_X);
    assert_eq!(session.exit_code(), 0);
    assert_eq!(left(&home), Vec::<PathBuf>::new());
    assert_eq!(home.discarded()[0]["unread"][0]["what"], "body");
}

#[test]
fn a_text_that_is_too_large_to_be_taken_when_the_line_drops_is_kept_and_named() {
    let (server, home) = (server(), Home::new());
    let large = "head -c 17000000 /dev/zero | tr '\\0' x > \"$1\"";
    let text = format!("shift; {large}; touch \"$HOME/there\"; exec sleep 60");
    let mut session = form(&server, &home, &text);
    session.send("B");
    wait_for_file(&home.path().join("there"));
    session.signal(Signal::HUP);
    session.exit_code();
    assert_eq!(left(&home).len(), 1);
    let session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    session.wait_for("is kept as");
    assert_eq!(
        fs::metadata(left(&home)[0].join("body.json")).unwrap().len(),
        17_000_000
    );
}

#[test]
fn an_environment_of_comments_only_is_in_the_draft_when_the_line_drops() {
    let (server, home) = (server(), Home::new());
    let text = "shift; echo '# later' > \"$1\"; touch \"$HOME/there\"; exec sleep 60";
    let mut session = form(&server, &home, text);
    session.send("E");
    wait_for_file(&home.path().join("there"));
    session.signal(Signal::HUP);
    session.exit_code();
    assert_eq!(home.draft().unwrap()["unread"][0]["text"], "# later\n");
    assert_eq!(left(&home), Vec::<PathBuf>::new());
}

#[test]
fn what_a_slow_editor_writes_after_the_end_is_found() {
    let (server, home) = (server(), Home::new());
    let text = format!(
        "shift; trap '' TERM HUP; {SAVES}
while test ! -e \"$HOME/on\"; do sleep 0.1; done
{SWAPS}; touch \"$HOME/written\""
    );
    let mut session = form(&server, &home, &text);
    session.send("B");
    wait_for_file(&home.path().join("there"));
    session.signal(Signal::TERM);
    session.exit_code();
    fs::write(home.path().join("on"), "").unwrap();
    wait_for_file(&home.path().join("written"));
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    session.wait_for("5 → 7");
    session.wait_for("The editor left .body.json.swp, which may hold more than was saved; it is kept as");
    assert_eq!(
        fs::read_to_string(left(&home)[0].join(".body.json.swp")).unwrap(),
        "unsaved\n"
    );
    // What was saved is in the draft, and is not offered twice.
    session.type_and_see(ENTER, "Max workers *7");
    assert!(!session.screen().contains("not taken"), "{}", session.screen());
}

#[test]
fn what_lies_where_the_login_ends_is_moved_by_the_next_start_and_discarded_into_the_drafts() {
    let (server, home) = (server(), Home::new());
    let runtime = home.path().join("run");
    fs::create_dir(&runtime).unwrap();
    fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700)).unwrap();
    let start = || {
        Start::editor(&server.base_url())
            .arg(LLAMA)
            .home(&home)
            .env("XDG_RUNTIME_DIR", runtime.to_str().unwrap())
    };
    let editor = script(&home, &format!("{SAVES}; exec sleep 60"));
    let mut session = start().env("EDITOR", &format!("'{}'", editor.display())).spawn();
    session.wait_for("0–10");
    session.send("B");
    wait_for_file(&home.path().join("there"));
    session.kill();
    let there = || fs::read_dir(&runtime).unwrap().count();
    assert_eq!((there(), left(&home).len()), (1, 0));
    let mut session = start().spawn();
    session.wait_for("The editor saved a text of the body");
    assert_eq!((there(), left(&home).len()), (0, 1));
    session.send(CTRL_X);
    session.wait_for("is discarded; it is kept aside for 7 days");
    home.wait("nothing left", |home| left(home).is_empty());
    assert_eq!(home.discarded()[0]["unread"][0]["what"], "body");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn an_editor_that_outlives_a_kill_keeps_its_file_and_what_it_saves_is_offered_later() {
    let (server, home) = (server(), Home::new());
    let text = format!(
        "shift; trap '' HUP; {SWAPS}; touch \"$HOME/swapped\"
while test ! -e \"$HOME/on\"; do sleep 0.1; done
{SAVES}; rm \"${{1%/*}}/.${{1##*/}}.swp\"; touch \"$HOME/written\""
    );
    let mut session = form(&server, &home, &text);
    session.send("B");
    wait_for_file(&home.path().join("swapped"));
    session.kill();
    let start = || Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    let before = left(&home);
    // As often as it is asked.
    for _ in 0..2 {
        let mut session = start();
        session.wait_for("still has the body open. Save and quit there;");
        session.wait_for("my editor (process");
        assert_eq!(left(&home), before);
        session.type_and_see(ESC, "Enter edit");
        session.send("q");
        assert_eq!(session.exit_code(), 0);
    }
    fs::write(home.path().join("on"), "").unwrap();
    wait_for_file(&home.path().join("written"));
    let mut session = start();
    session.wait_for("The editor saved a text of the body");
    session.type_and_see(ENTER, "Max workers *7");
}

#[test]
fn what_was_not_saved_before_a_kill_is_gone_at_the_next_start() {
    let (server, home) = (server(), Home::new());
    let mut session = form(&server, &home, "touch \"$HOME/there\"; exec sleep 60");
    session.send("B");
    wait_for_file(&home.path().join("there"));
    session.kill();
    assert_eq!(left(&home).len(), 1);
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    session.wait_for("Enter edit");
    assert_eq!(left(&home), Vec::<PathBuf>::new());
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn what_was_saved_before_the_editor_ended_with_a_code_waits_as_a_saved_text() {
    let (server, home) = (server(), Home::new());
    let mut session = form(&server, &home, &format!("shift; {SAVES}; exit 3"));
    session.type_and_see("B", "The editor had saved a text of the body before it ended.");
    session.wait_for("The editor ended with code 3. Nothing is changed.");
    home.wait_for_draft("the text", |draft| draft["unread"][0]["what"] == "body");
    home.wait("nothing left", |home| left(home).is_empty());
    session.type_and_see(ESC, "B opens it");
    session.type_and_see("B", "The editor had saved a text of the body before it ended.");
    session.type_and_see(ENTER, "Max workers *7");
}

#[test]
fn a_file_that_is_gone_or_a_directory_is_told_as_that() {
    let (server, home) = (server(), Home::new());
    let mut session = form(&server, &home, "shift; rm \"$1\"");
    session.type_and_see(
        "B",
        "What the editor wrote can't be read: the file is gone. Nothing is changed.",
    );
    drop(session);
    let mut session = form(&server, &home, "shift; rm \"$1\"; mkdir \"$1\"");
    session.type_and_see(
        "B",
        "can't be read: a directory stands in its place. Nothing is changed.",
    );
}

/// The same name as vim's.
const SWAPS: &str = "echo unsaved > \"${1%/*}/.${1##*/}.swp\"";

#[test]
fn a_swap_file_that_the_editor_left_when_the_line_dropped_is_kept_and_named() {
    for signal in [Signal::HUP, Signal::TERM] {
        let (server, home) = (server(), Home::new());
        let mut session = form(&server, &home, &format!("shift; {SWAPS}; {SAVES}; exec sleep 60"));
        session.send("B");
        wait_for_file(&home.path().join("there"));
        session.signal(signal);
        session.exit_code();
        let kept = left(&home);
        assert_eq!(kept.len(), 1);
        let swap = kept[0].join(".body.json.swp");
        assert_eq!(fs::read_to_string(&swap).unwrap(), "unsaved\n");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&kept[0]), mode(&swap)), (0o700, 0o600));
        // What was saved is in the draft, and nothing of it is asked about twice.
        let mut session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
        session.wait_for("5 → 7");
        session.wait_for("The editor left .body.json.swp, which may hold more than was saved; it is kept as");
        let shown: String = session.screen().replace('│', " ").split_whitespace().collect();
        let how = format!("`vim-r{}`showsit.", kept[0].join("body.json").display());
        assert!(shown.contains(&how), "{how} is not told:\n{}", session.screen());
        session.type_and_see(ENTER, "Max workers *7");
        session.kill();
        let session = Session::asked(&home, &server.base_url());
        session.wait_for("5 → 7");
        assert!(
            !session.screen().contains("may hold more than was saved"),
            "{}",
            session.screen()
        );
        assert!(swap.exists());
    }
}

#[test]
fn where_values_are_not_kept_a_swap_file_goes_and_that_is_told() {
    let (server, home) = (server(), Home::new());
    let start = || Start::editor(&server.base_url()).arg(LLAMA).home(&home);
    let editor = script(&home, &format!("{SWAPS}; {SAVES}; exec sleep 60"));
    let mut session = start()
        .config("keep_secrets = false\n")
        .env("EDITOR", &format!("'{}'", editor.display()))
        .spawn();
    session.wait_for("0–10");
    session.send("B");
    wait_for_file(&home.path().join("there"));
    session.signal(Signal::HUP);
    session.exit_code();
    for dir in left(&home) {
        let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), [".novita-edit.json"]);
    }
    for entry in home.entries() {
        let text = String::from_utf8_lossy(&entry.bytes).into_owned();
        assert!(!text.contains(OLD_TOKEN), "a value in {}", entry.name);
    }
    let session = start().spawn();
    session.wait_for("(.body.json.swp) was removed: keep_secrets = false.");
    assert_eq!(left(&home), Vec::<PathBuf>::new());
}

#[test]
fn a_text_that_an_editor_had_saved_when_it_was_killed_is_offered_at_once() {
    let (server, home) = (server(), Home::new());
    let mut session = form(&server, &home, &format!("shift; {SAVES}; kill -9 $$"));
    session.type_and_see("B", "The editor had saved a text of the body before it ended.");
    session.wait_for("The editor was ended by a signal. Nothing is changed.");
    session.type_and_see(ENTER, "Max workers *7");
    home.wait("nothing left", |home| left(home).is_empty());
}

#[test]
fn an_editor_that_comes_back_at_once_and_one_that_does_not_start_are_told_how_to_be_written() {
    let (server, home) = (server(), Home::new());
    let mut session = form(&server, &home, "true");
    // Where the machine is busy with other tests even that may take a second: one of a few tries is quick.
    for _ in 0..5 {
        session.type_and_see("B", "Nothing was changed");
        if session.screen().contains("came back at once") {
            break;
        }
        session.send("j");
        session.wait_gone("Nothing was changed");
    }
    session.wait_for("(`code --wait`)");
    assert_eq!(left(&home), Vec::<PathBuf>::new());
    for (editor, hint) in [
        ("~/bin/vim", "`~` is not expanded here: write the whole path."),
        ("LANG=C vim", "write `env NAME=value` and the editor."),
    ] {
        let mut session = Start::editor(&server.base_url())
            .arg(LLAMA)
            .env("EDITOR", editor)
            .spawn();
        session.wait_for("0–10");
        session.type_and_see("B", "did not start");
        session.send("i");
        session.wait_for(hint);
    }
}

#[test]
fn a_file_goes_out_private_and_comes_back_in() {
    let (server, home) = (server(), Home::new());
    let mut session = form(&server, &home, "true");
    session.type_and_see(":export", "export the environment");
    session.type_and_see(ENTER, "Export the environment");
    session.type_and_see(&format!("\x15out.env{ENTER}"), "Written to");
    let file = home.path().join("out.env");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(&format!("HF_TOKEN={OLD_TOKEN}\n")), "{text}");

    session.send(&format!(":export{ENTER}"));
    session.type_and_see(&format!("\x15out.env{ENTER}"), "It exists");
    session.send(ESC);
    session.wait_gone("It exists");
    session.send(ESC);
    session.wait_gone("Export the environment");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);

    fs::write(&file, "MAX_NUM_SEQS=128\nNEW=$HOME\n").unwrap();
    session.type_and_see(&format!(":import{ENTER}"), "Import variables");
    session.type_and_see(&format!("~/out.env{ENTER}"), "1 new, 1 changed, 0 the same");
    session.type_and_see("V", "$HOME");
    session.type_and_see(ENTER, "Done: import 2 from out.env");
}

#[test]
fn ctrl_z_in_the_editor_goes_to_the_shell_and_fg_comes_back_to_the_editor() {
    let (server, home) = (server(), Home::new());
    let editor = script(
        &home,
        "kill -TSTP 0; echo 'back in the editor'; read name; echo \"$name\" > \"$1\"",
    );
    let mut session = Start::program("/bin/sh")
        .arg("-i")
        .home(&home)
        .env("PS1", "prompt> ")
        .env("EDITOR", &format!("'{}'", editor.display()))
        .env("EDITOR_UNDER_TEST", env!("CARGO_BIN_EXE_novita-edit"))
        .env("NOVITA_BASE_URL", &server.base_url())
        .spawn();
    session.wait_for("prompt>");
    session.send(&format!("\"$EDITOR_UNDER_TEST\" {LLAMA}{ENTER}"));
    session.wait_for("0–10");
    session.find("name");
    session.type_and_see("e", "prompt>");
    session.type_and_see(&format!("echo the $((6 * 7)){ENTER}"), "the 42");
    session.type_and_see(&format!("fg{ENTER}"), "back in the editor");
    session.type_and_see(&format!("renamed{ENTER}"), "Name *renamed");
    session.type_and_see("q", "discard them and quit");
    session.type_and_see(CTRL_X, "prompt>");
    session.send(&format!("exit{ENTER}"));
    session.exit_code();
}
