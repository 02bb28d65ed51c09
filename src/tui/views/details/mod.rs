//! Details: what the focused field means, its rule and its problems, and the endpoint's read-only facts.

pub mod page;

use crate::endpoint::Setting;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::guard::Weight;
use crate::tui::keymap::{Action, Context};
use crate::tui::model::{Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// The page.
#[derive(Debug, Default)]
pub struct Details {
    scroll: Scroll,
    /// Values of settings are shown that could be masked.
    reveal: bool,
}

impl View<Model> for Details {
    fn context(&self) -> Option<Context> {
        Some(Context::Form)
    }

    fn commands(&self, model: &Model) -> Vec<Command> {
        let mut commands = Command::of_page();
        let has_secrets = matches!(&model.screen, Screen::Form(form)
            if form.work.base().status.settings.iter().any(Setting::is_secret));
        if has_secrets {
            let actions = [Action::Reveal, Action::RevealAll];
            commands.push(Command::bound(Context::Form, &actions, "values", Rank::Useful));
        }
        commands
    }

    /// Any key closes it, and that is all.
    fn weight(&self, _model: &Model, _action: Action) -> Weight {
        Weight::Light
    }

    fn otherwise(&self) -> Option<Action> {
        Some(Action::Back)
    }

    /// Scrolled by the keys of the form, closed by any but those that show values.
    fn act(&mut self, _model: &mut Model, action: Action, _press: &Press) -> Flow {
        if matches!(action, Action::Reveal | Action::RevealAll) {
            self.reveal = !self.reveal;
            return Flow::stay();
        }
        Flow::close()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn reveals(&mut self) -> Option<&mut bool> {
        Some(&mut self.reveal)
    }

    fn tells_the_last_notice(&self) -> bool {
        true
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        Sheet::new("Details", &self.scroll, model.notice.as_ref()).draw(canvas, |page| {
            if let Some(notice) = &model.noticed {
                let style = if notice.bad { theme::error() } else { theme::plain() };
                let sign = if notice.bad { "✗ " } else { "" };
                page.wrapped(&format!("{sign}{}", notice.text), style, 0);
                page.add("", theme::plain());
            }
            if let Screen::Form(form) = &model.screen {
                page.details(model, form, self.reveal);
            }
        });
    }
}
