//! A whole number as a person types it: the raw text is kept beside what it says.

use std::fmt;

/// A whole-number field. Holds the text as loaded or typed; the number is read off it.
///
/// An empty text is a number that isn't known: a server that doesn't report it, or a field that was cleared.
#[derive(Clone, Debug, Default)]
pub struct Number {
    text: String,
}

/// Why a [`Number`]'s text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Nothing stands in the field.
    Blank,
    /// The text is no whole number.
    NotWhole,
    /// A whole number that doesn't fit 64 bits.
    TooLarge,
}

impl Number {
    /// A number as the server gave it.
    pub fn of(value: i64) -> Self {
        Self {
            text: value.to_string(),
        }
    }

    /// A number that nobody has told yet.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A number as it was typed, readable or not.
    pub fn typed(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The text as loaded or typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True when nothing stands in the field.
    pub fn is_unknown(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The number, or why the text isn't one.
    ///
    /// # Errors
    /// [`NumberError`] when the text is blank, no whole number, or too large for 64 bits.
    pub fn value(&self) -> Result<i64, NumberError> {
        let text = self.text.trim();
        if text.is_empty() {
            return Err(NumberError::Blank);
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::NotWhole);
        }
        text.parse().map_err(|_| NumberError::TooLarge)
    }
}

/// Two numbers are the same when they say the same (`08` and `8`), or when they can't be read and their texts are the
/// same.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self.value(), other.value()) {
            (Ok(a), Ok(b)) => a == b,
            (Err(_), Err(_)) => self.text.trim() == other.text.trim(),
            _ => false,
        }
    }
}

impl Eq for Number {}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::of(value)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typed_text_is_kept_beside_the_number() {
        assert_eq!(Number::typed(" 012 ").value(), Ok(12));
        assert_eq!(Number::typed(" 012 ").text(), " 012 ");
        assert_eq!(Number::typed("-3").value(), Ok(-3));
    }

    #[test]
    fn what_is_no_whole_number_says_why() {
        assert_eq!(Number::typed("  ").value(), Err(NumberError::Blank));
        for text in ["five", "1.5", "5s", "-", "+", "1e3", "0x10", "１２"] {
            assert_eq!(Number::typed(text).value(), Err(NumberError::NotWhole), "{text}");
        }
        assert_eq!(Number::typed("9223372036854775807").value(), Ok(i64::MAX));
        assert_eq!(Number::typed("9223372036854775808").value(), Err(NumberError::TooLarge));
    }

    #[test]
    fn numbers_are_equal_by_what_they_say() {
        assert_eq!(Number::typed("08"), Number::of(8));
        assert_ne!(Number::typed("eight"), Number::of(8));
        assert_ne!(Number::unknown(), Number::of(0));
        assert_eq!(Number::unknown(), Number::typed(" "));
    }
}
