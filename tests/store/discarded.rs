//! What was discarded stays aside for a week, private, and nothing else goes with it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use novita_edit::fs::KEPT_DAYS;
use novita_edit::secret::Secret;
use novita_edit::store::{Account, DraftWriter, EndpointFiles, Store};

use crate::harness::*;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn discarded_files(files: &EndpointFiles) -> Vec<PathBuf> {
    let all = all_under(&drafts_dir(files)).into_iter();
    all.filter(|path| path.to_string_lossy().contains(".discarded-"))
        .collect()
}

/// Max workers of all that was discarded, the newest first.
fn maxima(files: &EndpointFiles) -> Vec<String> {
    let all = files.discarded().unwrap().into_iter();
    all.map(|one| one.draft.edited.workers.max_num.text().to_owned())
        .collect()
}

/// Makes a file of something that was discarded so many days ago, by its name and on the file system.
fn aged(path: &Path, by_name: i64, on_disk: u32) -> PathBuf {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * by_name);
    let name = format!("ep_1.discarded-{}-7.json", at.strftime("%Y%m%dT%H%M%SZ"));
    let aged = path.with_file_name(name);
    fs::rename(path, &aged).unwrap();
    let file = File::options().write(true).open(&aged).unwrap();
    file.set_modified(SystemTime::now() - DAY * on_disk).unwrap();
    aged
}

#[test]
fn a_discarded_draft_is_the_same_file_under_another_name_and_private() {
    let (_home, files) = files();
    let own = mine(&files);
    own.write_draft(&unsaved("8")).unwrap();
    let before = fs::read(files.draft_path()).unwrap();
    own.discard_draft().unwrap();
    assert!(draft(&files).is_none());
    let paths = discarded_files(&files);
    assert_eq!((paths.len(), mode(&paths[0])), (1, 0o600));
    assert_eq!(fs::read(&paths[0]).unwrap(), before);
    assert_eq!(maxima(&files), ["8"]);
    own.discard_draft().unwrap();
    assert_eq!(maxima(&files), ["8"], "without a draft there is nothing to discard");
}

#[test]
fn what_is_unsaved_is_written_aside_without_the_right_to_the_endpoint_and_never_over_another() {
    let (_home, files) = files();
    for max in ["6", "7", "8"] {
        files.write_discarded(&unsaved(max)).unwrap();
    }
    assert_eq!(maxima(&files), ["8", "7", "6"], "the newest comes first");
    assert!(discarded_files(&files).iter().all(|file| mode(file) == 0o600));
    assert!(draft(&files).is_none());
    let newest = &files.discarded().unwrap()[0];
    let moment = |time: &str| time.parse::<jiff::Timestamp>().unwrap();
    let kept = moment(&newest.until).duration_since(moment(&newest.at));
    assert_eq!(kept.as_hours(), 24 * i64::from(KEPT_DAYS));
}

#[test]
fn an_editor_that_was_taken_over_discards_nothing_of_the_other() {
    let (_home, files) = files();
    let own = mine(&files);
    let theirs = files.take_over().unwrap();
    theirs.write_draft(&unsaved("8")).unwrap();
    assert!(own.discard_draft().is_err());
    assert_eq!(max(&files).as_deref(), Some("8"));
    assert_eq!(discarded_files(&files), [""; 0].map(PathBuf::from));
}

#[test]
fn after_a_week_it_goes_at_any_start_and_not_before() {
    let (home, files) = files();
    let aside = |by_name, on_disk| {
        files.write_discarded(&unsaved("8")).unwrap();
        let paths = discarded_files(&files);
        let fresh = paths.iter().find(|path| !path.to_string_lossy().ends_with("-7.json"));
        aged(fresh.unwrap(), by_name, on_disk)
    };
    // A clock that went wrong for a while: by one of the two it is young, so it stays. So does what comes from the
    // future.
    let (young, touched, copied, future) = (aside(6, 6), aside(9, 0), aside(1, 9), aside(-400, 0));
    let old = aside(8, 8);
    assert_eq!(files.discarded().unwrap().len(), 4, "what is over is not offered");
    // Any account's start.
    Store::open(&dirs(home.path()), &Account::new(BASE, &Secret::new("sk_other"))).unwrap();
    assert!(!old.exists());
    for path in [young, touched, copied, future] {
        assert!(path.exists(), "{path:?}");
    }
}

