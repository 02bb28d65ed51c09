//! A value out of a file or standard input: how much is read of it, what is none, and what is told of one that is
//! taken.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::output;
use crate::endpoint::incoming::{self, Taken};
use crate::fs::open_stream;
use crate::secret::{Secret, read_to_end};

/// Most bytes of a value.
pub const MOST_BYTES: u64 = 1 << 20;

/// What keeps what was read from being a value. Shown it is the end of a sentence: `is over 1 MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoValue {
    TooLarge,
    NotText,
    Empty,
    /// Nothing but a byte order mark.
    Mark,
    /// Nothing but line breaks: what a command prints that failed. A secret must not be lost to it.
    LineBreaks,
}

impl NoValue {
    /// Whether it comes to an empty text, which somebody may mean.
    pub fn is_empty(self) -> bool {
        matches!(self, Self::Empty | Self::Mark | Self::LineBreaks)
    }
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "is over 1 MiB",
            Self::NotText => "is no text (UTF-8)",
            Self::Empty => "is empty",
            Self::Mark => "holds nothing but a byte order mark",
            Self::LineBreaks => "holds nothing but line breaks",
        })
    }
}

/// All that is there, as far as a value may go and a byte more. Waits for it.
///
/// # Errors
/// It can't be read.
pub fn bytes_of(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    read_to_end(from, 64 * 1024, MOST_BYTES + 1)
}

/// The same of a file.
///
/// # Errors
/// It can't be opened or read.
pub fn bytes_of_file(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    open_stream(path).and_then(bytes_of)
}

/// The value that was read. What was left out of it is told, of what has this name.
///
/// # Errors
/// Why it is none.
pub fn value(bytes: &[u8], name: &str) -> Result<Secret, NoValue> {
    let Taken { text, said } = taken(bytes)?;
    for note in said {
        output::note(&output::faint(&note.sentence(name)));
    }
    Ok(text)
}

fn taken(bytes: &[u8]) -> Result<Taken, NoValue> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(NoValue::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NoValue::NotText)?;
    let taken = incoming::value(text);
    if !taken.text.reveal().trim_matches(['\n', '\r']).is_empty() {
        return Ok(taken);
    }
    Err(match text {
        "" => NoValue::Empty,
        text if text.ends_with(['\n', '\r']) => NoValue::LineBreaks,
        _ => NoValue::Mark,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_text_is_no_value() {
        for (text, why) in [
            ("", NoValue::Empty),
            ("\u{feff}", NoValue::Mark),
            ("\n", NoValue::LineBreaks),
            ("\r\n\r\n", NoValue::LineBreaks),
            ("\u{feff}\n", NoValue::LineBreaks),
        ] {
            assert_eq!(taken(text.as_bytes()), Err(why), "{text:?}");
        }
        assert_eq!(taken(b"\xff"), Err(NoValue::NotText));
        let most = usize::try_from(MOST_BYTES).unwrap();
        assert_eq!(taken(&vec![b'x'; most + 1]), Err(NoValue::TooLarge));
        assert!(taken(&vec![b'x'; most]).is_ok());
        assert_eq!(taken(b" \n").unwrap().text.reveal(), " ");
    }
}
