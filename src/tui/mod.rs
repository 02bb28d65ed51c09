//! (being built)

pub mod input;
pub mod width;
