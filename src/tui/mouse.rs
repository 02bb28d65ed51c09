//! Reports of the mouse → clicks, double clicks and the wheel. Only here is there a clock: `update` is told what it was.

use std::time::{Duration, Instant};

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::event::Event;

/// How soon the second click of a double click comes at most.
const DOUBLE: Duration = Duration::from_millis(400);

/// Knows the last click, to tell a double click by.
#[derive(Debug, Default)]
pub struct Clicks {
    last: Option<(Position, Instant)>,
}

impl Clicks {
    /// What a report that was read at `now` means, with the newest frame that was on the terminal then. Other buttons, releases
    /// and what is done with a modifier mean nothing.
    pub fn event(&mut self, report: MouseEvent, seen: u64, now: Instant) -> Option<Event> {
        let at = Position::new(report.column, report.row);
        match report.kind {
            _ if report.modifiers != KeyModifiers::NONE => None,
            MouseEventKind::Down(MouseButton::Left) => {
                let double = self
                    .last
                    .is_some_and(|(there, then)| there == at && now.saturating_duration_since(then) <= DOUBLE);
                // A third click is a first one again.
                self.last = (!double).then_some((at, now));
                Some(Event::Click(at, double, seen))
            }
            MouseEventKind::ScrollDown => Some(Event::Wheel(at, 1, seen)),
            MouseEventKind::ScrollUp => Some(Event::Wheel(at, -1, seen)),
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

    fn double(event: Option<Event>) -> bool {
        match event {
            Some(Event::Click(_, double, _)) => double,
            other => panic!("no click: {other:?}"),
        }
    }

    #[test]
    fn two_clicks_in_one_place_within_a_moment_are_a_double_click_and_a_third_is_a_first() {
        let down = |column| report(MouseEventKind::Down(MouseButton::Left), column);
        let now = Instant::now();
        let later = |ms| now + Duration::from_millis(ms);
        let mut clicks = Clicks::default();
        assert!(!double(clicks.event(down(5), 1, now)));
        assert!(double(clicks.event(down(5), 1, later(100))));
        assert!(!double(clicks.event(down(5), 1, later(200))), "a third");
        assert!(!double(clicks.event(down(6), 1, later(250))), "elsewhere");
        assert!(!double(clicks.event(down(6), 1, later(900))), "too late");
        clicks.interrupted();
        assert!(!double(clicks.event(down(6), 1, later(950))), "a key in between");
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
            assert!(clicks.event(report(kind, 1), 1, now).is_none(), "{kind:?}");
        }
        let control = MouseEvent {
            modifiers: KeyModifiers::CONTROL,
            ..report(MouseEventKind::Down(MouseButton::Left), 1)
        };
        assert!(clicks.event(control, 1, now).is_none());
    }
}
