//! What the loop does with the files: editor locks, drafts, the history. Everything that waits for the disk runs on a
//! thread that may wait.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::config::StateDirs;
use crate::fs::{AtomicFile, create_dirs};
use crate::platform::DEMO;
use crate::secret::Secret;
use crate::store::{
    CrashWriter, Draft, DraftReport, DraftWriter, EditorLockAttempt, EditorLockError, FoundDraft, History,
    OtherKeyDraft, SendLog, StoreOverview,
};
use crate::text::capital;
use crate::tui::left_texts;
use crate::tui::model::{Discard, DraftState, KeptAside, Opened, SavedText};

/// How long leaving waits for the disk.
const PATIENCE: Duration = Duration::from_millis(500);

/// The files of one account, and the thread that writes drafts. Cheap to clone.
#[derive(Clone)]
pub struct FileStorage {
    send_log: SendLog,
    is_demo: bool,
    draft_writer: Arc<DraftWriter>,
    /// The number of the newest opening: what an older one finds comes too late.
    opening: Arc<Mutex<u64>>,
    /// The disk didn't answer before a send, and that was told.
    silent: Arc<AtomicBool>,
    /// Until when a send of somebody else may arrive, as it was told last.
    left_send: Arc<Mutex<Option<Timestamp>>>,
    /// The time of a send of this machine that isn't shown any more, as it was told last.
    own_send: Arc<Mutex<Option<String>>>,
    /// Directories of texts that are decided about, and that stay until what came of it is on disk.
    decided: Arc<Mutex<Vec<PathBuf>>>,
    /// What editors left was looked at.
    swept: Arc<Once>,
    /// The draft of another key that was offered for the endpoint that is open.
    offered: Offered,
}

/// A draft of another key that is offered. Once what came of it is on disk under this key, it is put aside.
#[derive(Clone, Default)]
struct Offered(Arc<Mutex<Option<(OtherKeyDraft, bool)>>>);

impl Offered {
    fn lock(&self) -> MutexGuard<'_, Option<(OtherKeyDraft, bool)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing of it is wanted: the next report that nothing is unsaved settles it.
    fn decide(&self) {
        if let Some((_, is_decided)) = &mut *self.lock() {
            *is_decided = true;
        }
    }

    /// Something is known of the draft under this key. Its own file has to be there: the report may be about another
    /// endpoint, left a moment ago.
    fn settle(&self, report: &DraftReport, send_log: &SendLog) {
        let settled = match (report, &*self.lock()) {
            (DraftReport::Written, Some((offered, _))) => send_log.look().is_ok_and(|store| {
                store
                    .endpoint_files(send_log.base_url(), offered.endpoint())
                    .draft_path()
                    .exists()
            }),
            (DraftReport::Removed, Some((_, is_decided))) => *is_decided,
            _ => false,
        };
        let offered = if settled { self.lock().take() } else { None };
        if let Some(Err(why)) = offered.map(|(offered, _)| offered.put_aside(&|| true)) {
            tracing::info!(why, "the draft of another key stays where it is");
        }
    }
}

