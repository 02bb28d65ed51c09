//! One value of an update body, by its path: what `get --field` prints. Paths are those that `set` takes, and the
//! objects and lists that they stand in.

use serde_json::Value;

use super::failure::Failure;
use super::output;
use super::set::{self, RowName, SetTarget};
use crate::endpoint::body::Body;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::schema::{BODY, Kind};
use crate::endpoint::{EndpointConfig, FieldId, List};
use crate::text;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// As it was typed.
    typed: String,
    what: Named,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    /// A key of the body itself, with all that stands in it.
    Key(&'static str),
    /// A field, a row or a part of one.
    Target(SetTarget),
}

impl FieldPath {
    /// Reads a path. It is checked before anything is asked of a server.
    ///
    /// # Errors
    /// A sentence with the nearest path that there is.
    pub fn parse(typed: &str) -> Result<Self, String> {
        let what = match keys().find(|key| *key == typed) {
            Some(key) => Named::Key(key),
            None => Named::Target(set::target(typed).ok_or_else(|| unknown(typed))?),
        };
        Ok(Self {
            typed: typed.to_owned(),
            what,
        })
    }

    /// What stands there; `null` for a number that isn't known, and for what this endpoint has not.
    ///
    /// # Errors
    /// [`Failure::Invalid`]: there is no such row, or several have that name.
    pub fn value(&self, config: &EndpointConfig, mask: bool) -> Result<Value, Failure> {
        let body = if mask {
            Body::masked(config)
        } else {
            Body::exact(config)
        };
        let body = serde_json::to_value(body).map_err(|error| Failure::Report(error.into()))?;
        let found = match &self.what {
            Named::Key(key) => body.get(key),
            Named::Target(SetTarget::Field(field)) => {
                return Ok(body
                    .pointer(&pointer(*field))
                    .cloned()
                    .unwrap_or_else(|| nothing(*field)));
            }
            Named::Target(SetTarget::Row(list, row, part)) => {
                let at = self.place(config, *list, row)?;
                let row = body.get(list.field().spec().path).and_then(|rows| rows.get(at));
                match part {
                    Some(part) => row.and_then(|row| row.get(part.spec().key())),
                    None => row,
                }
            }
        };
        Ok(found.cloned().unwrap_or_default())
    }

