//! Which theme is used, and what of the user's files is read.

use std::fs;

use novita_edit::config::{Config, Environment, Flags};
use novita_edit::tui::theme::Theme;
use novita_edit::tui::theme::file::builtin;
use novita_edit::tui::user_files::UserFiles;
use tempfile::TempDir;

struct User(TempDir);

impl User {
    fn new(files: &[(&str, &str)]) -> Self {
        let user = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = user.0.path().join("novita-edit").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        user
    }

    fn look(&self, profile: Option<&str>) -> UserFiles {
        let env = Environment::from_pairs([("XDG_CONFIG_HOME", self.0.path())]);
        let flags = Flags {
            demo: true,
            profile: profile.map(str::to_owned),
            ..Flags::default()
        };
        UserFiles::read(&Config::resolve(&flags, &env).unwrap())
    }

    fn theme(&self, profile: Option<&str>) -> Theme {
        self.look(profile).theme
    }
}

#[test]
fn the_profiles_theme_beats_the_files_and_the_default_is_the_terminals() {
    let profiles = "[profiles.prod]\ntheme = 'light'\n[profiles.staging]\nprotected = true\n";
    let user = User::new(&[("config.toml", &format!("theme = 'dark'\n{profiles}"))]);
    assert_eq!(user.theme(None), builtin("dark").unwrap());
    assert_eq!(user.theme(Some("staging")), builtin("dark").unwrap());
    assert_eq!(user.theme(Some("prod")), builtin("light").unwrap());
    let user = User::new(&[("config.toml", profiles)]);
    assert_eq!(user.theme(None), Theme::default());
    assert_eq!(user.theme(None), builtin("terminal").unwrap());
}

#[test]
fn a_theme_that_is_not_there_is_told_in_whatever_profile_and_the_default_used() {
    let user = User::new(&[(
        "config.toml",
        "theme = 'nope'\n[profiles.p]\ntheme = '../../etc/passwd'\n",
    )]);
    let look = user.look(None);
    assert_eq!(look.theme, Theme::default());
    let told: Vec<_> = look
        .problems
        .iter()
        .map(|problem| (problem.line, &problem.text))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].0 == Some(1) && told[0].1.contains("names nope"), "{told:?}");
    assert!(
        told[1].0 == Some(3) && told[1].1.contains("not compiled in"),
        "{told:?}"
    );
}

#[test]
fn a_theme_in_use_tells_what_is_wrong_and_one_that_is_not_waits_for_config_check() {
    let files = [
        ("config.toml", "theme = 'mine'\n[profiles.p]\ntheme = 'other'\n"),
        ("themes/mine.toml", "[error]\nfg = 1\nbg = 'redd'\n"),
        ("themes/other.toml", "[eror]\n"),
    ];
    let user = User::new(&files);
    let look = user.look(None);
    assert_eq!(look.problems.len(), 1, "{:?}", look.problems);
    assert!(look.problems[0].path.ends_with("themes/mine.toml"));
    assert_ne!(look.theme, Theme::default(), "what is right is used");
    assert!(user.look(Some("p")).problems[0].path.ends_with("themes/other.toml"));
}

#[test]
fn one_sentence_tells_of_all_problems() {
    assert_eq!(User::new(&[]).look(None).notice(), None);
    let user = User::new(&[("keymap.toml", "\n[form]\ncopy = ['']\n")]);
    assert_eq!(
        user.look(None).notice().unwrap(),
        "1 problem in your keys and themes: novita-edit config check shows it. Defaults are used there (keymap.toml, \
         line 3)."
    );
}

#[test]
fn a_keymap_that_can_not_be_read_is_told_and_the_default_used() {
    let user = User::new(&[("keymap.toml/a-directory", "")]);
    let look = user.look(None);
    assert!(look.keymap.is_none());
    assert!(
        look.problems[0]
            .to_string()
            .contains("keymap.toml: the file is a directory, a pipe or something else that is no regular file"),
        "{look:?}"
    );
}
