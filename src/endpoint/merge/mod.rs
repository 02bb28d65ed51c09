//! The three-way merge of configurations: what was loaded, what it is now in the form (mine), what it is now on the
//! server (theirs).
//!
//! What only one side changed is taken from that side, what both changed alike is taken once. What they changed
//! differently is a [`Clash`], and nobody but the user decides it. Single fields are merged one by one, the rows of
//! the lists by identity (`rows.rs`), the order of the rows by itself (`order.rs`).
//!
//! Calling one side mine and the other theirs decides nothing, but for two things: a clash that nobody decided is
//! mine, and a request timeout can be missing only from theirs.
//!
//! ```
//! use novita_edit::endpoint::merge::{Resolution, Merge};
//! use novita_edit::endpoint::{EndpointConfig, FieldId};
//!
//! let loaded = EndpointConfig::default();
//! let (mut mine, mut theirs) = (loaded.clone(), loaded.clone());
//! mine.set_text(FieldId::Name, "llama");
//! mine.set_text(FieldId::MaxWorkers, "8");
//! theirs.set_text(FieldId::MaxWorkers, "5");
//!
//! let merge = Merge::new(&loaded, &mine, &theirs);
//! assert_eq!(merge.clashes()[0].name(), "Max workers");
//! let merged = merge.resolve(&[Some(Resolution::Theirs)]);
//! assert_eq!((merged.name.as_str(), merged.workers.max_num.text()), ("llama", "5"));
//! ```

mod order;
mod rows;

use std::borrow::Cow;

use self::rows::ListMerge;
use super::config::{EndpointConfig, Rows};
use super::diff::{row_label, row_name, same};
use super::edit::Row;
use super::field::{FieldId, List};
use super::schema::Kind;

/// One place that a merge decides about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A single field.
    Field(FieldId),
    /// Rows of one key.
    Rows {
        /// In which list.
        list: List,
        /// The env's key, the volume's mount path.
        key: String,
        /// Which of several rows of that key, from 0; `None`: all of them.
        ordinal: Option<usize>,
    },
    /// The order of the rows that both sides have.
    Order(List),
}

impl Location {
    fn can_hold(&self, side: &SideValue) -> bool {
        match (self, side) {
            (Self::Field(_), SideValue::Text(_)) | (Self::Order(_), SideValue::Order(_)) => true,
            (Self::Rows { list, .. }, SideValue::Rows(rows)) => rows.iter().all(|row| row.list() == *list),
            _ => false,
        }
    }
}

/// What one side has in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SideValue {
    /// A single field's text.
    Text(String),
    /// The rows; none: they aren't there.
    Rows(Vec<Row>),
    /// The names of the rows that both sides have, in this side's order; a name that repeats means the rows of that
    /// name one after the other.
    Order(Vec<String>),
}

/// A place that both sides changed, and differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Where.
    pub location: Location,
    /// What was loaded.
    pub loaded: SideValue,
    /// What stands in the form.
    pub mine: SideValue,
    /// What stands on the server.
    pub theirs: SideValue,
}

/// How the user decides a [`Clash`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// As it was loaded.
    Loaded,
    /// As it stands in the form.
    Mine,
    /// As it stands on the server.
    Theirs,
    /// Something else, of the kind of the place; what is of another kind (or rows of the other list) is not taken, and
    /// mine stays.
    ///
    /// Rows stand in place of the rows there, none of them deletes it, and a row may have another key. An order may
    /// leave names out: those rows are put where they stand on the sides.
    Edited(SideValue),
}

impl Clash {
    /// What clashes, worded as in [`Change::name`](super::diff::Change::name): `Max workers`, `Environment HF_TOKEN`,
    /// `Environment order`.
    pub fn name(&self) -> String {
        match &self.location {
            Location::Field(field) => field.label().to_owned(),
            Location::Rows { list, key, ordinal } => row_label(list.field(), &row_name(key, ordinal.unwrap_or(0))),
            Location::Order(list) => format!("{} order", list.field().label()),
        }
    }

