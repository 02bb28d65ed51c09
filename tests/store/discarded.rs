//! What was discarded stays aside for a week, private, and nothing else goes with it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use novita_edit::fs::KEPT_DAYS;
use novita_edit::secret::Secret;
use novita_edit::store::{Account, Keeper, Shelf, Store};

use crate::harness::*;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn discarded_files(shelf: &Shelf) -> Vec<PathBuf> {
    let all = all_under(&drafts_dir(shelf)).into_iter();
    all.filter(|path| path.to_string_lossy().contains(".discarded-"))
        .collect()
}

/// Max workers of all that was discarded, the newest first.
fn maxima(shelf: &Shelf) -> Vec<String> {
    let all = shelf.discarded().unwrap().into_iter();
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
    let (_home, shelf) = shelf();
    let own = mine(&shelf);
    own.write_draft(&unsaved("8")).unwrap();
    let before = fs::read(shelf.draft_path()).unwrap();
    own.discard_draft().unwrap();
    assert!(draft(&shelf).is_none());
    let files = discarded_files(&shelf);
    assert_eq!((files.len(), mode(&files[0])), (1, 0o600));
    assert_eq!(fs::read(&files[0]).unwrap(), before);
    assert_eq!(maxima(&shelf), ["8"]);
    own.discard_draft().unwrap();
    assert_eq!(maxima(&shelf), ["8"], "without a draft there is nothing to discard");
}

#[test]
fn what_is_unsaved_is_written_aside_without_the_right_to_the_endpoint_and_never_over_another() {
    let (_home, shelf) = shelf();
    for max in ["6", "7", "8"] {
        shelf.write_discarded(&unsaved(max)).unwrap();
    }
    assert_eq!(maxima(&shelf), ["8", "7", "6"], "the newest comes first");
    assert!(discarded_files(&shelf).iter().all(|file| mode(file) == 0o600));
    assert!(draft(&shelf).is_none());
    let newest = &shelf.discarded().unwrap()[0];
    let moment = |time: &str| time.parse::<jiff::Timestamp>().unwrap();
    let kept = moment(&newest.until).duration_since(moment(&newest.at));
    assert_eq!(kept.as_hours(), 24 * i64::from(KEPT_DAYS));
}

#[test]
fn an_editor_that_was_taken_over_discards_nothing_of_the_other() {
    let (_home, shelf) = shelf();
    let own = mine(&shelf);
    let theirs = shelf.take_over().unwrap();
    theirs.write_draft(&unsaved("8")).unwrap();
    assert!(own.discard_draft().is_err());
    assert_eq!(max(&shelf).as_deref(), Some("8"));
    assert_eq!(discarded_files(&shelf), [""; 0].map(PathBuf::from));
}

#[test]
fn after_a_week_it_goes_at_any_start_and_not_before() {
    let (home, shelf) = shelf();
    let aside = |by_name, on_disk| {
        shelf.write_discarded(&unsaved("8")).unwrap();
        let files = discarded_files(&shelf);
        let fresh = files.iter().find(|path| !path.to_string_lossy().ends_with("-7.json"));
        aged(fresh.unwrap(), by_name, on_disk)
    };
    // A clock that went wrong for a while: by one of the two it is young, so it stays. So does what comes from the
    // future.
    let (young, touched, copied, future) = (aside(6, 6), aside(9, 0), aside(1, 9), aside(-400, 0));
    let old = aside(8, 8);
    assert_eq!(shelf.discarded().unwrap().len(), 4, "what is over is not offered");
    // Any account's start.
    Store::open(&dirs(home.path()), &Account::new(BASE, &Secret::new("sk_other"))).unwrap();
    assert!(!old.exists());
    for path in [young, touched, copied, future] {
        assert!(path.exists(), "{path:?}");
    }
}

