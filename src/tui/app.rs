//! The loop: draws after events that changed something, runs effects, feeds their results back as events.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::layout::Size;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::backend::{Charset, Output};
use super::cabinet::Cabinet;
use super::clerk::{DISK_PATIENCE, on_a_thread_that_may_wait, save, time_of_day};
use super::env_file;
use super::event::{Effect, Event};
use super::input::{Input, InputReader};
use super::look::Look;
use super::model::{Edited, Keeping, LookedUp, Model, Notice, Opened, Overlay, Surroundings, Target};
use super::mouse::Clicks;
use super::private_file::{self, PrivateFile};
use super::run_editor::{RunningEditor, taken};
use super::screen::{title, view};
use super::signals::{Signalled, Signals};
use super::terminal::{NoTerminal, Screen, ScreenError, ScreenOptions, gate, install_panic_hook, restore_now};
use super::update::update;
use crate::api::{ApiError, Client};
use crate::cli::exit::Exit;
use crate::config::{ApiKey, Config};
use crate::platform::Platform;
use crate::secret::Secret;
use crate::session::{Outcome, Save, with_retries};

/// How long Ctrl-Z waits for the disk.
const SUSPEND_PATIENCE: Duration = Duration::from_millis(300);

/// How long after `$EDITOR`'s end a signal still counts as meant for it: one that killed it may reach this program later than
/// the news of its death.
const AFTERMATH: Duration = Duration::from_millis(300);
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
    Prepared(Target, Result<PrivateFile, String>),
    /// The terminal takes no more.
    TerminalLost,
}

/// Runs the editor on an endpoint, or on the picker without one, with the user's keys and theme. `key` is `None` for the demo.
///
/// # Errors
/// [`EditorError`]: before the screen was touched, or with the screen restored.
pub fn run(config: Config, look: Look, key: Option<ApiKey>, id: Option<String>) -> Result<Exit, EditorError> {
    gate()?;
    let platform = Platform::new(config, key)?;
    let (events, outside) = unbounded_channel();
    let cabinet = {
        let events = events.clone();
        let report = move |kept| drop(events.send(Outside::Event(Event::Kept(kept))));
        Cabinet::new(
            platform.config().state_dirs.clone(),
            &platform.name(),
            platform.key(),
            report,
        )?
    };
    let (panic_report, _) = color_eyre::config::HookBuilder::default().into_hooks();
    let emergency = cabinet.emergency();
    install_panic_hook(
        move |_| {
            emergency.run();
            private_file::remove_now();
        },
        move |info| {
            use std::io::Write;
            let _ = writeln!(io::stderr(), "{}", panic_report.panic_report(info));
        },
    );
    let notice = look.notice().map(|text| Notice { text, bad: true });
    look.put_on();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(App::run(platform, cabinet.clone(), (events, outside), (id, notice)));
    // The draft comes before the screen: the terminal may be gone already.
    let kept = cabinet.close();
    restore_now();
    // What is still being read back isn't waited for.
    private_file::remove_now();
    if !kept {
        use std::io::Write;
        let _ = writeln!(io::stderr(), "novita-edit: the last unsaved edits are not on disk.");
        // Its end would wait for the same disk once more.
        std::mem::forget(cabinet);
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
    }
}

