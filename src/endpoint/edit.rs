//! An edit is a value with an inverse; undo and redo are lists of them.

use super::config::{EndpointConfig, EnvVar, VolumeMount};
use super::diff::row_marks;
use super::field::{FieldId, List, Place};
use super::schema::{ENV, Field, TypeUse, VOLUME};

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A row of `volumeMounts`.
    Volume(VolumeMount),
    /// A row of `envs`.
    Env(EnvVar),
}

impl Row {
    /// The list that it belongs to.
    pub fn list(&self) -> List {
        match self {
            Self::Volume(_) => List::Volumes,
            Self::Env(_) => List::Envs,
        }
    }

    /// What the row is called: the env's key, the volume's mount path.
    pub fn name(&self) -> &str {
        match self {
            Self::Volume(volume) => &volume.mount_path,
            Self::Env(env) => &env.key,
        }
    }

    /// The text of one of its parts, as it is edited; of a secret that was not kept there is none.
    pub fn text(&self, part: FieldId) -> &str {
        match self {
            Self::Volume(volume) => field(&VOLUME, part).map_or("", |field| field.access.text(volume)),
            Self::Env(env) => field(&ENV, part).map_or("", |field| field.access.text(env)),
        }
    }

    /// Puts a text into one of its parts, readable or not. A secret that was not kept stays that secret until another
    /// one is typed.
    pub fn set_text(&mut self, part: FieldId, text: &str) {
        match self {
            Self::Volume(volume) => {
                if let Some(field) = field(&VOLUME, part) {
                    field.access.set_text(volume, text);
                }
            }
            Self::Env(env) => {
                if let Some(field) = field(&ENV, part) {
                    field.access.set_text(env, text);
                }
            }
        }
    }

    /// The parts that its type uses, in order.
    pub fn parts(&self) -> Vec<FieldId> {
        match self {
            Self::Volume(volume) => used(&VOLUME, volume),
            Self::Env(env) => used(&ENV, env),
        }
    }

    /// With what it is: `env HF_HOME`, `volume /data`; of a row without a name only that.
    pub fn called(&self) -> String {
        format!("{} {}", self.list().noun(), self.name()).trim_end().to_owned()
    }

    /// The row at a place of a configuration.
    pub fn of(config: &EndpointConfig, list: List, at: usize) -> Option<Self> {
        match list {
            List::Volumes => config.volumes.get(at).cloned().map(Self::Volume),
            List::Envs => config.envs.get(at).cloned().map(Self::Env),
        }
    }
}

fn field<T>(of: &'static [Field<T>], part: FieldId) -> Option<&'static Field<T>> {
    of.iter().find(|field| field.spec.id == part)
}

fn used<T>(of: &'static [Field<T>], row: &T) -> Vec<FieldId> {
    let used = of.iter().filter(|field| field.use_in(row) != TypeUse::Unused);
    used.map(|field| field.spec.id).collect()
}

/// A change of a configuration that can be applied and taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A single field's text.
    Set {
        /// The field.
        field: FieldId,
        /// The text before.
        old: String,
        /// The text after.
        new: String,
    },
    /// A row came in at a place.
    Insert {
        /// Where.
        at: usize,
        /// What.
        row: Row,
    },
    /// The row at a place went.
    Remove {
        /// Where.
        at: usize,
        /// What.
        row: Row,
    },
    /// The row at a place became another.
    Replace {
        /// Where.
        at: usize,
        /// The row before.
        old: Row,
        /// The row after, of the same list.
        new: Row,
    },
    /// A row moved within its list.
    Move {
        /// Which list.
        list: List,
        /// From where.
        from: usize,
        /// To where.
        to: usize,
    },
    /// The whole configuration became another: what the server has, an import, a draft.
    Whole {
        /// What the step is called.
        name: String,
        /// All before.
        old: Box<EndpointConfig>,
        /// All after.
        new: Box<EndpointConfig>,
    },
    /// Several that are one step.
    Many(String, Vec<Edit>),
}

