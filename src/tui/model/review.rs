//! The review: four views of what would be sent.

use crate::tui::widgets::text_edit::TextEdit;

/// The four views of the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewView {
    /// A line a field.
    Changes,
    /// Unified diff of the bodies.
    Diff,
    /// The whole JSON.
    Body,
    /// The request as a command.
    Curl,
}

impl ReviewView {
    /// In the order of Tab.
    pub const ALL: [Self; 4] = [Self::Changes, Self::Diff, Self::Body, Self::Curl];

    /// The tab's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Changes => "Changes",
            Self::Diff => "Diff",
            Self::Body => "Body",
            Self::Curl => "curl",
        }
    }
}

/// The review.
#[derive(Debug)]
pub struct Review {
    /// The view in front.
    pub view: ReviewView,
    /// First line shown.
    pub scroll: usize,
    /// How many lines of the changes somebody can have seen so far: they were on the terminal when a key came.
    pub seen: usize,
    /// Environment values are shown.
    pub reveal: bool,
    /// The frame with which `seen` grew last: Enter counts when that frame has been on the terminal for a while.
    pub seen_in: u64,
    /// Which lines of the changes are drawn now, and the first frame that has them there; `None`: none are.
    pub drawn: Option<Drawn>,
    /// The name being typed before a protected endpoint is sent.
    pub confirm: Option<TextEdit>,
}

/// Lines of the changes that were drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The first, and the one behind the last.
    pub lines: (usize, usize),
    /// The first frame that has them there.
    pub frame: u64,
}

impl Review {
    /// Lines of the changes were drawn in a frame; `None`: there is another view in front.
    pub fn note_drawn(&mut self, lines: Option<(usize, usize)>, frame: u64) {
        if self.drawn.map(|drawn| drawn.lines) != lines {
            self.drawn = lines.map(|lines| Drawn { lines, frame });
        }
    }

    /// A key or the mouse was used with a frame on the terminal: what is drawn there was seen. A frame that never got there, since a
    /// newer one took its place, was not; and pages that were jumped over weren't either, so only what joins on counts.
    pub fn note_seen(&mut self, frame: u64) {
        if let Some(Drawn { lines, frame: first }) = self.drawn
            && first <= frame
            && lines.0 <= self.seen
            && lines.1 > self.seen
        {
            (self.seen, self.seen_in) = (lines.1, first);
        }
    }

    /// Other lines stand in the changes now: they have to be seen anew.
    pub fn forget_seen(&mut self) {
        (self.seen, self.drawn) = (0, None);
    }
}
