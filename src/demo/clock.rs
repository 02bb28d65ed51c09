//! The simulated API's time: how long each state lasts, and what time it is.
//!
//! States are computed from the time since a change whenever they are read; nothing ticks. With a frozen clock time
//! moves only by [`DemoServer::advance`](super::DemoServer::advance), so a test sees every state exactly when it asks.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long an endpoint and its workers stay in each passing state after a change, and whether time runs by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// An accepted update shows in state and workers only after this long: until then an endpoint that was `serving`
    /// still says so, with the workers that it had.
    pub noticing: Duration,
    /// From then on an endpoint is `updating` this long.
    pub updating: Duration,
    /// A new worker is `pending` this long.
    pub pending: Duration,
    /// A worker that runs answers its health check only after this long.
    pub warming: Duration,
    /// A worker that is replaced goes this long after the new ones are healthy.
    pub draining: Duration,
    /// A deleted worker stays listed as `removed` this long; about 10 minutes on the real platform (api.md).
    pub removed: Duration,
    /// Time stands still but for [`DemoServer::advance`](super::DemoServer::advance).
    pub frozen: bool,
}

impl Pace {
    /// For a person who watches: quick enough to see every state, slow enough to read them.
    pub fn demo() -> Self {
        Self {
            noticing: Duration::ZERO,
            updating: Duration::from_secs(4),
            pending: Duration::from_secs(6),
            warming: Duration::from_secs(8),
            draining: Duration::from_secs(3),
            removed: Duration::from_secs(60),
            frozen: false,
        }
    }

    /// For tests that don't look at states: every change has arrived by the next read.
    pub fn fast() -> Self {
        Self {
            noticing: Duration::ZERO,
            updating: Duration::ZERO,
            pending: Duration::ZERO,
            warming: Duration::ZERO,
            draining: Duration::ZERO,
            removed: Duration::ZERO,
            frozen: false,
        }
    }

    /// For tests that do: about the real platform's times on a frozen clock.
    pub fn manual() -> Self {
        Self {
            noticing: Duration::ZERO,
            updating: Duration::from_secs(20),
            pending: Duration::from_secs(30),
            warming: Duration::from_secs(60),
            draining: Duration::ZERO,
            removed: Duration::from_secs(600),
            frozen: true,
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::demo()
    }
}

/// The Unix time at which a frozen clock starts, so that timestamps in tests never vary.
const FROZEN_EPOCH_SECONDS: u64 = 1_763_647_380;

/// Time since the server was started, plus whatever it was advanced by.
#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    epoch: Duration,
    frozen: bool,
    advanced: Mutex<Duration>,
}

impl Clock {
    pub(super) fn new(frozen: bool) -> Self {
        let epoch = if frozen {
            Duration::from_secs(FROZEN_EPOCH_SECONDS)
        } else {
            // A machine whose clock stands before 1970 gets small timestamps, which harm nobody.
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
        };
        Self {
            started: Instant::now(),
            epoch,
            frozen,
            advanced: Mutex::new(Duration::ZERO),
        }
    }

    /// Time since the start.
    pub(super) fn now(&self) -> Duration {
        let advanced = *self.advanced.lock().unwrap_or_else(PoisonError::into_inner);
        if self.frozen {
            advanced
        } else {
            self.started.elapsed() + advanced
        }
    }

    /// The Unix time in whole seconds at `at` since the start.
    pub(super) fn epoch_seconds(&self, at: Duration) -> u64 {
        (self.epoch + at).as_secs()
    }

    pub(super) fn advance(&self, by: Duration) {
        *self.advanced.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

/// What the motion of states is computed from.
#[derive(Debug)]
pub(super) struct Timing {
    pub(super) pace: Pace,
    pub(super) clock: Clock,
}

impl Timing {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            clock: Clock::new(pace.frozen),
        }
    }

    pub(super) fn now(&self) -> Duration {
        self.clock.now()
    }
}
