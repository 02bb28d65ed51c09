//! What comes in is what a person meant to put in: the ends of values, and values that surely break a live endpoint.

use novita_edit::endpoint::{EnvVar, FieldId};
use novita_edit::secret::{MASK, Secret};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::Edited;

use crate::harness::{Editor, llama};
use crate::situations::changed;

/// What the newest paste or edit made of the first environment value.
fn token(editor: &Editor) -> &str {
    editor.now().envs[0].value.reveal()
}

/// Ends `$EDITOR`, opened by these keys, with a text.
fn edited(editor: &mut Editor, keys: &str, text: &str) {
    editor.keys(keys);
    let Some(Effect::RunEditor(target, _)) = editor.asked().pop() else {
        panic!("the editor wasn't asked for: {}", editor.screen())
    };
    editor.event(Event::Edited(target, Edited::Text(Secret::new(text))));
}

#[test]
fn a_pasted_token_loses_its_line_break_and_a_pasted_key_keeps_its_own() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter><C-u>").paste("hf_abc\n");
    editor.shows("The line break at the end of the paste is left out.");
    editor.keys("<Enter>");
    assert_eq!(token(&editor), "hf_abc");
    editor
        .keys("<Enter><C-u>")
        .paste("-----BEGIN X-----\nabc=\n-----END X-----\n");
    editor.hides("is left out");
    editor.keys("<Enter>");
    assert_eq!(token(&editor), "-----BEGIN X-----\nabc=\n-----END X-----\n");
    editor.keys("<Enter><C-u>").paste("\u{feff}one\r\ntwo");
    editor.shows("The byte order mark at the start of the paste is left out.");
    editor.keys("<Enter>");
    assert_eq!(token(&editor), "one\ntwo");
    editor.keys("/image<Enter><Enter><C-u>").paste("\u{feff}vllm:v1\n");
    editor
        .shows("The byte order mark")
        .shows("was left out: this field has one line.");
    editor.keys("<Enter>");
    assert_eq!(editor.now().image.image, "vllm:v1");
}

#[test]
fn the_editor_gives_a_value_as_many_line_breaks_at_its_end_as_it_had() {
    let mut editor = Editor::with(|config| config.envs[0] = EnvVar::new("HF_TOKEN", "one\ntwo\n"));
    edited(&mut editor, "/HF_TOKEN<Enter>e", "one\nthree");
    editor.shows("One line break is at the end of the text, as before.");
    assert_eq!(token(&editor), "one\nthree\n");
    edited(&mut editor, "e", "one\r\nfour\r\n");
    editor.shows("The lines of the text ended in CRLF; they end in LF now.");
    assert_eq!(token(&editor), "one\nfour\n");
    edited(&mut editor, "e", "one\nfour\n");
    editor.shows("Nothing was changed in the editor.");
    edited(&mut editor, "/name<Enter>e", "\u{feff}other\n");
    assert_eq!(editor.now().name, "other");
}

#[test]
fn a_value_with_a_blank_at_its_end_is_a_warning_while_it_is_typed_and_after() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter><End> ");
    editor.shows("the value ends with a blank, and is sent so");
    editor.keys("<Enter>").shows("!2").shows("the value ends with a blank");
    // A port is trimmed, as numbers are.
    editor.keys("/http<Enter><Enter><C-u> 8001 <Enter>").hides("✗1");
    assert_eq!(editor.now().port, "8001");
    editor.keys("<Enter><End> <Enter>u");
    assert_eq!(editor.now().port, llama().config.port, "the same port is no step");
}

#[test]
fn two_values_that_would_look_the_same_are_told_apart_by_their_ends() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter><End> <Enter>/command<Enter><Enter><C-j><Enter>w");
    editor.shows(&format!("{MASK} → {MASK}·"));
    assert!(editor.screen().contains('␊'), "{}", editor.screen());
    editor
        .keys("<Tab>")
        .shows(&format!("\"value\": \"{MASK}\""))
        .shows(&format!("\"{MASK}·\""));
    editor.keys("<Tab><Tab><Tab>V");
    editor.shows("hf_demo_not_a_real_token → hf_demo_not_a_real_token·");
    let mut editor = Editor::form();
    editor.keys("/models<Enter><Enter><Tab><End> <Enter>w");
    editor.shows("- Volume /models  ").shows("+ Volume /models·");
    // Where they differ anyway nothing is drawn into them.
    let mut editor = Editor::form();
    editor.keys("/name<Enter><Enter>x <Enter>w");
    editor.shows("llama-3-8b → llama-3-8bx").hides("·x").hides("x·");
}

