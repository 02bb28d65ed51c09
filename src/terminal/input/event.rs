//! What the terminal sent, as far as bytes alone can tell.

use crossterm::event::{KeyEvent, MouseEvent};

/// One thing that came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputEvent {
    /// A key.
    Key(KeyEvent),
    /// ESC and the bytes of this key, without anything between them. It is Alt and the key, or Esc and then the key:
    /// only who knows whether a text is being typed can tell. The key is without Alt.
    EscKey(KeyEvent),
    /// A click, or a turn of the wheel.
    Mouse(MouseEvent),
    /// A paste, or a piece of one that stalled.
    Paste(PastePiece),
}

/// What came of a bracketed paste. A paste that arrives without a stall is one piece, the first and the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastePiece {
    /// The text, line ends as LF. Empty where a paste that stalled ends with nothing more.
    pub text: String,
    /// It begins a paste.
    pub first: bool,
    /// The paste is over. If not, what is typed from now on still belongs to it.
    pub last: bool,
    /// It was longer than is kept; what came after that is gone.
    pub cut: bool,
}
