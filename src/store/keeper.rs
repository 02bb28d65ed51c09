//! The thread that writes drafts, so that a keystroke never waits for the disk.
//!
//! What is to be kept lies on a desk; the thread takes it from there 200 ms after the first change and writes it without
//! holding any lock that a keystroke takes. While nothing is unsaved the thread sleeps without a timer.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::draft::Unsaved;
use super::emergency::Emergency;
use super::owner::Owner;
use super::ownership::{Lost, Ownership};

/// From the first note that isn't written to the write; with the write it stays below the promised 500 ms.
const DELAY: Duration = Duration::from_millis(200);
/// How long dropping a [`Keeper`] waits for a disk that doesn't answer.
const LAST_PATIENCE: Duration = Duration::from_millis(500);

/// What became of a draft. Told when it is another answer than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is on disk.
    Written,
    /// It was removed: nothing is unsaved.
    Removed,
    /// It could not be written or removed, in a sentence. The next note tries again.
    Failed(String),
    /// Another editor took over; nothing more is written for this one.
    TakenOver(Owner),
    /// The owner file is gone, in a sentence; nothing more is written until the endpoint is taken over.
    Gone(String),
}

/// What shall be on disk.
#[derive(Clone, Debug, Default)]
pub(super) enum Wish {
    /// Nothing was noted yet: whatever is there stays.
    #[default]
    AsItIs,
    Keep(Arc<Unsaved>),
    Remove,
}

impl Wish {
    /// Whether the other asks for the very same, as far as that can be told without comparing configurations.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Keep(a), Self::Keep(b)) => Arc::ptr_eq(a, b) || a.is_same(b),
            (Self::Remove, Self::Remove) | (Self::AsItIs, Self::AsItIs) => true,
            _ => false,
        }
    }
}

/// What there is to do, all of it cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    /// Grows with every change, so that of two copies the newer one is known.
    pub version: u64,
    pub home: Option<Arc<Ownership>>,
    pub wish: Wish,
    /// Whether the wish came true.
    pub settled: bool,
    /// Homes to be left: what is still to be written there, then the release.
    pub left: Vec<(Arc<Ownership>, Wish)>,
}

#[derive(Debug, Default)]
struct State {
    desk: Desk,
    /// Why there is no home any more.
    lost: Option<Loss>,
    due: Option<Instant>,
    /// How many have asked for a flush, how many of them had their try, and how many were answered.
    asked: u64,
    tried: u64,
    served: u64,
    /// Something of a left home could not be written.
    left_behind: bool,
    stop: bool,
    /// Another endpoint is kept from now on: what was told of the one before isn't known of it.
    fresh_home: bool,
}

#[derive(Clone, Debug)]
enum Loss {
    TakenOver(Owner),
    Gone(std::path::PathBuf),
}

#[derive(Debug, Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    /// The desk once more under a lock of its own. No thread holds both: who panics while it holds one leaves the other to be
    /// read in an emergency.
    copy: Mutex<Desk>,
    bell: Condvar,
    done: Condvar,
    /// In an emergency nobody writes but the emergency.
    pub closed: AtomicBool,
}

