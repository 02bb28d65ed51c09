//! Editing a field: typing, taking, leaving, stepping, undo and redo.

use novita_edit::endpoint::{FieldId, Number, PolicyType};
use novita_edit::tui::event::Effect;

use crate::harness::{Editor, llama};

/// With the focus on a field, by way of find.
fn at(field: &str) -> Editor {
    let mut editor = Editor::form();
    editor.keys(&format!("/{field}<Enter>"));
    assert_eq!(editor.focus(), field);
    editor
}

#[test]
fn enter_starts_with_the_text_kept_and_the_cursor_at_its_end() {
    let mut editor = at("Name");
    editor.keys("<Enter>!<Home>x<Enter>");
    assert_eq!(editor.now().name, "xllama-3-8b!");
}

#[test]
fn enter_on_a_number_selects_it_and_a_movement_keeps_it() {
    for (keys, becomes) in [
        ("<Enter>8<Enter>", "8"),
        ("<Enter>max<Enter>", "10"),
        ("<Enter><End>0<Enter>", "50"),
        ("<Enter><Left>1<Enter>", "15"),
        ("<Enter><Right>1<Enter>", "51"),
        ("<Enter><BS>7<Enter>", "7"),
        ("<Enter><Del>7<Enter>", "7"),
        ("<Enter><C-w>7<Enter>", "7"),
        ("<Enter><Enter>", "5"),
        ("<Enter><End><BS>6<Enter>", "6"),
    ] {
        let mut editor = at("Max workers");
        editor.keys(keys);
        assert_eq!(editor.now().workers.max_num.text(), becomes, "{keys}");
    }
    // It looks selected as long as it is.
    let mut editor = at("Max workers");
    editor.keys("<Enter>");
    assert!(editor.is_reversed("5     "), "{}", editor.screen());
    editor.keys("<End>");
    assert!(!editor.is_reversed("5     "), "{}", editor.screen());
}

