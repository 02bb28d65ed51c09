//! A box with a question: what is asked, and under it the choices, each with its key.

use ratatui::layout::Rect;

use super::paint;
use super::paint::fitted;
use crate::tui::canvas::Canvas;
use crate::tui::theme;

/// What a box says.
pub struct Question<'a> {
    /// Its title.
    pub title: &'a str,
    /// What is asked; empty: the choices say it.
    pub text: &'a str,
    /// Keys as they are shown, and what each does.
    pub choices: &'a [(String, String)],
    /// Columns that the box takes at most.
    pub width: u16,
    /// Columns that a key has.
    pub key: u16,
    /// A text that is too long has the empty row above the choices, too.
    pub takes_gap: bool,
}

/// Draws a question in the middle of the screen. Where there is too little room its text is cut, never the choices.
pub fn draw(canvas: &mut Canvas<'_>, question: &Question<'_>) {
    let width = question.width.min(canvas.area.width);
    let above_keys = usize::from(canvas.area.height.saturating_sub(3));
    let room = above_keys.saturating_sub(question.choices.len());
    let most = room.saturating_sub(usize::from(!question.takes_gap));
    let said = fitted(question.text, usize::from(width.saturating_sub(4)), most, "");
    let told = (said.len() + usize::from(!said.is_empty())).min(room);
    let rows = u16::try_from(told + question.choices.len() + 2).unwrap_or(u16::MAX);
    let inside = paint::window(canvas.buffer, paint::centered(canvas.area, width, rows), question.title);
    let line = |row: usize| {
        let row = u16::try_from(row).unwrap_or(inside.height).min(inside.height);
        Rect::new(inside.x + 1, inside.y + row, inside.width - 1, 1)
    };
    for (row, text) in said.iter().enumerate() {
        let Rect { x, y, width, .. } = line(row);
        paint::text(canvas.buffer, x, y, width, text, theme::plain());
    }
    for (row, (key, says)) in question.choices.iter().enumerate() {
        let Rect { x, y, width, .. } = line(told + row);
        paint::text(canvas.buffer, x, y, question.key, key, theme::key());
        let rest = width.saturating_sub(question.key);
        paint::text(canvas.buffer, x + question.key, y, rest, says, theme::plain());
    }
}
