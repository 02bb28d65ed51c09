//! Dates of HTTP headers in the three forms that a recipient has to read (RFC 9110, 5.6.7).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads a date: `Sun, 06 Nov 1994 08:49:37 GMT`, the old `Sunday, 06-Nov-94 08:49:37 GMT`, or C's
/// `Sun Nov  6 08:49:37 1994`. A year of two digits is the one that lies no more than 50 years after `now`.
pub(super) fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    let standard = DateTimeParser::new().parse_timestamp(text).ok();
    standard.or_else(|| old(text, now)).or_else(|| of_c(text))
}

/// RFC 850.
fn old(text: &str, now: Timestamp) -> Option<Timestamp> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_weekday, date, time, "GMT"] = words[..] else {
        return None;
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [day, month, year] = parts[..] else {
        return None;
    };
    let short: i16 = year.parse().ok().filter(|_| year.len() == 2)?;
    let this_year = now.to_zoned(TimeZone::UTC).year();
    let century = this_year - this_year % 100 + short;
    let year = if century > this_year + 50 {
        century - 100
    } else {
        century
    };
    utc(year, month, day, time)
}

/// What C's `asctime` writes, which has no time zone: it is UTC.
fn of_c(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_weekday, month, day, time, year] = words[..] else {
        return None;
    };
    utc(year.parse().ok()?, month, day, time)
}

fn utc(year: i16, month: &str, day: &str, time: &str) -> Option<Timestamp> {
    let month = MONTHS.iter().position(|known| known.eq_ignore_ascii_case(month))? + 1;
    let parts: Vec<i8> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = parts[..] else {
        return None;
    };
    // A leap second is the last one of its minute here.
    let second = second.min(59);
    let date = DateTime::new(
        year,
        i8::try_from(month).ok()?,
        day.parse().ok()?,
        hour,
        minute,
        second,
        0,
    );
    date.ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1994-11-06T08:49:37Z, the example of the RFC.
    const THEN: i64 = 784_111_777;

    fn at(text: &str, now: i64) -> Option<i64> {
        read(text, Timestamp::from_second(now).unwrap()).map(Timestamp::as_second)
    }

    #[test]
    fn each_form_is_read() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            " Sun Nov 6 08:49:37 1994 ",
        ] {
            assert_eq!(at(text, THEN), Some(THEN), "{text}");
        }
        assert_eq!(at("Sun Nov  6 08:49:60 1994", THEN), Some(THEN + 22));
    }

    #[test]
    fn a_year_of_two_digits_is_no_more_than_50_years_ahead() {
        let in_2026 = 1_796_000_000;
        let year = |text: &str| {
            let at = at(text, in_2026).unwrap();
            Timestamp::from_second(at).unwrap().to_zoned(TimeZone::UTC).year()
        };
        assert_eq!(year("Sunday, 06-Nov-94 08:49:37 GMT"), 1994);
        assert_eq!(year("Sunday, 06-Nov-76 08:49:37 GMT"), 2076);
        assert_eq!(year("Sunday, 06-Nov-77 08:49:37 GMT"), 1977);
        assert_eq!(year("Sunday, 06-Nov-27 08:49:37 GMT"), 2027);
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "soon",
            "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 CET",
            "Sunday, 36-Nov-94 08:49:37 GMT",
            "Sun Nuv  6 08:49:37 1994",
            "Sun Nov  6 28:49:37 1994",
            "Sun Nov  6 08:49 1994",
            "Sun Nov  6 08:49:37 99999",
        ] {
            assert_eq!(at(text, THEN), None, "{text}");
        }
    }
}
