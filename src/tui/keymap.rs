//! Keys map to named actions, nothing else. The hints, the help and the handlers all read this table.
//!
//! The table is data: `assets/keymap.toml`, and the user's file over it, action by action ([`Keymap::read`]). The one
//! in use is this thread's, and the editor handles keys on one thread only: it is set once at the start.

mod file;
mod key;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crossterm::event::KeyEvent;

use super::guard::Weight;

pub use key::Key;

/// The keymap that is compiled in.
pub const DEFAULT: &str = include_str!("../../assets/keymap.toml");

macro_rules! actions {
    ($($variant:ident $name:literal $says:literal $([$($aka:literal)*])?,)*) => {
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

            /// Other words by which people look for it.
            pub fn also(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($($aka),*)?],)* }
            }

            pub(crate) fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

actions! {
    Edit "edit" "edit the field or the row" ["change" "modify"],
    Review "review" "review and save" ["submit" "send" "apply" "write"],
    Send "send" "send, or go to the first error",
    Undo "undo" "undo" ["take back"],
    Redo "redo" "redo" ["again" "repeat"],
    Find "find" "find" ["search" "go to" "jump"],
    Palette "palette" "all actions by name",
    NextProblem "next-problem" "next problem, else next change" ["error" "warning"],
    PreviousProblem "previous-problem" "previous problem or change" ["error" "warning"],
    Details "details" "details and help of the field" ["info" "description"],
    Help "help" "the keys that work here" ["shortcuts" "bindings"],
    Quit "quit" "quit" ["exit" "close"],
    Back "back" "back to the form",
    Add "add" "add a row to the list" ["new" "insert" "create"],
    Delete "delete" "delete the row" ["remove"],
    SortList "sort-list" "order by name, by state, as the server has it",
    MoveDown "move-down" "move the row down",
    MoveUp "move-up" "move the row up",
    SortRows "sort-rows" "sort the list by key" ["order"],
    Filter "filter" "show only matching environment keys" ["search"],
    AllowMasked "allow-masked" "a value that looks masked is meant" ["redacted" "hidden"],
    RestoreField "restore-field" "put the loaded value back" ["restore" "reset" "revert" "original"],
    RestoreAll "restore-all" "put everything back as loaded" ["restore" "reset" "revert" "original" "discard"],
    Increase "increase" "one more" ["plus" "raise"],
    Decrease "decrease" "one less" ["minus" "lower"],
    IncreaseTen "increase-ten" "ten more" ["plus" "raise"],
    DecreaseTen "decrease-ten" "ten less" ["minus" "lower"],
    Reveal "reveal" "show or mask this value" ["unmask" "hide" "secret" "password"],
    RevealAll "reveal-all" "show or mask all values" ["unmask" "hide" "secrets" "passwords"],
    Editor "editor" "edit the text in $EDITOR" ["vim" "nano" "external"],
    EditEnvironment "edit-environment" "edit the environment in $EDITOR" ["vim" "nano" "variables"],
    EditBody "edit-body" "edit the whole body in $EDITOR" ["vim" "nano" "json"],
    ImportEnv "import-env" "import a .env file" ["load" "read" "dotenv"],
    ExportEnv "export-env" "export the environment to a .env file" ["save" "write" "dotenv"],
    Copy "copy" "copy the field" ["clipboard" "yank"],
    CopyBody "copy-body" "copy the whole body" ["clipboard" "yank" "json"],
    Reload "reload" "read the server again" ["refresh" "fetch"],
    Scale "scale" "quick scale: workers, idle timeout, policy" ["autoscale" "replicas"],
    History "history" "what was sent before, and the way back" ["log" "versions" "rollback"],
    PutBack "put-back" "make it the edited configuration" ["restore" "aside"],
    Picker "picker" "choose another endpoint" ["list" "switch" "open" "leave"],
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
    Keep "keep" "keep the unsaved edits as a draft",
    Discard "discard" "discard the unsaved edits",
    RestoreDiscarded "restore-discarded" "bring back what was thrown away last" ["undo" "restore" "recover"],
    LookOnly "look-only" "go on read-only",
    TakeOver "take-over" "take the endpoint over",
    Mouse "mouse" "mouse on or off" ["click"],
    Redraw "redraw" "draw the screen anew" ["refresh" "repaint" "clear"],
    Suspend "suspend" "suspend" ["background" "shell"],
}

impl Action {
    /// How much hangs on it.
    pub fn weight(self) -> Weight {
        match self {
            Self::Send => Weight::Sends,
            Self::Accept | Self::Restore | Self::Discard | Self::LookOnly | Self::TakeOver => Weight::Weighs,
            Self::Keep | Self::Quit | Self::Picker => Weight::Leaves,
            _ => Weight::Light,
        }
    }

    /// What it does in a context, where that is another thing than elsewhere.
    pub fn says_in(self, context: Context) -> &'static str {
        match (self, context) {
            (Self::Edit, Context::Picker) => "open the endpoint",
            (Self::Edit, Context::Conflict) => "type a value of your own",
            (Self::Edit, Context::History) => "open the send: its difference from now",
            (Self::Find, Context::Form) => "find a field, a variable, a volume, a value",
            (Self::Find, Context::Picker) => "filter by name, id, image or state",
            (Self::Reload, Context::Picker) => "read the list again",
            (Self::PutBack, Context::Form) => "put back what was sent and reads back otherwise",
            (Self::Back, Context::Conflict) => "back, with nothing merged",
            (Self::Redo, Context::Conflict) => "decide by the text that Esc left",
            (Self::Back, Context::History) => "back",
            (Self::NextView, Context::History) => "what was before the send, what was sent",
            (Self::Picker, Context::Draft) => "decide later: to the list of endpoints",
            (Self::Picker, Context::Occupied) => "to the list of endpoints",
            (Self::Quit, Context::Draft) => "quit, and decide later",
            _ => self.says(),
        }
    }
}

