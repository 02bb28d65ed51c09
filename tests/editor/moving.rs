//! Moving in the form: fields, panes, find, problems; help, details, leaving.

use novita_edit::endpoint::EnvVar;
use novita_edit::tui::event::Effect;
use novita_edit::tui::model::Leaving;

use crate::harness::{Editor, llama};

#[test]
fn down_and_up_go_through_every_field_and_row_and_stop_at_the_ends() {
    let mut editor = Editor::form();
    editor.keys("g");
    let mut seen = vec![editor.focus()];
    for _ in 0..60 {
        editor.keys("j");
        if seen.last() != Some(&editor.focus()) {
            seen.push(editor.focus());
        }
    }
    let wanted = [
        "Name",
        "Cluster ID",
        "HTTP port",
        "Health path",
        "Min workers",
        "Max workers",
        "Idle timeout",
        "Max concurrency",
        "GPUs per worker",
        "Request timeout",
        "Policy type",
        "Policy value",
        "Image",
        "Auth ID",
        "Command",
        "/data",
        "/models",
        "HF_TOKEN",
    ];
    assert_eq!(seen[..wanted.len()], wanted);
    assert_eq!(seen.len(), 15 + 2 + 12);
    assert_eq!(seen.last().unwrap(), "VLLM_USAGE_SOURCE");
    editor.keys("<Down>");
    assert_eq!(editor.focus(), "VLLM_USAGE_SOURCE", "no wrapping");
    editor.keys("<Up>");
    assert_eq!(editor.focus(), "TOKENIZERS_PARALLELISM");
    editor.keys("gk");
    assert_eq!(editor.focus(), "Name");
}

#[test]
fn first_last_and_pages_move_far() {
    let mut editor = Editor::form();
    editor.keys("G");
    assert_eq!(editor.focus(), "VLLM_USAGE_SOURCE");
    editor.keys("<PgUp>");
    let up = editor.focus();
    assert_ne!(up, "VLLM_USAGE_SOURCE");
    editor.keys("<PgDn>");
    assert_eq!(editor.focus(), "VLLM_USAGE_SOURCE");
    editor.keys("<Home>");
    assert_eq!(editor.focus(), "Name");
    editor.keys("<End>");
    assert_eq!(editor.focus(), "VLLM_USAGE_SOURCE");
}

#[test]
fn tab_and_shift_tab_go_from_pane_to_pane_and_round() {
    let mut editor = Editor::form();
    editor.keys("g");
    for wanted in ["Min workers", "Policy type", "Image", "/data", "HF_TOKEN", "Name"] {
        editor.keys("<Tab>");
        assert_eq!(editor.focus(), wanted);
    }
    editor.keys("<S-Tab>");
    assert_eq!(editor.focus(), "HF_TOKEN");
}

#[test]
fn left_and_right_change_the_column() {
    let mut editor = Editor::form();
    editor.keys("gl");
    assert_eq!(editor.focus(), "Image");
    editor.keys("h");
    assert_eq!(editor.focus(), "Name");
    editor.keys("<Right>");
    assert_eq!(editor.focus(), "Image");
    editor.keys("<Left>");
    assert_eq!(editor.focus(), "Name");
}

#[test]
fn the_focused_row_of_a_long_list_is_always_on_the_screen() {
    let mut editor = Editor::form();
    editor.keys("g");
    for _ in 0..28 {
        editor.keys("j");
        let focus = editor.focus();
        editor.shows("›");
        let screen = editor.screen();
        let name: String = focus.chars().take(12).collect();
        let line = screen
            .lines()
            .find(|line| line.contains(&format!("›{name}")) || line.contains("›local") || line.contains("›network"));
        assert!(line.is_some(), "{focus} is not under › in\n{screen}");
    }
}

#[test]
fn find_goes_to_a_field_by_part_of_its_label_in_any_case() {
    for (typed, wanted) in [
        ("max w", "Max workers"),
        ("MAX W", "Max workers"),
        ("gpu", "GPUs per worker"),
        ("timeout", "Idle timeout"),
        ("policy v", "Policy value"),
        ("image", "Image"),
        ("auth", "Auth ID"),
        ("hf_home", "HF_HOME"),
        ("stor_9", "/models"),
        ("/models", "/models"),
        ("environment", "HF_TOKEN"),
        ("volumes", "/data"),
    ] {
        let mut editor = Editor::form();
        editor.keys(&format!("/{typed}<Enter>"));
        assert_eq!(editor.focus(), wanted, "/{typed}");
    }
}

#[test]
fn a_find_without_a_match_says_so_and_stays() {
    let mut editor = Editor::form();
    editor.keys("g/zebra<Enter>");
    assert_eq!(editor.focus(), "Name");
    editor.shows("nothing is called so").shows("/zebra");
    editor.keys("<C-u>max<Esc>");
    assert_eq!(editor.focus(), "Name");
    editor.hides("Find a field");
}

