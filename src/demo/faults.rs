//! Failures on demand: which call, which of its requests, and what goes wrong with them; those of one request sorted by
//! when they take effect.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use super::change::reset;
use super::motion::{FailedRollout, Stale};
use super::quirks::KeySpelling;

/// The kinds of call of api.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `GET /endpoint`
    Load,
    /// `GET /endpoints`
    List,
    /// `GET /endpoint/limit`
    Limits,
    /// `POST /endpoint/update`
    Update,
    /// `GET /networkstorages/list`
    Storages,
    /// `GET /repository/auths`
    Auths,
    /// `GET /clusters`
    Clusters,
}

impl Call {
    /// The call by method and path below the base URL.
    pub(super) fn of(method: &str, path: &str) -> Option<Self> {
        Some(match (method, path) {
            ("GET", "/endpoint") => Self::Load,
            ("GET", "/endpoints") => Self::List,
            ("GET", "/endpoint/limit") => Self::Limits,
            ("POST", "/endpoint/update") => Self::Update,
            ("GET", "/networkstorages/list") => Self::Storages,
            ("GET", "/repository/auths") => Self::Auths,
            ("GET", "/clusters") => Self::Clusters,
            _ => return None,
        })
    }
}

/// Which requests of a call are hit, counted from when the fault is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    skip: u64,
    times: Option<u64>,
}

impl When {
    /// The next `times` requests.
    pub fn next(times: u64) -> Self {
        Self {
            skip: 0,
            times: Some(times),
        }
    }

    /// Only the `k`-th request from now; the next one is the first.
    pub fn nth(k: u64) -> Self {
        Self {
            skip: k.saturating_sub(1),
            times: Some(1),
        }
    }

    /// Every request from the `k`-th on; the next one is the first.
    pub fn from_nth(k: u64) -> Self {
        Self {
            skip: k.saturating_sub(1),
            times: None,
        }
    }

    /// Every request until [`Faults::clear`].
    pub fn always() -> Self {
        Self::from_nth(1)
    }
}

/// What goes wrong with one request. Several faults on one request all take effect; of several that replace the answer
/// the first added wins. A request is carried out to its end even if the client has gone away meanwhile, as behind a
/// real gateway: with [`DelayBefore`](Self::DelayBefore) an update can land after the client's time-out.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Waits before the request is handled.
    DelayBefore(Duration),
    /// Waits after the request was handled, before the answer.
    DelayAfter(Duration),
    /// Answers this without handling the request: nothing is applied.
    Instead(Reply),
    /// Handles the request, applies it, and answers this.
    After(Reply),
    /// Closes the connection without handling and without a byte of answer.
    CutBefore,
    /// Handles and applies the request, then closes the connection without a byte of answer.
    CutAfter,
    /// Sends head and half of the body under the whole body's Content-Length, then closes the connection.
    CutInBody,
    /// Sends half of the body under that half's Content-Length, then closes: complete for HTTP, broken as JSON.
    Truncate,
    /// Sends the body a byte at a time with this pause between bytes.
    SlowBody(Duration),
    /// Refuses with 400 in the server's shape, by a message that repeats the request's API key in this spelling.
    RepeatKey(KeySpelling),
    /// Sends one more header with whatever is answered: `Age: 30`.
    Header(String, String),
    /// On a read of an endpoint: a replica answers that lags behind, with what was stored before the newest change.
    Lagging,
    /// On an update: the next `n` reads of the endpoint still show what was stored before (lists too, uncounted).
    StaleReads(u32),
    /// On an update: reads and lists still show what was stored before for this long by the server's clock.
    StaleFor(Duration),
    /// On an update: checks it and accepts it, and stores nothing.
    Ignore,
    /// On an update: accepts it and stores something else than was sent; made by [`Fault::store_other`].
    StoreOther(StoredEdit),
    /// On an update: the workers that it starts never become healthy, and what they run on can't be had: their error and
    /// message are these. The endpoint comes to be `failed` with the same, or goes on by the state that it has.
    FailRollout {
        /// The endpoint comes to be `failed`, once it isn't `updating` any more.
        endpoint: bool,
        /// `state.error`
        error: String,
        /// `state.message`
        message: String,
    },
    /// Somebody else's change right before the request is handled; made by [`Fault::change_before`].
    ChangeBefore(String, StoredEdit),
    /// Somebody else's change right after it was handled; made by [`Fault::change_after`].
    ChangeAfter(String, StoredEdit),
}

