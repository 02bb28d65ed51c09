//! The question about a text that is too long for the terminal's clipboard: whether it is to be written into a file.

use crate::secret::Secret;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::areas::{Areas, SIDES};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::paint;

/// The text.
#[derive(Debug)]
pub struct LongCopy(pub Secret);

impl View<Model> for LongCopy {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        vec![
            Command::fixed(&[("enter", Action::Accept)], "write the file", Rank::Way),
            Command::fixed(&[("esc", Action::Back)], "copy nothing", Rank::Way),
        ]
    }

    /// Only Enter writes anything.
    fn otherwise(&self) -> Option<Action> {
        Some(Action::Back)
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        if action == Action::Accept {
            return Flow::close().with([Effect::CopyToFile(self.0.clone())]);
        }
        model.say("Nothing was copied.");
        Flow::close()
    }

    fn draw(&self, _model: &Model, canvas: &mut Canvas<'_>) {
        let inside = paint::window(canvas.buffer, canvas.area.middle(60, 8), "Too long to copy");
        let text = format!(
            "{} KiB are more than terminals take for their clipboard (64 KiB). Enter writes it into a file that only you can \
             read, with environment values in clear, and tells where.",
            self.0.reveal().len().div_ceil(1024)
        );
        paint::wrapped(canvas.buffer, inside.inner(SIDES), &text, theme::plain());
    }
}