macro_rules! contexts {
    ($($variant:ident $name:literal $says:literal,)*) => {
        /// Where keys are read: each has its own table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Context {
            $(#[doc = $says] $variant,)*
        }

        impl Context {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in the keymap file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is, for the documentation.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }
        }
    };
}

contexts! {
    Form "form" "The form",
    Picker "picker" "The list of endpoints",
    Review "review" "The review",
    Conflict "conflict" "Where both sides changed the same",
    Draft "draft" "The question about a draft",
    Occupied "occupied" "The question about another editor",
    History "history" "What was sent before",
}

/// The bindings of all contexts.
#[derive(Debug)]
pub struct Keymap {
    bindings: HashMap<(Context, Key), Action>,
    /// For help: in the order of [`Action`].
    listed: HashMap<Context, Vec<(Action, Vec<Key>)>>,
}

thread_local! {
    static CURRENT: RefCell<Arc<Keymap>> = RefCell::new(Keymap::standard());
}

/// The keymap in use.
pub fn keymap() -> Arc<Keymap> {
    CURRENT.with_borrow(Arc::clone)
}

/// From now on this thread's keys mean that.
pub fn set(keymap: Arc<Keymap>) {
    CURRENT.set(keymap);
}

impl Keymap {
    /// The keymap of those who have none of their own.
    pub fn standard() -> Arc<Self> {
        static STANDARD: LazyLock<Arc<Keymap>> = LazyLock::new(|| Arc::new(Keymap::new(file::standard())));
        Arc::clone(&STANDARD)
    }

    fn new(listed: HashMap<Context, Vec<(Action, Vec<Key>)>>) -> Self {
        let mut bindings = HashMap::new();
        for (context, actions) in &listed {
            for (action, keys) in actions {
                bindings.extend(keys.iter().map(|key| ((*context, *key), *action)));
            }
        }
        Self { bindings, listed }
    }

    /// What a key does in a context.
    pub fn action(&self, context: Context, key: &KeyEvent) -> Option<Action> {
        self.bindings.get(&(context, Key::from(key))).copied()
    }

    /// All actions of a context with their keys; those that the user left without any, too.
    pub fn listed(&self, context: Context) -> &[(Action, Vec<Key>)] {
        self.listed.get(&context).map_or(&[], Vec::as_slice)
    }

    /// The first key of an action in a context, as it is shown in a hint.
    pub fn hint(&self, context: Context, action: Action) -> Option<String> {
        self.listed(context)
            .iter()
            .find(|(a, _)| *a == action)
            .and_then(|(_, keys)| keys.first())
            .map(ToString::to_string)
    }

    /// The same for a sentence; an action without a key stands there by its name, as the keymap file has it.
    pub fn word(&self, context: Context, action: Action) -> String {
        let name = || format!("`{}`", action.name());
        self.hint(context, action).unwrap_or_else(name)
    }
}

/// The key of an action in the form, for a sentence.
pub fn form_key(action: Action) -> String {
    keymap().word(Context::Form, action)
}

/// A text with the form's keys in the place of `{action}`. Only for texts of this program: what others wrote may have
/// braces in it, and is put together with [`form_key`] instead.
pub fn with_keys(text: &'static str) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        whole.push_str(before);
        match Action::from_name(name) {
            Some(action) => whole.push_str(&form_key(action)),
            None => whole.push_str(&format!("{{{name}}}")),
        }
        rest = after;
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    #[test]
    fn the_default_keymap_is_whole() {
        let keymap = Keymap::standard();
        let form = |code, modifiers| keymap.action(Context::Form, &KeyEvent::new(code, modifiers));
        assert_eq!(form(KeyCode::Char('w'), KeyModifiers::NONE), Some(Action::Review));
        assert_eq!(form(KeyCode::Char('s'), KeyModifiers::CONTROL), Some(Action::Review));
        assert_eq!(
            form(KeyCode::Char('N'), KeyModifiers::SHIFT),
            Some(Action::PreviousProblem)
        );
        assert_eq!(form(KeyCode::BackTab, KeyModifiers::SHIFT), Some(Action::PreviousPane));
        assert_eq!(form(KeyCode::Esc, KeyModifiers::NONE), None);
    }

    #[test]
    fn no_key_of_the_default_keymap_means_two_things() {
        let keymap = Keymap::standard();
        for context in Context::ALL {
            let keys: Vec<&Key> = keymap.listed(*context).iter().flat_map(|(_, keys)| keys).collect();
            let bound = keymap.bindings.keys().filter(|(there, _)| there == context).count();
            assert_eq!(keys.len(), bound, "{context:?}");
        }
    }

    #[test]
    fn keys_stand_in_sentences_in_the_place_of_their_actions() {
        assert_eq!(
            with_keys("{redo} makes it again, {x} {"),
            "Ctrl-Y makes it again, {x} {"
        );
    }

    #[test]
    fn every_action_that_help_names_is_one_of_the_form() {
        for field in crate::endpoint::schema::FIELDS {
            let about = field.help;
            for text in [about.what, about.risk, about.rule].map(with_keys) {
                assert!(!text.contains(['{', '}', '`']), "{text}");
            }
        }
    }
}
