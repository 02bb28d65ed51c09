//! Keys map to named actions, nothing else. The hints, the help overlay and the handlers all read this table.

use std::collections::HashMap;
use std::sync::LazyLock;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;

const DEFAULT: &str = include_str!("../../assets/keymap.toml");

macro_rules! actions {
    ($($variant:ident $name:literal $says:literal,)*) => {
        /// What a key can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $(#[doc = $says] $variant,)*
        }

        impl Action {
            /// Its name in the keymap file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it does, for help.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }

            fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

actions! {
    Edit "edit" "edit the field; open",
    Review "review" "review and save",
    Send "send" "send, or go to the first error",
    Undo "undo" "undo",
    Redo "redo" "redo",
    Find "find" "find",
    Palette "palette" "all actions by name",
    NextProblem "next-problem" "next problem, else next change",
    PreviousProblem "previous-problem" "previous problem or change",
    Details "details" "details and help of the field",
    Help "help" "the keys that work here",
    Quit "quit" "quit",
    Back "back" "back to the form",
    Add "add" "add a row to the list",
    Delete "delete" "delete the row",
    MoveDown "move-down" "move the row down",
    MoveUp "move-up" "move the row up",
    RestoreField "restore-field" "put the loaded value back",
    RestoreAll "restore-all" "put everything back as loaded",
    Increase "increase" "one more",
    Decrease "decrease" "one less",
    IncreaseTen "increase-ten" "ten more",
    DecreaseTen "decrease-ten" "ten less",
    Reveal "reveal" "show or mask this value",
    RevealAll "reveal-all" "show or mask all values",
    Copy "copy" "copy the field",
    CopyBody "copy-body" "copy the whole body",
    Reload "reload" "read the server again",
    History "history" "what was sent before, and the way back",
    PutBack "put-back" "make it the edited configuration",
    Picker "picker" "choose another endpoint",
    NextPane "next-pane" "next pane",
    PreviousPane "previous-pane" "previous pane",
    NextView "next-view" "next view",
    PreviousView "previous-view" "previous view",
    Down "down" "down",
    Up "up" "up",
    Left "left" "left column",
    Right "right" "right column",
    First "first" "first",
    Last "last" "last",
    PageDown "page-down" "a page down",
    PageUp "page-up" "a page up",
    ChooseLoaded "choose-loaded" "take what was loaded",
    ChooseMine "choose-mine" "take mine",
    ChooseTheirs "choose-theirs" "take theirs",
    Accept "accept" "go on to the review",
    Restore "restore" "restore the unsaved edits",
    Discard "discard" "discard the unsaved edits",
    LookOnly "look-only" "go on read-only",
    TakeOver "take-over" "take the endpoint over",
    Redraw "redraw" "draw the screen anew",
    Suspend "suspend" "suspend",
}

/// Where keys are read: each has its own table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The form.
    Form,
    /// The list of endpoints.
    Picker,
    /// The review.
    Review,
    /// The conflict screen.
    Conflict,
    /// The question about a draft.
    Draft,
    /// The question about another editor.
    Occupied,
    /// What was sent before.
    History,
}

/// A key as far as bindings tell keys apart.
type Key = (KeyCode, KeyModifiers);

/// The bindings of all contexts.
#[derive(Debug)]
pub struct Keymap {
    bindings: HashMap<(Context, Key), Action>,
    /// For help: in the order of [`Action`].
    listed: HashMap<Context, Vec<(Action, Vec<String>)>>,
}

#[derive(Deserialize)]
struct File {
    form: HashMap<String, Vec<String>>,
    picker: HashMap<String, Vec<String>>,
    review: HashMap<String, Vec<String>>,
    conflict: HashMap<String, Vec<String>>,
    draft: HashMap<String, Vec<String>>,
    occupied: HashMap<String, Vec<String>>,
    history: HashMap<String, Vec<String>>,
}

/// The keymap in use.
pub fn keymap() -> &'static Keymap {
    static KEYMAP: LazyLock<Keymap> = LazyLock::new(Keymap::load);
    &KEYMAP
}

