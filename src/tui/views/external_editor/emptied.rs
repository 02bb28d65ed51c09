//! The question about an environment that came back from `$EDITOR` without a variable: whether all are to be deleted.

use super::saved::take_empty;
use super::texts::{ENVIRONMENT_STEP, counted};
use ratatui::widgets::Widget;

use crate::endpoint::EndpointConfig;
use crate::endpoint::diff;
use crate::endpoint::edit::Edit;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Model, Screen};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::question::Question;

/// The environment of the form came back empty.
#[derive(Debug)]
pub struct Emptied;

impl View<Model> for Emptied {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        vec![
            Command::fixed(&[("ctrl-x", Action::Discard)], "delete", Rank::Way),
            Command::fixed(&[("esc", Action::Back), ("ctrl-c", Action::Back)], "keep", Rank::Way),
        ]
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        let Screen::Form(form) = &mut model.screen else {
            return Flow::close();
        };
        take_empty(form);
        if action == Action::Back {
            model.say("The variables are kept; nothing is changed.");
            return Flow::close();
        }
        let old = form.work.now().clone();
        let new = EndpointConfig {
            envs: Default::default(),
            ..old.clone()
        };
        let said = counted(&diff::changes(&old, &new));
        let edit = Edit::Whole {
            name: ENVIRONMENT_STEP.to_owned(),
            old: Box::new(old),
            new: Box::new(new),
        };
        form.with_focus_kept(|work| work.apply(edit));
        let undo = form_key(Action::Undo);
        model.say(format!("Taken from the editor: {said}. {undo} takes it back."));
        Flow::close()
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let count = match &model.screen {
            Screen::Form(form) => form.work.now().envs.len(),
            _ => 0,
        };
        let all = match count {
            1 => "the only variable".to_owned(),
            count => format!("all {count} variables"),
        };
        let question = Question {
            title: "Emptied",
            text: &format!("No variable is left in it: delete {all}?"),
            choices: &[
                ("Ctrl-X".to_owned(), format!("delete {all}")),
                ("Esc".to_owned(), "keep them".to_owned()),
            ],
            width: 60,
            key: 8,
            takes_gap: false,
        };
        question.render(canvas.area, canvas.buffer);
    }
}
