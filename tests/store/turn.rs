//! The turn to save: one program at a time, whatever becomes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use novita_edit::config::{Environment, StateDirs};
use novita_edit::secret::Secret;
use novita_edit::session;
use novita_edit::store::{SendLock, Sends, Shelf, Turn};

use crate::again::{self, Helper};
use crate::harness::*;

fn turn(shelf: &Shelf) -> Option<SendLock> {
    match shelf.take_turn().unwrap() {
        Turn::Yours(lock) => Some(lock),
        Turn::Taken(_) => None,
    }
}

#[test]
fn the_second_waits_until_the_first_is_done_and_is_told_who_that_is() {
    let (home, shelf) = shelf();
    let first = turn(&shelf).unwrap();
    assert_eq!(mode(&shelf.turn_path()), 0o600);
    // Another opening of the same files, as another program has it.
    let other = shelf_in(home.path());
    match other.take_turn().unwrap() {
        Turn::Taken(Some(owner)) => assert_eq!(owner.pid, std::process::id()),
        turn => panic!("{turn:?}"),
    }
    drop(first);
    let second = turn(&other).unwrap();
    assert!(turn(&shelf).is_none());
    drop(second);
    assert_eq!(names(&drafts_dir(&shelf)), Vec::<String>::new(), "a lock file is left");
}

#[test]
fn endpoints_are_saved_beside_each_other() {
    let (home, shelf) = shelf();
    let _one = turn(&shelf).unwrap();
    assert!(turn(&store(home.path()).shelf(BASE, "ep_2")).is_some());
}

#[test]
fn somebody_who_cleans_up_meanwhile_breaks_nobody_elses_turn() {
    let (_home, shelf) = shelf();
    let first = turn(&shelf).unwrap();
    std::fs::remove_file(shelf.turn_path()).unwrap();
    let second = turn(&shelf).unwrap();
    drop(first);
    assert!(shelf.turn_path().exists(), "the second one's file was removed");
    assert!(turn(&shelf).is_none());
    drop(second);
}

#[test]
fn a_link_in_the_place_of_the_lock_is_not_followed() {
    let (home, shelf) = shelf();
    let target = home.path().join("target");
    std::fs::write(&target, "mine").unwrap();
    std::os::unix::fs::symlink(&target, shelf.turn_path()).unwrap();
    assert!(
        shelf
            .take_turn()
            .unwrap_err()
            .to_string()
            .contains("not a regular file")
    );
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
}

/// What it counts would come out otherwise if two had the turn at a time.
#[test]
fn of_many_threads_one_has_it_at_a_time() {
    let (home, _) = shelf();
    let inside = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (inside, shelf) = (Arc::clone(&inside), shelf_in(home.path()));
            std::thread::spawn(move || {
                let mut had = 0;
                while had < 50 {
                    let Some(lock) = turn(&shelf) else {
                        std::thread::yield_now();
                        continue;
                    };
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two had the turn");
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
fn helper_takes_the_turn_and_hangs() {
    let Some(home) = again::home() else { return };
    let _lock = turn(&shelf_in(&home)).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn the_turn_of_a_killed_program_is_free_at_once() {
    let (home, shelf) = shelf();
    let helper = Helper::start("turn::helper_takes_the_turn_and_hangs", home.path());
    assert!(within(Duration::from_secs(10), || {
        shelf.turn_path().exists() && turn(&shelf).is_none()
    }));
    helper.kill();
    assert!(shelf.turn_path().exists(), "nothing was there to be found");
    assert!(turn(&shelf).is_some());
}

fn sends(state: &std::path::Path) -> Sends {
    Sends::new(Some(dirs(state)), BASE, &Secret::new("sk_hidden"))
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

#[test]
fn waiting_is_told_once_and_ends_with_the_turn_or_with_the_patience() {
    let (home, shelf) = shelf();
    let sends = sends(home.path());
    let told = AtomicUsize::new(0);
    let mine = |patience| {
        let on_wait = || {
            told.fetch_add(1, Ordering::SeqCst);
        };
        let unknown = |why: &str| panic!("{why}");
        session::wait_for_save_lock(&sends, ID, Duration::from_millis(patience), on_wait, unknown)
    };
    wait(async {
        let lock = turn(&shelf).unwrap();
        match mine(100).await {
            Err(why) => {
                assert!(why.starts_with(&format!("Another novita-edit (process {} on ", std::process::id())));
            }
            turn => panic!("{turn:?}"),
        }
        assert_eq!(told.load(Ordering::SeqCst), 1);
        let (turn, ()) = tokio::join!(mine(10_000), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(lock);
        });
        let Ok(Some(held)) = turn else {
            panic!("{turn:?}");
        };
        assert_eq!(told.load(Ordering::SeqCst), 2);
        held.give_back().await;
        assert!(!shelf.turn_path().exists());
        assert!(matches!(mine(0).await, Ok(Some(_))));
        assert_eq!(told.load(Ordering::SeqCst), 2, "there was nobody to wait for");
    });
}

#[test]
fn without_a_place_for_the_lock_nothing_is_known_and_nothing_waits() {
    let none = Sends::new(None, BASE, &Secret::new("sk_hidden"));
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("novita-edit"), "a file in the way").unwrap();
    let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
    let blocked = Sends::new(StateDirs::find(&env), BASE, &Secret::new("sk_hidden"));
    for (sends, said) in [(none, "no home directory"), (blocked, "is not a directory")] {
        let mut told = None;
        let unknown = |why: &str| told = Some(why.to_owned());
        let waited = wait(session::wait_for_save_lock(
            &sends,
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
