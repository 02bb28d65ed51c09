//! What is still to be written of drafts: noted by whoever types, taken by the thread that writes, and read by whoever
//! writes it in a panic.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError, TryLockResult};
use std::thread;
use std::time::{Duration, Instant};

use super::draft::Unsaved;
use super::locks::{EditorLock, EditorLockError, Owner};

/// How long a write may take before it is told that the disk doesn't answer; with the delay before it that is told within
/// 2 s of the edit.
const WRITE_PATIENCE: Duration = Duration::from_millis(1500);

/// From the first note that isn't written to the write; with the write it stays below the promised 500 ms.
const DELAY: Duration = Duration::from_millis(200);

/// What became of a draft. Told when it is another answer than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftReport {
    /// It is on disk.
    Written,
    /// It was removed: nothing is unsaved.
    Removed,
    /// The directory was deleted while the endpoint was open, and was made anew: where it is.
    Remade(std::path::PathBuf),
    /// It could not be written or removed, in a sentence. The next note tries again.
    Failed(String),
    /// Another editor took over; nothing more is written for this one.
    TakenOver(Owner),
    /// The owner file is gone, in a sentence; nothing more is written until the endpoint is taken over.
    Gone(String),
}

/// What shall be on disk.
#[derive(Clone, Debug, Default)]
pub(super) enum WantedDraft {
    /// Nothing was noted yet: whatever is there stays.
    #[default]
    AsItIs,
    Draft(Arc<Unsaved>),
    NoDraft,
}

impl WantedDraft {
    /// Whether the other asks for the very same, as far as that can be told without comparing configurations.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Draft(a), Self::Draft(b)) => Arc::ptr_eq(a, b) || a.is_same(b),
            (Self::NoDraft, Self::NoDraft) | (Self::AsItIs, Self::AsItIs) => true,
            _ => false,
        }
    }
}

/// What there is to do, all of it cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct PendingWrites {
    /// Grows with every change, so that of two copies the newer one is known.
    version: u64,
    /// The right to write the draft of one endpoint; `None` where there is none.
    pub lock: Option<Arc<EditorLock>>,
    /// What shall be there.
    pub wanted: WantedDraft,
    /// Whether it is.
    pub settled: bool,
    /// Endpoints to be left: what is still to be written there, then the release.
    pub leaving: Vec<(Arc<EditorLock>, WantedDraft)>,
}

/// What the thread does next.
pub(super) enum Job {
    /// Writes the last of an endpoint and releases it.
    Leave(Arc<EditorLock>, WantedDraft),
    Write(Arc<EditorLock>, WantedDraft),
    Stop,
}

#[derive(Debug, Default)]
struct QueueState {
    pending: PendingWrites,
    /// Why there is no lock any more.
    loss: Option<LockLoss>,
    due: Option<Instant>,
    /// How many have asked for a flush, how many of them had their try, and how many were answered.
    asked: u64,
    tried: u64,
    served: u64,
    /// Something of an endpoint that was left could not be written.
    left_behind: bool,
    stop: bool,
    /// Another endpoint is kept from now on: what was told of the one before isn't known of it.
    is_other: bool,
    /// What the thread is writing.
    writing: Option<WriteUnderWay>,
}

/// A write that the disk has not answered yet.
#[derive(Clone, Debug)]
struct WriteUnderWay {
    since: Instant,
    /// The endpoint that is left with it; `None`: the one that is open.
    leaves: Option<String>,
    /// It was told that it takes too long.
    told: bool,
}

/// Why the lock of an endpoint was lost.
#[derive(Clone, Debug)]
enum LockLoss {
    TakenOver(Owner),
    Gone(std::path::PathBuf),
}

/// The pending writes, shared by those who note, the thread that writes, and a panic hook.
#[derive(Debug, Default)]
pub(super) struct DraftQueue {
    state: Mutex<QueueState>,
    /// What is pending once more under a lock of its own. No thread holds both: who panics while it holds one leaves
    /// the other to be read.
    copy: Mutex<PendingWrites>,
    bell: Condvar,
    done: Condvar,
    /// Rung when a write begins, and at the end.
    watch: Condvar,
    /// In a panic nobody writes but the panic hook.
    closed: AtomicBool,
}

impl DraftQueue {
    /// From now on drafts go there. An earlier endpoint gets what was noted for it and is released.
    pub fn own(&self, editor_lock: EditorLock) {
        self.change(|state| {
            let wanted = std::mem::take(&mut state.pending.wanted);
            if state.pending.lock.is_some() {
                state.leave(wanted);
            }
            state.begin();
            state.is_other = true;
            state.pending.lock = Some(Arc::new(editor_lock));
        });
    }

    /// What is noted is to be written, then the endpoint released.
    pub fn disown(&self) {
        self.change(|state| {
            let wanted = std::mem::take(&mut state.pending.wanted);
            state.leave(wanted);
            state.begin();
        });
    }

