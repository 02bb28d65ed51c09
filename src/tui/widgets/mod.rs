//! What screens are made of. A widget draws; it knows no model.
//!
//! What is drawn of its own data alone is a ratatui `Widget`; what also notes clicks or the cursor draws on a
//! [`Canvas`](crate::tui::canvas::Canvas). Areas are split by [`areas`], text is written by [`paint`].

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
