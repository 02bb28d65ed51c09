//! A tree → the configuration that it says, or all that is wrong with it.

use std::collections::HashMap;

use super::super::config::{EndpointConfig, EnvVar, VolumeMount};
use super::super::diff::identities;
use super::super::masked::looks_masked;
use super::super::number::{Number, NumberError};
use super::super::schema::{Access, BODY, BodyObject, BodyPart, Field, TypeUse, Without};
use super::node::{Member, TreeNode, Value};
use super::{ReadingRules, ValueSource, keys, placeholder};
use crate::secret::Secret;
use crate::text::Quoted;

/// Where (byte), path, message.
type FaultAt = (usize, String, String);

/// One reading of one document: what is wrong is noted, and the reading goes on.
pub(super) struct DocumentReader<'a> {
    rules: ReadingRules<'a>,
    faults: Vec<FaultAt>,
    /// What can be read and is no fault: the rules tell it, once nothing else keeps the document from them.
    rules_broken: Vec<FaultAt>,
    /// Where, in the row that is being read, the endpoint's own value is asked for.
    from_server: Option<usize>,
}

/// What a value that only the server knows is as long as nobody asked it. Never shown and never sent.
const AS_THE_ENDPOINT_HAS_IT: &str = "as the endpoint has it";

/// An object whose keys were looked at.
struct CheckedObject<'a> {
    at: usize,
    path: String,
    members: &'a [Member],
    /// What unknown keys were meant to be: those are told already.
    meant: Vec<&'static str>,
}

impl<'t> CheckedObject<'t> {
    fn member(&self, key: &str) -> Option<&'t Member> {
        self.members.iter().find(|member| member.key == key)
    }

    fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

impl<'a> DocumentReader<'a> {
    /// The configuration of a whole document.
    pub fn of(tree: &TreeNode, rules: ReadingRules<'a>) -> Result<EndpointConfig, Vec<FaultAt>> {
        let mut reading = DocumentReader {
            rules,
            faults: Vec::new(),
            rules_broken: Vec::new(),
            from_server: None,
        };
        let config = reading.body(tree);
        match config {
            Some(config) if reading.faults.is_empty() => Ok(config),
            // All that is wrong is told at once.
            _ => Err([reading.faults, reading.rules_broken].concat()),
        }
    }

    fn body(&mut self, tree: &TreeNode) -> Option<EndpointConfig> {
        if let Value::List(_) = tree.value {
            let why = "a list stands where an object belongs; several endpoints stand one after another, in YAML with --- between \
                       them";
            self.fault(tree.at, "", why);
            return None;
        }
        let body = self.object(tree, String::new(), &keys::of_body())?;
        let before = self.rules.before;
        let mut config = EndpointConfig {
            id: self.id(&body),
            ..EndpointConfig::default()
        };
        for part in &BODY {
            let key = part.key();
            match part {
                BodyPart::Field(field) => self.field(&body, field, &mut config, before),
                BodyPart::Object(object) => {
                    if let Some(node) = self.part(&body, object) {
                        self.fields(node, key.to_owned(), object.fields, &mut config, before);
                    }
                }
                BodyPart::OneRow(field) => {
                    let texts = self.list(&body, key, |reading, node, path| reading.only(node, path, field));
                    field.access.set_text(&mut config, &texts.join(", "));
                }
                BodyPart::Volumes(_, fields) => {
                    let volumes = self.list(&body, key, |reading, node, path| reading.row(node, path, fields));
                    config.volumes = self.settled(volumes);
                }
                BodyPart::Envs(_, fields) => {
                    let envs = self.list(&body, key, |reading, node, path| {
                        let row = reading.row(node, path.clone(), fields);
                        let asked = reading.from_server.take().map(|at| (at, path));
                        row.map(|row| (row, asked))
                    });
                    let envs = self.with_servers(envs);
                    config.envs = envs.into_iter().map(|env| self.recalled(env)).collect();
                }
            }
        }
        Some(config)
    }

