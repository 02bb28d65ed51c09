//! Which row of a list is chosen.

use crate::tui::keymap::Action;

/// The chosen row, by its place in the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    at: usize,
}

impl Selection {
    /// The row of this place, counted from 0.
    pub fn new(at: usize) -> Self {
        Self { at }
    }

    /// Its place; in a list that became shorter there may be nothing there.
    pub fn at(self) -> usize {
        self.at
    }

    /// Moves, if the action is one that does: in a list of `count` rows, by `page` of them at once.
    pub fn act(&mut self, action: Action, count: usize, page: usize) -> bool {
        let page = i64::try_from(page).unwrap_or(i64::MAX);
        match action {
            Action::Down => self.by(1, count),
            Action::Up => self.by(-1, count),
            Action::PageDown => self.by(page, count),
            Action::PageUp => self.by(-page, count),
            Action::First => self.at = 0,
            Action::Last => self.at = count.saturating_sub(1),
            _ => return false,
        }
        true
    }

    /// Moves by so many rows, as far as there are any.
    pub fn by(&mut self, rows: i64, count: usize) {
        let rows = isize::try_from(rows).unwrap_or(if rows < 0 { isize::MIN } else { isize::MAX });
        self.at = self.at.saturating_add_signed(rows).min(count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_within_the_list() {
        let mut chosen = Selection::default();
        let mut after = |action| {
            assert!(chosen.act(action, 10, 4), "{action:?}");
            chosen.at()
        };
        assert_eq!(after(Action::Up), 0);
        assert_eq!(after(Action::Down), 1);
        assert_eq!(after(Action::PageDown), 5);
        assert_eq!(after(Action::PageDown), 9);
        assert_eq!(after(Action::PageUp), 5);
        assert_eq!(after(Action::Last), 9);
        assert_eq!(after(Action::First), 0);
        assert!(!chosen.act(Action::Edit, 10, 4));
        chosen.by(3, 0);
        assert_eq!(chosen.at(), 0, "there is no row");
    }
}
