//! Bytes of a terminal → events, one byte at a time.
//!
//! Pure: no clock and no file descriptor. What is held back (a lone ESC, the first part of a sequence, an open paste)
//! is given up by [`InputParser::expire`], and [`InputParser::deadline`] says when to call it. Only what a person may
//! have typed (ESC, `ESC [`, `ESC O` and their like) is held for a short time and then is that key; the beginning of
//! anything else is held for [`REST_PATIENCE`] and then swallowed, never typed. Each byte is looked at once; nothing
//! that a terminal can send makes the parser panic, keep more than [`PASTE_LIMIT`], or swallow keys for ever.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::event::InputEvent;
use super::keys;
use super::paste::Paste;

pub use super::paste::{PASTE_LIMIT, PASTE_LOST, PASTE_SILENCE};

/// How long the rest of what nobody types is waited for: of a character, of a sequence with a parameter, of a mouse
/// report, of an answer (OSC, DCS…). A line may stall in the middle of each.
pub const REST_PATIENCE: Duration = Duration::from_secs(2);

/// Longest CSI sequence that is kept for decoding, bytes. No key comes near; longer ones are swallowed.
const CSI_LIMIT: usize = 64;

const BACK_TAB: KeyEvent = KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);

/// An incremental parser of terminal input.
#[derive(Debug)]
pub struct InputParser {
    esc_timeout: Duration,
    /// `ESC TAB` is Shift-Tab, as the Linux console sends it; elsewhere it is Alt-Tab, or Esc and then Tab.
    linux_console: bool,
    state: ParserState,
    /// When the newest byte was fed.
    fed: Option<Instant>,
}

#[derive(Debug)]
enum ParserState {
    Ground,
    /// ESC, which may be the key or the start of something.
    Esc,
    /// ESC ESC: two Esc keys, or an Alt before a sequence (`ESC ESC [ A`).
    EscEsc,
    /// Part of a UTF-8 character.
    Utf8 {
        bytes: [u8; 4],
        len: usize,
        alt: bool,
    },
    /// After `ESC [`: parameters and intermediates.
    Csi {
        bytes: Vec<u8>,
        alt: bool,
    },
    /// After `ESC [` and parameters whose rest didn't come in time: no key any more, but where the rest does come it
    /// isn't typed.
    LateCsi {
        bytes: Vec<u8>,
        /// A part of the rest came.
        more: bool,
    },
    /// After `ESC [ [`: the Linux console's F1 to F5 take one more byte.
    LinuxKey {
        alt: bool,
    },
    /// After `ESC O`; some terminals put modifiers before the final byte.
    Ss3 {
        bytes: Vec<u8>,
        alt: bool,
    },
    /// After `ESC [ M`: a mouse report of three raw bytes.
    X10Mouse {
        bytes: [u8; 3],
        len: usize,
    },
    /// After the introducer of an OSC, DCS, APC, PM or SOS string: an unasked-for answer, swallowed to its end.
    /// `len` counts its bytes; with none of them it may have been an Alt key.
    Text {
        introducer: u8,
        len: usize,
    },
    /// ESC inside such a string; `\` makes it the end.
    TextEsc,
    Paste(Paste),
}

impl ParserState {
    /// Whether what is held may be all that a person typed: Esc, or Alt with the letter that begins a sequence.
    fn may_be_typed(&self) -> bool {
        match self {
            Self::Esc | Self::EscEsc | Self::Text { len: 0, .. } => true,
            Self::Csi { bytes, .. } | Self::Ss3 { bytes, .. } => bytes.is_empty(),
            _ => false,
        }
    }
}

impl InputParser {
    /// A parser that holds a lone ESC, and what else a person may have typed, for `esc_timeout`.
    pub fn new(esc_timeout: Duration) -> Self {
        Self {
            esc_timeout,
            linux_console: false,
            state: ParserState::Ground,
            fed: None,
        }
    }

    /// The same for the Linux console (`TERM=linux`), whose Shift-Tab is `ESC TAB`.
    pub fn for_linux_console(self, linux_console: bool) -> Self {
        Self { linux_console, ..self }
    }

