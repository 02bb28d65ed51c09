//! A box in which something is looked for: what is typed, and under it the rows that match.

use ratatui::layout::Rect;

use super::key_bar::Rank;
use super::list_window::{self, ListWindow, Spot};
use super::notice::Notice;
use super::paint;
use super::selection::Selection;
use super::text_edit::TextEdit;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::hit_map::{Scrolls, Target};
use crate::tui::keymap::Action;
use crate::tui::theme;

/// The widest that such a box is: what is found is read together with what stands beside it.
const MOST_WIDTH: u16 = 100;

/// Rows of such a box, as far as there are so many; a large window has more.
const ROWS: u16 = 12;

/// What is looked for, and which of the rows that match is chosen.
#[derive(Debug)]
pub struct SearchBox {
    /// What is typed.
    pub text: TextEdit,
    /// The chosen row.
    pub chosen: Selection,
}

impl Default for SearchBox {
    fn default() -> Self {
        Self::new(0)
    }
}

impl SearchBox {
    /// Nothing is typed yet; this row is chosen.
    pub fn new(at: usize) -> Self {
        Self {
            text: TextEdit::new(""),
            chosen: Selection::new(at),
        }
    }

    /// What it takes; `enter` says what Enter does with the chosen row.
    pub fn commands(enter: &'static str) -> Vec<Command> {
        vec![
            Command::fixed(&[("enter", Action::Accept)], enter, Rank::Way),
            Command::fixed(&[("down", Action::Down), ("up", Action::Up)], "choose", Rank::Useful).shown_as("↑↓"),
            Command::fixed(&[("esc", Action::Back), ("ctrl-c", Action::Back)], "close", Rank::Way),
        ]
    }

    /// Another text matches other rows: the first one is the best.
    pub fn typed(&mut self) {
        self.chosen = Selection::default();
    }

    /// A click on a row chooses it.
    pub fn click(&mut self, target: Target) {
        if let Target::Row(row) = target {
            self.chosen = Selection::new(row);
        }
    }

    /// Draws it with the rows that match, each with what stands beside it. What there is to be told takes the place of
    /// the key bar.
    pub fn draw(
        &self,
        (title, prompt): (&str, &str),
        found: &[(String, String)],
        notice: Option<&Notice>,
        canvas: &mut Canvas<'_>,
    ) {
        let area = canvas.area;
        // Half of a large window; of a small one all but the lines on top.
        let rows = (area.height / 2).max(ROWS.min(area.height.saturating_sub(3)));
        let place = Rect::new(area.x, area.bottom() - 1 - rows, area.width.min(MOST_WIDTH), rows);
        let inside = paint::window(canvas.buffer, place, title);
        paint::text(canvas.buffer, inside.x, inside.y, 1, prompt, theme::strong());
        if found.is_empty() && !self.text.text().trim().is_empty() {
            let says = "nothing is called so";
            paint::text(
                canvas.buffer,
                inside.x + 2,
                inside.y + 1,
                inside.width - 2,
                says,
                theme::dim(),
            );
        }
        self.draw_rows(found, inside, canvas);
        let typed = Rect::new(inside.x + 1, inside.y, inside.width - 1, 1);
        canvas.hit_map.put_text(typed, false);
        canvas.cursor = Some(self.text.draw_line(canvas.buffer, typed));
        if let Some(notice) = notice {
            canvas.tell_over_keys(notice);
        }
    }

    fn draw_rows(&self, found: &[(String, String)], inside: Rect, canvas: &mut Canvas<'_>) {
        let at = self.chosen.at();
        let rows = usize::from(inside.height.saturating_sub(1)).max(1);
        let window = ListWindow::new(None, rows, found.len(), (!found.is_empty()).then_some(at));
        let aside = inside.width / 2;
        canvas.hit_map.window(inside, Scrolls::Front, window.first, found.len());
        let buffer = &mut *canvas.buffer;
        for (y, spot) in (inside.y + 1..).zip(window.spots()) {
            let row = match spot {
                Spot::Row(row) => row,
                Spot::Hidden(above, below) => {
                    list_window::mark(buffer, inside.x + 2, y, inside.width - 2, above, below);
                    continue;
                }
            };
            let (name, holds) = &found[row];
            canvas
                .hit_map
                .put(Rect::new(inside.x, y, inside.width, 1), Target::Row(row));
            let (lead, style) = if row == at {
                ("› ", theme::focus())
            } else {
                ("  ", theme::plain())
            };
            paint::pieces(buffer, inside.x, y, aside - 1, &[(lead, style), (name, style)]);
            paint::text(buffer, inside.x + aside, y, inside.width - aside, holds, theme::dim());
        }
    }
}
