//! `?`: the page begins with the keys that work where it was asked for.

use crate::harness::Editor;
use crate::loading::picker;

/// The first lines of the page, of which the first is its title.
fn begins(editor: &Editor, lines: usize) -> Vec<String> {
    let screen = editor.screen();
    let inside = |line: &str| line.trim_matches(['│', ' ']).to_owned();
    screen.lines().skip(1).take(lines).map(inside).collect()
}

#[test]
fn help_begins_with_what_works_here_in_words_of_here() {
    for (keys, title, first) in [
        ("", "In the form", "edit the field or the row"),
        (
            "/max w<Enter>6<Enter>w",
            "In the review",
            "send, or go to the first error",
        ),
        ("H", "In the history", "open the send: its difference from now"),
        (
            "s",
            "In the box of quick scale",
            "take what is typed, and to the review",
        ),
    ] {
        let mut editor = Editor::form();
        editor.keys(keys).keys("?");
        let lines = begins(&editor, 2);
        assert_eq!(lines[0], title, "{keys}");
        assert!(
            lines[1].starts_with("Enter") && lines[1].contains(first),
            "{keys}: {lines:?}"
        );
        editor.keys("<Esc>").hides(title);
    }
    let mut editor = picker();
    editor.keys("?");
    let lines = begins(&editor, 2);
    assert_eq!(lines[0], "In the list of endpoints");
    assert!(lines[1].contains("open the endpoint"), "{lines:?}");
    editor
        .resize(80, 40)
        .shows("filter by name, id, image or state")
        .shows("While a filter is typed");
}

#[test]
fn help_over_questions_and_conflicts_begins_with_theirs() {
    let mut editor = crate::draft_state::asked((80, 24));
    editor.keys("?");
    assert_eq!(begins(&editor, 1), ["Asked about unsaved edits"]);
    editor.shows("decide later: to the list of endpoints");
    let mut editor = crate::draft_state::occupied((80, 24));
    editor.keys("?");
    assert_eq!(begins(&editor, 1), ["Asked about another editor"]);
    let mut editor = crate::situations::three_clashes((80, 24));
    editor.keys("?");
    assert_eq!(begins(&editor, 1), ["Where both sides changed the same"]);
    editor.shows("type a value of your own");
}

#[test]
fn only_what_works_here_is_told_and_what_always_works_first() {
    let mut editor = Editor::form();
    editor.resize(80, 200).keys("w?");
    editor
        .shows("In the review")
        .hides("In the form")
        .hides("In the history");
    editor.keys("<Esc><Esc>?");
    editor.hides("In the review");
    let screen = editor.screen();
    let at = |text: &str| screen.find(text).unwrap_or_else(|| panic!("no {text} in {screen}"));
    for two in [
        "In the form",
        "next pane",
        "On a number",
        "one more",
        "In a list",
        "add a row",
        "While editing",
    ]
    .windows(2)
    {
        assert!(at(two[0]) < at(two[1]), "{two:?}");
    }
}
