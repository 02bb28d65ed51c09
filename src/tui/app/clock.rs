//! What time it is, for people.

/// Local time of day, `14:03`.
pub(super) fn time_of_day() -> String {
    jiff::Zoned::now().strftime("%H:%M").to_string()
}
