//! What is unsaved, in the form and in what lies over it, and what of that is to be on disk.

use super::model::{Between, Discarding, Editing, Form, Keeping, Model, Overlay, Screen};
use super::views::conflict::Conflict;
use crate::session::Step;
use crate::store::Unsaved;

impl Model {
    /// What is to be on disk now: `Some(None)` is nothing, `None` leaves what is there.
    pub fn unsaved(&self) -> Option<Option<Unsaved>> {
        let Screen::Form(form) = &self.screen else { return None };
        let waits = form.carried.is_some() || form.discarding == Discarding::Asked || self.undecided_draft();
        if form.keeping != Keeping::Ours || waits {
            return None;
        }
        Some(self.unsaved_in(form))
    }

    /// What is unsaved in the form, wherever that may be kept; `None`: nothing is.
    pub fn unsaved_in(&self, form: &Form) -> Option<Unsaved> {
        // What is on its way is not known to be stored.
        let sent = match &self.overlay {
            Some(Overlay::Saving {
                progress: Some(progress),
                body,
            }) if matches!(progress.step, Step::Send | Step::Verify) => Some(body.shared_config()),
            _ => form.unknown.clone(),
        };
        let typing = match self.views.find::<Conflict>() {
            Some(conflict) => conflict.editing.as_ref().map(Editing::as_typing),
            None => form.typing(),
        };
        if !form.is_unsaved() && typing.is_none() && sent.is_none() {
            return None;
        }
        let (loaded, edited) = form.work.kept();
        Some(Unsaved {
            loaded,
            edited,
            typing,
            sent,
            unread: form.unread.clone(),
        })
    }

    /// Whether a draft of an earlier run still waits for a decision, and so must stay as it is.
    fn undecided_draft(&self) -> bool {
        let conflict = self.views.find::<Conflict>();
        matches!(self.overlay, Some(Overlay::Draft(_)))
            || conflict.is_some_and(|conflict| matches!(conflict.between, Between::DraftAndServer(_)))
    }
}
