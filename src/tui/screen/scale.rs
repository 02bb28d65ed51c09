//! The box of quick scale: five fields with their ranges, and what is wrong with the focused one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::fields::range_note;
use super::footer::hint_at_times;
use super::{Places, Target};
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::endpoint::words::worded;
use crate::endpoint::{FieldId, Place};
use crate::text::width::shown_width;
use crate::tui::keymap::{Action, Context};
use crate::tui::model::{Editing, Focus, Form, Model, SCALE_FIELDS, Screen};
use crate::tui::theme;
use crate::tui::widgets::key_bar::{self as hints, Rank, bound, fixed};
use crate::tui::widgets::notice::fitted;
use crate::tui::widgets::paint;

/// Columns of the box, at least and at most.
const WIDTH: (u16, u16) = (56, 80);

/// Draws the box; where the cursor stands.
pub fn draw(model: &Model, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Option<Position> {
    let Screen::Form(form) = &model.screen else { return None };
    let title = format!("Scale · {}", model.around.subject(&form.work.base().config));
    let wanted = u16::try_from(shown_width(&title) + 6).unwrap_or(u16::MAX);
    let width = wanted.clamp(WIDTH.0, WIDTH.1).min(area.width);
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
    let said = said.or_else(|| hint_at_times(form).map(|hint| (hint.to_owned(), theme::dim())));
    let (text, style) = said.unwrap_or_default();
    let most = usize::from(area.height.saturating_sub(9)).max(1);
    let lines = fitted(&text, usize::from(width.saturating_sub(4)), most, "");
    let rows = u16::try_from(lines.len().max(3)).unwrap_or(3);
    let place = paint::centered(Rect::new(area.x, area.y, area.width, area.height - 1), width, 8 + rows);
    let inside = paint::window(buffer, place, &title);
    let mut cursor = None;
    for (row, field) in SCALE_FIELDS.into_iter().enumerate() {
        let line = Rect::new(inside.x, inside.y + u16::try_from(row).unwrap_or(0), inside.width, 1);
        if form.editing.is_none() {
            places.put(line, Target::Focus(Focus::Field(field)));
        }
        let at = field_row(form, field, buffer, line, places);
        if form.focus == Focus::Field(field) {
            cursor = Some(at);
        }
    }
    for (row, line) in lines.iter().enumerate() {
        let y = inside.y + 6 + u16::try_from(row).unwrap_or(0);
        if y < inside.bottom() {
            paint::text(buffer, inside.x + 1, y, inside.width - 1, line, style);
        }
    }
    let from_picker = form.scaling.is_some_and(|scale| scale.from_picker);
    let back = match &form.editing {
        Some(_) => "leave",
        None if from_picker && form.work.is_changed() => "back|, asks first",
        None if from_picker => "back| to the list",
        None if form.work.since_mark() > 0 => "cancel",
        None => "back",
    };
    let is_choice = matches!(form.focus, Focus::Field(field) if matches!(field.spec().kind, Kind::Choice(_)));
    let mut keys = vec![("Enter", "review", Rank::Way), ("Tab", "next", Rank::Useful)];
    if is_choice {
        keys.push(("Space", "the other", Rank::Needed));
    } else {
        keys.extend([("+ -", "by one", Rank::Needed), ("> <", "by ten", Rank::Useful)]);
    }
    keys.push(("Esc", back, Rank::Way));
    let mut keys = fixed(&keys);
    if form.editing.is_none() && !from_picker {
        let keep = [(Action::Scale, "keep|, to the form", Rank::Extra)];
        keys.extend(bound(Context::Form, &keep));
    }
    if form.editing.is_none() {
        keys.extend(bound(Context::Form, &[(Action::Help, "help", Rank::Extra)]));
    }
    hints::draw(&keys, buffer, area);
    cursor
}

fn field_row(form: &Form, field: FieldId, buffer: &mut Buffer, line: Rect, places: &mut Places) -> Position {
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
        paint::text(buffer, line.right() - 2, line.y, 1, sign, style);
    }
    let mut note = range_note(field.range(config, form.work.limits()));
    let noted = u16::try_from(shown_width(&note))
        .unwrap_or(0)
        .max(if note.is_empty() { 0 } else { 10 });
    let cell = Rect::new(line.x + 18, line.y, line.width.saturating_sub(23 + noted).max(8), 1);
    let cursor = match &form.editing {
        Some(Editing::Field { field: edited, text }) if *edited == field => {
            let typed = text.text();
            let stands_for = number_text(field, typed, config, form.work.limits());
            if stands_for != typed {
                note = format!("= {stands_for} {}", field.unit(config)).trim_end().to_owned();
            }
            places.put_text(cell, false);
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
    let x = line.right().saturating_sub(wide + 4);
    paint::text(buffer, x, line.y, wide, &note, theme::dim());
    cursor
}
