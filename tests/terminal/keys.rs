//! The API key is exchanged: in its file while the editor runs, and between two runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::harness::{CTRL_X, ENTER, ESC, LLAMA, Start, posts, server};
use crate::home::{Home, max_workers};

const OLD: &str = "sk_old_0123456789";
const NEW: &str = "sk_new_0123456789";

fn write_key(home: &Home, key: &str) -> PathBuf {
    let path = home.path().join("key");
    fs::write(&path, key).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

#[test]
fn a_key_that_is_exchanged_in_its_file_is_taken_before_the_old_one_is_blamed() {
    let server = server();
    server.set_keys(&[OLD]);
    let home = Home::new();
    let path = write_key(&home, OLD);
    let start = Start::editor(&server.base_url())
        .arg("--api-key-file")
        .arg(path.to_str().unwrap());
    let mut session = start.arg(LLAMA).home(&home).spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    home.wait_for_max_workers(8);
    let draft = home.files(".draft.json").pop().unwrap().name;

    server.set_keys(&[NEW]);
    write_key(&home, NEW);
    session.send("r");
    session.wait_for("Max workers *8");
    session.set_max_workers(7);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    assert_eq!(posts(&server).len(), 1);
    // What this session keeps stays where it is.
    session.send(ENTER);
    session.set_max_workers(6);
    home.wait_for_max_workers(6);
    assert_eq!(home.files(".draft.json").pop().unwrap().name, draft);
    assert!(!session.raw().windows(NEW.len()).any(|bytes| bytes == NEW.as_bytes()));
}

#[test]
fn what_was_left_under_the_old_key_is_offered_under_the_new_one() {
    let server = server();
    let home = Home::new();
    let open = |key: &str| {
        let start = Start::editor(&server.base_url()).arg(LLAMA).home(&home);
        start.env("NOVITA_API_KEY", key).spawn()
    };
    let mut first = open(OLD);
    first.wait_for("0–10");
    first.set_max_workers(8);
    home.wait_for_max_workers(8);
    first.type_and_see("q", "keep them as a draft and quit");
    first.send("k");
    assert_eq!(first.exit_code(), 0);
    let old = home.files(".draft.json").pop().unwrap().name;

    // Looked at and left for later, it stays where it is.
    let mut later = open(NEW);
    later.wait_for("left unsaved edits of");
    later.wait_for("They were kept under another API key of the same API.");
    later.send(ESC);
    // The list marks it.
    later.wait_for("draft");
    later.send("q");
    assert_eq!(later.exit_code(), 0);
    assert_eq!(home.files(".draft.json").pop().unwrap().name, old);

    let mut second = open(NEW);
    second.wait_for("They were kept under another API key of the same API.");
    second.type_and_see(ENTER, "Max workers *8");
    home.wait("the draft under the new key alone", |home| {
        let drafts = home.files(".draft.json");
        drafts.len() == 1 && drafts[0].name != old
    });
    assert_eq!(home.draft().as_ref().map(max_workers), Some(8));
    assert_eq!(home.discarded().len(), 1);
    second.type_and_see("q", "keep them as a draft and quit");
    second.send("k");
    assert_eq!(second.exit_code(), 0);
    home.assert_tidy();

    // The other way round, and discarded.
    let mut third = open(OLD);
    third.wait_for("They were kept under another API key of the same API.");
    third.send(CTRL_X);
    third.wait_for("are discarded");
    assert!(home.files(".draft.json").is_empty());
    assert_eq!(home.discarded().len(), 2);
    third.send("q");
    assert_eq!(third.exit_code(), 0);
    home.assert_tidy();
}