impl Edit {
    /// Sets a single field.
    pub fn set(config: &EndpointConfig, field: FieldId, new: impl Into<String>) -> Self {
        Self::Set {
            field,
            old: config.text(field).to_owned(),
            new: new.into(),
        }
    }

    /// Makes the change. Places that don't exist change nothing.
    pub fn apply(&self, config: &mut EndpointConfig) {
        match self {
            Self::Set { field, new, .. } => config.set_text(*field, new),
            Self::Insert { at, row } => insert(config, *at, row.clone()),
            Self::Remove { at, row } => remove(config, *at, row.list()),
            Self::Replace { at, new, .. } => match new {
                Row::Volume(new) => replace(&mut config.volumes, *at, new),
                Row::Env(new) => replace(&mut config.envs, *at, new),
            },
            Self::Move {
                list: List::Volumes,
                from,
                to,
            } => shift(&mut config.volumes, *from, *to),
            Self::Move {
                list: List::Envs,
                from,
                to,
            } => shift(&mut config.envs, *from, *to),
            Self::Whole { new, .. } => config.clone_from(new),
            Self::Many(_, edits) => edits.iter().for_each(|edit| edit.apply(config)),
        }
    }

    /// Where it can be seen once it is made, from the first such place on: fields, and rows by where they stand then;
    /// of a row that went, where it stood.
    pub fn places(&self) -> Vec<Place> {
        let row = |list: List, at| vec![Place::row(list.field(), at)];
        match self {
            Self::Set { field, .. } => vec![Place::of(*field)],
            Self::Insert { at, row: of } | Self::Remove { at, row: of } => row(of.list(), *at),
            Self::Replace { at, new, .. } => row(new.list(), *at),
            Self::Move { list, to, .. } => row(*list, *to),
            Self::Many(_, edits) => edits.iter().flat_map(Self::places).collect(),
            Self::Whole { old, new, .. } => {
                let fields = FieldId::canonical().filter(|field| field.spec().pane.list().is_none());
                let fields = fields.filter(|field| old.text(*field) != new.text(*field));
                let mut places: Vec<Place> = fields.map(Place::of).collect();
                let volumes = row_marks(&old.volumes, &new.volumes, |volume| &volume.mount_path);
                places.extend(rows(List::Volumes, &volumes, &old.volumes, &new.volumes));
                let envs = row_marks(&old.envs, &new.envs, |env| &env.key);
                places.extend(rows(List::Envs, &envs, &old.envs, &new.envs));
                places
            }
        }
    }

