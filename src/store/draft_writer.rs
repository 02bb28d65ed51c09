//! The thread that writes drafts, so that a keystroke never waits for the disk, and the last write when a thread
//! panics.
//!
//! What is to be kept is noted ([`pending_writes`](super::pending_writes)); the thread takes it from there 200 ms after
//! the first change and writes it without holding any lock that a keystroke takes. While nothing is unsaved the thread
//! sleeps without a timer.

use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::draft::Unsaved;
use super::locks::{EditorLock, EditorLockError};
use super::pending_writes::{DraftQueue, DraftReport, Job, PendingWrites, WantedDraft};

/// How long dropping a [`DraftWriter`] waits for a disk that doesn't answer.
const LAST_PATIENCE: Duration = Duration::from_millis(500);
/// How long a lock is waited for that the panicking thread may hold.
const LOCK_PATIENCE: Duration = Duration::from_millis(100);
/// How long the disk is waited for.
const DISK_PATIENCE: Duration = Duration::from_millis(600);

/// Writes the draft of one endpoint at a time. Every method but [`flush`](Self::flush) and [`holds`](Self::holds)
/// returns at once. Dropping it writes what is noted, waiting half a second at most, and releases the endpoint.
#[derive(Debug)]
pub struct DraftWriter {
    queue: Arc<DraftQueue>,
    thread: Option<JoinHandle<()>>,
}

impl DraftWriter {
    /// Starts the thread. `report` is called on it, with each answer that differs from the one before.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(report: impl Fn(DraftReport) + Send + 'static) -> io::Result<Self> {
        let queue = Arc::new(DraftQueue::default());
        let reporter = Arc::new(Mutex::new(Reporter {
            last: None,
            report: Box::new(report),
        }));
        let (worker, told) = (Arc::clone(&queue), Arc::clone(&reporter));
        let thread = thread::Builder::new()
            .name("drafts".to_owned())
            .spawn(move || work(&worker, &told))?;
        let watched = Arc::clone(&queue);
        thread::Builder::new().name("slow drafts".to_owned()).spawn(move || {
            while let Some(stuck) = watched.next_stuck() {
                tell(&watched, &reporter, stuck);
            }
        })?;
        Ok(Self {
            queue,
            thread: Some(thread),
        })
    }

    /// From now on drafts go there. An earlier endpoint gets what was noted for it and is released. Nothing that was
    /// noted while the endpoint was another's is written by that: its draft may be somebody's.
    pub fn own(&self, editor_lock: EditorLock) {
        self.queue.own(editor_lock);
    }

    /// What is unsaved now, or that nothing is. Written at most 200 ms after the first note that wasn't; never waits
    /// for the disk.
    ///
    /// `None` removes a draft that was noted here. A draft of an earlier run stays as long as nothing was noted: nobody
    /// may have decided about it yet; [`discard`](Self::discard) removes it.
    pub fn note(&self, unsaved: Option<Unsaved>) {
        let wanted = unsaved.map_or(WantedDraft::NoDraft, |unsaved| WantedDraft::Draft(Arc::new(unsaved)));
        self.queue.note(wanted, false);
    }

    /// Nothing is unsaved, and a draft of an earlier run isn't wanted either.
    pub fn discard(&self) {
        self.queue.note(WantedDraft::NoDraft, true);
    }

    /// Puts the draft of an earlier run aside, as one that was discarded, if that is `wanted` still when the disk has
    /// answered: later the draft may be this session's own. Waits for the disk.
    ///
    /// # Errors
    /// Taken over, gone, or not put aside; then the draft is where it was.
    pub fn discard_earlier(&self, wanted: &dyn Fn() -> bool) -> Result<(), EditorLockError> {
        let Some(lock) = self.queue.lock()? else {
            return Ok(());
        };
        lock.holds()?;
        lock.discard_draft_if(wanted)
    }

    /// Whether the endpoint is still this editor's. To be asked before a send, on a thread that may wait for the disk.
    ///
    /// Without an editor lock there is nothing to be lost: where none could be had, say on a read-only disk, that is no
    /// reason not to send.
    ///
    /// # Errors
    /// Taken over, gone, or not to be found out.
    pub fn holds(&self) -> Result<(), EditorLockError> {
        let lock = self.queue.lock()?;
        lock.map_or(Ok(()), |lock| lock.holds())
    }

    /// Writes what is noted now, and waits for the disk so long. True: everything that was noted is on disk, and
    /// endpoints that were left are released.
    pub fn flush(&self, patience: Duration) -> bool {
        self.queue.flush(patience).unwrap_or(false)
    }

    /// Writes what is noted, then releases the endpoint; the draft stays. Does not wait: [`flush`](Self::flush) does,
    /// and has to come before the same process takes the endpoint's lock again.
    pub fn disown(&self) {
        self.queue.disown();
    }

    /// What a panic hook takes along.
    pub fn crash_writer(&self) -> CrashWriter {
        CrashWriter::new(Arc::clone(&self.queue))
    }
}

impl Drop for DraftWriter {
    fn drop(&mut self) {
        self.disown();
        let answered = self.queue.flush(LAST_PATIENCE).is_some();
        self.queue.stop();
        // A thread that hangs in a write isn't waited for: it ends with the process.
        if let Some(thread) = self.thread.take().filter(|_| answered) {
            let _ = thread.join();
        }
    }
}

/// Tells what became of a draft, if that is another answer than the one before.
struct Reporter {
    last: Option<DraftReport>,
    report: Box<dyn Fn(DraftReport) + Send>,
}