    /// Makes what stands there in one configuration be as in another: what is left out of their comparison.
    pub fn copy(&self, from: &EndpointConfig, to: &mut EndpointConfig) {
        let under = |key: &str, path: &str| {
            let rest = path.strip_prefix(key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        match &self.what {
            Named::Key("id") => to.id.clone_from(&from.id),
            Named::Key(key) => FieldId::canonical()
                .filter(|field| under(key, field.spec().path))
                .for_each(|field| copy_field(field, from, to)),
            Named::Target(SetTarget::Field(field)) => copy_field(*field, from, to),
            Named::Target(SetTarget::Row(list, row, part)) => copy_row((*list, row, *part), from, to),
        }
    }

    /// The row's place.
    fn place(&self, config: &EndpointConfig, list: List, row: &RowName) -> Result<usize, Failure> {
        let (path, count) = (output::safe(&self.typed), list.len(config));
        let id = output::safe(&config.id);
        let name = match row {
            RowName::Named(name) => name,
            RowName::At(at) if *at < count => return Ok(*at),
            RowName::At(_) => {
                return Err(Failure::Invalid(format!(
                    "{id} has no {path}: there are {count} rows, counted from 0. `novita-edit show {id}` lists them."
                )));
            }
        };
        let names: Vec<String> = (0..count)
            .filter_map(|at| Row::of(config, list, at).map(|row| row.name().to_owned()))
            .collect();
        let places: Vec<usize> = (0..names.len()).filter(|at| names[*at] == *name).collect();
        match places.as_slice() {
            [one] => Ok(*one),
            [] => Err(Failure::Invalid(format!(
                "{id} has no {path}. {}",
                near(list, name, &names)
            ))),
            several => {
                let list = list.field().spec().path;
                let rows: Vec<String> = several.iter().map(|at| format!("{list}[{at}]")).collect();
                Err(Failure::Invalid(format!(
                    "{path} stands there {} times. Name one by its place: {}.",
                    several.len(),
                    rows.join(", ")
                )))
            }
        }
    }
}

/// The keys of the body itself.
pub fn keys() -> impl Iterator<Item = &'static str> {
    std::iter::once("id").chain(BODY.iter().map(|part| part.key()))
}

fn copy_field(field: FieldId, from: &EndpointConfig, to: &mut EndpointConfig) {
    match field {
        FieldId::Environment => to.envs = from.envs.clone(),
        FieldId::Volumes => to.volumes.clone_from(&from.volumes),
        field => Edit::set(to, field, from.text(field)).apply(to),
    }
}

/// Rows of one name are taken in their order.
fn copy_row((list, row, part): (List, &RowName, Option<FieldId>), from: &EndpointConfig, to: &mut EndpointConfig) {
    let rows = |config: &EndpointConfig| -> Vec<(usize, Row)> {
        let all = (0..list.len(config)).filter_map(|at| Some((at, Row::of(config, list, at)?)));
        let is_meant = |(at, found): &(usize, Row)| match row {
            RowName::Named(name) => found.name() == name,
            RowName::At(wanted) => at == wanted,
        };
        all.filter(is_meant).collect()
    };
    let (wanted, there) = (rows(from), rows(to));
    let count = there.len();
    for (place, (at, old)) in there.into_iter().enumerate().rev() {
        let edit = match wanted.get(place) {
            Some((_, wanted)) => {
                let mut new = part.map_or_else(|| wanted.clone(), |_| old.clone());
                if let Some(part) = part {
                    new.set_text(part, wanted.text(part));
                }
                Edit::Replace { at, old, new }
            }
            None => Edit::Remove { at, row: old },
        };
        edit.apply(to);
    }
    for (at, row) in wanted.into_iter().skip(count) {
        let at = at.min(list.len(to));
        Edit::Insert { at, row }.apply(to);
    }
}

fn unknown(path: &str) -> String {
    match set::nearest_path(path, &keys().collect::<Vec<_>>()) {
        Some(near) => format!("there is no field {path}; did you mean {near}?"),
        None => format!(
            "there is no field {path}. Take one of {}, envs.NAME and volumeMounts[PATH].size",
            set::single_paths().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// `ports[0].port` → `/ports/0/port`.
fn pointer(field: FieldId) -> String {
    let path = field.spec().path.replace('[', ".").replace(']', "");
    format!("/{}", path.replace('.', "/"))
}

/// What a field is that the body leaves out.
fn nothing(field: FieldId) -> Value {
    match field.spec().kind {
        Kind::Text { .. } => Value::from(""),
        _ => Value::Null,
    }
}

/// Which rows there are, the nearest alone if one is like it.
fn near(list: List, name: &str, names: &[String]) -> String {
    let path = |name: &str| match list {
        List::Envs => format!("envs.{}", output::safe(name)),
        List::Volumes => format!("volumeMounts[{}]", output::safe(name)),
    };
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    match (text::nearest(name, &known), known.as_slice()) {
        (Some(near), _) => format!("Did you mean {}?", path(near)),
        (None, []) => "There is none at all.".to_owned(),
        (None, [one]) => format!("There is {} alone.", path(one)),
        (None, known) => {
            const MOST: usize = 10;
            let mut there: Vec<String> = known.iter().take(MOST).map(|name| path(name)).collect();
            if known.len() > MOST {
                there.push(format!("{} more", known.len() - MOST));
            }
            format!("There are {}.", there.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::endpoint::{EnvVar, Number, VolumeMount};

    fn config() -> EndpointConfig {
        let mut config = EndpointConfig {
            id: "ep_1".to_owned(),
            envs: [("A", "1"), ("B=C", "2"), ("D", "x"), ("D", "y")]
                .map(|(key, value)| EnvVar::new(key, value))
                .into_iter()
                .collect(),
            volumes: vec![VolumeMount {
                mount_path: "/a]b=c".to_owned(),
                size: Number::of(30),
                ..VolumeMount::default()
            }],
            ..EndpointConfig::default()
        };
        config.set_text(FieldId::HttpPort, "8000");
        config.set_text(FieldId::MaxWorkers, "5");
        config
    }

    fn value(path: &str) -> Result<Value, Failure> {
        FieldPath::parse(path).unwrap().value(&config(), false)
    }

    #[test]
    fn a_path_gives_its_value_and_a_whole_gives_json() {
        for (path, expected) in [
            ("id", json!("ep_1")),
            ("workerConfig.maxNum", json!(5)),
            ("ports[0].port", json!("8000")),
            ("ports", json!([{"port": "8000"}])),
            ("healthy.path", json!("")),
            ("healthy", json!(null)),
            ("envs.A", json!("1")),
            ("envs.B=C", json!("2")),
            ("envs[3].key", json!("D")),
            ("envs[3]", json!("y")),
            ("volumeMounts[/a]b=c].size", json!(30)),
            ("volumeMounts[/a]b=c].id", json!(null)),
            (
                "volumeMounts[0]",
                json!({"type": "local", "size": 30, "mountPath": "/a]b=c"}),
            ),
        ] {
            assert_eq!(value(path).unwrap(), expected, "{path}");
        }
        assert_eq!(value("envs").unwrap().as_array().unwrap().len(), 4);
        let masked = FieldPath::parse("envs.A").unwrap().value(&config(), true).unwrap();
        assert_eq!(masked, json!(crate::secret::MASK));
    }

    #[test]
    fn a_row_that_is_not_there_names_the_nearest_and_one_of_several_its_places() {
        for (path, said) in [
            ("envs.AB", "ep_1 has no envs.AB. Did you mean envs.A?"),
            ("envs.ZZZZ", "There are envs.A, envs.B=C, envs.D, envs.D."),
            ("envs[9].value", "there are 4 rows"),
            (
                "envs.D",
                "envs.D stands there 2 times. Name one by its place: envs[2], envs[3].",
            ),
            ("volumeMounts[/zz]", "There is volumeMounts[/a]b=c] alone."),
        ] {
            let said_so = value(path).unwrap_err().to_string();
            assert!(said_so.contains(said), "{path}: {said_so}");
        }
    }

    #[test]
    fn an_unknown_path_names_the_nearest_that_there_is() {
        for (path, near) in [
            ("maxNum", "workerConfig.maxNum"),
            ("workerconfig", "workerConfig"),
            ("port", "ports[0].port"),
            ("env.A", "envs.A"),
            ("envs[A]", "envs.A"),
            ("volumeMount", "volumeMounts"),
        ] {
            let said = FieldPath::parse(path).unwrap_err();
            assert!(said.ends_with(&format!("did you mean {near}?")), "{path}: {said}");
        }
        assert!(FieldPath::parse("zzzz").unwrap_err().contains("Take one of name"));
        for path in ["", "envs.", "volumeMounts[/data"] {
            assert!(FieldPath::parse(path).is_err(), "{path:?}");
        }
    }
}
