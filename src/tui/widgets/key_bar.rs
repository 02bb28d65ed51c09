//! The last row: the keys that work now. What there is no room for is left out by its rank; the ways out and on stay.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::areas::Areas;
use super::paint;
use crate::text::width::shown_width;
use crate::tui::theme;

/// How long a hint stays when room gets scarce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The way out, and the way on: to the last.
    Way,
    /// What can't be guessed and is needed often.
    Needed,
    /// What is good to know.
    Useful,
    /// What most people try by themselves.
    Extra,
}

/// A key and what it does.
#[derive(Clone, Debug)]
pub struct Hint {
    /// The key as it is shown.
    pub key: String,
    /// What it does; behind a `|` what a narrow screen does without.
    says: &'static str,
    rank: Rank,
}

impl Hint {
    /// A key, as it is shown, and what it does.
    pub fn new(key: &str, says: &'static str, rank: Rank) -> Self {
        Self {
            key: key.to_owned(),
            says,
            rank,
        }
    }

    fn width(&self, short: bool) -> usize {
        shown_width(&self.key) + 1 + shown_width(&self.says(short))
    }

    /// What it does, in short or whole.
    pub fn says(&self, short: bool) -> Cow<'static, str> {
        match self.says.split_once('|') {
            Some((first, _)) if short => first.into(),
            Some((first, rest)) => format!("{first}{rest}").into(),
            None => self.says.into(),
        }
    }
}

/// Hints in a row, as many as there is room for.
#[derive(Clone, Copy, Debug)]
pub struct KeyBar<'a> {
    hints: &'a [Hint],
}

impl<'a> KeyBar<'a> {
    /// With these hints, in this order.
    pub fn new(hints: &'a [Hint]) -> Self {
        Self { hints }
    }
}

impl Widget for KeyBar<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        paint::clear(buffer, area);
        let (kept, short) = fitting(self.hints, usize::from(area.width.saturating_sub(1)));
        let mut rest = area.indented();
        for hint in kept {
            let says = hint.says(short);
            let parts = [
                (hint.key.as_str(), theme::key()),
                (" ", theme::plain()),
                (&says, theme::dim()),
            ];
            let used = paint::pieces(buffer, rest, &parts);
            [_, rest] = rest.split_left(used + GAP);
        }
    }
}

/// Columns between two hints.
const GAP: u16 = 2;

/// Those that fit into so many columns, and whether only in short.
fn fitting(hints: &[Hint], room: usize) -> (Vec<&Hint>, bool) {
    let fits = |kept: &[&Hint], short| {
        let gaps = usize::from(GAP) * kept.len().saturating_sub(1);
        kept.iter().map(|hint| hint.width(short)).sum::<usize>() + gaps <= room
    };
    let mut kept: Vec<&Hint> = hints.iter().collect();
    if fits(&kept, false) {
        return (kept, false);
    }
    while !fits(&kept, true) {
        let least = kept.iter().map(|hint| hint.rank).max().filter(|rank| *rank > Rank::Way);
        let Some(at) = least.and_then(|least| kept.iter().rposition(|hint| hint.rank == least)) else {
            break;
        };
        kept.remove(at);
    }
    (kept, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(room: usize) -> Vec<String> {
        let hints = [
            ("Enter", "take", Rank::Way),
            ("↑↓", "choose", Rank::Extra),
            ("V", "values", Rank::Needed),
            ("Tab", "take|, next", Rank::Useful),
            ("Esc", "leave", Rank::Way),
        ];
        let hints = hints.map(|(key, says, rank)| Hint::new(key, says, rank));
        let (kept, short) = fitting(&hints, room);
        kept.iter()
            .map(|hint| format!("{} {}", hint.key, hint.says(short)))
            .collect()
    }

    #[test]
    fn the_ways_stay_and_the_rest_goes_by_rank() {
        assert_eq!(
            shown(60),
            ["Enter take", "↑↓ choose", "V values", "Tab take, next", "Esc leave"]
        );
        assert_eq!(
            shown(52),
            ["Enter take", "↑↓ choose", "V values", "Tab take", "Esc leave"]
        );
        assert_eq!(shown(43), ["Enter take", "V values", "Tab take", "Esc leave"]);
        assert_eq!(shown(32), ["Enter take", "V values", "Esc leave"]);
        assert_eq!(shown(22), ["Enter take", "Esc leave"]);
        assert_eq!(shown(5), ["Enter take", "Esc leave"]);
    }
}
