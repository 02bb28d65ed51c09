//! A file with endpoints as a person wrote it: one update body, or several, in JSON or YAML.
//!
//! Strict, so that nothing that was written is passed over: every key of [`body::text`](super::body::text) has to be
//! there, no other may be, and a text is a text only where every reader of YAML takes it for one. All that is wrong
//! with a document is told at once. What breaks a rule is not told here: that is [`validate`](super::validate)'s.
//!
//! ```
//! use novita_edit::endpoint::document::{DocumentFormat, read};
//!
//! let documents = read("id: ep_1\nworkerConfig: { maxNm: 5 }\n", DocumentFormat::Guess);
//! assert_eq!(documents[0].id(), Some("ep_1"));
//! let faults = documents[0].config(None).unwrap_err();
//! assert!(faults.iter().any(|fault| fault.to_string() == "line 2, column 17: workerConfig.maxNm: unknown key; did you mean maxNum?"));
//! ```

mod json;
mod keys;
mod node;
mod placeholder;
mod reader;
mod yaml;

use std::fmt;
use std::sync::Arc;

use super::config::{EndpointConfig, EnvVar};
use super::incoming::ParseError;
use super::masked::MeantValues;
use super::schema::{Access, BODY, BodyPart, Field};
use crate::secret::Secret;
use node::{TreeNode, Value};
pub use placeholder::{PLACEHOLDERS, Placeholder, SERVER as FROM_SERVER, ValueSource};
use reader::DocumentReader;

/// How many documents of a file are read.
const MOST_DOCUMENTS: usize = 1000;
/// How deep lists and objects may stand in each other; an update needs four.
const DEEPEST: usize = 32;

/// How a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentFormat {
    /// JSON; several documents simply follow each other.
    Json,
    /// YAML; several documents have `---` between them.
    Yaml,
    /// JSON if it begins with a brace or a bracket, else YAML.
    #[default]
    Guess,
}

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// The whole text, for lines and columns. It has env values in it.
    text: Arc<Secret>,
    tree: Result<TreeNode, Unparsed>,
}

/// Something that keeps a document from being an endpoint. Never shows the value of an env.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFault {
    /// Where in the update body: `workerConfig.maxNm`, `envs[3].value`; empty for the whole.
    pub path: String,
    /// What, without the path: `unknown key; did you mean maxNum?`
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
}

impl fmt::Display for DocumentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Why a text is neither JSON nor YAML, and at which byte.
#[derive(Clone, Debug)]
struct Unparsed {
    at: usize,
    why: String,
}

/// What a reader asks of a document beside its keys.
#[derive(Clone, Copy, Debug)]
struct ReadingRules<'a> {
    /// What says the same as here stays as it is here, to the letter.
    before: Option<&'a EndpointConfig>,
    /// The `id` may be left out where it is known from `before`.
    id_known: bool,
    /// A value that is the mask may stand.
    masks: bool,
    /// Values may be had from elsewhere.
    placeholders: bool,
    /// Which values of the endpoint that look masked are meant: only those are taken from there.
    meant: &'a MeantValues,
}

/// The documents of a text. None for a text without a word, such as one that has comments only.
pub fn read(text: &str, form: DocumentFormat) -> Vec<Document> {
    let begins = |text: &str| text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    let trees = match form {
        DocumentFormat::Json => json::documents(text),
        DocumentFormat::Guess if begins(text) => json::documents(text),
        DocumentFormat::Yaml | DocumentFormat::Guess => yaml::documents(text),
    };
    let text = Arc::new(Secret::new(text));
    let document = |tree| Document {
        text: Arc::clone(&text),
        tree,
    };
    trees.into_iter().map(document).collect()
}

/// The body of an endpoint that is being edited, as JSON: what `$EDITOR` gave back. What breaks a rule is not refused
/// here, a value that is the mask neither: it is marked in the form.
///
/// # Errors
/// The first of its faults; another `id` is one too: which endpoint it is can't be edited.
pub fn read_edited(text: &str, before: &EndpointConfig) -> Result<EndpointConfig, ParseError> {
    let rules = ReadingRules {
        before: Some(before),
        id_known: false,
        masks: true,
        placeholders: false,
        meant: &MeantValues::default(),
    };
    let mut documents = read(text, DocumentFormat::Json).into_iter();
    let Some(document) = documents.next() else {
        return Err(ParseError::at(text, 0, "there is nothing in it"));
    };
    let read = document.read(rules).map_err(|faults| {
        let first = faults.into_iter().next();
        first.map_or_else(
            || ParseError::at(text, 0, "this can't be read"),
            DocumentFault::into_parse_error,
        )
    })?;
    match documents.next() {
        None => Ok(read),
        Some(second) => {
            let at = second.tree.as_ref().map_or_else(|unparsed| unparsed.at, |tree| tree.at);
            Err(ParseError::at(text, at, "nothing may stand behind the body"))
        }
    }
}

impl Document {
    /// Which endpoint it is for, as far as it says.
    pub fn id(&self) -> Option<&str> {
        let Value::Map(members) = &self.tree.as_ref().ok()?.value else {
            return None;
        };
        let id = members.iter().find(|member| member.key == "id")?;
        match &id.value.value {
            Value::Text(id) if !id.reveal().trim().is_empty() => Some(id.reveal()),
            _ => None,
        }
    }

