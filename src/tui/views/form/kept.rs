//! What of the form a draft keeps, and how it goes on from one.

use std::sync::Arc;

use super::editing::{Editing, RowEdit};
use super::state::Form;
use crate::endpoint::schema::Kind;
use crate::secret::Secret;
use crate::store::{Draft, Snapshot, Typing, TypingTarget, Unsaved};
use crate::tui::draft_state::{DraftState, Sent};
use crate::tui::widgets::text_edit::TextEdit;

impl Form {
    /// What is unsaved in it, wherever that may be kept; `None`: nothing is.
    pub fn unsaved(&self) -> Option<Unsaved> {
        self.unsaved_with(self.sent(), self.typing())
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

    /// What was sent while nobody knows what came of it.
    pub fn sent(&self) -> Option<Sent> {
        self.unknown.as_ref().map(|open| Arc::clone(&open.sent))
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
            sent: self.sent().as_deref().cloned(),
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
