//! The loop's effects: each is started here, and what comes of it comes back as an event.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::asking::stop;
use super::env_file;
use super::{App, MASK_AFTER, Outside};
use crate::exit_code::Exit;
use crate::session::{DISK_PATIENCE, on_a_thread_that_may_wait};
use crate::terminal::TerminalScreen;
use crate::tui::dispatch::update;
use crate::tui::event::{Effect, Event};
use crate::tui::left_texts;
use crate::tui::model::{Discard, DraftState, Leaving, Opened};

/// How long an endpoint waits for what is on disk about it. Then its form says that nothing is kept, which is to be
/// seen within 2 s.
const OPENING_PATIENCE: Duration = Duration::from_millis(1800);

impl App {
    pub(super) fn run_effects(&mut self, effects: Vec<Effect>) -> io::Result<Option<Exit>> {
        for effect in effects {
            match effect {
                Effect::Quit => {
                    self.note();
                    return Ok(Some(Exit::Done));
                }
                // A question that leaves has noted what is to stay.
                Effect::Disown => self.storage.disown(),
                Effect::FlushDraft(leaving) => {
                    self.note();
                    self.flush_draft(leaving);
                }
                Effect::SavedDecided(dirs) => {
                    self.note();
                    let storage = self.storage.clone();
                    // Whoever quits now doesn't wait for the thread: then they go after the last write.
                    storage.decide(dirs);
                    // What was taken is on disk before it goes here.
                    self.on_disk(move || {
                        if storage.flush() == Ok(true) {
                            storage.forget_decided();
                        }
                        None
                    });
                }
                Effect::LeftTold(dirs) => self.on_disk(move || {
                    dirs.iter().for_each(|dir| left_texts::told(dir));
                    None
                }),
                Effect::Discard(what) => self.discard(what),
                Effect::LoadDiscarded(id) => {
                    let storage = self.storage.clone();
                    self.on_disk(move || {
                        let read = storage.discarded(&id);
                        Some(Event::DiscardedRead(id, read))
                    });
                }
                Effect::DiscardDraft => self.storage.discard_draft(),
                Effect::OpenEndpoint(id) => self.open_endpoint(id, false),
                Effect::TakeOver(id) => self.open_endpoint(id, true),
                Effect::LoadRecent => {
                    let storage = self.storage.clone();
                    self.on_disk(move || Some(Event::Recent(storage.recent())));
                }
                Effect::LoadOverview => {
                    let storage = self.storage.clone();
                    self.on_disk(move || Some(Event::StoreOverview(storage.overview())));
                }
                Effect::LoadHistory(id) => {
                    let storage = self.storage.clone();
                    self.on_disk(move || {
                        let read = storage.history(&id);
                        Some(Event::HistoryRead(id, read))
                    });
                }
                Effect::RecordOutcome(sent, outcome) => {
                    let storage = self.storage.clone();
                    self.on_disk(move || {
                        storage
                            .send_log()
                            .record_outcome(None, &sent, *outcome)
                            .err()
                            .map(Event::NotRecorded)
                    });
                }
                Effect::RecordAnswers(id, answers) => {
                    let send_log = self.storage.send_log().clone();
                    self.on_disk(move || {
                        let mut recorded = answers.iter().map(|answer| send_log.record_answer(&id, answer));
                        let why = recorded.find_map(Result::err)?;
                        Some(Event::NotRecorded(format!("The answer is not kept: {why}.")))
                    });
                }
                Effect::Redraw => {
                    let size = self.screen.redraw()?;
                    update(&mut self.model, Event::Resize(size));
                }
                Effect::Suspend => {
                    let size = self.suspend(TerminalScreen::suspend)?;
                    update(&mut self.model, Event::Resize(size));
                }
                Effect::RunEditor(target, text) => self.prepare_editor(target, text),
                Effect::ReadFile(path) => self.on_disk(move || {
                    let read = env_file::read(&path);
                    Some(Event::FileRead(path, read))
                }),
                Effect::WriteFile(path, text, over) => self.on_disk(move || {
                    let written = env_file::write(&path, &text, over);
                    Some(Event::FileWritten(path, written))
                }),
                Effect::Copy { what, text } => {
                    let copied = self
                        .screen
                        .copy_osc52(text.reveal().as_bytes())
                        .map_err(|error| error.to_string());
                    update(&mut self.model, Event::Copied(what, copied));
                }
                Effect::CopyToFile(text) => {
                    let storage = self.storage.clone();
                    self.on_disk(move || Some(Event::CopyWritten(storage.write_copy(&text))));
                }
                Effect::Mouse(on) => self.screen.set_mouse(on),
                Effect::WatchIdle(on) => self.mask_at = on.then(|| Instant::now() + MASK_AFTER),
                Effect::CancelSave => stop(&mut self.save),
                Effect::CancelRead => stop(&mut self.read),
                effect => self.ask(effect),
            }
        }
        Ok(None)
    }

