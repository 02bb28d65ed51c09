//! What is looked up beside the endpoint, and what of it can be chosen for a field. Kept for the session.

use std::sync::Arc;

use super::editing::Editing;
use super::state::Form;
use crate::api::ApiError;
use crate::endpoint::edit::Row;
use crate::endpoint::inventory::named;
use crate::endpoint::{Cluster, Credential, EndpointConfig, FieldId, Inventory, Storage, VolumeType};
use crate::tui::fuzzy::Fuzzy;

/// One look-up.
#[derive(Debug, Default)]
pub enum Lookup<T> {
    /// Nobody asked for it yet.
    #[default]
    Unasked,
    /// Asked for.
    Loading,
    /// Here it is.
    Known(Arc<[T]>),
    /// It couldn't be had.
    Failed(String),
}

/// An answer to a look-up.
#[derive(Debug)]
pub enum LookedUp {
    /// The network storages.
    Storages(Result<Vec<Storage>, ApiError>),
    /// The image credentials.
    Credentials(Result<Vec<Credential>, ApiError>),
    /// The clusters.
    Clusters(Result<Vec<Cluster>, ApiError>),
}

/// All look-ups.
#[derive(Debug, Default)]
pub struct Lookups {
    /// The account's network storages.
    pub storages: Lookup<Storage>,
    /// The account's image credentials.
    pub credentials: Lookup<Credential>,
    /// The clusters.
    pub clusters: Lookup<Cluster>,
    /// How many answers are still to come.
    waiting: u8,
}

impl<T> Lookup<T> {
    fn ask(&mut self) {
        // What is known stays in use until something newer comes.
        if !matches!(self, Self::Known(_)) {
            *self = Self::Loading;
        }
    }

    fn came(&mut self, answer: Result<Vec<T>, ApiError>) {
        match answer {
            Ok(found) => *self = Self::Known(found.into()),
            Err(_) if matches!(self, Self::Known(_)) => {}
            Err(error) => *self = Self::Failed(error.to_string()),
        }
    }

    fn known(&self) -> Option<Arc<[T]>> {
        match self {
            Self::Known(found) => Some(Arc::clone(found)),
            _ => None,
        }
    }

    fn failure(&self) -> Option<&str> {
        match self {
            Self::Failed(why) => Some(why),
            _ => None,
        }
    }

    fn lacks(&self) -> bool {
        matches!(self, Self::Unasked | Self::Failed(_))
    }
}

impl Lookups {
    /// Whether one of them is missing, and nobody is asking.
    pub fn wanting(&self) -> bool {
        self.waiting == 0 && (self.storages.lacks() || self.credentials.lacks() || self.clusters.lacks())
    }

    /// Asks for all of them; false when that is under way already.
    pub fn ask(&mut self) -> bool {
        if self.waiting > 0 {
            return false;
        }
        self.waiting = 3;
        self.storages.ask();
        self.credentials.ask();
        self.clusters.ask();
        true
    }

    /// Takes an answer over.
    pub fn came(&mut self, answer: LookedUp) {
        self.waiting = self.waiting.saturating_sub(1);
        match answer {
            LookedUp::Storages(answer) => self.storages.came(answer),
            LookedUp::Credentials(answer) => self.credentials.came(answer),
            LookedUp::Clusters(answer) => self.clusters.came(answer),
        }
    }

    /// Why the ids of a field could not be looked up, in a sentence.
    pub fn failure(&self, field: FieldId) -> Option<String> {
        let (what, why) = match field {
            FieldId::ClusterId => ("clusters", self.clusters.failure()?),
            FieldId::AuthId => ("image credentials", self.credentials.failure()?),
            FieldId::Volumes | FieldId::VolumeStorageId => ("network storages", self.storages.failure()?),
            _ => return None,
        };
        Some(format!("The {what} could not be read: {why}"))
    }

    /// What is known, as data for the rules.
    pub fn known(&self) -> Inventory {
        Inventory {
            storages: self.storages.known(),
            credentials: self.credentials.known(),
            clusters: self.clusters.known(),
        }
    }
}

