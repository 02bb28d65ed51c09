//! What the account has that an endpoint names by id: network storages, image credentials, clusters. Looked up beside
//! the endpoint, and never needed: without it nothing is said of an id.

use std::sync::Arc;

/// A network storage, from `GET /networkstorages/list`. Texts as the server wrote them; empty: not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// `storageId`: what `volumeMounts[].id` takes.
    pub id: String,
    /// `storageName`.
    pub name: String,
    /// `storageSize`, GB.
    pub size: String,
    /// `clusterId`: where an endpoint that mounts it must be.
    pub cluster_id: String,
    /// `clusterName`.
    pub cluster_name: String,
}

/// An image credential, from `GET /repository/auths`, without its password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential {
    /// `id`: what `image.authId` takes.
    pub id: String,
    /// `name`, the registry as a rule.
    pub name: String,
    /// `username`.
    pub username: String,
}

/// A cluster, from `GET /clusters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// `id`: what `clusterID` takes.
    pub id: String,
    /// `name`.
    pub name: String,
    /// `availableGpuType`.
    pub gpu_types: Vec<String>,
    /// `supportNetworkStorage`; left out it is false.
    pub network_storage: bool,
    /// `supportInstanceNetwork`; left out it is false.
    pub instance_network: bool,
}

/// What is known of the account. `None`: not looked up, or it failed. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// All network storages.
    pub storages: Option<Arc<[Storage]>>,
    /// All image credentials.
    pub credentials: Option<Arc<[Credential]>>,
    /// All clusters.
    pub clusters: Option<Arc<[Cluster]>>,
}

impl Inventory {
    /// The network storage of an id.
    pub fn storage(&self, id: &str) -> Option<&Storage> {
        self.storages.as_deref()?.iter().find(|storage| storage.id == id)
    }

    /// The image credential of an id.
    pub fn credential(&self, id: &str) -> Option<&Credential> {
        self.credentials
            .as_deref()?
            .iter()
            .find(|credential| credential.id == id)
    }

    /// The cluster of an id.
    pub fn cluster(&self, id: &str) -> Option<&Cluster> {
        self.clusters.as_deref()?.iter().find(|cluster| cluster.id == id)
    }

    /// What a cluster is called, as far as the clusters or a storage in it tell; empty: nobody does.
    pub fn cluster_name(&self, id: &str) -> &str {
        let told = self.cluster(id).map(|cluster| cluster.name.as_str());
        let by_storage = || {
            let mut storages = self.storages.as_deref()?.iter();
            Some(storages.find(|storage| storage.cluster_id == id)?.cluster_name.as_str())
        };
        told.filter(|name| !name.is_empty()).or_else(by_storage).unwrap_or("")
    }

    /// A cluster for a sentence: `US Dallas NAS 2 (us-dallas-nas-2)`.
    pub fn cluster_words(&self, id: &str) -> String {
        named(self.cluster_name(id), id)
    }
}

/// A name with its id: `hf-cache (stor_9)`; the id alone where there is no name of its own.
pub fn named(name: &str, id: &str) -> String {
    if name.trim().is_empty() || name == id {
        id.to_owned()
    } else {
        format!("{name} ({id})")
    }
}
