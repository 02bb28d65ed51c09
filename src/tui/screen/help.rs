//! The help: the keys that work, and what each does.

use super::page::Page;
use crate::tui::keymap::{Context, keymap, with_keys};
use crate::tui::model::Screen;
use crate::tui::theme;

impl Page {
    pub(super) fn help(&mut self, screen: &Screen) {
        let contexts: &[(Context, &str)] = match screen {
            Screen::Form(_) => &[
                (Context::Form, "In the form"),
                (Context::Review, "In the review"),
                (Context::Conflict, "Where both sides changed the same"),
                (Context::History, "In the history"),
                (Context::Draft, "Asked about unsaved edits"),
                (Context::Occupied, "Asked about another editor"),
            ],
            _ => &[(Context::Picker, "In the list of endpoints")],
        };
        for (context, title) in contexts {
            self.add(*title, theme::strong());
            for (action, keys) in keymap().listed(*context) {
                // Left without a key by the user: nothing works here that could be told.
                if keys.is_empty() {
                    continue;
                }
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                self.entry(&format!("  {}", keys.join(" ")), 21, action.says(), theme::plain());
            }
            self.add("", theme::plain());
        }
        if matches!(screen, Screen::Form(_)) {
            self.add("While editing", theme::strong());
            for (keys, says) in [
                ("Enter", "take the text"),
                ("Tab", "take it and go on"),
                ("↑ ↓", "choose from the list under the field, where there is one"),
                (
                    "Esc Ctrl-C",
                    "leave the field as it was; {redo} brings the typed text back",
                ),
                ("Ctrl-U", "clear"),
                ("Ctrl-W", "delete the word before the cursor"),
                ("Alt-Enter Ctrl-J", "a line break, where the field may have one"),
                ("Ctrl-S", "take it and open the review"),
                ("F1", "details and help"),
            ] {
                self.entry(&format!("  {keys}"), 21, &with_keys(says), theme::plain());
            }
            self.add("", theme::plain());
            self.add("Marks: › focus   * changed   ✗ error   ! warning", theme::plain());
        }
    }
}
