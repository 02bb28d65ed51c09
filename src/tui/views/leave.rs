//! The question before the form is left with unsaved edits: whether they are to be saved, kept as a draft or discarded.

use ratatui::widgets::Widget;

use crate::store::{EditorText, Unsaved};
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::discarding;
use crate::tui::event::Effect;
use crate::tui::guard::Weight;
use crate::tui::keymap::Action;
use crate::tui::model::{Discard, DraftState, Form, Leaving, Model, Screen};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::views::external_editor::NotTaken;
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::question::Question;

/// The form is to be left for this.
#[derive(Debug)]
pub struct Leave(pub Leaving);

/// The widest that the box is.
const WIDTH: u16 = 46;

impl Leave {
    /// What can be chosen, and what the box says of it.
    fn choices(&self, model: &Model) -> Vec<(Command, &'static str)> {
        let Screen::Form(form) = &model.screen else {
            return Vec::new();
        };
        let mut choices = Vec::new();
        if form.work.is_changed() {
            let says = if model.is_read_only() {
                "review them"
            } else {
                "review and save them"
            };
            let review = Command::fixed(&[("w", Action::Review)], "review", Rank::Way);
            choices.push((review, says));
        }
        if let Some(newest) = form.editor_texts.last() {
            let (hint, says) = match newest.saved_at() {
                Some(_) => ("see the text", "look at the text from the editor"),
                None => ("mend the text", "mend the text from the editor"),
            };
            choices.push((Command::fixed(&[("e", Action::Editor)], hint, Rank::Way), says));
        }
        if form.why_not_kept().is_none() {
            let says = match self.0 {
                Leaving::Quit => "keep them as a draft and quit",
                Leaving::Picker if model.size.width < WIDTH => "keep them, to the picker",
                Leaving::Picker => "keep them as a draft, to the picker",
            };
            choices.push((Command::fixed(&[("k", Action::Keep)], "keep", Rank::Needed), says));
        }
        let says = match self.0 {
            Leaving::Quit => "discard them and quit",
            Leaving::Picker => "discard them, to the picker",
        };
        let discard = Command::fixed(&[("ctrl-x", Action::Discard)], "discard", Rank::Useful);
        let back = Command::fixed(&[("esc", Action::Back), ("ctrl-c", Action::Back)], "go back", Rank::Way);
        choices.extend([(discard, says), (back, "go back")]);
        choices
    }

    /// Discards the edits: they are put aside before the form is left, where that can be done.
    fn discard(&self, model: &mut Model) -> Vec<Effect> {
        let read_only = model.around.read_only;
        let Screen::Form(form) = &model.screen else {
            return Vec::new();
        };
        let unsaved = form.unsaved().filter(|_| !read_only && !discarding::is_for_good(form));
        let Some(unsaved) = unsaved else {
            return without_edits(model, self.0);
        };
        let loses = loses_values(model, &unsaved);
        let Screen::Form(form) = &mut model.screen else {
            return Vec::new();
        };
        if loses && !discarding::is_told(form) {
            discarding::tell(form, discarding::NEW_VALUES);
            return Vec::new();
        }
        discarding::ask(form, Discard::Edits(self.0, Box::new(unsaved)))
    }
}

impl View<Model> for Leave {
    fn commands(&self, model: &Model) -> Vec<Command> {
        self.choices(model).into_iter().map(|(command, _)| command).collect()
    }

    fn weight(&self, model: &Model, action: Action) -> Weight {
        match action {
            // A draft that is written without values loses them.
            Action::Keep if !model.around.redactor.keeps_values() => Weight::Weighs,
            _ => action.weight(),
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::Discard => Flow::stay().with(self.discard(model)),
            // It is left when the draft is known to be on disk.
            Action::Keep => {
                model.say("Writing the draft…");
                Flow::close().with([Effect::FlushDraft(self.0)])
            }
            Action::Review => Flow::close_for(action),
            Action::Editor => {
                model.show_view(NotTaken::default());
                Flow::close()
            }
            _ => Flow::close(),
        }
    }

