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
    let mut editor = crate::keeping::asked((80, 24));
    editor.keys("?");
    assert_eq!(begins(&editor, 1), ["Asked about unsaved edits"]);
    editor.shows("decide later: to the list of endpoints");
    let mut editor = crate::keeping::occupied((80, 24));
    editor.keys("?");
    assert_eq!(begins(&editor, 1), ["Asked about another editor"]);
    let mut editor = crate::situations::three_clashes((80, 24));
    editor.keys("?");
    assert_eq!(begins(&editor, 1), ["Where both sides changed the same"]);
    editor.shows("type a value of your own");
}

#[test]
fn the_rest_follows() {
    let mut editor = Editor::form();
    editor.resize(80, 200).keys("w?");
    for part in ["In the review", "In the form", "While editing", "In the history"] {
        editor.shows(part);
    }
    let screen = editor.screen();
    assert!(screen.find("In the review") < screen.find("In the form"));
    assert_eq!(screen.matches("In the review").count(), 1);
}
