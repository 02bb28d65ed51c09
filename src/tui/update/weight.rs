//! How much hangs on a key where it lands, and whether it counts: the one place that every key goes through.

use std::mem::{Discriminant, discriminant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::front::text_in_front;
use super::{copy, form, import, lookups, outside, palette, saving};
use crate::tui::event::Press;
use crate::tui::guard::{Refusal, Weight};
use crate::tui::keymap::{Action, Context, Key, keymap};
use crate::tui::model::{Discarding, Model, Overlay, Screen};

/// What is in front, as far as a key can be an answer to it.
#[derive(PartialEq, Eq)]
pub(super) struct Front {
    overlay: Option<Discriminant<Overlay>>,
    screen: Discriminant<Screen>,
    /// What is asked within it.
    asks: bool,
    /// Whether what can't be put aside is to be thrown away for good.
    discarding: Option<Discriminant<Discarding>>,
}

impl Front {
    pub(super) fn of(model: &Model) -> Self {
        let asks = match &model.overlay {
            Some(Overlay::Path(asked)) => asked.exists,
            Some(Overlay::Review(review)) => review.confirm.is_some(),
            Some(Overlay::Conflict(conflict)) => conflict.editing.is_some(),
            _ => false,
        };
        Self {
            overlay: model.overlay.as_ref().map(discriminant),
            screen: discriminant(&model.screen),
            asks,
            discarding: match &model.screen {
                Screen::Form(form) => Some(discriminant(&form.discarding)),
                _ => None,
            },
        }
    }
}

/// Whether a key does what it means where it lands. If it doesn't count, that is said.
pub(super) fn counts(model: &mut Model, press: &Press) -> bool {
    let found = if text_in_front(model).is_some() {
        Some(weight_in_text(model, &press.key))
    } else {
        weight(model, &press.key)
    };
    let Some(weight) = found else {
        if model.overlay.is_some() {
            model.guard.strayed();
        }
        tell_alphabet(model, &press.key);
        return true;
    };
    match model.guard.admits(press, weight) {
        Ok(()) => true,
        Err(Refusal::TooEarly) => {
            too_early(model, press);
            false
        }
        Err(Refusal::Stray) => {
            let key = Key::from(&press.key);
            model.complain(format!(
                "Other keys came just before: press {key} again if it was meant for this."
            ));
            false
        }
    }
}

/// A key was typed before what it would answer could be seen.
pub(super) fn too_early(model: &mut Model, press: &Press) {
    let key = Key::from(&press.key);
    model.complain(format!(
        "Nothing was done: that key came too soon after this was shown. Press {key} again."
    ));
}

/// What hangs on a key where no text is typed; `None`: it means nothing there.
fn weight(model: &Model, key: &KeyEvent) -> Option<Weight> {
    let action = match (&model.overlay, &model.screen) {
        (Some(Overlay::Help { .. } | Overlay::Details { .. } | Overlay::Scale(_)), _) => return Some(Weight::Light),
        (Some(Overlay::Conflict(conflict)), _) if conflict.editing.is_some() => return Some(Weight::Light),
        (Some(Overlay::Leave(_)), _) => form::leave_action(model, key),
        (Some(Overlay::OtherCluster(_)), _) => lookups::question_action(key),
        (Some(Overlay::Result { .. }), _) => saving::result_action(model, key),
        (Some(Overlay::Rejected), _) => outside::rejected_action(key),
        (Some(Overlay::Emptied), _) => outside::emptied_action(key),
        (Some(Overlay::Import(_)), _) => import::action(key),
        (Some(Overlay::Path(asked)), _) => import::path_action(asked, key),
        (Some(Overlay::LongCopy { .. }), _) => copy::action(key),
        (Some(Overlay::Saving { .. } | Overlay::Outside(_) | Overlay::Told(_)), _) => return Some(Weight::Light),
        (None, Screen::Form(form)) if form.editing.is_some() => return Some(Weight::Light),
        _ => return weight_by_keymap(model, key),
    };
    action.map(Action::weight)
}

/// The same where the keymap decides.
fn weight_by_keymap(model: &Model, key: &KeyEvent) -> Option<Weight> {
    if let Some(action) = keymap().action(super::context(model)?, key) {
        return Some(action.weight());
    }
    let begins =
        matches!(&model.screen, Screen::Form(form) if super::editing::begins_a_number(form.focus, key).is_some());
    (key.code == KeyCode::Esc || (model.overlay.is_none() && begins)).then_some(Weight::Light)
}

fn weight_in_text(model: &Model, key: &KeyEvent) -> Weight {
    let accepts = match key.code {
        KeyCode::Enter => key.modifiers == KeyModifiers::NONE,
        KeyCode::Tab | KeyCode::BackTab => true,
        KeyCode::Char('s') => key.modifiers == KeyModifiers::CONTROL,
        _ => false,
    };
    match &model.overlay {
        _ if !accepts => Weight::Light,
        Some(Overlay::Review(_)) => Weight::Sends,
        Some(Overlay::Palette(text, at)) => {
            let chosen = palette::entries(&model.screen, text.text()).into_iter().nth(*at);
            chosen.map_or(Weight::Accepts, |entry| entry.action.weight().max(Weight::Accepts))
        }
        _ => Weight::Accepts,
    }
}

/// Once, where a letter of another alphabet means nothing: why.
fn tell_alphabet(model: &mut Model, key: &KeyEvent) {
    let KeyCode::Char(c) = key.code else { return };
    if c.is_ascii() || !c.is_alphabetic() || model.told_alphabet {
        return;
    }
    model.told_alphabet = true;
    let here = super::context(model).unwrap_or(Context::Form);
    let help = keymap().word(here, Action::Help);
    model.say(format!(
        "{c} does nothing here: the keys are Latin letters, and the keyboard is set to others. {help} lists them."
    ));
}
