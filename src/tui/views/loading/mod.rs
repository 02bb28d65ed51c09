//! The screen while an endpoint is read, or why it couldn't be.

pub mod state;

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::guard::Weight;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::areas::{Areas, SIDES};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::paint;

/// An endpoint that is read; what is known of it is in the model.
#[derive(Debug)]
pub struct LoadingView;

impl View<Model> for LoadingView {
    fn context(&self) -> Option<Context> {
        Some(Context::Picker)
    }

    fn commands(&self, model: &Model) -> Vec<Command> {
        let failed = matches!(&model.screen, Screen::Loading(loading) if loading.error.is_some());
        let again = [Action::Reload, Action::Edit];
        let again = failed.then(|| Command::bound(Context::Picker, &again[..1], "try again", Rank::Way));
        let back = keymap().hint(Context::Form, Action::Picker);
        let back = back.map(|key| Command::of_text(&key, "picker", Rank::Way));
        let quit = Command::bound(Context::Picker, &[Action::Quit], "quit", Rank::Way);
        again.into_iter().chain(back).chain([quit]).collect()
    }

    /// What is typed ahead is for what comes.
    fn has_help(&self) -> bool {
        false
    }

    fn act(&mut self, model: &mut Model, action: Action, press: &Press) -> Flow {
        match (action, &mut model.screen) {
            (Action::Quit, _) => Flow::stay().with([Effect::Quit]),
            (Action::Reload | Action::Edit, Screen::Loading(loading)) if loading.error.is_some() => {
                let (id, back, scale) = (loading.id.clone(), loading.back.take(), loading.scale);
                let mut effects = model.read(id, back, scale);
                effects.push(Effect::LoadLimits);
                Flow::stay().with(effects)
            }
            _ => self.stray(model, press),
        }
    }

    /// Back to where the endpoint was opened, by Esc and by the key that leads to the list from the form.
    fn takes(&self, _model: &Model, key: &KeyEvent) -> Option<Weight> {
        let action = keymap().action(Context::Form, key);
        action.filter(|action| *action == Action::Picker).map(Action::weight)
    }

    fn stray(&mut self, model: &mut Model, press: &Press) -> Flow {
        if press.key.code == KeyCode::Esc || self.takes(model, &press.key).is_some() {
            return Flow::stay().with(model.go_back());
        }
        if let Screen::Loading(loading) = &mut model.screen {
            loading.type_ahead(*press);
        }
        Flow::stay()
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Screen::Loading(loading) = &model.screen else {
            return;
        };
        let id = &loading.id;
        let area = canvas.area.inner(SIDES);
        let (text, style) = match (&loading.error, &model.again) {
            (None, None) => (format!("Reading {id}…"), theme::plain()),
            (None, Some(again)) => (format!("Reading {id}… {}", again.in_words()), theme::warning()),
            (Some(error), _) => (format!("✗ {id} could not be read. {error}"), theme::error()),
        };
        paint::row(canvas.buffer, area, "novita-edit", theme::strong());
        let [_, below] = area.split_top(2);
        let [said, _] = below.split_bottom(2);
        paint::wrapped(canvas.buffer, said, &text, style);
    }
}
