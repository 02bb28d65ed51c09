//! The questions about a draft and about another editor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::lines::{Page, others_sign};
use super::popup::{hints_row, sheet, subject};
use super::when;
use crate::endpoint::diff;
use crate::secret::MASK;
use crate::session::differences;
use crate::store::Typing;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{DraftQuestion, Form, Keeping, Model, Screen};
use crate::tui::theme;
use crate::tui::widget::paint;

/// The question about a draft: a page with what restoring would do.
pub fn draw_draft(model: &Model, question: &DraftQuestion, buffer: &mut Buffer, area: Rect) {
    let Screen::Form(form) = &model.screen else { return };
    let title = format!("Unsaved edits · {}", subject(model, form));
    let hints = hints(
        Context::Draft,
        &[
            (Action::Restore, "restore"),
            (Action::Discard, "discard"),
            (Action::RevealAll, "values"),
            (Action::Picker, "decide later, to the picker"),
            (Action::Quit, "quit"),
        ],
    );
    sheet(model, &title, question.scroll, &hints, buffer, area);
}

/// The keys of some actions, for the hints.
pub fn hints(context: Context, actions: &[(Action, &'static str)]) -> Vec<(String, &'static str)> {
    actions
        .iter()
        .filter_map(|(action, says)| Some((keymap().hint(context, *action)?, *says)))
        .collect()
}

impl Page {
    /// What a draft holds, and what restoring it would change.
    pub(super) fn draft(&mut self, form: &Form, question: &DraftQuestion) {
        let draft = &question.draft;
        let at = when(&draft.saved_at);
        let text = format!("An earlier session (process {}) left unsaved edits of {at}.", draft.pid);
        self.wrapped(&text, theme::strong(), 0);
        for said in &question.said {
            self.wrapped(said, theme::warning(), 0);
        }
        self.add("", theme::plain());
        let (base, server) = (form.work.now(), &form.work.base().config);
        let merge = form.work.merge_of(draft);
        let merged = merge.resolve(&[]);
        let clashing: Vec<String> = merge.clashes().iter().map(|clash| clash.name()).collect();
        let changes = diff::changes(base, &merged);
        if !changes.is_empty() {
            self.add("Restoring them changes:", theme::strong());
        }
        for change in &changes {
            self.change(change, (base, &merged), question.reveal);
        }
        if let Some(typing) = &draft.typing {
            self.typing(typing, question.reveal);
        }
        if draft.sent.is_some() && question.said.is_empty() {
            self.add("", theme::plain());
            let text = "! They were sent, and whether they were stored was not known then.";
            self.wrapped(text, theme::warning(), 2);
        }
        let others = differences(&draft.loaded.config, server);
        if !others.is_empty() {
            self.add("", theme::plain());
            self.wrapped(
                "Somebody else changed since then, and the server holds:",
                theme::strong(),
                0,
            );
            for change in &others {
                self.change_as(
                    Some((others_sign(change), theme::plain())),
                    change,
                    (&draft.loaded.config, server),
                    question.reveal,
                );
            }
        }
        if !clashing.is_empty() {
            self.add("", theme::plain());
            let text = format!(
                "! Changed on both sides, to be decided when you restore: {}.",
                clashing.join(", ")
            );
            self.wrapped(&text, theme::warning(), 2);
        }
    }

    /// What was being typed.
    fn typing(&mut self, typing: &Typing, reveal: bool) {
        let (name, secret) = typing.place();
        let text = if secret && !reveal { MASK } else { typing.text.reveal() };
        let said = format!("{} (being typed, not taken yet)", text.replace('\n', "␊"));
        self.entry(&format!("› {name}"), 19, &said, theme::plain());
    }
}

/// The question about another editor.
pub fn draw_occupied(model: &Model, buffer: &mut Buffer, area: Rect) {
    let Screen::Form(form) = &model.screen else { return };
    let Keeping::Theirs(said) = &form.keeping else { return };
    let width = area.width.min(66);
    let mut lines = paint::wrap(
        &format!("Another novita-edit has this endpoint: {said}."),
        usize::from(width - 4),
    );
    lines.push(String::new());
    let text = "If it is gone for you (a dropped line), take over: it turns read-only, and what it left unsaved is \
                offered to you.";
    lines.extend(paint::wrap(text, usize::from(width - 4)));
    let choices = [
        (Action::TakeOver, "take over"),
        (Action::LookOnly, "go on read-only"),
        (Action::Picker, "to the picker"),
        (Action::Quit, "quit"),
    ];
    let rows = u16::try_from(lines.len() + choices.len() + 1).unwrap_or(12);
    let place = paint::centered(area, width, (rows + 2).min(area.height - 1));
    let inside = paint::window(buffer, place, "In use");
    let choices = hints(Context::Occupied, &choices);
    let room = usize::from(inside.height).saturating_sub(choices.len() + 1);
    for (row, line) in lines.iter().take(room).enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, inside.width - 1, line, theme::plain());
    }
    for (row, (key, says)) in choices.iter().enumerate() {
        let y = inside.bottom() - u16::try_from(choices.len() - row).unwrap_or(1);
        paint::text(buffer, inside.x + 1, y, 5, key, theme::key());
        paint::text(buffer, inside.x + 6, y, inside.width - 6, says, theme::plain());
    }
    hints_row(buffer, area, &choices);
}
