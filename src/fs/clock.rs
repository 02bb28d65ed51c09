//! Moments as our files have them, in their text and in their names, and as people say them, in the zone here. And by
//! them what nobody wants any more: files that dead processes left, and what is past its days.

use std::path::Path;
use std::time::{Duration, SystemTime};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::atomic_file::{TemporaryWriter, writer};
use super::process;
use crate::text::width::shown_text;

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
    at.to_zoned(zone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// The zone that times are told in: what `TZ` says, else the system's; UTC where neither is known.
fn zone() -> TimeZone {
    system_zone().unwrap_or(TimeZone::UTC)
}

/// Whether there is such a zone as `TZ` or the system says.
pub fn zone_is_known() -> bool {
    system_zone().is_some()
}

fn system_zone() -> Option<TimeZone> {
    let named = std::env::var_os("TZ").unwrap_or_default();
    let named = named.to_string_lossy();
    let path = Path::new(named.strip_prefix(':').unwrap_or(&named));
    // A zone's file is read as a whole: one without an end, or that has to be waited for, is none.
    if path.is_absolute() && !std::fs::metadata(path).is_ok_and(|facts| facts.is_file()) {
        return None;
    }
    TimeZone::try_system().ok()
}

/// What the zone here is called: `Asia/Kolkata`; where it has no name, by its offset now: `+05:30`.
pub fn zone_name() -> String {
    let now = Timestamp::now().to_zoned(zone());
    let name = now.time_zone().iana_name();
    name.map_or_else(|| now.strftime("%:z").to_string(), str::to_owned)
}

/// A moment in RFC 3339, whatever its offset, as people say it here: `23 Nov 13:58`, with the year where it isn't this
/// one. What is no such moment is shown as it is, made visible.
pub fn when(time: &str) -> String {
    match here(time) {
        Some(at) => format!("{} {}", day_of(&at), at.strftime("%H:%M")),
        None => shown_text(time).into_owned(),
    }
}

/// The day of such a moment: `7 Dec`, `7 Dec 2025`.
pub fn day(time: &str) -> String {
    here(time).map_or_else(|| shown_text(time).into_owned(), |at| day_of(&at))
}

fn here(time: &str) -> Option<Zoned> {
    let at: Timestamp = time.parse().ok()?;
    Some(at.to_zoned(zone()))
}

fn day_of(at: &Zoned) -> String {
    let this_year = Timestamp::now().to_zoned(at.time_zone().clone()).year();
    let format = if at.year() == this_year { "%-d %b" } else { "%-d %b %Y" };
    at.strftime(format).to_string()
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
    fn a_moment_is_told_in_the_zone_here_with_the_year_where_it_is_another() {
        let now = Timestamp::now().to_zoned(zone());
        let at = |year: i16, offset: &str| {
            let local = now
                .with()
                .year(year)
                .month(11)
                .day(23)
                .hour(13)
                .minute(58)
                .build()
                .unwrap();
            match offset {
                "Z" => local.timestamp().to_string(),
                _ => time_here(local.timestamp()),
            }
        };
        for offset in ["Z", "here"] {
            assert_eq!(when(&at(now.year(), offset)), "23 Nov 13:58");
            assert_eq!(when(&at(2019, offset)), "23 Nov 2019 13:58");
            assert_eq!(day(&at(2019, offset)), "23 Nov 2019");
        }
        assert_eq!(when("yester\u{1b}day"), "yester␛day");
    }

    #[test]
    fn the_time_in_a_name_is_read_back() {
        assert!(time_of_name(&time_in_name()).is_some());
    }
}
