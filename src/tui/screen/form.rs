//! The form: two columns of panes from 80 columns on, one column of title rules below.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Places, Scrolls, Target, edit_box, header};
use crate::endpoint::entry::number_text;
use crate::endpoint::field::Kind;
use crate::endpoint::{FieldId, List, NoRange, Pane, Problem, Severity, VolumeMount};
use crate::secret::MASK;
use crate::tui::keymap::with_keys;
use crate::tui::model::{Editing, Focus, Form, Model, offers, with_name};
use crate::tui::theme;
use crate::tui::widget::paint;
use crate::tui::width::{cut_end, cut_middle, shown_width};

const LEFT: [Pane; 3] = [Pane::General, Pane::Workers, Pane::Policy];
const RIGHT: [Pane; 3] = [Pane::Image, Pane::Volumes, Pane::Environment];

/// From this width on the details stand beside the form.
const WIDE: u16 = 120;

/// Columns of the labels.
const LABEL: u16 = 16;
/// The same in the pane of the image, whose labels are short and whose texts are long.
const SHORT_LABEL: u16 = 9;

/// Draws the form; where the cursor stands.
pub fn draw(model: &Model, form: &Form, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Option<Position> {
    header::draw(model, form, buffer, area);
    let footer = Rect::new(area.x, area.bottom() - 3, area.width, 3);
    let middle = Rect::new(area.x, area.y + 2, area.width, area.height - 5);
    let (middle, side) = if area.width >= WIDE && area.height >= 20 {
        let side = (area.width / 3).min(60);
        let form = Rect::new(middle.x, middle.y, middle.width - side, middle.height);
        (form, Some(Rect::new(form.right(), middle.y, side, middle.height)))
    } else {
        (middle, None)
    };
    if let Some(side) = side {
        let inside = paint::window(buffer, side, "Details");
        super::page::draw_lines(&super::lines::details(model, form, inside.width), 0, buffer, inside);
    }
    let mut sheet = Sheet {
        form,
        envs: form.rows(List::Envs),
        places,
        cursor: None,
        cell: None,
    };
    if middle.width >= 80 && area.height >= 20 {
        sheet.two_columns(buffer, middle);
    } else {
        sheet.one_column(buffer, middle);
    }
    header::draw_footer(model, form, buffer, footer);
    let (mut cursor, cell) = (sheet.cursor, sheet.cell);
    if form.editing.is_some() {
        // A click elsewhere would have to take or to leave what is typed.
        places.cover();
    }
    if let Some(editing) = form.editing.as_ref().filter(|editing| edit_box::has_box(editing)) {
        let choices = offers(&model.lookups, form);
        cursor = Some(edit_box::draw(editing, Some(form), choices.as_ref(), buffer, area));
    } else if let Some(cell) = cell
        && let Some(choices) = offers(&model.lookups, form)
    {
        let title = match form.focus.field() {
            FieldId::ClusterId => "Clusters",
            _ => "Image credentials",
        };
        super::offers::draw_at(&choices, form.pick.as_deref(), title, cell, buffer, area);
    }
    cursor
}

struct Sheet<'a> {
    form: &'a Form,
    /// The rows of the environment that the filter lets through.
    envs: Vec<usize>,
    places: &'a mut Places,
    cursor: Option<Position>,
    /// Where the text being edited stands, if it does so in the form.
    cell: Option<Rect>,
}

