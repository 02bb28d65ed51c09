//! Which server is asked, with which key, and how long it is waited for.

use zeroize::Zeroizing;

use super::api_base::{ApiBase, ApiCall};
use super::error::FailedCall;
use crate::config::Timeouts;
use crate::secret::{MASK, Secret};

/// One server, as a client asks it.
#[derive(Clone)]
pub(super) struct Server {
    /// Where its calls are.
    pub(super) target: ApiBase,
    pub(super) key: Secret,
    /// Where the key was taken from, as a message names it.
    pub(super) key_source: String,
    /// How long to wait.
    pub(super) timeouts: Timeouts,
}

impl Server {
    /// A call of it, for messages.
    pub(super) fn at(&self, call: ApiCall) -> FailedCall {
        FailedCall {
            host: self.target.host(),
            call: call.name,
        }
    }

    /// The same bytes with the mask wherever the key is; `None` where it isn't.
    pub(super) fn without_key(&self, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let key = self.key.reveal().as_bytes();
        let mut rest = bytes;
        let mut masked = Zeroizing::new(Vec::new());
        while let Some(at) = rest.windows(key.len()).position(|part| part.eq_ignore_ascii_case(key)) {
            masked.extend_from_slice(&rest[..at]);
            masked.extend_from_slice(MASK.as_bytes());
            rest = &rest[at + key.len()..];
        }
        if rest.len() == bytes.len() {
            return None;
        }
        masked.extend_from_slice(rest);
        Some(masked)
    }
}
