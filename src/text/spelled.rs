//! What stands in place of what can't be seen, texts in quotes that show it, and texts that differ only in what isn't
//! seen at their ends.

use std::fmt::{self, Write};

use unicode_segmentation::UnicodeSegmentation;

use super::is_invisible;

/// An [invisible](is_invisible) character as something that can be read: `␊`, `⟨ZWJ⟩`, `⟨U+202E⟩`.
pub fn spelled(c: char) -> String {
    match c {
        '\0'..='\u{1f}' => picture(c as u32),
        '\u{7f}' => picture(0x21),
        '\u{200d}' => "⟨ZWJ⟩".to_owned(),
        '\u{fe00}'..='\u{fe0f}' => format!("⟨VS{}⟩", c as u32 - 0xfe00 + 1),
        '\u{e0100}'..='\u{e01ef}' => format!("⟨VS{}⟩", c as u32 - 0xe0100 + 17),
        _ => by_number(c),
    }
}

/// Any character by its number: `⟨U+00E9⟩`.
pub fn by_number(c: char) -> String {
    format!("⟨U+{:04X}⟩", c as u32)
}

/// The control picture at `offset` of the block U+2400.
fn picture(offset: u32) -> String {
    char::from_u32(0x2400 + offset).map_or_else(|| by_number('\u{fffd}'), String::from)
}

/// Carries combining marks that have nothing of their own to stand on.
pub const DOTTED_CIRCLE: char = '◌';

/// A text as it stands in a sentence, with what can't be seen [spelled](spelled()). Nothing of it combines with what
/// stands before it.
#[derive(Clone, Copy, Debug)]
pub struct Spelled<'a>(pub &'a str);

/// The same between quotes: `"v1⟨U+FEFF⟩"`.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if combines_with_a_quote(self.0) {
            f.write_char(DOTTED_CIRCLE)?;
        }
        for c in self.0.chars() {
            match is_invisible(c) {
                true => f.write_str(&spelled(c))?,
                false => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", Spelled(self.0))
    }
}

/// The text as one word for a shell, for a command that a person may paste.
pub fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if text.chars().all(plain) && !text.starts_with('-') {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Whether the first mark of a text would be drawn onto the quote before it.
fn combines_with_a_quote(text: &str) -> bool {
    let Some(first) = text.chars().next().filter(|c| !c.is_ascii() && !is_invisible(*c)) else {
        return false;
    };
    format!("\"{first}").graphemes(true).count() == 1
}

/// Whether two of these texts differ, and only by blanks and line breaks at their ends: beside each other they would
/// look the same. Then all of them are to be shown [with their ends](with_ends).
pub fn look_alike(texts: &[&str]) -> bool {
    let alike = |a: &str, b: &str| a != b && a.trim_matches(is_blank) == b.trim_matches(is_blank);
    (1..texts.len()).any(|at| texts[..at].iter().any(|earlier| alike(earlier, texts[at])))
}

/// A text in one line in which the blanks at both ends are signs, `·`, as line breaks (`␊`) are everywhere.
pub fn with_ends(text: &str) -> String {
    let (lead, middle, tail) = parts(text);
    [&signs(lead), middle, &signs(tail)].concat().replace('\n', "␊")
}

/// The ends of a text, as signs, around something that stands for what is between them; a text that has nothing but
/// ends shows them.
pub fn ends_around(text: &str, middle: &str) -> String {
    match parts(text) {
        ("", "", _) => middle.to_owned(),
        (blanks, "", _) => signs(blanks),
        (lead, _, tail) => [&signs(lead), middle, &signs(tail)].concat(),
    }
}

/// A tab has a sign of its own wherever it is shown, and so has a carriage return.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn parts(text: &str) -> (&str, &str, &str) {
    let rest = text.trim_start_matches(is_blank);
    let middle = rest.trim_end_matches(is_blank);
    (&text[..text.len() - rest.len()], middle, &rest[middle.len()..])
}

fn signs(blanks: &str) -> String {
    blanks.replace(' ', "·").replace('\n', "␊")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_shows_what_can_not_be_seen_as_the_screen_does() {
        for (text, quoted) in [
            ("80 80", "\"80 80\""),
            ("\u{feff}8000", "\"⟨U+FEFF⟩8000\""),
            ("a\nb\t\0", "\"a␊b␉␀\""),
            ("a\u{200d}\u{fe0f}\u{e0100}", "\"a⟨ZWJ⟩⟨VS16⟩⟨VS17⟩\""),
            ("\u{301}e", "\"◌\u{301}e\""),
            ("日本", "\"日本\""),
            ("say \"hi\" \\", "\"say \"hi\" \\\""),
            ("", "\"\""),
        ] {
            assert_eq!(Quoted(text).to_string(), quoted);
        }
    }

    #[test]
    fn a_path_is_quoted_for_the_shell_when_it_must_be() {
        assert_eq!(shell_quoted("/a/b.key"), "/a/b.key");
        assert_eq!(shell_quoted("/a b/it's"), r"'/a b/it'\''s'");
    }

    #[test]
    fn texts_that_differ_only_at_their_ends_look_alike() {
        for (texts, alike) in [
            (&["a", "a "][..], true),
            (&["a\n", "a"], true),
            (&["", " "], true),
            (&["x", "a", "b", " a"], true),
            (&["a", "a"], false),
            (&["a ", "b"], false),
            (&["a b", "a  b"], false),
            (&["a"], false),
            (&[], false),
        ] {
            assert_eq!(look_alike(texts), alike, "{texts:?}");
        }
    }

    #[test]
    fn the_ends_are_signs() {
        assert_eq!(with_ends(" a b\n \n"), "·a b␊·␊");
        assert_eq!(with_ends("a\nb"), "a␊b");
        assert_eq!(with_ends("  "), "··");
        assert_eq!(ends_around(" a\n", "••"), "·••␊");
        assert_eq!(ends_around(" \n", "••"), "·␊");
        assert_eq!(ends_around("", "••"), "••");
    }
}
