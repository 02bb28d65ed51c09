//! The history: what was sent before, the difference of one send from what the form holds now, and putting a side of it
//! back as an edit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::endpoint::diff;
use crate::endpoint::edit::Edit;
use crate::endpoint::redact::without_secrets;
use crate::fs::when;
use crate::session::{HistoryEntry, SendSide};
use crate::store::{History, SendOutcome};
use crate::text::width::{cut_end, shown_width};
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::hit_map::{Scrolls, Target, Window};
use crate::tui::keymap::{Action, Context, form_key, with_keys};
use crate::tui::model::{Form, Model, Screen};
use crate::tui::press::Press;
use crate::tui::redacted::{restore_history, to_be_entered};
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::areas::{Areas, cells};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::list_window::{HiddenMark, ListWindow, Spot};
use crate::tui::widgets::page::Page;
use crate::tui::widgets::paint;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::selection::Selection;
use crate::tui::widgets::sheet::Sheet;

/// Columns of a row's time, and of what came of the send.
const TIME: usize = 13;
const OUTCOME: usize = 17;

/// The list of sends, and the one that is open.
#[derive(Debug, Default)]
pub struct HistoryView {
    /// The newest first; `None` while they are read, or why they couldn't be.
    sends: Option<Result<Vec<HistoryEntry>, String>>,
    /// Lines of the file that could not be read.
    skipped: usize,
    chosen: Selection,
    /// The side of the chosen send that is open.
    pub side: Option<SendSide>,
    scroll: Scroll,
    /// Environment values are shown.
    reveal: bool,
}

/// What was sent to an endpoint was read, or why that couldn't be.
pub fn came(model: &mut Model, id: &str, mut read: Result<History, String>) {
    if let Ok(history) = &mut read {
        restore_history(model, history);
    }
    if let (Screen::Form(form), Some(view)) = (&model.screen, model.views.find_mut::<HistoryView>())
        && form.work.base().config.id == id
    {
        view.sends = Some(read.map(|history| {
            view.skipped = history.skipped;
            history.records.into_iter().map(HistoryEntry::new).collect()
        }));
    }
}

impl View<Model> for HistoryView {
    fn context(&self) -> Option<Context> {
        Some(Context::History)
    }

    fn commands(&self, _model: &Model) -> Vec<Command> {
        let bound = |action, says, rank| Command::bound(Context::History, &[action], says, rank);
        if self.side.is_some() {
            vec![
                bound(Action::PutBack, "put back", Rank::Way),
                bound(Action::NextView, "before / as sent", Rank::Useful),
                bound(Action::RevealAll, "values", Rank::Needed),
                bound(Action::Back, "to the list", Rank::Way),
            ]
        } else {
            vec![
                bound(Action::Edit, "difference from now", Rank::Way),
                bound(Action::Down, "choose", Rank::Useful),
                bound(Action::Back, "back", Rank::Way),
            ]
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        let page = usize::from(model.size.height.saturating_sub(4)).max(1);
        let count = self.sends().len();
        match action {
            Action::RevealAll => self.reveal = !self.reveal,
            Action::PutBack if self.side.is_some() => return self.put_back(model),
            Action::NextView => self.open(self.side.map(|side| match side {
                SendSide::Before => SendSide::Sent,
                SendSide::Sent => SendSide::Before,
            })),
            Action::Back if self.side.is_some() => self.side = None,
            Action::Back => return Flow::close(),
            _ if self.side.is_some() => {}
            // What would be put back is seen first.
            Action::Edit | Action::PutBack if self.chosen().is_some() => self.open(Some(SendSide::Before)),
            _ => drop(self.chosen.act(action, count, page)),
        }
        Flow::stay()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        self.side.map(|_| &mut self.scroll)
    }

    fn reveals(&mut self) -> Option<&mut bool> {
        Some(&mut self.reveal)
    }

    fn click(&mut self, _model: &mut Model, target: Target) {
        if let Target::Row(row) = target {
            self.chosen = Selection::new(row);
        }
    }

    fn wheel(&mut self, _model: &mut Model, rows: i64, window: Window) {
        match self.scroll() {
            Some(scroll) => scroll.by(rows),
            None => self.chosen.by(rows, window.count),
        }
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Screen::Form(form) = &model.screen else { return };
        let title = format!("History · {}", model.around.subject(&form.work.base().config));
        match (self.side, self.chosen()) {
            (Some(side), Some(send)) => {
                let sheet = Sheet::new(&title, &self.scroll, model.notice.as_ref());
                sheet.draw(canvas, |page| self.difference(form, send, side, page));
            }
            _ => self.draw_list(&title, canvas),
        }
    }
}

impl HistoryView {
    /// The sends that are there so far.
    fn sends(&self) -> &[HistoryEntry] {
        match &self.sends {
            Some(Ok(sends)) => sends,
            _ => &[],
        }
    }

