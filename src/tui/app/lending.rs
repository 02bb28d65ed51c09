//! The terminal in other hands: the shell's after Ctrl-Z, and `$EDITOR`'s.

use std::io;
use std::time::{Duration, Instant};

use ratatui::layout::Size;

use super::private_file::PrivateFile;
use super::run_editor::{End, RunningEditor, read_back};
use super::{App, Outside};
use crate::secret::Secret;
use crate::terminal;
use crate::tui::dispatch::update;
use crate::tui::event::Event;
use crate::tui::left_texts::TextOf;
use crate::tui::model::{Edited, EditorTarget, Screen};
use crate::tui::views::external_editor::WaitingForEditor;

/// How long Ctrl-Z waits for the disk.
const SUSPEND_PATIENCE: Duration = Duration::from_millis(300);

/// How long after `$EDITOR`'s end a signal still counts as meant for it: one that killed it may reach this program
/// later than the news of its death.
const AFTERMATH: Duration = Duration::from_millis(300);

impl App {
    /// Stops this program, in one of the two ways of [`Screen`], until it is continued.
    pub(super) fn suspend(
        &mut self,
        stop: impl FnOnce(&mut terminal::TerminalScreen) -> io::Result<Size>,
    ) -> io::Result<Size> {
        // All threads stop, the one that writes drafts too: what is unsaved has to be on disk before.
        self.note();
        self.storage.draft_writer().flush(SUSPEND_PATIENCE);
        self.reader.pause();
        let size = stop(&mut self.screen);
        self.reader.resume();
        size
    }

    /// What the editor is waited for with; `None`: nobody waits for it.
    fn waited_for(&self) -> Option<&WaitingForEditor> {
        self.model.views.find()
    }

    /// Everything for `$EDITOR` that may wait for the disk: the draft, since nobody knows when the terminal comes back,
    /// and the file.
    pub(super) fn prepare_editor(&self, target: EditorTarget, text: Secret) {
        self.note();
        let Screen::Form(form) = &self.model.screen else { return };
        let keeps_secrets = self.storage.send_log().redactor().keeps_values();
        let base = self.waited_for().and_then(|waited| waited.base.clone());
        let of = TextOf {
            account: self.storage.send_log().account().to_owned(),
            endpoint: form.work.base().config.id.clone(),
            what: target.kept(),
            keeps_secrets,
            base: base.filter(|_| keeps_secrets),
        };
        let (events, storage) = (self.events.clone(), self.storage.clone());
        tokio::task::spawn_blocking(move || {
            // What became of the endpoint is told where it matters: at the next write, and before a send.
            let _ = storage.flush();
            let file = PrivateFile::create(storage.dirs(), target.file_name(), &text, &of)
                .map_err(|error| format!("The file for the editor could not be made: {error}."));
            let _ = events.send(Outside::Prepared(target, file));
        });
    }

    /// Gives the terminal to `$EDITOR`, unless that is no longer wanted; what is to be told when it doesn't start.
    pub(super) fn start_editor(
        &mut self,
        target: EditorTarget,
        file: Result<PrivateFile, String>,
    ) -> io::Result<Option<Event>> {
        // It may be the answer to something that was asked for before.
        if self.editor.is_some() || self.waited_for().is_none_or(|waited| waited.target != target) {
            return Ok(None);
        }
        let failed = |target, why| Ok(Some(Event::Edited(target, Edited::Failed(why))));
        let file = match file {
            Ok(file) => file,
            Err(why) => return failed(target, why),
        };
        self.reader.pause();
        self.screen.release();
        match RunningEditor::start(target.clone(), file, &self.platform.config().key_variables) {
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
    pub(super) fn editor_ended(&mut self, status: io::Result<std::process::ExitStatus>) -> io::Result<Option<Event>> {
        let Some(editor) = self.editor.take() else {
            return Ok(None);
        };
        self.editor_ended = Some(Instant::now());
        let size = self.reclaim()?;
        let (target, file, end) = editor.done(status);
        let events = self.events.clone();
        tokio::task::spawn_blocking(move || {
            let edited = read_back(&file, &end);
            let then = match end {
                End::Refused(_) if file.is_untouched() && !file.has_others() => AfterIt::Unasked,
                End::Well(_) => AfterIt::All,
                End::Refused(_) | End::Died(_) => AfterIt::Text,
            };
            let _ = events.send(Outside::Edited(target, edited, file, then));
        });
        Ok(Some(Event::Resize(size)))
    }

    /// Takes what was in the file over. The file goes once that is on disk, and before nothing is lost of it.
    pub(super) fn edited(
        &mut self,
        target: EditorTarget,
        edited: Edited,
        file: PrivateFile,
        then: AfterIt,
    ) -> io::Result<()> {
        let failed = matches!(edited, Edited::Failed(_));
        let effects = update(&mut self.model, Event::Edited(target, edited));
        self.note();
        // No text ends the program.
        let _ = self.run_effects(effects)?;
        let storage = self.storage.clone();
        self.on_disk(move || {
            match then {
                AfterIt::Unasked => drop(file),
                AfterIt::All if failed => file.leave(),
                _ if storage.flush() != Ok(true) => file.taken(),
                AfterIt::All => drop(file),
                AfterIt::Text => file.end(storage.dirs()),
            }
            None
        });
        Ok(())
    }

    /// On the way out: ends `$EDITOR`, and what it has saved so far goes into the draft, as an edit or as a text that
    /// can't be read. Whether it had the terminal.
    pub(super) fn take_over_from_editor(&mut self) -> bool {
        let Some(editor) = self.editor.take() else {
            return false;
        };
        let (target, file, has_ended) = editor.end();
        let saved = file.read();
        // An empty one is more likely a file that was being written.
        let is_text = match &saved {
            Edited::Text(text) | Edited::NotText(text, _) => !text.reveal().is_empty(),
            Edited::Saved(..) | Edited::AtOnce | Edited::Failed(_) => false,
        };
        let is_failed = matches!(saved, Edited::Failed(_));
        if is_text {
            update(&mut self.model, Event::Edited(target, saved));
            self.note();
        }
        // It goes when the draft is known to be on disk.
        match has_ended {
            _ if is_failed => file.leave(),
            true => file.taken(),
            false => file.taken_from_running(),
        }
        true
    }

    /// Whether Ctrl-C and Ctrl-\ are for `$EDITOR`.
    pub(super) fn signals_are_its(&self) -> bool {
        self.editor.is_some() || self.editor_ended.is_some_and(|at| at.elapsed() < AFTERMATH)
    }

    fn reclaim(&mut self) -> io::Result<Size> {
        let size = self.screen.reclaim();
        self.reader.resume();
        size
    }
}

/// What goes once a text from `$EDITOR` is taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum AfterIt {
    /// The file and all that the editor put beside it, at once: it is not meant.
    Unasked,
    /// The same once it is on disk elsewhere; what can't be read stays.
    All,
    /// The file: the editor died, and what it left of its own stays for a while; so does what can't be read.
    Text,
}

/// Waits for the editor's end; for ever where there is none.
pub(super) async fn ended(editor: &mut Option<RunningEditor>) -> io::Result<std::process::ExitStatus> {
    match editor {
        Some(editor) => editor.wait().await,
        None => std::future::pending().await,
    }
}
