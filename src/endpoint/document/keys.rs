//! The keys of an update body, and what to say to one that isn't among them.

use super::super::schema::{BODY, FIELDS, Field};
use crate::text::nearest;

/// The keys of the body itself.
pub(super) fn of_body() -> Vec<&'static str> {
    let parts = BODY.iter().map(|part| part.key());
    std::iter::once("id").chain(parts).collect()
}

/// The keys of an object with these fields.
pub(super) fn of<T>(fields: &[Field<T>]) -> Vec<&'static str> {
    fields.iter().map(|field| field.spec.key()).collect()
}

/// What an endpoint shows when it is read, and no update sets.
const READ_ONLY: &[&str] = &[
    "appName",
    "url",
    "state",
    "rootfsSize",
    "products",
    "log",
    "workers",
    "cudaVersion",
    "initialDelay",
    "period",
    "timeout",
    "successThreshold",
    "failureThreshold",
];

/// Most characters of a key that a message shows.
const MOST_SHOWN: usize = 60;

/// What is to be said of a key that isn't one of `known`, and which of them was meant, as it seems.
pub(super) fn unknown(key: &str, known: &[&'static str]) -> (String, Option<&'static str>) {
    if key == "<<" {
        return ("keys are not merged here; write them out".to_owned(), None);
    }
    if READ_ONLY.contains(&key) && FIELDS.iter().all(|field| field.key() != key) {
        return ("no update sets this; leave it out".to_owned(), None);
    }
    if let Some(near) = nearest(key, known) {
        return (format!("unknown key; did you mean {near}?"), Some(near));
    }
    // It may be a good key in the wrong place.
    let elsewhere = FIELDS.iter().map(|field| field.path).find(|path| {
        let last = path.rsplit('.').next().unwrap_or(path);
        path.contains('.') && last.eq_ignore_ascii_case(key)
    });
    let why = match elsewhere {
        Some(path) => format!("unknown key; did you mean {path}?"),
        None => format!("unknown key; {}", one_of(known)),
    };
    (why, None)
}

fn one_of(known: &[&str]) -> String {
    match known {
        [one] => format!("only {one} is known here"),
        several => format!("known here: {}", several.join(", ")),
    }
}

/// A key for a path, cut where it is too long to be one.
pub(super) fn shown(key: &str) -> String {
    match key.char_indices().nth(MOST_SHOWN) {
        Some((at, _)) => format!("{}…", &key[..at]),
        None => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_told_with_the_nearest_known_one() {
        let told = |key| unknown(key, &of_body()).0;
        assert_eq!(told("clusterId"), "unknown key; did you mean clusterID?");
        assert_eq!(told("env"), "unknown key; did you mean envs?");
        assert_eq!(told("maxNum"), "unknown key; did you mean workerConfig.maxNum?");
        assert_eq!(told("state"), "no update sets this; leave it out");
        assert!(told("zzz").starts_with("unknown key; known here: id, name"));
        assert_eq!(unknown("zzz", &["port"]).0, "unknown key; only port is known here");
    }
}
