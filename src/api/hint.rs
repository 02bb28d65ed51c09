//! Where a refusal points: the reason table of `shared/api.md`, read by the screen and by the sentences, and the field
//! of the body that a message names.

use std::time::Duration;

use crate::endpoint::schema::{FIELDS, ServerName};
use crate::endpoint::{FieldId, Pane, Place};

/// Where a person should look after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureHint {
    /// A field of the form.
    Field(FieldId),
    /// A pane of the form.
    Pane(Pane),
    /// The API key and where it was taken from.
    Key,
    /// The endpoint's id: this key has no such endpoint.
    EndpointId,
    /// The account or the platform: balance, quotas, what else is going on.
    Account,
    /// Nowhere; ask again later.
    Wait,
    /// The network, the base URL, a proxy.
    Connection,
    /// Nothing is known that would help.
    Nothing,
}

/// What the server's reason and status point at.
pub(super) fn hint(status: u16, reason: &str) -> FailureHint {
    match reason {
        "SERVERLESS_ENDPOINT_NOT_FOUND" => FailureHint::EndpointId,
        "NETWORK_STORAGE_NOT_FOUND" | "NETWORK_STORAGE_UNAVAILABLE" => FailureHint::Pane(Pane::Volumes),
        "CUR_CLUSTER_NETWORK_STORAGE_NOT_SUPPORT" => FailureHint::Field(FieldId::ClusterId),
        "IMAGE_NOT_FOUND" | "INVALID_COMMAND_PARAM" => FailureHint::Pane(Pane::Image),
        "CONFLICT"
        | "OPERATION_LIMIT"
        | "INSUFFICIENT_RESOURCE"
        | "BALANCE_NOT_ENOUGH"
        | "DEPENDENT_RESOURCE_STATE"
        | "CLUSTER_STATUS"
        | "NODE_STATUS" => FailureHint::Account,
        "UNAUTHORIZED" | "INVALID_API_KEY" | "FORBIDDEN" | "API_NOT_ALLOWED" => FailureHint::Key,
        "RATE_LIMIT_EXCEEDED" => FailureHint::Wait,
        _ => match status {
            401 | 403 => FailureHint::Key,
            404 | 405 | 407 => FailureHint::Connection,
            402 | 409 | 423 => FailureHint::Account,
            429 | 500.. => FailureHint::Wait,
            _ => FailureHint::Nothing,
        },
    }
}

/// What to do next, as a whole sentence; empty where only the server's own message can say it.
///
/// `wait` is what the server asked for; `key_source` where the key was taken from; `is_gone` whether it is about an
/// endpoint that isn't there.
pub(super) fn advice(status: u16, reason: &str, wait: Option<Duration>, key_source: &str, is_gone: bool) -> String {
    let sentence = match reason {
        "SERVERLESS_ENDPOINT_NOT_FOUND" => {
            return format!(
                "There is no such endpoint for this API key (from {key_source}): check the id and the key."
            );
        }
        "NETWORK_STORAGE_NOT_FOUND" => "Check the storage ids under Volumes.",
        "NETWORK_STORAGE_UNAVAILABLE" => "The network storage can't be used now: check it under Volumes.",
        "CUR_CLUSTER_NETWORK_STORAGE_NOT_SUPPORT" => {
            "The cluster has no network storage: check Cluster ID, or take the network volume out."
        }
        "IMAGE_NOT_FOUND" => "Check Image, and Auth ID if the image is private.",
        "INVALID_COMMAND_PARAM" => "Check Command.",
        "CONFLICT" => "Something else is being done to this endpoint: wait until it is done, and try again.",
        "OPERATION_LIMIT" => "The account may not do this now: check its quotas.",
        "INSUFFICIENT_RESOURCE" => "The platform has no resources for this now: ask for less, or try later.",
        "BALANCE_NOT_ENOUGH" => "The account's balance is too low: top it up, and try again.",
        "DEPENDENT_RESOURCE_STATE" => "Something that the endpoint depends on is not ready: try again later.",
        "CLUSTER_STATUS" | "NODE_STATUS" => "The cluster is not available now: try again later.",
        _ => match hint(status, reason) {
            _ if status == 410 && is_gone => "This endpoint is gone for good: choose another one.",
            _ if is_gone => {
                return format!("Nothing is there: check the id, the base URL, and the key (from {key_source}).");
            }
            _ if status == 405 => "This address doesn't take such a request: check the base URL.",
            _ if status == 409 => {
                "It clashes with what the server has or does now: read the endpoint again, then try again."
            }
            _ if status == 410 => "This address is gone for good: check the base URL.",
            _ if status == 412 => {
                "The server made it depend on something that doesn't hold: read the endpoint again, then try again."
            }
            _ if status == 423 => "It is locked now: wait until what holds it is done, and try again.",
            FailureHint::Key => {
                return format!(
                    "The API key was taken from {key_source}: check that it is valid and allowed to do this."
                );
            }
            FailureHint::Wait => match wait {
                Some(wait) => return format!("Wait {}, then try again.", seconds(wait)),
                None if status < 500 => "Wait a little, then try again.",
                None => "Try again later.",
            },
            FailureHint::Connection if status == 407 => "The proxy wants a log-in: check the proxy's settings.",
            FailureHint::Connection => "Check the base URL.",
            FailureHint::Account => "Check the account.",
            _ => "",
        },
    };
    sentence.to_owned()
}

