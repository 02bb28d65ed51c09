//! Texts within others as base64 (with or without padding, also that of URLs) and as hexadecimal digits, at whatever
//! byte of a longer text that was encoded they begin.

use std::ops::Range;

use zeroize::Zeroizing;

use super::spellings::SpelledText;

/// A run of characters that may be an encoding, as places of the text; the bytes that it may stand for.
pub(super) struct EncodedRun {
    pub(super) places: Range<usize>,
    /// One for each place in the run where the first byte may begin.
    pub(super) decoded: Vec<Zeroizing<Vec<u8>>>,
}

/// The runs of at least so many bytes.
pub(super) fn runs(text: &SpelledText, least: usize) -> Vec<EncodedRun> {
    let mut found = runs_of(text, &BASE64, least);
    found.extend(runs_of(text, &HEX, least));
    found
}

struct Encoding {
    digit: fn(char) -> Option<u8>,
    /// Bits of a digit.
    bits: u32,
    /// Digits after which bytes begin at a digit again.
    group: usize,
    /// What may stand between digits.
    skips: fn(char) -> bool,
    /// What may stand behind the last one, twice at most.
    pads: fn(char) -> bool,
}

const BASE64: Encoding = Encoding {
    digit: sextet,
    bits: 6,
    group: 4,
    skips: |c| matches!(c, '\n' | '\r' | '␊'),
    pads: |c| c == '=',
};

const HEX: Encoding = Encoding {
    digit: |c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()),
    bits: 4,
    group: 2,
    skips: |c| matches!(c, ' ' | ':' | '-'),
    pads: |_| false,
};

fn sextet(c: char) -> Option<u8> {
    let code = u8::try_from(c).ok()?;
    Some(match code {
        b'A'..=b'Z' => code - b'A',
        b'a'..=b'z' => code - b'a' + 26,
        b'0'..=b'9' => code - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

fn runs_of(text: &SpelledText, encoding: &Encoding, least: usize) -> Vec<EncodedRun> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.count() {
        if !matches!(step(text, encoding, at), Some((Some(_), _))) {
            at += 1;
            continue;
        }
        let start = at;
        let mut digits = Zeroizing::new(Vec::new());
        let mut end = at;
        while let Some((digit, next)) = step(text, encoding, at) {
            digits.extend(digit);
            at = next;
            if digit.is_some() {
                end = at;
            }
        }
        if digits.len() * encoding.bits as usize >= least * 8 {
            for _ in 0..2 {
                let pad = text.readings(end).find(|(c, _)| (encoding.pads)(*c));
                end = pad.map_or(end, |(_, next)| next);
            }
            let begins = 0..encoding.group.min(digits.len());
            found.push(EncodedRun {
                places: start..end,
                decoded: begins.map(|from| decoded(&digits[from..], encoding.bits)).collect(),
            });
        }
    }
    found
}

/// A digit at a place, or what is skipped there, and where that ends.
fn step(text: &SpelledText, encoding: &Encoding, at: usize) -> Option<(Option<u8>, usize)> {
    let digit = text
        .readings(at)
        .find_map(|(c, end)| Some((Some((encoding.digit)(c)?), end)));
    let skipped = || {
        text.readings(at)
            .find(|(c, _)| (encoding.skips)(*c))
            .map(|(_, end)| (None, end))
    };
    digit.or_else(skipped)
}

/// Digits as bytes; bits that are left over make none.
fn decoded(digits: &[u8], bits: u32) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() * bits as usize / 8 + 1));
    let (mut value, mut have) = (0_u32, 0);
    for digit in digits {
        value = (value << bits | u32::from(*digit)) & 0xffff;
        have += bits;
        if have >= 8 {
            have -= 8;
            bytes.push((value >> have & 0xff) as u8);
        }
    }
    bytes
}