/// One thing that can be chosen for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The id that the field takes.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What else tells it from others.
    pub about: String,
}

impl Offer {
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
pub enum Offers {
    /// What there is to choose.
    Here(Choices),
    /// A sentence instead: still being read, or why there is nothing.
    Told(String),
}

impl Offers {
    /// The id in a row of the list.
    pub fn id_at(self, row: usize) -> Option<String> {
        match self {
            Self::Here(choices) => choices.here.into_iter().nth(row).map(|offer| offer.id),
            Self::Told(_) => None,
        }
    }
}

/// What there is to choose, and what is typed beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// What matches, the best first.
    pub here: Vec<Offer>,
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
    fn new(typed: String, was: &str, all: &[Offer]) -> Self {
        let is_called = |offer: &&Offer| offer.name.to_lowercase() == typed.trim().to_lowercase();
        let mut called = all.iter().filter(is_called).take(2);
        if typed == was || typed.is_empty() {
            Self::Nothing
        } else if all.iter().any(|offer| offer.id == typed) {
            Self::Known(typed)
        } else if let (Some(only), None) = (called.next(), called.next()) {
            // Nobody means a name to be an id.
            Self::Known(only.id.clone())
        } else {
            Self::Free(typed)
        }
    }
}

impl Choices {
    /// The offer of an id.
    pub fn offer(&self, id: &str) -> Option<&Offer> {
        self.here.iter().find(|offer| offer.id == id)
    }

    /// The id that a key which takes the text makes of it; `None`: the text stands. `pick` is what was gone to in the list.
    pub fn takes(&self, pick: Option<&str>) -> Option<&str> {
        // A newer answer may not have it any more.
        let picked = pick.and_then(|id| self.offer(id)).map(|offer| offer.id.as_str());
        picked.or(match &self.typed {
            Typed::Known(id) => Some(id),
            _ => None,
        })
    }
}

/// What can be chosen for what is being edited in the form; `None` where ids aren't looked up.
pub fn offers(lookups: &Lookups, form: &Form) -> Option<Offers> {
    let editing = form.editing.as_ref()?;
    let was = match editing {
        Editing::Field { field, .. } => form.work.now().text(*field),
        _ => "",
    };
    offers_for(lookups, form.work.now(), editing, was)
}

/// What can be chosen for what is being edited elsewhere; `was` is the text that a single field began with.
pub fn offers_for(lookups: &Lookups, config: &EndpointConfig, editing: &Editing, was: &str) -> Option<Offers> {
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
                Offer::new(&cluster.id, &cluster.name, &[lacks, &cluster.gpu_types.join(", ")])
            })
        }
        FieldId::AuthId => listed(&lookups.credentials, "image credentials", |credential| {
            Offer::new(&credential.id, &credential.name, &[&credential.username])
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
            Offer::new(&storage.id, &storage.name, &[&size, cluster])
        }),
        _ => return None,
    };
    let mut all = match all {
        Ok(all) => all,
        Err(told) => return Some(Offers::Told(told)),
    };
    if field == FieldId::VolumeStorageId {
        // What lies in the endpoint's cluster can be mounted as it is: it comes first.
        let account = lookups.known();
        let here = |offer: &Offer| account.storage(&offer.id).map(|s| &s.cluster_id) == Some(&config.cluster_id);
        all.sort_by_key(|offer| !here(offer));
    }
    let count = all.len();
    let edited = Typed::new(typed.clone(), &was, &all);
    // Until something is typed, the id that stands there hides nothing.
    if edited != Typed::Nothing {
        all = Fuzzy::new(&typed).filtered(all, |fuzzy, Offer { id, name, about }| {
            fuzzy.columns(&[id, name, about])
        });
    }
    Some(Offers::Here(Choices {
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

fn listed<T>(lookup: &Lookup<T>, what: &str, offer: impl Fn(&T) -> Offer) -> Result<Vec<Offer>, String> {
    match lookup {
        Lookup::Known(found) if found.is_empty() => Err(format!("The account has no {what}.")),
        Lookup::Known(found) => Ok(found.iter().map(offer).collect()),
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
