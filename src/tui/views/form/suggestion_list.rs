//! The list under a field whose ids are looked up, or the sentence that stands there instead.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::width::{cut_middle, shown_width};
use crate::tui::canvas::Canvas;
use crate::tui::hit_map::Target;
use crate::tui::model::{Matching, Suggestion, Suggestions, Typed};
use crate::tui::theme;
use crate::tui::widgets::areas::{Areas, cells};
use crate::tui::widgets::paint;

/// Rows of the list that are shown at once.
const MOST_ROWS: usize = 6;
/// Columns of the list under a field of the form, at least and at most.
const WIDTH: (u16, u16) = (64, 110);
/// The most rows of a sentence.
const SENTENCE_ROWS: usize = 2;

/// What can be chosen for a field, and what of it is focused.
#[derive(Clone, Copy)]
pub struct SuggestionList<'a> {
    suggestions: &'a Suggestions,
    pick: Option<&'a str>,
}

impl<'a> SuggestionList<'a> {
    /// These; `pick` is the id that was gone to in the list.
    pub fn new(suggestions: &'a Suggestions, pick: Option<&'a str>) -> Self {
        Self { suggestions, pick }
    }

    /// How many rows it takes at this width, with the one above it that says what Enter takes: as many for a few
    /// matches as for all, so that typing doesn't move what is below.
    pub fn rows(self, width: u16) -> u16 {
        cells(match self.suggestions {
            Suggestions::Here(choices) => choices.count.min(MOST_ROWS) + 1,
            Suggestions::Told(said) => paint::wrap(said, usize::from(width.saturating_sub(1)))
                .len()
                .min(SENTENCE_ROWS),
        })
    }

    /// Draws it under a cell of the form, or above that where there is no room below.
    pub fn draw_at(self, title: &str, cell: Rect, canvas: &mut Canvas<'_>) {
        let area = canvas.area;
        let below = (area.bottom() - 1).saturating_sub(cell.y + 1);
        let width = match self.suggestions {
            Suggestions::Here(_) => (area.width * 3 / 5).clamp(WIDTH.0, WIDTH.1),
            Suggestions::Told(said) => cells(shown_width(said) + 4),
        };
        let width = width.min(area.width);
        let x = cell.x.saturating_sub(1).min(area.right() - width);
        let rows = self.rows(width.saturating_sub(2)) + 2;
        let place = if below >= 3 {
            Rect::new(x, cell.y + 1, width, rows.min(below))
        } else {
            let rows = rows.min(cell.y.saturating_sub(area.y));
            Rect::new(x, cell.y - rows, width, rows)
        };
        let inside = paint::window(canvas.buffer, place, title);
        self.draw(inside, canvas);
    }

    /// Draws it into an area.
    pub fn draw(self, area: Rect, canvas: &mut Canvas<'_>) {
        let choices = match self.suggestions {
            Suggestions::Told(said) => return sentence(said, canvas.buffer, area),
            Suggestions::Here(choices) => choices,
        };
        let said = takes(choices, self.pick, usize::from(area.width));
        if choices.here.is_empty() {
            return sentence(&said, canvas.buffer, area);
        }
        // Of two rows the first is worth more than that nothing is typed.
        let free = matches!(choices.typed, Typed::Free(_)) && self.pick.is_none();
        let lead = u16::from(area.height > 2 || (area.height > 1 && free));
        let style = if free { theme::strong() } else { theme::dim() };
        let [first, below] = area.split_top(lead);
        paint::row(canvas.buffer, first.indented(), &said, style);
        list(&choices.here, choices.takes(self.pick), below, canvas);
    }
}

/// What Enter takes now. What is not in the list is said to be so: a few letters of a name are no id.
fn takes(choices: &Matching, pick: Option<&str>, width: usize) -> String {
    let Matching { here, typed, .. } = choices;
    match (choices.takes(pick), typed) {
        (Some(id), _) => match choices.suggestion(id) {
            Some(suggestion) if !suggestion.name.is_empty() => format!("Enter takes {id}, {}.", suggestion.name),
            _ => format!("Enter takes {id}."),
        },
        (None, Typed::Free(text)) => {
            let (lead, tail) = match (here.is_empty(), width) {
                (true, _) => ("Nothing matches; Enter takes", "as it is."),
                (false, 44..) => ("Enter takes", "as it is; ↓ chooses."),
                (false, _) => ("Enter takes", "as it is."),
            };
            // Of a long text so much that the rest can be read.
            let room = width.saturating_sub(lead.len() + shown_width(tail) + 5);
            format!("{lead} \"{}\" {tail}", cut_middle(text, room.max(8)))
        }
        (None, _) => "↓ chooses; letters filter.".to_owned(),
    }
}

fn sentence(said: &str, buffer: &mut Buffer, area: Rect) {
    paint::filled(buffer, area.indented(), said, theme::dim());
}

fn list(here: &[Suggestion], pick: Option<&str>, area: Rect, canvas: &mut Canvas<'_>) {
    let Canvas { buffer, hit_map, .. } = canvas;
    let rows = usize::from(area.height);
    let at = here.iter().position(|suggestion| Some(suggestion.id.as_str()) == pick);
    let first = at.map_or(0, |at| (at + 1).saturating_sub(rows));
    let widest = |text: fn(&Suggestion) -> &str| {
        let widest = here.iter().map(|suggestion| shown_width(text(suggestion))).max();
        cells(widest.unwrap_or(0))
    };
    let id = widest(|suggestion| &suggestion.id).min(area.width / 2);
    // What is said beside the name keeps at least the column that tells that it was cut.
    let name = widest(|suggestion| &suggestion.name).min(area.width.saturating_sub(id + 7));
    for (line, (row, suggestion)) in area.rows().zip(here.iter().enumerate().skip(first)) {
        hit_map.put(line, Target::Suggestion(row));
        let (lead, style) = if Some(row) == at {
            ("›", theme::focus())
        } else {
            (" ", theme::plain())
        };
        paint::text(buffer, line.x, line.y, 1, lead, style);
        let mut x = area.x + 1;
        // The last column is for the marks of what is above and below.
        let end = area.right().saturating_sub(1);
        for (text, wide, style) in [
            (&suggestion.id, id, style),
            (&suggestion.name, name, style),
            (&suggestion.about, u16::MAX, theme::dim()),
        ] {
            paint::text(buffer, x, line.y, wide.min(end.saturating_sub(x)), text, style);
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
