//! Without environment values in our files (`keep_secrets = false`): what is not there, and what is found again.

use std::sync::Arc;

use novita_edit::endpoint::edit::Row;
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, Misread, Severity, validate};
use novita_edit::secret::{MASK, Secret};
use novita_edit::store::{SendOutcome, Sends, Shelf, Snapshot, Store, Typed, Typing, Unread, UnreadOf, Unsaved};
use tempfile::TempDir;

use crate::harness::*;

/// A shelf in whose files no value may be.
fn withholding() -> (TempDir, Shelf) {
    let home = tempfile::tempdir().unwrap();
    let account = account().keeping_secrets(false);
    let shelf = Store::open(&dirs(home.path()), &account).unwrap().shelf(BASE, ID);
    (home, shelf)
}

fn with(envs: &[(&str, &str)]) -> EndpointConfig {
    EndpointConfig {
        envs: envs.iter().map(|(key, value)| EnvVar::new(*key, *value)).collect(),
        ..config("5")
    }
}

fn values(config: &EndpointConfig) -> Vec<&str> {
    config.envs.iter().map(|env| env.value.reveal()).collect()
}

/// Every place of a draft that can hold a value.
fn everything() -> Unsaved {
    let env = |value: &str| EnvVar::new("TYPED", value);
    let unread = |what| {
        Arc::new(Unread::new(
            what,
            Secret::new("TEXT=planted_text"),
            Misread::at("", 0, "no"),
        ))
    };
    Unsaved {
        loaded: Arc::new(Snapshot {
            config: with(&[("A", "planted_loaded"), ("B", "planted_same")]),
            has_health_check: true,
        }),
        edited: Arc::new(with(&[("A", "planted_edited"), ("B", "planted_same")])),
        typing: Some(Typing {
            what: Typed::Row {
                at: 0,
                old: Some(Row::Env(env("planted_old"))),
                row: Row::Env(env("planted_row")),
                part: FieldId::EnvValue,
            },
            text: Secret::new("planted_typing"),
            cursor: (0, 3),
        }),
        sent: Some(Arc::new(with(&[("A", "planted_sent")]))),
        unread: vec![
            unread(UnreadOf::Environment),
            Arc::new((*unread(UnreadOf::Body)).clone().with_base(Some(Box::new(Snapshot {
                config: with(&[("A", "planted_base")]),
                has_health_check: true,
            })))),
            unread(UnreadOf::Env {
                at: 0,
                old: env("planted_before"),
            }),
            Arc::new(Unread::new(
                UnreadOf::Field(FieldId::Command),
                Secret::new("a command"),
                Misread::at("", 0, "no"),
            )),
        ],
    }
}

#[test]
fn no_value_is_in_any_file_and_everything_else_is() {
    let (home, shelf) = withholding();
    let ownership = mine(&shelf);
    let unsaved = everything();
    ownership.write_draft(&unsaved).unwrap();
    let send = shelf.record_send(&unsaved.loaded, &unsaved.edited).unwrap();
    shelf.record_outcome(&send, SendOutcome::Stored).unwrap();
    for path in all_under(home.path()).iter().filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains("planted"), "{path:?}: {text}");
    }
    let draft = draft(&shelf).unwrap();
    assert_eq!(draft.edited.workers, unsaved.edited.workers);
    let texts: Vec<bool> = draft
        .unread
        .iter()
        .map(|unread| unread.text.fingerprint().is_none())
        .collect();
    assert_eq!(texts, [false, false, false, true]);
    // What differed differs, and what was the same is.
    let (loaded, edited) = (&draft.loaded.config.envs, &draft.edited.envs);
    assert!(loaded[0] != edited[0] && loaded[1] == edited[1]);
    let record = &shelf.history().unwrap().records[0];
    assert_eq!(record.before.config.envs, *loaded);
    assert_eq!(record.after.envs, *edited);
}

#[test]
fn with_the_option_as_it_is_by_default_they_are_there() {
    let (_home, shelf) = shelf();
    let unsaved = everything();
    mine(&shelf).write_draft(&unsaved).unwrap();
    let text = std::fs::read_to_string(shelf.draft_path()).unwrap();
    for value in [
        "loaded", "same", "edited", "old", "row", "typing", "sent", "text", "before", "base",
    ] {
        assert!(text.contains(&format!("planted_{value}")), "{value}");
    }
}

#[test]
fn values_that_the_server_has_are_found_again_and_the_others_are_errors() {
    let (_home, shelf) = withholding();
    mine(&shelf).write_draft(&everything()).unwrap();
    let mut draft = draft(&shelf).unwrap();
    assert_eq!(values(&draft.edited), [MASK, MASK]);
    let redactor = account().redactor().clone();
    let server = with(&[
        ("RENAMED", "planted_same"),
        ("A", "planted_loaded"),
        ("T", "planted_row"),
    ]);
    redactor.restore_draft(&mut draft, &server);
    assert_eq!(values(&draft.loaded.config), ["planted_loaded", "planted_same"]);
    assert_eq!(values(&draft.edited), [MASK, "planted_same"]);
    assert_eq!(draft.edited.redacted().collect::<Vec<_>>(), ["A"]);
    let Some(Typed::Row { row: Row::Env(row), .. }) = draft.typing.as_ref().map(|typing| &typing.what) else {
        panic!("{:?}", draft.typing)
    };
    assert_eq!(row.value.reveal(), "planted_row");
    let problems = validate::validate_envs(&draft.edited.envs);
    assert!(
        problems
            .iter()
            .any(|problem| problem.severity == Severity::Error && problem.message.contains("keep_secrets")),
        "{problems:?}"
    );
}

#[test]
fn another_key_makes_other_fingerprints() {
    let (_home, shelf) = withholding();
    mine(&shelf).write_draft(&everything()).unwrap();
    let mut draft = draft(&shelf).unwrap();
    let other = novita_edit::store::Account::new(BASE, &Secret::new("sk_other"));
    other.redactor().restore_draft(&mut draft, &everything().loaded.config);
    assert_eq!(values(&draft.loaded.config), [MASK, MASK]);
}

#[test]
fn what_was_not_kept_once_is_written_as_it_is_whatever_the_option_says_later() {
    let (home, shelf) = withholding();
    mine(&shelf).write_draft(&everything()).unwrap();
    let before = draft(&shelf).unwrap();
    let shelf = shelf_in(home.path());
    let unsaved = Unsaved {
        loaded: Arc::new(before.loaded.clone()),
        edited: Arc::new(before.edited.clone()),
        ..unsaved("5")
    };
    mine(&shelf).write_draft(&unsaved).unwrap();
    assert_eq!(draft(&shelf).unwrap().edited, before.edited);
}

/// A send of which nothing was known is found in the history by what was sent, though its values aren't there.
#[test]
fn the_outcome_of_an_unknown_send_finds_its_line() {
    let home = tempfile::tempdir().unwrap();
    let sends = Sends::new(Some(dirs(home.path())), BASE, &Secret::new("sk_hidden")).keeping_secrets(false);
    let sent = with(&[("A", "planted")]);
    let shelf = sends.shelf(ID).unwrap();
    shelf.record_send(&snapshot(), &sent).unwrap();
    sends
        .record_outcome(None, &with(&[("A", "another")]), SendOutcome::NotStored)
        .unwrap();
    assert_eq!(shelf.history().unwrap().records[0].outcome, SendOutcome::Unknown);
    sends.record_outcome(None, &sent, SendOutcome::Stored).unwrap();
    assert_eq!(shelf.history().unwrap().records[0].outcome, SendOutcome::Stored);
}