    /// Whether something is held: what comes next may belong to it.
    pub fn is_holding(&self) -> bool {
        !matches!(self.state, ParserState::Ground | ParserState::LateCsi { .. })
    }

    /// Takes bytes that were read at `now` and appends the events that they complete to `events`.
    ///
    /// Never gives up what is held: bytes that wait to be read while the clock runs over may well be the rest of a
    /// sequence.
    pub fn feed(&mut self, bytes: &[u8], now: Instant, events: &mut Vec<InputEvent>) {
        if !bytes.is_empty() {
            self.fed = Some(now);
        }
        for (at, &byte) in bytes.iter().enumerate() {
            self.step(byte, at + 1 == bytes.len(), events);
        }
    }

    /// When [`expire`](Self::expire) has something to do; `None` when nothing is held.
    pub fn deadline(&self) -> Option<Instant> {
        let patience = match &self.state {
            ParserState::Ground => return None,
            ParserState::Paste(paste) => paste.patience(),
            ParserState::LateCsi { .. } => PASTE_LOST,
            state if state.may_be_typed() => self.esc_timeout,
            _ => REST_PATIENCE.max(self.esc_timeout),
        };
        self.fed.map(|at| at + patience)
    }

    /// Gives up what is held, if its time is over at `now`: a lone ESC becomes Esc, `ESC [` Alt-[. Of an open paste
    /// what came is delivered. A longer part of a sequence is dropped: taken for an Esc key it would throw away an
    /// edit.
    pub fn expire(&mut self, now: Instant, events: &mut Vec<InputEvent>) {
        if self.deadline().is_none_or(|at| at > now) {
            return;
        }
        match &mut self.state {
            ParserState::Paste(paste) => {
                let piece = paste.expire();
                if piece.last {
                    self.state = ParserState::Ground;
                }
                events.push(InputEvent::Paste(piece));
            }
            ParserState::Csi { bytes, .. } if !bytes.is_empty() => {
                let bytes = std::mem::take(bytes);
                self.state = ParserState::LateCsi { bytes, more: false };
            }
            _ => self.finish(events),
        }
        // The next patience begins now.
        self.fed = Some(now);
    }

    /// Gives up what is held at once: the input ended, or somebody else reads it for a while.
    pub fn finish(&mut self, events: &mut Vec<InputEvent>) {
        match std::mem::replace(&mut self.state, ParserState::Ground) {
            ParserState::Esc => events.push(key(KeyCode::Esc, KeyModifiers::NONE)),
            ParserState::EscEsc => events.extend([
                key(KeyCode::Esc, KeyModifiers::NONE),
                key(KeyCode::Esc, KeyModifiers::NONE),
            ]),
            ParserState::Csi { bytes, alt } if bytes.is_empty() => interrupted(b'[', alt, events),
            ParserState::Ss3 { bytes, alt } if bytes.is_empty() => interrupted(b'O', alt, events),
            ParserState::Text { introducer, len: 0 } => interrupted(introducer, false, events),
            ParserState::Paste(mut paste) => events.push(InputEvent::Paste(paste.end())),
            _ => {}
        }
    }

    /// Somebody else reads the input for a while. What is held is given up, but for an open paste: of that what came is
    /// delivered, and what comes of it later is no key either.
    pub fn pause(&mut self, events: &mut Vec<InputEvent>) {
        match &mut self.state {
            ParserState::Paste(paste) => events.push(InputEvent::Paste(paste.stall())),
            _ => self.finish(events),
        }
    }

