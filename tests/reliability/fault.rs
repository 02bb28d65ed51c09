//! Faults by the names that the page gives them.

use std::time::Duration;

use novita_edit::demo::{Call, DemoServer, Fault, Reply, When};
use novita_edit::session::Step;
use serde_json::{Value, json};

use crate::harness::ID;
use crate::table::{Reason, Row};

/// Far longer than any client of these tests waits.
const FOR_EVER: Duration = Duration::from_secs(600);
/// What a refusing server says.
pub const WORDS: &str = "the server's own words";

/// Where a fault strikes: the tables of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Load,
    Check,
    Send,
    Verify,
    /// No request fails; somebody else is at work, or the server stores something else.
    Others,
}

impl Place {
    pub const ALL: [Self; 5] = [Self::Load, Self::Check, Self::Send, Self::Verify, Self::Others];

    pub fn heading(self) -> &'static str {
        match self {
            Self::Load => "Load",
            Self::Check => "Check",
            Self::Send => "Send",
            Self::Verify => "Verify",
            Self::Others => "Somebody else, and servers that store something else",
        }
    }

    /// The step of a save that it is in.
    pub fn step(self) -> Option<Step> {
        match self {
            Self::Load | Self::Others => None,
            Self::Check => Some(Step::Check),
            Self::Send => Some(Step::Send),
            Self::Verify => Some(Step::Verify),
        }
    }
}

/// A way to the server on which requests of one step are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// A port where nobody listens.
    Refused,
    /// A name that doesn't exist.
    Dns,
    /// TLS to a port that speaks plain http.
    Tls,
    /// The server, by a client with little patience.
    Slow,
}

/// What a row's name stands for.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// Requests of the step go by this road; `None`: by the same as all others.
    pub road: Option<Road>,
    /// What befalls them.
    pub faults: Vec<(Call, When, Fault)>,
    /// What somebody else changed after the endpoint was loaded and before the save.
    pub meanwhile: Option<fn(&mut Value)>,
}

fn rename(endpoint: &mut Value) {
    endpoint["name"] = json!("renamed");
}

fn seven(endpoint: &mut Value) {
    endpoint["workerConfig"]["maxNum"] = json!(7);
}

/// What the row's fault is; `None`: nothing is known of that name.
pub fn trouble(row: &Row, server: &DemoServer) -> Option<Trouble> {
    let mut trouble = Trouble {
        road: None,
        faults: Vec::new(),
        meanwhile: None,
    };
    if row.place == Place::Others {
        let fault = match row.fault.as_str() {
            "their change before the check" => {
                trouble.meanwhile = Some(rename);
                return Some(trouble);
            }
            "their change of the same field before the check" => {
                trouble.meanwhile = Some(seven);
                return Some(trouble);
            }
            "their change between check and send" => Fault::change_before(ID, rename),
            "their change between send and verification" => Fault::change_after(ID, rename),
            "their change of the same field between send and verification" => Fault::change_after(ID, seven),
            "accepted, and not stored" => Fault::Ignore,
            "accepted, and another value stored" => Fault::store_other(seven),
            "old values for two reads" => Fault::StaleReads(2),
            _ => return None,
        };
        trouble.faults.push((Call::Update, When::next(1), fault));
        return Some(trouble);
    }
    let (name, once) = match row.fault.strip_suffix(", once") {
        Some(name) => (name, true),
        None => (row.fault.as_str(), false),
    };
    let (name, applied) = match name.strip_suffix(" after it was applied") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let sends = row.place == Place::Send;
    if applied && !sends {
        return None;
    }
    trouble.road = match name {
        "refused" => Some(Road::Refused),
        "DNS" => Some(Road::Dns),
        "TLS" => Some(Road::Tls),
        "time-out" => Some(Road::Slow),
        _ => None,
    };
    if !matches!(trouble.road, None | Some(Road::Slow)) {
        return (!once && !applied).then_some(trouble);
    }
    let fault = match (name, &row.reason) {
        (_, Some(reason)) => Fault::Instead(refusal(reason)),
        ("time-out", _) if applied => Fault::DelayAfter(FOR_EVER),
        ("time-out", _) => Fault::DelayBefore(FOR_EVER),
        ("cut before", _) => Fault::CutBefore,
        ("cut", _) if applied => Fault::CutAfter,
        ("cut after", _) if !sends => Fault::CutAfter,
        ("cut in the answer", _) => Fault::CutInBody,
        ("truncated JSON", _) if !sends || applied => Fault::Truncate,
        _ => {
            let reply = reply(name, sends, server)?;
            if applied {
                Fault::After(reply)
            } else {
                Fault::Instead(reply)
            }
        }
    };
    let call = if sends { Call::Update } else { Call::Load };
    // The verification reads after the check did.
    let first = if row.place == Place::Verify { 2 } else { 1 };
    let when = if once { When::nth(first) } else { When::from_nth(first) };
    trouble.faults.push((call, when, fault));
    Some(trouble)
}

