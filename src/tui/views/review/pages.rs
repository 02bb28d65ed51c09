//! The pages of the review: what changes, the difference of the bodies, the body, and the request as a command.

use crate::endpoint::body;
use crate::session::Workspace;
use crate::text::width::shown_width;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::theme;
use crate::tui::widgets::page::Page;

impl Page {
    /// The whole body.
    pub(super) fn body(&mut self, work: &Workspace, reveal: bool) {
        let now = work.now();
        let text = if reveal { body::text(now) } else { body::masked(now) };
        self.code(&text);
    }

    /// The request as a command, with the body in a file.
    pub(super) fn curl(&mut self, work: &Workspace, update_url: &str) {
        let file = format!("{}.json", crate::tui::file_stem(&work.now().id));
        self.add("curl --request POST \\", theme::plain());
        // Pieces of one word: a space in front would make two of it.
        for (at, line) in quoted(update_url, self.width.saturating_sub(6)).iter().enumerate() {
            self.add(format!("{}{line}\\", if at == 0 { "  " } else { "" }), theme::plain());
        }
        self.curl_header('"', "Authorization: Bearer ", "$NOVITA_API_KEY");
        self.curl_header('\'', "Content-Type: ", "application/json");
        for (at, line) in quoted(&format!("@{file}"), self.width.saturating_sub(18))
            .iter()
            .enumerate()
        {
            let lead = if at == 0 { "  --data-binary " } else { "" };
            let more = if line.ends_with(' ') { "" } else { "\\" };
            self.add(format!("{lead}{}{more}", line.trim_end()), theme::plain());
        }
        self.add("", theme::plain());
        let key = keymap().word(Context::Review, Action::CopyBody);
        let text = format!("{file} has to hold the body: {key} copies it, values and all.");
        self.wrapped(&text, theme::dim(), 0);
    }

    /// A header of the command: in one line, or in two or three where that is too wide.
    fn curl_header(&mut self, quote: char, name: &str, value: &str) {
        let one = format!("  --header {quote}{name}{value}{quote} \\");
        if shown_width(&one) <= self.width {
            return self.add(one, theme::plain());
        }
        self.add("  --header \\", theme::plain());
        let word = format!("  {quote}{name}{value}{quote} \\");
        if shown_width(&word) <= self.width {
            return self.add(word, theme::plain());
        }
        // Two pieces of one word, as those of the address.
        self.add(format!("  {quote}{name}{quote}\\"), theme::plain());
        self.add(format!("{quote}{value}{quote} \\"), theme::plain());
    }

    /// Unified diff of the two bodies; compared unmasked, so that a changed secret shows as changed.
    pub(super) fn body_diff(&mut self, work: &Workspace, reveal: bool) {
        let (old, new) = (&work.base().config, work.now());
        let exact = (body::text(old), body::text(new));
        let masked = body::masked_beside(old, new);
        let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = if reveal {
            (exact.0.lines().collect(), exact.1.lines().collect())
        } else {
            (masked.0.lines().collect(), masked.1.lines().collect())
        };
        let diff = similar::TextDiff::from_lines(&exact.0, &exact.1);
        let groups = diff.grouped_ops(3);
        if groups.is_empty() {
            self.add("No difference.", theme::plain());
        }
        for group in groups {
            if let (Some(first), Some(last)) = (group.first(), group.last()) {
                let (old, new) = (
                    first.old_range().start..last.old_range().end,
                    first.new_range().start..last.new_range().end,
                );
                self.add(
                    format!(
                        "@@ -{},{} +{},{} @@",
                        old.start + 1,
                        old.len(),
                        new.start + 1,
                        new.len()
                    ),
                    theme::dim(),
                );
            }
            for op in &group {
                for change in diff.iter_changes(op) {
                    let (sign, style, line) = match change.tag() {
                        similar::ChangeTag::Delete => {
                            ("-", theme::error(), change.old_index().and_then(|i| old_lines.get(i)))
                        }
                        similar::ChangeTag::Insert => {
                            ("+", theme::good(), change.new_index().and_then(|i| new_lines.get(i)))
                        }
                        similar::ChangeTag::Equal => {
                            (" ", theme::plain(), change.new_index().and_then(|i| new_lines.get(i)))
                        }
                    };
                    self.code_line(&format!("{sign}{}", line.copied().unwrap_or("")), style);
                }
            }
        }
    }
}

/// A text in single quotes for a shell, in pieces that fit a line: with `\` behind each but the last, the shell joins
/// them.
fn quoted(text: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let pieces: Vec<String> = chars
        .chunks(width.max(8))
        .map(|piece| format!("'{}'", piece.iter().collect::<String>().replace('\'', "'\\''")))
        .collect();
    let last = pieces.len().saturating_sub(1);
    pieces
        .into_iter()
        .enumerate()
        .map(|(at, piece)| if at == last { format!("{piece} ") } else { piece })
        .collect()
}
