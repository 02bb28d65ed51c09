//! What a person may type for a number: the number itself, `min` and `max`, and times as `5m` or `1h30m`.

use super::config::EndpointConfig;
use super::field::FieldId;
use super::limits::Limits;
use super::schema::Kind;

/// The text that a typed one stands for in a number field: the end of the range for `min` and `max`, seconds for a time
/// with units in a field of seconds; a port without blanks around it. Everything else stays as it was typed, so that it
/// can be marked.
pub fn number_text(field: FieldId, typed: &str, config: &EndpointConfig, limits: &Limits) -> String {
    if field == FieldId::HttpPort {
        return typed.trim().to_owned();
    }
    if field.spec().kind != Kind::Integer {
        return typed.to_owned();
    }
    let word = typed.trim().to_lowercase();
    let range = field.range(config, limits).and_then(|range| range.as_ref().ok());
    match (word.as_str(), range) {
        ("min", Some((min, _))) => return min.to_string(),
        ("max", Some((_, max))) => return max.to_string(),
        _ => {}
    }
    if field.unit(config) == "s"
        && let Some(seconds) = seconds(&word)
    {
        return seconds.to_string();
    }
    typed.to_owned()
}

/// `5m`, `1h30m`, `90s`, `2h 5s`: hours, minutes, seconds in that order, each at most once.
pub fn seconds(word: &str) -> Option<i64> {
    let mut rest = word;
    let mut total: i64 = 0;
    let mut any = false;
    for (unit, worth) in [('h', 3600), ('m', 60), ('s', 1)] {
        let Some(at) = rest.find(unit) else { continue };
        let number: i64 = rest[..at].trim().parse().ok().filter(|n| *n >= 0)?;
        total = total.checked_add(number.checked_mul(worth)?)?;
        rest = &rest[at + 1..];
        any = true;
    }
    (any && rest.trim().is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds() {
        for (typed, wanted) in [
            ("5m", Some(300)),
            ("90s", Some(90)),
            ("1h", Some(3600)),
            ("1h30m", Some(5400)),
            ("2h 5s", Some(7205)),
            ("0m", Some(0)),
            ("m", None),
            ("5", None),
            ("5m5", None),
            ("5m3h", None),
            ("-5m", None),
            ("5x", None),
            ("9223372036854775807h", None),
            ("", None),
        ] {
            assert_eq!(seconds(typed), wanted, "{typed}");
        }
    }

    #[test]
    fn words_stand_for_the_ends_of_a_known_range_only_and_units_only_for_seconds() {
        let config = EndpointConfig::default();
        let limits = Limits::unknown();
        let text = |field, typed| number_text(field, typed, &config, &limits);
        assert_eq!(text(FieldId::IdleTimeout, " 5M "), "300");
        assert_eq!(text(FieldId::MaxWorkers, "5m"), "5m", "workers are not seconds");
        assert_eq!(text(FieldId::MaxWorkers, "max"), "max", "without a range nobody knows");
        assert_eq!(text(FieldId::Name, "max"), "max");
        assert_eq!(text(FieldId::HttpPort, " 8000\n"), "8000");
        assert_eq!(text(FieldId::MaxWorkers, "x7"), "x7");
    }
}
