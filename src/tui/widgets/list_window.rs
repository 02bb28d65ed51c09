//! Which rows of a long list a few lines show, and what stands there for those that are hidden.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::areas::Areas;
use super::paint;
use crate::tui::theme;

/// A window on a list: lines of the screen, and the rows on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListWindow {
    /// The row that belongs on the first line, whether it stands there or a mark does.
    pub first: usize,
    height: usize,
    count: usize,
    focus: Option<usize>,
}

/// What stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// This row.
    Row(usize),
    /// So many rows are hidden above, and below.
    Hidden(usize, usize),
}

impl ListWindow {
    /// The window that begins with `first`, or with what is nearest to that: the focused row stands in it, and so do
    /// the marks of what is hidden, without taking its place. `None` begins as far up as the focus allows.
    pub fn new(first: Option<usize>, height: usize, count: usize, focus: Option<usize>) -> Self {
        let mut window = Self {
            first: first.unwrap_or(0).min(count.saturating_sub(height)),
            height,
            count,
            focus,
        };
        if let Some(focus) = focus.filter(|_| count > height && height > 0) {
            let (low, high) = window.free();
            let margin = usize::from(height > 2);
            if focus < low {
                window.first = focus.saturating_sub(margin);
            } else if focus > high {
                window.first = (focus + 1 + margin).saturating_sub(height);
            }
            window.first = window.first.min(count - height);
        }
        window
    }

    /// The first and the last row that no mark hides; of lists of one or two lines, that the focus may have.
    pub fn free(&self) -> (usize, usize) {
        let end = (self.first + self.height).min(self.count);
        let marks = self.height > 2;
        let above = usize::from(marks && self.first > 0);
        let below = usize::from(marks && end < self.count);
        (self.first + above, end.saturating_sub(1 + below).max(self.first))
    }

    /// What stands on each line.
    pub fn spots(&self) -> impl Iterator<Item = Spot> + use<> {
        let window = *self;
        (0..self.height.min(self.count - self.first.min(self.count))).map(move |line| window.spot(line))
    }

    fn spot(&self, line: usize) -> Spot {
        let row = self.first + line;
        let above = self.first + 1;
        let below = self.count - (self.first + self.height - 1).min(self.count);
        let last = line + 1 == self.height;
        if self.count <= self.height || self.height < 2 {
            return Spot::Row(row);
        }
        if self.height == 2 {
            // One line for the row that counts, the other one for all that is hidden.
            return match (self.focus, last) {
                (Some(focus), _) if focus == row => Spot::Row(row),
                (Some(focus), false) if focus == row + 1 => Spot::Hidden(above, below - 1),
                (_, false) => Spot::Row(row),
                (_, true) => Spot::Hidden(self.first, below),
            };
        }
        match (line, last) {
            (0, _) if self.first > 0 => Spot::Hidden(above, 0),
            (_, true) if below > 1 => Spot::Hidden(0, below),
            _ => Spot::Row(row),
        }
    }
}

/// How many rows are hidden above and below, as it stands on a line of the list.
#[derive(Clone, Copy, Debug)]
pub struct HiddenMark(pub usize, pub usize);

impl Widget for HiddenMark {
    /// A column from the left.
    fn render(self, line: Rect, buffer: &mut Buffer) {
        let text = match self {
            Self(above, 0) => format!("…{above} above"),
            Self(0, below) => format!("…{below} more"),
            Self(above, below) => format!("…{below} more, {above} above"),
        };
        paint::row(buffer, line.indented(), &text, theme::dim());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(first: Option<usize>, height: usize, count: usize, focus: Option<usize>) -> Vec<Spot> {
        ListWindow::new(first, height, count, focus).spots().collect()
    }

    #[test]
    fn what_is_hidden_is_told_on_both_sides_and_the_focus_stays_in_sight() {
        use Spot::{Hidden, Row};
        assert_eq!(lines(None, 3, 3, Some(2)), [Row(0), Row(1), Row(2)]);
        assert_eq!(lines(None, 3, 6, Some(0)), [Row(0), Row(1), Hidden(0, 4)]);
        assert_eq!(lines(None, 3, 6, Some(3)), [Hidden(3, 0), Row(3), Hidden(0, 2)]);
        assert_eq!(lines(None, 3, 6, Some(5)), [Hidden(4, 0), Row(4), Row(5)]);
        assert_eq!(lines(None, 2, 6, Some(3)), [Hidden(3, 2), Row(3)]);
        assert_eq!(lines(Some(3), 2, 6, Some(3)), [Row(3), Hidden(3, 2)]);
        assert_eq!(lines(None, 1, 6, Some(3)), [Row(3)]);
        assert_eq!(lines(None, 2, 6, None), [Row(0), Hidden(0, 5)]);
        assert_eq!(lines(None, 0, 6, Some(3)), []);
        assert_eq!(lines(None, 4, 0, None), []);
    }

    proptest! {
        #[test]
        fn every_row_is_shown_or_counted(
            first in proptest::option::of(0usize..40),
            height in 2usize..12,
            count in 0usize..40,
            at in proptest::option::of(0usize..40),
        ) {
            let focus = at.filter(|at| *at < count);
            let spots = lines(first, height, count, focus);
            let rows = spots.iter().filter(|spot| matches!(spot, Spot::Row(_))).count();
            let hidden: usize = spots.iter().map(|spot| match spot {
                Spot::Row(_) => 0,
                Spot::Hidden(above, below) => above + below,
            }).sum();
            prop_assert_eq!(rows + hidden, count);
            prop_assert!(spots.len() <= height);
            if let Some(focus) = focus {
                prop_assert!(spots.contains(&Spot::Row(focus)), "{:?}", spots);
            }
        }

        #[test]
        fn a_window_that_shows_the_focus_stays_where_it_is(height in 1usize..12, count in 1usize..40, first in 0usize..40) {
            let window = ListWindow::new(Some(first), height, count, None);
            let (low, high) = window.free();
            for focus in low..=high {
                prop_assert_eq!(ListWindow::new(Some(window.first), height, count, Some(focus)).first, window.first);
            }
        }
    }
}
