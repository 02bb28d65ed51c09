//! The rows of the form: a field, a volume, a variable, each with its marks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::editing::is_long;
use crate::endpoint::format::worded;
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::endpoint::{FieldId, List, NoRange, Pane, Problem, VolumeMount};
use crate::secret::MASK;
use crate::text::width::{cut_end, cut_middle, shown_width};
use crate::tui::hit_map::{HitMap, Target};
use crate::tui::model::{Editing, Focus, Form, with_name};
use crate::tui::theme;
use crate::tui::widgets::areas::cells;
use crate::tui::widgets::paint;

/// Up to here stands the range beside a number, however wide the pane is: the two are read together.
const NUMBER_WIDTH: u16 = 72;
/// Columns of the labels.
const LABEL: u16 = 16;
/// The same in the pane of the image, whose labels are short and whose texts are long.
const SHORT_LABEL: u16 = 9;
/// The most rows of a long text.
const LONG_ROWS: usize = 6;

/// The columns that the longest texts of the lists take.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Widest {
    /// An environment key.
    key: u16,
    /// A volume's size or storage, with its name.
    storage: u16,
    /// A mount path.
    path: u16,
}

impl Widest {
    pub(super) fn of(form: &Form) -> Self {
        let config = form.work.now();
        let widest = |texts: &mut dyn Iterator<Item = usize>| cells(texts.max().unwrap_or(0));
        Self {
            key: widest(&mut config.envs.iter().map(|env| shown_width(&env.key))),
            storage: widest(
                &mut config
                    .volumes
                    .iter()
                    .map(|v| shown_width(&volume_what(form, v, usize::MAX))),
            ),
            path: widest(&mut config.volumes.iter().map(|v| shown_width(&v.mount_path))),
        }
    }
}

/// The panes of the form, while they are drawn.
pub(super) struct Panes<'a> {
    pub(super) form: &'a Form,
    /// The rows of the environment that the filter lets through.
    pub(super) envs: Vec<usize>,
    /// What the columns of the lists are laid out by.
    pub(super) widest: Widest,
    pub(super) hit_map: &'a mut HitMap,
    pub(super) cursor: Option<Position>,
    /// Where the text being edited stands, if it does so in the form.
    pub(super) cell: Option<Rect>,
}

