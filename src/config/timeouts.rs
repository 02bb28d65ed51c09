//! How long the network may take.

use std::time::Duration;

use super::section::Section;

/// Bounds of each time-out, in seconds.
const LEAST: f64 = 0.1;
const MOST: f64 = 3600.0;

/// How long to wait for what. In the config file they stand in `[timeouts]`, in seconds, whole or with a fraction, from
/// 0.1 to 3600.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, name look-up and TLS included. Cut to nine tenths of the others: it must run out first, so
    /// that a connection that never came about is told apart from an answer that didn't.
    pub connect: Duration,
    /// For the first byte of an answer, and from then on for each next one: the longest silence.
    pub request: Duration,
    /// For a whole operation: one request with its answer, or all pages of a list.
    pub total: Duration,
}

impl Default for Timeouts {
    /// 10 s, 30 s, 120 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(30),
            total: Duration::from_secs(120),
        }
    }
}

impl Timeouts {
    /// The defaults, with what `[timeouts]` of the config file says laid over them.
    pub(super) fn from_section(top: &Section<'_>) -> Self {
        let mut timeouts = Self::default();
        let Some(section) = top.section("timeouts", &["connect", "request", "total"]) else {
            return timeouts;
        };
        for (key, place) in [
            ("connect", &mut timeouts.connect),
            ("request", &mut timeouts.request),
            ("total", &mut timeouts.total),
        ] {
            if let Some(seconds) = section.seconds(key, LEAST, MOST) {
                *place = Duration::from_secs_f64(seconds);
            }
        }
        timeouts
    }
}
