//! What screens are made of. A widget draws; it knows no model.

pub mod paint;
mod text_buffer;
mod text_cells;
pub mod text_edit;
mod text_keys;
mod text_undo;
mod text_words;
