//! Records of the newer v2 API, told by names that the one which is spoken here doesn't have.

use super::node::Object;
use super::unreadable::Unreadable;

/// Names that only that API has.
const NAMES: [&str; 5] = [
    "worker_config",
    "min_replicas",
    "max_replicas",
    "health_check",
    "scaling_policy",
];

/// What `object` is, if it is such a record: one that lacks a `workerConfig` and has a name of that API, or both an image
/// that is a text and ports that are numbers.
pub(super) fn other_api(object: &Object<'_>, wanted: &'static str) -> Option<Unreadable> {
    if object.get("workerConfig").is_some() {
        return None;
    }
    let mut signs: Vec<&str> = NAMES.into_iter().filter(|name| object.names(name)).collect();
    let is_text = |name: &str| object.get(name).is_some_and(|node| node.text().is_ok());
    let ports = object.shown_list("ports");
    let are_numbers = !ports.is_empty() && ports.iter().all(|port| !port.is_object() && port.integer().is_ok());
    if signs.is_empty() && is_text("image") && are_numbers {
        signs = vec!["image as a text", "ports as numbers"];
    }
    (!signs.is_empty()).then(|| Unreadable::OtherApi {
        wanted,
        signs: signs.join(", "),
    })
}
