//! Without environment values in our files (`keep_secrets = false`): what is not there, and what is found again.

use std::sync::Arc;

use novita_edit::endpoint::edit::Row;
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, ParseError, Severity, validate};
use novita_edit::secret::{MASK, Secret};
use novita_edit::store::{
    EditorText, EditorTextOf, EndpointFiles, SendFacts, SendLog, SendOutcome, Snapshot, Store, Typing, TypingTarget,
    Unsaved,
};
use tempfile::TempDir;

use crate::harness::*;

/// An endpoint in whose files no value may be.
fn withholding() -> (TempDir, EndpointFiles) {
    let home = tempfile::tempdir().unwrap();
    let account = account().keeping_secrets(false);
    let files = Store::open(&dirs(home.path()), &account)
        .unwrap()
        .endpoint_files(BASE, ID);
    (home, files)
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
    let editor_text = |what| {
        Arc::new(EditorText::new(
            what,
            Secret::new("TEXT=planted_text"),
            ParseError::at("", 0, "no"),
        ))
    };
    Unsaved {
        loaded: Arc::new(Snapshot {
            config: with(&[("A", "planted_loaded"), ("B", "planted_same")]),
            has_health_check: true,
            settings: Vec::new(),
        }),
        edited: Arc::new(with(&[("A", "planted_edited"), ("B", "planted_same")])),
        typing: Some(Typing {
            what: TypingTarget::Row {
                at: 0,
                old: Some(Row::Env(env("planted_old"))),
                row: Row::Env(env("planted_row")),
                part: FieldId::EnvValue,
            },
            text: Secret::new("planted_typing"),
            cursor: (0, 3),
        }),
        sent: Some(Arc::new(with(&[("A", "planted_sent")]))),
        editor_texts: vec![
            editor_text(EditorTextOf::Environment),
            Arc::new(
                (*editor_text(EditorTextOf::Body))
                    .clone()
                    .with_base(Some(Box::new(Snapshot {
                        config: with(&[("A", "planted_base")]),
                        has_health_check: true,
                        settings: Vec::new(),
                    }))),
            ),
            editor_text(EditorTextOf::Env {
                at: 0,
                old: env("planted_before"),
            }),
            Arc::new(EditorText::new(
                EditorTextOf::Field(FieldId::Command),
                Secret::new("a command"),
                ParseError::at("", 0, "no"),
            )),
        ],
    }
}

#[test]
fn no_value_is_in_any_file_and_everything_else_is() {
    let (home, files) = withholding();
    let editor_lock = mine(&files);
    let unsaved = everything();
    editor_lock.write_draft(&unsaved).unwrap();
    let send = files
        .record_send(&unsaved.loaded, &unsaved.edited, &SendFacts::default())
        .unwrap();
    files.record_outcome(&send, SendOutcome::Stored).unwrap();
    for path in all_under(home.path()).iter().filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains("planted"), "{path:?}: {text}");
    }
    let draft = draft(&files).unwrap();
    assert_eq!(draft.edited.workers, unsaved.edited.workers);
    let texts: Vec<bool> = draft
        .editor_texts
        .iter()
        .map(|editor_text| editor_text.text.fingerprint().is_none())
        .collect();
    assert_eq!(texts, [false, false, false, true]);
    // What differed differs, and what was the same is.
    let (loaded, edited) = (&draft.loaded.config.envs, &draft.edited.envs);
    assert!(loaded[0] != edited[0] && loaded[1] == edited[1]);
    let record = &files.history().unwrap().records[0];
    assert_eq!(record.before.config.envs, *loaded);
    assert_eq!(record.after.envs, *edited);
}

#[test]
fn with_the_option_as_it_is_by_default_they_are_there() {
    let (_home, files) = files();
    let unsaved = everything();
    mine(&files).write_draft(&unsaved).unwrap();
    let text = std::fs::read_to_string(files.draft_path()).unwrap();
    for value in [
        "loaded", "same", "edited", "old", "row", "typing", "sent", "text", "before", "base",
    ] {
        assert!(text.contains(&format!("planted_{value}")), "{value}");
    }
}

#[test]
fn values_that_the_server_has_are_found_again_and_the_others_are_errors() {
    let (_home, files) = withholding();
    mine(&files).write_draft(&everything()).unwrap();
    let mut draft = draft(&files).unwrap();
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
    let Some(TypingTarget::Row { row: Row::Env(row), .. }) = draft.typing.as_ref().map(|typing| &typing.what) else {
        panic!("{:?}", draft.typing)
    };
    assert_eq!(row.value.reveal(), "planted_row");
    let problems = validate::validate_envs(&draft.edited.envs, &[], &Default::default());
    assert!(
        problems
            .iter()
            .any(|problem| problem.severity == Severity::Error && problem.message.contains("keep_secrets")),
        "{problems:?}"
    );
}

#[test]
fn another_key_makes_other_fingerprints() {
    let (_home, files) = withholding();
    mine(&files).write_draft(&everything()).unwrap();
    let mut draft = draft(&files).unwrap();
    let other = novita_edit::store::Account::new(BASE, &Secret::new("sk_other"));
    other.redactor().restore_draft(&mut draft, &everything().loaded.config);
    assert_eq!(values(&draft.loaded.config), [MASK, MASK]);
}

#[test]
fn what_was_not_kept_once_is_written_as_it_is_whatever_the_option_says_later() {
    let (home, files) = withholding();
    mine(&files).write_draft(&everything()).unwrap();
    let before = draft(&files).unwrap();
    let files = files_in(home.path());
    let unsaved = Unsaved {
        loaded: Arc::new(before.loaded.clone()),
        edited: Arc::new(before.edited.clone()),
        ..unsaved("5")
    };
    mine(&files).write_draft(&unsaved).unwrap();
    assert_eq!(draft(&files).unwrap().edited, before.edited);
}

/// A send of which nothing was known is found in the history by what was sent, though its values aren't there.
#[test]
fn the_outcome_of_an_unknown_send_finds_its_line() {
    let home = tempfile::tempdir().unwrap();
    let send_log = SendLog::new(Some(dirs(home.path())), BASE, &Secret::new("sk_hidden")).keeping_secrets(false);
    let sent = with(&[("A", "planted")]);
    let files = send_log.endpoint_files(ID).unwrap();
    files.record_send(&snapshot(), &sent, &SendFacts::default()).unwrap();
    send_log
        .record_outcome(None, &with(&[("A", "another")]), SendOutcome::NotStored)
        .unwrap();
    assert_eq!(files.history().unwrap().records[0].outcome, SendOutcome::Unknown);
    send_log.record_outcome(None, &sent, SendOutcome::Stored).unwrap();
    assert_eq!(files.history().unwrap().records[0].outcome, SendOutcome::Stored);
}
