//! What can go wrong with a call, typed by what it means for the one who called.
//!
//! The first question after a failed update is whether the server may have taken it: [`ApiError::surely_not_taken`].
//! Messages are one or two sentences: what happened, to what, what next. They never hold the key, a password or an
//! environment value. Text of the server stands in them as it came, only cut; making control characters visible is the
//! screen's business.

use std::time::Duration;

use thiserror::Error;

use super::hint::{self, FailureHint, seconds};
use super::wire::Unreadable;
use super::wire::text::sentence;
use crate::endpoint::Place;
use crate::text::one_line;

/// The next step where an update's fate is open.
const NOT_KNOWN: &str = "Whether the update was taken is not known: read the endpoint again.";

/// What a server said that took an update: a 2xx. It decides nothing; only reading back does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// What a person should read of it, in one line, cut; empty: nothing beside "ok".
    pub said: String,
    /// Whether it is a refusal in shape, as `wire::refusal` has the rule: the update may not have been carried out.
    pub refuses: bool,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ApiError {
    /// The client can't be set up as it was asked to; nothing was sent.
    #[error("{0}")]
    Setup(String),
    /// No connection came about; nothing was sent.
    #[error("{}", not_sent(.at, .why, FateWords::Told))]
    NotSent {
        /// Which call, to whom.
        at: FailedCall,
        /// Why.
        why: NotSent,
    },
    /// The request may have arrived, and its answer did not.
    #[error("{}", no_answer(.at, .why, FateWords::Told))]
    NoAnswer {
        /// Which call, to whom.
        at: FailedCall,
        /// Why.
        why: NoAnswer,
    },
    /// The server wants to be asked elsewhere. The key isn't carried there.
    #[error("{}", redirect(.at, *.status, .to, FateWords::Told))]
    Redirect {
        /// Which call, to whom.
        at: FailedCall,
        /// The HTTP status, 300–399.
        status: u16,
        /// The host that the server points at; empty: it names none.
        to: String,
    },
    /// An HTTP status of 400 or more.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// A list of which not everything came. What came was handed over.
    #[error("{}", incomplete(.0, FateWords::Told))]
    Incomplete(Box<IncompleteList>),
    /// A good status, and a body that isn't what was asked for.
    #[error("{} could not be read. {why} {}", .at.call, after_unreadable(.at, .why))]
    Unreadable {
        /// Which call, to whom.
        at: FailedCall,
        /// Why.
        why: Unreadable,
    },
}

/// A list that was not read to its end, or whose pages have fewer entries than the server says there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncompleteList {
    /// Which call, to whom.
    pub at: FailedCall,
    /// What the entries are: `endpoints`.
    pub entries: &'static str,
    /// How many distinct ones came.
    pub came: usize,
    /// How many there are, as the server has it; `None`: it doesn't say.
    pub total: Option<u64>,
    /// Why it broke off; `None`: the pages came to their end.
    pub why: Option<ApiError>,
}

/// A call, and the server that it went to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedCall {
    /// Host, with the port where the base URL names one.
    pub host: String,
    /// Method and path behind the base URL: `GET /endpoint`.
    pub call: &'static str,
}

impl FailedCall {
    fn writes(&self) -> bool {
        !self.call.starts_with("GET ")
    }

    /// Whether it is about one endpoint, by its id.
    fn is_about_an_endpoint(&self) -> bool {
        matches!(self.call, "GET /endpoint" | "POST /endpoint/update")
    }
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// Nobody listens at that address and port.
    Refused,
    /// The name has no address, or no name server answered.
    Dns(String),
    /// TLS didn't come about: the reason, as the TLS library words it.
    Tls(String),
    /// No connection within this time.
    ConnectTimeout(Duration),
    /// The proxy is there and doesn't let the connection through.
    Proxy(String),
    /// Anything else before the first byte: no route, no permission.
    Other(String),
}

/// Why an answer didn't arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nothing came within this time.
    TimedOut(Duration),
    /// The connection ended before the answer did, or what came was no HTTP.
    Cut(String),
    /// The answer is larger than this many bytes, unpacked.
    TooLarge(usize),
}

/// What a server said that refused a request.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", refused(self, FateWords::Told))]
pub struct Refused {
    /// Which call, to whom.
    pub at: FailedCall,
    /// The HTTP status, 400 or more.
    pub status: u16,
    /// The server's name for it (`VALIDATOR_PARAM`); empty: none.
    pub reason: String,
    /// The server's message, cut to 600 characters; empty: none.
    pub message: String,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
    /// Where the API key was taken from.
    pub key_source: String,
    /// The key was refused, and its file holds another one by now: the next request carries that.
    pub key_renewed: bool,
}

impl ApiError {
    /// Whether a server that was asked for an endpoint by an id says that there is none: a name is often none that it
    /// even looks up.
    pub fn may_be_about_a_name(&self) -> bool {
        match self {
            Self::Refused(refused) => matches!(refused.status, 400 | 404 | 410 | 422),
            Self::Unreadable { .. } => true,
            _ => false,
        }
    }

