//! After a key was exchanged: commands find what the editor left under the old one.

use std::sync::Arc;

use novita_edit::api::wire;
use novita_edit::config::{BaseUrl, Environment, StateDirs};
use novita_edit::secret::Secret;
use novita_edit::store::{Account, EditorLockAttempt, Snapshot, Store, Unsaved};

use crate::run::{LLAMA, User};
use crate::schema::holds;

/// A draft that was left under another key of the same API.
fn leave_under(user: &User, key: &str) {
    let base: BaseUrl = user.server.base_url().parse().unwrap();
    let base = base.endpoint(&[]).to_string();
    let state = user.path("state");
    let env = Environment::from_pairs([("XDG_STATE_HOME", state.to_str().unwrap())]);
    let dirs = StateDirs::find(&env).unwrap();
    let store = Store::open(&dirs, &Account::new(&base, &Secret::new(key))).unwrap();
    let EditorLockAttempt::Yours(lock) = store.endpoint_files(&base, LLAMA).try_editor_lock().unwrap() else {
        panic!("taken");
    };
    let loaded = wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), LLAMA).unwrap();
    let mut edited = loaded.config.clone();
    edited.name = "renamed".to_owned();
    let unsaved = Unsaved {
        loaded: Arc::new(Snapshot::from(&loaded)),
        edited: Arc::new(edited),
        typing: None,
        sent: None,
        editor_texts: Vec::new(),
    };
    lock.write_draft(&unsaved).unwrap();
}

#[test]
fn drafts_of_another_key_are_listed_shown_and_discarded() {
    let user = User::new();
    leave_under(&user, "sk_old");
    let listed = user.run(&["draft", "list"]).with(0);
    assert!(
        listed.out.contains("renamed") && listed.out.contains("kept under another"),
        "{listed:#?}"
    );
    let json = user.run(&["draft", "list", "-o", "json"]).with(0).json();
    holds("draft-list", &json);
    assert_eq!(json[0]["isOfOtherKey"], true);
    let shown = user.run(&["draft", "show", LLAMA]).with(0);
    assert!(
        shown.out.contains("left unsaved under another API key") && shown.out.contains("renamed"),
        "{shown:#?}"
    );
    holds(
        "draft-show",
        &user.run(&["draft", "show", LLAMA, "-o", "json"]).with(0).json(),
    );
    assert!(!format!("{listed:?}{shown:?}").contains("sk_old"));
    user.run(&["draft", "discard", LLAMA, "--yes"]).with(0);
    let listed = user.run(&["draft", "list"]).with(0);
    assert!(listed.err.contains("No draft: "), "{listed:#?}");
}

#[test]
fn an_own_draft_comes_before_that_of_another_key() {
    let user = User::new();
    leave_under(&user, "sk_old");
    leave_under(&user, "sk_test");
    let json = user.run(&["draft", "list", "-o", "json"]).with(0).json();
    let of_others: Vec<_> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|left| left["isOfOtherKey"].clone())
        .collect();
    assert_eq!(of_others, [false, true]);
    assert_eq!(
        user.run(&["draft", "list", "-o", "name"]).with(0).out,
        format!("{LLAMA}\n")
    );
    user.run(&["draft", "discard", LLAMA, "--yes"]).with(0);
    let json = user.run(&["draft", "list", "-o", "json"]).with(0).json();
    let left = json
        .as_array()
        .unwrap()
        .iter()
        .filter(|left| left["discardedAt"].is_null());
    assert_eq!(
        left.map(|left| left["isOfOtherKey"].clone()).collect::<Vec<_>>(),
        [true]
    );
}
