//! The draft writer: soon on disk, never in the way.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use novita_edit::secret::Secret;
use novita_edit::store::{DraftReport, DraftWriter, EditorLockError, EndpointFiles, Typing, TypingTarget, Unsaved};
use rustix::fs::FlockOperation;
use tempfile::TempDir;

use crate::harness::*;

/// Ample for slow machines; what must be quick is measured by itself.
const LONG: Duration = Duration::from_secs(5);

fn draft_writer() -> (DraftWriter, Receiver<DraftReport>) {
    let (tell, told) = channel();
    let draft_writer = DraftWriter::start(move |kept| drop(tell.send(kept))).unwrap();
    (draft_writer, told)
}

fn owning() -> (TempDir, EndpointFiles, DraftWriter, Receiver<DraftReport>) {
    let (home, files) = files();
    let (draft_writer, told) = draft_writer();
    draft_writer.own(mine(&files));
    (home, files, draft_writer, told)
}

fn nothing_more(told: &Receiver<DraftReport>) {
    assert_eq!(told.recv_timeout(Duration::from_millis(300)).ok(), None);
}

#[test]
fn a_note_is_on_disk_within_half_a_second_with_what_is_being_typed() {
    let (_home, files, draft_writer, told) = owning();
    let typing = Typing {
        what: TypingTarget::Field(novita_edit::endpoint::FieldId::Name),
        text: Secret::new("lla"),
        cursor: (0, 3),
    };
    let start = Instant::now();
    draft_writer.note(Some(Unsaved {
        typing: Some(typing.clone()),
        ..unsaved("6")
    }));
    assert_eq!(told.recv_timeout(LONG).unwrap(), DraftReport::Written);
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    assert_eq!(draft(&files).unwrap().typing, Some(typing));
}

#[test]
fn notes_that_never_pause_are_written_all_the_same() {
    let (_home, files, draft_writer, told) = owning();
    let start = Instant::now();
    let mut at = 0;
    while start.elapsed() < Duration::from_millis(450) {
        draft_writer.note(Some(unsaved(&at.to_string())));
        at += 1;
        std::thread::sleep(Duration::from_millis(5));
    }
    let written: usize = max(&files).expect("a draft while typing").parse().unwrap();
    assert!(written > 0 && written < at);
    assert!(draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), (at - 1).to_string());
    // However often, the answer is told once.
    assert_eq!(told.recv().unwrap(), DraftReport::Written);
    nothing_more(&told);
}

#[test]
fn flush_writes_at_once_and_nothing_unsaved_removes() {
    let (_home, files, draft_writer, told) = owning();
    let start = Instant::now();
    draft_writer.note(Some(unsaved("6")));
    assert!(draft_writer.flush(LONG));
    assert!(start.elapsed() < Duration::from_millis(190), "{:?}", start.elapsed());
    assert_eq!(max(&files).unwrap(), "6");
    draft_writer.note(None);
    assert!(draft_writer.flush(LONG));
    assert!(!files.draft_path().exists());
    draft_writer.note(Some(unsaved("7")));
    assert!(draft_writer.flush(LONG));
    drop(draft_writer);
    let told: Vec<DraftReport> = told.iter().collect();
    assert_eq!(told, [DraftReport::Written, DraftReport::Removed, DraftReport::Written]);
    assert_eq!(names(&drafts_dir(&files)), ["ep_1.draft.json"]);
}

#[test]
fn a_draft_of_an_earlier_run_stays_until_something_was_decided() {
    let (_home, files) = files();
    mine(&files).write_draft(&unsaved("6")).unwrap();
    let (draft_writer, told) = draft_writer();
    draft_writer.own(mine(&files));
    draft_writer.note(None);
    assert!(draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), "6");
    nothing_more(&told);
    draft_writer.discard();
    assert!(draft_writer.flush(LONG));
    assert!(!files.draft_path().exists());
    assert_eq!(told.recv().unwrap(), DraftReport::Removed);
}

#[test]
fn the_same_note_again_writes_nothing() {
    let (_home, files, draft_writer, _told) = owning();
    let note = unsaved("6");
    draft_writer.note(Some(note.clone()));
    assert!(draft_writer.flush(LONG));
    let before = draft(&files).unwrap().saved_at;
    draft_writer.note(Some(note.clone()));
    assert!(draft_writer.flush(LONG));
    assert_eq!(draft(&files).unwrap().saved_at, before);
    draft_writer.note(Some(Unsaved {
        edited: Arc::new(config("7")),
        ..note
    }));
    assert!(draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), "7");
}

