//! The loop: draws after events that changed something, runs effects, feeds their results back as events.
//!
//! Here are its start, its turns and its end; below it what an effect comes to.

mod asking;
mod clock;
mod effects;
mod env_file;
mod lending;
mod private_file;
mod rollout;
mod run_editor;
mod save_observer;
mod signals;
mod storage;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use self::private_file::PrivateFile;
use self::run_editor::RunningEditor;
use self::signals::{Signalled, Signals};
use self::storage::FileStorage;
use super::dispatch::update;
use super::event::Event;
use super::model::{Edited, EditorTarget, Model, Notice, Surroundings};
use super::screen::{title, view};
use super::user_files::UserFiles;
use crate::api::Client;
use crate::config::{ApiKey, Config};
use crate::exit_code::Exit;
use crate::platform::Platform;
use crate::report;
use crate::terminal::{
    Clicks, Colors, Input, InputEvent, InputParser, InputReader, NoTerminal, Output, ScreenError, ScreenOptions, Seen,
    TerminalScreen, gate, install_panic_hook, restore_now, stop_self,
};
use crate::text::Charset;
use crate::text::width::draw_with;
use lending::{AfterIt, ended};

/// How long values stay shown while nobody presses anything.
const MASK_AFTER: Duration = Duration::from_secs(60);

