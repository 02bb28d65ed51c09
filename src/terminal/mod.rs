//! The terminal: bytes → keys, cells → bytes, set-up and its certain undoing. Knows nothing of endpoints.
//!
//! Open `screen.rs` first: [`TerminalScreen`] is the one owner of the terminal while a program draws on it.
//! [`InputReader`] reads the keyboard on a thread of its own and sends batches of [`InputEvent`]s; frames go to a
//! [`Writer`] thread, which sends the fewest bytes. Nothing waits for a slow terminal, and no question is ever asked of
//! it. What may not live here: what a key does. `examples/terminal.rs` is a whole program on it.
//!
//! ```no_run
//! use novita_edit::terminal::{TerminalScreen, ScreenOptions, gate, install_panic_hook};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! gate()?;
//! install_panic_hook(|_| (), |info| eprintln!("{info}"));
//! let mut screen = TerminalScreen::enter(ScreenOptions::default(), |_output| ())?;
//! let number = screen.draw(|frame| frame.render_widget("hello", frame.area()))?;
//! assert_eq!(number, 1);
//! screen.leave();
//! # Ok(())
//! # }
//! ```

mod input;
mod options;
mod output;
mod screen;
mod tty;
mod wake;

pub use input::{
    Batch, Clicks, ESC_TIMEOUT, GoneReason, Input, InputEvent, InputParser, InputReader, MouseAction, PASTE_LIMIT,
    PASTE_LOST, PASTE_SILENCE, PastePiece, REST_PATIENCE,
};
pub use options::{NoTerminal, ScreenOptions, gate};
pub use output::{
    Colors, Encoder, EncoderOptions, Frame, FramesWritten, Output, PAUSE, Seen, TerminalBackend, Writer, is_gnu_screen,
    settle,
};
pub use screen::{CopyError, OSC52_LIMIT, ScreenError, TerminalScreen, stop_self};
pub use tty::{EXIT_PANIC, RESTORE, Tty, install_panic_hook, restore_now};