impl Keymap {
    fn load() -> Self {
        let file: File = toml::from_str(DEFAULT).expect("the compiled-in keymap is valid; a test reads it");
        let mut keymap = Self {
            bindings: HashMap::new(),
            listed: HashMap::new(),
        };
        for (context, table) in [
            (Context::Form, file.form),
            (Context::Picker, file.picker),
            (Context::Review, file.review),
            (Context::Conflict, file.conflict),
            (Context::Draft, file.draft),
            (Context::Occupied, file.occupied),
            (Context::History, file.history),
        ] {
            let mut listed = Vec::new();
            for (name, keys) in table {
                let action = Action::from_name(&name).expect("the compiled-in keymap names known actions; tested");
                for key in &keys {
                    let key = parse(key).expect("the compiled-in keymap names known keys; tested");
                    keymap.bindings.insert((context, key), action);
                }
                listed.push((action, keys));
            }
            listed.sort();
            keymap.listed.insert(context, listed);
        }
        keymap
    }

    /// What a key does in a context.
    pub fn action(&self, context: Context, key: &KeyEvent) -> Option<Action> {
        self.bindings.get(&(context, of(key))).copied()
    }

    /// All actions of a context with their keys, as the file writes them.
    pub fn listed(&self, context: Context) -> &[(Action, Vec<String>)] {
        self.listed.get(&context).map_or(&[], Vec::as_slice)
    }

    /// The first key of an action in a context, as it is shown in a hint.
    pub fn hint(&self, context: Context, action: Action) -> Option<String> {
        self.listed(context)
            .iter()
            .find(|(a, _)| *a == action)
            .and_then(|(_, keys)| keys.first())
            .map(|k| shown(k))
    }
}

/// A key's name as it is shown: `Enter`, `Ctrl-S`, `w`.
pub fn shown(key: &str) -> String {
    if let Some(letter) = key.strip_prefix("ctrl-") {
        return format!("Ctrl-{}", letter.to_uppercase());
    }
    match key {
        "pageup" => "PgUp".into(),
        "pagedown" => "PgDn".into(),
        "shift-tab" => "Shift-Tab".into(),
        _ if key.chars().count() > 1 => {
            let mut chars = key.chars();
            chars
                .next()
                .map(|c| c.to_uppercase().chain(chars).collect())
                .unwrap_or_default()
        }
        _ => key.to_owned(),
    }
}

fn of(key: &KeyEvent) -> Key {
    match key.code {
        // Shift is reported only with letters, and then the letter says it.
        KeyCode::Char(_) => (key.code, key.modifiers & !KeyModifiers::SHIFT),
        KeyCode::BackTab => (KeyCode::BackTab, KeyModifiers::NONE),
        code => (code, key.modifiers),
    }
}

fn parse(text: &str) -> Option<Key> {
    let (rest, modifiers) = match text.split_once('-') {
        Some(("ctrl", rest)) => (rest, KeyModifiers::CONTROL),
        Some(("alt", rest)) => (rest, KeyModifiers::ALT),
        _ => (text, KeyModifiers::NONE),
    };
    let code = match rest {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "shift-tab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        _ if rest.chars().count() == 1 => KeyCode::Char(rest.chars().next()?),
        _ => KeyCode::F(rest.strip_prefix('f')?.parse().ok()?),
    };
    Some((code, modifiers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_keymap_is_whole() {
        let keymap = Keymap::load();
        let press = |code, modifiers| KeyEvent::new(code, modifiers);
        let form = |code, modifiers| keymap.action(Context::Form, &press(code, modifiers));
        assert_eq!(form(KeyCode::Char('w'), KeyModifiers::NONE), Some(Action::Review));
        assert_eq!(form(KeyCode::Char('s'), KeyModifiers::CONTROL), Some(Action::Review));
        assert_eq!(
            form(KeyCode::Char('N'), KeyModifiers::SHIFT),
            Some(Action::PreviousProblem)
        );
        assert_eq!(form(KeyCode::BackTab, KeyModifiers::SHIFT), Some(Action::PreviousPane));
        assert_eq!(form(KeyCode::Esc, KeyModifiers::NONE), None);
    }
}