/// Why the editor could not run.
#[derive(Debug, thiserror::Error)]
pub enum EditorError {
    /// There is no terminal to draw on.
    #[error("{0}. The editor needs one; see `novita-edit --help` for what works without")]
    NoTerminal(#[from] NoTerminal),
    /// The terminal can't be set up.
    #[error("{0}")]
    Screen(#[from] ScreenError),
    /// The system gave no thread, pipe or signal handler.
    #[error("the editor can't start: {0}")]
    Io(#[from] io::Error),
}

/// What came in from outside the loop.
enum Outside {
    Event(Event),
    /// The file for `$EDITOR` is there, or why not, in a sentence.
    Prepared(EditorTarget, Result<PrivateFile, String>),
    /// What was in the file when `$EDITOR` ended.
    Edited(EditorTarget, Edited, PrivateFile, AfterIt),
    /// The terminal takes no more.
    TerminalLost,
}

/// Runs the editor on an endpoint, or on the picker without one, with the user's keys and theme. `key` is `None` for
/// the demo.
///
/// # Errors
/// [`EditorError`]: before the screen was touched, or with the screen restored.
pub fn run(
    config: Config,
    mut user_files: UserFiles,
    key: Option<ApiKey>,
    id: Option<String>,
) -> Result<Exit, EditorError> {
    gate()?;
    let platform = Platform::new(config, key)?;
    let (events, outside) = unbounded_channel();
    let storage = {
        let events = events.clone();
        let report = move |kept| drop(events.send(Outside::Event(Event::Kept(kept))));
        FileStorage::new(platform.send_log(), report)?
    };
    // Their disks may hang, and nobody waits for that but whoever opens an endpoint.
    let sweeper = storage.clone();
    std::thread::Builder::new()
        .name("left texts".to_owned())
        .spawn(move || sweeper.sweep())?;
    let crash_writer = storage.crash_writer();
    install_panic_hook(
        move |_| {
            crash_writer.run();
            private_file::clear_all();
        },
        report::tell,
    );
    let notice = user_files.notice().map(|text| Notice { text, bad: true });
    let drawn = options(platform.config());
    if drawn.colors == Colors::None {
        user_files.theme = user_files.theme.without_colors();
    }
    user_files.put_on();
    draw_with(drawn.charset);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(App::run(platform, storage.clone(), (events, outside), (id, notice)));
    // The draft comes before the screen: the terminal may be gone already.
    let kept = storage.close();
    restore_now();
    // What is still being read back isn't waited for: it stays for the next start.
    if kept {
        storage.forget_decided();
        private_file::end_all(storage.dirs());
    } else {
        private_file::clear_all();
        use std::io::Write;
        let _ = writeln!(io::stderr(), "novita-edit: the last unsaved edits are not on disk.");
        // Its end would wait for the same disk once more.
        std::mem::forget(storage);
    }
    // A request under way is not waited for.
    runtime.shutdown_background();
    exit
}

fn around(platform: &Platform) -> Surroundings {
    let profile = platform.config().profile.as_ref();
    Surroundings {
        profile: profile.map(crate::config::ActiveProfile::label),
        demo: platform.is_demo(),
        read_only: platform.config().read_only,
        protected: profile.is_some_and(|profile| profile.protected),
        update_url: platform.update_url(),
        redactor: platform.send_log().redactor().clone(),
    }
}

struct App {
    model: Model,
    screen: TerminalScreen,
    reader: InputReader,
    platform: Platform,
    storage: FileStorage,
    client: Option<Arc<Client>>,
    events: UnboundedSender<Outside>,
    save: Option<JoinHandle<()>>,
    /// The endpoint or the list being read: one at a time, the newest.
    read: Option<JoinHandle<()>>,
    /// When the newest of them was asked for.
    read_begun: Timestamp,
    /// `$EDITOR`, while it has the terminal.
    editor: Option<RunningEditor>,
    /// When it ended the last time.
    editor_ended: Option<Instant>,
    clicks: Clicks,
    /// When values that are shown are to be masked again; `None` while none are: then nothing wakes the loop.
    mask_at: Option<Instant>,
}

impl App {
    async fn run(
        platform: Platform,
        storage: FileStorage,
        (events, mut outside): (UnboundedSender<Outside>, UnboundedReceiver<Outside>),
        (id, notice): (Option<String>, Option<Notice>),
    ) -> Result<Exit, EditorError> {
        let (keys, mut input) = unbounded_channel();
        let (first_frame, first_written) = oneshot::channel();
        let report = {
            let events = events.clone();
            let first_frame = std::sync::Mutex::new(Some(first_frame));
            move |output: Output| {
                if let Ok(mut first) = first_frame.lock()
                    && let Some(first) = first.take()
                {
                    let _ = first.send(());
                }
                if let Output::Failed(_) = output {
                    let _ = events.send(Outside::TerminalLost);
                }
            }
        };
        let mut signals = Signals::new()?;
        let screen = TerminalScreen::enter(options(platform.config()), report)?;
        let on_console = std::env::var("TERM").is_ok_and(|term| term == "linux");
        let parser = InputParser::new(platform.config().esc_timeout).for_linux_console(on_console);
        let reader = InputReader::start(screen.open_input()?, parser, screen.frames_written(), keys)?;
        let (mut model, first) = Model::new(screen.size(), around(&platform), id);
        model.notice = notice;
        let mut app = Self {
            model,
            screen,
            reader,
            platform,
            storage,
            client: None,
            events,
            save: None,
            read: None,
            read_begun: Timestamp::now(),
            editor: None,
            editor_ended: None,
            clicks: Clicks::default(),
            mask_at: None,
        };
        app.model.mouse = app.screen.mouse();
        app.draw()?;
        // The client reads the system's certificates: nothing waits for that before the first frame is out.
        let _ = tokio::time::timeout(Duration::from_millis(200), first_written).await;
        if let Some(exit) = app.run_effects(first)? {
            return Ok(app.leave(exit));
        }
        // A terminal that can't be asked or drawn on any more is gone: nothing else fails in there.
        let exit = match app.turn(&mut input, &mut outside, &mut signals).await {
            Ok(exit) => exit,
            Err(error) => {
                tracing::warn!(%error, "the terminal is gone");
                Exit::Different
            }
        };
        Ok(app.leave(exit))
    }

    async fn turn(
        &mut self,
        input: &mut UnboundedReceiver<Input>,
        outside: &mut UnboundedReceiver<Outside>,
        signals: &mut Signals,
    ) -> Result<Exit, EditorError> {
        loop {
            let (mut happened, mut keys, mut news) = (Vec::new(), Vec::new(), Vec::new());
            tokio::select! {
                biased;
                signalled = signals.next() => match signalled {
                    Signalled::End(Exit::Interrupted) | Signalled::Quit if self.signals_are_its() => {}
                    // `fg` comes back to the editor.
                    Signalled::Continue if self.editor.is_some() => {}
                    Signalled::Quit => return Ok(Exit::Terminated),
                    Signalled::End(exit) => return Ok(exit),
                    // It stopped itself, and waits to be continued together with this program.
                    Signalled::Stop if self.editor.is_some() => stop_self()?,
                    Signalled::Stop => happened.push(Event::Resize(self.suspend(TerminalScreen::suspend_alone)?)),
                    Signalled::Resize => happened.push(Event::Resize(self.screen.resized()?)),
                    Signalled::Continue => happened.push(Event::Resize(self.screen.reclaim()?)),
                },
                status = ended(&mut self.editor) => happened.extend(self.editor_ended(status)?),
                Some(came) = input.recv() => match came {
                    Input::Batch(batch) => {
                        let mut rested = batch.rested;
                        for event in batch.events {
                            keys.extend(self.event(event, batch.seen, std::mem::take(&mut rested)));
                        }
                    }
                    Input::Gone(_) => return Ok(Exit::Different),
                },
                Some(came) = outside.recv() => news.push(came),
                () = until(self.mask_at) => {
                    self.mask_at = None;
                    happened.push(Event::Idle);
                }
            }
            // What else is there already is applied before anything is drawn; and before the keys, which were typed by
            // somebody who is to be told what is known.
            news.extend(std::iter::from_fn(|| outside.try_recv().ok()));
            for came in news {
                match came {
                    Outside::Event(event) => happened.push(event),
                    Outside::Prepared(target, file) => happened.extend(self.start_editor(target, file)?),
                    Outside::Edited(target, edited, file, then) => self.edited(target, edited, file, then)?,
                    Outside::TerminalLost => return Ok(Exit::Different),
                }
            }
            // What was read is as old as the question for it.
            self.model
                .tell_time(self.read_begun, self.platform.config().timeouts.total);
            for event in happened.into_iter().chain(keys) {
                #[cfg(debug_assertions)]
                panic_for_tests(&event);
                let effects = update(&mut self.model, event);
                // Before its effects, which may discard what is noted; and not once a batch: the next key may leave the
                // form, and the next event may be a panic.
                self.note();
                if let Some(exit) = self.run_effects(effects)? {
                    return Ok(exit);
                }
            }
            self.draw()?;
        }
    }

    /// Puts what is unsaved before the draft writer. Cheap when nothing changed.
    fn note(&self) {
        if let Some(unsaved) = self.model.unsaved() {
            self.storage.draft_writer().note(unsaved);
        }
    }

    /// What came from the terminal, for `update`.
    fn event(&mut self, event: InputEvent, seen: Seen, rested: bool) -> Option<Event> {
        let now = Instant::now();
        if self.mask_at.is_some() {
            self.mask_at = Some(now + MASK_AFTER);
        }
        if let InputEvent::Mouse(report) = event {
            let action = self.clicks.action(report, now)?;
            return Some(Event::mouse(action, seen.newest));
        }
        self.clicks.interrupted();
        Event::typed(event, seen, rested)
    }

    fn draw(&mut self) -> io::Result<()> {
        self.screen.set_title(&title(&self.model));
        let frame = self.screen.draw(|frame| view(&self.model, frame))?;
        update(&mut self.model, Event::Drawn(frame));
        Ok(())
    }

    fn leave(mut self, exit: Exit) -> Exit {
        let lent = self.take_over_from_editor();
        let Self {
            mut screen,
            reader,
            storage,
            ..
        } = self;
        // The draft is written while the screen is restored: neither waits for the other.
        storage.disown();
        if lent {
            // Whatever the editor left the terminal in.
            let _ = screen.reclaim();
        }
        drop(reader);
        screen.leave();
        exit
    }
}

/// In debug builds `NOVITA_EDIT_TEST_PANIC` makes F12 panic, for tests of the whole program: here in the `loop`, in a
/// `task` of the runtime, or in a `thread`.
#[cfg(debug_assertions)]
fn panic_for_tests(event: &Event) {
    if !matches!(event, Event::Key(press) if press.key.code == crossterm::event::KeyCode::F(12)) {
        return;
    }
    let panic = || panic!("a panic on demand");
    match std::env::var("NOVITA_EDIT_TEST_PANIC").as_deref() {
        Ok("loop") => panic(),
        Ok("task") => drop(tokio::spawn(async move { panic() })),
        Ok("thread") => drop(std::thread::spawn(panic)),
        _ => {}
    }
}

/// Ends at an instant; without one, never.
async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant.into()).await,
        None => std::future::pending().await,
    }
}

fn options(config: &Config) -> ScreenOptions {
    let found = ScreenOptions::from_env(|name: &str| std::env::var(name).ok());
    ScreenOptions {
        charset: match config.ascii {
            Some(true) => Charset::Ascii,
            Some(false) => Charset::Utf8,
            None => found.charset,
        },
        mouse: config.mouse.unwrap_or(found.mouse),
        ..found
    }
}