    /// Whether the server says that the endpoint which the call is about isn't there: none of this id that the key opens,
    /// or not any more.
    pub fn is_gone(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.is_gone(),
            _ => false,
        }
    }

    /// What happened and what to do, without what it means for an update or a form: for a place that tells that itself.
    pub fn happened(&self) -> String {
        match self {
            Self::NotSent { at, why } => not_sent(at, why, FateWords::Untold),
            Self::NoAnswer { at, why } => no_answer(at, why, FateWords::Untold),
            Self::Redirect { at, status, to } => redirect(at, *status, to, FateWords::Untold),
            Self::Refused(why) => refused(why, FateWords::Untold),
            Self::Incomplete(list) => incomplete(list, FateWords::Untold),
            Self::Unreadable {
                at,
                why: why @ Unreadable::Value { .. },
            } => format!("{} could not be read. {why}", at.call),
            Self::Setup(_) | Self::Unreadable { .. } => self.to_string(),
        }
    }

    /// Whether the server certainly did not carry out the request: it was never sent, or it was refused as it stands.
    ///
    /// `false` is not the opposite but "not known": only reading back tells.
    pub fn surely_not_taken(&self) -> bool {
        match self {
            Self::Setup(_) | Self::NotSent { .. } => true,
            Self::NoAnswer { .. } | Self::Unreadable { .. } | Self::Incomplete(_) => false,
            // 307 and 308 say "ask there instead"; 301 to 303 also come after a request that was carried out.
            Self::Redirect { status, .. } => matches!(status, 307 | 308),
            // 408 and 499 are about time, not about the request. After a 5xx nothing is known.
            Self::Refused(refused) => refused.status < 500 && !matches!(refused.status, 408 | 499),
        }
    }

    /// Whether asking again after a while may bring another answer: the way there or the server failed, not the
    /// request.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NotSent { .. } => true,
            Self::NoAnswer { why, .. } => matches!(why, NoAnswer::TimedOut(_) | NoAnswer::Cut(_)),
            // 408, 425 and 429 are about time; 501 and 505 are about the request.
            Self::Refused(refused) => match refused.status {
                408 | 425 | 429 => true,
                status => status >= 500 && !matches!(status, 501 | 505),
            },
            Self::Unreadable { why, .. } => matches!(why, Unreadable::Empty | Unreadable::Truncated { .. }),
            Self::Incomplete(list) => list.why.as_ref().is_some_and(Self::may_pass),
            Self::Setup(_) | Self::Redirect { .. } => false,
        }
    }

    /// The same for whoever looks again and again at what could be read before: a page of something on the way passes,
    /// too.
    pub fn may_pass_meanwhile(&self) -> bool {
        self.may_pass() || matches!(self, Self::Unreadable { .. })
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refused) => refused.retry_after,
            Self::Incomplete(list) => list.why.as_ref().and_then(Self::retry_after),
            _ => None,
        }
    }

    /// Where to look.
    pub fn hint(&self) -> FailureHint {
        match self {
            Self::Refused(refused) if refused.is_gone() => FailureHint::EndpointId,
            Self::Refused(refused) => hint::hint(refused.status, &refused.reason),
            Self::Incomplete(list) => list.why.as_ref().map_or(FailureHint::Nothing, Self::hint),
            Self::Unreadable {
                why: Unreadable::OtherEndpoint { .. },
                ..
            } => FailureHint::EndpointId,
            Self::Unreadable { why, .. } if why.path().is_some() => FailureHint::Nothing,
            Self::Setup(_) | Self::NotSent { .. } | Self::Redirect { .. } | Self::Unreadable { .. } => {
                FailureHint::Connection
            }
            Self::NoAnswer {
                why: NoAnswer::TooLarge(_),
                ..
            } => FailureHint::Nothing,
            Self::NoAnswer { .. } => FailureHint::Wait,
        }
    }

    /// The field that a refusal's message names, with its row.
    pub fn place(&self) -> Option<Place> {
        match self {
            // A key or a proxy's page that happens to hold a field's name is not about the field.
            Self::Refused(refused) if matches!(refused.status, 400 | 409 | 413 | 422) => hint::place(&refused.message),
            _ => None,
        }
    }
}

impl Refused {
    fn is_gone(&self) -> bool {
        let is_no_endpoint = matches!(self.status, 404 | 410) || self.reason == "SERVERLESS_ENDPOINT_NOT_FOUND";
        self.at.is_about_an_endpoint() && is_no_endpoint
    }
}

impl IncompleteList {
    /// Whether the pages came to their end, and what is missing is on none of them.
    pub fn is_short(&self) -> bool {
        self.why.is_none()
    }
}

/// Whether a sentence says what the failure means for an update.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FateWords {
    Told,
    Untold,
}

