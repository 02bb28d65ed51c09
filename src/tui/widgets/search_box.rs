//! A box in which something is looked for: what is typed, and under it the rows that match.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::areas::Areas;
use super::key_bar::Rank;
use super::list_window::{HiddenMark, ListWindow, Spot};
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
        // Half of a large window; of a small one all but the lines on top.
        let above = canvas.above_keys();
        let rows = (canvas.area.height / 2).max(ROWS.min(canvas.area.height.saturating_sub(3)));
        let [_, place] = above.split_bottom(rows);
        let [place, _] = place.split_left(MOST_WIDTH);
        let inside = paint::window(canvas.buffer, place, title);
        let [line, below] = inside.split_top(1);
        let [mark, typed] = line.split_left(1);
        paint::row(canvas.buffer, mark, prompt, theme::strong());
        if found.is_empty() && !self.text.text().trim().is_empty() {
            let [_, says] = below.split_left(2);
            paint::row(canvas.buffer, says, "nothing is called so", theme::dim());
        }
        let at = self.chosen.at();
        let rows = usize::from(below.height).max(1);
        let window = ListWindow::new(None, rows, found.len(), (!found.is_empty()).then_some(at));
        canvas.hit_map.window(inside, Scrolls::Front, window.first, found.len());
        for (line, spot) in below.rows().zip(window.spots()) {
            match spot {
                Spot::Row(row) => {
                    canvas.hit_map.put(line, Target::Row(row));
                    draw_row(&found[row], row == at, line, canvas.buffer);
                }
                Spot::Hidden(above, below) => HiddenMark(above, below).render(line.indented(), canvas.buffer),
            }
        }
        canvas.hit_map.put_text(typed, false);
        canvas.cursor = Some(self.text.draw_line(canvas.buffer, typed));
        if let Some(notice) = notice {
            canvas.tell_over_keys(notice);
        }
    }
}

/// A row that matches, and in the right half what stands beside it.
fn draw_row((name, holds): &(String, String), is_chosen: bool, line: Rect, buffer: &mut Buffer) {
    let (lead, style) = if is_chosen {
        ("› ", theme::focus())
    } else {
        ("  ", theme::plain())
    };
    let [left, right] = line.split_left(line.width / 2);
    // A column is free between them.
    let [left, _] = left.split_right(1);
    paint::pieces(buffer, left, &[(lead, style), (name, style)]);
    paint::row(buffer, right, holds, theme::dim());
}
