//! A disk that is full, and one that can't be written: a warning, and the session goes on.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{ENTER, LLAMA, Session, Start, can_mount, posts, server};
use crate::home::{Home, max_workers};

const WARNING: &str = "! Your edits are only in memory, not on disk:";

/// An editor on a state directory that these mounts make, and that directory as it sees it; `None` where that can't be
/// done.
fn behind(mounts: &str, base_url: &str) -> Option<(Session, Home)> {
    if !can_mount() {
        eprintln!("skipped: no mounts without privileges here");
        return None;
    }
    let session = Start::editor(base_url).arg(LLAMA).mounts(mounts).spawn();
    session.wait_for("0–10");
    let home = session.home.as_seen_by(session.pid());
    Some((session, home))
}

/// Changes a mount of a running editor.
fn remount(session: &Session, options: &str) {
    let status = Command::new("nsenter")
        .args(["--preserve-credentials", "-U", "-m", "-t", &session.pid().to_string()])
        .args(["mount", "-o", options])
        .arg(session.home.path().join("state/novita-edit"))
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn a_full_disk_is_a_warning_until_there_is_room_and_a_save_works() {
    let server = server();
    let Some((mut session, home)) = behind("mount -t tmpfs -o size=256k tmpfs \"$S\"", &server.base_url()) else {
        return;
    };
    session.set_max_workers(8);
    home.wait_for_max_workers(8);

    let filler = home.state().join("filler");
    assert!(fs::write(&filler, vec![0; 1 << 20]).is_err(), "it isn't full");
    session.set_max_workers(7);
    session.wait_for(WARNING);
    session.wait_for("the disk is full; make room there");
    session.wait_for("not kept");
    assert_eq!(
        home.draft().as_ref().map(max_workers),
        Some(8),
        "the draft before is damaged"
    );
    assert!(
        home.files("").iter().all(|file| !file.name.contains(".tmp-")),
        "{:?}",
        home.files("")
    );

    fs::remove_file(&filler).unwrap();
    session.set_max_workers(6);
    home.wait_for_max_workers(6);
    session.wait_gone("not kept");
    session.wait_gone(WARNING);

    assert!(fs::write(&filler, vec![0; 1 << 20]).is_err());
    session.set_max_workers(9);
    session.wait_for("not kept");
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    assert_eq!(server.endpoint(LLAMA).unwrap()["workerConfig"]["maxNum"], 9);
    assert_eq!(posts(&server).len(), 1);
    // Nothing is unsaved, and to remove the draft takes no room.
    home.wait_for_no_draft();
    session.send(ENTER);
    session.wait_gone("not kept");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn a_disk_that_is_full_from_the_beginning_is_a_warning_and_a_save_works() {
    let server = server();
    let Some(mut session) = Session::on_a_full_disk(&server.base_url()) else {
        return;
    };
    session.wait_for(WARNING);
    session.set_max_workers(8);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.send(ENTER);
    session.wait_for("not kept");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
    session.home.assert_tidy();
}

#[test]
fn room_that_is_made_later_is_found_by_reading_again() {
    let server = server();
    let mounts = "mount -t tmpfs -o size=256k tmpfs \"$S\" && { head -c 1M /dev/zero >\"$S/filler\" 2>&1 || true; }";
    let Some((mut session, home)) = behind(mounts, &server.base_url()) else {
        return;
    };
    session.wait_for("not kept");
    session.set_max_workers(8);
    assert_eq!(home.draft(), None);
    fs::remove_file(home.state().join("filler")).unwrap();
    session.send("r");
    home.wait_for_max_workers(8);
    session.wait_gone("not kept");
    session.wait_for("Max workers *8");
}

#[test]
fn a_read_only_state_directory_is_a_warning_and_a_save_works() {
    let server = server();
    let mounts = "mount --bind \"$S\" \"$S\" && mount -o remount,bind,ro \"$S\"";
    let Some((mut session, home)) = behind(mounts, &server.base_url()) else {
        return;
    };
    session.wait_for(WARNING);
    session.wait_for("the file system is read-only");
    session.set_max_workers(8);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    assert!(home.files("").is_empty(), "{:?}", home.files(""));
    session.send(ENTER);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn a_state_directory_that_becomes_read_only_is_a_warning_until_it_is_writable_again() {
    let server = server();
    let Some((mut session, home)) = behind("mount --bind \"$S\" \"$S\"", &server.base_url()) else {
        return;
    };
    session.set_max_workers(8);
    home.wait_for_max_workers(8);
    remount(&session, "remount,bind,ro");
    session.set_max_workers(7);
    session.wait_for(WARNING);
    session.wait_for("the file system is read-only");
    assert_eq!(home.draft().as_ref().map(max_workers), Some(8));
    remount(&session, "remount,bind,rw");
    session.set_max_workers(6);
    home.wait_for_max_workers(6);
    session.wait_gone("not kept");
}

/// Without a handler the system ends a program that writes beyond its limit.
#[test]
fn a_limit_for_the_size_of_files_is_a_warning_like_a_full_disk_and_a_save_works() {
    let server = server();
    let mut session = Start::program("/bin/sh")
        .arg("-c")
        .arg("ulimit -f 1 && exec \"$EDITOR_UNDER_TEST\" \"$1\"")
        .arg("sh")
        .arg(LLAMA)
        .env("EDITOR_UNDER_TEST", env!("CARGO_BIN_EXE_novita-edit"))
        .env("NOVITA_BASE_URL", &server.base_url())
        .spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.wait_for("it would be larger than files may be here");
    session.wait_for("not kept");
    assert_eq!(session.home.draft(), None);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.send(ENTER);
    session.wait_for("Enter edit");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

/// What the issue promises for a disk that doesn't answer to be told.
const SOON: Duration = Duration::from_secs(2);

#[test]
fn a_disk_that_hangs_is_told_within_two_seconds_and_until_it_answers() {
    if !cfg!(debug_assertions) {
        eprintln!("skipped: release builds have no disk that hangs on demand");
        return;
    }
    for step in ["sync", "rename"] {
        let server = server();
        let home = Home::new();
        let hang = home.path().join("hang");
        let disk = format!("{step}:{}", hang.display());
        let start = Start::editor(&server.base_url()).arg(LLAMA).home(&home);
        let mut session = start.env("NOVITA_EDIT_TEST_DISK", &disk).spawn();
        session.wait_for("0–10");
        session.set_max_workers(8);
        home.wait_for_max_workers(8);

        fs::write(&hang, "").unwrap();
        session.find("max w");
        session.type_and_see("7", "Enter take");
        let begun = Instant::now();
        session.send(ENTER);
        while !session.shows("not kept") {
            assert!(begun.elapsed() < SOON, "{step}: {}", session.screen());
            std::thread::sleep(Duration::from_millis(5));
        }
        session.wait_for(WARNING);
        session.wait_for("the disk does not answer");
        assert_eq!(home.draft().as_ref().map(max_workers), Some(8));
        // What can't be kept isn't offered to be kept.
        session.type_and_see("q", "They can't be kept as a draft: the disk");
        session.send("\x1b");
        session.wait_gone("They can't be kept");

        fs::remove_file(&hang).unwrap();
        home.wait_for_max_workers(7);
        session.wait_gone("not kept");
    }
}

#[test]
fn a_state_directory_that_is_deleted_under_the_editor_is_called_that_and_made_anew() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    let home = session.home.clone();
    session.set_max_workers(8);
    home.wait_for_max_workers(8);
    fs::remove_dir_all(home.state()).unwrap();
    session.set_max_workers(7);
    session.wait_for(
        "The directory of your drafts was deleted while this editor ran. It is made anew, with your edits in it",
    );
    home.wait_for_max_workers(7);
    assert!(!session.shows("read-only"));
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.send(ENTER);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    home.assert_tidy();
}

#[test]
fn too_few_open_files_are_one_sentence_and_the_least_are_enough() {
    let server = server();
    let limited = |limit: u32| {
        Start::program("/bin/sh")
            .arg("-c")
            .arg(&format!("ulimit -n {limit} && exec \"$EDITOR_UNDER_TEST\" \"$1\""))
            .arg("sh")
            .arg(LLAMA)
            .env("EDITOR_UNDER_TEST", env!("CARGO_BIN_EXE_novita-edit"))
            .env("NOVITA_BASE_URL", &server.base_url())
            .spawn()
    };
    for limit in 4..=8 {
        let mut session = limited(limit);
        session.wait_for(&format!("only {limit} files may be open at a time here (`ulimit -n`)"));
        assert_eq!(session.exit_code(), 2);
        assert!(!session.shows("panicked"));
    }
    let mut session = limited(32);
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.home.wait_for_max_workers(8);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.send(ENTER);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}