impl Fault {
    /// On an update: `edit` is applied to the endpoint after what was sent is stored, e.g. a value is clamped.
    pub fn store_other(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::StoreOther(StoredEdit(Arc::new(edit)))
    }

    /// On an update: "in full" is taken at its word. What the body doesn't carry is reset: every undocumented key goes,
    /// and the health check's timings are those of a new one.
    pub fn reset_settings() -> Self {
        Self::store_other(reset)
    }

    /// Somebody else edits the endpoint `id` right before the request is handled.
    pub fn change_before(id: impl Into<String>, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::ChangeBefore(id.into(), StoredEdit(Arc::new(edit)))
    }

    /// Somebody else edits the endpoint `id` right after the request was handled, before its answer goes out.
    pub fn change_after(id: impl Into<String>, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::ChangeAfter(id.into(), StoredEdit(Arc::new(edit)))
    }
}

/// A change of a stored endpoint.
#[derive(Clone)]
pub struct StoredEdit(Arc<dyn Fn(&mut Value) + Send + Sync>);

impl StoredEdit {
    pub(super) fn apply(&self, endpoint: &mut Value) {
        (self.0)(endpoint);
    }
}

impl fmt::Debug for StoredEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Edit(..)")
    }
}

/// An answer of the caller's own making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Names and values, in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Reply {
    /// A status with neither headers nor body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// 200 with an empty body.
    pub fn empty() -> Self {
        Self::status(200)
    }

    /// 200 with a JSON body.
    pub fn json(body: &Value) -> Self {
        Self::status(200).body("application/json", body.to_string())
    }

    /// A proxy's error page.
    pub fn html(status: u16, title: &str) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body><center><h1>{title}</h1></center></body>\r\n</html>\r\n"
        );
        Self::status(status).body("text/html", page)
    }

    /// An error as the API shapes it.
    pub fn error(status: u16, reason: &str, message: &str) -> Self {
        let body = serde_json::json!({
            "code": status, "reason": reason, "message": message, "metadata": {},
        });
        Self::status(status).body("application/json", body.to_string())
    }

    /// With one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a body and its content type.
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..self.header("Content-Type", content_type)
        }
    }

    pub(super) fn response(&self) -> Response {
        self.build().unwrap_or_else(|error| {
            let mut response = Response::new(Body::from(format!("unusable fault: {error}")));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }

    fn build(&self) -> Result<Response, axum::http::Error> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = StatusCode::from_u16(self.status)?;
        append(response.headers_mut(), &self.headers)?;
        // hyper counts the body itself; a wrong count of the caller's would only break the framing by accident.
        response.headers_mut().remove(header::CONTENT_LENGTH);
        Ok(response)
    }
}

/// Puts more headers behind those that are there.
///
/// # Errors
/// A name or a value that no header can have.
pub(super) fn append(headers: &mut HeaderMap, more: &[(String, String)]) -> Result<(), axum::http::Error> {
    for (name, value) in more {
        let name = HeaderName::try_from(name)?;
        headers.append(name, HeaderValue::try_from(value)?);
    }
    Ok(())
}

/// The faults of one server, empty at first.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
}

#[derive(Debug)]
struct Rule {
    call: Call,
    when: When,
    fault: Fault,
}

impl Faults {
    /// Adds a fault for the requests of `call` that `when` names.
    pub fn add(&self, call: Call, when: When, fault: Fault) {
        self.rules().push(Rule { call, when, fault });
    }

    /// Forgets all faults; reads that are stale already stay so for their time.
    pub fn clear(&self) {
        self.rules().clear();
    }