#[test]
fn sides_of_a_conflict_that_would_look_the_same_are_told_apart() {
    let mut editor = Editor::form();
    editor
        .keys("/name<Enter><Enter> <Enter>/HF_TOKEN<Enter><Enter><End> <Enter>w<Enter>")
        .save_ends(changed(|endpoint| {
            endpoint.config.name.insert(0, ' ');
            endpoint.config.envs[0] = EnvVar::new("HF_TOKEN", " hf_demo_not_a_real_token");
        }));
    editor.shows("Conflict").shows("llama-3-8b·").shows("·llama-3-8b");
    editor.keys("j").shows(&format!("HF_TOKEN = {MASK}·"));
    editor.shows(&format!("HF_TOKEN = ·{MASK}"));
}

#[test]
fn an_import_draws_the_ends_of_what_would_look_the_same() {
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>")
        .paste("HF_TOKEN=' hf_demo_not_a_real_token'\n");
    editor.shows(&format!("{MASK} → ·{MASK}"));
}

#[test]
fn the_preview_tells_the_quotes_that_are_left_out_and_the_lines_that_are_one_value() {
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>")
        .paste("A='x'\nB=\"y\"\nPRIVATE_KEY=\"one\ntwo\nthree\n\"\nMSG=don't\n");
    editor.shows("3 pairs of quotes were taken off.");
    editor.shows("PRIVATE_KEY: lines 3–6 became one value.");
    editor.keys("<Enter>");
    let last = editor.now().envs.last().cloned();
    assert_eq!(last, Some(EnvVar::new("MSG", "don't")));
}

#[test]
fn the_lines_of_a_raw_key_make_no_variables() {
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>")
        .paste("KEY=-----BEGIN PRIVATE KEY-----\nMIIEabc=\n-----END PRIVATE KEY-----\nA=1\n");
    editor.shows("Left out, line 1, column 5: a value of several lines needs quotes");
    editor
        .shows("1 new, 0 changed, 0 the same; 1 line left out")
        .hides("MIIE");
}

#[test]
fn an_emptied_environment_is_a_question_and_esc_keeps_the_variables() {
    let mut editor = Editor::form();
    for text in ["", "\n", "# all of them were here\n"] {
        edited(&mut editor, "E", text);
        editor.shows("No variable is left in it: delete all 12 variables?");
        editor.keys("x<Enter>yd").shows("delete all 12 variables?");
        editor
            .keys("<Esc>")
            .shows("The variables are kept; nothing is changed.");
        assert_eq!(*editor.now(), llama().config);
    }
    // Typed before the question was seen.
    editor.keys("E");
    let Some(Effect::RunEditor(target, _)) = editor.asked().pop() else {
        panic!("the editor wasn't asked for")
    };
    let frame = editor.frame();
    editor.event(Event::Edited(target, Edited::Text(Secret::new(""))));
    editor.keys_seen_at("<C-x>", frame);
    assert_eq!(*editor.now(), llama().config);
    editor.keys("<C-x>");
    assert!(editor.now().envs.is_empty());
    editor.shows("Taken from the editor: 12 variables taken away. u takes it back.");
    editor.keys("u");
    assert_eq!(*editor.now(), llama().config);
}

#[test]
fn the_question_about_an_emptied_environment_fits_a_small_window() {
    let mut editor = Editor::on(llama(), (40, 12));
    edited(&mut editor, "E", "");
    editor.shows("Ctrl-X").shows("Esc").shows("keep them");
}

const KEPT: &str = "and the number is as it was";

#[test]
fn a_policy_type_that_changed_asks_for_its_number_until_that_was_entered() {
    let mut editor = Editor::form();
    editor.keys("/policy t<Enter><Enter>j").shows("!2");
    editor.keys("<Enter>/policy v<Enter>").shows(KEPT);
    editor.shows("60 s became 60 req with the policy type");
    // Left by Esc it was not entered; taken, though the same, it was.
    editor.keys("<Enter><Esc>").shows(KEPT);
    editor.keys("w").shows("60 s became 60 req").hides("another meaning");
    editor.keys("<Esc><Enter><Enter>").hides("became");
    editor.keys("j").hides("!2");
    editor
        .keys("w")
        .shows("60 s → 60 req: the same number, with another meaning");
    editor.keys("<Esc>k");
    editor.keys("u/policy v<Enter>").shows(KEPT);
    editor.keys("<C-y>").hides("became");
    // Another type again is another question.
    editor.keys("/policy t<Enter><Enter>j<Enter><Enter>j<Enter>/policy v<Enter>");
    editor.shows(KEPT);
    editor.keys("7<Enter>").hides("became");
}

#[test]
fn a_merge_keeps_in_mind_that_the_number_was_entered() {
    let mut editor = Editor::form();
    editor.keys("/policy t<Enter><Enter>j<Enter>/policy v<Enter><Enter><Enter>");
    editor.hides("became");
    editor.keys("r");
    editor.asked();
    let mut theirs = llama();
    theirs.config.set_text(FieldId::IdleTimeout, "900");
    editor.load(Ok(theirs));
    assert_eq!(editor.now().text(FieldId::IdleTimeout), "900");
    editor.keys("/policy v<Enter>").hides("became");
}
