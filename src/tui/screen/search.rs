//! Boxes in which something is looked for: find, and the palette.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Places, Scrolls, Target, notice};
use crate::tui::model::Model;
use crate::tui::theme;
use crate::tui::update::entries;
use crate::tui::widgets::key_bar::{self as hints, Rank, fixed};
use crate::tui::widgets::list_window::{self as span, Span, Spot};
use crate::tui::widgets::paint;
use crate::tui::widgets::text_edit::TextEdit;

/// The widest that such a box is: what is found is read together with what stands beside it.
const MOST_WIDTH: u16 = 100;

/// Rows of such a box, as far as there are so many; a large window has more.
const ROWS: u16 = 12;

/// All actions; where the cursor stands.
pub(super) fn palette(
    model: &Model,
    text: &TextEdit,
    at: usize,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Position {
    let rows: Vec<_> = entries(&model.screen, text.text())
        .into_iter()
        .map(|entry| (entry.says.to_owned(), entry.keys))
        .collect();
    let says = ("All actions", ":", "do it");
    let cursor = search(says, text, &rows, at, buffer, area, places);
    say(model, buffer, area);
    cursor
}

/// What there is to be told takes the place of the hints.
fn say(model: &Model, buffer: &mut Buffer, area: Rect) {
    if let Some(said) = &model.notice {
        let row = Rect::new(area.x + 1, area.bottom() - 1, area.width - 2, 1);
        notice::draw(said, buffer, row);
    }
}

/// A box in which something is looked for: what is typed, and under it the rows that match, each with what stands beside it.
fn search(
    (title, prompt, enter): (&str, &str, &'static str),
    text: &TextEdit,
    found: &[(String, String)],
    at: usize,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Position {
    // Half of a large window; of a small one all but the lines on top.
    let rows = (area.height / 2).max(ROWS.min(area.height.saturating_sub(3)));
    let place = Rect::new(area.x, area.bottom() - 1 - rows, area.width.min(MOST_WIDTH), rows);
    let inside = paint::window(buffer, place, title);
    paint::text(buffer, inside.x, inside.y, 1, prompt, theme::strong());
    if found.is_empty() && !text.text().trim().is_empty() {
        let says = "nothing is called so";
        paint::text(buffer, inside.x + 2, inside.y + 1, inside.width - 2, says, theme::dim());
    }
    let rows = usize::from(inside.height.saturating_sub(1)).max(1);
    let span = Span::new(None, rows, found.len(), (!found.is_empty()).then_some(at));
    let aside = inside.width / 2;
    places.window(inside, Scrolls::Front, span.first, found.len());
    for (line, spot) in span.spots().enumerate() {
        let y = inside.y + 1 + u16::try_from(line).unwrap_or(0);
        let row = match spot {
            Spot::Row(row) => row,
            Spot::Hidden(above, below) => {
                span::mark(buffer, inside.x + 2, y, inside.width - 2, above, below);
                continue;
            }
        };
        let (name, holds) = &found[row];
        places.put(Rect::new(inside.x, y, inside.width, 1), Target::Row(row));
        let (lead, style) = if row == at {
            ("› ", theme::focus())
        } else {
            ("  ", theme::plain())
        };
        paint::pieces(buffer, inside.x, y, aside - 1, &[(lead, style), (name, style)]);
        paint::text(buffer, inside.x + aside, y, inside.width - aside, holds, theme::dim());
    }
    let keys = [
        ("Enter", enter, Rank::Way),
        ("↑↓", "choose", Rank::Useful),
        ("Esc", "close", Rank::Way),
    ];
    hints::draw(&fixed(&keys), buffer, area);
    let typed = Rect::new(inside.x + 1, inside.y, inside.width - 1, 1);
    places.put_text(typed, false);
    text.draw_line(buffer, typed)
}
