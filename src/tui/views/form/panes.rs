//! The form: two columns of panes from 80 columns on, one column of title rules below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::edit_box::EditBox;
use super::fields::{Panes, Widest};
use super::footer::Footer;
use super::header::FormHeader;
use super::suggestion_list::SuggestionList;
use crate::endpoint::{FieldId, List, Pane, Severity};
use crate::text::width::shown_width;
use crate::tui::canvas::Canvas;
use crate::tui::hit_map::{Scrolls, Target};
use crate::tui::keymap::with_keys;
use crate::tui::model::{Focus, Form, Model, RowFilter, suggestions};
use crate::tui::theme;
use crate::tui::widgets::areas::{Areas, SIDES, cells};
use crate::tui::widgets::list_window::{HiddenMark, ListWindow, Spot};
use crate::tui::widgets::page::{LinesFrom, Page};
use crate::tui::widgets::paint;

const LEFT: [Pane; 3] = [Pane::General, Pane::Workers, Pane::Policy];
const RIGHT: [Pane; 3] = [Pane::Image, Pane::Volumes, Pane::Environment];

/// From this width on there are two columns.
const TWO_COLUMNS: u16 = 80;
/// From this width on the details stand beside the form.
const WIDE: u16 = 120;
/// Rows that both need.
const HIGH: u16 = 20;

/// Draws the form.
pub fn draw(model: &Model, form: &Form, canvas: &mut Canvas<'_>) {
    let Canvas {
        buffer, area, hit_map, ..
    } = canvas;
    let area = *area;
    let footer = Footer::new(model, form, area);
    let [above, under] = area.split_bottom(footer.height());
    let [head, mut middle] = above.split_top(2);
    FormHeader { model, form }.render(head, buffer);
    if area.width >= WIDE && area.height >= HIGH {
        let side;
        [middle, side] = middle.split_right(side_width(area.width));
        let inside = paint::window(buffer, side, "Details").indented();
        let mut page = Page::new(inside.width);
        page.details(model, form, form.reveal_all);
        LinesFrom::new(&page.lines, 0).render(inside, buffer);
    }
    let mut panes = Panes {
        form,
        envs: form.rows(List::Envs),
        widest: Widest::of(form),
        hit_map,
        cursor: None,
        cell: None,
    };
    if middle.width >= TWO_COLUMNS && area.height >= HIGH {
        panes.two_columns(buffer, middle);
    } else {
        panes.one_column(buffer, middle);
    }
    footer.render(under, buffer);
    let (cursor, cell) = (panes.cursor, panes.cell);
    canvas.cursor = cursor;
    if form.editing.is_some() {
        // A click elsewhere would have to take or to leave what is typed.
        canvas.hit_map.cover();
    }
    if let Some(editing) = form.editing.as_ref().filter(|editing| editing.has_box()) {
        let choices = suggestions(&model.lookups, form);
        let pick = form.pick.as_deref();
        let edited = EditBox {
            editing,
            config: form.work.now(),
            limits: form.work.limits(),
            problems: form.problems(),
            suggestions: choices.as_ref().map(|choices| SuggestionList::new(choices, pick)),
        };
        edited.draw(above, canvas);
    } else if let Some(cell) = cell {
        canvas.hit_map.put_text(cell, false);
        if let Some(choices) = suggestions(&model.lookups, form) {
            let title = match form.focus.field() {
                FieldId::ClusterId => "Clusters",
                _ => "Image credentials",
            };
            SuggestionList::new(&choices, form.pick.as_deref()).draw_at(title, cell, canvas);
        }
    }
}

