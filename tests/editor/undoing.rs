//! Undo and redo: what they say, and where the focus goes.

use novita_edit::endpoint::Number;

use crate::harness::Editor;

#[test]
fn undo_and_redo_move_the_focus_to_what_they_changed() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>/HF_HOME<Enter>u");
    assert_eq!(editor.focus(), "Max workers");
    editor.keys("/HF_HOME<Enter><C-y>");
    assert_eq!(editor.focus(), "Max workers");
    assert_eq!(editor.now().workers.max_num, Number::of(6));
}

#[test]
fn a_row_that_comes_back_or_goes_is_gone_to() {
    let mut editor = Editor::form();
    editor.keys("/HF_HOME<Enter>dgu");
    assert_eq!(editor.focus(), "HF_HOME");
    editor.keys("g<C-y>").shows("Made again: delete env HF_HOME.");
    assert_ne!(editor.focus(), "Name", "where it stood");
    editor.keys("ug");
    editor.keys("/HF_TOKEN<Enter>aNEW<Enter>1<Enter>gu");
    assert_eq!(editor.focus(), "MODEL_NAME", "what stands in its place now");
    editor.keys("g<C-y>");
    assert_eq!(editor.focus(), "NEW");
}

#[test]
fn a_moved_row_is_named_and_followed() {
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>JJ/name<Enter>u")
        .shows("Undone: move env HF_TOKEN.");
    assert_eq!(editor.focus(), "HF_TOKEN");
    editor.keys("g<C-y>").shows("Made again: move env HF_TOKEN.");
    assert_eq!(editor.focus(), "HF_TOKEN");
    editor.keys("/data<Enter>Ju").shows("Undone: move volume /data.");
}

#[test]
fn what_is_gone_to_is_scrolled_into_view_and_no_filter_hides_it() {
    let mut editor = Editor::form();
    editor.resize(40, 12);
    editor.keys("/max w<Enter>6<Enter>G").hides("Max workers");
    editor.keys("u").shows("Max workers");
    let mut editor = Editor::form();
    editor.keys("/MODEL_NAME<Enter>dfhf<Enter>u");
    assert_eq!(editor.focus(), "MODEL_NAME");
    editor.shows("MODEL_NAME").shows("Environment 12");
}

#[test]
fn a_step_over_the_whole_goes_to_its_first_change_unless_the_focus_is_on_one() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>/HF_HOME<Enter>d:everything<Enter>");
    editor.keys("gu").shows("Undone: everything as loaded.");
    assert_eq!(editor.focus(), "Max workers");
    let mut editor = Editor::form();
    editor.keys("/9LIVES<Enter>S/name<Enter>u");
    assert_ne!(editor.focus(), "Name", "the order of the environment changed");
    editor.keys("/9LIVES<Enter><C-y>");
    assert_eq!(editor.focus(), "9LIVES", "the focus stays on its row");
}

#[test]
fn a_step_tells_what_was_and_what_is() {
    let mut editor = Editor::form();
    editor
        .keys("/max w<Enter>6<Enter>7<Enter>u")
        .shows("Undone: Max workers, back to 6.");
    editor.keys("u").shows("Undone: Max workers, back to 5.");
    editor.keys("<C-y>").shows("Made again: Max workers 5 → 6.");
    editor
        .keys("/idle<Enter>9<Enter>u")
        .shows("Undone: Idle timeout, back to 300 s.");
    editor
        .keys("/HF_TOKEN<Enter><Enter>x<Enter>u")
        .shows("Undone: value of env HF_TOKEN.");
    editor.keys("du").shows("Undone: delete env HF_TOKEN.");
    editor
        .keys("<Enter><S-Tab>X<Enter>u")
        .shows("Undone: env HF_TOKEN → HF_TOKENX.");
}

#[test]
fn leaving_what_was_typed_says_how_it_comes_back() {
    let mut editor = Editor::form();
    editor
        .keys("/max w<Enter>7<Esc>")
        .shows("Left as it was; Ctrl-Y brings the typed text back.");
    editor.keys("<C-y>");
    assert_eq!(editor.now().workers.max_num, Number::of(7));
    let mut editor = Editor::form();
    editor.keys("/max w<Enter><Enter><Esc>").hides("Ctrl-Y");
    editor.keys("/HF_TOKEN<Enter>a<Esc>").hides("Ctrl-Y");
}
