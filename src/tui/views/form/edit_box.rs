//! The box in which a long text, a choice or a row is edited, over whatever screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use super::editing::is_long;
use super::fields::{counter, counter_style, range_note};
use super::suggestion_list;
use crate::endpoint::edit::Row;
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, FieldId, Limits, Place, Problem};
use crate::secret::MASK;
use crate::text::width::shown_width;
use crate::tui::hit_map::{HitMap, Target};
use crate::tui::model::{Editing, RowEdit, Suggestions};
use crate::tui::theme;
use crate::tui::widgets::areas::{Areas, cells};
use crate::tui::widgets::paint;
use crate::tui::widgets::text_edit::TextEdit;

/// What is known of what is edited.
pub struct Beside<'a> {
    /// The configuration that it belongs to.
    pub config: &'a EndpointConfig,
    /// The account's ranges.
    pub limits: &'a Limits,
    /// What is wrong with a row.
    pub problems: &'a [Problem],
    /// What can be chosen.
    pub choices: Option<&'a Suggestions>,
    /// What of it is focused.
    pub pick: Option<&'a str>,
}

/// Draws the box of what is edited at the bottom of an area; where the cursor stands.
pub fn draw(editing: &Editing, beside: &Beside<'_>, buffer: &mut Buffer, area: Rect, hit_map: &mut HitMap) -> Position {
    match editing {
        Editing::Field { field, text } => field_box(*field, text, beside, buffer, area, hit_map),
        Editing::Choice { field, at } => {
            let words = match field.spec().kind {
                Kind::Choice(words) => words,
                _ => &[],
            };
            let [_, below] = area.split_top(2);
            let place = below.middle(38, cells(words.len()) + 2);
            let inside = paint::window(buffer, place, field.label());
            for (row, (line, (word, called))) in inside.rows().zip(words).enumerate() {
                let (lead, style) = if Some(row) == *at {
                    ("›", theme::strong())
                } else {
                    (" ", theme::plain())
                };
                paint::row(buffer, line, &format!("{lead} {called} ({word})"), style);
            }
            Position::new(inside.x, inside.y + cells(at.unwrap_or(0)))
        }
        Editing::Row(row) => row_box(row, beside, buffer, area, hit_map),
    }
}

/// A text over several rows; or a number or an id, with its range or what can be chosen under it.
fn field_box(
    field: FieldId,
    text: &TextEdit,
    beside: &Beside<'_>,
    buffer: &mut Buffer,
    area: Rect,
    hit_map: &mut HitMap,
) -> Position {
    let typed = text.text();
    let mut title = field.label().to_owned();
    let counted = match field.spec().kind {
        Kind::Text { max_chars, .. } => max_chars.map(|max| (typed.chars().count(), max)),
        _ => None,
    };
    let note = range_note(field.range(beside.config, beside.limits));
    if !note.is_empty() {
        let unit = field.unit(beside.config);
        title = format!("{title} {note} {unit}").trim_end().to_owned();
    }
    let stands_for = number_text(field, typed, beside.config, beside.limits);
    if stands_for != typed {
        title.push_str(&format!(" = {stands_for}"));
    } else if field.unit(beside.config) == "s" {
        title.push_str(", or as 5m or 1h30m");
    }
    let width = area.width.max(1);
    let list_rows = beside
        .choices
        .map_or(0, |choices| suggestion_list::rows(choices, width - 2));
    let least = if is_long(field) { 5 } else { 3 };
    let text_rows = cells(text.rows(width.saturating_sub(2)));
    let rows = (text_rows.saturating_add(2).max(least).saturating_add(list_rows))
        .min(area.height.saturating_sub(1))
        .max(least);
    let place = Rect::new(area.x, area.bottom().saturating_sub(rows), area.width, rows);
    let inside = match counted {
        Some(counted) => window_with_counter(buffer, place, &title, counted),
        None => paint::window(buffer, place, &title),
    };
    if let Some(choices) = beside.choices {
        let [typed, list] = inside.split_top(1);
        suggestion_list::draw(choices, beside.pick, (buffer, hit_map), list);
        hit_map.put_text(typed, false);
        return text.draw_line(buffer, typed);
    }
    hit_map.put_text(inside, true);
    let (cursor, (above, below)) = text.draw_box(buffer, inside);
    paint::marks(buffer, inside, above, below);
    cursor
}

/// A window whose title ends in how long the text is and may be: over the limit an error.
fn window_with_counter(buffer: &mut Buffer, place: Rect, title: &str, (count, max): (usize, usize)) -> Rect {
    if count <= max {
        return paint::window(buffer, place, &format!("{title} {count}/{max}"));
    }
    let counter = format!("{count}/{max} ✗");
    let inside = paint::window(buffer, place, &format!("{title} {counter}"));
    let x = place.x + 4 + cells(shown_width(title));
    let room = place.right().saturating_sub(x + 2);
    paint::text(buffer, x, place.y, room, &counter, theme::error());
    inside
}

