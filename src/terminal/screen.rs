//! The terminal: set-up, drawing, and its certain undoing on every way out.
//!
//! [`TerminalScreen`] is the one owner of the terminal while the editor runs. Nothing here waits for the terminal:
//! frames go to a [writer thread](super::Writer), restoring is bounded in time, and no question is ever asked of it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};
use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};

use super::options::ScreenOptions;
use super::output::{EncoderOptions, FramesWritten, Output, TerminalBackend, Writer, settle};
use super::tty::{Tty, reopen_nonblocking};
use crate::text::Charset;
use crate::text::width::shown_text;

/// Most bytes that are copied through the terminal; above that a file is the better way.
pub const OSC52_LIMIT: usize = 64 * 1024;

/// Most characters of a title.
const TITLE_LIMIT: usize = 200;

/// How long a suspended process waits to be stopped. An orphaned process group isn't stopped at all.
const STOP_PATIENCE: Duration = Duration::from_millis(100);

/// Stops as SIGTSTP does: not at all in an orphaned process group, which nobody could continue.
const STOP: Signal = Signal::TTOU;

/// Stops this process until it is continued, the terminal as it is: `$EDITOR` has it.
///
/// # Errors
/// What the system says.
pub fn stop_self() -> io::Result<()> {
    Ok(stop_self_by(STOP)?)
}

fn stop_self_by(signal: Signal) -> rustix::io::Result<()> {
    kill_process(getpid(), signal)
}