    fn chosen(&self) -> Option<&HistoryEntry> {
        self.sends().get(self.chosen.at())
    }

    /// Another page is looked at, from its first line on.
    fn open(&mut self, side: Option<SendSide>) {
        self.side = side;
        self.scroll.restart();
    }

    /// Makes what is looked at the edited configuration, as one step of undo. Sends nothing.
    fn put_back(&self, model: &mut Model) -> Flow {
        let (Some(send), Some(side), Screen::Form(form)) = (self.chosen(), self.side, &mut model.screen) else {
            return Flow::stay();
        };
        let at = when(&send.record.at);
        let name = match side {
            SendSide::Before => format!("put back what was before {at}"),
            SendSide::Sent => format!("put back what was sent {at}"),
        };
        let old = form.work.now().clone();
        let mut new = send.config(side).clone();
        new.id.clone_from(&old.id);
        new.fill_unreported(&old);
        if new == old {
            model.say("The form holds just that already.");
            return Flow::stay();
        }
        let edit = Edit::Whole {
            name,
            old: Box::new(old),
            new: Box::new(new),
        };
        let name = edit.name();
        form.work.apply_given(edit);
        let again = to_be_entered(form.work.now());
        form.look_again();
        let (review, undo) = (form_key(Action::Review), form_key(Action::Undo));
        model.say(format!(
            "Done: {name}. It is an edit: {review} reviews it, {undo} takes it back.{again}"
        ));
        Flow::close()
    }

    /// What putting one side of a send back would change.
    fn difference(&self, form: &Form, send: &HistoryEntry, side: SendSide, page: &mut Page) {
        let (at, outcome) = (when(&send.record.at), send.outcome());
        let title = match side {
            SendSide::Before => format!("What the server held before the send of {at} ({outcome})."),
            SendSide::Sent => format!("What was sent {at} ({outcome})."),
        };
        page.wrapped(&title, theme::strong(), 0);
        page.add("", theme::plain());
        let (now, then) = (form.work.now(), send.config(side));
        let changes = diff::changes(now, then);
        if changes.is_empty() {
            return page.add("The form holds just that.", theme::plain());
        }
        page.wrapped("Putting it back changes what the form holds now:", theme::strong(), 0);
        page.column_for(&changes);
        for change in &changes {
            page.change(change, (now, then), self.reveal);
        }
    }