/// Makes every write fail, as far as root can be stopped: a file in the directory's place.
fn break_disk(files: &EndpointFiles) -> impl FnOnce() + use<> {
    let dir = drafts_dir(files);
    let away = dir.with_extension("away");
    std::fs::rename(&dir, &away).unwrap();
    std::fs::write(&dir, "").unwrap();
    move || {
        std::fs::remove_file(&dir).unwrap();
        std::fs::rename(&away, &dir).unwrap();
    }
}

#[test]
fn a_failing_disk_is_told_once_and_the_next_note_writes_again() {
    let (_home, files, draft_writer, told) = owning();
    let mend = break_disk(&files);
    draft_writer.note(Some(unsaved("6")));
    let DraftReport::Failed(sentence) = told.recv_timeout(LONG).unwrap() else {
        panic!("written");
    };
    assert!(sentence.contains(drafts_dir(&files).to_str().unwrap()), "{sentence}");
    draft_writer.note(Some(unsaved("7")));
    assert!(!draft_writer.flush(LONG));
    nothing_more(&told);
    mend();
    draft_writer.note(Some(unsaved("8")));
    assert_eq!(told.recv_timeout(LONG).unwrap(), DraftReport::Written);
    assert_eq!(max(&files).unwrap(), "8");
    assert!(draft_writer.flush(LONG));
}

#[test]
fn a_flush_tries_once_more_what_failed() {
    let (_home, files, draft_writer, told) = owning();
    let mend = break_disk(&files);
    draft_writer.note(Some(unsaved("6")));
    assert!(matches!(told.recv_timeout(LONG).unwrap(), DraftReport::Failed(_)));
    assert!(!draft_writer.flush(LONG));
    mend();
    assert!(draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), "6");
}

/// Holds the lock that every write takes: a disk that doesn't answer.
fn slow_disk(files: &EndpointFiles) -> std::fs::File {
    let dir = std::fs::File::open(drafts_dir(files)).unwrap();
    rustix::fs::flock(&dir, FlockOperation::LockExclusive).unwrap();
    dir
}

#[test]
fn a_note_never_waits_for_a_slow_disk() {
    let (_home, files, draft_writer, _told) = owning();
    let note = large(5000);
    let slow = slow_disk(&files);
    let start = Instant::now();
    let mut longest = Duration::ZERO;
    for at in 0.. {
        if start.elapsed() > Duration::from_millis(700) {
            break;
        }
        let before = Instant::now();
        draft_writer.note(Some(Unsaved {
            loaded: Arc::new(novita_edit::store::Snapshot {
                has_health_check: at % 2 == 0,
                ..snapshot()
            }),
            ..note.clone()
        }));
        longest = longest.max(before.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
    // The write waits 500 ms for the lock; a note that waited for the write would take about as long.
    assert!(longest < Duration::from_millis(150), "{longest:?}");
    let before = Instant::now();
    assert!(!draft_writer.flush(Duration::from_millis(50)));
    assert!(before.elapsed() < Duration::from_millis(300));
    drop(slow);
    assert!(draft_writer.flush(LONG));
    assert_eq!(draft(&files).unwrap().edited.envs.len(), 5000);
}

#[test]
fn dropping_the_draft_writer_does_not_hang_on_a_disk_that_does() {
    let (_home, files, draft_writer, _told) = owning();
    draft_writer.note(Some(unsaved("6")));
    let slow = slow_disk(&files);
    let start = Instant::now();
    drop(draft_writer);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    // The thread still tries; let it end before the directory goes.
    drop(slow);
    std::thread::sleep(Duration::from_millis(1500));
}

#[test]
fn a_take_over_is_told_once_and_nothing_is_written_until_it_is_taken_back() {
    let (_home, files, draft_writer, told) = owning();
    draft_writer.note(Some(unsaved("6")));
    assert!(draft_writer.flush(LONG));
    draft_writer.holds().unwrap();
    let other = files.take_over().unwrap();
    other.write_draft(&unsaved("7")).unwrap();
    assert!(matches!(draft_writer.holds(), Err(EditorLockError::TakenOver(_))));
    draft_writer.note(Some(unsaved("8")));
    assert!(!draft_writer.flush(LONG));
    draft_writer.note(Some(unsaved("9")));
    assert!(!draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), "7");
    assert!(matches!(draft_writer.holds(), Err(EditorLockError::TakenOver(owner)) if owner == *other.owner()));
    assert_eq!(told.recv().unwrap(), DraftReport::Written);
    assert_eq!(told.recv().unwrap(), DraftReport::TakenOver(other.owner().clone()));
    nothing_more(&told);
    // Back again: what the other left stays until somebody has decided about it.
    draft_writer.own(files.take_over().unwrap());
    assert!(draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), "7");
    draft_writer.note(Some(unsaved("9")));
    assert!(draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), "9");
    assert!(other.write_draft(&unsaved("10")).is_err());
    draft_writer.holds().unwrap();
}

