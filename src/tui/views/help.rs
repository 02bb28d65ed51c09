//! The help: the keys that work, and what each does. What works here comes first.

use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::guard::Weight;
use crate::tui::keymap::{Action, Context, keymap, with_keys};
use crate::tui::model::Model;
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::page::Page;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

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

/// The keys that work in one place.
#[derive(Debug)]
pub struct Help {
    keys: KeysOf,
    scroll: Scroll,
}

/// What is in front of which help was asked for.
#[derive(Debug)]
enum KeysOf {
    /// Where keys have a table.
    Context(Context),
    /// In a view with keys of its own.
    Commands(&'static str, Vec<Command>),
}

impl Help {
    /// For what is in front.
    pub fn new(view: &dyn View<Model>, model: &Model) -> Self {
        let keys = match view.context() {
            Some(context) => KeysOf::Context(context),
            None => KeysOf::Commands(view.help_title(), view.commands(model)),
        };
        Self {
            keys,
            scroll: Scroll::default(),
        }
    }
}

impl View<Model> for Help {
    fn context(&self) -> Option<Context> {
        Some(Context::Form)
    }

    fn commands(&self, _model: &Model) -> Vec<Command> {
        Command::of_page()
    }

    /// Any key closes it, and that is all.
    fn weight(&self, _model: &Model, _action: Action) -> Weight {
        Weight::Light
    }

    fn otherwise(&self) -> Option<Action> {
        Some(Action::Back)
    }

    /// Scrolled by the keys of the form, closed by any other.
    fn act(&mut self, _model: &mut Model, _action: Action, _press: &Press) -> Flow {
        Flow::close()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        Sheet::new("Keys", &self.scroll, model.notice.as_ref()).draw(canvas, |page| page.help(&self.keys));
    }
}

/// What commands do, with all the keys for it; a key stands once, where two commands have it.
fn by_what_they_do(commands: &[Command]) -> Vec<(String, Vec<String>)> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for command in commands.iter().filter(|command| !command.keys().is_empty()) {
        let says = command.says();
        let at = rows.iter().position(|(known, _)| *known == says).unwrap_or(rows.len());
        if at == rows.len() {
            rows.push((says, Vec::new()));
        }
        for key in command.keys().split(' ') {
            if rows.iter().all(|(_, keys)| keys.iter().all(|known| known != key)) {
                rows[at].1.push(key.to_owned());
            }
        }
    }
    rows
}

fn title(context: Context) -> &'static str {
    match context {
        Context::Form => "In the form",
        Context::Picker => "In the list of endpoints",
        Context::Review => "In the review",
        Context::Conflict => "Where both sides changed the same",
        Context::Draft => "Asked about unsaved edits",
        Context::Occupied => "Asked about another editor",
        Context::History => "In the history",
    }
}

impl Page {
    /// The keys that work in a place.
    fn help(&mut self, keys: &KeysOf) {
        match keys {
            KeysOf::Commands(title, commands) => {
                self.add(*title, theme::strong());
                for (says, keys) in by_what_they_do(commands) {
                    self.key(&keys.join(" "), &says);
                }
                self.add("", theme::plain());
            }
            KeysOf::Context(context) => {
                self.context(*context, title(*context));
                if *context == Context::Form {
                    self.editing();
                }
                if matches!(context, Context::Form | Context::Picker) {
                    self.typing_a_filter();
                    self.in_a_text();
                }
                if *context == Context::Picker {
                    return;
                }
            }
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
