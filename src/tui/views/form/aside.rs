//! What was sent and read back otherwise without having been edited: it waits aside, and one key makes edits of it.

use std::sync::Arc;

use crate::endpoint::EndpointConfig;
use crate::endpoint::diff::{self, Change, few_names};
use crate::endpoint::edit::Edit;
use crate::endpoint::merge::Merge;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Form, Model, Screen};

impl Form {
    /// What would come of putting it back; `None`: nothing waits.
    fn put_back(&self) -> Option<EndpointConfig> {
        let aside = self.aside.as_ref()?;
        let merge = Merge::new(&self.work.base().config, self.work.now(), aside);
        // What was edited since stays as it is.
        Some(merge.resolve(&[])).filter(|restored| restored != self.work.now())
    }

    /// What waits aside, from what the form holds to what was sent; nothing if nothing does.
    pub fn waits_aside(&self) -> Vec<Change> {
        let restored = self.put_back();
        restored.map_or_else(Vec::new, |restored| diff::changes(self.work.now(), &restored))
    }

    /// What was sent, in the server's spelling, waits where it isn't in the form.
    pub fn put_aside(&mut self, sent: EndpointConfig) {
        self.aside = Some(Arc::new(sent));
        // Values that were not kept can't be put back.
        if self
            .put_back()
            .is_none_or(|restored| restored.redacted().next().is_some())
        {
            self.aside = None;
        }
    }
}

/// That something waits aside, in a sentence; `None`: nothing does.
pub fn told(form: &Form) -> Option<String> {
    let waits = form.waits_aside();
    let key = form_key(Action::PutBack);
    (!waits.is_empty()).then(|| {
        format!(
            "What was sent and reads back otherwise waits aside: {}. {key} puts it back.",
            few_names(&waits)
        )
    })
}

/// Makes edits of what waits aside.
pub fn put_back(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    let Some(restored) = form.put_back() else {
        model.say("Nothing waits aside: what was sent last is in the form.");
        return;
    };
    let names = few_names(&form.waits_aside());
    let old = form.work.now().clone();
    form.with_focus_kept(|work| {
        work.apply_given(Edit::Whole {
            name: "put back what was sent".to_owned(),
            old: Box::new(old),
            new: Box::new(restored),
        });
    });
    let (review, undo) = (form_key(Action::Review), form_key(Action::Undo));
    model.say(format!(
        "Put back as edits: {names}. {review} reviews and sends them, {undo} takes them out again."
    ));
}
