//! The lines of boxes. They are drawn, not written, so that they join in whatever font and at whatever size.

use std::collections::BTreeMap;

use crate::cells::Glyph;
use crate::svg::{CELL, Rect};

/// A line of one pixel runs through the middle of the cell, which is why cells have odd sides.
const MIDDLE: (u32, u32) = (CELL.0 / 2, CELL.1 / 2);

/// Which arms of a cross a character has: left, right, up, down. `None` for what isn't a line.
fn arms(text: &str) -> Option<[bool; 4]> {
    let arms = match text {
        "─" => "lr",
        "│" => "ud",
        "┌" | "╭" => "rd",
        "┐" | "╮" => "ld",
        "└" | "╰" => "ru",
        "┘" | "╯" => "lu",
        "├" => "rud",
        "┤" => "lud",
        "┬" => "lrd",
        "┴" => "lru",
        "┼" => "lrud",
        // Fonts would leave gaps between these.
        _ if text.starts_with(|c| matches!(c, '\u{2500}'..='\u{259f}')) => panic!("there is no drawing for {text} yet"),
        _ => return None,
    };
    Some(['l', 'r', 'u', 'd'].map(|arm| arms.contains(arm)))
}

/// Whether a glyph is drawn by [`strokes`], not written.
pub fn is_line(text: &str) -> bool {
    arms(text).is_some()
}

/// The lines of a screen by their colour, each as long as it runs.
pub fn strokes(rows: &[Vec<Glyph>]) -> BTreeMap<&'static str, Vec<Rect>> {
    let mut found: BTreeMap<_, (Vec<Rect>, Vec<Rect>)> = BTreeMap::new();
    for (y, row) in (0..).zip(rows) {
        for glyph in row {
            let Some([left, right, up, down]) = arms(&glyph.text) else {
                continue;
            };
            let (x, y) = (u32::from(glyph.x) * CELL.0, y * CELL.1);
            let (across, along) = found.entry(glyph.look.ink).or_default();
            // Each arm has the pixel in the middle, so that corners are whole.
            if left || right {
                let from = if left { x } else { x + MIDDLE.0 };
                let to = if right { x + CELL.0 } else { x + MIDDLE.0 + 1 };
                lengthen(
                    across,
                    Rect {
                        x: from,
                        y: y + MIDDLE.1,
                        width: to - from,
                        height: 1,
                    },
                );
            }
            if up || down {
                let from = if up { y } else { y + MIDDLE.1 };
                let to = if down { y + CELL.1 } else { y + MIDDLE.1 + 1 };
                lengthen(
                    along,
                    Rect {
                        x: x + MIDDLE.0,
                        y: from,
                        width: 1,
                        height: to - from,
                    },
                );
            }
        }
    }
    found
        .into_iter()
        .map(|(ink, (across, along))| (ink, [across, along].concat()))
        .collect()
}

/// Adds a piece, as part of the line that it goes on from if there is one.
fn lengthen(lines: &mut Vec<Rect>, piece: Rect) {
    let before = lines.iter_mut().rev().find(|line| {
        let across = line.y == piece.y && line.height == piece.height && line.x + line.width == piece.x;
        let along = line.x == piece.x && line.width == piece.width && line.y + line.height == piece.y;
        across || along
    });
    match before {
        Some(line) if line.y == piece.y => line.width += piece.width,
        Some(line) => line.height += piece.height,
        None => lines.push(piece),
    }
}
