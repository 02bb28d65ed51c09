//! The one width function, and what is shown in place of what can't be seen.
//!
//! Everything that is drawn is measured here; `ratatui` measures cells by the same rule ([`CellWidth`]), so a text that
//! is laid out by these widths lies in the buffer where it was put. Invisible characters are shown as something that
//! can be read (`␊`, `⟨U+202E⟩`, `⟨ZWJ⟩`). Splitting a cluster at its joiners and skin tones also settles its width:
//! terminals disagree about joined and toned emoji, and agree about the single ones. What the terminal can't draw at
//! all is spelled out, too ([`draw_with`]).
//!
//! ```
//! use novita_edit::text::width::{cut_middle, shown_width, visible};
//!
//! let shown: String = visible("a\nb").map(|s| s.text).collect();
//! assert_eq!(shown, "a␊b");
//! assert_eq!(shown_width("日本"), 4);
//! assert_eq!(cut_middle("vllm/vllm-openai:v0.6.3", 11), "vllm/…0.6.3");
//! ```

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

use super::charset::Charset;
use crate::text::{DOTTED_CIRCLE, by_number, is_invisible, spelled};

/// What stands where text was cut off; one column.
pub const ELLIPSIS: &str = "…";

thread_local! {
    static CHARSET: Cell<Charset> = const { Cell::new(Charset::Utf8) };
}

/// From now on this thread lays texts out for a terminal that can draw these characters. What it can't is spelled out
/// (`⟨U+00E9⟩`): two names that differ there look different, and what is reviewed can be read.
pub fn draw_with(charset: Charset) {
    CHARSET.set(charset);
}

/// Columns that a terminal is assumed to use for one grapheme cluster.
///
/// 0 for an empty text and for marks without a base; control characters must be replaced first (see [`visible`]).
pub fn cluster_width(cluster: &str) -> u16 {
    if cluster.len() == 1 { 1 } else { cluster.cell_width() }
}

/// One thing on the screen: what is shown for a piece of the source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown<'a> {
    /// What to draw: never a control character, never of width 0. Several clusters for a substitute like `⟨ZWJ⟩`.
    pub text: Cow<'a, str>,
    /// Columns of `text`.
    pub width: u16,
    /// The bytes of the source that it stands for. The ranges of a text's items follow each other without a gap.
    pub range: Range<usize>,
    /// True when `text` stands in for something else, so that the view can tell it from the same characters typed.
    pub substituted: bool,
}

/// What is shown for `text`, cluster by cluster.
pub fn visible(text: &str) -> impl Iterator<Item = Shown<'_>> {
    let (plain, other) = match plain_width(text) {
        Some(_) => (text, ""),
        None => ("", text),
    };
    let each = plain.char_indices().map(|(start, c)| {
        let range = start..start + c.len_utf8();
        Shown {
            text: Cow::Borrowed(&plain[range.clone()]),
            width: 1,
            range,
            substituted: false,
        }
    });
    let clusters = other.grapheme_indices(true);
    each.chain(clusters.flat_map(|(start, cluster)| Pieces { cluster, start, at: 0 }))
}

/// Columns of the whole `text` as [`visible`] shows it.
pub fn shown_width(text: &str) -> usize {
    plain_width(text).unwrap_or_else(|| visible(text).map(|s| usize::from(s.width)).sum())
}

/// Columns of a text each of whose characters is shown as itself in one column, as nearly all are; `None` for any
/// other. Then nothing has to be looked up.
pub fn plain_width(text: &str) -> Option<usize> {
    let mut columns = 0;
    for c in text.chars() {
        // ASCII, the lines of boxes, and what stands in nearly every row.
        if !matches!(c, ' '..='~' | '\u{2500}'..='\u{257f}' | '–' | '•' | '…' | '›') {
            return None;
        }
        columns += 1;
    }
    Some(columns)
}

/// `text` as shown, cut at its end to at most `width` columns; what is cut is marked by `…`.
pub fn cut_end(text: &str, width: usize) -> Cow<'_, str> {
    let Some(items) = too_long(text, width) else {
        return shown_text(text);
    };
    let Some(room) = width.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut cut = String::new();
    take(items.iter(), room, |s| cut.push_str(&s.text));
    cut.push_str(ELLIPSIS);
    Cow::Owned(cut)
}

/// `text` as shown, with its middle replaced by `…` so that it has at most `width` columns; head and tail get the same
/// room, the odd column goes to the head.
pub fn cut_middle(text: &str, width: usize) -> Cow<'_, str> {
    let Some(items) = too_long(text, width) else {
        return shown_text(text);
    };
    let Some(room) = width.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut cut = String::new();
    let mut tail = Vec::new();
    take(items.iter(), room - room / 2, |s| cut.push_str(&s.text));
    take(items.iter().rev(), room / 2, |s| tail.push(&s.text));
    cut.push_str(ELLIPSIS);
    cut.extend(tail.iter().rev().map(|t| t.as_ref()));
    Cow::Owned(cut)
}

