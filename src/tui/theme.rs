//! Colours: the 16 ANSI ones, so that the user's own terminal theme decides. Nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::endpoint::Severity;

/// Plain text.
pub const PLAIN: Style = Style::new();
/// Labels and lines that may recede.
pub const DIM: Style = Style::new().fg(Color::DarkGray);
/// Titles, and what the eye should meet first.
pub const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);
/// Beside `✗`.
pub const ERROR: Style = Style::new().fg(Color::Red);
/// Beside `!`.
pub const WARNING: Style = Style::new().fg(Color::Yellow);
/// Beside `*`.
pub const CHANGED: Style = Style::new().fg(Color::Cyan);
/// What went well.
pub const GOOD: Style = Style::new().fg(Color::Green);
/// What stands in for a character that can't be seen.
pub const SUBSTITUTE: Style = Style::new().fg(Color::Magenta);
/// A chosen tab or row.
pub const CHOSEN: Style = Style::new().add_modifier(Modifier::REVERSED);

/// The mark of a problem, and its colour.
pub fn sign(severity: Severity) -> (&'static str, Style) {
    match severity {
        Severity::Error => ("✗", ERROR),
        Severity::Warning => ("!", WARNING),
    }
}
