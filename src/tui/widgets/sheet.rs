//! A page of lines in a frame over the whole screen.

use ratatui::layout::Rect;

use super::notice::{self, Notice};
use super::page::{Line, draw_lines, sheet_width};
use super::paint;
use super::scroll::Scroll;
use crate::tui::canvas::Canvas;
use crate::tui::hit_map::Scrolls;

/// Draws the lines that are scrolled to. A notice has the last rows: the message area of the form is covered.
pub fn draw(canvas: &mut Canvas<'_>, title: &str, lines: &[Line], scroll: &Scroll, notice: Option<&Notice>) {
    let place = canvas.above_keys();
    canvas.hit_map.window(place, Scrolls::Front, 0, 0);
    let mut inside = paint::window(canvas.buffer, place, title);
    let width = sheet_width(place.width);
    (inside.x, inside.width) = (inside.right() - width, width);
    let rows = match notice {
        Some(notice) => notice::rows(Some(notice), inside.width, canvas.area.height, 1).min(inside.height),
        None => 0,
    };
    let above = Rect {
        height: inside.height - rows,
        ..inside
    };
    let [height, page] = [inside.height, above.height].map(usize::from);
    let first = scroll.first_of(lines.len(), height.max(1), page);
    draw_lines(lines, first, canvas.buffer, above);
    if let Some(notice) = notice {
        let foot = Rect::new(inside.x, above.bottom(), inside.width, rows);
        notice::draw(notice, canvas.buffer, foot);
        paint::marks(canvas.buffer, inside, 0, lines.len().saturating_sub(first + page));
    }
}
