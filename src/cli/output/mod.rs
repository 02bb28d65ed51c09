//! What a command prints: its result to stdout in the form that was asked for, everything for people to stderr.
//!
//! Every text goes through here, so that nothing from a server or a file can drive the terminal: tables and sentences
//! show what can't be seen as `⟨U+202E⟩`, JSON and YAML write it as an escape. A reader that closed the pipe is no
//! error: the command goes on to its end, and the exit code is its own.

mod sheet;
mod table;

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::AutoStream;
use anstyle::{AnsiColor, Color, Style};
use clap::ValueEnum;
use serde::Serialize;

pub use sheet::{CutAt, Piece, TextSheet};
pub use table::{Align, Column, Table};

use super::failure::Failure;
use crate::text::width::{shown_lines, shown_text};
use crate::text::{json, yaml};

/// The form of a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people: as wide as the terminal
    #[default]
    Table,
    /// JSON, stable; docs/cli.md has its schema
    Json,
    /// The same as YAML
    Yaml,
    /// Ids only, a line each
    Name,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE=1 asks for them always
    #[default]
    Auto,
    Always,
    Never,
}

impl ColorWhen {
    /// Makes it hold for everything that is printed from now on.
    pub fn put_on(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// What something that is printed means. Never told by the colour alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// What is less important.
    Faint,
    Good,
    Warning,
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(Color::Ansi(colour)));
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => colour(AnsiColor::Green),
            Self::Warning => colour(AnsiColor::Yellow),
            Self::Bad => colour(AnsiColor::Red).bold(),
        }
    }

    /// The text in this tone, made safe for a terminal.
    pub fn paint(self, text: &str) -> String {
        let (style, text) = (self.style(), safe(text));
        match self {
            Self::Plain => text,
            _ => format!("{style}{text}{style:#}"),
        }
    }
}

/// A text from outside as one line that can't drive a terminal: what can't be seen is shown as a sign.
pub fn safe(text: &str) -> String {
    shown_text(text).into_owned()
}

/// A text of several lines, each made safe for a terminal.
pub fn lines(text: &str) -> String {
    shown_lines(text)
}

/// A warning's line for [`note`].
pub fn warning(sentence: &str) -> String {
    format!("{} {}", Tone::Warning.paint("warning:"), safe(sentence))
}

/// A less important line for [`note`].
pub fn faint(sentence: &str) -> String {
    Tone::Faint.paint(sentence)
}

/// Prints a result to stdout in the form that was asked for.
///
/// # Errors
/// [`Failure::Output`].
pub fn result<T: Serialize>(
    form: OutputFormat,
    value: &T,
    table: impl FnOnce() -> Table,
    names: impl FnOnce() -> Vec<String>,
) -> Result<(), Failure> {
    document(form, value, || table().render(stdout_width()), names)
}

/// The same for what is no table to people: `shown` gives its lines, colours and all.
///
/// # Errors
/// [`Failure::Output`].
pub fn document<T: Serialize>(
    form: OutputFormat,
    value: &T,
    shown: impl FnOnce() -> String,
    names: impl FnOnce() -> Vec<String>,
) -> Result<(), Failure> {
    match form {
        OutputFormat::Json => exact(&(json::pretty(value) + "\n")),
        OutputFormat::Yaml => exact(&yaml::pretty(value)),
        OutputFormat::Table => text(&shown()),
        OutputFormat::Name => text(&names().iter().map(|name| safe(name) + "\n").collect::<String>()),
    }
}

/// Prints a text to stdout as it is, colours and all where they belong.
///
/// # Errors
/// [`Failure::Output`].
pub fn text(text: &str) -> Result<(), Failure> {
    print_to(&mut AutoStream::auto(io::stdout().lock()), text)
}

/// Prints a text to stdout byte for byte, whatever reads it.
///
/// # Errors
/// [`Failure::Output`].
pub fn exact(text: &str) -> Result<(), Failure> {
    print_to(&mut io::stdout().lock(), text)
}

/// Whether whoever reads stdout has gone.
static READER_IS_GONE: AtomicBool = AtomicBool::new(false);

/// Whether whoever reads stdout has gone, as far as writing to it told.
pub fn reader_is_gone() -> bool {
    READER_IS_GONE.load(Ordering::Relaxed)
}

/// The one place that decides what becomes of a result that can't be written. Where its reader closed the pipe it is
/// lost, and the command ends as it would have with one: `diff … | head -1` under `pipefail` must not say that nothing
/// differs.
fn print_to(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            READER_IS_GONE.store(true, Ordering::Relaxed);
            Ok(())
        }
        written => written.map_err(Failure::Output),
    }
}

/// Tells how many environment values were printed as masks; nothing where there are none.
pub fn tell_masked(values: usize) {
    match values {
        0 => {}
        1 => note(&faint("1 environment value is masked; --reveal shows it.")),
        many => note(&faint(&format!(
            "{many} environment values are masked; --reveal shows them."
        ))),
    }
}

/// Tells a person something on stderr: a line, which may hold [`Tone`]s. Where nobody reads it, it is lost.
pub fn note(line: &str) {
    let line = match AutoStream::choice(&io::stderr()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(line).to_string(),
        _ => line.to_owned(),
    };
    // In one go: another program's line on the same terminal or file stays apart.
    let _ = io::stderr().lock().write_all((line + "\n").as_bytes());
}

/// A text with its colours, or without them where stdout is to have none.
pub fn painted(text: &str) -> String {
    match AutoStream::choice(&io::stdout()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

/// How many columns stdout has; `None` where it is no terminal: then nothing is cut.
pub fn stdout_width() -> Option<usize> {
    stdout_size().map(|(columns, _)| columns)
}

/// How many columns and rows stdout has; `None` where it is no terminal.
pub fn stdout_size() -> Option<(usize, usize)> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&stdout).ok()?;
    let or = |size: u16, usual: usize| if size == 0 { usual } else { size.into() };
    Some((or(size.ws_col, 80), or(size.ws_row, 24)))
}
