//! Lines for people that are no table: headings, names with their values, sentences. As wide as the terminal.

use super::Tone;
use crate::text::one_line;
use crate::text::width::{cut_end, cut_middle, shown_width};
use crate::tui::widgets::paint::wrap;

/// Where a text that is too long is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutAt {
    /// At its end.
    End,
    /// In its middle: image addresses, of which the tag is to be seen.
    Middle,
}

/// A part of a line.
#[derive(Clone, Debug)]
pub struct Piece {
    text: String,
    tone: Tone,
    cut: CutAt,
    /// At least so many columns, blanks behind.
    wide: usize,
}

impl Piece {
    /// A text, cut at its end where there is no room.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
            cut: CutAt::End,
            wide: 0,
        }
    }

    /// The same, filled up with blanks to so many columns.
    pub fn wide(self, wide: usize) -> Self {
        Self { wide, ..self }
    }

    /// The same, cut elsewhere.
    pub fn cut(self, cut: CutAt) -> Self {
        Self { cut, ..self }
    }
}

/// A sentence over as many lines as it takes, or pieces on one line.
#[derive(Clone, Debug)]
enum SheetLine {
    Pieces(Vec<Piece>),
    Wrapped {
        indent: usize,
        sign: &'static str,
        text: String,
        tone: Tone,
    },
}

/// Lines, as they were added.
#[derive(Clone, Debug, Default)]
pub struct TextSheet {
    lines: Vec<SheetLine>,
}

impl TextSheet {
    /// One line; the texts come from outside as they are.
    pub fn line(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        self.lines.push(SheetLine::Pieces(pieces.into_iter().collect()));
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.line([]);
    }

    /// A sentence behind a sign, wrapped and never cut: what is wrong must be readable.
    pub fn sentence(&mut self, indent: usize, sign: &'static str, text: impl Into<String>, tone: Tone) {
        self.lines.push(SheetLine::Wrapped {
            indent,
            sign,
            text: one_line(&text.into()).into_owned(),
            tone,
        });
    }

    /// The lines, at most `width` columns wide where a width is given.
    pub fn render(&self, width: Option<usize>) -> String {
        let mut text = String::new();
        for line in &self.lines {
            match line {
                SheetLine::Pieces(pieces) => text.push_str(&pieces_line(pieces, width)),
                SheetLine::Wrapped {
                    indent,
                    sign,
                    text: sentence,
                    tone,
                } => {
                    let lead = indent + shown_width(sign) + 1;
                    let room = width.map_or(usize::MAX, |width| width.saturating_sub(lead).max(10));
                    for (at, part) in wrap(sentence, room).iter().enumerate() {
                        let before = if at == 0 {
                            format!("{}{} ", " ".repeat(*indent), tone.paint(sign))
                        } else {
                            " ".repeat(lead)
                        };
                        text.push_str(&format!("{before}{}\n", Tone::Plain.paint(part.trim_end())));
                    }
                    continue;
                }
            }
            text.push('\n');
        }
        text
    }
}

fn pieces_line(pieces: &[Piece], width: Option<usize>) -> String {
    let mut line = String::new();
    let mut used = 0;
    // Blanks are written only before the next piece: no line ends in them.
    let mut blanks = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let behind: usize = pieces[at + 1..].iter().map(|piece| shown_width(&piece.text)).sum();
        let left = width.map(|width| width.saturating_sub(used + blanks));
        let cut = match left {
            None => std::borrow::Cow::Borrowed(piece.text.as_str()),
            Some(left) if piece.cut == CutAt::Middle => {
                cut_middle(&piece.text, left.saturating_sub(behind).max(left.min(8)))
            }
            Some(left) => cut_end(&piece.text, left),
        };
        if cut.is_empty() {
            blanks += piece.wide;
            continue;
        }
        line.extend(std::iter::repeat_n(' ', blanks));
        line.push_str(&piece.tone.paint(&cut));
        let wide = shown_width(&cut);
        used += blanks + wide;
        blanks = piece.wide.saturating_sub(wide);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> TextSheet {
        let mut sheet = TextSheet::default();
        sheet.line([Piece::new("General", Tone::Strong)]);
        let name = Piece::new("  Image", Tone::Plain).wide(12);
        sheet.line([
            name,
            Piece::new("vllm/vllm-openai:v0.6.3", Tone::Plain).cut(CutAt::Middle),
        ]);
        sheet.line([
            Piece::new("  Max", Tone::Plain).wide(12),
            Piece::new("12", Tone::Plain).wide(6),
            Piece::new("0–10", Tone::Faint),
        ]);
        sheet.sentence(4, "✗", "12 is above 10, the most this account may have", Tone::Bad);
        sheet.line([
            Piece::new("a\u{1b}[2J\nb", Tone::Good).wide(20),
            Piece::new("", Tone::Plain),
        ]);
        sheet
    }

    fn plain(width: Option<usize>) -> Vec<String> {
        let text = anstream::adapter::strip_str(&sheet().render(width)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn names_and_values_stand_under_each_other_and_no_line_ends_in_blanks() {
        assert_eq!(
            plain(None),
            [
                "General",
                "  Image     vllm/vllm-openai:v0.6.3",
                "  Max       12    0–10",
                "    ✗ 12 is above 10, the most this account may have",
                "a␛[2J␊b",
            ]
        );
    }

    #[test]
    fn what_does_not_fit_is_cut_and_sentences_are_wrapped() {
        assert_eq!(
            plain(Some(24)),
            [
                "General",
                "  Image     vllm/v…0.6.3",
                "  Max       12    0–10",
                "    ✗ 12 is above 10,",
                "      the most this",
                "      account may have",
                "a␛[2J␊b",
            ]
        );
        for width in 20..60 {
            assert!(
                plain(Some(width)).iter().all(|line| shown_width(line) <= width),
                "{width}"
            );
        }
    }
}
