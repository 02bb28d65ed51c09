//! What was changed elsewhere meanwhile, and what that is laid over.

use super::Sent;
use crate::endpoint::LoadedEndpoint;
use crate::store::Draft;

/// What the server turned out to have.
#[derive(Clone, Debug)]
pub struct Met {
    /// It.
    pub theirs: Box<LoadedEndpoint>,
    /// When it was read, local time of day.
    pub read_at: String,
    /// What this session sent before, where that is stored: only what differs from it is somebody else's.
    pub sent: Option<Sent>,
    /// It was met after something was sent, stored or not.
    pub after_send: bool,
}

/// The two sides of a conflict.
#[derive(Clone, Debug)]
pub enum Between {
    /// The form, and what the server turned out to have.
    FormAndServer(Met),
    /// A draft, and what the server has.
    DraftAndServer(Box<Draft>),
    /// Edits that were discarded, and what the form holds.
    DiscardedAndForm(Box<Draft>),
}
