//! `KEY=value` lines → variables, and variables → such lines.
//!
//! Read as python-dotenv reads them; `tests/core/dotenv/` compares with it and with node's dotenv. What differs, and
//! why:
//! - Backticks are quotes, as node has it.
//! - Nothing is put in place of `$NAME`: no value depends on this program's own environment.
//! - The lines of a PEM text without quotes around it make no variables; both take its last line for one (`MIIE…=`).
//! - A key may be anything that has no blank, no quote and no `#` in it, since the endpoint may have such keys already.

use std::borrow::Cow;

use crate::endpoint::config::EnvVar;
use crate::endpoint::incoming::ParseError;
use crate::text::has_invisible;

/// What stands in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The variables, in order; keys may repeat.
    pub envs: Vec<EnvVar>,
    /// What can't be read, in order.
    pub parse_errors: Vec<ParseError>,
    /// How many of the values stood in quotes, which are no part of them.
    pub quoted: usize,
    /// The values that take several lines, in order.
    pub joined: Vec<Joined>,
}

impl Lines {
    /// What of the text is in none of the values, and which lines are one, a sentence each: quotes may have been meant
    /// otherwise.
    pub fn notes(&self) -> Vec<String> {
        let quoted = match self.quoted {
            0 => None,
            1 => Some("1 pair of quotes was taken off.".to_owned()),
            count => Some(format!("{count} pairs of quotes were taken off.")),
        };
        let joined = self.joined.iter();
        let joined = joined.map(|Joined { key, first, last }| format!("{key}: lines {first}–{last} became one value."));
        quoted.into_iter().chain(joined).collect()
    }
}

/// Several lines that are one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The key of it.
    pub key: String,
    /// The line that it begins in, from 1.
    pub first: usize,
    /// The line that it ends in.
    pub last: usize,
}

/// Reads `KEY=value` lines. A line that can't be read doesn't keep the others from being read, and a quote that is
/// never closed takes none of them away.
pub fn read(text: &str) -> Lines {
    let text = unix(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut lines = Lines::default();
    let (mut rest, mut line) = (&*text, 1);
    while !rest.is_empty() {
        let read = entry(rest, line);
        let used = match read {
            Read::Nothing => first_line(rest).len(),
            Read::Variable(variable) => {
                let used = variable.used;
                lines.quoted += usize::from(variable.quoted);
                let breaks = rest[..used].trim_end_matches('\n').matches('\n').count();
                if breaks > 0 {
                    lines.joined.push(Joined {
                        key: variable.env.key.clone(),
                        first: line,
                        last: line + breaks,
                    });
                }
                lines.envs.push(variable.env);
                used
            }
            Read::ParseError(parse_error, used) => {
                lines.parse_errors.push(parse_error);
                used
            }
        };
        line += rest[..used].matches('\n').count();
        rest = &rest[used..];
    }
    lines
}

/// The text with every line end as a line feed, in quotes too: whoever reads a file as text gets it so.
fn unix(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What one line, and those that belong to it, come to.
enum Read {
    /// A blank line or a comment.
    Nothing,
    Variable(Variable),
    /// The place and the reason, and how many bytes are left out for it.
    ParseError(ParseError, usize),
}

struct Variable {
    env: EnvVar,
    quoted: bool,
    /// How many bytes it takes, its line end included.
    used: usize,
}

/// A byte of a line, and why it can't be read from there on.
type Wrong = (usize, &'static str);

/// Reads what begins with the first line of a text that isn't empty.
fn entry(rest: &str, line: usize) -> Read {
    let first = first_line(rest).trim_end_matches('\n');
    let bare = first.trim_start();
    if bare.is_empty() || bare.starts_with('#') {
        return Read::Nothing;
    }
    let wrong = |(byte, why): Wrong, used| {
        let there = ParseError::at(first, byte, why);
        Read::ParseError(ParseError { line, ..there }, used)
    };
    if begins_pem(bare) {
        let at = first.len() - bare.len();
        let why = "these lines have no name; write NAME=\" before the first and \" behind the last";
        return wrong((at, why), pem(rest));
    }
    let (key, value_at) = match key(first) {
        Ok(found) => found,
        Err(why) => return wrong(why, first_line(rest).len()),
    };
    let blanks = first[value_at..].len() - first[value_at..].trim_start().len();
    let begin = value_at + blanks;
    let variable = |value: &str, quoted, used| {
        Read::Variable(Variable {
            env: EnvVar::new(key, value),
            quoted,
            used,
        })
    };
    match first[begin..].chars().next() {
        Some(quote @ ('"' | '\'' | '`')) => match quoted(rest, begin, quote) {
            Ok((value, end)) => variable(&value, true, end + first_line(&rest[end..]).len()),
            // Only node has this quote, and for node, too, it is one only where it is closed.
            Err(_) if quote == '`' => variable(plain(&first[begin..]), false, first_line(rest).len()),
            Err(why) if begins_pem(&first[begin + 1..]) => wrong(why, pem(rest)),
            Err(why) => wrong(why, first_line(rest).len()),
        },
        // With a blank before it even the first character can begin a comment.
        Some('#') if blanks > 0 => variable("", false, first_line(rest).len()),
        _ if begins_pem(&first[begin..]) && pem(rest) > first_line(rest).len() => {
            let why = "a value of several lines needs quotes around all of them";
            wrong((begin, why), pem(rest))
        }
        _ => variable(plain(&first[begin..]), false, first_line(rest).len()),
    }
}

/// The first line of a text, its line end included.
fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

/// The key of a line, and at which byte what is behind its sign begins.
fn key(line: &str) -> Result<(&str, usize), Wrong> {
    let start = line.len() - line.trim_start().len();
    let Some(equals) = line.find('=') else {
        return Err((start, "there is no = after a name"));
    };
    let named = line[start..equals].trim_end();
    let key = match named.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => named,
    };
    let key_at = start + named.len() - key.len();
    if key.is_empty() {
        return Err((key_at, "there is no name before the ="));
    }
    match key.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '#')) {
        Some(odd) => Err((key_at + odd, "this can't stand in a name")),
        None => Ok((key, equals + 1)),
    }
}