/// Writes the draft of one endpoint at a time. Every method but [`flush`](Self::flush) and [`holds`](Self::holds) returns
/// at once. Dropping it writes what is noted, waiting half a second at most, and releases the endpoint.
#[derive(Debug)]
pub struct Keeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread. `report` is called on it, with each answer that differs from the one before.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(report: impl Fn(Kept) + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let worker = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("drafts".to_owned())
            .spawn(move || work(&worker, &report))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// From now on drafts go there. An earlier endpoint gets what was noted for it and is released. Nothing that was noted while
    /// the endpoint was another's is written by that: its draft may be somebody's.
    pub fn own(&self, ownership: Ownership) {
        self.shared.change(|state| {
            let wish = std::mem::take(&mut state.desk.wish);
            if state.desk.home.is_some() {
                state.leave(wish);
            }
            state.lost = None;
            state.due = None;
            state.desk.settled = true;
            state.fresh_home = true;
            state.desk.home = Some(Arc::new(ownership));
        });
    }

    /// What is unsaved now, or that nothing is. Written at most 200 ms after the first note that wasn't; never waits for the disk.
    ///
    /// `None` removes a draft that was noted here. A draft of an earlier run stays as long as nothing was noted: nobody may
    /// have decided about it yet; [`discard`](Self::discard) removes it.
    pub fn note(&self, unsaved: Option<Unsaved>) {
        let wish = unsaved.map_or(Wish::Remove, |unsaved| Wish::Keep(Arc::new(unsaved)));
        self.wish(wish, false);
    }

    /// Nothing is unsaved, and a draft of an earlier run isn't wanted either.
    pub fn discard(&self) {
        self.wish(Wish::Remove, true);
    }

    fn wish(&self, wish: Wish, also_earlier: bool) {
        self.shared.change(|state| {
            // A draft of one endpoint never goes into the file of another.
            if let (Some(home), Wish::Keep(unsaved)) = (&state.desk.home, &wish)
                && home.shelf().endpoint() != unsaved.edited.id
            {
                return Wish::AsItIs;
            }
            let old = &state.desk.wish;
            let nothing_yet = matches!((old, &wish), (Wish::AsItIs, Wish::Remove)) && !also_earlier;
            if nothing_yet || (state.desk.settled && old.is_same(&wish)) {
                return Wish::AsItIs;
            }
            state.desk.settled = false;
            if state.desk.home.is_some() {
                state.due.get_or_insert_with(|| Instant::now() + DELAY);
            }
            // The old one may be large: it is dropped outside of the lock.
            std::mem::replace(&mut state.desk.wish, wish)
        });
    }

    /// Puts the draft of an earlier run aside, as one that was discarded, if that is `wanted` still when the disk has
    /// answered: later the draft may be this session's own. Waits for the disk.
    ///
    /// # Errors
    /// Taken over, gone, or not put aside; then the draft is where it was.
    pub fn discard_earlier(&self, wanted: &dyn Fn() -> bool) -> Result<(), Lost> {
        self.holds()?;
        let home = self.shared.lock().desk.home.clone();
        home.map_or(Ok(()), |home| home.discard_draft_if(wanted))
    }

    /// Whether the endpoint is still this editor's. To be asked before a send, on a thread that may wait for the disk.
    ///
    /// Without an ownership there is nothing to be lost: where none could be had, say on a read-only disk, that is no reason
    /// not to send.
    ///
    /// # Errors
    /// Taken over, gone, or not to be found out.
    pub fn holds(&self) -> Result<(), Lost> {
        let home = {
            let state = self.shared.lock();
            match &state.lost {
                Some(Loss::TakenOver(owner)) => return Err(Lost::TakenOver(owner.clone())),
                Some(Loss::Gone(path)) => return Err(Lost::Gone { path: path.clone() }),
                None => state.desk.home.clone(),
            }
        };
        home.map_or(Ok(()), |home| home.holds())
    }

    /// Writes what is noted now, and waits for the disk so long. True: everything that was noted is on disk, and endpoints that
    /// were left are released.
    pub fn flush(&self, patience: Duration) -> bool {
        self.shared.flush(patience).unwrap_or(false)
    }

    /// Writes what is noted, then releases the endpoint; the draft stays. Does not wait: [`flush`](Self::flush) does, and has to
    /// come before the same process claims the endpoint again.
    pub fn disown(&self) {
        self.shared.change(|state| {
            let wish = std::mem::take(&mut state.desk.wish);
            state.leave(wish);
            state.lost = None;
            state.due = None;
            state.desk.settled = true;
        });
    }

    /// What a panic hook takes along.
    pub fn emergency(&self) -> Emergency {
        Emergency::new(Arc::clone(&self.shared))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.disown();
        let answered = self.shared.flush(LAST_PATIENCE).is_some();
        self.shared.change(|state| state.stop = true);
        // A thread that hangs in a write isn't waited for: it ends with the process.
        if let Some(thread) = self.thread.take().filter(|_| answered) {
            let _ = thread.join();
        }
    }
}

impl State {
    /// The home is to be left once that was written.
    fn leave(&mut self, wish: Wish) {
        let wish = if self.desk.settled { Wish::AsItIs } else { wish };
        match self.desk.home.take() {
            Some(home) => self.desk.left.push((home, wish)),
            None => self.left_behind |= matches!(wish, Wish::Keep(_)),
        }
    }

