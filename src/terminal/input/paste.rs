//! The inside of a bracketed paste: from after `ESC [ 200 ~` to its end, over every stall of the line.
//!
//! A paste that brings nothing for [`PASTE_SILENCE`] is delivered as far as it came and stays open: what comes later
//! still belongs to it and is no key. From then on it also ends by an Esc that stays alone for as long, by Ctrl-C, and
//! after [`PASTE_LOST`] of silence, since its end marker may be lost.

use std::time::Duration;

use super::event::PastePiece;

/// Longest paste that is kept, bytes; the rest up to the end marker is thrown away, never typed.
pub const PASTE_LIMIT: usize = 2 * 1024 * 1024;

/// A paste that brings nothing for so long has stalled.
pub const PASTE_SILENCE: Duration = Duration::from_secs(2);

/// A paste that stalled and then brings nothing for so long has lost its end marker.
pub const PASTE_LOST: Duration = Duration::from_secs(30);

const BEGIN: &[u8] = b"\x1b[200~";
const END: &[u8] = b"\x1b[201~";
const ESC: u8 = 0x1b;
const CTRL_C: u8 = 0x03;

#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
    /// Bytes that were delivered.
    delivered: usize,
    /// A piece was delivered.
    begun: bool,
    /// It brought nothing for a while, and people were told.
    stalled: bool,
    /// The limit was reached and the text delivered; `bytes` now only holds what may become the end marker.
    overflowed: bool,
}

impl Paste {
    /// Takes a byte; `alone`: it is the last one of its read. A piece, where the paste ends with it or grows too long.
    pub(super) fn push(&mut self, byte: u8, alone: bool) -> Option<PastePiece> {
        // A person's Ctrl-C comes by itself; in the middle of other bytes it is one of the pasted text.
        if self.stalled && byte == CTRL_C && alone {
            return Some(self.end());
        }
        self.bytes.push(byte);
        if byte == b'~' {
            if self.bytes.ends_with(END) {
                self.bytes.truncate(self.bytes.len() - END.len());
                return Some(self.end());
            }
            // A marker inside a paste is no text that anybody meant; left in, it could open another paste elsewhere.
            if self.bytes.ends_with(BEGIN) {
                self.bytes.truncate(self.bytes.len() - BEGIN.len());
            }
        }
        if self.overflowed {
            let excess = self.bytes.len().saturating_sub(END.len());
            self.bytes.drain(..excess);
        } else if self.delivered + self.bytes.len() >= PASTE_LIMIT + END.len() {
            // The last bytes could be the end marker's; they are judged by what follows.
            self.overflowed = true;
            return Some(self.piece(PASTE_LIMIT - self.delivered, false));
        }
        None
    }

    /// How long it may bring nothing before [`expire`](Self::expire) has something to do.
    pub(super) fn patience(&self) -> Duration {
        if !self.stalled || self.deliverable() > 0 || self.is_lone_esc() {
            PASTE_SILENCE
        } else {
            PASTE_LOST
        }
    }

    /// It brought nothing for its patience. What came so far, and the paste stays open; or it is over.
    pub(super) fn expire(&mut self) -> PastePiece {
        if self.stalled && self.deliverable() == 0 {
            self.bytes.clear();
            return self.end();
        }
        self.stall()
    }

    /// What came so far; the paste stays open.
    pub(super) fn stall(&mut self) -> PastePiece {
        self.stalled = true;
        self.piece(self.deliverable(), false)
    }

    /// The end of it, however it came about.
    pub(super) fn end(&mut self) -> PastePiece {
        // A lone ESC at the end may be the text's own; more of the marker can't be chance.
        let partial = Some(marker_begun(&self.bytes)).filter(|&n| n > 1).unwrap_or(0);
        let kept = (self.bytes.len() - partial).min(PASTE_LIMIT - self.delivered);
        self.piece(kept, true)
    }

    /// The first `kept` bytes, as a piece.
    fn piece(&mut self, kept: usize, last: bool) -> PastePiece {
        let rest = self.bytes.split_off(kept);
        let bytes = std::mem::replace(&mut self.bytes, rest);
        self.delivered += kept;
        PastePiece {
            text: clean(&bytes),
            first: !std::mem::replace(&mut self.begun, true),
            last,
            cut: self.overflowed,
        }
    }

    /// Bytes that can be delivered before the rest came.
    fn deliverable(&self) -> usize {
        if self.overflowed || self.is_lone_esc() {
            0
        } else {
            self.bytes.len() - self.withheld()
        }
    }

    /// Whether an Esc came and nothing else since the last piece: a person who wants the paste to end, and may press it
    /// again.
    fn is_lone_esc(&self) -> bool {
        self.stalled && !self.bytes.is_empty() && self.bytes.iter().all(|byte| *byte == ESC)
    }

    /// Bytes at the end that only mean something together with what follows: a part of the end marker, of a line end,
    /// of a character.
    fn withheld(&self) -> usize {
        let marker = marker_begun(&self.bytes);
        if marker > 0 {
            return marker;
        }
        if self.bytes.ends_with(b"\r") {
            return 1;
        }
        (1..=3.min(self.bytes.len()))
            .find(|n| {
                let tail = &self.bytes[self.bytes.len() - n..];
                matches!(std::str::from_utf8(tail), Err(error) if error.valid_up_to() == 0 && error.error_len().is_none())
            })
            .unwrap_or(0)
    }
}

/// How many bytes at the end may be the beginning of the end marker.
fn marker_begun(bytes: &[u8]) -> usize {
    (1..END.len()).rev().find(|&n| bytes.ends_with(&END[..n])).unwrap_or(0)
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
            .filter(|_| paste.push(b'x', false).is_some())
            .count();
        assert_eq!(overflows, 1);
        assert!(paste.bytes.len() <= END.len());
    }
}
