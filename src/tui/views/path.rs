//! The box that asks for a path: of a .env file to be read into the environment, or to be written from it.

use ratatui::style::Style;

use crate::endpoint::dotenv;
use crate::endpoint::incoming::Taken;
use crate::secret::Secret;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{EditorTarget, Model, Screen, Written};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::views::external_editor::text_of;
use crate::tui::views::import;
use crate::tui::widgets::areas::{Areas, SIDES, cells};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::paint;
use crate::tui::widgets::paint::fitted;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFor {
    /// A .env file to be read.
    Import,
    /// A .env file to be written.
    Export,
}

impl PathFor {
    /// The path that an empty box stands for; empty: none.
    fn usual(self) -> &'static str {
        match self {
            Self::Import => "",
            Self::Export => ".env",
        }
    }
}

/// The box in which a path is typed.
#[derive(Debug)]
pub struct PathBox {
    /// What the path is asked for.
    pub what: PathFor,
    text: TextEdit,
    /// The disk is being asked.
    waiting: bool,
    /// A file is there already: whether it may be written over is asked.
    exists: bool,
    /// What went wrong with it.
    said: Option<String>,
}

/// The widest that the box is.
const WIDTH: u16 = 70;

/// Asks for a path.
pub fn ask(model: &mut Model, what: PathFor) {
    model.show_view(PathBox {
        what,
        text: TextEdit::new(""),
        waiting: false,
        exists: false,
        said: None,
    });
}

impl View<Model> for PathBox {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        let back = [("esc", Action::Back), ("ctrl-c", Action::Back)];
        if self.exists {
            return vec![
                Command::fixed(&[("y", Action::Accept)], "write over it", Rank::Way),
                Command::fixed(&back, "back", Rank::Way),
            ];
        }
        let does = match self.what {
            PathFor::Import => "read it",
            PathFor::Export => "write it",
        };
        let enter = if self.waiting {
            Command::of_text("Enter", does, Rank::Way)
        } else {
            Command::fixed(&[("enter", Action::Accept)], does, Rank::Way)
        };
        vec![enter, Command::fixed(&back, "close", Rank::Way)]
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::Accept => Flow::stay().with(self.go(model)),
            _ if self.exists => {
                self.exists = false;
                Flow::stay()
            }
            _ => Flow::close(),
        }
    }

    fn text<'a>(&'a mut self, _model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        self.is_typed().then_some((&mut self.text, TextKind::PATH))
    }

    fn is_editing(&self, _model: &Model) -> bool {
        self.is_typed()
    }

    /// Whatever the key does, what was said of the path before is over.
    fn edit(&mut self, model: &mut Model, press: &Press) -> Flow {
        let key = &press.key;
        if let Some(action) = self.commands(model).iter().find_map(|command| command.action(key)) {
            return self.act(model, action, press);
        }
        self.said = self.text.press(key, TextKind::PATH).err();
        Flow::stay()
    }

    /// A path has one line.
    fn paste(&mut self, _model: &mut Model, pasted: &Taken, _last: bool) {
        if self.is_typed() {
            let line = pasted.text.reveal().trim_end_matches('\n').split('\n').next();
            self.said = self.text.insert(line.unwrap_or("")).err();
        }
    }

    fn question(&self) -> usize {
        usize::from(self.exists)
    }

    fn draw(&self, _model: &Model, canvas: &mut Canvas<'_>) {
        let title = match self.what {
            PathFor::Import => "Import variables from a .env file",
            PathFor::Export => "Export the environment to a .env file",
        };
        let area = canvas.area;
        let width = area.width.min(WIDTH);
        let room = width - 4;
        let (said, style) = self.says();
        let most = usize::from(area.height.saturating_sub(5)).max(1);
        let rows = fitted(said, usize::from(room), most, "").len().max(3);
        let place = canvas.above_keys().middle(width, cells(rows) + 3);
        let inside = paint::window(canvas.buffer, place, title);
        let [typed, below] = inside.inner(SIDES).split_top(1);
        paint::wrapped(canvas.buffer, below, said, style);
        canvas.hit_map.put_text(typed, false);
        if self.text.text().is_empty() {
            let usual = self.what.usual();
            paint::row(canvas.buffer, typed, usual, theme::dim());
        }
        canvas.cursor = Some(self.text.draw_line(canvas.buffer, typed));
    }
}

