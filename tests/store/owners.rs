//! Who edits: one at a time, the dead don't count, and whoever was taken over harms nobody.

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use novita_edit::fs::FsError;
use novita_edit::store::{EditorLockAttempt, EditorLockError, EndpointFiles, Owner, Store};
use rustix::fs::FlockOperation;
use serde_json::{Value, json};

use crate::again::{self, Helper};
use crate::harness::*;

fn owner_file(files: &EndpointFiles) -> Value {
    serde_json::from_slice(&std::fs::read(files.owner_path()).unwrap()).unwrap()
}

fn change_owner(files: &EndpointFiles, change: impl FnOnce(&mut Value)) {
    let mut file = owner_file(files);
    change(&mut file);
    std::fs::write(files.owner_path(), file.to_string()).unwrap();
}

/// As if the process had ended: its lock is let go of, whatever it holds open still.
fn let_go_of_the_lock(files: &EndpointFiles) {
    std::fs::remove_file(files.editor_lock_path()).unwrap();
}

fn taken(files: &EndpointFiles) -> Option<Owner> {
    match files.try_editor_lock().unwrap() {
        EditorLockAttempt::Yours(_) => None,
        EditorLockAttempt::Taken(owner) => Some(owner),
    }
}

#[test]
fn the_second_is_told_who_and_since_when_and_gets_it_after_the_release() {
    let (_home, files) = files();
    let own = mine(&files);
    let owner = taken(&files).unwrap();
    assert_eq!((owner.pid, owner.generation), (std::process::id(), 1));
    assert!(owner.is_this_process());
    assert!(owner.since.parse::<jiff::Timestamp>().is_ok());
    assert!(owner.to_string().starts_with(&format!("process {} on ", owner.pid)));
    own.release();
    assert!(!files.owner_path().exists());
    drop(mine(&files));
    assert!(names(&drafts_dir(&files)).is_empty());
}

#[test]
fn of_many_that_claim_at_once_one_gets_it() {
    let (home, _) = files();
    let start = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (start, files) = (Arc::clone(&start), files_in(home.path()));
            std::thread::spawn(move || {
                start.wait();
                files.try_editor_lock().unwrap()
            })
        })
        .collect();
    let attempts: Vec<EditorLockAttempt> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    assert_eq!(
        attempts
            .iter()
            .filter(|c| matches!(c, EditorLockAttempt::Yours(_)))
            .count(),
        1
    );
}

#[test]
fn whoever_was_taken_over_changes_nothing_any_more() {
    let (_home, files) = files();
    let old = mine(&files);
    old.write_draft(&unsaved("6")).unwrap();
    let new = files.take_over().unwrap();
    assert_eq!(new.owner().generation, 2);
    new.write_draft(&unsaved("7")).unwrap();
    for lost in [old.holds(), old.write_draft(&unsaved("8")), old.remove_draft()] {
        assert!(matches!(lost, Err(EditorLockError::TakenOver(owner)) if owner.generation == 2));
    }
    old.release();
    assert_eq!(max(&files).unwrap(), "7");
    new.holds().unwrap();
    // Also once the new one has left, and nothing tells the two apart any more.
    new.release();
}

#[test]
fn whoever_was_taken_over_stays_out_when_the_new_one_has_left() {
    let (_home, files) = files();
    let old = mine(&files);
    let new = files.take_over().unwrap();
    new.write_draft(&unsaved("7")).unwrap();
    new.release();
    assert!(matches!(old.holds(), Err(EditorLockError::Gone { .. })));
    assert!(old.write_draft(&unsaved("8")).is_err());
    assert_eq!(max(&files).unwrap(), "7");
}

#[test]
fn a_take_over_in_the_middle_of_writes_loses_no_draft_of_the_new_one() {
    let (home, _) = files();
    for _ in 0..10 {
        let files = files_in(home.path());
        let old = mine(&files);
        old.remove_draft().unwrap();
        let writer = std::thread::spawn(move || {
            let drafts = large(500);
            let mut writes = 0;
            while old.write_draft(&drafts).is_ok() {
                writes += 1;
            }
            (old, writes)
        });
        assert!(within(Duration::from_secs(10), || files.draft_path().exists()));
        std::thread::sleep(Duration::from_millis(5));
        let new = files.take_over().unwrap();
        new.write_draft(&unsaved("7")).unwrap();
        assert_eq!(max(&files).unwrap(), "7");
        let (old, writes) = writer.join().unwrap();
        assert!(writes > 0);
        assert_eq!(max(&files).unwrap(), "7");
        drop((old, new));
        assert!(!names(&drafts_dir(&files)).iter().any(|name| name.starts_with(".tmp")));
    }
}