    /// What came of a write becomes what is known, and what is to be told.
    fn settle(&mut self, home: &Arc<Ownership>, wish: &Wish, outcome: Result<Option<Kept>, Lost>) -> Option<Kept> {
        let still_home = self.desk.home.as_ref().is_some_and(|now| Arc::ptr_eq(now, home));
        let (loss, kept) = match outcome {
            Ok(kept) => {
                self.desk.settled |= still_home && kept.is_some() && self.desk.wish.is_same(wish);
                // Something was noted meanwhile: a flush that waits wants that too.
                self.tried = if self.desk.settled { self.tried } else { self.served };
                return kept.filter(|_| still_home);
            }
            Err(Lost::Io(error)) => return still_home.then(|| Kept::Failed(error.to_string())),
            Err(Lost::TakenOver(owner)) => (Loss::TakenOver(owner.clone()), Kept::TakenOver(owner)),
            Err(Lost::Gone { path }) => {
                let told = Lost::Gone { path: path.clone() }.to_string();
                (Loss::Gone(path), Kept::Gone(told))
            }
        };
        if !still_home {
            return None;
        }
        self.desk.home = None;
        self.lost = Some(loss);
        self.due = None;
        Some(kept)
    }

    fn all_kept(&self) -> bool {
        let kept = self.desk.settled || matches!(self.desk.wish, Wish::AsItIs);
        let removed_nowhere = self.desk.home.is_none() && matches!(self.desk.wish, Wish::Remove);
        (kept || removed_nowhere) && self.desk.left.is_empty() && !self.left_behind
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, copies the desk, and wakes the thread. What the change gives is dropped outside of every lock.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (given, desk) = {
            let mut state = self.lock();
            let given = change(&mut state);
            state.desk.version += 1;
            self.bell.notify_one();
            (given, state.desk.clone())
        };
        let mut copy = self.copy.lock().unwrap_or_else(PoisonError::into_inner);
        let old = (desk.version > copy.version).then(|| std::mem::replace(&mut *copy, desk));
        drop(copy);
        drop(old);
        given
    }

