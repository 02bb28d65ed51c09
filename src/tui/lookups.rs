//! What is looked up beside the endpoint. Kept for the session.

use std::sync::Arc;

use crate::api::ApiError;
use crate::endpoint::{Cluster, Credential, FieldId, Inventory, Storage};

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