impl PathBox {
    /// Whether the path is being typed: nothing is waited for or asked.
    fn is_typed(&self) -> bool {
        !self.waiting && !self.exists
    }

    /// The path that is meant.
    fn path(&self) -> String {
        match self.text.text().trim() {
            "" => self.what.usual().to_owned(),
            typed => typed.to_owned(),
        }
    }

    /// What stands under the path.
    fn says(&self) -> (&str, Style) {
        match &self.said {
            _ if self.exists => ("It exists: y writes over it, Esc goes back.", theme::warning()),
            Some(said) => (said, theme::error()),
            None if self.waiting => ("…", theme::dim()),
            None if self.what == PathFor::Export => (
                "An empty line means .env. All values go into it in clear; only you can read it.",
                theme::dim(),
            ),
            None => ("What it brings is shown before it is taken.", theme::dim()),
        }
    }

    /// Has the file read or written; over what is there, if that was asked.
    fn go(&mut self, model: &Model) -> Option<Effect> {
        let Screen::Form(form) = &model.screen else { return None };
        let (path, over) = (self.path(), self.exists);
        (self.exists, self.said) = (false, None);
        if path.is_empty() {
            return None;
        }
        let effect = match self.what {
            PathFor::Import => Effect::ReadFile(path),
            PathFor::Export => match text_of(&EditorTarget::Environment, form.work.now()) {
                Ok(text) => Effect::WriteFile(path, Secret::new(text), over),
                Err(why) => {
                    self.said = Some(why);
                    return None;
                }
            },
        };
        self.waiting = true;
        Some(effect)
    }
}

/// The box that waits for this path, which it no longer does; `None` when it was closed meanwhile.
fn waiting<'a>(model: &'a mut Model, path: &str) -> Option<&'a mut PathBox> {
    let asked = model.views.find_mut::<PathBox>();
    let asked = asked.filter(|asked| asked.waiting && asked.path() == path)?;
    asked.waiting = false;
    Some(asked)
}

/// A file was read, or could not be.
pub fn read(model: &mut Model, path: &str, read: Result<Secret, String>) {
    let Some(asked) = waiting(model, path) else { return };
    let text = match read {
        Ok(text) => text,
        Err(why) => {
            asked.said = Some(format!("Not read: {why}."));
            return;
        }
    };
    let name = |count| format!("import {count} from {}", path.rsplit('/').next().unwrap_or(path));
    if !import::preview(model, text.reveal(), name)
        && let Some(asked) = model.views.find_mut::<PathBox>()
    {
        let first = dotenv::read(text.reveal()).parse_errors.into_iter().next();
        asked.said = Some(match first {
            Some(first) => format!("There is no KEY=value line in it; {first}."),
            None => "There is no KEY=value line in it.".to_owned(),
        });
    }
}

/// A file was written, or not.
pub fn wrote(model: &mut Model, path: &str, written: Written) {
    match (written, waiting(model, path)) {
        (Written::Exists, Some(asked)) => asked.exists = true,
        (Written::Failed(why), Some(asked)) => asked.said = Some(format!("Not written: {why}.")),
        (Written::Done(file), asked) => {
            if asked.is_some() {
                drop(model.views.take::<PathBox>());
            }
            model.say(format!("Written to {file}, values in clear; only you can read it."));
        }
        (Written::Exists, None) => {}
        (Written::Failed(why), None) => model.complain(format!("Not written: {why}.")),
    }
}