/// Rows for an environment value: as many as it takes, so far as the screen has them, and some to be typed into.
fn value_rows(edit: &RowEdit, area: Rect) -> u16 {
    let least = ((area.height + 3) / 3).clamp(2, 8);
    if !edit.reveal || edit.part != FieldId::EnvValue {
        return least;
    }
    let wanted = cells(edit.text.rows(area.width.saturating_sub(18).max(1)));
    wanted.min(area.height.saturating_sub(4)).max(least)
}

fn row_box(edit: &RowEdit, beside: &Beside<'_>, buffer: &mut Buffer, area: Rect, hit_map: &mut HitMap) -> Position {
    let choices = beside.choices;
    let parts = edit.row.parts();
    let verb = if edit.old.is_none() { "New" } else { "Edit" };
    let title = format!("{verb} {}", edit.row.list().noun());
    let is_env = matches!(edit.row, Row::Env(_));
    let value_rows = if is_env { value_rows(edit, area) } else { 1 };
    let rows = cells(parts.len()) + value_rows - 1 + 2;
    let most = area.height.saturating_sub(rows);
    let list_rows = choices.map_or(0, |choices| {
        suggestion_list::rows(choices, area.width.saturating_sub(15)).min(most)
    });
    let rows = rows + list_rows;
    let place = Rect::new(area.x, area.bottom().saturating_sub(rows), area.width, rows);
    let inside = paint::window(buffer, place, &title);
    let mut cursor = Position::new(inside.x, inside.y);
    let mut y = inside.y;
    for part in parts {
        let focused = part == edit.part;
        let height = if part == FieldId::EnvValue { value_rows } else { 1 };
        let style = if focused { theme::focus() } else { theme::plain() };
        paint::text(buffer, inside.x, y, 1, if focused { "›" } else { " " }, theme::focus());
        paint::text(buffer, inside.x + 1, y, 12, part.label(), style);
        let place = Place::row(part, edit.at);
        if let Some(problem) = beside.problems.iter().find(|p| p.place == place) {
            let (sign, style) = theme::sign(problem.severity);
            paint::text(buffer, inside.right() - 1, y, 1, sign, style);
        }
        let note = match part.spec().kind {
            Kind::Text {
                max_chars: Some(max), ..
            } if focused && height > 1 => format!("{}/{max}", edit.text.text().chars().count()),
            Kind::Text {
                max_chars: Some(max), ..
            } if focused => counter(edit.text.text(), max, inside.width.saturating_sub(15)),
            Kind::Integer => range_note(part.range(beside.config, beside.limits)),
            Kind::Choice(_) if focused => "Space changes".to_owned(),
            _ if focused && part == FieldId::EnvValue && !edit.reveal && inside.width >= 60 => {
                if edit.text.is_selected() {
                    "typing replaces it, → edits it".to_owned()
                } else {
                    "typing shows it".to_owned()
                }
            }
            _ => String::new(),
        };
        let note_width = cells(shown_width(&note));
        let end = inside.right().saturating_sub(2);
        let note_style = match part.spec().kind {
            Kind::Text {
                max_chars: Some(max), ..
            } if focused => counter_style(edit.text.text(), max),
            _ => theme::dim(),
        };
        paint::text(buffer, end.saturating_sub(note_width), y, note_width, &note, note_style);
        let cell = Rect::new(
            inside.x + 13,
            y,
            end.saturating_sub(note_width + 1 + inside.x + 13).max(1),
            height,
        );
        let choice = matches!(part.spec().kind, Kind::Choice(_));
        let hidden = part == FieldId::EnvValue && !edit.reveal;
        if focused && !choice && !hidden {
            hit_map.put_text(cell, height > 1);
        }
        hit_map.put(Rect::new(inside.x, y, inside.width, height), Target::Part(part));
        if focused && !choice && height > 1 && !hidden {
            let (at, (above, below)) = edit.text.draw_box(buffer, cell);
            paint::marks(buffer, inside, above, below);
            cursor = at;
        } else if focused && !choice && !hidden {
            cursor = edit.text.draw_line(buffer, cell);
        } else {
            let text = if hidden { MASK } else { edit.row.text(part) };
            let style = if focused && hidden && edit.text.is_selected() {
                theme::plain().add_modifier(Modifier::REVERSED)
            } else {
                theme::plain()
            };
            paint::text(buffer, cell.x, y, cell.width, text, style);
            if focused {
                let after = if hidden { cells(shown_width(MASK)) } else { 0 };
                cursor = Position::new(cell.x + after, y);
            }
        }
        y += height;
        if let Some(choices) = choices.filter(|_| focused) {
            let place = Rect::new(inside.x + 12, y, inside.width.saturating_sub(13), list_rows);
            suggestion_list::draw(choices, beside.pick, (buffer, hit_map), place);
            y += list_rows;
        }
    }
    cursor
}
