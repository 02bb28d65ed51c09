//! Drawing a text being edited, and what clicks into it hit.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use super::cells::{OneLine, Wrapped};
use super::{Drawn, Shape, TextEdit};
use crate::tui::theme;
use crate::tui::widgets::areas::cells;

impl TextEdit {
    /// Whether it was drawn, so that the keys that go by drawn rows know them.
    pub fn is_laid_out(&self) -> bool {
        self.drawn.get().shape.is_some()
    }

    /// The terminal has another size: how it was drawn says nothing any more.
    pub fn forget_layout(&self) {
        self.drawn.set(Drawn::default());
    }

    /// Draws on one row, line breaks as `␊`; scrolls by half its width. Returns where the cursor is.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect) -> Position {
        self.drawn.set(Drawn {
            shape: Some(Shape::OneRow),
            top: 0,
        });
        let line = OneLine::new(&self.text, self.cursor, usize::from(area.width));
        for (x, cell) in line.drawn() {
            cell.draw(buffer, area.x + cells(x), area.y);
        }
        if self.selected {
            let selected = Rect::new(area.x, area.y, cells(line.shown()), 1);
            buffer.set_style(selected, Modifier::REVERSED);
        }
        let (left, right) = line.hides();
        if left {
            buffer.set_stringn(area.x, area.y, "…", 1, theme::dim());
        }
        if right {
            buffer.set_stringn(area.right().saturating_sub(1), area.y, "…", 1, theme::dim());
        }
        Position::new(area.x + cells(line.cursor()), area.y)
    }

    /// How many rows it takes in a box that is so wide, with the one that the cursor may need behind it.
    pub fn rows(&self, width: u16) -> usize {
        Wrapped::new(&self.text, self.cursor, usize::from(width)).rows.len()
    }

    /// The first row that is shown: as before, unless the cursor would not be seen.
    fn top(&self, wrapped: &Wrapped<'_>, height: usize) -> usize {
        let (row, _) = wrapped.cursor;
        let last = wrapped.rows.len().saturating_sub(height);
        let top = self.drawn.get().top.min(last);
        top.clamp((row + 1).saturating_sub(height), row)
    }

    /// Draws over several rows, wrapped; scrolls so that the cursor is seen. Returns where the cursor is, and how many
    /// rows are hidden above and below.
    pub fn draw_box(&self, buffer: &mut Buffer, area: Rect) -> (Position, (usize, usize)) {
        let (width, height) = (usize::from(area.width), usize::from(area.height.max(1)));
        let wrapped = Wrapped::new(&self.text, self.cursor, width);
        let top = self.top(&wrapped, height);
        self.drawn.set(Drawn {
            shape: Some(Shape::Rows(width)),
            top,
        });
        for (y, row) in (area.y..).zip(wrapped.rows.iter().skip(top).take(height)) {
            let mut x = area.x;
            for cell in &row.cells {
                cell.draw(buffer, x, y);
                x += cells(cell.wide);
            }
            if self.selected {
                buffer.set_style(Rect::new(area.x, y, x - area.x, 1), Modifier::REVERSED);
            }
        }
        let (row, column) = wrapped.cursor;
        let at = Position::new(area.x + cells(column), area.y + cells(row - top));
        (at, (top, wrapped.rows.len().saturating_sub(top + height)))
    }

    /// Puts the cursor on what stands at a place of the area that [`draw_line`](Self::draw_line) drew into, or behind
    /// all of it.
    pub fn click_line(&mut self, area: Rect, at: Position) {
        let line = OneLine::new(&self.text, self.cursor, usize::from(area.width));
        let under = line.under(usize::from(at.x.saturating_sub(area.x)));
        drop(line);
        self.clicked(under.unwrap_or(self.text.len()));
    }

    /// The same for [`draw_box`](Self::draw_box).
    pub fn click_box(&mut self, area: Rect, at: Position) {
        let wrapped = Wrapped::new(&self.text, self.cursor, usize::from(area.width));
        let top = self.top(&wrapped, usize::from(area.height.max(1)));
        let row = top + usize::from(at.y.saturating_sub(area.y));
        let row = &wrapped.rows[row.min(wrapped.rows.len() - 1)];
        let under = row.at(usize::from(at.x.saturating_sub(area.x)));
        drop(wrapped);
        self.clicked(under);
    }

    fn clicked(&mut self, at: usize) {
        self.end_typing();
        self.go_to(at);
    }
}