    fn draw_list(&self, title: &str, canvas: &mut Canvas<'_>) {
        let inside = paint::window(canvas.buffer, canvas.above_keys(), title);
        let instead = match &self.sends {
            None => Some("Reading…".to_owned()),
            Some(Err(why)) => Some(format!("The history can't be read: {why}.")),
            Some(Ok(sends)) if sends.is_empty() => Some("Nothing was sent from here yet.".to_owned()),
            Some(Ok(_)) => None,
        };
        if let Some(said) = instead {
            return paint::wrapped(canvas.buffer, inside, &said, theme::plain());
        }
        let said = self.foot(inside.width);
        let [list, foot] = inside.split_bottom(cells(said.len()).min(inside.height / 3));
        let sends = self.sends();
        let rows = usize::from(list.height).max(1);
        let time = self.time_width();
        let window = ListWindow::new(None, rows, sends.len(), Some(self.chosen.at()));
        canvas.hit_map.window(inside, Scrolls::Front, window.first, sends.len());
        let mut cursor = list.as_position();
        for (line, spot) in list.rows().zip(window.spots()) {
            match spot {
                Spot::Row(row) => {
                    canvas.hit_map.put(line, Target::Row(row));
                    let is_chosen = row == self.chosen.at();
                    let send = &sends[row];
                    SendRow { send, is_chosen, time }.render(line, canvas.buffer);
                    if is_chosen {
                        cursor = line.as_position();
                    }
                }
                Spot::Hidden(above, below) => HiddenMark(above, below).render(line, canvas.buffer),
            }
        }
        paint::lines(canvas.buffer, foot, &said, theme::dim());
        canvas.cursor = Some(cursor);
    }

    /// Columns that the longest of the times takes, with a blank behind it.
    fn time_width(&self) -> usize {
        let widths = self.sends().iter().map(|send| shown_width(&when(&send.record.at)) + 1);
        widths.fold(TIME, usize::max)
    }

    /// What there is to be said of the chosen send, for the last rows.
    fn foot(&self, width: u16) -> Vec<String> {
        let editor_text = match self.skipped {
            0 => None,
            1 => Some("1 line of the history can't be read.".to_owned()),
            n => Some(format!("{n} lines of the history can't be read.")),
        };
        let whole = self.chosen().map(|send| send.summary(usize::MAX));
        let whole = whole.filter(|whole| shown_width(whole) > summary_room(width, self.time_width()));
        let said = [self.chosen().and_then(reason), whole, editor_text];
        let said: Vec<String> = said.into_iter().flatten().collect();
        if said.is_empty() {
            Vec::new()
        } else {
            paint::wrap(&said.join("\n"), usize::from(width))
        }
    }
}

/// Columns that are left for what was changed, beside a time of so many.
fn summary_room(width: u16, time: usize) -> usize {
    usize::from(width).saturating_sub(time + OUTCOME + 3)
}

/// A send in the list.
struct SendRow<'a> {
    send: &'a HistoryEntry,
    is_chosen: bool,
    /// Columns of the time.
    time: usize,
}

impl Widget for SendRow<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let Self { send, is_chosen, time } = self;
        let (sign, style) = match send.record.outcome {
            SendOutcome::Stored => ("✓", theme::good()),
            SendOutcome::Unknown => ("?", theme::warning()),
            _ => ("✗", theme::error()),
        };
        let lead = if is_chosen { "›" } else { " " };
        let plain = if is_chosen { theme::focus() } else { theme::plain() };
        let width = time;
        let time = format!("{:<width$}", when(&send.record.at));
        let outcome = format!(" {:<OUTCOME$}", cut_end(send.outcome(), OUTCOME - 1));
        let summary = send.summary(summary_room(area.width, width));
        let parts = [
            (lead, theme::focus()),
            (&time, plain),
            (sign, style),
            (&outcome, style),
            (&summary, plain),
        ];
        paint::pieces(buffer, area, &parts);
    }
}

/// Why it came to nothing, or what can be done about it.
fn reason(send: &HistoryEntry) -> Option<String> {
    match &send.record.outcome {
        SendOutcome::Refused(why) | SendOutcome::RefusedNotRead(why) | SendOutcome::NotSent(why) => {
            let sides = [&send.record.after, &send.record.before.config];
            Some(without_secrets(why.clone(), sides))
        }
        SendOutcome::Unknown | SendOutcome::NotShown => Some(with_keys(
            "What came of it is not known: {reload} in the form reads the server.",
        )),
        SendOutcome::LandedLate => Some("It arrived after a later send was stored, and took that back.".to_owned()),
        SendOutcome::Stored | SendOutcome::StoredDifferently | SendOutcome::NotStored | SendOutcome::Withdrawn => None,
    }
}
