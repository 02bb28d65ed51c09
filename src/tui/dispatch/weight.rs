//! How much hangs on a key where it lands, and whether it counts: the one place that every key goes through.

use std::any::TypeId;
use std::mem::{Discriminant, discriminant};

use crossterm::event::{KeyCode, KeyEvent};

use super::front;
use crate::tui::event::Press;
use crate::tui::guard::Weight;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Discarding, Model, Screen};
use crate::tui::view::View;
use crate::tui::widgets::text_edit::accepts;

/// What is in front, as far as a key can be an answer to it.
#[derive(PartialEq, Eq)]
pub(super) struct Front {
    views: Vec<(TypeId, usize)>,
    screen: Discriminant<Screen>,
    /// Whether what can't be put aside is to be thrown away for good.
    discarding: Option<Discriminant<Discarding>>,
}

impl Front {
    pub(super) fn of(model: &Model) -> Self {
        Self {
            views: model.views.identity(),
            screen: discriminant(&model.screen),
            discarding: match &model.screen {
                Screen::Form(form) => Some(discriminant(&form.discarding)),
                _ => None,
            },
        }
    }
}

/// Whether a key does what it means where it lands. If it doesn't count, that is said.
pub(super) fn counts(model: &mut Model, press: &Press, action: Option<Action>) -> bool {
    let Some(weight) = front::with(model, |view, model| weight(view, model, &press.key, action)) else {
        if !model.is_bare() {
            model.guard.strayed();
        }
        tell_alphabet(model, &press.key);
        return true;
    };
    match model.guard.admits(press, weight) {
        Ok(()) => true,
        Err(why) => {
            model.refuse(press, why);
            false
        }
    }
}

/// What hangs on a key for a view; `None`: it means nothing there.
fn weight(view: &mut dyn View<Model>, model: &mut Model, key: &KeyEvent, action: Option<Action>) -> Option<Weight> {
    let in_text = if accepts(key) { Weight::Accepts } else { Weight::Light };
    let is_editing = view.is_editing(model);
    match action {
        Some(action) => Some(view.weight(model, action)),
        None if is_editing && let Some(weight) = view.weight_of_typing(model, key) => Some(weight),
        None if view.text(model).is_some() => Some(in_text),
        None if is_editing => Some(Weight::Light),
        None => {
            let is_esc = (key.code == KeyCode::Esc).then_some(Weight::Light);
            view.takes(model, key).or(is_esc)
        }
    }
}

/// Once, where a letter of another alphabet means nothing: why.
fn tell_alphabet(model: &mut Model, key: &KeyEvent) {
    let KeyCode::Char(c) = key.code else { return };
    // `é` or `ß` on a Latin keyboard is no sign of another alphabet.
    let is_latin = c.is_ascii() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    if is_latin || !c.is_alphabetic() || model.told_alphabet {
        return;
    }
    model.told_alphabet = true;
    let here = front::context(model).unwrap_or(Context::Form);
    let help = keymap().word(here, Action::Help);
    model.say(format!(
        "{c} does nothing here: the keys are the letters a to z, and the keyboard is set to others. {help} lists them."
    ));
}
