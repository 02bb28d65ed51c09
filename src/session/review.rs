//! The body that was shown, which is the only thing that can be sent.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::workspace::Workspace;
use crate::endpoint::{EndpointConfig, body};

/// The exact bytes of an update and the configuration that they say. Only made of a [`Workspace`] without errors.
#[derive(Clone, PartialEq, Eq)]
pub struct ReviewedBody {
    text: Arc<Zeroizing<String>>,
    config: Arc<EndpointConfig>,
}

impl ReviewedBody {
    /// The body of the workspace as it stands, or `None` while an error stands in it.
    pub fn of(workspace: &Workspace) -> Option<Self> {
        if workspace.error_count() > 0 {
            return None;
        }
        Some(Self {
            text: Arc::new(Zeroizing::new(body::text(workspace.now()))),
            config: workspace.kept().1,
        })
    }

    /// The bytes that go out: the text of the review, environment values and all.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The body as shown unmasked.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the bytes say.
    pub fn config(&self) -> &EndpointConfig {
        &self.config
    }

    /// The same, to be kept.
    pub fn shared_config(&self) -> Arc<EndpointConfig> {
        Arc::clone(&self.config)
    }
}

/// The bytes that go out, for whoever takes them over: they are not copied, and zeroed at the end.
impl AsRef<[u8]> for ReviewedBody {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

/// The body holds environment values: only its size is told.
impl fmt::Debug for ReviewedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReviewedBody")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}
