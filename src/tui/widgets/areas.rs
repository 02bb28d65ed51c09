//! Areas split, and boxes placed in them.
//!
//! A split is what ratatui's `Layout` makes of a `Length` and a `Fill`. Its solver takes 20 to 50 µs for that, a good
//! part of all that a key may cost, so it isn't asked while a screen is drawn; a test compares.

use ratatui::layout::{Margin, Rect};

/// A column on both sides stays free.
pub const SIDES: Margin = Margin::new(1, 0);

/// So many columns or rows, as far as a screen can have them.
pub fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Parts of an area. What is asked for is given as far as there is room; the rest may be empty.
pub trait Areas: Sized {
    /// The first so many rows, and those below them.
    fn split_top(self, rows: u16) -> [Self; 2];

    /// The rows above the last so many, and those.
    fn split_bottom(self, rows: u16) -> [Self; 2];

    /// The first so many columns, and those to the right of them.
    fn split_left(self, columns: u16) -> [Self; 2];

    /// The columns to the left of the last so many, and those.
    fn split_right(self, columns: u16) -> [Self; 2];

    /// Without its first column.
    fn indented(self) -> Self;

    /// A box of so many columns and rows in its middle; what can't be halved is more on the right and below.
    fn middle(self, width: u16, height: u16) -> Self;
}

impl Areas for Rect {
    fn split_top(self, rows: u16) -> [Self; 2] {
        let rows = rows.min(self.height);
        let top = Self { height: rows, ..self };
        let rest = Self {
            y: self.y + rows,
            height: self.height - rows,
            ..self
        };
        [top, rest]
    }

    fn split_bottom(self, rows: u16) -> [Self; 2] {
        self.split_top(self.height.saturating_sub(rows))
    }

    fn split_left(self, columns: u16) -> [Self; 2] {
        let columns = columns.min(self.width);
        let left = Self { width: columns, ..self };
        let rest = Self {
            x: self.x + columns,
            width: self.width - columns,
            ..self
        };
        [left, rest]
    }

    fn split_right(self, columns: u16) -> [Self; 2] {
        self.split_left(self.width.saturating_sub(columns))
    }

    fn indented(self) -> Self {
        let [_, rest] = self.split_left(1);
        rest
    }

    fn middle(self, width: u16, height: u16) -> Self {
        let (width, height) = (width.min(self.width), height.min(self.height));
        Self {
            x: self.x + (self.width - width) / 2,
            y: self.y + (self.height - height) / 2,
            width,
            height,
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Constraint::{Fill, Length};
    use ratatui::layout::Layout;

    use super::*;

    #[test]
    fn a_split_is_what_a_layout_would_make_of_it() {
        for size in 0..12 {
            for wanted in 0..16 {
                let area = Rect::new(3, 5, size, size);
                let (first, last) = ([Length(wanted), Fill(1)], [Fill(1), Length(wanted)]);
                assert_eq!(area.split_top(wanted), Layout::vertical(first).areas(area));
                assert_eq!(area.split_bottom(wanted), Layout::vertical(last).areas(area));
                assert_eq!(area.split_left(wanted), Layout::horizontal(first).areas(area));
                assert_eq!(area.split_right(wanted), Layout::horizontal(last).areas(area));
            }
        }
    }

    #[test]
    fn a_box_in_the_middle_is_cut_to_the_area() {
        let area = Rect::new(2, 1, 7, 4);
        assert_eq!(area.middle(4, 2), Rect::new(3, 2, 4, 2));
        assert_eq!(area.middle(9, 9), area);
    }
}