    fn open_endpoint(&self, id: String, take_over: bool) {
        let (storage, events) = (self.storage.clone(), self.events.clone());
        let number = storage.next_opening();
        tokio::spawn(async move {
            let (asked, opener) = (id.clone(), storage.clone());
            let open = on_a_thread_that_may_wait(move || opener.open(&asked, take_over, number));
            let opened = match tokio::time::timeout(OPENING_PATIENCE, open).await {
                Ok(Some(opened)) => opened,
                Ok(None) => return,
                Err(_) => {
                    // What it finds later comes too late: the endpoint is given back at once then.
                    storage.give_up(number);
                    let draft_state = if take_over {
                        DraftState::Theirs("it could not be taken over: the disk does not answer".to_owned())
                    } else {
                        DraftState::Nowhere("the disk does not answer".to_owned())
                    };
                    Opened {
                        draft_state,
                        ..Opened::ours()
                    }
                }
            };
            let _ = events.send(Outside::Event(Event::Opened(id, Box::new(opened))));
        });
    }

    /// Writes the draft before a form is left. A disk that doesn't answer keeps nobody waiting: the form stays.
    fn flush_draft(&self, leaving: Leaving) {
        let (storage, events) = (self.storage.clone(), self.events.clone());
        tokio::spawn(async move {
            let flushed = on_a_thread_that_may_wait(move || storage.flush());
            let event = match tokio::time::timeout(DISK_PATIENCE, flushed).await {
                Ok(Ok(written)) => Event::Flushed(written, leaving),
                Ok(Err(lost)) => Event::Kept(lost),
                Err(_) => Event::Flushed(false, leaving),
            };
            let _ = events.send(Outside::Event(event));
        });
    }

    /// Puts something aside, on the time that a disk has to answer: whoever waits is in front of a question.
    fn discard(&self, what: Discard) {
        let (storage, events) = (self.storage.clone(), self.events.clone());
        tokio::spawn(async move {
            let what = Arc::new(what);
            let asked = Arc::clone(&what);
            let wanted = Arc::new(AtomicBool::new(true));
            let still = Arc::clone(&wanted);
            let put = on_a_thread_that_may_wait(move || storage.put_aside(&asked, &|| still.load(Ordering::SeqCst)));
            let put = tokio::time::timeout(DISK_PATIENCE, put).await;
            let put = put.unwrap_or_else(|_| {
                // What the thread would do later it would do to something else.
                wanted.store(false, Ordering::SeqCst);
                Err("the disk does not answer".to_owned())
            });
            let _ = events.send(Outside::Event(Event::Discarded(what, put)));
        });
    }

    /// Does something that may wait for the disk; what comes of it is an event.
    pub(super) fn on_disk(&self, work: impl FnOnce() -> Option<Event> + Send + 'static) {
        let events = self.events.clone();
        tokio::task::spawn_blocking(move || {
            if let Some(event) = work() {
                let _ = events.send(Outside::Event(event));
            }
        });
    }
}
