//! The last write, when a thread panics and nobody knows which locks it holds.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::draft_writer::{Desk, Shared, Wish};
use super::editor_lock::Ownership;

/// How long a lock is waited for that the panicking thread may hold.
const LOCK_PATIENCE: Duration = Duration::from_millis(100);
/// How long the disk is waited for.
const DISK_PATIENCE: Duration = Duration::from_millis(600);

/// Writes what a [`Keeper`](super::Keeper) was told last, from any thread, within about 700 ms.
#[derive(Clone, Debug)]
pub struct Emergency {
    shared: Arc<Shared>,
}

impl Emergency {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Writes what is noted and releases the endpoint. From now on the keeper itself writes nothing: its process is about to
    /// end. Never panics, and does nothing the second time.
    pub fn run(&self) {
        if self.shared.closed.swap(true, Ordering::SeqCst) {
            return;
        }
        let Some(desk) = self.shared.desk_now(LOCK_PATIENCE) else {
            return;
        };
        // On a thread of its own, since a disk that hangs can't be told to give up.
        let (done, wait) = mpsc::channel();
        let desk = Arc::new(desk);
        let last = Arc::clone(&desk);
        let started = thread::Builder::new().name("last draft".to_owned()).spawn(move || {
            write(&last);
            let _ = done.send(());
        });
        match started {
            Ok(_) => drop(wait.recv_timeout(DISK_PATIENCE)),
            Err(_) => write(&desk),
        }
    }
}

fn write(desk: &Desk) {
    for (home, wish) in &desk.left {
        write_and_leave(home, wish);
    }
    if let Some(home) = &desk.home {
        let wish = if desk.settled { &Wish::AsItIs } else { &desk.wish };
        write_and_leave(home, wish);
    }
}

/// What fails here can't be told to anybody any more.
fn write_and_leave(home: &Ownership, wish: &Wish) {
    let _ = match wish {
        Wish::AsItIs => Ok(()),
        Wish::Keep(unsaved) => home.write_draft(unsaved),
        Wish::Remove => home.remove_draft(),
    };
    home.release_now();
}
