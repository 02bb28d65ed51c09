//! Copies that a terminal takes, and those that it doesn't.

use novita_edit::secret::Secret;
use novita_edit::tui::event::{Effect, Event};

use crate::harness::Editor;

#[test]
fn what_is_longer_than_a_terminal_takes_is_offered_as_a_file() {
    let long = "x".repeat(70_000);
    let mut editor = Editor::with(|config| config.image.command = long.clone());
    editor.keys("/command<Enter>y");
    assert_eq!(editor.asked(), [], "nothing is written unasked");
    editor
        .shows("69 KiB are more than terminals take")
        .shows("a file that only you can");
    editor.keys("<Esc>").shows("Nothing was copied.");
    assert_eq!(editor.asked(), []);
    editor.keys("y<Enter>");
    assert_eq!(editor.asked(), [Effect::CopyToFile(Secret::new(long))]);
    editor.event(Event::CopyWritten(Ok("/state/copy.txt".into())));
    editor.shows("Written to /state/copy.txt; only you can read it.");
    editor.event(Event::CopyWritten(Err("the disk is full".into())));
    editor.shows("Not written: the disk is full.");
}

#[test]
fn the_review_comes_back_after_the_question_and_short_texts_are_just_copied() {
    let mut editor = Editor::with(|config| config.image.command = "x".repeat(70_000));
    editor.keys("wY").shows("Too long to copy");
    editor.keys("<Esc>").shows("Review");
    let mut editor = Editor::form();
    editor.keys("y");
    assert_eq!(editor.copied(), "1");
    editor.shows("Sent to the terminal's clipboard: Min workers.");
    editor
        .keys("/auth<Enter>y")
        .shows("There is nothing here to be copied.");
    assert_eq!(editor.asked(), []);
    editor.keys("/data<Enter>y");
    assert_eq!(editor.copied(), "/data");
    editor.shows("clipboard: the volume's mount path.");
}
