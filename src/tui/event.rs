//! What can happen to the model, and what it can ask for. Both are data.

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::layout::{Position, Size};

pub use super::press::Press;
use crate::api::ApiError;
use crate::endpoint::{EndpointStatus, Limits, LoadedEndpoint, Summary};
use crate::secret::Secret;
use crate::session::{OpenSend, Outcome, Progress, Repetition, ReviewedBody, Settled, Verdict};
use crate::store::{Draft, DraftReport, History, OutcomeNote, StandingAnswer, StoreOverview};
use crate::terminal::{InputEvent, MouseAction, PastePiece, Seen};
use crate::tui::draft_state::{Discard, Leaving, Opened, Sent};
use crate::tui::edited::{Edited, EditorTarget, Written};
use crate::tui::lookups::LookedUp;

/// A paste that came whole, or a piece of one that stalled.
#[derive(Debug)]
pub struct Pasted {
    /// The text, which may be a secret; line ends are LF.
    pub text: Secret,
    /// It begins a paste.
    pub first: bool,
    /// The paste is over.
    pub last: bool,
    /// It was longer than is kept.
    pub cut: bool,
}

impl Pasted {
    /// A paste that came whole.
    pub fn whole(text: impl Into<String>) -> Self {
        Self {
            text: Secret::new(text),
            first: true,
            last: true,
            cut: false,
        }
    }
}

impl From<PastePiece> for Pasted {
    fn from(piece: PastePiece) -> Self {
        let PastePiece { text, first, last, cut } = piece;
        Self {
            text: Secret::new(text),
            first,
            last,
            cut,
        }
    }
}

/// What became known of a rollout that is watched after a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolloutNews {
    /// A look.
    Look {
        /// State and workers.
        status: Box<EndpointStatus>,
        /// The ids of those workers that came after the save.
        new: Vec<String>,
        /// How it stands.
        verdict: Verdict,
        /// The local time of day.
        at: String,
    },
    /// It can't be read, and that may pass.
    NotRead,
    /// Nobody looks any more: it takes too long, or the server says no.
    GivenUp,
    /// The endpoint was deleted.
    Gone,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A key.
    Key(Press),
    /// A click, whether it is the second one of a double click, and the newest frame that was on the terminal.
    Click(Position, bool, u64),
    /// The wheel was turned here: so many notches, those towards the end counted positive; and the newest frame that
    /// was on the terminal.
    Wheel(Position, i32, u64),
    /// Nobody has pressed anything for a while, and values are shown.
    Idle,
    /// A paste or a piece of one.
    Paste(Pasted),
    /// The terminal has this size now.
    Resize(Size),
    /// A frame with this number was drawn.
    Drawn(u64),
    /// A page of the list of endpoints came; the number tells which request it answers.
    Page(u64, Vec<Summary>),
    /// The list of endpoints is whole, or broke off.
    ListEnd(u64, Result<(), ApiError>),
    /// The endpoint came, with the local time of day (`14:03`).
    Loaded(u64, Box<Result<LoadedEndpoint, ApiError>>, String),
    /// A read failed and is about to be repeated.
    Again(u64, Repetition),
    /// What is on disk about an endpoint, and whose it is.
    Opened(String, Box<Opened>),
    /// The ids opened before in this account, the newest first.
    Recent(Vec<String>),
    /// Which endpoints have a draft or another editor.
    StoreOverview(StoreOverview),
    /// What was sent before, or why that can't be read.
    HistoryRead(String, Result<History, String>),
    /// The draft is on disk, or could not be written, before a form is left.
    Flushed(bool, Leaving),
    /// This was put aside, or why it could not be, as the end of a sentence.
    Discarded(Arc<Discard>, Result<(), String>),
    /// What was discarded of this endpoint and is still kept, the newest first, or why that can't be read.
    DiscardedRead(String, Result<Vec<Draft>, String>),
    /// What became of the draft.
    Kept(DraftReport),
    /// Something could not be written into the history, in a sentence.
    NotRecorded(String),
    /// The account's limits came.
    Limits(Result<Limits, ApiError>),
    /// A look-up was answered.
    Lookup(LookedUp),
    /// A save reached a step, or repeats one.
    SaveStep(Progress),
    /// A read told what became of sends that were left open.
    Settled(Vec<Settled>),
    /// A save is over, with the local time of day.
    SaveDone(Box<Outcome>, String),
    /// Something of the rollout of this endpoint, after a save.
    Rollout(String, RolloutNews),
    /// `$EDITOR` ended, or could not be started.
    Edited(EditorTarget, Edited),
    /// The file of this path was read, or why it wasn't, as the end of a sentence.
    FileRead(String, Result<Secret, String>),
    /// The file of this path was written, or not.
    FileWritten(String, Written),
    /// A copy of this, as a sentence names it, went to the terminal, or why not.
    Copied(String, Result<(), String>),
    /// A copy is in this file, or why not.
    CopyWritten(Result<PathBuf, String>),
}

