//! Where both sides changed the same: the clashes as a list, and what is taken of each. Nothing is ever sent by it.

mod draw;
pub mod merging;

use crate::endpoint::EndpointConfig;
use crate::endpoint::incoming::Taken;
use crate::endpoint::merge::{Clash, Location, Merge, Resolution, SideValue};
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::store::Draft;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::guard::Weight;
use crate::tui::hit_map::{Target, Window};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Editing, Form, Lookups, Model, PendingMerge, RowEdit, Screen, Suggestions, suggestions_for};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::views::form::edit_keys::{Pressed, insert, opened, pressed, row_part, tell_insert};
use crate::tui::views::form::pick;
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::selection::Selection;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// The two sides of a conflict.
#[derive(Clone, Debug)]
pub enum Between {
    /// The form, and what the server turned out to have.
    FormAndServer(PendingMerge),
    /// A draft, and what the server has.
    DraftAndServer(Box<Draft>),
    /// Edits that were discarded, and what the form holds.
    DiscardedAndForm(Box<Draft>),
}

impl Between {
    /// The draft whose edits are laid over what there is, and what those are called; `None`: the edits are the form's.
    pub fn draft(&self) -> Option<(&Draft, &'static str)> {
        match self {
            Self::FormAndServer(_) => None,
            Self::DraftAndServer(draft) => Some((draft, "unsaved")),
            Self::DiscardedAndForm(draft) => Some((draft, "discarded")),
        }
    }
}

/// Where a conflict leads. Who opens it says that.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    /// All is decided, one a clash.
    pub decided: fn(&mut Model, &Between, &[Option<Resolution>]),
    /// It was left: nothing is merged.
    pub left: fn(&mut Model, &Between),
}

/// Clashes being decided.
#[derive(Debug)]
pub struct Conflict {
    /// What is merged.
    merge: Merge,
    /// What is laid over what.
    pub between: Between,
    ways: Ways,
    /// The decisions so far, one a clash.
    pub choices: Vec<Option<Resolution>>,
    /// The focused clash.
    at: Selection,
    /// Of the blocks of the focused clash.
    scroll: Scroll,
    /// Environment values are shown.
    reveal: bool,
    /// The focused clash is being decided by typing.
    pub editing: Option<Editing>,
    /// The text that the typing began with, of a single field.
    was: String,
    /// The same as a decision.
    began: Option<SideValue>,
    /// What was typed last and left by Esc, and for which clash: redo brings it back.
    left: Option<(usize, SideValue)>,
    /// The id that is focused in the list under it.
    pick: Option<String>,
    /// It was asked whether the decisions are to be thrown away.
    leaving: bool,
}

impl View<Model> for Conflict {
    fn context(&self) -> Option<Context> {
        self.editing.is_none().then_some(Context::Conflict)
    }

    fn commands(&self, model: &Model) -> Vec<Command> {
        match &self.editing {
            Some(editing) => self.editing_commands(editing, model),
            None => self.choosing_commands(model.size.width),
        }
    }

