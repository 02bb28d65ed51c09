//! Text that a server supplied, cut to a length that a screen can bear.

use crate::text::one_line;

/// The first `chars` characters (Unicode scalar values), with `…` for a rest that was cut off.
pub(in crate::api) fn shorten(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A server's message as a sentence's end: in one line, with a full stop, unless it has an end of its own.
pub(in crate::api) fn sentence(message: &str) -> String {
    // Blanks enough would begin a line of their own where lines are broken.
    let message = one_line(message)
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if message.ends_with(['.', '!', '?', '…']) {
        message
    } else {
        format!("{message}.")
    }
}

/// Whether a text is a page for a browser.
pub(in crate::api) fn is_html(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// The text of the first `<title>`, its line breaks and runs of blanks as single blanks; empty: none.
///
/// Character references stay as written: the title is only there to recognise the page by.
pub(in crate::api) fn html_title(page: &str) -> String {
    // ASCII case only: it keeps every byte where it was, so that positions fit the page itself.
    let lower = page.to_ascii_lowercase();
    let Some(tag) = lower.find("<title") else {
        return String::new();
    };
    let Some(start) = lower[tag..].find('>').map(|at| tag + at + 1) else {
        return String::new();
    };
    let end = lower[start..].find("</title").map_or(page.len(), |at| start + at);
    page[start..end].split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_found_in_any_case_and_over_lines() {
        assert_eq!(
            html_title("<html><TITLE lang=en>\n 502  Bad\nGateway </Title>"),
            "502 Bad Gateway"
        );
        assert_eq!(html_title("<title>İstanbul ſ</title>"), "İstanbul ſ");
        assert_eq!(html_title("<title>never closed"), "never closed");
        assert_eq!(html_title("<html><h1>no title</h1>"), "");
        assert_eq!(html_title("<title"), "");
    }

    #[test]
    fn what_is_cut_shows_it_and_characters_stay_whole() {
        assert_eq!(shorten("日本語", 2), "日本…");
        assert_eq!(shorten("日本", 2), "日本");
        assert_eq!(shorten("", 0), "");
    }
}
