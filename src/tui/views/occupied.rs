//! The question about another editor: whether to take the endpoint over, or only to look.

use ratatui::widgets::Widget;

use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::keymap::{Action, Context, form_key, keymap};
use crate::tui::model::{DraftState, Model, Screen};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::question::Question;

/// Another editor has the endpoint of the form.
#[derive(Debug)]
pub struct Occupied;

impl View<Model> for Occupied {
    fn context(&self) -> Option<Context> {
        Some(Context::Occupied)
    }

    fn commands(&self, _model: &Model) -> Vec<Command> {
        let bound = |action, says, rank| Command::bound(Context::Occupied, &[action], says, rank);
        vec![
            bound(Action::TakeOver, "take over", Rank::Useful),
            bound(Action::LookOnly, "go on read-only", Rank::Way),
            bound(Action::Picker, "to the picker", Rank::Way),
            bound(Action::Quit, "quit", Rank::Useful),
        ]
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::LookOnly => {
                let how = take_over_keys();
                model.say(format!("Read-only: another editor has this endpoint. {how}"));
                Flow::close()
            }
            Action::TakeOver => Flow::close().with(model.take_over()),
            Action::Picker | Action::Quit => Flow::close_for(action),
            _ => Flow::stay(),
        }
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Screen::Form(form) = &model.screen else { return };
        let DraftState::Theirs(said) = &form.draft_state else {
            return;
        };
        let without = match model.around.redactor.keeps_values() {
            true => "",
            false => ", but for new values (keep_secrets = false)",
        };
        let text = format!(
            "Another novita-edit has this endpoint: {said}.\n\nIf it is gone for you (a dropped line), take over: it turns \
             read-only, and its unsaved edits are offered to you{without}."
        );
        let hints = self.commands(model).into_iter().filter_map(|command| command.hint());
        let choices: Vec<_> = hints
            .map(|hint| (hint.key.clone(), hint.says(false).into_owned()))
            .collect();
        let question = Question {
            title: "In use",
            text: &text,
            choices: &choices,
            width: 66,
            key: 5,
            takes_gap: true,
        };
        question.render(canvas.area, canvas.buffer);
    }
}

/// How an endpoint is taken over from the form: by the way of a save.
pub fn take_over_keys() -> String {
    let send = keymap().word(Context::Review, Action::Send);
    format!("{} and {send} offer to take over.", form_key(Action::Review))
}

/// Whether this editor may send, and if not, why; opens the question where it can be answered.
pub fn may_send(model: &mut Model) -> bool {
    if model.around.read_only {
        model.complain("Read-only: this session can't send anything.");
        return false;
    }
    let Screen::Form(form) = &model.screen else {
        return false;
    };
    match &form.draft_state {
        DraftState::Ours | DraftState::Nowhere(_) => true,
        DraftState::Opening => {
            model.say("Whether another editor has this endpoint is being found out; try again in a moment.");
            false
        }
        DraftState::Theirs(_) => {
            model.show_view(Occupied);
            false
        }
    }
}
