//! What screens are made of. A widget draws; it knows no model.

pub mod areas;
pub mod change_list;
pub mod key_bar;
pub mod list_window;
pub mod notice;
pub mod page;
pub mod paint;
pub mod question;
pub mod rule;
pub mod scroll;
pub mod search_box;
pub mod selection;
pub mod sheet;
pub mod text_edit;