    /// Once more throws away what was decided.
    fn weight(&self, _model: &Model, action: Action) -> Weight {
        match action {
            Action::Back if self.leaving => Weight::Weighs,
            _ => action.weight(),
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        let page = i64::from((model.size.height / 3).max(1));
        let (before, asked) = (self.at, std::mem::take(&mut self.leaving));
        match action {
            Action::ChooseLoaded => self.choose(Resolution::Loaded),
            Action::ChooseMine => self.choose(Resolution::Mine),
            Action::ChooseTheirs => self.choose(Resolution::Theirs),
            Action::Edit => {
                if let Err(why) = self.start_edit() {
                    model.complain(why);
                }
            }
            Action::Redo => match self.left.take() {
                Some((at, side)) => {
                    self.at = Selection::new(at);
                    self.choose(Resolution::Edited(side));
                }
                None => model.say("Nothing that was typed is left to bring back."),
            },
            Action::Accept => return self.accept(model),
            Action::PageDown => self.scroll.by(page),
            Action::PageUp => self.scroll.by(-page),
            Action::RevealAll => self.reveal = !self.reveal,
            Action::Back if self.decided() > 0 && !asked => {
                self.leaving = true;
                model.complain("Once more throws away what you decided here; nothing was merged yet.");
            }
            Action::Back => {
                (self.ways.left)(model, &self.between);
                return Flow::close();
            }
            _ => drop(self.at.act(action, self.choices.len(), 1)),
        }
        if self.at != before {
            self.scroll.go(0);
        }
        Flow::stay()
    }

    fn stray(&mut self, _model: &mut Model, _press: &Press) -> Flow {
        self.leaving = false;
        Flow::stay()
    }

    fn is_editing(&self, _model: &Model) -> bool {
        self.editing.is_some()
    }

    fn edit(&mut self, model: &mut Model, press: &Press) -> Flow {
        let Screen::Form(form) = &model.screen else {
            return Flow::stay();
        };
        match self.edit_key(form, &model.lookups, press) {
            Ok(said) => said.into_iter().for_each(|said| model.say(said)),
            Err(why) => model.complain(why),
        }
        Flow::stay()
    }

    fn text<'a>(&'a mut self, _model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        let editing = self.editing.as_mut()?;
        let kind = editing.text_kind().unwrap_or_default();
        Some((editing.text_mut()?, kind))
    }

    fn paste(&mut self, model: &mut Model, pasted: &Taken, last: bool) {
        let Some(editing) = &mut self.editing else { return };
        self.pick = None;
        tell_insert(model, insert(editing, pasted, last));
    }

    fn is_revealing(&mut self) -> bool {
        self.reveal || self.editing.as_ref().is_some_and(Editing::is_revealing)
    }

    fn mask(&mut self) {
        self.reveal = false;
        if let Some(editing) = &mut self.editing {
            editing.mask();
        }
    }

    fn click(&mut self, model: &mut Model, target: Target) {
        match (target, &mut self.editing) {
            (Target::Part(part), Some(editing)) => {
                self.pick = None;
                editing.go_to_part(part);
            }
            // It is focused; Enter takes it.
            (Target::Suggestion(row), Some(_)) => {
                self.pick = self.suggestions(model).and_then(|suggestions| suggestions.id_at(row));
            }
            (Target::Row(row), None) => {
                self.at = Selection::new(row);
                self.scroll.go(0);
            }
            _ => {}
        }
    }

    fn wheel(&mut self, _model: &mut Model, rows: i64, _window: Window) {
        self.scroll.by(rows);
    }

    fn question(&self) -> usize {
        usize::from(self.editing.is_some() || self.leaving)
    }

    fn ask_no_more(&mut self) {
        self.leaving = false;
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        if let Screen::Form(form) = &model.screen {
            self.draw_over(model, form, canvas);
        }
    }
}

impl Conflict {
    /// The clashes of a merge, none of them decided.
    pub fn new(merge: Merge, between: Between, ways: Ways) -> Self {
        Self {
            choices: vec![None; merge.clashes().len()],
            merge,
            between,
            ways,
            at: Selection::default(),
            scroll: Scroll::default(),
            reveal: false,
            editing: None,
            was: String::new(),
            began: None,
            left: None,
            pick: None,
            leaving: false,
        }
    }

    /// The focused clash.
    fn clash(&self) -> &Clash {
        &self.merge.clashes()[self.at.at()]
    }

    /// What was decided about the focused clash.
    fn choice(&self) -> Option<&Resolution> {
        self.choices[self.at.at()].as_ref()
    }

    /// How many clashes are decided.
    fn decided(&self) -> usize {
        self.choices.iter().flatten().count()
    }

