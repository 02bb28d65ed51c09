//! Which frames are on the terminal, and since when.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a frame has been on the terminal before a key can be an answer to it, and how long nobody has typed before
/// keys count again in a question that was typed into by mistake.
pub const PAUSE: Duration = Duration::from_millis(300);

/// Which frames were on the terminal when something was read. A key with a smaller number than a screen's first frame
/// was typed before anybody could see that screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Number of the newest frame that had been wholly written; 0 before the first.
    pub newest: u64,
    /// Number of the newest frame that had been wholly written for [`PAUSE`]; 0 before there was one.
    pub settled: u64,
}

/// What the writer tells the reader of the keyboard: frames that were wholly written.
#[derive(Debug, Default)]
pub struct FramesWritten(Mutex<WrittenFrames>);

#[derive(Debug, Default)]
struct WrittenFrames {
    /// The newest frame that has been there for [`PAUSE`].
    settled: u64,
    /// Later ones, with the time at which they were written.
    recent: VecDeque<(u64, Instant)>,
}

impl FramesWritten {
    /// The frame of this number and all before it were wholly written, or replaced by it.
    pub fn note(&self, number: u64, now: Instant) {
        let mut written = self.lock();
        written.settle(now);
        written.recent.push_back((number, now));
    }

    /// What somebody who presses a key now can have seen.
    pub fn seen(&self, now: Instant) -> Seen {
        let mut written = self.lock();
        written.settle(now);
        Seen {
            newest: written.recent.back().map_or(written.settled, |(number, _)| *number),
            settled: written.settled,
        }
    }

    fn lock(&self) -> MutexGuard<'_, WrittenFrames> {
        // Nothing panics while holding it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WrittenFrames {
    fn settle(&mut self, now: Instant) {
        while let Some((number, at)) = self.recent.front()
            && now.saturating_duration_since(*at) >= PAUSE
        {
            self.settled = *number;
            self.recent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_seen_at_once_and_settles_after_the_pause() {
        let written = FramesWritten::default();
        let start = Instant::now();
        let seen = |ms| {
            let Seen { newest, settled } = written.seen(start + Duration::from_millis(ms));
            (newest, settled)
        };
        assert_eq!(seen(0), (0, 0));
        written.note(1, start);
        written.note(3, start + Duration::from_millis(200));
        assert_eq!(seen(201), (3, 0));
        assert_eq!(seen(299), (3, 0));
        assert_eq!(seen(300), (3, 1));
        assert_eq!(seen(499), (3, 1));
        assert_eq!(seen(500), (3, 3));
    }
}
