//! The screens: `view(model)` draws the whole state, and changes nothing.

use ratatui::Frame;
use ratatui::layout::{Position, Size};
use ratatui::widgets::Widget;

use super::canvas::Canvas;
use super::command::Command;
pub use super::hit_map::{HitMap, Scrolls, Target, TextPlace, Window};
use super::model::{Model, Screen};
use super::theme;
use super::views::of_screen;
use super::widgets::key_bar::KeyBar;
pub use super::widgets::list_window::ListWindow;
use super::widgets::paint;

/// The smallest terminal that a screen fits into.
pub const SMALLEST: Size = Size { width: 40, height: 12 };

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut hit_map = HitMap::default();
    let mut canvas = Canvas::new(frame.buffer_mut(), area, &mut hit_map);
    paint_all(model, &mut canvas);
    if let Some(Position { x, y }) = canvas.cursor {
        frame.set_cursor_position(Position::new(x.min(area.right() - 1), y.min(area.bottom() - 1)));
    }
}

/// The window's title: `llama-3-8b* novita-edit` while the endpoint has unsaved edits.
pub fn title(model: &Model) -> String {
    match &model.screen {
        Screen::Picker(_) => "novita-edit".to_owned(),
        Screen::Loading(loading) => format!("{} novita-edit", loading.id),
        Screen::Form(form) => {
            let config = &form.work.base().config;
            let name = if config.name.trim().is_empty() {
                &config.id
            } else {
                &config.name
            };
            let changed = if form.work.is_changed() { "*" } else { "" };
            format!("{name}{changed} novita-edit")
        }
    }
}

/// What stands where: the model is drawn once more, where nobody sees it.
pub fn hit_map(model: &Model) -> HitMap {
    Canvas::unseen(model.size, |canvas| paint_all(model, canvas))
}

/// Draws the model and notes what stands where, the view in front last.
fn paint_all(model: &Model, canvas: &mut Canvas<'_>) {
    let area = canvas.area;
    canvas.buffer.set_style(area, theme::plain());
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        paint::text(
            canvas.buffer,
            0,
            area.height / 2,
            area.width,
            "need 40×12",
            theme::plain(),
        );
        return;
    }
    let below = of_screen(&model.screen);
    below.draw(model, canvas);
    for view in model.views.iter() {
        canvas.cover();
        view.draw(model, canvas);
    }
    if !canvas.covers_keys {
        let front = model.views.front().unwrap_or(&*below);
        let hints: Vec<_> = front.commands(model).iter().filter_map(Command::hint).collect();
        KeyBar::new(&hints).render(canvas.key_row(), canvas.buffer);
    }
}
