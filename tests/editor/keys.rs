//! No sentence names a key that does something else: the keys in sentences are the user's.

use std::path::Path;
use std::sync::Arc;

use novita_edit::endpoint::{EnvVar, Number};
use novita_edit::store::{DraftReport, SendOutcome};
use novita_edit::tui::event::Event;
use novita_edit::tui::keymap::{self, Keymap};
use novita_edit::tui::model::{DraftState, Opened};

use crate::harness::{Editor, llama};
use crate::situations::{changed, found, opening, record, three_clashes};

/// Keys that nobody has by default, in front of those that have to stay.
const KEYMAP: &str = r#"
[form]
undo = ["f2", "u"]
redo = ["f3"]
review = ["f4", "w", "ctrl-s"]
edit = ["f6", "enter"]
history = ["f7"]
add = ["f8"]
delete = ["f9"]
editor = ["f10"]
edit-body = ["f11"]
[review]
send = ["f2", "enter"]
[conflict]
choose-loaded = ["f2"]
choose-mine = ["f3"]
choose-theirs = ["f4"]
edit = ["f6"]
back = ["f7", "esc", "q", "ctrl-c"]
"#;

/// From now on this test's keys are those.
fn remap() {
    let (keymap, problems) = Keymap::read(Path::new("keymap.toml"), KEYMAP);
    assert!(problems.is_empty(), "{problems:?}");
    keymap::set(Arc::new(keymap));
}

#[test]
fn what_was_done_names_the_users_keys_to_take_it_back() {
    remap();
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><F9>").shows("F2 brings it back.");
    editor.keys("u").shows("F3 makes it again.");
    editor.keys("S").shows("F2 takes that back.");
    editor.keys(":import<Esc>").paste("NEW=1\n");
    editor.keys("<Enter>").shows("F2 takes it back.");
    editor
        .keys(":put everything<Enter>")
        .shows("Everything is as loaded again; F2 takes that back.");
    let editor = Editor::with(|config| config.envs.clear());
    editor.shows("(none) F8 adds one");
}

#[test]
fn what_leads_on_is_named_by_the_users_keys() {
    remap();
    let mut editor = three_clashes((80, 24));
    editor
        .keys("<Enter>")
        .shows("Max workers is not decided yet: F2, F3, F4 or F6.");
    editor.keys("<Esc>").shows("Your edits stand; F4 meets the same again.");
    let mut editor = three_clashes((80, 24));
    editor
        .keys("<F2><F3><F3><Enter>")
        .shows("look at what goes, then F2 sends.");
    let mut editor = Editor::on(llama(), (40, 12));
    editor
        .keys("/max w<Enter>6<Enter>w<Enter>")
        .save_ends(changed(|theirs| {
            theirs.config.workers.free_timeout = Number::of(900);
            theirs.config.envs[0] = EnvVar::new("HF_TOKEN", "theirs");
        }));
    editor.keys("<Enter>").shows("then press F2 again.");
    let mut editor = Editor::form();
    editor.keys("/name<Enter>").paste("text");
    editor.shows("press F6 on the field first");
}

#[test]
fn what_was_found_on_disk_names_the_users_keys() {
    remap();
    let mut editor = opening(llama(), (80, 24), found(|_| ()));
    editor.keys("<Enter>").shows("F2 takes them back.");
    let mut editor = opening(llama(), (80, 24), found(|_| ()));
    editor.keys("<C-x>").put_aside();
    editor.shows("F3 brings them back.");
    let mut saved = record("23T13:58", SendOutcome::Stored, |config| config.name = "mine".into());
    // What was there before it is something else again.
    saved.before.config.name = "before".into();
    let since = |opened: Opened| Opened {
        last: Some(Box::new(saved.clone())),
        ..opened
    };
    opening(llama(), (80, 24), since(Opened::ours())).shows("F7 shows it.");
    // Under a question the form's keys don't work.
    let mut editor = opening(llama(), (80, 24), since(found(|_| ())));
    editor
        .shows("Changed by somebody else since your save")
        .hides("shows it");
    editor.keys("<Enter>");
    let theirs = Opened {
        draft_state: DraftState::Theirs("process 77 on box since 23 Nov 13:58".into()),
        ..Opened::ours()
    };
    let mut editor = opening(llama(), (80, 24), theirs);
    editor.keys("r").shows("F4 and F2 offer to take over.");
    let mut editor = Editor::form();
    editor.event(Event::Kept(DraftReport::Gone("x".into())));
    editor.shows("F4 and F2 offer to take over.");
}

#[test]
fn braces_in_what_somebody_typed_are_no_placeholders() {
    let mut editor = Editor::with(|config| config.envs.insert(0, EnvVar::new("{undo}", "x")));
    editor
        .keys("/{undo}<Enter>d")
        .shows("{undo}")
        .shows("u brings it back.");
}
