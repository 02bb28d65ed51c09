//! Under the form: the message area, which takes the rows that its sentence needs, and the hints.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::endpoint::List;
use crate::endpoint::format::worded;
use crate::endpoint::schema::Kind;
use crate::text::one_line;
use crate::tui::keymap::{Action, Context, form_key, with_keys};
use crate::tui::model::{Editing, Focus, Form, LimitsState, Model, Offers, offers};
use crate::tui::theme;
use crate::tui::views::external_editor::waits;
use crate::tui::widgets::key_bar::{self as hints, Hint, Rank, bound, fixed};
use crate::tui::widgets::notice::fitted;
use crate::tui::widgets::paint;

/// Rows of the message area, needed or not: so the panes seldom move.
const ROWS: usize = 2;

/// What stands under the form.
pub struct Footer {
    lines: Vec<String>,
    style: Style,
    hints: Vec<Hint>,
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
            hints: hints_of(model, form),
        }
    }

    /// Rows that it takes.
    pub fn height(&self) -> u16 {
        u16::try_from(self.lines.len().max(ROWS) + 1).unwrap_or(3)
    }

    /// Draws it.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect) {
        for (row, line) in self.lines.iter().enumerate() {
            let y = area.y + u16::try_from(row).unwrap_or(0);
            paint::text(buffer, area.x + 1, y, area.width.saturating_sub(2), line, self.style);
        }
        hints::draw(&self.hints, buffer, area);
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

/// Whether what is focused has a text that `$EDITOR` can have.
fn goes_to_the_editor(focus: Focus) -> bool {
    match focus {
        Focus::Field(field) => matches!(field.spec().kind, Kind::Text { .. }),
        Focus::Row(list, _) | Focus::Empty(list) => list == List::Envs,
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

fn hints_of(model: &Model, form: &Form) -> Vec<Hint> {
    let choose = matches!(offers(&model.lookups, form), Some(Offers::Here(choices)) if !choices.here.is_empty());
    let choose = choose.then_some(("↑↓", "choose", Rank::Needed));
    let (take, leave) = (("Enter", "take", Rank::Way), ("Esc", "leave", Rank::Way));
    let has_lines = form.editing.as_ref().and_then(Editing::text_kind);
    let new_line = has_lines.filter(|kind| kind.has_lines).map(|_| hints::NEW_LINE);
    match &form.editing {
        Some(Editing::Row(row)) => {
            let next = ("Tab", "next part", Rank::Needed);
            let is_text = !matches!(row.part.spec().kind, Kind::Choice(_));
            let clear = is_text.then(|| hints::clear(&row.text));
            let all = [Some(take), choose, Some(next), Some(leave), new_line, clear];
            fixed(&all.into_iter().flatten().collect::<Vec<_>>())
        }
        Some(Editing::Choice { .. }) => fixed(&[take, ("↑↓", "choose", Rank::Needed), leave]),
        Some(Editing::Field { text, .. }) => {
            let next = ("Tab", "take|, next", Rank::Useful);
            let review = ("Ctrl-S", "review", Rank::Extra);
            let help = ("F1", "help", Rank::Extra);
            let all = [
                Some(take),
                choose,
                Some(leave),
                new_line,
                Some(hints::clear(text)),
                Some(next),
                Some(review),
                Some(help),
            ];
            fixed(&all.into_iter().flatten().collect::<Vec<_>>())
        }
        None => {
            if let Some(filter) = form.filter.as_ref().filter(|filter| filter.typing) {
                return hints::of_filter(&filter.text);
            }
            let list = form.focus.pane().list().is_some();
            let review = if model.is_read_only() { "review" } else { "save" };
            let mut actions = vec![(Action::Edit, "edit", Rank::Way), (Action::Review, review, Rank::Way)];
            if list {
                actions.extend([
                    (Action::Add, "add", Rank::Useful),
                    (Action::Delete, "delete", Rank::Useful),
                ]);
            }
            actions.extend([
                (Action::Undo, "undo", Rank::Useful),
                (Action::Find, "find", Rank::Useful),
            ]);
            if let Focus::Row(List::Envs, row) = form.focus {
                let does = if form.is_revealed(row) { "mask" } else { "reveal" };
                actions.push((Action::Reveal, does, Rank::Needed));
            } else if list {
                actions.push((Action::Details, "details", Rank::Useful));
            } else {
                actions.extend([
                    (Action::NextProblem, "next problem", Rank::Extra),
                    (Action::Details, "details", Rank::Useful),
                ]);
            }
            if goes_to_the_editor(form.focus) {
                actions.push((Action::Editor, "editor", Rank::Needed));
            }
            actions.extend([(Action::Help, "help", Rank::Way), (Action::Quit, "quit", Rank::Way)]);
            let mut hints = Vec::new();
            if form.filter.is_some() {
                hints = fixed(&[("Esc", "show all", Rank::Way)]);
            } else if form.reloading {
                hints = fixed(&[("Esc", "stop reading", Rank::Way)]);
            }
            hints.extend(bound(Context::Form, &actions));
            hints
        }
    }
}
