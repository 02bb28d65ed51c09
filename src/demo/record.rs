//! What was asked of the server: the newest requests, without the key.

use std::collections::VecDeque;

use axum::http::{HeaderMap, Method, header};

use super::faults::Call;

/// The most requests that are remembered.
pub const MOST_RECORDED: usize = 1_000;

/// The most body bytes that are remembered in all.
const MOST_BODY_BYTES: usize = 64 * 1024 * 1024;

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
