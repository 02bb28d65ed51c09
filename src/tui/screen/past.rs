//! The history screen: what was sent, and the difference of one send from now.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::keeping::hints;
use super::page::{Page, hints_row, sheet};
use super::result::without_secrets;
use super::review::subject;
use super::{Places, Scrolls, Target, when};
use crate::endpoint::diff;
use crate::store::SendOutcome;
use crate::tui::keymap::{Action, Context, with_keys};
use crate::tui::model::{Form, Model, Past, PastPage, PastSend, Screen};
use crate::tui::theme;
use crate::tui::widget::paint;

/// Draws the list of sends or the open one; where the cursor stands.
pub fn draw(model: &Model, past: &Past, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Option<Position> {
    let Screen::Form(form) = &model.screen else { return None };
    if past.open.is_some() {
        let title = format!("History · {}", subject(model, form));
        let keys = hints(
            Context::History,
            &[
                (Action::PutBack, "put back"),
                (Action::NextView, "before / as sent"),
                (Action::RevealAll, "values"),
                (Action::Back, "to the list"),
            ],
        );
        places.window(area, Scrolls::Front, 0, 0);
        sheet(model, &title, past.scroll, &keys, buffer, area);
        return None;
    }
    let place = Rect::new(area.x, area.y, area.width, area.height - 1);
    let inside = paint::window(buffer, place, &format!("History · {}", subject(model, form)));
    let keys = hints(
        Context::History,
        &[
            (Action::Edit, "difference from now"),
            (Action::Down, "choose"),
            (Action::Back, "back"),
        ],
    );
    hints_row(buffer, area, &keys);
    let said = match &past.sends {
        None => Some("Reading…".to_owned()),
        Some(Err(why)) => Some(format!("The history can't be read: {why}.")),
        Some(Ok(sends)) if sends.is_empty() => Some("Nothing was sent from here yet.".to_owned()),
        Some(Ok(_)) => None,
    };
    if let Some(said) = said {
        for (row, line) in paint::wrap(&said, usize::from(inside.width)).iter().enumerate() {
            let y = inside.y + u16::try_from(row).unwrap_or(0);
            paint::text(buffer, inside.x, y, inside.width, line, theme::plain());
        }
        return None;
    }
    // What the server said to the focused one has the last rows.
    let unread = match past.skipped {
        0 => None,
        1 => Some("1 line of the history can't be read.".to_owned()),
        n => Some(format!("{n} lines of the history can't be read.")),
    };
    let reason = past.focused().and_then(reason).or(unread).unwrap_or_default();
    let reason = paint::wrap(&reason, usize::from(inside.width));
    let foot = u16::try_from(reason.len()).unwrap_or(3).min(inside.height / 3);
    let list = usize::from(inside.height - foot).max(1);
    let first = (past.at + 1).saturating_sub(list);
    places.window(inside, Scrolls::Front, first, past.sends().len());
    for (row, send) in past.sends().iter().enumerate().skip(first).take(list) {
        let y = inside.y + u16::try_from(row - first).unwrap_or(0);
        let line = Rect::new(inside.x, y, inside.width, 1);
        places.put(line, Target::Row(row));
        list_row(buffer, line, send, row == past.at);
    }
    for (row, line) in reason.iter().take(usize::from(foot)).enumerate() {
        let y = inside.bottom() - foot + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x, y, inside.width, line, theme::dim());
    }
    let y = inside.y + u16::try_from(past.at - first).unwrap_or(0);
    Some(Position::new(inside.x, y))
}

fn list_row(buffer: &mut Buffer, area: Rect, send: &PastSend, focused: bool) {
    let (sign, style) = match send.record.outcome {
        SendOutcome::Stored => ("✓", theme::good()),
        SendOutcome::Unknown => ("?", theme::warning()),
        _ => ("✗", theme::error()),
    };
    let lead = if focused { "›" } else { " " };
    let summary = if send.summary.is_empty() {
        "no change"
    } else {
        &send.summary
    };
    let plain = if focused { theme::focus() } else { theme::plain() };
    paint::pieces(
        buffer,
        area.x,
        area.y,
        area.width,
        &[
            (lead, theme::focus()),
            (&format!("{:<13}", when(&send.record.at)), plain),
            (sign, style),
            (&format!(" {:<11}", send.outcome()), style),
            (summary, plain),
        ],
    );
}

fn reason(send: &PastSend) -> Option<String> {
    match &send.record.outcome {
        SendOutcome::Refused(why) | SendOutcome::NotSent(why) => Some(without_secrets(why.clone(), &send.record.after)),
        SendOutcome::Unknown => Some(with_keys(
            "What came of it is not known: {reload} in the form reads the server.",
        )),
        SendOutcome::Stored | SendOutcome::NotStored => None,
    }
}

impl Page {
    /// What putting one side of a send back would change.
    pub(super) fn past(&mut self, form: &Form, past: &Past) {
        let (Some(send), Some(page)) = (past.focused(), past.open) else {
            return;
        };
        let at = when(&send.record.at);
        let title = match page {
            PastPage::Before => format!("What the server held before the send of {at} ({}).", send.outcome()),
            PastPage::Sent => format!("What was sent {at} ({}).", send.outcome()),
        };
        self.wrapped(&title, theme::strong(), 0);
        self.add("", theme::plain());
        let (now, then) = (form.work.now(), send.config(page));
        let changes = diff::changes(now, then);
        if changes.is_empty() {
            self.add("The form holds just that.", theme::plain());
            return;
        }
        self.wrapped("Putting it back changes what the form holds now:", theme::strong(), 0);
        for change in &changes {
            self.change(change, (now, then), past.reveal);
        }
    }
}