#[test]
fn only_files_that_are_called_so_go_and_links_are_not_followed() {
    let (home, shelf) = shelf();
    let own = mine(&shelf);
    own.write_draft(&unsaved("8")).unwrap();
    shelf.write_discarded(&unsaved("7")).unwrap();
    let old = aged(&discarded_files(&shelf)[0], 30, 30);
    let target = home.path().join("somebody-elses.json");
    fs::rename(&old, &target).unwrap();
    std::os::unix::fs::symlink(&target, &old).unwrap();
    store(home.path());
    assert!(target.exists() && old.is_symlink());
    assert_eq!(max(&shelf).as_deref(), Some("8"));
}

#[test]
fn forgetting_deletes_what_was_discarded_of_this_endpoint_and_nothing_else() {
    let (home, shelf) = shelf();
    let own = mine(&shelf);
    own.write_draft(&unsaved("8")).unwrap();
    shelf.write_discarded(&unsaved("6")).unwrap();
    shelf.write_discarded(&unsaved("7")).unwrap();
    let other = store(home.path()).shelf(BASE, "ep_10");
    other.write_discarded(&unsaved("9")).unwrap();
    assert_eq!(shelf.forget_discarded().unwrap(), 2);
    assert_eq!(maxima(&shelf), [""; 0]);
    assert_eq!(max(&shelf).as_deref(), Some("8"));
    assert_eq!(discarded_files(&other).len(), 1);
}

#[test]
fn values_that_are_not_kept_are_not_kept_there_either() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(&dirs(home.path()), &account().keeping_secrets(false)).unwrap();
    let shelf = store.shelf(BASE, ID);
    shelf.write_discarded(&unsaved("8")).unwrap();
    let bytes = fs::read(&discarded_files(&shelf)[0]).unwrap();
    assert!(!String::from_utf8(bytes).unwrap().contains("hf_hidden"));
    assert_eq!(maxima(&shelf), ["8"]);
}

#[test]
fn what_cannot_be_used_is_passed_over() {
    let (_home, shelf) = shelf();
    shelf.write_discarded(&unsaved("8")).unwrap();
    fs::write(drafts_dir(&shelf).join("ep_1.discarded-20990101T000000Z-1.json"), "{").unwrap();
    assert_eq!(maxima(&shelf), ["8"]);
}

#[test]
fn a_draft_that_was_written_while_values_were_kept_is_put_aside_without_them() {
    let (home, shelf) = shelf();
    mine(&shelf).write_draft(&unsaved("8")).unwrap();
    let before = draft(&shelf).unwrap();
    let store = Store::open(&dirs(home.path()), &account().keeping_secrets(false)).unwrap();
    let shelf = store.shelf(BASE, ID);
    mine(&shelf).discard_draft().unwrap();
    assert!(!shelf.draft_path().exists());
    let files = discarded_files(&shelf);
    assert_eq!((files.len(), mode(&files[0])), (1, 0o600));
    assert!(!fs::read_to_string(&files[0]).unwrap().contains("hf_hidden"));
    let aside = &shelf.discarded().unwrap()[0].draft;
    assert_eq!((&aside.saved_at, aside.pid), (&before.saved_at, before.pid));
    assert_eq!(aside.edited.workers, before.edited.workers);
}

#[test]
fn what_is_wanted_no_longer_when_the_disk_answers_is_not_put_aside() {
    for keeps in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&dirs(home.path()), &account().keeping_secrets(keeps)).unwrap();
        let shelf = store.shelf(BASE, ID);
        let keeper = Keeper::start(|_| {}).unwrap();
        let own = mine(&shelf);
        own.write_draft(&unsaved("8")).unwrap();
        keeper.own(own);
        // Asked under the lock, so that nothing is written between that and the renaming.
        let is_locked = || {
            let dir = File::open(drafts_dir(&shelf)).unwrap();
            rustix::fs::flock(&dir, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err()
        };
        let asked = std::cell::Cell::new(false);
        let wanted = || {
            asked.set(is_locked());
            false
        };
        keeper.discard_earlier(&wanted).unwrap();
        assert!(asked.get());
        assert_eq!(max(&shelf).as_deref(), Some("8"));
        assert_eq!(discarded_files(&shelf), [""; 0].map(PathBuf::from));
        keeper.discard_earlier(&|| true).unwrap();
        assert_eq!(maxima(&shelf), ["8"]);
    }
}
