//! What the terminal sent, as far as bytes alone can tell; and reports of the mouse → clicks, double clicks and the
//! wheel.

use std::time::{Duration, Instant};

use crossterm::event::{KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

/// How soon the second click of a double click comes at most.
const DOUBLE: Duration = Duration::from_millis(400);

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

/// What was done with the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Click {
        /// Where.
        at: Position,
        /// As the second one of a double click.
        double: bool,
    },
    /// The wheel was turned.
    Wheel {
        /// Where.
        at: Position,
        /// Notches, those towards the end counted positive.
        notches: i32,
    },
}

/// Knows the last click, to tell a double click by.
#[derive(Debug, Default)]
pub struct Clicks {
    last: Option<(Position, Instant)>,
}

impl Clicks {
    /// What a report that was read at `now` means. Other buttons, releases and what is done with a modifier mean
    /// nothing.
    pub fn action(&mut self, report: MouseEvent, now: Instant) -> Option<MouseAction> {
        let at = Position::new(report.column, report.row);
        match report.kind {
            _ if report.modifiers != KeyModifiers::NONE => None,
            MouseEventKind::Down(MouseButton::Left) => {
                let double = self
                    .last
                    .is_some_and(|(there, then)| there == at && now.saturating_duration_since(then) <= DOUBLE);
                // A third click is a first one again.
                self.last = (!double).then_some((at, now));
                Some(MouseAction::Click { at, double })
            }
            MouseEventKind::ScrollDown => Some(MouseAction::Wheel { at, notches: 1 }),
            MouseEventKind::ScrollUp => Some(MouseAction::Wheel { at, notches: -1 }),
            _ => None,
        }
    }

    /// Something else came between two clicks.
    pub fn interrupted(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: MouseEventKind, column: u16) -> MouseEvent {
        MouseEvent {
            kind,
            column,
            row: 3,
            modifiers: KeyModifiers::NONE,
        }
    }

    fn double(action: Option<MouseAction>) -> bool {
        match action {
            Some(MouseAction::Click { double, .. }) => double,
            other => panic!("no click: {other:?}"),
        }
    }

    #[test]
    fn two_clicks_in_one_place_within_a_moment_are_a_double_click_and_a_third_is_a_first() {
        let down = |column| report(MouseEventKind::Down(MouseButton::Left), column);
        let now = Instant::now();
        let later = |ms| now + Duration::from_millis(ms);
        let mut clicks = Clicks::default();
        assert!(!double(clicks.action(down(5), now)));
        assert!(double(clicks.action(down(5), later(100))));
        assert!(!double(clicks.action(down(5), later(200))), "a third");
        assert!(!double(clicks.action(down(6), later(250))), "elsewhere");
        assert!(!double(clicks.action(down(6), later(900))), "too late");
        clicks.interrupted();
        assert!(!double(clicks.action(down(6), later(950))), "a key in between");
    }

    #[test]
    fn other_buttons_releases_and_modifiers_mean_nothing() {
        let mut clicks = Clicks::default();
        let now = Instant::now();
        for kind in [
            MouseEventKind::Down(MouseButton::Right),
            MouseEventKind::Up(MouseButton::Left),
            MouseEventKind::Drag(MouseButton::Left),
            MouseEventKind::ScrollLeft,
        ] {
            assert!(clicks.action(report(kind, 1), now).is_none(), "{kind:?}");
        }
        let control = MouseEvent {
            modifiers: KeyModifiers::CONTROL,
            ..report(MouseEventKind::Down(MouseButton::Left), 1)
        };
        assert!(clicks.action(control, now).is_none());
    }
}
