//! Where the focus is in the form.

use crate::endpoint::schema::Kind;
use crate::endpoint::{FieldId, List, Pane, Place};

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
    /// Whether a number is typed here.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Field(field) if field.spec().kind == Kind::Integer || field == FieldId::HttpPort)
    }

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
