//! Sorting a list, filtering the environment, and masking what was revealed.

use std::path::Path;
use std::sync::Arc;

use novita_edit::endpoint::EnvVar;
use novita_edit::secret::MASK;
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::keymap::{self, Keymap};

use crate::harness::{Editor, surroundings};

fn keys(editor: &Editor) -> Vec<&str> {
    editor.now().envs.iter().map(|e| e.key.as_str()).collect()
}

#[test]
fn capital_s_sorts_the_environment_as_one_step_and_says_so() {
    let mut editor = Editor::form();
    let before: Vec<String> = keys(&editor).iter().map(ToString::to_string).collect();
    editor.keys("/MODEL_NAME<Enter>S");
    editor.shows("Done: sort environment by key. u takes that back.");
    assert!(keys(&editor).is_sorted());
    assert_eq!(editor.focus(), "MODEL_NAME", "the focus stays on its row");
    editor.keys("S").shows("Already sorted by key");
    editor.keys("u").shows("Undone: sort environment by key");
    assert_eq!(keys(&editor), before);
}

#[test]
fn sorting_keeps_duplicates_in_their_order() {
    let mut editor = Editor::with(|config| {
        config.envs = [("B", "1"), ("A", "first"), ("A", "second")]
            .map(|(k, v)| EnvVar::new(k, v))
            .to_vec()
            .into();
    });
    editor.keys("/B<Enter>S");
    assert_eq!(editor.now().envs[1], EnvVar::new("A", "second"));
    assert_eq!(keys(&editor), ["A", "A", "B"]);
}

#[test]
fn volumes_are_sorted_by_mount_path_and_a_field_is_no_list() {
    let mut editor = Editor::with(|config| config.volumes.reverse());
    editor.keys("/models<Enter>S").shows("sort volumes by mount path");
    assert!(editor.now().volumes.is_sorted_by_key(|v| v.mount_path.clone()));
    editor.keys("gS").shows("S sorts a list");
}

#[test]
fn f_shows_only_matching_rows_and_only_they_are_stepped_through() {
    let mut editor = Editor::form();
    editor.keys("fhf");
    editor
        .shows("Environment 3 of 12 /hf")
        .shows("HF_TOKEN")
        .hides("MODEL_NAME");
    assert_eq!(editor.focus(), "HF_TOKEN");
    editor.keys("<Enter>j");
    assert_eq!(editor.focus(), "HF_HUB_ENABLE_HF_TRANSFER");
    editor.keys("jj");
    assert_eq!(editor.focus(), "HF_HOME", "there is no further one");
    editor.keys("<Esc>").shows("Environment 12").shows("MODEL_NAME");
    assert_eq!(editor.focus(), "HF_HOME");
}

#[test]
fn rows_are_edited_and_deleted_while_the_filter_is_on_and_never_moved() {
    let mut editor = Editor::form();
    editor
        .keys("fhf<Enter>J")
        .shows("Rows are not moved while the list is filtered");
    editor.keys("S").shows("Rows are not moved while the list is filtered");
    assert!(!editor.form_state().work.is_changed());
    editor.keys("j<Enter><C-u>0<Enter>");
    let changed = editor.now().envs.iter().find(|e| e.key == "HF_HUB_ENABLE_HF_TRANSFER");
    assert_eq!(changed.unwrap().value.reveal(), "0");
    editor.keys("d");
    assert_eq!(editor.now().envs.len(), 11);
    assert_eq!(editor.focus(), "HF_HOME", "the nearest that is shown");
    editor.shows("Environment 2 of 11 /hf");
}

#[test]
fn values_are_not_searched_by_the_filter() {
    let mut editor = Editor::form();
    editor.keys("fhf_demo_not");
    editor.shows("0 of 12").shows("(none matches) Esc shows all");
    assert_eq!(editor.focus(), "no env");
    editor.keys("<Enter><Enter>").shows("No variable matches the filter");
    editor.keys("<Esc>");
    assert_eq!(editor.focus(), "HF_TOKEN");
}

