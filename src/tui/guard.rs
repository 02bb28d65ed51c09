//! When a key counts for what can't be undone.
//!
//! A key may be older than the screen it lands on: the line stalled, somebody typed ahead, or pasted where a paste
//! arrives as keys. So each action has a [`Weight`], each key tells what could be seen when it was read ([`Press`]),
//! and one rule, [`Guard::admits`], holds for every question there is. Nothing here has a clock.
//!
//! ```
//! use novita_edit::tui::guard::{Guard, Refusal, Weight};
//! # use novita_edit::tui::event::Press;
//! # use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
//! let key = KeyEvent::new(KeyCode::Char('x'), KeyModifiers::CONTROL);
//! let mut guard = Guard::default();
//! guard.turned(true);
//! guard.drawn(7);
//! assert_eq!(guard.admits(&Press::seen(key, 6), Weight::Weighs), Err(Refusal::TooEarly));
//! assert_eq!(guard.admits(&Press::seen(key, 7), Weight::Weighs), Ok(()));
//! ```

use super::press::Press;

/// How much hangs on what a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It moves, shows, types, or edits what undo brings back.
    Light,
    /// It accepts the text that is being typed.
    Accepts,
    /// It leaves the endpoint or the program, and nothing is lost by that.
    Leaves,
    /// It answers a question, sends, discards, takes over, or can't be undone otherwise.
    Weighs,
    /// It sends what is on the screen to be reviewed.
    Sends,
}

/// Why a key doesn't count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was read before what it answers could be seen.
    TooEarly,
    /// It was read before what an Esc did, or an Alt-key, could be seen.
    WithEsc,
    /// Keys came before it that mean nothing here: it is one of a text that was meant for something else.
    Stray,
}

/// A frame that has to be on the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Since {
    /// None has.
    #[default]
    Always,
    /// The next one that is drawn.
    Next,
    /// The one of this number.
    Frame(u64),
}

impl Since {
    fn drawn(&mut self, frame: u64) {
        if *self == Self::Next {
            *self = Self::Frame(frame);
        }
    }

    fn is_on(self, frame: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Next => false,
            Self::Frame(first) => frame >= first,
        }
    }
}

/// What has to be seen before a key counts.
#[derive(Debug, Default)]
pub struct Guard {
    /// The first frame that shows what is in front.
    front: Since,
    /// What is in front came by itself, not by a key: every key that is older was meant for something else.
    sprung: bool,
    /// The first frame that shows what the newest Esc did. In one read with it, a key may have been typed for what was
    /// there before.
    esc: Since,
    /// The same for ESC with a key where a text is typed: Alt with that key, or Esc and then the key.
    alt: Since,
    /// A key came that means nothing here, and nobody has paused since.
    strayed: bool,
}

impl Guard {
    /// Something else is in front; `sprung` if it came by itself.
    pub fn turned(&mut self, sprung: bool) {
        (self.front, self.sprung) = (Since::Next, sprung);
    }

    /// The frame of this number shows what is in front.
    pub fn drawn(&mut self, frame: u64) {
        self.front.drawn(frame);
        self.esc.drawn(frame);
        self.alt.drawn(frame);
    }

    /// Esc did what it does.
    pub fn escaped(&mut self) {
        self.esc = Since::Next;
    }

    /// ESC and a key came in one, where it is Alt with the key.
    pub fn alted(&mut self) {
        (self.esc, self.alt) = (Since::Next, Since::Next);
    }

    /// A key comes.
    pub fn pressed(&mut self, press: &Press) {
        self.strayed &= !press.rested;
    }

    /// It means nothing in the question that is in front.
    pub fn strayed(&mut self) {
        self.strayed = true;
    }

    /// Whether a frame shows what is in front.
    pub fn is_shown_in(&self, frame: u64) -> bool {
        self.front.is_on(frame)
    }

    /// Whether a key was typed for something else than what came in front of it by itself.
    pub fn is_for_something_else(&self, press: &Press) -> bool {
        self.sprung && !self.is_shown_in(press.seen)
    }

