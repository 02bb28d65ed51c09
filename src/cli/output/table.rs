//! A table as wide as the terminal: what doesn't fit is cut with a sign, then the least column goes; a row is a line.

use super::Tone;
use crate::text::width::{cut_end, cut_middle, shown_width};

/// Columns between two columns.
const GAP: &str = "  ";

/// How a column stands, and which part of a text that is too long is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Left, cut at its end.
    Left,
    /// Left, cut in its middle: ids, image addresses.
    Middle,
    /// Right: numbers, which are never cut.
    Right,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The heading.
    pub title: &'static str,
    pub align: Align,
    /// Which goes first where there is no room: the highest; columns of 0 stay whatever happens.
    pub least: u8,
    /// As far as it may be cut, columns, before a column goes.
    pub min: usize,
}

impl Column {
    /// A column that is never cut.
    pub const fn new(title: &'static str, align: Align, least: u8) -> Self {
        let min = usize::MAX;
        Self {
            title,
            align,
            least,
            min,
        }
    }

    /// The same, and it may be cut to this many columns.
    pub const fn cut_to(self, min: usize) -> Self {
        Self { min, ..self }
    }
}

/// Rows under headings.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<(String, Tone)>>,
    has_heads: bool,
}

impl Table {
    /// Without rows.
    pub fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self {
            columns: columns.into(),
            rows: Vec::new(),
            has_heads: true,
        }
    }

    /// The same without the line of headings, for programs that read lines.
    pub fn without_heads(self) -> Self {
        Self {
            has_heads: false,
            ..self
        }
    }

    /// One more row, a cell for each column. Texts from outside come as they are.
    pub fn row(&mut self, cells: impl IntoIterator<Item = (String, Tone)>) {
        let cells: Vec<_> = cells.into_iter().collect();
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(cells);
    }

    /// The lines, at most `width` columns wide where a width is given and the columns that stay allow it. Nothing for a
    /// table without rows.
    pub fn render(&self, width: Option<usize>) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let shown = self.fit(width);
        let mut text = String::new();
        let heads = self.columns.iter().map(|column| (column.title, Tone::Strong));
        if self.has_heads {
            line(&mut text, &self.columns, &shown, heads);
        }
        for row in &self.rows {
            let cells = row.iter().map(|(cell, tone)| (cell.as_str(), *tone));
            line(&mut text, &self.columns, &shown, cells);
        }
        text
    }

    /// For each column its width; `None` where it went.
    fn fit(&self, width: Option<usize>) -> Vec<Option<usize>> {
        let natural = |at: usize, column: &Column| {
            let cells = self.rows.iter().map(|row| shown_width(&row[at].0));
            let head = if self.has_heads { shown_width(column.title) } else { 0 };
            cells.chain([head]).max().unwrap_or(0)
        };
        let natural: Vec<usize> = self.columns.iter().enumerate().map(|(at, c)| natural(at, c)).collect();
        // A column without a word in it says nothing.
        let says = |at: &usize| self.rows.iter().any(|row| !row[*at].0.is_empty()) || self.columns[*at].least == 0;
        let mut there: Vec<usize> = (0..self.columns.len()).filter(says).collect();
        let mut widths: Vec<Option<usize>> = vec![None; self.columns.len()];
        loop {
            for at in &there {
                widths[*at] = Some(natural[*at]);
            }
            let gaps = GAP.len() * there.len().saturating_sub(1);
            let total = |widths: &[Option<usize>]| widths.iter().flatten().sum::<usize>() + gaps;
            let Some(width) = width else { return widths };
            while total(&widths) > width {
                // The widest of those that may still be cut.
                let least = |at: &usize| self.columns[*at].min.max(shown_width(self.columns[*at].title));
                let may = there.iter().copied().filter(|at| widths[*at] > Some(least(at)));
                let Some(at) = may.max_by_key(|at| widths[*at]) else {
                    break;
                };
                widths[at] = widths[at].map(|wide| wide - 1);
            }
            if total(&widths) <= width {
                return widths;
            }
            let goes = there.iter().copied().max_by_key(|at| self.columns[*at].least);
            match goes.filter(|at| self.columns[*at].least > 0) {
                Some(at) => {
                    there.retain(|other| *other != at);
                    widths[at] = None;
                }
                None => return widths,
            }
        }
    }
}

