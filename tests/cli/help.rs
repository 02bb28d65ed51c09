//! The help of every command, kept in `help/` as it is printed, and the colours and pipes of everything.
//!
//! `UPDATE_HELP=1 cargo test --test cli help` writes what is printed: look at the differences.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use clap::Command;
use novita_edit::cli::args;
use novita_edit::text::width::shown_width;

use crate::run::{LLAMA, User};

/// The words of every command, the program itself first.
pub fn commands() -> Vec<Vec<String>> {
    fn below(command: &Command, words: &[String], all: &mut Vec<Vec<String>>) {
        all.push(words.to_vec());
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            below(inner, &[words, &[inner.get_name().to_owned()]].concat(), all);
        }
    }
    let mut all = Vec::new();
    below(&args::definition(), &[], &mut all);
    all
}

#[test]
fn every_help_is_as_kept_and_fits_80_columns() {
    let user = User::new();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/help");
    let update = std::env::var_os("UPDATE_HELP").is_some();
    let mut names = BTreeSet::new();
    for words in commands() {
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = user.run(&arguments).with(0).out;
        let name = [&["novita-edit".to_owned()], &words[..]].concat().join("-") + ".txt";
        let path = dir.join(&name);
        if update {
            std::fs::create_dir_all(&dir).unwrap();
            std::fs::write(&path, &help).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(help, kept, "{name}: UPDATE_HELP=1 writes it anew");
        names.insert(name);
        for line in help.lines() {
            assert!(shown_width(line) <= 80, "{arguments:?}: {line}");
            assert!(!line.ends_with(' '), "{arguments:?}: {line}");
        }
    }
    let there = std::fs::read_dir(&dir).unwrap();
    let there: BTreeSet<String> = there
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, names);
}

#[test]
fn the_help_of_the_program_names_every_command() {
    let help = User::new().run(&["--help"]).with(0).out;
    for words in commands().iter().filter(|words| words.len() == 1) {
        assert!(help.contains(&format!("\n  {} ", words[0])), "{words:?}");
    }
}

#[test]
fn colours_are_as_asked_for() {
    let coloured = |user: &User, arguments: &[&str]| user.run(arguments).with(0).out.contains('\u{1b}');
    let list = ["list"];
    assert!(!coloured(&User::new(), &list), "a pipe");
    assert!(coloured(&User::new(), &["list", "--color", "always"]));
    assert!(coloured(&User::new().env("CLICOLOR_FORCE", "1"), &list));
    assert!(!coloured(
        &User::new().env("CLICOLOR_FORCE", "1"),
        &["list", "--color", "never"]
    ));
    assert!(coloured(
        &User::new().env("NO_COLOR", "1"),
        &["list", "--color", "always"]
    ));
    let on_terminal = |user: &User, arguments: &[&str]| user.on_terminal(80, arguments).raw.contains("\u{1b}[");
    assert!(on_terminal(&User::new(), &list));
    assert!(!on_terminal(&User::new().env("NO_COLOR", "1"), &list));
    assert!(!on_terminal(&User::new().env("TERM", "dumb"), &list));
    assert!(!on_terminal(&User::new(), &["list", "--color", "never"]));
    for form in ["json", "yaml", "name"] {
        assert!(
            !coloured(&User::new(), &["list", "-o", form, "--color", "always"]),
            "{form}"
        );
    }
}

#[test]
fn a_reader_that_reads_one_line_and_goes_is_no_error() {
    let user = User::new();
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["show", LLAMA],
        &["get", LLAMA],
        &["limits"],
        &["man"],
        &["completions", "bash"],
        &["config", "path"],
        &["scale", LLAMA, "--max", "4", "--dry-run"],
        &["watch", LLAMA, "--until", "serving"],
    ] {
        let mut child = user.start(arguments);
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}: {err}");
        assert!(
            !err.contains("panic") && !err.contains("Broken pipe"),
            "{arguments:?}: {err}"
        );
    }
}

#[test]
fn no_table_is_ever_wider_than_its_terminal() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        endpoint["name"] = "a name that is really much longer than any name should ever be, 日本語 too".into();
    });
    user.run(&["set", "ep_b40c55de", "envs.A=1", "name=x", "--yes"]).with(0);
    for columns in [40, 41, 59, 60, 79, 80, 100, 120, 160, 200] {
        for arguments in [
            &["list"][..],
            &["limits"],
            &["show", LLAMA],
            &["history", "ep_b40c55de"],
        ] {
            let shown = user.on_terminal(columns, arguments);
            let text = shown.text();
            // What is said on stderr are sentences, which the terminal may wrap.
            for line in text.lines().filter(|line| !line.ends_with('.')) {
                assert!(shown_width(line) <= columns.into(), "{columns} {arguments:?}: {line}");
            }
        }
    }
}

#[test]
fn a_command_that_was_mistyped_is_named_and_an_id_stays_an_id() {
    let user = User::new();
    let ended = user.run(&["scal", LLAMA, "--max", "3"]).with(2);
    assert!(ended.err.contains("a similar subcommand exists: 'scale'"), "{ended:#?}");
    let ended = user.run(&["lst"]).with(2);
    assert!(
        ended.err.contains("Did you mean the command `novita-edit list`?"),
        "{ended:#?}"
    );
    assert!(!user.run(&[LLAMA]).with(2).err.contains("Did you mean"));
}