    /// The configurations that the three sides are of: loaded, mine, theirs.
    fn sides<'a>(&'a self, form: &'a Form) -> [&'a EndpointConfig; 3] {
        match &self.between {
            Between::FormAndServer(pending) => [&form.work.base().config, form.work.now(), &pending.theirs.config],
            Between::DraftAndServer(draft) | Between::DiscardedAndForm(draft) => {
                [&draft.loaded.config, &draft.edited, form.work.now()]
            }
        }
    }

    /// What the three sides are called: a draft doesn't meet the server but what the form holds.
    fn names(&self) -> [&'static str; 3] {
        match &self.between {
            Between::FormAndServer(_) => ["loaded", "mine", "theirs"],
            Between::DraftAndServer(draft) if draft.saved_at.is_empty() => ["loaded", "mine", "now here"],
            Between::DraftAndServer(_) => ["loaded", "draft", "now here"],
            Between::DiscardedAndForm(_) => ["loaded", "discarded", "now here"],
        }
    }

    /// What can be chosen for what is typed.
    fn suggestions(&self, model: &Model) -> Option<Suggestions> {
        let Screen::Form(form) = &model.screen else { return None };
        suggestions_for(&model.lookups, self.sides(form)[1], self.editing.as_ref()?, &self.was)
    }

    /// The keys of the box.
    fn editing_commands(&self, editing: &Editing, model: &Model) -> Vec<Command> {
        let mut keys = vec![Command::of_text("Enter", "take", Rank::Way)];
        if matches!(self.suggestions(model), Some(Suggestions::Here(choices)) if !choices.here.is_empty()) {
            keys.push(Command::of_text("↑↓", "choose", Rank::Needed));
        }
        keys.push(Command::of_text("Esc", "leave", Rank::Way));
        if editing.text_kind().is_some_and(|kind| kind.has_lines) {
            keys.push(Command::new_line());
        }
        keys.extend(editing.text().map(Command::clear));
        keys
    }

    fn choosing_commands(&self, width: u16) -> Vec<Command> {
        let bound = |action, says, rank| Command::bound(Context::Conflict, &[action], says, rank);
        let mut keys = Vec::new();
        if self.decided() == self.choices.len() {
            let to = match self.between {
                Between::FormAndServer(_) => "TO THE REVIEW",
                Between::DraftAndServer(_) | Between::DiscardedAndForm(_) => "TO THE FORM",
            };
            keys.push(bound(Action::Accept, to, Rank::Way));
        }
        let sides = [Action::ChooseLoaded, Action::ChooseMine, Action::ChooseTheirs];
        if width >= 60 {
            let names = self.names();
            keys.extend(
                sides
                    .iter()
                    .zip(names)
                    .map(|(side, name)| bound(*side, name, Rank::Needed)),
            );
        } else {
            // Which is which stands over the blocks.
            let shown = sides.map(|side| keymap().word(Context::Conflict, side)).join(" ");
            keys.push(Command::bound(Context::Conflict, &sides, "choose", Rank::Needed).shown_as(&shown));
        }
        keys.extend([
            bound(Action::Edit, "edit", Rank::Useful),
            bound(Action::RevealAll, "values", Rank::Needed),
            bound(Action::Back, "back", Rank::Way),
        ]);
        keys
    }

    /// Decides the focused clash, and goes on to the next that isn't decided.
    fn choose(&mut self, choice: Resolution) {
        let (at, count) = (self.at.at(), self.choices.len());
        self.choices[at] = Some(choice);
        let open = (1..count)
            .map(|by| (at + by) % count)
            .find(|at| self.choices[*at].is_none());
        self.at = Selection::new(open.unwrap_or(at));
    }

    /// Opens the focused clash for typing, with what was chosen so far, else with mine.
    fn start_edit(&mut self) -> Result<(), String> {
        let clash = self.clash();
        let chosen = match self.choice() {
            Some(Resolution::Loaded) => &clash.loaded,
            Some(Resolution::Theirs) => &clash.theirs,
            Some(Resolution::Edited(side)) => side,
            Some(Resolution::Mine) | None => &clash.mine,
        };
        let editing = match (&clash.location, chosen) {
            (Location::Field(field), SideValue::Text(text)) => match field.spec().kind {
                Kind::Choice(words) => Editing::Choice {
                    field: *field,
                    at: words.iter().position(|(word, _)| word == text),
                },
                _ => Editing::Field {
                    field: *field,
                    text: opened(*field, text),
                },
            },
            (Location::Rows { .. }, SideValue::Rows(rows)) => {
                let row = match (&rows[..], &clash.mine, &clash.theirs) {
                    ([row], ..) => row,
                    // What is to be deleted has nothing to edit: what the other side has is.
                    ([], SideValue::Rows(mine), SideValue::Rows(theirs)) => match (&mine[..], &theirs[..]) {
                        ([row], _) | ([], [row]) => row,
                        _ => return Err(SEVERAL.to_owned()),
                    },
                    _ => return Err(SEVERAL.to_owned()),
                };
                let part = row_part(row);
                let mut edit = RowEdit::new(0, Some(row.clone()), row.clone(), part);
                if self.reveal {
                    edit.show();
                }
                Editing::Row(Box::new(edit))
            }
            _ => return Err("An order can't be typed: choose one, and move rows in the form afterwards.".to_owned()),
        };
        self.was = match &editing {
            Editing::Field { text, .. } => text.text().to_owned(),
            _ => String::new(),
        };
        self.pick = None;
        self.began = typed(&editing, str::to_owned);
        self.editing = Some(editing);
        Ok(())
    }

    /// What there is to say of a key that is for the text being typed.
    ///
    /// # Errors
    /// Why it does nothing.
    fn edit_key(&mut self, form: &Form, looked_up: &Lookups, press: &Press) -> Result<Option<String>, String> {
        let key = &press.key;
        let Some(editing) = &self.editing else {
            return Ok(None);
        };
        let here = suggestions_for(looked_up, self.sides(form)[1], editing, &self.was);
        let Some(editing) = self.editing.as_mut() else {
            return Ok(None);
        };
        if pick::moved(here.clone(), &mut self.pick, key) {
            return Ok(None);
        }
        pick::settle(here, &mut self.pick, editing, key);
        let before = pick::typed(editing);
        let pressed = pressed(editing, key)?;
        if pick::typed(editing) != before {
            self.pick = None;
        }
        match pressed {
            Pressed::Typed => {}
            Pressed::Leave | Pressed::Take | Pressed::TakeAndGo(_) => {
                let side = self.editing.take().and_then(|editing| {
                    let mine = self.sides(form)[1];
                    // As in the form: `max` and `5m` stand for numbers.
                    typed(&editing, |text| match &editing {
                        Editing::Field { field, .. } => number_text(*field, text, mine, form.work.limits()),
                        _ => text.to_owned(),
                    })
                });
                match side {
                    Some(side) if !matches!(pressed, Pressed::Leave) => self.choose(Resolution::Edited(side)),
                    Some(side) if self.began.as_ref() != Some(&side) => {
                        self.left = Some((self.at.at(), side));
                        let redo = keymap().word(Context::Conflict, Action::Redo);
                        return Ok(Some(format!("Left as it was; {redo} brings the typed text back.")));
                    }
                    _ => {}
                }
            }
        }
        Ok(None)
    }

    /// All decided: it leads where it was to.
    fn accept(&mut self, model: &mut Model) -> Flow {
        if let Some(open) = self.choices.iter().position(Option::is_none) {
            self.at = Selection::new(open);
            let name = self.clash().name();
            let key = |action| keymap().word(Context::Conflict, action);
            let [loaded, mine, theirs] = [Action::ChooseLoaded, Action::ChooseMine, Action::ChooseTheirs].map(key);
            let edit = key(Action::Edit);
            model.complain(format!(
                "{name} is not decided yet: {loaded}, {mine}, {theirs} or {edit}."
            ));
            return Flow::stay();
        }
        (self.ways.decided)(model, &self.between, &self.choices);
        Flow::close()
    }
}

/// What is being typed, as a decision. `number` says what the text of a single field stands for.
fn typed(editing: &Editing, number: impl FnOnce(&str) -> String) -> Option<SideValue> {
    match editing {
        Editing::Field { text, .. } => Some(SideValue::Text(number(text.text()))),
        Editing::Choice { field, at } => match (field.spec().kind, *at) {
            (Kind::Choice(words), Some(at)) => Some(SideValue::Text(words[at].0.to_owned())),
            _ => None,
        },
        Editing::Row(row) => Some(SideValue::Rows(vec![row.whole()])),
    }
}

const SEVERAL: &str = "These are several rows of one name: choose a side, and edit them in the form afterwards.";
