//! While `$EDITOR` is being started, or has the terminal.

use crate::store::Snapshot;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::keymap::Action;
use crate::tui::model::{EditorTarget, Model};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::areas::Areas;
use crate::tui::widgets::paint;

/// What `$EDITOR` is started on, or has. Once this is closed it isn't started any more.
#[derive(Debug)]
pub struct WaitingForEditor {
    /// What is edited.
    pub target: EditorTarget,
    /// What its text was made of, where the text says nothing of what others change meanwhile.
    pub base: Option<Box<Snapshot>>,
}

impl View<Model> for WaitingForEditor {
    /// While the editor has the terminal no key arrives; one that does was typed while it was being started.
    fn commands(&self, _model: &Model) -> Vec<Command> {
        vec![Command::stop_waiting()]
    }

    fn is_waiting(&self) -> bool {
        true
    }

    fn act(&mut self, _model: &mut Model, _action: Action, _press: &Press) -> Flow {
        Flow::close()
    }

    fn draw(&self, _model: &Model, canvas: &mut Canvas<'_>) {
        let inside = paint::window(canvas.buffer, canvas.area.middle(46, 3), "Editor");
        let text = format!("Opening {} in the editor…", self.target.name());
        paint::row(canvas.buffer, inside.indented(), &text, theme::plain());
    }
}