impl Sheet<'_> {
    fn two_columns(&mut self, buffer: &mut Buffer, area: Rect) {
        let half = area.width / 2;
        let left = Rect::new(area.x, area.y, half, area.height);
        let right = Rect::new(area.x + half, area.y, area.width - half, area.height);
        self.column(buffer, left, &LEFT);
        self.column(buffer, right, &RIGHT);
    }

    /// Panes under each other in one frame; the last gets the rows that are left.
    fn column(&mut self, buffer: &mut Buffer, area: Rect, panes: &[Pane; 3]) {
        let inside = usize::from(area.height).saturating_sub(panes.len() + 1);
        let wanted = panes.map(|pane| self.wanted_rows(pane));
        let heights = shares(wanted, inside);
        let mut y = area.y;
        for (at, pane) in panes.iter().enumerate() {
            let ends = if at == 0 { ("┌", "┐") } else { ("├", "┤") };
            self.rule(buffer, Rect::new(area.x, y, area.width, 1), *pane, ends);
            let body = Rect::new(
                area.x + 1,
                y + 1,
                area.width - 2,
                u16::try_from(heights[at]).unwrap_or(0),
            );
            for row in body.top()..body.bottom() {
                paint::text(buffer, area.x, row, 1, "│", theme::frame());
                paint::text(buffer, area.right() - 1, row, 1, "│", theme::frame());
            }
            self.body(buffer, body, *pane);
            y = body.bottom();
        }
        let line = format!("└{}┘", "─".repeat(usize::from(area.width) - 2));
        paint::text(buffer, area.x, y, area.width, &line, theme::frame());
    }

    fn one_column(&mut self, buffer: &mut Buffer, area: Rect) {
        // Every row of the form, one under the other; the window follows the focus.
        let mut lines: Vec<(Option<Pane>, usize)> = Vec::new();
        for pane in Pane::ALL {
            lines.push((Some(pane), 0));
            lines.extend((0..self.wanted_rows(pane)).map(|row| (None, row)));
        }
        let focus = self.line_of_focus();
        let height = usize::from(area.height);
        let most = lines.len().saturating_sub(height);
        let first = match self.form.tops.get(&None) {
            Some(top) if (*top..top + height).contains(&focus) => (*top).min(most),
            _ => {
                let first = (focus + 1 + height / 3).saturating_sub(height).min(most);
                first.min(focus.saturating_sub(1))
            }
        };
        self.places.window(area, Scrolls::Form(None), first, lines.len());
        let mut pane = Pane::General;
        for (at, (title, row)) in lines.iter().enumerate() {
            if let Some(title) = title {
                pane = *title;
            }
            if at < first || at >= first + height {
                continue;
            }
            let y = area.y + u16::try_from(at - first).unwrap_or(0);
            let line = Rect::new(area.x, y, area.width - 1, 1);
            if title.is_some() {
                self.rule(buffer, line, pane, ("─", "─"));
            } else {
                self.line(buffer, line, pane, *row);
            }
        }
        if first > 0 {
            paint::text(buffer, area.right() - 1, area.y, 1, "▲", theme::dim());
        }
        if first + height < lines.len() {
            paint::text(buffer, area.right() - 1, area.bottom() - 1, 1, "▼", theme::dim());
        }
    }

    /// The line of the one-column form that the focus is on.
    fn line_of_focus(&self) -> usize {
        let mut line = 0;
        for pane in Pane::ALL {
            line += 1;
            if self.form.focus.pane() == pane {
                return line + self.row_of_focus(pane);
            }
            line += self.wanted_rows(pane);
        }
        line
    }

    fn row_of_focus(&self, pane: Pane) -> usize {
        match self.form.focus {
            Focus::Field(field) => FieldId::in_pane(pane).position(|f| f == field).unwrap_or(0),
            Focus::Row(List::Envs, row) => self.envs.iter().position(|shown| *shown == row).unwrap_or(0),
            Focus::Row(List::Volumes, row) => row,
            Focus::Empty(_) => 0,
        }
    }

    fn wanted_rows(&self, pane: Pane) -> usize {
        match pane.list() {
            Some(List::Envs) => self.envs.len().max(1),
            Some(list) => list.len(self.form.work.now()).max(1),
            None => FieldId::in_pane(pane).count(),
        }
    }

    /// A pane's title with how many rows and problems it has, in its upper rule.
    fn rule(&mut self, buffer: &mut Buffer, area: Rect, pane: Pane, ends: (&str, &str)) {
        let line = format!("{}{}{}", ends.0, "─".repeat(usize::from(area.width) - 2), ends.1);
        paint::text(buffer, area.x, area.y, area.width, &line, theme::frame());
        let mut title = format!(" {}", pane.title());
        if let Some(list) = pane.list() {
            let count = list.len(self.form.work.now());
            match &self.form.filter {
                Some(_) if list == List::Envs => title.push_str(&format!(" {} of {count}", self.envs.len())),
                _ => title.push_str(&format!(" {count}")),
            }
        }
        let style = if self.form.focus.pane() == pane {
            theme::strong()
        } else {
            theme::plain()
        };
        let mut x = area.x + 1;
        x += paint::text(buffer, x, area.y, area.width.saturating_sub(2), &title, style);
        if let Some(filter) = self.form.filter.as_ref().filter(|_| pane == Pane::Environment) {
            let text = format!(" /{}", filter.text.text());
            let room = area.right().saturating_sub(x + 8);
            x += paint::text(buffer, x, area.y, room, &text, theme::strong());
            if filter.typing {
                self.cursor = Some(Position::new(x, area.y));
            }
        }
        let in_pane = |s: Severity| {
            self.form
                .problems()
                .iter()
                .filter(|p| p.severity == s && p.place.field.spec().pane == pane)
                .count()
        };
        for (sign, count, style) in [
            ("✗", in_pane(Severity::Error), theme::error()),
            ("!", in_pane(Severity::Warning), theme::warning()),
        ] {
            if count > 0 {
                x += paint::text(buffer, x, area.y, 8, &format!(" {sign}{count}"), style);
            }
        }
        paint::text(buffer, x, area.y, 1, " ", theme::plain());
    }

    fn body(&mut self, buffer: &mut Buffer, area: Rect, pane: Pane) {
        let count = self.wanted_rows(pane);
        let height = usize::from(area.height);
        if height == 0 {
            return;
        }
        let focus = if self.form.focus.pane() == pane {
            self.row_of_focus(pane)
        } else {
            0
        };
        let room = if count > height {
            height.saturating_sub(1).max(1)
        } else {
            height
        };
        let focused = self.form.focus.pane() == pane;
        let first = match self.form.tops.get(&Some(pane)) {
            Some(top) if !focused || (*top..top + height).contains(&focus) => (*top).min(count.saturating_sub(room)),
            Some(top) if focus < *top => focus,
            _ => (focus + 1).saturating_sub(room),
        };
        self.places.window(area, Scrolls::Form(Some(pane)), first, count);
        for at in 0..height.min(count.saturating_sub(first)) {
            let line = Rect::new(area.x, area.y + u16::try_from(at).unwrap_or(0), area.width, 1);
            let hidden = count - first - at;
            if at + 1 == height && hidden > 1 && focus != first + at {
                let above = if first > 0 {
                    format!(", {first} above")
                } else {
                    String::new()
                };
                paint::text(
                    buffer,
                    line.x + 1,
                    line.y,
                    line.width - 1,
                    &format!("…{hidden} more{above}"),
                    theme::dim(),
                );
            } else {
                self.line(buffer, line, pane, first + at);
            }
        }
    }

    fn line(&mut self, buffer: &mut Buffer, area: Rect, pane: Pane, row: usize) {
        match pane.list() {
            None => {
                if let Some(field) = FieldId::in_pane(pane).nth(row) {
                    self.field(buffer, area, field);
                }
            }
            Some(list) if list.len(self.form.work.now()) == 0 || (list == List::Envs && self.envs.is_empty()) => {
                let focus = Focus::Empty(list);
                self.places.put(area, Target::Focus(focus));
                let worst = self.worst(focus).cloned();
                self.lead(buffer, area, focus, worst.as_ref());
                paint::text(
                    buffer,
                    area.x + 1,
                    area.y,
                    area.width - 1,
                    &match self.form.filter {
                        Some(_) if list == List::Envs => "(none matches) Esc shows all".to_owned(),
                        _ => with_keys("(none) {add} adds one"),
                    },
                    theme::dim(),
                );
            }
            Some(List::Volumes) => self.volume(buffer, area, row),
            Some(List::Envs) => {
                if let Some(row) = self.envs.get(row) {
                    self.env(buffer, area, *row);
                }
            }
        }
    }

    /// The worst problem of a place, if any.
    fn worst(&self, focus: Focus) -> Option<&Problem> {
        // While a new row is typed, problems are told as if it were in: the rows from its place on are one further.
        let focus = match (&self.form.editing, focus) {
            (Some(Editing::Row(edit)), Focus::Row(list, row))
                if edit.old.is_none() && edit.row.list() == list && row >= edit.at =>
            {
                Focus::Row(list, row + 1)
            }
            _ => focus,
        };
        self.form
            .problems()
            .iter()
            .filter(|p| focus.holds(p.place))
            .min_by_key(|p| p.severity)
    }

    /// The first column: focus, else the mark of a row's problem. Puts the cursor there when the focus is.
    fn lead(&mut self, buffer: &mut Buffer, area: Rect, focus: Focus, problem: Option<&Problem>) {
        let severity = problem.map(|p| p.severity);
        if self.form.focus == focus {
            paint::text(buffer, area.x, area.y, 1, "›", theme::focus());
            // While the filter is typed, the cursor is in the title.
            self.cursor.get_or_insert(Position::new(area.x, area.y));
        } else if let Some(severity) = severity {
            let (sign, style) = theme::sign(severity);
            paint::text(buffer, area.x, area.y, 1, sign, style);
        }
    }

    fn field(&mut self, buffer: &mut Buffer, area: Rect, field: FieldId) {
        let focus = Focus::Field(field);
        self.places.put(area, Target::Focus(focus));
        let focused = self.form.focus == focus;
        let worst = self.worst(focus).map(|p| p.severity);
        if focused {
            paint::text(buffer, area.x, area.y, 1, "›", theme::focus());
        }
        let label = if focused { theme::focus() } else { theme::plain() };
        let label_width = if field.spec().pane == Pane::Image && area.width >= 30 {
            SHORT_LABEL
        } else {
            LABEL
        };
        paint::text(buffer, area.x + 1, area.y, label_width, field.label(), label);
        let value_x = area.x + 1 + label_width;
        let changed = self.form.work.is_field_changed(field);
        if changed {
            paint::text(buffer, value_x, area.y, 1, "*", theme::changed());
        }
        // The mark of a problem has the last column, the range the ones before it.
        if let Some(severity) = worst {
            let (sign, style) = theme::sign(severity);
            paint::text(buffer, area.right() - 1, area.y, 1, sign, style);
        }
        let note = self.note(field);
        let note_width = u16::try_from(shown_width(&note)).unwrap_or(0);
        let end = area.right().saturating_sub(2);
        paint::text(
            buffer,
            end.saturating_sub(note_width),
            area.y,
            note_width,
            &note,
            theme::dim(),
        );
        let gap = u16::from(note_width > 0);
        let room = end.saturating_sub(note_width + gap + value_x + 1);
        let cell = Rect::new(value_x + 1, area.y, room.max(1), 1);
        match &self.form.editing {
            Some(Editing::Field { field: edited, text }) if *edited == field && !edit_box::is_long(field) => {
                self.cursor = Some(text.draw_line(buffer, cell));
                self.cell = Some(cell);
            }
            _ => {
                self.value(buffer, cell, field, changed);
                if focused {
                    self.cursor = Some(Position::new(cell.x, cell.y));
                }
            }
        }
    }

    fn value(&self, buffer: &mut Buffer, cell: Rect, field: FieldId, changed: bool) {
        let config = self.form.work.now();
        let text = config.text(field);
        let style = if changed { theme::changed() } else { theme::plain() };
        let room = usize::from(cell.width);
        let shown = match field.spec().kind {
            Kind::Text { .. } if !text.is_empty() => match field {
                FieldId::Image | FieldId::Name | FieldId::Command => cut_middle(text, room).into_owned(),
                FieldId::ClusterId | FieldId::AuthId => self.named(field, text, room),
                _ => cut_end(text, room).into_owned(),
            },
            _ => super::worded(field, text, config),
        };
        let style = if text.is_empty() { theme::dim() } else { style };
        paint::text(buffer, cell.x, cell.y, cell.width, &shown, style);
    }

    /// An id with its name, where that is known and fits.
    fn named(&self, field: FieldId, id: &str, room: usize) -> String {
        let named = with_name(self.form.work.account(), field, id);
        if shown_width(&named) <= room {
            named
        } else {
            cut_end(id, room).into_owned()
        }
    }

    /// What stands at the right: the range, or the counter of a length-limited text being edited.
    fn note(&self, field: FieldId) -> String {
        let config = self.form.work.now();
        if let (
            Some(Editing::Field { field: edited, text }),
            Kind::Text {
                max_chars: Some(max), ..
            },
        ) = (&self.form.editing, field.spec().kind)
            && *edited == field
            && !edit_box::is_long(field)
        {
            return format!("{}/{max}", text.text().chars().count());
        }
        if let Some(Editing::Field { field: edited, text }) = &self.form.editing
            && *edited == field
        {
            let typed = text.text();
            let stands_for = number_text(field, &typed, config, self.form.work.limits());
            if stands_for != typed {
                return format!("= {stands_for} {}", field.unit(config)).trim_end().to_owned();
            }
        }
        range_note(field.range(config, self.form.work.limits()))
    }

    fn volume(&mut self, buffer: &mut Buffer, area: Rect, row: usize) {
        let Some(volume) = self.form.work.now().volumes.get(row) else {
            return;
        };
        let focus = Focus::Row(List::Volumes, row);
        self.places.put(area, Target::Focus(focus));
        let worst = self.worst(focus).cloned();
        self.lead(buffer, area, focus, worst.as_ref());
        let room = usize::from(area.width.saturating_sub(3));
        let changed = self.form.work.marks().volumes.get(row).copied().unwrap_or(false);
        let style = if changed { theme::changed() } else { theme::plain() };
        let path = cut_end(&volume.mount_path, room / 2).into_owned();
        let kind = cut_end(volume.kind.word(), 8).into_owned();
        paint::text(buffer, area.x + 1, area.y, 8, &kind, style);
        paint::text(buffer, area.x + 10, area.y, 1, if changed { "*" } else { " " }, style);
        let path_width = u16::try_from(shown_width(&path)).unwrap_or(0);
        let end = area.right().saturating_sub(2);
        // The name of a storage may take what the path leaves over.
        let most = end.saturating_sub(path_width + area.x + 12);
        let what = self.volume_what(volume, usize::from(most));
        let wide = u16::try_from(shown_width(&what)).unwrap_or(u16::MAX).max(17).min(most);
        let path_x = (area.x + 12 + wide).max(area.x + 12);
        let what_room = path_x.saturating_sub(area.x + 12);
        paint::text(buffer, area.x + 11, area.y, what_room, &what, style);
        paint::text(buffer, path_x, area.y, end.saturating_sub(path_x), &path, style);
        // The mark is in the first column, unless the focus stands there.
        if let Some(problem) = worst.as_ref().filter(|_| self.form.focus == focus) {
            let (sign, style) = theme::sign(problem.severity);
            paint::text(buffer, area.right() - 1, area.y, 1, sign, style);
        }
    }

    /// A volume's size or storage.
    fn volume_what(&self, volume: &VolumeMount, room: usize) -> String {
        let mut parts = Vec::new();
        if volume.kind.has_size() {
            parts.push(format!("{} GB", volume.size));
        }
        if volume.kind.has_storage_id() {
            let room = room.saturating_sub(parts.iter().map(|part: &String| part.len() + 1).sum());
            parts.push(self.named(FieldId::VolumeStorageId, &volume.storage_id, room));
        }
        parts.join(" ")
    }

    fn env(&mut self, buffer: &mut Buffer, area: Rect, row: usize) {
        let Some(env) = self.form.work.now().envs.get(row) else {
            return;
        };
        let focus = Focus::Row(List::Envs, row);
        self.places.put(area, Target::Focus(focus));
        let worst = self.worst(focus).cloned();
        self.lead(buffer, area, focus, worst.as_ref());
        let changed = self.form.work.marks().envs.get(row).copied().unwrap_or(false);
        let style = if changed { theme::changed() } else { theme::plain() };
        let key_width = (area.width * 2 / 3).min(26);
        let key = if env.key.is_empty() {
            "(no key)".into()
        } else {
            cut_end(&env.key, usize::from(key_width))
        };
        paint::text(buffer, area.x + 1, area.y, key_width, &key, style);
        let x = area.x + 1 + key_width;
        paint::text(buffer, x, area.y, 1, if changed { "*" } else { " " }, style);
        let room = area.right().saturating_sub(x + 3);
        let value = if self.form.is_revealed(row) {
            env.value.reveal()
        } else {
            MASK
        };
        paint::text(
            buffer,
            x + 1,
            area.y,
            room,
            value,
            if self.form.is_revealed(row) {
                style
            } else {
                theme::dim()
            },
        );
        // The mark is in the first column, unless the focus stands there.
        if let Some(problem) = worst.as_ref().filter(|_| self.form.focus == focus) {
            let (sign, style) = theme::sign(problem.severity);
            paint::text(buffer, area.right() - 1, area.y, 1, sign, style);
        }
    }
}

pub(super) fn range_note(range: Option<&Result<(i64, i64), NoRange>>) -> String {
    match range {
        None => String::new(),
        Some(Ok((min, max))) => format!("{min}–{max}"),
        Some(Err(_)) => "range ?".to_owned(),
    }
}

/// How three panes share the rows: each what it wants as far as there is room, the largest gives way first.
fn shares(wanted: [usize; 3], rows: usize) -> [usize; 3] {
    let mut got = wanted;
    while got.iter().sum::<usize>() > rows {
        let largest = (0..3).rev().max_by_key(|at| got[*at]).unwrap_or(2);
        if got[largest] == 0 {
            break;
        }
        got[largest] -= 1;
    }
    got[2] += rows.saturating_sub(got.iter().sum());
    got
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn the_largest_pane_gives_way_and_the_last_takes_what_is_left() {
        assert_eq!(shares([3, 2, 12], 13), [3, 2, 8]);
        assert_eq!(shares([4, 6, 2], 13), [4, 6, 3]);
        assert_eq!(shares([3, 40, 40], 11).iter().sum::<usize>(), 11);
        assert_eq!(shares([4, 6, 2], 0), [0, 0, 0]);
    }
}
