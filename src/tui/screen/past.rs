//! The history screen: what was sent, and the difference of one send from now.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::sheet::sheet;
use super::{Places, Scrolls, Target};
use crate::endpoint::diff;
use crate::endpoint::words::without_secrets;
use crate::store::SendOutcome;
use crate::text::when;
use crate::text::width::shown_width;
use crate::tui::keymap::{Action, Context, with_keys};
use crate::tui::model::{Form, Model, Past, PastPage, PastSend, Screen};
use crate::tui::theme;
use crate::tui::widgets::key_bar::{self as hints, Rank, bound};
use crate::tui::widgets::list_window::{self as span, Span, Spot};
use crate::tui::widgets::page::Page;
use crate::tui::widgets::paint;

/// Draws the list of sends or the open one; where the cursor stands.
pub fn draw(model: &Model, past: &Past, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Option<Position> {
    let Screen::Form(form) = &model.screen else { return None };
    if past.open.is_some() {
        let title = format!("History · {}", model.around.subject(&form.work.base().config));
        let keys = bound(
            Context::History,
            &[
                (Action::PutBack, "put back", Rank::Way),
                (Action::NextView, "before / as sent", Rank::Useful),
                (Action::RevealAll, "values", Rank::Needed),
                (Action::Back, "to the list", Rank::Way),
            ],
        );
        places.window(area, Scrolls::Front, 0, 0);
        sheet(model, &title, past.scroll, &keys, buffer, area);
        return None;
    }
    let place = Rect::new(area.x, area.y, area.width, area.height - 1);
    let inside = paint::window(
        buffer,
        place,
        &format!("History · {}", model.around.subject(&form.work.base().config)),
    );
    let keys = bound(
        Context::History,
        &[
            (Action::Edit, "difference from now", Rank::Way),
            (Action::Down, "choose", Rank::Useful),
            (Action::Back, "back", Rank::Way),
        ],
    );
    hints::draw(&keys, buffer, area);
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
    // What there is to be said of the focused one has the last rows.
    let unread = match past.skipped {
        0 => None,
        1 => Some("1 line of the history can't be read.".to_owned()),
        n => Some(format!("{n} lines of the history can't be read.")),
    };
    let whole = past.focused().and_then(|send| {
        let whole = send.summary(usize::MAX);
        (shown_width(&whole) > summary_room(inside.width)).then_some(whole)
    });
    let said = [past.focused().and_then(reason), whole, unread];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let mut reason = paint::wrap(&said.join("\n"), usize::from(inside.width));
    if said.is_empty() {
        reason.clear();
    }
    let foot = u16::try_from(reason.len()).unwrap_or(u16::MAX).min(inside.height / 3);
    let list = usize::from(inside.height - foot).max(1);
    let sends = past.sends();
    let span = Span::new(None, list, sends.len(), Some(past.at));
    places.window(inside, Scrolls::Front, span.first, sends.len());
    let mut y = inside.y;
    for (line, spot) in span.spots().enumerate() {
        let line = Rect::new(inside.x, inside.y + u16::try_from(line).unwrap_or(0), inside.width, 1);
        match spot {
            Spot::Row(row) => {
                places.put(line, Target::Row(row));
                list_row(buffer, line, &sends[row], row == past.at);
                if row == past.at {
                    y = line.y;
                }
            }
            Spot::Hidden(above, below) => span::mark(buffer, line.x + 1, line.y, line.width - 1, above, below),
        }
    }
    for (row, line) in reason.iter().take(usize::from(foot)).enumerate() {
        let y = inside.bottom() - foot + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x, y, inside.width, line, theme::dim());
    }
    Some(Position::new(inside.x, y))
}

/// Columns of a row's time, and of what came of the send.
const TIME: usize = 13;
const OUTCOME: usize = 11;

/// Columns that are left for what was changed.
fn summary_room(width: u16) -> usize {
    usize::from(width).saturating_sub(TIME + OUTCOME + 3)
}

fn list_row(buffer: &mut Buffer, area: Rect, send: &PastSend, focused: bool) {
    let (sign, style) = match send.record.outcome {
        SendOutcome::Stored => ("✓", theme::good()),
        SendOutcome::Unknown => ("?", theme::warning()),
        _ => ("✗", theme::error()),
    };
    let lead = if focused { "›" } else { " " };
    let plain = if focused { theme::focus() } else { theme::plain() };
    let said = format!(" {:<OUTCOME$}", send.outcome());
    let summary = send.summary(summary_room(area.width));
    paint::pieces(
        buffer,
        area.x,
        area.y,
        area.width,
        &[
            (lead, theme::focus()),
            (&format!("{:<TIME$}", when(&send.record.at)), plain),
            (sign, style),
            (&said, style),
            (&summary, plain),
        ],
    );
}

fn reason(send: &PastSend) -> Option<String> {
    match &send.record.outcome {
        SendOutcome::Refused(why) | SendOutcome::NotSent(why) => {
            let sides = [&send.record.after, &send.record.before.config];
            Some(without_secrets(why.clone(), sides))
        }
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
        self.column_for(&changes);
        for change in &changes {
            self.change(change, (now, then), past.reveal);
        }
    }
}
