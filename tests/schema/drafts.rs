//! Drafts on disk.

use std::sync::Arc;

use novita_edit::config::{Environment, StateDirs};
use novita_edit::secret::Secret;
use novita_edit::store::{Account, EditorLock, EditorLockAttempt, FoundDraft, Snapshot, Store, Unsaved};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::sample::{ID, config_of, endpoint, other_text, places, pointer, value, whole_but};

const BASE: &str = "https://api.test/v1";

/// A home that vanishes, and the endpoint's files in it.
fn own(id: &str) -> (TempDir, EditorLock) {
    let home = tempfile::tempdir().unwrap();
    let variables = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
    let dirs = StateDirs::find(&variables).unwrap();
    let store = Store::open(&dirs, &Account::new(BASE, &Secret::new("sk_hidden"))).unwrap();
    match store.endpoint_files(BASE, id).try_editor_lock().unwrap() {
        EditorLockAttempt::Yours(own) => (home, own),
        EditorLockAttempt::Taken(owner) => panic!("taken by {owner}"),
    }
}

/// The draft's file, without who wrote it when.
fn file(own: &EditorLock) -> String {
    let text = std::fs::read_to_string(own.files().draft_path()).unwrap();
    let of_this_run: Value = serde_json::from_str(&text).unwrap();
    text.replacen(
        &of_this_run["saved_at"].to_string(),
        "\"2026-11-28T14:03:00.000+00:00\"",
        1,
    )
    .replacen(&format!("\"pid\":{}", of_this_run["pid"]), "\"pid\":4711", 1)
}

fn read(own: &EditorLock) -> Unsaved {
    match own.files().read_draft().unwrap() {
        FoundDraft::Draft(draft) => (*draft).into(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_field_is_kept_in_a_draft_and_comes_back() {
    let (_home, own) = own(ID);
    for place in places() {
        let unsaved = Unsaved {
            loaded: Arc::new(Snapshot::from(&endpoint())),
            edited: Arc::new(config_of(&whole_but(place))),
            typing: None,
            sent: None,
            editor_texts: Vec::new(),
        };
        own.write_draft(&unsaved).unwrap();
        let text = file(&own);
        let tree: Value = serde_json::from_str(&text).unwrap();
        for other in places() {
            let wanted = match other == place {
                true => value(other, &other_text(other)),
                false => value(other, &crate::sample::text(other)),
            };
            let kept = tree["edited"].pointer(&pointer(other));
            assert_eq!(kept, Some(&wanted), "{} beside {}", other.path(), place.path());
        }
        own.write_draft(&read(&own)).unwrap();
        assert_eq!(file(&own), text);
    }
}

/// Written by version 0.1.0, with whatever a draft can hold: numbers as they were typed, words that nobody documented,
/// values that were not kept, a row that is being typed, texts from an editor.
#[test]
fn a_draft_of_an_earlier_version_is_read_and_written_to_the_letter() {
    let earlier = include_str!("draft.json");
    let (_home, own) = own("ep_1");
    std::fs::write(own.files().draft_path(), earlier).unwrap();
    own.write_draft(&read(&own)).unwrap();
    assert_eq!(file(&own), earlier);
}

#[test]
fn a_draft_that_lacks_a_field_is_none_but_where_an_answer_may_lack_it() {
    let (_home, own) = own("ep_1");
    let whole: Value = serde_json::from_str(include_str!("draft.json")).unwrap();
    for place in places().into_iter().filter(|place| place.row != Some(1)) {
        let mut less = whole.clone();
        crate::sample::take(&mut less["edited"], place);
        std::fs::write(own.files().draft_path(), less.to_string()).unwrap();
        if place.field.may_be_unreported() {
            assert_eq!(read(&own).edited.text(place.field), "");
            continue;
        }
        match own.files().read_draft().unwrap() {
            FoundDraft::SetAside { why, .. } => assert!(why.contains("damaged"), "{why}"),
            other => panic!("{}: {other}", place.path()),
        }
        let mut odd = whole.clone();
        crate::sample::put(&mut odd["edited"], place, json!([1]));
        std::fs::write(own.files().draft_path(), odd.to_string()).unwrap();
        assert!(
            matches!(own.files().read_draft().unwrap(), FoundDraft::SetAside { .. }),
            "{}",
            place.path()
        );
    }
}
