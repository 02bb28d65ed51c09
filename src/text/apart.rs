//! Texts that differ only in what isn't seen at their ends.

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
