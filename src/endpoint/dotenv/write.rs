//! Variables → `KEY=value` lines.

use super::read;
use super::read::PEM_BEGIN;
use crate::endpoint::config::EnvVar;
use crate::text::has_invisible;

/// An environment as a `.env` file that [`read`](read()) takes for just the same, and so does python-dotenv; node's
/// dotenv and shells do as far as they can (`form`).
///
/// # Errors
/// The first key that can't stand in such a file.
pub fn write(envs: &[EnvVar]) -> Result<String, String> {
    let mut text = String::new();
    for env in envs {
        let line = format!("{}={}\n", env.key, form(env.value.reveal()));
        let back = read(&line);
        if back.envs != std::slice::from_ref(env) || !back.parse_errors.is_empty() {
            return Err(env.key.clone());
        }
        text.push_str(&line);
    }
    Ok(text)
}

/// A value in the first of these forms that holds it: as it is; in single quotes, in which shells take nothing for more
/// than it is; in double quotes without an escape; as it is, though a shell would want quotes; in double quotes with
/// escapes, of which node knows only `\n` and `\r`.
fn form(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c);
    if value.chars().all(plain) || !fits_single(value) && !fits_double(value) && fits_bare(value) {
        value.to_owned()
    } else if fits_single(value) {
        format!("'{value}'")
    } else {
        let mut text = String::from('"');
        for c in value.chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                '\r' => text.push_str("\\r"),
                c => text.push(c),
            }
        }
        text + "\""
    }
}

fn fits_single(value: &str) -> bool {
    !value.contains(['\'', '\r']) && !value.contains("\\\\") && !value.ends_with('\\')
}

fn fits_double(value: &str) -> bool {
    !value.contains(['"', '\\', '\r'])
}

/// Whether a value can stand without quotes, blanks within it and all.
fn fits_bare(value: &str) -> bool {
    !value.starts_with(['"', '\'', '`'])
        && !value.starts_with(PEM_BEGIN)
        && value.trim() == value
        && !value.contains('#')
        && !has_invisible(value)
}
