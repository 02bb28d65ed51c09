//! What lies over a screen: help, details, find, the question on leaving, review, save and result.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget};

use super::header::draw_hints;
use super::lines::{self, Line};
use super::review_height;
use crate::session::Step;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Leaving, Model, Overlay, Review, ReviewView, Screen};
use crate::tui::theme;
use crate::tui::update::matches;
use crate::tui::widget::paint;
use crate::tui::widget::text_edit::TextEdit;

/// Draws an overlay; where the cursor stands.
pub fn draw(model: &Model, overlay: &Overlay, buffer: &mut Buffer, area: Rect) -> Option<Position> {
    match overlay {
        Overlay::Help { scroll } => sheet(model, "Keys", *scroll, &any_key(), buffer, area),
        Overlay::Details { scroll } => sheet(model, "Details", *scroll, &any_key(), buffer, area),
        Overlay::Find(text) => return Some(find(model, text, buffer, area)),
        Overlay::Leave(leaving) => leave(*leaving, buffer, area),
        Overlay::Review(review) => draw_review(model, review, buffer, area),
        Overlay::Saving { step, .. } => saving(*step, buffer, area),
        Overlay::Result { outcome, scroll, .. } => {
            sheet(
                model,
                lines::result_title(outcome),
                *scroll,
                &lines::result_hints(outcome),
                buffer,
                area,
            );
        }
    }
    None
}

fn any_key() -> Vec<(String, &'static str)> {
    vec![("↑↓".to_owned(), "scroll"), ("Esc".to_owned(), "close")]
}

/// A full page of lines.
fn sheet(model: &Model, title: &str, scroll: usize, hints: &[(String, &str)], buffer: &mut Buffer, area: Rect) {
    let place = Rect::new(area.x, area.y, area.width, area.height - 1);
    let inside = paint::window(buffer, place, title);
    let lines = lines::of_overlay(model);
    draw_lines(&lines, scroll, buffer, inside);
    hints_row(buffer, area, hints);
}

fn hints_row(buffer: &mut Buffer, area: Rect, hints: &[(String, &str)]) {
    let row = Rect::new(area.x, area.bottom() - 1, area.width, 1);
    Clear.render(row, buffer);
    draw_hints(buffer, row, hints);
}

pub(super) fn draw_lines(lines: &[Line], scroll: usize, buffer: &mut Buffer, area: Rect) {
    for (row, line) in lines.iter().skip(scroll).take(usize::from(area.height)).enumerate() {
        let y = area.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, area.x, y, area.width, &line.text, line.style);
    }
    let hidden = lines.len().saturating_sub(scroll + usize::from(area.height));
    if hidden > 0 {
        let text = format!(" ▼ {hidden} more ");
        let wide = u16::try_from(crate::tui::width::shown_width(&text)).unwrap_or(0);
        paint::text(
            buffer,
            area.right().saturating_sub(wide + 1),
            area.bottom(),
            wide,
            &text,
            theme::STRONG,
        );
    }
}

fn find(model: &Model, text: &TextEdit, buffer: &mut Buffer, area: Rect) -> Position {
    let found = match &model.screen {
        Screen::Form(form) if !text.text().trim().is_empty() => matches(form, &text.text()),
        _ => Vec::new(),
    };
    let rows = (area.height / 2).clamp(4, 10);
    let place = Rect::new(area.x, area.bottom() - 1 - rows, area.width.min(60), rows);
    let inside = paint::window(buffer, place, "Find a field, an env key, a volume");
    paint::text(buffer, inside.x, inside.y, 1, "/", theme::STRONG);
    for (row, (_, name)) in found
        .iter()
        .take(usize::from(inside.height.saturating_sub(1)))
        .enumerate()
    {
        let y = inside.y + 1 + u16::try_from(row).unwrap_or(0);
        let lead = if row == 0 { "› " } else { "  " };
        let style = if row == 0 { theme::STRONG } else { theme::PLAIN };
        paint::pieces(buffer, inside.x, y, inside.width, &[(lead, style), (name, style)]);
    }
    hints_row(
        buffer,
        area,
        &[("Enter".to_owned(), "go to the first"), ("Esc".to_owned(), "close")],
    );
    text.draw_line(buffer, Rect::new(inside.x + 1, inside.y, inside.width - 1, 1))
}

