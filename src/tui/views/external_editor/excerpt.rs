//! The line of a text from `$EDITOR` that can't be read, with a mark under the place. Values of the environment are
//! masked: the text is broken, so what looks in the least like one is taken for one.

use crate::endpoint::dotenv;
use crate::secret::MASK;
use crate::store::{EditorText, EditorTextOf};
use crate::text::width::{ELLIPSIS, shown_width, visible};

/// The line as it may be shown in so many columns, and the column of the place in it; `None` where nothing of it may be
/// seen, or where it isn't a place in the text.
pub fn excerpt(editor_text: &EditorText, width: usize) -> Option<(String, usize)> {
    let text = editor_text.text.reveal();
    let parse_error = editor_text.parse_error();
    let at = parse_error.line.checked_sub(1)?;
    let line = text.split('\n').nth(at)?.trim_end_matches('\r');
    let seen = match &editor_text.what {
        EditorTextOf::Field(_) => line.len(),
        EditorTextOf::Env { .. } => return None,
        EditorTextOf::Environment => seen_of_env_line(text, at, line),
        EditorTextOf::Body => seen_of_body_line(text, at, line),
    };
    let place = line
        .char_indices()
        .nth(parse_error.column.saturating_sub(1))
        .map_or(line.len(), |(byte, _)| byte);
    let column = shown_width(&line[..place.min(seen)]);
    let mut whole: Vec<(String, usize)> = visible(&line[..seen])
        .map(|piece| (piece.text.into_owned(), usize::from(piece.width)))
        .collect();
    if seen < line.len() {
        whole.push((MASK.to_owned(), shown_width(MASK)));
    }
    Some(window(&whole, column, width))
}

/// So much of the pieces as there is room for, with the column in sight.
fn window(pieces: &[(String, usize)], column: usize, width: usize) -> (String, usize) {
    let all: usize = pieces.iter().map(|(_, wide)| wide).sum();
    // Something of what comes before and behind belongs to it.
    let from = if all <= width {
        0
    } else {
        column.saturating_sub(width * 2 / 3)
    };
    let (mut shown, mut at, mut used) = (String::new(), 0, 0);
    if from > 0 {
        shown.push_str(ELLIPSIS);
        used = 1;
    }
    let mut lead = 0;
    for (text, wide) in pieces {
        if at > from || from == 0 {
            if used + wide + 1 > width && at + wide < all || used + wide > width {
                shown.push_str(ELLIPSIS);
                break;
            }
            shown.push_str(text);
            used += wide;
        } else {
            lead = at + wide;
        }
        at += wide;
    }
    let before = usize::from(from > 0);
    (shown, (column + before).saturating_sub(lead))
}