#[test]
fn only_files_that_are_called_so_go_and_links_are_not_followed() {
    let (home, files) = files();
    let own = mine(&files);
    own.write_draft(&unsaved("8")).unwrap();
    files.write_discarded(&unsaved("7")).unwrap();
    let old = aged(&discarded_files(&files)[0], 30, 30);
    let target = home.path().join("somebody-elses.json");
    fs::rename(&old, &target).unwrap();
    std::os::unix::fs::symlink(&target, &old).unwrap();
    store(home.path());
    assert!(target.exists() && old.is_symlink());
    assert_eq!(max(&files).as_deref(), Some("8"));
}

#[test]
fn forgetting_deletes_what_was_discarded_of_this_endpoint_and_nothing_else() {
    let (home, files) = files();
    let own = mine(&files);
    own.write_draft(&unsaved("8")).unwrap();
    files.write_discarded(&unsaved("6")).unwrap();
    files.write_discarded(&unsaved("7")).unwrap();
    let other = store(home.path()).endpoint_files(BASE, "ep_10");
    other.write_discarded(&unsaved("9")).unwrap();
    assert_eq!(files.forget_discarded().unwrap(), 2);
    assert_eq!(maxima(&files), [""; 0]);
    assert_eq!(max(&files).as_deref(), Some("8"));
    assert_eq!(discarded_files(&other).len(), 1);
}

#[test]
fn values_that_are_not_kept_are_not_kept_there_either() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(&dirs(home.path()), &account().keeping_secrets(false)).unwrap();
    let files = store.endpoint_files(BASE, ID);
    files.write_discarded(&unsaved("8")).unwrap();
    let bytes = fs::read(&discarded_files(&files)[0]).unwrap();
    assert!(!String::from_utf8(bytes).unwrap().contains("hf_hidden"));
    assert_eq!(maxima(&files), ["8"]);
}

#[test]
fn what_cannot_be_used_is_passed_over() {
    let (_home, files) = files();
    files.write_discarded(&unsaved("8")).unwrap();
    fs::write(drafts_dir(&files).join("ep_1.discarded-20990101T000000Z-1.json"), "{").unwrap();
    assert_eq!(maxima(&files), ["8"]);
}

#[test]
fn a_draft_that_was_written_while_values_were_kept_is_put_aside_without_them() {
    let (home, files) = files();
    mine(&files).write_draft(&unsaved("8")).unwrap();
    let before = draft(&files).unwrap();
    let store = Store::open(&dirs(home.path()), &account().keeping_secrets(false)).unwrap();
    let files = store.endpoint_files(BASE, ID);
    mine(&files).discard_draft().unwrap();
    assert!(!files.draft_path().exists());
    let paths = discarded_files(&files);
    assert_eq!((paths.len(), mode(&paths[0])), (1, 0o600));
    assert!(!fs::read_to_string(&paths[0]).unwrap().contains("hf_hidden"));
    let aside = &files.discarded().unwrap()[0].draft;
    assert_eq!((&aside.saved_at, aside.pid), (&before.saved_at, before.pid));
    assert_eq!(aside.edited.workers, before.edited.workers);
}

#[test]
fn what_is_wanted_no_longer_when_the_disk_answers_is_not_put_aside() {
    for keeps in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&dirs(home.path()), &account().keeping_secrets(keeps)).unwrap();
        let files = store.endpoint_files(BASE, ID);
        let draft_writer = DraftWriter::start(|_| {}).unwrap();
        let own = mine(&files);
        own.write_draft(&unsaved("8")).unwrap();
        draft_writer.own(own);
        // Asked under the lock, so that nothing is written between that and the renaming.
        let is_locked = || {
            let dir = File::open(drafts_dir(&files)).unwrap();
            rustix::fs::flock(&dir, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err()
        };
        let asked = std::cell::Cell::new(false);
        let wanted = || {
            asked.set(is_locked());
            false
        };
        draft_writer.discard_earlier(&wanted).unwrap();
        assert!(asked.get());
        assert_eq!(max(&files).as_deref(), Some("8"));
        assert_eq!(discarded_files(&files), [""; 0].map(PathBuf::from));
        draft_writer.discard_earlier(&|| true).unwrap();
        assert_eq!(maxima(&files), ["8"]);
    }
}
