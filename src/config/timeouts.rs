//! How long the network may take.

use std::time::Duration;

use super::section::Section;

/// Bounds of each time-out, in seconds.
const LEAST: f64 = 0.1;
const MOST: f64 = 3600.0;

// In the config file they stand in `[timeouts]`, in seconds, whole or with a fraction, from 0.1 to 3600.
pub use crate::api::Timeouts;

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
