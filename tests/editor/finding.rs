//! Find, the palette, and what can be typed for a number.

use novita_edit::tui::event::Effect;

use crate::harness::Editor;
use crate::loading::picker;

#[test]
fn find_shows_what_the_places_hold_and_masks_values() {
    let mut editor = Editor::form();
    editor.keys("/mxw");
    assert!(editor.line("› Max workers").contains('5'));
    editor.keys("<C-u>hftok");
    editor.shows("› HF_TOKEN").shows("••••••").hides("hf_demo");
    editor.keys("<Enter>");
    assert_eq!(editor.focus(), "HF_TOKEN");
    editor.keys("/models<Enter>");
    assert_eq!(editor.focus(), "/models");
}

#[test]
fn the_palette_finds_actions_by_name_shows_their_keys_and_does_them() {
    for open in [":", "<C-p>"] {
        let mut editor = Editor::form();
        editor.keys(&format!("{open}redo"));
        assert!(editor.line("› redo").contains("Ctrl-Y"));
        editor.keys("<C-u>quit<Enter>");
        assert_eq!(editor.asked(), [Effect::Quit]);
    }
    let mut editor = Editor::form();
    editor.keys(":zzzz<Enter>");
    editor.shows("nothing is called so").shows("All actions");
    editor.keys("<Esc>");
    editor.hides("All actions");
    let mut editor = picker();
    editor.keys(":a page down<Enter>");
    editor.shows("whisper-large-v3");
}

#[test]
fn actions_are_found_by_other_words_for_them_too() {
    for (typed, says) in [
        ("restore", "put everything back as loaded"),
        ("revert", "put the loaded value back"),
        ("exit", "quit"),
        ("search", "find"),
        ("edit-body", "edit the whole body in $EDITOR"),
        ("rollback", "what was sent before, and the way back"),
        ("json", "copy the whole body"),
    ] {
        let mut editor = Editor::form();
        editor.resize(120, 40).keys(&format!(":{typed}")).shows(says);
    }
    // The word that throws away doesn't bring back.
    for typed in ["discard", "discard edits"] {
        let mut editor = Editor::form();
        editor.keys(&format!(":{typed}"));
        assert!(!editor.screen().contains("› bring back"), "{typed}");
    }
    // What it says itself comes first.
    let mut editor = Editor::form();
    assert!(editor.keys(":undo").line("› ").contains("undo"));
}

#[test]
fn values_that_may_be_seen_are_found_and_those_of_the_environment_never() {
    let mut editor = Editor::form();
    editor.looked_up();
    for (typed, focus) in [
        ("v0.6.3<Enter>", "Image"),
        ("llama-3<Enter>", "Name"),
        ("hf-cache<Enter>", "/models"),
        ("stor_9<Enter>", "/models"),
        ("30 gb<Enter>", "/data"),
        ("8000<Enter>", "HTTP port"),
    ] {
        editor.keys(&format!("/{typed}"));
        assert_eq!(editor.focus(), focus, "{typed}");
    }
    editor.keys("V/hf_demo_not").shows("nothing is called so");
    editor.keys("<Enter>").shows("Find a field");
    editor.keys("<Esc>").hides("Find a field");
}

#[test]
fn names_come_before_values() {
    let mut editor = Editor::with(|config| config.image.command = "--max workers".to_owned());
    editor.keys("/max w<Enter>");
    assert_eq!(editor.focus(), "Max workers");
}

#[test]
fn before_anything_is_typed_everything_is_listed_and_enter_stays_where_one_is() {
    let mut editor = Editor::form();
    editor
        .resize(120, 40)
        .keys("/max w<Enter>/")
        .shows("Cluster ID")
        .shows("› Max workers");
    editor.keys("<Enter>");
    assert_eq!(editor.focus(), "Max workers");
    editor.keys("/<Down><Enter>");
    assert_eq!(editor.focus(), "Idle timeout");
    editor.keys("/HF_HOME<Enter>/<Enter>");
    assert_eq!(editor.focus(), "HF_HOME");
}

#[test]
fn everything_is_put_back_by_one_action_and_one_undo_takes_that_back() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>/idle<Enter>301<Enter>:everything back<Enter>");
    assert!(!editor.form_state().work.is_changed());
    editor.keys("u");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert_eq!(editor.now().workers.free_timeout.text(), "301");
}

#[test]
fn min_max_and_times_are_understood_and_shown_while_they_are_typed() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter><Enter><C-u>max");
    assert!(editor.line("Max workers").contains("= 10"));
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "10");
    editor.keys("/idle<Enter><Enter><C-u>5m");
    assert!(editor.line("Idle timeout").contains("= 300 s"));
    editor.keys("<C-u>2h<Enter>");
    assert_eq!(editor.now().workers.free_timeout.text(), "7200");
    editor.shows("above 3600");
    editor.keys("/min w<Enter><Enter><C-u>5m<Enter>");
    assert_eq!(editor.now().workers.min_num.text(), "5m", "kept as typed, and marked");
    editor.shows("✗");
}

#[test]
fn what_stands_somewhere_as_typed_comes_before_letters_scattered_over_a_name() {
    let mut editor = Editor::form();
    editor.keys("/meta").shows("› Command").shows("VLLM_ATTENTION_BACKEND");
    editor.keys("<Enter>");
    assert_eq!(editor.focus(), "Command");
}

#[test]
fn the_palette_has_the_prompt_that_opens_it_and_uses_the_room_of_a_small_window() {
    let mut editor = Editor::form();
    editor.keys(":").shows("│:");
    editor.keys("undo").shows("│:undo");
    editor.keys("<Esc>/").shows("│/");
    for (width, height, rows) in [(50, 14, 7), (40, 12, 5), (80, 24, 8), (120, 40, 16)] {
        let mut editor = Editor::form();
        editor.resize(width, height).keys(":");
        let screen = editor.screen();
        let listed = screen
            .lines()
            .filter(|line| line.starts_with("│ ") || line.starts_with("│›"));
        assert!(listed.count() >= rows, "{screen}");
    }
}
