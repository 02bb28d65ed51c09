//! What of a form is kept on disk, and whose it is.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Editing, Form, Leaving, Model, RowEdit, SavedText, Screen};
use crate::endpoint::edit::Row;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, FieldId};
use crate::secret::Secret;
use crate::store::{Draft, EditorText, EditorTextOf, Record, Snapshot, Typing, TypingTarget, Unsaved};
use crate::tui::widgets::text_edit::TextEdit;

/// Whether the form's edits are kept on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Being found out: another editor may have the endpoint, and an earlier one may have left a draft.
    Opening,
    /// They are, and this editor may send.
    Ours,
    /// They can't be, and why. This editor may send all the same.
    Nowhere(String),
    /// Another editor has the endpoint, and which, as the end of a sentence: nothing is written and nothing sent from here.
    Theirs(String),
}

/// What was found on disk about an endpoint.
#[derive(Debug)]
pub struct Opened {
    /// Whether the edits are kept from now on.
    pub draft_state: DraftState,
    /// Edits that an earlier run left.
    pub draft: Option<Box<Draft>>,
    /// The newest send.
    pub last: Option<Box<Record>>,
    /// The newest edits that were discarded and are still kept.
    pub discarded: Option<KeptAside>,
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
    /// Nothing was found; the endpoint is this editor's.
    pub fn ours() -> Self {
        Self {
            draft_state: DraftState::Ours,
            draft: None,
            last: None,
            discarded: None,
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

impl Model {
    /// Whether this would lose a value that the server hasn't got, or a text that may hold some, where it is kept on disk:
    /// values aren't written there (`keep_secrets = false`).
    pub fn loses_values<'a>(
        &self,
        edited: &EndpointConfig,
        typing: Option<&Typing>,
        editor_texts: impl IntoIterator<Item = &'a EditorText>,
    ) -> bool {
        let Screen::Form(form) = &self.screen else {
            return false;
        };
        let known = &form.work.base().config.envs;
        let is_new = |value: &Secret| !value.is_redacted() && known.iter().all(|known| known.value != *value);
        let is_typed = |typing: &Typing| match &typing.what {
            TypingTarget::Row { row, part, .. } => {
                matches!(row, Row::Env(env) if is_new(&env.value))
                    || (*part == FieldId::EnvValue && is_new(&typing.text))
            }
            TypingTarget::Field(_) | TypingTarget::Choice(_) => false,
        };
        let is_withheld = |text: &EditorText| !matches!(text.what, EditorTextOf::Field(_)) && !text.text.is_redacted();
        !self.around.redactor.keeps_values()
            && (edited.envs.iter().any(|env| is_new(&env.value))
                || typing.is_some_and(is_typed)
                || editor_texts.into_iter().any(is_withheld))
    }

    /// Whether nothing can be sent from here as it stands: there is a review, and no save.
    pub fn is_read_only(&self) -> bool {
        self.around.read_only
            || matches!(&self.screen, Screen::Form(form) if matches!(form.draft_state, DraftState::Theirs(_)))
    }
}

impl Form {
    /// What is unsaved in it, wherever that may be kept; `None`: nothing is.
    pub fn unsaved(&self) -> Option<Unsaved> {
        self.unsaved_with(self.unknown.clone(), self.typing())
    }

    /// The same with a send that is not known to be stored, and with what is being typed.
    pub fn unsaved_with(&self, sent: Option<Sent>, typing: Option<Typing>) -> Option<Unsaved> {
        if !self.is_unsaved() && typing.is_none() && sent.is_none() {
            return None;
        }
        let (loaded, edited) = self.work.kept();
        Some(Unsaved {
            loaded,
            edited,
            typing,
            sent,
            editor_texts: self.editor_texts.clone(),
        })
    }

    /// Why the edits can't be left as a draft, as the end of a sentence; `None`: they can.
    pub fn why_not_kept(&self) -> Option<&str> {
        match &self.draft_state {
            DraftState::Ours => self.not_kept.as_deref(),
            DraftState::Nowhere(why) => Some(why),
            DraftState::Theirs(_) => Some("another editor has this endpoint"),
            DraftState::Opening => Some("what is on disk is still being found out"),
        }
    }

    /// The text that is being typed, unless it is what the form holds already: that is nothing to be asked about later.
    pub fn typing(&self) -> Option<Typing> {
        let editing = self.editing.as_ref();
        editing
            .filter(|editing| editing.is_touched(self.work.now()))
            .map(Editing::typing)
    }

    /// The edits as a draft of this session, which was never written; `None` when nothing is unsaved.
    pub fn as_draft(&self) -> Option<Box<Draft>> {
        let typing = self.typing();
        if !self.is_unsaved() && typing.is_none() && self.unknown.is_none() {
            return None;
        }
        let base = self.work.base();
        Some(Box::new(Draft {
            saved_at: String::new(),
            base_url: String::new(),
            endpoint: base.config.id.clone(),
            pid: std::process::id(),
            loaded: Snapshot::from(base),
            edited: self.work.now().clone(),
            typing,
            sent: self.unknown.as_deref().cloned(),
            editor_texts: self
                .editor_texts
                .iter()
                .map(|editor_text| (**editor_text).clone())
                .collect(),
        }))
    }
}

impl Editing {
    /// What is typed and was not taken yet, as a draft keeps it.
    pub fn typing(&self) -> Typing {
        let typing = |what, text: &TextEdit| Typing {
            what,
            text: Secret::new(text.text()),
            cursor: text.cursor(),
        };
        match self {
            Self::Field { field, text } => typing(TypingTarget::Field(*field), text),
            Self::Choice { field, at } => {
                let word = match field.spec().kind {
                    Kind::Choice(words) => at.map_or("", |at| words[at].0),
                    _ => "",
                };
                typing(TypingTarget::Choice(*field), &TextEdit::new(word))
            }
            Self::Row(row) => {
                let what = TypingTarget::Row {
                    at: row.at,
                    old: row.old.clone(),
                    row: row.row.clone(),
                    part: row.part,
                };
                typing(what, &row.text)
            }
        }
    }

    /// Goes on typing where a draft left off.
    pub fn of(typing: &Typing) -> Self {
        let text = TextEdit::at_cursor(typing.text.reveal(), typing.cursor);
        match &typing.what {
            TypingTarget::Field(field) => Self::Field { field: *field, text },
            TypingTarget::Choice(field) => Self::Choice {
                field: *field,
                at: match field.spec().kind {
                    Kind::Choice(words) => words.iter().position(|(word, _)| *word == typing.text.reveal()),
                    _ => None,
                },
            },
            TypingTarget::Row { at, old, row, part } => {
                let mut edit = RowEdit::new(*at, old.clone(), row.clone(), *part);
                edit.text = text;
                Self::Row(Box::new(edit))
            }
        }
    }
}

/// A send of which nobody knows what came of it.
pub type Sent = Arc<crate::endpoint::EndpointConfig>;