    /// Counts one request of `call` and returns what befalls it, in the order of adding.
    pub(super) fn take(&self, call: Call) -> Vec<Fault> {
        let mut hit = Vec::new();
        self.rules().retain_mut(|rule| {
            if rule.call != call {
                return true;
            }
            if rule.when.skip > 0 {
                rule.when.skip -= 1;
                return true;
            }
            match &mut rule.when.times {
                None => hit.push(rule.fault.clone()),
                Some(0) => return false,
                Some(left) => {
                    *left -= 1;
                    hit.push(rule.fault.clone());
                }
            }
            rule.when.times != Some(0)
        });
        hit
    }

    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) delay_before: Duration,
    pub(super) change_before: Vec<(String, StoredEdit)>,
    pub(super) cut_before: bool,
    pub(super) repeat_key: Option<KeySpelling>,
    pub(super) instead: Option<Reply>,
    pub(super) update: UpdatePlan,
    pub(super) lags: bool,
    pub(super) change_after: Vec<(String, StoredEdit)>,
    pub(super) delay_after: Duration,
    pub(super) cut_after: bool,
    pub(super) after: Option<Reply>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body_fault: Option<BodyFault>,
}

/// Whether a replica answers that lags behind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lags(pub(super) bool);

/// What an accepted update does instead of just storing what was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct UpdatePlan {
    pub(super) ignore: bool,
    pub(super) store_other: Vec<StoredEdit>,
    pub(super) stale: Option<StaleAsked>,
    pub(super) fails: Option<FailedRollout>,
}

/// [`Stale`] before it is known when the update comes.
#[derive(Clone, Copy, Debug)]
pub(super) enum StaleAsked {
    Reads(u32),
    For(Duration),
}

impl StaleAsked {
    pub(super) fn from(self, now: Duration) -> Stale {
        match self {
            Self::Reads(reads) => Stale::Reads(reads),
            Self::For(time) => Stale::Until(now + time),
        }
    }
}

/// How the answer's bytes go out.
#[derive(Clone, Copy, Debug)]
pub(super) enum BodyFault {
    CutInBody,
    Truncate,
    Slow(Duration),
}

impl Plan {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        let mut plan = Self::default();
        for fault in faults {
            match fault {
                Fault::DelayBefore(time) => plan.delay_before += time,
                Fault::DelayAfter(time) => plan.delay_after += time,
                Fault::Instead(reply) => {
                    plan.instead.get_or_insert(reply);
                }
                Fault::After(reply) => {
                    plan.after.get_or_insert(reply);
                }
                Fault::CutBefore => plan.cut_before = true,
                Fault::CutAfter => plan.cut_after = true,
                Fault::CutInBody => {
                    plan.body_fault.get_or_insert(BodyFault::CutInBody);
                }
                Fault::Truncate => {
                    plan.body_fault.get_or_insert(BodyFault::Truncate);
                }
                Fault::SlowBody(pause) => {
                    plan.body_fault.get_or_insert(BodyFault::Slow(pause));
                }
                Fault::RepeatKey(spelling) => {
                    plan.repeat_key.get_or_insert(spelling);
                }
                Fault::Header(name, value) => plan.headers.push((name, value)),
                Fault::StaleReads(reads) => {
                    plan.update.stale.get_or_insert(StaleAsked::Reads(reads));
                }
                Fault::StaleFor(time) => {
                    plan.update.stale.get_or_insert(StaleAsked::For(time));
                }
                Fault::Lagging => plan.lags = true,
                Fault::Ignore => plan.update.ignore = true,
                Fault::FailRollout {
                    endpoint,
                    error,
                    message,
                } => {
                    plan.update.fails.get_or_insert(FailedRollout {
                        endpoint,
                        error,
                        message,
                    });
                }
                Fault::StoreOther(edit) => plan.update.store_other.push(edit),
                Fault::ChangeBefore(id, edit) => plan.change_before.push((id, edit)),
                Fault::ChangeAfter(id, edit) => plan.change_after.push((id, edit)),
            }
        }
        plan
    }
}
