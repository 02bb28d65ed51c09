//! Copying through the terminal, and into a file what a terminal doesn't take.

use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent};

use crate::secret::Secret;
use crate::tui::event::Effect;
use crate::tui::model::{Model, Overlay};
use crate::tui::terminal::OSC52_LIMIT;

/// Copies a text, or asks what is to become of one that is too long.
pub(super) fn copy(model: &mut Model, text: String) -> Vec<Effect> {
    if text.len() <= OSC52_LIMIT {
        return vec![Effect::Copy(text)];
    }
    let over = model.overlay.take().map(Box::new);
    let text = Secret::new(text);
    model.overlay = Some(Overlay::LongCopy { text, over });
    Vec::new()
}

/// A key for the question; only Enter writes anything.
pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Some(Overlay::LongCopy { text, over }) = model.overlay.take() else {
        return Vec::new();
    };
    model.overlay = over.map(|over| *over);
    if key.code == KeyCode::Enter {
        return vec![Effect::CopyToFile(text)];
    }
    model.say("Nothing was copied.");
    Vec::new()
}

pub(super) fn written(model: &mut Model, written: Result<PathBuf, String>) {
    match written {
        Ok(path) => model.say(format!("Written to {}; only you can read it.", path.display())),
        Err(why) => model.complain(format!("Not written: {why}.")),
    }
}
