//! What an update takes and hardly anybody means: a sentence for each that says what is so, and what to do.

use crate::text::{Quoted, is_invisible, spelled};

/// A text that begins or ends with a blank or a line break, or holds what can't be seen; a sentence each, without its
/// subject. In a text of several lines, line breaks and tabs are what they are for.
pub fn odd_text(text: &str, multiline: bool) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    if text.chars().all(is_blank) {
        return vec!["is only blanks; empty it, or enter what is meant".to_owned()];
    }
    ends(text, multiline)
        .into_iter()
        .chain(unseen(text, multiline))
        .collect()
}

/// What every reader of `.env` files and most programs would take off.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn ends(text: &str, multiline: bool) -> Option<String> {
    let called = |c: Option<char>| match c? {
        '\n' | '\r' => Some("a line break"),
        c => is_blank(c).then_some("a blank"),
    };
    let said = match (called(text.chars().next()), called(text.chars().next_back())) {
        (None, None) => return None,
        (Some(first), None) => format!("begins with {first}"),
        (None, Some(last)) => format!("ends with {last}"),
        (Some(first), Some(last)) if first == last => format!("begins and ends with {first}"),
        (Some(first), Some(last)) => format!("begins with {first} and ends with {last}"),
    };
    let is_file = multiline && !text.starts_with(is_blank) && text.trim_end_matches('\n').contains('\n');
    Some(match is_file {
        // An OpenSSH key without its last line break is none.
        true if text.ends_with('\n') => format!("{said}; right for the text of a file, else take it off"),
        _ => format!("{said}, and is sent so; take it off if it isn't meant"),
    })
}

fn unseen(text: &str, multiline: bool) -> Option<String> {
    // What is at the ends is told of them.
    let odd = text.trim_matches(is_blank).chars().find(|c| is_odd(*c, multiline))?;
    let shown = spelled(odd);
    Some(match odd {
        '\0' => format!("holds {shown} (NUL), which ends a text for most programs; delete it"),
        '\n' => format!("holds {shown}, a line break; one line is usual here"),
        c if c.is_control() => format!("holds {shown}, a control character; delete it if it isn't meant"),
        _ => format!("holds {shown}, which can't be seen; delete it if it isn't meant"),
    })
}

/// What joins or varies the signs of a script or of emoji is no accident.
fn is_odd(c: char, multiline: bool) -> bool {
    let is_usual = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        || multiline && matches!(c, '\n' | '\t');
    is_invisible(c) && !is_usual
}

/// A health path that no probe can ask for.
pub fn health_path(path: &str) -> Option<String> {
    let path = path.trim();
    if path.is_empty() {
        return None;
    }
    // In a query an address is only a value.
    if let Some((_, rest)) = path.split_once("://").filter(|_| !path.starts_with('/')) {
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        return Some(format!(
            "is a URL, but the worker's own address is asked; write only the path, {}",
            Quoted(path)
        ));
    }
    if !path.starts_with('/') {
        return Some(format!(
            "{} has no / in front; write the path as in /health",
            Quoted(path)
        ));
    }
    path.contains(char::is_whitespace).then(|| {
        format!(
            "{} has a blank in it, which no path of a URL has; write %20 for it",
            Quoted(path)
        )
    })
}

/// A mount path that no volume can be mounted at.
pub fn mount_path(path: &str) -> Option<String> {
    let path = path.trim();
    if path.is_empty() {
        return None;
    }
    if !path.starts_with('/') {
        return Some(format!("{} is not an absolute path; write it from / on", Quoted(path)));
    }
    if path.bytes().all(|b| b == b'/') {
        return Some("/ is where the image itself lies; choose a directory, as in /data".to_owned());
    }
    if path.split('/').any(|part| part == "..") {
        return Some(format!(
            "{} has .. in it; write the directory that it comes to",
            Quoted(path)
        ));
    }
    path.contains(char::is_whitespace)
        .then(|| format!("{} has a blank in it; choose a path without one", Quoted(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_text_are_told_and_what_it_holds_that_can_not_be_seen() {
        for (text, multiline, said) in [
            (" a", false, "begins with a blank, and is sent so"),
            ("a\t", false, "ends with a blank, and"),
            ("a\n", true, "ends with a line break, and is sent so"),
            ("\na", true, "begins with a line break, and"),
            (" a\n", true, "begins with a blank and ends with a line break, and"),
            (" a ", true, "begins and ends with a blank, and"),
            ("a\nb\n", true, "ends with a line break; right for the text of a file"),
            ("a\nb \n", true, "ends with a line break; right for the text of a file"),
            ("a\nb ", true, "ends with a blank, and"),
            ("a\0b", true, "holds ␀ (NUL)"),
            ("a\u{1b}[m", true, "holds ␛, a control character"),
            ("a\tb", false, "holds ␉, a control character"),
            ("a\nb", false, "holds ␊, a line break"),
            ("a\r\nb", true, "holds ␍, a control character"),
            ("\u{feff}a", false, "holds ⟨U+FEFF⟩, which can't be seen"),
            ("a\u{a0}", true, "holds ⟨U+00A0⟩, which can't be seen"),
            (" \n", true, "is only blanks"),
        ] {
            let all = odd_text(text, multiline);
            assert!(all.len() == 1 && all[0].starts_with(said), "{text:?}: {all:?}");
        }
        assert_eq!(odd_text(" \0", false).len(), 2);
        for text in ["", "a", "a b", "👩\u{200d}🚀", "❤\u{fe0f}", "é本"] {
            assert_eq!(odd_text(text, false), [""; 0], "{text:?}");
        }
        assert_eq!(odd_text("a\n\tb", true), [""; 0]);
    }

    #[test]
    fn a_health_path_is_a_path() {
        for (path, said) in [
            ("health", "\"health\" has no / in front"),
            ("http://x:8000/health?a", "write only the path, \"/health?a\""),
            ("https://x", "write only the path, \"/\""),
            ("/a b", "\"/a b\" has a blank in it"),
        ] {
            let why = health_path(path).unwrap_or_default();
            assert!(why.contains(said), "{path}: {why}");
        }
        for path in ["", "/", "/health", "/v1/health?full=1", "/a:b"] {
            assert_eq!(health_path(path), None, "{path}");
        }
    }

    #[test]
    fn a_mount_path_is_a_directory_below_the_root() {
        for (path, said) in [
            ("data", "\"data\" is not an absolute path"),
            ("/", "/ is where the image itself lies"),
            ("//", "/ is where the image itself lies"),
            ("/a/../b", "has .. in it"),
            ("/..", "has .. in it"),
            ("/my data", "has a blank in it"),
        ] {
            let why = mount_path(path).unwrap_or_default();
            assert!(why.contains(said), "{path}: {why}");
        }
        for path in ["", "/data", "/data/", "/a..b", "/..."] {
            assert_eq!(mount_path(path), None, "{path}");
        }
    }
}
