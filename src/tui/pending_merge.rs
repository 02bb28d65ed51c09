//! What was changed elsewhere meanwhile, until it is merged.

use crate::endpoint::LoadedEndpoint;

/// What the server turned out to have.
#[derive(Clone, Debug)]
pub struct PendingMerge {
    /// The endpoint as the server has it.
    pub theirs: Box<LoadedEndpoint>,
    /// When it was read, local time of day.
    pub read_at: String,
    /// It was met after something was sent, stored or not.
    pub after_send: bool,
    /// It is just what was there before this machine's own save of this time (RFC 3339).
    pub as_before: Option<String>,
}
