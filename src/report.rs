//! The report of a panic and of an error that no sentence was written for: color-eyre's, without colours, with nothing
//! in it that could drive a terminal, and without the texts that the standard library's own panics quote.

use std::fmt;
use std::io::Write;
use std::panic::PanicHookInfo;
use std::sync::OnceLock;

use color_eyre::config::{HookBuilder, PanicHook, Theme};
use color_eyre::section::PanicMessage;

use crate::text::width::shown_lines;

static HOOK: OnceLock<PanicHook> = OnceLock::new();

/// Makes panics and errors print so, until somebody else's panic hook takes its place. To be called once, first of all.
pub fn install() {
    let (panics, errors) = HookBuilder::default()
        .theme(Theme::new())
        .panic_message(Unquoted)
        .into_hooks();
    // Fails only if somebody installed one before: then errors look otherwise, and that is all.
    let _ = errors.install();
    let _ = HOOK.set(panics);
    std::panic::set_hook(Box::new(tell));
}

/// Prints the report of a panic on stderr, in one write.
pub fn tell(info: &PanicHookInfo<'_>) {
    let report = match HOOK.get() {
        Some(hook) => hook.panic_report(info).to_string(),
        None => format!("The program panicked: {}", unquoted(message(info))),
    };
    let _ = std::io::stderr()
        .lock()
        .write_all((shown_lines(&report) + "\n").as_bytes());
}

struct Unquoted;

impl PanicMessage for Unquoted {
    fn display(&self, info: &PanicHookInfo<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The program panicked: {}", unquoted(message(info)))?;
        match info.location() {
            Some(place) => write!(f, "At {}:{}", place.file(), place.line()),
            None => Ok(()),
        }
    }
}

fn message<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = info.payload();
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("it said nothing")
}

/// The standard library quotes the text that was cut at a wrong place, and the error that was not expected: either may
/// be a secret. What stands before the quote says what happened.
fn unquoted(message: &str) -> &str {
    let starts = [
        "an `Err` value: ",
        "an `Ok` value: ",
        " of `",
        "out of bounds of `",
        "inside `",
    ];
    let cut = starts
        .iter()
        .filter_map(|start| Some(message.find(start)? + start.len()))
        .min();
    cut.map_or(message, |cut| message[..cut].trim_end_matches([' ', '`', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_library_quotes_is_left_out() {
        let payload = |panics: fn()| {
            let caught = std::panic::catch_unwind(panics).unwrap_err();
            let text = caught.downcast_ref::<String>().cloned();
            text.or_else(|| caught.downcast_ref::<&str>().map(ToString::to_string))
                .unwrap()
        };
        let secret = || std::hint::black_box("sécret");
        let past_the_end = payload(|| assert!(std::hint::black_box("sécret")[99..].is_empty()));
        let inside = payload(|| assert!(std::hint::black_box("sécret")[2..].is_empty()));
        let unwrapped = payload(|| std::hint::black_box(Err::<(), &str>("sécret")).unwrap());
        let expected = payload(|| std::hint::black_box(Err::<(), &str>("sécret")).expect("ours"));
        for text in [past_the_end, inside, unwrapped] {
            assert!(!unquoted(&text).contains(secret()), "{text}");
            assert!(unquoted(&text).len() > 15, "{text}");
        }
        assert_eq!(unquoted("plain words: `x`"), "plain words: `x`");
        // Ours: `expect` is only called with a reason, on errors without values.
        assert!(expected.starts_with("ours"));
    }

    #[test]
    fn a_report_cannot_drive_the_terminal() {
        assert_eq!(shown_lines("a\x1b[2J\nb\u{202e}"), "a␛[2J\nb⟨U+202E⟩");
    }
}
