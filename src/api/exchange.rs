//! One request and its answer: sent, sorted by status, read within limits, logged. `Retry-After` is read here too: a
//! number of seconds, or a date.

use std::io::Write;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::{AGE, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
use tracing::debug;
use zeroize::Zeroizing;

use super::error::{Accepted, ApiError, NoAnswer, Refused};
use super::http_date;
use super::server::{ApiCall, Server};
use super::transport::{Timers, failure};
use super::wire;
use crate::config::Timeouts;
use crate::secret::SecretBytes;

/// The most bytes that an answer may have, unpacked.
pub const MOST_BYTES: usize = 16 << 20;
/// As much is read of a body that is only words: they stand at its beginning.
const MOST_SIDE_BYTES: usize = 64 << 10;
/// How long an accepted update's body is waited for. It decides nothing; it is read for what it says, and so that the
/// connection can be used again for the verification.
const DRAIN: Duration = Duration::from_secs(1);

/// What a wait counts as that is longer than can be told.
const HOUR: Duration = Duration::from_secs(3600);
/// Seconds.
const MOST_AGE: u64 = 1 << 31;

/// One request and its answer, on the way.
pub(super) struct Exchange<'a> {
    server: &'a Server,
    call: ApiCall,
    sent: usize,
    started: Instant,
    left: Duration,
}

impl<'a> Exchange<'a> {
    /// Starts the clock; `sent` is the body's size in bytes.
    pub(super) fn start(server: &'a Server, call: ApiCall, sent: usize, deadline: Instant) -> Self {
        let started = Instant::now();
        Self {
            server,
            call,
            sent,
            started,
            left: deadline.saturating_duration_since(started),
        }
    }

    /// Sends the request; gives the answer if its status is a good one.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, ApiError> {
        let response = request
            .timeout(self.left)
            .send()
            .await
            .map_err(|error| self.failed(&error))?;
        match response.status().as_u16() {
            300..400 => Err(self.redirected(&response)),
            400.. => Err(self.refused(response).await),
            _ => Ok(response),
        }
    }

    /// Reads an answer's body. It may hold environment values, so its memory is zeroed after use.
    pub(super) async fn body(&self, mut response: Response) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let status = response.status().as_u16();
        let announced = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(0);
        let mut body = SecretBytes::with_room(announced.min(MOST_BYTES));
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failed(&error))? {
            if body.len() + chunk.len() > MOST_BYTES {
                self.log(status, body.len());
                return Err(ApiError::NoAnswer {
                    at: self.server.at(self.call),
                    why: NoAnswer::TooLarge(MOST_BYTES),
                });
            }
            body.write_all(&chunk).expect("writing to memory can't fail");
        }
        self.log(status, body.len());
        Ok(body.into_inner())
    }

    /// Reads what an accepted update is answered with, as far as it comes in time: the acceptance stands in any case.
    pub(super) async fn accepted(&self, mut response: Response) -> Accepted {
        let mut body = Zeroizing::new(Vec::new());
        // Too late or broken off: then the verification takes another connection.
        let _ = tokio::time::timeout(DRAIN, side_body(&mut response, &mut body)).await;
        self.log(response.status().as_u16(), body.len());
        let (said, refuses) = wire::said_beside(&body, &self.server.hidden());
        Accepted { said, refuses }
    }

    fn redirected(&self, response: &Response) -> ApiError {
        let status = response.status().as_u16();
        self.log(status, 0);
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        ApiError::Redirect {
            at: self.server.at(self.call),
            status,
            to: location.map_or_else(String::new, |location| {
                let to = self.server.target.redirected_to(self.call, location);
                self.server.hidden().hide(&to)
            }),
        }
    }

    async fn refused(&self, mut response: Response) -> ApiError {
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers(), Timestamp::now());
        let mut body = Zeroizing::new(Vec::new());
        // A refusal that breaks off is a refusal all the same.
        side_body(&mut response, &mut body).await;
        self.log(status, body.len());
        let wire::RefusalText { reason, message } = wire::said(&body, status, &self.server.hidden());
        ApiError::Refused(Box::new(Refused {
            at: self.server.at(self.call),
            status,
            reason,
            message,
            retry_after,
            key_source: self.server.key_source.clone(),
            key_renewed: false,
        }))
    }

    fn failed(&self, error: &reqwest::Error) -> ApiError {
        let Timeouts {
            connect,
            request,
            total,
        } = self.server.timeouts;
        let answer = if self.started.elapsed() >= self.left {
            total
        } else {
            request
        };
        let error = failure(error, self.server.at(self.call), Timers { connect, answer });
        debug!(
            call = self.call.name,
            ms = self.millis(),
            sent = self.sent,
            "no answer: {error}"
        );
        error
    }

    fn log(&self, status: u16, received: usize) {
        debug!(
            call = self.call.name,
            status,
            ms = self.millis(),
            sent = self.sent,
            received,
            "answered"
        );
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Reads the beginning of a body that doesn't count.
async fn side_body(response: &mut Response, body: &mut Vec<u8>) {
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MOST_SIDE_BYTES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
}

/// How long the server asks to wait (RFC 9110, 10.2.3); `None` where it doesn't, or not legibly.
///
/// A number of seconds of more than 32 bits counts as an hour. A date is measured from the answer's own `Date` where there is one, so that a wrong clock here doesn't matter; `now`
/// stands in for it. A date that has passed is no wait.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(seconds) = whole_seconds(text) {
        let wait = u32::try_from(seconds).map_or(HOUR, |seconds| Duration::from_secs(seconds.into()));
        return Some(wait);
    }
    let until = http_date::read(text, now)?;
    let date = headers.get(DATE).and_then(|value| value.to_str().ok());
    let from = date.and_then(|text| http_date::read(text, now)).unwrap_or(now);
    Some(Duration::try_from(until.duration_since(from)).unwrap_or(Duration::ZERO))
}

