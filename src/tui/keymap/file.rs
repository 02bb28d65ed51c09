//! Keymap files: a table a context, an entry an action; the user's laid over the one that is compiled in.

use std::collections::HashMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{Action, Context, DEFAULT, Key, Keymap};
use crate::config::{FileProblem, FileText, nearest};
use crate::text::Spelled;

type Bindings = HashMap<Context, Vec<(Action, Vec<Key>)>>;

/// What mean the same for everybody, so that a hand that knows the editor knows it everywhere: they may get company,
/// but no other meaning. Ctrl-C, Ctrl-L and Ctrl-Z work while text is typed too, which no keymap changes.
const FIXED: [&str; 14] = [
    "/", "enter", "esc", "tab", "ctrl-u", "ctrl-s", "ctrl-x", "w", "u", "?", "q", "ctrl-c", "ctrl-l", "ctrl-z",
];

/// One entry of a user's file that names a known action and known keys.
struct Entry {
    context: Context,
    action: Action,
    keys: Vec<Key>,
    /// Where it stands, in bytes.
    offset: usize,
}

impl Keymap {
    /// The keymap of a user's file, and what is wrong with it. An entry takes the place of the default's keys for this
    /// action; one that is wrong leaves them as they are. The fixed keys stay, whatever the file says.
    pub fn read(path: &Path, text: &str) -> (Self, Vec<FileProblem>) {
        let mut reader = KeymapReader {
            source: FileText { path, text },
            standard: standard(),
            problems: Vec::new(),
        };
        match DeTable::parse(text) {
            Ok(root) => {
                let mut entries = reader.entries(root.get_ref());
                entries.sort_by_key(|entry| entry.offset);
                let listed = reader.resolve(entries);
                reader.problems.sort_by_key(|problem| problem.line);
                (Self::new(listed), reader.problems)
            }
            Err(error) => {
                let problem = reader.source.syntax_error(&error).into();
                (Self::new(reader.standard), vec![problem])
            }
        }
    }
}

/// The compiled-in bindings, each context's in the order of [`Action`].
pub(super) fn standard() -> Bindings {
    const WHOLE: &str = "the compiled-in keymap is whole; a test reads it";
    let root = DeTable::parse(DEFAULT).expect(WHOLE);
    let mut bindings = Bindings::new();
    for context in Context::ALL {
        let table = root
            .get_ref()
            .get(context.name())
            .and_then(|table| table.get_ref().as_table());
        let actions = table.expect(WHOLE).iter().map(|(name, keys)| {
            let action = Action::from_name(name.get_ref()).expect(WHOLE);
            let keys = keys.get_ref().as_array().expect(WHOLE).iter();
            let key = |key: &str| Key::parse(key).expect(WHOLE);
            (
                action,
                keys.map(|name| key(name.get_ref().as_str().expect(WHOLE))).collect(),
            )
        });
        let mut actions: Vec<(Action, Vec<Key>)> = actions.collect();
        actions.sort_by_key(|(action, _)| *action);
        bindings.insert(*context, actions);
    }
    bindings
}

struct KeymapReader<'a> {
    source: FileText<'a>,
    standard: Bindings,
    problems: Vec<FileProblem>,
}

