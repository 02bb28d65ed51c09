//! How far a page is scrolled. Drawing says how far that can be; nothing is drawn to find it out.

use std::cell::Cell;

use crate::tui::keymap::Action;

/// The first line shown of a page that may be longer than the screen.
#[derive(Debug, Default)]
pub struct Scroll {
    first: usize,
    drawn: Cell<Option<Extent>>,
}

/// What was drawn last.
#[derive(Clone, Copy, Debug)]
struct Extent {
    /// The first one shown.
    first: usize,
    /// All lines.
    lines: usize,
    /// Rows for them, where no notice takes any.
    height: usize,
    /// Rows that they had.
    page: usize,
}

impl Scroll {
    /// The first line to be shown of `lines`: a page has `height` rows, of which `page` are free for them now.
    pub fn first_of(&self, lines: usize, height: usize, page: usize) -> usize {
        let first = self.first.min(lines.saturating_sub(page.max(1)));
        self.drawn.set(Some(Extent {
            first,
            lines,
            height,
            page,
        }));
        first
    }

    /// The first line that was drawn, and the one behind the last.
    pub fn shown(&self) -> Option<(usize, usize)> {
        self.drawn.get().map(|drawn| (drawn.first, drawn.first + drawn.page))
    }

    /// Whether it was drawn, so that keys know where the page ends.
    pub fn is_laid_out(&self) -> bool {
        self.drawn.get().is_some()
    }

    /// Other lines are shown, from their first on.
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    /// The lines are broken anew, at another width.
    pub fn forget_layout(&self) {
        self.drawn.set(None);
    }

    /// Shows this line first.
    pub fn go(&mut self, first: usize) {
        self.first = first;
    }

    /// Scrolls, if the action is one that does.
    pub fn act(&mut self, action: Action) -> bool {
        let page = self.drawn.get().map_or(1, |drawn| drawn.page.max(1));
        let page = i64::try_from(page).unwrap_or(1);
        match action {
            Action::Down => self.by(1),
            Action::Up => self.by(-1),
            Action::PageDown => self.by(page),
            Action::PageUp => self.by(-page),
            Action::First => self.by(i64::MIN),
            Action::Last => self.by(i64::MAX),
            _ => return false,
        }
        true
    }

    /// Scrolls by so many rows, as far as there are any.
    pub fn by(&mut self, rows: i64) {
        let drawn = self.drawn.get();
        let most = drawn.map_or(0, |drawn| drawn.lines.saturating_sub(drawn.height));
        let rows = isize::try_from(rows).unwrap_or(if rows < 0 { isize::MIN } else { isize::MAX });
        // A page that became shorter is scrolled from where it ends now.
        self.first = self.first.min(most).saturating_add_signed(rows).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_scrolls_as_far_as_was_drawn_and_by_what_could_be_read() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.first_of(30, 10, 8), 0);
        assert!(scroll.act(Action::PageDown) && !scroll.act(Action::Edit));
        assert_eq!(scroll.first_of(30, 10, 10), 8);
        scroll.act(Action::Last);
        assert_eq!(scroll.first_of(30, 10, 10), 20);
        scroll.act(Action::Up);
        assert_eq!(scroll.first_of(30, 10, 10), 19);
        assert_eq!(scroll.first_of(12, 10, 10), 2, "there are fewer now");
        scroll.act(Action::Up);
        assert_eq!(scroll.first_of(12, 10, 10), 1, "from where it ends now");
        scroll.act(Action::Down);
        assert_eq!(scroll.first_of(12, 10, 10), 2);
        scroll.act(Action::First);
        assert_eq!(scroll.first_of(12, 10, 10), 0);
    }
}