/// A duration as whole seconds, rounded up: nobody should come back too early.
pub(super) fn seconds(wait: Duration) -> String {
    let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    format!("{whole} s")
}

/// The first field that a message names by its path (`workerConfig.maxNum`, `volumeMounts[1].mountPath`, also in the
/// spellings `WorkerConfig.MaxNum` and `worker_config.max_num`); without one, by its last name (`maxNum`).
pub(super) fn place(message: &str) -> Option<Place> {
    let tokens = || tokens(message);
    tokens()
        .find_map(|token| by_path(&token))
        .or_else(|| tokens().find_map(|token| by_name(&token)))
}

/// A word of the message that could be a path.
struct Token {
    /// In lower case, without underscores, indices taken out: `volumemounts[].mountpath`.
    text: String,
    /// The first index.
    row: Option<usize>,
    /// In quotes, or the message's first word.
    stands_out: bool,
}

fn tokens(message: &str) -> impl Iterator<Item = Token> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
    let mut rest = message;
    let mut before = None;
    std::iter::from_fn(move || {
        let start = rest.find(is_part)?;
        before = rest[..start].chars().next_back().or(before);
        rest = &rest[start..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let quoted = before.is_some_and(is_quote) && after.chars().next().is_some_and(is_quote);
        let first = before.is_none();
        rest = after;
        before = word.chars().next_back();
        let (text, row) = without_indices(word.trim_matches('.'));
        Some(Token {
            text,
            row,
            stands_out: quoted || first,
        })
    })
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’')
}

fn without_indices(word: &str) -> (String, Option<usize>) {
    let mut text = String::new();
    let mut row = None;
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (index, after) = after.split_once(']').unwrap_or((after, ""));
        row = row.or_else(|| index.parse().ok());
        text.push_str("[]");
        rest = after;
    }
    text.push_str(rest);
    (text.to_ascii_lowercase().replace('_', ""), row)
}

fn by_path(token: &Token) -> Option<Place> {
    let spec = FIELDS.iter().find(|spec| {
        let path = spec.path.to_ascii_lowercase().replace("[0]", "[]");
        // A validator may put the message's name in front: `UpdateEndpointRequest.workerConfig.maxNum`.
        let behind = |path: &str| {
            token
                .text
                .strip_suffix(path)
                .is_some_and(|front| front.is_empty() || front.ends_with('.'))
        };
        path.contains('.') && (behind(&path) || behind(&path.replace("[]", "")))
    })?;
    Some(placed(spec.id, token.row))
}

fn by_name(token: &Token) -> Option<Place> {
    let last = token.text.rsplit('.').next().unwrap_or_default();
    let is_named = |name: &ServerName| match name {
        ServerName::Sure(name) => name.eq_ignore_ascii_case(last),
        ServerName::Word(word) => *word == last && token.stands_out,
    };
    let spec = FIELDS.iter().find(|spec| spec.named.iter().any(is_named))?;
    Some(placed(spec.id, token.row))
}

