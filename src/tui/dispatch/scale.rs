//! An endpoint that was opened from the list to change a number only.

use super::draft_state;
use crate::text::when;
use crate::tui::event::{Effect, Press};
use crate::tui::model::{DraftState, Model, Opened, Screen};
use crate::tui::views::{quick_scale, review};

/// The endpoint was opened from the list to change a number. It starts from the server's state, and unsaved edits of an
/// earlier session are left alone. What was typed while it was being read is for the box.
pub(super) fn opened(model: &mut Model, mut found: Opened, typed: Vec<Press>) -> Vec<Effect> {
    let waiting = found.draft.take();
    // They wait for the form as well.
    found.texts.clear();
    let mut effects = draft_state::opened(model, found);
    // What is asked or told first is in front of the box.
    let asked = !model.is_bare();
    let Screen::Form(form) = &mut model.screen else {
        return effects;
    };
    if let Some(draft) = waiting.filter(|_| form.draft_state == DraftState::Ours) {
        let at = when(&draft.saved_at);
        let why = format!("unsaved edits of {at} wait and are left alone");
        form.not_kept = Some(why.clone());
        form.draft_state = DraftState::Nowhere(why);
        effects.push(Effect::Disown);
        model.say(format!(
            "Unsaved edits of {at} wait: they are left alone. This starts from the server's state."
        ));
    }
    quick_scale::begin(model, true);
    if asked {
        return effects;
    }
    effects.extend(quick_scale::come_back(model));
    let told = model.notice.take();
    for press in typed {
        // The review sends nothing that was typed before it was on the screen.
        if !(quick_scale::is_in_front(model) || review::is_in_front(model)) {
            break;
        }
        effects.extend(super::key_pressed(model, press));
    }
    if model.notice.is_none() {
        model.notice = told;
    }
    effects
}