#[test]
fn n_goes_through_the_problems_and_round() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>12<Enter>/image<Enter><Enter><C-u><Enter>g");
    for wanted in ["Max workers", "Image", "9LIVES", "Max workers"] {
        editor.keys("n");
        assert_eq!(editor.focus(), wanted);
    }
    editor.keys("N");
    assert_eq!(editor.focus(), "9LIVES");
    editor.keys("N");
    assert_eq!(editor.focus(), "Image");
}

#[test]
fn without_problems_n_goes_to_the_next_change() {
    let mut editor = Editor::with(|c| drop(c.envs.remove(4)));
    editor.keys("n");
    editor.shows("No problems and no changes.");
    editor.keys("/max w<Enter>6<Enter>gn");
    assert_eq!(editor.focus(), "Max workers");
}

#[test]
fn the_message_area_tells_the_focused_rows_warning() {
    let mut editor = Editor::form();
    editor.keys("/9LIVES<Enter>");
    editor.shows("Environment 9LIVES: no shell can read this name");
    editor.keys("k");
    editor.hides("no shell can read this name");
}

#[test]
fn details_tell_field_help_and_read_only_facts() {
    for key in ["i", "<F1>"] {
        let mut editor = Editor::form();
        editor.keys("/max w<Enter>").keys(key);
        editor.shows("Max workers").shows("workerConfig.maxNum").shows("0–10");
        editor.keys("G");
        editor.shows("wk_5d20b1aa");
        editor.keys("<Esc>");
        editor.hides("wk_5d20b1aa");
    }
}

#[test]
fn help_lists_the_keys_that_work_here() {
    let mut editor = Editor::form();
    editor.keys("?");
    editor.shows("In the form").shows("Ctrl-Y");
    editor.keys("<Esc>");
    editor.hides("In the form");
}

#[test]
fn q_and_ctrl_c_quit_at_once_without_changes() {
    for key in ["q", "<C-c>"] {
        let mut editor = Editor::form();
        editor.keys(key);
        assert_eq!(editor.asked(), [Effect::Quit], "{key}");
    }
}

#[test]
fn q_with_unsaved_changes_asks() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>q");
    assert_eq!(editor.asked(), []);
    editor.shows("Unsaved changes");
    editor.keys("<Esc>");
    editor.hides("Unsaved changes");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.keys("qxd<Enter>j");
    assert_eq!(editor.asked(), [], "only Ctrl-X discards, and k keeps");
    editor.keys("<C-x>").put_aside();
    assert_eq!(editor.asked(), [Effect::DiscardDraft, Effect::Quit]);
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>qk");
    assert_eq!(
        editor.asked(),
        [Effect::FlushDraft(Leaving::Quit)],
        "what is kept is not discarded"
    );
}

#[test]
fn the_quit_question_leads_to_the_review() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>qw");
    editor.shows("Review").shows("5 → 6");
}

#[test]
fn o_goes_to_the_picker_and_asks_before_changes_are_lost() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>o");
    editor.shows("Unsaved changes");
    assert_eq!(editor.asked(), []);
    editor.keys("<Esc>uo");
    assert!(matches!(editor.asked()[..], [Effect::Disown, Effect::LoadList(_), ..]));
}

/// What the focus is on after the server turned out to have these variables, in this order.
fn focus_after_reload(on: &str, keys: &[&str]) -> String {
    let mut editor = Editor::form();
    editor.keys(&format!("/{on}<Enter>r"));
    let mut theirs = llama();
    let row = |key: &&str| EnvVar::new(*key, "x");
    theirs.config.envs = keys.iter().map(row).collect::<Vec<_>>().into();
    editor.load(Ok(theirs));
    editor.focus()
}

#[test]
fn after_a_reload_the_focus_is_on_the_same_row_or_on_its_neighbour_never_on_a_stranger() {
    assert_eq!(
        focus_after_reload("MODEL_NAME", &["NEW", "HF_TOKEN", "MODEL_NAME"]),
        "MODEL_NAME"
    );
    // It is gone: the next one that is still there, else the one before.
    let after = focus_after_reload("MODEL_NAME", &["HF_TOKEN", "NEW", "NEWER", "CUDA_VISIBLE_DEVICES"]);
    assert_eq!(after, "CUDA_VISIBLE_DEVICES");
    assert_eq!(
        focus_after_reload("MODEL_NAME", &["HF_TOKEN", "NEW", "NEWER"]),
        "HF_TOKEN"
    );
    assert_eq!(focus_after_reload("MODEL_NAME", &[]), "no env");
}
