//! The palette: every action by its name, with its key.

use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::fuzzy::{Fuzzy, Match};
use crate::tui::guard::Weight;
use crate::tui::hit_map::{Target, Window};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Model, Screen};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::search_box::SearchBox;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// What is looked for.
#[derive(Debug, Default)]
pub struct Palette {
    search: SearchBox,
}

impl Palette {
    /// The actions that match what is typed.
    fn found(&self, model: &Model) -> Vec<Choosable> {
        entries(&model.screen, self.search.text.text())
    }

    /// The chosen action.
    fn chosen(&self, model: &Model) -> Option<Action> {
        let entry = self.found(model).into_iter().nth(self.search.chosen.at());
        entry.map(|entry| entry.action)
    }
}

impl View<Model> for Palette {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        SearchBox::commands("do it")
    }

    /// As much as hangs on the chosen action.
    fn weight(&self, model: &Model, action: Action) -> Weight {
        match action {
            Action::Accept => {
                let chosen = self.chosen(model).map_or(Weight::Accepts, Action::weight);
                chosen.max(Weight::Accepts)
            }
            _ => Weight::Light,
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        let count = self.found(model).len();
        match action {
            _ if self.search.chosen.act(action, count, 1) => Flow::stay(),
            // Where nothing matches there is nothing to be done, and the word stays, to be mended.
            Action::Accept => self.chosen(model).map_or_else(Flow::stay, Flow::close_for),
            _ => Flow::close(),
        }
    }

    fn text<'a>(&'a mut self, _model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        Some((&mut self.search.text, TextKind::WORDS))
    }

    fn typed(&mut self, model: &mut Model, refused: Option<String>) {
        match refused {
            Some(why) => model.complain(why),
            None => self.search.typed(),
        }
    }

    fn click(&mut self, _model: &mut Model, target: Target) {
        self.search.click(target);
    }

    fn wheel(&mut self, _model: &mut Model, rows: i64, window: Window) {
        self.search.chosen.by(rows, window.count);
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let found = self.found(model).into_iter();
        let rows: Vec<_> = found.map(|entry| (entry.says.to_owned(), entry.keys)).collect();
        self.search
            .draw(("All actions", ":"), &rows, model.notice.as_ref(), canvas);
    }
}

/// An action that can be chosen.
struct Choosable {
    action: Action,
    /// What it does here.
    says: &'static str,
    /// Its keys, as they are shown; empty: none.
    keys: String,
}

/// The actions of the screen that match, the best first.
fn entries(screen: &Screen, text: &str) -> Vec<Choosable> {
    let context = match screen {
        Screen::Form(_) => Context::Form,
        _ => Context::Picker,
    };
    let keymap = keymap();
    let all = keymap
        .listed(context)
        .iter()
        .filter(|(action, _)| *action != Action::Palette)
        .map(|(action, keys)| Choosable {
            action: *action,
            says: action.says_in(context),
            keys: keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        });
    // By what it says, by its name in the keymap file, or by another word for it; the first counts most.
    Fuzzy::new(text).best_by(all, |fuzzy, Choosable { action, says, .. }| {
        let others = action.also().iter().filter_map(|word| fuzzy.text(word)).max();
        let by_name = fuzzy.text(action.name()).max(others).map(Match::weaker);
        fuzzy.text(says).max(by_name)
    })
}
