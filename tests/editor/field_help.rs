//! Help where the focus is: for every field of the table, also while a part of a row is typed.

use novita_edit::endpoint::schema::{FIELDS, FieldSpec, Kind};
use novita_edit::endpoint::{FieldId, Severity};
use novita_edit::tui::keymap::with_keys;
use novita_edit::tui::model::{Editing, Focus};

use crate::harness::{Editor, llama};

/// The form in a window that shows a whole page of details, with the focus on a field; a part of a row is being edited.
fn focused_on(field: FieldId) -> Editor {
    let mut editor = Editor::on(llama(), (100, 60));
    if !field.is_row_part() {
        let stops = editor.form_state().stops();
        let at = stops
            .iter()
            .position(|stop| stop.field() == field)
            .expect("a stop of the form");
        editor.keys("g");
        editor.keys(&"j".repeat(at));
        assert_eq!(editor.form_state().focus.field(), field);
        return editor;
    }
    let row = match field {
        FieldId::VolumeType | FieldId::VolumeSize => "/data",
        FieldId::VolumeStorageId | FieldId::VolumeMountPath => "/models",
        _ => "/HF_TOKEN",
    };
    editor.keys(&format!("{row}<Enter><Enter>"));
    for _ in 0..4 {
        if matches!(&editor.form_state().editing, Some(Editing::Row(row)) if row.part == field) {
            return editor;
        }
        editor.keys("<Tab>");
    }
    panic!("{} has no part {}", row, field.label());
}

/// Asserts that the page says this, however it is wrapped in its box.
#[track_caller]
fn says(editor: &Editor, text: &str) {
    let screen = editor.screen();
    let words: Vec<&str> = screen
        .split(|c: char| c.is_whitespace() || c == '│')
        .filter(|w| !w.is_empty())
        .collect();
    assert!(words.join(" ").contains(text), "no {text:?} in\n{screen}");
}

#[test]
fn every_field_tells_what_it_does_its_rule_where_that_is_documented_its_range_and_an_example() {
    for FieldSpec {
        id: field, kind, path, ..
    } in FIELDS
    {
        let field = *field;
        let mut editor = focused_on(field);
        let about = field.spec().help;
        editor.keys("<F1>");
        editor.shows("Details").shows(field.label());
        for text in [about.what, about.rule, about.example] {
            assert!(
                !text.trim().is_empty(),
                "{}: something is missing in {about:?}",
                field.label()
            );
        }
        for sentence in [about.what, about.risk, about.rule] {
            assert!(sentence.is_empty() || sentence.ends_with('.'), "{sentence}");
            says(&editor, &with_keys(sentence));
        }
        says(&editor, &format!("(update body, {path})"));
        let now = editor.now().clone();
        let unit = field.unit(&now);
        says(&editor, format!("Example: {} {unit}", about.example).trim_end());
        if *kind == Kind::Integer {
            let Some(Ok((min, max))) = field.range(&now, editor.form_state().work.limits()) else {
                panic!("{} has no range", field.label());
            };
            let range = format!("Range: {min}–{max} {unit}");
            says(&editor, range.trim_end());
            says(&editor, "(parameter limits)");
        }
        // Nothing of it stays in the way, and what is typed goes on.
        editor.keys("<Esc>").hides("Details ─");
        assert_eq!(
            editor.form_state().editing.is_some(),
            field.is_row_part(),
            "{}",
            field.label()
        );
    }
}

#[test]
fn every_example_could_be_typed_there() {
    for FieldSpec { id: field, kind, .. } in FIELDS.iter().filter(|entry| entry.kind != Kind::Rows) {
        let field = *field;
        let example = field.spec().help.example;
        let mut editor = focused_on(field);
        match (*kind, field.is_row_part()) {
            (Kind::Choice(words), _) => assert!(words.iter().any(|(word, _)| *word == example), "{example}"),
            (_, false) => {
                editor.keys("<Enter><C-u>").keys(example).keys("<Enter>");
                assert_eq!(editor.now().text(field), example, "{}", field.label());
            }
            (_, true) => {
                editor.keys("<C-u>").keys(example).keys("<Enter>");
                assert!(editor.form_state().editing.is_none(), "{}", editor.screen());
            }
        }
        let problems = editor.form_state().problems();
        let errors = problems
            .iter()
            .filter(|p| p.severity == Severity::Error && p.place.field == field);
        assert_eq!(errors.count(), 0, "{} = {example}:\n{}", field.label(), editor.screen());
    }
}

#[test]
fn help_on_a_row_that_is_not_edited_is_about_its_list() {
    let mut editor = Editor::on(llama(), (100, 60));
    editor.keys("/HF_TOKEN<Enter>");
    assert!(matches!(editor.form_state().focus, Focus::Row(..)));
    editor.keys("i");
    says(&editor, &with_keys(FieldId::Environment.spec().help.what));
}
