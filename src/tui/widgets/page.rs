//! A page of lines: put together at a width, and drawn from one of them on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::paint::{self, wrap};
use crate::text::one_line;
use crate::text::width::shown_width;
use crate::tui::theme;

/// A line of a page.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// The style of all of it.
    pub style: Style,
}

/// Where what is said of a name begins at least.
pub const LEAST_COLUMN: usize = 19;

/// Lines being put together at a width.
pub struct Page {
    /// Columns of a line.
    pub width: usize,
    /// Where what is said of a name begins.
    pub column: usize,
    /// What was added so far.
    pub lines: Vec<Line>,
}

impl Page {
    /// No lines yet, for so many columns; at least 10 are taken for it.
    pub fn new(width: u16) -> Self {
        Self {
            width: usize::from(width).max(10),
            column: LEAST_COLUMN,
            lines: Vec::new(),
        }
    }

    /// One line, whatever its width.
    pub fn add(&mut self, text: impl Into<String>, style: Style) {
        self.lines.push(Line {
            text: text.into(),
            style,
        });
    }

    /// A text over as many lines as it takes, the later ones indented.
    pub fn wrapped(&mut self, text: &str, style: Style, indent: usize) {
        for (at, line) in wrap(text, self.width.saturating_sub(indent).max(8))
            .into_iter()
            .enumerate()
        {
            let lead = if at == 0 { 0 } else { indent };
            self.add(format!("{}{line}", " ".repeat(lead)), style);
        }
    }

    /// A name, and from a column on what is said of it, over as many lines as it takes. What has a word that only a
    /// whole line takes stands under the name.
    pub fn entry(&mut self, name: &str, column: usize, text: &str, style: Style) {
        let column = column.min(self.width * 3 / 5);
        let beside = self.width.saturating_sub(column).max(8);
        if text.split_whitespace().any(|word| shown_width(word) > beside) && self.width > beside + 2 {
            self.add(name, style);
            for line in wrap(text, self.width - 2) {
                self.add(format!("  {line}"), style);
            }
            return;
        }
        let wide = shown_width(name);
        let (mut lead, used) = if wide < column {
            (format!("{name}{}", " ".repeat(column - wide)), column)
        } else {
            (format!("{name} "), wide + 1)
        };
        let mut lines = wrap(text, beside).into_iter();
        if used + lines.as_slice().first().map_or(0, |first| shown_width(first)) > self.width {
            self.add(std::mem::take(&mut lead), style);
            lead = " ".repeat(column);
        }
        self.add(format!("{lead}{}", lines.next().unwrap_or_default()), style);
        for line in lines {
            self.add(format!("{}{line}", " ".repeat(column)), style);
        }
    }

    /// Names, each with what is said of it, in two columns as wide as they need; those of which nothing is said are
    /// left out.
    pub fn facts<'a>(&mut self, facts: impl IntoIterator<Item = (&'a str, String)>) {
        let facts: Vec<_> = facts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        let column = facts.iter().map(|(name, _)| shown_width(name)).max().unwrap_or(0) + 2;
        for (name, text) in &facts {
            // In one line: none of it may look like another fact.
            self.entry(name, column, &one_line(text), theme::plain());
        }
    }

    /// Text whose line breaks count; what is wider than the page goes on in the next line, marked.
    pub fn code(&mut self, text: &str) {
        for line in text.lines() {
            self.code_line(line, theme::plain());
        }
    }

    /// One line of it.
    pub fn code_line(&mut self, line: &str, style: Style) {
        let mut row = String::new();
        let mut used = 0;
        for piece in crate::text::width::visible(line) {
            let wide = usize::from(piece.width);
            if used + wide > self.width {
                self.lines.push(Line {
                    text: std::mem::take(&mut row),
                    style,
                });
                row.push_str("  ");
                used = 2;
            }
            row.push_str(&piece.text);
            used += wide;
        }
        self.lines.push(Line { text: row, style });
    }
}

/// The lines of a page from one on. How many are hidden on both sides is marked on the frame around the area.
#[derive(Clone, Copy, Debug)]
pub struct LinesFrom<'a> {
    lines: &'a [Line],
    first: usize,
}

impl<'a> LinesFrom<'a> {
    /// These lines, from the one of that place on.
    pub fn new(lines: &'a [Line], first: usize) -> Self {
        Self { lines, first }
    }
}

impl Widget for LinesFrom<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let Self { lines, first } = self;
        for (row, line) in area.rows().zip(lines.iter().skip(first)) {
            paint::row(buffer, row, &line.text, line.style);
        }
        let below = lines.len().saturating_sub(first + usize::from(area.height));
        paint::marks(buffer, area, first, below);
    }
}
