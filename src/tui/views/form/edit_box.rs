//! The box in which a long text, a choice or a row is edited, over whatever screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::editing::is_long;
use super::fields::{counter, counter_style, range_note};
use super::suggestion_list::SuggestionList;
use crate::endpoint::edit::Row;
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, FieldId, Limits, Place, Problem};
use crate::secret::MASK;
use crate::text::width::shown_width;
use crate::tui::canvas::Canvas;
use crate::tui::hit_map::Target;
use crate::tui::model::{Editing, RowEdit};
use crate::tui::theme;
use crate::tui::widgets::areas::{Areas, cells};
use crate::tui::widgets::paint;
use crate::tui::widgets::text_edit::TextEdit;

/// Columns of the names of a row's parts, with the mark of the focus before them.
const NAMES: u16 = 13;

/// What is edited, and what is known of it.
#[derive(Clone, Copy)]
pub struct EditBox<'a> {
    /// What is edited.
    pub editing: &'a Editing,
    /// The configuration that it belongs to.
    pub config: &'a EndpointConfig,
    /// The account's ranges.
    pub limits: &'a Limits,
    /// What is wrong with a row.
    pub problems: &'a [Problem],
    /// What can be chosen.
    pub suggestions: Option<SuggestionList<'a>>,
}

impl EditBox<'_> {
    /// Draws it at the bottom of an area, with the cursor in it.
    pub fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let cursor = match self.editing {
            Editing::Field { field, text } => self.field(*field, text, area, canvas),
            Editing::Choice { field, at } => choice(*field, *at, area, canvas.buffer),
            Editing::Row(row) => self.row(row, area, canvas),
        };
        canvas.cursor = Some(cursor);
    }

    /// A text over several rows; or a number or an id, with its range or what can be chosen under it.
    fn field(&self, field: FieldId, text: &TextEdit, area: Rect, canvas: &mut Canvas<'_>) -> Position {
        let typed = text.text();
        let mut title = field.label().to_owned();
        let counted = match field.spec().kind {
            Kind::Text { max_chars, .. } => max_chars.map(|max| (typed.chars().count(), max)),
            _ => None,
        };
        let note = range_note(field.range(self.config, self.limits));
        if !note.is_empty() {
            let unit = field.unit(self.config);
            title = format!("{title} {note} {unit}").trim_end().to_owned();
        }
        let stands_for = number_text(field, typed, self.config, self.limits);
        if stands_for != typed {
            title.push_str(&format!(" = {stands_for}"));
        } else if field.unit(self.config) == "s" {
            title.push_str(", or as 5m or 1h30m");
        }
        let width = area.width.max(1);
        let list_rows = self.suggestions.map_or(0, |list| list.rows(width - 2));
        let least = if is_long(field) { 5 } else { 3 };
        let text_rows = cells(text.rows(width.saturating_sub(2)));
        let rows = (text_rows.saturating_add(2).max(least).saturating_add(list_rows))
            .min(area.height.saturating_sub(1))
            .max(least);
        let [_, place] = area.split_bottom(rows);
        let inside = match counted {
            Some(counted) => window_with_counter(canvas.buffer, place, &title, counted),
            None => paint::window(canvas.buffer, place, &title),
        };
        if let Some(list) = self.suggestions {
            let [typed, below] = inside.split_top(1);
            list.draw(below, canvas);
            canvas.hit_map.put_text(typed, false);
            return text.draw_line(canvas.buffer, typed);
        }
        canvas.hit_map.put_text(inside, true);
        let (cursor, (above, below)) = text.draw_box(canvas.buffer, inside);
        paint::marks(canvas.buffer, inside, above, below);
        cursor
    }

    /// A row's parts under each other, and under the one that is edited what can be chosen for it.
    fn row(&self, edit: &RowEdit, area: Rect, canvas: &mut Canvas<'_>) -> Position {
        let parts = edit.row.parts();
        let verb = if edit.old.is_none() { "New" } else { "Edit" };
        let title = format!("{verb} {}", edit.row.list().noun());
        let is_env = matches!(edit.row, Row::Env(_));
        let value_rows = if is_env { value_rows(edit, area) } else { 1 };
        let rows = cells(parts.len()) + value_rows - 1 + 2;
        let most = area.height.saturating_sub(rows);
        let list_rows = self
            .suggestions
            .map_or(0, |list| list.rows(area.width.saturating_sub(15)).min(most));
        let [_, place] = area.split_bottom(rows + list_rows);
        let inside = paint::window(canvas.buffer, place, &title);
        let mut cursor = inside.as_position();
        let mut rest = inside;
        for part in parts {
            let line;
            [line, rest] = rest.split_top(if part == FieldId::EnvValue { value_rows } else { 1 });
            if let Some(at) = self.part(edit, part, line, inside, canvas) {
                cursor = at;
            }
            if let Some(list) = self.suggestions.filter(|_| part == edit.part) {
                let under;
                [under, rest] = rest.split_top(list_rows);
                let [_, under] = under.split_left(NAMES - 1);
                let [under, _] = under.split_right(1);
                list.draw(under, canvas);
            }
        }
        cursor
    }

    /// One part of a row: its name, what stands there, and at the right what is to be noted of it. Where the cursor is,
    /// if it is the part that is edited. `inside` is all of the box, on whose frame is told how much is hidden.
    fn part(
        &self,
        edit: &RowEdit,
        part: FieldId,
        area: Rect,
        inside: Rect,
        canvas: &mut Canvas<'_>,
    ) -> Option<Position> {
        let focused = part == edit.part;
        let (lead, style) = if focused {
            ("›", theme::focus())
        } else {
            (" ", theme::plain())
        };
        paint::text(canvas.buffer, area.x, area.y, 1, lead, theme::focus());
        paint::text(canvas.buffer, area.x + 1, area.y, NAMES - 1, part.label(), style);
        let place = Place::row(part, edit.at);
        if let Some(problem) = self.problems.iter().find(|p| p.place == place) {
            let (sign, style) = theme::sign(problem.severity);
            paint::text(canvas.buffer, area.right() - 1, area.y, 1, sign, style);
        }
        let (note, style) = self.note(edit, part, area);
        let wide = cells(shown_width(&note));
        let end = area.right().saturating_sub(2);
        paint::text(canvas.buffer, end.saturating_sub(wide), area.y, wide, &note, style);
        let x = area.x + NAMES;
        let cell = Rect {
            x,
            width: end.saturating_sub(wide + 1 + x).max(1),
            ..area
        };
        let hidden = part == FieldId::EnvValue && !edit.reveal;
        let typed = focused && !hidden && !matches!(part.spec().kind, Kind::Choice(_));
        let tall = area.height > 1;
        if typed {
            canvas.hit_map.put_text(cell, tall);
        }
        canvas.hit_map.put(area, Target::Part(part));
        if typed && tall {
            let (cursor, (above, below)) = edit.text.draw_box(canvas.buffer, cell);
            paint::marks(canvas.buffer, inside, above, below);
            return Some(cursor);
        }
        if typed {
            return Some(edit.text.draw_line(canvas.buffer, cell));
        }
        let text = if hidden { MASK } else { edit.row.text(part) };
        let style = if focused && hidden && edit.text.is_selected() {
            theme::plain().add_modifier(Modifier::REVERSED)
        } else {
            theme::plain()
        };
        paint::row(canvas.buffer, cell, text, style);
        let behind = if hidden { cells(shown_width(MASK)) } else { 0 };
        focused.then(|| Position::new(cell.x + behind, cell.y))
    }

    /// What stands at the right of a part: its range, how long it is, or what can be done.
    fn note(&self, edit: &RowEdit, part: FieldId, area: Rect) -> (String, Style) {
        let focused = part == edit.part;
        let typed = edit.text.text();
        match part.spec().kind {
            Kind::Text {
                max_chars: Some(max), ..
            } if focused => {
                let note = if area.height > 1 {
                    format!("{}/{max}", typed.chars().count())
                } else {
                    counter(typed, max, area.width.saturating_sub(15))
                };
                (note, counter_style(typed, max))
            }
            Kind::Integer => (range_note(part.range(self.config, self.limits)), theme::dim()),
            Kind::Choice(_) if focused => ("Space changes".to_owned(), theme::dim()),
            _ if focused && part == FieldId::EnvValue && !edit.reveal && area.width >= 60 => {
                let note = if edit.text.is_selected() {
                    "typing replaces it, → edits it"
                } else {
                    "typing shows it"
                };
                (note.to_owned(), theme::dim())
            }
            _ => (String::new(), theme::dim()),
        }
    }
}

/// The words of a choice, one of them chosen.
fn choice(field: FieldId, at: Option<usize>, area: Rect, buffer: &mut Buffer) -> Position {
    let words = match field.spec().kind {
        Kind::Choice(words) => words,
        _ => &[],
    };
    let [_, below] = area.split_top(2);
    let place = below.middle(38, cells(words.len()) + 2);
    let inside = paint::window(buffer, place, field.label());
    for (row, (line, (word, called))) in inside.rows().zip(words).enumerate() {
        let (lead, style) = if Some(row) == at {
            ("›", theme::strong())
        } else {
            (" ", theme::plain())
        };
        paint::row(buffer, line, &format!("{lead} {called} ({word})"), style);
    }
    Position::new(inside.x, inside.y + cells(at.unwrap_or(0)))
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
