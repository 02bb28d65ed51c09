//! The two lines on top of the form, the message area and the hints under it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::endpoint::Severity;
use crate::tui::keymap::{Action, Context, form_key, keymap, with_keys};
use crate::tui::model::{Editing, Focus, Form, Keeping, LimitsState, Model, Offers, offers};
use crate::tui::theme;
use crate::tui::widget::paint;
use crate::tui::width::{cut_middle, shown_width};

/// What stands at the right end: profile, demo, read-only, and how much is changed and wrong.
fn marks(model: &Model, form: &Form) -> Vec<(String, Style)> {
    let mut marks = Vec::new();
    if let Some(profile) = &model.around.profile {
        marks.push((format!("[{profile}]"), theme::strong()));
    }
    if model.around.demo {
        marks.push(("demo".to_owned(), theme::warning()));
    }
    if model.around.read_only || matches!(form.keeping, Keeping::Theirs(_)) {
        marks.push(("read-only".to_owned(), theme::warning()));
    }
    if form.not_kept.is_some() {
        marks.push(("not kept".to_owned(), theme::warning()));
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

/// Draws the two header lines.
pub fn draw(model: &Model, form: &Form, buffer: &mut Buffer, area: Rect) {
    let base = form.work.base();
    let right = marks(model, form);
    let right_width: usize = right.iter().map(|(text, _)| shown_width(text) + 1).sum();
    let mut x = area
        .right()
        .saturating_sub(u16::try_from(right_width).unwrap_or(area.width))
        .max(area.x + 10);
    let left_width = x.saturating_sub(area.x + 2);
    for (text, style) in &right {
        x += paint::text(buffer, x, area.y, area.right().saturating_sub(x), text, *style) + 1;
    }
    let state = &base.facts.state.word;
    let state = if state.is_empty() { "unknown" } else { state.as_str() };
    let style = match state {
        "serving" => theme::good(),
        "failed" => theme::error(),
        _ => theme::warning(),
    };
    let count = base.facts.worker_count();
    // What is least missed goes first where there is little room: the id, then a word.
    let narrow = left_width < 56;
    let tail = if narrow {
        format!("{}/{}", count.healthy, count.all)
    } else {
        format!("{}/{} healthy", count.healthy, count.all)
    };
    let id = if narrow { "" } else { base.config.id.as_str() };
    let reading = if form.reloading {
        "reading…"
    } else {
        form.read_at.as_str()
    };
    // Whole parts go, never halves: on the narrowest terminals the time, then the workers.
    let room = usize::from(left_width);
    let state_width = shown_width(state) + 13;
    let tail = if room < state_width + shown_width(&tail) {
        String::new()
    } else {
        tail
    };
    let reading = if room < state_width + shown_width(&tail) + shown_width(reading) {
        ""
    } else {
        reading
    };
    let rest = shown_width(state) + shown_width(&tail) + shown_width(reading) + shown_width(id) + 10;
    let name_room = usize::from(left_width).saturating_sub(rest).max(8);
    let name = cut_middle(&base.config.name, name_room);
    let gap = if narrow { "" } else { "  " };
    paint::pieces(
        buffer,
        area.x + 1,
        area.y,
        left_width,
        &[
            (&name, theme::strong()),
            (gap, theme::plain()),
            (id, theme::dim()),
            ("  ", theme::plain()),
            ("● ", style),
            (state, style),
            ("  ", theme::plain()),
            (&tail, theme::plain()),
            ("  ", theme::plain()),
            (reading, theme::dim()),
        ],
    );
    let facts = &base.facts;
    let mut parts = Vec::new();
    if !facts.products.is_empty() {
        parts.push(facts.products.join(", "));
    }
    if !facts.cuda_version.is_empty() {
        parts.push(format!("CUDA {}", facts.cuda_version));
    }
    if !facts.rootfs_size.is_empty() {
        parts.push(format!("root {} GB", facts.rootfs_size));
    }
    if !facts.url.is_empty() {
        parts.push(facts.url.clone());
    }
    let hint = with_keys("{details} details");
    let wide = u16::try_from(shown_width(&hint)).unwrap_or(9);
    let room = area.width.saturating_sub(wide + 5);
    let used = paint::text(buffer, area.x + 1, area.y + 1, room, &parts.join(" · "), theme::dim());
    let at = (area.x + used + 3)
        .max(area.x + 1)
        .min(area.right().saturating_sub(wide + 1));
    paint::text(buffer, at, area.y + 1, wide, &hint, theme::dim());
}

/// The sentence for the message area, with its style: a notice, what is wrong with the focused field, or a banner.
fn message(model: &Model, form: &Form) -> (String, Style) {
    if let Some(notice) = &model.notice {
        let style = if notice.bad { theme::error() } else { theme::plain() };
        let sign = if notice.bad { "✗ " } else { "" };
        return (format!("{sign}{}", notice.text), style);
    }
    if form.reloading
        && let Some(again) = &model.again
    {
        let text = format!("! Reading the endpoint {}", super::picker::again_words(again));
        return (text, theme::warning());
    }
    // While a row is typed, it is the one that is told about.
    let focus = match &form.editing {
        Some(Editing::Row(row)) => Focus::Row(row.row.list(), row.at),
        _ => form.focus,
    };
    let mut here: Vec<_> = form.problems().iter().filter(|p| focus.holds(p.place)).collect();
    here.sort_by_key(|p| p.severity);
    if let Some(first) = here.first() {
        let (sign, style) = theme::sign(first.severity);
        let said = match &form.editing {
            // The box says which row it is; that row may not be in the configuration yet.
            Some(Editing::Row(_)) => {
                format!("{}: {} ({}).", first.place.field.label(), first.message, first.source)
            }
            _ => first.sentence(form.work.now()),
        };
        let mut text = format!("{sign} {said}");
        let field = form.focus.field();
        if field.spec().kind == crate::endpoint::field::Kind::Integer && first.place.row.is_none() {
            let loaded = form.work.base().config.text(field);
            let touched = form.editing.is_some() || form.work.is_field_changed(field);
            if touched && !loaded.is_empty() {
                let said = if form.work.others().is_empty() {
                    format!(" It was {loaded} when loaded.")
                } else {
                    format!(" The server holds {loaded}.")
                };
                text.push_str(&said);
            }
        }
        if here.len() > 1 {
            text.push_str(&format!(
                " {} more under {}.",
                here.len() - 1,
                form_key(Action::Details)
            ));
        }
        return (text, style);
    }
    if form.unknown.is_some() {
        let text = "! The last send is not known to be stored: {reload} reads the server, {review} opens the review.";
        return (with_keys(text), theme::warning());
    }
    if let Some(why) = &form.not_kept {
        let text = format!("! Your edits are only in memory, not on disk: {why}.");
        return (text, theme::warning());
    }
    match &model.limits {
        LimitsState::Failed(_) => (
            with_keys(
                "! The account's limits are unknown: {reload} asks again, {details} tells why. The fixed limits still hold.",
            ),
            theme::warning(),
        ),
        _ => state_message(form),
    }
}

/// What the server says of the endpoint's state, where it says anything.
fn state_message(form: &Form) -> (String, Style) {
    let state = &form.work.base().facts.state;
    let said: Vec<&str> = [state.error.as_str(), state.message.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    if said.is_empty() {
        (String::new(), theme::plain())
    } else {
        (format!("{}: {}", state.word, said.join(": ")), theme::dim())
    }
}

/// Draws the message area (two rows) and the hints (the last row).
pub fn draw_footer(model: &Model, form: &Form, buffer: &mut Buffer, area: Rect) {
    let (text, style) = message(model, form);
    let room = usize::from(area.width.saturating_sub(2));
    let lines = paint::wrap(&text, room);
    for (row, line) in lines.iter().take(2).enumerate() {
        let y = area.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, area.x + 1, y, area.width.saturating_sub(2), line, style);
        if row == 1 && lines.len() > 2 {
            paint::text(buffer, area.right().saturating_sub(2), y, 1, "…", style);
        }
    }
    let choose = matches!(offers(&model.lookups, form), Some(Offers::Here(here, _)) if !here.is_empty());
    let hints: Vec<(String, &str)> = match &form.editing {
        Some(Editing::Row(_)) if choose => keys(&[
            ("Enter", "take"),
            ("↑↓", "choose"),
            ("Tab", "next part"),
            ("Esc", "leave"),
            ("Ctrl-U", "clear"),
        ]),
        Some(Editing::Field { .. }) if choose => keys(&[
            ("Enter", "take"),
            ("↑↓", "choose"),
            ("Esc", "leave"),
            ("Ctrl-U", "clear"),
            ("Tab", "take, next"),
            ("F1", "help"),
        ]),
        Some(Editing::Row(_)) => keys(&[
            ("Enter", "take"),
            ("Tab", "next part"),
            ("Esc", "leave"),
            ("Ctrl-U", "clear"),
        ]),
        Some(Editing::Choice { .. }) => keys(&[("Enter", "take"), ("↑↓", "choose"), ("Esc", "leave")]),
        Some(Editing::Field { .. }) => keys(&[
            ("Enter", "take"),
            ("Esc", "leave"),
            ("Ctrl-U", "clear"),
            ("Tab", "take, next"),
            ("Ctrl-S", "review"),
            ("F1", "help"),
        ]),
        None => {
            let list = form.focus.pane().list().is_some();
            let mut actions = vec![(Action::Edit, "edit"), (Action::Review, "save")];
            if list {
                actions.extend([(Action::Add, "add"), (Action::Delete, "delete")]);
            }
            actions.extend([(Action::Undo, "undo"), (Action::Find, "find")]);
            if !list {
                actions.extend([(Action::NextProblem, "next problem"), (Action::Details, "details")]);
            } else {
                actions.push((Action::Reveal, "reveal"));
            }
            actions.extend([(Action::Help, "help"), (Action::Quit, "quit")]);
            let stop = form.reloading.then(|| ("Esc".to_owned(), "stop reading"));
            let hints = actions
                .into_iter()
                .filter_map(|(action, says)| Some((keymap().hint(Context::Form, action)?, says)));
            stop.into_iter().chain(hints).collect()
        }
    };
    draw_hints(buffer, Rect::new(area.x, area.bottom() - 1, area.width, 1), &hints);
}

fn keys(keys: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    keys.iter().map(|(key, says)| ((*key).to_owned(), *says)).collect()
}

/// Hints on one row; those that don't fit are dropped from the end, but help and quit stay.
pub fn draw_hints(buffer: &mut Buffer, area: Rect, hints: &[(String, &str)]) {
    let wide = |h: &(String, &str)| shown_width(&h.0) + shown_width(h.1) + 3;
    let room = usize::from(area.width.saturating_sub(1));
    let mut kept: Vec<&(String, &str)> = hints.iter().collect();
    while kept.iter().map(|h| wide(h)).sum::<usize>() > room + 2 && kept.len() > 1 {
        let least = kept.iter().rposition(|h| !matches!(h.1, "help" | "quit")).unwrap_or(0);
        kept.remove(least);
    }
    let mut x = area.x + 1;
    for (key, says) in kept {
        let room = area.right().saturating_sub(x);
        x += paint::pieces(
            buffer,
            x,
            area.y,
            room,
            &[(key, theme::key()), (" ", theme::plain()), (says, theme::dim())],
        ) + 2;
    }
}
