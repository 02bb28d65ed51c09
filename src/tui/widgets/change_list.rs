//! What is wrong and what differs, a line each: in the review, the history, the question about a draft.

use ratatui::style::Style;

use super::page::{LEAST_COLUMN, Page};
use crate::endpoint::diff::Change;
use crate::endpoint::format::worded;
use crate::endpoint::reorder::{is_sorted, moves};
use crate::endpoint::{EndpointConfig, FieldId, List};
use crate::session::{ChangeKind, Workspace, sides_in_words};
use crate::text::width::shown_width;
use crate::tui::theme;

/// How many rows that moved are told one by one.
const MOST_MOVES: usize = 5;

impl Page {
    /// What is wrong, the errors first, and an empty line.
    pub fn problems(&mut self, work: &Workspace) {
        let mut problems: Vec<_> = work.problems().iter().collect();
        problems.sort_by_key(|p| p.severity);
        for problem in problems {
            let (sign, style) = theme::sign(problem.severity);
            self.wrapped(&format!("{sign} {}", problem.sentence(work.now())), style, 2);
        }
        if !self.lines.is_empty() {
            self.add("", theme::plain());
        }
    }

    /// How many changes there are, each of them, and what others changed.
    pub fn changes(&mut self, work: &Workspace, reveal: bool) {
        let changes = work.changes();
        match changes.len() {
            0 => self.add("No changes: the body is as the server has it.", theme::plain()),
            1 => self.add("1 change:", theme::strong()),
            n => self.add(format!("{n} changes:"), theme::strong()),
        }
        let (old, new) = (&work.base().config, work.now());
        self.column_for(changes.iter().chain(work.others()));
        for change in &changes {
            self.change(change, (old, new), reveal);
        }
        // The same number means something else under another policy type. Where nobody entered it that is a problem,
        // told above.
        if old.policy.kind != new.policy.kind && old.policy.value == new.policy.value && !work.keeps_number() {
            let value = FieldId::PolicyValue;
            let text = format!(
                "{} → {}: the same number, with another meaning",
                worded(value, new.text(value), old),
                worded(value, new.text(value), new)
            );
            self.entry(&format!("! {}", value.label()), self.column, &text, theme::warning());
        }
        self.others(work, &changes, reveal);
    }

    /// What somebody else changed since it was loaded; it stays, unless one's own change goes over it.
    fn others(&mut self, work: &Workspace, mine: &[Change], reveal: bool) {
        let others = work.others();
        if others.is_empty() {
            return;
        }
        self.add("", theme::plain());
        self.wrapped(
            "Somebody else changed meanwhile, and the server holds:",
            theme::strong(),
            0,
        );
        let configs = (work.known(), &work.base().config);
        for change in others {
            self.change_as(Some((others_sign(change), theme::plain())), change, configs, reveal);
            if mine.iter().any(|mine| mine.name() == change.name()) {
                self.entry("", self.column, "yours, above, goes over it", theme::warning());
            }
        }
    }

    /// From here on what changed stands in a column behind the names of these, as far as that leaves room for it.
    pub fn column_for<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) {
        let widest = changes.into_iter().map(|change| shown_width(&change.name())).max();
        self.column = (widest.unwrap_or(0) + 4).clamp(LEAST_COLUMN, (self.width * 2 / 5).max(LEAST_COLUMN));
    }

    /// One difference: its name, old → new, each with its unit.
    pub fn change(&mut self, change: &Change, configs: (&EndpointConfig, &EndpointConfig), reveal: bool) {
        self.change_as(None, change, configs, reveal);
    }

    /// The same under a sign of its own instead of the one for added, gone or changed.
    pub fn change_as(
        &mut self,
        sign: Option<(&str, Style)>,
        change: &Change,
        (old, new): (&EndpointConfig, &EndpointConfig),
        reveal: bool,
    ) {
        let kind = ChangeKind::of(change);
        let style = match kind {
            ChangeKind::Added => theme::good(),
            ChangeKind::Deleted => theme::error(),
            ChangeKind::Changed => theme::changed(),
        };
        let (sign, style) = sign.unwrap_or((kind.sign(), style));
        if let (None, Some(list)) = (&change.row, change.field.spec().pane.list())
            && self.order(&format!("{sign} {}", change.name()), list, (old, new), style)
        {
            return;
        }
        let text = sides_in_words(change, (old, new), reveal);
        self.entry(&format!("{sign} {}", change.name()), self.column, &text, style);
    }

    /// Another order of a list's rows: which of them moved. False where none did.
    fn order(&mut self, name: &str, list: List, (old, new): (&EndpointConfig, &EndpointConfig), style: Style) -> bool {
        let moved = moves(list, old, new);
        if moved.is_empty() {
            return false;
        }
        let mut lines: Vec<String> = moved.iter().take(MOST_MOVES).map(ToString::to_string).collect();
        let more = moved.len() - lines.len();
        if more > 0 && is_sorted(list, new) {
            lines = vec![format!("sorted by {}, {} rows moved", list.key(), moved.len())];
        } else if more > 0 {
            lines.push(format!("…and {more} more"));
        }
        const SAYS: &str = "order: ";
        let widest = lines.iter().map(|line| shown_width(line)).max().unwrap_or(0);
        // Under each other, where no line has to be broken for that.
        let under = if self.column + SAYS.len() + widest <= self.width {
            " ".repeat(SAYS.len())
        } else {
            String::new()
        };
        for (at, line) in lines.iter().enumerate() {
            let (name, lead) = if at == 0 { (name, SAYS) } else { ("", under.as_str()) };
            self.entry(name, self.column, &format!("{lead}{line}"), style);
        }
        true
    }
}

/// The sign of somebody else's change: what they added, took away, or made another.
pub fn others_sign(change: &Change) -> &'static str {
    match ChangeKind::of(change) {
        ChangeKind::Changed => "~",
        kind => kind.sign(),
    }
}
