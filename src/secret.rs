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
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Content);

#[derive(Clone, PartialEq, Eq)]
enum Content {
    Text(Arc<Zeroizing<String>>),
    /// The text was not written into a file of ours; only this was.
    NotKept(Fingerprint),
}

/// Tells whether two texts are the same, to whoever has the key that it was made with; the text can't be had from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 16]);

impl Secret {
    /// Takes the text over; nothing of it is copied.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Content::Text(Arc::new(Zeroizing::new(text.into()))))
    }

    /// One whose text was not kept. It is what its mask is: nothing that could be sent. Two of them are equal when their texts were.
    pub const fn not_kept(fingerprint: Fingerprint) -> Self {
        Self(Content::NotKept(fingerprint))
    }

    /// What stands in place of a text that was not kept.
    pub const fn fingerprint(&self) -> Option<Fingerprint> {
        match &self.0 {
            Content::Text(_) => None,
            Content::NotKept(fingerprint) => Some(*fingerprint),
        }
    }

    /// The text itself, or the mask where it was not kept. Each caller is a place where the secret can get out.
    pub fn reveal(&self) -> &str {
        match &self.0 {
            Content::Text(text) => text,
            Content::NotKept(_) => MASK,
        }
    }

    /// True when there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.reveal().is_empty()
    }

    /// True when the text is the mask: a value that was copied off a screen and not the secret itself, or one that was not kept.
    pub fn is_mask(&self) -> bool {
        self.reveal() == MASK
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new(String::new())
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
