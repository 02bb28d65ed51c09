//! Where a refusal points: the reason table of `shared/api.md`, read by the screen and by the sentences.

use std::time::Duration;

use crate::endpoint::{FieldId, Pane};

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
            402 => FailureHint::Account,
            429 | 500.. => FailureHint::Wait,
            _ => FailureHint::Nothing,
        },
    }
}

/// What to do next, as a whole sentence; empty where only the server's own message can say it.
///
/// `wait` is what the server asked for; `key_source` where the key was taken from.
pub(super) fn advice(status: u16, reason: &str, wait: Option<Duration>, key_source: &str) -> String {
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
}