struct App {
    model: Model,
    screen: Screen,
    reader: InputReader,
    platform: Platform,
    cabinet: Cabinet,
    client: Option<Arc<Client>>,
    events: UnboundedSender<Outside>,
    save: Option<JoinHandle<()>>,
    /// The endpoint or the list being read: one at a time, the newest.
    read: Option<JoinHandle<()>>,
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
        cabinet: Cabinet,
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
        let screen = Screen::enter(options(platform.config()), report)?;
        let reader = InputReader::start(
            screen.open_input()?,
            platform.config().esc_timeout,
            screen.frames_written(),
            keys,
        )?;
        let (mut model, first) = Model::new(screen.size(), around(&platform), id);
        model.notice = notice;
        let mut app = Self {
            model,
            screen,
            reader,
            platform,
            cabinet,
            client: None,
            events,
            save: None,
            read: None,
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
            let mut happened = Vec::new();
            let mut keys = Vec::new();
            tokio::select! {
                biased;
                signalled = signals.next() => match signalled {
                    Signalled::End(Exit::Interrupted) | Signalled::Quit if self.signals_are_its() => {}
                    // `fg` comes back to the editor.
                    Signalled::Continue if self.editor.is_some() => {}
                    Signalled::Quit => return Ok(Exit::Terminated),
                    Signalled::End(exit) => return Ok(exit),
                    Signalled::Resize => happened.push(Event::Resize(self.screen.resized()?)),
                    Signalled::Continue => happened.push(Event::Resize(self.screen.reclaim()?)),
                },
                status = ended(&mut self.editor) => happened.extend(self.editor_ended(status)?),
                Some(came) = input.recv() => match came {
                    Input::Batch(batch) => {
                        keys.extend(batch.events.into_iter().filter_map(|event| self.event(event, batch.seen)));
                    }
                    Input::Gone(_) => return Ok(Exit::Different),
                },
                Some(came) = outside.recv() => match came {
                    Outside::Event(event) => happened.push(event),
                    Outside::Prepared(target, file) => happened.extend(self.start_editor(target, file)?),
                    Outside::TerminalLost => return Ok(Exit::Different),
                },
                () = until(self.mask_at) => {
                    self.mask_at = None;
                    happened.push(Event::Idle);
                }
            }
            // What else is there already is applied before anything is drawn; and before the keys, which were typed by
            // somebody who is to be told what is known.
            while let Ok(came) = outside.try_recv() {
                match came {
                    Outside::Event(event) => happened.push(event),
                    Outside::Prepared(target, file) => happened.extend(self.start_editor(target, file)?),
                    Outside::TerminalLost => return Ok(Exit::Different),
                }
            }
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

    /// Puts what is unsaved on the keeper's desk. Cheap when nothing changed.
    fn note(&self) {
        if let Some(unsaved) = self.model.unsaved() {
            self.cabinet.keeper().note(unsaved);
        }
    }

    /// What came from the terminal, for `update`.
    fn event(&mut self, event: crossterm::event::Event, seen: u64) -> Option<Event> {
        let now = Instant::now();
        if self.mask_at.is_some() {
            self.mask_at = Some(now + MASK_AFTER);
        }
        if let crossterm::event::Event::Mouse(report) = event {
            return self.clicks.event(report, seen, now);
        }
        self.clicks.interrupted();
        match event {
            crossterm::event::Event::Key(key) => Some(Event::Key(key, seen)),
            crossterm::event::Event::Paste(text) => Some(Event::Paste(text)),
            _ => None,
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        self.screen.set_title(&title(&self.model));
        let frame = self.screen.draw(|frame| view(&self.model, frame))?;
        update(&mut self.model, Event::Drawn(frame));
        Ok(())
    }

    fn leave(self, exit: Exit) -> Exit {
        let Self {
            mut screen,
            reader,
            cabinet,
            editor,
            ..
        } = self;
        // The draft is written while the screen is restored: neither waits for the other.
        cabinet.disown();
        if let Some(editor) = editor {
            editor.end();
            // Whatever it left the terminal in.
            let _ = screen.reclaim();
        }
        drop(reader);
        screen.leave();
        exit
    }

    fn run_effects(&mut self, effects: Vec<Effect>) -> io::Result<Option<Exit>> {
        for effect in effects {
            match effect {
                Effect::Quit => {
                    self.note();
                    return Ok(Some(Exit::Done));
                }
                // A question that leaves has noted what is to stay.
                Effect::Disown => self.cabinet.disown(),
                Effect::FlushDraft(leaving) => {
                    self.note();
                    let cabinet = self.cabinet.clone();
                    self.on_disk(move || {
                        Some(match cabinet.flush() {
                            Ok(written) => Event::Flushed(written, leaving),
                            Err(lost) => Event::Kept(lost),
                        })
                    });
                }
                Effect::DiscardDraft => self.cabinet.keeper().discard(),
                Effect::OpenShelf(id) => self.open_shelf(id, false),
                Effect::TakeOver(id) => self.open_shelf(id, true),
                Effect::LoadRecent => {
                    let cabinet = self.cabinet.clone();
                    self.on_disk(move || Some(Event::Recent(cabinet.recent())));
                }
                Effect::LoadPast(id) => {
                    let cabinet = self.cabinet.clone();
                    self.on_disk(move || {
                        let past = cabinet.history(&id);
                        Some(Event::Past(id, past))
                    });
                }
                Effect::RecordOutcome(sent, outcome) => {
                    let cabinet = self.cabinet.clone();
                    self.on_disk(move || {
                        cabinet
                            .sends()
                            .record_outcome(None, &sent, outcome)
                            .err()
                            .map(Event::NotRecorded)
                    });
                }
                Effect::Redraw => {
                    let size = self.screen.resized()?;
                    update(&mut self.model, Event::Resize(size));
                }
                Effect::Suspend => {
                    let size = self.suspend()?;
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
                Effect::Copy(text) => {
                    let copied = self
                        .screen
                        .copy_osc52(text.as_bytes())
                        .map_err(|error| error.to_string());
                    update(&mut self.model, Event::Copied(copied));
                }
                Effect::CopyToFile(text) => {
                    let cabinet = self.cabinet.clone();
                    self.on_disk(move || Some(Event::CopyWritten(cabinet.write_copy(&text))));
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

    fn open_shelf(&self, id: String, take_over: bool) {
        let (cabinet, events) = (self.cabinet.clone(), self.events.clone());
        let number = cabinet.next_opening();
        tokio::spawn(async move {
            let (asked, opener) = (id.clone(), cabinet.clone());
            let open = on_a_thread_that_may_wait(move || opener.open(&asked, take_over, number));
            let opened = match tokio::time::timeout(DISK_PATIENCE, open).await {
                Ok(Some(opened)) => opened,
                Ok(None) => return,
                Err(_) => {
                    // What it finds later comes too late: the endpoint is given back at once then.
                    cabinet.give_up(number);
                    let keeping = if take_over {
                        Keeping::Theirs("it could not be taken over: the disk does not answer".to_owned())
                    } else {
                        Keeping::Nowhere("the disk does not answer".to_owned())
                    };
                    Opened {
                        keeping,
                        ..Opened::ours()
                    }
                }
            };
            let _ = events.send(Outside::Event(Event::Opened(id, Box::new(opened))));
        });
    }

    /// Does something that may wait for the disk; what comes of it is an event.
    fn on_disk(&self, work: impl FnOnce() -> Option<Event> + Send + 'static) {
        let events = self.events.clone();
        tokio::task::spawn_blocking(move || {
            if let Some(event) = work() {
                let _ = events.send(Outside::Event(event));
            }
        });
    }

    fn suspend(&mut self) -> io::Result<Size> {
        // All threads stop, the one that writes drafts too: what is unsaved has to be on disk before.
        self.note();
        self.cabinet.keeper().flush(SUSPEND_PATIENCE);
        self.reader.pause();
        let size = self.screen.suspend();
        self.reader.resume();
        size
    }

    /// Everything for `$EDITOR` that may wait for the disk: the draft, since nobody knows when the terminal comes back, and
    /// the file.
    fn prepare_editor(&self, target: Target, text: Secret) {
        self.note();
        let (events, cabinet) = (self.events.clone(), self.cabinet.clone());
        tokio::task::spawn_blocking(move || {
            // What became of the endpoint is told where it matters: at the next write, and before a send.
            let _ = cabinet.flush();
            let file = PrivateFile::create(cabinet.dirs(), target.file_name(), &text)
                .map_err(|error| format!("The file for the editor could not be made: {error}."));
            let _ = events.send(Outside::Prepared(target, file));
        });
    }

    /// Gives the terminal to `$EDITOR`, unless that is no longer wanted; what is to be told when it doesn't start.
    fn start_editor(&mut self, target: Target, file: Result<PrivateFile, String>) -> io::Result<Option<Event>> {
        if self.editor.is_some() || !matches!(self.model.overlay, Some(Overlay::Outside(_))) {
            return Ok(None);
        }
        let failed = |target, why| Ok(Some(Event::Edited(target, Edited::Failed(why))));
        let file = match file {
            Ok(file) => file,
            Err(why) => return failed(target, why),
        };
        self.reader.pause();
        self.screen.release();
        match RunningEditor::start(target.clone(), file) {
            Ok(editor) => {
                self.editor = Some(editor);
                Ok(None)
            }
            Err(why) => {
                self.reclaim()?;
                failed(target, why)
            }
        }
    }

    /// Takes the terminal back, and has the file read.
    fn editor_ended(&mut self, status: io::Result<std::process::ExitStatus>) -> io::Result<Option<Event>> {
        let Some(editor) = self.editor.take() else {
            return Ok(None);
        };
        self.editor_ended = Some(Instant::now());
        let size = self.reclaim()?;
        let (target, file, how) = editor.done(status);
        self.on_disk(move || Some(Event::Edited(target, taken(file, how))));
        Ok(Some(Event::Resize(size)))
    }

    /// Whether Ctrl-C and Ctrl-\ are for `$EDITOR`.
    fn signals_are_its(&self) -> bool {
        self.editor.is_some() || self.editor_ended.is_some_and(|at| at.elapsed() < AFTERMATH)
    }

    fn reclaim(&mut self) -> io::Result<Size> {
        let size = self.screen.reclaim();
        self.reader.resume();
        size
    }

    /// Runs an effect that asks the server; its answer comes back as an event.
    fn ask(&mut self, effect: Effect) {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.answer_without_client(&effect, error),
        };
        let events = self.events.clone();
        let cabinet = self.cabinet.clone();
        let slot = match effect {
            Effect::Save(..) | Effect::Verify(..) => Some(&mut self.save),
            Effect::Load(..) | Effect::LoadList(_) => Some(&mut self.read),
            _ => None,
        };
        let task = tokio::spawn(async move {
            let tell = |event| drop(events.send(Outside::Event(event)));
            match effect {
                Effect::Load(number, id) => {
                    let again = |again| tell(Event::Again(number, again));
                    let read = with_retries(|| client.endpoint(&id), again).await;
                    tell(Event::Loaded(number, Box::new(read), time_of_day()));
                }
                Effect::LoadLimits => tell(Event::Limits(with_retries(|| client.limits(), |_| ()).await)),
                // In the background, one after the other on the connection that there is.
                Effect::LoadLookups => {
                    let found = with_retries(|| client.storages(), |_| ()).await;
                    tell(Event::Lookup(LookedUp::Storages(found)));
                    let found = with_retries(|| client.clusters(), |_| ()).await;
                    tell(Event::Lookup(LookedUp::Clusters(found)));
                    let found = with_retries(|| client.auths(), |_| ()).await;
                    tell(Event::Lookup(LookedUp::Credentials(found)));
                }
                Effect::LoadList(number) => {
                    let page = |page| tell(Event::Page(number, page));
                    let again = |again| tell(Event::Again(number, again));
                    let end = with_retries(|| client.endpoints(page), again).await;
                    tell(Event::ListEnd(number, end));
                }
                Effect::Save(base, body) => save(&client, cabinet, Save::start(*base, body), &tell).await,
                Effect::Verify(base, body) => save(&client, cabinet, Save::verify(*base, body), &tell).await,
                _ => {}
            }
        });
        if let Some(slot) = slot {
            stop(slot);
            *slot = Some(task);
        }
    }

    fn client(&mut self) -> Result<Arc<Client>, ApiError> {
        if self.client.is_none() {
            self.client = Some(Arc::new(self.platform.client()?));
        }
        Ok(Arc::clone(self.client.as_ref().expect("made in the line above")))
    }

    fn answer_without_client(&self, effect: &Effect, error: ApiError) {
        let event = match effect {
            Effect::Load(number, _) => Event::Loaded(*number, Box::new(Err(error)), time_of_day()),
            Effect::LoadList(number) => Event::ListEnd(*number, Err(error)),
            Effect::LoadLimits => Event::Limits(Err(error)),
            Effect::LoadLookups => {
                let tell = |answer| drop(self.events.send(Outside::Event(Event::Lookup(answer))));
                tell(LookedUp::Storages(Err(error.clone())));
                tell(LookedUp::Clusters(Err(error.clone())));
                return tell(LookedUp::Credentials(Err(error)));
            }
            Effect::Verify(..) => {
                let outcome = Outcome::NotKnown {
                    read_error: error,
                    send_error: None,
                };
                Event::SaveDone(Box::new(outcome), time_of_day())
            }
            _ => Event::SaveDone(Box::new(Outcome::CheckFailed(error)), time_of_day()),
        };
        let _ = self.events.send(Outside::Event(event));
    }
}

/// Waits for the editor's end; for ever where there is none.
async fn ended(editor: &mut Option<RunningEditor>) -> io::Result<std::process::ExitStatus> {
    match editor {
        Some(editor) => editor.wait().await,
        None => std::future::pending().await,
    }
}

fn stop(task: &mut Option<JoinHandle<()>>) {
    if let Some(task) = task.take() {
        task.abort();
    }
}

/// In debug builds `NOVITA_EDIT_TEST_PANIC` makes F12 panic, for tests of the whole program: here in the `loop`, in a `task`
/// of the runtime, or in a `thread`.
#[cfg(debug_assertions)]
fn panic_for_tests(event: &Event) {
    if !matches!(event, Event::Key(key, _) if key.code == crossterm::event::KeyCode::F(12)) {
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
    let variable = |name: &str| std::env::var(name).ok();
    let charset = match config.ascii {
        Some(true) => Charset::Ascii,
        Some(false) => Charset::Utf8,
        None => Charset::from_env(variable),
    };
    ScreenOptions {
        charset,
        no_color: variable("NO_COLOR").is_some_and(|v| !v.is_empty()),
        // Over SSH each click is a packet, and the terminal's own selection is worth more there.
        mouse: config
            .mouse
            .unwrap_or_else(|| variable("SSH_TTY").is_none_or(|tty| tty.is_empty())),
    }
}
