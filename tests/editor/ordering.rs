//! A change of order in the review: which rows went where, not all names twice.

use novita_edit::endpoint::EnvVar;

use crate::harness::{Editor, llama};
use crate::review::reviewing;
use crate::saving::ended;
use crate::situations::changed;

/// The form on 20 variables, `A` to `T`.
fn twenty() -> Editor {
    Editor::with(|config| config.envs = ('A'..='T').map(|key| EnvVar::new(format!("KEY_{key}"), "x")).collect())
}

#[test]
fn a_row_that_was_moved_is_told_with_both_places_and_the_body_stays_exact() {
    let mut editor = twenty();
    editor.keys("/KEY_E<Enter>KKKw").shows("1 change:");
    editor.shows("* Environment      order: KEY_E moved up from 5 to 2");
    editor.hides("KEY_A").hides("KEY_T");
    editor
        .keys("<Tab>")
        .shows("-      \"key\": \"KEY_E\"")
        .shows("+      \"key\": \"KEY_E\"");
}

#[test]
fn several_moves_have_a_line_each_and_many_are_counted() {
    let mut editor = twenty();
    editor.keys("/KEY_E<Enter>KKK/KEY_S<Enter>KKw");
    editor
        .shows("order: KEY_E moved up from 5 to 2")
        .shows("KEY_S moved up from 19 to 17");
    let mut editor = twenty();
    for key in ['C', 'E', 'G', 'I', 'K', 'M', 'O', 'Q'] {
        editor.keys(&format!("/KEY_{key}<Enter>KK"));
    }
    editor.keys("w").shows("order: KEY_C moved up").shows("…and 3 more");
}

#[test]
fn a_sorted_list_is_told_as_that() {
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>Sw")
        .shows("order: sorted by key, 7 rows moved");
    editor
        .keys("<Esc>u/models<Enter>Kw")
        .shows("* Volumes")
        .shows("order: /models moved up from 2 to 1");
}

#[test]
fn others_moves_are_told_the_same_way() {
    let editor = ended(changed(|theirs| theirs.config.envs.swap(0, 11)));
    editor
        .shows("~ Environment")
        .shows("HF_TOKEN moved down from 1 to 12")
        .hides("MODEL_NAME,");
}

#[test]
fn rows_that_came_and_rows_that_moved_are_told_apart() {
    let mut editor = twenty();
    editor.keys("/KEY_A<Enter>aNEW<Enter>1<Enter>/KEY_E<Enter>KKw");
    editor
        .shows("+ Environment NEW")
        .shows("order: KEY_E moved up from 5 to 4");
}

#[test]
fn without_a_move_nothing_is_said_of_an_order() {
    reviewing().hides("order");
    assert!(!llama().config.envs.is_empty());
}
