//! Moments as our files have them: in their text, and in their names.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The time in a file's name, in UTC.
const IN_NAME: &str = "%Y%m%dT%H%M%SZ";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_a_name_is_read_back() {
        assert!(time_of_name(&time_in_name()).is_some());
    }
}
