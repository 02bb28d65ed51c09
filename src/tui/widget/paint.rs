//! Drawing text: every string from outside goes through [`visible`], so that it can't drive the terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear, Widget};

use crate::tui::theme;
use crate::tui::width::{cut_end, plain_width, shown_width, visible};

/// Writes text at a place, at most `width` columns, cut with `…`. Returns the columns used.
pub fn text(buffer: &mut Buffer, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
    if width == 0 || y >= buffer.area.bottom() {
        return 0;
    }
    let room = usize::from(width.min(buffer.area.right().saturating_sub(x)));
    if let Some(columns) = plain_width(text).filter(|columns| *columns <= room) {
        for (at, c) in (x..).zip(text.chars()) {
            buffer[(at, y)].set_char(c).set_style(style);
        }
        return u16::try_from(columns).unwrap_or(width);
    }
    let fits = shown_width(text) <= room;
    let cut;
    let source = if fits {
        text
    } else {
        cut = cut_end(text, room);
        &cut
    };
    let mut at = x;
    for piece in visible(source) {
        let style = if piece.substituted { theme::substitute() } else { style };
        buffer.set_stringn(at, y, &piece.text, usize::from(piece.width), style);
        at += piece.width;
    }
    at - x
}

/// Writes pieces of different styles after each other. Returns the columns used.
pub fn pieces(buffer: &mut Buffer, x: u16, y: u16, width: u16, parts: &[(&str, Style)]) -> u16 {
    let mut used = 0;
    for (part, style) in parts {
        used += text(buffer, x + used, y, width.saturating_sub(used), part, *style);
    }
    used
}

/// Text in lines of at most `width` columns, broken at spaces where there are any, at line breaks always.
pub fn wrap(source: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in source.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_inclusive(' ') {
            let wide = shown_width(word.trim_end_matches(' '));
            if used > 0 && used + wide > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            for piece in visible(word) {
                let columns = usize::from(piece.width);
                if used + columns > width && (used > 0 && piece.text != " ") {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(&piece.text);
                used += columns;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Empties an area.
pub fn clear(buffer: &mut Buffer, area: Rect) {
    Clear.render(area, buffer);
    buffer.set_style(area, theme::plain());
}

/// An empty box with a title, everything under it cleared. Returns its inside.
pub fn window(buffer: &mut Buffer, area: Rect, title: &str) -> Rect {
    clear(buffer, area);
    let block = Block::bordered().border_style(theme::frame());
    let inside = block.inner(area);
    block.render(area, buffer);
    if area.width > 4 {
        text(
            buffer,
            area.x + 2,
            area.y,
            area.width - 4,
            &format!(" {title} "),
            theme::strong(),
        );
    }
    inside
}

/// A box of a wanted size in the middle of an area, as much of it as fits.
pub fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    )
}