#[test]
fn a_dead_owner_is_succeeded_with_the_next_generation() {
    let (_home, files) = files();
    let own = mine(&files);
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    change_owner(&files, |file| file["pid"] = json!(child.id()));
    let_go_of_the_lock(&files);
    let new = mine(&files);
    assert_eq!(new.owner().generation, 2);
    assert!(matches!(own.holds(), Err(EditorLockError::TakenOver(_))));
}

#[test]
fn another_process_under_the_dead_owners_number_is_not_taken_for_it() {
    let (_home, files) = files();
    std::mem::forget(mine(&files));
    if owner_file(&files)["start"].is_null() {
        println!("skipped: no /proc");
        return;
    }
    change_owner(&files, |file| {
        file["start"] = json!(file["start"].as_u64().unwrap() - 1)
    });
    let_go_of_the_lock(&files);
    assert_eq!(mine(&files).owner().generation, 2);
}

/// As from another PID namespace: the number means nothing here.
#[test]
fn an_owner_whose_process_cannot_be_seen_lives_as_long_as_it_holds_its_lock() {
    let (home, files) = files();
    let own = mine(&files);
    change_owner(&files, |file| file["pid"] = json!(u32::MAX >> 1));
    let pid = taken(&files).unwrap().pid;
    assert_eq!(pid, u32::MAX >> 1);
    // Neither who looks nor who cleans up takes it for dead.
    let store = store(home.path());
    assert!(store.overview().unwrap().is_in_use(ID));
    assert!(files.editor().unwrap().is_some());
    assert!(files.owner_path().exists() && files.editor_lock_path().exists());
    // As where there are no locks, or once it has ended.
    let_go_of_the_lock(&files);
    assert!(files.editor().unwrap().is_none());
    assert_eq!(mine(&files).owner().generation, 2);
    drop(own);
}

#[test]
fn taking_over_needs_no_lock_of_the_one_before_and_has_one_of_its_own() {
    let (_home, files) = files();
    let old = mine(&files);
    let new = files.take_over().unwrap();
    old.release();
    assert!(
        files.editor_lock_path().exists(),
        "the lock of the new one went with the old one"
    );
    change_owner(&files, |file| file["pid"] = json!(u32::MAX >> 1));
    assert!(taken(&files).is_some());
    change_owner(&files, |file| file["pid"] = json!(std::process::id()));
    new.holds().unwrap();
    new.release();
    assert!(names(&drafts_dir(&files)).is_empty());
}

#[test]
fn where_no_lock_can_be_had_the_process_alone_counts() {
    let (home, files) = files();
    std::fs::create_dir(files.editor_lock_path()).unwrap();
    let own = mine(&files);
    assert!(taken(&files).is_some());
    change_owner(&files, |file| file["pid"] = json!(u32::MAX >> 1));
    assert!(files.editor().unwrap().is_none());
    drop(own);
    Store::open(&dirs(home.path()), &account()).unwrap();
    assert!(files.editor_lock_path().is_dir(), "what is no file of ours stays");
}

#[test]
fn an_editor_in_another_pid_namespace_is_alive_until_it_ends() {
    let (home, files) = files();
    let command = again::command("owners::helper_owns_and_writes", home.path());
    let mut inside = std::process::Command::new("unshare");
    inside
        .args(["-rpf", "--mount-proc", "--kill-child"])
        .arg(command.get_program())
        .args(command.get_args());
    inside
        .env(again::HOME, home.path())
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null());
    inside.stderr(std::process::Stdio::null());
    let mut inside = Helper(inside.spawn().unwrap());
    if !within(Duration::from_secs(10), || {
        files.draft_path().exists() || inside.0.try_wait().unwrap().is_some()
    }) || !files.draft_path().exists()
    {
        eprintln!("skipped: no unshare of PID namespaces here");
        return;
    }
    let owner = taken(&files).expect("it was taken for dead");
    assert!(owner.pid < 100, "{owner}");
    assert!(store(home.path()).overview().unwrap().is_in_use(ID));
    inside.kill();
    assert!(within(Duration::from_secs(10), || files.editor().unwrap().is_none()));
    mine(&files);
}

#[test]
fn an_owner_on_another_host_counts_as_alive() {
    let (_home, files) = files();
    std::mem::forget(mine(&files));
    change_owner(&files, |file| {
        file["host"] = json!("elsewhere.test");
        file["pid"] = json!(u32::MAX);
    });
    let owner = taken(&files).unwrap();
    assert_eq!(owner.host, "elsewhere.test");
    assert!(!owner.is_this_process());
    let own = files.take_over().unwrap();
    own.holds().unwrap();
}

