//! Moments as people say them, of texts as files and servers write them.

use super::width::shown_text;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment in RFC 3339, as people say it: `23 Nov 13:58`. What isn't one is shown as it is, made visible.
pub fn when(time: &str) -> String {
    let month = time.get(5..7).and_then(|month| month.parse::<usize>().ok());
    match (month, time.get(8..10), time.get(11..16)) {
        (Some(month @ 1..=12), Some(day), Some(clock)) if is_numeric(day) && is_numeric(clock) => {
            format!("{} {} {clock}", day.trim_start_matches('0'), MONTHS[month - 1])
        }
        _ => shown_text(time).into_owned(),
    }
}

/// The day of such a moment: `7 Dec`.
pub fn day(time: &str) -> String {
    let when = when(time);
    when.rsplit_once(' ').map_or(when.clone(), |(day, _)| day.to_owned())
}

fn is_numeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}
