//! Something that has to be told in full, until it was read: nothing comes back of it.

use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// A text of several sentences.
#[derive(Debug)]
pub struct Note {
    text: String,
    scroll: Scroll,
}

impl Note {
    /// One that tells this.
    pub fn new(text: String) -> Self {
        Self {
            text,
            scroll: Scroll::default(),
        }
    }
}

impl View<Model> for Note {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        let close = [("enter", Action::Back), ("esc", Action::Back), ("ctrl-c", Action::Back)];
        vec![Command::fixed(&close, "close", Rank::Way), Command::scrolling()]
    }

    fn act(&mut self, _model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::Back => Flow::close(),
            _ => Flow::stay(),
        }
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let sheet = Sheet::new("Note", &self.scroll, model.notice.as_ref());
        sheet.draw(canvas, |page| page.wrapped(&self.text, theme::plain(), 0));
    }
}
