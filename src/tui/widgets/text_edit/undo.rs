//! Undo and redo inside a text being edited. What is dropped is zeroed: it may be a secret.

use std::collections::VecDeque;

use zeroize::Zeroize;

/// Steps that are remembered.
const MOST_STEPS: usize = 1000;
/// Bytes of text that they have in all.
const MOST_BYTES: usize = 256 * 1024;

/// Where the cursor is, in bytes, and whether all is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caret {
    pub at: usize,
    pub selected: bool,
}

/// One step: at a place a text went and another one came.
#[derive(Clone)]
pub(super) struct TextChange {
    pub at: usize,
    pub removed: String,
    pub inserted: String,
    pub before: Caret,
    /// Where the cursor was after it.
    pub after: usize,
}

impl TextChange {
    fn bytes(&self) -> usize {
        self.removed.len() + self.inserted.len()
    }
}

impl Drop for TextChange {
    fn drop(&mut self) {
        self.removed.zeroize();
        self.inserted.zeroize();
    }
}

/// What was changed, and what of it was taken back.
#[derive(Clone, Default)]
pub(super) struct TextChanges {
    done: VecDeque<TextChange>,
    undone: Vec<TextChange>,
    /// The newest step is characters being typed: the next one joins it.
    is_typing: bool,
}

impl TextChanges {
    /// Notes a change. A character that is typed right behind the ones before is one step with them.
    pub fn note(&mut self, change: TextChange, typed: bool) {
        self.undone.clear();
        match self.done.back_mut() {
            Some(run)
                if typed && self.is_typing && change.removed.is_empty() && run.at + run.inserted.len() == change.at =>
            {
                splice(
                    &mut run.inserted,
                    change.at - run.at..change.at - run.at,
                    &change.inserted,
                );
                run.after = change.after;
            }
            _ => self.done.push_back(change),
        }
        self.is_typing = typed;
        self.forget_the_oldest();
    }

    fn forget_the_oldest(&mut self) {
        let mut bytes: usize = self.done.iter().map(TextChange::bytes).sum();
        while self.done.len() > MOST_STEPS || (bytes > MOST_BYTES && self.done.len() > 1) {
            bytes -= self.done.pop_front().map_or(0, |oldest| oldest.bytes());
        }
    }

    /// What is typed next is a step of its own.
    pub fn end_typing(&mut self) {
        self.is_typing = false;
    }

    /// The newest step that wasn't taken back: it counts as taken back from now on.
    pub fn undo(&mut self) -> Option<&TextChange> {
        self.is_typing = false;
        self.undone.push(self.done.pop_back()?);
        self.undone.last()
    }

    /// The other way round.
    pub fn redo(&mut self) -> Option<&TextChange> {
        self.is_typing = false;
        self.done.push_back(self.undone.pop()?);
        self.done.back()
    }
}

/// Puts a text in place of a part of another one. Memory that is outgrown is zeroed.
pub(super) fn splice(text: &mut String, part: std::ops::Range<usize>, with: &str) {
    let needed = text.len() - part.len() + with.len();
    if needed <= text.capacity() {
        text.replace_range(part, with);
        return;
    }
    let mut grown = String::with_capacity(needed.max(text.capacity() * 2).max(64));
    grown.push_str(&text[..part.start]);
    grown.push_str(with);
    grown.push_str(&text[part.end..]);
    std::mem::replace(text, grown).zeroize();
}
