//! A tree → the configuration that it says, or all that is wrong with it.

use super::super::config::{
    EndpointConfig, EnvVar, ImageConfig, Policy, PolicyType, VolumeMount, VolumeType, WorkerConfig,
};
use super::super::number::{Number, NumberError};
use super::node::{Member, Node, Value};
use super::{Rules, keys};
use crate::secret::Secret;
use crate::text::Quoted;

/// Where (byte), path, message.
type Found = (usize, String, String);

/// One reading of one document: what is wrong is noted, and the reading goes on.
pub(super) struct Reading<'a> {
    rules: Rules<'a>,
    faults: Vec<Found>,
    /// What can be read and is no fault: the rules tell it, once nothing else keeps the document from them.
    rules_broken: Vec<Found>,
}

/// An object whose keys were looked at.
struct Object<'a> {
    at: usize,
    path: String,
    members: &'a [Member],
    /// What unknown keys were meant to be: those are told already.
    meant: Vec<&'static str>,
}

impl Object<'_> {
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

impl<'a> Reading<'a> {
    /// The configuration of a whole document.
    pub fn of(tree: &Node, rules: Rules<'a>) -> Result<EndpointConfig, Vec<Found>> {
        let mut reading = Reading {
            rules,
            faults: Vec::new(),
            rules_broken: Vec::new(),
        };
        let config = reading.body(tree);
        match config {
            Some(config) if reading.faults.is_empty() => Ok(config),
            // All that is wrong is told at once.
            _ => Err([reading.faults, reading.rules_broken].concat()),
        }
    }

    fn body(&mut self, tree: &Node) -> Option<EndpointConfig> {
        if let Value::List(_) = tree.value {
            let why = "a list stands where an object belongs; several endpoints stand one after another, in YAML with --- between \
                       them";
            self.fault(tree.at, "", why);
            return None;
        }
        let body = self.object(tree, String::new(), keys::BODY)?;
        let before = self.rules.before;
        let id = self.id(&body);
        let name = self.text(&body, "name");
        let cluster_id = self.text(&body, "clusterID");
        let workers = self.workers(&body, before.map(|before| &before.workers));
        let port = self.ports(&body);
        let policy = self.policy(&body, before.map(|before| &before.policy.value));
        let image = self.image(&body);
        let volumes = self.volumes(&body, before.map_or(&[], |before| &before.volumes));
        let envs = self.list(&body, "envs", Self::env);
        let health_path = self.health_path(&body);
        Some(EndpointConfig {
            id,
            name,
            cluster_id,
            workers,
            port,
            policy,
            image,
            volumes,
            envs: envs.into(),
            health_path,
        })
    }

