//! A key by its name: `w`, `G`, `enter`, `ctrl-s`, `f5`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key as far as bindings tell keys apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Keys without a character: name, how it is shown, code, and whether terminals report Ctrl and Shift with it.
const NAMED: [(&str, &str, KeyCode, bool); 15] = [
    ("enter", "Enter", KeyCode::Enter, false),
    ("esc", "Esc", KeyCode::Esc, false),
    ("tab", "Tab", KeyCode::Tab, false),
    ("shift-tab", "Shift-Tab", KeyCode::BackTab, false),
    ("space", "Space", KeyCode::Char(' '), false),
    ("backspace", "Backspace", KeyCode::Backspace, false),
    ("up", "Up", KeyCode::Up, true),
    ("down", "Down", KeyCode::Down, true),
    ("left", "Left", KeyCode::Left, true),
    ("right", "Right", KeyCode::Right, true),
    ("pageup", "PgUp", KeyCode::PageUp, true),
    ("pagedown", "PgDn", KeyCode::PageDown, true),
    ("home", "Home", KeyCode::Home, true),
    ("end", "End", KeyCode::End, true),
    ("delete", "Delete", KeyCode::Delete, true),
];

impl Key {
    /// The key of a name.
    ///
    /// # Errors
    /// Why there is no such key, or why no terminal can tell of it; worded to stand after the name.
    pub fn parse(name: &str) -> Result<Self, String> {
        if let Some((_, _, code, _)) = NAMED.iter().find(|(known, ..)| *known == name) {
            return Ok(Self::plain(*code));
        }
        let (mut rest, mut modifiers) = (name, KeyModifiers::NONE);
        for (prefix, modifier) in [
            ("ctrl-", KeyModifiers::CONTROL),
            ("alt-", KeyModifiers::ALT),
            ("shift-", KeyModifiers::SHIFT),
        ] {
            if let Some(after) = rest.strip_prefix(prefix).filter(|after| !after.is_empty()) {
                (rest, modifiers) = (after, modifiers | modifier);
            }
        }
        let mut chars = rest.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return character(c, modifiers);
        }
        let (code, reported) = match NAMED.iter().find(|(known, ..)| *known == rest) {
            Some((_, _, code, reported)) => (*code, *reported),
            None => match rest.strip_prefix('f').and_then(|number| number.parse().ok()) {
                Some(number @ 1..=12) => (KeyCode::F(number), true),
                _ => return Err("is no key's name".to_owned()),
            },
        };
        let told = modifiers - KeyModifiers::ALT;
        let ctrl_space = code == KeyCode::Char(' ') && told == KeyModifiers::CONTROL;
        if !told.is_empty() && !reported && !ctrl_space {
            return Err("is reported by no terminal as different from the key without it".to_owned());
        }
        Ok(Self { code, modifiers })
    }

    fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: KeyModifiers::NONE,
        }
    }
}

fn character(c: char, modifiers: KeyModifiers) -> Result<Key, String> {
    if c.is_control() || c.is_whitespace() {
        return Err("is no key's name; a blank is called space".to_owned());
    }
    if modifiers.contains(KeyModifiers::SHIFT) {
        let text = if c.is_alphabetic() {
            format!("is written as the letter that is typed: {}", c.to_uppercase())
        } else {
            "is reported by no terminal: write the character that it types".to_owned()
        };
        return Err(text);
    }
    if modifiers.contains(KeyModifiers::ALT) && matches!(c, '[' | 'O') {
        return Err("begins the sequences of other keys; choose another".to_owned());
    }
    if !modifiers.contains(KeyModifiers::CONTROL) {
        let code = KeyCode::Char(c);
        return Ok(Key { code, modifiers });
    }
    let lower = c.to_ascii_lowercase();
    let same = match lower {
        'h' => "Backspace",
        'i' => "Tab",
        'm' => "Enter",
        '[' => "Esc",
        'a'..='z' | '\\' | ']' | '^' | '_' => {
            let code = KeyCode::Char(lower);
            return Ok(Key { code, modifiers });
        }
        _ => return Err("is reported by no terminal".to_owned()),
    };
    Err(format!("is the same as {same} to a terminal"))
}

