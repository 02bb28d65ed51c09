//! What the sequences mean: the key tables.
//!
//! Sources: xterm's ctlseqs, the Linux console's console_codes(4), rxvt's keys, the kitty keyboard protocol. A sequence
//! that isn't here is none of ours and gives no event. Shift is reported with letters and with keys that have no
//! character; terminals fold it into every other character, and where one reports it all the same it is dropped.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::event::InputEvent;

/// One byte below 0x80.
pub(super) fn ascii(byte: u8) -> KeyEvent {
    let control = KeyModifiers::CONTROL;
    match byte {
        b'\r' => plain(KeyCode::Enter),
        b'\t' => plain(KeyCode::Tab),
        // Ctrl-H is Backspace in many terminals; the two can't be told apart.
        0x08 | 0x7f => plain(KeyCode::Backspace),
        0x00 => KeyEvent::new(KeyCode::Char(' '), control),
        0x01..=0x1a => KeyEvent::new(KeyCode::Char(char::from(byte - 1 + b'a')), control),
        0x1b => plain(KeyCode::Esc),
        // Ctrl-\ ] ^ _, under the names that are printed on the keys.
        0x1c..=0x1f => KeyEvent::new(KeyCode::Char(char::from(byte - 0x1c + b'\\')), control),
        _ => character(char::from(byte)),
    }
}

/// A character as typed; capitals carry Shift, as crossterm's own events do.
pub(super) fn character(c: char) -> KeyEvent {
    let shift = if c.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent::new(KeyCode::Char(c), shift)
}

fn plain(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

/// A whole CSI sequence: `ESC [`, `bytes`, `last`.
pub(super) fn csi(bytes: &[u8], last: u8, alt: KeyModifiers) -> Option<InputEvent> {
    if let Some(report) = bytes.strip_prefix(b"<") {
        return matches!(last, b'M' | b'm').then(|| sgr_mouse(report, last == b'm'))?;
    }
    let params = Params::parse(bytes)?;
    let modifiers = params.pressed(1)? | alt;
    match last {
        // With parameters it is an answer about the cursor's position, not F3.
        b'R' if !bytes.is_empty() => None,
        b'A'..=b'F' | b'H' | b'P'..=b'S' if params.get(0).is_none_or(|n| n == 1) => {
            Some(press(letter(last)?, modifiers))
        }
        b'a'..=b'd' if bytes.is_empty() => Some(press(letter(last.to_ascii_uppercase())?, KeyModifiers::SHIFT | alt)),
        b'Z' => Some(press(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT)),
        b'~' if params.get(0) == Some(27) => coded(params.get(2)?, None, modifiers),
        b'~' => Some(press(numbered(params.get(0)?)?, modifiers)),
        b'^' => Some(press(numbered(params.get(0)?)?, alt | KeyModifiers::CONTROL)),
        b'$' => Some(press(numbered(params.get(0)?)?, alt | KeyModifiers::SHIFT)),
        b'@' => Some(press(
            numbered(params.get(0)?)?,
            alt | KeyModifiers::CONTROL | KeyModifiers::SHIFT,
        )),
        b'u' => coded(params.get(0)?, params.sub(0, 1), modifiers),
        b'M' => mouse(
            u16::try_from(params.get(0)?.checked_sub(32)?).ok()?,
            params.get(1)?,
            params.get(2)?,
            false,
        ),
        _ => None,
    }
}

/// A whole SS3 sequence: `ESC O`, `bytes` (modifiers, seldom any), `last`.
pub(super) fn ss3(bytes: &[u8], last: u8, alt: KeyModifiers) -> Option<InputEvent> {
    let params = Params::parse(bytes)?;
    let at = usize::from(params.get(1).is_some());
    let modifiers = params.pressed(at)? | alt;
    let code = match last {
        b'A'..=b'F' | b'H' | b'P'..=b'S' => letter(last)?,
        b'a'..=b'd' => {
            return Some(press(
                letter(last.to_ascii_uppercase())?,
                modifiers | KeyModifiers::CONTROL,
            ));
        }
        b'M' => KeyCode::Enter,
        b'I' => KeyCode::Tab,
        b' ' => KeyCode::Char(' '),
        b'X' => KeyCode::Char('='),
        // The keypad in application mode: `*` is j, `0` is p.
        b'j'..=b'y' => KeyCode::Char(char::from(last - b'j' + b'*')),
        _ => return None,
    };
    Some(press(code, modifiers))
}

/// A mouse report of three raw bytes after `ESC [ M`; positions end at column and row 223.
pub(super) fn x10_mouse(bytes: [u8; 3]) -> Option<InputEvent> {
    let [button, x, y] = bytes.map(|b| u16::from(b).saturating_sub(32));
    mouse(button, x.into(), y.into(), false)
}

fn sgr_mouse(report: &[u8], released: bool) -> Option<InputEvent> {
    let params = Params::parse(report)?;
    mouse(
        u16::try_from(params.get(0)?).ok()?,
        params.get(1)?,
        params.get(2)?,
        released,
    )
}

/// `button` is xterm's code: button in bits 0, 1, 6, 7, then Shift 4, Alt 8, Ctrl 16, motion 32. Positions count
/// from 1.
fn mouse(button: u16, x: u32, y: u32, released: bool) -> Option<InputEvent> {
    let motion = button & 32 != 0;
    let which = |b| match b {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let kind = match (button & 3) | ((button & 0xc0) >> 4) {
        b @ 0..=2 if motion => MouseEventKind::Drag(which(b)),
        b @ 0..=2 if released => MouseEventKind::Up(which(b)),
        b @ 0..=2 => MouseEventKind::Down(which(b)),
        3 if motion => MouseEventKind::Moved,
        3 => MouseEventKind::Up(MouseButton::Left),
        4 => MouseEventKind::ScrollUp,
        5 => MouseEventKind::ScrollDown,
        6 => MouseEventKind::ScrollLeft,
        7 => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, button & 4 != 0);
    modifiers.set(KeyModifiers::ALT, button & 8 != 0);
    modifiers.set(KeyModifiers::CONTROL, button & 16 != 0);
    let place = |n: u32| u16::try_from(n.checked_sub(1)?).ok();
    Some(InputEvent::Mouse(MouseEvent {
        kind,
        column: place(x)?,
        row: place(y)?,
        modifiers,
    }))
}

/// Keys that end in a letter, in CSI and SS3 alike.
fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'E' => KeyCode::KeypadBegin,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

/// Keys that have a number.
fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => f(number - 10),
        17..=21 => f(number - 11),
        23..=26 => f(number - 12),
        28..=29 => f(number - 13),
        31..=34 => f(number - 14),
        _ => return None,
    })
}

