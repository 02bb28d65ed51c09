//! A page of lines over the whole screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::lines;
use crate::tui::model::Model;
use crate::tui::widgets::key_bar::{self as hints, Hint};
use crate::tui::widgets::page::{draw_lines, sheet_width};
use crate::tui::widgets::{notice, paint};

/// A full page of lines.
pub(super) fn sheet(model: &Model, title: &str, scroll: usize, hints: &[Hint], buffer: &mut Buffer, area: Rect) {
    let place = Rect::new(area.x, area.y, area.width, area.height - 1);
    let mut inside = paint::window(buffer, place, title);
    let width = sheet_width(area.width);
    (inside.x, inside.width) = (inside.right() - width, width);
    let lines = lines::of_overlay(model);
    // What is to be told has the last rows: the message area of the form is covered.
    let rows = match &model.notice {
        Some(notice) => notice::rows(Some(notice), inside.width, area.height, 1).min(inside.height),
        None => 0,
    };
    let above = Rect {
        height: inside.height - rows,
        ..inside
    };
    draw_lines(&lines, scroll, buffer, above);
    if let Some(notice) = &model.notice {
        paint::clear(buffer, Rect::new(inside.x, above.bottom(), inside.width, rows));
        notice::draw(notice, buffer, Rect::new(inside.x, above.bottom(), inside.width, rows));
        let below = lines.len().saturating_sub(scroll + usize::from(above.height));
        paint::marks(buffer, inside, 0, below);
    }
    hints::draw(hints, buffer, area);
}
