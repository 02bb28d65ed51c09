//! The review: four views of what is about to be sent, and the last question before a protected endpoint is changed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Places, Target, lines, review_height};
use crate::endpoint::body;
use crate::text::width::shown_width;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Form, Keeping, Model, Review, ReviewView, Screen};
use crate::tui::theme;
use crate::tui::widgets::key_bar::{self as hints, Rank, bound, fixed};
use crate::tui::widgets::notice::{self, fitted};
use crate::tui::widgets::page::{Page, draw_lines};
use crate::tui::widgets::paint;
use crate::tui::widgets::text_edit::TextEdit;

/// Draws the review; where the cursor stands.
pub(super) fn draw(
    model: &Model,
    review: &Review,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Option<Position> {
    paint::clear(buffer, area);
    let Screen::Form(form) = &model.screen else { return None };
    let mut x = area.x + 1;
    x += paint::text(buffer, x, area.y, 10, "Review", theme::strong()) + 2;
    for view in ReviewView::ALL {
        let style = if view == review.view {
            theme::chosen()
        } else {
            theme::dim()
        };
        let room = area.right().saturating_sub(x);
        let wide = paint::text(buffer, x, area.y, room, &format!(" {} ", view.title()), style);
        places.put(Rect::new(x, area.y, wide, 1), Target::View(view));
        x += wide + 1;
    }
    let masked = form.work.now().envs.len();
    let reveal = keymap().word(Context::Review, Action::RevealAll);
    // In short where the tabs leave little room; the hints name the key, too.
    let notes = match (review.view, review.reveal) {
        (ReviewView::Curl, _) => [String::new(), String::new()],
        (_, true) => [format!("values shown, {reveal} masks them"), "values shown".to_owned()],
        (_, false) if masked == 0 => [String::new(), String::new()],
        (_, false) => [
            format!("{masked} values masked, {reveal} shows them"),
            format!("{masked} masked"),
        ],
    };
    let room = area.right().saturating_sub(x + 1);
    if let Some(note) = notes.iter().find(|note| shown_width(note) <= usize::from(room)) {
        paint::text(buffer, x, area.y, room, note, theme::dim());
    }
    let rule = "─".repeat(usize::from(area.width));
    paint::text(buffer, area.x, area.y + 1, area.width, &rule, theme::frame());
    let subject = format!(" {} ", model.around.subject(&form.work.base().config));
    paint::text(
        buffer,
        area.x + 2,
        area.y + 1,
        area.width - 4,
        &subject,
        theme::strong(),
    );
    let height = u16::try_from(review_height(model.size, model.notice.as_ref())).unwrap_or(1);
    let body = Rect::new(area.x + 1, area.y + 2, area.width - 2, height);
    draw_lines(&lines::of_overlay(model), review.scroll, buffer, body);
    if let Some(notice) = &model.notice {
        let place = Rect::new(
            body.x,
            body.bottom(),
            body.width,
            (area.bottom() - 1).saturating_sub(body.bottom()),
        );
        notice::draw(notice, buffer, place);
    }
    if let Some(confirm) = &review.confirm {
        places.cover();
        return Some(draw_confirm(form, confirm, buffer, area, places));
    }
    let errors = form.work.error_count() > 0;
    let enter = if matches!(form.keeping, Keeping::Theirs(_)) && form.work.is_changed() {
        "take over…"
    } else if errors {
        "to the first error"
    } else if !form.work.is_changed() {
        "nothing to send"
    } else if model.around.read_only {
        "read-only, can't send"
    } else {
        "SEND"
    };
    let hints = [
        (Action::Send, enter, Rank::Way),
        (Action::NextView, "next view", Rank::Useful),
        (Action::PageDown, "scroll", Rank::Extra),
        (Action::RevealAll, "values", Rank::Needed),
        (Action::Back, "back", Rank::Way),
    ];
    hints::draw(&bound(Context::Review, &hints), buffer, area);
    None
}

/// The last question before a protected endpoint is changed.
fn draw_confirm(form: &Form, confirm: &TextEdit, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Position {
    let config = &form.work.base().config;
    let name = if config.name.is_empty() {
        &config.id
    } else {
        &config.name
    };
    // The name has to be read whole: it is what is to be typed.
    let width = area.width.min(60);
    let room = usize::from(width - 4);
    let asked = format!("Type the endpoint's name to send: {name}");
    let asked = if shown_width(&asked) <= room {
        vec![asked]
    } else {
        let most = usize::from(area.height.saturating_sub(6));
        fitted(&asked.replacen(": ", ":\n", 1), room, most, "")
    };
    let rows = u16::try_from(asked.len()).unwrap_or(2);
    let inside = paint::window(buffer, paint::centered(area, width, rows + 4), "Protected");
    for (row, line) in asked.iter().enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, inside.width - 1, line, theme::strong());
    }
    let keys = [("Enter", "send", Rank::Way), ("Esc", "back", Rank::Way)];
    hints::draw(&fixed(&keys), buffer, area);
    let typed = Rect::new(inside.x + 1, inside.y + rows + 1, inside.width - 2, 1);
    places.put_text(typed, false);
    confirm.draw_line(buffer, typed)
}

impl Page {
    pub(super) fn review(&mut self, model: &Model, form: &Form, review: &Review) {
        match review.view {
            ReviewView::Changes => {
                self.problems(&form.work);
                self.changes(&form.work, review.reveal);
            }
            ReviewView::Diff => self.diff(form, review.reveal),
            ReviewView::Body => {
                let now = form.work.now();
                let text = if review.reveal {
                    body::text(now)
                } else {
                    body::masked(now)
                };
                self.code(&text);
            }
            ReviewView::Curl => {
                let file = format!("{}.json", crate::tui::file_stem(&form.work.now().id));
                self.add("curl --request POST \\", theme::plain());
                // Pieces of one word: a space in front would make two of it.
                for (at, line) in quoted(&model.around.update_url, self.width.saturating_sub(6))
                    .iter()
                    .enumerate()
                {
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
        }
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
    fn diff(&mut self, form: &Form, reveal: bool) {
        let (old, new) = (&form.work.base().config, form.work.now());
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

/// A text in single quotes for a shell, in pieces that fit a line: with `\` behind each but the last, the shell joins them.
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
