//! The list under a field whose ids are looked up, or the sentence that stands there instead.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::model::{Offer, Offers};
use crate::tui::theme;
use crate::tui::widget::paint;
use crate::tui::width::shown_width;

/// Rows of the list that are shown at once.
const MOST_ROWS: usize = 6;
/// Columns of the list under a field of the form, at least and at most.
const WIDTH: (u16, u16) = (64, 110);
/// The most rows of a sentence.
const SENTENCE_ROWS: usize = 2;

/// How many rows the list takes at this width: as many for a few matches as for all, so that typing doesn't move what is below.
pub fn rows(offers: &Offers, width: u16) -> u16 {
    let rows = match offers {
        Offers::Here(_, all) => (*all).min(MOST_ROWS),
        Offers::Told(said) => paint::wrap(said, usize::from(width.saturating_sub(1)))
            .len()
            .min(SENTENCE_ROWS),
    };
    u16::try_from(rows).unwrap_or(1)
}

/// Draws the list under a cell of the form, or above it where there is no room below.
pub fn draw_at(offers: &Offers, pick: Option<&str>, title: &str, cell: Rect, buffer: &mut Buffer, area: Rect) {
    let below = (area.bottom() - 1).saturating_sub(cell.y + 1);
    match offers {
        Offers::Here(..) => {
            let width = (area.width * 3 / 5).clamp(WIDTH.0, WIDTH.1).min(area.width);
            let x = cell.x.saturating_sub(1).min(area.right() - width);
            let rows = rows(offers, width) + 2;
            let place = if below >= 3 {
                Rect::new(x, cell.y + 1, width, rows.min(below))
            } else {
                let rows = rows.min(cell.y.saturating_sub(area.y));
                Rect::new(x, cell.y - rows, width, rows)
            };
            let inside = paint::window(buffer, place, title);
            draw(offers, pick, buffer, inside);
        }
        Offers::Told(said) => {
            let width = u16::try_from(shown_width(said) + 2).unwrap_or(u16::MAX).min(area.width);
            let x = cell.x.saturating_sub(1).min(area.right() - width);
            let place = Rect::new(x, cell.y + 1, width, rows(offers, width).min(below));
            paint::clear(buffer, place);
            draw(offers, pick, buffer, place);
        }
    }
}

/// Draws the list into an area.
pub fn draw(offers: &Offers, pick: Option<&str>, buffer: &mut Buffer, area: Rect) {
    match offers {
        Offers::Told(said) => sentence(said, buffer, area),
        Offers::Here(here, _) if here.is_empty() => sentence("Nothing matches; Enter takes the text.", buffer, area),
        Offers::Here(here, _) => list(here, pick, buffer, area),
    }
}

fn sentence(said: &str, buffer: &mut Buffer, area: Rect) {
    let width = area.width.saturating_sub(1);
    let lines = paint::wrap(said, usize::from(width));
    let room = usize::from(area.height);
    for (row, line) in lines.iter().take(room).enumerate() {
        let y = area.y + u16::try_from(row).unwrap_or(0);
        let cut = row + 1 == room && lines.len() > room;
        let line = if cut { format!("{line}…") } else { line.clone() };
        paint::text(buffer, area.x + 1, y, width, &line, theme::dim());
    }
}

fn list(here: &[Offer], pick: Option<&str>, buffer: &mut Buffer, area: Rect) {
    let rows = usize::from(area.height);
    let at = here.iter().position(|offer| Some(offer.id.as_str()) == pick);
    let first = at.map_or(0, |at| (at + 1).saturating_sub(rows));
    let widest = |text: fn(&Offer) -> &str| {
        let widest = here.iter().map(|offer| shown_width(text(offer))).max();
        u16::try_from(widest.unwrap_or(0)).unwrap_or(u16::MAX)
    };
    let id = widest(|offer| &offer.id).min(area.width / 2);
    // What is said beside the name keeps at least the column that tells that it was cut.
    let name = widest(|offer| &offer.name).min(area.width.saturating_sub(id + 7));
    for (row, offer) in here.iter().enumerate().skip(first).take(rows) {
        let y = area.y + u16::try_from(row - first).unwrap_or(0);
        let (lead, style) = if Some(row) == at {
            ("›", theme::focus())
        } else {
            (" ", theme::plain())
        };
        paint::text(buffer, area.x, y, 1, lead, style);
        let mut x = area.x + 1;
        // The last column is for the marks of what is above and below.
        let end = area.right().saturating_sub(1);
        for (text, wide, style) in [
            (&offer.id, id, style),
            (&offer.name, name, style),
            (&offer.about, u16::MAX, theme::dim()),
        ] {
            paint::text(buffer, x, y, wide.min(end.saturating_sub(x)), text, style);
            x = x.saturating_add(wide).saturating_add(if wide > 0 { 2 } else { 0 });
            if x >= end {
                break;
            }
        }
    }
    let mark = area.right().saturating_sub(1);
    if first > 0 {
        paint::text(buffer, mark, area.y, 1, "▲", theme::dim());
    }
    if first + rows < here.len() {
        paint::text(buffer, mark, area.bottom().saturating_sub(1), 1, "▼", theme::dim());
    }
}
