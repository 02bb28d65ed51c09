//! What the server's thread and its owner share; part of it is what was asked: the newest requests, without the key.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use super::account::DemoAccount;
use super::clock::Timing;
use super::faults::{Call, Faults};
use super::quirks::Quirks;
use super::refusal::{ApiRefusal, json_response};

/// The most requests that are remembered.
pub const MOST_RECORDED: usize = 1_000;

/// The most body bytes that are remembered in all.
const MOST_BODY_BYTES: usize = 64 * 1024 * 1024;

pub(super) struct ServerState {
    pub(super) base: BasePath,
    pub(super) keys: Mutex<Option<Vec<String>>>,
    pub(super) quirks: Quirks,
    pub(super) timing: Timing,
    pub(super) faults: Faults,
    pub(super) account: Mutex<DemoAccount>,
    pub(super) records: Mutex<Records>,
    /// Pages of lists that are being served.
    pub(super) pages_under_way: AtomicUsize,
    /// What a cache has kept of each endpoint, and since when by the server's clock.
    pub(super) kept_reads: Mutex<HashMap<String, (Value, Duration)>>,
}

impl ServerState {
    /// A lock that a panicking edit of a test has poisoned is as good as any: values are replaced whole.
    pub(super) fn account(&self) -> MutexGuard<'_, DemoAccount> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn answer(&self, answer: Result<Value, ApiRefusal>) -> Response {
        match answer {
            Ok(body) => json_response(StatusCode::OK, &body),
            Err(refusal) => refusal.response(self.quirks.errors),
        }
    }

    /// Whether the request may be made at all.
    ///
    /// # Errors
    /// 401 `UNAUTHORIZED` without a bearer key, 401 `INVALID_API_KEY` for an unknown one.
    pub(super) fn authorize(&self, headers: &HeaderMap) -> Result<(), ApiRefusal> {
        let unauthorized = |reason, message: &str| Err(ApiRefusal::new(StatusCode::UNAUTHORIZED, reason, message));
        let key = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            // HTTP has no spaces at a value's end, so that what follows the scheme's space is never empty.
            .map(|(_, key)| key.trim_start());
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match (key, &*keys) {
            (None, _) => unauthorized("UNAUTHORIZED", "missing bearer API key"),
            (Some(key), Some(keys)) if !keys.iter().any(|known| known == key) => {
                unauthorized("INVALID_API_KEY", "the API key is not valid")
            }
            _ => Ok(()),
        }
    }
}

/// The part of the base URL's path in front of `/endpoint`, compared segment by segment as it decodes.
#[derive(Debug)]
pub(super) struct BasePath {
    segments: Vec<Vec<u8>>,
}

impl BasePath {
    /// `path` may be given plainly or percent-encoded; slashes at its ends don't count.
    pub(super) fn new(path: &str) -> Self {
        let path = path.trim_matches('/');
        let segments = if path.is_empty() {
            Vec::new()
        } else {
            path.split('/').map(decoded).collect()
        };
        Self { segments }
    }

    /// The path as it belongs in a URL: empty, or with a slash in front and none at its end.
    pub(super) fn encoded(&self) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            for &byte in segment {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    path.push(char::from(byte));
                } else {
                    path.push_str(&format!("%{byte:02X}"));
                }
            }
        }
        path
    }

    /// What follows the base in a request's path, as it came; `None` if the path doesn't start with it.
    pub(super) fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let mut rest = path;
        for segment in &self.segments {
            let inner = rest.strip_prefix('/')?;
            let end = inner.find('/').unwrap_or(inner.len());
            if decoded(&inner[..end]) != *segment {
                return None;
            }
            rest = &inner[end..];
        }
        rest.starts_with('/').then_some(rest)
    }
}

/// Percent-decoding; a `%` that starts no escape stands for itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = match (byte, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// `GET`, `POST`.
    pub method: String,
    /// Path and query as they were on the wire, the base path included.
    pub target: String,
    /// In the order received, names in lower case; the value of `authorization` is masked, bytes that aren't UTF-8 are
    /// replaced.
    pub headers: Vec<(String, String)>,
    /// Whether the request had a bearer key that the server takes.
    pub key_ok: bool,
    /// Empty for a body over [`MOST_BODY`](super::MOST_BODY).
    pub body: Vec<u8>,
    /// `None` for what is no call of the API.
    pub call: Option<Call>,
}

impl Recorded {
    pub(super) fn new(
        method: &Method,
        target: String,
        headers: &HeaderMap,
        key_ok: bool,
        body: &[u8],
        call: Option<Call>,
    ) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                let shown = if name == header::AUTHORIZATION {
                    "•••".to_owned()
                } else {
                    String::from_utf8_lossy(value.as_bytes()).into_owned()
                };
                (name.as_str().to_owned(), shown)
            })
            .collect();
        Self {
            method: method.as_str().to_owned(),
            target,
            headers,
            key_ok,
            body: body.to_vec(),
            call,
        }
    }

    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Default)]
pub(super) struct Records {
    newest: VecDeque<Recorded>,
    body_bytes: usize,
}

impl Records {
    pub(super) fn push(&mut self, record: Recorded) {
        self.body_bytes += record.body.len();
        self.newest.push_back(record);
        while self.newest.len() > MOST_RECORDED || self.body_bytes > MOST_BODY_BYTES {
            let Some(oldest) = self.newest.pop_front() else {
                break;
            };
            self.body_bytes -= oldest.body.len();
        }
    }

    pub(super) fn all(&self) -> Vec<Recorded> {
        self.newest.iter().cloned().collect()
    }
}
