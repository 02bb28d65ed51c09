//! What the account has. `GET /endpoint/limit`: its ranges. The lists: endpoints, network storages, image credentials,
//! clusters; all of them are shown to choose from and nothing is written back, so that an entry that can't be read is
//! passed over instead of hiding the others.

use super::endpoint;
use super::node::{Node, Object};
use super::other_api::other_api;
use super::refusal::{refuses, said_in};
use super::unreadable::Unreadable;
use crate::endpoint::limits::pair;
use crate::endpoint::schema::range_keys;
use crate::endpoint::{Cluster, Credential, Limits, NoRange, RangeKeys, Storage, Summary};

/// What a refusal to read calls the thing.
const LIMITS: &str = "set of limits";
/// The documented keys that give no field a range.
const OTHER_LIMITS: [&str; 5] = [
    "minRootfsSize",
    "maxRootfsSize",
    "freeRootfsSize",
    "freeLocalVolumeSize",
    "cudaVersionList",
];

/// Reads the answer to `GET /endpoint/limit`, pair by pair: one that can't be read gives no range for its field, with
/// the reason, and leaves the others as they are.
///
/// # Errors
/// [`Unreadable`] for an answer that is no JSON object, and for one without any known limit.
pub fn limits(body: &[u8]) -> Result<Limits, Unreadable> {
    let answer = Node::parse(body)?;
    if !answer.is_object() {
        return Err(answer.not("an object"));
    }
    let answer = answer.object()?;
    let all = range_keys();
    let is_told = |key| answer.get(key).is_some();
    let has_range = all.iter().any(|keys| is_told(keys.min) || is_told(keys.max));
    if !has_range && !OTHER_LIMITS.iter().any(|key| is_told(key)) {
        return Err(match said_in(&answer).line() {
            Some(message) => Unreadable::message(LIMITS, &message),
            None => Unreadable::NotThat {
                wanted: LIMITS,
                why: "none of the known limits is in it".to_owned(),
            },
        });
    }
    let number = |name: &str| {
        let node = answer.get(name);
        node.map(|node| node.integer().map_err(|_| NoRange::Unreadable(node.shown())))
            .transpose()
    };
    let range = |keys: &RangeKeys| pair(number(keys.min)?, number(keys.max)?);
    Ok(Limits::of(all.iter().map(|keys| (*keys, range(keys)))))
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage<T> {
    /// The entries, in the server's order. Those without an id are left out: nothing could be asked of them.
    pub items: Vec<T>,
    /// How many entries there are on all pages, where the server says.
    pub total: Option<u64>,
}

/// Reads a page of `GET /endpoints`.
///
/// # Errors
/// [`Unreadable`] for an answer that is no list of endpoints.
pub fn endpoint_page(body: &[u8]) -> Result<ListPage<Summary>, Unreadable> {
    page(body, "endpoints", "list of endpoints", |node| {
        endpoint::summary(&node.object().ok()?)
    })
}

/// Reads a page of `GET /networkstorages/list`.
///
/// # Errors
/// [`Unreadable`] for an answer that is no list.
pub fn storage_page(body: &[u8]) -> Result<ListPage<Storage>, Unreadable> {
    page(body, "data", "list of network storages", |node| {
        let storage = node.object().ok()?;
        Some(Storage {
            id: id(&storage, "storageId")?,
            name: storage.shown("storageName"),
            size: storage.shown("storageSize"),
            cluster_id: storage.shown("clusterId"),
            cluster_name: storage.shown("clusterName"),
        })
    })
}

/// Reads `GET /repository/auths`. The password is passed over as raw bytes and never decoded.
///
/// # Errors
/// [`Unreadable`] for an answer that is no list.
pub fn auths(body: &[u8]) -> Result<Vec<Credential>, Unreadable> {
    let page = page(body, "data", "list of image credentials", |node| {
        let credential = node.object_of(&["id", "name", "username"]).ok()?;
        Some(Credential {
            id: id(&credential, "id")?,
            name: credential.shown("name"),
            username: credential.shown("username"),
        })
    })?;
    Ok(page.items)
}

/// Reads `GET /clusters`.
///
/// # Errors
/// [`Unreadable`] for an answer that is no list.
pub fn clusters(body: &[u8]) -> Result<Vec<Cluster>, Unreadable> {
    let page = page(body, "data", "list of clusters", |node| {
        let cluster = node.object().ok()?;
        let gpu_types = cluster.shown_list("availableGpuType");
        Some(Cluster {
            id: id(&cluster, "id")?,
            name: cluster.shown("name"),
            gpu_types: gpu_types.iter().map(Node::shown).collect(),
            network_storage: cluster.shown("supportNetworkStorage") == "true",
            instance_network: cluster.shown("supportInstanceNetwork") == "true",
        })
    })?;
    Ok(page.items)
}

fn id(object: &Object<'_>, name: &str) -> Option<String> {
    Some(object.shown(name)).filter(|id| !id.is_empty())
}

fn page<T>(
    body: &[u8],
    list: &str,
    wanted: &'static str,
    item: impl Fn(&Node<'_>) -> Option<T>,
) -> Result<ListPage<T>, Unreadable> {
    let not_that = |why: &str| Unreadable::NotThat {
        wanted,
        why: why.to_owned(),
    };
    let answer = Node::parse(body)?;
    if !answer.is_object() {
        return Err(not_that("it is no object"));
    }
    let answer = answer.object()?;
    let total = answer.get("total").and_then(|node| node.integer().ok());
    let said = || said_in(&answer).line();
    let entries = match answer.get(list) {
        // Quiet, since an entry may hold a password: no error of this list shows what stands there.
        Some(node) => node.quietly().list()?,
        None if refuses(&answer) && said().is_some() => {
            return Err(Unreadable::message(wanted, &said().unwrap_or_default()));
        }
        // An empty list is left out or `null`, unless the entries stand elsewhere.
        None if answer.is_empty() || answer.names(list) => Vec::new(),
        None if total.is_some() && !has_another_list(&answer) => Vec::new(),
        None => {
            return Err(match said() {
                Some(message) => Unreadable::message(wanted, &message),
                None => not_that(&format!("it has no {list}")),
            });
        }
    };
    let objects = || entries.iter().filter_map(|entry| entry.object().ok());
    if let Some(other) = objects().next().and_then(|entry| other_api(&entry, wanted)) {
        return Err(other);
    }
    Ok(ListPage {
        items: entries.iter().filter_map(item).collect(),
        total: total.and_then(|total| u64::try_from(total).ok()),
    })
}

/// Whether something stands there that has entries, under whatever name.
fn has_another_list(answer: &Object<'_>) -> bool {
    answer.iter().any(|(_, node)| node.is_list() && !node.is_unset())
}