#[test]
fn an_owner_file_that_is_gone_is_told() {
    let (_home, files, draft_writer, told) = owning();
    std::fs::remove_file(files.owner_path()).unwrap();
    draft_writer.note(Some(unsaved("6")));
    assert!(!draft_writer.flush(LONG));
    assert!(
        matches!(told.recv().unwrap(), DraftReport::Gone(sentence) if sentence.contains("ep_1.owner.json is gone"))
    );
    assert!(matches!(draft_writer.holds(), Err(EditorLockError::Gone { .. })));
}

#[test]
fn a_state_directory_that_was_deleted_is_made_anew_with_the_edits_in_it_and_told() {
    let (home, files, draft_writer, told) = owning();
    draft_writer.note(Some(unsaved("6")));
    assert!(draft_writer.flush(LONG));
    assert_eq!(told.recv().unwrap(), DraftReport::Written);
    let deleted = |told: &Receiver<DraftReport>, number: &str| {
        draft_writer.note(Some(unsaved(number)));
        assert!(draft_writer.flush(LONG));
        assert_eq!(told.recv().unwrap(), DraftReport::Remade(drafts_dir(&files)));
        assert_eq!(told.recv().unwrap(), DraftReport::Written);
        assert_eq!(max(&files).unwrap(), number);
        draft_writer.holds().unwrap();
    };
    std::fs::remove_dir_all(home.path().join("novita-edit")).unwrap();
    deleted(&told, "7");
    // Somebody looked for drafts there since, and made the directory.
    std::fs::remove_dir_all(home.path().join("novita-edit")).unwrap();
    store(home.path());
    deleted(&told, "8");
    assert_eq!(
        names(&drafts_dir(&files)),
        ["ep_1.draft.json", "ep_1.editor.lock", "ep_1.owner.json"]
    );
    draft_writer.disown();
    assert!(draft_writer.flush(LONG));
    assert_eq!(names(&drafts_dir(&files)), ["ep_1.draft.json"]);
}

#[test]
fn whoever_came_to_a_directory_that_was_deleted_keeps_the_endpoint() {
    let (home, files, draft_writer, told) = owning();
    std::fs::remove_dir_all(home.path().join("novita-edit")).unwrap();
    // One process takes part twice, and only the time tells the two apart.
    std::thread::sleep(Duration::from_millis(5));
    let other = mine(&files);
    other.write_draft(&unsaved("7")).unwrap();
    draft_writer.note(Some(unsaved("6")));
    assert!(!draft_writer.flush(LONG));
    assert_eq!(told.recv().unwrap(), DraftReport::TakenOver(other.owner().clone()));
    assert_eq!(max(&files).unwrap(), "7");
    // Also when it has left: its edits are somebody else's.
    draft_writer.own(files.take_over().unwrap());
    assert!(draft_writer.flush(LONG));
    std::fs::remove_dir_all(home.path().join("novita-edit")).unwrap();
    let other = mine(&files);
    other.write_draft(&unsaved("7")).unwrap();
    other.release();
    draft_writer.note(Some(unsaved("6")));
    assert!(!draft_writer.flush(LONG));
    assert!(matches!(told.recv().unwrap(), DraftReport::Gone(_)));
    assert_eq!(max(&files).unwrap(), "7");
}

#[test]
fn a_deleted_directory_that_cannot_be_made_anew_is_called_that() {
    let (home, files, draft_writer, told) = owning();
    std::fs::remove_dir_all(home.path().join("novita-edit")).unwrap();
    std::fs::write(home.path().join("novita-edit"), "in its place").unwrap();
    draft_writer.note(Some(unsaved("6")));
    assert!(!draft_writer.flush(LONG));
    let DraftReport::Failed(said) = told.recv().unwrap() else {
        panic!("written");
    };
    let dir = drafts_dir(&files);
    let begin = format!(
        "{} was deleted while this program ran, and can't be made anew: ",
        dir.display()
    );
    assert!(
        said.starts_with(&begin) && said.contains("is not a directory"),
        "{said}"
    );
}

