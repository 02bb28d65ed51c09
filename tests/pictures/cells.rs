//! A screen's cells, row by row, as what they look like: ink, ground, letters.

use novita_edit::text::width::shown_width;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::Modifier;

use crate::palette;

/// How a letter looks. The colours are classes of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    pub ink: &'static str,
    pub ground: &'static str,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underlined: bool,
}

/// One grapheme on the screen.
#[derive(Clone, Debug)]
pub struct Glyph {
    pub x: u16,
    /// Columns that it takes.
    pub width: u16,
    pub text: String,
    pub look: Look,
}

/// The screen's rows of glyphs, blanks among them. What stands under the cursor has the cursor's colours.
pub fn rows(buffer: &Buffer, cursor: Option<Position>) -> Vec<Vec<Glyph>> {
    let area = buffer.area;
    (0..area.height)
        .map(|y| {
            let mut row = Vec::new();
            let mut x = 0;
            while x < area.width {
                let cell = &buffer[(x, y)];
                let text = cell.symbol().to_owned();
                let width = u16::try_from(shown_width(&text)).unwrap().max(1);
                let mut look = look(cell);
                if cursor == Some(Position::new(x, y)) {
                    (look.ink, look.ground) = ("bg", "cursor");
                    look.dim = false;
                }
                row.push(Glyph { x, width, text, look });
                x += width;
            }
            row
        })
        .collect()
}

fn look(cell: &Cell) -> Look {
    let mut ink = palette::class(cell.fg, "fg");
    let mut ground = palette::class(cell.bg, "bg");
    let has = |modifier| cell.modifier.contains(modifier);
    if has(Modifier::REVERSED) {
        (ink, ground) = (ground, ink);
    }
    Look {
        ink,
        ground,
        bold: has(Modifier::BOLD),
        dim: has(Modifier::DIM),
        italic: has(Modifier::ITALIC),
        underlined: has(Modifier::UNDERLINED),
    }
}