impl Event {
    /// A key or a paste that came from the terminal; `None` for the mouse, of which clicks have to be made first
    /// ([`Clicks`](crate::terminal::Clicks)). `rested` as in [`Press`].
    pub fn typed(event: InputEvent, seen: Seen, rested: bool) -> Option<Self> {
        match event {
            InputEvent::Key(key) => Some(Self::Key(Press::of(key, seen, rested))),
            InputEvent::EscKey(key) => Some(Self::Key(Press::of(key, seen, rested).after_esc())),
            InputEvent::Paste(piece) => Some(Self::Paste(piece.into())),
            InputEvent::Mouse(_) => None,
        }
    }

    /// Something done with the mouse, with the newest frame that was on the terminal then.
    pub fn mouse(action: MouseAction, seen: u64) -> Self {
        match action {
            MouseAction::Click { at, double } => Self::Click(at, double, seen),
            MouseAction::Wheel { at, notches } => Self::Wheel(at, notches, seen),
        }
    }
}

/// Something to be done outside the model.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask for the list of endpoints.
    LoadList(u64),
    /// Ask for an endpoint.
    Load(u64, String),
    /// Stop asking for an endpoint or the list.
    CancelRead,
    /// Claim an endpoint for this editor, and look for a draft and the newest send.
    OpenEndpoint(String),
    /// The same, and take it from whoever has it.
    TakeOver(String),
    /// Find out which endpoints were opened before.
    LoadRecent,
    /// Find out which endpoints have a draft or another editor.
    LoadOverview,
    /// Read what was sent before.
    LoadHistory(String),
    /// Give the endpoint back; its draft stays.
    Disown,
    /// Write the draft now, and say whether it is on disk: the form is to be left.
    FlushDraft(Leaving),
    /// Nothing is unsaved any more, and a draft of an earlier run isn't wanted either: it goes. What was in it is
    /// saved, was put aside before, or can't be.
    DiscardDraft,
    /// Put this aside, for some days.
    Discard(Discard),
    /// Texts that were saved in an editor are decided about: what is kept in these directories isn't offered again.
    SavedDecided(Vec<PathBuf>),
    /// What an editor left in these directories was told.
    LeftTold(Vec<PathBuf>),
    /// Read what was discarded of this endpoint.
    LoadDiscarded(String),
    /// The newest send of this configuration, of which nothing was known, turned out to have come to this.
    RecordOutcome(Sent, Box<OutcomeNote>),
    /// This was said once of an endpoint.
    RecordAnswers(String, Vec<StandingAnswer>),
    /// Ask for the account's limits.
    LoadLimits,
    /// Ask for network storages, image credentials and clusters.
    LoadLookups,
    /// Check, send, verify.
    Save(Box<LoadedEndpoint>, ReviewedBody),
    /// Only verify.
    Verify(Box<LoadedEndpoint>, ReviewedBody, Box<OpenSend>),
    /// Stop waiting for a save, or for the rollout after it.
    CancelSave,
    /// Copy a text through the terminal; what it is, as a sentence names it.
    Copy {
        /// `Max workers`.
        what: String,
        /// The text.
        text: Secret,
    },
    /// Give the terminal to `$EDITOR`, with this text.
    RunEditor(EditorTarget, Secret),
    /// Read a text file.
    ReadFile(String),
    /// Write a text file that only its owner can read; over one that is there only if told so.
    WriteFile(String, Secret, bool),
    /// Write a text that is too long for that into a private file.
    CopyToFile(Secret),
    /// Whether clicks are to be reported.
    Mouse(bool),
    /// Whether values are shown: an [`Event::Idle`] is to come once nobody has pressed anything for a while.
    WatchIdle(bool),
    /// Stop the process until `fg`.
    Suspend,
    /// Draw the whole screen anew.
    Redraw,
    /// End the program.
    Quit,
}
