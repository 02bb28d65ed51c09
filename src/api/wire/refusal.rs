//! What a server says instead of an answer: `{code, reason, message, metadata}` as documented, or whatever came.

use super::node::{Node, Object};
use super::text::{html_title, is_html, shorten};

/// Characters kept of a server's message.
const MESSAGE_CHARS: usize = 600;
/// Characters kept of a server's reason: a name, in capitals.
const REASON_CHARS: usize = 80;

/// The reason's name and the message, whichever are there; as they came, only cut to length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::api) struct RefusalText {
    /// `reason`: `SERVERLESS_ENDPOINT_NOT_FOUND`.
    pub(in crate::api) reason: String,
    /// `message`, or the text or the page's title that came in its stead.
    pub(in crate::api) message: String,
}

impl RefusalText {
    /// Both in one line; `None` where nothing was said.
    pub(super) fn line(&self) -> Option<String> {
        match (self.reason.trim(), self.message.trim()) {
            ("", "") => None,
            ("", message) => Some(message.to_owned()),
            (reason, "") => Some(reason.to_owned()),
            (reason, message) => Some(format!("{reason}: {message}")),
        }
    }

    fn cut(self) -> Self {
        Self {
            reason: shorten(self.reason.trim(), REASON_CHARS),
            message: shorten(self.message.trim(), MESSAGE_CHARS),
        }
    }
}

/// Reads the body of a refusal, whatever it is.
pub(in crate::api) fn said(body: &[u8]) -> RefusalText {
    if let Ok(answer) = Node::parse(body) {
        let said = match answer.object() {
            Ok(object) => said_in(&object),
            Err(_) if answer.is_list() => RefusalText::default(),
            Err(_) => RefusalText {
                message: answer.shown(),
                ..RefusalText::default()
            },
        };
        return said.cut();
    }
    let text = String::from_utf8_lossy(body);
    let message = if is_html(&text) {
        let title = html_title(&text);
        if title.is_empty() {
            "an HTML page".to_owned()
        } else {
            format!("an HTML page titled “{title}”")
        }
    } else {
        text.into_owned()
    };
    RefusalText {
        reason: String::new(),
        message,
    }
    .cut()
}

/// What an object says: `reason` and `message`, an `error` that is a text, or one that is such an object itself.
pub(super) fn said_in(object: &Object<'_>) -> RefusalText {
    let own = RefusalText {
        reason: object.shown("reason"),
        message: object.shown("message"),
    };
    let inner = match object.get("error") {
        Some(node) if node.is_object() => match node.object() {
            Ok(error) => RefusalText {
                reason: first(&error, &["reason", "code", "type"]),
                message: error.shown("message"),
            },
            Err(_) => RefusalText::default(),
        },
        Some(node) => RefusalText {
            reason: String::new(),
            message: node.shown(),
        },
        None => RefusalText::default(),
    };
    RefusalText {
        reason: if own.reason.is_empty() {
            inner.reason
        } else {
            own.reason
        },
        message: if own.message.is_empty() {
            inner.message
        } else {
            own.message
        },
    }
    .cut()
}

fn first(object: &Object<'_>, names: &[&str]) -> String {
    names
        .iter()
        .map(|name| object.shown(name))
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (String, String) {
        let said = said(body.as_bytes());
        (said.reason, said.message)
    }

    #[test]
    fn reason_and_message_are_found_in_every_shape_seen() {
        for (body, reason, message) in [
            (
                r#"{"code":400,"reason":"CONFLICT","message":"busy","metadata":{}}"#,
                "CONFLICT",
                "busy",
            ),
            (r#"{"message":"busy"}"#, "", "busy"),
            (r#"{"reason":"CONFLICT"}"#, "CONFLICT", ""),
            (r#"{"error":"busy"}"#, "", "busy"),
            (r#"{"error":{"code":"CONFLICT","message":"busy"}}"#, "CONFLICT", "busy"),
            (r#"{"error":{"message":"busy"}}"#, "", "busy"),
            (r#"{"error":true,"message":"busy"}"#, "", "busy"),
            (r#"{"message":{"a":1}}"#, "", r#"{"a":1}"#),
            (r#""busy""#, "", "busy"),
            ("upstream connect error\n", "", "upstream connect error"),
            (
                "<html><title>502 Bad Gateway</title>",
                "",
                "an HTML page titled “502 Bad Gateway”",
            ),
            ("<html>", "", "an HTML page"),
            ("{\"message\":\"cut o", "", "{\"message\":\"cut o"),
            ("{}", "", ""),
            ("[]", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(read(body), (reason.to_owned(), message.to_owned()), "{body}");
        }
    }

    #[test]
    fn a_message_without_end_is_cut() {
        let (_, message) = read(&format!(r#"{{"message":"{}"}}"#, "x".repeat(100_000)));
        assert_eq!(message.chars().count(), MESSAGE_CHARS + 1);
    }
}