fn leave(leaving: Leaving, buffer: &mut Buffer, area: Rect) {
    let inside = paint::window(buffer, paint::centered(area, 40, 6), "Unsaved changes");
    let discard = match leaving {
        Leaving::Quit => "discard them and quit",
        Leaving::Picker => "discard them, to the picker",
        Leaving::Reload => "discard them and reload",
    };
    for (row, (key, says)) in [("d", discard), ("w", "review and save them"), ("Esc", "go back")]
        .iter()
        .enumerate()
    {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, 5, key, theme::STRONG);
        paint::text(buffer, inside.x + 6, y, inside.width - 6, says, theme::PLAIN);
    }
}

fn draw_review(model: &Model, review: &Review, buffer: &mut Buffer, area: Rect) {
    Clear.render(area, buffer);
    let Screen::Form(form) = &model.screen else { return };
    let mut x = area.x + 1;
    x += paint::text(buffer, x, area.y, 10, "Review", theme::STRONG) + 2;
    for view in ReviewView::ALL {
        let style = if view == review.view { theme::CHOSEN } else { theme::DIM };
        let room = area.right().saturating_sub(x);
        x += paint::text(buffer, x, area.y, room, &format!(" {} ", view.title()), style) + 1;
    }
    let masked = form.work.now().envs.len();
    let note = match (review.view, review.reveal) {
        (ReviewView::Curl, _) => String::new(),
        (_, true) => "values shown, V masks them".to_owned(),
        (_, false) if masked == 0 => String::new(),
        (_, false) => format!("{masked} values masked, V shows them"),
    };
    let room = area.right().saturating_sub(x + 1);
    paint::text(buffer, x, area.y, room, &note, theme::DIM);
    let rule = "─".repeat(usize::from(area.width));
    paint::text(buffer, area.x, area.y + 1, area.width, &rule, theme::DIM);
    let height = u16::try_from(review_height(model.size)).unwrap_or(1);
    let body = Rect::new(area.x + 1, area.y + 2, area.width - 2, height);
    draw_lines(&lines::of_overlay(model), review.scroll, buffer, body);
    if let Some(notice) = &model.notice {
        paint::text(
            buffer,
            area.x + 1,
            area.bottom() - 2,
            area.width - 2,
            &notice.text,
            theme::STRONG,
        );
    }
    let errors = form.work.error_count() > 0;
    let enter = if errors {
        "to the first error"
    } else if !form.work.is_changed() {
        "nothing to send"
    } else if model.around.read_only {
        "read-only, can't send"
    } else {
        "SEND"
    };
    let mut hints = vec![("Enter".to_owned(), enter)];
    for (action, says) in [
        (Action::NextView, "next view"),
        (Action::PageDown, "scroll"),
        (Action::RevealAll, "values"),
        (Action::Back, "back"),
    ] {
        hints.extend(keymap().hint(Context::Review, action).map(|key| (key, says)));
    }
    hints_row(buffer, area, &hints);
}

fn saving(step: Option<Step>, buffer: &mut Buffer, area: Rect) {
    let inside = paint::window(buffer, paint::centered(area, 56, 7), "Saving");
    let at = match step {
        None | Some(Step::Check) => 0,
        Some(Step::Send) => 1,
        Some(Step::Verify { .. }) => 2,
    };
    let again = match step {
        Some(Step::Verify { again }) if again > 0 => format!(" (again, {again} of 3)"),
        _ => String::new(),
    };
    let steps = [
        "Check: reading the endpoint again".to_owned(),
        "Send: the reviewed body, once".to_owned(),
        format!("Verify: reading back{again}"),
    ];
    for (row, text) in steps.iter().enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        let (sign, style) = match row.cmp(&at) {
            std::cmp::Ordering::Less => ("✓", theme::GOOD),
            std::cmp::Ordering::Equal => ("›", theme::STRONG),
            std::cmp::Ordering::Greater => (" ", theme::DIM),
        };
        let tail = if row == at { "…" } else { "" };
        paint::pieces(
            buffer,
            inside.x + 1,
            y,
            inside.width - 1,
            &[(sign, style), (" ", style), (text, style), (tail, style)],
        );
    }
    paint::text(
        buffer,
        inside.x + 1,
        inside.y + 4,
        inside.width - 1,
        "Esc stops waiting",
        theme::DIM,
    );
}
