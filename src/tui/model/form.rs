//! The form: the endpoint being edited, and where the focus is.

use std::collections::HashSet;

use super::{Editing, Keeping, Met, Rejected, Sent};
use crate::endpoint::{FieldId, List, Pane, Place, Problem};
use crate::session::Workspace;
use crate::store::Draft;

/// Where the focus is in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// On a single field.
    Field(FieldId),
    /// On a row of a list.
    Row(List, usize),
    /// On a list without rows.
    Empty(List),
}

impl Focus {
    /// The pane that it is in.
    pub fn pane(self) -> Pane {
        match self {
            Self::Field(field) => field.spec().pane,
            Self::Row(List::Volumes, _) | Self::Empty(List::Volumes) => Pane::Volumes,
            Self::Row(List::Envs, _) | Self::Empty(List::Envs) => Pane::Environment,
        }
    }

    /// The field that help tells about.
    pub fn field(self) -> FieldId {
        match self {
            Self::Field(field) => field,
            Self::Row(list, _) | Self::Empty(list) => list.field(),
        }
    }

    /// Whether a problem stands here.
    pub fn holds(self, place: Place) -> bool {
        match self {
            Self::Field(field) => place == Place::of(field),
            Self::Row(list, row) => {
                place.row == Some(row) && place.field.is_row_part() && place.field.spec().pane.list() == Some(list)
            }
            Self::Empty(list) => place == Place::of(list.field()),
        }
    }

    /// Where a problem is shown.
    pub fn at(place: Place) -> Self {
        match (place.row, place.field.spec().pane.list()) {
            (Some(row), Some(list)) => Self::Row(list, row),
            (None, Some(list)) => Self::Empty(list),
            _ => Self::Field(place.field),
        }
    }
}

/// The form.
#[derive(Debug)]
pub struct Form {
    /// The loaded endpoint and the edited one.
    pub work: Workspace,
    /// The local time of day of the state shown.
    pub read_at: String,
    /// Where the focus is.
    pub focus: Focus,
    /// What is being edited.
    pub editing: Option<Editing>,
    /// The id that is focused in the list under the field being edited.
    pub pick: Option<String>,
    /// What is wrong with the text being typed and all the rest, while something is edited.
    pub typed_problems: Option<Vec<Problem>>,
    /// Rows of the environment that are shown unmasked.
    pub revealed: HashSet<usize>,
    /// All values are shown unmasked.
    pub reveal_all: bool,
    /// A read of the server is under way.
    pub reloading: bool,
    /// A send of which nobody knows what came.
    pub unknown: Option<Sent>,
    /// Whether the edits are kept on disk.
    pub keeping: Keeping,
    /// Why the draft couldn't be written the last time.
    pub not_kept: Option<String>,
    /// Edits that were only in this session's memory when it took the endpoint over: they come after the question about a
    /// draft.
    pub carried: Option<Box<Draft>>,
    /// What the server turned out to have: merged once what is being edited is taken or left.
    pub met: Option<Met>,
    /// A text from `$EDITOR` that can't be read yet.
    pub rejected: Option<Box<Rejected>>,
}

impl Form {
    /// What is wrong now, the text being typed included.
    pub fn problems(&self) -> &[Problem] {
        self.typed_problems.as_deref().unwrap_or_else(|| self.work.problems())
    }

    /// Whether an environment value may be seen.
    pub fn is_revealed(&self, row: usize) -> bool {
        self.reveal_all || self.revealed.contains(&row)
    }

    /// All places where the focus can be, in the order of the form.
    pub fn stops(&self) -> Vec<Focus> {
        let mut stops = Vec::new();
        for pane in Pane::ALL {
            match pane.list() {
                None => stops.extend(FieldId::in_pane(pane).map(Focus::Field)),
                Some(list) => match list.len(self.work.now()) {
                    0 => stops.push(Focus::Empty(list)),
                    rows => stops.extend((0..rows).map(|row| Focus::Row(list, row))),
                },
            }
        }
        stops
    }

    /// Moves the focus to a place that exists, as near as can be.
    pub fn settle(&mut self) {
        self.focus = match self.focus {
            Focus::Row(list, row) => match list.len(self.work.now()) {
                0 => Focus::Empty(list),
                rows => Focus::Row(list, row.min(rows - 1)),
            },
            Focus::Empty(list) if list.len(self.work.now()) > 0 => Focus::Row(list, 0),
            focus => focus,
        };
    }
}