    /// The newest desk that can be had so soon: from the one lock or from the other.
    pub fn desk_now(&self, patience: Duration) -> Option<Desk> {
        let start = Instant::now();
        loop {
            if let Some(state) = unblocked(self.state.try_lock()) {
                return Some(state.desk.clone());
            }
            if start.elapsed() >= patience {
                return unblocked(self.copy.try_lock()).map(|copy| copy.clone());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// `None` when the thread didn't answer in time.
    fn flush(&self, patience: Duration) -> Option<bool> {
        let mut state = self.lock();
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

    fn is_open(&self) -> bool {
        !self.closed.load(Ordering::SeqCst)
    }

    /// `None` when there was nothing to do, or an emergency came first.
    fn carry_out(&self, home: &Ownership, wish: &Wish) -> Result<Option<Kept>, Lost> {
        let wanted = || self.is_open();
        let (done, kept) = match wish {
            Wish::AsItIs => return Ok(None),
            Wish::Keep(unsaved) => (home.write_draft_if(unsaved, &wanted)?, Kept::Written),
            Wish::Remove => (home.remove_draft_if(&wanted)?, Kept::Removed),
        };
        Ok(done.then_some(kept))
    }
}

fn unblocked<'a, T>(tried: std::sync::TryLockResult<MutexGuard<'a, T>>) -> Option<MutexGuard<'a, T>> {
    match tried {
        Ok(guard) => Some(guard),
        Err(std::sync::TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
        Err(std::sync::TryLockError::WouldBlock) => None,
    }
}

/// What the thread does next.
enum Job {
    /// Writes the last wish of a home and releases it.
    Leave(Arc<Ownership>, Wish),
    Write(Arc<Ownership>, Wish),
    Stop,
}

fn work(shared: &Shared, report: &dyn Fn(Kept)) {
    let mut last = None;
    let mut tell = |kept: Kept| {
        if std::mem::take(&mut shared.lock().fresh_home) {
            last = None;
        }
        if shared.is_open() && last.as_ref() != Some(&kept) {
            last = Some(kept.clone());
            report(kept);
        }
    };
    loop {
        match next_job(shared) {
            Job::Stop => return,
            Job::Leave(home, wish) => {
                let outcome = shared.carry_out(&home, &wish);
                home.release_now();
                let failed = outcome.is_err();
                if let Err(lost) = outcome {
                    // Another endpoint may be on the screen by now: the sentence names this one.
                    let endpoint = home.shelf().endpoint();
                    tell(Kept::Failed(format!(
                        "the last edits of {endpoint} are not in its draft: {lost}"
                    )));
                }
                shared.change(|state| {
                    state.left_behind |= failed;
                    state.desk.left.remove(0)
                });
            }
            Job::Write(home, wish) => {
                let outcome = shared.carry_out(&home, &wish);
                if matches!(outcome, Err(Lost::TakenOver(_) | Lost::Gone { .. })) {
                    // Here, so that whoever drops the last reference need not look at the disk.
                    home.release_now();
                }
                let answer = shared.change(|state| state.settle(&home, &wish, outcome));
                answer.map(&mut tell);
            }
        }
    }
}

/// Waits until there is something to do. Answers flushes once all that they ask for was tried.
fn next_job(shared: &Shared) -> Job {
    let mut state = shared.lock();
    loop {
        if !shared.is_open() {
            return Job::Stop;
        }
        if let Some((home, wish)) = state.desk.left.first() {
            return Job::Leave(Arc::clone(home), wish.clone());
        }
        let now = Instant::now();
        // A flush gets one try, also after a failure; what was noted since has its own time.
        let asked_for = state.due.is_some_and(|due| due <= now) || state.asked > state.tried;
        let unsettled = !state.desk.settled && !matches!(state.desk.wish, Wish::AsItIs);
        if let (true, true, Some(home)) = (asked_for, unsettled, state.desk.home.clone()) {
            state.due = None;
            state.tried = state.asked;
            return Job::Write(home, state.desk.wish.clone());
        }
        if state.asked > state.served {
            state.tried = state.asked;
            state.served = state.asked;
            shared.done.notify_all();
        }
        if state.stop {
            return Job::Stop;
        }
        state = match state.due {
            Some(due) => {
                let waited = shared.bell.wait_timeout(state, due.saturating_duration_since(now));
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => shared.bell.wait(state).unwrap_or_else(PoisonError::into_inner),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, StateDirs};
    use crate::endpoint::EndpointConfig;
    use crate::secret::Secret;
    use crate::store::{Account, Claim, Found, Shelf, Snapshot, Store};

    fn noted() -> (tempfile::TempDir, Shelf, Keeper) {
        let home = tempfile::tempdir().unwrap();
        let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
        let account = Account::new("https://api.test", &Secret::new("sk_hidden"));
        let store = Store::open(&StateDirs::find(&env).unwrap(), &account).unwrap();
        let shelf = store.shelf("https://api.test", "ep");
        let Claim::Yours(ownership) = shelf.claim().unwrap() else {
            panic!("taken");
        };
        let keeper = Keeper::start(|_| {}).unwrap();
        keeper.own(ownership);
        let config = EndpointConfig {
            id: "ep".into(),
            ..EndpointConfig::default()
        };
        keeper.note(Some(Unsaved {
            loaded: Arc::new(Snapshot {
                config: config.clone(),
                has_health_check: false,
            }),
            edited: Arc::new(config),
            typing: None,
            sent: None,
            unread: Vec::new(),
        }));
        (home, shelf, keeper)
    }

    /// Runs the emergency on a thread that panics with `hold` in its hands, as a panic hook does: before anything is unwound.
    fn emergency_of_a_panicking_thread<G>(keeper: &Keeper, hold: impl FnOnce() -> G + Send) -> Duration {
        struct Hook(Emergency, Instant, std::sync::mpsc::Sender<Duration>);
        impl Drop for Hook {
            // Dropped before what the thread holds, since it came later.
            fn drop(&mut self) {
                self.0.run();
                let _ = self.2.send(self.1.elapsed());
            }
        }
        let (tell, told) = std::sync::mpsc::channel();
        let emergency = keeper.emergency();
        thread::scope(|scope| {
            let thread = scope.spawn(move || {
                let _held = hold();
                let _hook = Hook(emergency, Instant::now(), tell);
                panic!("on purpose");
            });
            assert!(thread.join().is_err());
        });
        told.recv().unwrap()
    }

    #[test]
    fn an_emergency_writes_also_when_the_panicking_thread_holds_the_note_lock() {
        let (_home, shelf, keeper) = noted();
        let took = emergency_of_a_panicking_thread(&keeper, || keeper.shared.state.lock());
        assert!(took < Duration::from_millis(700), "{took:?}");
        assert!(matches!(shelf.read_draft().unwrap(), Found::Draft(_)));
        assert!(!shelf.owner_path().exists());
    }

    #[test]
    fn an_emergency_writes_also_when_the_panicking_thread_holds_the_copys_lock() {
        let (_home, shelf, keeper) = noted();
        let took = emergency_of_a_panicking_thread(&keeper, || keeper.shared.copy.lock());
        assert!(took < Duration::from_millis(700), "{took:?}");
        assert!(matches!(shelf.read_draft().unwrap(), Found::Draft(_)));
        assert!(!shelf.owner_path().exists());
    }
}