    fn id(&mut self, body: &Object) -> String {
        let there = body.members.iter().find(|member| member.key == "id");
        let (Some(before), Some(there)) = (self.rules.before, there) else {
            if let Some(before) = self.rules.before.filter(|_| self.rules.id_known) {
                return before.id.clone();
            }
            let id = self.text(body, "id");
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

    fn workers(&mut self, body: &Object, before: Option<&WorkerConfig>) -> WorkerConfig {
        let Some(workers) = self.need_object(body, "workerConfig", keys::WORKERS) else {
            return WorkerConfig::default();
        };
        WorkerConfig {
            min_num: self.number(&workers, "minNum", before.map(|before| &before.min_num)),
            max_num: self.number(&workers, "maxNum", before.map(|before| &before.max_num)),
            free_timeout: self.number(&workers, "freeTimeout", before.map(|before| &before.free_timeout)),
            max_concurrent: self.number(&workers, "maxConcurrent", before.map(|before| &before.max_concurrent)),
            gpu_num: self.number(&workers, "gpuNum", before.map(|before| &before.gpu_num)),
            request_timeout: self.number(&workers, "requestTimeout", before.map(|before| &before.request_timeout)),
        }
    }

    /// All ports joined by commas, as [`EndpointConfig::port`] has several.
    fn ports(&mut self, body: &Object) -> String {
        let ports = self.list(body, "ports", |reading, node, path| {
            let port = reading.object(node, path, keys::PORT)?;
            let node = reading.need(&port, "port", "")?;
            match &node.value {
                // Many write it as a number, and nothing is lost by it.
                Value::Number(number) if is_plain_integer(number.reveal()) => Some(number.reveal().to_owned()),
                _ => Some(reading.text_of(node, &port.path_of("port")).trim().to_owned()),
            }
        });
        ports.join(", ")
    }

    fn policy(&mut self, body: &Object, before: Option<&Number>) -> Policy {
        let Some(policy) = self.need_object(body, "policy", keys::POLICY) else {
            return Policy::default();
        };
        Policy {
            kind: PolicyType::from_word(&self.text(&policy, "type")),
            value: self.number(&policy, "value", before),
        }
    }

    fn image(&mut self, body: &Object) -> ImageConfig {
        let Some(image) = self.need_object(body, "image", keys::IMAGE) else {
            return ImageConfig::default();
        };
        ImageConfig {
            image: self.text(&image, "image"),
            auth_id: self.text(&image, "authId"),
            command: self.text(&image, "command"),
        }
    }

    fn volumes(&mut self, body: &Object, before: &[VolumeMount]) -> Vec<VolumeMount> {
        let volumes = self.list(body, "volumeMounts", Self::volume);
        let settle = |(at, volume): (usize, VolumeMount)| {
            // What its type doesn't use isn't in the body, and would be lost.
            let same = |old: &&VolumeMount| **old == volume;
            let there = before.get(at).filter(same);
            there.or_else(|| before.iter().find(same)).cloned().unwrap_or(volume)
        };
        volumes.into_iter().enumerate().map(settle).collect()
    }

    fn volume(&mut self, node: &Node, path: String) -> Option<VolumeMount> {
        let volume = self.object(node, path, keys::VOLUME)?;
        let kind = VolumeType::from_word(&self.text(&volume, "type"));
        let has = |key: &str| volume.members.iter().any(|member| member.key == key);
        let wants_size = kind == VolumeType::Local || has("size");
        let wants_id = kind == VolumeType::Network || has("id");
        Some(VolumeMount {
            size: if wants_size {
                self.number(&volume, "size", None)
            } else {
                Number::unknown()
            },
            storage_id: if wants_id {
                self.text(&volume, "id")
            } else {
                String::new()
            },
            mount_path: self.text(&volume, "mountPath"),
            kind,
        })
    }

    fn env(&mut self, node: &Node, path: String) -> Option<EnvVar> {
        let env = self.object(node, path, keys::ENV)?;
        let key = self.text(&env, "key");
        let value = match self.need(&env, "value", "") {
            Some(node) => self.secret_of(node, &env.path_of("value")),
            None => Secret::default(),
        };
        if value.is_mask() && !self.rules.masks {
            let at = env.members.iter().find(|member| member.key == "value");
            let why = "the value is the mask itself, not the secret behind it; write the value";
            self.fault(at.map_or(env.at, |member| member.value.at), &env.path_of("value"), why);
        }
        // The mask in the place of a value that our files didn't keep is still that value.
        let lost = self.rules.before.and_then(|before| {
            let mut lost = before.envs.iter().filter(|env| env.value.is_redacted());
            lost.find(|env| env.key == key)
        });
        match lost {
            Some(lost) if value.is_mask() => Some(lost.clone()),
            _ => Some(EnvVar { key, value }),
        }
    }

    fn health_path(&mut self, body: &Object) -> String {
        let Some(healthy) = body.members.iter().find(|member| member.key == "healthy") else {
            return String::new();
        };
        if let Value::Null = healthy.value.value {
            self.fault(
                healthy.at,
                "healthy",
                "null stands where an object belongs; leave it out for no health check",
            );
            return String::new();
        }
        match self.object(&healthy.value, "healthy".to_owned(), keys::HEALTHY) {
            Some(healthy) => self.text(&healthy, "path"),
            None => String::new(),
        }
    }

    fn fault(&mut self, at: usize, path: &str, message: impl Into<String>) {
        self.faults.push((at, path.to_owned(), message.into()));
    }

    /// An object that may have these keys, each once.
    fn object<'t>(&mut self, node: &'t Node, path: String, known: &[&'static str]) -> Option<Object<'t>> {
        let Value::Map(members) = &node.value else {
            self.wrong(node, &path, "an object");
            return None;
        };
        let mut meant = Vec::new();
        for (at, member) in members.iter().enumerate() {
            // Under `envs` it may be a value that a slip of the pen made a key: only what is nearly a key of theirs is shown.
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
        Some(Object {
            at: node.at,
            path,
            members,
            meant,
        })
    }

    /// What stands under a key that has to be there; `empty` is what to write for nothing.
    fn need<'t>(&mut self, object: &Object<'t>, key: &str, empty: &str) -> Option<&'t Node> {
        if let Some(member) = object.members.iter().find(|member| member.key == key) {
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

    fn need_object<'t>(&mut self, object: &Object<'t>, key: &str, known: &[&'static str]) -> Option<Object<'t>> {
        let node = self.need(object, key, "")?;
        self.object(node, object.path_of(key), known)
    }

    fn list<T>(
        &mut self,
        object: &Object,
        key: &str,
        mut item: impl FnMut(&mut Self, &Node, String) -> Option<T>,
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

    fn text(&mut self, object: &Object, key: &str) -> String {
        let optional = matches!(
            object.path_of(key).as_str(),
            "name" | "clusterID" | "image.authId" | "image.command"
        );
        match self.need(object, key, if optional { "\"\"" } else { "" }) {
            Some(node) => self.text_of(node, &object.path_of(key)),
            None => String::new(),
        }
    }

    fn text_of(&mut self, node: &Node, path: &str) -> String {
        self.secret_of(node, path).reveal().to_owned()
    }

    fn secret_of(&mut self, node: &Node, path: &str) -> Secret {
        match &node.value {
            Value::Text(text) => return text.clone(),
            Value::Null => self.fault(node.at, path, "nothing stands here; write \"\" for an empty text"),
            Value::Number(_) | Value::Other(_) => {
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
    fn number(&mut self, object: &Object, key: &str, before: Option<&Number>) -> Number {
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

    fn wrong(&mut self, node: &Node, path: &str, wanted: &str) {
        let why = match &node.value {
            Value::Wrong(why) => why.clone(),
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