impl From<&KeyEvent> for Key {
    fn from(key: &KeyEvent) -> Self {
        match key.code {
            // Shift is reported only with letters, and then the letter says it.
            KeyCode::Char(_) => Self {
                code: key.code,
                modifiers: key.modifiers & !KeyModifiers::SHIFT,
            },
            KeyCode::BackTab => Self {
                code: KeyCode::BackTab,
                modifiers: key.modifiers & KeyModifiers::ALT,
            },
            code => Self {
                code,
                modifiers: key.modifiers,
            },
        }
    }
}

/// As it is shown: `Enter`, `Ctrl-S`, `w`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in [
            (KeyModifiers::CONTROL, "Ctrl-"),
            (KeyModifiers::ALT, "Alt-"),
            (KeyModifiers::SHIFT, "Shift-"),
        ] {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        if let Some((_, shown, ..)) = NAMED.iter().find(|(_, _, code, _)| *code == self.code) {
            return f.write_str(shown);
        }
        match self.code {
            KeyCode::Char(c) if self.modifiers.contains(KeyModifiers::CONTROL) => write!(f, "{}", c.to_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            code => write!(f, "{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str) -> String {
        Key::parse(name).map_or_else(|why| format!("{name} {why}"), |key| key.to_string())
    }

    #[test]
    fn names_are_shown_as_they_stand_on_keys() {
        for (name, expected) in [
            ("w", "w"),
            ("G", "G"),
            ("-", "-"),
            ("ctrl-s", "Ctrl-S"),
            ("ctrl-S", "Ctrl-S"),
            ("alt-x", "Alt-x"),
            ("ctrl-alt-d", "Ctrl-Alt-D"),
            ("enter", "Enter"),
            ("shift-tab", "Shift-Tab"),
            ("shift-up", "Shift-Up"),
            ("pagedown", "PgDn"),
            ("f12", "F12"),
            ("ctrl-space", "Ctrl-Space"),
            ("alt--", "Alt--"),
        ] {
            assert_eq!(shown(name), expected);
        }
    }

    #[test]
    fn what_no_terminal_reports_is_refused_with_the_reason() {
        for (name, part) in [
            ("shift-1", "by no terminal: write the character"),
            ("shift-+", "by no terminal: write the character"),
            ("shift-a", "the letter that is typed: A"),
            ("ctrl-1", "by no terminal"),
            ("ctrl-i", "the same as Tab"),
            ("ctrl-m", "the same as Enter"),
            ("ctrl-h", "the same as Backspace"),
            ("ctrl-enter", "as different from the key without"),
            ("shift-esc", "as different from the key without"),
            ("alt-[", "sequences"),
            ("f13", "no key's name"),
            ("ctrl-", "no key's name"),
            ("Enter", "no key's name"),
            ("", "no key's name"),
            (" ", "called space"),
        ] {
            let why = Key::parse(name).unwrap_err();
            assert!(why.contains(part), "{name} {why}");
        }
    }

    #[test]
    fn a_press_is_the_key_of_its_name() {
        for (name, code, modifiers) in [
            ("G", KeyCode::Char('G'), KeyModifiers::SHIFT),
            ("?", KeyCode::Char('?'), KeyModifiers::SHIFT),
            ("ctrl-s", KeyCode::Char('s'), KeyModifiers::CONTROL),
            ("alt-D", KeyCode::Char('D'), KeyModifiers::ALT | KeyModifiers::SHIFT),
            ("shift-tab", KeyCode::BackTab, KeyModifiers::SHIFT),
            ("shift-up", KeyCode::Up, KeyModifiers::SHIFT),
            ("space", KeyCode::Char(' '), KeyModifiers::NONE),
        ] {
            assert_eq!(
                Key::parse(name).unwrap(),
                Key::from(&KeyEvent::new(code, modifiers)),
                "{name}"
            );
        }
    }
}