/// A value without quotes: up to a comment, which begins with a blank and a `#`, and without the blanks at its end.
fn plain(value: &str) -> &str {
    let comment = value
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|at| value[..*at].ends_with(char::is_whitespace));
    value[..comment.unwrap_or(value.len())].trim_end()
}

/// The value in the quotes that begin at a byte, and the byte behind them. Only a comment may follow in that line.
fn quoted(text: &str, open: usize, quote: char) -> Result<(String, usize), Wrong> {
    let never = (open, "this quote is never closed");
    let from = open + 1;
    let mut value = String::new();
    let mut chars = text[from..].char_indices();
    let end = loop {
        match chars.next().ok_or(never)? {
            (at, c) if c == quote => break from + at + 1,
            (_, '\\') => {
                let (_, escaped) = chars.next().ok_or(never)?;
                match meant(escaped, quote) {
                    Some(meant) => value.push(meant),
                    None => value.extend(['\\', escaped]),
                }
            }
            (_, c) => value.push(c),
        }
    };
    let behind = first_line(&text[end..]).trim_end();
    let odd = behind.trim_start();
    if odd.is_empty() || odd.starts_with('#') {
        Ok((value, end))
    } else if text[open..end].contains('\n') {
        // It is the opening one of another value: this one is not closed in time.
        Err(never)
    } else {
        Err((
            end + behind.len() - odd.len(),
            "only a comment may stand behind the closing quote",
        ))
    }
}

/// What a character behind a backslash means within such quotes; `None`: both stand for themselves.
fn meant(escaped: char, quote: char) -> Option<char> {
    match (escaped, quote) {
        ('\\' | '\'', '\'') => Some(escaped),
        ('\\' | '\'' | '"', '"') => Some(escaped),
        ('n', '"') => Some('\n'),
        ('r', '"') => Some('\r'),
        ('t', '"') => Some('\t'),
        ('a', '"') => Some('\u{7}'),
        ('b', '"') => Some('\u{8}'),
        ('f', '"') => Some('\u{c}'),
        ('v', '"') => Some('\u{b}'),
        _ => None,
    }
}

/// Whether a PEM text begins here that doesn't end in the same line.
fn begins_pem(line: &str) -> bool {
    line.starts_with(PEM_BEGIN) && !line.contains(PEM_END)
}

const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----END ";

/// How many bytes the PEM text takes that begins in the first line; where it doesn't end, that line alone.
fn pem(text: &str) -> usize {
    let mut used = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if at > 0 && line.contains(PEM_BEGIN) {
            break;
        }
        used += line.len();
        if line.contains(PEM_END) {
            return used;
        }
    }
    first_line(text).len()
}

/// An environment as a `.env` file that [`read`](read()) takes for just the same, and so does python-dotenv where it is
/// told to put nothing in place of `${NAME}`; node's dotenv and shells do as far as they can (`form`).
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
