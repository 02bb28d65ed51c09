//! The question before the first save of an endpoint that has settings which no update carries: once for the same
//! settings. It lies over the review.

use super::go_on;
use crate::endpoint::{EndpointStatus, Setting};
use crate::session::Workspace;
use crate::session::unsent_settings;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context};
use crate::tui::model::{Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// The question.
#[derive(Debug, Default)]
pub struct UnsentSettings {
    scroll: Scroll,
    reveal: bool,
}

impl UnsentSettings {
    /// Whether it has to be asked before anything of the form is sent.
    pub fn asks(model: &Model) -> bool {
        let Screen::Form(form) = &model.screen else {
            return false;
        };
        let status = &form.work.base().status;
        !status.settings.is_empty() && !form.answers.contains(&model.around.redactor.settings_answer(status))
    }
}

fn status(model: &Model) -> Option<&EndpointStatus> {
    match &model.screen {
        Screen::Form(form) => Some(&form.work.base().status),
        _ => None,
    }
}

impl View<Model> for UnsentSettings {
    fn context(&self) -> Option<Context> {
        Some(Context::Review)
    }

    fn commands(&self, model: &Model) -> Vec<Command> {
        let bound = |action, says, rank| Command::bound(Context::Review, &[action], says, rank);
        let mut commands = vec![
            bound(Action::Send, "send all the same", Rank::Way),
            bound(Action::PageDown, "scroll", Rank::Extra),
            bound(Action::Back, "back", Rank::Way),
        ];
        if status(model).is_some_and(|status| status.settings.iter().any(Setting::is_secret)) {
            commands.push(bound(Action::RevealAll, "values", Rank::Useful));
        }
        commands
    }

    fn act(&mut self, model: &mut Model, action: Action, press: &Press) -> Flow {
        match action {
            Action::Send => {}
            Action::RevealAll => {
                self.reveal = !self.reveal;
                return Flow::stay();
            }
            Action::Back => return Flow::close(),
            _ => return Flow::stay(),
        }
        let Screen::Form(form) = &mut model.screen else {
            return Flow::close();
        };
        let base = form.work.base();
        let (id, answer) = (
            base.config.id.clone(),
            model.around.redactor.settings_answer(&base.status),
        );
        form.answers.push(answer.clone());
        let sending = go_on(model, press, false);
        Flow::close()
            .with([Effect::RecordAnswers(id, vec![answer])])
            .with(sending)
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn reveals(&mut self) -> Option<&mut bool> {
        Some(&mut self.reveal)
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Some(status) = status(model) else { return };
        let sheet = Sheet::new("Before the first save", &self.scroll, model.notice.as_ref());
        sheet.draw(canvas, |page| {
            let said = "This endpoint has settings that no update can carry. An update replaces the whole configuration, and \
                        no document says whether the server keeps these or resets them. What moved is told after the save, \
                        old and new. This is asked once for these settings.";
            page.wrapped(said, theme::plain(), 0);
            page.add("", theme::plain());
            page.settings(status, self.reveal);
        });
    }
}

impl Page {
    /// That an update may reset what it doesn't carry, and an empty line.
    pub(super) fn unsent_settings(&mut self, work: &Workspace) {
        if let Some(told) = unsent_settings(&work.base().status).filter(|_| work.is_changed()) {
            self.wrapped(&format!("! {told}."), theme::warning(), 2);
            self.add("", theme::plain());
        }
    }
}
