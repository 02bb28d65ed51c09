//! A single value that comes in from elsewhere: pasted, from a file, from standard input, from `$EDITOR`.
//!
//! What such ways add of their own is taken off again, and that is told: a byte order mark, carriage returns at the
//! ends of all lines, and the line break at the end of a value of one line. One of several lines keeps its last line
//! break: an OpenSSH key without it is none.
//!
//! Where such a text can't be read is told as a [`ParseError`].
//!
//! ```
//! use novita_edit::endpoint::incoming::{Adjustment, value};
//!
//! let token = value("hf_abc\r\n");
//! assert_eq!(token.text.reveal(), "hf_abc");
//! assert_eq!(token.said, [Adjustment::LastLineBreak]);
//! assert_eq!(value("one\ntwo\n").text.reveal(), "one\ntwo\n");
//! ```

use std::fmt;

use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::text::one_line;

/// A value as it is taken, and what was done to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    /// The value.
    pub text: Secret,
    /// What isn't in it as it came, in this order.
    pub said: Vec<Adjustment>,
}

/// What was done to a value that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// The byte order mark before it is left out.
    Mark,
    /// All lines ended in CRLF and end in LF now.
    LineEnds,
    /// It is one line, whose line break at the end is left out.
    LastLineBreak,
    /// It ends in as many line breaks as the text did that was edited.
    KeptLineBreaks(usize),
}

impl Adjustment {
    /// A sentence about what came in, which has this name there: `the paste`, `standard input`.
    pub fn sentence(self, what: &str) -> String {
        match self {
            Self::Mark => format!("The byte order mark at the start of {what} is left out."),
            Self::LineEnds => format!("The lines of {what} ended in CRLF; they end in LF now."),
            Self::LastLineBreak => format!("The line break at the end of {what} is left out."),
            Self::KeptLineBreaks(0) => format!("No line break is at the end of {what}, as before."),
            Self::KeptLineBreaks(1) => format!("One line break is at the end of {what}, as before."),
            Self::KeptLineBreaks(count) => format!("{count} line breaks are at the end of {what}, as before."),
        }
    }
}

impl Taken {
    fn new(mut text: Zeroizing<String>, said: Vec<Adjustment>) -> Self {
        let text = Secret::new(std::mem::take(&mut *text));
        Self { text, said }
    }
}

/// What a paste or a file comes to as a value.
pub fn value(text: &str) -> Taken {
    let (mut text, mut said) = in_unix_form(text);
    let breaks = text.matches('\n').count();
    if breaks == 1 && text.ends_with('\n') {
        text.pop();
        // How its line ended is no news, now that it doesn't.
        said.retain(|note| *note != Adjustment::LineEnds);
        said.push(Adjustment::LastLineBreak);
    }
    Taken::new(text, said)
}

/// What comes back from `$EDITOR`, where `before` went in. Editors end the last line, or don't, whatever it was: it
/// ends in as many line breaks as before. What begins as nothing is taken as any other [`value`].
pub fn edited(text: &str, before: &str) -> Taken {
    if text == before {
        return Taken::new(Zeroizing::new(text.to_owned()), Vec::new());
    }
    if before.is_empty() {
        let taken = value(text);
        // That the editor ended the only line is no news.
        let said = taken
            .said
            .into_iter()
            .filter(|note| *note != Adjustment::LastLineBreak)
            .collect();
        return Taken { said, ..taken };
    }
    let (mut text, mut said) = if before.contains('\r') || before.starts_with(MARK) {
        (Zeroizing::new(text.to_owned()), Vec::new())
    } else {
        in_unix_form(text)
    };
    let (came, wanted) = (breaks_at_the_end(&text), breaks_at_the_end(before));
    let bare = text.len() - came;
    text.truncate(bare);
    if !text.is_empty() {
        text.extend(std::iter::repeat_n('\n', wanted));
        if came != wanted && came != wanted + 1 {
            said.push(Adjustment::KeptLineBreaks(wanted));
        }
    }
    Taken::new(text, said)
}

const MARK: char = '\u{feff}';

fn breaks_at_the_end(text: &str) -> usize {
    text.len() - text.trim_end_matches('\n').len()
}

