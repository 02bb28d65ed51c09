//! Text that must not be seen: the API key and the values of environment variables.
//!
//! `Debug` and `Display` give the mask; the text itself comes only from [`Secret::reveal`], so that every place
//! that can show it is found by searching for that name. Copies share one text, whose memory is zeroed when the last of them is dropped.

use std::fmt;
use std::io::{self, Read, Write};
use std::ops::Deref;
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

/// What there is to read, at most so many bytes: into memory that is zeroed, and so is what is outgrown on the way. Of a file
/// that tells its size nothing is.
///
/// # Errors
/// What reading ended with.
pub fn read_to_end(from: impl Read, size: u64, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size.min(most)).unwrap_or(0) + 64));
    let mut file = from.take(most);
    loop {
        make_room(&mut bytes, 1);
        let room = bytes.capacity() - bytes.len();
        if file.by_ref().take(room as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(bytes);
        }
    }
}

/// Room for so many bytes more; the memory that is outgrown for it is zeroed.
fn make_room(bytes: &mut Zeroizing<Vec<u8>>, more: usize) {
    if bytes.capacity() - bytes.len() < more {
        let mut larger = Zeroizing::new(Vec::with_capacity((bytes.len() + more) * 2));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
}

/// Memory to write into that is zeroed at the end, and where it is outgrown.
#[derive(Default)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// With room for so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(bytes)))
    }

    /// What was written.
    pub fn into_inner(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

impl Deref for SecretBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Write for SecretBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        make_room(&mut self.0, bytes.len());
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
