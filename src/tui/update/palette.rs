//! The palette: every action by its name, with its key.

use crossterm::event::{KeyCode, KeyEvent};

use super::editing;
use crate::tui::event::Effect;
use crate::tui::fuzzy::{Fuzzy, Match};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::widgets::text_edit::{KeyEffect, TextEdit, TextKind, is_alt};

/// An action that can be chosen.
pub struct Entry {
    /// It.
    pub action: Action,
    /// What it does here.
    pub says: &'static str,
    /// Its keys, as they are shown; empty: none.
    pub keys: String,
}

pub(super) fn open(model: &mut Model) {
    model.overlay = Some(Overlay::Palette(TextEdit::new(""), 0));
}

/// The actions of the screen that match, the best first.
pub fn entries(screen: &Screen, text: &str) -> Vec<Entry> {
    let context = match screen {
        Screen::Form(_) => Context::Form,
        _ => Context::Picker,
    };
    let keymap = keymap();
    let all = keymap
        .listed(context)
        .iter()
        .filter(|(action, _)| *action != Action::Palette)
        .map(|(action, keys)| Entry {
            action: *action,
            says: action.says_in(context),
            keys: keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        });
    // By what it says, by its name in the keymap file, or by another word for it; the first counts most.
    Fuzzy::new(text).best_by(all, |fuzzy, Entry { action, says, .. }| {
        let others = action.also().iter().filter_map(|word| fuzzy.text(word)).max();
        let by_name = fuzzy.text(action.name()).max(others).map(Match::weaker);
        fuzzy.text(says).max(by_name)
    })
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Palette(text, at)) = &mut model.overlay else {
        return Vec::new();
    };
    match key.code {
        _ if editing::is_leave(key) => model.overlay = None,
        KeyCode::Enter if !is_alt(key) => {
            // Where nothing matches there is nothing to be done, and the word stays, to be mended.
            let Some(Entry { action, .. }) = entries(&model.screen, text.text()).into_iter().nth(*at) else {
                return Vec::new();
            };
            model.overlay = None;
            return super::act_on_screen(model, action);
        }
        KeyCode::Down if !is_alt(key) => {
            let count = entries(&model.screen, text.text()).len();
            *at = (*at + 1).min(count.saturating_sub(1));
        }
        KeyCode::Up if !is_alt(key) => *at = at.saturating_sub(1),
        _ => match text.press(key, TextKind::WORDS) {
            Ok(KeyEffect::Changed) => *at = 0,
            Ok(KeyEffect::Kept | KeyEffect::Ignored) => {}
            Err(why) => model.complain(why),
        },
    }
    Vec::new()
}
