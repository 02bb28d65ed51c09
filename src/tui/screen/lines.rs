//! The lines of the pages that scroll, whichever is in front.

use crate::tui::model::{Form, Model, Overlay, Screen};
use crate::tui::widgets::page::{Page, sheet_width};

pub use crate::tui::widgets::page::Line;

/// All lines of the overlay in front, at the model's width.
pub fn of_overlay(model: &Model) -> Vec<Line> {
    let width = match model.overlay {
        _ => sheet_width(model.size.width),
    };
    let mut page = Page::new(width);
    match (&model.overlay, &model.screen) {
        (Some(Overlay::Import(import)), Screen::Form(form)) => page.import(form, import),
        _ => {}
    }
    page.lines
}

/// Details and help of the focused field, at a width; for the panel beside the form.
pub fn details(model: &Model, form: &Form, width: u16) -> Vec<Line> {
    let mut page = Page::new(width);
    page.details(model, form);
    page.lines
}
