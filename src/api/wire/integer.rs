//! A JSON number's text as a whole number, exactly.

/// More digits than any 64-bit number has; a longer number can't fit.
const MOST_DIGITS: usize = 19;

/// The whole number that a JSON number says: `5`, `5.0`, `-3`, `50e-1` and `5e2` are whole; `5.5`, `1e400` and words
/// are not. `None` also where it doesn't fit 64 bits.
///
/// Works on the digits and never through a float, which would round from 2⁵³ on: a rounded number would be written
/// back.
pub(super) fn integer(text: &str) -> Option<i64> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, self::exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let digits = || whole.bytes().chain(fraction.bytes());
    if whole.is_empty() || !digits().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let Some(first) = digits().position(|b| b != b'0') else {
        return Some(0);
    };
    let significant = digits().skip(first).collect::<Vec<u8>>();
    // Where the decimal point stands, counted from the first significant digit.
    let point = i64::try_from(whole.len())
        .ok()?
        .checked_sub(i64::try_from(first).ok()?)?
        .checked_add(exponent)?;
    let point = usize::try_from(point).ok().filter(|p| *p <= MOST_DIGITS)?;
    if significant.iter().skip(point).any(|b| *b != b'0') {
        return None;
    }
    let mut value: i64 = 0;
    for at in 0..point {
        let digit = i64::from(significant.get(at).map_or(0, |b| b - b'0'));
        // Built downwards, since the negative side of 64 bits reaches one further.
        value = value.checked_mul(10)?.checked_sub(digit)?;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // An exponent that is beyond 64 bits itself is as good as the largest: only zero survives either.
    let size = digits.parse::<i64>().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Some(if text.starts_with('-') { -size } else { size })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::integer;

    #[test]
    fn whole_numbers_are_read_in_every_spelling_of_json() {
        for (text, value) in [
            ("5", 5),
            ("5.0", 5),
            ("5.000", 5),
            ("-3", -3),
            ("-0", 0),
            ("0.0", 0),
            ("5e2", 500),
            ("5E+2", 500),
            ("50e-1", 5),
            ("0.5e1", 5),
            ("0e999999999999999999999", 0),
            ("007", 7),
            ("9007199254740993", 9_007_199_254_740_993),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(integer(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_not_whole_or_does_not_fit_is_not_read() {
        for text in [
            "",
            "-",
            "5.5",
            "5.",
            ".5",
            "1e400",
            "1e-1",
            "1e",
            "1e+",
            "five",
            "5s",
            " 5",
            "5 ",
            "+5",
            "0x10",
            "1_000",
            "NaN",
            "Infinity",
            "9223372036854775808",
            "-9223372036854775809",
            "1e19",
            "1e99999999999999999999",
            "--5",
            "１２",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_64_bit_number_survives(value: i64) {
            prop_assert_eq!(integer(&value.to_string()), Some(value));
            prop_assert_eq!(integer(&format!("{value}.0")), Some(value));
            prop_assert_eq!(integer(&format!("{value}0e-1")), Some(value));
        }

        #[test]
        fn no_text_panics(text in "[-+0-9.eE]{0,30}") {
            let _ = integer(&text);
        }
    }
}