    fn decided<'a>(&'a self, choice: Option<&'a Resolution>) -> &'a SideValue {
        match choice {
            Some(Resolution::Loaded) => &self.loaded,
            Some(Resolution::Theirs) => &self.theirs,
            Some(Resolution::Edited(side)) if self.location.can_hold(side) => side,
            Some(Resolution::Mine | Resolution::Edited(_)) | None => &self.mine,
        }
    }
}

/// What comes of a configuration that was changed on two sides.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The single fields as far as they are settled, mine where they clash. No rows.
    settled: EndpointConfig,
    lists: [ListMerge; 2],
    clashes: Vec<Clash>,
}

impl Merge {
    /// Merges two sides that both came from `loaded`. The `id` is that of `loaded`.
    ///
    /// A request timeout that `theirs` doesn't report while `loaded` knew it counts as unchanged.
    pub fn new(loaded: &EndpointConfig, mine: &EndpointConfig, theirs: &EndpointConfig) -> Self {
        let theirs = &*reported(loaded, theirs);
        let mut settled = EndpointConfig {
            id: loaded.id.clone(),
            volumes: Vec::new(),
            envs: Rows::default(),
            ..mine.clone()
        };
        let mut clashes = Vec::new();
        for field in FieldId::canonical().filter(|field| field.spec().kind != Kind::Rows) {
            if field_clashes(field, loaded, mine, theirs) {
                let side = |config: &EndpointConfig| SideValue::Text(config.text(field).to_owned());
                clashes.push(Clash {
                    location: Location::Field(field),
                    loaded: side(loaded),
                    mine: side(mine),
                    theirs: side(theirs),
                });
            } else if same(field, loaded, mine) && !same(field, loaded, theirs) {
                settled.set_text(field, theirs.text(field));
            }
        }
        let lists = [List::Volumes, List::Envs].map(|list| ListMerge::new(list, [loaded, mine, theirs], &mut clashes));
        Self {
            settled,
            lists,
            clashes,
        }
    }

    /// What the user has to decide, in the order of the form.
    pub fn clashes(&self) -> &[Clash] {
        &self.clashes
    }

    /// The merged configuration, with one choice for each clash. Mine stays where a choice is missing or `None`.
    pub fn resolve(&self, choices: &[Option<Resolution>]) -> EndpointConfig {
        let choices = choices.iter().map(Option::as_ref).chain(std::iter::repeat(None));
        let decided: Vec<&SideValue> = self
            .clashes
            .iter()
            .zip(choices)
            .map(|(c, choice)| c.decided(choice))
            .collect();
        let mut config = self.settled.clone();
        for (clash, side) in self.clashes.iter().zip(&decided) {
            if let (Location::Field(field), SideValue::Text(text)) = (&clash.location, side) {
                config.set_text(*field, text);
            }
        }
        for row in self.lists.iter().flat_map(|list| list.resolve(&decided)) {
            match row {
                Row::Volume(volume) => config.volumes.push(volume),
                Row::Env(env) => config.envs.push(env),
            }
        }
        config
    }
}

/// Theirs, with what was loaded where the server doesn't report it.
fn reported<'a>(loaded: &EndpointConfig, theirs: &'a EndpointConfig) -> Cow<'a, EndpointConfig> {
    let mut theirs = Cow::Borrowed(theirs);
    if theirs.unreported() != loaded.unreported() {
        theirs.to_mut().fill_unreported(loaded);
    }
    theirs
}

fn field_clashes(field: FieldId, loaded: &EndpointConfig, mine: &EndpointConfig, theirs: &EndpointConfig) -> bool {
    if same(field, mine, theirs) {
        return false;
    }
    let other = match (same(field, loaded, mine), same(field, loaded, theirs)) {
        (false, false) => return true,
        (false, true) => theirs,
        (true, _) => mine,
    };
    // A number of seconds is no number of requests: a value may not silently meet a type that the other side chose.
    field == FieldId::PolicyValue
        && !same(FieldId::PolicyType, mine, theirs)
        && !same(FieldId::PolicyType, loaded, other)
}

#[cfg(test)]
mod tests;
