//! The help: the keys that work, and what each does. What works here comes first.

use super::page::Page;
use crate::tui::keymap::{Action, Context, keymap, with_keys};
use crate::tui::model::{Form, Overlay, Screen};
use crate::tui::theme;

/// Where what a key does begins.
const COLUMN: usize = 21;

/// Where an action works.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Everywhere,
    Number,
    List,
}

impl Part {
    fn of(context: Context, action: Action) -> Self {
        match action {
            _ if context != Context::Form => Self::Everywhere,
            Action::Increase | Action::Decrease | Action::IncreaseTen | Action::DecreaseTen => Self::Number,
            Action::Add
            | Action::Delete
            | Action::MoveDown
            | Action::MoveUp
            | Action::SortRows
            | Action::Filter
            | Action::Reveal
            | Action::RevealAll => Self::List,
            _ => Self::Everywhere,
        }
    }
}

impl Page {
    /// The keys that work where the help was asked for: `over` is what lay over the screen then.
    pub(super) fn help(&mut self, over: Option<&Overlay>, screen: &Screen) {
        let (context, title) = match (over, screen) {
            (Some(Overlay::Scale(_)), Screen::Form(form)) => {
                self.scale(form);
                return self.marks();
            }
            (Some(Overlay::Review(_)), _) => (Context::Review, "In the review"),
            (Some(Overlay::Conflict(_)), _) => (Context::Conflict, "Where both sides changed the same"),
            (Some(Overlay::Past(_)), _) => (Context::History, "In the history"),
            (Some(Overlay::Draft(_)), _) => (Context::Draft, "Asked about unsaved edits"),
            (Some(Overlay::Occupied), _) => (Context::Occupied, "Asked about another editor"),
            (_, Screen::Form(_)) => (Context::Form, "In the form"),
            _ => (Context::Picker, "In the list of endpoints"),
        };
        self.context(context, title);
        match context {
            Context::Form => {
                self.editing();
                self.typing_a_filter();
                self.in_a_text();
            }
            Context::Picker => {
                self.typing_a_filter();
                return self.in_a_text();
            }
            _ => {}
        }
        self.marks();
    }

    fn marks(&mut self) {
        self.add("Marks: › focus   * changed   ✗ error   ! warning", theme::plain());
    }

    fn context(&mut self, context: Context, title: &str) {
        // What works on some fields only comes after what always does.
        for (part, title) in [
            (Part::Everywhere, title),
            (Part::Number, "On a number"),
            (Part::List, "In a list"),
        ] {
            let keymap = keymap();
            let listed = keymap.listed(context).iter();
            let here: Vec<_> = listed
                .filter(|(action, _)| Part::of(context, *action) == part)
                .collect();
            if here.is_empty() {
                continue;
            }
            self.add(title, theme::strong());
            if part == Part::Number {
                self.key("0–9 m", "starts typing: a number, or min, max; in seconds 5m, 1h30m");
            }
            for (action, keys) in here {
                // Left without a key by the user: nothing works here that could be told.
                if keys.is_empty() {
                    continue;
                }
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                self.key(&keys.join(" "), action.says_in(context));
            }
            self.add("", theme::plain());
        }
    }

    fn editing(&mut self) {
        self.fixed(
            "While editing",
            &[
                ("Enter", "take the text"),
                ("Tab", "take it and go on"),
                ("↑ ↓", "choose from the list under a field; else go by rows"),
                (
                    "Esc Ctrl-C",
                    "leave the field as it was; {redo} brings the typed text back",
                ),
                ("Alt-Enter Ctrl-J", "a line break, where the field may have one"),
                ("Ctrl-S", "take it and open the review"),
                ("F1", "details and help"),
            ],
        );
    }

    /// The keys of every text.
    fn in_a_text(&mut self) {
        self.fixed(
            "In any text that is typed",
            &[
                ("Ctrl-← Alt-B", "a word back; Alt-← too"),
                ("Ctrl-→ Alt-F", "a word on; Alt-→ too"),
                ("Home End", "start, end of the row, then of the text; Ctrl-A Ctrl-E"),
                ("PgUp PgDn", "some rows up, down"),
                ("Ctrl-W Alt-D", "delete the word before, after; Alt-Backspace too"),
                (
                    "Ctrl-U Ctrl-K",
                    "delete to start, end of the line; all that is selected",
                ),
                ("Ctrl-_ Ctrl-Y", "undo, redo in the text"),
            ],
        );
    }

    fn typing_a_filter(&mut self) {
        self.fixed(
            "While a filter is typed",
            &[
                ("Enter", "done: letters act again, the filter stays"),
                ("↑ ↓", "move among what it shows"),
                ("Esc Ctrl-C", "show all"),
            ],
        );
    }

    /// The box of quick scale: keys of its own, and some of the form's.
    fn scale(&mut self, form: &Form) {
        let from_picker = form.scaling.is_some_and(|scale| scale.from_picker);
        self.add("In the box of quick scale", theme::strong());
        self.key("Enter Ctrl-S", "take what is typed, and to the review");
        self.key("Tab ↓ j", "next");
        self.key("Shift-Tab ↑ k", "previous");
        self.key("0–9", "type a number; Esc leaves it as it was");
        self.key("Space", "the other word, where there are words");
        let actions = [
            Action::Increase,
            Action::Decrease,
            Action::IncreaseTen,
            Action::DecreaseTen,
            Action::Undo,
            Action::Redo,
            Action::RestoreField,
        ];
        for action in actions {
            self.form_action(action, action.says_in(Context::Form));
        }
        if from_picker {
            self.key("Esc Ctrl-C", "back to the list of endpoints");
        } else {
            self.form_action(Action::Scale, "keep what was changed, as edits of the form");
            self.key("Esc Ctrl-C", "take back what was changed here");
        }
        self.add("", theme::plain());
    }

    /// An action of the form with the keys that the user has for it.
    fn form_action(&mut self, action: Action, says: &str) {
        let keymap = keymap();
        let listed = keymap.listed(Context::Form).iter().find(|(known, _)| *known == action);
        let keys: Vec<String> = listed
            .into_iter()
            .flat_map(|(_, keys)| keys)
            .map(ToString::to_string)
            .collect();
        if !keys.is_empty() {
            self.key(&keys.join(" "), says);
        }
    }

    fn fixed(&mut self, title: &str, keys: &[(&str, &'static str)]) {
        self.add(title, theme::strong());
        for (keys, says) in keys {
            self.key(keys, &with_keys(says));
        }
        self.add("", theme::plain());
    }

    fn key(&mut self, keys: &str, says: &str) {
        self.entry(&format!("  {keys}"), COLUMN, says, theme::plain());
    }
}
