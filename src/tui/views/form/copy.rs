//! Copying through the terminal, and into a file what a terminal doesn't take.

use std::path::PathBuf;

use crate::endpoint::{List, body};
use crate::secret::{MASK, Secret};
use crate::terminal::OSC52_LIMIT;
use crate::tui::event::Effect;
use crate::tui::model::{Focus, Form, Model, Screen};
use crate::tui::redacted;
use crate::tui::views::long_copy::LongCopy;

/// What `copy` copies, and how a sentence names it.
pub fn focused(form: &Form) -> (String, String) {
    let now = form.work.now();
    match form.focus {
        Focus::Field(field) => (field.label().to_owned(), now.text(field).to_owned()),
        Focus::Row(List::Envs, row) => match now.envs.get(row) {
            Some(env) => (
                format!("the value of {}, in clear", env.key),
                env.value.reveal().to_owned(),
            ),
            None => Default::default(),
        },
        Focus::Row(List::Volumes, row) => match now.volumes.get(row) {
            Some(volume) => ("the volume's mount path".to_owned(), volume.mount_path.clone()),
            None => Default::default(),
        },
        Focus::Empty(_) => Default::default(),
    }
}

/// Copies the whole body.
pub fn body(model: &mut Model) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let now = form.work.now();
    let what = match now.envs.len() {
        0 => "the body".to_owned(),
        1 => "the body, 1 environment value in clear".to_owned(),
        count => format!("the body, {count} environment values in clear"),
    };
    let text = body::text(now);
    copy(model, what, text)
}

/// Copies a text, or asks what is to become of one that is too long.
pub fn copy(model: &mut Model, what: String, text: String) -> Vec<Effect> {
    if text.is_empty() {
        model.say("There is nothing here to be copied.");
        return Vec::new();
    }
    if let Screen::Form(form) = &model.screen
        && text.contains(MASK)
        && let Some(why) = redacted::refusal(form.work.now())
    {
        model.complain(format!("Not copied. {why}"));
        return Vec::new();
    }
    let text = Secret::new(text);
    if text.reveal().len() <= OSC52_LIMIT {
        return vec![Effect::Copy { what, text }];
    }
    model.views.push(LongCopy(text));
    Vec::new()
}

/// A copy went to the terminal, which never says whether it took it.
pub fn copied(model: &mut Model, what: &str, copied: Result<(), String>) {
    match copied {
        Ok(()) => model.say(format!("Sent to the terminal's clipboard: {what}.")),
        Err(why) => model.complain(format!("Not copied: {why}.")),
    }
}

/// A copy is in a file, or why not.
pub fn written(model: &mut Model, written: Result<PathBuf, String>) {
    match written {
        Ok(path) => model.say(format!("Written to {}; only you can read it.", path.display())),
        Err(why) => model.complain(format!("Not written: {why}.")),
    }
}
