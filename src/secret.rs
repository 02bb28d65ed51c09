//! Text that must not be seen: the API key and the values of environment variables.
//!
//! `Debug` and `Display` give the mask; the text itself comes only from [`Secret::reveal`], so that every place
//! that can show it is found by searching for that name. Copies share one text, whose memory is zeroed when the last of
//! them is dropped.

use std::fmt;
use std::io::{self, Read, Write};
use std::ops::Deref;
use std::sync::Arc;

use zeroize::Zeroizing;

/// What stands for a secret wherever it is shown: a fixed width, so that the length isn't told.
pub const MASK: &str = "••••••";

/// A text that is shown as [`MASK`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(SecretContent);

#[derive(Clone, PartialEq, Eq)]
enum SecretContent {
    Text(Arc<Zeroizing<String>>),
    /// The text was not written into a file of ours; only this was.
    Redacted(Fingerprint),
}

/// Tells whether two texts are the same, to whoever has the key that it was made with; the text can't be had from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 16]);

impl Secret {
    /// Takes the text over; nothing of it is copied.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretContent::Text(Arc::new(Zeroizing::new(text.into()))))
    }

    /// One whose text was not kept. It is what its mask is: nothing that could be sent. Two of them are equal when
    /// their texts were.
    pub const fn redacted(fingerprint: Fingerprint) -> Self {
        Self(SecretContent::Redacted(fingerprint))
    }

    /// What stands in place of a text that was not kept.
    pub const fn fingerprint(&self) -> Option<Fingerprint> {
        match &self.0 {
            SecretContent::Text(_) => None,
            SecretContent::Redacted(fingerprint) => Some(*fingerprint),
        }
    }

    /// Whether the text was not kept.
    pub const fn is_redacted(&self) -> bool {
        matches!(self.0, SecretContent::Redacted(_))
    }

    /// The text itself, or the mask where it was not kept. Each caller is a place where the secret can get out.
    pub fn reveal(&self) -> &str {
        match &self.0 {
            SecretContent::Text(text) => text,
            SecretContent::Redacted(_) => MASK,
        }
    }

    /// The text to go on typing from: of one that was not kept there is none, for letters behind its mask would make
    /// nothing that anybody wants.
    pub fn editable(&self) -> &str {
        match &self.0 {
            SecretContent::Text(text) => text,
            SecretContent::Redacted(_) => "",
        }
    }

    /// True when there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.reveal().is_empty()
    }

    /// True when the text is the mask: a value that was copied off a screen and not the secret itself, or one that was
    /// not kept.
    pub fn is_mask(&self) -> bool {
        self.reveal() == MASK
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new(String::new())
    }
}

/// What there is to read, at most so many bytes: into memory that is zeroed, and so is what is outgrown on the way. Of
/// a file that tells its size nothing is.
///
/// # Errors
/// What reading ended with.
pub fn read_to_end(from: impl Read, size: u64, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size.min(most)).unwrap_or(0) + 64));
    let mut file = from.take(most);
    loop {
        make_room(&mut bytes, 1);
        let room = bytes.capacity() - bytes.len();
        // A terminal's end comes once: what stopped short of the room met it.
        if file.by_ref().take(room as u64).read_to_end(&mut bytes)? < room {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives pieces, then its end, and after that nobody may ask: a terminal would wait for another line.
    struct Once(Vec<&'static [u8]>, bool);

    impl Read for Once {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let Some(piece) = self.0.pop() else {
                assert!(!std::mem::replace(&mut self.1, true), "asked again after its end");
                return Ok(0);
            };
            let size = piece.len().min(to.len());
            to[..size].copy_from_slice(&piece[..size]);
            if size < piece.len() {
                self.0.push(&piece[size..]);
            }
            Ok(size)
        }
    }

    #[test]
    fn all_of_it_is_read_however_it_comes_and_its_end_is_met_once() {
        let long = &[b'x'; 1000][..];
        for (pieces, size) in [
            (vec![long, b"y"], 0),
            (vec![b"a", b"b"], 2),
            (vec![], 0),
            (vec![long], 5000),
        ] {
            let expected = pieces.iter().rev().copied().collect::<Vec<_>>().concat();
            assert_eq!(*read_to_end(Once(pieces, false), size, 1 << 20).unwrap(), expected);
        }
        assert_eq!(read_to_end(&[0; 300][..], 0, 100).unwrap().len(), 100);
    }

    #[test]
    fn one_that_was_not_kept_is_its_mask_and_equal_to_its_like() {
        let redacted = |byte| Secret::redacted(Fingerprint([byte; 16]));
        assert!(redacted(1) == redacted(1) && redacted(1) != redacted(2) && redacted(1) != Secret::new(MASK));
        assert!(redacted(1).is_mask() && redacted(1).reveal() == MASK && format!("{:?}", redacted(1)) == MASK);
        assert!(!Secret::new("x").is_redacted() && redacted(1).is_redacted());
    }
}