#[test]
fn m_begins_the_words_for_the_ends_of_a_range() {
    let mut editor = at("Max workers");
    editor.keys("max<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "10");
    editor.keys("min<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "0");
    let mut editor = at("Name");
    editor.keys("m");
    assert!(editor.form_state().editing.is_none());
}

#[test]
fn what_is_no_number_is_told_with_what_would_be_one_and_has_no_unit() {
    let mut editor = at("Idle timeout");
    editor.keys("<Enter>5 min");
    editor.shows("Seconds, or as 5m or 1h30m; min and max are the ends of the range. It was 300 s when loaded.");
    editor.keys("<Enter>").shows("*5 min ").hides("5 min s");
    let mut editor = at("Max workers");
    editor
        .keys("<Enter>x")
        .shows("A whole number; min and max are the ends");
    // Emptied is not unknown.
    editor.keys("<C-u><Enter>").shows("*(blank)");
}

#[test]
fn a_digit_on_a_number_field_starts_editing_with_it() {
    let mut editor = at("Max workers");
    editor.keys("7");
    assert_eq!(editor.now().workers.max_num.text(), "5", "nothing is taken yet");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    let mut editor = at("HTTP port");
    editor.keys("9000<Enter>");
    assert_eq!(editor.now().port, "9000");
}

#[test]
fn a_digit_on_a_text_field_does_nothing() {
    let mut editor = at("Name");
    editor.keys("7<Enter><Enter>");
    assert_eq!(editor.now().name, "llama-3-8b");
}

#[test]
fn ctrl_u_clears_what_is_selected_or_before_the_cursor() {
    let mut editor = at("Idle timeout");
    editor.keys("<Enter><C-u>120<Enter>");
    assert_eq!(editor.now().workers.free_timeout.text(), "120");
    let mut editor = at("Name");
    editor.keys("<Enter>").shows("Ctrl-U clear ");
    editor.keys("<Left><Left>").shows("Ctrl-U clear to start ");
    editor.keys("<C-u><Enter>");
    assert_eq!(editor.now().name, "8b");
}

#[test]
fn enter_takes_a_value_out_of_range_and_marks_it() {
    let mut editor = at("Max workers");
    editor.keys("12<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "12");
    let line = editor.line("Max workers  ");
    assert!(line.contains("*12") && line.contains('✗'), "{line}");
    editor.shows("Max workers: 12 is above 10, the most this account may have (parameter limits).");
    editor.shows("Workers ✗1");
    editor.shows("It was 5 when loaded.");
}

#[test]
fn the_problem_stands_there_while_it_is_typed_and_goes_with_it() {
    let mut editor = at("Max workers");
    editor.keys("1");
    editor.hides("is above 10");
    editor.keys("2");
    editor.shows("12 is above 10");
    editor.keys("<BS>");
    editor.hides("is above 10");
}

#[test]
fn a_word_in_a_number_field_is_kept_as_typed_and_named() {
    let mut editor = at("Max workers");
    editor.keys("<Enter><C-u>five<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "five");
    editor.shows("\"five\" is not a whole number");
}

#[test]
fn esc_leaves_the_field_as_it_was_and_ctrl_y_brings_the_typed_text_back() {
    for leave in ["<Esc>", "<C-c>"] {
        let mut editor = at("Max workers");
        editor.keys(&format!("9{leave}"));
        assert_eq!(editor.now().workers.max_num.text(), "5", "{leave}");
        assert_eq!(editor.asked(), [], "{leave} leaves the edit, not the program");
        editor.keys("<C-y>");
        assert_eq!(editor.now().workers.max_num.text(), "9", "{leave}");
        editor.keys("u");
        assert_eq!(editor.now().workers.max_num.text(), "5", "{leave}");
    }
}

#[test]
fn redo_after_esc_brings_back_only_what_was_typed_last() {
    // A row is deleted and brought back; then a new row is typed and left. Redoing everything and undoing
    // everything has to give the loaded endpoint again.
    let mut editor = Editor::form();
    let loaded = editor.now().clone();
    editor.keys("/VLLM_ATT<Enter>du");
    assert_eq!(*editor.now(), loaded);
    editor.keys("/HF_TOKEN<Enter>aNEW<Enter>x<Esc><C-y><C-y><C-y>uuuuuu");
    assert_eq!(*editor.now(), loaded);
}

#[test]
fn esc_on_the_form_does_nothing() {
    let mut editor = at("Max workers");
    let before = editor.screen();
    editor.keys("<Esc>");
    assert_eq!(editor.screen(), before);
    assert_eq!(editor.asked(), []);
}

#[test]
fn tab_takes_the_text_and_moves_on_and_shift_tab_back() {
    let mut editor = at("Max workers");
    editor.keys("7<Tab>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.focus(), "Idle timeout");
    editor.keys("99<S-Tab>");
    assert_eq!(editor.now().workers.free_timeout.text(), "99");
    assert_eq!(editor.focus(), "Max workers");
}

#[test]
fn ctrl_s_takes_the_text_and_opens_the_review() {
    let mut editor = at("Max workers");
    editor.keys("7<C-s>");
    editor.shows("Review").shows("5 → 7");
    assert_eq!(editor.now().workers.max_num.text(), "7");
}

#[test]
fn plus_and_minus_step_by_one_and_greater_and_less_by_ten() {
    let mut editor = at("Max concurrency");
    editor.keys("+");
    assert_eq!(editor.now().workers.max_concurrent.text(), "9");
    editor.keys("--");
    assert_eq!(editor.now().workers.max_concurrent.text(), "7");
    editor.keys("<gt>");
    assert_eq!(editor.now().workers.max_concurrent.text(), "17");
    editor.keys("<lt>");
    assert_eq!(editor.now().workers.max_concurrent.text(), "7");
}

#[test]
fn steps_stay_within_the_range() {
    let mut editor = at("Max workers");
    editor.keys("<gt>");
    assert_eq!(editor.now().workers.max_num.text(), "10");
    editor.keys("+");
    assert_eq!(editor.now().workers.max_num.text(), "10");
    editor.shows("Max workers is at the end of its range.");
    editor.keys("<lt>-");
    assert_eq!(editor.now().workers.max_num.text(), "0");
}

#[test]
fn a_value_outside_the_range_steps_back_in_but_not_further_out() {
    let mut editor = Editor::with(|c| c.workers.max_num = Number::of(50));
    editor.keys("/max w<Enter>+");
    assert_eq!(editor.now().workers.max_num.text(), "50");
    editor.keys("-");
    let value = editor.now().workers.max_num.value().unwrap();
    assert!(value < 50, "{value}");
}

#[test]
fn undo_and_redo_walk_through_the_edits_one_by_one() {
    let mut editor = at("Max workers");
    editor.keys("6<Enter>7<Enter>+");
    let value = |editor: &Editor| editor.now().workers.max_num.text().to_owned();
    assert_eq!(value(&editor), "8");
    for wanted in ["7", "6", "5", "5"] {
        editor.keys("u");
        assert_eq!(value(&editor), wanted);
    }
    editor.shows("Nothing to undo.");
    for wanted in ["6", "7", "8", "8"] {
        editor.keys("<C-y>");
        assert_eq!(value(&editor), wanted);
    }
    editor.shows("Nothing to redo.");
}

#[test]
fn capital_u_puts_the_loaded_value_back_as_one_step_of_undo() {
    let mut editor = at("Max workers");
    editor.keys("6<Enter>7<Enter>U");
    assert_eq!(editor.now().workers.max_num.text(), "5");
    editor.keys("u");
    assert_eq!(editor.now().workers.max_num.text(), "7");
}

#[test]
fn an_alt_key_is_esc_and_then_the_key_only_where_no_text_is_typed() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter>typed<A-d>");
    assert_eq!(editor.now().envs[0].key, "HF_TOKEN");
    editor.shows("Edit env").shows("typed");
    editor.keys("<Esc><A-d>");
    assert_eq!(editor.now().envs[0].key, "MODEL_NAME", "d deleted the row");
    assert_eq!(editor.now().envs.len(), 11);
}

#[test]
fn a_line_break_is_typed_by_alt_enter_or_ctrl_j_where_the_field_may_have_one() {
    let mut editor = at("Command");
    editor.keys("<Enter><C-u>a<A-Enter>b<C-j>c<Enter>");
    assert_eq!(editor.now().image.command, "a\nb\nc");
    editor.shows("a␊b␊c");
    let mut editor = at("Name");
    editor.keys("<Enter><C-j>x<Enter>");
    assert_eq!(editor.now().name, "llama-3-8bx");
}

#[test]
fn pasted_line_breaks_become_spaces_in_a_one_line_field_with_a_sentence() {
    let mut editor = at("Name");
    editor.keys("<Enter><C-u>").paste("one\ntwo\n\nthree");
    editor.keys("<Enter>");
    assert_eq!(editor.now().name, "one two  three");
    let mut editor = at("Name");
    editor.keys("<Enter>").paste("a\nb");
    editor.shows("space");
}

#[test]
fn a_paste_outside_a_field_is_not_taken_for_keys() {
    let mut editor = at("Max workers");
    editor.paste("qd9\n");
    assert_eq!(editor.asked(), []);
    assert_eq!(editor.now().workers.max_num.text(), "5");
    editor.shows("press Enter on the field first");
}

#[test]
fn choosing_the_policy_type_changes_range_and_unit_of_its_value() {
    let mut editor = at("Policy type");
    let line = editor.line("Policy value");
    assert!(line.contains("60 s") && line.contains("1–600"), "{line}");
    editor.keys("<Enter><Down><Enter>");
    assert_eq!(editor.now().policy.kind, PolicyType::Concurrency);
    let line = editor.line("Policy value");
    assert!(line.contains("60 req") && line.contains("1–100"), "{line}");
    editor.keys("u");
    assert_eq!(editor.now().policy.kind, PolicyType::Queue);
}

#[test]
fn a_choice_is_left_by_esc() {
    let mut editor = at("Policy type");
    editor.keys("<Enter><Down><Esc>");
    assert_eq!(editor.now().policy.kind, PolicyType::Queue);
}

#[test]
fn ctrl_l_and_ctrl_z_work_while_editing_and_the_text_stays() {
    let mut editor = at("Max workers");
    editor.keys("9<C-l><C-z>");
    assert_eq!(editor.asked(), [Effect::Redraw, Effect::Suspend]);
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "9");
}

#[test]
fn f1_while_editing_shows_help_and_gives_the_text_back() {
    let mut editor = at("Max workers");
    editor.keys("9<F1>");
    editor.shows("Range: 0–10");
    editor.keys("<Esc><Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "9");
}

#[test]
fn a_length_limited_text_is_counted_while_it_is_edited() {
    let mut editor = at("Command");
    editor.keys("<Enter><C-u>🚀x");
    editor.shows("2/2047");
}

#[test]
fn wide_and_combining_characters_are_edited_as_what_they_look_like() {
    for (text, after) in [("a中", "a"), ("ae\u{301}", "a"), ("a🇩🇪", "a")] {
        let mut editor = at("Name");
        editor.keys("<Enter><C-u>").paste(text);
        editor.keys("<BS><Enter>");
        assert_eq!(editor.now().name, after, "{text:?}: one Backspace takes one character");
    }
}

#[test]
fn an_edit_back_to_the_loaded_value_is_no_change() {
    let mut editor = at("Max workers");
    editor.keys("6<Enter>5<Enter>");
    assert!(!editor.form_state().work.is_field_changed(FieldId::MaxWorkers));
    assert!(!editor.line("Max workers  ").contains('*'));
    editor.keys("q");
    assert_eq!(editor.asked(), [Effect::Quit], "nothing to lose");
}

#[test]
fn a_box_of_text_tells_how_much_of_it_is_hidden() {
    let lines: Vec<String> = (1..=30).map(|n| format!("line-{n}")).collect();
    let mut editor = Editor::form();
    editor.keys("/command<Enter><Enter><C-u>").paste(&lines.join("\n"));
    editor.shows("line-30").shows(" above ").hides("more");
    editor
        .keys("<Esc>/HF_TOKEN<Enter><Enter><C-u>")
        .paste(&lines.join("\n"));
    editor.shows("line-30").shows("▲ 13 above").hides("more");
    // As many rows as the screen has.
    editor.shows("line-14");
    for _ in 0..29 {
        editor.keys("<Up>");
    }
    editor.shows("line-1").hides("above").shows("▼ 13 more");
}

#[test]
fn the_counter_of_a_short_field_leaves_it_to_the_text_until_the_limit_is_near() {
    let mut editor = Editor::form();
    editor.keys("/cluster<Enter><Enter>");
    assert!(
        editor.line("Cluster ID  ").contains("us-dallas-nas-2 "),
        "{}",
        editor.screen()
    );
    editor.keys("<C-u>us");
    assert!(editor.line("Cluster ID  ").contains("us      "), "{}", editor.screen());
    assert!(editor.line("Cluster ID  ").contains("2/255"), "{}", editor.screen());
    editor.keys(&"x".repeat(100)).hides("102/255");
    editor.keys(&"x".repeat(138)).shows("240/255");
    editor.keys(&"x".repeat(16)).shows("256/255");
}

#[test]
fn a_paste_over_the_details_is_not_typed_behind_them() {
    let mut editor = Editor::form();
    editor
        .keys("/name<Enter><Enter><F1>")
        .paste("pasted")
        .keys("<Esc><Enter>");
    assert_eq!(editor.now().name, llama().config.name);
}
