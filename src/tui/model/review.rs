//! The review: four views of what would be sent.

use crate::tui::widget::text_edit::TextEdit;

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
    /// How many lines of the changes were on the screen so far.
    pub seen: usize,
    /// Environment values are shown.
    pub reveal: bool,
    /// The frame with which `seen` grew last: Enter counts when it was typed with that frame on the terminal.
    pub seen_in: u64,
    /// The name being typed before a protected endpoint is sent.
    pub confirm: Option<TextEdit>,
}
