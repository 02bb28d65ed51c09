//! The lines of the pages that scroll, whichever is in front.

use crate::tui::model::{Form, Model, Overlay, Screen};
use crate::tui::widgets::page::{Page, sheet_width};

pub use crate::tui::widgets::page::Line;

/// All lines of the overlay in front, at the model's width.
pub fn of_overlay(model: &Model) -> Vec<Line> {
    let width = match model.overlay {
        // It has no frame at its sides.
        Some(Overlay::Review(_)) => model.size.width.saturating_sub(2),
        _ => sheet_width(model.size.width),
    };
    let mut page = Page::new(width);
    match (&model.overlay, &model.screen) {
        (Some(Overlay::Import(import)), Screen::Form(form)) => page.import(form, import),
        (Some(Overlay::Review(review)), Screen::Form(form)) => page.review(model, form, review),
        (Some(Overlay::Draft(question)), Screen::Form(form)) => page.draft(form, question),
        (Some(Overlay::Conflict(conflict)), Screen::Form(form)) => {
            return super::conflict::blocks(model, conflict, form);
        }
        (
            Some(Overlay::Result {
                outcome, body, before, ..
            }),
            _,
        ) => page.result(outcome, body, before),
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

/// How many lines of the changes have to be seen before anything is sent: all problems; and all changes too where
/// others' are among them.
pub fn must_be_seen(model: &Model) -> usize {
    let Screen::Form(form) = &model.screen else { return 0 };
    let mut page = Page::new(model.size.width.saturating_sub(2));
    page.problems(&form.work);
    if !form.work.others().is_empty() {
        let reveal = matches!(&model.overlay, Some(Overlay::Review(review)) if review.reveal);
        page.changes(&form.work, reveal);
    }
    page.lines.len()
}
