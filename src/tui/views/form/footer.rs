//! Under the form: the message area, which takes the rows that its sentence needs, and the row of the key bar.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::aside;
use crate::endpoint::format::worded;
use crate::endpoint::schema::Kind;
use crate::text::one_line;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Editing, Focus, Form, LimitsState, Model};
use crate::tui::theme;
use crate::tui::views::external_editor::waits;
use crate::tui::widgets::areas::{SIDES, cells};
use crate::tui::widgets::paint;
use crate::tui::widgets::paint::fitted;

/// Rows of the message area, needed or not: so the panes seldom move.
const ROWS: usize = 2;

/// What stands under the form.
pub struct Footer {
    lines: Vec<String>,
    style: Style,
}

impl Footer {
    /// For a screen of this size.
    pub fn new(model: &Model, form: &Form, area: Rect) -> Self {
        let (text, style) = message(model, form);
        // What is cut off is told whole under details.
        let key = match form.editing {
            Some(_) => "F1".to_owned(),
            None => form_key(Action::Details),
        };
        let most = usize::from(area.height / 3).max(ROWS);
        Self {
            lines: fitted(&text, usize::from(area.width.saturating_sub(2)), most, &key),
            style,
        }
    }

    /// Rows that it takes.
    pub fn height(&self) -> u16 {
        cells(self.lines.len().max(ROWS) + 1)
    }
}

impl Widget for &Footer {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        paint::lines(buffer, area.inner(SIDES), &self.lines, self.style);
    }
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
        let text = format!("! Reading the endpoint {}", again.in_words());
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
        if let Some(Editing::Field { field, text: typed }) = &form.editing
            && field.spec().kind == Kind::Integer
            && typed.text().trim().parse::<i64>().is_err()
        {
            text.push_str(if field.unit(form.work.now()) == "s" {
                " Seconds, or as 5m or 1h30m; min and max are the ends of the range."
            } else {
                " A whole number; min and max are the ends of the range."
            });
        }
        if field.spec().kind == Kind::Integer && first.place.row.is_none() {
            let loaded = form.work.base().config.text(field);
            let touched = form.editing.is_some() || form.work.is_field_changed(field);
            if touched && !loaded.is_empty() {
                let loaded = worded(field, loaded, &form.work.base().config);
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
    if let Some(said) = aside::told(form) {
        return (format!("! {said}"), theme::warning());
    }
    if let Some(why) = &form.not_kept {
        let text = format!("! Your edits are only in memory, not on disk: {why}.");
        return (text, theme::warning());
    }
    if let Some(said) = waits(form) {
        return (format!("! {said}"), theme::warning());
    }
    if let Some(hint) = hint_at_times(form) {
        return (hint.to_owned(), theme::dim());
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

/// How a time may be typed, while one is.
pub(in crate::tui) fn hint_at_times(form: &Form) -> Option<&'static str> {
    match &form.editing {
        Some(Editing::Field { field, .. }) if field.unit(form.work.now()) == "s" => Some("Seconds, or as 5m or 1h30m."),
        _ => None,
    }
}

/// What the server says of the endpoint's state, where it says anything.
fn state_message(form: &Form) -> (String, Style) {
    let state = &form.work.base().status.state;
    let said: Vec<&str> = [state.error.as_str(), state.message.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    if said.is_empty() {
        (String::new(), theme::plain())
    } else {
        // In one line: it stands among sentences of ours.
        let said = format!("{}: {}", state.word, said.join(": "));
        (one_line(&said).into_owned(), theme::dim())
    }
}