impl KeymapReader<'_> {
    fn problem(&mut self, offset: usize, text: String) {
        self.problems.push(self.source.problem(offset, text));
    }

    fn entries(&mut self, root: &DeTable<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (name, table) in root {
            let at = name.span().start;
            let word = name.get_ref().as_ref();
            match (
                Context::ALL.iter().find(|context| context.name() == word),
                table.get_ref(),
            ) {
                (Some(context), DeValue::Table(table)) => {
                    for (name, keys) in table {
                        let at = name.span().start;
                        if let Some((action, keys)) = self.entry(*context, at, name.get_ref(), keys.get_ref()) {
                            entries.push(Entry {
                                context: *context,
                                action,
                                keys,
                                offset: at,
                            });
                        }
                    }
                }
                (Some(_), _) => self.problem(
                    at,
                    format!("`{word}` must be a table: write [{word}] and its keys under it"),
                ),
                (None, DeValue::Table(_)) => {
                    let known: Vec<&str> = Context::ALL.iter().map(|context| context.name()).collect();
                    self.problem(
                        at,
                        format!(
                            "[{word}] is no part of the editor that has keys{}",
                            nearest(word, &known)
                        ),
                    );
                }
                (None, _) => {
                    let text =
                        format!("`{word}` stands outside of a table; put it under [form] or wherever it is meant for");
                    self.problem(at, text);
                }
            }
        }
        entries
    }

    /// One entry, if all of it is known.
    fn entry(&mut self, context: Context, at: usize, name: &str, keys: &DeValue<'_>) -> Option<(Action, Vec<Key>)> {
        let actions: Vec<Action> = self.standard[&context].iter().map(|(action, _)| *action).collect();
        let place = context.name();
        let Some(action) = Action::from_name(name).filter(|action| actions.contains(action)) else {
            let known: Vec<&str> = actions.iter().map(|action| action.name()).collect();
            self.problem(
                at,
                format!("`{name}` is not an action of [{place}]{}", nearest(name, &known)),
            );
            return None;
        };
        let stays = format!("`{name}` of [{place}] keeps its default");
        let Some(names) = keys.as_array() else {
            self.problem(
                at,
                format!("`{name}` must be a list of keys, such as [\"x\", \"ctrl-k\"]; {stays}"),
            );
            return None;
        };
        let mut read = Vec::new();
        for name in names {
            let at = name.span().start;
            let Some(name) = name.get_ref().as_str() else {
                self.problem(at, format!("a key is a text in quotes; {stays}"));
                return None;
            };
            match Key::parse(name).and_then(|key| self.allowed(context, action, key).map(|()| key)) {
                Ok(key) if read.contains(&key) => {}
                Ok(key) => read.push(key),
                Err(why) => {
                    self.problem(at, format!("`{}` {why}; {stays}", Spelled(name)));
                    return None;
                }
            }
        }
        let usual = self.standard[&context].iter().find(|(known, _)| *known == action);
        let fixed = usual
            .into_iter()
            .flat_map(|(_, keys)| keys)
            .filter(|key| is_fixed(**key));
        let fixed: Vec<String> = fixed.map(ToString::to_string).collect();
        if read.is_empty() && !fixed.is_empty() {
            let (keys, verb) = (fixed.join(", "), if fixed.len() == 1 { "means" } else { "mean" });
            self.problem(
                at,
                format!("`{name}` of [{place}] can't be left without a key: {keys} always {verb} it"),
            );
            return None;
        }
        Some((action, read))
    }

    /// Whether a key may mean that.
    fn allowed(&self, context: Context, action: Action, key: Key) -> Result<(), String> {
        if action == Action::Discard && !is_fixed(key) {
            return Err("can't mean it: discarding is Ctrl-X and nothing else".to_owned());
        }
        let usual = bound_to(&self.standard[&context], key);
        if usual != Some(action) && is_fixed(key) {
            return Err(match usual {
                Some(usual) => format!("always means `{}` here", usual.name()),
                None => "never changes its meaning".to_owned(),
            });
        }
        let digit = ('0'..='9').any(|digit| Key::parse(&digit.to_string()) == Ok(key));
        if context == Context::Form && digit {
            return Err("starts typing on a number field".to_owned());
        }
        Ok(())
    }

    /// Lays the entries over the defaults. Of two entries that want one key, the later one leaves its action as it is;
    /// a default gives way to an entry, so that a key that somebody chose keeps its meaning whatever later versions
    /// bring.
    fn resolve(&mut self, entries: Vec<Entry>) -> Bindings {
        let mut taken: HashMap<(Context, Key), Action> = HashMap::new();
        let mut kept: Vec<Entry> = Vec::new();
        for entry in entries {
            let clash = |key: &Key| Some((*key, *taken.get(&(entry.context, *key))?));
            match entry
                .keys
                .iter()
                .find_map(clash)
                .filter(|(_, other)| *other != entry.action)
            {
                Some((key, other)) => self.clashes(&entry, key, other),
                None => {
                    taken.extend(entry.keys.iter().map(|key| ((entry.context, *key), entry.action)));
                    kept.push(entry);
                }
            }
        }
        let mut bindings = self.laid(&kept);
        for entry in &kept {
            let actions = bindings.get_mut(&entry.context).into_iter().flatten();
            for (other, keys) in actions.filter(|(action, _)| *action != entry.action) {
                let had = keys.first().copied();
                keys.retain(|key| !entry.keys.contains(key));
                if let (Some(key), true) = (had, keys.is_empty()) {
                    let (name, place) = (entry.action.name(), entry.context.name());
                    let other = other.name();
                    let text = format!(
                        "{key} is `{name}` here, and `{other}` of [{place}] has no other key; give it one, or `[]` if it needs none"
                    );
                    self.problems.push(self.source.problem(entry.offset, text));
                }
            }
        }
        bindings
    }

    fn clashes(&mut self, entry: &Entry, key: Key, other: Action) {
        let (name, place) = (entry.action.name(), entry.context.name());
        let other = other.name();
        let text = format!(
            "{key} is `{other}` already; `{name}` of [{place}] keeps its default, until `{other}` gets other keys"
        );
        self.problem(entry.offset, text);
    }

    fn laid(&self, entries: &[Entry]) -> Bindings {
        let mut bindings = self.standard.clone();
        for entry in entries {
            let usual = &self.standard[&entry.context];
            let mut keys = entry.keys.clone();
            let usual = usual.iter().find(|(action, _)| *action == entry.action);
            let fixed = usual
                .into_iter()
                .flat_map(|(_, keys)| keys)
                .filter(|key| is_fixed(**key));
            keys.extend(fixed.filter(|key| !entry.keys.contains(key)));
            let actions = bindings.get_mut(&entry.context).into_iter().flatten();
            for (_, slot) in actions.filter(|(action, _)| *action == entry.action) {
                slot.clone_from(&keys);
            }
        }
        bindings
    }
}

fn bound_to(actions: &[(Action, Vec<Key>)], key: Key) -> Option<Action> {
    let found = actions.iter().find(|(_, keys)| keys.contains(&key));
    found.map(|(action, _)| *action)
}

fn is_fixed(key: Key) -> bool {
    FIXED.iter().any(|name| Key::parse(name) == Ok(key))
}