fn line<'a>(
    text: &mut String,
    columns: &[Column],
    widths: &[Option<usize>],
    cells: impl Iterator<Item = (&'a str, Tone)>,
) {
    let mut line = String::new();
    // Blanks are written only before the next cell: no line ends in them.
    let mut blanks = 0;
    for ((column, width), (cell, tone)) in columns.iter().zip(widths).zip(cells) {
        let Some(width) = *width else { continue };
        let cut = match column.align {
            Align::Middle => cut_middle(cell, width),
            Align::Left | Align::Right => cut_end(cell, width),
        };
        let room = width - shown_width(&cut).min(width);
        let (before, after) = match column.align {
            Align::Right => (room, 0),
            Align::Left | Align::Middle => (0, room),
        };
        if !cut.is_empty() {
            line.extend(std::iter::repeat_n(' ', blanks + before));
            line.push_str(&tone.paint(&cut));
            blanks = after + GAP.len();
        } else {
            blanks += width + GAP.len();
        }
    }
    text.push_str(&line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([
            Column::new("ID", Align::Left, 0),
            Column::new("NAME", Align::Left, 1).cut_to(6),
            Column::new("MAX", Align::Right, 2),
            Column::new("IMAGE", Align::Middle, 3).cut_to(8),
        ]);
        for (id, name, max, image) in [
            ("ep_1", "llama-3-8b", "5", "vllm/vllm-openai:v0.6.3"),
            ("ep_2", "b", "10", "x"),
        ] {
            table.row([id, name, max, image].map(|cell| (cell.to_owned(), Tone::Plain)));
        }
        table
    }

    fn plain(width: Option<usize>) -> Vec<String> {
        let text = anstream::adapter::strip_str(&table().render(width)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn columns_stand_under_each_other_and_no_line_ends_in_blanks() {
        assert_eq!(
            plain(None),
            [
                "ID    NAME        MAX  IMAGE",
                "ep_1  llama-3-8b    5  vllm/vllm-openai:v0.6.3",
                "ep_2  b            10  x",
            ]
        );
    }

    #[test]
    fn what_does_not_fit_is_cut_first_and_then_goes_by_its_weight() {
        assert_eq!(plain(Some(36))[1], "ep_1  llama-3-8b    5  vllm/v…v0.6.3");
        assert_eq!(plain(Some(29))[1], "ep_1  llama-3…    5  vllm…6.3");
        assert_eq!(plain(Some(19))[1], "ep_1  llama-3…    5");
        assert_eq!(plain(Some(12))[1], "ep_1  llama…");
        assert_eq!(plain(Some(3))[1], "ep_1", "what must stay stays");
        for width in 4..60 {
            assert!(
                plain(Some(width)).iter().all(|line| shown_width(line) <= width),
                "{width}"
            );
        }
    }

    #[test]
    fn a_column_without_a_word_is_left_out_and_a_table_without_rows_is_nothing() {
        let mut table = Table::new([Column::new("A", Align::Left, 0), Column::new("B", Align::Left, 1)]);
        assert_eq!(table.render(None), "");
        table.row([("x".to_owned(), Tone::Plain), (String::new(), Tone::Plain)]);
        assert!(!table.render(None).contains('B'));
    }

    #[test]
    fn an_escape_sequence_in_a_cell_is_shown_and_not_obeyed() {
        let mut table = Table::new([Column::new("A", Align::Left, 0)]);
        table.row([("a\u{1b}[2Jb\n\u{202e}".to_owned(), Tone::Plain)]);
        let text = table.render(None);
        assert!(text.contains("a␛[2Jb␊⟨U+202E⟩"), "{text}");
    }
}