    /// The single fields that it puts a text into, in order, were it the one that stood there; of a whole configuration
    /// those that become others.
    pub fn fields_set(&self) -> Vec<FieldId> {
        match self {
            Self::Set { field, .. } => vec![*field],
            Self::Many(_, edits) => edits.iter().flat_map(Self::fields_set).collect(),
            Self::Whole { old, new, .. } => FieldId::canonical()
                .filter(|field| old.text(*field) != new.text(*field))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The change that takes this one back.
    pub fn inverse(&self) -> Self {
        match self.clone() {
            Self::Set { field, old, new } => Self::Set {
                field,
                old: new,
                new: old,
            },
            Self::Insert { at, row } => Self::Remove { at, row },
            Self::Remove { at, row } => Self::Insert { at, row },
            Self::Replace { at, old, new } => Self::Replace { at, old: new, new: old },
            Self::Move { list, from, to } => Self::Move {
                list,
                from: to,
                to: from,
            },
            Self::Whole { name, old, new } => Self::Whole {
                name,
                old: new,
                new: old,
            },
            Self::Many(name, edits) => Self::Many(name, edits.iter().rev().map(Self::inverse).collect()),
        }
    }

    /// What the step is called: `Max workers`, `delete env HF_HOME`.
    pub fn name(&self) -> String {
        match self {
            Self::Set { field, .. } => field.label().to_owned(),
            Self::Insert { row, .. } => format!("add {}", row.called()),
            Self::Remove { row, .. } => format!("delete {}", row.called()),
            Self::Replace { new, .. } => new.called(),
            Self::Move { list, .. } => format!("move {}", list.noun()),
            Self::Whole { name, .. } | Self::Many(name, _) => name.clone(),
        }
    }
}

/// The rows of a list that are new or other ones; where all are there that were, the first that stands elsewhere.
fn rows<T: Eq>(list: List, marks: &[bool], old: &[T], new: &[T]) -> Vec<Place> {
    let marked: Vec<usize> = (0..marks.len()).filter(|at| marks[*at]).collect();
    let moved = || (0..old.len().max(new.len())).find(|at| old.get(*at) != new.get(*at));
    let rows = if marked.is_empty() {
        moved().into_iter().collect()
    } else {
        marked
    };
    rows.into_iter().map(|at| Place::row(list.field(), at)).collect()
}

fn insert(config: &mut EndpointConfig, at: usize, row: Row) {
    match row {
        Row::Volume(volume) => config.volumes.insert(at.min(config.volumes.len()), volume),
        Row::Env(env) => {
            let at = at.min(config.envs.len());
            config.envs.insert(at, env);
        }
    }
}

fn remove(config: &mut EndpointConfig, at: usize, list: List) {
    if at < list.len(config) {
        match list {
            List::Volumes => drop(config.volumes.remove(at)),
            List::Envs => drop(config.envs.remove(at)),
        }
    }
}

fn replace<T: Clone>(rows: &mut [T], at: usize, new: &T) {
    if let Some(row) = rows.get_mut(at) {
        *row = new.clone();
    }
}

fn shift<T>(rows: &mut Vec<T>, from: usize, to: usize) {
    if from < rows.len() && to < rows.len() {
        let row = rows.remove(from);
        rows.insert(to, row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> EndpointConfig {
        EndpointConfig {
            name: "n".into(),
            envs: vec![EnvVar::new("A", "1"), EnvVar::new("B", "2"), EnvVar::new("C", "3")].into(),
            ..EndpointConfig::default()
        }
    }

    #[test]
    fn an_edit_tells_where_it_can_be_seen() {
        let old = sample();
        let mut new = old.clone();
        let whole = |new: &EndpointConfig| {
            let (old, new) = (Box::new(old.clone()), Box::new(new.clone()));
            let name = String::new();
            Edit::Whole { name, old, new }.places()
        };
        let env = |at| Place::row(FieldId::Environment, at);
        assert_eq!(whole(&new), []);
        new.envs.swap(1, 2);
        assert_eq!(whole(&new), [env(1)], "only the order");
        new.envs[0] = EnvVar::new("A", "9");
        new.name = "m".into();
        assert_eq!(whole(&new), [Place::of(FieldId::Name), env(0)]);
        new.envs.truncate(1);
        new.envs[0] = old.envs[0].clone();
        assert_eq!(
            whole(&new),
            [Place::of(FieldId::Name), env(1)],
            "rows went from there on"
        );
    }

    #[test]
    fn every_edit_is_taken_back_by_its_inverse() {
        let base = sample();
        let env = |at: usize| Row::of(&base, List::Envs, at).expect("there");
        let edits = [
            Edit::set(&base, FieldId::MaxWorkers, "x7"),
            Edit::Insert {
                at: 1,
                row: Row::Env(EnvVar::new("D", "4")),
            },
            Edit::Remove { at: 2, row: env(2) },
            Edit::Replace {
                at: 0,
                old: env(0),
                new: Row::Env(EnvVar::new("A", "9")),
            },
            Edit::Move {
                list: List::Envs,
                from: 0,
                to: 2,
            },
        ];
        let many = Edit::Many("all".into(), vec![edits[0].clone(), edits[1].clone(), edits[4].clone()]);
        for edit in edits.iter().chain([&many]) {
            let mut config = base.clone();
            edit.apply(&mut config);
            assert_ne!(config, base, "{}", edit.name());
            edit.inverse().apply(&mut config);
            assert_eq!(config, base, "{}", edit.name());
        }
    }
}