    fn id(&mut self, body: &CheckedObject) -> String {
        let there = body.member("id");
        let (Some(before), Some(there)) = (self.rules.before, there) else {
            if let Some(before) = self.rules.before.filter(|_| self.rules.id_known) {
                return before.id.clone();
            }
            let id = self.text(body, "id", "");
            if let Some(there) = there.filter(|there| there.value.value.is_blank()) {
                self.fault(there.value.at, "id", "is blank; it says which endpoint this is for");
            }
            return id;
        };
        let id = self.text_of(&there.value, "id");
        if matches!(there.value.value, Value::Text(_)) && id != before.id {
            let why = match self.rules.id_known {
                true if id == before.name => format!(
                    "{} is the endpoint's name; write its id, {}, or leave it out where the command names the endpoint",
                    Quoted(&id),
                    before.id
                ),
                true => format!(
                    "{} stands here, and {} is the endpoint that the command names; leave one of the two out",
                    Quoted(&id),
                    before.id
                ),
                false => format!("the id can't be changed; it is {}", before.id),
            };
            self.fault(there.at, "id", why);
        }
        id
    }

    /// What stands under the key of an object, if something has to be read there.
    fn part<'t>(&mut self, body: &CheckedObject<'t>, object: &BodyObject) -> Option<&'t TreeNode> {
        if object.without != Without::NotSent {
            return self.need(body, object.key, "");
        }
        let there = body.member(object.key)?;
        if let Value::Null = there.value.value {
            let why = "null stands where an object belongs; leave it out for no health check";
            self.fault(there.at, object.key, why);
            return None;
        }
        Some(&there.value)
    }

    /// Reads the fields of an object into what they belong to; `None` where there is no object.
    fn fields<T>(
        &mut self,
        node: &TreeNode,
        path: String,
        fields: &'static [Field<T>],
        of: &mut T,
        before: Option<&T>,
    ) -> Option<()> {
        let object = self.object(node, path, &keys::of(fields))?;
        for field in fields {
            self.field(&object, field, of, before);
        }
        Some(())
    }

    fn field<T>(&mut self, object: &CheckedObject, field: &Field<T>, of: &mut T, before: Option<&T>) {
        let key = field.spec.key();
        if field.use_in(of) != TypeUse::Needed && object.member(key).is_none() {
            return;
        }
        let empty = if field.spec.optional { "\"\"" } else { "" };
        match &field.access {
            Access::Number(get, put) => *put(of) = self.number(object, key, before.map(get)),
            Access::Text(_, put) => *put(of) = self.text(object, key, empty),
            Access::Word(_, put) => put(of, &self.text(object, key, empty)),
            Access::Secret(_, put) => *put(of) = self.secret(object, key),
        }
    }

    fn row<T: Default>(&mut self, node: &TreeNode, path: String, fields: &'static [Field<T>]) -> Option<T> {
        let mut row = T::default();
        self.fields(node, path, fields, &mut row, None)?;
        Some(row)
    }

    /// The text of a row that has nothing else.
    fn only(&mut self, node: &TreeNode, path: String, field: &Field<EndpointConfig>) -> Option<String> {
        let key = field.spec.key();
        let row = self.object(node, path, &[key])?;
        let node = self.need(&row, key, "")?;
        match &node.value {
            // Many write it as a number, and nothing is lost by it.
            Value::Number(number) if is_plain_integer(number.reveal()) => Some(number.reveal().to_owned()),
            _ => Some(self.text_of(node, &row.path_of(key)).trim().to_owned()),
        }
    }

    /// Volumes, with what their types don't use from the volumes before: it isn't in the body, and would be lost.
    fn settled(&self, volumes: Vec<VolumeMount>) -> Vec<VolumeMount> {
        let before = self.rules.before.map_or(&[][..], |before| &before.volumes);
        let settle = |(at, volume): (usize, VolumeMount)| {
            let same = |old: &&VolumeMount| **old == volume;
            let there = before.get(at).filter(same);
            there.or_else(|| before.iter().find(same)).cloned().unwrap_or(volume)
        };
        volumes.into_iter().enumerate().map(settle).collect()
    }

    /// Variables, with the endpoint's own values where they are asked for: of several of one name each by its turn.
    fn with_servers(&mut self, envs: Vec<(EnvVar, Option<(usize, String)>)>) -> Vec<EnvVar> {
        let (mut envs, asked): (Vec<EnvVar>, Vec<_>) = envs.into_iter().unzip();
        let Some(before) = self.rules.before.filter(|_| asked.iter().any(Option::is_some)) else {
            return envs;
        };
        let there = identities(&before.envs, |env| &env.key);
        let there: HashMap<_, _> = there.into_iter().zip(before.envs.iter()).collect();
        let wanted: Vec<Option<EnvVar>> = identities(&envs, |env| &env.key)
            .into_iter()
            .map(|identity| there.get(&identity).map(|env| (*env).clone()))
            .collect();
        for ((env, asked), there) in envs.iter_mut().zip(asked).zip(wanted) {
            let Some((at, row)) = asked else { continue };
            let path = join(&row, "value");
            match there {
                Some(there) if looks_masked(there.value.reveal()) && !self.rules.meant.holds(&there) => {
                    let why = "the server shows a mask in the place of this value, so it can't be taken from there; write where \
                               else it is to be had";
                    self.fault(at, &path, why);
                }
                Some(there) => env.value = there.value,
                None => {
                    let why = "the endpoint has no such variable, so there is no value to take; write where else it is to be had";
                    self.fault(at, &path, why);
                }
            }
        }
        envs
    }

    /// The mask in the place of a value that our files didn't keep is still that value.
    fn recalled(&self, env: EnvVar) -> EnvVar {
        let redacted = self.rules.before.and_then(|before| {
            let mut redacted = before.envs.iter().filter(|env| env.value.is_redacted());
            redacted.find(|redacted| redacted.key == env.key)
        });
        match redacted {
            Some(redacted) if env.value.is_mask() => redacted.clone(),
            _ => env,
        }
    }

    fn fault(&mut self, at: usize, path: &str, message: impl Into<String>) {
        self.faults.push((at, path.to_owned(), message.into()));
    }

    /// An object that may have these keys, each once.
    fn object<'t>(&mut self, node: &'t TreeNode, path: String, known: &[&'static str]) -> Option<CheckedObject<'t>> {
        let Value::Map(members) = &node.value else {
            self.wrong(node, &path, "an object");
            return None;
        };
        let mut meant = Vec::new();
        for (at, member) in members.iter().enumerate() {
            // Under `envs` it may be a value that a slip of the pen made a key: only what is nearly a key of theirs is
            // shown.
            let is_near = known.contains(&member.key.as_str()) || keys::unknown(&member.key, known).1.is_some();
            let shown = match path.starts_with("envs") && !is_near {
                true => "…".to_owned(),
                false => keys::shown(&member.key),
            };
            let path = join(&path, &shown);
            if !known.contains(&member.key.as_str()) {
                let (why, known) = keys::unknown(&member.key, known);
                meant.extend(known);
                self.fault(member.at, &path, why);
            } else if members[..at].iter().any(|before| before.key == member.key) {
                self.fault(member.at, &path, "stands there more than once; which one counts?");
            }
        }
        Some(CheckedObject {
            at: node.at,
            path,
            members,
            meant,
        })
    }

    /// What stands under a key that has to be there; `empty` is what to write for nothing.
    fn need<'t>(&mut self, object: &CheckedObject<'t>, key: &str, empty: &str) -> Option<&'t TreeNode> {
        if let Some(member) = object.member(key) {
            return Some(&member.value);
        }
        if object.meant.contains(&key) {
            return None;
        }
        let why = match empty {
            "" => "missing; an update has to have it".to_owned(),
            empty => format!("missing; an update has to have it: write {empty} for none"),
        };
        self.fault(object.at, &object.path_of(key), why);
        None
    }

    fn list<T>(
        &mut self,
        object: &CheckedObject,
        key: &str,
        mut item: impl FnMut(&mut Self, &TreeNode, String) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = self.need(object, key, "[]") else {
            return Vec::new();
        };
        let path = object.path_of(key);
        let Value::List(items) = &node.value else {
            self.wrong(node, &path, "a list");
            return Vec::new();
        };
        let read = items
            .iter()
            .enumerate()
            .map(|(at, node)| item(self, node, format!("{path}[{at}]")));
        read.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn text(&mut self, object: &CheckedObject, key: &str, empty: &str) -> String {
        match self.need(object, key, empty) {
            Some(node) => self.text_of(node, &object.path_of(key)),
            None => String::new(),
        }
    }

    fn secret(&mut self, object: &CheckedObject, key: &str) -> Secret {
        let Some(node) = self.need(object, key, "") else {
            return Secret::default();
        };
        if let Value::Map(members) = &node.value {
            return self.secret_from(node, members, &object.path_of(key));
        }
        let value = self.secret_of(node, &object.path_of(key));
        if value.is_mask() && !self.rules.masks {
            let why = "the value is the mask itself, not the secret behind it; write the value";
            self.fault(node.at, &object.path_of(key), why);
        }
        value
    }

    /// A value that is to be had from elsewhere. Those of variables and files were put in place before.
    fn secret_from(&mut self, node: &TreeNode, members: &[Member], path: &str) -> Secret {
        match placeholder::source(node, members) {
            Err((at, why)) => self.fault(at, path, why),
            Ok(_) if !self.rules.placeholders => {
                let why = "only a file for `apply` may say where a value is to be had; write the value, or leave it as it was";
                self.fault(node.at, path, why);
            }
            Ok(ValueSource::Server) => {
                self.from_server = Some(node.at);
                return Secret::new(AS_THE_ENDPOINT_HAS_IT);
            }
            Ok(ValueSource::Env(_) | ValueSource::File(_)) => {
                self.fault(node.at, path, "the value was not read");
            }
        }
        Secret::default()
    }

    fn text_of(&mut self, node: &TreeNode, path: &str) -> String {
        self.secret_of(node, path).reveal().to_owned()
    }

    fn secret_of(&mut self, node: &TreeNode, path: &str) -> Secret {
        match &node.value {
            Value::Text(text) => return text.clone(),
            Value::Null => self.fault(node.at, path, "nothing stands here; write \"\" for an empty text"),
            Value::Number(_) | Value::True | Value::Other(_) => {
                let noun = node.value.noun();
                self.fault(
                    node.at,
                    path,
                    format!("{noun} stands where a text belongs; put it in quotes"),
                );
            }
            _ => self.wrong(node, path, "a text"),
        }
        Secret::default()
    }

    /// A number; one that can't be read stands in the body as its text, one that isn't known as `null`.
    fn number(&mut self, object: &CheckedObject, key: &str, before: Option<&Number>) -> Number {
        let Some(node) = self.need(object, key, "") else {
            return Number::unknown();
        };
        let number = match &node.value {
            Value::Number(number) if is_plain_integer(number.reveal()) => Number::typed(number.reveal()),
            Value::Number(number) => {
                let why = format!(
                    "{} is not a whole number in decimal digits",
                    keys::shown(number.reveal())
                );
                self.fault(node.at, &object.path_of(key), why);
                return Number::unknown();
            }
            Value::Text(text) => {
                let number = Number::typed(text.reveal());
                if number.value() == Err(NumberError::NotWhole) {
                    let why = format!("{} is not a whole number", Quoted(&keys::shown(text.reveal())));
                    self.rules_broken.push((node.at, object.path_of(key), why));
                }
                number
            }
            Value::Null => Number::unknown(),
            _ => {
                self.wrong(node, &object.path_of(key), "a whole number");
                return Number::unknown();
            }
        };
        match before.filter(|before| **before == number) {
            Some(before) => before.clone(),
            None => number,
        }
    }

    fn wrong(&mut self, node: &TreeNode, path: &str, wanted: &str) {
        let why = match &node.value {
            Value::Wrong(why) => why.clone(),
            value if placeholder::is_meant(value) => {
                format!("only the value of an environment variable may be had from elsewhere; write {wanted}")
            }
            value => format!("{} stands where {wanted} belongs", value.noun()),
        };
        self.fault(node.at, path, why);
    }
}

/// Decimal digits that every reader takes for the same number.
fn is_plain_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'))
}