impl Panes<'_> {
    fn two_columns(&mut self, buffer: &mut Buffer, area: Rect) {
        let [left, right] = area.split_left(left_width(area.width));
        self.column(buffer, left, &LEFT);
        self.column(buffer, right, &RIGHT);
    }

    /// Panes under each other in one frame; the last gets the rows that are left.
    fn column(&mut self, buffer: &mut Buffer, area: Rect, panes: &[Pane; 3]) {
        let inside = usize::from(area.height).saturating_sub(panes.len() + 1);
        let wanted = panes.map(|pane| self.layout_rows(pane));
        let mut heights = shares(wanted, inside);
        // Rows that nobody needs are for what is cut in the pane of the image.
        if let Some(image) = panes.iter().position(|pane| *pane == Pane::Image) {
            let spare = inside.saturating_sub(wanted.iter().sum());
            let whole: usize = self.image_rows(area.width - 2, usize::MAX).into_iter().sum();
            let more = whole.saturating_sub(wanted[image]).min(spare);
            heights[image] += more;
            heights[panes.len() - 1] -= more;
        }
        let mut rest = area;
        for (at, pane) in panes.iter().enumerate() {
            let (title, body);
            [title, rest] = rest.split_top(1);
            [body, rest] = rest.split_top(cells(heights[at]));
            let ends = if at == 0 { ("┌", "┐") } else { ("├", "┤") };
            self.rule(buffer, title, *pane, ends);
            for row in body.rows() {
                paint::text(buffer, row.x, row.y, 1, "│", theme::frame());
                paint::text(buffer, row.right() - 1, row.y, 1, "│", theme::frame());
            }
            self.body(buffer, body.inner(SIDES), *pane);
        }
        let line = format!("└{}┘", "─".repeat(usize::from(area.width) - 2));
        paint::row(buffer, rest, &line, theme::frame());
    }

    fn one_column(&mut self, buffer: &mut Buffer, area: Rect) {
        // Every row of the form, one under the other; the window follows the focus.
        // Of each pane the title, and its rows.
        let mut lines: Vec<(Pane, Option<usize>)> = Vec::new();
        for pane in Pane::ALL {
            lines.push((pane, None));
            lines.extend((0..self.wanted_rows(pane)).map(|row| (pane, Some(row))));
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
        self.hit_map.window(area, Scrolls::Form(None), first, lines.len());
        let [rows, marks] = area.split_right(1);
        for (area, (pane, row)) in rows.rows().zip(lines.iter().skip(first)) {
            match row {
                None => self.rule(buffer, area, *pane, ("─", "─")),
                Some(row) => self.line(buffer, area, *pane, *row),
            }
        }
        if first > 0 {
            paint::row(buffer, marks, "▲", theme::dim());
        }
        if first + height < lines.len() {
            paint::text(buffer, marks.x, marks.bottom() - 1, 1, "▼", theme::dim());
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

    /// Rows that a pane is laid out for: as many with a filter as without, so that nothing moves while one is typed.
    fn layout_rows(&self, pane: Pane) -> usize {
        match pane.list() {
            Some(list) => list.len(self.form.work.now()).max(1),
            None => self.wanted_rows(pane),
        }
    }

    /// A pane's title with how many rows and problems it has, in its upper rule.
    fn rule(&mut self, buffer: &mut Buffer, area: Rect, pane: Pane, ends: (&str, &str)) {
        let line = format!("{}{}{}", ends.0, "─".repeat(usize::from(area.width) - 2), ends.1);
        paint::row(buffer, area, &line, theme::frame());
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
            let room = area.right().saturating_sub(x + 8);
            x += self.filter(buffer, Rect::new(x, area.y, room, 1), filter);
        }
        let here = || {
            let problems = self.form.problems().iter();
            problems.filter(|p| p.place.field.spec().pane == pane)
        };
        for (sign, severity, style) in [
            ("✗", Severity::Error, theme::error()),
            ("!", Severity::Warning, theme::warning()),
        ] {
            let count = here().filter(|p| p.severity == severity).count();
            if count > 0 {
                x += paint::text(buffer, x, area.y, 8, &format!(" {sign}{count}"), style);
            }
        }
        // A sign that stands nowhere below would be looked for.
        let is_hidden = |row: usize| pane == Pane::Environment && !self.envs.contains(&row);
        let hidden = here().filter(|p| p.place.row.is_some_and(is_hidden)).count();
        if hidden > 0 {
            let said = if hidden == here().count() {
                " hidden".to_owned()
            } else {
                format!(" {hidden} hidden")
            };
            let room = area.right().saturating_sub(x + 2);
            x += paint::text(buffer, x, area.y, room, &said, theme::dim());
        }
        paint::text(buffer, x, area.y, 1, " ", theme::plain());
    }

    /// What the environment is filtered by. Returns the columns that it takes.
    fn filter(&mut self, buffer: &mut Buffer, area: Rect, filter: &RowFilter) -> u16 {
        let text = filter.text.text();
        if !filter.typing {
            return paint::row(buffer, area, &format!(" /{text}"), theme::strong());
        }
        let lead = paint::row(buffer, area, " /", theme::strong());
        let [_, room] = area.split_left(lead);
        let wide = cells(shown_width(text));
        // The cursor behind the text has a column of its own.
        let [typed, _] = room.split_left(wide.saturating_add(1));
        self.hit_map.put_text(typed, false);
        self.cursor = Some(filter.text.draw_line(buffer, typed));
        lead + wide.min(room.width)
    }

    fn body(&mut self, buffer: &mut Buffer, area: Rect, pane: Pane) {
        let count = self.wanted_rows(pane);
        let height = usize::from(area.height);
        if height == 0 {
            return;
        }
        if pane == Pane::Image && height >= count {
            return self.image(buffer, area);
        }
        let focus = (self.form.focus.pane() == pane).then(|| self.row_of_focus(pane));
        let window = ListWindow::new(self.form.tops.get(&Some(pane)).copied(), height, count, focus);
        self.hit_map
            .window(area, Scrolls::Form(Some(pane)), window.first, count);
        for (line, spot) in area.rows().zip(window.spots()) {
            match spot {
                Spot::Row(row) => self.line(buffer, line, pane, row),
                Spot::Hidden(above, below) => HiddenMark(above, below).render(line, buffer),
            }
        }
    }

    /// The pane of the image, where long texts go on below in the rows that are left.
    fn image(&mut self, buffer: &mut Buffer, area: Rect) {
        let mut rest = area;
        let rows = self.image_rows(area.width, usize::from(area.height));
        for (row, height) in rows.into_iter().enumerate() {
            let line;
            [line, rest] = rest.split_top(cells(height));
            self.line(buffer, line, Pane::Image, row);
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
                self.hit_map.put(area, Target::Focus(focus));
                let worst = self.worst(focus).cloned();
                self.lead(buffer, area, focus, worst.as_ref());
                let said = match self.form.filter {
                    Some(_) if list == List::Envs => "(none matches) Esc shows all".to_owned(),
                    _ => with_keys("(none) {add} adds one"),
                };
                paint::row(buffer, area.indented(), &said, theme::dim());
            }
            Some(List::Volumes) => self.volume(buffer, area, row),
            Some(List::Envs) => {
                if let Some(row) = self.envs.get(row) {
                    self.env(buffer, area, *row);
                }
            }
        }
    }
}

