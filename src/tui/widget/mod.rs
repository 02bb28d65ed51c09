//! What screens are made of. A widget draws; it knows no model.

pub mod paint;
pub mod text_edit;
