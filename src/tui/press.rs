//! A key, with what could be seen when it was pressed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::terminal::Seen;

/// A key that was pressed, and what could be seen then: `update` has no clock, so how old a key is comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// The key.
    pub key: KeyEvent,
    /// It came as ESC and the key's own bytes: Alt with the key, as `key` has it, or Esc and then the key.
    pub after_esc: bool,
    /// The newest frame that had been written when it was read.
    pub seen: u64,
    /// The newest frame that had been written for [`PAUSE`](crate::terminal::PAUSE) then.
    pub settled: u64,
    /// Nothing had been typed for [`PAUSE`](crate::terminal::PAUSE) before.
    pub rested: bool,
}

impl Press {
    /// A key that is pressed by somebody who has looked at a frame for a while.
    pub fn seen(key: KeyEvent, frame: u64) -> Self {
        Self::of(
            key,
            Seen {
                newest: frame,
                settled: frame,
            },
            true,
        )
    }

    /// A key with what could be seen.
    pub fn of(key: KeyEvent, seen: Seen, rested: bool) -> Self {
        Self {
            key,
            after_esc: false,
            seen: seen.newest,
            settled: seen.settled,
            rested,
        }
    }

    /// ESC and a key in one: as a whole it is Alt with the key. But Shift-Tab, which only the Linux console sends so,
    /// is just that.
    pub fn after_esc(self) -> Self {
        let mut key = self.key;
        if key.code != KeyCode::BackTab {
            key.modifiers |= KeyModifiers::ALT;
        }
        Self {
            key,
            after_esc: true,
            ..self
        }
    }

    /// Esc and the key, where that can be what was typed.
    pub fn apart(self) -> Option<[Self; 2]> {
        if !self.after_esc || !self.key.modifiers.contains(KeyModifiers::ALT) {
            return None;
        }
        let with = |key| Self {
            key,
            after_esc: false,
            ..self
        };
        Some([
            with(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)),
            with(KeyEvent::new(self.key.code, self.key.modifiers - KeyModifiers::ALT)),
        ])
    }
}
