//! Texts for people: what of them can't be seen, defined once; JSON and YAML in which it can; words that are alike.
//!
//! The screen shows these characters as `⟨U+202E⟩` and the JSON body writes them as `\u202e`, so that nothing is sent
//! that was not seen. Both ask [`is_invisible`]; two lists would one day disagree, and then a review would lie.

mod charset;
pub mod json;
mod spelled;
pub mod width;
pub mod yaml;

use std::borrow::Cow;

pub use charset::Charset;
pub use spelled::{
    DOTTED_CIRCLE, Quoted, Spelled, by_number, ends_around, look_alike, shell_quoted, spelled, with_ends,
};

/// How alike two words must be, from 0 (nothing in common) to 1 (the same).
const ALIKE: f32 = 0.6;

/// True when `c` draws nothing, looks exactly like an ordinary space, or changes how its neighbours are drawn.
///
/// These are: the control characters (`Cc`); Unicode's `Default_Ignorable_Code_Point` (zero-width characters,
/// bidirectional overrides, variation selectors, fillers, tags, soft hyphen…; DerivedCoreProperties.txt, Unicode 16);
/// every white space but U+0020; interlinear annotation marks; the Braille blank and a few other blank or formatting
/// signs of scripts; and the noncharacters.
pub const fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(c,
        // C1 controls.
        '\u{80}'..='\u{9f}'
        // Default_Ignorable_Code_Point.
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}'
        // White space that isn't U+0020: a no-break space in a token is not the space that it looks like.
        | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}'..='\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
        // Interlinear annotation, Braille blank.
        | '\u{fff9}'..='\u{fffb}' | '\u{2800}'
        // Egyptian format controls and blanks, a Khitan filler, a musical null notehead: they draw nothing.
        | '\u{13430}'..='\u{1343f}' | '\u{13441}'..='\u{13442}' | '\u{16fe4}' | '\u{1d159}'
        | '\u{fdd0}'..='\u{fdef}'
    ) || (c as u32) & 0xfffe == 0xfffe
}

/// True when any character of `text` is [invisible](is_invisible).
pub fn has_invisible(text: &str) -> bool {
    text.chars().any(is_invisible)
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text with a capital letter, to begin a sentence.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// The text in one line, its line breaks as the sign `␊`: what others wrote can't look like a line of ours.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        let unix = text.replace("\r\n", "\n");
        Cow::Owned(unix.replace(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'], "␊"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The most similar of the known words, in any case; `None` where none is like it.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower: Vec<String> = known.iter().map(|known| known.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let near = *similar::get_close_matches(word.to_lowercase().as_str(), &lower, 1, ALIKE).first()?;
    let at = lower.iter().position(|known| *known == near)?;
    known.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_invisible() {
        for c in [
            '\0',
            '\n',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2028}',
            '\u{2066}',
            '\u{3000}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffff}',
            '\u{1fffe}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            assert!(is_invisible(c), "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn what_can_be_seen_is_not_invisible() {
        for c in [
            ' ', '~', 'é', 'ß', '中', '👩', '\u{301}', '…', '⟨', '␊', '\u{fffd}', '\u{e000}', 'ـ',
        ] {
            assert!(!is_invisible(c), "U+{:04X}", c as u32);
        }
        assert!(has_invisible("a\u{200b}b") && !has_invisible("plain – text"));
    }

    #[test]
    fn a_slip_is_mended_in_any_case_and_what_is_like_nothing_stays_alone() {
        let known = ["minNum", "maxNum", "freeTimeout"];
        assert_eq!(nearest("MAXNUMS", &known), Some("maxNum"));
        assert_eq!(nearest("freetimeuot", &known), Some("freeTimeout"));
        assert_eq!(nearest("image", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
