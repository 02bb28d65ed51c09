//! Details: what the focused field means, its rule and its problems, and the endpoint's read-only facts.

mod page;

use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::guard::Weight;
use crate::tui::keymap::{Action, Context};
use crate::tui::model::{Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// The page.
#[derive(Debug, Default)]
pub struct Details {
    scroll: Scroll,
}

impl View<Model> for Details {
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
                page.details(model, form);
            }
        });
    }
}
