//! The inside of a bracketed paste: from after `ESC [ 200 ~` to its end, or to where patience ends.

use std::time::Duration;

use crossterm::event::Event;

/// Longest paste that is kept, bytes; the rest up to the end marker is thrown away, never typed.
pub const PASTE_LIMIT: usize = 2 * 1024 * 1024;

/// A paste that brings nothing for so long has lost its end marker.
pub const PASTE_SILENCE: Duration = Duration::from_secs(2);

const BEGIN: &[u8] = b"\x1b[200~";
const END: &[u8] = b"\x1b[201~";

#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
    /// The limit was reached and the text delivered; `bytes` now only holds what may become the end marker.
    overflowed: bool,
}

pub(super) enum PasteStep {
    Open,
    /// The limit was reached: what came. The paste itself goes on, unheard.
    Overflow(Event),
    Closed(Option<Event>),
}

impl Paste {
    pub(super) fn push(&mut self, byte: u8) -> PasteStep {
        self.bytes.push(byte);
        if byte == b'~' {
            if self.bytes.ends_with(END) {
                self.bytes.truncate(self.bytes.len() - END.len());
                return PasteStep::Closed(std::mem::take(self).into_event());
            }
            // A marker inside a paste is no text that anybody meant; left in, it could open another paste elsewhere.
            if self.bytes.ends_with(BEGIN) {
                self.bytes.truncate(self.bytes.len() - BEGIN.len());
            }
        }
        if self.overflowed {
            let excess = self.bytes.len().saturating_sub(END.len());
            self.bytes.drain(..excess);
        } else if self.bytes.len() >= PASTE_LIMIT + END.len() {
            // The last bytes could be the end marker's; they are judged by what follows.
            let rest = self.bytes.split_off(PASTE_LIMIT);
            let text = std::mem::replace(&mut self.bytes, rest);
            self.overflowed = true;
            return PasteStep::Overflow(Event::Paste(clean(&text)));
        }
        PasteStep::Open
    }

    /// What came, if it wasn't delivered yet.
    pub(super) fn into_event(mut self) -> Option<Event> {
        if self.overflowed {
            return None;
        }
        let partial = (1..END.len()).rev().find(|&n| self.bytes.ends_with(&END[..n]));
        // A lone ESC at the end may be the text's own; more of the marker can't be chance.
        if let Some(n) = partial.filter(|&n| n > 1) {
            self.bytes.truncate(self.bytes.len() - n);
        }
        self.bytes.truncate(PASTE_LIMIT);
        Some(Event::Paste(clean(&self.bytes)))
    }
}

/// Text as the editor wants it: line ends are LF (terminals send CR for them), invalid UTF-8 is U+FFFD.
fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_the_limit_is_not_kept() {
        let mut paste = Paste::default();
        let overflows = (0..PASTE_LIMIT * 2)
            .filter(|_| matches!(paste.push(b'x'), PasteStep::Overflow(_)))
            .count();
        assert_eq!(overflows, 1);
        assert!(paste.bytes.len() <= END.len());
    }
}
