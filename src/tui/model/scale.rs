//! Quick scale: the few numbers that are changed most, in a small box.

use crate::endpoint::FieldId;

/// The fields of the box, in order.
pub const SCALE_FIELDS: [FieldId; 5] = [
    FieldId::MinWorkers,
    FieldId::MaxWorkers,
    FieldId::IdleTimeout,
    FieldId::PolicyType,
    FieldId::PolicyValue,
];

/// The box over the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Opened from the list of endpoints, which it goes back to.
    pub from_picker: bool,
    /// What was changed is saved: there is nothing more to be done in it.
    pub saved: bool,
}
