//! The keyboard and the mouse: bytes → events, read on a thread of its own.
//!
//! [`InputReader`] is the thread, [`InputParser`] the pure part below it with its key tables, [`Clicks`] tells a double
//! click from two. What a key *does* is the keymap's business.

mod event;
mod keys;
mod parser;
mod paste;
mod reader;

pub use event::{Clicks, InputEvent, MouseAction, PastePiece};
pub use parser::{InputParser, PASTE_LIMIT, PASTE_LOST, PASTE_SILENCE, REST_PATIENCE};
pub use reader::{Batch, ESC_TIMEOUT, GoneReason, Input, InputReader};