    /// What shall be on disk from now on. Nothing where nothing was noted before: then a draft of an earlier run stays,
    /// unless it is meant `also_earlier`.
    pub fn note(&self, wanted: WantedDraft, also_earlier: bool) {
        self.change(|state| {
            // A draft of one endpoint never goes into the file of another.
            if let (Some(lock), WantedDraft::Draft(unsaved)) = (&state.pending.lock, &wanted)
                && lock.files().endpoint() != unsaved.edited.id
            {
                return WantedDraft::AsItIs;
            }
            let old = &state.pending.wanted;
            let nothing_yet = matches!((old, &wanted), (WantedDraft::AsItIs, WantedDraft::NoDraft)) && !also_earlier;
            if nothing_yet || (state.pending.settled && old.is_same(&wanted)) {
                return WantedDraft::AsItIs;
            }
            state.pending.settled = false;
            if state.pending.lock.is_some() {
                state.due.get_or_insert_with(|| Instant::now() + DELAY);
            }
            // The old one may be large: it is dropped outside of the lock.
            std::mem::replace(&mut state.pending.wanted, wanted)
        });
    }

    /// The lock of the endpoint; `None`: it never had one.
    ///
    /// # Errors
    /// It was taken over, or is gone.
    pub fn lock(&self) -> Result<Option<Arc<EditorLock>>, EditorLockError> {
        let state = self.state();
        match &state.loss {
            Some(LockLoss::TakenOver(owner)) => Err(EditorLockError::TakenOver(owner.clone())),
            Some(LockLoss::Gone(path)) => Err(EditorLockError::Gone { path: path.clone() }),
            None => Ok(state.pending.lock.clone()),
        }
    }

    /// Writes what is noted now, and waits for the disk so long: whether all of it is there. `None` when the thread
    /// didn't answer in time.
    pub fn flush(&self, patience: Duration) -> Option<bool> {
        let mut state = self.state();
        state.asked += 1;
        let ticket = state.asked;
        self.bell.notify_one();
        let waited = self
            .done
            .wait_timeout_while(state, patience, |state| state.served < ticket);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.served < ticket {
            return None;
        }
        let kept = state.all_kept();
        state.left_behind = false;
        Some(kept)
    }

    /// The thread ends once all that is asked for was tried.
    pub fn stop(&self) {
        self.change(|state| state.stop = true);
        self.watch.notify_all();
    }