impl FateWords {
    fn word(self, text: &'static str) -> &'static str {
        if self == Self::Told { text } else { "" }
    }
}

fn not_sent(at: &FailedCall, why: &NotSent, fate: FateWords) -> String {
    let host = &at.host;
    let (tail, whole) = (fate.word("; nothing was sent"), fate.word(" Nothing was sent."));
    match why {
        NotSent::Refused => {
            format!("{host} refused the connection{tail}. Check the base URL, and that a server runs there.")
        }
        NotSent::Dns(reason) => {
            format!("The address of {host} could not be found ({reason}){tail}. Check the base URL and the network.")
        }
        NotSent::Tls(reason) => format!(
            "No secure connection to {host}: {reason}.{whole} Check the base URL, this machine's clock and its \
             CA certificates."
        ),
        NotSent::ConnectTimeout(after) => format!(
            "{host} did not take the connection within {}{tail}. Check the network, or raise the connect \
             time-out.",
            seconds(*after)
        ),
        NotSent::Proxy(reason) => {
            format!("The proxy did not connect to {host} ({reason}){tail}. Check https_proxy and no_proxy.")
        }
        NotSent::Other(reason) => {
            format!("No connection to {host}: {reason}.{whole} Check the network and the base URL.")
        }
    }
}

fn no_answer(at: &FailedCall, why: &NoAnswer, fate: FateWords) -> String {
    let FailedCall { host, call } = at;
    let what = match why {
        NoAnswer::TimedOut(after) => format!("{host} did not answer {call} within {}.", seconds(*after)),
        NoAnswer::Cut(reason) => {
            format!("The connection to {host} broke before {call} was answered in full ({reason}).")
        }
        NoAnswer::TooLarge(limit) => {
            format!(
                "{host} answered {call} with more than {} MiB, which was not read to its end.",
                limit >> 20
            )
        }
    };
    let next = match why {
        _ if at.writes() => fate.word(NOT_KNOWN),
        NoAnswer::TimedOut(_) => "Try again, or raise the request time-out.",
        NoAnswer::Cut(_) => "Try again.",
        NoAnswer::TooLarge(_) => "Check the base URL.",
    };
    format!("{what} {next}").trim_end().to_owned()
}

fn redirect(at: &FailedCall, status: u16, to: &str, fate: FateWords) -> String {
    let FailedCall { host, call } = at;
    let to = if to.is_empty() { "elsewhere" } else { to };
    let next = if fate == FateWords::Told && at.writes() && !matches!(status, 307 | 308) {
        NOT_KNOWN
    } else {
        "If that is the right place, set it as the base URL."
    };
    format!("{host} answered {call} with a redirect to {to} (HTTP {status}), which is not followed. {next}")
        .trim_end()
        .to_owned()
}

fn incomplete(list: &IncompleteList, fate: FateWords) -> String {
    let IncompleteList {
        at,
        entries,
        came,
        total,
        why,
    } = list;
    let came = match total {
        Some(total) => format!("Only {came} of {total} {entries} came"),
        None => format!("Only {came} {entries} came, and how many more there are is not known"),
    };
    match why {
        Some(why) if fate == FateWords::Untold => format!("{came}. {}", why.happened()),
        Some(why) => format!("{came}. {why}"),
        None => format!(
            "{came}: {} counts more than its pages have. Read the list again.",
            at.host
        ),
    }
}

fn refused(refused: &Refused, fate: FateWords) -> String {
    let Refused {
        at: FailedCall { host, call },
        status,
        reason,
        message,
        ..
    } = refused;
    let verb = if *status >= 500 { "failed at" } else { "refused" };
    let name = if reason.is_empty() {
        String::new()
    } else {
        format!(" {}", one_line(reason))
    };
    let said = if message.is_empty() {
        ".".to_owned()
    } else {
        format!(": {}", sentence(message))
    };
    let next = if *status >= 500 && refused.at.writes() {
        fate.word(NOT_KNOWN).to_owned()
    } else if refused.key_renewed {
        format!(
            "The {} holds another API key by now, which is used from here on: send again.",
            refused.key_source
        )
    } else {
        let Refused {
            retry_after,
            key_source,
            ..
        } = refused;
        hint::advice(*status, reason, *retry_after, key_source, refused.is_gone())
    };
    format!("{host} {verb} {call} (HTTP {status}{name}){said} {next}")
        .trim_end()
        .to_owned()
}

fn after_unreadable(at: &FailedCall, why: &Unreadable) -> String {
    match why {
        Unreadable::Value { .. } if at.call == "GET /endpoint" => {
            "It was not opened, so that nothing wrong is written back.".to_owned()
        }
        Unreadable::OtherEndpoint { .. } => "Check the id.".to_owned(),
        Unreadable::Truncated { .. } => "Try again.".to_owned(),
        Unreadable::OtherApi { .. } => format!(
            "Set the base URL to that of the serverless API, which ends in /gpu-instance/openapi/v1; now it is at {}.",
            at.host
        ),
        _ => format!(
            "Check that the base URL ({}) is that of the API, and any proxy before it.",
            at.host
        ),
    }
}