    fn step(&mut self, byte: u8, alone: bool, events: &mut Vec<InputEvent>) {
        match &mut self.state {
            ParserState::Ground => self.ground(byte, false, events),
            ParserState::Esc => self.after_esc(byte, events),
            ParserState::EscEsc => match byte {
                b'[' => {
                    self.state = ParserState::Csi {
                        bytes: Vec::new(),
                        alt: true,
                    }
                }
                b'O' => {
                    self.state = ParserState::Ss3 {
                        bytes: Vec::new(),
                        alt: true,
                    }
                }
                // The first ESC was a key; the second one starts what follows.
                _ => {
                    events.push(key(KeyCode::Esc, KeyModifiers::NONE));
                    self.after_esc(byte, events);
                }
            },
            ParserState::Utf8 { .. } => self.utf8(byte, events),
            ParserState::Csi { .. } => self.csi(byte, events),
            ParserState::LateCsi { bytes, more } => match byte {
                0x30..=0x3f => {
                    *more = true;
                    if bytes.len() <= CSI_LIMIT {
                        bytes.push(byte);
                    }
                }
                b'~' if bytes == b"200" => self.state = ParserState::Paste(Paste::default()),
                // A letter alone is more likely a key.
                0x40..=0x7e if *more || byte == b'~' => self.state = ParserState::Ground,
                _ => self.ground(byte, false, events),
            },
            ParserState::LinuxKey { alt } => {
                let alt = *alt;
                self.state = ParserState::Ground;
                match byte {
                    b'A'..=b'E' => events.push(key(KeyCode::F(byte - b'A' + 1), alt_if(alt))),
                    0x20..=0x7e => {}
                    _ => self.ground(byte, false, events),
                }
            }
            ParserState::Ss3 { .. } => self.ss3(byte, events),
            ParserState::X10Mouse { bytes, len } => {
                bytes[*len] = byte;
                *len += 1;
                if byte < 0x20 {
                    self.state = ParserState::Ground;
                    self.ground(byte, false, events);
                } else if *len == 3 {
                    let bytes = *bytes;
                    self.state = ParserState::Ground;
                    events.extend(keys::x10_mouse(bytes));
                }
            }
            ParserState::Text { introducer, len } => match byte {
                0x07 | 0x18 | 0x1a if *len > 0 => self.state = ParserState::Ground,
                0x1b if *len > 0 => self.state = ParserState::TextEsc,
                // No answer holds control characters: this is a key, and the string was an Alt key or has lost its end.
                0x00..=0x1f | 0x7f => {
                    let alone = (*len == 0).then_some(*introducer);
                    self.state = ParserState::Ground;
                    if let Some(introducer) = alone {
                        interrupted(introducer, false, events);
                    }
                    self.ground(byte, false, events);
                }
                _ => *len += 1,
            },
            ParserState::TextEsc => {
                self.state = ParserState::Ground;
                if byte != b'\\' {
                    self.after_esc(byte, events);
                }
            }
            ParserState::Paste(paste) => {
                if let Some(piece) = paste.push(byte, alone) {
                    if piece.last {
                        self.state = ParserState::Ground;
                    }
                    events.push(InputEvent::Paste(piece));
                }
            }
        }
    }

    /// A byte that begins something; `alt` when an ESC came before it.
    fn ground(&mut self, byte: u8, alt: bool, events: &mut Vec<InputEvent>) {
        self.state = ParserState::Ground;
        match byte {
            0x1b => self.state = ParserState::Esc,
            0xc2..=0xf4 => {
                self.state = ParserState::Utf8 {
                    bytes: [byte, 0, 0, 0],
                    len: 1,
                    alt,
                }
            }
            // Stray continuation bytes and bytes that UTF-8 doesn't have are not typed.
            0x80..=0xff => {}
            b'\t' if alt && self.linux_console => events.push(InputEvent::EscKey(BACK_TAB)),
            _ => events.push(typed(keys::ascii(byte), alt)),
        }
    }

