//! Where things stand on the screen, for the mouse. The code that draws them notes them; there is no second layout.

use ratatui::layout::{Position, Rect};

use super::views::form::focus::Focus;
use crate::endpoint::{FieldId, Pane};

/// Something that a click can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A stop of the form.
    Focus(Focus),
    /// A tab of the page in front, by its place.
    Tab(usize),
    /// A row of the list in front: an endpoint, a match, a send, a clash.
    Row(usize),
    /// The text being edited, as it was drawn.
    Text(TextPlace),
    /// A part of the row being edited.
    Part(FieldId),
    /// An id of the list under the field being edited, by its place among those that match.
    Suggestion(usize),
}

/// How and where the text being edited was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPlace {
    /// Its cells.
    pub area: Rect,
    /// Whether it goes over several rows.
    pub wrapped: bool,
}

/// Something that the wheel moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scrolls {
    /// Rows of a pane of the form, or the whole form in one column (`None`).
    Form(Option<Pane>),
    /// The list or the page in front.
    Front,
}

/// Rows of which only a part is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The cells that show them.
    pub area: Rect,
    /// Whose rows they are.
    pub what: Scrolls,
    /// The first one shown.
    pub first: usize,
    /// How many there are.
    pub count: usize,
}

impl Window {
    /// The first row shown after so many rows of the wheel.
    pub fn moved(&self, rows: i64) -> usize {
        let most = self.count.saturating_sub(usize::from(self.area.height));
        self.first
            .saturating_add_signed(isize::try_from(rows).unwrap_or(0))
            .min(most)
    }
}

/// What stands where.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct HitMap {
    /// What can be clicked.
    pub targets: Vec<(Rect, Target)>,
    /// What the wheel moves.
    pub windows: Vec<Window>,
}

impl HitMap {
    /// Notes what can be clicked.
    pub fn put(&mut self, area: Rect, target: Target) {
        self.targets.push((area, target));
    }

    /// Notes where the text being edited stands.
    pub fn put_text(&mut self, area: Rect, wrapped: bool) {
        self.put(area, Target::Text(TextPlace { area, wrapped }));
    }

    /// Notes what the wheel moves.
    pub fn window(&mut self, area: Rect, what: Scrolls, first: usize, count: usize) {
        self.windows.push(Window {
            area,
            what,
            first,
            count,
        });
    }

    /// Something lies over all of it.
    pub fn cover(&mut self) {
        *self = Self::default();
    }

    /// What a click here means.
    pub fn target(&self, at: Position) -> Option<Target> {
        let here = self.targets.iter().find(|(area, _)| area.contains(at));
        here.map(|(_, target)| *target)
    }

    /// What the wheel moves here.
    pub fn under(&self, at: Position) -> Option<Window> {
        self.windows.iter().find(|window| window.area.contains(at)).copied()
    }
}
