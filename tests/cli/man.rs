//! Man pages: one for every command, as man and mandoc want them.

use std::process::Command;

use crate::help::commands;
use crate::run::User;

#[test]
fn every_command_has_a_page_with_the_sections_that_people_look_for() {
    let user = User::new();
    user.run(&["man", "--dir", "pages/man1"]).with(0);
    for words in commands() {
        let name = [&["novita-edit".to_owned()], &words[..]].concat().join("-");
        let page = std::fs::read_to_string(user.path(&format!("pages/man1/{name}.1"))).unwrap();
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "\"EXIT STATUS\"",
            "ENVIRONMENT",
            "FILES",
        ] {
            assert!(page.contains(&format!(".SH {section}\n")), "{name}: {section}\n{page}");
        }
        let arguments: Vec<&str> = std::iter::once("man").chain(words.iter().map(String::as_str)).collect();
        assert_eq!(user.run(&arguments).with(0).out, page, "{name}");
    }
    let set = user.run(&["man", "set"]).out;
    assert!(set.contains(".SH EXAMPLES\n") && set.contains("envs.OLD\\-"), "{set}");
}

#[test]
fn a_page_of_no_command_is_2_and_a_folder_that_can_not_be_is_told() {
    let user = User::new();
    let ended = user.run(&["man", "fly"]).with(2);
    assert_eq!(
        ended.err,
        "novita-edit: there is no command fly. `novita-edit --help` lists them.\n"
    );
    user.file("file", "");
    let ended = user.run(&["man", "--dir", "file"]).with(2);
    assert!(
        ended.err.contains("can't be written") && ended.err.ends_with("or choose another\n"),
        "{}",
        ended.err
    );
}

/// Whether a program is there and does something.
fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

#[test]
fn nothing_in_a_page_is_warned_of() {
    let user = User::new();
    user.run(&["man", "--dir", "pages"]).with(0);
    let pages = std::fs::read_dir(user.path("pages")).unwrap();
    let pages: Vec<_> = pages.map(|entry| entry.unwrap().path()).collect();
    for (program, arguments) in [
        ("mandoc", &["-T", "lint", "-W", "warning"][..]),
        ("groff", &["-man", "-K", "utf8", "-ww", "-z"]),
    ] {
        if !is_there(program) {
            eprintln!("skipped: no {program}");
            continue;
        }
        for page in &pages {
            let output = Command::new(program).args(arguments).arg(page).output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(said, "", "{program} {}", page.display());
        }
    }
}