    /// Whether a key counts for something of this weight.
    ///
    /// # Errors
    /// Why it doesn't.
    pub fn admits(&self, press: &Press, weight: Weight) -> Result<(), Refusal> {
        let front = |frame| self.front.is_on(frame).then_some(()).ok_or(Refusal::TooEarly);
        let after = |key: Since| key.is_on(press.seen).then_some(()).ok_or(Refusal::WithEsc);
        match weight {
            Weight::Light => Ok(()),
            Weight::Accepts => after(self.alt),
            Weight::Leaves => after(self.esc).and(self.unless_strayed()),
            Weight::Weighs => after(self.esc).and(front(press.seen)).and(self.unless_strayed()),
            Weight::Sends => after(self.esc).and(front(press.settled)).and(self.unless_strayed()),
        }
    }

    fn unless_strayed(&self) -> Result<(), Refusal> {
        if self.strayed { Err(Refusal::Stray) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    fn at(seen: u64, settled: u64) -> Press {
        Press {
            settled,
            rested: false,
            ..Press::seen(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE), seen)
        }
    }

    #[test]
    fn what_weighs_counts_from_the_first_frame_of_the_question_and_a_send_when_that_has_settled() {
        let mut guard = Guard::default();
        guard.turned(false);
        assert_eq!(
            guard.admits(&at(9, 9), Weight::Weighs),
            Err(Refusal::TooEarly),
            "not drawn yet"
        );
        guard.drawn(4);
        guard.drawn(5);
        assert_eq!(guard.admits(&at(3, 3), Weight::Weighs), Err(Refusal::TooEarly));
        assert_eq!(guard.admits(&at(4, 3), Weight::Weighs), Ok(()));
        assert_eq!(guard.admits(&at(4, 3), Weight::Sends), Err(Refusal::TooEarly));
        assert_eq!(guard.admits(&at(5, 4), Weight::Sends), Ok(()));
        assert_eq!(guard.admits(&at(0, 0), Weight::Leaves), Ok(()));
    }

    #[test]
    fn after_an_esc_nothing_is_left_and_after_an_alt_key_no_text_accepted_before_a_frame() {
        let mut guard = Guard::default();
        guard.escaped();
        assert_eq!(guard.admits(&at(4, 4), Weight::Leaves), Err(Refusal::WithEsc));
        assert_eq!(guard.admits(&at(4, 4), Weight::Accepts), Ok(()));
        guard.alted();
        assert_eq!(guard.admits(&at(4, 4), Weight::Accepts), Err(Refusal::WithEsc));
        guard.drawn(5);
        for weight in [Weight::Accepts, Weight::Leaves, Weight::Weighs] {
            assert_eq!(guard.admits(&at(4, 4), weight), Err(Refusal::WithEsc), "{weight:?}");
            assert_eq!(guard.admits(&at(5, 4), weight), Ok(()), "{weight:?}");
        }
    }

    #[test]
    fn a_key_that_means_nothing_voids_those_that_weigh_until_somebody_pauses() {
        let mut guard = Guard::default();
        guard.strayed();
        guard.pressed(&at(4, 4));
        assert_eq!(guard.admits(&at(4, 4), Weight::Weighs), Err(Refusal::Stray));
        assert_eq!(guard.admits(&at(4, 4), Weight::Light), Ok(()));
        guard.pressed(&Press {
            rested: true,
            ..at(4, 4)
        });
        assert_eq!(guard.admits(&at(4, 4), Weight::Weighs), Ok(()));
    }

    #[test]
    fn what_came_by_itself_takes_no_older_key_at_all() {
        let mut guard = Guard::default();
        guard.turned(true);
        guard.drawn(4);
        assert!(guard.is_for_something_else(&at(3, 3)));
        assert!(!guard.is_for_something_else(&at(4, 3)));
        guard.turned(false);
        assert!(!guard.is_for_something_else(&at(3, 3)));
    }
}
