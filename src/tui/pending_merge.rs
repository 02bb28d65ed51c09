//! What was changed elsewhere meanwhile, until it is merged.

use super::draft_state::Sent;
use crate::endpoint::LoadedEndpoint;

/// What the server turned out to have.
#[derive(Clone, Debug)]
pub struct PendingMerge {
    /// The endpoint as the server has it.
    pub theirs: Box<LoadedEndpoint>,
    /// When it was read, local time of day.
    pub read_at: String,
    /// What this session sent before, where that is stored: only what differs from it is somebody else's.
    pub sent: Option<Sent>,
    /// It was met after something was sent, stored or not.
    pub after_send: bool,
}