#[test]
fn whatever_goes_to_a_hidden_row_takes_the_filter_off() {
    for to_it in ["/model_n<Enter>", "n"] {
        let mut editor = Editor::form();
        editor.keys("fhf<Enter>").keys(to_it);
        editor.shows("Environment 12");
        assert!(
            ["MODEL_NAME", "9LIVES"].contains(&editor.focus().as_str()),
            "{}",
            editor.focus()
        );
    }
    let mut editor = Editor::form();
    editor.keys("fhf<Enter>aZZZ<Enter>1<Enter>");
    editor.shows("The filter /hf is off: it would hide ZZZ.");
    assert_eq!(editor.focus(), "ZZZ", "a row that was just added stays in sight");
    assert_eq!(editor.now().envs.len(), 13);
    editor.shows("ZZZ");
}

#[test]
fn an_empty_filter_is_none_and_keys_of_the_form_end_the_typing() {
    let mut editor = Editor::form();
    editor.keys("f<Enter>").shows("Environment 12");
    editor.keys("fq").shows("/q");
    editor.keys("<C-u>hf<Tab>");
    editor.shows("3 of 12 /hf");
    assert_eq!(editor.focus(), "Name");
    editor.keys("f<BS>").shows("/h ");
}

#[test]
fn revealed_values_are_masked_again_after_a_while_and_only_then_is_anything_waited_for() {
    let mut editor = Editor::form();
    editor.keys("jkV");
    assert_eq!(editor.asked(), [Effect::WatchIdle(true)]);
    editor.shows("hf_demo_");
    editor.keys("jj");
    assert_eq!(editor.asked(), [], "the watch goes on");
    editor.event(Event::Idle);
    assert_eq!(editor.asked(), [Effect::WatchIdle(false)]);
    editor.hides("hf_demo").shows(MASK).shows("the values are masked again");
    editor.keys("V");
    assert_eq!(editor.asked(), [Effect::WatchIdle(true)]);
    editor.keys("V");
    assert_eq!(
        editor.asked(),
        [Effect::WatchIdle(false)],
        "masked by hand: nothing to wait for"
    );
}

#[test]
fn values_are_masked_in_the_review_under_help_and_in_the_row_being_edited() {
    let mut editor = Editor::form();
    editor.keys("/hftok<Enter><Enter><End>x");
    editor.shows("hf_demo_not_a_real_tokenx");
    editor.event(Event::Idle);
    editor.hides("hf_demo");
    editor.keys("y<Enter>");
    assert_eq!(
        editor.now().envs[0].value.reveal(),
        "hf_demo_not_a_real_tokenxy",
        "nothing is lost"
    );
    editor.keys("wV<Tab>").shows("hf_demo");
    editor.keys("?");
    editor.event(Event::Idle);
    editor.keys("<Esc>").shows("Review").hides("hf_demo");
}

#[test]
fn values_about_to_come_in_are_masked_again_too() {
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>")
        .paste("NEW_TOKEN=to_be_hidden\nOTHER=1\n");
    editor.keys("V").shows("to_be_hidden");
    editor.asked();
    editor.event(Event::Idle);
    editor.hides("to_be_hidden").shows("NEW_TOKEN");
    assert_eq!(editor.asked(), [Effect::WatchIdle(false)]);
}

#[test]
fn nothing_moves_while_the_filter_is_typed_and_what_it_hides_is_said() {
    for size in [(80, 24), (120, 40)] {
        let mut editor = Editor::form();
        editor.resize(size.0, size.1);
        let title = editor.place("Environment 12 !1");
        editor.keys("fhf").shows("Environment 3 of 12 /hf !1 hidden");
        assert_eq!(editor.place("Environment 3"), title);
        editor.keys("<C-u>9").shows("1 of 12 /9 !1").hides("hidden");
        assert_eq!(editor.place("Environment 1 of 12"), title);
    }
    // Taken off on purpose it says nothing.
    let mut editor = Editor::form();
    editor.keys("fhf<Enter><Esc>").hides("is off");
}

#[test]
fn a_key_of_the_users_that_types_nothing_opens_help_while_a_filter_is_typed() {
    let keys = "[form]\nhelp = [\"?\", \"f2\"]\nfilter = [\"f4\"]\n[picker]\nhelp = [\"?\", \"f2\"]\n";
    let (keymap, problems) = Keymap::read(Path::new("keymap.toml"), keys);
    assert!(problems.is_empty(), "{problems:?}");
    keymap::set(Arc::new(keymap));
    let mut editor = Editor::form();
    editor.keys("<F4>hf<F2>").shows("In the form");
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    editor.keys("/llama<F2>").shows("In the list of endpoints");
    keymap::set(Keymap::standard());
}