/// How many bytes of a line of `KEY=value` are no value.
fn seen_of_env_line(text: &str, at: usize, line: &str) -> usize {
    let before: String = text.split_inclusive('\n').take(at).collect();
    if !dotenv::read(&before).parse_errors.is_empty() {
        // A value that began above goes on here.
        return 0;
    }
    if let Some(equals) = line.find('=') {
        return equals + 1;
    }
    // A name that lacks its sign. Alone it may be a line of a key or a certificate.
    let start = line.len() - line.trim_start().len();
    let name = line[start..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    match name {
        Some(end) if end > 0 && line[start + end..].starts_with([' ', '\t']) => start + end,
        _ => 0,
    }
}

/// How many bytes of a line of the body are no value of the environment.
fn seen_of_body_line(text: &str, at: usize, line: &str) -> usize {
    const LIST: &str = "envs";
    let is_structure = |text: &str| text.chars().all(|c| " \t\"':[]{},".contains(c));
    let mut inside = false;
    for above in text.split('\n').take(at) {
        if let Some(found) = above.find(LIST) {
            let rest: String = above[found + LIST.len()..].split_whitespace().collect();
            inside = !matches!(rest.as_str(), "\":[]" | "\":[],");
        } else if above.trim_start().starts_with(']') {
            inside = false;
        }
    }
    if let Some(found) = line.find(LIST) {
        let end = found + LIST.len();
        return if is_structure(&line[end..]) { line.len() } else { end };
    }
    if !inside || is_structure(line) {
        return line.len();
    }
    let name = line.trim_start().trim_start_matches(['-', ' ', '{', '"', '\'']);
    let value = line.find("value");
    if name.starts_with("key") {
        value.unwrap_or(line.len())
    } else if let (true, Some(value)) = (name.starts_with("value"), value) {
        let mut end = value + "value".len();
        // What follows the name in order, as far as it does.
        for sign in ['"', ':'] {
            end += usize::from(line[end..].starts_with(sign));
        }
        end
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{EndpointConfig, EnvVar, FieldId, ParseError, body, document};
    use crate::secret::Secret;

    fn of(what: EditorTextOf, text: &str, place: (usize, usize), width: usize) -> Option<(String, usize)> {
        let parse_error = ParseError {
            line: place.0,
            column: place.1,
            why: "it is so".into(),
        };
        excerpt(&EditorText::new(what, Secret::new(text), parse_error), width)
    }

    fn env(text: &str) -> (String, usize) {
        let first = dotenv::read(text).parse_errors.into_iter().next().unwrap();
        of(EditorTextOf::Environment, text, (first.line, first.column), 60).unwrap()
    }

    #[test]
    fn of_an_environment_line_only_the_name_is_seen() {
        assert_eq!(env("A=1\nTOKEN='top' secret\n"), (format!("TOKEN={MASK}"), 6));
        assert_eq!(env("my key=secret\n"), (format!("my key={MASK}"), 2));
        assert_eq!(env("TOKEN secret\n"), (format!("TOKEN{MASK}"), 0));
        // The last line of a certificate looks like a name with a sign.
        assert_eq!(env("CERT=-----BEGIN\nMIIEsecret/x\n"), (MASK.to_owned(), 0));
        assert_eq!(env("A=\"one\nsecret==\\q\" x\n").0.find("secret"), None);
        // Of a value that goes on in a line nothing is seen, whatever that looks like.
        let text = "A=\"one\nsecret=\n";
        assert_eq!(
            of(EditorTextOf::Environment, text, (2, 1), 60),
            Some((MASK.to_owned(), 0))
        );
    }

    #[test]
    fn of_the_body_the_line_is_seen_but_for_what_may_be_a_value() {
        let body = "{\n  \"name\": \"x\"\n  \"envs\": [\n    {\n      \"key\": \"A\",\n      \"value\": \"secret\",,\n    }\n  ],\n  \"z\": 1 2\n}\n";
        let line = |at: usize| of(EditorTextOf::Body, body, (at, 3), 60).unwrap().0;
        assert_eq!(line(2), "  \"name\": \"x\"");
        assert_eq!(line(3), "  \"envs\": [");
        assert_eq!(line(5), "      \"key\": \"A\",");
        assert_eq!(line(6), format!("      \"value\":{MASK}"));
        assert_eq!(line(9), "  \"z\": 1 2");
        for text in [
            "{\"name\": 1, \"envs\": [{\"key\": \"A\", \"value\": \"secret\"}] x}",
            "{\n\"envs\": [{\"key\": \"A\", \"value\": \"secret\"},\n\"secret\": \"secret\"",
            "{\n\"envs\": [\n{\"key\": \"A\", \"value\": \"secret\" x",
            "{\n\"envs\": [\n{\"value\": \"secret\", \"key\": \"A\" x",
            "envs:\n  - key: A\n    value: secret\n     x: y: secret",
        ] {
            for at in 1..=text.split('\n').count() {
                let shown = of(EditorTextOf::Body, text, (at, 1), 200).unwrap().0;
                assert!(!shown.replace("\"secret\":", "").contains("secret"), "{shown}");
            }
        }
    }

    #[test]
    fn values_are_masked_wherever_a_body_is_broken() {
        let config = EndpointConfig {
            id: "ep_1".into(),
            envs: vec![EnvVar::new("K", "hush\nhush=:hush"), EnvVar::new("L", "hush]")].into(),
            ..EndpointConfig::default()
        };
        let text = body::text(&config);
        for (at, _) in text.char_indices() {
            let mut broken = text.clone();
            broken.remove(at);
            if let Err(why) = document::read_edited(&broken, &config) {
                let place = (why.line, why.column);
                let Some((shown, _)) = of(EditorTextOf::Body, &broken, place, 300) else {
                    continue;
                };
                assert!(!shown.contains("hush"), "{shown} of\n{broken}");
            }
        }
    }

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let text = format!("{}X{}", "a".repeat(100), "b".repeat(100));
        let (shown, at) = of(EditorTextOf::Field(FieldId::Name), &text, (1, 101), 30).unwrap();
        assert_eq!(shown.chars().count(), 30);
        assert_eq!(shown.chars().nth(at), Some('X'));
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
        assert_eq!(
            of(EditorTextOf::Field(FieldId::Name), "日本x", (1, 3), 30),
            Some(("日本x".into(), 4))
        );
        assert_eq!(
            of(EditorTextOf::Field(FieldId::Name), "one\n", (1, 4), 30),
            Some(("one".into(), 3))
        );
        assert_eq!(
            of(EditorTextOf::Field(FieldId::Name), "a\u{202e}b", (1, 3), 30)
                .unwrap()
                .0,
            "a⟨U+202E⟩b"
        );
    }
}