#[test]
fn a_damaged_owner_file_is_succeeded_and_a_link_is_refused() {
    let (home, files) = files();
    for damaged in ["", "{", "[]", "{\"version\":1}", "\u{0}\u{0}"] {
        std::fs::write(files.owner_path(), damaged).unwrap();
        drop(mine(&files));
    }
    std::os::unix::fs::symlink(home.path().join("elsewhere"), files.owner_path()).unwrap();
    for refused in [files.try_editor_lock().map(drop), files.take_over().map(drop)] {
        assert!(matches!(refused, Err(FsError::NotRegular { .. })));
    }
    assert!(!home.path().join("elsewhere").exists());
}

#[test]
fn a_lock_that_nobody_lets_go_of_is_given_up_after_half_a_second() {
    let (_home, files) = files();
    let own = mine(&files);
    own.write_draft(&unsaved("6")).unwrap();
    let dir = std::fs::File::open(drafts_dir(&files)).unwrap();
    rustix::fs::flock(&dir, FlockOperation::LockExclusive).unwrap();
    let start = Instant::now();
    let error = own.write_draft(&unsaved("7")).unwrap_err();
    assert!(matches!(error, EditorLockError::Io(FsError::Busy { .. })), "{error}");
    let waited = start.elapsed();
    assert!(
        waited >= Duration::from_millis(450) && waited < Duration::from_secs(2),
        "{waited:?}"
    );
    // Reading needs no lock.
    assert_eq!(max(&files).unwrap(), "6");
    drop(dir);
    own.write_draft(&unsaved("7")).unwrap();
}

#[test]
#[ignore = "a helper"]
fn helper_owns_and_writes() {
    let Some(home) = again::home() else { return };
    let own = mine(&files_in(&home));
    let drafts = large(500);
    loop {
        match own.write_draft(&drafts) {
            Ok(()) => {}
            Err(EditorLockError::TakenOver(_)) => return,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
#[ignore = "a helper"]
fn helper_owns_and_writes_elsewhere() {
    let Some(home) = again::home() else { return };
    let account = novita_edit::store::Account::new(BASE, &novita_edit::secret::Secret::new("sk_old"));
    let _own = mine(&Store::open(&dirs(&home), &account).unwrap().endpoint_files(BASE, ID));
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn another_process_is_told_taken_over_and_harms_nobody() {
    let (home, files) = files();
    let helper = Helper::start("owners::helper_owns_and_writes", home.path());
    assert!(within(Duration::from_secs(10), || files.draft_path().exists()));
    let owner = taken(&files).unwrap();
    assert_eq!(owner.pid, helper.0.id());
    let own = files.take_over().unwrap();
    own.write_draft(&unsaved("7")).unwrap();
    helper.wait();
    assert_eq!(max(&files).unwrap(), "7");
    own.holds().unwrap();
}

#[test]
fn after_kill_9_the_draft_is_whole_and_the_next_start_cleans_up() {
    for pause in [0, 3, 7, 20] {
        let (home, files) = files();
        let helper = Helper::start("owners::helper_owns_and_writes", home.path());
        assert!(within(Duration::from_secs(10), || files.draft_path().exists()));
        std::thread::sleep(Duration::from_millis(pause));
        let pid = helper.0.id();
        helper.kill();
        assert!(files.owner_path().exists());
        // As a process leaves it that is killed in the middle of a write.
        let host_and_pid = |dir: &std::path::Path, pid: u32| {
            let name = format!(".tmp-{}-{pid}-5-abcdefgh", host_digits());
            std::fs::write(dir.join(&name), "half").unwrap();
            name
        };
        host_and_pid(&drafts_dir(&files), pid);
        host_and_pid(files.history_path().parent().unwrap(), pid);
        std::fs::write(drafts_dir(&files).join(".tmp-00000000-1-5-abcdefgh"), "of another host").unwrap();

        let files = files_in(home.path());
        assert_eq!(
            names(&drafts_dir(&files)),
            [".tmp-00000000-1-5-abcdefgh", "ep_1.draft.json"]
        );
        assert!(names(files.history_path().parent().unwrap()).is_empty());
        assert_eq!(draft(&files).unwrap().edited.envs.len(), 500);
    }
}

/// How temporary files name this host.
fn host_digits() -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let digest = ring::digest::digest(&ring::digest::SHA256, host.as_bytes());
    digest.as_ref()[..4].iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_start_leaves_alone_what_the_living_have() {
    let (home, files) = files();
    let own = mine(&files);
    let start = owner_file(&files)["start"].as_u64().unwrap_or(0);
    let name = format!(".tmp-{}-{}-{start}-abcdefgh", host_digits(), std::process::id());
    std::fs::write(drafts_dir(&files).join(&name), "half").unwrap();
    std::fs::write(drafts_dir(&files).join("notes.txt"), "the user's").unwrap();
    Store::open(&dirs(home.path()), &account()).unwrap();
    assert_eq!(
        names(&drafts_dir(&files)),
        [name.as_str(), "ep_1.editor.lock", "ep_1.owner.json", "notes.txt"]
    );
    own.holds().unwrap();
}
