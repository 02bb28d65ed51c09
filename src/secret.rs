//! Text that must not be seen: the API key and the values of environment variables.
//!
//! `Debug` and `Display` give the mask; the text itself comes only from [`Secret::reveal`], so that every place
//! that can show it is found by searching for that name. Copies share one text, whose memory is zeroed when the last of them is dropped.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// What stands for a secret wherever it is shown: a fixed width, so that the length isn't told.
pub const MASK: &str = "••••••";

/// A text that is shown as [`MASK`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes the text over; nothing of it is copied.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text itself. Each caller is a place where the secret can get out.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// True when there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when the text is the mask: a value that was copied off a screen and not the secret itself.
    pub fn is_mask(&self) -> bool {
        self.reveal() == MASK
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}
