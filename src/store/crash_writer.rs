//! The last write, when a thread panics and nobody knows which locks it holds.

use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::editor_lock::EditorLock;
use super::pending_writes::{DraftQueue, PendingWrites, WantedDraft};

/// How long a lock is waited for that the panicking thread may hold.
const LOCK_PATIENCE: Duration = Duration::from_millis(100);
/// How long the disk is waited for.
const DISK_PATIENCE: Duration = Duration::from_millis(600);

/// Writes what a [`DraftWriter`](super::DraftWriter) was told last, from any thread, within about 700 ms.
#[derive(Clone, Debug)]
pub struct CrashWriter {
    queue: Arc<DraftQueue>,
}

impl CrashWriter {
    pub(super) fn new(queue: Arc<DraftQueue>) -> Self {
        Self { queue }
    }

    /// Writes what is noted and releases the endpoint. From now on the draft writer itself writes nothing: its process
    /// is about to end. Never panics, and does nothing the second time.
    pub fn run(&self) {
        if !self.queue.close() {
            return;
        }
        let Some(pending) = self.queue.pending_now(LOCK_PATIENCE) else {
            return;
        };
        // On a thread of its own, since a disk that hangs can't be told to give up.
        let (done, wait) = mpsc::channel();
        let pending = Arc::new(pending);
        let last = Arc::clone(&pending);
        let started = thread::Builder::new().name("last draft".to_owned()).spawn(move || {
            write(&last);
            let _ = done.send(());
        });
        match started {
            Ok(_) => drop(wait.recv_timeout(DISK_PATIENCE)),
            Err(_) => write(&pending),
        }
    }
}

fn write(pending: &PendingWrites) {
    for (lock, wanted) in &pending.leaving {
        write_and_leave(lock, wanted);
    }
    if let Some(lock) = &pending.lock {
        let wanted = if pending.settled {
            &WantedDraft::AsItIs
        } else {
            &pending.wanted
        };
        write_and_leave(lock, wanted);
    }
}

/// What fails here can't be told to anybody any more.
fn write_and_leave(lock: &EditorLock, wanted: &WantedDraft) {
    let _ = match wanted {
        WantedDraft::AsItIs => Ok(()),
        WantedDraft::Draft(unsaved) => lock.write_draft(unsaved),
        WantedDraft::NoDraft => lock.remove_draft(),
    };
    lock.release_now();
}
