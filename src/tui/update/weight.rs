//! How much hangs on a key where it lands, and whether it counts: the one place that every key goes through.

use std::any::TypeId;
use std::mem::{Discriminant, discriminant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::editing::begins_a_number;
use super::front::{self, text_in_front};
use crate::tui::event::Press;
use crate::tui::guard::{Refusal, Weight};
use crate::tui::keymap::{Action, Context, Key, keymap};
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
pub(super) fn counts(model: &mut Model, press: &Press) -> bool {
    let found = if let Some(mut taken) = model.views.take_front() {
        let found = weight_in_view(&mut *taken.view, model, &press.key);
        model.views.put_back(taken);
        found
    } else if text_in_front(model).is_some() {
        Some(weight_in_text(model, &press.key))
    } else {
        weight(model, &press.key)
    };
    let Some(weight) = found else {
        if !model.is_bare() {
            model.guard.strayed();
        }
        tell_alphabet(model, &press.key);
        return true;
    };
    match model.guard.admits(press, weight) {
        Ok(()) => true,
        Err(why) => {
            refuse(model, press, why);
            false
        }
    }
}

/// Says that a key did nothing, why, and that it is to be pressed again.
pub(in crate::tui) fn refuse(model: &mut Model, press: &Press, why: Refusal) {
    let key = Key::from(&press.key);
    model.complain(match why {
        Refusal::TooEarly => {
            format!("Nothing was done: that key came too soon after this was shown. Press {key} again.")
        }
        Refusal::WithEsc => format!("Nothing was done: {key} came together with an Esc or Alt key. Press {key} again."),
        Refusal::Stray => {
            format!("Nothing was done: other keys came just before. Press {key} again if it is meant for this.")
        }
    });
}

/// What hangs on a key for a view; `None`: it means nothing there.
fn weight_in_view(view: &mut dyn View<Model>, model: &Model, key: &KeyEvent) -> Option<Weight> {
    let is_editing = view.is_editing(model);
    let types = view.text().is_some() || (is_editing && view.types_into_form());
    match front::action_of(view, model, key) {
        Some(action) => Some(view.weight(model, action)),
        None if types => Some(if accepts(key) { Weight::Accepts } else { Weight::Light }),
        None if is_editing || view.takes_any_key() => Some(Weight::Light),
        None => (key.code == KeyCode::Esc).then_some(Weight::Light),
    }
}

/// What hangs on a key where no text is typed; `None`: it means nothing there.
fn weight(model: &Model, key: &KeyEvent) -> Option<Weight> {
    let by = |context| keymap().action(context, key);
    let action = match &model.screen {
        Screen::Form(form) if form.editing.is_some() => return Some(Weight::Light),
        // Back to the list, by the key that leads there from the form.
        Screen::Loading { .. } => by(Context::Picker).or(by(Context::Form).filter(|a| *a == Action::Picker)),
        _ => super::context(model).and_then(by),
    };
    let begins = matches!(&model.screen, Screen::Form(form) if begins_a_number(form.focus, key).is_some());
    let is_known = begins || key.code == KeyCode::Esc;
    action.map(Action::weight).or(is_known.then_some(Weight::Light))
}

/// The same where one is typed.
fn weight_in_text(model: &Model, key: &KeyEvent) -> Weight {
    let in_text = if accepts(key) { Weight::Accepts } else { Weight::Light };
    // What is no key of the text of a filter is one of what is filtered.
    let is_typed = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let below = |context| {
        let action = keymap().action(context, key).filter(|_| !is_typed);
        action.map_or(in_text, |action| action.weight().max(in_text))
    };
    match &model.screen {
        Screen::Form(form) if form.editing.is_none() => below(Context::Form),
        Screen::Picker(_) => below(Context::Picker),
        _ => in_text,
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
    let here = super::context(model).unwrap_or(Context::Form);
    let help = keymap().word(here, Action::Help);
    model.say(format!(
        "{c} does nothing here: the keys are the letters a to z, and the keyboard is set to others. {help} lists them."
    ));
}