/// How long a cache had kept the answer (RFC 9111, 5.1): `Age` in whole seconds; zero where there is none that can be
/// read. A number of more than 31 bits counts as 2³¹ s, as that document has it.
pub(super) fn age(headers: &HeaderMap) -> Duration {
    let text = headers.get(AGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    Duration::from_secs(whole_seconds(text.trim()).unwrap_or(0).min(MOST_AGE))
}

/// A number of seconds, of which one that doesn't fit is the most that does; `None`: anything else stands there.
fn whole_seconds(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
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
    fn an_age_is_a_number_of_seconds_and_anything_else_is_none() {
        let of = |text: &'static str| age(&HeaderMap::from_iter([(AGE, HeaderValue::from_static(text))]));
        assert_eq!(of("30"), Duration::from_secs(30));
        assert_eq!(of(" 0 "), Duration::ZERO);
        assert_eq!(of("99999999999999999999999"), Duration::from_secs(MOST_AGE));
        for rubbish in ["", "-5", "1.5", "30 s", "30, 40", "old"] {
            assert_eq!(of(rubbish), Duration::ZERO, "{rubbish}");
        }
        assert_eq!(age(&HeaderMap::new()), Duration::ZERO);
    }

    #[test]
    fn a_wait_of_more_seconds_than_can_be_told_is_an_hour() {
        for long in ["4294967296", "99999999999999999999999"] {
            assert_eq!(wait(long, None), Some(HOUR), "{long}");
        }
        assert_eq!(wait("4294967295", None), Some(Duration::from_secs(4_294_967_295)));
    }

    #[test]
    fn both_forms_are_read_and_each_form_of_a_date() {
        for date in ["Sunday, 06-Nov-94 08:50:07 GMT", "Sun Nov  6 08:50:07 1994"] {
            assert_eq!(wait(date, None), Some(Duration::from_secs(30)), "{date}");
            assert_eq!(
                wait("Sun, 06 Nov 1994 08:50:17 GMT", Some(date)),
                Some(Duration::from_secs(10)),
                "{date}"
            );
        }
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
        for rubbish in ["", "soon", "-5", "1.5", "Sun, 06 Nov"] {
            assert_eq!(wait(rubbish, None), None, "{rubbish}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
    }
}