/// The items of `text`, or `None` when it fits into `width`.
fn too_long(text: &str, width: usize) -> Option<Vec<Shown<'_>>> {
    if plain_width(text).is_some_and(|columns| columns <= width) {
        return None;
    }
    let items: Vec<_> = visible(text).collect();
    (items.iter().map(|s| usize::from(s.width)).sum::<usize>() > width).then_some(items)
}

/// A text of several lines, each [as shown](shown_text); its own line breaks stay.
pub fn shown_lines(text: &str) -> String {
    text.lines().map(shown_text).collect::<Vec<_>>().join("\n")
}

/// The whole `text` as [`visible`] shows it: one line, in which nothing can drive a terminal.
pub fn shown_text(text: &str) -> Cow<'_, str> {
    if plain_width(text).is_some() {
        return Cow::Borrowed(text);
    }
    if visible(text).any(|s| s.substituted) {
        Cow::Owned(visible(text).map(|s| s.text).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Gives `each` the items that fit into `room` columns, in order, none after the first that doesn't fit.
fn take<'s, 'a: 's>(items: impl Iterator<Item = &'s Shown<'a>>, room: usize, mut each: impl FnMut(&'s Shown<'a>)) {
    let mut used = 0;
    for item in items {
        used += usize::from(item.width);
        if used > room {
            break;
        }
        each(item);
    }
}

/// The shown pieces of one grapheme cluster of the source.
struct Pieces<'a> {
    cluster: &'a str,
    /// Where the cluster starts in the source, bytes.
    start: usize,
    /// How much of the cluster was given out, bytes.
    at: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Shown<'a>;

    fn next(&mut self) -> Option<Shown<'a>> {
        let rest = &self.cluster[self.at..];
        let first = rest.chars().next()?;
        let (len, text) = if is_spelled(first) {
            (first.len_utf8(), Some(spelled(first)))
        } else {
            let run = rest.find(is_spelled).map_or(rest, |end| &rest[..end]);
            // Cut off from its joiner, a run can fall into several clusters.
            let cluster = run.graphemes(true).next().unwrap_or(run);
            if !CHARSET.get().draws(cluster) {
                (first.len_utf8(), (!first.is_ascii()).then(|| by_number(first)))
            } else if cluster_width(cluster) > 0 {
                (cluster.len(), None)
            } else {
                on_a_circle(cluster, first)
            }
        };
        let range = self.start + self.at..self.start + self.at + len;
        self.at += len;
        let substituted = text.is_some();
        let text = text.map_or(Cow::Borrowed(&rest[..len]), Cow::Owned);
        let width = text.graphemes(true).map(cluster_width).sum();
        Some(Shown {
            text,
            width,
            range,
            substituted,
        })
    }
}

/// Marks without a base, put on a dotted circle; by their code point when they don't combine with one (a lone Hangul
/// final, for example).
fn on_a_circle(cluster: &str, first: char) -> (usize, Option<String>) {
    let carried = format!("{DOTTED_CIRCLE}{cluster}");
    if carried.graphemes(true).count() == 1 && cluster_width(&carried) > 0 {
        (cluster.len(), Some(carried))
    } else {
        (first.len_utf8(), Some(by_number(first)))
    }
}

