//! Sentences that have to fit into a few rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::width::{cut_end, shown_width};
use crate::tui::theme;
use crate::tui::widgets::paint::{self, wrap};

/// A sentence for the message area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// A sentence over so many rows at most; one that is cut ends with `…` and the key that tells it whole (empty: none does).
pub fn fitted(text: &str, width: usize, most: usize, key: &str) -> Vec<String> {
    let mut lines = if text.is_empty() { Vec::new() } else { wrap(text, width) };
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let tail = format!("… {key}");
            let tail = tail.trim_end();
            let room = width.saturating_sub(shown_width(tail));
            let kept = cut_end(last, room).trim_end_matches(['…', ' ']).to_owned();
            *last = format!("{kept}{tail}");
        }
    }
    lines
}

/// Rows at the bottom of an area that a notice takes there, at least `least` and at most half of the area.
pub fn rows(notice: Option<&Notice>, width: u16, height: u16, least: u16) -> u16 {
    let lines = notice.map_or(0, |notice| wrap(&notice.text, usize::from(width)).len());
    u16::try_from(lines).unwrap_or(u16::MAX).min(height / 2).max(least)
}

/// Draws a notice over a whole area, which is emptied.
pub fn draw(notice: &Notice, buffer: &mut Buffer, area: Rect) {
    paint::clear(buffer, area);
    let style = if notice.bad { theme::error() } else { theme::strong() };
    let lines = fitted(&notice.text, usize::from(area.width), usize::from(area.height), "");
    for (row, line) in lines.iter().enumerate() {
        let y = area.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, area.x, y, area.width, line, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_and_where_it_is_told_whole() {
        let text = "one two three four five six";
        assert_eq!(fitted(text, 10, 3, "i"), ["one two", "three four", "five six"]);
        assert_eq!(fitted(text, 10, 2, "i"), ["one two", "three… i"]);
        assert_eq!(fitted(text, 11, 1, ""), ["one two…"]);
        assert_eq!(fitted("", 10, 2, "i"), Vec::<String>::new());
    }
}
