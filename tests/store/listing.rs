//! What waits of an account's endpoints, from one listing.

use std::process::{Command, Stdio};

use novita_edit::store::StoreOverview;
use serde_json::{Value, json};

use crate::again::Helper;
use crate::harness::*;

#[test]
fn drafts_are_told_and_nothing_else_is() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(store(home.path()).overview().unwrap(), StoreOverview::default());
    let files = store(home.path()).endpoint_files(BASE, "Ep/../odd");
    let mut edits = unsaved("6");
    std::sync::Arc::make_mut(&mut edits.edited).id = "Ep/../odd".into();
    mine(&files).write_draft(&edits).unwrap();
    store(home.path()).remember("ep_seen").unwrap();
    std::fs::write(drafts_dir(&files).join("ep_9.aside-20260101-1.json"), "{}").unwrap();
    std::fs::write(drafts_dir(&files).join("ep_8.draft.json~"), "{}").unwrap();
    let overview = store(home.path()).overview().unwrap();
    assert_eq!(overview, StoreOverview::new(["Ep/../odd"], []));
    assert!(overview.has_draft("Ep/../odd") && !overview.has_draft("ep/../odd") && !overview.has_draft("ep_8"));
}

#[test]
fn another_living_editor_is_told_this_one_and_dead_ones_are_not() {
    let home = tempfile::tempdir().unwrap();
    let all = store(home.path());
    let own = mine(&all.endpoint_files(BASE, "ep_own"));
    // A process that surely lives and is not this one, and a number that no process has.
    let other = Helper(Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap());
    let mut file: Value = serde_json::from_slice(&std::fs::read(own.files().owner_path()).unwrap()).unwrap();
    file["start"] = Value::Null;
    for (id, pid) in [("ep_alive", other.0.id()), ("ep_dead", 1 << 30)] {
        file["pid"] = json!(pid);
        std::fs::write(all.endpoint_files(BASE, id).owner_path(), file.to_string()).unwrap();
    }
    std::fs::write(all.endpoint_files(BASE, "ep_damaged").owner_path(), "{").unwrap();
    let overview = all.overview().unwrap();
    assert!(overview.is_in_use("ep_alive"));
    for id in ["ep_own", "ep_dead", "ep_damaged", "ep_none"] {
        assert!(!overview.is_in_use(id), "{id}");
    }
    drop(own);
    other.kill();
    assert!(!all.overview().unwrap().is_in_use("ep_alive"));
}