fn f(number: u32) -> KeyCode {
    // Function keys end at 35.
    KeyCode::F(number.min(35) as u8)
}

/// A key by its code point: modifyOtherKeys and the kitty protocol.
fn coded(code: u32, shifted: Option<u32>, mut modifiers: KeyModifiers) -> Option<InputEvent> {
    let shift = modifiers.contains(KeyModifiers::SHIFT);
    let control = modifiers.contains(KeyModifiers::CONTROL);
    // One meaning for a key, however the terminal words it: Ctrl with these letters is a control character that has a
    // key of its own.
    let own_key = match char::from_u32(code).filter(|_| control && !shift) {
        Some('[') => Some(27),
        Some('h') => Some(8),
        Some('i') => Some(9),
        Some('m') => Some(13),
        _ => None,
    };
    if own_key.is_some() {
        modifiers -= KeyModifiers::CONTROL;
    }
    let code = match own_key.unwrap_or(code) {
        9 if shift => KeyCode::BackTab,
        9 => KeyCode::Tab,
        // Shift-Enter is a line break, as Alt-Enter is.
        13 if modifiers == KeyModifiers::SHIFT => {
            modifiers = KeyModifiers::ALT;
            KeyCode::Enter
        }
        13 | 57414 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        57376..=57398 => f(code - 57376 + 13),
        57399..=57408 => KeyCode::Char(char::from_digit(code - 57399, 10)?),
        57409..=57413 => KeyCode::Char(char::from(b"./*-+"[(code - 57409) as usize])),
        57415 => KeyCode::Char('='),
        57416 => KeyCode::Char(','),
        57417 => KeyCode::Left,
        57418 => KeyCode::Right,
        57419 => KeyCode::Up,
        57420 => KeyCode::Down,
        57421 => KeyCode::PageUp,
        57422 => KeyCode::PageDown,
        57423 => KeyCode::Home,
        57424 => KeyCode::End,
        57425 => KeyCode::Insert,
        57426 => KeyCode::Delete,
        57427 => KeyCode::KeypadBegin,
        // The rest of kitty's private range: lone modifiers, media and lock keys.
        57344..=63743 => return None,
        _ => {
            let mut c = char::from_u32(code).filter(|c| !c.is_control())?;
            if shift {
                c = match shifted.and_then(char::from_u32) {
                    Some(s) => s,
                    // Ctrl-Shift-letter keeps the small letter's name apart from plain Ctrl-letter by its Shift only.
                    None if !control => single_uppercase(c),
                    None => c,
                };
                modifiers.set(KeyModifiers::SHIFT, c.is_alphabetic());
            } else if c.is_uppercase() {
                modifiers |= KeyModifiers::SHIFT;
            }
            KeyCode::Char(c)
        }
    };
    Some(press(code, modifiers))
}

fn single_uppercase(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(u), None) => u,
        _ => c,
    }
}

fn press(code: KeyCode, modifiers: KeyModifiers) -> InputEvent {
    InputEvent::Key(KeyEvent::new(code, modifiers))
}

/// Numbers separated by `;`, with `:` between a number and its sub-numbers. Missing ones are `None`.
struct Params<'a>(&'a str);

impl<'a> Params<'a> {
    /// `None` when there is anything else in it: a private prefix, an intermediate.
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        text.bytes().all(|b| matches!(b, b'0'..=b';')).then_some(Self(text))
    }

    fn get(&self, at: usize) -> Option<u32> {
        self.sub(at, 0)
    }

    fn sub(&self, at: usize, sub: usize) -> Option<u32> {
        self.0.split(';').nth(at)?.split(':').nth(sub)?.parse().ok()
    }

    /// The modifiers in parameter `at` (1 + Shift 1, Alt 2, Ctrl 4, Super 8, Hyper 16, Meta 32; locks above that);
    /// `None` when it tells the release of a key, which is no input.
    fn pressed(&self, at: usize) -> Option<KeyModifiers> {
        const RELEASE: u32 = 3;
        if self.sub(at, 1) == Some(RELEASE) {
            return None;
        }
        let mask = self.get(at).unwrap_or(1).saturating_sub(1);
        let mut modifiers = KeyModifiers::NONE;
        modifiers.set(KeyModifiers::SHIFT, mask & 1 != 0);
        modifiers.set(KeyModifiers::ALT, mask & 2 != 0);
        modifiers.set(KeyModifiers::CONTROL, mask & 4 != 0);
        modifiers.set(KeyModifiers::SUPER, mask & 8 != 0);
        modifiers.set(KeyModifiers::HYPER, mask & 16 != 0);
        modifiers.set(KeyModifiers::META, mask & 32 != 0);
        Some(modifiers)
    }
}
