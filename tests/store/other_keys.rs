//! After a key was exchanged: what was left under the old one is found under the new one, and goes only once it is decided
//! about.

use novita_edit::secret::Secret;
use novita_edit::store::{Account, EndpointFiles, OtherKeyDraft, Store};
use tempfile::TempDir;

use crate::again;
use crate::harness::*;

/// Another API.
const ELSEWHERE: &str = "https://api.elsewhere.test/v1";

/// What there is under a key.
fn under(home: &TempDir, key: &str, base: &str) -> Store {
    Store::open(&dirs(home.path()), &Account::new(base, &Secret::new(key))).unwrap()
}

/// A draft of an endpoint that is left under a key.
fn left(home: &TempDir, key: &str, base: &str, id: &str, number: &str) -> EndpointFiles {
    let files = under(home, key, base).endpoint_files(base, id);
    let mut unsaved = unsaved(number);
    std::sync::Arc::make_mut(&mut unsaved.edited).id = id.to_owned();
    std::sync::Arc::make_mut(&mut unsaved.loaded).config.id = id.to_owned();
    mine(&files).write_draft(&unsaved).unwrap();
    files
}

#[test]
fn the_newest_draft_of_the_same_endpoint_of_the_same_api_is_found() {
    let home = tempfile::tempdir().unwrap();
    let new = under(&home, "sk_new", BASE);
    assert!(new.draft_of_another_key(BASE, ID).is_none());
    left(&home, "sk_oldest", BASE, ID, "6");
    std::thread::sleep(std::time::Duration::from_millis(5));
    let old = left(&home, "sk_old", BASE, ID, "7");
    left(&home, "sk_old", ELSEWHERE, ID, "8");
    left(&home, "sk_old", BASE, "ep_2", "9");
    let (files, draft) = new.draft_of_another_key(BASE, ID).unwrap();
    assert_eq!(draft.edited.workers.max_num.text(), "7");
    assert_eq!(files.draft_path(), old.draft_path());
    let numbers: Vec<String> = new
        .drafts_of_other_keys(BASE)
        .iter()
        .map(|(_, draft)| draft.edited.workers.max_num.text().to_owned())
        .collect();
    assert_eq!(numbers, ["9", "7", "6"]);
    // The old key finds its own as its own, and nothing of a key that left nothing.
    assert!(
        under(&home, "sk_old", ELSEWHERE)
            .draft_of_another_key(ELSEWHERE, ID)
            .is_none()
    );
}

#[test]
fn a_draft_that_is_being_edited_and_a_damaged_one_are_nobody_elses_to_have() {
    let home = tempfile::tempdir().unwrap();
    let old = left(&home, "sk_old", BASE, ID, "7");
    let new = under(&home, "sk_new", BASE);
    let helper = again::Helper::start("owners::helper_owns_and_writes_elsewhere", home.path());
    assert!(within(std::time::Duration::from_secs(10), || old.owner_path().exists()));
    assert!(new.draft_of_another_key(BASE, ID).is_none());
    helper.kill();
    assert!(new.draft_of_another_key(BASE, ID).is_some());
    std::fs::write(old.draft_path(), "{").unwrap();
    assert!(new.draft_of_another_key(BASE, ID).is_none());
    assert!(old.draft_path().exists());
}

#[test]
fn what_was_decided_about_is_put_aside_under_its_own_key_unless_it_was_written_anew() {
    let home = tempfile::tempdir().unwrap();
    let old = left(&home, "sk_old", BASE, ID, "7");
    let new = under(&home, "sk_new", BASE);
    let offered = OtherKeyDraft::of(&new.draft_of_another_key(BASE, ID).unwrap());
    std::thread::sleep(std::time::Duration::from_millis(5));
    mine(&old).write_draft(&unsaved("8")).unwrap();
    offered.put_aside(&|| true).unwrap();
    assert_eq!(max(&old).unwrap(), "8");

    let offered = OtherKeyDraft::of(&new.draft_of_another_key(BASE, ID).unwrap());
    let lock = mine(&old);
    assert!(
        offered
            .put_aside(&|| true)
            .unwrap_err()
            .contains("being edited by process")
    );
    lock.release();
    offered.put_aside(&|| true).unwrap();
    assert!(!old.draft_path().exists() && !old.owner_path().exists());
    assert_eq!(old.discarded().unwrap().len(), 1);
    assert!(new.draft_of_another_key(BASE, ID).is_none());
}