    fn stray(&mut self, model: &mut Model, press: &Press) -> Flow {
        discarding::name_key(model, &press.key);
        Flow::stay()
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let choices = self.choices(model).into_iter();
        let choices: Vec<_> = choices
            .filter_map(|(command, says)| Some((command.hint()?.key, says.to_owned())))
            .collect();
        let question = Question {
            title: "Unsaved changes",
            text: &why(model).unwrap_or_default(),
            choices: &choices,
            width: WIDTH,
            key: 7,
            takes_gap: false,
        };
        question.render(canvas.area, canvas.buffer);
    }
}

/// What there is to be known before it is decided, in a sentence.
fn why(model: &Model) -> Option<String> {
    let Screen::Form(form) = &model.screen else { return None };
    if model.around.read_only {
        return Some("Read-only: they can be neither sent nor kept.".to_owned());
    }
    if let Some(said) = form.discarding.withheld() {
        return Some(said.to_owned());
    }
    if let Some(why) = form.discarding.why_failed() {
        return Some(discarding::failed(why));
    }
    match form.why_not_kept() {
        Some(why) => Some(format!("They can't be kept as a draft: {why}.")),
        None => not_in_draft(model, form).map(|what| format!("A draft is kept without {what} (keep_secrets = false).")),
    }
}

/// What a draft would be without that the server hasn't got either.
fn not_in_draft(model: &Model, form: &Form) -> Option<&'static str> {
    let unsaved = form.unsaved()?;
    let values = model.loses_values(&unsaved.edited, unsaved.typing.as_ref(), []);
    match (
        values,
        model.loses_values(&form.work.base().config, None, texts(&unsaved)),
    ) {
        (true, true) => Some("new values of the environment and texts from the editor"),
        (true, false) => Some("new values of the environment"),
        (false, true) => Some("the text from the editor"),
        (false, false) => None,
    }
}

fn loses_values(model: &Model, unsaved: &Unsaved) -> bool {
    model.loses_values(&unsaved.edited, unsaved.typing.as_ref(), texts(unsaved))
}

fn texts(unsaved: &Unsaved) -> impl Iterator<Item = &EditorText> {
    unsaved.editor_texts.iter().map(|editor_text| &**editor_text)
}

/// The edits are aside.
pub fn put_aside(model: &mut Model, leaving: Leaving, unsaved: &Unsaved) -> Vec<Effect> {
    let kept = discarding::aside(loses_values(model, unsaved));
    let effects = without_edits(model, leaving);
    model.say(format!("Your edits are discarded{kept}."));
    effects
}

/// The draft was written before the form is left, or could not be.
pub fn flushed(model: &mut Model, written: bool, leaving: Leaving) -> Vec<Effect> {
    if written {
        return for_good(model, leaving);
    }
    model.complain("The draft could not be written: you are still here, and so are your edits.");
    Vec::new()
}

/// Leaves the form without its edits.
fn without_edits(model: &mut Model, leaving: Leaving) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Screen::Form(form) = &mut model.screen {
        // A draft that isn't this session's waits for its own question.
        if form.draft_state == DraftState::Ours {
            effects.push(Effect::DiscardDraft);
        }
        let saved = std::mem::take(&mut form.saved_in);
        let dirs: Vec<_> = saved.into_iter().map(|saved| saved.dir).collect();
        effects.extend((!dirs.is_empty()).then_some(Effect::SavedDecided(dirs)));
    }
    effects.extend(for_good(model, leaving));
    effects
}

/// Leaves the form: what is to be kept has been written.
fn for_good(model: &mut Model, leaving: Leaving) -> Vec<Effect> {
    match leaving {
        Leaving::Quit => {
            // Nothing of the form is noted by accident on the way out.
            model.close_all();
            model.screen = Screen::Picker(Box::default());
            vec![Effect::Quit]
        }
        Leaving::Picker => model.open_picker(),
    }
}
