//! ratatui's backend: the wanted frame, handed to the writer whole.

use std::io;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::frame::Frame;
use super::writer::Writer;

/// ratatui's backend over a [`Writer`].
///
/// Drawing through ratatui directly, call [`settle`](super::settle) on the buffer last;
/// [`TerminalScreen::draw`](crate::terminal::TerminalScreen::draw) does.
#[derive(Debug)]
pub struct TerminalBackend {
    frame: Frame,
    cursor: Position,
    visible: bool,
    writer: Writer,
}

impl TerminalBackend {
    /// A backend for a terminal of `size` that `writer` has entered.
    pub fn new(writer: Writer, size: Size) -> Self {
        Self {
            frame: Frame::blank(size),
            cursor: Position::ORIGIN,
            visible: false,
            writer,
        }
    }

    /// The terminal's size is another one now. ratatui's `resize` must follow.
    pub fn set_size(&mut self, size: Size) {
        self.frame.reset(size);
    }

    /// Somebody else wrote to the terminal: with the next frame all modes are set anew, and it is drawn from scratch.
    pub fn forget(&mut self) {
        self.frame.forget = true;
    }

    /// Columns and rows, without an error that can't happen.
    pub fn size_now(&self) -> Size {
        self.frame.size
    }

    /// Number of the frame that was handed over last, counted from 1; 0 before the first.
    pub fn number(&self) -> u64 {
        self.frame.number
    }

    /// The writer, for what goes out beside frames.
    pub fn writer(&self) -> &Writer {
        &self.writer
    }
}

impl Backend for TerminalBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.frame.put(x, y, cell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.visible = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.visible = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.frame.reset(self.frame.size);
        Ok(())
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        let width = usize::from(self.frame.size.width);
        let row = usize::from(self.cursor.y) * width;
        let at = row + usize::from(self.cursor.x);
        let all = self.frame.cells.len();
        let region = match clear_type {
            ClearType::All => return self.clear(),
            ClearType::AfterCursor => at..all,
            ClearType::BeforeCursor => 0..at + 1,
            ClearType::CurrentLine => row..row + width,
            ClearType::UntilNewLine => at..row + width,
        };
        // The cursor is where ratatui put it last, which can be outside after a resize.
        let region = region.start.min(all)..region.end.min(all);
        self.frame.cells[region].fill(Cell::EMPTY);
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.frame.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.frame.size,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.frame.number += 1;
        self.frame.cursor = self.visible.then_some(self.cursor);
        self.writer.submit(&self.frame);
        self.frame.clear = false;
        self.frame.forget = false;
        Ok(())
    }
}
