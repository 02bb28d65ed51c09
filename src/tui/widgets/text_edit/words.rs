//! Where words begin and end, for the keys that move and delete by word. Places are bytes of the text.

use crate::text::width::visible;

/// Whether no word goes over this: a blank; and a joint of an image, a path or a URL, where words end at these, too.
fn is_between(piece: &str, joints: bool) -> bool {
    piece.chars().all(char::is_whitespace) || (joints && matches!(piece, "/" | ":" | "@"))
}

/// The line around a place, without its line break.
pub(super) fn line_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    begin..end
}

/// Where the word before a place begins, in whatever line; the text's begin when there is none.
pub(super) fn begin_before(text: &str, at: usize, joints: bool) -> usize {
    let mut end = at;
    loop {
        let line = line_around(text, end);
        let (mut found, mut inside) = (None, false);
        for piece in visible(&text[line.clone()]) {
            let begin = line.start + piece.range.start;
            if begin >= end {
                break;
            }
            let between = is_between(&text[line.clone()][piece.range], joints);
            if !between && !inside {
                found = Some(begin);
            }
            inside = !between;
        }
        match found {
            Some(begin) => return begin,
            None if line.start == 0 => return 0,
            None => end = line.start - 1,
        }
    }
}

/// Where the word at or after a place ends, in whatever line; the text's end when there is none.
pub(super) fn end_after(text: &str, at: usize, joints: bool) -> usize {
    let mut from = at;
    loop {
        let line = line_around(text, from);
        let mut inside = false;
        for piece in visible(&text[line.clone()]) {
            let begin = line.start + piece.range.start;
            if begin < from {
                continue;
            }
            let between = is_between(&text[line.clone()][piece.range], joints);
            if between && inside {
                return begin;
            }
            inside |= !between;
        }
        if inside || line.end == text.len() {
            return line.end;
        }
        from = line.end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with a `|` at every place that the keys stop at, from one end to the other.
    fn stops(text: &str, joints: bool, forward: bool) -> String {
        let mut places = Vec::new();
        let mut at = if forward { 0 } else { text.len() };
        while at != if forward { text.len() } else { 0 } {
            at = if forward {
                end_after(text, at, joints)
            } else {
                begin_before(text, at, joints)
            };
            places.push(at);
        }
        places.sort_unstable();
        let mut shown = text.to_owned();
        for at in places.into_iter().rev() {
            shown.insert(at, '|');
        }
        shown
    }

    #[test]
    fn words_end_at_blanks_and_in_addresses_at_their_joints() {
        let command = "--model  meta-llama/Llama:3 --tp=2";
        assert_eq!(stops(command, false, true), "--model|  meta-llama/Llama:3| --tp=2|");
        assert_eq!(stops(command, false, false), "|--model  |meta-llama/Llama:3 |--tp=2");
        let image = "ghcr.io/a/b:v1.2@sha256:0f";
        assert_eq!(stops(image, true, true), "ghcr.io|/a|/b|:v1.2|@sha256|:0f|");
        assert_eq!(stops(image, true, false), "|ghcr.io/|a/|b:|v1.2@|sha256:|0f");
    }

    #[test]
    fn words_are_found_over_line_breaks_and_nothing_but_blanks_is_no_word() {
        assert_eq!(stops("one\n\n  two", false, true), "one|\n\n  two|");
        assert_eq!(stops("one\n\n  two", false, false), "|one\n\n  |two");
        assert_eq!(stops("  \n ", false, true), "  \n |");
        assert_eq!(stops("  \n ", false, false), "|  \n ");
    }

    #[test]
    fn a_mark_that_stands_on_a_joint_or_a_blank_makes_a_letter_of_it() {
        assert_eq!(stops("a/\u{301}b", true, true), "a/\u{301}b|");
        assert_eq!(stops("日本 語", false, true), "日本| 語|");
    }
}
