//! What the keys do in a text: one function, wherever a text is typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::TextEdit;
use crate::tui::keymap::Key;

/// What a text is of: that decides what some keys do in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextKind {
    /// It may have several lines.
    pub has_lines: bool,
    /// Words end at `/`, `:` and `@`, too: an image, a path, a URL.
    pub has_joints: bool,
}

impl TextKind {
    /// One line of words.
    pub const WORDS: Self = Self {
        has_lines: false,
        has_joints: false,
    };
    /// A path, an image, a URL.
    pub const PATH: Self = Self {
        has_lines: false,
        has_joints: true,
    };
}

/// What a key came to in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEffect {
    /// The text is another one now.
    Changed,
    /// The cursor moved, or there was nothing to be done.
    Kept,
    /// The key means nothing in a text.
    Ignored,
}

/// Rows that PageUp and PageDown move.
const PAGE: isize = 8;

/// Whether a key is an Alt-key. While a text is typed it is the text's, whatever the key does without Alt: it never
/// leaves, takes or chooses anything.
pub fn is_alt(key: &KeyEvent) -> bool {
    key.modifiers.contains(KeyModifiers::ALT)
}

/// Esc and Ctrl-C leave what is typed, wherever that is.
pub fn is_leave(key: &KeyEvent) -> bool {
    !is_alt(key) && is_close(key)
}

/// Esc and Ctrl-C leave what is in front.
pub fn is_close(key: &KeyEvent) -> bool {
    matches!(
        (key.code, key.modifiers),
        (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL)
    )
}

/// Whether a key accepts what is typed: Enter, Tab and Shift-Tab, Ctrl-S.
pub fn accepts(key: &KeyEvent) -> bool {
    match key.code {
        KeyCode::Enter => key.modifiers == KeyModifiers::NONE,
        KeyCode::Tab | KeyCode::BackTab => !is_alt(key),
        KeyCode::Char('s') => key.modifiers == KeyModifiers::CONTROL,
        _ => false,
    }
}

/// Whether a key goes by the rows that are drawn, and so has to know them.
pub fn goes_by_rows(key: &KeyEvent) -> bool {
    match key.code {
        KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown | KeyCode::Home | KeyCode::End => true,
        KeyCode::Char(c) => {
            key.modifiers.contains(KeyModifiers::CONTROL) && matches!(c.to_ascii_lowercase(), 'a' | 'e')
        }
        _ => false,
    }
}

/// The sentence for an Alt-key that means nothing in a text.
pub fn means_nothing(key: &KeyEvent) -> String {
    format!("{} does nothing in a text; Esc leaves it.", Key::from(key))
}

impl TextEdit {
    /// Does what a key means in a text.
    ///
    /// # Errors
    /// A sentence when the key can't be taken.
    pub fn press(&mut self, key: &KeyEvent, kind: TextKind) -> Result<KeyEffect, String> {
        const NONE: KeyModifiers = KeyModifiers::NONE;
        const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
        const ALT: KeyModifiers = KeyModifiers::ALT;
        let before = self.version();
        let modifiers = key.modifiers - KeyModifiers::SHIFT;
        let code = match key.code {
            // Caps Lock is no reason for another meaning.
            KeyCode::Char(c) if modifiers != NONE => KeyCode::Char(c.to_ascii_lowercase()),
            code => code,
        };
        match (code, modifiers) {
            (KeyCode::Char(c), NONE) => return self.type_char(c).map(|()| KeyEffect::Changed),
            (KeyCode::Enter, ALT) | (KeyCode::Char('j'), CONTROL) => {
                return self.line_break(kind).map(|()| KeyEffect::Changed);
            }
            (KeyCode::Left, ALT | CONTROL) | (KeyCode::Char('b'), ALT) => self.word_left(kind.has_joints),
            (KeyCode::Right, ALT | CONTROL) | (KeyCode::Char('f'), ALT) => self.word_right(kind.has_joints),
            (KeyCode::Backspace, ALT) | (KeyCode::Char('w'), CONTROL) => self.delete_word_before(kind.has_joints),
            (KeyCode::Char('d'), ALT) => self.delete_word_after(kind.has_joints),
            (_, alt) if alt.contains(ALT) => return Err(means_nothing(key)),
            (KeyCode::Char('u'), CONTROL) => self.delete_to_line_begin(),
            (KeyCode::Char('k'), CONTROL) => self.delete_to_line_end(),
            (KeyCode::Char('_' | '/'), CONTROL) => self.undo(),
            (KeyCode::Char('y'), CONTROL) => self.redo(),
            (KeyCode::Home, _) | (KeyCode::Char('a'), CONTROL) => self.home(),
            (KeyCode::End, _) | (KeyCode::Char('e'), CONTROL) => self.end(),
            (KeyCode::Backspace, _) => self.backspace(),
            (KeyCode::Delete, _) => self.delete(),
            (KeyCode::Left, _) => self.left(),
            (KeyCode::Right, _) => self.right(),
            (KeyCode::Up, _) => self.vertical(-1),
            (KeyCode::Down, _) => self.vertical(1),
            (KeyCode::PageUp, _) => self.vertical(-PAGE),
            (KeyCode::PageDown, _) => self.vertical(PAGE),
            _ => return Ok(KeyEffect::Ignored),
        }
        self.end_typing();
        Ok(if self.version() == before {
            KeyEffect::Kept
        } else {
            KeyEffect::Changed
        })
    }

    fn line_break(&mut self, kind: TextKind) -> Result<(), String> {
        if kind.has_lines {
            self.insert("\n")
        } else {
            Err("This field has one line only.".to_owned())
        }
    }
}