impl FileStorage {
    /// For the files of what is sent to one API. Nothing is read or written yet.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(send_log: SendLog, report: impl Fn(DraftReport) + Send + 'static) -> io::Result<Self> {
        let offered = Offered::default();
        let (settled, settling) = (offered.clone(), send_log.clone());
        let report = move |kept: DraftReport| {
            settled.settle(&kept, &settling);
            report(kept);
        };
        Ok(Self {
            is_demo: send_log.base_url() == DEMO,
            send_log,
            offered,
            draft_writer: Arc::new(DraftWriter::start(report)?),
            opening: Arc::default(),
            silent: Arc::default(),
            left_send: Arc::default(),
            own_send: Arc::default(),
            decided: Arc::default(),
            swept: Arc::new(Once::new()),
        })
    }

    /// Where the files are; `None` without a home directory.
    pub fn dirs(&self) -> Option<&StateDirs> {
        self.send_log.dirs()
    }

    /// What is noted of sends.
    pub fn send_log(&self) -> &SendLog {
        &self.send_log
    }

    /// Whether it is the demo, each of which is a world of its own.
    pub fn is_demo(&self) -> bool {
        self.is_demo
    }

    /// The thread that writes drafts.
    pub fn draft_writer(&self) -> &DraftWriter {
        &self.draft_writer
    }

    /// What a panic hook takes along.
    pub fn crash_writer(&self) -> CrashWriter {
        self.draft_writer.crash_writer()
    }

    /// On the way out: everything noted is written and the endpoint given back, as far as the disk answers in time;
    /// whether it did.
    pub fn close(&self) -> bool {
        self.disown();
        self.draft_writer.flush(PATIENCE)
    }

    /// Looks at what editors left, once: whoever comes while that is being done waits for it. Waits for the disk.
    pub fn sweep(&self) {
        self.swept.call_once(|| left_texts::sweep_all(self.dirs()));
    }

    /// Texts that were saved in an editor are decided about: they aren't offered again once what came of it is on disk.
    pub fn decide(&self, dirs: Vec<PathBuf>) {
        self.all_decided().extend(dirs);
    }

    /// What came of those is on disk.
    pub fn forget_decided(&self) {
        // One that is decided about meanwhile waits for its own turn; twice is harmless.
        let dirs = self.all_decided().clone();
        dirs.iter().for_each(|dir| left_texts::decided(dir));
        self.all_decided().retain(|dir| !dirs.contains(dir));
    }

    fn all_decided(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.decided.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing is unsaved, and a draft of an earlier run isn't wanted either, of whatever key.
    pub fn discard_draft(&self) {
        self.offered.decide();
        self.draft_writer.discard();
    }

    /// Gives the endpoint back once what is noted is written. An opening under way finds itself too late.
    pub fn disown(&self) {
        let mut newest = self.newest();
        *newest += 1;
        self.draft_writer.disown();
    }

    /// Writes what is noted; whether that is on disk now. Waits for the disk.
    ///
    /// # Errors
    /// What became of the endpoint, when it is another editor's by now.
    pub fn flush(&self) -> Result<bool, DraftReport> {
        match self.draft_writer.holds() {
            Err(EditorLockError::TakenOver(owner)) => Err(DraftReport::TakenOver(owner)),
            Err(lost @ EditorLockError::Gone { .. }) => Err(DraftReport::Gone(lost.to_string())),
            Ok(()) | Err(EditorLockError::Io(_)) => Ok(self.draft_writer.flush(PATIENCE * 4)),
        }
    }

    /// A number for an opening that begins: earlier ones are too late from now on.
    pub fn next_opening(&self) -> u64 {
        let mut newest = self.newest();
        *newest += 1;
        *newest
    }

    /// This opening is no longer waited for.
    pub fn give_up(&self, number: u64) {
        let mut newest = self.newest();
        if *newest == number {
            *newest += 1;
        }
    }

    /// Whether it was told before that the disk doesn't answer.
    pub fn warned_of_silence(&self) -> bool {
        self.silent.swap(true, Ordering::Relaxed)
    }

    /// Whether it was told before that a send of somebody else may arrive until then.
    pub fn warned_of_left_send(&self, until: Timestamp) -> bool {
        let mut told = self.left_send.lock().unwrap_or_else(PoisonError::into_inner);
        told.replace(until) == Some(until)
    }

    /// That the send of this time isn't shown was told: the next save takes it as true.
    pub fn tells_own_send(&self, at: String) {
        *self.own_send.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// The time of the send of which that was told last.
    pub fn told_own_send(&self) -> Option<String> {
        self.own_send.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn newest(&self) -> MutexGuard<'_, u64> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a text that the terminal's clipboard doesn't take into a file that only its owner can read, in the place
    /// of the one before; where. Waits for the disk.
    ///
    /// # Errors
    /// Why not, as a part of a sentence.
    pub fn write_copy(&self, text: &Secret) -> Result<PathBuf, String> {
        let Some(dirs) = self.dirs() else {
            return Err("there is no home directory (HOME, XDG_STATE_HOME)".to_owned());
        };
        let path = dirs.copy();
        let written = create_dirs(dirs.root())
            .and_then(|()| AtomicFile::write(dirs.root(), text.reveal().as_bytes(), false)?.replace(&path));
        written.map_err(|error| format!("{} can't be written: {error}", path.display()))?;
        Ok(path)
    }

    /// Claims an endpoint, and finds out what there is about it; `None`: it is no longer waited for. Waits for the
    /// disk.
    pub fn open(&self, id: &str, take_over: bool, number: u64) -> Option<Opened> {
        // An endpoint that was left a moment ago may still be on its way out.
        self.draft_writer.flush(PATIENCE);
        let mut opened = Opened {
            now: Timestamp::now(),
            ..Opened::ours()
        };
        let store = match self.send_log.store() {
            Ok(store) => store,
            Err(why) => {
                opened.draft_state = DraftState::Nowhere(why);
                return Some(opened);
            }
        };
        // Only a convenience: where it can't be written, nothing is said.
        if let Err(error) = store.remember(id) {
            tracing::info!(%error, "what was opened isn't remembered");
        }
        let files = store.endpoint_files(self.send_log.base_url(), id);
        let attempt = if take_over {
            match files.take_over() {
                Ok(editor_lock) => Ok(EditorLockAttempt::Yours(editor_lock)),
                // It is the other's as before.
                Err(error) => {
                    opened.draft_state = DraftState::Theirs(format!("it could not be taken over: {error}"));
                    return Some(opened);
                }
            }
        } else {
            match files.try_editor_lock() {
                // This very process, by an earlier opening that was not left in order.
                Ok(EditorLockAttempt::Taken(owner)) if owner.is_this_process() => {
                    files.take_over().map(EditorLockAttempt::Yours)
                }
                attempt => attempt,
            }
        };
        let (mut ours, mut offered) = (None, None);
        match attempt {
            Ok(EditorLockAttempt::Yours(editor_lock)) => ours = Some(editor_lock),
            // Each demo is a world of its own: another one isn't in the way, it only has the drafts.
            Ok(EditorLockAttempt::Taken(owner)) if self.is_demo => {
                opened.draft_state =
                    DraftState::Nowhere(format!("another demo keeps its drafts there, {}", owner.in_words()));
                return Some(opened);
            }
            Ok(EditorLockAttempt::Taken(owner)) => {
                opened.draft_state = DraftState::Theirs(owner.in_words());
                return Some(opened);
            }
            Err(error) => opened.draft_state = DraftState::Nowhere(error.to_string()),
        }
        match files.read_draft() {
            Ok(FoundDraft::Nothing) if ours.is_some() && !self.is_demo => {
                if let Some(found) = store.draft_of_another_key(self.send_log.base_url(), id) {
                    offered = Some((OtherKeyDraft::of(&found), false));
                    opened.offer(found.1);
                }
            }
            Ok(FoundDraft::Nothing) => {}
            Ok(FoundDraft::Draft(draft)) => opened.draft = Some(draft),
            Ok(FoundDraft::SetAside { name, why }) => {
                // The file's name first: its directory may take more room than there is.
                let (file, dir) = (name.file_name().unwrap_or_default(), name.parent().unwrap_or(&name));
                let (file, dir) = (file.to_string_lossy(), dir.display());
                opened
                    .notes
                    .push(format!("The draft was set aside as {file}, for {why}. It is in {dir}."));
            }
            // Writing there would write over them.
            Err(error) => {
                ours = None;
                opened.draft_state = DraftState::Nowhere(format!("unsaved edits there can't be read: {error}"));
            }
        }
        // Not before the draft was read: from then on it may be written over.
        if let Some(editor_lock) = ours {
            let newest = self.newest();
            if *newest != number {
                drop(newest);
                // Dropping it gives the endpoint back.
                return None;
            }
            self.draft_writer.own(editor_lock);
            *self.offered.lock() = offered;
        }
        self.sweep();
        for left in left_texts::of(self.dirs(), self.send_log.account(), id) {
            opened.notes.extend(left.open);
            if !left.told.is_empty() {
                opened.notes.push(left.told.join(" "));
                opened.told.push(left.dir.clone());
            }
            if let Some((text, at)) = left.text {
                opened.texts.push(SavedText {
                    dir: left.dir,
                    text,
                    at,
                    base: left.base,
                    ..SavedText::of(left.what)
                });
            }
        }
        // Only told: where it can't be looked up, nothing is said.
        let newest = files.discarded().unwrap_or_default().into_iter().next();
        opened.discarded = newest.map(|one| KeptAside {
            at: one.at,
            until: one.until,
        });
        let history = files.history().map(|mut history| {
            opened.answers = std::mem::take(&mut history.answers);
            if !self.is_demo {
                opened.had_values = self.send_log.redactor().had_values(&history);
            }
            history
        });
        match history {
            // A demo begins anew each time: what it was sent before says nothing of what it holds now.
            Ok(_) if self.is_demo => {}
            Ok(history) => opened.last = history.records.into_iter().next().map(Box::new),
            Err(error) => opened.notes.push(format!("The history can't be read: {error}.")),
        }
        Some(opened)
    }

    /// Puts what is discarded aside, if that is `wanted` still when the disk has answered. Waits for the disk.
    ///
    /// # Errors
    /// Why it can't be, as the end of a sentence.
    pub fn put_aside(&self, what: &Discard, wanted: &dyn Fn() -> bool) -> Result<(), String> {
        match what {
            Discard::Draft => {
                let offered = self.offered.lock().take();
                let Some((other, is_decided)) = offered else {
                    return self
                        .draft_writer
                        .discard_earlier(wanted)
                        .map_err(|lost| lost.to_string());
                };
                let put = other.put_aside(wanted);
                if put.is_err() {
                    *self.offered.lock() = Some((other, is_decided));
                }
                put
            }
            Discard::Edits(_, unsaved) | Discard::Text(unsaved) => {
                let files = self.send_log.endpoint_files(&unsaved.edited.id)?;
                let written = files.write_discarded_if(unsaved, wanted);
                written.map_err(|error| error.to_string())
            }
        }
    }

    /// What was discarded of an endpoint and is still kept, the newest first. Waits for the disk.
    ///
    /// # Errors
    /// A sentence's end.
    pub fn discarded(&self, id: &str) -> Result<Vec<Draft>, String> {
        let discarded = self
            .send_log
            .endpoint_files(id)?
            .discarded()
            .map_err(|error| error.to_string())?;
        Ok(discarded.into_iter().map(|one| *one.draft).collect())
    }

    /// The ids opened before, the newest first; none where they can't be read. Waits for the disk.
    pub fn recent(&self) -> Vec<String> {
        let recent = self
            .send_log
            .store()
            .and_then(|store| store.recent().map_err(|error| error.to_string()));
        recent.unwrap_or_else(|why| {
            tracing::info!(why, "what was opened before isn't known");
            Vec::new()
        })
    }

    /// Which endpoints have a draft or another editor; none where that can't be found out. Waits for the disk.
    pub fn overview(&self) -> StoreOverview {
        // What was left a moment ago may still be on its way: its draft written or removed, its endpoint given back.
        self.draft_writer.flush(PATIENCE);
        let overview = self.send_log.store().and_then(|store| {
            let others = match self.is_demo {
                true => Vec::new(),
                false => store.drafts_of_other_keys(self.send_log.base_url()),
            };
            let overview = store.overview().map_err(|error| error.to_string())?;
            Ok(overview.with_drafts(others.iter().map(|(files, _)| files.endpoint())))
        });
        overview.unwrap_or_else(|why| {
            tracing::info!(why, "what waits on the shelves isn't known");
            StoreOverview::default()
        })
    }

    /// What was sent before. Waits for the disk.
    ///
    /// # Errors
    /// A sentence.
    pub fn history(&self, id: &str) -> Result<History, String> {
        self.send_log.history(id)
    }

    /// The last word before a send: whether the endpoint is still this editor's, else a sentence. Waits for the disk.
    ///
    /// # Errors
    /// The sentence that says why nothing may be sent, and what became of the endpoint.
    pub fn may_send(&self) -> Result<(), (DraftReport, String)> {
        match self.draft_writer.holds() {
            Ok(()) => Ok(()),
            Err(EditorLockError::TakenOver(owner)) => {
                let who = capital(&owner.in_words());
                let why = format!("{who} took this endpoint over, so this editor sends nothing.");
                Err((DraftReport::TakenOver(owner), why))
            }
            Err(lost @ EditorLockError::Gone { .. }) => Err((DraftReport::Gone(lost.to_string()), format!("{lost}."))),
            // A disk that fails now was good enough before; nobody is known to have taken over.
            Err(EditorLockError::Io(error)) => {
                tracing::warn!(%error, "whose the endpoint is could not be looked up before a send");
                Ok(())
            }
        }
    }
}
