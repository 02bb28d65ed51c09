//! What of the look-ups can be chosen for a field.

use super::editing::Editing;
use super::state::Form;
use crate::endpoint::edit::Row;
use crate::endpoint::inventory::named;
use crate::endpoint::{EndpointConfig, FieldId, Inventory, VolumeType};
use crate::tui::fuzzy::Fuzzy;
use crate::tui::lookups::{Lookup, Lookups};

/// One thing that can be chosen for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The id that the field takes.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What else tells it from others.
    pub about: String,
}

impl Suggestion {
    fn new(id: &str, name: &str, about: &[&str]) -> Self {
        let about = about.iter().filter(|text| !text.is_empty()).copied();
        let about = about.collect::<Vec<_>>().join(" · ");
        let name = if name == id { "" } else { name };
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            about,
        }
    }
}

/// What stands under a field whose ids are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestions {
    /// What there is to choose.
    Here(Matching),
    /// A sentence instead: still being read, or why there is nothing.
    Told(String),
}

impl Suggestions {
    /// The id in a row of the list.
    pub fn id_at(self, row: usize) -> Option<String> {
        match self {
            Self::Here(choices) => choices.here.into_iter().nth(row).map(|suggestion| suggestion.id),
            Self::Told(_) => None,
        }
    }
}

/// What there is to choose, and what is typed beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matching {
    /// What matches, the best first.
    pub here: Vec<Suggestion>,
    /// How many there are in all.
    pub count: usize,
    /// What is typed.
    pub typed: Typed,
}

/// What is typed where an id is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The text that stood there.
    Nothing,
    /// An id of the list, or the name of just one: that one's id.
    Known(String),
    /// Something else: taken as it is.
    Free(String),
}

impl Typed {
    fn new(typed: String, was: &str, all: &[Suggestion]) -> Self {
        let is_called = |suggestion: &&Suggestion| suggestion.name.to_lowercase() == typed.trim().to_lowercase();
        let mut called = all.iter().filter(is_called).take(2);
        if typed == was || typed.is_empty() {
            Self::Nothing
        } else if all.iter().any(|suggestion| suggestion.id == typed) {
            Self::Known(typed)
        } else if let (Some(only), None) = (called.next(), called.next()) {
            // Nobody means a name to be an id.
            Self::Known(only.id.clone())
        } else {
            Self::Free(typed)
        }
    }
}

impl Matching {
    /// The offer of an id.
    pub fn suggestion(&self, id: &str) -> Option<&Suggestion> {
        self.here.iter().find(|suggestion| suggestion.id == id)
    }

    /// The id that a key which takes the text makes of it; `None`: the text stands. `pick` is what was gone to in the
    /// list.
    pub fn takes(&self, pick: Option<&str>) -> Option<&str> {
        // A newer answer may not have it any more.
        let picked = pick
            .and_then(|id| self.suggestion(id))
            .map(|suggestion| suggestion.id.as_str());
        picked.or(match &self.typed {
            Typed::Known(id) => Some(id),
            _ => None,
        })
    }
}

/// What can be chosen for what is being edited in the form; `None` where ids aren't looked up.
pub fn suggestions(lookups: &Lookups, form: &Form) -> Option<Suggestions> {
    let editing = form.editing.as_ref()?;
    let was = match editing {
        Editing::Field { field, .. } => form.work.now().text(*field),
        _ => "",
    };
    suggestions_for(lookups, form.work.now(), editing, was)
}

/// What can be chosen for what is being edited elsewhere; `was` is the text that a single field began with.
pub fn suggestions_for(
    lookups: &Lookups,
    config: &EndpointConfig,
    editing: &Editing,
    was: &str,
) -> Option<Suggestions> {
    let (field, typed, was) = edited(editing, was)?;
    let all = match field {
        FieldId::ClusterId => {
            let mounts = config.volumes.iter().any(|v| v.kind == VolumeType::Network);
            listed(&lookups.clusters, "clusters", |cluster| {
                let lacks = if mounts && !cluster.network_storage {
                    "no network storage"
                } else {
                    ""
                };
                Suggestion::new(&cluster.id, &cluster.name, &[lacks, &cluster.gpu_types.join(", ")])
            })
        }
        FieldId::AuthId => listed(&lookups.credentials, "image credentials", |credential| {
            Suggestion::new(&credential.id, &credential.name, &[&credential.username])
        }),
        FieldId::VolumeStorageId => listed(&lookups.storages, "network storages", |storage| {
            let size = match storage.size.as_str() {
                "" => String::new(),
                size => format!("{size} GB"),
            };
            let cluster = match storage.cluster_name.as_str() {
                "" => &storage.cluster_id,
                name => name,
            };
            Suggestion::new(&storage.id, &storage.name, &[&size, cluster])
        }),
        _ => return None,
    };
    let mut all = match all {
        Ok(all) => all,
        Err(told) => return Some(Suggestions::Told(told)),
    };
    if field == FieldId::VolumeStorageId {
        // What lies in the endpoint's cluster can be mounted as it is: it comes first.
        let account = lookups.known();
        let here = |suggestion: &Suggestion| {
            account.storage(&suggestion.id).map(|s| &s.cluster_id) == Some(&config.cluster_id)
        };
        all.sort_by_key(|suggestion| !here(suggestion));
    }
    let count = all.len();
    let edited = Typed::new(typed.clone(), &was, &all);
    // Until something is typed, the id that stands there hides nothing.
    if edited != Typed::Nothing {
        all = Fuzzy::new(&typed).filtered(all, |fuzzy, Suggestion { id, name, about }| {
            fuzzy.columns(&[id, name, about])
        });
    }
    Some(Suggestions::Here(Matching {
        here: all,
        count,
        typed: edited,
    }))
}

/// The field whose id is being typed, what is typed, and what stood there before.
fn edited(editing: &Editing, was: &str) -> Option<(FieldId, String, String)> {
    match editing {
        Editing::Field { field, text } => Some((*field, text.text().to_owned(), was.to_owned())),
        Editing::Row(row) => {
            let was = match &row.old {
                Some(Row::Volume(volume)) if row.part == FieldId::VolumeStorageId => volume.storage_id.clone(),
                _ => String::new(),
            };
            Some((row.part, row.text.text().to_owned(), was))
        }
        Editing::Choice { .. } => None,
    }
}

fn listed<T>(lookup: &Lookup<T>, what: &str, suggestion: impl Fn(&T) -> Suggestion) -> Result<Vec<Suggestion>, String> {
    match lookup {
        Lookup::Known(found) if found.is_empty() => Err(format!("The account has no {what}.")),
        Lookup::Known(found) => Ok(found.iter().map(suggestion).collect()),
        Lookup::Unasked | Lookup::Loading => Err(format!("Reading the {what}…")),
        Lookup::Failed(_) => Err(format!("The {what} could not be read; F1 tells why.")),
    }
}

/// An id with the name that the look-ups give it, as the form shows it: `hf-cache (stor_9)`.
pub fn with_name(account: &Inventory, field: FieldId, id: &str) -> String {
    let name = match field {
        FieldId::ClusterId => account.cluster_name(id),
        FieldId::AuthId => account.credential(id).map_or("", |credential| &credential.name),
        FieldId::VolumeStorageId => account.storage(id).map_or("", |storage| &storage.name),
        _ => "",
    };
    named(name, id)
}
