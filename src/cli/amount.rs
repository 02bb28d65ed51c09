//! A number as a command takes it: `8`, `min`, `max`, `5m`; and `+1` or `-1`, from what is there.

use super::failure::Failure;
use crate::endpoint::{EndpointConfig, FieldId, Limits, Number, number_input};

/// The text for a number field. What is no number stays as it was typed, so that it is told as a problem of the field.
///
/// # Errors
/// [`Failure::Invalid`] for more or less of something that isn't known.
pub fn text(field: FieldId, typed: &str, config: &EndpointConfig, limits: &Limits) -> Result<String, Failure> {
    text_from(field, typed, config.text(field), config, limits)
}

/// The same for a field of a row, which holds `old` now.
///
/// # Errors
/// The same.
pub fn text_from(
    field: FieldId,
    typed: &str,
    old: &str,
    config: &EndpointConfig,
    limits: &Limits,
) -> Result<String, Failure> {
    let typed = typed.trim();
    let (sign, rest) = match typed.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Ok(number_input::number_text(field, typed, config, limits)),
    };
    let time = || match field.unit(config) {
        "s" => number_input::seconds(&rest.to_lowercase()),
        _ => None,
    };
    let digits = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    let Some(by) = digits.then(|| rest.parse::<i64>().ok()).flatten().or_else(time) else {
        return Ok(typed.to_owned());
    };
    match Number::typed(old).value() {
        Ok(old) => Ok(old.saturating_add(sign * by).to_string()),
        Err(_) => Err(Failure::Invalid(format!(
            "{} is not a number that {typed} could be reckoned from: it is {}. Nothing was sent. Give the number itself.",
            field.label(),
            if old.trim().is_empty() { "not known" } else { old },
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_means_from_what_is_there() {
        let mut config = EndpointConfig::default();
        config.workers.max_num = Number::of(5);
        config.workers.free_timeout = Number::of(300);
        let limits = Limits::unknown();
        let of = |field, typed| text(field, typed, &config, &limits).ok();
        for (typed, wanted) in [
            ("8", "8"),
            ("+1", "6"),
            ("-2", "3"),
            ("-9", "-4"),
            ("+", "+"),
            ("+x", "+x"),
            ("+5m", "+5m"),
        ] {
            assert_eq!(of(FieldId::MaxWorkers, typed).as_deref(), Some(wanted), "{typed}");
        }
        assert_eq!(of(FieldId::IdleTimeout, "+5m").as_deref(), Some("600"));
        assert_eq!(of(FieldId::IdleTimeout, "-90").as_deref(), Some("210"));
        assert_eq!(
            of(FieldId::MaxWorkers, "+9223372036854775807").as_deref(),
            Some("9223372036854775807")
        );
        assert_eq!(of(FieldId::RequestTimeout, "+1"), None, "nobody knows what it is");
    }
}