    fn after_esc(&mut self, byte: u8, events: &mut Vec<InputEvent>) {
        match byte {
            0x1b => self.state = ParserState::EscEsc,
            b'[' => {
                self.state = ParserState::Csi {
                    bytes: Vec::new(),
                    alt: false,
                }
            }
            b'O' => {
                self.state = ParserState::Ss3 {
                    bytes: Vec::new(),
                    alt: false,
                }
            }
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.state = ParserState::Text {
                    introducer: byte,
                    len: 0,
                }
            }
            0x80..=0xc1 | 0xf5..=0xff => {
                self.state = ParserState::Ground;
                events.push(key(KeyCode::Esc, KeyModifiers::NONE));
            }
            _ => self.ground(byte, true, events),
        }
    }

    fn utf8(&mut self, byte: u8, events: &mut Vec<InputEvent>) {
        let ParserState::Utf8 { bytes, len, alt } = &mut self.state else {
            return;
        };
        bytes[*len] = byte;
        *len += 1;
        match std::str::from_utf8(&bytes[..*len]) {
            Ok(text) => {
                let c = text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                let alt = *alt;
                self.state = ParserState::Ground;
                // C1 controls in UTF-8 are no text either.
                if !c.is_control() {
                    events.push(typed(keys::character(c), alt));
                }
            }
            Err(error) if error.error_len().is_none() => {}
            // The character broke off; this byte begins something else.
            Err(_) => self.ground(byte, false, events),
        }
    }

    fn csi(&mut self, byte: u8, events: &mut Vec<InputEvent>) {
        let ParserState::Csi { bytes, alt } = &mut self.state else {
            return;
        };
        let alt = *alt;
        match byte {
            b'[' if bytes.is_empty() => self.state = ParserState::LinuxKey { alt },
            b'M' if bytes.is_empty() => self.state = ParserState::X10Mouse { bytes: [0; 3], len: 0 },
            // rxvt ends its Shift keys by `$`, which elsewhere introduces a final byte.
            b'$' if !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) => self.csi_done(byte, events),
            0x20..=0x3f => {
                if bytes.len() <= CSI_LIMIT {
                    bytes.push(byte);
                }
            }
            0x40..=0x7e => self.csi_done(byte, events),
            _ => {
                let alone = bytes.is_empty();
                self.state = ParserState::Ground;
                if alone {
                    interrupted(b'[', alt, events);
                }
                // CAN and SUB only cancel a sequence that had begun in earnest.
                if alone || !matches!(byte, 0x18 | 0x1a) {
                    self.ground(byte, false, events);
                }
            }
        }
    }

    fn csi_done(&mut self, last: u8, events: &mut Vec<InputEvent>) {
        let ParserState::Csi { bytes, alt } = std::mem::replace(&mut self.state, ParserState::Ground) else {
            return;
        };
        if last == b'~' && bytes == b"200" {
            if alt {
                events.push(key(KeyCode::Esc, KeyModifiers::NONE));
            }
            self.state = ParserState::Paste(Paste::default());
        } else if bytes.len() <= CSI_LIMIT {
            events.extend(keys::csi(&bytes, last, alt_if(alt)));
        }
    }

    fn ss3(&mut self, byte: u8, events: &mut Vec<InputEvent>) {
        let ParserState::Ss3 { bytes, alt } = &mut self.state else {
            return;
        };
        let alt = *alt;
        match byte {
            b'0'..=b'9' | b';' if bytes.len() < 8 => bytes.push(byte),
            0x20..=0x7e => {
                let event = keys::ss3(bytes, byte, alt_if(alt));
                self.state = ParserState::Ground;
                events.extend(event);
            }
            _ => {
                let alone = bytes.is_empty();
                self.state = ParserState::Ground;
                if alone {
                    interrupted(b'O', alt, events);
                }
                self.ground(byte, false, events);
            }
        }
    }
}

/// An introducer with nothing after it was the Alt key of its letter (with ESC ESC before it: Esc, then that).
fn interrupted(introducer: u8, esc_before: bool, events: &mut Vec<InputEvent>) {
    if esc_before {
        events.push(key(KeyCode::Esc, KeyModifiers::NONE));
    }
    events.push(InputEvent::EscKey(keys::ascii(introducer)));
}

/// A key of its own bytes, with an ESC before them or not.
fn typed(key: KeyEvent, after_esc: bool) -> InputEvent {
    if after_esc {
        InputEvent::EscKey(key)
    } else {
        InputEvent::Key(key)
    }
}

fn alt_if(alt: bool) -> KeyModifiers {
    if alt { KeyModifiers::ALT } else { KeyModifiers::NONE }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> InputEvent {
    InputEvent::Key(KeyEvent::new(code, modifiers))
}

#[cfg(test)]
#[path = "parser_tests.rs"]
mod tests;
