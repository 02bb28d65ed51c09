//! The screen's output: ratatui's cells → the fewest bytes, written where nothing waits for them.
//!
//! The stock backend spends 43–56 bytes and two writes on a typed character, sends yellow as a palette entry and loses
//! the reverse under `NO_COLOR` (`shared/terminal.md`); over SSH that is the program's speed. So:
//!
//! - [`TerminalBackend`] keeps the whole wanted [`Frame`] and hands it over at each flush;
//! - [`Writer`] is a thread with one waiting frame; a newer one takes its place;
//! - [`Encoder`] turns the difference between what was really written and the newest frame into bytes.
//!
//! No query is ever sent to the terminal: the cursor's place and the size are answered from memory.

mod backend;
mod colors;
mod encoder;
mod frame;
mod frames_written;
mod sgr;
mod writer;

pub use backend::TerminalBackend;
pub use colors::{Colors, is_gnu_screen};
pub use encoder::{Encoder, EncoderOptions};
pub use frame::{Frame, settle};
pub use frames_written::{FramesWritten, PAUSE, Seen};
pub use writer::{Output, Writer};