fn refusal(reason: &Reason) -> Reply {
    Reply::error(reason.status, &reason.name, WORDS)
}

fn reply(name: &str, sends: bool, server: &DemoServer) -> Option<Reply> {
    let busy = || Reply::error(429, "RATE_LIMIT_EXCEEDED", WORDS);
    if let Some(seconds) = name.strip_prefix("429 with Retry-After: ") {
        return Some(busy().header("Retry-After", seconds));
    }
    Some(match name {
        "429" => busy(),
        "500" => Reply::error(500, "UNKNOWN", WORDS),
        "502 with HTML" => Reply::html(502, "Bad Gateway"),
        "empty 200" => Reply::empty(),
        "truncated JSON" => Reply::status(200).body("application/json", r#"{"id": "ep_7f3"#),
        "wrong types" if sends => Reply::json(&json!([1, "two"])),
        "wrong types" => {
            let mut endpoint = server.endpoint(ID)?;
            endpoint["workerConfig"]["maxNum"] = json!("five");
            Reply::json(&json!({ "endpoint": endpoint }))
        }
        _ => return None,
    })
}

/// The faults that the issue names, for each place; the reasons of api.md are a table of their own.
pub fn required(place: Place) -> Vec<&'static str> {
    let mut all = vec!["refused", "DNS", "TLS", "time-out", "cut before"];
    all.extend(["400", "401", "403", "429", "429 with Retry-After: 1"]);
    all.extend(["500", "502 with HTML", "empty 200", "truncated JSON", "wrong types"]);
    match place {
        Place::Load | Place::Check | Place::Verify => all.push("cut after"),
        Place::Send => all.extend([
            "cut after it was applied",
            "time-out after it was applied",
            "500 after it was applied",
            "502 with HTML after it was applied",
            "empty 200 after it was applied",
            "truncated JSON after it was applied",
            "wrong types after it was applied",
        ]),
        Place::Others => {
            all = vec![
                "their change before the check",
                "their change of the same field before the check",
                "their change between check and send",
                "their change between send and verification",
                "accepted, and not stored",
            ];
        }
    }
    all
}

/// Every refusal that api.md knows by name, but for the rate limit; and statuses with a reason that it doesn't know.
pub const REASONS: [(u16, &str); 26] = [
    (400, "SERVERLESS_ENDPOINT_NOT_FOUND"),
    (400, "VALIDATOR_PARAM"),
    (400, "REQUEST"),
    (400, "INVALID_REQUEST_BODY"),
    (400, "NETWORK_STORAGE_NOT_FOUND"),
    (400, "NETWORK_STORAGE_UNAVAILABLE"),
    (400, "CUR_CLUSTER_NETWORK_STORAGE_NOT_SUPPORT"),
    (400, "IMAGE_NOT_FOUND"),
    (400, "INVALID_COMMAND_PARAM"),
    (400, "CONFLICT"),
    (400, "OPERATION_LIMIT"),
    (400, "INSUFFICIENT_RESOURCE"),
    (400, "BALANCE_NOT_ENOUGH"),
    (400, "DEPENDENT_RESOURCE_STATE"),
    (400, "CLUSTER_STATUS"),
    (400, "NODE_STATUS"),
    (401, "UNAUTHORIZED"),
    (401, "INVALID_API_KEY"),
    (403, "FORBIDDEN"),
    (403, "API_NOT_ALLOWED"),
    (404, "NOT_FOUND"),
    (405, "METHOD_NOT_ALLOWED"),
    (409, "ABORTED"),
    (410, "GONE"),
    (412, "PRECONDITION_FAILED"),
    (423, "LOCKED"),
];