    /// Waits until a write takes too long, and tells that once of each; `None`: there will be no more. While nothing is
    /// written it sleeps without a timer.
    pub fn next_stuck(&self) -> Option<DraftReport> {
        let mut state = self.state();
        loop {
            if state.stop || !self.is_open() {
                return None;
            }
            let left = match &mut state.writing {
                Some(writing) if !writing.told => {
                    let left = WRITE_PATIENCE.saturating_sub(writing.since.elapsed());
                    if left.is_zero() {
                        writing.told = true;
                        return Some(DraftReport::Failed(match &writing.leaves {
                            Some(endpoint) => {
                                format!(
                                    "the last edits of {endpoint} are not in its draft so far: the disk does not answer"
                                )
                            }
                            None => "the disk does not answer".to_owned(),
                        }));
                    }
                    Some(left)
                }
                _ => None,
            };
            state = match left {
                Some(left) => {
                    let waited = self.watch.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.watch.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// A write begins.
    fn begin_write(&self, state: &mut QueueState, leaves: Option<&EditorLock>) {
        state.writing = Some(WriteUnderWay {
            since: Instant::now(),
            leaves: leaves.map(|lock| lock.files().endpoint().to_owned()),
            told: false,
        });
        self.watch.notify_all();
    }

    /// From now on the thread writes nothing. False: that was so before.
    pub fn close(&self) -> bool {
        !self.closed.swap(true, Ordering::SeqCst)
    }

    /// Whether the thread may write.
    pub fn is_open(&self) -> bool {
        !self.closed.load(Ordering::SeqCst)
    }

    /// The newest pending writes that can be had so soon: from the one lock or from the other.
    pub fn pending_now(&self, patience: Duration) -> Option<PendingWrites> {
        let start = Instant::now();
        loop {
            if let Some(state) = unblocked(self.state.try_lock()) {
                return Some(state.pending.clone());
            }
            if start.elapsed() >= patience {
                return unblocked(self.copy.try_lock()).map(|copy| copy.clone());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Whether another endpoint is kept since that was asked last.
    pub fn is_other(&self) -> bool {
        std::mem::take(&mut self.state().is_other)
    }

    /// Waits until there is something to do. Answers flushes once all that they ask for was tried.
    pub fn next_job(&self) -> Job {
        let mut state = self.state();
        loop {
            if !self.is_open() {
                return Job::Stop;
            }
            state.writing = None;
            if let Some((lock, wanted)) = state.pending.leaving.first() {
                let (lock, wanted) = (Arc::clone(lock), wanted.clone());
                // Where there is nothing to write, nothing is missing on disk.
                if !matches!(wanted, WantedDraft::AsItIs) {
                    self.begin_write(&mut state, Some(&lock));
                }
                return Job::Leave(lock, wanted);
            }
            let now = Instant::now();
            // A flush gets one try, also after a failure; what was noted since has its own time.
            let asked_for = state.due.is_some_and(|due| due <= now) || state.asked > state.tried;
            let unsettled = !state.pending.settled && !matches!(state.pending.wanted, WantedDraft::AsItIs);
            if let (true, true, Some(lock)) = (asked_for, unsettled, state.pending.lock.clone()) {
                state.due = None;
                state.tried = state.asked;
                self.begin_write(&mut state, None);
                return Job::Write(lock, state.pending.wanted.clone());
            }
            if state.asked > state.served {
                state.tried = state.asked;
                state.served = state.asked;
                self.done.notify_all();
            }
            if state.stop {
                return Job::Stop;
            }
            state = match state.due {
                Some(due) => {
                    let waited = self.bell.wait_timeout(state, due.saturating_duration_since(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.bell.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// The first endpoint that was to be left is left; `failed`: something of it could not be written.
    pub fn left(&self, failed: bool) {
        self.change(|state| {
            state.left_behind |= failed;
            state.pending.leaving.remove(0)
        });
    }

    /// What came of a write becomes what is known, and what is to be told.
    pub fn settle(
        &self,
        lock: &Arc<EditorLock>,
        wanted: &WantedDraft,
        outcome: Result<Option<DraftReport>, EditorLockError>,
    ) -> Option<DraftReport> {
        self.change(|state| state.settle(lock, wanted, outcome))
    }

    /// Holds the state's lock, as a thread does that panics in the middle of a change.
    #[cfg(test)]
    pub fn hold_state(&self) -> impl Sized + '_ {
        self.state.lock()
    }

    /// The same with the lock of the copy.
    #[cfg(test)]
    pub fn hold_copy(&self) -> impl Sized + '_ {
        self.copy.lock()
    }

    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, copies what is pending, and wakes the thread. What the change gives is dropped outside of
    /// every lock.
    fn change<T>(&self, change: impl FnOnce(&mut QueueState) -> T) -> T {
        let (given, pending) = {
            let mut state = self.state();
            let given = change(&mut state);
            state.pending.version += 1;
            self.bell.notify_one();
            (given, state.pending.clone())
        };
        let mut copy = self.copy.lock().unwrap_or_else(PoisonError::into_inner);
        let old = (pending.version > copy.version).then(|| std::mem::replace(&mut *copy, pending));
        drop(copy);
        drop(old);
        given
    }
}

impl QueueState {
    /// Nothing is known and noted yet.
    fn begin(&mut self) {
        self.loss = None;
        self.due = None;
        self.pending.settled = true;
    }

    /// The endpoint is to be left once that was written.
    fn leave(&mut self, wanted: WantedDraft) {
        let wanted = if self.pending.settled {
            WantedDraft::AsItIs
        } else {
            wanted
        };
        match self.pending.lock.take() {
            Some(lock) => self.pending.leaving.push((lock, wanted)),
            None => self.left_behind |= matches!(wanted, WantedDraft::Draft(_)),
        }
    }

    fn settle(
        &mut self,
        lock: &Arc<EditorLock>,
        wanted: &WantedDraft,
        outcome: Result<Option<DraftReport>, EditorLockError>,
    ) -> Option<DraftReport> {
        let still_here = self.pending.lock.as_ref().is_some_and(|now| Arc::ptr_eq(now, lock));
        let (loss, kept) = match outcome {
            Ok(kept) => {
                self.pending.settled |= still_here && kept.is_some() && self.pending.wanted.is_same(wanted);
                // Something was noted meanwhile: a flush that waits wants that too.
                self.tried = if self.pending.settled { self.tried } else { self.served };
                return kept.filter(|_| still_here);
            }
            Err(EditorLockError::Io(error)) => return still_here.then(|| DraftReport::Failed(error.to_string())),
            Err(EditorLockError::TakenOver(owner)) => {
                (LockLoss::TakenOver(owner.clone()), DraftReport::TakenOver(owner))
            }
            Err(EditorLockError::Gone { path }) => {
                let told = EditorLockError::Gone { path: path.clone() }.to_string();
                (LockLoss::Gone(path), DraftReport::Gone(told))
            }
        };
        if !still_here {
            return None;
        }
        self.pending.lock = None;
        self.loss = Some(loss);
        self.due = None;
        Some(kept)
    }

    fn all_kept(&self) -> bool {
        let kept = self.pending.settled || matches!(self.pending.wanted, WantedDraft::AsItIs);
        let removed_nowhere = self.pending.lock.is_none() && matches!(self.pending.wanted, WantedDraft::NoDraft);
        (kept || removed_nowhere) && self.pending.leaving.is_empty() && !self.left_behind
    }
}

fn unblocked<'a, T>(tried: TryLockResult<MutexGuard<'a, T>>) -> Option<MutexGuard<'a, T>> {
    match tried {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