    /// The line on which it begins, from 1.
    pub fn line(&self) -> usize {
        let at = self.tree.as_ref().map_or_else(|unparsed| unparsed.at, |tree| tree.at);
        self.place(at).0
    }

    /// Line and character, from 1, where a path of the update body stands: `workerConfig.maxNum`, `envs[3].value`. Of
    /// what is missing, where what is around it begins; `None` for a document that can't be parsed.
    pub fn place_of(&self, path: &str) -> Option<(usize, usize)> {
        let mut node = self.tree.as_ref().ok()?;
        for step in path.split(['.', '[']) {
            let inside = match (&node.value, step.strip_suffix(']')) {
                (Value::List(items), Some(at)) => at.parse().ok().and_then(|at: usize| items.get(at)),
                (Value::Map(members), None) => members.iter().find(|m| m.key == step).map(|m| &m.value),
                _ => None,
            };
            let Some(inside) = inside else { break };
            node = inside;
        }
        Some(self.place(node.at))
    }

    /// The configuration that it says. What says the same as in the configuration before stays as it was there, to the
    /// letter; with one before, the `id` may be left out.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the text: what can't be parsed, unknown, missing and repeated keys,
    /// values of another type, an `id` that isn't that of the configuration before, values that are the mask.
    pub fn config(&self, before: Option<&EndpointConfig>) -> Result<EndpointConfig, Vec<DocumentFault>> {
        self.config_beside(before, &MeantValues::default())
    }

    /// The same, where some values of the endpoint look masked and are meant.
    ///
    /// # Errors
    /// As of [`Self::config`].
    pub fn config_beside(
        &self,
        before: Option<&EndpointConfig>,
        meant: &MeantValues,
    ) -> Result<EndpointConfig, Vec<DocumentFault>> {
        self.read(ReadingRules {
            before,
            id_known: before.is_some(),
            masks: false,
            placeholders: true,
            meant,
        })
    }

    /// Puts values where the document only says where they are to be had. `value_of` is asked for each, gives `None` for
    /// what is to be left as it is, and an error as the end of a sentence.
    pub fn fill(&mut self, mut value_of: impl FnMut(&ValueSource) -> Option<Result<Secret, String>>) {
        let Ok(tree) = &mut self.tree else { return };
        for node in tree.values_of_envs() {
            let Value::Map(members) = &node.value else { continue };
            let source = placeholder::source(node, members);
            match source.ok().and_then(|source| value_of(&source)) {
                Some(Ok(value)) => node.value = Value::Text(value),
                Some(Err(why)) => node.value = Value::Wrong(why),
                None => {}
            }
        }
    }

    fn read(&self, rules: ReadingRules) -> Result<EndpointConfig, Vec<DocumentFault>> {
        let found = match &self.tree {
            Ok(tree) => DocumentReader::of(tree, rules),
            Err(unparsed) => Err(vec![(unparsed.at, String::new(), unparsed.why.clone())]),
        };
        found.map_err(|faults| self.placed(faults))
    }

    /// Faults in the order of the text, with their lines and columns.
    fn placed(&self, mut faults: Vec<(usize, String, String)>) -> Vec<DocumentFault> {
        faults.sort_by_key(|(at, ..)| *at);
        let text = self.text.reveal();
        // The text is walked once: there may be as many faults as lines.
        let (mut line, mut start, mut done) = (1, 0, 0);
        let fault = |(at, path, message): (usize, String, String)| {
            let passed = text.get(done..at).unwrap_or_default();
            line += passed.matches('\n').count();
            start = passed.rfind('\n').map_or(start, |last| done + last + 1);
            done = at.max(done);
            DocumentFault {
                path,
                message,
                line,
                column: text.get(start..at).unwrap_or_default().chars().count() + 1,
            }
        };
        faults.into_iter().map(fault).collect()
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let place = ParseError::at(self.text.reveal(), at, "");
        (place.line, place.column)
    }
}

impl TreeNode {
    /// What stands in the place of the value of each environment variable.
    fn values_of_envs(&mut self) -> impl Iterator<Item = &mut TreeNode> {
        let list = BODY.iter().find_map(|part| match part {
            BodyPart::Envs(list, fields) => Some((list.path, *fields)),
            _ => None,
        });
        let secret = |field: &&Field<EnvVar>| matches!(field.access, Access::Secret(..));
        let (list, fields) = list.unwrap_or_default();
        let key = fields.iter().find(secret).map_or("", |field| field.spec.key());
        let rows = self.members(list).flat_map(|rows| match &mut rows.value {
            Value::List(rows) => rows.as_mut_slice(),
            _ => &mut [],
        });
        rows.flat_map(move |row| row.members(key))
    }

    /// What stands under a key.
    fn members<'a>(&'a mut self, key: &'a str) -> impl Iterator<Item = &'a mut TreeNode> {
        let members = match &mut self.value {
            Value::Map(members) => members.as_mut_slice(),
            _ => &mut [],
        };
        members
            .iter_mut()
            .filter(move |member| member.key == key)
            .map(|member| &mut member.value)
    }
}

impl DocumentFault {
    fn into_parse_error(self) -> ParseError {
        let why = match self.path.is_empty() {
            true => self.message,
            false => format!("{}: {}", self.path, self.message),
        };
        ParseError {
            line: self.line,
            column: self.column,
            why,
        }
    }
}