/// Why the terminal couldn't be entered. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// Its modes can't be read or set.
    #[error("the terminal can't be set to raw mode: {0}")]
    Modes(#[source] io::Error),
    /// Its size can't be had.
    #[error("the terminal doesn't tell its size: {0}")]
    Size(#[source] io::Error),
    /// No thread or pipe for its output.
    #[error("the output to the terminal can't be started: {0}")]
    Output(#[source] io::Error),
}

/// Why a text wasn't sent to the terminal's clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// More than [`OSC52_LIMIT`].
    #[error("{0} bytes are more than a terminal takes for its clipboard ({OSC52_LIMIT})")]
    TooLong(usize),
    /// Too much waits to be written.
    #[error("the terminal isn't reading")]
    NotReading,
    /// It is a console.
    #[error("this terminal has no clipboard")]
    NoClipboard,
}

/// The entered terminal. Leaving happens by [`leave`](Self::leave), by dropping it, and by
/// [`restore_now`](super::restore_now).
#[derive(Debug)]
pub struct TerminalScreen {
    terminal: Terminal<TerminalBackend>,
    tty: Arc<Tty>,
    mouse: bool,
    window: bool,
    clipboard: bool,
    charset: Charset,
    title: String,
}

impl TerminalScreen {
    /// Enters the terminal on standard input and output: raw mode, alternate screen, bracketed paste, the title saved,
    /// all in one write, which the writer thread does. `report` is called on that thread for each frame that was
    /// written and for the end of the terminal; it must not block.
    ///
    /// # Errors
    /// [`ScreenError`]; the terminal is left as it was. Ask [`gate`](super::gate()) first.
    pub fn enter(options: ScreenOptions, report: impl Fn(Output) + Send + 'static) -> Result<Self, ScreenError> {
        let duplicate = |fd: io::Result<OwnedFd>| fd.map_err(ScreenError::Modes);
        let input = duplicate(io::stdin().as_fd().try_clone_to_owned())?;
        let output = duplicate(io::stdout().as_fd().try_clone_to_owned())?;
        Self::enter_on(input, output, options, report)
    }

    /// The same on any terminal.
    ///
    /// # Errors
    /// As [`enter`](Self::enter).
    pub fn enter_on(
        input: OwnedFd,
        output: OwnedFd,
        options: ScreenOptions,
        report: impl Fn(Output) + Send + 'static,
    ) -> Result<Self, ScreenError> {
        let tty = Tty::open(input, output).map_err(ScreenError::Modes)?;
        Self::on(&tty, options, report).inspect_err(|_| tty.close())
    }

    fn on(
        tty: &Arc<Tty>,
        options: ScreenOptions,
        report: impl Fn(Output) + Send + 'static,
    ) -> Result<Self, ScreenError> {
        let size = tty.size().map_err(ScreenError::Size)?;
        let encoding = EncoderOptions {
            charset: options.charset,
            colors: options.colors,
        };
        let writer = Writer::start(Arc::clone(tty), encoding, report).map_err(ScreenError::Output)?;
        let viewport = TerminalOptions {
            viewport: Viewport::Fullscreen,
        };
        let terminal =
            Terminal::with_options(TerminalBackend::new(writer, size), viewport).map_err(ScreenError::Output)?;
        let mut screen = Self {
            terminal,
            tty: Arc::clone(tty),
            mouse: false,
            window: options.window,
            clipboard: options.clipboard,
            charset: options.charset,
            title: String::new(),
        };
        if options.mouse {
            screen.set_mouse(true);
        }
        Ok(screen)
    }

    /// A descriptor for an [`InputReader`](super::InputReader): non-blocking where that can be had.
    ///
    /// # Errors
    /// When descriptors have run out.
    pub fn open_input(&self) -> io::Result<OwnedFd> {
        reopen_nonblocking(self.tty.input()).or_else(|_| self.tty.input().try_clone_to_owned())
    }

    /// Number of the newest frame that was wholly written, for the input reader and the review.
    pub fn frames_written(&self) -> Arc<FramesWritten> {
        self.terminal.backend().writer().frames_written()
    }

    /// Columns and rows as of the last [`resized`](Self::resized).
    pub fn size(&self) -> Size {
        self.terminal.backend().size_now()
    }

    /// Draws a frame and hands it to the writer; returns its number, counted from 1. It is on the terminal when
    /// [`frames_written`](Self::frames_written) has reached that number.
    ///
    /// # Errors
    /// None today; ratatui's signature has one. A terminal that fails is reported by the writer.
    pub fn draw(&mut self, render: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<u64> {
        self.terminal.draw(|frame| {
            render(frame);
            settle(frame.buffer_mut());
        })?;
        Ok(self.terminal.backend().number())
    }

    /// A drawing from scratch (Ctrl-L), whatever another program did to the terminal: sets all modes, takes the size,
    /// and the next frame is a full one.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn redraw(&mut self) -> io::Result<Size> {
        self.terminal.backend_mut().forget();
        self.resized()
    }

    /// After SIGWINCH: takes the terminal's size, and the next frame is a full one.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resized(&mut self) -> io::Result<Size> {
        let size = self.tty.size()?;
        self.terminal.backend_mut().set_size(size);
        self.terminal
            .resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))?;
        Ok(size)
    }

    /// Leaves the terminal to a child (`$EDITOR`) or the shell. Pause the input first. Frames drawn meanwhile go
    /// nowhere.
    pub fn release(&mut self) {
        self.tty.restore();
        self.writer().discard();
        self.writer().wake();
    }

    /// Takes the terminal again: raw mode, all modes, fresh size; the next frame is a full one. Also right after a
    /// SIGCONT that came without a [`release`](Self::release).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn reclaim(&mut self) -> io::Result<Size> {
        self.writer().discard();
        self.tty.enter()?;
        self.writer().wake();
        if !self.title.is_empty() {
            self.send_title();
        }
        if self.mouse {
            self.set_mouse(true);
        }
        self.resized()
    }

    /// Stops the process group as Ctrl-Z does elsewhere; returns after it was continued, with the terminal taken again.
    /// Pause the input first. SIGTTOU must have its default handling.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn suspend(&mut self) -> io::Result<Size> {
        self.stopped(kill_current_process_group)
    }

    /// The same for this process only: somebody else sent it a SIGTSTP, and the others of its group as they liked.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn suspend_alone(&mut self) -> io::Result<Size> {
        self.stopped(stop_self_by)
    }

    /// SIGTSTP has a handler, so that the terminal is restored before a stop; a signal that stops in the same way, and
    /// no orphan either, takes its place.
    fn stopped(&mut self, send: impl FnOnce(Signal) -> rustix::io::Result<()>) -> io::Result<Size> {
        self.release();
        let asked = Instant::now();
        send(STOP)?;
        // Another thread may be the one that takes the signal, a moment later. The time goes on while the process is
        // stopped, so after `fg` this ends at once.
        while asked.elapsed() < STOP_PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        self.reclaim()
    }

    /// Sets the window's title, where there is a window; characters that can't be seen are shown as on the screen, and
    /// what is longer than 200 characters is cut.
    pub fn set_title(&mut self, title: &str) {
        if !self.window {
            return;
        }
        let title: String = shown_text(title).chars().take(TITLE_LIMIT).collect();
        let title = self.charset.stand_ins(&title);
        if title != self.title {
            self.title = title;
            self.send_title();
        }
    }

    fn send_title(&self) {
        // A title that finds no room is no loss.
        self.writer().send_raw(format!("\x1b]2;{}\x07", self.title).as_bytes());
    }

    /// Sends `bytes` to the terminal's clipboard (OSC 52). Whether the terminal takes them is never known: say "sent to
    /// the terminal".
    ///
    /// # Errors
    /// [`CopyError`]; nothing was sent.
    pub fn copy_osc52(&self, bytes: &[u8]) -> Result<(), CopyError> {
        if !self.clipboard {
            return Err(CopyError::NoClipboard);
        }
        if bytes.len() > OSC52_LIMIT {
            return Err(CopyError::TooLong(bytes.len()));
        }
        let sequence = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(bytes));
        if self.writer().send_raw(sequence.as_bytes()) {
            Ok(())
        } else {
            Err(CopyError::NotReading)
        }
    }

    /// Turns the reporting of mouse buttons on or off (modes 1000 and 1006; never 1003, which reports every twitch).
    pub fn set_mouse(&mut self, on: bool) {
        self.mouse = on;
        let bytes: &[u8] = if on {
            b"\x1b[?1000h\x1b[?1006h"
        } else {
            b"\x1b[?1006l\x1b[?1000l"
        };
        // A terminal that isn't reading can't be clicked in.
        self.writer().send_raw(bytes);
    }

    /// True while the mouse is reported.
    pub fn mouse(&self) -> bool {
        self.mouse
    }

    /// Leaves the terminal as it was found. Returns within half a second, even if the terminal takes nothing.
    pub fn leave(self) {
        drop(self);
    }

    fn writer(&self) -> &Writer {
        self.terminal.backend().writer()
    }
}

impl Drop for TerminalScreen {
    fn drop(&mut self) {
        self.writer().stop();
        self.tty.close();
    }
}
