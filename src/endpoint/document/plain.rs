//! What a plain scalar of YAML means: that differs between its versions and readers, so whatever any of them takes for
//! something else than a text is something else here.

use super::node::Value;
use crate::secret::Secret;

/// The meaning of a scalar without quotes and tags.
pub(super) fn value(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        _ if is_word(text) => Value::Other("true or false"),
        _ if is_number(text) => Value::Number(Secret::new(text)),
        _ if is_date(text) => Value::Other("a date"),
        _ => Value::Text(Secret::new(text)),
    }
}

/// YAML 1.2 knows `true` and `false`, 1.1 the others as well.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "y", "n"];
    text.len() <= 5 && WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Decimal, hexadecimal, octal, binary, with a fraction, an exponent, underscores, or as minutes and seconds (`1:30`).
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = digits.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return true;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix) || c == '_');
        }
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if exponent.is_empty() || !exponent.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let sixties = |part: &str| matches!(part.len(), 1 | 2) && part.parse::<u8>().is_ok_and(|n| n < 60);
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    digits(first)
        && digits(fraction)
        && (begins(first) || (first.is_empty() && whole.is_empty() && begins(fraction)))
        && parts.all(sixties)
}

/// `2024-01-31`, with a time behind it or without.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let digits =
        |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    let day = rest.split(['T', 't', ' ']).next().unwrap_or_default();
    year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_reader_of_yaml_takes_for_something_else_is_no_text() {
        for (noun, texts) in [
            ("null", "~ null NULL"),
            ("true or false", "true False yes NO on oFF y N"),
            (
                "a number",
                "0 5 -3 +7 007 0x1f 0X1F 0o17 0b101 1_000 1.10 1. .5 -.5 1e3 1.5E-3 .inf -.INF .nan 1:30 12:30:45 1:30.5 \
                 685.230_15e+03 99999999999999999999",
            ),
            ("a date", "2024-01-31 2024-1-1 2024-01-31T10:00:00Z"),
        ] {
            for text in texts.split_whitespace() {
                assert_eq!(value(text).noun(), noun, "{text}");
            }
        }
        assert_eq!(value("").noun(), "null");
        assert_eq!(value("2024-01-31 10:00:00").noun(), "a date");
    }

    #[test]
    fn what_every_reader_takes_for_a_text_is_one() {
        for text in [
            "llama-3-8b",
            "v0.6.3",
            "1.2.3",
            "10.0.0.1",
            "5m",
            "0x",
            "0xg",
            "e5",
            "1e",
            "nope",
            "truely",
            "-",
            "+",
            ".",
            "..",
            "a1",
            "1:75",
            "10:0:0:0x",
            "2024-01",
            "20240131-1",
            "_1",
            "12a",
            "/data",
            "é",
            "1-2-3",
            "0b12",
        ] {
            assert_eq!(value(text).noun(), "a text", "{text}");
        }
    }
}