/// Whether a character is never drawn: it can't be seen, or it gives the emoji before it another skin, which some
/// terminals draw as one emoji and others as two.
fn is_spelled(c: char) -> bool {
    is_invisible(c) || matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn shown(text: &str) -> String {
        visible(text).map(|s| s.text).collect()
    }

    #[test]
    fn ordinary_text_is_shown_as_itself() {
        for text in ["plain", "Grüße", "日本語", "e\u{301}", "👩", "🇩🇪", "ﾊﾞ", "…→"] {
            assert_eq!(shown(text), text);
            assert!(visible(text).all(|s| !s.substituted));
        }
    }

    #[test]
    fn control_characters_become_their_pictures() {
        assert_eq!(shown("a\nb\r\n\t\u{1b}[m\0\u{7f}"), "a␊b␍␊␉␛[m␀␡");
        assert_eq!(shown("\u{85}"), "⟨U+0085⟩");
    }

    #[test]
    fn a_joined_family_is_shown_split() {
        let items: Vec<_> = visible("👨\u{200d}👩\u{200d}👧x").collect();
        let texts: Vec<_> = items.iter().map(|s| &*s.text).collect();
        assert_eq!(texts, ["👨", "⟨ZWJ⟩", "👩", "⟨ZWJ⟩", "👧", "x"]);
        assert_eq!(items.iter().map(|s| s.width).collect::<Vec<_>>(), [2, 5, 2, 5, 2, 1]);
        assert_eq!(items[5].range, 18..19);
    }

    #[test]
    fn every_plain_character_is_shown_as_itself_in_one_column() {
        let plain: Vec<String> = ('\0'..='\u{ffff}')
            .map(String::from)
            .filter(|c| plain_width(c).is_some())
            .collect();
        assert_eq!(plain.len(), 95 + 128 + 4);
        for c in &plain {
            assert_eq!((shown(c), cluster_width(c)), (c.clone(), 1), "{c}");
            assert!(!c.chars().any(is_invisible), "{c}");
        }
        // None of them joins with another.
        assert_eq!(plain.concat().graphemes(true).count(), plain.len());
        assert_eq!(plain_width("e\u{301}"), None);
        assert_eq!(plain_width("日"), None);
        assert_eq!(plain_width("a\n"), None);
    }

    #[test]
    fn selectors_overrides_and_odd_spaces_are_named() {
        assert_eq!(shown("❤\u{fe0f}"), "❤⟨VS16⟩");
        assert_eq!(shown("\u{e0100}"), "⟨VS17⟩");
        assert_eq!(shown("a\u{202e}b"), "a⟨U+202E⟩b");
        assert_eq!(shown("a\u{a0}b"), "a⟨U+00A0⟩b");
    }

    #[test]
    fn what_an_ascii_terminal_can_not_draw_is_spelled_out_and_our_own_glyphs_are_not() {
        draw_with(Charset::Ascii);
        assert_eq!(shown("bücher-本"), "b⟨U+00FC⟩cher-⟨U+672C⟩");
        // The letter of a cluster is left to stand; its marks are spelled.
        assert_eq!(shown("e\u{301}x"), "e⟨U+0301⟩x");
        assert_eq!(shown("5 → 8 •• ●"), "5 → 8 •• ●");
        assert_eq!(shown_width("é"), 8);
        assert_eq!(cut_end("éa", 8), "…");
        draw_with(Charset::LinuxConsole);
        assert_eq!(shown("é本"), "é本");
    }

    #[test]
    fn a_skin_tone_is_spelled_as_a_joiner_is() {
        let items: Vec<_> = visible("👍🏽!").collect();
        let texts: Vec<_> = items.iter().map(|s| (&*s.text, s.width, s.substituted)).collect();
        assert_eq!(texts, [("👍", 2, false), ("⟨U+1F3FD⟩", 9, true), ("!", 1, false)]);
        assert_eq!(shown("👩🏽\u{200d}🚀"), "👩⟨U+1F3FD⟩⟨ZWJ⟩🚀");
        assert_eq!(shown("🏿"), "⟨U+1F3FF⟩", "alone, too");
    }

    #[test]
    fn a_mark_without_a_base_stands_on_a_dotted_circle() {
        assert_eq!(shown("\u{301}a"), "◌\u{301}a");
        assert_eq!(shown("\n\u{301}"), "␊◌\u{301}");
        assert_eq!(shown("a\u{200d}\u{301}"), "a⟨ZWJ⟩◌\u{301}");
        // A Hangul final doesn't combine with the circle.
        assert_eq!(shown("\u{11ab}"), "⟨U+11AB⟩");
    }

    #[test]
    fn cutting_never_splits_a_cluster_and_marks_the_cut() {
        assert_eq!(cut_end("short", 5), "short");
        assert_eq!(cut_end("longer", 5), "long…");
        assert_eq!(cut_end("日本語", 4), "日…");
        assert_eq!(cut_end("ab", 0), "");
        assert_eq!(cut_end("ab", 1), "…");
        assert_eq!(cut_end("a\nb", 3), "a␊b");
        assert_eq!(cut_middle("vllm/vllm-openai:v0.6.3", 12), "vllm/v…0.6.3");
        assert_eq!(cut_middle("日本語日本", 6), "日…本");
        assert!(matches!(cut_end("fits", 10), Cow::Borrowed("fits")));
    }

    proptest! {
        #[test]
        fn the_ranges_cover_the_source_and_the_widths_are_ratatuis(
            text in "(\\PC|\\p{M}|\\p{C}|[\u{1100}-\u{11ff}]|a){0,24}",
            charset in prop::sample::select(vec![Charset::Utf8, Charset::Ascii]),
        ) {
            draw_with(charset);
            let mut at = 0;
            for item in visible(&text) {
                prop_assert_eq!(item.range.start, at);
                at = item.range.end;
                prop_assert!(item.width > 0);
                prop_assert!(!item.text.chars().any(is_spelled));
            }
            prop_assert_eq!(at, text.len());

            let drawn = shown(&text);
            let mut buffer = Buffer::empty(Rect::new(0, 0, 1000, 1));
            let (end, _) = buffer.set_stringn(0, 0, &drawn, 1000, Style::new());
            prop_assert_eq!(usize::from(end), shown_width(&text));
        }

        #[test]
        fn a_cut_text_has_the_asked_width_at_most(text in "(\\PC|\\p{C}){0,24}", width in 0usize..30) {
            // What was cut is shown text already, so it is measured as such.
            let drawn = |t: &str| t.graphemes(true).map(|g| usize::from(cluster_width(g))).sum::<usize>();
            prop_assert!(drawn(&cut_end(&text, width)) <= width);
            prop_assert!(drawn(&cut_middle(&text, width)) <= width);
        }
    }
}