#[test]
fn leaving_an_endpoint_writes_what_is_noted_and_releases_it() {
    let (home, files, draft_writer, _told) = owning();
    draft_writer.note(Some(unsaved("6")));
    draft_writer.disown();
    assert!(draft_writer.flush(LONG));
    assert_eq!(names(&drafts_dir(&files)), ["ep_1.draft.json"]);
    draft_writer.note(None);
    assert!(draft_writer.flush(LONG));
    assert!(files.draft_path().exists());

    draft_writer.own(mine(&files));
    draft_writer.note(Some(unsaved("7")));
    let second = store(home.path()).endpoint_files(BASE, "ep_2");
    draft_writer.own(mine(&second));
    assert!(draft_writer.flush(LONG));
    assert_eq!(max(&files).unwrap(), "7");
    assert_eq!(
        names(&drafts_dir(&files)),
        ["ep_1.draft.json", "ep_2.editor.lock", "ep_2.owner.json"]
    );
    // A note of one endpoint never goes into the file of another.
    draft_writer.note(Some(unsaved("8")));
    assert!(draft_writer.flush(LONG));
    assert!(!second.draft_path().exists());
    let mut note = unsaved("8");
    Arc::make_mut(&mut note.edited).id = "ep_2".into();
    Arc::make_mut(&mut note.loaded).config.id = "ep_2".into();
    draft_writer.note(Some(note));
    drop(draft_writer);
    assert_eq!(max(&second).unwrap(), "8");
    assert_eq!(max(&files).unwrap(), "7");
    assert_eq!(names(&drafts_dir(&files)), ["ep_1.draft.json", "ep_2.draft.json"]);
}

#[test]
fn the_crash_writer_writes_what_is_noted_and_releases_and_then_nobody_writes() {
    let (_home, files, draft_writer, told) = owning();
    draft_writer.note(Some(unsaved("6")));
    let crash_writer = draft_writer.crash_writer();
    let start = Instant::now();
    std::thread::spawn(move || crash_writer.clone().run()).join().unwrap();
    assert!(start.elapsed() < Duration::from_millis(700));
    assert_eq!(max(&files).unwrap(), "6");
    assert!(!files.owner_path().exists());
    draft_writer.note(Some(unsaved("7")));
    assert!(!draft_writer.flush(Duration::from_millis(300)));
    assert_eq!(max(&files).unwrap(), "6");
    nothing_more(&told);
}

#[test]
fn the_crash_writer_gives_up_on_a_disk_that_hangs() {
    let (_home, files, draft_writer, _told) = owning();
    let slow = slow_disk(&files);
    draft_writer.note(Some(unsaved("6")));
    let start = Instant::now();
    draft_writer.crash_writer().run();
    assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
    drop(slow);
    std::thread::sleep(Duration::from_millis(1500));
}

#[test]
fn an_older_write_never_lands_on_the_one_of_the_crash_writer() {
    for pause in [0, 50, 150, 250] {
        let (_home, files, draft_writer, _told) = owning();
        let slow = slow_disk(&files);
        draft_writer.note(Some(unsaved("6")));
        // By now the thread waits for the lock, with the older draft ready.
        std::thread::sleep(Duration::from_millis(240));
        draft_writer.note(Some(unsaved("7")));
        let crash_writer = draft_writer.crash_writer();
        let run = std::thread::spawn(move || crash_writer.run());
        std::thread::sleep(Duration::from_millis(pause));
        drop(slow);
        run.join().unwrap();
        assert_eq!(max(&files).as_deref(), Some("7"), "{pause}");
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(max(&files).as_deref(), Some("7"), "{pause}");
        assert_eq!(names(&drafts_dir(&files)), ["ep_1.draft.json"]);
    }
}

#[test]
fn while_nothing_is_unsaved_the_thread_sleeps() {
    let (_home, files) = files();
    let (tell, told) = channel();
    // The report runs on the thread in question.
    let draft_writer = DraftWriter::start(move |_| drop(tell.send(std::fs::read_link("/proc/thread-self")))).unwrap();
    draft_writer.own(mine(&files));
    draft_writer.note(Some(unsaved("6")));
    let Ok(thread) = told.recv_timeout(LONG).unwrap() else {
        println!("skipped: no /proc");
        return;
    };
    assert!(draft_writer.flush(LONG));
    let switches = || {
        let status = std::fs::read_to_string(std::path::Path::new("/proc").join(&thread).join("status")).unwrap();
        let lines = status
            .lines()
            .filter(|line| line.starts_with("voluntary_ctxt_switches"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    std::thread::sleep(Duration::from_millis(100));
    let before = switches();
    assert_eq!(before.len(), 1);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(switches(), before);
}
