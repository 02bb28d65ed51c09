//! What of a form is kept on disk, and whose it is.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::edited::SavedText;
use crate::endpoint::EndpointConfig;
use crate::store::{Draft, Record, StandingAnswer, Unsaved};

/// Whether the form's edits are kept on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Being found out: another editor may have the endpoint, and an earlier one may have left a draft.
    Opening,
    /// They are, and this editor may send.
    Ours,
    /// They can't be, and why. This editor may send all the same.
    Nowhere(String),
    /// Another editor has the endpoint, and which, as the end of a sentence: nothing is written and nothing sent from
    /// here.
    Theirs(String),
}

/// What was found on disk about an endpoint.
#[derive(Debug)]
pub struct Opened {
    /// Whether the edits are kept from now on.
    pub draft_state: DraftState,
    /// Edits that an earlier run left.
    pub draft: Option<Box<Draft>>,
    /// They were kept under another API key of the same API.
    pub is_of_other_key: bool,
    /// The newest send.
    pub last: Option<Box<Record>>,
    /// When that was found out.
    pub now: Timestamp,
    /// The newest edits that were discarded and are still kept.
    pub discarded: Option<KeptAside>,
    /// What was said once of the endpoint.
    pub answers: Vec<StandingAnswer>,
    /// The variables that had a value when something was sent from here last.
    pub had_values: HashSet<String>,
    /// Texts that were saved in an editor and that nobody took.
    pub texts: Vec<SavedText>,
    /// What there is to be told, a sentence each.
    pub notes: Vec<String>,
    /// Directories of which that tells: what an editor left in them.
    pub told: Vec<PathBuf>,
}

/// Discarded edits that can be had back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAside {
    /// When they were discarded, RFC 3339.
    pub at: String,
    /// Until when they are kept, RFC 3339.
    pub until: String,
}

/// What is discarded. It is kept aside for some days before anything of it goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Discard {
    /// The form's edits, and the form is left for this.
    Edits(Leaving, Box<Unsaved>),
    /// The draft of an earlier run.
    Draft,
    /// A text from `$EDITOR` that was not taken: all that is unsaved in this.
    Text(Box<Unsaved>),
}

/// Whether something is being discarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Discarding {
    /// Nothing is.
    #[default]
    No,
    /// It is being put aside: no key does anything, and what is on disk stays.
    Asked,
    /// It could not be put aside, and why, as the end of a sentence: the same key once more throws it away for good.
    Failed(String),
    /// Values in it may not be put aside: that was told, in this sentence, and the same key once more throws them away.
    Withheld(&'static str),
}

impl Opened {
    /// A draft was found that another API key left for the same API.
    pub fn offer(&mut self, draft: Box<Draft>) {
        let mut note =
            "They were kept under another API key of the same API. Restored, they are kept under this one.".to_owned();
        if draft.edited.redacted().next().is_some() {
            note.push_str(
                " Values that were not kept (keep_secrets = false) can't be told apart under this key: the server's count for \
                 what was not edited.",
            );
        }
        self.notes.push(note);
        self.draft = Some(draft);
        self.is_of_other_key = true;
    }

    /// Nothing was found; the endpoint is this editor's.
    pub fn ours() -> Self {
        Self {
            draft_state: DraftState::Ours,
            draft: None,
            is_of_other_key: false,
            last: None,
            now: Timestamp::MAX,
            discarded: None,
            answers: Vec::new(),
            had_values: HashSet::new(),
            texts: Vec::new(),
            notes: Vec::new(),
            told: Vec::new(),
        }
    }
}

impl Discarding {
    /// Why it can't be put aside, if that is so.
    pub fn why_failed(&self) -> Option<&str> {
        match self {
            Self::Failed(why) => Some(why),
            Self::No | Self::Asked | Self::Withheld(_) => None,
        }
    }

    /// The sentence that tells that values may not be put aside, if that is so.
    pub fn withheld(&self) -> Option<&'static str> {
        match self {
            Self::Withheld(said) => Some(said),
            Self::No | Self::Asked | Self::Failed(_) => None,
        }
    }
}

/// What is left behind when unsaved changes are thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// The program.
    Quit,
    /// The endpoint, for the picker.
    Picker,
}

/// A send of which nobody knows what came of it.
pub type Sent = Arc<EndpointConfig>;
