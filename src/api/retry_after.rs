//! `Retry-After`: a number of seconds, or a date.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long the server asks to wait (RFC 9110, 10.2.3); `None` where it doesn't, or not legibly.
///
/// A date is measured from the answer's own `Date` where there is one, so that a wrong clock here doesn't matter; `now`
/// stands in for it. A date that has passed is no wait.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let until = date(text)?;
    let from = headers
        .get(DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(date)
        .unwrap_or(now);
    Some(Duration::try_from(until.duration_since(from)).unwrap_or(Duration::ZERO))
}

fn date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn wait(retry: &'static str, date: Option<&'static str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(retry));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        // 1994-11-06T08:49:37Z
        retry_after(&headers, Timestamp::from_second(784_111_777).unwrap())
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(wait("120", None), Some(Duration::from_secs(120)));
        assert_eq!(wait(" 0 ", None), Some(Duration::ZERO));
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:50:07 GMT", None),
            Some(Duration::from_secs(30))
        );
    }

    #[test]
    fn a_date_counts_from_the_servers_own_clock() {
        let server = Some("Sun, 06 Nov 1994 08:50:00 GMT");
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:50:07 GMT", server),
            Some(Duration::from_secs(7))
        );
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:50:07 GMT", Some("yesterday")),
            Some(Duration::from_secs(30))
        );
    }

    #[test]
    fn a_date_in_the_past_is_no_wait_and_rubbish_is_none() {
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT", None), Some(Duration::ZERO));
        for rubbish in ["", "soon", "-5", "1.5", "99999999999999999999999", "Sun, 06 Nov"] {
            assert_eq!(wait(rubbish, None), None, "{rubbish}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
    }
}
