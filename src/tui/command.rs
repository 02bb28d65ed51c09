//! What a view takes: the one list that its keys, its key bar and its help are read off.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::guard::Weight;
use super::keymap::{Action, Context, Key, keymap};
use super::widgets::key_bar::{Hint, Rank};
use super::widgets::text_edit::{TextEdit, accepts, is_alt};

/// Actions that a view takes now, the keys for them, and what the key bar says of them.
#[derive(Clone, Debug)]
pub struct Command {
    keys: CommandKeys,
    /// As the key bar shows them; `None`: the first key of each.
    shown: Option<String>,
    /// The key bar shows them, if there are any.
    listed: bool,
    says: &'static str,
    /// What help says of them, where it is more than the key bar has room for.
    in_help: Option<&'static str>,
    rank: Rank,
}

/// The keys of a command. They are looked up when they are asked for: a command is made for each key that is pressed,
/// and shown once a frame.
#[derive(Clone, Debug)]
enum CommandKeys {
    /// Those that the user has for these actions.
    Bound(Context, Vec<Action>),
    /// The same for everybody.
    Fixed(Vec<(Key, Action)>),
}

impl Command {
    /// Actions of a context, by the keys that the user has for them. The key bar shows the first key of each; behind a
    /// `|` in `says` stands what a narrow screen does without.
    pub fn bound(context: Context, actions: &[Action], says: &'static str, rank: Rank) -> Self {
        Self::new(CommandKeys::Bound(context, actions.to_vec()), says, rank)
    }

    /// Actions by keys that are the same for everybody. The key bar shows the first one.
    pub fn fixed(keys: &[(&str, Action)], says: &'static str, rank: Rank) -> Self {
        let known = |(name, action): &(&str, Action)| Some((Key::parse(name).ok()?, *action));
        Self::new(CommandKeys::Fixed(keys.iter().filter_map(known).collect()), says, rank)
    }

    fn new(keys: CommandKeys, says: &'static str, rank: Rank) -> Self {
        Self {
            keys,
            shown: None,
            listed: true,
            says,
            in_help: None,
            rank,
        }
    }

    /// The usual keys of a page that scrolls, where the user's have no table.
    pub fn scrolling() -> Self {
        let keys = [
            ("up", Action::Up),
            ("k", Action::Up),
            ("down", Action::Down),
            ("j", Action::Down),
            ("pagedown", Action::PageDown),
            ("space", Action::PageDown),
            ("pageup", Action::PageUp),
        ];
        Self::fixed(&keys, "scroll", Rank::Extra).shown_as("↑↓")
    }

    /// The way out of a page that the keys of the form scroll, and that any other closes.
    pub fn of_page() -> Vec<Self> {
        vec![
            Self::bound(Context::Form, &[Action::Down, Action::Up], "scroll", Rank::Useful).shown_as("↑↓"),
            Self::fixed(&[("esc", Action::Back)], "close", Rank::Way),
        ]
    }

    /// The way out of waiting for something outside.
    pub fn stop_waiting() -> Self {
        Self::fixed(
            &[("esc", Action::Back), ("ctrl-c", Action::Back)],
            "stop waiting",
            Rank::Way,
        )
    }

    /// Keys of the text that is typed: they are told, the text takes them itself.
    pub fn of_text(shown: &str, says: &'static str, rank: Rank) -> Self {
        Self {
            shown: Some(shown.to_owned()),
            ..Self::new(CommandKeys::Fixed(Vec::new()), says, rank)
        }
    }

    /// How a line break is typed. Alt-Enter is kept by some terminals for themselves.
    pub fn new_line() -> Self {
        Self::of_text("Ctrl-J", "new line", Rank::Needed)
    }

    /// What Ctrl-U does in a text now.
    pub fn clear(text: &TextEdit) -> Self {
        let says = if text.is_cleared_by_ctrl_u() {
            "clear"
        } else {
            "clear to start"
        };
        Self::of_text("Ctrl-U", says, Rank::Useful)
    }

    /// While a filter is typed.
    pub fn of_filter(text: &TextEdit) -> Vec<Self> {
        vec![
            Self::of_text("Enter", "done", Rank::Way),
            Self::of_text("↑↓", "choose", Rank::Needed),
            Self::of_text("Esc", "show all", Rank::Way),
            Self::clear(text),
        ]
    }

    /// In the key bar its keys are shown so, if it has any.
    pub fn shown_as(mut self, keys: &str) -> Self {
        if !self.all_keys().is_empty() {
            self.shown = Some(keys.to_owned());
        }
        self
    }

    /// Help says this of it, in more words than the key bar.
    pub fn in_help(mut self, says: &'static str) -> Self {
        self.in_help = Some(says);
        self
    }

    /// It works, but the key bar does without it.
    pub fn unlisted(mut self) -> Self {
        self.listed = false;
        self
    }

    /// What a key means to it.
    pub fn action(&self, key: &KeyEvent) -> Option<Action> {
        match &self.keys {
            CommandKeys::Bound(context, actions) => {
                let action = keymap().action(*context, key);
                action.filter(|action| actions.contains(action))
            }
            CommandKeys::Fixed(keys) => {
                // Esc is Esc, whatever is held with it.
                let key = match key.code {
                    KeyCode::Esc if !is_alt(key) => Key::from(&KeyEvent::from(KeyCode::Esc)),
                    _ => Key::from(key),
                };
                let found = keys.iter().find(|(known, _)| *known == key);
                found.map(|(_, action)| *action)
            }
        }
    }

    /// All its keys, for help.
    pub fn keys(&self) -> String {
        let keys = self.all_keys();
        match (&self.shown, keys.is_empty()) {
            (Some(shown), true) => shown.clone(),
            _ => keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        }
    }

    fn all_keys(&self) -> Vec<Key> {
        match &self.keys {
            CommandKeys::Bound(context, actions) => {
                let keymap = keymap();
                let listed = keymap.listed(*context).iter();
                let ours = listed.filter(|(action, _)| actions.contains(action));
                ours.flat_map(|(_, keys)| keys.iter().copied()).collect()
            }
            CommandKeys::Fixed(keys) => keys.iter().map(|(key, _)| *key).collect(),
        }
    }

    /// What it does, for help.
    pub fn says(&self) -> String {
        self.in_help.unwrap_or(self.says).replace('|', "")
    }

    /// Its place in the key bar; `None` where it has none.
    pub fn hint(&self) -> Option<Hint> {
        let shown = match (&self.shown, &self.keys) {
            _ if !self.listed => return None,
            (Some(shown), _) => shown.clone(),
            (None, CommandKeys::Bound(context, actions)) => {
                let keymap = keymap();
                let keys = actions.iter().filter_map(|action| keymap.hint(*context, *action));
                keys.collect()
            }
            (None, CommandKeys::Fixed(keys)) => keys.first().map_or_else(String::new, |(key, _)| key.to_string()),
        };
        (!shown.is_empty()).then(|| Hint::new(&shown, self.says, self.rank))
    }
}

/// How much hangs on a key while a filter is typed: what is no key of its text is one of what is filtered.
pub fn weight_in_filter(context: Context, key: &KeyEvent) -> Weight {
    let in_text = if accepts(key) { Weight::Accepts } else { Weight::Light };
    let is_typed = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let action = keymap().action(context, key).filter(|_| !is_typed);
    action.map_or(in_text, |action| action.weight().max(in_text))
}
