//! The box of quick scale: five fields with their ranges, and what is wrong with the focused one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::changes::worded;
use super::fields::range_note;
use super::page::hints_row;
use super::review::subject;
use super::{Places, Target};
use crate::endpoint::entry::number_text;
use crate::endpoint::{FieldId, Place};
use crate::tui::model::{Editing, Focus, Form, Model, SCALE_FIELDS, Screen};
use crate::tui::theme;
use crate::tui::widget::paint;
use crate::tui::width::shown_width;

/// Draws the box; where the cursor stands.
pub fn draw(model: &Model, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Option<Position> {
    let Screen::Form(form) = &model.screen else { return None };
    let width = area.width.min(56);
    let place = paint::centered(Rect::new(area.x, area.y, area.width, area.height - 1), width, 11);
    let inside = paint::window(buffer, place, &format!("Scale · {}", subject(model, form)));
    let mut cursor = None;
    for (row, field) in SCALE_FIELDS.into_iter().enumerate() {
        let line = Rect::new(inside.x, inside.y + u16::try_from(row).unwrap_or(0), inside.width, 1);
        if form.editing.is_none() {
            places.put(line, Target::Focus(Focus::Field(field)));
        }
        let at = field_row(form, field, buffer, line);
        if form.focus == Focus::Field(field) {
            cursor = Some(at);
        }
    }
    let said = match &model.notice {
        Some(notice) => Some((
            notice.text.clone(),
            if notice.bad { theme::error() } else { theme::plain() },
        )),
        None => form
            .problems()
            .iter()
            .filter(|problem| form.focus.holds(problem.place))
            .min_by_key(|problem| problem.severity)
            .map(|problem| {
                let (sign, style) = theme::sign(problem.severity);
                (format!("{sign} {}", problem.sentence(form.work.now())), style)
            }),
    };
    if let Some((text, style)) = said {
        let room = usize::from(inside.width.saturating_sub(2));
        for (row, line) in paint::wrap(&text, room).iter().take(3).enumerate() {
            let y = inside.y + 6 + u16::try_from(row).unwrap_or(0);
            paint::text(buffer, inside.x + 1, y, inside.width - 1, line, style);
        }
    }
    let keys = [
        ("Enter", "review"),
        ("Tab", "next"),
        ("+ -", "by one"),
        ("> <", "by ten"),
        ("Esc", "back"),
    ];
    hints_row(buffer, area, &keys.map(|(key, says)| (key.to_owned(), says)));
    cursor
}

fn field_row(form: &Form, field: FieldId, buffer: &mut Buffer, line: Rect) -> Position {
    let focused = form.focus == Focus::Field(field);
    let config = form.work.now();
    if focused {
        paint::text(buffer, line.x, line.y, 1, "›", theme::focus());
    }
    let label = if focused { theme::strong() } else { theme::plain() };
    paint::text(buffer, line.x + 1, line.y, 16, field.label(), label);
    let changed = form.work.is_field_changed(field);
    if changed {
        paint::text(buffer, line.x + 17, line.y, 1, "*", theme::changed());
    }
    let worst = form
        .problems()
        .iter()
        .filter(|problem| problem.place == Place::of(field))
        .map(|problem| problem.severity)
        .min();
    if let Some(severity) = worst {
        let (sign, style) = theme::sign(severity);
        paint::text(buffer, line.right() - 1, line.y, 1, sign, style);
    }
    let mut note = range_note(field.range(config, form.work.limits()));
    let cell = Rect::new(line.x + 18, line.y, line.width.saturating_sub(36).max(8), 1);
    let cursor = match &form.editing {
        Some(Editing::Field { field: edited, text }) if *edited == field => {
            let typed = text.text();
            let stands_for = number_text(field, &typed, config, form.work.limits());
            if stands_for != typed {
                note = format!("= {stands_for} {}", field.unit(config)).trim_end().to_owned();
            }
            text.draw_line(buffer, cell)
        }
        _ => {
            let style = if changed { theme::changed() } else { theme::plain() };
            let text = worded(field, config.text(field), config);
            paint::text(buffer, cell.x, cell.y, cell.width, &text, style);
            Position::new(cell.x, cell.y)
        }
    };
    let wide = u16::try_from(shown_width(&note)).unwrap_or(0);
    let x = line.right().saturating_sub(wide + 3);
    paint::text(buffer, x, line.y, wide, &note, theme::dim());
    cursor
}
