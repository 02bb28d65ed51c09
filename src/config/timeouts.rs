//! How long the network may take.

use std::time::Duration;

use super::file_error::FileError;
use super::section::Section;

/// Bounds of each time-out, in seconds.
const LEAST: f64 = 0.1;
const MOST: f64 = 3600.0;

/// Time-outs of the API client. In the config file they stand in `[timeouts]`, in seconds, whole or with a fraction,
/// from 0.1 to 3600.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// `connect`: until a connection stands, TLS included. Default 10 s.
    pub connect: Duration,
    /// `request`: the longest silence of the server while an answer is awaited or comes in. Default 30 s.
    pub request: Duration,
    /// `total`: one whole operation: a request with its answer, or all pages of the list. Default 120 s.
    pub total: Duration,
}

impl Default for Timeouts {
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
    pub(super) fn from_section(top: &Section<'_>) -> Result<Self, FileError> {
        let mut timeouts = Self::default();
        let Some(section) = top.section("timeouts", &["connect", "request", "total"])? else {
            return Ok(timeouts);
        };
        for (key, place) in [
            ("connect", &mut timeouts.connect),
            ("request", &mut timeouts.request),
            ("total", &mut timeouts.total),
        ] {
            if let Some(seconds) = section.seconds(key, LEAST, MOST)? {
                *place = Duration::from_secs_f64(seconds);
            }
        }
        Ok(timeouts)
    }
}
