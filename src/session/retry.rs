//! Asking again: which failures, how often, and after what pause.
//!
//! Only what certainly did nothing is repeated: reads, and a send that never reached the server. The pause doubles, and
//! a `Retry-After` of the server counts where it is longer.

use std::time::Duration;

use crate::api::ApiError;

/// How often something is asked again by itself.
pub const MOST_RETRIES: u8 = 3;

/// How long is waited before something is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The pause before the first repetition; it doubles with each.
    pub first: Duration,
    /// The pause between the reads of a verification, while the server still shows old values.
    pub stale: Duration,
    /// A server that asks for more than this is not waited for: the person decides.
    pub longest: Duration,
}

impl Default for Patience {
    /// 500 ms, 1 s, 60 s.
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            stale: Duration::from_secs(1),
            longest: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// How long to wait before asking again, after `done` repetitions; `None`: it is not asked again.
    pub(super) fn pause(&self, error: &ApiError, done: u8) -> Option<Duration> {
        if done >= MOST_RETRIES || !error.may_pass() {
            return None;
        }
        let backoff = self.first * 2_u32.pow(u32::from(done));
        let asked = error.retry_after().unwrap_or_default();
        (asked <= self.longest).then_some(backoff.max(asked))
    }

    /// Does something that changes nothing on the server until it succeeds or isn't worth repeating; `on_again` is told
    /// before each pause.
    ///
    /// # Errors
    /// The last failure.
    pub async fn retry<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        mut ask: impl FnMut() -> F,
        mut on_again: impl FnMut(Repetition),
    ) -> Result<T, ApiError> {
        let mut done = 0;
        loop {
            let error = match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(pause) = self.pause(&error, done) else {
                return Err(error);
            };
            done += 1;
            on_again(Repetition {
                count: done,
                pause,
                why: Some(error),
            });
            tokio::time::sleep(pause).await;
        }
    }
}

/// A repetition that is about to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// Which one, from 1.
    pub count: u8,
    /// How long is waited before it.
    pub pause: Duration,
    /// What went wrong before; `None`: nothing, the server just didn't show it yet.
    pub why: Option<ApiError>,
}

impl Repetition {
    /// Why something is being asked again: `again, 1 of 3, after 0.5 s: …`.
    pub fn in_words(&self) -> String {
        let why = self.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let pause = self.pause.as_secs_f32();
        format!("again, {} of {MOST_RETRIES}, after {pause} s{why}", self.count)
    }
}

/// [`Patience::retry`] with the usual pauses.
///
/// # Errors
/// The last failure.
pub async fn with_retries<T, F: Future<Output = Result<T, ApiError>>>(
    ask: impl FnMut() -> F,
    on_again: impl FnMut(Repetition),
) -> Result<T, ApiError> {
    Patience::default().retry(ask, on_again).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{FailedCall, NoAnswer, NotSent, Refused, Unreadable};

    fn at() -> FailedCall {
        FailedCall {
            host: "api.test".into(),
            call: "GET /endpoint",
        }
    }

    fn refused(status: u16, retry_after: Option<u64>) -> ApiError {
        ApiError::Refused(Box::new(Refused {
            at: at(),
            status,
            reason: String::new(),
            message: String::new(),
            retry_after: retry_after.map(Duration::from_secs),
            key_source: String::new(),
            key_renewed: false,
        }))
    }

    fn pauses(error: &ApiError) -> Vec<u128> {
        (0..5)
            .filter_map(|done| Patience::default().pause(error, done))
            .map(|p| p.as_millis())
            .collect()
    }

    #[test]
    fn the_pause_doubles_and_ends_after_three() {
        let why = NotSent::Refused;
        assert_eq!(pauses(&ApiError::NotSent { at: at(), why }), [500, 1000, 2000]);
    }

    #[test]
    fn a_retry_after_counts_where_it_is_longer() {
        assert_eq!(pauses(&refused(429, Some(1))), [1000, 1000, 2000]);
        assert_eq!(pauses(&refused(503, Some(0))), [500, 1000, 2000]);
        assert_eq!(pauses(&refused(429, Some(3600))), [0; 0], "an hour is not waited for");
    }

    #[test]
    fn what_asking_again_cannot_change_is_not_asked_again() {
        for status in [400, 401, 403, 404, 409, 422, 501] {
            assert_eq!(pauses(&refused(status, None)), [0; 0], "{status}");
        }
        let why = NoAnswer::TooLarge(1 << 24);
        assert_eq!(pauses(&ApiError::NoAnswer { at: at(), why }), [0; 0]);
        let why = Unreadable::Empty;
        assert_eq!(pauses(&ApiError::Unreadable { at: at(), why }).len(), 3);
        assert_eq!(pauses(&ApiError::Setup("no key".into())), [0; 0]);
    }
}
