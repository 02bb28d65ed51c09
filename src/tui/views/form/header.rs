//! The two lines on top of the form.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::rollout::FormRollout;
use crate::endpoint::Severity;
use crate::session::Verdict;
use crate::text::width::{cut_middle, shown_width};
use crate::tui::keymap::with_keys;
use crate::tui::model::{DraftState, Form, Model};
use crate::tui::theme;
use crate::tui::widgets::areas::{Areas, cells};
use crate::tui::widgets::paint;

/// What stands at the right end: profile, demo, read-only, and how much is changed and wrong.
fn marks(model: &Model, form: &Form, width: u16) -> Vec<(String, Style)> {
    let mut marks = Vec::new();
    if let Some(profile) = &model.around.profile {
        marks.push((format!("[{profile}]"), theme::strong()));
    }
    if model.around.demo {
        marks.push(("demo".to_owned(), theme::warning()));
    }
    if model.around.read_only || matches!(form.draft_state, DraftState::Theirs(_)) {
        marks.push(("read-only".to_owned(), theme::warning()));
    }
    if let Some(mark) = form.rollout.as_ref().and_then(|rollout| rollout.mark(width >= WIDE)) {
        let failed = matches!(&form.rollout, Some(rollout) if matches!(rollout.verdict, Verdict::Failed(_)));
        marks.push((mark.to_owned(), if failed { theme::error() } else { theme::warning() }));
    }
    if form.not_kept.is_some() {
        marks.push(("not kept".to_owned(), theme::warning()));
    }
    if !form.editor_texts.is_empty() {
        marks.push((format!("{} not taken", form.editor_texts.len()), theme::warning()));
    }
    let problems = form.problems();
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let warnings = problems.len() - errors;
    let counts = [
        ("*", form.work.marks().changes, theme::changed()),
        ("✗", errors, theme::error()),
        ("!", warnings, theme::warning()),
    ];
    marks.extend(
        counts
            .iter()
            .filter(|c| c.1 > 0)
            .map(|(sign, n, style)| (format!("{sign}{n}"), *style)),
    );
    marks
}

/// From so many columns on there is room for words beside the state.
const WIDE: u16 = 60;
/// Columns that the name keeps as long as something else can go.
const LEAST_NAME: usize = 16;

/// The two lines on top of the form: what it is of, and what can't be set.
pub struct FormHeader<'a> {
    /// What is known besides.
    pub model: &'a Model,
    /// The form.
    pub form: &'a Form,
}

impl Widget for FormHeader<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let Self { model, form } = self;
        let [area, second] = area.split_top(1);
        let base = form.work.base();
        let right = marks(model, form, area.width);
        let right_width: usize = right.iter().map(|(text, _)| shown_width(text) + 1).sum();
        let mut x = area.right().saturating_sub(cells(right_width)).max(area.x + 10);
        let left_width = x.saturating_sub(area.x + 2);
        for (text, style) in &right {
            x += paint::text(buffer, x, area.y, area.right().saturating_sub(x), text, *style) + 1;
        }
        let state = &base.status.state.word;
        let state = match state.as_str() {
            _ if form.is_gone => "deleted",
            "" => "unknown",
            state => state,
        };
        let style = match state {
            "serving" => theme::good(),
            "failed" | "deleted" => theme::error(),
            _ => theme::warning(),
        };
        let count = base.status.worker_count();
        let new = form.rollout.as_ref().and_then(FormRollout::new_healthy);
        let (workers, healthy) = match new {
            Some((there, all)) => (format!("{there}/{all} new"), format!("{there}/{all} new healthy")),
            None => {
                let workers = format!("{}/{}", count.healthy, count.all);
                (workers.clone(), format!("{workers} healthy"))
            }
        };
        let reading = match &form.rollout {
            _ if form.reloading => "reading…",
            Some(rollout) if rollout.is_live => "live",
            _ => form.read_at.as_str(),
        };
        let id = base.config.id.as_str();
        // Whole parts go, never halves, what is least missed first: the id, a word, the time, the workers.
        let ways = [
            [id, &healthy, reading],
            ["", &healthy, reading],
            ["", &workers, reading],
            ["", &workers, ""],
            ["", "", ""],
        ];
        let room = usize::from(left_width);
        let beside = |parts: &[&str; 3]| {
            let part = |text: &&str| if text.is_empty() { 0 } else { shown_width(text) + 2 };
            shown_width(state) + 4 + parts.iter().map(part).sum::<usize>()
        };
        let name = &base.config.name;
        let least = shown_width(name).min(LEAST_NAME);
        let parts = ways
            .iter()
            .find(|parts| beside(parts) + least <= room)
            .unwrap_or(&ways[4]);
        let name = cut_middle(name, room.saturating_sub(beside(parts)).max(8));
        let gap = |text: &str| if text.is_empty() { "" } else { "  " };
        let [id, tail, reading] = *parts;
        let parts = [
            (&*name, theme::strong()),
            (gap(id), theme::plain()),
            (id, theme::dim()),
            ("  ", theme::plain()),
            ("● ", style),
            (state, style),
            (gap(tail), theme::plain()),
            (tail, theme::plain()),
            (gap(reading), theme::plain()),
            (reading, theme::dim()),
        ];
        let [left, _] = area.indented().split_left(left_width);
        paint::pieces(buffer, left, &parts);
        status(form, buffer, second);
    }
}

/// The second line: what can't be set, as many whole facts as there is room for.
fn status(form: &Form, buffer: &mut Buffer, area: Rect) {
    let status = &form.work.base().status;
    let mut parts = Vec::new();
    if !status.products.is_empty() {
        parts.push(status.products.join(", "));
    }
    if !status.cuda_version.is_empty() {
        parts.push(format!("CUDA {}", status.cuda_version));
    }
    if !status.rootfs_size.is_empty() {
        parts.push(format!("root {} GB", status.rootfs_size));
    }
    if !status.url.is_empty() {
        parts.push(status.url.clone());
    }
    let hint = with_keys("{details} details");
    let wide = cells(shown_width(&hint));
    let room = area.width.saturating_sub(wide + 4);
    while parts.len() > 1 && shown_width(&parts.join(" · ")) > usize::from(room) {
        parts.pop();
    }
    let used = paint::text(buffer, area.x + 1, area.y, room, &parts.join(" · "), theme::dim());
    let at = (area.x + used + 3)
        .max(area.x + 1)
        .min(area.right().saturating_sub(wide + 1));
    paint::text(buffer, at, area.y, wide, &hint, theme::dim());
}