/// Columns of the details beside the form: what reads well, no more.
fn side_width(width: u16) -> u16 {
    (width * 3 / 10).clamp(38, 64)
}

/// Columns of the left panes. They hold numbers, so most of what is beyond 80 columns is for the texts of the right
/// ones.
fn left_width(width: u16) -> u16 {
    (TWO_COLUMNS / 2 + (width - TWO_COLUMNS) / 4).min(56)
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
    use super::*;

    #[test]
    fn at_80_columns_both_halves_are_the_same_and_beyond_the_texts_get_most() {
        assert_eq!(left_width(80), 40);
        for width in 81..=400 {
            let (left, right) = (left_width(width), width - left_width(width));
            assert!(
                left >= left_width(width - 1) && right >= width - 1 - left_width(width - 1),
                "{width}"
            );
            assert!(right >= left, "{width}");
        }
        for width in WIDE..=400 {
            assert!(width - side_width(width) >= TWO_COLUMNS, "{width}");
        }
    }

    #[test]
    fn the_largest_pane_gives_way_and_the_last_takes_what_is_left() {
        assert_eq!(shares([3, 2, 12], 13), [3, 2, 8]);
        assert_eq!(shares([4, 6, 2], 13), [4, 6, 3]);
        assert_eq!(shares([3, 40, 40], 11).iter().sum::<usize>(), 11);
        assert_eq!(shares([4, 6, 2], 0), [0, 0, 0]);
    }
}
