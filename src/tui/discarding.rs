//! Discarding: Ctrl-X and nothing else, wherever something is thrown away. It is put aside before it goes, and where
//! that fails it is told, and the same key once more throws it away for good.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::event::Effect;
use super::model::{Discard, Discarding, Form, Model, Screen};
use crate::fs::KEPT_DAYS;

/// What is told before values are thrown away that may not be put aside.
pub const NEW_VALUES: &str = "New values and texts from the editor can't be kept aside (keep_secrets = false). Ctrl-X once \
                              more throws them away for good.";

/// Whether something is just being put aside: until the disk has answered no key does anything.
pub fn is_asked(model: &Model) -> bool {
    matches!(&model.screen, Screen::Form(form) if form.discarding == Discarding::Asked)
}

/// Whether it was told that this can't be put aside.
pub fn is_for_good(form: &Form) -> bool {
    matches!(form.discarding, Discarding::Failed(_))
}

/// Whether it was told that this can't be put aside, or that it may not be.
pub fn is_told(form: &Form) -> bool {
    matches!(form.discarding, Discarding::Failed(_) | Discarding::Withheld(_))
}

/// From now on it is told, in this sentence, that something of it may not be put aside.
pub fn tell(form: &mut Form, said: &'static str) {
    form.discarding = Discarding::Withheld(said);
}

/// Another key than the one that discards: it is not meant any more.
pub fn stay(model: &mut Model) {
    if let Screen::Form(form) = &mut model.screen {
        form.discarding = Discarding::No;
    }
}

/// Tells who pressed the letter that did it once which key it is now.
pub fn name_key(model: &mut Model, key: &KeyEvent) {
    if key.code == KeyCode::Char('d') && key.modifiers == KeyModifiers::NONE {
        model.say("Ctrl-X discards.");
    }
}

/// Has something put aside.
pub fn ask(form: &mut Form, what: Discard) -> Vec<Effect> {
    form.discarding = Discarding::Asked;
    vec![Effect::Discard(what)]
}

/// That something is aside, as the end of a sentence.
pub fn aside(loses_values: bool) -> String {
    let without = if loses_values { ", without new values" } else { "" };
    format!("; they are kept aside for {KEPT_DAYS} days{without}")
}

/// That something can't be put aside, and what then.
pub fn failed(why: &str) -> String {
    format!("This can't be kept aside: {why}. Ctrl-X once more throws it away for good.")
}