fn placed(field: FieldId, row: Option<usize>) -> Place {
    match row {
        Some(row) if field.is_row_part() => Place::row(field, row),
        _ => Place::of(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_reason_points_somewhere() {
        for (reason, status, there) in [
            ("SERVERLESS_ENDPOINT_NOT_FOUND", 400, FailureHint::EndpointId),
            ("NETWORK_STORAGE_NOT_FOUND", 400, FailureHint::Pane(Pane::Volumes)),
            ("NETWORK_STORAGE_UNAVAILABLE", 400, FailureHint::Pane(Pane::Volumes)),
            (
                "CUR_CLUSTER_NETWORK_STORAGE_NOT_SUPPORT",
                400,
                FailureHint::Field(FieldId::ClusterId),
            ),
            ("IMAGE_NOT_FOUND", 400, FailureHint::Pane(Pane::Image)),
            ("INVALID_COMMAND_PARAM", 400, FailureHint::Pane(Pane::Image)),
            ("CONFLICT", 400, FailureHint::Account),
            ("OPERATION_LIMIT", 400, FailureHint::Account),
            ("INSUFFICIENT_RESOURCE", 400, FailureHint::Account),
            ("BALANCE_NOT_ENOUGH", 400, FailureHint::Account),
            ("DEPENDENT_RESOURCE_STATE", 400, FailureHint::Account),
            ("CLUSTER_STATUS", 400, FailureHint::Account),
            ("NODE_STATUS", 400, FailureHint::Account),
            ("UNAUTHORIZED", 401, FailureHint::Key),
            ("INVALID_API_KEY", 403, FailureHint::Key),
            ("FORBIDDEN", 403, FailureHint::Key),
            ("API_NOT_ALLOWED", 403, FailureHint::Key),
            ("RATE_LIMIT_EXCEEDED", 429, FailureHint::Wait),
            ("UNKNOWN", 500, FailureHint::Wait),
            ("VALIDATOR_PARAM", 400, FailureHint::Nothing),
            ("", 403, FailureHint::Key),
            ("", 404, FailureHint::Connection),
            ("", 502, FailureHint::Wait),
            ("", 400, FailureHint::Nothing),
        ] {
            assert_eq!(hint(status, reason), there, "{status} {reason}");
        }
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(seconds(Duration::from_millis(2001)), "3 s");
        assert_eq!(seconds(Duration::from_secs(2)), "2 s");
    }

    #[test]
    fn a_field_is_recognised_by_its_path_in_every_spelling() {
        for (message, field) in [
            ("workerConfig.maxNum must be between 0 and 10", FieldId::MaxWorkers),
            (
                "invalid WorkerConfig.MaxNum: value must be inside range [0, 10]",
                FieldId::MaxWorkers,
            ),
            ("worker_config.max_num: out of range", FieldId::MaxWorkers),
            ("UpdateEndpointRequest.workerConfig.minNum: bad", FieldId::MinWorkers),
            (
                "invalid UpdateRequest.WorkerConfig: embedded message | caused by: invalid WorkerConfig.GpuNum: no",
                FieldId::GpusPerWorker,
            ),
            ("value of 'requestTimeout' is missing", FieldId::RequestTimeout),
            ("maxNum is too large", FieldId::MaxWorkers),
            ("the image.command is too long", FieldId::Command),
            ("ports[0].port is reserved", FieldId::HttpPort),
            ("ports.port is reserved", FieldId::HttpPort),
            ("ports must have one entry", FieldId::HttpPort),
            ("port 2222 is reserved", FieldId::HttpPort),
            ("bad \"port\"", FieldId::HttpPort),
            ("policy.value must be positive.", FieldId::PolicyValue),
            ("unknown policy.type", FieldId::PolicyType),
            ("healthy.path is required", FieldId::HealthPath),
            ("clusterID does not match", FieldId::ClusterId),
            ("clusterId does not match", FieldId::ClusterId),
            ("name: too long", FieldId::Name),
            ("too many envs", FieldId::Environment),
            ("volumeMounts[0] is bad", FieldId::Volumes),
        ] {
            assert_eq!(place(message), Some(Place::of(field)), "{message}");
        }
    }

    #[test]
    fn a_row_is_recognised_by_its_index() {
        assert_eq!(
            place("volumeMounts[1].mountPath is taken"),
            Some(Place::row(FieldId::VolumeMountPath, 1))
        );
        assert_eq!(place("bad envs[12].value"), Some(Place::row(FieldId::EnvValue, 12)));
        assert_eq!(
            place("VolumeMounts[2].Size: 40"),
            Some(Place::row(FieldId::VolumeSize, 2))
        );
        assert_eq!(place("volumeMounts.size: 40"), Some(Place::of(FieldId::VolumeSize)));
        assert_eq!(
            place("envs[99999999999999999999999].key"),
            Some(Place::of(FieldId::EnvKey))
        );
    }

    #[test]
    fn a_full_path_wins_over_a_last_name_before_it() {
        assert_eq!(
            place("maxNum is below workerConfig.minNum"),
            Some(Place::of(FieldId::MinWorkers))
        );
    }

    #[test]
    fn ordinary_words_name_nothing() {
        for message in [
            "",
            "invalid value",
            "no such image in this region",
            "the name of the account is missing",
            "id not found",
            "wrong type",
            "path not found",
            "balance too low.",
            "[0]",
            "...",
            "[",
            "]]][[[",
            "日本語 “ ”",
        ] {
            assert_eq!(place(message), None, "{message}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_message_panics(message in ".{0,200}") {
            let _ = place(&message);
        }
    }
}
