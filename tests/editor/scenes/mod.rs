//! Every screen and popup in its typical states, by name: the list that the walk, the pictures and the resizing share.
//!
//! A scene is made at the size at which it is to be seen, as a person in a terminal of that size comes to it. That none
//! is missing is checked against the model in [`super::kinds`].

mod form;
mod pages;
mod picker;
mod saving;

use novita_edit::endpoint::LoadedEndpoint;
use novita_edit::tui::model::Opened;

use crate::harness::{Editor, ID, llama, surroundings};
use crate::situations;

/// Columns and rows.
pub type Area = (u16, u16);

/// A screen in a state.
pub struct Scene {
    /// What it is called in file names.
    pub name: &'static str,
    /// It, in a terminal of this size.
    pub at: fn(Area) -> Editor,
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Scene> {
    [picker::SCENES, form::SCENES, pages::SCENES, saving::SCENES]
        .into_iter()
        .flatten()
}

/// The form on the pictured endpoint, after some keys.
fn form(size: Area, keys: &str) -> Editor {
    on(llama(), size, keys)
}

/// The form on an endpoint, after some keys.
fn on(endpoint: LoadedEndpoint, size: Area, keys: &str) -> Editor {
    let mut editor = Editor::on(endpoint, size);
    editor.keys(keys);
    editor
}

/// The same where the look-ups were answered.
fn looked_up(size: Area, keys: &str) -> Editor {
    let mut editor = Editor::on(llama(), size);
    editor.looked_up().keys(keys);
    editor
}

/// The form with what was found on disk.
fn opening(size: Area, opened: Opened) -> Editor {
    situations::opening(llama(), size, opened)
}

/// An endpoint being read.
fn loading(size: Area) -> Editor {
    Editor::starting(size, surroundings(), Some(ID))
}
