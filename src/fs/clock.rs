//! Moments as our files have them: in their text, and in their names. And by them what nobody wants any more: files
//! that dead processes left, and what is past its days.

use std::path::Path;
use std::time::{Duration, SystemTime};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::atomic_file::{TemporaryWriter, writer};
use super::process;

/// The time in a file's name, in UTC.
const IN_NAME: &str = "%Y%m%dT%H%M%SZ";

/// How long what was put aside is kept, days.
pub const KEPT_DAYS: u32 = 7;

/// When a temporary file of another host counts as left behind: whether its writer lives can't be known here.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Now, as [`time_here`] tells it.
pub fn now() -> String {
    time_here(Timestamp::now())
}

/// A moment with the offset of the zone here, as RFC 3339 has it.
pub fn time_here(at: Timestamp) -> String {
    let here = at.to_zoned(TimeZone::system());
    here.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// Now, as it stands in names of files, in UTC.
pub fn time_in_name() -> String {
    Timestamp::now().strftime(IN_NAME).to_string()
}

/// The moment that such a part of a name tells.
pub fn time_of_name(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime(IN_NAME, text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Until when something is kept that was put aside then.
pub fn kept_until(since: Timestamp) -> Timestamp {
    let days = SignedDuration::from_hours(24 * i64::from(KEPT_DAYS));
    since.checked_add(days).unwrap_or(Timestamp::MAX)
}

/// Whether something is past its days: by the time in its name, and by the file system's too, so that no clock that was
/// set wrong for a while deletes anything. What comes from the future is kept.
pub fn is_over(since: Timestamp, path: &Path) -> bool {
    let age = Duration::from_secs(u64::from(KEPT_DAYS) * 24 * 60 * 60);
    Timestamp::now() > kept_until(since) && is_older(path, age)
}

/// Whether a file of that name is a temporary one of ours that nobody writes any more.
pub fn is_stale_temporary(name: &str, path: &Path) -> bool {
    match writer(name, &process::host()) {
        Some(TemporaryWriter::Here { pid, start }) => !process::is_alive(pid, start),
        Some(TemporaryWriter::Elsewhere) => is_older(path, OLD),
        None => false,
    }
}

/// Whether it was written so long ago.
fn is_older(path: &Path, age: Duration) -> bool {
    let written = std::fs::symlink_metadata(path).and_then(|facts| facts.modified());
    written.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|since| since > age))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_a_name_is_read_back() {
        assert!(time_of_name(&time_in_name()).is_some());
    }
}
