//! Words that people bring from other tools, and slips of a command's name.

use std::time::Duration;

use novita_edit::demo::{Call, Fault, When};
use serde_json::json;

use crate::run::{LLAMA, User};
use crate::terminal::Shown;

/// What the editor writes first of all.
const ALTERNATE_SCREEN: &str = "\u{1b}[?1049h";

/// What the terminal got of an editor that is left once its form is there.
fn looked_at(user: &User, arguments: &[&str]) -> Shown {
    // A key counts from the frame on that it answers, and this is near the end of the form's first one.
    let written = || std::thread::sleep(Duration::from_millis(300));
    user.asked(80, arguments, "next problem", written, "q")
}

#[test]
fn other_words_do_the_same() {
    let user = User::new();
    for (other, usual) in [
        (&["ls", "--state", "failed"][..], &["list", "--state", "failed"][..]),
        (&["status", LLAMA, "-o", "json"], &["show", LLAMA, "-o", "json"]),
        (&["describe", LLAMA], &["show", LLAMA]),
        (&["draft", "ls"], &["draft", "list"]),
        (&["help"], &["--help"]),
        (&["help", "set"], &["set", "--help"]),
        (&["help", "draft", "show"], &["draft", "show", "--help"]),
        (&["help", "ls"], &["list", "--help"]),
        (&["help", "help"], &["help", "--help"]),
        (&["--profile", "none", "help", "set"], &["set", "--help"]),
        (&["version"], &["--version"]),
        (&["man", "ls"], &["man", "list"]),
    ] {
        let (other, usual) = (user.run(other).with(0), user.run(usual).with(0));
        assert_eq!((other.out, other.err), (usual.out, usual.err));
    }
    let help = user.run(&["--help"]).with(0).out;
    assert!(
        help.contains("\nOther words: ls = list, status and describe = show\n"),
        "{help}"
    );
    let ended = user.run(&["help", "draft", "shwo"]).with(2);
    assert!(
        ended.err.contains("there is no command draft shwo. Did you mean show?"),
        "{ended:#?}"
    );
}

#[test]
fn edit_is_the_editor() {
    let user = User::new();
    let (edit, alone) = (user.run(&["edit", LLAMA]).with(2), user.run(&[LLAMA]).with(2));
    assert_eq!(edit.err, alone.err);
    assert!(edit.err.contains("terminal"), "{edit:#?}");
    let shown = looked_at(&user, &["edit", "llama-3-8b"]);
    assert!(shown.raw.contains(ALTERNATE_SCREEN) && shown.code == 0, "{}", shown.raw);
}

#[test]
fn what_is_done_elsewhere_says_where_and_is_no_endpoint() {
    let user = User::new();
    for (arguments, said) in [
        (&["delete", LLAMA][..], "No endpoint is deleted here"),
        (&["delete"], "No endpoint is deleted here"),
        (&["rm", "-f", LLAMA], "No endpoint is deleted here"),
        (
            &["--color", "never", "create", "--name", "x"],
            "No endpoint is made here",
        ),
        (&["logs", LLAMA], "There are no logs of workers here"),
        (&["update", LLAMA, "--max", "3"], "Use `novita-edit set ID PATH=VALUE`"),
        (&["patch", LLAMA], "`novita-edit apply -f FILE`"),
        (&["login"], "set NOVITA_API_KEY"),
    ] {
        let ended = user.run(arguments).with(2);
        assert!(
            ended.err.contains(said) && ended.out.is_empty(),
            "{arguments:?} {ended:#?}"
        );
        let shown = user.on_terminal(80, arguments);
        assert!(
            shown.code == 2 && !shown.raw.contains(ALTERNATE_SCREEN),
            "{}",
            shown.raw
        );
    }
    assert_eq!(user.server.requests(), []);
}

#[test]
fn a_slip_of_a_command_never_opens_anything() {
    let user = User::new();
    for (word, command) in [
        ("lst", "list"),
        ("aply", "apply"),
        ("scael", "scale"),
        ("shwo", "show"),
        ("histroy", "history"),
        ("lss", "ls"),
    ] {
        for terminal in [false, true] {
            let (code, said) = match terminal {
                true => {
                    let shown = user.on_terminal(200, &[word]);
                    (shown.code, shown.raw)
                }
                false => {
                    let ended = user.run(&[word]);
                    (ended.code.unsigned_abs(), ended.err)
                }
            };
            assert_eq!(code, 2, "{said}");
            let near = format!("Did you mean the command `novita-edit {command}`?");
            assert!(
                said.contains(&near) && said.contains(&format!("`novita-edit -- {word}`")),
                "{said}"
            );
            assert!(!said.contains(ALTERNATE_SCREEN), "{said}");
        }
    }
    // A server that doesn't answer, or a key that is missing, makes no endpoint of it.
    let hangs = Fault::DelayBefore(Duration::from_secs(20));
    user.server.faults().add(Call::Load, When::always(), hangs);
    assert!(user.run(&["lst"]).with(2).err.contains("Did you mean"));
    let nobody = User::new().env("NOVITA_API_KEY", "");
    assert!(nobody.run(&["lst"]).with(2).err.contains("Did you mean"));
}

#[test]
fn an_endpoint_that_is_called_so_is_opened() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| endpoint["name"] = json!("lst"));
    for arguments in [&["lst"][..], &["--", "lst"], &["edit", "lst"], &[LLAMA]] {
        let shown = looked_at(&user, arguments);
        assert!(shown.raw.contains(ALTERNATE_SCREEN), "{arguments:?} {}", shown.raw);
    }
    // A word that is a command means an endpoint behind two dashes.
    user.server.edit(LLAMA, |endpoint| endpoint["name"] = json!("ls"));
    looked_at(&user, &["--", "ls"]);
    user.server.edit(LLAMA, |endpoint| endpoint["name"] = json!("logs"));
    looked_at(&user, &["--", "logs"]);
}