impl Panes<'_> {
    /// The worst problem of a place, if any.
    pub(super) fn worst(&self, focus: Focus) -> Option<&Problem> {
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
    pub(super) fn lead(&mut self, buffer: &mut Buffer, area: Rect, focus: Focus, problem: Option<&Problem>) {
        let severity = problem.map(|p| p.severity);
        if self.form.focus == focus {
            paint::text(buffer, area.x, area.y, 1, "›", theme::focus());
            // While the filter is typed, the cursor is in the title.
            self.cursor.get_or_insert(area.as_position());
        } else if let Some(severity) = severity {
            let (sign, style) = theme::sign(severity);
            paint::text(buffer, area.x, area.y, 1, sign, style);
        }
    }

    pub(super) fn field(&mut self, buffer: &mut Buffer, area: Rect, field: FieldId) {
        let focus = Focus::Field(field);
        self.hit_map.put(area, Target::Focus(focus));
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
        let area = match field.spec().kind {
            Kind::Integer => Rect {
                width: area.width.min(NUMBER_WIDTH),
                ..area
            },
            _ => area,
        };
        // The mark of a problem has the last column, the range the ones before it.
        if let Some(severity) = worst {
            let (sign, style) = theme::sign(severity);
            paint::text(buffer, area.right() - 1, area.y, 1, sign, style);
        }
        let end = area.right().saturating_sub(2);
        let (note, style) = self.note(field, end.saturating_sub(value_x + 1));
        let note_width = cells(shown_width(&note));
        paint::text(buffer, end.saturating_sub(note_width), area.y, note_width, &note, style);
        let gap = u16::from(note_width > 0);
        let room = end.saturating_sub(note_width + gap + value_x + 1);
        let cell = Rect::new(value_x + 1, area.y, room.max(1), area.height);
        match &self.form.editing {
            Some(Editing::Field { field: edited, text }) if *edited == field && !is_long(field) => {
                let cell = Rect { height: 1, ..cell };
                self.cursor = Some(text.draw_line(buffer, cell));
                self.cell = Some(cell);
            }
            _ => {
                self.value(buffer, cell, field, changed);
                if focused {
                    self.cursor = Some(cell.as_position());
                }
            }
        }
    }

    fn value(&self, buffer: &mut Buffer, cell: Rect, field: FieldId, changed: bool) {
        let config = self.form.work.now();
        let text = config.text(field);
        let style = if changed { theme::changed() } else { theme::plain() };
        let room = usize::from(cell.width);
        if cell.height > 1 {
            return paint::filled(buffer, cell, text, style);
        }
        let shown = match field.spec().kind {
            Kind::Text { .. } if !text.is_empty() => match field {
                FieldId::Image | FieldId::Name | FieldId::Command => cut_middle(text, room).into_owned(),
                FieldId::ClusterId => named_if_whole(self.form, field, text, room),
                FieldId::AuthId => named(self.form, field, text, room),
                _ => cut_end(text, room).into_owned(),
            },
            _ => worded(field, text, config),
        };
        let style = if text.is_empty() { theme::dim() } else { style };
        paint::row(buffer, cell, &shown, style);
    }

    /// How many rows each field of the image's pane takes: as many as its text, as long as there are so many in all.
    pub(super) fn image_rows(&self, width: u16, most: usize) -> Vec<usize> {
        let room = usize::from(width.saturating_sub(SHORT_LABEL + 4));
        let fields: Vec<FieldId> = FieldId::in_pane(Pane::Image).collect();
        let mut left = most.saturating_sub(fields.len());
        fields
            .iter()
            .map(|field| {
                let wanted = match field {
                    FieldId::Image | FieldId::Command => paint::wrap(self.form.work.now().text(*field), room).len(),
                    _ => 1,
                };
                let more = (wanted.min(LONG_ROWS) - 1).min(left);
                left -= more;
                more + 1
            })
            .collect()
    }

    /// What stands at the right: the range, or the counter of a length-limited text being edited. `room`: the columns
    /// that it shares with the text.
    fn note(&self, field: FieldId, room: u16) -> (String, Style) {
        let config = self.form.work.now();
        if let (
            Some(Editing::Field { field: edited, text }),
            Kind::Text {
                max_chars: Some(max), ..
            },
        ) = (&self.form.editing, field.spec().kind)
            && *edited == field
            && !is_long(field)
        {
            return (counter(text.text(), max, room), counter_style(text.text(), max));
        }
        if let Some(Editing::Field { field: edited, text }) = &self.form.editing
            && *edited == field
        {
            let typed = text.text();
            let stands_for = number_text(field, typed, config, self.form.work.limits());
            if stands_for != typed {
                let note = format!("= {stands_for} {}", field.unit(config));
                return (note.trim_end().to_owned(), theme::dim());
            }
        }
        (range_note(field.range(config, self.form.work.limits())), theme::dim())
    }

    pub(super) fn volume(&mut self, buffer: &mut Buffer, area: Rect, row: usize) {
        let Some(volume) = self.form.work.now().volumes.get(row) else {
            return;
        };
        let focus = Focus::Row(List::Volumes, row);
        self.hit_map.put(area, Target::Focus(focus));
        let worst = self.worst(focus).cloned();
        self.lead(buffer, area, focus, worst.as_ref());
        let changed = self.form.work.marks().volumes.get(row).copied().unwrap_or(false);
        let style = if changed { theme::changed() } else { theme::plain() };
        let kind = cut_end(volume.kind.word(), 8).into_owned();
        paint::text(buffer, area.x + 1, area.y, 8, &kind, style);
        paint::text(buffer, area.x + 10, area.y, 1, if changed { "*" } else { " " }, style);
        let (x, end) = (area.x + 11, area.right().saturating_sub(2));
        let room = end.saturating_sub(x);
        // The path has half of the room at least, and the storage's name what the paths leave over.
        let paths = self.widest.path.min(room / 2 + 1);
        let wide = self.widest.storage.max(17).min(room.saturating_sub(paths + 1));
        let what = volume_what(self.form, volume, usize::from(wide));
        paint::text(buffer, x, area.y, wide, &what, style);
        let x = x + wide + 1;
        paint::text(buffer, x, area.y, end.saturating_sub(x), &volume.mount_path, style);
        // The mark is in the first column, unless the focus stands there.
        if let Some(problem) = worst.as_ref().filter(|_| self.form.focus == focus) {
            let (sign, style) = theme::sign(problem.severity);
            paint::text(buffer, area.right() - 1, area.y, 1, sign, style);
        }
    }

    pub(super) fn env(&mut self, buffer: &mut Buffer, area: Rect, row: usize) {
        let Some(env) = self.form.work.now().envs.get(row) else {
            return;
        };
        let focus = Focus::Row(List::Envs, row);
        self.hit_map.put(area, Target::Focus(focus));
        let worst = self.worst(focus).cloned();
        self.lead(buffer, area, focus, worst.as_ref());
        let changed = self.form.work.marks().envs.get(row).copied().unwrap_or(false);
        let style = if changed { theme::changed() } else { theme::plain() };
        // The values have their column behind the longest key, if that leaves room for a mask.
        let most = area.width.saturating_sub(10);
        let mut key_width = self.widest.key.min(most).max(26.min(area.width * 2 / 3));
        let revealed = self.form.is_revealed(row);
        let value = if revealed { env.value.reveal() } else { MASK };
        if self.form.reveal_all {
            // All in one column, in the middle at most.
            key_width = self.widest.key.saturating_add(1).min(area.width / 2);
        } else if revealed && shown_width(value) + 4 > usize::from(area.width.saturating_sub(key_width)) {
            // What is to be read may begin before its column.
            let own = cells(shown_width(&env.key) + 1);
            key_width = key_width.min(own.max(8)).min(area.width / 2);
        }
        let key = if env.key.is_empty() {
            "(no key)".into()
        } else {
            cut_end(&env.key, usize::from(key_width))
        };
        paint::text(buffer, area.x + 1, area.y, key_width, &key, style);
        let x = area.x + 1 + key_width;
        paint::text(buffer, x, area.y, 1, if changed { "*" } else { " " }, style);
        let room = area.right().saturating_sub(x + 3);
        let value_style = if revealed { style } else { theme::dim() };
        paint::text(buffer, x + 1, area.y, room, value, value_style);
        // The mark is in the first column, unless the focus stands there.
        if let Some(problem) = worst.as_ref().filter(|_| self.form.focus == focus) {
            let (sign, style) = theme::sign(problem.severity);
            paint::text(buffer, area.right() - 1, area.y, 1, sign, style);
        }
    }
}