/// Without a byte order mark, and with LF where all line ends are CRLF.
fn in_unix_form(text: &str) -> (Zeroizing<String>, Vec<Adjustment>) {
    let mut said = Vec::new();
    let bare = text.strip_prefix(MARK).unwrap_or(text);
    if bare.len() < text.len() {
        said.push(Adjustment::Mark);
    }
    let windows = bare.matches("\r\n").count();
    if windows > 0 && bare.matches('\n').count() == windows {
        said.push(Adjustment::LineEnds);
        (Zeroizing::new(bare.replace("\r\n", "\n")), said)
    } else {
        (Zeroizing::new(bare.to_owned()), said)
    }
}

/// The place and the reason. Never shows an environment value: a reason names characters, not what stands around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// Why, as the end of a sentence.
    pub why: String,
}

impl ParseError {
    /// A reason and the place of a byte of a text.
    pub fn at(text: &str, byte: usize, why: impl Into<String>) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            why: why.into(),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, one_line(&self.why))
    }
}

#[cfg(test)]
mod tests {
    use super::Adjustment::{KeptLineBreaks, LastLineBreak, LineEnds, Mark};
    use super::*;

    #[track_caller]
    fn is(taken: &Taken, text: &str, said: &[Adjustment]) {
        assert_eq!((taken.text.reveal(), taken.said.as_slice()), (text, said));
    }

    #[test]
    fn a_value_of_one_line_loses_its_line_break_and_one_of_several_keeps_it() {
        is(&value("a"), "a", &[]);
        is(&value("a\n"), "a", &[LastLineBreak]);
        is(&value("a\r\n"), "a", &[LastLineBreak]);
        is(&value("a\n\n"), "a\n\n", &[]);
        is(&value("\na\n"), "\na\n", &[]);
        is(&value("a\nb\n"), "a\nb\n", &[]);
        is(&value("a\nb"), "a\nb", &[]);
        is(&value("\n"), "", &[LastLineBreak]);
        is(&value(""), "", &[]);
    }

    #[test]
    fn carriage_returns_go_only_where_every_line_ends_so() {
        is(&value("a\r\nb\r\n"), "a\nb\n", &[LineEnds]);
        is(&value("a\r\nb\n"), "a\r\nb\n", &[]);
        is(&value("a\rb\r\n"), "a\rb", &[LastLineBreak]);
        is(&value("a\r"), "a\r", &[]);
        is(&value("\u{feff}a\r\nb"), "a\nb", &[Mark, LineEnds]);
        is(&value("a\u{feff}"), "a\u{feff}", &[]);
    }

    #[test]
    fn the_editor_gives_back_as_many_line_breaks_as_there_were() {
        is(&edited("b\n", "a"), "b", &[]);
        is(&edited("b", "a"), "b", &[]);
        is(&edited("b\n", "a\n"), "b\n", &[]);
        is(&edited("b", "a\n"), "b\n", &[KeptLineBreaks(1)]);
        is(&edited("b\n\n", "a\n\n"), "b\n\n", &[]);
        is(&edited("b\n", "a\n\n"), "b\n\n", &[KeptLineBreaks(2)]);
        is(&edited("b\n\n\n", "a"), "b", &[KeptLineBreaks(0)]);
        is(&edited("b\r\nc\r\n", "a\nb"), "b\nc", &[LineEnds]);
        is(&edited("\u{feff}b\n", "a"), "b", &[Mark]);
        is(&edited("b\r\nc\r\n", "b\r\n"), "b\r\nc\r\n", &[]);
        is(&edited("\u{feff}b\n", "\u{feff}a"), "\u{feff}b", &[]);
        // A key that is typed where nothing was.
        is(&edited("one\ntwo\n", ""), "one\ntwo\n", &[]);
        is(&edited("one\n", ""), "one", &[]);
        is(&edited("\n", "a\n"), "", &[]);
    }

    #[test]
    fn what_went_in_comes_back_whatever_the_editor_does_to_its_last_line() {
        for before in [
            "a",
            "a\n",
            "a\nb\n",
            "a\nb",
            "a\r\nb\r\n",
            "\u{feff}a",
            "a\rb",
            " a \n\n",
            "\n",
        ] {
            let bare = before.trim_end_matches('\n');
            let ended = format!("{bare}\n");
            for came in [before, &ended, bare].into_iter().filter(|came| !came.is_empty()) {
                assert_eq!(edited(came, before).text.reveal(), before, "{came:?}");
            }
        }
    }
}
