//! The lock of a save: one program at a time, whatever becomes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use novita_edit::config::{Environment, StateDirs};
use novita_edit::secret::Secret;
use novita_edit::session;
use novita_edit::store::{EndpointFiles, SaveLock, SaveLockAttempt, SendLog};

use crate::again::{self, Helper};
use crate::harness::*;

fn save_lock(files: &EndpointFiles) -> Option<SaveLock> {
    match files.try_save_lock().unwrap() {
        SaveLockAttempt::Yours(lock) => Some(lock),
        SaveLockAttempt::Taken(_) => None,
    }
}

#[test]
fn the_second_waits_until_the_first_is_done_and_is_told_who_that_is() {
    let (home, files) = files();
    let first = save_lock(&files).unwrap();
    assert_eq!(mode(&files.save_lock_path()), 0o600);
    // Another opening of the same files, as another program has it.
    let other = files_in(home.path());
    match other.try_save_lock().unwrap() {
        SaveLockAttempt::Taken(Some(owner)) => assert_eq!(owner.pid, std::process::id()),
        save_lock => panic!("{save_lock:?}"),
    }
    drop(first);
    let second = save_lock(&other).unwrap();
    assert!(save_lock(&files).is_none());
    drop(second);
    assert_eq!(names(&drafts_dir(&files)), Vec::<String>::new(), "a lock file is left");
}

#[test]
fn endpoints_are_saved_beside_each_other() {
    let (home, files) = files();
    let _one = save_lock(&files).unwrap();
    assert!(save_lock(&store(home.path()).endpoint_files(BASE, "ep_2")).is_some());
}

#[test]
fn somebody_who_cleans_up_meanwhile_breaks_nobody_elses_lock() {
    let (_home, files) = files();
    let first = save_lock(&files).unwrap();
    std::fs::remove_file(files.save_lock_path()).unwrap();
    let second = save_lock(&files).unwrap();
    drop(first);
    assert!(files.save_lock_path().exists(), "the second one's file was removed");
    assert!(save_lock(&files).is_none());
    drop(second);
}

#[test]
fn a_link_in_the_place_of_the_lock_is_not_followed() {
    let (home, files) = files();
    let target = home.path().join("target");
    std::fs::write(&target, "mine").unwrap();
    std::os::unix::fs::symlink(&target, files.save_lock_path()).unwrap();
    assert!(
        files
            .try_save_lock()
            .unwrap_err()
            .to_string()
            .contains("not a regular file")
    );
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
}

/// What it counts would come out otherwise if two had the lock at a time.
#[test]
fn of_many_threads_one_has_it_at_a_time() {
    let (home, _) = files();
    let inside = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (inside, files) = (Arc::clone(&inside), files_in(home.path()));
            std::thread::spawn(move || {
                let mut had = 0;
                while had < 50 {
                    let Some(lock) = save_lock(&files) else {
                        std::thread::yield_now();
                        continue;
                    };
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two had the lock");
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    drop(lock);
                    had += 1;
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
#[ignore = "a helper for the test below"]
fn helper_takes_the_lock_and_hangs() {
    let Some(home) = again::home() else { return };
    let _lock = save_lock(&files_in(&home)).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn the_lock_of_a_killed_program_is_free_at_once() {
    let (home, files) = files();
    let helper = Helper::start("save_lock::helper_takes_the_lock_and_hangs", home.path());
    assert!(within(Duration::from_secs(10), || {
        files.save_lock_path().exists() && save_lock(&files).is_none()
    }));
    helper.kill();
    assert!(files.save_lock_path().exists(), "nothing was there to be found");
    assert!(save_lock(&files).is_some());
}

fn send_log(state: &std::path::Path) -> SendLog {
    SendLog::new(Some(dirs(state)), BASE, &Secret::new("sk_hidden"))
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

#[test]
fn waiting_is_told_once_and_ends_with_the_lock_or_with_the_patience() {
    let (home, files) = files();
    let send_log = send_log(home.path());
    let told = AtomicUsize::new(0);
    let mine = |patience| {
        let on_wait = || {
            told.fetch_add(1, Ordering::SeqCst);
        };
        let unknown = |why: &str| panic!("{why}");
        session::wait_for_save_lock(&send_log, ID, Duration::from_millis(patience), on_wait, unknown)
    };
    wait(async {
        let lock = save_lock(&files).unwrap();
        match mine(100).await {
            Err(why) => {
                assert!(why.starts_with(&format!("Another novita-edit (process {} on ", std::process::id())));
            }
            save_lock => panic!("{save_lock:?}"),
        }
        assert_eq!(told.load(Ordering::SeqCst), 1);
        let (save_lock, ()) = tokio::join!(mine(10_000), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(lock);
        });
        let Ok(Some(held)) = save_lock else {
            panic!("{save_lock:?}");
        };
        assert_eq!(told.load(Ordering::SeqCst), 2);
        held.give_back().await;
        assert!(!files.save_lock_path().exists());
        assert!(matches!(mine(0).await, Ok(Some(_))));
        assert_eq!(told.load(Ordering::SeqCst), 2, "there was nobody to wait for");
    });
}

#[test]
fn without_a_place_for_the_lock_nothing_is_known_and_nothing_waits() {
    let none = SendLog::new(None, BASE, &Secret::new("sk_hidden"));
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("novita-edit"), "a file in the way").unwrap();
    let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
    let blocked = SendLog::new(StateDirs::find(&env), BASE, &Secret::new("sk_hidden"));
    for (send_log, said) in [(none, "no home directory"), (blocked, "is not a directory")] {
        let mut told = None;
        let unknown = |why: &str| told = Some(why.to_owned());
        let waited = wait(session::wait_for_save_lock(
            &send_log,
            ID,
            Duration::from_secs(9),
            || {},
            unknown,
        ));
        assert!(matches!(waited, Ok(None)), "{waited:?}");
        let why = told.unwrap();
        assert!(why.contains(said), "{why}");
    }
}

#[test]
fn a_send_that_was_left_on_its_way_is_known_to_the_next_one_until_its_time_is_over() {
    let (home, files) = files();
    let later = jiff::Timestamp::now().saturating_add(Duration::from_secs(60)).unwrap();
    let first = save_lock(&files).unwrap();
    assert_eq!(first.left_send(), None);
    first.sends_until(later, None).unwrap();
    drop(first);
    let second = save_lock(&files_in(home.path())).unwrap();
    let left = second.left_send().unwrap().clone();
    assert_eq!((left.until, left.by.pid), (later, std::process::id()));
    // One that looks and sends nothing leaves it as it was.
    drop(second);
    let third = save_lock(&files).unwrap();
    assert_eq!(third.left_send(), Some(&left));
    third.is_settled();
    drop(third);
    assert!(!files.save_lock_path().exists());
    // One whose time is over says nothing.
    let before = jiff::Timestamp::now();
    let fourth = save_lock(&files).unwrap();
    fourth.sends_until(before, None).unwrap();
    drop(fourth);
    assert_eq!(save_lock(&files).unwrap().left_send(), None);
}
