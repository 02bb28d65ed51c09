//! A click into a text being edited puts the cursor there, wherever that text stands.

use novita_edit::tui::event::Event;
use ratatui::layout::Position;

use crate::harness::{Editor, llama};
use crate::loading::picker;
use crate::situations::three_clashes;

/// Clicks so many columns behind a text that is on the screen.
#[track_caller]
fn click_behind(editor: &mut Editor, text: &str, columns: u16) {
    let at = editor.place(text);
    let at = Position::new(at.x + columns, at.y);
    editor.event(Event::Click(at, false, editor.frame()));
}

#[test]
fn in_a_field_of_the_form_wide_characters_included() {
    let mut editor = Editor::with(|config| config.name = "日本語-abc".into());
    editor.keys("/name<Enter><Enter>");
    // The second half of the second character.
    click_behind(&mut editor, "Name             日本語", 17 + 3);
    let row = editor.place("Name             日本語");
    assert_eq!(editor.cursor(), Some(Position::new(row.x + 17 + 2, row.y)), "before it");
    editor.keys("X<Enter>");
    assert_eq!(editor.now().name, "日X本語-abc");
    // Behind the text is its end.
    editor.keys("<Enter>");
    click_behind(&mut editor, "Name            *日X", 17 + 18);
    editor.keys("Z<Enter>");
    assert_eq!(editor.now().name, "日X本語-abcZ");
}

#[test]
fn in_the_box_of_a_long_text_also_in_its_second_row() {
    for size in [(80, 24), (40, 12)] {
        let mut editor = Editor::on(llama(), size);
        editor.keys("/command<Enter><Enter>");
        click_behind(&mut editor, "max-model-len", 4);
        editor.keys("X<Enter>");
        assert!(
            editor.now().image.command.contains("--max-Xmodel-len 8192"),
            "{size:?}: {}",
            editor.now().image.command
        );
    }
}

#[test]
fn in_a_row_and_another_part_of_it_goes_there() {
    let mut editor = Editor::form();
    editor.keys("/MODEL_NAME<Enter>v<Enter>");
    click_behind(&mut editor, "│›Value       meta-llama", 19);
    editor.keys("X");
    editor.click("Key         ").keys("<End>2<Enter>");
    let env = &editor.now().envs[1];
    assert_eq!(
        (env.key.as_str(), env.value.reveal()),
        ("MODEL_NAME2", "meta-Xllama/Llama-3.1-8B-Instruct")
    );
    // A masked value isn't touched by a click, nor shown.
    editor.keys("/HF_TOKEN<Enter><Enter>").click("••••••");
    editor.hides("hf_demo");
    editor.keys("<Esc>");
    assert_eq!(editor.now().envs[0], llama().config.envs[0]);
}

#[test]
fn in_find_the_palette_a_path_quick_scale_and_on_the_conflict_screen() {
    let mut editor = Editor::form();
    editor.keys("/worker");
    click_behind(&mut editor, "/worker", 1);
    editor.keys("max ").shows("/max worker");
    let mut editor = Editor::form();
    editor.keys(":export<Enter>.env");
    click_behind(&mut editor, "│ .env", 2);
    editor.keys("x/").shows("x/.env");
    let mut editor = Editor::form();
    editor.keys("s12");
    click_behind(&mut editor, "12 ", 1);
    editor.keys("0").shows("102");
    let mut editor = three_clashes((80, 24));
    editor.keys("<Down>e");
    editor.shows("┌─ Command");
    click_behind(&mut editor, "│--model", 3);
    editor.keys("X<Enter><Up>").shows("--Xmodel meta-llama");
}

#[test]
fn in_the_filters() {
    let mut editor = Editor::form();
    editor.keys("fhf");
    click_behind(&mut editor, "/hf", 2);
    editor.keys("X").shows("/hXf");
    let mut editor = picker();
    editor.keys("/comfy");
    click_behind(&mut editor, "/comfy", 3);
    editor.keys("X").shows("/coXmfy");
    editor.keys("<BS>").shows("comfy-render");
}

#[test]
fn elsewhere_a_click_still_takes_and_leaves_nothing() {
    let mut editor = Editor::form();
    editor.keys("/name<Enter><Enter>x").click("Idle timeout");
    editor.shows("Enter takes what is typed, Esc leaves it; then click.");
    assert_eq!(editor.now().name, "llama-3-8b");
    let mut editor = three_clashes((80, 24));
    editor.keys("<Down>e").click("Max workers");
    editor.shows("┌─ Command");
}