fn tell(queue: &DraftQueue, reporter: &Mutex<Reporter>, kept: DraftReport) {
    let mut reporter = reporter.lock().unwrap_or_else(PoisonError::into_inner);
    if queue.is_other() {
        reporter.last = None;
    }
    if queue.is_open() && reporter.last.as_ref() != Some(&kept) {
        reporter.last = Some(kept.clone());
        (reporter.report)(kept);
    }
}

fn work(queue: &DraftQueue, reporter: &Mutex<Reporter>) {
    let tell = |kept| tell(queue, reporter, kept);
    loop {
        match queue.next_job() {
            Job::Stop => return,
            Job::Leave(lock, wanted) => {
                let outcome = carry_out(queue, &lock, &wanted);
                lock.take_remade().map(DraftReport::Remade).map(tell);
                lock.release_now();
                let failed = outcome.is_err();
                if let Err(error) = outcome {
                    // Another endpoint may be on the screen by now: the sentence names this one.
                    let endpoint = lock.files().endpoint();
                    tell(DraftReport::Failed(format!(
                        "the last edits of {endpoint} are not in its draft: {error}"
                    )));
                }
                queue.left(failed);
            }
            Job::Write(lock, wanted) => {
                let outcome = carry_out(queue, &lock, &wanted);
                lock.take_remade().map(DraftReport::Remade).map(tell);
                if matches!(
                    outcome,
                    Err(EditorLockError::TakenOver(_) | EditorLockError::Gone { .. })
                ) {
                    // Here, so that whoever drops the last reference need not look at the disk.
                    lock.release_now();
                }
                let answer = queue.settle(&lock, &wanted, outcome);
                answer.map(tell);
            }
        }
    }
}

/// `None` when there was nothing to do, or a panic came first.
fn carry_out(
    queue: &DraftQueue,
    lock: &EditorLock,
    wanted: &WantedDraft,
) -> Result<Option<DraftReport>, EditorLockError> {
    let is_open = || queue.is_open();
    let (done, kept) = match wanted {
        WantedDraft::AsItIs => return Ok(None),
        WantedDraft::Draft(unsaved) => (lock.write_draft_if(unsaved, &is_open)?, DraftReport::Written),
        WantedDraft::NoDraft => (lock.remove_draft_if(&is_open)?, DraftReport::Removed),
    };
    Ok(done.then_some(kept))
}

/// Writes what a [`DraftWriter`] was told last, from any thread, within about 700 ms.
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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::config::{Environment, StateDirs};
    use crate::endpoint::EndpointConfig;
    use crate::secret::Secret;
    use crate::store::{Account, EditorLockAttempt, EndpointFiles, FoundDraft, Snapshot, Store};

    fn noted() -> (tempfile::TempDir, EndpointFiles, DraftWriter) {
        let home = tempfile::tempdir().unwrap();
        let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
        let account = Account::new("https://api.test", &Secret::new("sk_hidden"));
        let store = Store::open(&StateDirs::find(&env).unwrap(), &account).unwrap();
        let files = store.endpoint_files("https://api.test", "ep");
        let EditorLockAttempt::Yours(editor_lock) = files.try_editor_lock().unwrap() else {
            panic!("taken");
        };
        let draft_writer = DraftWriter::start(|_| {}).unwrap();
        draft_writer.own(editor_lock);
        let config = EndpointConfig {
            id: "ep".into(),
            ..EndpointConfig::default()
        };
        draft_writer.note(Some(Unsaved {
            loaded: Arc::new(Snapshot {
                config: config.clone(),
                has_health_check: false,
                settings: Vec::new(),
            }),
            edited: Arc::new(config),
            typing: None,
            sent: None,
            editor_texts: Vec::new(),
        }));
        (home, files, draft_writer)
    }

    /// Runs the crash writer on a thread that panics with `hold` in its hands, as a panic hook does: before anything is
    /// unwound.
    fn crash_writer_on_a_panicking_thread<G>(draft_writer: &DraftWriter, hold: impl FnOnce() -> G + Send) -> Duration {
        struct Hook(CrashWriter, Instant, std::sync::mpsc::Sender<Duration>);
        impl Drop for Hook {
            // Dropped before what the thread holds, since it came later.
            fn drop(&mut self) {
                self.0.run();
                let _ = self.2.send(self.1.elapsed());
            }
        }
        let (tell, told) = std::sync::mpsc::channel();
        let crash_writer = draft_writer.crash_writer();
        thread::scope(|scope| {
            let thread = scope.spawn(move || {
                let _held = hold();
                let _hook = Hook(crash_writer, Instant::now(), tell);
                panic!("on purpose");
            });
            assert!(thread.join().is_err());
        });
        told.recv().unwrap()
    }

    #[test]
    fn the_crash_writer_writes_also_when_the_panicking_thread_holds_the_note_lock() {
        let (_home, files, draft_writer) = noted();
        let took = crash_writer_on_a_panicking_thread(&draft_writer, || draft_writer.queue.hold_state());
        assert!(took < Duration::from_millis(700), "{took:?}");
        assert!(matches!(files.read_draft().unwrap(), FoundDraft::Draft(_)));
        assert!(!files.owner_path().exists());
    }

    #[test]
    fn the_crash_writer_writes_also_when_the_panicking_thread_holds_the_copys_lock() {
        let (_home, files, draft_writer) = noted();
        let took = crash_writer_on_a_panicking_thread(&draft_writer, || draft_writer.queue.hold_copy());
        assert!(took < Duration::from_millis(700), "{took:?}");
        assert!(matches!(files.read_draft().unwrap(), FoundDraft::Draft(_)));
        assert!(!files.owner_path().exists());
    }
}
