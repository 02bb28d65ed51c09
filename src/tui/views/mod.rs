//! What can be in front, a file or a folder each: its state, what its actions do, and how it is drawn.

pub mod conflict;
pub mod details;
pub mod draft;
pub mod external_editor;
pub mod find;
pub mod form;
pub mod help;
pub mod history;
pub mod import;
pub mod leave;
pub mod loading;
pub mod long_copy;
pub mod note;
pub mod occupied;
pub mod other_cluster;
pub mod palette;
pub mod path;
pub mod picker;
pub mod quick_scale;
pub mod review;
pub mod save_result;
pub mod saving;

use form::FormView;
use loading::LoadingView;
use picker::PickerView;

use super::model::{Model, Screen};
use super::view::View;

/// The view under all others: what the screen is.
pub fn of_screen(screen: &Screen) -> Box<dyn View<Model>> {
    match screen {
        Screen::Picker(_) => Box::new(PickerView),
        Screen::Loading(_) => Box::new(LoadingView),
        Screen::Form(_) => Box::new(FormView),
    }
}
