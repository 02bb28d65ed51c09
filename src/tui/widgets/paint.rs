//! Drawing text: every string from outside goes through [`visible`], so that it can't drive the terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear, Widget};

use super::areas::{Areas, cells};
use crate::text::width::{cut_end, plain_width, shown_text, shown_width, visible};
use crate::tui::theme;

/// Writes text at a place, at most `width` columns, cut with `…`. Returns the columns used.
pub fn text(buffer: &mut Buffer, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
    if width == 0 || y >= buffer.area.bottom() {
        return 0;
    }
    let room = usize::from(width.min(buffer.area.right().saturating_sub(x)));
    if let Some(columns) = plain_width(text).filter(|columns| *columns <= room) {
        for (at, c) in (x..).zip(text.chars()) {
            buffer[(at, y)].set_char(c).set_style(style);
        }
        return cells(columns);
    }
    let fits = shown_width(text) <= room;
    let cut;
    let source = if fits {
        text
    } else {
        cut = cut_end(text, room);
        &cut
    };
    let mut at = x;
    for piece in visible(source) {
        let style = if piece.substituted { theme::substitute() } else { style };
        buffer.set_stringn(at, y, &piece.text, usize::from(piece.width), style);
        at += piece.width;
    }
    at - x
}

/// Writes text into the first row of an area, cut with `…`. Returns the columns used.
pub fn row(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let width = if area.height == 0 { 0 } else { area.width };
    self::text(buffer, area.x, area.y, width, text, style)
}

/// Writes pieces of different styles after each other into the first row of an area. Returns the columns used.
pub fn pieces(buffer: &mut Buffer, area: Rect, parts: &[(&str, Style)]) -> u16 {
    let mut rest = area;
    for (part, style) in parts {
        let used = row(buffer, rest, part, *style);
        [_, rest] = rest.split_left(used);
    }
    rest.x - area.x
}

/// Text in lines of at most `width` columns, broken at spaces where there are any, at line breaks always. A word that
/// is wider than a line is broken after a `/` or `,` or before a `?` or `&`, where one is near.
pub fn wrap(source: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in source.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_inclusive(' ') {
            let bare = word.trim_end_matches(' ');
            let wide = shown_width(bare);
            if used > 0 && used + wide > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            let mut rest = bare;
            if wide > width {
                let mut pieces = broken(bare, width);
                rest = pieces.pop().unwrap_or_default();
                lines.extend(pieces.into_iter().map(|piece| shown_text(piece).into_owned()));
            }
            line.push_str(&shown_text(rest));
            line.push_str(&word[bare.len()..]);
            used += shown_width(rest) + word.len() - bare.len();
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// A sentence over so many rows at most; one that is cut ends with `…` and the key that tells it whole (empty: none
/// does).
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

/// A word in pieces of at most `width` columns.
fn broken(word: &str, width: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    // Begin of the piece, its columns so far, and where it can be broken well: there, with the columns up to there.
    let (mut start, mut used, mut good) = (0, 0, None);
    for piece in visible(word) {
        let wide = usize::from(piece.width);
        while used + wide > width && used > 0 {
            // A short line would cost more than a break in the middle.
            let (at, columns) = good
                .filter(|(_, columns)| columns * 3 >= width)
                .unwrap_or((piece.range.start, used));
            pieces.push(&word[start..at]);
            (start, used, good) = (at, used - columns, None);
        }
        match &*piece.text {
            "?" | "&" if piece.range.start > start => good = Some((piece.range.start, used)),
            "/" | "," => good = Some((piece.range.end, used + wide)),
            _ => {}
        }
        used += wide;
    }
    pieces.push(&word[start..]);
    pieces
}

/// Writes lines over the rows of an area, as many as it has.
pub fn lines(buffer: &mut Buffer, area: Rect, lines: &[String], style: Style) {
    for (area, line) in area.rows().zip(lines) {
        row(buffer, area, line, style);
    }
}

/// Writes a text over the rows of an area, broken at its width; where there are too few, it is cut at a word and ends
/// with `…`.
pub fn wrapped(buffer: &mut Buffer, area: Rect, source: &str, style: Style) {
    let broken = fitted(source, usize::from(area.width), usize::from(area.height), "");
    lines(buffer, area, &broken, style);
}

/// The same for a text of which every column counts: the last row is filled before it ends with `…`.
pub fn filled(buffer: &mut Buffer, area: Rect, source: &str, style: Style) {
    let mut broken = wrap(source, usize::from(area.width));
    let rows = usize::from(area.height);
    if broken.len() > rows
        && let Some(last) = rows.checked_sub(1)
    {
        broken[last].push('…');
    }
    lines(buffer, area, &broken, style);
}

/// Empties an area.
pub fn clear(buffer: &mut Buffer, area: Rect) {
    Clear.render(area, buffer);
    buffer.set_style(area, theme::plain());
}

/// An empty box with a title, everything under it cleared. Returns its inside.
pub fn window(buffer: &mut Buffer, area: Rect, title: &str) -> Rect {
    clear(buffer, area);
    let block = Block::bordered().border_style(theme::frame());
    let inside = block.inner(area);
    block.render(area, buffer);
    if area.width > 4 {
        let title = format!(" {title} ");
        text(buffer, area.x + 2, area.y, area.width - 4, &title, theme::strong());
    }
    inside
}

/// On the frame around an area: how much is hidden above and below of what stands in it.
pub fn marks(buffer: &mut Buffer, inside: Rect, above: usize, below: usize) {
    let mut mark = |y, label: String| {
        let wide = cells(shown_width(&label));
        let x = inside.right().saturating_sub(wide + 1);
        text(buffer, x, y, wide, &label, theme::strong());
    };
    if below > 0 {
        mark(inside.bottom(), format!(" ▼ {below} more "));
    }
    if above > 0 {
        mark(inside.y.saturating_sub(1), format!(" ▲ {above} above "));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_whole_as_long_as_they_fit_a_line() {
        assert_eq!(wrap("see https://a.test/b now", 16), ["see", "https://a.test/b", "now"]);
        assert_eq!(wrap("one  two", 8), ["one  two"]);
        assert_eq!(wrap("a\n\nb", 8), ["a", "", "b"]);
    }

    #[test]
    fn a_word_wider_than_a_line_is_broken_where_an_address_has_a_joint() {
        assert_eq!(
            wrap("https://ep-1.novita.ai/v1/models?limit=20&page=3", 24),
            ["https://ep-1.novita.ai/", "v1/models?limit=20", "&page=3"]
        );
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        // The joint near the begin isn't worth a line of its own.
        assert_eq!(wrap("a/bcdefghijklmno", 10), ["a/bcdefghi", "jklmno"]);
    }

    #[test]
    fn what_is_cut_says_so_and_where_it_is_told_whole() {
        let text = "one two three four five six";
        assert_eq!(fitted(text, 10, 3, "i"), ["one two", "three four", "five six"]);
        assert_eq!(fitted(text, 10, 2, "i"), ["one two", "three… i"]);
        assert_eq!(fitted(text, 11, 1, ""), ["one two…"]);
        assert_eq!(fitted("", 10, 2, "i"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_and_no_line_is_too_wide(text in "[a-z/?&,日 ]{0,60}", width in 2usize..20) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| shown_width(line) <= width), "{:?}", lines);
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