/// An id behind its name, where that is known: people know the name, so where there is too little room the id is cut.
fn named(form: &Form, field: FieldId, id: &str, room: usize) -> String {
    cut_end(&with_name(form.work.account(), field, id), room).into_owned()
}

/// The same for ids that can be read: the name is left out unless both fit.
fn named_if_whole(form: &Form, field: FieldId, id: &str, room: usize) -> String {
    let named = with_name(form.work.account(), field, id);
    if shown_width(&named) <= room {
        named
    } else {
        cut_end(id, room).into_owned()
    }
}

/// A volume's size or storage.
fn volume_what(form: &Form, volume: &VolumeMount, room: usize) -> String {
    let mut parts = Vec::new();
    if volume.kind.has_size() {
        parts.push(format!("{} GB", volume.size));
    }
    if volume.kind.has_storage_id() {
        let room = room.saturating_sub(parts.iter().map(|part: &String| part.len() + 1).sum());
        parts.push(named(form, FieldId::VolumeStorageId, &volume.storage_id, room));
    }
    parts.join(" ")
}

/// How long a text being typed is and may be. It stands there where that matters, near the limit, and where the text
/// leaves room for it and for what is typed next.
pub(super) fn counter(text: &str, max: usize, room: u16) -> String {
    let count = text.chars().count();
    let counter = format!("{count}/{max}");
    let fits = shown_width(text) + shown_width(&counter) + 2 <= usize::from(room);
    if fits || count + max / 10 >= max {
        counter
    } else {
        String::new()
    }
}

/// Over the limit a counter is an error, with its `✗` beside it.
pub(super) fn counter_style(text: &str, max: usize) -> Style {
    if text.chars().count() > max {
        theme::error()
    } else {
        theme::dim()
    }
}

pub(in crate::tui) fn range_note(range: Option<&Result<(i64, i64), NoRange>>) -> String {
    match range {
        None => String::new(),
        Some(Ok((min, max))) => format!("{min}–{max}"),
        Some(Err(_)) => "range ?".to_owned(),
    }
}
