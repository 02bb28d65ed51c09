//! A disk that is really full, and one that can't be written.

use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use novita_edit::store::{DraftReport, DraftWriter, SendFacts, SendOutcome, Store};

use crate::again;
use crate::harness::*;

const LONG: Duration = Duration::from_secs(5);

/// Runs a helper with a file system of its own for its state. `None` where this system can't.
fn in_own_mount(helper: &str, mount: &str) -> Option<String> {
    let home = tempfile::tempdir().unwrap();
    let mounted = |then: &str| format!("mount -t tmpfs -o size=64k none \"$NOVITA_EDIT_TEST_HOME\" && {then}");
    let run = |script: String, helper: &Command| {
        Command::new("unshare")
            .args(["-rm", "sh", "-c", &script])
            .arg(helper.get_program())
            .args(helper.get_args())
            .env(again::HOME, home.path())
            .output()
    };
    let command = again::command(helper, home.path());
    let possible = run(mounted("true"), &command).is_ok_and(|out| out.status.success());
    if !possible {
        println!("skipped: no tmpfs");
        return None;
    }
    let out = run(mounted(&format!("{mount} exec \"$0\" \"$@\"")), &command).unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    assert!(out.status.success() && text.contains("1 passed"), "{text}");
    Some(text)
}

#[test]
fn a_full_disk_costs_a_warning_and_not_the_draft_that_is_there() {
    in_own_mount("full_disk::helper_fills_the_disk", "");
}

#[test]
#[ignore = "a helper"]
fn helper_fills_the_disk() {
    let Some(home) = again::home() else { return };
    let files = files_in(&home);
    let (tell, told) = channel();
    let draft_writer = DraftWriter::start(move |kept| drop(tell.send(kept))).unwrap();
    draft_writer.own(mine(&files));
    draft_writer.note(Some(unsaved("6")));
    assert!(draft_writer.flush(LONG));
    let send = files
        .record_send(&snapshot(), &config("6"), &SendFacts::default())
        .unwrap();

    draft_writer.note(Some(large(500)));
    assert!(!draft_writer.flush(LONG));
    assert_eq!(told.recv().unwrap(), DraftReport::Written);
    let DraftReport::Failed(sentence) = told.recv_timeout(LONG).unwrap() else {
        panic!("written");
    };
    assert!(
        sentence.starts_with("the disk is full; make room there (")
            && sentence.ends_with("ep_1.draft.json can't be written)"),
        "{sentence}"
    );
    assert_eq!(max(&files).unwrap(), "6");
    assert_eq!(
        names(&drafts_dir(&files)),
        ["ep_1.draft.json", "ep_1.editor.lock", "ep_1.owner.json"]
    );
    draft_writer.holds().unwrap();

    // A send of many envs tears; what was there before stays, and what comes after it too.
    assert!(
        files
            .record_send(&snapshot(), &large(500).edited, &SendFacts::default())
            .is_err()
    );
    std::fs::write(home.join("ballast"), vec![0; 1 << 20]).unwrap_err();
    std::fs::remove_file(home.join("ballast")).unwrap();
    let history = files.history().unwrap();
    assert_eq!(history.records.len(), 1);

    draft_writer.note(Some(unsaved("7")));
    // The torn line may have taken the last room: then it fails once more, and is told the same way.
    draft_writer.flush(LONG);
    assert!(matches!(max(&files).as_deref(), Some("6" | "7")));
    let _ = files.record_outcome(&send, SendOutcome::Stored);
    assert_eq!(files.history().unwrap().records.len(), 1);
}

#[test]
fn a_read_only_disk_is_told_and_what_is_there_can_be_read() {
    let remount =
        "\"$0\" --exact full_disk::helper_writes_before --ignored && mount -o remount,ro \"$NOVITA_EDIT_TEST_HOME\" &&";
    in_own_mount("full_disk::helper_reads_only", remount);
}

#[test]
#[ignore = "a helper"]
fn helper_writes_before() {
    let Some(home) = again::home() else { return };
    let files = files_in(&home);
    mine(&files).write_draft(&unsaved("6")).unwrap();
    files
        .record_send(&snapshot(), &config("6"), &SendFacts::default())
        .unwrap();
}

#[test]
#[ignore = "a helper"]
fn helper_reads_only() {
    let Some(home) = again::home() else { return };
    let files = files_in(&home);
    assert_eq!(max(&files).unwrap(), "6");
    assert_eq!(files.history().unwrap().records.len(), 1);
    for error in [
        files.try_editor_lock().map(drop).unwrap_err(),
        files
            .record_send(&snapshot(), &config("6"), &SendFacts::default())
            .map(drop)
            .unwrap_err(),
        Store::open(&dirs(&home.join("new")), &account()).map(drop).unwrap_err(),
    ] {
        assert!(
            error.to_string().starts_with("the file system is read-only ("),
            "{error}"
        );
    }
}

#[test]
fn the_variable_for_tests_fails_every_write_as_a_full_disk() {
    let home = tempfile::tempdir().unwrap();
    let mut helper = again::command("full_disk::helper_with_the_variable", home.path());
    let out = helper.env("NOVITA_EDIT_TEST_DISK", "full").output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
}

#[test]
#[ignore = "a helper"]
fn helper_with_the_variable() {
    let Some(home) = again::home() else { return };
    let files = files_in(&home);
    let error = files.try_editor_lock().unwrap_err();
    assert!(error.to_string().contains("the disk is full"), "{error}");
    let error = files
        .record_send(&snapshot(), &config("6"), &SendFacts::default())
        .unwrap_err();
    assert!(error.to_string().contains("the disk is full"), "{error}");
}
